"""A weather that never was: plausible, the same for the same seed on every machine, known at any moment without a walk to it.

Chance stands at the corners of lattices of three days down to ten minutes, and each moment lies smoothly between its
corners. So fronts take days, showers hours and single clouds minutes; and nobody has to remember the hour before.
"""

from functools import lru_cache
from typing import NamedTuple

from joulebus.physics.daylight import TURN
from joulebus.physics.solar import day_of_year
from joulebus_core import cos, exp, random_u64
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.roster import Place

Octave = tuple[int, float]
"""Seconds between corners, and weight."""

CLOUDS: tuple[Octave, ...] = ((259_200, 0.50), (86_400, 0.32), (21_600, 0.22), (5_400, 0.10))
PUFFS: tuple[Octave, ...] = ((2_400, 0.6), (600, 0.6))
WARMTH: tuple[Octave, ...] = ((864_000, 4.0), (259_200, 3.0), (43_200, 1.2), (3_600, 0.3))
"""Kelvin."""
FLICKER: tuple[Octave, ...] = ((10_800, 1.0), (3_600, 0.8), (1_200, 0.5))
FLICKER_DEVIATION = 0.69
"""Standard deviation of the sum of these waves."""
WIND: tuple[Octave, ...] = ((172_800, 0.7), (28_800, 0.45), (3_600, 0.3), (600, 0.25))
"""Standard deviation of the logarithm."""
WIND_MEDIAN_M_S = 3.0
WARMEST_DAY = 202
"""In the north, a month after the longest day; in the south half a year later."""
WARMEST_HOUR = 15.0
LAPSE_KELVIN_PER_M = 0.0065
KELVIN_AT_EQUATOR = 300.15


class GeneratedAir(NamedTuple):
    """The weather at a knot."""

    cloud_ppm: int
    temperature_mk: int
    wind_mm_s: int


@lru_cache(maxsize=1024)
def generated_air(seed: int, name: str, place: Place, unix_seconds: int) -> GeneratedAir:
    """Clouds, air and wind of a moment; each leaves the floats through one rounding."""
    cover = _cover(seed, name, unix_seconds)
    kelvin = _climate(place, unix_seconds, cover) + _noise(seed, name + ".warmth", WARMTH, unix_seconds)
    return GeneratedAir(round(cover * 1e6), round(kelvin * 1e3), wind_mm_s(seed, name, unix_seconds))


def wind_mm_s(seed: int, name: str, unix_seconds: int) -> int:
    """Wind of a moment, the same everywhere on Earth."""
    return round(WIND_MEDIAN_M_S * exp(_noise(seed, name + ".wind", WIND, unix_seconds)) * 1e3)


def flicker(seed: int, name: str, unix_seconds: int) -> float:
    """How the light of a moment differs from that of its day: mean 0 and deviation 1, alike for some hours."""
    return _noise(seed, name + ".flicker", FLICKER, unix_seconds) / FLICKER_DEVIATION


def _cover(seed: int, name: str, moment: int) -> float:
    """Clear and grey days are common, half skies rare; and only half skies flicker."""
    front = _smooth(min(max(0.55 + 0.75 * _noise(seed, name + ".clouds", CLOUDS, moment), 0.0), 1.0))
    puffs = _noise(seed, name + ".puffs", PUFFS, moment) * 2.0 * front * (1.0 - front)
    return min(max(front + puffs, 0.0), 1.0)


def _climate(place: Place, moment: int, cover: float) -> float:
    """Mean air by latitude, height, season and hour of the sun, in kelvin; clouds flatten the day."""
    latitude = place.latitude_degrees
    season = cos(TURN * (day_of_year(moment) + moment % DAY_SECONDS / DAY_SECONDS - WARMEST_DAY) / 365.25)
    hour = moment % DAY_SECONDS / 3600.0 + place.longitude_degrees / 15.0
    day = cos(TURN * (hour - WARMEST_HOUR) / 24.0)
    mean = KELVIN_AT_EQUATOR - 0.0066 * latitude * latitude - LAPSE_KELVIN_PER_M * place.altitude_m
    return mean + 0.17 * latitude * season + (5.0 - 3.5 * cover) * day


def _noise(seed: int, name: str, octaves: tuple[Octave, ...], moment: int) -> float:
    """Sum over the lattices: chance at the two corners around a moment, between -1 and 1, with a smooth way between them."""
    total = 0.0
    for period, weight in octaves:
        corner, after = divmod(moment, period)
        before, behind = _corners(seed, name, period, corner)
        total += weight * (before + (behind - before) * _smooth(after / period))
    return total


@lru_cache(maxsize=128)
def _corners(seed: int, name: str, period: int, corner: int) -> tuple[float, float]:
    return _chance(seed, f"{name}.{period}", corner), _chance(seed, f"{name}.{period}", corner + 1)


def _chance(seed: int, name: str, number: int) -> float:
    return (random_u64(seed, name, number % 2**64) >> 11) / 2.0**52 - 1.0


def _smooth(x: float) -> float:
    return x * x * (3.0 - 2.0 * x)
