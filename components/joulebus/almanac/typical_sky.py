"""A generated sky over a place whose climate is known: how much of a clear sky's light passes at each knot of a day.

Days begin and end at midnight by the sun. A month has the light of the climate, whatever the seed; which of its days are clear or grey,
and how their hours flicker, is chance.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from joulebus.almanac.climate import Climate, climate_of
from joulebus.almanac.months import cut_columns
from joulebus.almanac.requests import SkyRequest
from joulebus.physics.air_of_place import MonthlyAir, Season, course, day_of_air, monthly_air
from joulebus.physics.clearness import CLEAREST, CLOUD_DARKEST, DARKEST, clearness_of_day, moved_to_mean, unrest
from joulebus.physics.day_chance import day_chance, share_below
from joulebus.physics.daylight import MONTHS_OF_A_YEAR, h0_kwh_m2
from joulebus.physics.knots import GRID_SECONDS
from joulebus.physics.weather_generator import flicker
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.roster import Place

KNOTS_OF_A_DAY = DAY_SECONDS // GRID_SECONDS
NOON = DAY_SECONDS // 2
MILLIWATT_KNOTS_PER_KWH = 3_600_000_000 // GRID_SECONDS
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
POLAR_CLEARNESS = 0.72
"""Clearness of a clear sky, for days without sun."""

Twelve = tuple[float, ...]


class TypicalSky(NamedTuple):
    """A place and the chance of its days; what is known better than the climate is said by month."""

    seed: int
    name: str
    place: Place
    monthly_ghi_kwh_m2: Twelve | None = None
    """Light on level ground of each month."""
    monthly_celsius: Twelve | None = None
    """Mean air of each month."""


def light_passing(of: TypicalSky, first_unix_seconds: int, knots: int) -> list[float]:
    """Share of the clear sky's light that passes at each knot."""
    found: list[float] = []
    while len(found) < knots:
        day, second = _solar(of.place, first_unix_seconds + len(found) * GRID_SECONDS)
        at = second // GRID_SECONDS
        found += _day(of, day)[at : at + knots - len(found)]
    return found


def celsius(of: TypicalSky, first_unix_seconds: int, knots: int) -> list[float]:
    """The air at each knot; from noon to noon it passes smoothly from one day's mean and range to those of the next."""
    found: list[float] = []
    while len(found) < knots:
        day, second = _solar(of.place, first_unix_seconds + len(found) * GRID_SECONDS)
        before, since = (day, second - NOON) if second >= NOON else (day - 1, second + NOON)
        (mean, swing), (mean_after, swing_after) = _day_of_air(of, before), _day_of_air(of, before + 1)
        for since_noon in range(since, min(since + (knots - len(found)) * GRID_SECONDS, DAY_SECONDS), GRID_SECONDS):
            share = since_noon / DAY_SECONDS
            share = share * share * (3.0 - 2.0 * share)
            range_now = swing + (swing_after - swing) * share
            found.append(mean + (mean_after - mean) * share + range_now * course((since_noon + NOON) % DAY_SECONDS))
    return found


@lru_cache(maxsize=16)
def climate(of: TypicalSky) -> Climate:
    """The mean year of a place, with what people know better."""
    found = climate_of(of.place)
    clear, warm = found.clearness, of.monthly_celsius or found.celsius
    if of.monthly_ghi_kwh_m2 is not None:
        above = (_above(of.place, month) for month in range(MONTHS_OF_A_YEAR))
        clear = tuple(light / most if most else usual for light, most, usual in zip(of.monthly_ghi_kwh_m2, above, clear, strict=True))
    return found._replace(clearness=clear, celsius=warm)


def _above(place: Place, month: int) -> float:
    """Light of a month above the air, in kWh/m2, of a year of 365 days."""
    first = sum(MONTH_DAYS[:month]) + 1
    return sum(h0_kwh_m2(place.latitude_degrees, day) for day in range(first, first + MONTH_DAYS[month]))


@lru_cache(maxsize=64)
def _day_of_air(of: TypicalSky, day: int) -> tuple[float, float]:
    chance = day_chance(of.seed, of.name, day)
    warm, cold = _usual(of.seed, of.name, _month(day))
    return day_of_air(_air(of), _season(day), (chance.warmest - warm, chance.coldest - cold))


@lru_cache(maxsize=8)
def _usual(seed: int, name: str, month: int) -> tuple[float, float]:
    """What chance makes of the warmest and the coldest moments of a month on average; without it the month has the air of the climate."""
    days = [day_chance(seed, name, day) for day in range(*_edges(month))]
    return sum(day.warmest for day in days) / len(days), sum(day.coldest for day in days) / len(days)


@lru_cache(maxsize=16)
def _air(of: TypicalSky) -> MonthlyAir:
    found = climate(of)
    return monthly_air(found.celsius, found.clearness)


def _solar(place: Place, unix_seconds: int) -> tuple[int, int]:
    """Day and second by the mean sun over a place."""
    return divmod(unix_seconds + _ahead(place), DAY_SECONDS)


def _ahead(place: Place) -> int:
    """Seconds by which the mean sun is ahead of UTC; whole knots, so that a day begins at one."""
    return round(place.longitude_degrees * 240.0 / GRID_SECONDS) * GRID_SECONDS


def _season(day: int) -> Season:
    month = _month(day)
    first, after = _edges(month)
    return Season(month % MONTHS_OF_A_YEAR, (day - first + 0.5) / (after - first))


def _month(day: int) -> int:
    """The month of a day since 1970, counted from the year 0."""
    found = date.fromordinal(719_163 + day)
    return found.year * MONTHS_OF_A_YEAR + found.month - 1


def _edges(month: int) -> tuple[int, int]:
    """First day of a month and of the next one."""
    first, after = (date(number // 12, number % 12 + 1, 1).toordinal() - 719_163 for number in (month, month + 1))
    return first, after


@lru_cache(maxsize=64)
def _day(of: TypicalSky, day: int) -> tuple[float, ...]:
    """What passes at the knots of a day; its mean, by the light of a clear sky, is that of the day."""
    month = _month(day)
    clear = _clear_days(of.place, month)[day - _edges(month)[0]]
    clearness, mean = _days(of, month)[day - _edges(month)[0]]
    first = day * DAY_SECONDS - _ahead(of.place)
    height = unrest(clearness)
    drawn = [mean * (1.0 + height * flicker(of.seed, of.name, first + i * GRID_SECONDS)) for i in range(KNOTS_OF_A_DAY)]
    weights = clear if any(clear) else (1,) * KNOTS_OF_A_DAY
    return tuple(moved_to_mean(drawn, weights, mean, ((CLOUD_DARKEST,) * KNOTS_OF_A_DAY, (CLEAREST,) * KNOTS_OF_A_DAY)))


@lru_cache(maxsize=4)
def _clear_days(place: Place, month: int) -> tuple[tuple[int, ...], ...]:
    """Light of a clear sky at the knots of each day of a month, in mW/m2."""
    first, after = _edges(month)
    begins = first * DAY_SECONDS - _ahead(place)
    light = cut_columns(SkyRequest.of(place), begins, (after - first) * KNOTS_OF_A_DAY)[2]
    return tuple(light[at : at + KNOTS_OF_A_DAY] for at in range(0, len(light), KNOTS_OF_A_DAY))


@lru_cache(maxsize=4)
def _days(of: TypicalSky, month: int) -> tuple[tuple[float, float], ...]:
    """Clearness of each day of a month, and the share of the clear sky's light that passes; together they have the month's light."""
    first, after = _edges(month)
    target = climate(of).clearness[month % 12]
    numbers = [date.fromordinal(719_163 + day).timetuple().tm_yday for day in range(first, after)]
    above = [h0_kwh_m2(of.place.latitude_degrees, number) for number in numbers]
    clear = [sum(day) / MILLIWATT_KNOTS_PER_KWH for day in _clear_days(of.place, month)]
    drawn = [clearness_of_day(target, share_below(day_chance(of.seed, of.name, day).light)) for day in range(first, after)]
    most = [CLEAREST * light / beyond if light and beyond else max(drawn) for light, beyond in zip(clear, above, strict=True)]
    least = [min(DARKEST, high) for high in most]
    days = moved_to_mean(drawn, above if any(above) else [1.0] * len(above), target, (least, most))
    shares = [
        k * beyond / light if light and beyond else min(k / POLAR_CLEARNESS, 1.0)
        for k, beyond, light in zip(days, above, clear, strict=True)
    ]
    return tuple(zip(days, shares, strict=True))
