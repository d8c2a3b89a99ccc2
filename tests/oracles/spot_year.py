"""A year of day-ahead prices as those of Belgium in 2024 and 2025 were: no measured year is in the tree, so it is made.

The coefficients are those of the model BE of pricecast 0.1.5 (MIT licence; hourly prices by hour, weekday, load, sun and wind, fitted on
ENTSO-E's 17,544 hours, R² 0.645). What drives them here: the sun on the home's own panels, a load by the clock, a wind that wanders.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import cos, pi
from random import Random
from statistics import fmean, pstdev

CONSTANT, BY_LOAD, BY_SUN, BY_WIND, BY_REST_SQUARED = -56.5235, 0.0200117, -0.0172385, -0.0181188, -2.11779e-7
BY_HOUR = (
    *(0.0, -0.767, -2.731, -3.453, -1.643, 0.769, 2.595, -3.136, -10.676, -14.507, -16.674, -18.521),
    *(-18.299, -13.698, -8.676, -3.661, 5.223, 15.749, 17.401, 9.297, 4.171, 1.107, -0.325, -0.494),
)
BY_WEEKDAY = (9.265, 8.977, 8.434, 6.333, 5.728, 2.603, 0.0)
REST_DEVIATION = 27.3
"""Euro per MWh that the model does not explain; it wanders from day to day."""
SUN_MW, WIND_MW, LOAD_MW = 7_500, 5_500, 9_200
SEED = 2026
START = datetime(2025, 12, 31, 23, tzinfo=UTC)
"""Midnight in Brussels: the hours of a home elsewhere are taken for those of Belgium, so that its noon is noon."""


def spot_year(sun_shares: Sequence[float]) -> list[float]:
    """Euro per MWh of each hour from a midnight on; of the sun, what share of its greatest power the panels give then."""
    chance = Random(SEED)
    wind = _wandering(chance, len(sun_shares), 36)
    rest = _wandering(chance, len(sun_shares), 24)
    return [_price(START + timedelta(hours=hour), share, wind[hour], REST_DEVIATION * rest[hour]) for hour, share in enumerate(sun_shares)]


def _price(moment: datetime, sun_share: float, wind: float, rest: float) -> float:
    local = moment + timedelta(hours=1)
    winter = cos(2 * pi * (moment.timetuple().tm_yday - 15) / 365)
    day = cos(2 * pi * (local.hour - 14) / 24) - 0.35 * cos(4 * pi * (local.hour - 14) / 24)
    load = LOAD_MW + 800 * winter + 900 * day - (900 if local.weekday() >= 5 else 0)
    sun = SUN_MW * sun_share
    blown = max(0.0, min(WIND_MW, WIND_MW * (0.28 + 0.08 * winter + 0.2 * wind)))
    linear = CONSTANT + BY_HOUR[moment.hour] + BY_WEEKDAY[moment.weekday()] + BY_LOAD * load + BY_SUN * sun + BY_WIND * blown
    return round(linear + BY_REST_SQUARED * max(0.0, load - sun - blown) ** 2 + rest, 2)


def _wandering(chance: Random, hours: int, smooth: int) -> list[float]:
    """What has mean 0 and deviation 1, smoothed over so many hours."""
    raw = [chance.gauss(0, 1) for _ in range(hours + smooth)]
    found = [fmean(raw[hour : hour + smooth]) for hour in range(hours)]
    mean, deviation = fmean(found), pstdev(found)
    return [(one - mean) / deviation for one in found]
