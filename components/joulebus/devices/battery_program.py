"""A program that runs the battery: surplus, cheap hours, a look ahead with a linear programme, a limit for peaks, and a reserve."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from joulebus.device import Properties
from joulebus.devices._day_ahead import grid_of, quarter_prices
from joulebus.devices._quantities import Percent
from joulebus.devices.battery import BatteryProperties
from joulebus.devices.inverter import InverterProperties
from joulebus.errors import JoulebusError
from joulebus.physics.battery_plan import Converters, Prospect, cheapest_plan
from joulebus.program import Program, ProgramDecision, ProgramInputs, ProgramState
from joulebus_schemas.base import Natural
from joulebus_schemas.facts import CURTAILED, DAY_SECONDS, JOULES_PER_KWH, MICRO_PER_EURO, QUARTER_SECONDS
from joulebus_schemas.roster import Member, of_kind

HOURS = 24
QUARTERS_AHEAD = DAY_SECONDS // QUARTER_SECONDS
NEARLY = 0.99
LEARNS = 8
"""An hour of the day counts for an eighth in what is expected of it: the last week weighs most."""
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


class BatteryProgramState(ProgramState):
    """What it has seen of the home: totals at its last decision, and what an hour of the day needs and the sun gives."""

    loads_joules: Annotated[Natural, Field(description="what the home and its losses took, since the home began")] = 0
    sun_joules: Annotated[Natural, Field(description="what the sun gave, since the home began")] = 0
    loads_watts: Annotated[HourWatts, Field(description="expected in each hour of the day")] = ()
    sun_watts: Annotated[HourWatts, Field(description="expected in each hour of the day")] = ()


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the battery does in a quarter-hour, and why."""

    charge: bool
    target_percent: float
    discharge: bool
    reason: str


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
            {"charge_from_grid", "charge_target_percent", "discharge", "reserve_percent", "import_cap_watts", "shed_above_import_cap"}
        )
    }
    safe = {"inverter": {"charge_from_grid": "never", "charge_target_percent": 100.0, "discharge": "always", "import_cap_watts": None}}

    def decide(self, inputs: ProgramInputs[BatteryProgramProperties], state: BatteryProgramState) -> ProgramDecision[BatteryProgramState]:
        """Charge, discharge or hold in the next quarter-hour."""
        home = _Home.of(inputs.roster)
        seen = _learned(inputs, state)
        if home is None:
            return ProgramDecision(seen.model_copy(update={"decision": "nothing: the home has no battery, no inverter or no grid"}), {})
        choice = _choice(inputs, seen, home)
        said = inputs.properties
        settings = {
            "charge_from_grid": "always" if choice.charge else "never",
            "charge_target_percent": max(choice.target_percent, said.reserve_percent),
            "discharge": "always" if choice.discharge else "never",
            "reserve_percent": said.reserve_percent,
            "import_cap_watts": said.peak_watts_max,
            "shed_above_import_cap": said.peak_watts_max is None,
        }
        return ProgramDecision(seen.model_copy(update={"decision": choice.reason}), {home.inverter: settings})


@dataclass(frozen=True)
class _Home:
    """The devices that matter."""

    inverter: str
    battery: str
    settings: InverterProperties
    store: BatteryProperties
    grid_text: str

    @classmethod
    def of(cls, roster: Mapping[str, Member]) -> "_Home | None":
        """Those of a roster; of several batteries the first by name is looked at."""
        found = {kind: [name for name in of_kind(roster, kind) if roster[name].on] for kind in ("inverter", "battery", "grid")}
        if not all(found.values()):
            return None
        inverter, battery, grid = (found[kind][0] for kind in ("inverter", "battery", "grid"))
        settings = InverterProperties.model_validate_json(_text(roster[inverter]))
        store = BatteryProperties.model_validate_json(_text(roster[battery]))
        return cls(inverter, battery, settings, store, _text(roster[grid]))

    @property
    def charging(self) -> float:
        """What of a joule of the grid arrives in the battery."""
        return self.settings.charge_efficiency_percent * self.store.charge_efficiency_percent / 10_000

    @property
    def discharging(self) -> float:
        """What of a joule in the battery arrives in the home."""
        return self.settings.efficiency_percent * self.store.discharge_efficiency_percent / 10_000

    def converters(self, peak_watts_max: int | None, reserve_percent: float) -> Converters:
        """The same as the planner has them."""
        store, inverter, capacity = self.store, self.settings, float(self.store.capacity_joules)
        least = max(reserve_percent, store.minimum_percent)
        grid = grid_of(self.grid_text)
        limit = grid.import_limit_watts
        return Converters(
            least_joules=capacity * least / 100,
            most_joules=capacity * store.maximum_percent / 100,
            charge_watts_max=store.charge_watts_max,
            discharge_watts_max=store.discharge_watts_max,
            charge_efficiency=store.charge_efficiency_percent / 100,
            discharge_efficiency=store.discharge_efficiency_percent / 100,
            inverter_watts_max=inverter.rating_watts,
            inverter_efficiency=inverter.efficiency_percent / 100,
            rectifier_watts_max=inverter.rating_watts if inverter.charge_watts_max is None else inverter.charge_watts_max,
            rectifier_efficiency=inverter.charge_efficiency_percent / 100,
            import_watts_max=limit if peak_watts_max is None else min(limit, peak_watts_max),
            export_watts_max=grid.export_limit_watts,
            sells=False,
        )


def _text(member: Member) -> str:
    return json.dumps(member.properties)


def _learned(inputs: ProgramInputs[Any], state: BatteryProgramState) -> BatteryProgramState:
    """With what has passed since the last decision."""
    stored = sum(inputs.balances.get(name, 0) for name in of_kind(inputs.roster, "battery"))
    sun = max(state.sun_joules, -inputs.balances.get("sun", 0) - inputs.balances.get(CURTAILED, 0))
    bought = -sum(inputs.balances.get(name, 0) for name in of_kind(inputs.roster, "grid")) - inputs.balances.get("export", 0)
    loads = max(state.loads_joules, sun + bought - stored)
    hour = _hour_of_day(inputs, inputs.period.unix_seconds - inputs.period.tick_seconds)
    return state.model_copy(
        update={
            "loads_joules": loads,
            "sun_joules": sun,
            "loads_watts": _mixed(state.loads_watts, hour, (loads - state.loads_joules) // inputs.period.seconds),
            "sun_watts": _mixed(state.sun_watts, hour, (sun - state.sun_joules) // inputs.period.seconds),
        }
    )


def _mixed(known: tuple[int, ...], hour: int, watts: int) -> tuple[int, ...]:
    """What is expected of an hour, when it was so; in the beginning all hours are alike."""
    found = list(known or (watts,) * HOURS)
    share = LEARNS * 4  # Four quarter-hours make an hour.
    found[hour] = found[hour] + (watts - found[hour]) * 4 // share if known else watts
    return tuple(max(0, one) for one in found)


def _hour_of_day(inputs: ProgramInputs[Any], moment: int) -> int:
    return datetime.fromtimestamp(moment, ZoneInfo(inputs.context.place.timezone)).hour


def _choice(inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: _Home) -> _Choice:
    said = inputs.properties
    percent = 100 * inputs.levels.get(home.battery, 0) / home.store.capacity_joules
    looked = f"battery {percent:.0f} %, reserve {said.reserve_percent:g} %"
    if said.strategy == "surplus":
        return _Choice(
            False, 100.0, True, f"serve the home from the battery and charge it from the sun, because that is the strategy ({looked})"
        )
    prices = quarter_prices(home.grid_text, inputs.context.place.timezone, inputs.period, QUARTERS_AHEAD)
    now, dearest = prices[0][0], max(bought for bought, _ in prices)
    costs = f"{looked}, a kWh costs {_euro(now)} now and {_euro(dearest)} at most in the next 24 h"
    if said.strategy == "cheap_hours":
        return _cheap(inputs, seen, home, (prices, costs))
    return _planned(inputs, seen, home, (prices, costs))


def _cheap(
    inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: _Home, known: tuple[list[tuple[float, float]], str]
) -> _Choice:
    prices, costs = known
    bought, worth = [price for price, _ in prices], max(price for price, _ in prices) * home.charging * home.discharging
    now = bought[0]
    if now >= worth or now > sorted(bought)[len(bought) // 4]:
        return _Choice(False, 100.0, True, f"serve the home from the battery, because it is not cheap now ({costs})")
    said, percent = inputs.properties, 100 / home.store.capacity_joules
    level = inputs.levels.get(home.battery, 0) * percent
    missing = _missing(inputs, seen, bought) / home.discharging * percent
    needed = round(max(said.reserve_percent, home.store.minimum_percent) + missing, 1)
    target = min(said.charge_target_percent, needed)
    if level >= needed:
        return _Choice(False, 100.0, True, f"serve the home from the battery, because it holds more than will be missing ({costs})")
    if now <= min(bought) and level < target:
        why = f"because that is missing until the sun suffices, and saves {_euro(worth - now)} a kWh"
        return _Choice(True, target, False, f"charge from the grid to {target:g} %, {why} ({costs})")
    return _Choice(False, 100.0, False, f"keep what is in the battery for dearer hours ({costs})")


def _missing(inputs: ProgramInputs[Any], seen: BatteryProgramState, bought: list[float]) -> int:
    """Joules that the sun is behind the loads at most, from when it becomes dearer until it is as cheap again."""
    begins = next((step for step, price in enumerate(bought) if price > bought[0]), len(bought))
    ends = next((step for step in range(begins, len(bought)) if bought[step] <= bought[0]), len(bought))
    behind = most = 0
    for step in range(begins, ends):
        hour = _hour_of_day(inputs, inputs.period.unix_seconds + step * QUARTER_SECONDS)
        behind += (seen.loads_watts[hour] - seen.sun_watts[hour]) * QUARTER_SECONDS
        most = max(most, behind)
    return most


def _planned(
    inputs: ProgramInputs[BatteryProgramProperties], seen: BatteryProgramState, home: _Home, known: tuple[list[tuple[float, float]], str]
) -> _Choice:
    (prices, costs), said = known, inputs.properties
    hours = [_hour_of_day(inputs, inputs.period.unix_seconds + step * QUARTER_SECONDS) for step in range(QUARTERS_AHEAD)]
    coming = Prospect(
        QUARTER_SECONDS,
        loads=[seen.loads_watts[hour] * QUARTER_SECONDS for hour in hours],
        sun=[seen.sun_watts[hour] * QUARTER_SECONDS for hour in hours],
        import_prices=[bought for bought, _ in prices],
        export_prices=[sold for _, sold in prices],
    )
    # What is left tomorrow need not be bought in the cheapest quarter-hour then, and serves in the dearest; a little less, or it waits.
    refilled = min(coming.import_prices) / home.charging
    worth = NEARLY * min(refilled, max(coming.import_prices) * home.discharging) / JOULES_PER_KWH
    # Loads alone may exceed the limit for peaks, which is soft.
    cap = None if said.peak_watts_max is None else max(said.peak_watts_max, max(seen.loads_watts) + 1)
    level = inputs.levels.get(home.battery, 0)
    try:
        plan = cheapest_plan(home.converters(cap, said.reserve_percent), coming, level, worth)
    except JoulebusError:
        return _Choice(False, 100.0, True, f"serve the home from the battery, because there is no plan ({costs})")
    why = f"because the cheapest plan for 24 h does ({costs})"
    if plan.from_grid[0] > QUARTER_SECONDS:
        target = min(100.0, round(100 * plan.levels[0] / home.store.capacity_joules, 1))
        return _Choice(True, target, False, f"charge from the grid to {target:g} %, {why}")
    if plan.discharged[0] > QUARTER_SECONDS or plan.from_sun[0] > QUARTER_SECONDS:
        return _Choice(False, 100.0, True, f"serve the home from the battery and the sun, {why}")
    return _Choice(False, 100.0, False, f"keep what is in the battery, {why}")


def _euro(micro: float) -> str:
    return f"{micro / MICRO_PER_EURO:.3f}"
