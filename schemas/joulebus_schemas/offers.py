"""What a device could move in each tick of a window, said so that the core can dispatch without asking back.

Every offer straddles zero (law 8), so that any home can go dark. Positive consumes, negative produces.
Energies with memory (a battery's level, a geyser's heat) travel in the offer, because the core runs their recurrence.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from joulebus_schemas.base import INTEGER_MAX, Integer, Name, Natural, PartsPerMillion, Rank, Word
from joulebus_schemas.series import Runs, Series

Goal = Literal["loads", "battery", "export"]


class Nothing(Word):
    """The device moves no joule in this window (a sun, a weather, a device that is switched off)."""

    role: Literal["nothing"] = "nothing"


class Flow(Word):
    """Joules without memory: least <= want <= most and least <= 0 <= most, tick by tick.

    Left out, ``least`` is min(want, 0) and ``most`` is max(want, 0): a load may be bent to nothing, a producer may be
    curtailed to nothing. A producer on the DC side stands before the inverter (panels); a consumer stands on the AC side.
    """

    role: Literal["flow"] = "flow"
    side: Literal["ac", "dc"] = "ac"
    want: Series
    least: Series | None = None
    most: Series | None = None
    rank: Rank = 5
    reacts: Annotated[bool, Field(description="the window ends with the first tick in which it is bent")] = False
    origin: Annotated[Name | None, Field(description="the account its joules come from, such as the sun")] = None


class Store(Word):
    """A store on the DC side with the level at the window's start; its recurrence is described in ARCHITECTURE.md."""

    role: Literal["store"] = "store"
    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX)]
    least_joules: Annotated[Natural, Field(description="never discharged below this")]
    most_joules: Annotated[Natural, Field(description="never charged above this")]
    capacity_joules: Annotated[Natural, Field(le=9 * 10**12, description="what reserve and charge target are a share of")]
    charge_watts_max: Natural
    discharge_watts_max: Natural
    charge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1)]
    discharge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1)]
    standby_milliwatts: Natural = 0
    standby_carry_microjoules: Natural = 0
    rank: Rank = 5


class ThermalRun(Word):
    """Seconds in which the surroundings of a thermal mass do not change.

    In each second the heat goes to ``rest + (heat - rest) * decay``, the exact solution of the linear equation, where
    rest is ``rest_off`` or, when the device is on, ``rest_on`` (between the two in proportion when it is bent).
    """

    seconds: Annotated[int, Field(ge=1, le=86_400 * 86_400)]
    enabled: bool = True
    decay_q52: Annotated[int, Field(ge=0, le=2**52, description="exp(-1 s / tau) in units of 2**-52")]
    rest_off_microjoules: Integer
    rest_on_microjoules: Integer


class Thermal(Word):
    """A thermostat around a thermal mass: an oven, a geyser, a fridge."""

    role: Literal["thermal"] = "thermal"
    heat_microjoules: Annotated[Integer, Field(description="heat content above 0 degrees Celsius")]
    on: bool
    low_microjoules: Integer
    high_microjoules: Integer
    cools: Annotated[bool, Field(description="a fridge: on above high, off below low")] = False
    watts: Natural
    runs: Annotated[tuple[ThermalRun, ...], Field(max_length=86_400, strict=False)]
    rank: Rank = 5


class Grid(Word):
    """The public grid: what it could give and take, and at which price, in each tick.

    Both caps at 0 is an outage. Prices are micro-euro per kWh; the carries are in J * micro-euro / kWh.
    """

    role: Literal["grid"] = "grid"
    import_joules_max: Series
    export_joules_max: Series
    import_price: Runs
    export_price: Runs
    import_carry: Natural = 0
    export_carry: Natural = 0


class PolicyRun(Word):
    """Ticks in which the settings of the inverter do not change."""

    ticks: Annotated[int, Field(ge=1, le=86_400)]
    priority: Annotated[tuple[Goal, Goal, Goal], Field(strict=False)] = ("loads", "battery", "export")
    charge_from_sun: bool = True
    charge_from_grid: bool = False
    discharge: bool = True
    reserve_ppm: PartsPerMillion = 0
    target_ppm: PartsPerMillion = 1_000_000
    export_watts_max: Natural = INTEGER_MAX
    import_watts_max: Natural = INTEGER_MAX
    backup_only: bool = False
    island: bool = True


class Inverter(Word):
    """The converter between the DC and the AC side, and the policy by which it serves the home.

    The curve is monotone and piecewise linear from DC to AC power; below its first AC watt the inverter sleeps and
    draws ``night_milliwatts`` from the grid. A rating of 0 W is a plain switchboard.
    """

    role: Literal["inverter"] = "inverter"
    rating_watts: Natural
    curve_dc_milliwatts: Annotated[tuple[Natural, ...], Field(min_length=2, max_length=4096, strict=False)]
    curve_ac_milliwatts: Annotated[tuple[Natural, ...], Field(min_length=2, max_length=4096, strict=False)]
    charge_watts_max: Annotated[Natural, Field(description="AC power it can rectify for the battery")] = 0
    charge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1)] = 1_000_000
    night_milliwatts: Natural = 0
    night_carry_microjoules: Natural = 0
    carry_microjoules: Annotated[Natural, Field(description="AC energy converted but not yet a whole joule")] = 0
    policy: Annotated[tuple[PolicyRun, ...], Field(min_length=1, max_length=86_400, strict=False)]


Offer = Annotated[Nothing | Flow | Store | Thermal | Grid | Inverter, Field(discriminator="role")]


class Outcome(Word):
    """What the core did with one offer: sums over the committed ticks, and the memory at their end."""

    joules_in: Annotated[Natural, Field(description="taken from the home")] = 0
    joules_out: Annotated[Natural, Field(description="given to the home")] = 0
    unserved_joules: Natural = 0
    curtailed_joules: Natural = 0
    granted: Annotated[Runs | None, Field(description="tick by tick, only where it differs from the want")] = None
    carry: Annotated[Natural, Field(description="of knots: for the next window")] = 0
    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX)] = 0
    standby_carry_microjoules: Natural = 0
    heat_joules: Annotated[Natural, Field(description="lost as heat in the device itself")] = 0
    heat_microjoules: Annotated[Integer, Field(description="of a thermal mass: content at the end")] = 0
    on: bool = False
    carry_microjoules: Natural = 0
    night_carry_microjoules: Natural = 0
    import_cost_micro_euro: Integer = 0
    export_income_micro_euro: Integer = 0
    import_carry: Natural = 0
    export_carry: Natural = 0

    @model_serializer(mode="wrap")
    def _without_nothing(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is 0, off or None is left out: a settlement says it for every device, and most of it is nothing."""
        return {name: value for name, value in dump(self).items() if value}
