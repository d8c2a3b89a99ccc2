"""What a rebuilt house must not change: the seals of a week in memory. On the bus: tests/stories/test_golden_weeks.py."""

from pathlib import Path

import pytest

from tests.golden.weeks import HEADS, HOMES, SEALS, WEEK_TICKS, week_file
from tests.stories.homes import seals_in_memory


@pytest.mark.parametrize("name", sorted(HEADS))
def test_a_week_in_memory_has_the_seals_of_the_golden_file(name: str, tmp_path: Path) -> None:
    seals = seals_in_memory(week_file(name, tmp_path), WEEK_TICKS)
    assert (len(seals), seals[-1]) == (SEALS, HEADS[name])


def test_every_example_home_is_in_the_golden_file() -> None:
    assert sorted(HEADS) == sorted(path.stem for path in HOMES.glob("*.yaml"))
