"""When the day tariff holds: windows of local time without the public holidays of a place; whatever is left is night."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from joulebus.physics.schedule import intervals, local_days, moment_of
from joulebus.physics.steps import Interval, merge, without


def day_intervals(windows: tuple[str, ...], area: str, timezone: str, span: Interval) -> list[Interval]:
    """All moments of a span in which the day tariff holds; a public holiday of the area is night, also on a weekday."""
    begins, ends = span
    found = intervals(windows, timezone, begins, ends)
    free = _free_days(area, timezone, begins, ends)
    return [part for first, last in found for part in without(first, last, free)]


def is_day(windows: tuple[str, ...], area: str, timezone: str, unix_seconds: int) -> bool:
    """Whether the day tariff holds at a moment."""
    return bool(day_intervals(windows, area, timezone, (unix_seconds, unix_seconds + 1)))


def check_area(area: str) -> None:
    """Refuse a country or a part of it whose public holidays nobody knows.

    Raises:
        ValueError: There is no such country, or it has no such part.
    """
    import holidays

    country, _, part = area.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False)
    if country not in parts:
        raise ValueError(f'holidays must be the code of a country (ISO 3166), such as BE or DE-BY; it was "{area}"')
    if part and part not in parts[country]:
        raise ValueError(f'{country} has no part "{part}" with holidays of its own; it has {", ".join(parts[country]) or "none"}')


def _free_days(area: str, timezone: str, begins: int, ends: int) -> list[Interval]:
    if not area:
        return []
    free = (day for day in local_days(timezone, begins, ends) if date.fromordinal(day) in _holidays(area, date.fromordinal(day).year))
    return merge((moment_of(timezone, day, 0), moment_of(timezone, day + 1, 0)) for day in free)


@lru_cache(maxsize=256)
def _holidays(area: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = area.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def day_start(unix_seconds: int, timezone: str) -> int:
    """The first moment of the local day that a moment is in."""
    local = datetime.fromtimestamp(unix_seconds, ZoneInfo(timezone))
    return moment_of(timezone, local.date().toordinal(), 0)


def month_start(unix_seconds: int, timezone: str) -> int:
    """The first moment of the local month that a moment is in."""
    local = datetime.fromtimestamp(unix_seconds, ZoneInfo(timezone))
    return moment_of(timezone, local.date().replace(day=1).toordinal(), 0)
