"""Times as people say them, "Mon-Fri 07:00-09:00" in the local time of a home, laid along the ticks of a span.

A daily window is a statement about the clock on the wall: a moment is inside when the wall clock then shows a time inside.
So a window in the hour that summer time leaves out is empty on that day, and one in the hour that comes twice counts twice.
Edges may fall inside a tick: whoever counts energy uses exact seconds, so that the tick's length changes no total.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from joulebus.device import Span
from joulebus.physics.daily import TIME_PATTERN, parse_time, parse_window
from joulebus.physics.daily import DailyTime as DailyTime
from joulebus.physics.daily import DailyTimes as DailyTimes
from joulebus.physics.daily import DailyWindow as DailyWindow
from joulebus.physics.daily import DailyWindows as DailyWindows
from joulebus.physics.daily import Departure as Departure
from joulebus.physics.daily import LocalMoment as LocalMoment
from joulebus.physics.steps import Interval, fill, integrate, merge, overlap
from joulebus_schemas.facts import DAY_SECONDS


def ticks_in_windows(windows: tuple[str, ...], span: Span, timezone: str) -> list[tuple[int, bool]]:
    """Runs of ticks of the span, True where the start of the tick lies inside a window."""
    edges: list[tuple[int, int]] = []
    for begins, ends in intervals(windows, timezone, span.unix_seconds, span.unix_seconds + span.seconds):
        first, last = _tick_at_or_after(begins, span), _tick_at_or_after(ends, span)
        edges += [(first, last)] if first < last else []
    return [(count, value == 1) for count, value in fill([(first, last, 1) for first, last in edges], span.ticks)]


def seconds_in_windows(windows: tuple[str, ...], span: Span, timezone: str) -> list[tuple[int, int]]:
    """Runs of ticks with the exact number of seconds that each tick spends inside the windows."""
    found = intervals(windows, timezone, span.unix_seconds, span.unix_seconds + span.seconds)
    return integrate([(begins, ends, 1) for begins, ends in found], span)


def intervals(windows: tuple[str, ...], timezone: str, begins: int, ends: int) -> list[Interval]:
    """All that lies inside the windows between two moments: sorted, apart from each other."""
    found: list[Interval] = []
    for day in range(begins // DAY_SECONDS, -(-ends // DAY_SECONDS)):
        found += _intervals_of_day(windows, timezone, day)
    clipped = ((max(first, begins), min(last, ends)) for first, last in found)
    return merge(interval for interval in clipped if interval[0] < interval[1])


def starts(times: tuple[str, ...], timezone: str, begins: int, ends: int) -> list[int]:
    """The moments of daily times in [begins, ends). Each happens once a day, also when the clock is changed (RFC 5545)."""
    found = set()
    for day in local_days(timezone, begins, ends):
        found |= {moment for moment in _starts_of_day(times, timezone, day) if begins <= moment < ends}
    return sorted(found)


def departures(departs: str, timezone: str, begins: int, ends: int) -> list[int]:
    """The moments in [begins, ends) of a time of day, or of a moment that comes once."""
    if TIME_PATTERN.fullmatch(departs):
        return starts((departs,), timezone, begins, ends)
    return [moment for moment in (unix_seconds(departs, timezone),) if begins <= moment < ends]


def occurrences(window: str, timezone: str, day: int) -> list[Interval]:
    """The window that begins on a local day (a proleptic ordinal), if it does, from its first to its last moment."""
    days, opens, closes = parse_window(window)
    if date.fromordinal(day).weekday() not in days:
        return []
    begins, ends = moment_of(timezone, day, opens), moment_of(timezone, day, closes)
    return [(begins, ends)] if begins < ends else []


def local_days(timezone: str, begins: int, ends: int) -> range:
    """Ordinals of the local days which [begins, ends) touches."""
    zone = ZoneInfo(timezone)
    first, last = (datetime.fromtimestamp(moment, zone).date().toordinal() for moment in (begins, ends - 1))
    return range(first, last + 1)


def moment_of(timezone: str, day: int, seconds: int) -> int:
    """Unix time at which the wall clock shows a given second of a local day (the first one, if it is shown twice)."""
    local = datetime.combine(date.fromordinal(day + seconds // DAY_SECONDS), datetime.min.time(), ZoneInfo(timezone))
    return int((local + timedelta(seconds=seconds % DAY_SECONDS)).timestamp())


@lru_cache(maxsize=4096)
def unix_seconds(moment: str, timezone: str) -> int:
    """Unix time of a local moment such as "2026-03-01 18:00".

    Where the clock shows it twice and no offset says which, the first; where summer time leaves it out, the first moment after it.
    """
    local = datetime.fromisoformat(moment)
    if local.tzinfo is not None:
        return int(local.timestamp())
    early, late = (int(local.replace(tzinfo=ZoneInfo(timezone), fold=fold).timestamp()) for fold in (0, 1))
    if early <= late:
        return early
    return next(ends for _, ends, _ in local_pieces(timezone, late, early + 1))


@lru_cache(maxsize=4096)
def happens(moment: str, timezone: str) -> bool:
    """Whether the clock on the wall ever shows a local moment; it does not while summer time leaves an hour out."""
    local = datetime.fromisoformat(moment)
    if local.tzinfo is not None:
        return True
    early, late = (local.replace(tzinfo=ZoneInfo(timezone), fold=fold).timestamp() for fold in (0, 1))
    return early <= late


def local_pieces(timezone: str, begins: int, ends: int) -> Iterator[tuple[int, int, int]]:
    """[begins, ends) cut where the clock is changed: (begins, ends, seconds by which local time is ahead of UTC)."""
    zone = ZoneInfo(timezone)
    while begins < ends:
        # A clock is not changed and changed back within a day.
        reach = min(begins + DAY_SECONDS, ends)
        ahead = _ahead(zone, begins)
        low, high = begins, reach
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if _ahead(zone, middle - 1) == ahead else (low, middle - 1)
        yield begins, low, ahead
        begins = low


def _ahead(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset()
    assert offset is not None, "a zone knows its offset"
    return int(offset.total_seconds())


@lru_cache(maxsize=1024)
def _intervals_of_day(windows: tuple[str, ...], timezone: str, day: int) -> tuple[Interval, ...]:
    """What lies inside the windows in a UTC day (counted from 1970)."""
    found: list[Interval] = []
    for begins, ends, ahead in local_pieces(timezone, day * DAY_SECONDS, (day + 1) * DAY_SECONDS):
        for local_day in range((begins + ahead) // DAY_SECONDS, (ends + ahead - 1) // DAY_SECONDS + 1):
            midnight = local_day * DAY_SECONDS - ahead
            found += overlap([(begins, ends)], [(midnight + a, midnight + b) for a, b in _wall_intervals(windows, local_day)])
    return tuple(merge(found))


def _wall_intervals(windows: tuple[str, ...], local_day: int) -> list[Interval]:
    """What the windows cover of a local day (counted from 1970, a Thursday), in seconds of the wall clock."""
    found: list[Interval] = []
    for days, begins, ends in map(parse_window, windows):
        if (local_day + 3) % 7 in days:
            found.append((begins, min(ends, DAY_SECONDS)))
        if (local_day + 2) % 7 in days and ends > DAY_SECONDS:
            found.append((0, ends - DAY_SECONDS))
    return merge(found)


@lru_cache(maxsize=1024)
def _starts_of_day(times: tuple[str, ...], timezone: str, day: int) -> tuple[int, ...]:
    weekday = date.fromordinal(day).weekday()
    return tuple(moment_of(timezone, day, seconds) for days, seconds in map(parse_time, times) if weekday in days)


def _tick_at_or_after(moment: int, span: Span) -> int:
    return -(-(moment - span.unix_seconds) // span.tick_seconds)
