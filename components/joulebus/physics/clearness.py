"""How clear the days of a month are, and the hours of a day, when their mean is known.

Clearness is light on level ground as a share of that above the air. Whatever chance says, a month has the light of its climate and a day
the light of its clearness, exactly: what is drawn is moved towards its limits until the sum is right.
"""

from collections.abc import Sequence

from joulebus_core import exp, log, pow

Limits = tuple[Sequence[float], Sequence[float]]
"""The lowest and the highest of each value."""

DARKEST = 0.05
SUNNIEST_MEAN = 0.80
CLOUD_DARKEST = 0.08
"""Share of clear-sky light that the thickest cloud lets through."""
CLEAREST = 1.08
"""Share of clear-sky light that passes on the clearest days; the clear sky is that of a month's mean haze."""


def clearness_of_day(mean: float, share: float) -> float:
    """The clearness that a share of the days of a month stays below (Bendt et al. 1981, Hollands and Huget 1983, Herzog 1985)."""
    mean = min(max(mean, DARKEST + 0.05), SUNNIEST_MEAN)
    most = 0.6313 + 0.267 * mean - 11.9 * pow(mean - 0.75, 8.0)
    spread = (most - DARKEST) / (most - mean)
    bend = -1.498 + (1.184 * spread - 27.182 * exp(-1.5 * spread)) / (most - DARKEST)
    if abs(bend) < 1e-9:
        return DARKEST + share * (most - DARKEST)
    return log((1.0 - share) * exp(bend * DARKEST) + share * exp(bend * most)) / bend


def unrest(clearness: float) -> float:
    """Standard deviation of an hour's light, as a share of the day's mean (Aguiar and Collares-Pereira 1992, sun 45 degrees high)."""
    k = min(max(clearness, 0.1), 0.8)
    low_sun = (3.0 * (k - 0.45) * (k - 0.45) + 16.0 * k * k * k * k * k) * 0.293
    return 0.14 * exp(-20.0 * (k - 0.35) * (k - 0.35) + low_sun) / k


def moved_to_mean(
    values: Sequence[float], weights: Sequence[float], mean: float, limits: tuple[Sequence[float], Sequence[float]]
) -> list[float]:
    """Values with this weighted mean, each moved towards its upper or lower limit by the same share of its way there."""
    lowest, highest = limits
    inside = [min(max(value, low), high) for value, low, high in zip(values, lowest, highest, strict=True)]
    total = sum(weights)
    now = sum(map(_times, inside, weights))
    lacks = mean * total - now
    ends = highest if lacks > 0 else lowest
    reach = sum(map(_times, ends, weights)) - now
    way = min(lacks / reach, 1.0) if reach else 0.0
    return [value + (end - value) * way for value, end in zip(inside, ends, strict=True)]


def _times(a: float, b: float) -> float:
    return a * b
