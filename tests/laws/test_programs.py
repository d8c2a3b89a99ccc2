"""Programs in a home: what they set follows from the books alone, holds from the quarter-hour on, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest

from joulebus.audit import audit
from joulebus.devices import KINDS
from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.home.seat import read_properties
from joulebus.home.steering import may_set
from joulebus.homefile.home_file import HomeFile, of_words
from joulebus.journal.file import Journal
from joulebus.program import AnyProgram, Program
from joulebus_schemas.journal import Changed
from joulebus_schemas.roster import Member

QUARTER = 15
"""Ticks of a minute."""
NIGHT = 32 * QUARTER
"""From a quarter to ten, when it is dear, to a quarter to six."""
PROGRAMS: list[AnyProgram] = [kind for kind in KINDS.values() if isinstance(kind, Program)]


def home_file(strategy: str = "look_ahead", tick_seconds: int = 60, **program: Any) -> HomeFile:
    """A house in Flanders in January, with a cheap night, in which what is given is paid well for an hour."""
    return of_words(
        {
            "home": "villa",
            "place": {"latitude_degrees": 51.0, "longitude_degrees": 4.0, "timezone": "Europe/Brussels"},
            "start": "2026-01-10T21:45:00+01:00",
            "tick_seconds": tick_seconds,
            "devices": {
                "sun": {"kind": "sun"},
                "weather": {"kind": "weather"},
                "panel": {"kind": "panel", "peak_watts": 4_000},
                "battery": {"kind": "battery"},
                "inverter": {"kind": "inverter"},
                "grid": {
                    "kind": "grid",
                    "import_euro_per_kwh": 0.4,
                    "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": 0.15}],
                    "export_rates": [{"during": "05:00-05:30", "euro_per_kwh": 0.35}],
                },
                "baseload": {"kind": "baseload", "annual_kwh": 6_000},
                "program": {"kind": "battery_program", "strategy": strategy, **program},
            },
        }
    )


def lived(home: Home, ticks: int, window: int | None = None) -> str:
    """The last seal after so many ticks."""
    list(home.live(ticks, window))
    return home.keeper.ledger.head


def lived_home(file: HomeFile) -> Home:
    """It, after the night."""
    home = Home.from_file(file)
    lived(home, NIGHT)
    return home


@pytest.mark.parametrize("strategy", ["surplus", "cheap_hours", "look_ahead"])
def test_a_program_decides_the_same_however_time_is_cut(strategy: str) -> None:
    whole = lived(Home.from_file(home_file(strategy)), NIGHT)
    assert [lived(Home.from_file(home_file(strategy)), NIGHT, window) for window in (1, 7)] == [whole] * 2


def test_a_program_that_sells_decides_the_same_however_time_is_cut_and_sells() -> None:
    homes = [Home.from_file(home_file(sells=True)) for _ in range(3)]
    assert len({lived(home, NIGHT, window) for home, window in zip(homes, (None, 1, 7), strict=True)}) == 1
    sold = [home.seats["grid"].readings()["export_joules"] for home in (homes[0], lived_home(home_file()))]
    assert sold[0] > 1_000_000 and sold[1] == 0
    earned = [home.seats["grid"].readings()["export_income_micro_euro"] / 1e6 for home in homes]
    assert earned[0] == pytest.approx(sold[0] / 3_600_000 * 0.35, abs=1e-6), "to the micro-euro"


@pytest.mark.parametrize("tick_seconds", [450, 900])
def test_a_program_lives_with_long_ticks(tick_seconds: int) -> None:
    ticks = NIGHT * 60 // tick_seconds
    assert lived(Home.from_file(home_file(tick_seconds=tick_seconds)), ticks) == lived(
        Home.from_file(home_file(tick_seconds=tick_seconds)), ticks, 1
    )


@pytest.mark.parametrize("first", [QUARTER - 1, QUARTER, 7 * QUARTER - 1, 100])
def test_a_home_that_is_woken_decides_as_if_it_had_never_slept(tmp_path: Path, first: int) -> None:
    path = tmp_path / "journal.bin"
    with Journal.open(path, durable="memory") as journal:
        lived(Home.from_file(home_file(), journal), first)
    with Journal.open(path, durable="memory") as journal:
        again = Home.of_keeper(wake(journal))
        head = lived(again, NIGHT - first)
    assert audit(path).findings == ()
    assert head == lived(Home.from_file(home_file()), NIGHT)


def test_what_is_decided_holds_from_the_quarter_on_and_stands_in_the_journal(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal.bin", durable="memory") as journal:
        home = Home.from_file(home_file("cheap_hours"), journal)
        lived(home, QUARTER - 1)
        assert home.keeper.roster["inverter"].properties["charge_from_grid"] == "never"
        lived(home, 2)
        assert home.keeper.roster["inverter"].properties["charge_from_grid"] == "always"
        changed = [record for _, record, _ in journal.read() if isinstance(record, Changed)]
    assert [(change.device, change.from_tick) for record in changed for change in record.changes] == [("inverter", QUARTER)]
    said = home.seats["program"].state_words()["decision"]
    assert said.startswith("charge from the grid to 80 %, because that is missing until the sun suffices, and saves 0.197 a kWh")
    assert "reserve 10 %, a kWh costs 0.150 now and 0.400 at most in the next 24 h" in said


@pytest.mark.parametrize("act", ["off", "removed"])
def test_a_program_that_goes_leaves_the_inverter_safe(act: str) -> None:
    home = Home.from_file(home_file("cheap_hours"))
    lived(home, 2 * QUARTER)
    home.set("program", peak_watts_max=2_500)
    lived(home, QUARTER)
    before = home.keeper.future_roster()["inverter"].properties
    assert (before["charge_from_grid"], before["import_cap_watts"], before["shed_above_import_cap"]) == ("always", 2_500, False)
    tick = home.switch("program", False) if act == "off" else home.remove("program")
    lived(home, 1)
    assert tick == 3 * QUARTER
    after = home.keeper.roster["inverter"].properties
    assert {name: after[name] for name in ("charge_from_grid", "discharge", "import_cap_watts", "charge_target_percent")} == {
        "charge_from_grid": "never",
        "discharge": "always",
        "import_cap_watts": None,
        "charge_target_percent": 100.0,
    }


def test_a_program_whose_device_cannot_follow_does_not_stop_time() -> None:
    home = Home.from_file(home_file("cheap_hours"))
    home.set("inverter", charge_target_percent=40.0, reserve_percent=20.0)
    home.set("program", charge_target_percent=5.0, reserve_percent=0.0)
    assert lived(home, NIGHT) != ""
    assert home.keeper.next_tick == NIGHT


def test_a_program_sets_what_it_steers_and_nothing_else() -> None:
    roster = {name: Member(kind=kind) for name, kind in (("p", "battery_program"), ("i", "inverter"), ("oven", "oven"))}
    assert may_set(roster, "p", "i", {"discharge": "never"})
    assert not may_set(roster, "p", "i", {"discharge": "never", "rating_watts": 1})
    assert not may_set(roster, "p", "oven", {"power_watts": 1})
    assert not may_set(roster, "oven", "i", {"discharge": "never"})
    assert not may_set(roster, None, "i", {"discharge": "never"})
    assert not may_set({**roster, "p": Member(kind="battery_program", on=False)}, "p", "i", {"discharge": "never"})


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.kind)
def test_what_a_program_may_set_and_leaves_behind_are_properties_of_kinds(program: AnyProgram) -> None:
    for kind, names in program.steers.items():
        assert names <= KINDS[kind].properties.model_fields.keys()
    for kind, safe in program.safe.items():
        assert safe.keys() <= program.steers[kind]
        read_properties(KINDS[kind], dict(safe), kind)
