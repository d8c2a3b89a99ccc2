"""The program of cars as a process: it decides what it decides in memory, also when it and a charger are killed."""

from pathlib import Path

import pytest

from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory, write_home
from tests.tables.test_calendar import calendar

GARAGE = """\
  inverter: {kind: inverter, rating_watts: 3000}
  heater: {kind: appliance, power_watts: 300}
  wallbox: {kind: charger}
  car: {kind: car, initial_percent: 40}
  program: {kind: car_program, target_percent: 60, calendar_file: trips.ics, peak_watts_max: 6000}
"""
HOURS = 2


@pytest.mark.slow
def test_a_program_of_cars_that_is_killed_decides_what_it_decides_in_memory(tmp_path: Path, live_file: LiveFile) -> None:
    calendar(tmp_path, "UID:1\nDTSTART:20260621T140000Z\nRRULE:FREQ=DAILY\nSUMMARY:@car@ 75%")
    file = write_home(tmp_path, "garage", GARAGE)
    home = live_file(file, "--speed", "1200", "--for", f"{HOURS}h").up()
    home.wait_until(lambda: home.committed_ticks() >= 2_000, "tick 2000 is settled", 120)
    home.kill9("program")
    home.kill9("wallbox")
    assert home.ended(seconds=300) == 0, home.said
    assert home.seals() == seals_in_memory(file, HOURS * 3_600)
    targets = [(change.properties or {})["target_percent"] for change in home.changes() if change.device == "car"]
    assert targets[0] == 75.0, targets
    audit = home.joulebus("audit", str(home.journal_path))
    assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
