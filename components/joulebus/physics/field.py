"""A field of panels: from the light of the sky to watts of direct current.

The light on the plane is beam + sky + ground with the sky of Hay and Davies:

    beam    DNI cos(incidence)
    sky     DHI (A cos(incidence) / cos(zenith) + (1 - A) (1 + cos(tilt)) / 2),  A = DNI / extraterrestrial
    ground  GHI albedo (1 - cos(tilt)) / 2

What the glass reflects is taken off each part; losses and the law of the cells are those of PVWatts. The model ``pvwatts_8`` has the
sky of Perez, coated glass, the colours of a low sun, and the single-diode cells of PVWatts version 8. The core computes it, knot by knot.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

from joulebus.physics.knots import GRID_SECONDS, Column
from joulebus.physics.solar import (
    angle_of_ground,
    angle_of_sky,
    cos_udeg,
    day_of_year,
    glass_transmission_of_ground,
    glass_transmission_of_sky,
)
from joulebus_core import even_light_transmission, exp, field_along

Model = Literal["hay_davies", "pvwatts_8"]

AIR_THINS_PER_M = 0.0001184


class Plane(NamedTuple):
    """How the panels lie."""

    tilt_mdeg: int
    azimuth_mdeg: int
    albedo_ppm: int
    altitude_m: float = 0.0


class Yield(NamedTuple):
    """What the panels make of full light."""

    peak_watts: float
    per_kelvin: float
    kept: float
    """Share of the power that losses leave."""


class Design(NamedTuple):
    """What does not change from knot to knot."""

    peak_watts: float
    per_kelvin: float
    kept: float
    """Share of the power that losses leave."""
    mounting: str
    plane: Plane
    sky: str
    cos_tilt: float
    sin_tilt: float
    sky_transmission: float
    ground_transmission: float
    air_share: float
    """Air above the place, as a share of that above the sea."""


class FieldLight(NamedTuple):
    """Knots of the sun's position and of the light on level ground."""

    zenith_udeg: Column
    azimuth_udeg: Column
    ghi_mw_m2: Column
    dni_mw_m2: Column
    dhi_mw_m2: Column


class CoolingAir(NamedTuple):
    """Knots of what cools the cells."""

    temperature_mk: Column
    wind_mm_s: Column


class Conditions(NamedTuple):
    """A field at each knot: light that enters its cells, their temperature, its power."""

    irradiance_mw_m2: Column
    cell_temperature_mk: Column
    power_milliwatts: Column


def design(of: Yield, mounting: str, plane: Plane, model: Model) -> Design:
    """A field with its constants worked out."""
    tilt = plane.tilt_mdeg / 1000.0
    cos_tilt, sin_tilt = cos_udeg(plane.tilt_mdeg * 1000), cos_udeg(90_000_000 - plane.tilt_mdeg * 1000)
    bright, sky, ground = "hay_davies", glass_transmission_of_sky(tilt), glass_transmission_of_ground(tilt)
    if model == "pvwatts_8":
        mounting, bright = f"pvwatts_8 {mounting}", "perez"
        sky, ground = (even_light_transmission(cos_udeg(angle)) for angle in (angle_of_sky(tilt), angle_of_ground(tilt)))
    return Design(*of, mounting, plane, bright, cos_tilt, sin_tilt, sky, ground, exp(-AIR_THINS_PER_M * plane.altitude_m))


@lru_cache(maxsize=16)
def along(of: Design, first_unix_seconds: int, light: FieldLight, air: CoolingAir) -> Conditions:
    """A field at knots; kept, because a live home asks for the same two knots in each of 300 windows."""
    days = [day_of_year(first_unix_seconds + i * GRID_SECONDS) for i in range(len(light.zenith_udeg))]
    return Conditions(*map(tuple, field_along(of, light, air, days)))
