"""What an average household uses in each quarter of a year: the standard load profile H0 of the BDEW, made dynamic.

The quarters of a local year are weighted with the table of their season and day, times a polynomial in the day of the
year. The year's joules are shared out by these weights exactly (largest remainder): a leap year, the 23 hours and the
25 hours of the days on which the clock is changed, and every zone keep the year's sum to the joule.
"""

from array import array
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from joulebus.physics import standard_profile_h0 as h0
from joulebus.physics.schedule import local_pieces, unix_seconds
from joulebus.physics.steps import Step
from joulebus_schemas.facts import DAY_SECONDS, QUARTER_SECONDS

UNIX_DAY = date(1970, 1, 1).toordinal()


def quarters(annual_joules: int, year: int, timezone: str) -> "array[int]":
    """Joules in each quarter of a local year, from its first moment on; their sum is the year's."""
    return _shared(annual_joules, _weights(year, timezone))


def household_steps(annual_joules: int, timezone: str, begins: int, ends: int) -> Iterator[Step]:
    """Whole watts that cover [begins, ends): in each quarter the joules that do not divide come at its beginning, one per second."""
    while begins < ends:
        year = _year(begins, timezone)
        first, last = _edges(year, timezone)
        shares = _quarters(annual_joules, year, timezone)
        stop = min(ends, last)
        for number in range((begins - first) // QUARTER_SECONDS, -(-(stop - first) // QUARTER_SECONDS)):
            yield from spread_joules(first + number * QUARTER_SECONDS, QUARTER_SECONDS, shares[number])
        begins = stop


def spread_joules(begins: int, seconds: int, joules: int) -> tuple[Step, Step]:
    """Joules of some seconds as whole watts: as even as whole joules allow, the same for every length of the tick."""
    watts, more = divmod(joules, seconds)
    return (begins, begins + more, watts + 1), (begins + more, begins + seconds, watts)


def dynamic(day_of_year: int) -> int:
    """Factor of the whole profile on a day of the year, in units of 1/10,000, as the BDEW rounds it."""
    t = day_of_year
    return round((((-3.92e-10 * t + 3.2e-7) * t - 7.02e-5) * t + 2.1e-3) * t * 10_000 + 12_400)


def static(day: date) -> tuple[int, ...]:
    """The 96 values of a day as the table has them."""
    moment = (day.month, day.day)
    winter = moment >= (11, 1) or moment <= (3, 20)
    summer = (5, 15) <= moment <= (9, 14)
    season = "WINTER" if winter else "SUMMER" if summer else "TRANSITION"
    return _table(f"{season}_{('SATURDAY', 'SUNDAY')[day.weekday() - 5] if day.weekday() >= 5 else 'WORKDAY'}")


@lru_cache(maxsize=9)
def _table(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in getattr(h0, name).split())


@lru_cache(maxsize=4)
def _quarters(annual_joules: int, year: int, timezone: str) -> "array[int]":
    return quarters(annual_joules, year, timezone)


@lru_cache(maxsize=256)
def _edges(year: int, timezone: str) -> tuple[int, int]:
    return unix_seconds(f"{year}-01-01", timezone), unix_seconds(f"{year + 1}-01-01", timezone)


def _year(moment: int, timezone: str) -> int:
    ahead = next(local_pieces(timezone, moment, moment + 1))[2]
    return date.fromordinal((moment + ahead) // DAY_SECONDS + UNIX_DAY).year


def _weights(year: int, timezone: str) -> list[int]:
    weights: list[int] = []
    first, last = _edges(year, timezone)
    new_year = date(year, 1, 1).toordinal()
    moment = first
    for _, ends, ahead in local_pieces(timezone, first, last):
        while moment < ends:
            day, second = divmod(moment + ahead, DAY_SECONDS)
            local = date.fromordinal(day + UNIX_DAY)
            weights.append(static(local)[second // QUARTER_SECONDS] * dynamic(local.toordinal() - new_year + 1))
            moment += QUARTER_SECONDS
    return weights


def _shared(total: int, weights: list[int]) -> "array[int]":
    """The total in proportion to the weights, whole: the largest remainders are rounded up, of equal ones the first."""
    whole = sum(weights)
    shares = array("q", (total * weight // whole for weight in weights))
    missing = total - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total * weights[index] % whole))
    for index in by_remainder[:missing]:
        shares[index] += 1
    return shares
