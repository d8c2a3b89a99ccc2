"""The program of cars: what it sets in a quarter-hour, in tables of trips, prices and levels."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.device import Span
from joulebus.devices.car_program import CarProgram, CarProgramProperties, CarProgramState
from joulebus.program import ProgramDecision, ProgramInputs
from joulebus_schemas.roster import Member
from tests.tables.heavens import BRUSSELS, context, unix
from tests.tables.test_calendar import calendar

KWH = 3_600_000
Of = dict[str, Any] | None
NIGHT, EVENING, NOON = "2026-01-13 02:00", "2026-01-12 17:00", "2026-01-12 11:00"
"""A Tuesday and a Monday in UTC; local time is an hour ahead."""
GRID = {"import_euro_per_kwh": 0.40, "import_rates": [{"during": "22:00-07:00", "euro_per_kwh": 0.15}]}
WAIT, SUN = {"pause": True}, {"pause": False, "amps": 16, "surplus_only": True}


def amps(number: int) -> dict[str, Any]:
    """Settings of a charger that charges from whatever there is."""
    return {"pause": False, "amps": number, "surplus_only": False}


def decided(
    at: str, percent: float, properties: Of = None, car: Of = None, watts: int = 500, more: dict[str, Member] | None = None
) -> ProgramDecision[CarProgramState]:
    """What is decided with so much in a car of 60 kWh, when the home took so many watts in the last quarter-hour."""
    roster = {
        "grid": Member(kind="grid", properties=GRID),
        "wallbox": Member(kind="charger", properties={}),
        "car": Member(kind="car", properties=car or {}, hears=("wallbox",)),
        **(more or {}),
    }
    levels = {"car": round(percent * 0.6 * KWH)}
    begins = unix(at)
    state = CarProgramState(seen_until=begins - 900, grid_joules=KWH, store_joules=levels)
    given = CarProgramProperties(**(properties or {}))
    balances = {"grid": -KWH - watts * 900}
    return CarProgram().decide(
        ProgramInputs(context("program", BRUSSELS), given, Span(900, 900, 1, begins), roster, balances, levels), state
    )


@pytest.mark.parametrize(
    ("at", "percent", "properties", "car", "watts", "expected"),
    [
        (EVENING, 19.0, {}, {}, 9_000, amps(16)),  # Nearly empty.
        (EVENING, 29.0, {"minimum_percent": 30}, {}, 9_000, amps(16)),
        (EVENING, 31.0, {"minimum_percent": 30}, {}, 500, WAIT),
        (EVENING, 50.0, {}, {"trips": [{"departs": "19:00", "hours": 2, "km": 200}]}, 9_000, amps(16)),  # A sudden trip.
        (EVENING, 50.0, {"follows_trips": False}, {"trips": [{"departs": "19:00", "hours": 2, "km": 200}]}, 9_000, WAIT),
        (EVENING, 50.0, {}, {"trips": [{"departs": "07:30", "hours": 2, "km": 200}]}, 500, WAIT),  # The night will do.
        (NIGHT, 20.0, {"peak_watts_max": 6_000}, {"trips": [{"departs": "06:30", "hours": 2, "km": 100}]}, 500, amps(7)),
        (EVENING, 50.0, {"ready_by": ["19:00"]}, {}, 9_000, amps(16)),
        (EVENING, 50.0, {"ready_by": ["Tue 07:00"]}, {}, 500, WAIT),
        (NOON, 50.0, {}, {}, -5_000, SUN),
        (NOON, 50.0, {}, {}, -4_000, WAIT),  # Less than 6 A on three phases.
        (NIGHT, 50.0, {}, {}, 500, amps(12)),  # The connection carries 9.2 kW.
        (NIGHT, 50.0, {"peak_watts_max": 6_000}, {}, 500, amps(7)),
        (NIGHT, 50.0, {"peak_watts_max": 4_500}, {}, 500, WAIT),  # 4.0 kW are too little.
        (NIGHT, 50.0, {"amps_max": 10}, {}, 500, amps(10)),
        (NIGHT, 80.0, {}, {}, 500, WAIT),
        (NIGHT, 80.0, {"target_percent": 90}, {}, 500, amps(12)),
        (NIGHT, 5.0, {}, {"plugged_in": False}, 500, WAIT),
        (NOON, 5.0, {}, {"trips": [{"departs": "11:30", "hours": 2, "km": 1}]}, -9_000, WAIT),  # It is away.
    ],
)
def test_what_is_decided(
    at: str, percent: float, properties: dict[str, Any], car: dict[str, Any], watts: int, expected: dict[str, Any]
) -> None:
    found = decided(at, percent, properties, car, watts)
    assert (found.settings["wallbox"], found.state.decision) == (expected, found.state.decision)
    assert f"{percent:.0f} %)" in found.state.decision


def test_a_decision_is_a_sentence_with_its_reason_and_what_it_looked_at() -> None:
    assert decided(NIGHT, 50.0, {"peak_watts_max": 6_000}).state.decision == (
        "charge car at wallbox with at most 5.50 kW, because it is cheap now, and the car is below its 80 % (rule 5, 50 %) "
        "(the sun leaves 0.00 kW, there is room for 5.50 kW, a kWh costs 0.150 now and 0.150 to 0.400 in the next 24 h)"
    )


@pytest.mark.parametrize(
    ("properties", "car", "expected"),
    [
        ({}, {}, 80.0),
        ({"target_percent": 70.0}, {}, 70.0),
        ({}, {"trips": [{"departs": "07:00", "hours": 2, "km": 250}]}, 95.0),  # 20 % of 60 kWh and 45 kWh.
        ({}, {"trips": [{"departs": "07:00", "hours": 2, "km": 900}]}, 100.0),
    ],
)
def test_charging_ends_at_the_target_or_at_what_a_trip_needs(properties: dict[str, Any], car: dict[str, Any], expected: float) -> None:
    assert decided(NIGHT, 50.0, properties, car).settings["car"] == {"target_percent": expected}


@pytest.mark.parametrize(
    ("title", "hour", "expected"),
    [
        ("@car@ 95%", 20, (amps(16), 95.0)),
        ("@car@ 250km", 20, (amps(16), 95.0)),
        ("@car@", 20, (amps(16), 80.0)),
        ("@car@ 95%", 2, (WAIT, 95.0)),  # Cheap hours come before it.
        ("@van@ 95%", 20, (WAIT, 80.0)),
    ],
)
def test_a_calendar_says_who_must_have_how_much_when(tmp_path: Path, title: str, hour: int, expected: tuple[dict[str, Any], float]) -> None:
    event = f"UID:1\nDTSTART;VALUE=DATE:20260112\nRRULE:FREQ=DAILY\nSUMMARY:to the sea {title}"
    path = calendar(tmp_path, event).path
    found = decided(EVENING, 50.0, {"calendar_file": path, "all_day_hour": hour, "amps_max": 16})
    assert (found.settings["wallbox"], found.settings["car"]["target_percent"]) == expected
    unknown = ('the calendar names "@van@", but the home has no car of that name; rename the event or the car',)
    assert found.state.warnings == (unknown if "van" in title else ())


def test_a_calendar_that_is_gone_is_warned_of_and_its_trips_are_not_known(tmp_path: Path) -> None:
    path = Path(calendar(tmp_path, "UID:1\nDTSTART:20260112T180000Z\nSUMMARY:@car@ 95%").path)
    assert decided(EVENING, 50.0, {"calendar_file": str(path)}).settings["wallbox"] == amps(16)
    path.unlink()
    found = decided(EVENING, 50.0, {"calendar_file": str(path)})
    assert found.settings["wallbox"] == WAIT
    assert found.state.warnings == (
        "the calendar cannot be read any more, so its trips are not known; mend the file, or set calendar_file again",
    )


def test_two_cars_share_what_is_left_below_the_limit_and_the_emptier_one_comes_first() -> None:
    more = {
        "socket": Member(kind="charger", properties={"phase_count": 1}),
        "van": Member(kind="car", properties={"phase_count": 1, "initial_percent": 0}, hears=("socket",)),
    }
    levels = {"minimum_percent": 0.0, "peak_watts_max": 8_200}
    found = decided(NIGHT, 50.0, levels, more=more)
    assert (found.settings["socket"], found.settings["wallbox"]) == (amps(16), WAIT)
    assert [reason[:24] for reason in found.state.reasons] == ["charge van at socket with"[:24], "pause car at wallbox, bec"[:24]]


def test_of_two_cars_at_one_charger_the_one_that_is_plugged_in_counts() -> None:
    van = Member(kind="car", properties={"capacity_kwh": 60}, hears=("wallbox",))
    assert "car at wallbox" in decided(NIGHT, 50.0, more={"van": van}).state.decision
    found = decided(NIGHT, 50.0, {}, {"plugged_in": False}, more={"van": van})
    assert found.state.decision.startswith("charge van at wallbox")


def test_what_charged_and_what_came_out_of_the_battery_is_not_taken_for_the_home() -> None:
    begins = unix(NOON)
    roster = {
        "grid": Member(kind="grid", properties=GRID),
        "battery": Member(kind="battery", properties={}),
        "wallbox": Member(kind="charger", properties={"efficiency_percent": 100.0}),
        "car": Member(kind="car", properties={"charge_efficiency_percent": 100.0}, hears=("wallbox",)),
    }
    state = CarProgramState(seen_until=begins - 900, store_joules={"battery": KWH, "car": 30 * KWH})
    levels = {"battery": KWH - 900 * 3_000, "car": 30 * KWH + 900 * 7_000}
    asked = ProgramInputs(
        context("program", BRUSSELS), CarProgramProperties(), Span(900, 900, 1, begins), roster, {"grid": -900 * 4_500}, levels
    )
    looked = CarProgram().decide(asked, state).state.decision
    assert "there is room for 8.70 kW" in looked  # The home itself took 0.5 kW of 9.2 kW.
    unknown = CarProgram().decide(asked, state.model_copy(update={"seen_until": begins - 1_800})).state.decision
    assert "there is room for 9.20 kW" in unknown


def test_a_home_without_cars_at_chargers_is_left_alone() -> None:
    found = decided(NIGHT, 50.0, more={"lonely": Member(kind="car"), "wallbox": Member(kind="oven")})
    assert (found.settings, found.state.decision) == ({}, "nothing: no car hears a charger")


def test_many_cars_still_fit_into_its_state() -> None:
    boxes = {f"box_{number}": Member(kind="charger") for number in range(70)}
    cars = {f"car_{number}": Member(kind="car", hears=(f"box_{number}",)) for number in range(70)}
    state = decided(NIGHT, 50.0, more=boxes | cars).state
    assert CarProgramState.model_validate_json(state.model_dump_json()) == state


def test_the_minimum_may_not_be_above_the_target() -> None:
    with pytest.raises(ValidationError, match="minimum_percent must not be above target_percent, 30; it was 40"):
        CarProgramProperties(minimum_percent=40.0, target_percent=30.0)


def on_phases(watts: int, now: int = 3, since: int | None = None, **more: Any) -> dict[str, Any]:
    """What a charger that switches is set to at noon, when the sun leaves so many watts; it was on one phase for so many seconds."""
    box = {"phase_count": now, "switches_phases": True, **more.pop("box", {})}
    car = {"charge_efficiency_percent": 100.0, **more.pop("car", {})}
    begins = unix(NOON)
    roster = {
        "grid": Member(kind="grid", properties=GRID),
        "wallbox": Member(kind="charger", properties=box),
        "car": Member(kind="car", properties=car, hears=("wallbox",)),
    }
    held = {} if since is None else {"wallbox": begins - since}
    levels = {"car": 30 * KWH}
    state = CarProgramState(seen_until=begins - 900, grid_joules=KWH, store_joules=levels, on_one_phase_since=held)
    asked = ProgramInputs(
        context("program", BRUSSELS), CarProgramProperties(**more), Span(900, 900, 1, begins), roster, {"grid": -KWH + watts * 900}, levels
    )
    return dict(CarProgram().decide(asked, state).settings["wallbox"])


ONE, THREE = {**SUN, "phase_count": 1}, {**SUN, "phase_count": 3}


@pytest.mark.parametrize(
    ("watts", "now", "since", "expected"),
    [
        (5_000, 3, None, THREE),
        (4_140, 3, None, THREE),
        (4_100, 3, None, ONE),  # Less than 6 A on three phases.
        (1_380, 3, None, ONE),
        (1_300, 3, None, WAIT),
        (4_500, 1, 3_600, ONE),  # Enough for three, but not by much.
        (4_600, 1, 3_600, THREE),
        (9_000, 1, 900, ONE),  # Switched a quarter-hour ago.
        (9_000, 1, 1_800, THREE),
        (9_000, 1, None, THREE),  # By people, or before a pause.
        (1_000, 1, 900, WAIT),
    ],
)
def test_switches_phases_where_the_sun_leaves_less_than_three_need(
    watts: int, now: int, since: int | None, expected: dict[str, Any]
) -> None:
    assert on_phases(watts, now, since) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"box": {"switches_phases": False}}, WAIT),
        ({"car": {"phase_count": 1}}, SUN),  # It charges on one phase in any case.
        ({"minimum_percent": 60}, {**amps(16), "phase_count": 3}),  # Nearly empty: with all there is.
    ],
)
def test_whoever_cannot_switch_or_must_charge_at_once_is_not_switched(more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert on_phases(2_000, **more) == expected


def test_a_limit_for_peaks_that_leaves_too_little_for_three_phases_leaves_one() -> None:
    wallbox = {"wallbox": Member(kind="charger", properties={"switches_phases": True})}
    found = decided(NIGHT, 50.0, {"peak_watts_max": 4_000}, more=wallbox)
    assert found.settings["wallbox"] == {**amps(15), "phase_count": 1}  # 3.5 kW are left.
    assert ": on one phase (rule 5" in found.state.decision
    assert found.state.on_one_phase_since == {"wallbox": unix(NIGHT)}
    assert decided(NIGHT, 50.0, {"peak_watts_max": 8_000}, more=wallbox).state.on_one_phase_since == {}
