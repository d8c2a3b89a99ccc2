"""What people's screens show: a snapshot with a revision, changes without gaps after it, and a small summary that replaces itself.

Whoever comes, sleeps or loses the router asks for the snapshot once and is right; who sees a revision that is not the next asks again.
"""

from typing import Annotated

from pydantic import Field

from joulebus_schemas.base import Integer, Name, Natural, PartsPerMillion, Tick, Word, example
from joulebus_schemas.calls import Speed
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.history import Moved
from joulebus_schemas.layout import GROUPS_MAX, KITCHEN, PLACED, Placed, PlacedDevices, PlacedGroup, PlacedGroups
from joulebus_schemas.roster import Member

SUMMARY_BYTES_MAX = 8_000
"""Limit of a summary as JSON, for any home."""
POWERS_MAX = 112
STORES_MAX = 16
NAMES_MAX = 8
REASONS_MAX, REASON_TEXT_MAX = 4, 160
SCREEN_TEXT_MAX = 300

FlowName = Annotated[str, Field(max_length=65)]
ScreenText = Annotated[str, Field(max_length=SCREEN_TEXT_MAX)]
Few = Annotated[tuple[Name, ...], Field(strict=False, max_length=NAMES_MAX)]
Reasons = Annotated[tuple[Annotated[str, Field(max_length=REASON_TEXT_MAX)], ...], Field(strict=False, max_length=REASONS_MAX)]
Readings = Annotated[dict[Name, Integer], Field(max_length=256)]
ScreenRevision = Annotated[Natural, Field(description="of the last change; the next one has the next number")]
EXAMPLE_SUMMARY = {
    "revision": 12,
    "record": 4711,
    "tick": 3600,
    "time": "2026-06-21T11:00:00Z",
    "speed": 60.0,
    "paused": False,
    "lag_ticks": 0,
    "waits_for": [],
    "cause": None,
    "power_watts": {"grid": -2000, "oven": 2000},
    "others_watts": 0,
    "flow_watts": {"grid>loads": 2000},
    "state_of_charge_ppm": {"battery": 843_000},
    "unserved_watts": 0,
    "unserved": [],
    "curtailed_watts": 0,
    "cost_micro_euro": 100_000,
    "decision": "The grid serves the home with 2.00 kW.",
    "reasons": ["the battery is at its reserve of 20 %"],
    "sky": {
        "elevation_udeg": 58_300_000,
        "azimuth_udeg": 141_200_000,
        "ghi_mw_m2": 640_000,
        "clear_ghi_mw_m2": 810_000,
        "air_temperature_mk": 294_650,
        "wind_mm_s": 3_200,
        "cloud_ppm": 310_000,
    },
    "prices": {"import_micro_euro_per_kwh": 300_000, "export_micro_euro_per_kwh": 50_000, "currency": "€", "available": True},
}
OVEN = {"kind": "oven", "on": True, "hears": [], "properties": {"setpoint_celsius": 180.0}}
LINE = {"tick": 3540, "text": "The grid serves the home with 2.00 kW."}


class SkyNow(Word):
    """Sun and weather at this moment, as the devices of these kinds told last."""

    elevation_udeg: Annotated[Integer, Field(description="of the sun above the horizon in micro-degrees; negative at night")]
    azimuth_udeg: Annotated[Natural, Field(description="direction of the sun in micro-degrees, clockwise from north")]
    ghi_mw_m2: Annotated[Natural, Field(description="light on level ground in mW/m2, through the clouds when there is a weather")]
    clear_ghi_mw_m2: Annotated[Natural, Field(description="the same under a clear sky")]
    air_temperature_mk: Annotated[Natural | None, Field(description="of the air in mK; null: there is no weather")] = None
    wind_mm_s: Annotated[Natural | None, Field(description="10 m above ground, in mm/s")] = None
    cloud_ppm: Annotated[Natural | None, Field(description="share of the sky under clouds")] = None


class PricesNow(Word):
    """What energy costs at this moment, as the grid told last."""

    import_micro_euro_per_kwh: Annotated[Integer, Field(description="of energy taken")]
    export_micro_euro_per_kwh: Annotated[Integer, Field(description="of energy given")]
    currency: Annotated[str, Field(max_length=16, description="as people write it; its millionth is called micro-euro everywhere")]
    available: Annotated[bool, Field(description="false in an outage")]


class Summary(Word):
    """The home at this moment: at most ten times a second at any speed, at most 8 kB, and each second when nothing moves."""

    model_config = example(EXAMPLE_SUMMARY)

    revision: ScreenRevision
    record: Annotated[Natural, Field(description="number of the last settlement that is counted")]
    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    time: Annotated[str, Field(max_length=40, description="of that tick, ISO 8601 in UTC")]
    speed: Annotated[Speed, Field(description='simulated seconds per real second, or "flat_out"')]
    paused: Annotated[bool, Field(description="whether somebody has paused the clock")]
    lag_ticks: Annotated[Natural, Field(description="ticks that are due and not settled")]
    waits_for: Annotated[Few, Field(description="some of those whose packets are missing")] = ()
    cause: Annotated[ScreenText | None, Field(description="why the clock is stopped although it should run")] = None
    power_watts: Annotated[
        dict[Name, Integer],
        Field(max_length=POWERS_MAX, description="mean of the last window; positive consumes; left out: 0, or a small one of many"),
    ]
    others_watts: Annotated[Integer, Field(description="of devices that move something and do not fit")] = 0
    flow_watts: Annotated[dict[FlowName, Natural], Field(max_length=16, description='by "source>sink", left out: 0')]
    state_of_charge_ppm: Annotated[dict[Name, PartsPerMillion], Field(max_length=STORES_MAX, description="by battery")]
    unserved_watts: Annotated[Natural, Field(description="wanted and not granted")] = 0
    unserved: Annotated[Few, Field(description="some of those who wanted it")] = ()
    curtailed_watts: Annotated[Natural, Field(description="could have been produced")] = 0
    cost_micro_euro: Annotated[Integer, Field(description="of import, less the income of export, since the home's first tick")]
    decision: Annotated[ScreenText, Field(description="what the inverter did last, in words")]
    reasons: Annotated[Reasons, Field(description="why, each with the setting or the state that decided it")] = ()
    sky: Annotated[SkyNow | None, Field(description="null: there is no sun that is on, or it has told nothing yet")] = None
    prices: Annotated[PricesNow | None, Field(description="null: there is no grid, or it has told nothing yet")] = None


class Line(Word):
    """A decision of the inverter, and when it began."""

    tick: Annotated[Tick, Field(description="the first of the window in which it began")]
    text: Annotated[ScreenText, Field(description="in words, as of its last window")]


class ScreenSnapshot(Word):
    """All that a screen shows."""

    model_config = example(
        {
            "home": "house",
            "revision": 12,
            "start_unix_seconds": 1_782_034_200,
            "tick_seconds": 1,
            "timezone": "Europe/Brussels",
            "counted_from_tick": 0,
            "roster": {"oven": OVEN},
            "readings": {"oven": {"temperature_mk": 453_150}},
            "energy": {"oven": {"joules_in": 1_200_000, "joules_out": 0, "unserved_joules": 0, "curtailed_joules": 0}},
            "flows": {"grid>loads": 1_200_000},
            "sealed_epochs": 4,
            "lines": [LINE],
            "layout": {"oven": PLACED},
            "groups": {"kitchen": KITCHEN},
            "summary": EXAMPLE_SUMMARY,
        }
    )

    home: Annotated[Name, Field(description="name of the home")]
    revision: ScreenRevision
    start_unix_seconds: Annotated[Integer, Field(description="of the beginning of tick 0")]
    tick_seconds: Annotated[int, Field(ge=1, le=86_400, description="length of a tick in s")]
    timezone: Annotated[str, Field(max_length=64, description="IANA name of the place's")]
    counted_from_tick: Annotated[Tick, Field(description="energy and cost count from here on; 0 when a historian knows all of it")]
    roster: Annotated[dict[Name, Member], Field(max_length=DEVICES_MAX, description="who belongs to the home, with all promised changes")]
    readings: Annotated[dict[Name, Readings], Field(max_length=DEVICES_MAX, description="what each device told last")]
    energy: Annotated[dict[Name, Moved], Field(max_length=DEVICES_MAX, description="J by device, at most a second old")]
    flows: Annotated[dict[FlowName, Natural], Field(max_length=64, description='J by "source>sink", at most a second old')]
    sealed_epochs: Annotated[Natural, Field(description="quarter-hours that are sealed")]
    lines: Annotated[tuple[Line, ...], Field(strict=False, max_length=16, description="the last decisions, in order")]
    layout: PlacedDevices = Field(default_factory=dict)
    groups: PlacedGroups = Field(default_factory=dict)
    summary: Annotated[Summary, Field(description="the moving numbers at this moment")]


class ScreenChanged(Word):
    """What is different since the revision before: named entries are replaced, null takes one away."""

    model_config = example(
        {
            "revision": 13,
            "roster": {"oven": OVEN, "kettle": None},
            "readings": {},
            "energy": {},
            "flows": {},
            "layout": {"oven": PLACED},
            "groups": {},
            "sealed_epochs": None,
            "lines": None,
            "counted_from_tick": None,
        }
    )

    revision: Annotated[Natural, Field(description="one more than that of the change before")]
    roster: Annotated[dict[Name, Member | None], Field(max_length=DEVICES_MAX, description="who came, changed or left")] = Field(
        default_factory=dict
    )
    readings: Annotated[dict[Name, Readings | None], Field(max_length=DEVICES_MAX, description="what devices told")] = Field(
        default_factory=dict
    )
    energy: Annotated[dict[Name, Moved | None], Field(max_length=DEVICES_MAX, description="J by device")] = Field(default_factory=dict)
    flows: Annotated[dict[FlowName, Natural | None], Field(max_length=64, description='J by "source>sink"')] = Field(default_factory=dict)
    layout: Annotated[dict[Name, Placed | None], Field(max_length=DEVICES_MAX, description="who was arranged")] = Field(
        default_factory=dict
    )
    groups: Annotated[dict[Name, PlacedGroup | None], Field(max_length=GROUPS_MAX, description="groups")] = Field(default_factory=dict)
    sealed_epochs: Annotated[Natural | None, Field(description="null: as before")] = None
    lines: Annotated[tuple[Line, ...] | None, Field(strict=False, max_length=16, description="all of them; null: as before")] = None
    counted_from_tick: Annotated[Tick | None, Field(description="null: as before")] = None
