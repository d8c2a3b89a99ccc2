"""A fork of a living home: it begins where the home stands, foretells its truth, and the home notices nothing."""

import json
from pathlib import Path

import pytest

from tests.planning.homes import seals
from tests.stories.conftest import Live
from tests.stories.homes import CABIN, seals_in_memory

SIX_HOURS_TICKS = 6 * 3_600
START_UNIX_SECONDS = 1_782_050_400
"""2026-06-21T10:00:00-04:00"""


@pytest.mark.slow
def test_a_fork_foretells_a_living_home_that_never_notices(live: Live, tmp_path: Path) -> None:
    cabin = live("cabin", CABIN, "--speed", "1200", "--for", "6h").up()
    cabin.wait_for_tick(2_000)
    cabin.ask("clock", "speed", speed=60)  # However long the forks take, it is alive.
    foretold = tmp_path / "foretold"
    for _ in range(3):
        what_if = cabin.joulebus("plan", "--from-running", "cabin", "--days", "0.25", "--set", "battery.capacity_kwh=20", "--json")
    kept = cabin.joulebus("plan", "--from-running", "cabin", "--days", "0.25", "--out", str(foretold))
    assert (what_if.returncode, kept.returncode) == (0, 0), what_if.stderr + kept.stderr
    from_tick = json.loads((foretold / "plan.json").read_text())["from_tick"]
    assert 2_000 <= from_tick <= cabin.committed_ticks() and cabin.lives()
    reported = cabin.joulebus("report", "cabin", "--every", "quarter", "--json")
    assert reported.returncode == 0, reported.stderr
    assert json.loads(reported.stdout)["head_seal"] in seals(foretold)
    cabin.ask("clock", "speed", speed="flat_out")
    cabin.leave()
    assert cabin.ended(seconds=240) == 0, cabin.said
    truth = seals_in_memory(cabin.file, SIX_HOURS_TICKS)
    assert cabin.seals() == truth
    assert seals(foretold)[: len(truth)] == truth
    told = json.loads(what_if.stdout)
    assert 0 < (what_if_from := told["start_unix_seconds"] - START_UNIX_SECONDS) <= from_tick, what_if_from
    assert told["head_seal"] not in seals(foretold)
