"""A television: its power in the evening, half a watt else, and about the same time every day."""

import pytest

from joulebus.devices.tv import Tv, TvProperties
from tests.tables.living import assert_no_cut_matters, assert_no_tick_matters, context, wants

DAY = 86_400
STEADY = {"timers": ("18:30-22:45",), "jitter_minutes": 0}

JOULES_OF_A_DAY = [
    # power, standby, joules in 15,300 s of evening and the rest of the day
    (0.0, 0.0, 0),
    (90.0, 0.0, 90 * 15_300),
    (0.0, 0.5, DAY // 2),
    (90.0, 0.5, 90 * 15_300 + (DAY - 15_300) // 2),
    (90.0, 1.0, 90 * 15_300 + DAY - 15_300),
]


@pytest.mark.parametrize(("power", "standby", "joules"), JOULES_OF_A_DAY)
def test_an_evening_and_standby_add_up(power: float, standby: float, joules: int) -> None:
    properties = TvProperties(power_watts=power, standby_watts=standby, timers=("18:30-22:45",), jitter_minutes=0)
    assert sum(wants(Tv(), properties, context("2026-03-02"), DAY)) == joules


def switched_on_at(seed: int, day: int) -> int:
    properties = TvProperties(standby_watts=0.0)
    watts = wants(Tv(), properties, context("2026-03-02", tick_seconds=60, seed=seed), 1_440, 1_440 * day)
    return next(minute for minute, joules in enumerate(watts) if joules)


def test_people_switch_it_on_within_their_jitter_and_never_twice_alike() -> None:
    minutes = [switched_on_at(7, day) for day in range(14)]
    assert all(18 * 60 + 15 <= minute <= 18 * 60 + 45 for minute in minutes)
    assert len(set(minutes)) > 5
    assert minutes == [switched_on_at(7, day) for day in range(14)]
    assert minutes != [switched_on_at(8, day) for day in range(14)]


def test_neither_windows_nor_ticks_change_a_television() -> None:
    assert_no_cut_matters(Tv(), TvProperties(), context("2026-03-02 18:00"), [1, 600, 7, 3_000, 11, 12_000, 5])
    assert_no_tick_matters(Tv(), TvProperties(), "2026-03-02 18:00", 18_000)
