"""What people see: right after one call, right again after any cut, ten times a second at most, and nobody waits for who is slow."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from joulebus_schemas.screen import SUMMARY_BYTES_MAX
from tests.real.reactor import turn
from tests.stories.conftest import Live
from tests.stories.homes import CABIN, ROOM
from tests.stories.living import ROOT, LivingHome
from tests.stories.wampc import Wampc

Look = Callable[[LivingHome], "Looker"]


class Looker:
    """A real process that watches a home."""

    def __init__(self, home: LivingHome, path: Path) -> None:
        self.path = path
        url = str(home.running["guest_url"])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.real.looker", url, home.name, str(path)], cwd=ROOT, env=home.environment
        )

    def sees(self) -> Any:
        """The picture it has now; None before the first."""
        return json.loads(self.path.read_text()) if self.path.exists() else None

    def freeze(self) -> None:
        """It does nothing more, and says nothing about it."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def look(tmp_path: Path) -> Iterator[Look]:
    """Starts lookers; ends them after the test."""
    lookers: list[Looker] = []

    def start(home: LivingHome) -> Looker:
        lookers.append(Looker(home, tmp_path / f"looker{len(lookers)}.json"))
        return lookers[-1]

    yield start
    for looker in lookers:
        looker.process.kill()
        looker.process.wait()


def at_rest(home: LivingHome) -> Any:
    """What one call answers while time stands still; the lag is that of the moment."""
    return home.ask("screen", "snapshot")


def goes_on_after(home: LivingHome, tick: int) -> None:
    """Time has come so far, also while nobody answers; so everybody is back."""
    home.wait_until(lambda: home.committed_ticks() > tick, "time goes on")


def test_whoever_was_cut_off_ends_with_the_picture_of_who_never_was(live: Live, look: Look) -> None:
    cabin = live("cabin", CABIN, "--speed", "600").up()
    steady, shaky = look(cabin), look(cabin)
    cabin.wait_until(lambda: steady.sees() and shaky.sees(), "both see the home")
    random = Random(9)
    for act in (
        lambda: cabin.ask("oven", "set", power_watts=1_000),
        lambda: cabin.ask("home", "switch", name="oven", on=False),
        lambda: cabin.ask("home", "add", name="kettle", kind="appliance", properties={"power_watts": 2_000}),
        lambda: cabin.kill9("crossbar"),
        lambda: cabin.ask("home", "remove", name="kettle"),
        lambda: cabin.kill9("screen"),
        lambda: cabin.ask("clock", "speed", speed=60.0),
    ):
        shaky.freeze()
        turn(random.random())
        act()
        turn(2 * random.random())
        shaky.thaw()
        turn(random.random())
        goes_on_after(cabin, cabin.committed_ticks() + 60)
    cabin.ask("clock", "pause")
    records = cabin.committed()
    made = sum(record.outcomes["panel"].joules_out for record in records)
    cabin.wait_until(lambda: at_rest(cabin)["energy"]["panel"]["joules_out"] == made, "all of the energy is told")
    cabin.wait_until(lambda: steady.sees() == shaky.sees() == at_rest(cabin), "all three see the same")
    shown = at_rest(cabin)
    assert shown["summary"]["paused"] and shown["summary"]["speed"] == 60.0
    assert (shown["roster"]["oven"]["on"], shown["roster"]["oven"]["properties"]["power_watts"]) == (False, 1_000)
    assert "kettle" not in shown["roster"]
    assert shown["counted_from_tick"] == 0
    cost = sum(one.import_cost_micro_euro - one.export_income_micro_euro for record in records for one in record.outcomes.values())
    assert shown["summary"]["cost_micro_euro"] == cost
    assert shown["sealed_epochs"] == len(cabin.seals())
    assert shown["summary"]["tick"] == cabin.committed_ticks()


@pytest.mark.slow
def test_a_frozen_reader_slows_nobody_and_summaries_are_few_and_small(live: Live, look: Look) -> None:
    cabin = live("cabin", CABIN, "--speed", "flat_out").up()
    frozen = look(cabin)
    cabin.wait_until(frozen.sees, "it sees the home")
    frozen.freeze()
    router_before, tick_before = _resident_kb(cabin.pids()["crossbar"]), cabin.tick()
    began = time.monotonic()
    summaries = cabin.listen("screen", "summary")
    cabin.hear(lambda: len(summaries) >= 60 and summaries[-1][0][0]["tick"] > tick_before + 3_600, "summaries of an hour", 120)
    words = [event[0][0] for event in summaries]
    assert len(words) <= 10.5 * (time.monotonic() - began) + 1, "ten a second at most"
    assert all(later["tick"] >= earlier["tick"] for earlier, later in zip(words, words[1:], strict=False))
    assert max(len(json.dumps(word)) for word in words) <= SUMMARY_BYTES_MAX
    assert words[-1]["tick"] > tick_before + 3_600
    assert _resident_kb(cabin.pids()["crossbar"]) - router_before < 32_000
    frozen.thaw()
    cabin.ask("clock", "pause")
    cabin.wait_until(lambda: frozen.sees() == at_rest(cabin), "it sees the same again")


def _resident_kb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)


@pytest.mark.slow
def test_a_home_without_a_historian_says_since_when_it_counts(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60", "--no-historian").up()
    room.wait_until(lambda: "screen" in room.pids(), "the screen runs")
    room.kill9("screen")
    heard: list[Any] = room.listen("screen", "summary")
    room.hear(lambda: heard, "a summary of the new screen")
    shown = room.ask("screen", "snapshot")
    assert shown["counted_from_tick"] > 0
    room.wait_until(lambda: room.ask("screen", "snapshot")["energy"], "something is counted")
    shown = room.ask("screen", "snapshot")
    counted = shown["summary"]["tick"] - shown["counted_from_tick"]
    assert shown["energy"]["grid"]["joules_out"] <= 5_000 * counted


def test_a_stranger_with_wampc_asks_for_the_picture_and_the_past(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    room.wait_for_tick(2_000)
    session = Wampc(str(room.running["guest_url"]))
    try:
        assert "power_watts" in session.call("joulebus.room.screen.snapshot")
        assert "heater.in" in session.call("joulebus.room.historian.energy", resolution="5m")
        assert "micro-euro" in session.call("joulebus.room.historian.cost", resolution="15m")
        assert "heater" in session.call("joulebus.room.historian.changes", device="heater")
        assert "slot_seconds" in session.call("joulebus.room.historian.decisions")
        assert "highest" in session.call("joulebus.room.historian.peaks", most=3)
        assert "progress_ppm" in session.call("joulebus.room.historian.state")
        assert "joulebus.error" in session.call("joulebus.room.historian.energy", resolution="1s", from_unix_seconds=0)
    finally:
        session.close()
    table = room.joulebus("history", "energy", "heater", "--every", "15m")
    assert (table.returncode, "heater.in" in table.stdout) == (0, True), table.stderr
    lines = room.joulebus("history", "cost", "--every", "15m", "--csv").stdout.splitlines()
    assert lines[0] == "time,unix_seconds,cost micro-euro,import micro-euro" and len(lines) >= 3
    refused = room.joulebus("history", "energy", "--every", "1s", "--from", "2026-06-21T10:00:00-04:00", "--by", "nothing")
    assert refused.returncode == 2
