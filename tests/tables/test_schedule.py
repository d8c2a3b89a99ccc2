"""Daily windows and times along ticks: in any zone, over changes of the clock, for every length of the tick."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError

from joulebus.device import Span
from joulebus.physics.daily import parse_window
from joulebus.physics.schedule import (
    DailyTime,
    DailyWindow,
    LocalMoment,
    happens,
    moment_of,
    seconds_in_windows,
    starts,
    ticks_in_windows,
    unix_seconds,
)
from joulebus.physics.steps import integrate, sum_steps, without
from tests.tables.living import BRUSSELS, listed

HOUR = 3_600
WINDOWS = ("22:00-06:30", "00:00-24:00", "02:15-02:45", "Mon-Fri 07:00-09:00", "Sat,Sun 23:00-01:00", "Fri-Mon 12:00-12:07", "23:59-00:01")
ZONES = (BRUSSELS, "UTC", "Africa/Johannesburg", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu")
CHANGES_OF_THE_CLOCK = ("2026-03-28 20:00", "2026-10-24 20:00", "2026-10-03 10:00", "2026-03-07 20:00", "2026-04-04 10:00")

HOURS_OF_A_DAY = [
    # window, local day, hours inside
    ("00:00-24:00", "2026-03-02", 24),
    ("00:00-24:00", "2026-03-29", 23),
    ("00:00-24:00", "2026-10-25", 25),
    ("01:00-04:00", "2026-03-29", 2),
    ("01:00-04:00", "2026-10-25", 4),
    ("02:00-03:00", "2026-03-29", 0),
    ("02:00-03:00", "2026-10-25", 2),
    ("22:00-06:30", "2026-03-02", 8.5),
    ("Mon 22:00-06:30", "2026-03-02", 2),
    ("Mon 22:00-06:30", "2026-03-03", 6.5),
    ("Mon 22:00-06:30", "2026-03-04", 0),
    ("Sat,Sun 08:00-20:00", "2024-02-29", 0),
    ("Thu 08:00-20:00", "2024-02-29", 12),
]


@pytest.mark.parametrize(("window", "day", "hours"), HOURS_OF_A_DAY)
def test_a_window_follows_the_clock_on_the_wall(window: str, day: str, hours: float) -> None:
    begins = unix_seconds(day, BRUSSELS)
    ends = moment_of(BRUSSELS, datetime.fromisoformat(day).toordinal(), 24 * HOUR)
    inside = seconds_in_windows((window,), Span(0, ends - begins, 1, begins), BRUSSELS)
    assert sum(listed(inside)) == hours * HOUR


@some.composite
def spans(draw: some.DrawFn) -> tuple[Span, str]:
    zone = draw(some.sampled_from(ZONES))
    tick = draw(some.sampled_from([1, 7, 60, 300, 900]))
    begins = unix_seconds(draw(some.sampled_from(CHANGES_OF_THE_CLOCK)), "UTC") + draw(some.integers(0, 40_000))
    return Span(0, draw(some.integers(1, 30_000 // tick)), tick, begins), zone


@settings(max_examples=40, deadline=None)
@given(spans(), some.lists(some.sampled_from(WINDOWS), max_size=3, unique=True).map(tuple))
def test_a_tick_is_inside_when_the_wall_clock_says_so(case: tuple[Span, str], windows: tuple[str, ...]) -> None:
    span, zone = case
    wall = [
        any(inside(moment, window, zone) for window in windows) for moment in range(span.unix_seconds, span.unix_seconds + span.seconds)
    ]
    ticks = [wall[first : first + span.tick_seconds] for first in range(0, span.seconds, span.tick_seconds)]
    assert listed(ticks_in_windows(windows, span, zone)) == [tick[0] for tick in ticks]
    assert listed(seconds_in_windows(windows, span, zone)) == [sum(tick) for tick in ticks]


def inside(moment: int, window: str, zone: str) -> bool:
    """What a person sees who looks at the clock."""
    now = datetime.fromtimestamp(moment, ZoneInfo(zone))
    days, begins, ends = parse_window(window)
    second = now.hour * HOUR + now.minute * 60 + now.second
    return (now.weekday() in days and begins <= second < ends) or ((now.weekday() - 1) % 7 in days and second < ends - 24 * HOUR)


def test_a_tick_of_900_s_with_300_s_inside_counts_a_third() -> None:
    span = Span(0, 4, 900, unix_seconds("2026-03-02 12:00", BRUSSELS))
    assert seconds_in_windows(("12:10-12:35",), span, BRUSSELS) == [(1, 300), (1, 900), (1, 300), (1, 0)]
    assert ticks_in_windows(("12:10-12:35",), span, BRUSSELS) == [(1, False), (2, True), (1, False)]


STARTS = [
    # times, from, until, local starts
    (("07:00", "18:30"), "2026-03-02", "2026-03-03", ["03-02 07:00", "03-02 18:30"]),
    (("Tue 07:00",), "2026-03-02", "2026-03-05", ["03-03 07:00"]),
    (("02:30",), "2026-03-28", "2026-03-30", ["03-28 02:30", "03-29 03:30"]),
    (("02:30",), "2026-10-25", "2026-10-26", ["10-25 02:30"]),
    (("10:00",), "2024-02-28", "2024-03-02", ["02-28 10:00", "02-29 10:00", "03-01 10:00"]),
    ((), "2026-03-02", "2026-03-05", []),
]


@pytest.mark.parametrize(("times", "begins", "ends", "expected"), STARTS)
def test_a_time_of_day_comes_once_a_day(times: tuple[str, ...], begins: str, ends: str, expected: list[str]) -> None:
    found = starts(times, BRUSSELS, unix_seconds(begins, BRUSSELS), unix_seconds(ends, BRUSSELS))
    assert [datetime.fromtimestamp(moment, ZoneInfo(BRUSSELS)).strftime("%m-%d %H:%M") for moment in found] == expected


REFUSED = [
    (DailyWindow, "7:00-09:00", 'must read "HH:MM-HH:MM"'),
    (DailyWindow, "07:00-25:00", 'must read "HH:MM-HH:MM"'),
    (DailyWindow, "24:00-06:00", 'must read "HH:MM-HH:MM"'),
    (DailyWindow, "Mo 07:00-09:00", 'must read "HH:MM-HH:MM"'),
    (DailyWindow, "07:00-07:00", "must not end when it begins"),
    (DailyTime, "noon", 'must read "HH:MM"'),
    (DailyTime, 1080, "must be a text in quotes"),
    (LocalMoment, "tomorrow", 'must read "YYYY-MM-DD HH:MM"'),
    (LocalMoment, "2026-02-29 12:00", 'must read "YYYY-MM-DD HH:MM"'),
    (LocalMoment, "2026-03-01 12:00:00.5", "in whole seconds"),
]


@pytest.mark.parametrize(("kind", "value", "said"), REFUSED)
def test_what_cannot_be_a_time_is_refused_in_a_sentence(kind: Any, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(kind).validate_python(value)


@given(
    some.lists(some.tuples(some.integers(-50, 150), some.integers(1, 60), some.integers(-9, 9)), max_size=6),
    some.sampled_from([1, 4, 5, 25]),
)
def test_steps_that_overlap_are_summed_second_by_second(drawn: list[tuple[int, int, int]], tick: int) -> None:
    steps = [(begins, begins + length, value) for begins, length, value in drawn]
    each = [sum(value for begins, ends, value in steps if begins <= second < ends) for second in range(100)]
    summed = integrate(sum_steps(steps, 0, 100), Span(0, 100 // tick, tick, 0))
    assert listed(summed) == [sum(each[first : first + tick]) for first in range(0, 100, tick)]
    assert all(one[1] != other[1] for one, other in zip(summed, summed[1:], strict=False))


MOMENTS = [
    # local moment, unix time as UTC says it, whether the clock ever shows it
    ("2026-03-29 01:59:59", "2026-03-29 00:59:59", True),
    ("2026-03-29 02:00", "2026-03-29 01:00", False),
    ("2026-03-29 02:45", "2026-03-29 01:00", False),
    ("2026-03-29 03:00", "2026-03-29 01:00", True),
    ("2026-10-25 02:30", "2026-10-25 00:30", True),
    ("2026-10-25 02:30+02:00", "2026-10-25 00:30", True),
    ("2026-10-25 02:30+01:00", "2026-10-25 01:30", True),
    ("2026-10-25 00:30Z", "2026-10-25 00:30", True),
]


@pytest.mark.parametrize(("moment", "utc", "shown"), MOMENTS)
def test_a_local_moment_is_a_moment_on_each_day(moment: str, utc: str, shown: bool) -> None:
    said: str = TypeAdapter(LocalMoment).validate_python(moment)
    assert (unix_seconds(said, BRUSSELS), happens(said, BRUSSELS)) == (unix_seconds(utc, "UTC"), shown)


HOLES = [
    # holes, what is left of [10, 20)
    ([], [(10, 20)]),
    ([(0, 5), (2, 12)], [(12, 20)]),
    ([(30, 40), (50, 60)], [(10, 20)]),
    ([(15, 40), (50, 60)], [(10, 15)]),
    ([(15, 12), (18, 19), (13, 14)], [(10, 13), (14, 18), (19, 20)]),
    ([(0, 40)], []),
]


@pytest.mark.parametrize(("holes", "left"), HOLES)
def test_holes_may_lie_anywhere(holes: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    assert without(10, 20, holes) == left
