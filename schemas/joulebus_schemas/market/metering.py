"""Readings of meters, and how a reading's energy is laid over the epochs."""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.market.base import (
    PAGE_MAX,
    ROWS_MAX,
    TEXT_MAX,
    AssetId,
    Count,
    Epoch,
    EpochNumber,
    Label,
    MarketAsk,
    MarketChange,
    MarketWord,
    MicroEuro,
    MicroEuroPerKwh,
    Milligrams,
    Reason,
    Revision,
    Source,
    Status,
    Time,
    UnixMilliseconds,
    WattHours,
    WattHoursUp,
    also,
)
from joulebus_schemas.market.examples import example_of


class UpdateReading(MarketChange):
    """A meter's cumulative reading at a moment; what came since the last one is laid over the epochs and booked."""

    model_config = example_of("UpdateReading")

    meter_id: AssetId
    time: Annotated[Time | None, Field(description="of the reading; left out: now, where the market lives beside a clock")] = None
    reading: Annotated[WattHoursUp, Field(description="Wh; what the counter shows")]
    co2_mg: Annotated[Milligrams, also("co2eq")] = 0
    source: Source = ""
    kind: Annotated[
        Literal["reading", "exchange", "rollover", "correction"],
        Field(
            description="exchange: a new counter begins with this reading; rollover: the counter has passed its end; "
            "correction: what was read last was wrong, this is right at the same moment"
        ),
    ] = "reading"
    last: Annotated[WattHoursUp | None, Field(description="exchange: last reading of the old counter; rollover: largest value")] = None


class EpochValue(MarketWord):
    """What a meter took and gave in an epoch."""

    meter_id: AssetId
    import_wh: WattHoursUp
    export_wh: WattHoursUp


class BookEpoch(MarketChange):
    """What meters took and gave in an epoch, as a ledger has it; the source leads back to its ticks."""

    model_config = example_of("BookEpoch")

    epoch: Epoch
    values: Annotated[tuple[EpochValue, ...], Field(strict=False, max_length=ROWS_MAX, description="meter by meter")]
    source: Source = ""


class BookedEpoch(MarketWord):
    """What became of them."""

    model_config = example_of("BookedEpoch")

    status: Annotated[Status, Field(description="ok, or late when some came after their seal")]
    epoch: EpochNumber
    booked: Annotated[Count, Field(description="postings")]
    late: Annotated[Count, Field(description="values that came after their seal")]
    revision: Revision


class AskMeter(MarketAsk):
    """A meter by name."""

    model_config = example_of("AskMeter")

    meter_id: AssetId


class Share(MarketWord):
    """What a reading has booked into an epoch."""

    epoch: EpochNumber
    wh: WattHours
    label: Annotated[Label | None, Field(description="tariff segment, such as virtual_1")] = None


class Read(MarketWord):
    """What became of a reading."""

    model_config = example_of("Read")

    status: Annotated[Status, Field(description="ok, late (some of it came after the seal) or refused")]
    processed: Annotated[bool, Field(description="whether it was taken")]
    reason: Annotated[Reason | None, Field(description="why it was refused")] = None
    meter_id: AssetId
    consumption: Annotated[WattHours, Field(description="Wh since the last reading")] = 0
    shares: Annotated[
        tuple[Share, ...], Field(strict=False, max_length=4_000_000, description="epoch by epoch; the first ones of many")
    ] = ()
    revision: Revision


class Reading(MarketWord):
    """The last reading of a meter."""

    model_config = example_of("Reading")

    meter_id: AssetId
    reading: Annotated[WattHoursUp | None, Field(description="Wh; none: it was never read")] = None
    time: Annotated[UnixMilliseconds | None, Field(description="ms since 1970 in UTC")] = None


class Populate(MarketChange):
    """A demo meter: a day of quarter-hour readings from the standard household profile BDEW H0, all of them booked."""

    model_config = example_of("Populate")

    meter_id: AssetId
    kwha: Annotated[int, Field(ge=1, le=10_000_000, description="kWh in a year")] = 2000
    day: Annotated[
        Time | None,
        Field(description="a moment of the day; left out: yesterday, where there is a clock, else the next day without readings"),
    ] = None
    timezone: Annotated[str, Field(max_length=64, description="IANA name: where the day begins")] = "UTC"


class Populated(MarketWord):
    """A day of a demo meter."""

    model_config = example_of("Populated")

    status: Annotated[Status, Field(description="ok; late: some wait on the late list, because their epochs are sealed")] = "ok"
    late: Annotated[Count, Field(description="readings whose energy waits on the late list")] = 0
    meter_id: AssetId
    processed: Annotated[Count, Field(description="readings that were taken: 96, on days on which clocks change 92 or 100")]
    of: Annotated[Count, Field(description="quarter-hours of the day")]
    consumption: WattHoursUp
    first_time: UnixMilliseconds
    last_time: UnixMilliseconds
    revision: Revision


class AskSettlement(MarketAsk):
    """How energy between two moments is laid over the epochs between them; books nothing."""

    model_config = example_of("AskSettlement")

    consumption: Annotated[WattHoursUp, also("wh", "energy")]
    start_time: Time
    end_time: Time
    meter_id: Annotated[AssetId | None, Field(description="a meter")] = None


class Settlement(MarketWord):
    """Energy laid over epochs; the shares sum to it exactly."""

    model_config = example_of("Settlement")

    consumption: WattHoursUp
    shares: Annotated[tuple[Share, ...], Field(strict=False, max_length=4_000_000, description="epoch by epoch")]
    by_label: Annotated[dict[Label, WattHours], Field(max_length=1_000, description="Wh by tariff segment")]


class AskClearing(MarketAsk):
    """Money of a meter: the last clearings, newest first."""

    model_config = example_of("AskClearing")

    meter_id: AssetId
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX, description="how many at most")] = 200
    from_epoch: Annotated[Epoch | None, Field(description="first epoch")] = None
    until_epoch: Annotated[Epoch | None, Field(description="first epoch that is not asked for")] = None


class Clearing(MarketWord):
    """Energy and money of a meter in an epoch, at the price that held in that epoch."""

    meter_id: AssetId
    epoch: EpochNumber
    label: Label
    wh: WattHours
    micro_euro_per_kwh: Annotated[MicroEuroPerKwh | None, Field(description="none: nobody has set one")]
    micro_euro: MicroEuro
    co2_mg: Milligrams = 0


class Clearings(MarketWord):
    """Clearings of a meter, newest first, and their sums."""

    model_config = example_of("Clearings")

    meter_id: AssetId
    clearings: Annotated[tuple[Clearing, ...], Field(strict=False, max_length=ROWS_MAX, description="newest first")]
    consumption: WattHours
    micro_euro: MicroEuro
    unpriced_wh: Annotated[WattHours, Field(description="Wh without a price")] = 0
    next_until: Annotated[EpochNumber | None, Field(description="`until_epoch` of the next page; null: there are no older ones")] = None


class CsvText(MarketWord):
    """A table as text."""

    model_config = example_of("CsvText")

    csv: Annotated[str, Field(max_length=TEXT_MAX, description="a line a row, with a head")]
    next_until: Annotated[EpochNumber | None, Field(description="`until_epoch` of the next page; null: there are no older ones")] = None
