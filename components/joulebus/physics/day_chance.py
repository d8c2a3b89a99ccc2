"""How days differ from the mean of their season, and from the day before: warmth and light together, as Richardson's WGEN has it.

Each day's three numbers follow from those of the day before and from chance. Written out, they are a sum over the chance of the last
weeks, so any day is known without a walk to it.
"""

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from joulebus.physics.daylight import TURN
from joulebus_core import cos, exp, log, random_u64

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]

FOLLOWS: Matrix = ((0.567, 0.086, -0.002), (0.253, 0.504, -0.050), (-0.006, -0.039, 0.244))
CHANCE: Matrix = ((0.781, 0.0, 0.0), (0.328, 0.637, 0.0), (0.238, -0.341, 0.873))
"""Richardson and Wright (1984): what stays of yesterday, and what is new, of the day's maximum, minimum and light."""
DAYS_BACK = 24
"""What is older weighs less than 0.0002."""


class DayChance(NamedTuple):
    """Deviations from the mean, in standard deviations."""

    warmest: float
    coldest: float
    light: float


@lru_cache(maxsize=256)
def day_chance(seed: int, name: str, day: int) -> DayChance:
    """The deviations of a day, normal with mean 0 and deviation 1."""
    sums = [0.0, 0.0, 0.0]
    for back, weights in enumerate(_weights()):
        chance = _normals(seed, name, day - back)
        for row in range(3):
            sums[row] += sum(weight * value for weight, value in zip(weights[row], chance, strict=True))
    return DayChance(*sums)


def share_below(deviations: float) -> float:
    """The normal distribution (Abramowitz and Stegun 26.2.17, within 1e-7)."""
    t = 1.0 / (1.0 + 0.2316419 * abs(deviations))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    above = exp(-deviations * deviations / 2.0) / sqrt(TURN) * series
    return 1.0 - above if deviations >= 0.0 else above


@lru_cache(maxsize=1)
def _weights() -> tuple[Matrix, ...]:
    """Weights of the chance of today, of yesterday, and so on."""
    found = [CHANCE]
    while len(found) < DAYS_BACK:
        found.append(_product(FOLLOWS, found[-1]))
    return tuple(found)


def _product(a: Matrix, b: Matrix) -> Matrix:
    columns = tuple(zip(*b, strict=True))
    first, second, third = ([sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a)
    return (_vector(*first), _vector(*second), _vector(*third))


def _vector(x: float, y: float, z: float) -> Vector:
    return (x, y, z)


@lru_cache(maxsize=256)
def _normals(seed: int, name: str, day: int) -> Vector:
    """Three normal numbers of a day (Box and Muller)."""
    u = [((random_u64(seed, f"{name}.day{number}", day % 2**64) >> 11) + 0.5) / 2.0**53 for number in range(4)]
    long, other = sqrt(-2.0 * log(u[0])), sqrt(-2.0 * log(u[2]))
    return long * cos(TURN * u[1]), long * cos(TURN * u[1] - TURN / 4), other * cos(TURN * u[3])
