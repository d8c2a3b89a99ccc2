"""The first ten minutes: a home that begins where life is, says what a restart takes back, and whose tables are whole at 80 columns."""

import json
import re
import runpy
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from joulebus_schemas.journal import Born
from tests.cli.test_setup import bash
from tests.stories.conftest import Live, LiveFile
from tests.stories.homes import CABIN, TV
from tests.stories.living import JOULEBUS, ROOT, LivingHome

GEYSER = "  geyser: {kind: geyser, litres: 60, power_watts: 1500}\n  weather: {kind: weather}\n"


def shown(home: LivingHome, *words: str) -> str:
    """What a command prints in a terminal of 80 columns."""
    done = subprocess.run(
        [JOULEBUS, *words], cwd=ROOT, env=home.environment | {"COLUMNS": "80"}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


@pytest.mark.slow
def test_a_home_begins_when_it_is_told_and_says_what_a_restart_takes_back(live: Live) -> None:
    home = live("cabin", CABIN + TV, "--start", "17:45", "--speed", "20").up()
    born = home.records()[0]
    assert isinstance(born, Born)
    assert born.start_unix_seconds == datetime.fromisoformat("2026-06-21T17:45:00-04:00").timestamp()
    assert bash("home_is_up").returncode == 0, "setup must see that its programs are in use"
    assert home.joulebus("device", "set", "tv", "power_watts=222").returncode == 0
    home.wait_for_tick(home.tick() + 60)

    listed = shown(home, "device", "list")
    assert "power_watts=222" in listed and "None" not in listed
    for words in (["ps"], ["history", "energy", "--every", "15m"], ["history", "peaks"], ["history", "changes"], ["access", "list"],
                  ["access", "log"], ["report", "cabin", "--every", "quarter"], ["device", "kinds", "grid"]):  # fmt: skip
        printed = shown(home, *words)
        tables = [line for line in printed.splitlines() if "│" in line or "┃" in line]
        assert "…" not in printed and max(map(cell_len, tables), default=0) <= 80, (words, printed)

    home.joulebus("clock", "pause")
    before = home.tick()
    clock = json.loads(home.joulebus("clock", "step", "10").stdout)
    assert (clock["tick"], clock["paused"]) == (before + 10, True), "it says the state of after the step"
    here = datetime.fromisoformat("2026-06-21T17:45:00-04:00").timestamp() + before + 10
    assert clock["local_time"] == datetime.fromtimestamp(here, ZoneInfo("America/New_York")).isoformat()

    assert home.stop() == 0
    home.up("--start", "17:45")
    assert "cabin continues where it stopped; --start is for a home that begins" in home.said
    assert re.search(r"cabin is again as its file says: tv\.power_watts=110; `joulebus export` writes a living home", home.said)
    assert "tv.power_watts=110" in home.said and home.ask("tv", "get")["power_watts"] == 110
    for _ in range(3):
        home.kill9("tv")
    home.wait_until(lambda: "tv has ended 3 times and was started again each time" in home.said, "it is named")
    assert home.stop() == 0


def test_a_drafted_home_lives(live_file: LiveFile) -> None:
    home = live_file(ROOT / "unwritten.yaml", "--speed", "flat_out", "--for", "2h")
    home.directory.mkdir(parents=True)
    home.file = home.directory / "drafted.yaml"
    home.__post_init__()
    assert home.joulebus("new", str(home.file), "--roof", "3000@90,3000@270", "--battery", "10", "--city", "Brussels").returncode == 0
    assert home.start().ended(120) == 0, home.said
    assert len(home.seals()) == 8


def test_an_energy_manager_in_lock_step_has_the_ledger_of_its_plan(live: Live) -> None:
    home = live("house", CABIN + GEYSER, "--speed", "60").up()
    quarters = 4
    done = subprocess.run(
        [sys.executable, "examples/ems.py", home.link("operator"), str(quarters)], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    ticks = [int(tick) for tick in re.findall(r"tick (\d+)  battery [\d.]+ %", done.stdout)]
    assert done.returncode == 0 and len(ticks) == quarters + 1, done.stderr
    assert [tick % 900 for tick in ticks] == [0] * len(ticks) and ticks[-1] - ticks[0] == quarters * 900
    assert home.tick() == ticks[-1], "it stands still when its manager has gone"
    planned = runpy.run_path(str(ROOT / "examples/ems.py"))["plan"](str(home.file), quarters, ticks[0])
    assert planned.keeper.ledger.head == home.seals()[-1]
    assert home.stop() == 0
