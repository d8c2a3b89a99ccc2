"""The grid of DWD's test reference years (ETRS89-LCC, EPSG:3034) as latitude and longitude."""

from math import atan, atan2, degrees, hypot, log, pi, pow, radians, sin, sqrt, tan

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
"""Constants of the ellipsoid GRS80."""
ECCENTRICITY = sqrt(FLATTENING * (2 - FLATTENING))
PARALLELS = (radians(35.0), radians(65.0))
ORIGIN = (radians(52.0), radians(10.0))
FALSE_EASTING_M = 4_000_000.0
FALSE_NORTHING_M = 2_800_000.0


def degrees_of_try(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude of Rechtswert and Hochwert in metres, by Snyder's inverse with two standard parallels."""
    n, scale, rho_origin = _cone()
    x, y = easting - FALSE_EASTING_M, rho_origin - (northing - FALSE_NORTHING_M)
    t = pow(hypot(x, y) / scale, 1 / n)
    latitude = pi / 2 - 2 * atan(t)
    for _ in range(8):
        part = ECCENTRICITY * sin(latitude)
        latitude = pi / 2 - 2 * atan(t * pow((1 - part) / (1 + part), ECCENTRICITY / 2))
    return degrees(latitude), degrees(ORIGIN[1] + atan2(x, y) / n)


def _cone() -> tuple[float, float, float]:
    m = [_parallel(latitude) for latitude in PARALLELS]
    t = [_conformal(latitude) for latitude in PARALLELS]
    n = (log(m[0]) - log(m[1])) / (log(t[0]) - log(t[1]))
    scale = SEMI_MAJOR_M * m[0] / (n * pow(t[0], n))
    return n, scale, scale * pow(_conformal(ORIGIN[0]), n)


def _parallel(latitude: float) -> float:
    return sqrt(1 - sin(latitude) ** 2) / sqrt(1 - (ECCENTRICITY * sin(latitude)) ** 2)


def _conformal(latitude: float) -> float:
    part = ECCENTRICITY * sin(latitude)
    return tan(pi / 4 - latitude / 2) / pow((1 - part) / (1 + part), ECCENTRICITY / 2)
