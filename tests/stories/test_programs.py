"""A program as a process: it decides what it decides in memory, also when it is killed; time waits for it, and people see why."""

from pathlib import Path

import pytest

from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory, write_home
from tests.stories.living import LivingHome

CABIN = """\
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40, charge_watts_max: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  heater: {kind: appliance, power_watts: 300}
  program: {kind: battery_program, strategy: cheap_hours, charge_target_percent: 90, reserve_percent: 20}
"""
GRID_WITH_A_CHEAP_HOUR = "  grid: {kind: grid, import_euro_per_kwh: 0.4, import_rates: [{during: '11:00-12:00', euro_per_kwh: 0.1}]}\n"
HOURS = 3


def cabin(folder: Path) -> Path:
    """The cabin, with an hour in which the grid is cheap."""
    path = write_home(folder, "cabin", CABIN)
    text = path.read_text()
    path.write_text(text[: text.index("  grid:")] + GRID_WITH_A_CHEAP_HOUR)
    return path


def set_by_the_program(home: LivingHome) -> list[tuple[int, str]]:
    """From which tick on the grid may charge, and when."""
    return [(change.from_tick, str((change.properties or {})["charge_from_grid"])) for change in home.changes()]


@pytest.mark.slow
def test_a_program_that_is_killed_decides_what_it_decides_in_memory(tmp_path: Path, live_file: LiveFile) -> None:
    file = cabin(tmp_path)
    home = live_file(file, "--speed", "1200", "--for", f"{HOURS}h").up()
    home.wait_until(lambda: home.committed_ticks() >= 2_000, "tick 2000 is settled", 120)
    home.kill9("program")
    assert home.ended(seconds=300) == 0, home.said
    assert home.seals() == seals_in_memory(file, HOURS * 3_600)
    assert (3_600, "always") in set_by_the_program(home)
    assert (7_200, "never") in set_by_the_program(home)
    audit = home.joulebus("audit", str(home.journal_path))
    assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr


@pytest.mark.slow
def test_a_program_says_why_and_leaves_the_inverter_safe_when_it_is_switched_off(tmp_path: Path, live_file: LiveFile) -> None:
    home = live_file(cabin(tmp_path), "--speed", "300").up()
    home.wait_for_tick(3_700)
    home.ask("clock", "pause")
    said = home.ask("program", "state")["state"]["decision"]
    assert said.startswith("charge from the grid to 90 %, because that is missing")
    assert home.ask("inverter", "get")["charge_from_grid"] == "always"
    logged = [change["by"] for change in home.ask("inverter", "change_log")["changes"]]
    assert {(by["principal"], by["call"], by["through"]) for by in logged} == {
        ("cabin/~owner", "joulebus.cabin.clock.pause", None),
        ("cabin/program", "joulebus.cabin.inverter.set", "program"),
    }
    home.ask("home", "switch", name="program", on=False)
    home.ask("clock", "resume")
    home.wait_until(lambda: home.ask("inverter", "get")["charge_from_grid"] == "never", "the inverter is safe")
    home.wait_for_tick(home.tick() + 1_000)
    assert home.stop() == 0
