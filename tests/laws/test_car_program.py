"""Cars run by their program: the same ledger however time is cut, nothing left behind, and settings that hold while cars charge."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from joulebus.audit import audit
from joulebus.devices.battery_program import BatteryProgramProperties
from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus.planning.api import load
from joulebus_schemas.roster import Member
from tests.tables.test_calendar import calendar

QUARTER = 15
"""Ticks of a minute."""
NIGHT = 56 * QUARTER
"""From six to eight."""
TRIPS = (
    "UID:1\nDTSTART;TZID=Europe/Brussels:20260609T073000\nRRULE:FREQ=WEEKLY;BYDAY=TU\nSUMMARY:work @car@ 70%",
    "UID:2\nDTSTART;VALUE=DATE:20260610\nSUMMARY:@cat@ to the vet",
)


def home_file(folder: Path, tick_seconds: int = 60, **program: Any) -> HomeFile:
    """Two cars at a charger each, one of them nearly empty, with a battery and sun."""
    place = {"latitude_degrees": 51.0, "longitude_degrees": 4.0, "timezone": "Europe/Brussels"}
    devices: dict[str, Any] = {
        "sun": {"kind": "sun"},
        "panel": {"kind": "panel", "peak_watts": 9_000},
        "battery": {"kind": "battery"},
        "inverter": {"kind": "inverter", "rating_watts": 8_000},
        "grid": {"kind": "grid", "import_euro_per_kwh": 0.4, "import_rates": [{"during": "22:00-07:00", "euro_per_kwh": 0.15}]},
        "baseload": {"kind": "baseload", "annual_kwh": 4_000},
        "wallbox": {"kind": "charger"},
        "socket": {"kind": "charger", "phase_count": 1},
        "car": {"kind": "car", "hears": ["wallbox"], "initial_percent": 60},
        "van": {
            "kind": "car",
            "hears": ["socket"],
            "phase_count": 1,
            "initial_percent": 18,
            "trips": [{"departs": "Mon-Fri 06:30", "hours": 9, "km": 60}],
        },
        "program": {"kind": "car_program", "calendar_file": calendar(folder, *TRIPS).path, "peak_watts_max": 5_000, **program},
    }
    words = {"home": "drive", "place": place, "start": "2026-06-08T18:00:00+02:00", "tick_seconds": tick_seconds, "devices": devices}
    return load(words).file


def lived(home: Home, ticks: int, window: int | None = None) -> str:
    """The last seal after so many ticks."""
    list(home.live(ticks, window))
    return home.keeper.ledger.head


def test_the_program_decides_the_same_however_time_is_cut(tmp_path: Path) -> None:
    whole = lived(Home.from_file(home_file(tmp_path)), NIGHT)
    assert [lived(Home.from_file(home_file(tmp_path)), NIGHT, window) for window in (1, 7)] == [whole] * 2


def with_a_battery_program(file: HomeFile, **properties: Any) -> HomeFile:
    """The same home, with a second program."""
    said = BatteryProgramProperties(**properties).model_dump(mode="json")
    return replace(file, members={**file.members, "second": Member(kind="battery_program", properties=said)})


def test_a_battery_that_does_not_help_cars_decides_the_same_however_time_is_cut(tmp_path: Path) -> None:
    files = {helps: with_a_battery_program(home_file(tmp_path), helps_cars=helps) for helps in ("always", "surplus", "never")}
    for file in files.values():
        assert len({lived(Home.from_file(file), 24 * QUARTER, window) for window in (None, 1, 7)}) == 1
    homes = {helps: Home.from_file(file) for helps, file in files.items()}
    for home in homes.values():
        lived(home, 24 * QUARTER)
    levels = [homes[helps].seats["battery"].readings()["state_of_charge_ppm"] for helps in ("always", "surplus", "never")]
    assert levels[0] < levels[2], levels
    assert levels == sorted(levels), levels


@pytest.mark.parametrize("tick_seconds", [300, 900])
def test_the_program_lives_with_long_ticks(tmp_path: Path, tick_seconds: int) -> None:
    ticks = NIGHT * 60 // tick_seconds
    whole, ones = (lived(Home.from_file(home_file(tmp_path, tick_seconds)), ticks, window) for window in (None, 1))
    assert whole == ones


@pytest.mark.parametrize("first", [QUARTER - 1, QUARTER, 9 * QUARTER - 1, 100])
def test_a_home_that_is_woken_charges_as_if_it_had_never_slept(tmp_path: Path, first: int) -> None:
    path = tmp_path / "journal.bin"
    with Journal.open(path, durable="memory") as journal:
        lived(Home.from_file(home_file(tmp_path), journal), first)
    with Journal.open(path, durable="memory") as journal:
        head = lived(Home.of_keeper(wake(journal)), NIGHT - first)
    assert audit(path).findings == ()
    assert head == lived(Home.from_file(home_file(tmp_path)), NIGHT)


def test_cars_are_ready_for_their_trips_and_what_can_wait_keeps_below_the_limit(tmp_path: Path) -> None:
    home = Home.from_file(home_file(tmp_path))
    lived(home, QUARTER)
    bought = [home.seats["grid"].readings()["import_joules"]]
    for _ in range(53):
        lived(home, QUARTER)
        bought.append(home.seats["grid"].readings()["import_joules"])
    peaks = [(after - before) / 900 for before, after in zip(bought, bought[1:], strict=False)]
    assert 4_000 < max(peaks[4:]) < 5_000, peaks  # The first hour belongs to the one that is nearly empty.
    full = {name: home.seats[name].readings()["state_of_charge_ppm"] for name in ("car", "van")}
    assert full["car"] >= 700_000, full
    warnings = home.seats["program"].state_words()["warnings"]
    assert warnings == ['the calendar names "@cat@", but the home has no car of that name; rename the event or the car']


def test_settings_hold_from_the_next_quarter_hour_on(tmp_path: Path) -> None:
    home = Home.from_file(home_file(tmp_path))
    lived(home, QUARTER - 1)
    assert not home.keeper.roster["wallbox"].properties["pause"]
    lived(home, 2)
    assert home.keeper.roster["wallbox"].properties["pause"]  # It is dear until ten.
    home.set("program", minimum_percent=65.0)
    lived(home, QUARTER)
    assert not home.keeper.roster["wallbox"].properties["pause"]
    home.set("program", minimum_percent=10.0, target_percent=50.0)
    lived(home, QUARTER)
    assert home.keeper.roster["wallbox"].properties["pause"]


@pytest.mark.parametrize("act", ["off", "removed"])
def test_the_program_that_goes_leaves_cars_charging_slowly(tmp_path: Path, act: str) -> None:
    home = Home.from_file(home_file(tmp_path, target_percent=90.0))
    lived(home, 2 * QUARTER)
    tick = home.switch("program", False) if act == "off" else home.remove("program")
    lived(home, 1)
    assert tick == 2 * QUARTER
    for charger in ("wallbox", "socket"):
        after = home.keeper.roster[charger].properties
        assert (after["pause"], after["amps"], after["surplus_only"]) == (False, 6, False)
    assert home.keeper.roster["car"].properties["target_percent"] == 80.0


def switching(folder: Path) -> HomeFile:
    """A roof that is too small for three phases but at noon, and a charger that switches."""
    file = home_file(folder, calendar_file="", peak_watts_max=None, minimum_percent=0)
    changes: dict[str, dict[str, Any]] = {
        "wallbox": {"switches_phases": True, "switch_pause_seconds": 120},
        "panel": {"peak_watts": 8_500, "tilt_degrees": 35, "azimuth_degrees": 180},
        "battery": {"initial_percent": 100},
        "car": {"initial_percent": 30},
        "van": {"plugged_in": False},
    }
    members = {
        name: member.model_copy(update={"properties": {**member.properties, **changes.get(name, {})}})
        for name, member in file.members.items()
    }
    return replace(file, members=members, start_unix_seconds=file.start_unix_seconds + 11 * 3_600)  # From five o'clock on.


def test_phases_are_switched_once_up_and_once_down_on_a_clear_day_while_nothing_flows(tmp_path: Path) -> None:
    file = switching(tmp_path)
    assert len({lived(Home.from_file(file), 64 * QUARTER, window) for window in (None, 1, 7)}) == 1
    home = Home.from_file(file)
    before = home.keeper.roster["wallbox"].properties["phase_count"]
    switched = []
    for settled in home.live(64 * QUARTER, 1):
        phases = home.keeper.roster["wallbox"].properties["phase_count"]
        if phases != before:
            flowed = [settled.outcomes["car"].joules_in]
            flowed += [next(home.live(1, 1)).outcomes["car"].joules_in for _ in range(2)]
            switched.append((phases, flowed))
            before = phases
    assert [phases for phases, _ in switched] == [1, 3, 1], switched
    assert all(flowed[:2] == [0, 0] and flowed[2] > 0 for _, flowed in switched), switched
