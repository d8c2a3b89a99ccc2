"""Dates and times as people write them on a command line."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from joulebus.errors import UsageError

EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def unix_of(option: str, text: str, timezone: Callable[[], str]) -> int:
    """The Unix seconds of a moment; without an offset it is meant at the home's place, and without a time at midnight there.

    Raises:
        UsageError: It is not a date or time, or lies before 1970 or after 9000.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f'{option} must be a date or a time, such as 2026-06-01, 2026-06-01T08:30 or 2026-06-01T08:30+02:00, but was "{text}"'
        ) from None
    if not EARLIEST.year <= moment.year < LATEST.year:
        raise UsageError(f'{option} must lie between the years {EARLIEST.year} and {LATEST.year}, but was "{text}"')
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(timezone()))
    if moment < EARLIEST:
        raise UsageError(f'{option} must lie after the first day of {EARLIEST.year}, but was "{text}"')
    return int(moment.timestamp())
