"""What a rebuilt house must not change: the seals of a week as processes on Crossbar. In memory: tests/golden."""

from pathlib import Path

import pytest

from tests.golden.weeks import HEADS, SEALS, week_file
from tests.stories.conftest import LiveFile

OFTEN = ("flat", "house")
"""The others are lived with `cd/test.sh --all`: each of them takes the better part of a minute."""


@pytest.mark.parametrize("name", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.slow) for name in sorted(HEADS)])
def test_a_week_on_the_bus_has_the_seals_of_the_golden_file(live_file: LiveFile, name: str, tmp_path: Path) -> None:
    home = live_file(week_file(name, tmp_path), "--speed", "flat_out", "--for", "7d").start()
    assert home.ended(seconds=300) == 0, home.said
    seals = home.seals()
    assert (len(seals), seals[-1]) == (SEALS, HEADS[name])
