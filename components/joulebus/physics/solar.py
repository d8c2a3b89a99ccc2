"""Sunlight on its way to a cell: clouds, the split into beam and diffuse light, reflection, temperature, direct current.

Every formula names its source. Sines, cosines, exponentials and powers come from the core, because those of the
platform differ in their last digit from machine to machine; square roots are exact everywhere.
"""

from datetime import date
from functools import lru_cache

from joulebus_core import cos, extraterrestrial_w_m2, glass_transmission, pow
from joulebus_schemas.facts import DAY_SECONDS

RADIANS_PER_UDEG = 3.141592653589793 / 180_000_000
COS_ZENITH_MIN = 0.065
"""Below it (86.3 degrees) the clearness index divides by this, so that a low sun does not look like a bright day (Erbs)."""
ERBS_ZENITH_MAX_UDEG = 87_000_000
"""Above it all light is diffuse: beam / cos(zenith) would be the noise of the last minutes of a day."""


def day_of_year(unix_seconds: int) -> int:
    """1 on the first of January, in UTC."""
    return _day_of_year(unix_seconds // DAY_SECONDS)


@lru_cache(maxsize=4096)
def _day_of_year(day: int) -> int:
    return date.fromordinal(719_163 + day).timetuple().tm_yday


def cos_udeg(angle_udeg: int) -> float:
    """Cosine of an angle in microdegrees."""
    return cos(angle_udeg * RADIANS_PER_UDEG)


def cloud_factor(cover: float) -> float:
    """Share of the clear sky's light that a cloud cover of 0..1 lets through (Kasten and Czeplak 1980)."""
    return 1.0 - 0.75 * pow(cover, 3.4) if cover > 0.0 else 1.0


def cloud_cover(passing: float) -> float:
    """The cloud cover of 0..1 that lets a share of the clear sky's light through; the reverse of cloud_factor."""
    return min(pow((1.0 - passing) / 0.75, 1.0 / 3.4), 1.0) if passing < 1.0 else 0.0


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


def angle_of_sky(tilt_degrees: float) -> int:
    """The angle at which glass reflects as much as it does of light from all of the sky, in microdegrees (Brandemuehl and Beckman 1980)."""
    return round((59.7 - 0.1388 * tilt_degrees + 0.001497 * tilt_degrees * tilt_degrees) * 1e6)


def angle_of_ground(tilt_degrees: float) -> int:
    """The same for light from the ground."""
    return round((90.0 - 0.5788 * tilt_degrees + 0.002693 * tilt_degrees * tilt_degrees) * 1e6)


def glass_transmission_of_sky(tilt_degrees: float) -> float:
    """Share of light from all of the sky that passes plain glass."""
    return glass_transmission(cos_udeg(angle_of_sky(tilt_degrees)))


def glass_transmission_of_ground(tilt_degrees: float) -> float:
    """The same for light from the ground."""
    return glass_transmission(cos_udeg(angle_of_ground(tilt_degrees)))
