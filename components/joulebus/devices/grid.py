"""The public grid: what it could give and take, at which price, and when it is out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, Span, State
from joulebus.errors import PropertyError
from joulebus.physics.load_shedding import AREAS, STAGES, Area, outages
from joulebus.physics.moments import Timeline, check_apart, timeline
from joulebus.physics.phases import MainsNetwork, watts_per_ampere
from joulebus.physics.prices import EuroPerKwh, PricesFrom, Rates, Tariff, cheaper_runs, price_runs, prices_of
from joulebus.physics.schedule import DailyWindows, LocalMoment, intervals, unix_seconds
from joulebus.physics.steps import Interval, integrate, merge, without
from joulebus.series.prices import PriceFile, PriceUnit, read_prices
from joulebus_schemas.base import Integer, Name, Natural
from joulebus_schemas.offers import Grid as GridOffer
from joulebus_schemas.offers import Outcome, PhaseNumber
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import RunLengths

GridWatts = Annotated[int, Field(ge=0, le=100_000_000)]
EURO = "€"
SheddingStage = Annotated[int, Field(ge=0, le=STAGES, description="of load shedding, 0 is none")]


class Outage(Properties):
    """A planned outage that comes once."""

    begins: LocalMoment
    ends: LocalMoment

    @model_validator(mode="after")
    def _lasts(self) -> "Outage":
        begins, ends = (datetime.fromisoformat(moment) for moment in (self.begins, self.ends))
        if (begins.tzinfo is None) == (ends.tzinfo is None) and ends <= begins:  # Else only the zone of the home can tell.
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
    import_prices_file: Annotated[
        str,
        Field(max_length=4096, description="CSV or JSON of prices by time, in place of the list; beyond its time import_euro_per_kwh"),
    ] = ""
    import_prices_column: Annotated[str, Field(max_length=256, description="heading or key of the prices, when there are several")] = ""
    import_prices_unit: Annotated[PriceUnit, Field(description="of the file; auto: what the heading names")] = "auto"
    export_prices_file: Annotated[
        str,
        Field(max_length=4096, description="CSV or JSON of prices by time, in place of the list; beyond its time export_euro_per_kwh"),
    ] = ""
    export_prices_column: Annotated[str, Field(max_length=256, description="heading or key of the prices, when there are several")] = ""
    export_prices_unit: Annotated[PriceUnit, Field(description="of the file; auto: what the heading names")] = "auto"
    prices_time_column: Annotated[str, Field(max_length=256, description="heading or key of the times, when it is not found")] = ""
    prices_clock: Annotated[
        Literal["", "utc", "standard", "wall"],
        Field(description="of times without offset: utc, standard (no summer time) or wall (with both changes of the clock)"),
    ] = ""
    currency: Annotated[
        str, Field(min_length=1, max_length=8, pattern=r"^\S+$", description="of all prices, as it is shown; names of properties say euro")
    ] = EURO
    outages: Annotated[tuple[Outage, ...], Field(strict=False, max_length=1_000, description="planned outages")] = ()
    daily_outages: Annotated[DailyWindows, Field(description="outages that come every day")] = ()
    load_shedding_stage: Annotated[SheddingStage, Field(description="0 is none; until the first change below")] = 0
    load_shedding_changes: Annotated[
        tuple[StageFrom, ...], Field(strict=False, max_length=1_000, description="stages from moments on")
    ] = ()
    load_shedding_area: Annotated[int, Field(ge=1, le=AREAS, description="in the timetable of the City of Cape Town")] = 1
    switching_minutes: Annotated[int, Field(ge=0, le=120, description="by which load shedding lasts longer than its two hours")] = 30
    network: Annotated[
        MainsNetwork,
        Field(description="1n230: one phase; 3x230: three without a neutral, 230 V between them; 3n400: three with 230 V to the neutral"),
    ] = "1n230"
    phase_limit_amps: Annotated[
        int, Field(ge=0, le=1_000, description="fuse of each of three phases: loads on it bend before it does; 0: only the limit of all")
    ] = 0
    phase_of: Annotated[
        dict[Name, PhaseNumber], Field(max_length=1_000, description="devices that are on one of three phases; others draw from all alike")
    ] = Field(default_factory=dict)

    @cached_property
    def _tariffs(self) -> dict[str, tuple[Tariff, Tariff]]:
        """The prices of a time zone, parsed once."""
        return {}

    @model_validator(mode="after")
    def _phases_are_there(self) -> "GridProperties":
        if self.network == "1n230" and (self.phase_of or self.phase_limit_amps):
            said = "phase_of" if self.phase_of else "phase_limit_amps"
            raise ValueError(f"{said} is about three phases, and network 1n230 has one; say network: 3n400, or 3x230")
        return self

    @model_validator(mode="after")
    def _prices_come_one_way(self) -> "GridProperties":
        for way in ("import", "export"):
            if getattr(self, f"{way}_prices_file") and getattr(self, f"{way}_prices_from"):
                raise ValueError(f"{way}_prices_file and {way}_prices_from both say prices from moments on; leave one out")
        return self

    def prices(self, way: Literal["import", "export"], timezone: str) -> Timeline:
        """Prices from moments on, from the file or from the list."""
        path: str = getattr(self, f"{way}_prices_file")
        if not path:
            return prices_of(getattr(self, f"{way}_prices_from"), timezone)
        column, unit = getattr(self, f"{way}_prices_column"), getattr(self, f"{way}_prices_unit")
        read = read_prices(PriceFile(path, column, unit, self.prices_time_column, self.prices_clock, timezone), f"{way}_prices_file")
        return Timeline(read.moments, read.micro_euro, read.ends)

    def tariffs(self, timezone: str) -> tuple[Tariff, Tariff]:
        """Prices of imported and of exported energy."""
        if timezone not in self._tariffs:
            bought = Tariff.of(self.import_euro_per_kwh, self.import_rates, self.prices("import", timezone))
            sold = Tariff.of(self.export_euro_per_kwh, self.export_rates, self.prices("export", timezone))
            self._tariffs[timezone] = bought, sold
        return self._tariffs[timezone]


class GridState(State):
    """Energy and money since the home began; the carries are what is not yet a whole micro-euro."""

    import_carry: Annotated[Natural, Field(description="cost in J * micro-euro / kWh")] = 0
    export_carry: Annotated[Natural, Field(description="income in J * micro-euro / kWh")] = 0
    import_joules: Annotated[Natural, Field(description="taken from the grid")] = 0
    export_joules: Annotated[Natural, Field(description="given to the grid")] = 0
    import_cost_micro_euro: Annotated[Integer, Field(description="of what was taken")] = 0
    export_income_micro_euro: Annotated[Integer, Field(description="of what was given")] = 0


class GridDevice(Device[GridProperties, GridState]):
    """What it offers depends on the time alone; its state only counts."""

    kind = "grid"
    summary = "the public grid with limits, prices, outages and load shedding"
    label = "Public grid"
    category = "grid"
    icon = "transmission-tower"
    is_only_one = True
    properties = GridProperties
    state = GridState
    reading_names = {
        "import_joules": "bought since the home began",
        "export_joules": "sold since the home began",
        "import_cost_micro_euro": "paid since the home began",
        "export_income_micro_euro": "earned since the home began",
    }
    signals = {
        "import_price": "of energy taken, in micro-euro per kWh",
        "export_price": "of energy given, in micro-euro per kWh",
        "available": "1 while the grid is there, 0 in an outage",
    }

    def begin(self, context: DeviceContext, properties: GridProperties) -> GridState:
        """Nothing bought yet; moments that cannot be told apart are refused here.

        Raises:
            PropertyError: Two of its moments are the same one.
        """
        _check_moments(properties, context.place.timezone)
        _check_files(context, properties)
        return GridState()

    def forecast(self, inputs: Inputs[GridProperties]) -> dict[str, Signal]:
        """Prices in micro-euro per kWh, and 1 in ticks in which it is there at least for a second."""
        properties, span, zone = inputs.properties, inputs.span, inputs.context.place.timezone
        bought, sold = properties.tariffs(zone)
        seconds = integrate([(first, last, 1) for first, last in _connected(properties, zone, span)], span)
        return {
            "import_price": RunLengths(run_lengths=price_runs(bought, span, zone)),
            "export_price": RunLengths(run_lengths=price_runs(sold, span, zone)),
            "available": RunLengths(run_lengths=tuple((count, min(value, 1)) for count, value in seconds)),
        }

    def offer(self, inputs: Inputs[GridProperties], state: GridState) -> GridOffer:
        """Its limits for as many seconds of each tick as it is there, and its prices."""
        properties, span, zone = inputs.properties, inputs.span, inputs.context.place.timezone
        bought, sold = properties.tariffs(zone)
        connected = _connected(properties, zone, span)
        return GridOffer(
            import_joules_max=_caps(connected, properties.import_limit_watts, span),
            export_joules_max=_caps(connected, properties.export_limit_watts, span),
            import_price=RunLengths(run_lengths=price_runs(bought, span, zone)),
            export_price=RunLengths(run_lengths=price_runs(sold, span, zone)),
            cheaper_seconds=None if bought.is_flat else RunLengths(run_lengths=cheaper_runs(bought, span, zone)),
            import_carry=state.import_carry,
            export_carry=state.export_carry,
            phase_joules_max=_phase_caps(connected, properties, span),
            phase_of=properties.phase_of,
        )

    def advance(self, inputs: Inputs[GridProperties], state: GridState, outcome: Outcome) -> GridState:
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


def _phase_caps(connected: list[Interval], properties: GridProperties, span: Span) -> RunLengths | None:
    if not properties.phase_limit_amps:
        return None
    return _caps(connected, int(properties.phase_limit_amps * watts_per_ampere(properties.network)), span)


def _connected(properties: GridProperties, timezone: str, span: Span) -> list[Interval]:
    """When the grid is there, to the second."""
    begins, ends = span.moments
    if not properties.connected:
        return []
    dark = intervals(properties.daily_outages, timezone, begins, ends)
    dark += [(unix_seconds(outage.begins, timezone), unix_seconds(outage.ends, timezone)) for outage in properties.outages]
    area = Area(properties.load_shedding_area, timezone, properties.switching_minutes * 60)
    for stage, held in _stages(properties, timezone, begins - area.switching_seconds, ends):
        dark += outages(stage, held, area)
    return without(begins, ends, merge(dark))


def _stages(properties: GridProperties, timezone: str, begins: int, ends: int) -> list[tuple[int, Interval]]:
    """The stages that hold between two moments."""
    changes = timeline(((change.since, change.stage) for change in properties.load_shedding_changes), timezone)
    return [(stage, (first, last)) for first, last, stage in changes.steps(properties.load_shedding_stage, begins, ends)]


def _check_files(context: DeviceContext, properties: GridProperties) -> None:
    """A file that cannot be read, or that does not hold the time at which the home begins, is refused."""
    for way in ("import", "export"):
        path = getattr(properties, f"{way}_prices_file")
        prices = properties.prices(way, context.place.timezone)
        if path and not (prices.moments[0] <= context.start_unix_seconds < (prices.ends or 0)):
            begins, ends, start = (
                datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")
                for moment in (prices.moments[0], prices.ends or 0, context.start_unix_seconds)
            )
            raise PropertyError(
                f"{way}_prices_file must hold the time at which the home begins, but {path} goes from {begins} to {ends} UTC, "
                f"and the home begins {start} UTC"
            )


def _check_moments(properties: GridProperties, timezone: str) -> None:
    check_apart("prices of import_prices_from", [price.since for price in properties.import_prices_from], timezone)
    check_apart("prices of export_prices_from", [price.since for price in properties.export_prices_from], timezone)
    check_apart("changes of load shedding", [change.since for change in properties.load_shedding_changes], timezone)
    check_apart("planned outages", [outage.begins for outage in properties.outages], timezone)
    for outage in properties.outages:
        if unix_seconds(outage.ends, timezone) < unix_seconds(outage.begins, timezone):
            raise PropertyError(f"an outage must end after it begins; in {timezone}, {outage.ends} is before {outage.begins}")


def currency_of(members: Mapping[str, Member]) -> str:
    """The currency of a home's prices, as its grid says it."""
    return next((str(one.properties.get("currency") or EURO) for one in members.values() if one.kind == "grid"), EURO)
