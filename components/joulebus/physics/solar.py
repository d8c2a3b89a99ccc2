"""Sunlight on its way to a cell: clouds, the split into beam and diffuse light, reflection, temperature, direct current.

Every formula names its source. Sines, cosines, exponentials and powers come from the core, because those of the
platform differ in their last digit from machine to machine; square roots are exact everywhere.
"""

from datetime import date
from math import sqrt

from joulebus_core import cos, exp, pow, sin

RADIANS_PER_UDEG = 3.141592653589793 / 180_000_000
SOLAR_CONSTANT_W_M2 = 1366.1
COS_ZENITH_MIN = 0.065
"""Below it (86.3 degrees) the clearness index divides by this, so that a low sun does not look like a bright day (Erbs)."""
ERBS_ZENITH_MAX_UDEG = 87_000_000
"""Above it all light is diffuse: beam / cos(zenith) would be the noise of the last minutes of a day."""

SAPM = {"roof": (-2.98, -0.0471, 1.0), "insulated": (-2.81, -0.0455, 0.0)}
"""a, b, delta T by mounting (King et al. 2004): close mount glass/glass, insulated back glass/polymer."""
FAIMAN = (25.0, 6.84)
"""Heat loss in W/(m2 K), and its growth with each m/s of wind, of an open rack (Faiman 2008)."""

GLASS_INDEX = 1.526
GLASS_EXTINCTION_PER_M = 4.0
GLASS_THICKNESS_M = 0.002


def day_of_year(unix_seconds: int) -> int:
    """1 on the first of January, in UTC."""
    return date.fromordinal(719_163 + unix_seconds // 86_400).timetuple().tm_yday


def extraterrestrial_w_m2(day: int) -> float:
    """Sunlight above the air on a day of the year (Spencer 1971)."""
    angle = 2.0 * 3.141592653589793 * (day - 1) / 365.0
    shape = 1.00011 + 0.034221 * cos(angle) + 0.00128 * sin(angle) + 0.000719 * cos(2.0 * angle) + 7.7e-05 * sin(2.0 * angle)
    return SOLAR_CONSTANT_W_M2 * shape


def cos_udeg(angle_udeg: int) -> float:
    """Cosine of an angle in microdegrees."""
    return cos(angle_udeg * RADIANS_PER_UDEG)


def cloud_factor(cover: float) -> float:
    """Share of the clear sky's light that a cloud cover of 0..1 lets through (Kasten and Czeplak 1980)."""
    return 1.0 - 0.75 * pow(cover, 3.4) if cover > 0.0 else 1.0


def erbs(ghi: float, zenith_udeg: int, day: int) -> tuple[float, float]:
    """Beam (normal) and diffuse (horizontal) light of a global one, by the clearness of the air (Erbs et al. 1982)."""
    if ghi <= 0.0 or zenith_udeg >= 90_000_000:
        return 0.0, 0.0
    if zenith_udeg > ERBS_ZENITH_MAX_UDEG:
        return 0.0, ghi
    cos_zenith = cos_udeg(zenith_udeg)
    clearness = min(1.0, ghi / (extraterrestrial_w_m2(day) * max(cos_zenith, COS_ZENITH_MIN)))
    diffuse = ghi * _erbs_share(clearness)
    return (ghi - diffuse) / cos_zenith, diffuse


def _erbs_share(k: float) -> float:
    if k <= 0.22:
        return 1.0 - 0.09 * k
    if k <= 0.8:
        return 0.9511 - 0.1604 * k + 4.388 * k * k - 16.638 * k * k * k + 12.336 * k * k * k * k
    return 0.165


def cos_incidence(zenith_udeg: int, azimuth_udeg: int, cos_tilt: float, sin_tilt: float, surface_azimuth_udeg: int) -> float:
    """Cosine of the angle between the sun and the normal of a plane; negative when the sun is behind it."""
    zenith = zenith_udeg * RADIANS_PER_UDEG
    around = (azimuth_udeg - surface_azimuth_udeg) * RADIANS_PER_UDEG
    return cos(zenith) * cos_tilt + sin(zenith) * sin_tilt * cos(around)


def glass_transmission(cos_angle: float) -> float:
    """Share of light that passes a glass cover, 1 for light that falls straight on it (De Soto et al. 2006, "physical" IAM)."""
    return _glass(cos_angle) / _GLASS_STRAIGHT if cos_angle > 0.0 else 0.0


def _glass(cos_angle: float) -> float:
    """Snell, Fresnel for both polarisations, and Bouguer, said with cosines only."""
    cos_inside = sqrt(1.0 - (1.0 - cos_angle * cos_angle) / (GLASS_INDEX * GLASS_INDEX))
    absorbed = exp(-GLASS_EXTINCTION_PER_M * GLASS_THICKNESS_M / cos_inside)
    across = (cos_angle - GLASS_INDEX * cos_inside) / (cos_angle + GLASS_INDEX * cos_inside)
    along = (GLASS_INDEX * cos_angle - cos_inside) / (GLASS_INDEX * cos_angle + cos_inside)
    return absorbed * (1.0 - 0.5 * (across * across + along * along))


_GLASS_STRAIGHT = _glass(1.0)


def glass_transmission_of_sky(tilt_degrees: float) -> float:
    """The same for light from all of the sky, by its effective angle (Brandemuehl and Beckman 1980)."""
    return glass_transmission(cos_udeg(round((59.7 - 0.1388 * tilt_degrees + 0.001497 * tilt_degrees * tilt_degrees) * 1e6)))


def glass_transmission_of_ground(tilt_degrees: float) -> float:
    """The same for light from the ground."""
    return glass_transmission(cos_udeg(round((90.0 - 0.5788 * tilt_degrees + 0.002693 * tilt_degrees * tilt_degrees) * 1e6)))


def cell_celsius(irradiance_w_m2: float, air_celsius: float, wind_m_s: float, mounting: str) -> float:
    """Temperature of a cell: by Faiman where wind reaches its back, by the Sandia array performance model where it does not.

    On an open rack Sandia's model is 3 K warmer than Faiman's and than that of PVWatts, whose yield is our measure.
    """
    if mounting in SAPM:
        a, b, delta = SAPM[mounting]
        return irradiance_w_m2 * exp(a + b * wind_m_s) + air_celsius + irradiance_w_m2 / 1000.0 * delta
    return air_celsius + irradiance_w_m2 / (FAIMAN[0] + FAIMAN[1] * wind_m_s)


def direct_current_watts(irradiance_w_m2: float, cell_celsius: float, peak_watts: float, per_kelvin: float) -> float:
    """Power of a field before its losses, never below 0 (PVWatts version 5, Dobos 2014)."""
    return max(0.0, irradiance_w_m2 / 1000.0 * peak_watts * (1.0 + per_kelvin * (cell_celsius - 25.0)))
