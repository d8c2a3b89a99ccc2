"""What is known beforehand: the position of the sun, how strong a clear sky is, what a weather file says.

From outside these are pure functions: the same place and moment always give the same whole numbers, at knots of
300 s of unix time. Inside, pvlib computes them a calendar month at a time in a process that soon ends (pandas would
cost each device 100 MB), and a cache on disk keeps the months. A month is always computed as a whole, so no number
depends on the span that somebody asked for (law 2).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from joulebus.almanac.months import cut_columns
from joulebus.almanac.requests import MISSING, AirRequest, SkyRequest, digest_of_file
from joulebus.errors import WeatherError
from joulebus.physics.knots import GRID_SECONDS, Column
from joulebus_schemas.roster import Place

__all__ = ["FileAir", "FileFormat", "Sky", "WeatherFile", "file_air", "sky"]

FileFormat = Literal["auto", "tmy2", "tmy3", "epw", "pvgis", "nsrdb"]


class Sky(NamedTuple):
    """Knots of a sun over a place: microdegrees, and the light of a clear sky in mW/m2."""

    zenith_udeg: Column
    azimuth_udeg: Column
    ghi_mw_m2: Column
    dni_mw_m2: Column
    dhi_mw_m2: Column


class FileAir(NamedTuple):
    """Knots of a weather file: light in mW/m2, millikelvin, mm/s, and the clouds that its light tells of."""

    dni_mw_m2: Column
    dhi_mw_m2: Column
    air_temperature_mk: Column
    wind_mm_s: Column
    cloud_ppm: Column


class WeatherFile(NamedTuple):
    """A file and how it is to be read."""

    path: str
    """Absolute, or "pvlib:NAME" for a file that comes with pvlib."""
    format: FileFormat = "auto"
    repeat_year: bool = False
    place_tolerance_km: float = 200.0
    time_shift_minutes: int = 0
    """Rows are moved by so much, later is positive."""
    time_check: bool = True
    """Whether a file whose light fits the sun badly is refused."""


def sky(place: Place, first_unix_seconds: int, knots: int) -> Sky:
    """The sun and the clear sky over a place, at knots from the first one on."""
    return Sky(*cut_columns(SkyRequest.of(place), first_unix_seconds, knots))


def file_air(file: WeatherFile, place: Place, first_unix_seconds: int, knots: int) -> FileAir:
    """The weather of a file at a place, at knots from the first one on.

    Raises:
        WeatherError: The file does not cover the span.
    """
    path, digest = digest_of_file(file.path)
    request = AirRequest.of(place, path, digest, file[1:])
    columns = FileAir(*cut_columns(request, first_unix_seconds, knots))
    if MISSING in columns.dni_mw_m2:
        missing = first_unix_seconds + GRID_SECONDS * columns.dni_mw_m2.index(MISSING)
        raise WeatherError(_not_covered(Path(path).name, missing))
    return columns


def _not_covered(name: str, unix_seconds: int) -> str:
    moment = datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M")
    return (
        f"the weather file must cover the time of the home, but {name} holds another time than {moment} UTC; "
        "start the home within the file's time, or set repeat_year: true to use one year for all"
    )
