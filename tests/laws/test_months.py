"""Law 2 over whole months: the chain of seals hangs neither on windows, nor on pauses, nor on interruption; and who counts again agrees."""

from functools import cache
from pathlib import Path

import pytest

from joulebus.audit import LiveAudit
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.planning.planned import PlanOrder, begin_plan, go_on

HOMES = Path("examples/homes")
DAY_TICKS = 86_400
MONTH_TICKS = 30 * DAY_TICKS
EPOCHS_A_MONTH = 30 * 96
NAMES = ["house", "off_grid", "load_shedding"]


@cache
def month(name: str) -> tuple[str, ...]:
    """All seals of a month, in rounds of the runtime's own choice."""
    return tuple(seals(Home.from_file(home(name)), MONTH_TICKS, None))


def home(name: str) -> HomeFile:
    return load_home_file(HOMES / f"{name}.yaml")


def seals(living: Home, ticks: int, window: int | None) -> list[str]:
    return [seal.hash for settled in living.live(ticks, window) for seal in settled.seals]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("window", [3_600, 40_001])
def test_a_month_has_the_same_seals_for_every_window(name: str, window: int) -> None:
    assert len(month(name)) == EPOCHS_A_MONTH
    assert seals(Home.from_file(home(name)), MONTH_TICKS, window) == list(month(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("window", [900, 7_201])
def test_a_month_has_the_same_seals_for_short_windows(name: str, window: int) -> None:
    assert seals(Home.from_file(home(name)), MONTH_TICKS, window) == list(month(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_month_has_the_same_seals_with_pauses_at_any_tick(name: str) -> None:
    living, found = Home.from_file(home(name)), list[str]()
    for ticks in (1, 899, 86_400, 777_777, 1, MONTH_TICKS - 865_078):
        found += seals(living, ticks, None)
    assert found == list(month(name))


@pytest.mark.parametrize("name", NAMES)
def test_who_counts_a_month_again_from_its_transfers_agrees(name: str) -> None:
    living = Home.from_file(home(name))
    living.keeper.live_audit = live_audit = LiveAudit(living.keeper.born)
    seals(living, MONTH_TICKS, None)
    assert (live_audit.ticks, live_audit.seals, live_audit.head) == (MONTH_TICKS, EPOCHS_A_MONTH, month(name)[-1])


class Interrupted(Exception):
    """Thrown where a person would press Ctrl-C."""


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_month_that_is_interrupted_and_gone_on_with_has_the_same_seals(name: str, tmp_path: Path) -> None:
    begin_plan(home(name), tmp_path, PlanOrder(MONTH_TICKS, None))

    def interrupt(done: int, _: int) -> None:
        if done > MONTH_TICKS // 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        go_on(tmp_path, interrupt)
    assert go_on(tmp_path, lambda done, _: None).head == month(name)[-1]
