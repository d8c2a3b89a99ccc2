"""The sun and the clear sky over a place, by pvlib: NREL's solar position and the clear sky of Ineichen and Perez."""

from typing import Any, Protocol

import numpy as np
import pandas as pd
from pvlib import atmosphere, clearsky, irradiance, solarposition

from joulebus.physics.knots import GRID_SECONDS

DELTA_T_SECONDS = 67.0
"""Between terrestrial and universal time. A fixed one: pvlib's other choice, a polynomial, is 2 ms better in the sun's place."""

Numbers = Any
"""A numpy array."""


class Somewhere(Protocol):
    """Any request that names a place."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def altitude(self) -> float: ...


def sky_month(place: Somewhere, begins: int, ends: int) -> Numbers:
    """The columns of almanac.Sky from begins to ends (excluded): microdegrees and mW/m2."""
    moments = np.arange(begins, ends, GRID_SECONDS)
    zenith, azimuth = sun(place, moments)
    ghi, dni, dhi = clear_sky(place, moments, zenith)
    return np.stack([_whole(zenith * 1e6), _whole(azimuth * 1e6) % 360_000_000, _whole(ghi * 1e3), _whole(dni * 1e3), _whole(dhi * 1e3)])


def sun(place: Somewhere, moments: Numbers) -> tuple[Numbers, Numbers]:
    """True zenith (no refraction) and azimuth from north, in degrees."""
    found = solarposition.spa_python(instants(moments), place.latitude, place.longitude, place.altitude, delta_t=DELTA_T_SECONDS)
    return found["zenith"].to_numpy(), found["azimuth"].to_numpy()


def clear_sky(place: Somewhere, moments: Numbers, zenith: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """GHI, DNI and DHI in W/m2; all 0 while the sun is not above the horizon."""
    index = instants(moments)
    mass = atmosphere.get_absolute_airmass(atmosphere.get_relative_airmass(np.minimum(zenith, 90.0)), atmosphere.alt2pres(place.altitude))
    turbidity = clearsky.lookup_linke_turbidity(index, place.latitude, place.longitude).to_numpy()
    beyond = irradiance.get_extra_radiation(index).to_numpy()
    sky = clearsky.ineichen(np.minimum(zenith, 90.0), mass, turbidity, altitude=place.altitude, dni_extra=beyond)
    night = ~(zenith < 90.0)
    ghi, dni, dhi = (np.where(night, 0.0, np.maximum(np.nan_to_num(sky[name]), 0.0)) for name in ("ghi", "dni", "dhi"))
    return ghi, dni, dhi


def beyond_air(moments: Numbers) -> Numbers:
    """Sunlight above the air in W/m2, which no beam exceeds."""
    return irradiance.get_extra_radiation(instants(moments)).to_numpy()


def instants(moments: Numbers) -> pd.DatetimeIndex:
    """Unix seconds as pandas knows them."""
    return pd.DatetimeIndex(moments.astype("datetime64[s]"), tz="UTC")


def _whole(values: Numbers) -> Numbers:
    return np.rint(values).astype(np.int64)
