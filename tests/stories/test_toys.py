"""What CONTRIBUTING promises: a new kind of device, and a new component, are one file and one line each. Both are added to a copy."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.conftest import LiveFile
from tests.stories.homes import write_home
from tests.stories.living import JOULEBUS, ROOT

PACKAGE = ROOT / "components" / "joulebus"
TICKER = '''\
"""A ticker: says each settlement again as one number, and answers how many it has said. A toy of the tests."""

from argparse import Namespace
from dataclasses import dataclass

from joulebus.bus import Bus
from joulebus.bus.component import Component, Says, answers, hears
from joulebus_schemas import topics
from joulebus_schemas.channels import Event
from joulebus_schemas.rounds import Kept, Settled


@dataclass
class Ticker(Component):
    """A ticker: says the end of each settlement."""

    part = "ticker"
    say_ticked = Says(Event("ticker", "ticked", Kept))

    bus: Bus
    home: str
    said: int = 0

    def start(self) -> None:
        """Declare what it hears and answers."""
        self.declare()

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Say it again."""
        self.said += 1
        self.say_ticked(Kept(number=settled.window.end))

    @answers("count")
    def count(self) -> Kept:
        """How many it has said."""
        return Kept(number=self.said)


def build(bus: Bus, given: Namespace) -> Ticker:
    """From its command line."""
    return Ticker(bus, given.home)
'''
LINES = {
    # file: the line that is added, and before which one
    "registry.py": (
        '    ComponentRecord("ticker", ("joulebus.services.ticker:Ticker",), "joulebus.services.ticker:build", calls={"count": VIEWER}),\n',
        '    ComponentRecord(\n        "balancer",',
    ),
    "devices/__init__.py": ('    "pump:Pump",\n', '    "sun:Sun",\n'),
}
DEVICES = '  inverter: {kind: inverter, rating_watts: 3000}\n  pump: {kind: pump, timers: ["10:05-10:20"]}\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """joulebus with a kind and a component more: a file and a line each."""
    copied = shutil.copytree(PACKAGE, tmp_path / "copy" / "joulebus", ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "services" / "ticker.py").write_text(TICKER)
    shutil.copyfile(copied / "devices" / "_blueprint.py", copied / "devices" / "pump.py")
    for name, (line, before) in LINES.items():
        text = (copied / name).read_text()
        assert text.count(before) == 1
        (copied / name).write_text(text.replace(before, line + before))
    return copied.parent


def run(copy: Path, *words: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(copy), "NO_COLOR": "1", "COLUMNS": "200"}
    ran = subprocess.run([JOULEBUS, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_kind_that_is_a_copy_of_the_blueprint_is_planned_and_described(copy: Path, tmp_path: Path) -> None:
    file = write_home(tmp_path, "toys", DEVICES)
    planned = json.loads(run(copy, "plan", str(file), "--days", "1", "--json"))
    assert planned["devices"]["pump"]["joules_in"] == 750 * 15 * 60 and planned["missing_joules"] == 0
    assert "joules_per_litre" in run(copy, "device", "kinds", "pump")


def test_a_component_of_one_file_and_one_line_lives_in_a_home_that_has_the_new_kind(
    copy: Path, live_file: LiveFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_home(tmp_path, "toys", DEVICES)
    monkeypatch.setenv("PYTHONPATH", str(copy))
    home = live_file(file, "--speed", "600").up()
    ticked = home.listen("ticker", "ticked")
    home.wait_for_tick(1_900)
    home.hear(lambda: ticked, "the ticker speaks")
    assert ticked[-1][0][0]["number"] > 0 and home.ask("ticker", "count")["number"] >= len(ticked)
    assert home.ask("pump", "describe")["kind"] == "pump"
    assert "ticker" in home.running["metrics_ports"] and home.pids()["ticker"]
    assert "not_authorized" not in home.logs()
    assert home.stop() == 0
    live = home.seals()
    in_memory = [sys.executable, "-c", f"from tests.stories.homes import *; print(*seals_in_memory(Path({str(file)!r}), 1800))"]
    seals = subprocess.run(in_memory, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True).stdout.split()
    assert live[:2] == seals


def test_the_specification_of_a_new_component_and_kind_follows_by_itself(copy: Path, tmp_path: Path) -> None:
    run(copy, "schemas", str(tmp_path / "schemas"))
    ticker = json.loads((tmp_path / "schemas/asyncapi/ticker.json").read_text())
    assert {"ticker_says_ticker_ticked", "ticker_answers_ticker_count"} <= ticker["operations"].keys()
    assert (tmp_path / "schemas/asyncapi/pump.json").is_file()
