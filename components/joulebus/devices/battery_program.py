"""A program that runs the battery: surplus, cheap hours, a look ahead with a linear programme, a limit for peaks, and a reserve."""

from dataclasses import dataclass, replace
from math import floor
from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus.device import Properties
from joulebus.devices._battery_home import BatteryHome, Expected, charged_joules, hour_of_day
from joulebus.devices._day_ahead import quarter_prices
from joulebus.devices._quantities import Percent
from joulebus.errors import JoulebusError
from joulebus.physics.battery_plan import BatteryPlan, Prospect, cheapest_plan
from joulebus.program import Program, ProgramDecision, ProgramInputs, ProgramState
from joulebus_schemas.base import Name, Natural
from joulebus_schemas.facts import CURTAILED, DAY_SECONDS, JOULES_PER_KWH, MICRO_PER_EURO, QUARTER_SECONDS
from joulebus_schemas.roster import of_kind

HOURS = 24
QUARTERS_AHEAD = DAY_SECONDS // QUARTER_SECONDS
NEARLY = 0.99
HOLDS = 0.0001
"""Share of the price of a kWh that a quarter-hour in the battery counts for: nobody waits for the same price to come again."""
LEARNS = 8
"""An hour of the day counts for an eighth in what is expected of it: the last week weighs most."""
DEAR_QUARTERS = QUARTERS_AHEAD // 12
"""Quarter-hours of a day in which cheap_hours sells: the two hours that pay most."""
NOTICED_WATTS = 100
"""Cars that take less than this from anything but the sun are not helped or refused."""
NOTICED_SHARE = 0.001
"""A tenth of a percent of the capacity: less is not charged from the grid, whose target is said in such tenths."""
TO_SPARE = 0.01
"""Share of the capacity that must be to spare, or it is not worth to act."""
HourWatts = Annotated[tuple[Natural, ...], Field(strict=False, max_length=HOURS)]


class BatteryProgramProperties(Properties):
    """What people set of the program."""

    strategy: Annotated[
        Literal["surplus", "cheap_hours", "look_ahead"],
        Field(
            description="surplus: the battery takes sun and serves the home; cheap_hours: in the cheapest hours it is also "
            "charged with what the sun will be missing in the dear ones; look_ahead: the cheapest plan for 24 h, each quarter-hour anew"
        ),
    ] = "surplus"
    reserve_percent: Annotated[Percent, Field(description="of the battery, kept for outages; peaks may use none of it either")] = 10.0
    charge_target_percent: Annotated[Percent, Field(description="of the battery, to which cheap_hours charges it at most")] = 80.0
    peak_watts_max: Annotated[
        int | None,
        Field(ge=0, le=1_000_000, description="from the grid: above it the battery helps while it can, and the grid never charges it"),
    ] = None
    sells: Annotated[
        bool,
        Field(
            description="whether the battery feeds the grid where that pays: cheap_hours what it can spare, in the two dearest hours; "
            "look_ahead as the plan says, which may also sell the sun now and store it later"
        ),
    ] = False
    wear_euro_per_kwh: Annotated[
        float, Field(ge=0, le=10, description="that comes out of the battery: charging from the grid and selling must earn it, too")
    ] = 0.0
    helps_cars: Annotated[
        Literal["always", "surplus", "never"],
        Field(
            description="whether it serves cars that charge from more than sun: always, as any load; surplus: with what the home will not "
            "miss before the sun suffices; never: it waits, and helps above peak_watts_max alone"
        ),
    ] = "always"


class BatteryProgramState(ProgramState):
    """What it has seen of the home: totals at its last decision, and what an hour of the day needs and the sun gives."""

    loads_joules: Annotated[Natural, Field(description="what the home and its losses took, since the home began")] = 0
    sun_joules: Annotated[Natural, Field(description="what the sun gave, since the home began")] = 0
    loads_watts: Annotated[HourWatts, Field(description="expected in each hour of the day")] = ()
    sun_watts: Annotated[HourWatts, Field(description="expected in each hour of the day")] = ()
    seen_until: Annotated[Natural, Field(description="unix seconds of the end of what it has seen; 0: of nothing yet")] = 0
    sells: Annotated[bool, Field(description="whether it steers selling")] = False
    car_joules: Annotated[dict[Name, Natural], Field(max_length=1_000, description="in each car, unless it is always helped")] = Field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the battery does in a quarter-hour, and why."""

    charge: bool
    target_percent: float
    discharge: bool
    reason: str
    sale: "_Sale | None" = None
    keeps_percent: float = 0.0
    """More than the reserve, where it is to be spared."""
    stores_sun: bool = True
    """Else the grid gets it, because it pays more now than later."""


@dataclass(frozen=True, slots=True)
class _Sale:
    """The battery feeds the grid at a price or a better one, down to a level."""

    micro_euro: int
    least_percent: float


class BatteryProgram(Program[BatteryProgramProperties, BatteryProgramState]):
    """It sets the inverter; what the inverter then does in each tick stays its own business."""

    kind = "battery_program"
    summary = "runs the battery: surplus, cheap hours or a look ahead, and a limit for peaks"
    icon = "battery-clock-outline"
    is_only_one = True
    properties = BatteryProgramProperties
    state = BatteryProgramState
    steers = {
        "inverter": frozenset(
            {
                "charge_from_grid",
                "charge_from_sun",
                "charge_target_percent",
                "discharge",
                "reserve_percent",
                "import_cap_watts",
                "sell_from_euro_per_kwh",
                "shed_above_import_cap",
            }
        )
    }
    safe = {
        "inverter": {
            "charge_from_grid": "never",
            "charge_from_sun": "always",
            "charge_target_percent": 100.0,
            "discharge": "always",
            "import_cap_watts": None,
            "sell_from_euro_per_kwh": None,
        }
    }

    def decide(self, inputs: ProgramInputs[BatteryProgramProperties], state: BatteryProgramState) -> ProgramDecision[BatteryProgramState]:
        """Charge, discharge or hold in the next quarter-hour."""
        home = BatteryHome.of(inputs.roster)
        seen, cars_watts = _learned(inputs, state)
        if home is None:
            return ProgramDecision(seen.model_copy(update={"decision": "nothing: the home has no battery, no inverter or no grid"}), {})
        inputs = _as_it_begins(inputs, seen, home)
        choice = _beside_cars(inputs, seen, home, (_choice(inputs, seen, home), cars_watts))
        settings = _settings(inputs.properties, choice)
        if inputs.properties.sells or state.sells:  # Else it is not for the program to say when the battery sells.
            settings |= _selling(choice)
        return ProgramDecision(seen.model_copy(update={"decision": choice.reason[:512]}), {home.inverter: settings})


def _as_it_begins(
    inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: BatteryHome
) -> ProgramInputs[BatteryProgramProperties]:
    """With the battery as it will be when the period begins, a tick after what is known: with ticks of 900 s that is a quarter-hour."""
    seconds = inputs.period.tick_seconds
    if not seen.loads_watts:
        return inputs
    hour = hour_of_day(inputs, inputs.period.unix_seconds - seconds)
    level = home.level_after(inputs.levels.get(home.battery, 0), (seen.loads_watts[hour], seen.sun_watts[hour]), seconds)
    return replace(inputs, levels={**inputs.levels, home.battery: level})


def _settings(said: BatteryProgramProperties, choice: _Choice) -> dict[str, Any]:
    reserve = max(said.reserve_percent, choice.keeps_percent if choice.sale is None else choice.sale.least_percent)
    return {
        "charge_from_grid": "always" if choice.charge else "never",
        "charge_target_percent": max(choice.target_percent, reserve),
        "discharge": "always" if choice.discharge else "never",
        "reserve_percent": reserve,
        "import_cap_watts": said.peak_watts_max,
        "shed_above_import_cap": said.peak_watts_max is None,
    }


def _selling(choice: _Choice) -> dict[str, Any]:
    """Sun that charges the battery would keep it from selling."""
    return {
        "charge_from_sun": "always" if choice.sale is None and choice.stores_sun else "never",
        "sell_from_euro_per_kwh": None if choice.sale is None else choice.sale.micro_euro / MICRO_PER_EURO,
    }


def _learned(inputs: ProgramInputs[BatteryProgramProperties], state: BatteryProgramState) -> tuple[BatteryProgramState, float]:
    """With what has passed since the last decision; and the power that cars took of it beyond what the sun left."""
    stored = sum(inputs.balances.get(name, 0) for name in of_kind(inputs.roster, "battery"))
    sun = max(state.sun_joules, -inputs.balances.get("sun", 0) - inputs.balances.get(CURTAILED, 0))
    bought = -sum(inputs.balances.get(name, 0) for name in of_kind(inputs.roster, "grid")) - inputs.balances.get("export", 0)
    loads = max(state.loads_joules, sun + bought - stored)
    period, looks_at_cars = inputs.period, inputs.properties.helps_cars != "always"
    cars = {name: inputs.levels.get(name, 0) for name in of_kind(inputs.roster, "car")} if looks_at_cars else {}
    seen = state.model_copy(
        update={
            "loads_joules": loads,
            "sun_joules": sun,
            "seen_until": period.unix_seconds,
            "sells": inputs.properties.sells,
            "car_joules": cars,
        }
    )
    # It was off, or came to a home that had lived: what has passed is more than a quarter-hour's.
    if state.seen_until != period.unix_seconds - period.seconds and period.start > period.ticks:
        return seen, 0.0
    charged = charged_joules(inputs, state.car_joules) if looks_at_cars else 0.0
    used, shone = loads - state.loads_joules, sun - state.sun_joules
    hour = hour_of_day(inputs, period.unix_seconds - period.tick_seconds)
    known = {
        "loads_watts": _mixed(state.loads_watts, hour, int(used - charged) // period.seconds),
        "sun_watts": _mixed(state.sun_watts, hour, shone // period.seconds),
    }
    return seen.model_copy(update=known), max(0.0, min(charged, used - shone)) / period.seconds


def _mixed(known: tuple[int, ...], hour: int, watts: int) -> tuple[int, ...]:
    """What is expected of an hour, when it was so; in the beginning all hours are alike."""
    found = list(known or (watts,) * HOURS)
    share = LEARNS * 4  # Four quarter-hours make an hour.
    found[hour] = found[hour] + (watts - found[hour]) * 4 // share if known else watts
    return tuple(max(0, one) for one in found)


def _expected(inputs: ProgramInputs[Any], seen: BatteryProgramState) -> Expected:
    return Expected(inputs, seen.loads_watts, seen.sun_watts)


def _choice(inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: BatteryHome) -> _Choice:
    said = inputs.properties
    percent = 100 * inputs.levels.get(home.battery, 0) / home.store.capacity_joules
    looked = f"battery {percent:.0f} %, reserve {said.reserve_percent:g} %"
    if said.strategy == "surplus":
        return _served(f"serve the home from the battery and charge it from the sun, because that is the strategy ({looked})")
    if not seen.loads_watts:
        return _served(f"serve the home from the battery, because nothing is known of the home yet ({looked})")
    prices = quarter_prices(home.grid_text, inputs.context.place.timezone, inputs.period, QUARTERS_AHEAD)
    now, dearest = prices[0][0], max(bought for bought, _ in prices)
    costs = f"{looked}, a kWh costs {_euro(now)} now and {_euro(dearest)} at most in the next 24 h"
    if said.sells:
        costs += f", and pays {_euro(prices[0][1])} now and {_euro(max(sold for _, sold in prices))} at most"
    if said.strategy == "cheap_hours":
        return _cheap(inputs, seen, home, (prices, costs))
    return _planned(inputs, seen, home, (prices, costs))


def _served(reason: str) -> _Choice:
    return _Choice(False, 100.0, True, reason)


def _cheap(
    inputs: ProgramInputs[BatteryProgramProperties],
    seen: BatteryProgramState,
    home: BatteryHome,
    known: tuple[list[tuple[float, float]], str],
) -> _Choice:
    (prices, costs), said = known, inputs.properties
    bought = [price for price, _ in prices]
    worn = said.wear_euro_per_kwh * MICRO_PER_EURO * home.charging * home.coming_out
    worth = max(bought) * home.charging * home.discharging - worn
    now, cheap = bought[0], sorted(bought)[len(bought) // 4]
    if now >= worth or now > cheap:
        spared = _spared(inputs, seen, home, prices) if said.sells else None
        if spared is not None:
            why = f"because that pays {_euro(prices[0][1])} a kWh and will not be missing before it is cheap"
            return _Choice(
                False, 100.0, True, f"feed the grid from the battery down to {spared.least_percent:g} %, {why} ({costs})", spared
            )
        return _served(f"serve the home from the battery, because it is not cheap now ({costs})")
    percent = 100 / home.store.capacity_joules
    level = inputs.levels.get(home.battery, 0) * percent
    missing = _missing(_expected(inputs, seen), bought) / home.discharging * percent
    needed = round(max(said.reserve_percent, home.store.minimum_percent) + missing, 1)
    target = min(said.charge_target_percent, needed)
    if level >= needed:
        return _served(f"serve the home from the battery, because it holds more than will be missing ({costs})")
    if now <= min(bought) and level < target:
        why = f"because that is missing until the sun suffices, and saves {_euro(worth - now)} a kWh"
        return _Choice(True, target, False, f"charge from the grid to {target:g} %, {why} ({costs})")
    return _Choice(False, 100.0, False, f"keep what is in the battery for dearer hours ({costs})")


def _missing(coming: Expected, bought: list[float]) -> int:
    """Joules that the sun is behind the loads at most, from when it becomes dearer until it is as cheap again."""
    begins = next((step for step, price in enumerate(bought) if price > bought[0]), len(bought))
    ends = next((step for step in range(begins, len(bought)) if bought[step] <= bought[0]), len(bought))
    return coming.behind_joules(begins, ends)


def _spared(
    inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: BatteryHome, prices: list[tuple[float, float]]
) -> _Sale | None:
    """What the battery need not keep for the home until it is cheapest, where it pays more than to fill it again."""
    said, bought, sold = inputs.properties, [price for price, _ in prices], [price for _, price in prices]
    earned = sold[0] * home.discharging - said.wear_euro_per_kwh * MICRO_PER_EURO * home.coming_out
    if earned <= min(bought) / home.charging or sold[0] < sorted(sold)[-DEAR_QUARTERS]:
        return None
    ends = bought.index(min(bought))  # Then it may be filled again.
    kept = home.least_joules(said.reserve_percent) + _expected(inputs, seen).behind_joules(0, ends) / home.discharging
    if inputs.levels.get(home.battery, 0) < kept + TO_SPARE * home.store.capacity_joules:
        return None
    return _Sale(floor(sold[0]), home.percent(kept))


def _planned(
    inputs: ProgramInputs[BatteryProgramProperties],
    seen: BatteryProgramState,
    home: BatteryHome,
    known: tuple[list[tuple[float, float]], str],
) -> _Choice:
    (prices, costs), said = known, inputs.properties
    coming = _prospect(_expected(inputs, seen), prices)
    wear = said.wear_euro_per_kwh * MICRO_PER_EURO
    # What is left tomorrow need not be bought in the cheapest quarter-hour then, and serves in the dearest; a little less, or it waits.
    refilled, dearest = min(coming.import_prices) / home.charging, max(coming.import_prices)
    if said.sells:
        dearest = max(dearest, *coming.export_prices)
    worth = NEARLY * min(refilled, dearest * home.discharging - wear * home.coming_out) / JOULES_PER_KWH
    # Loads alone may exceed the limit for peaks, which is soft.
    cap = None if said.peak_watts_max is None else max(said.peak_watts_max, max(seen.loads_watts) + 1)
    level = inputs.levels.get(home.battery, 0)
    of_home = home.converters(cap, said.reserve_percent)
    converters = replace(of_home, sells=said.sells, wear_price=wear, holding_price=HOLDS * max(coming.import_prices))
    try:
        plan = cheapest_plan(converters, coming, level, worth)
    except JoulebusError:
        return _served(f"serve the home from the battery, because there is no plan ({costs})")
    why = f"because the cheapest plan for 24 h does ({costs})"
    if plan.from_grid[0] * home.charging > NOTICED_SHARE * home.store.capacity_joules:
        target = min(100.0, home.percent(plan.levels[0]))
        return _Choice(True, target, False, f"charge from the grid to {target:g} %, {why}")
    if (sale := _planned_sale(home, plan, level, prices[0][1])) is not None and said.sells:
        return _Choice(False, 100.0, True, f"feed the grid from the battery down to {sale.least_percent:g} %, {why}", sale)
    if said.sells and _sells_sun(plan, prices):
        reason = f"feed the grid with the sun, and fill the battery later, {why}"
        return _Choice(False, 100.0, True, reason, stores_sun=False)
    if plan.discharged[0] > QUARTER_SECONDS or plan.from_sun[0] > QUARTER_SECONDS:
        return _served(f"serve the home from the battery and the sun, {why}")
    return _Choice(False, 100.0, False, f"keep what is in the battery, {why}")


def _prospect(expected: Expected, prices: list[tuple[float, float]]) -> Prospect:
    hours = [expected.hour(step) for step in range(QUARTERS_AHEAD)]
    return Prospect(
        QUARTER_SECONDS,
        loads=[expected.loads_watts[hour] * QUARTER_SECONDS for hour in hours],
        sun=[expected.sun_watts[hour] * QUARTER_SECONDS for hour in hours],
        import_prices=[bought for bought, _ in prices],
        export_prices=[sold for _, sold in prices],
    )


def _sells_sun(plan: BatteryPlan, prices: list[tuple[float, float]]) -> bool:
    """Whether a plan's first quarter-hour gives away the sun and stores none; where all hours pay the same, it may as well be stored."""
    pays_more = prices[0][1] > min(sold for _, sold in prices)
    return pays_more and plan.exported[0] > QUARTER_SECONDS and plan.from_sun[0] <= QUARTER_SECONDS


def _planned_sale(home: BatteryHome, plan: BatteryPlan, level: int, price: float) -> _Sale | None:
    """The sale of a plan's first quarter-hour. The inverter sells with full power: when it has sold enough, the rest is kept."""
    given = plan.discharged[0] * home.settings.efficiency_percent / 100
    sold = min(plan.exported[0], given)
    if sold <= QUARTER_SECONDS:
        return None
    served = given - sold
    share = min(1.0, sold / max(1.0, home.ac_watts_max * QUARTER_SECONDS - served))
    least = level - (sold + share * served) / home.discharging
    return _Sale(floor(price), max(0.0, home.percent(least)))


def _beside_cars(
    inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: BatteryHome, chosen: tuple[_Choice, float]
) -> _Choice:
    """What was chosen, as far as it may help cars that charge."""
    (choice, cars_watts), helps = chosen, inputs.properties.helps_cars
    if helps == "always" or cars_watts < NOTICED_WATTS or not choice.discharge:
        return choice
    least = home.least_joules(inputs.properties.reserve_percent)
    if helps == "surplus" and seen.loads_watts:
        kept = least + _expected(inputs, seen).behind_joules(0, QUARTERS_AHEAD) / home.discharging
        if inputs.levels.get(home.battery, 0) > kept + TO_SPARE * home.store.capacity_joules:
            keeps = home.percent(kept)
            told = f"{choice.reason}; a car charges, and the battery helps it down to {keeps:g} %"
            return replace(choice, keeps_percent=keeps, reason=told, sale=None)
    return _Choice(False, choice.target_percent, False, f"keep what is in the battery, because a car charges; else: {choice.reason}")


def _euro(micro: float) -> str:
    return f"{micro / MICRO_PER_EURO:.3f}"
