"""A day of a demo meter: the year's share of a day, in the shape that the standard profile BDEW H0 has on that day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from joulebus.errors import MarketError
from joulebus.physics.standard_profile import quarters
from joulebus_schemas.facts import QUARTER_SECONDS

SHAPE_JOULES = 3_600_000_000_000
"""Energy of a year: large enough that rounding does not show in the shape of a day."""


@dataclass(frozen=True, slots=True)
class Day:
    """The quarters of a day; 96 of them, but for the days on which clocks change."""

    begins: int
    """Unix seconds."""
    watt_hours: tuple[int, ...]


def day_of(kwha: int, moment: int, timezone: str) -> Day:
    """The day around a moment; its sum is exactly the year's divided by the days of the year, rounded down.

    Raises:
        MarketError: There is no such time zone.
    """
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise MarketError(f'timezone must be the IANA name of a time zone, such as Europe/Brussels, but was "{timezone}"') from None
    day = datetime.fromtimestamp(moment, zone).date()
    new_year, begins, ends = (_midnight(one, zone) for one in (date(day.year, 1, 1), day, day + timedelta(days=1)))
    shape = quarters(SHAPE_JOULES, day.year, timezone)[(begins - new_year) // QUARTER_SECONDS : (ends - new_year) // QUARTER_SECONDS]
    days = date(day.year + 1, 1, 1).toordinal() - date(day.year, 1, 1).toordinal()
    return Day(begins, tuple(shared(kwha * 1_000 // days, list(shape))))


def shared(total: int, weights: list[int]) -> list[int]:
    """A total in proportion to weights, whole: the largest remainders are rounded up, of equal ones the first."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total * weights[index] % whole))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
