"""What the historian is asked about the past, and its answers: the buckets of an answer add up to the joules of the ledger."""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.base import Integer, Name, Natural, PartsPerMillion, Sentence, Tick, Word, example
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.roster import Change

HISTORY_POINTS_MAX = 2_000
"""Buckets of an answer."""
HISTORY_VALUES_MAX = 60_000
"""Numbers of an answer: it must fit into one message of the bus."""
HISTORY_ROWS_MAX = 1_000
"""Changes and decisions of an answer."""

Resolution = Literal["1s", "10s", "1m", "5m", "15m", "1h", "day", "week", "month", "year"]
UnixSeconds = Annotated[Natural, Field(description="s since 1970 in UTC")]
SeriesName = Annotated[str, Field(max_length=130)]
BucketValues = Annotated[tuple[Integer, ...], Field(strict=False, max_length=HISTORY_POINTS_MAX)]
SeriesValues = Annotated[dict[SeriesName, BucketValues], Field(max_length=HISTORY_VALUES_MAX)]


class AskSpan(Word):
    """A span of simulated time, and how fine."""

    model_config = example({"from_unix_seconds": 1_782_034_200, "to_unix_seconds": 1_782_120_600, "resolution": "1h", "points_max": 500})

    from_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: a day before its end")] = None
    to_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: as far as the history goes")] = None
    resolution: Annotated[
        Resolution | Literal["auto"],
        Field(description="length of a bucket; days and longer ones begin at midnight at the place of the home"),
    ] = "auto"
    points_max: Annotated[int, Field(ge=1, le=HISTORY_POINTS_MAX, description="buckets at most; auto takes the finest that fits")] = 500


class AskEnergy(AskSpan):
    """Energy in a span, by device, by where it came from and went to, or by pair of accounts."""

    model_config = example(
        {
            "from_unix_seconds": 1_782_034_200,
            "to_unix_seconds": 1_782_120_600,
            "resolution": "1h",
            "points_max": 500,
            "by": "device",
            "names": ["oven"],
        }
    )

    by: Annotated[Literal["device", "flow", "account"], Field(description="flow: sun>loads, grid>battery and so on")] = "device"
    names: Annotated[
        tuple[Annotated[str, Field(max_length=65)], ...],
        Field(strict=False, max_length=DEVICES_MAX, description="of devices, flows or pairs of accounts; none: all of them"),
    ] = ()


class History(Word):
    """A span cut into buckets. Where fine slots are thinned out, it begins and ends at those that are kept."""

    model_config = example(
        {
            "from_unix_seconds": 1_782_034_200,
            "to_unix_seconds": 1_782_037_800,
            "resolution": "1h",
            "starts": [1_782_034_200, 1_782_036_000],
            "unit": "J",
            "series": {"oven.in": [1_200_000, 0]},
            "levels": {},
            "record": 4711,
        }
    )

    from_unix_seconds: Annotated[UnixSeconds, Field(description="where it begins")]
    to_unix_seconds: Annotated[UnixSeconds, Field(description="where it ends")]
    resolution: Annotated[Resolution, Field(description="length of a bucket; coarser than asked when finer ones are thinned out")]
    starts: Annotated[
        tuple[UnixSeconds, ...],
        Field(strict=False, max_length=HISTORY_POINTS_MAX, description="where each bucket begins; it ends where the next does"),
    ]
    unit: Annotated[Literal["J", "micro-euro"], Field(description="of the values")]
    series: Annotated[SeriesValues, Field(description="by name one value a bucket; what is left out is 0 throughout")]
    levels: Annotated[
        dict[Name, Annotated[tuple[Natural | None, ...], Field(strict=False, max_length=HISTORY_POINTS_MAX)]],
        Field(max_length=DEVICES_MAX, description="J in each store at the end of each bucket; null: unknown"),
    ] = Field(default_factory=dict)
    record: Annotated[Natural, Field(description="number of the last record of the journal that is in it")]


class AskPeaks(Word):
    """The highest quarter-hours of a span."""

    model_config = example({"from_unix_seconds": 1_767_222_000, "to_unix_seconds": 1_798_758_000, "most": 10})

    from_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: a year before its end")] = None
    to_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: as far as the history goes")] = None
    most: Annotated[int, Field(ge=1, le=96, description="how many of the highest quarter-hours")] = 10


class Peak(Word):
    """Mean power of a quarter-hour at the grid."""

    unix_seconds: Annotated[UnixSeconds, Field(description="where the quarter-hour begins")]
    watts: Annotated[Natural, Field(description="mean import of the quarter-hour, rounded down")]


class MonthPeak(Word):
    """The highest quarter-hour of a month at the place of the home."""

    month: Annotated[str, Field(pattern=r"^\d{4,5}-\d{2}$", description="such as 2026-06")]
    unix_seconds: Annotated[UnixSeconds, Field(description="where the quarter-hour begins")]
    watts: Annotated[Natural, Field(description="mean import of the quarter-hour, rounded down")]


class Peaks(Word):
    """Peaks of a span, as capacity tariffs count them."""

    model_config = example(
        {
            "from_unix_seconds": 1_767_222_000,
            "to_unix_seconds": 1_798_758_000,
            "highest": [{"unix_seconds": 1_782_036_000, "watts": 4_812}],
            "months": [{"month": "2026-06", "unix_seconds": 1_782_036_000, "watts": 4_812}],
        }
    )

    from_unix_seconds: Annotated[UnixSeconds, Field(description="where the span begins")]
    to_unix_seconds: Annotated[UnixSeconds, Field(description="where the span ends")]
    highest: Annotated[tuple[Peak, ...], Field(strict=False, max_length=96, description="of import, the highest first")]
    months: Annotated[tuple[MonthPeak, ...], Field(strict=False, max_length=1_300, description="of each month, in order")]


class AskDecisions(Word):
    """When the inverter decided otherwise."""

    model_config = example({"from_unix_seconds": 1_782_034_200, "to_unix_seconds": 1_782_120_600, "most": 100})

    from_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: a day before its end")] = None
    to_unix_seconds: Annotated[UnixSeconds | None, Field(description="left out: as far as the history goes")] = None
    most: Annotated[int, Field(ge=1, le=HISTORY_ROWS_MAX, description="how many; the latest count")] = 100


class Decision(Word):
    """From when on who served whom."""

    unix_seconds: Annotated[UnixSeconds, Field(description="the slot in which it began")]
    text: Annotated[Sentence, Field(description="in words, with the mean powers of that slot")]


class Decisions(Word):
    """What the inverter decided, in order: one line whenever something else is served by something else."""

    model_config = example(
        {
            "slot_seconds": 60,
            "decisions": [{"unix_seconds": 1_782_036_000, "text": "The grid serves the home with 2.00 kW."}],
            "is_whole": True,
        }
    )

    slot_seconds: Annotated[
        Natural, Field(description="how finely it was looked at: minutes, or quarter-hours where those are thinned out")
    ]
    decisions: Annotated[tuple[Decision, ...], Field(strict=False, max_length=HISTORY_ROWS_MAX, description="the latest last")]
    is_whole: Annotated[bool, Field(description="false: there are earlier ones in the span")]


class AskChanges(Word):
    """What was changed about the home, or about one device."""

    model_config = example({"device": "oven", "before_record": None, "most": 100})

    device: Annotated[Name | None, Field(description="left out: all")] = None
    before_record: Annotated[Natural | None, Field(description="of a page before: its first record")] = None
    most: Annotated[int, Field(ge=1, le=HISTORY_ROWS_MAX, description="how many; the latest count")] = 100


class RecordedChange(Word):
    """A change with the record in which it was promised."""

    record: Annotated[Natural, Field(description="number in the journal")]
    change: Annotated[Change, Field(description="what was changed, and the first tick in which it holds")]


class Changes(Word):
    """Changes, in order."""

    model_config = example(
        {
            "changes": [
                {
                    "record": 4711,
                    "change": {
                        "device": "oven",
                        "from_tick": 3600,
                        "properties": {"setpoint_celsius": 180.0},
                        "on": None,
                        "added": None,
                        "removed": None,
                    },
                }
            ],
            "is_whole": True,
        }
    )

    changes: Annotated[tuple[RecordedChange, ...], Field(strict=False, max_length=HISTORY_ROWS_MAX, description="the latest last")]
    is_whole: Annotated[bool, Field(description="false: there are earlier ones")]


class Moved(Word):
    """What a device has moved, in J."""

    joules_in: Annotated[Natural, Field(description="taken from the home")] = 0
    joules_out: Annotated[Natural, Field(description="given to the home")] = 0
    unserved_joules: Annotated[Natural, Field(description="wanted and not granted until now")] = 0
    curtailed_joules: Annotated[Natural, Field(description="produced and not used")] = 0


class Totals(Word):
    """What a home has moved since its first tick, up to a record of the journal."""

    model_config = example(
        {
            "record": 4711,
            "tick": 3600,
            "devices": {"oven": {"joules_in": 1_200_000, "joules_out": 0, "unserved_joules": 0, "curtailed_joules": 0}},
            "flows": {"grid>loads": 1_200_000},
            "cost_micro_euro": 100_000,
            "seals": 4,
        }
    )

    record: Annotated[Natural, Field(description="the last one that is counted")]
    tick: Annotated[Tick, Field(description="the first that is not counted")]
    devices: Annotated[dict[Name, Moved], Field(max_length=DEVICES_MAX, description="by name, also of those that have left")]
    flows: Annotated[dict[Annotated[str, Field(max_length=65)], Natural], Field(max_length=64, description='J by "source>sink"')]
    cost_micro_euro: Annotated[Integer, Field(description="of import, less the income of export")]
    seals: Annotated[Natural, Field(description="quarter-hours that are sealed")]


class HistoryState(Word):
    """What the historian has, and what it has let go of."""

    model_config = example(
        {
            "record": 4711,
            "behind": 0,
            "start_unix_seconds": 1_782_034_200,
            "end_unix_seconds": 1_782_037_800,
            "ticks_from_unix_seconds": 1_782_034_200,
            "minutes_from_unix_seconds": 1_782_034_200,
            "progress_ppm": 1_000_000,
            "records_a_second": 0,
        }
    )

    record: Annotated[Natural, Field(description="number of the last record that is kept")]
    behind: Annotated[Natural, Field(description="records of the journal that are still to come")]
    start_unix_seconds: Annotated[UnixSeconds, Field(description="of the home's first tick")]
    end_unix_seconds: Annotated[UnixSeconds, Field(description="of the last tick that is kept")]
    ticks_from_unix_seconds: Annotated[UnixSeconds, Field(description="single ticks are kept from here on")]
    minutes_from_unix_seconds: Annotated[UnixSeconds, Field(description="minutes from here on; quarter-hours always")]
    progress_ppm: Annotated[PartsPerMillion, Field(description="share of the journal that is kept")]
    records_a_second: Annotated[Natural, Field(description="how many it has lately kept, when it is far behind")] = 0
