"""The program of the battery: what it sets in a quarter-hour, in tables of prices and levels."""

from typing import Any

import pytest

from joulebus.device import Span
from joulebus.devices._battery_home import BatteryHome
from joulebus.devices.battery_program import BatteryProgram, BatteryProgramProperties, BatteryProgramState
from joulebus.devices.inverter import InverterProperties
from joulebus.program import ProgramDecision, ProgramInputs
from joulebus_schemas.roster import Member
from tests.tables.heavens import BRUSSELS, context, unix

KWH = 3_600_000
RATING_WATTS = InverterProperties().rating_watts
NIGHT_RATE = {"import_euro_per_kwh": 0.40, "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": 0.15}]}
CLOSE = {"import_euro_per_kwh": 0.40, "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": 0.36}]}
FLAT = {"import_euro_per_kwh": 0.40}
DEAR_EVENING = {**NIGHT_RATE, "export_euro_per_kwh": 0.05, "export_rates": [{"during": "18:00-20:00", "euro_per_kwh": 0.32}]}
"""What the battery gives in the evening is paid better than what it takes at night costs, losses included."""
CHARGE, HOLD, SERVE = ("always", "never"), ("never", "never"), ("never", "always")
"""What the grid's charge and the battery's discharge are set to."""
EVEN = BatteryProgramState(loads_watts=(1_000,) * 24, sun_watts=(0,) * 24)
SUNNY = BatteryProgramState(loads_watts=(300,) * 24, sun_watts=(0,) * 8 + (3_000,) * 8 + (0,) * 8)


IDLE = BatteryProgramState(loads_watts=(100,) * 24, sun_watts=(0,) * 24)


def inputs(
    properties: dict[str, Any], grid: dict[str, Any], at: str, kwh: float, tick_seconds: int = 1, **inverter: Any
) -> ProgramInputs[BatteryProgramProperties]:
    """What it looks at before a quarter-hour that begins at a moment of UTC, with so much in a battery of 10 kWh."""
    roster = {
        "battery": Member(kind="battery", properties={}),
        "grid": Member(kind="grid", properties=grid),
        "inverter": Member(kind="inverter", properties=inverter),
    }
    period = Span(900 // tick_seconds, 900 // tick_seconds, tick_seconds, unix(at))
    of = BatteryProgramProperties(**properties)
    return ProgramInputs(context("program", BRUSSELS), of, period, roster, {"grid": -KWH}, {"battery": round(kwh * KWH)})


@pytest.mark.parametrize(
    ("strategy", "grid", "at", "kwh", "state", "expected"),
    [
        ("surplus", NIGHT_RATE, "2026-01-10 02:00", 1.0, EVEN, SERVE),
        ("cheap_hours", NIGHT_RATE, "2026-01-10 02:00", 1.0, EVEN, CHARGE),
        ("cheap_hours", NIGHT_RATE, "2026-01-10 17:00", 8.0, EVEN, SERVE),
        ("cheap_hours", CLOSE, "2026-01-10 02:00", 1.0, EVEN, SERVE),  # Not worth its losses.
        ("cheap_hours", NIGHT_RATE, "2026-06-10 02:00", 5.0, SUNNY, SERVE),
        ("cheap_hours", FLAT, "2026-01-10 02:00", 1.0, EVEN, SERVE),
        ("look_ahead", NIGHT_RATE, "2026-01-10 04:45", 1.0, EVEN, CHARGE),  # The last cheap quarter-hour.
        ("look_ahead", NIGHT_RATE, "2026-01-10 04:45", 10.0, EVEN, HOLD),
        ("look_ahead", NIGHT_RATE, "2026-01-10 17:00", 8.0, EVEN, SERVE),
        ("look_ahead", FLAT, "2026-01-10 17:00", 8.0, EVEN, SERVE),
        ("look_ahead", CLOSE, "2026-01-10 02:00", 1.0, EVEN, HOLD),
        ("look_ahead", NIGHT_RATE, "2026-06-10 03:45", 8.0, SUNNY, SERVE),  # The sun fills it anyway.
    ],
)
def test_what_is_decided(
    strategy: str, grid: dict[str, Any], at: str, kwh: float, state: BatteryProgramState, expected: tuple[str, str]
) -> None:
    decided = BatteryProgram().decide(inputs({"strategy": strategy}, grid, at, kwh), state)
    of = decided.settings["inverter"]
    assert ((of["charge_from_grid"], of["discharge"]), decided.state.decision) == (expected, decided.state.decision)
    assert f"battery {kwh * 10:.0f} %" in decided.state.decision


def test_reserve_and_limit_for_peaks_are_passed_on() -> None:
    decided = BatteryProgram().decide(inputs({"reserve_percent": 35, "peak_watts_max": 2_500}, FLAT, "2026-01-10 02:00", 5.0), EVEN)
    of = decided.settings["inverter"]
    assert (of["reserve_percent"], of["import_cap_watts"], of["shed_above_import_cap"]) == (35.0, 2_500, False)


@pytest.mark.parametrize("percent", [40.0, 60.0])
def test_cheap_hours_charge_up_to_charge_target_percent_at_most(percent: float) -> None:
    asked = inputs({"strategy": "cheap_hours", "charge_target_percent": percent}, NIGHT_RATE, "2026-01-10 02:00", 1.0)
    assert BatteryProgram().decide(asked, EVEN).settings["inverter"]["charge_target_percent"] == percent


def test_a_home_without_a_battery_is_left_alone() -> None:
    of = inputs({}, FLAT, "2026-01-10 02:00", 5.0)
    decided = BatteryProgram().decide(ProgramInputs(of.context, of.properties, of.period, {}, {}, {}), EVEN)
    assert (decided.settings, decided.state.decision) == ({}, "nothing: the home has no battery, no inverter or no grid")


def test_it_learns_what_an_hour_of_the_day_needs() -> None:
    state = BatteryProgramState()
    of = inputs({}, FLAT, "2026-01-10 02:15", 5.0)
    state = BatteryProgram().decide(of, state).state
    assert state.loads_watts == (KWH // 900,) * 24
    later = Span(1_800, 900, 1, of.period.unix_seconds + 900)
    again = ProgramInputs(of.context, of.properties, later, of.roster, {"grid": -KWH - 900 * 800}, of.levels)
    assert BatteryProgram().decide(again, state).state.loads_watts[3] == 4_000 + (800 - 4_000) * 4 // 32


@pytest.mark.parametrize(
    ("properties", "at", "kwh", "state", "expected"),
    [
        ({"strategy": "look_ahead"}, "2026-01-10 17:00", 9.0, IDLE, 0.32),
        ({"strategy": "look_ahead"}, "2026-01-10 16:00", 9.0, IDLE, None),  # It pays an hour later.
        ({"strategy": "look_ahead"}, "2026-01-10 17:00", 1.0, IDLE, None),  # Empty but for its reserve.
        ({"strategy": "look_ahead", "wear_euro_per_kwh": 0.2}, "2026-01-10 17:00", 9.0, IDLE, None),
        ({"strategy": "look_ahead", "sells": False}, "2026-01-10 17:00", 9.0, IDLE, None),
        ({"strategy": "cheap_hours"}, "2026-01-10 17:00", 9.0, IDLE, 0.32),
        ({"strategy": "cheap_hours"}, "2026-01-10 16:00", 9.0, IDLE, None),
        ({"strategy": "cheap_hours"}, "2026-01-10 17:00", 1.0, IDLE, None),
        ({"strategy": "cheap_hours"}, "2026-01-10 17:00", 5.0, EVEN, None),  # The home needs it until ten.
        ({"strategy": "cheap_hours", "wear_euro_per_kwh": 0.2}, "2026-01-10 17:00", 9.0, IDLE, None),
        ({"strategy": "surplus"}, "2026-01-10 17:00", 9.0, IDLE, None),
    ],
)
def test_the_battery_sells_in_dear_hours_when_that_pays(
    properties: dict[str, Any], at: str, kwh: float, state: BatteryProgramState, expected: float | None
) -> None:
    decided = BatteryProgram().decide(inputs({"sells": True, **properties}, DEAR_EVENING, at, kwh), state)
    of = decided.settings["inverter"]
    assert (of.get("sell_from_euro_per_kwh"), decided.state.decision) == (expected, decided.state.decision)
    assert of.get("charge_from_sun", "always") == ("always" if expected is None else "never")
    assert of["reserve_percent"] >= 10.0


@pytest.mark.parametrize(
    ("at", "sells", "expected"),
    [
        ("2026-06-10 06:30", True, "never"),  # It pays well until ten; then the sun fills the battery.
        ("2026-06-10 06:30", False, None),
        ("2026-06-10 09:30", True, "always"),
    ],
)
def test_sun_is_sold_while_it_pays_and_stored_later(at: str, sells: bool, expected: str | None) -> None:
    grid = {**FLAT, "export_euro_per_kwh": 0.02, "export_rates": [{"during": "08:00-10:00", "euro_per_kwh": 0.2}]}
    decided = BatteryProgram().decide(inputs({"strategy": "look_ahead", "sells": sells}, grid, at, 2.0), SUNNY)
    assert (decided.settings["inverter"].get("charge_from_sun"), decided.state.decision) == (expected, decided.state.decision)


def test_what_is_sold_ends_where_the_home_would_miss_it() -> None:
    decided = BatteryProgram().decide(inputs({"strategy": "cheap_hours", "sells": True}, DEAR_EVENING, "2026-01-10 17:00", 9.0), IDLE)
    kept = 10 + 100 * 0.1 * 4 / 0.96 / 0.97 / 10  # The reserve, and 100 W from six to ten.
    assert decided.settings["inverter"]["reserve_percent"] == pytest.approx(kept, abs=0.06)
    assert "pays 0.320 now and 0.320 at most" in decided.state.decision


def test_whoever_does_not_sell_leaves_selling_to_people_once_it_has_ended_its_own() -> None:
    asked = inputs({"strategy": "look_ahead"}, DEAR_EVENING, "2026-01-10 17:00", 9.0)
    quiet = BatteryProgram().decide(asked, IDLE)
    assert not {"sell_from_euro_per_kwh", "charge_from_sun"} & quiet.settings["inverter"].keys()
    ending = BatteryProgram().decide(asked, IDLE.model_copy(update={"sells": True}))
    assert (ending.settings["inverter"]["sell_from_euro_per_kwh"], ending.settings["inverter"]["charge_from_sun"]) == (None, "always")
    assert not ending.state.sells


@pytest.mark.parametrize(("wear", "expected"), [(0.0, CHARGE), (0.3, SERVE)])
def test_charging_from_the_grid_earns_its_wear(wear: float, expected: tuple[str, str]) -> None:
    asked = inputs({"strategy": "cheap_hours", "wear_euro_per_kwh": wear}, NIGHT_RATE, "2026-01-10 02:00", 1.0)
    of = BatteryProgram().decide(asked, EVEN).settings["inverter"]
    assert (of["charge_from_grid"], of["discharge"]) == expected


def test_a_program_that_comes_to_a_home_that_has_lived_learns_from_then_on() -> None:
    of = inputs({"strategy": "look_ahead"}, NIGHT_RATE, "2026-01-10 04:45", 1.0)
    late = ProgramInputs(of.context, of.properties, Span(90_000, 900, 1, of.period.unix_seconds), of.roster, of.balances, of.levels)
    first = BatteryProgram().decide(late, BatteryProgramState())
    assert (first.state.loads_watts, first.settings["inverter"]["discharge"]) == ((), "always")
    assert "nothing is known of the home yet" in first.state.decision
    then = Span(90_900, 900, 1, of.period.unix_seconds + 900)
    second = BatteryProgram().decide(ProgramInputs(of.context, of.properties, then, of.roster, {"grid": -2 * KWH}, of.levels), first.state)
    assert second.state.loads_watts == (KWH // 900,) * 24


def beside_a_car(
    properties: dict[str, Any], took_watts: int, kwh: float, sun_watts: int = 0, **car: Any
) -> ProgramDecision[BatteryProgramState]:
    """What is decided when a car took so many watts in the last quarter-hour and the home 400 beside."""
    of = inputs({"strategy": "surplus", **properties}, NIGHT_RATE, "2026-01-10 17:00", kwh)
    cars = {
        "wallbox": Member(kind="charger", properties={"efficiency_percent": 100.0}),
        "car": Member(kind="car", properties={"charge_efficiency_percent": 100.0, **car}, hears=("wallbox",)),
    }
    state = IDLE.model_copy(update={"seen_until": of.period.unix_seconds - 900, "car_joules": {"car": KWH}})
    levels = {**of.levels, "car": KWH + took_watts * 900}
    balances = {"grid": -(took_watts + 400 - sun_watts) * 900, "sun": -sun_watts * 900}
    return BatteryProgram().decide(ProgramInputs(of.context, of.properties, of.period, of.roster | cars, balances, levels), state)


KEPT = 10 + 100 * 24 * 0.1 / 0.96 / 0.97 / 10
"""Percent: the reserve, and 100 W for a day without sun; the hour that was learned adds little to it."""


@pytest.mark.parametrize(
    ("helps", "took_watts", "kwh", "sun_watts", "car", "expected"),
    [
        ("always", 7_000, 9.0, 0, {}, ("always", 10.0)),
        ("never", 7_000, 9.0, 0, {}, ("never", 10.0)),
        ("never", 0, 9.0, 0, {}, ("always", 10.0)),  # None charges.
        ("never", 1_500, 9.0, 2_500, {}, ("always", 10.0)),  # It takes sun alone.
        ("never", 3_000, 9.0, 2_000, {}, ("never", 10.0)),
        ("never", 7_000, 9.0, 0, {"plugged_in": False}, ("always", 10.0)),  # It has gone.
        ("surplus", 7_000, 9.0, 0, {}, ("always", KEPT)),
        ("surplus", 7_000, 3.0, 0, {}, ("never", 10.0)),  # The home will need that.
        ("surplus", 0, 3.0, 0, {}, ("always", 10.0)),
    ],
)
def test_a_battery_helps_cars_as_far_as_it_may(
    helps: str, took_watts: int, kwh: float, sun_watts: int, car: dict[str, Any], expected: tuple[str, float]
) -> None:
    decided = beside_a_car({"helps_cars": helps}, took_watts, kwh, sun_watts, **car)
    of = decided.settings["inverter"]
    assert (of["discharge"], decided.state.decision) == (expected[0], decided.state.decision)
    assert of["reserve_percent"] == pytest.approx(expected[1], abs=0.5)


def test_whoever_does_not_always_help_cars_learns_what_the_home_needs_without_them() -> None:
    learned = {helps: beside_a_car({"helps_cars": helps}, 7_000, 9.0).state for helps in ("always", "never")}
    assert {helps: state.loads_watts[17] for helps, state in learned.items()} == {
        "always": 100 + (7_400 - 100) * 4 // 32,
        "never": 100 + (400 - 100) * 4 // 32,
    }
    assert {helps: state.car_joules for helps, state in learned.items()} == {"always": {}, "never": {"car": KWH + 7_000 * 900}}


def test_with_ticks_of_a_quarter_hour_it_knows_what_the_one_before_will_have_charged() -> None:
    charging = {"charge_from_grid": "always", "charge_target_percent": 40, "discharge": "never"}
    asked = inputs({"strategy": "look_ahead"}, NIGHT_RATE, "2026-01-10 04:30", 3.0, 900, **charging)
    target = BatteryProgram().decide(asked, EVEN).settings["inverter"]["charge_target_percent"]
    assert target == pytest.approx(40 + 100 * RATING_WATTS * 900 * 0.96 * 0.97 / (10 * KWH), abs=0.1)


@pytest.mark.parametrize(
    ("watts", "kwh", "inverter", "expected"),
    [
        ((1_000, 0), 5.0, {}, -1_000 / 4 / 1_000 / (0.96 * 0.97)),
        ((1_000, 0), 5.0, {"discharge": "never"}, 0.0),
        ((1_000, 0), 2.0, {"reserve_percent": 20.0}, 0.0),
        ((0, 1_000), 5.0, {}, 1_000 / 4 / 1_000 * 0.97),
        ((0, 1_000), 5.0, {"charge_from_sun": "never"}, 0.0),
        ((0, 1_000), 10.0, {}, 0.0),
        ((1_000, 0), 9.9, {"charge_from_grid": "always"}, 0.1),
    ],
)
def test_a_battery_after_a_quarter_hour(watts: tuple[int, int], kwh: float, inverter: dict[str, Any], expected: float) -> None:
    said = {"efficiency_percent": 96.0, **inverter}
    home = BatteryHome.of(inputs({}, FLAT, "2026-01-10 04:30", kwh, **said).roster)
    assert home is not None
    after = home.level_after(round(kwh * KWH), watts, 900)
    assert (after - kwh * KWH) / KWH == pytest.approx(expected, abs=1e-3)
