"""What a device could move in each tick of a window, said so that the core can dispatch without asking back.

Every offer straddles zero (law 8), so that any home can go dark. Positive consumes, negative produces.
Energies with memory (a battery's level, a geyser's heat) travel in the offer, because the core runs their recurrence.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_serializer

from joulebus_schemas.base import INTEGER_MAX, Integer, Name, Natural, PartsPerMillion, SheddingPriority, StoragePriority, Word
from joulebus_schemas.series import RunLengths, Series

Goal = Literal["loads", "battery", "export"]
TaperCorner = Annotated[tuple[Natural, Natural], Field(strict=False)]
"""J inside, and W of charge at most."""
PriceLimit = Integer | None
"""Micro-euro per kWh; None: no price decides."""


class Nothing(Word):
    """The device moves no joule in this window (a sun, a weather, a device that is switched off)."""

    role: Annotated[Literal["nothing"], Field(description="what kind of offer it is")] = "nothing"


class Flow(Word):
    """Joules without memory: least <= want <= most and least <= 0 <= most, tick by tick.

    Left out, least is min(want, 0) and most is max(want, 0): a load may be shed to nothing, a producer may be
    curtailed to nothing. A producer on the DC side stands before the inverter (panels); a consumer stands on the AC side.
    """

    role: Annotated[Literal["flow"], Field(description="what kind of offer it is")] = "flow"
    side: Annotated[Literal["ac", "dc"], Field(description="of the inverter on which it stands; dc: producers only")] = "ac"
    want: Annotated[Series, Field(description="J in each tick; positive consumes, negative produces")]
    least: Annotated[Series | None, Field(description="J in each tick, not above 0")] = None
    most: Annotated[Series | None, Field(description="J in each tick, not below 0")] = None
    shedding_priority: SheddingPriority = 5
    reacts: Annotated[bool, Field(description="the window ends with the first tick in which it is shed")] = False
    origin: Annotated[Name | None, Field(description="the account its joules come from, such as the sun")] = None
    all_or_nothing: Annotated[bool, Field(description="a load that gets all it wants in a tick, or nothing")] = False
    due: Annotated[
        Series | None, Field(description="J in each tick of a load that was delayed, had it not been; left out, what it wants")
    ] = None


class Storage(Word):
    """A store with the level at the window's start; its recurrence is described in ARCHITECTURE.md.

    On the DC side its powers are those behind the inverter, on the AC side (a car, a battery with its own converter) those of the home.
    """

    role: Annotated[Literal["storage"], Field(description="what kind of offer it is")] = "storage"
    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="at the window's start")]
    least_joules: Annotated[Natural, Field(description="never discharged below this")]
    most_joules: Annotated[Natural, Field(description="never charged above this")]
    capacity_joules: Annotated[Natural, Field(le=9 * 10**12, description="what reserve and charge target are a share of")]
    charge_watts_max: Annotated[Natural, Field(description="power into it at its terminals")]
    discharge_watts_max: Annotated[Natural, Field(description="power out of it at its terminals")]
    charge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1, description="share of the charge that reaches the level")]
    discharge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1, description="share of the level that reaches the home")]
    standby_milliwatts: Annotated[Natural, Field(description="what it loses by itself")] = 0
    standby_carry_microjoules: Annotated[Natural, Field(description="standby loss that is not yet a whole joule")] = 0
    sleeps_at_least: Annotated[bool, Field(description="whether it loses nothing by itself any more when it is down at its least")] = False
    priority: StoragePriority = 5
    side: Annotated[Literal["ac", "dc"], Field(description="of the inverter on which it stands")] = "dc"
    charger: Annotated[
        Name | None, Field(description="of a car on the AC side: through which it is charged; left out, it takes what nobody else wants")
    ] = None
    phase_count: Annotated[int, Field(ge=1, le=3, description="of its charger's phases, how many it uses at most")] = 3
    plugged_seconds: Annotated[RunLengths | None, Field(description="of each tick, in which it is plugged in; left out, it always is")] = (
        None
    )
    driving: Annotated[RunLengths | None, Field(description="J that driving takes from it in each tick; it goes below least_joules")] = None
    taper: Annotated[
        tuple[TaperCorner, ...],
        Field(max_length=64, strict=False, description="[J inside, W of charge at most], rising and linear between; none: at any level"),
    ] = ()


class Charger(Word):
    """What lets joules through to one car at a time; it moves none itself. Its session is remembered as the window begins."""

    role: Annotated[Literal["charger"], Field(description="what kind of offer it is")] = "charger"
    phase_joules_max: Annotated[RunLengths, Field(description="J on each phase in each tick")]
    phase_count: Annotated[int, Field(ge=1, le=3, description="of its phases")]
    efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1, description="share that arrives, each way")] = 1_000_000
    discharge_watts_max: Annotated[Natural, Field(description="from the car to the home")] = 0
    surplus_only: Annotated[bool, Field(description="whether it takes only what nobody else wants")] = False
    shedding_priority: SheddingPriority = 5
    plugged: Annotated[bool, Field(description="whether a car was plugged in before")] = False
    session_joules: Annotated[Natural, Field(description="what that car has taken since it was plugged in")] = 0
    session_joules_max: Annotated[Natural, Field(description="that a car may take while it is plugged in; 0 is no limit")] = 0


PhaseNumber = Annotated[Literal[1, 2, 3], Field(description="1, 2 or 3")]


class ThermalRun(Word):
    """Seconds in which the surroundings of a thermal mass do not change.

    In each second the heat goes to equilibrium + (heat - equilibrium) * decay, the exact solution of the linear equation, where
    equilibrium is equilibrium_off or, when the device is on, equilibrium_on (between the two in proportion when it is shed).
    """

    seconds: Annotated[int, Field(ge=1, le=86_400 * 86_400, description="how many")]
    enabled: Annotated[bool, Field(description="whether its timers let it be on")] = True
    decay_q52: Annotated[int, Field(ge=0, le=2**52, description="exp(-1 s / tau) in units of 2**-52")]
    equilibrium_off_microjoules: Annotated[Integer, Field(description="heat to which it goes while it is off")]
    equilibrium_on_microjoules: Annotated[Integer, Field(description="heat to which it goes while it is on")]


class Thermal(Word):
    """A thermostat around a thermal mass: an oven, a geyser, a fridge; or a boiler, which takes its joules from the supply of a fuel."""

    role: Annotated[Literal["thermal"], Field(description="what kind of offer it is")] = "thermal"
    heat_microjoules: Annotated[Integer, Field(description="heat content above 0 degrees Celsius")]
    on: Annotated[bool, Field(description="whether it is on at the window's start")]
    low_microjoules: Annotated[Integer, Field(description="the lower end of the thermostat's band")]
    high_microjoules: Annotated[Integer, Field(description="the upper end of the thermostat's band")]
    cools: Annotated[bool, Field(description="a fridge: on above high, off below low")] = False
    watts: Annotated[Natural, Field(description="power that it takes while it is on: electric, or of its fuel")]
    surroundings: Annotated[tuple[ThermalRun, ...], Field(max_length=86_400, strict=False, description="its surroundings along the window")]
    owed_joules: Annotated[Natural, Field(description="refused before and still waited for")] = 0
    shedding_priority: SheddingPriority = 5
    fuel: Annotated[Name | None, Field(description="the supply whose fuel it burns; left out: it is electric")] = None


class Supply(Word):
    """What a fuel comes from, as gas does: without end, and beside the busbar."""

    role: Annotated[Literal["supply"], Field(description="what kind of offer it is")] = "supply"
    joules_max: Annotated[Series, Field(description="J that it could give in each tick")]


class Grid(Word):
    """The public grid: what it could give and take, and at which price, in each tick.

    Both caps at 0 is an outage. Prices are micro-euro per kWh; the carries are in J * micro-euro / kWh.
    """

    role: Annotated[Literal["grid"], Field(description="what kind of offer it is")] = "grid"
    import_joules_max: Annotated[Series, Field(description="J that it could give in each tick")]
    export_joules_max: Annotated[Series, Field(description="J that it could take in each tick")]
    import_price: Annotated[RunLengths, Field(description="micro-euro per kWh")]
    export_price: Annotated[RunLengths, Field(description="micro-euro per kWh")]
    cheaper_seconds: Annotated[
        RunLengths | None, Field(description="of its day that are cheaper to import in; left out where a day has one price")
    ] = None
    import_carry: Annotated[Natural, Field(description="cost that is not yet a micro-euro")] = 0
    export_carry: Annotated[Natural, Field(description="income that is not yet a micro-euro")] = 0
    phase_joules_max: Annotated[
        RunLengths | None, Field(description="J that each of three phases could carry in each tick; left out where none has a limit")
    ] = None
    phase_of: Annotated[
        dict[Name, PhaseNumber], Field(max_length=1_000, description="devices that are on one phase; all others are spread over all three")
    ] = Field(default_factory=dict)


class PolicyRun(Word):
    """Ticks in which the settings of the inverter do not change."""

    ticks: Annotated[int, Field(ge=1, le=86_400, description="how many")]
    priority: Annotated[tuple[Goal, Goal, Goal], Field(strict=False, description="what sunlight is for, the first first")] = (
        "loads",
        "battery",
        "export",
    )
    charge_from_sun: Annotated[bool, Field(description="whether the sun may charge the battery")] = True
    charge_from_grid: Annotated[bool, Field(description="whether the grid may charge the battery")] = False
    discharge: Annotated[bool, Field(description="whether the battery may serve loads while the grid is on")] = True
    reserve_ppm: Annotated[PartsPerMillion, Field(description="share of the capacity that is kept for outages")] = 0
    target_ppm: Annotated[PartsPerMillion, Field(description="share of the capacity to which the grid charges it")] = 1_000_000
    export_watts_max: Annotated[Natural, Field(description="to the grid at most")] = INTEGER_MAX
    import_watts_max: Annotated[Natural, Field(description="from the grid at most")] = INTEGER_MAX
    sheds_above_import_max: Annotated[
        bool, Field(description="whether loads above it are shed; else the grid serves what the stores cannot")
    ] = True
    backup_only: Annotated[bool, Field(description="whether the battery is for outages only")] = False
    island: Annotated[bool, Field(description="whether the home is served while the grid is out")] = True
    outlet: Annotated[bool, Field(description="whether it is then served by the sun alone, when there is no store")] = False
    restore_reserve: Annotated[bool, Field(description="whether the grid charges the battery up to its reserve")] = False
    charge_below_price: Annotated[PriceLimit, Field(description="the grid charges below this price of import, micro-euro per kWh")] = None
    charge_cheapest_seconds: Annotated[Natural, Field(description="the grid charges in so many of the cheapest seconds of a day")] = 0
    discharge_from_price: Annotated[
        PriceLimit, Field(description="the battery serves from this price of import on, micro-euro per kWh")
    ] = None
    export_from_price: Annotated[PriceLimit, Field(description="nothing is exported below this price of export, micro-euro per kWh")] = None
    sell_from_price: Annotated[PriceLimit, Field(description="the battery feeds the grid from this price on, micro-euro per kWh")] = None


class Inverter(Word):
    """The converter between the DC and the AC side, and the policy by which it serves the home.

    The curve is monotone and piecewise linear from DC to AC power; below its first AC watt the inverter sleeps and
    draws night_milliwatts from the grid. A rating of 0 W is a plain switchboard.
    """

    role: Annotated[Literal["inverter"], Field(description="what kind of offer it is")] = "inverter"
    rating_watts: Annotated[Natural, Field(description="AC power at most")]
    curve_dc_milliwatts: Annotated[
        tuple[Natural, ...], Field(min_length=2, max_length=4096, strict=False, description="DC power at the corners of the curve")
    ]
    curve_ac_milliwatts: Annotated[
        tuple[Natural, ...], Field(min_length=2, max_length=4096, strict=False, description="AC power at the same corners")
    ]
    charge_watts_max: Annotated[Natural, Field(description="AC power it can rectify for the battery")] = 0
    charge_efficiency_ppm: Annotated[PartsPerMillion, Field(ge=1, description="share of AC that charges the battery")] = 1_000_000
    night_milliwatts: Annotated[Natural, Field(description="what it draws while nothing is converted")] = 0
    night_carry_microjoules: Annotated[Natural, Field(description="night draw that is not yet a whole joule")] = 0
    idles_on_battery: Annotated[bool, Field(description="whether the DC side feeds that draw while there is no grid")] = False
    carry_microjoules: Annotated[Natural, Field(description="AC energy converted but not yet a whole joule")] = 0
    policy: Annotated[
        tuple[PolicyRun, ...], Field(min_length=1, max_length=86_400, strict=False, description="its settings along the window")
    ]


Offer = Annotated[Nothing | Flow | Storage | Charger | Thermal | Supply | Grid | Inverter, Field(discriminator="role")]


class Outcome(Word):
    """What the core did with one offer: sums over the committed ticks, and the memory at their end."""

    joules_in: Annotated[Natural, Field(description="taken from the home, or from the supply of a fuel")] = 0
    joules_out: Annotated[Natural, Field(description="given to the home, or to the burners of a fuel")] = 0
    unserved_joules: Annotated[Natural, Field(description="wanted and not granted when it was wanted, each joule once")] = 0
    served_later_joules: Annotated[Natural, Field(description="unserved before, and granted now")] = 0
    curtailed_joules: Annotated[Natural, Field(description="produced by the sun and not used")] = 0
    granted: Annotated[RunLengths | None, Field(description="tick by tick, only where it differs from the want")] = None
    carry: Annotated[Natural, Field(description="of knots: for the next window")] = 0
    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="of a store at the end")] = 0
    standby_carry_microjoules: Annotated[Natural, Field(description="of a store: for the next window")] = 0
    heat_joules: Annotated[Natural, Field(description="lost as heat in the device itself")] = 0
    driven_joules: Annotated[Natural, Field(description="of a car: taken by driving")] = 0
    charged_joules: Annotated[Natural, Field(description="of a charger: let through to cars")] = 0
    discharged_joules: Annotated[Natural, Field(description="of a charger: let through from cars")] = 0
    session_joules: Annotated[Natural, Field(description="of a charger: taken since the car was plugged in, at the end")] = 0
    heat_microjoules: Annotated[Integer, Field(description="of a thermal mass: content at the end")] = 0
    on: Annotated[bool, Field(description="of a thermostat at the end; of a charger, whether a car is plugged in")] = False
    owed_joules: Annotated[Natural, Field(description="of a thermostat: refused and still waited for at the end")] = 0
    carry_microjoules: Annotated[Natural, Field(description="of an inverter: for the next window")] = 0
    night_carry_microjoules: Annotated[Natural, Field(description="of an inverter: for the next window")] = 0
    import_cost_micro_euro: Annotated[Integer, Field(description="of what the grid gave")] = 0
    export_income_micro_euro: Annotated[Integer, Field(description="of what the grid took")] = 0
    import_carry: Annotated[Natural, Field(description="of a grid: for the next window")] = 0
    export_carry: Annotated[Natural, Field(description="of a grid: for the next window")] = 0

    @model_serializer(mode="plain")
    def _without_nothing(self) -> dict[str, Any]:
        """What is 0, off or None is left out: a settlement says it for every device, and most of it is nothing."""
        return {name: value for name, value in self.__dict__.items() if value}
