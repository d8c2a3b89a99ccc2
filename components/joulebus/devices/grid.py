"""The public grid: what it could give and take, at which price, and when it is out."""

from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Properties, Signals, Span, State
from joulebus.physics.load_shedding import AREAS, STAGES, outages
from joulebus.physics.prices import EuroPerKwh, PricesFrom, Rates, Tariff, price_runs
from joulebus.physics.schedule import DailyWindows, LocalMoment, intervals, unix_seconds
from joulebus.physics.steps import Interval, integrate, merge, without
from joulebus_schemas.base import Integer, Natural
from joulebus_schemas.offers import Grid as GridOffer
from joulebus_schemas.offers import Outcome
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import RunLengths

GridWatts = Annotated[int, Field(ge=0, le=100_000_000)]
SheddingStage = Annotated[int, Field(ge=0, le=STAGES, description="of load shedding, 0 is none")]


class Outage(Properties):
    """A planned outage that comes once."""

    begins: LocalMoment
    ends: LocalMoment

    @model_validator(mode="after")
    def _lasts(self) -> "Outage":
        if self.ends <= self.begins:
            raise ValueError(f"an outage must end after it begins; it began {self.begins} and ended {self.ends}")
        return self


class StageFrom(Properties):
    """A stage of load shedding that holds from a moment on, until the next one."""

    since: LocalMoment
    stage: SheddingStage


class GridProperties(Properties):
    """What people set of the grid in front of their home."""

    connected: Annotated[bool, Field(description="false is an outage that nobody planned")] = True
    import_limit_watts: Annotated[GridWatts, Field(description="that the connection carries into the home")] = 9_200
    export_limit_watts: Annotated[GridWatts, Field(description="that the connection carries out of the home")] = 9_200
    import_euro_per_kwh: Annotated[EuroPerKwh, Field(description="for energy taken, where nothing below says otherwise")] = 0.3
    import_rates: Annotated[Rates, Field(description="prices during daily windows; the later in the list wins")] = ()
    import_prices_from: Annotated[PricesFrom, Field(description="prices from moments on, in place of the price above")] = ()
    export_euro_per_kwh: Annotated[EuroPerKwh, Field(description="for energy given, where nothing below says otherwise")] = 0.05
    export_rates: Annotated[Rates, Field(description="prices during daily windows; the later in the list wins")] = ()
    export_prices_from: Annotated[PricesFrom, Field(description="prices from moments on, in place of the price above")] = ()
    outages: Annotated[tuple[Outage, ...], Field(strict=False, max_length=1_000, description="planned outages")] = ()
    daily_outages: Annotated[DailyWindows, Field(description="outages that come every day")] = ()
    load_shedding_stage: Annotated[SheddingStage, Field(description="0 is none; until the first change below")] = 0
    load_shedding_changes: Annotated[
        tuple[StageFrom, ...], Field(strict=False, max_length=1_000, description="stages from moments on")
    ] = ()
    load_shedding_area: Annotated[int, Field(ge=1, le=AREAS, description="in the timetable of the City of Cape Town")] = 1
    switching_minutes: Annotated[int, Field(ge=0, le=120, description="by which load shedding lasts longer than its two hours")] = 30

    @cached_property
    def import_tariff(self) -> Tariff:
        """For energy taken."""
        return Tariff.of(self.import_euro_per_kwh, self.import_rates, self.import_prices_from)

    @cached_property
    def export_tariff(self) -> Tariff:
        """For energy given."""
        return Tariff.of(self.export_euro_per_kwh, self.export_rates, self.export_prices_from)


class GridState(State):
    """Energy and money since the home began; the carries are what is not yet a whole micro-euro."""

    import_carry: Annotated[Natural, Field(description="cost in J * micro-euro / kWh")] = 0
    export_carry: Annotated[Natural, Field(description="income in J * micro-euro / kWh")] = 0
    import_joules: Annotated[Natural, Field(description="taken from the grid")] = 0
    export_joules: Annotated[Natural, Field(description="given to the grid")] = 0
    import_cost_micro_euro: Annotated[Integer, Field(description="of what was taken")] = 0
    export_income_micro_euro: Annotated[Integer, Field(description="of what was given")] = 0


class GridDevice(Device[GridProperties, GridState]):
    """What it offers hangs on the time alone; its state only counts."""

    kind = "grid"
    summary = "the public grid with limits, prices, outages and load shedding"
    properties = GridProperties
    state = GridState
    signals = {
        "import_price": "of energy taken, in micro-euro per kWh",
        "export_price": "of energy given, in micro-euro per kWh",
        "available": "1 while the grid is there, 0 in an outage",
    }

    def forecast(self, context: DeviceContext, properties: GridProperties, span: Span, heard: Signals) -> dict[str, Signal]:
        """Prices in micro-euro per kWh, and 1 in ticks in which it is there at least for a second."""
        zone = context.place.timezone
        seconds = integrate([(first, last, 1) for first, last in _connected(properties, zone, span)], span)
        return {
            "import_price": RunLengths(run_lengths=price_runs(properties.import_tariff, span, zone)),
            "export_price": RunLengths(run_lengths=price_runs(properties.export_tariff, span, zone)),
            "available": RunLengths(run_lengths=tuple((count, min(value, 1)) for count, value in seconds)),
        }

    def offer(self, context: DeviceContext, properties: GridProperties, state: GridState, span: Span, heard: Signals) -> GridOffer:
        """Its limits for as many seconds of each tick as it is there, and its prices."""
        zone = context.place.timezone
        connected = _connected(properties, zone, span)
        return GridOffer(
            import_joules_max=_caps(connected, properties.import_limit_watts, span),
            export_joules_max=_caps(connected, properties.export_limit_watts, span),
            import_price=RunLengths(run_lengths=price_runs(properties.import_tariff, span, zone)),
            export_price=RunLengths(run_lengths=price_runs(properties.export_tariff, span, zone)),
            import_carry=state.import_carry,
            export_carry=state.export_carry,
        )

    def advance(self, context: DeviceContext, properties: GridProperties, state: GridState, span: Span, outcome: Outcome) -> GridState:
        """Energy and money so far. What the grid gives to the home is the home's import."""
        return GridState(
            import_carry=outcome.import_carry,
            export_carry=outcome.export_carry,
            import_joules=state.import_joules + outcome.joules_out,
            export_joules=state.export_joules + outcome.joules_in,
            import_cost_micro_euro=state.import_cost_micro_euro + outcome.import_cost_micro_euro,
            export_income_micro_euro=state.export_income_micro_euro + outcome.export_income_micro_euro,
        )

    def readings(self, context: DeviceContext, properties: GridProperties, state: GridState, outcome: Outcome) -> dict[str, int]:
        """Energy and money since the home began."""
        return {
            "import_joules": state.import_joules,
            "export_joules": state.export_joules,
            "import_cost_micro_euro": state.import_cost_micro_euro,
            "export_income_micro_euro": state.export_income_micro_euro,
        }


def _caps(connected: list[Interval], limit_watts: int, span: Span) -> RunLengths:
    return RunLengths(run_lengths=tuple(integrate([(first, last, limit_watts) for first, last in connected], span)))


def _connected(properties: GridProperties, timezone: str, span: Span) -> list[Interval]:
    """When the grid is there, to the second."""
    begins, ends = span.unix_seconds, span.unix_seconds + span.seconds
    if not properties.connected:
        return []
    dark = intervals(properties.daily_outages, timezone, begins, ends)
    dark += [(unix_seconds(outage.begins, timezone), unix_seconds(outage.ends, timezone)) for outage in properties.outages]
    switching = properties.switching_minutes * 60
    for stage, held in _stages(properties, timezone, begins - switching, ends):
        dark += outages(stage, properties.load_shedding_area, switching, timezone, held)
    return without(begins, ends, merge(dark))


def _stages(properties: GridProperties, timezone: str, begins: int, ends: int) -> list[tuple[int, Interval]]:
    """The stages that hold between two moments."""
    changes = sorted((unix_seconds(change.since, timezone), change.stage) for change in properties.load_shedding_changes)
    edges = [(begins, properties.load_shedding_stage)] + [(max(moment, begins), stage) for moment, stage in changes if moment < ends]
    follows = [moment for moment, _ in edges[1:]] + [ends]
    return [(stage, (moment, following)) for (moment, stage), following in zip(edges, follows, strict=True) if moment < following]
