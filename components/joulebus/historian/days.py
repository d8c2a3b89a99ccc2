"""Days at the place of a home, of which some have 23 or 25 hours; a quarter-hour belongs to the day in which it begins."""

from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from joulebus.report.calendar import local_time
from joulebus_schemas.facts import QUARTER_SECONDS


@lru_cache(maxsize=4096)
def local_day_of(quarter: int, timezone: str) -> tuple[int, int]:
    """The day in which a quarter-hour begins (unix seconds / 900): its first quarter-hour, and that of the next day."""
    date = local_time(quarter * QUARTER_SECONDS, timezone).date()
    return _first_quarter(date.toordinal(), timezone), _first_quarter(date.toordinal() + 1, timezone)


@lru_cache(maxsize=4096)
def _first_quarter(ordinal: int, timezone: str) -> int:
    date = datetime.fromordinal(ordinal).date()
    midnight = datetime.combine(date, time(), ZoneInfo(timezone)).astimezone(UTC)
    first = int(midnight.timestamp()) // QUARTER_SECONDS
    # Where clocks are turned at midnight there may be none: the first quarter-hour that is in this day.
    while local_time(first * QUARTER_SECONDS, timezone).date() < date:
        first += 1
    while local_time((first - 1) * QUARTER_SECONDS, timezone).date() >= date:
        first -= 1
    return first


def days_between(first_quarter: int, last_quarter: int, timezone: str) -> list[int]:
    """The first quarter-hours of the days in [first, last]."""
    starts = []
    start, following = local_day_of(first_quarter, timezone)
    while start <= last_quarter:
        starts.append(start)
        start, following = following, local_day_of(following, timezone)[1]
    return starts
