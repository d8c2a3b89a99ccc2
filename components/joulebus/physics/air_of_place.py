"""The air of a place with a known climate: the mean of the season, days that differ from it, and the course of a day."""

from functools import lru_cache
from typing import NamedTuple

from joulebus.physics.daylight import MONTHS_OF_A_YEAR, TURN
from joulebus_core import cos

RANGE_LIMITS = (3.0, 20.0)
RANGE_LEAST = 1.5
"""Kelvin between the coldest and the warmest moment of any day."""
SPREAD_LIMITS = (1.0, 7.0)
ERBS_DAY = ((0.4632, 3.805), (0.0984, 0.360), (0.0168, 0.822), (0.0138, 3.513))
"""The course of a day in four waves, of a day whose range is ERBS_RANGE (Erbs, Klein and Beckman 1983)."""
ERBS_RANGE = 0.9758


class Season(NamedTuple):
    """Where a day stands in the mean year."""

    month: int
    """0 is January."""
    part: float
    """How much of the month is over, 0 to 1."""


class MonthlyAir(NamedTuple):
    """A mean year."""

    celsius: tuple[float, ...]
    """Mean of each month."""
    ranges: tuple[float, ...]
    """Between a day's coldest and warmest moment."""
    spreads: tuple[float, ...]
    """Standard deviation of days."""


def monthly_air(celsius: tuple[float, ...], clearness: tuple[float, ...]) -> MonthlyAir:
    """Days swing more where the sky is clear, and differ more where winters are cold; both rules in kelvin.

    The range is a fit to 11,781 months of 1,011 places (rmse 2.6 K). The spread runs from 1 K on tropical coasts to 7 K inland.
    """
    low, high = min(celsius), max(celsius)
    swing = high - low
    ranges = tuple(_limited(24.4 * clear - 2.7, RANGE_LIMITS) for clear in clearness)
    spreads = tuple(_limited(1.0 + 0.16 * swing * (1.0 - 0.3 * (warm - low) / max(swing, 1.0)), SPREAD_LIMITS) for warm in celsius)
    return MonthlyAir(celsius, ranges, spreads)


def day_of_air(of: MonthlyAir, season: Season, chance: tuple[float, float]) -> tuple[float, float]:
    """Mean of a day in degrees Celsius, and its range in kelvin; chance moves its warmest and its coldest moment, in deviations."""
    spread = _between(of.spreads, season)
    swing = _between(of.ranges, season) + spread * (chance[0] - chance[1])
    return _between(_nodes(of.celsius), season) + spread * (chance[0] + chance[1]) / 2.0, max(swing, RANGE_LEAST)


@lru_cache(maxsize=512)
def course(second: int) -> float:
    """How far the air is above the mean of its day, as a share of the day's range; seconds since midnight by the sun."""
    hours = TURN * (second / 3600.0 - 1.0) / 24.0
    return sum(height * cos((number + 1) * hours - late) for number, (height, late) in enumerate(ERBS_DAY)) / ERBS_RANGE


def _nodes(means: tuple[float, ...]) -> tuple[float, ...]:
    """Values of the middles of months, such that straight lines between them have the means of the months."""
    return tuple(means[m] + (2.0 * means[m] - means[m - 1] - means[(m + 1) % MONTHS_OF_A_YEAR]) / 8.0 for m in range(MONTHS_OF_A_YEAR))


def _between(values: tuple[float, ...], season: Season) -> float:
    """A value on the straight line between the middles of months."""
    other, share = (season.month + 1, season.part - 0.5) if season.part >= 0.5 else (season.month - 1, 0.5 - season.part)
    return values[season.month] + (values[other % MONTHS_OF_A_YEAR] - values[season.month]) * share


def _limited(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
