"""A field of panels: from the light of the sky to watts of direct current.

The light on the plane is beam + sky + ground with the sky of Hay and Davies:

    beam    DNI cos(incidence)
    sky     DHI (A cos(incidence) / cos(zenith) + (1 - A) (1 + cos(tilt)) / 2),  A = DNI / extraterrestrial
    ground  GHI albedo (1 - cos(tilt)) / 2

The core sums it; what the glass reflects is taken off each part here. Losses and the law of the cells are those of PVWatts.
"""

from functools import lru_cache
from typing import NamedTuple

from joulebus.physics.knots import GRID_SECONDS, Column
from joulebus.physics.solar import (
    cell_celsius,
    cos_incidence,
    cos_udeg,
    day_of_year,
    direct_current_watts,
    extraterrestrial_w_m2,
    glass_transmission,
    glass_transmission_of_ground,
    glass_transmission_of_sky,
)
from joulebus_core import poa_global

NIGHT_UDEG = 90_000_000
ZERO_CELSIUS_MK = 273_150


class Plane(NamedTuple):
    """How the panels lie."""

    tilt_mdeg: int
    azimuth_mdeg: int
    albedo_ppm: int


class Design(NamedTuple):
    """What does not change from knot to knot."""

    peak_watts: float
    per_kelvin: float
    kept: float
    """Share of the power that losses leave."""
    mounting: str
    plane: Plane
    cos_tilt: float
    sin_tilt: float
    sky_transmission: float
    ground_transmission: float


class Light(NamedTuple):
    """Knots of the sun's position and of the light on level ground."""

    zenith_udeg: Column
    azimuth_udeg: Column
    ghi_mw_m2: Column
    dni_mw_m2: Column
    dhi_mw_m2: Column


class Air(NamedTuple):
    """Knots of what cools the cells."""

    temperature_mk: Column
    wind_mm_s: Column


class Conditions(NamedTuple):
    """A field at each knot: light that enters its cells, their temperature, its power."""

    irradiance_mw_m2: Column
    cell_temperature_mk: Column
    power_milliwatts: Column


class Knot(NamedTuple):
    """Light on the plane, position of the sun, light on level ground (mW/m2), day of the year, air (mK) and wind (mm/s)."""

    plane_mw_m2: int
    zenith_udeg: int
    azimuth_udeg: int
    ghi_mw_m2: int
    dni_mw_m2: int
    dhi_mw_m2: int
    day: int
    air_mk: int
    wind_mm_s: int


def design(peak_watts: float, per_kelvin: float, kept: float, mounting: str, plane: Plane) -> Design:
    """A field with its constants worked out."""
    tilt = plane.tilt_mdeg / 1000.0
    cos_tilt, sin_tilt = cos_udeg(plane.tilt_mdeg * 1000), cos_udeg(90_000_000 - plane.tilt_mdeg * 1000)
    sky, ground = glass_transmission_of_sky(tilt), glass_transmission_of_ground(tilt)
    return Design(peak_watts, per_kelvin, kept, mounting, plane, cos_tilt, sin_tilt, sky, ground)


@lru_cache(maxsize=16)
def along(of: Design, first_unix_seconds: int, light: Light, air: Air) -> Conditions:
    """A field at knots; kept, because a live home asks for the same two knots in each of 300 windows."""
    days = [day_of_year(first_unix_seconds + i * GRID_SECONDS) for i in range(len(light.zenith_udeg))]
    plane = of.plane
    totals = poa_global(*light, plane.tilt_mdeg, plane.azimuth_mdeg, plane.albedo_ppm, days)
    rows = zip(totals, *light, days, *air, strict=True)
    return Conditions(*zip(*(at(of, Knot(*row)) for row in rows), strict=True))


def at(of: Design, knot: Knot) -> tuple[int, int, int]:
    """Light that enters the cells (mW/m2), their temperature (mK) and the power (mW); each leaves the floats through one rounding."""
    if knot.zenith_udeg >= NIGHT_UDEG:
        return 0, knot.air_mk, 0
    entering = _entering_w_m2(of, knot)
    celsius = cell_celsius(knot.plane_mw_m2 / 1000.0, (knot.air_mk - ZERO_CELSIUS_MK) / 1000.0, knot.wind_mm_s / 1000.0, of.mounting)
    watts = direct_current_watts(entering, celsius, of.peak_watts, of.per_kelvin) * of.kept
    return round(entering * 1000), ZERO_CELSIUS_MK + round(celsius * 1000), round(watts * 1000)


def _entering_w_m2(of: Design, knot: Knot) -> float:
    """Light on the plane without what the glass reflects of its beam, of the even sky, and of the ground."""
    total = knot.plane_mw_m2 / 1000.0
    anisotropy = knot.dni_mw_m2 / 1000.0 / _extraterrestrial(knot.day)
    sky = max(0.0, knot.dhi_mw_m2 / 1000.0 * (1.0 - anisotropy) * (1.0 + of.cos_tilt) / 2.0)
    ground = knot.ghi_mw_m2 / 1000.0 * of.plane.albedo_ppm / 1e6 * (1.0 - of.cos_tilt) / 2.0
    beam = max(0.0, total - sky - ground)
    incidence = cos_incidence(knot.zenith_udeg, knot.azimuth_udeg, of.cos_tilt, of.sin_tilt, of.plane.azimuth_mdeg * 1000)
    return beam * glass_transmission(incidence) + sky * of.sky_transmission + ground * of.ground_transmission


@lru_cache(maxsize=8)
def _extraterrestrial(day: int) -> float:
    return extraterrestrial_w_m2(day)
