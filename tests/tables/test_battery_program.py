"""The program of the battery: what it sets in a quarter-hour, in tables of prices and levels."""

from typing import Any

import pytest

from joulebus.device import Span
from joulebus.devices.battery_program import BatteryProgram, BatteryProgramProperties, BatteryProgramState
from joulebus.program import ProgramInputs
from joulebus_schemas.roster import Member
from tests.tables.heavens import BRUSSELS, context, unix

KWH = 3_600_000
NIGHT_RATE = {"import_euro_per_kwh": 0.40, "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": 0.15}]}
CLOSE = {"import_euro_per_kwh": 0.40, "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": 0.36}]}
FLAT = {"import_euro_per_kwh": 0.40}
CHARGE, HOLD, SERVE = ("always", "never"), ("never", "never"), ("never", "always")
"""What the grid's charge and the battery's discharge are set to."""
EVEN = BatteryProgramState(loads_watts=(1_000,) * 24, sun_watts=(0,) * 24)
SUNNY = BatteryProgramState(loads_watts=(300,) * 24, sun_watts=(0,) * 8 + (3_000,) * 8 + (0,) * 8)


def inputs(properties: dict[str, Any], grid: dict[str, Any], at: str, kwh: float) -> ProgramInputs[BatteryProgramProperties]:
    """What it looks at before a quarter-hour that begins at a moment of UTC, with so much in a battery of 10 kWh."""
    roster = {
        "battery": Member(kind="battery", properties={}),
        "grid": Member(kind="grid", properties=grid),
        "inverter": Member(kind="inverter", properties={}),
    }
    period = Span(900, 900, 1, unix(at))
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
    again = ProgramInputs(of.context, of.properties, of.period, of.roster, {"grid": -KWH - 900 * 800}, of.levels)
    assert BatteryProgram().decide(again, state).state.loads_watts[3] == 4_000 + (800 - 4_000) * 4 // 32
