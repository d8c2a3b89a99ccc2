"""Weather files as pvlib reads them, brought to one table: when each row begins, and what it holds.

The time stamps of the formats mean different things. TMY3 stamps the end of an hour (pvlib keeps that), TMY2 and EPW
count hours from 1 (pvlib makes that the beginning), NSRDB and PVGIS stamp a moment inside their step.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pvlib import iotools

from joulebus.almanac.requests import AirRequest
from joulebus.errors import WeatherError
from joulebus.physics.knots import GRID_SECONDS

COLUMNS = ("dni", "dhi", "temp_air", "wind_speed")
VALUE_LIMITS = {"dni": (0.0, 1500.0), "dhi": (0.0, 1200.0), "temp_air": (-90.0, 70.0), "wind_speed": (0.0, 110.0)}
"""What lies outside is how the formats say "missing": 9999, 99.9, -9900. The last three lie beyond what was ever measured."""
LOW_SUN_SINE = 0.02
BEAM_MAX_W_M2 = 1400.0
"""No beam is stronger than sunlight above the air, also where a level beam is divided by a low sun."""
STEPS_SECONDS = (900, 1800, 3600)


@dataclass(frozen=True)
class WeatherRows:
    """A weather file: columns of W/m2, degrees Celsius and m/s, NaN where it is empty."""

    name: str
    latitude: float
    longitude: float
    zone_seconds: int
    step_seconds: int
    begins: Any
    """Beginning of each row, in seconds of the file's own standard time."""
    values: Any
    """One line for each of COLUMNS."""
    typical: bool
    """Its months come from different years, and stand for any year."""


def weather_rows(request: AirRequest) -> WeatherRows:
    """The rows of the file of a request.

    Raises:
        WeatherError: The file has changed since it was named, or cannot be read in its format.
    """
    path = Path(request.path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != request.digest:
        raise WeatherError(f"a weather file must not change while a home uses it, but {path.name} did; start the home again")
    kind = request.format if request.format != "auto" else _detect(path)
    try:
        return _READERS[kind](path)
    except WeatherError:
        raise
    except Exception:  # pvlib's parsers raise whatever a broken file makes them trip over; their texts are about their own code
        raise WeatherError(f"the weather file {path.name} cannot be read as {kind}; set format, or repair the file") from None


def _detect(path: Path) -> str:
    with path.open(encoding="latin-1") as file:
        lines = [file.readline(4000) for _ in range(3)]
    if path.suffix.lower() in (".tm2", ".tmy2"):
        return "tmy2"
    if lines[0].startswith("LOCATION,"):
        return "epw"
    if lines[0].startswith("Latitude (decimal degrees)"):
        return "pvgis"
    if lines[0].startswith("Source,"):
        return "nsrdb"
    if lines[1].startswith("Date (MM/DD/YYYY)"):
        return "tmy3"
    if len(lines[1].rstrip("\n")) in (141, 142) and lines[1][1:9].isdigit():
        return "tmy2"
    raise WeatherError(f"a weather file must be TMY2, TMY3, EPW, PVGIS CSV or NSRDB CSV, and {path.name} looks like none; set format")


def _tmy2(path: Path) -> WeatherRows:
    data, meta = iotools.read_tmy2(str(path))
    data = data.rename(columns={"DNI": "dni", "DHI": "dhi", "DryBulb": "temp_air", "Wspd": "wind_speed"})
    data["temp_air"] = data["temp_air"] / 10.0
    data["wind_speed"] = data["wind_speed"] / 10.0
    return _of(path, data, (meta["latitude"], meta["longitude"]), 0, typical=True)


def _tmy3(path: Path) -> WeatherRows:
    data, meta = iotools.read_tmy3(str(path), map_variables=True)
    return _of(path, data, (meta["latitude"], meta["longitude"]), 3600, typical=True)


def _epw(path: Path) -> WeatherRows:
    data, meta = iotools.read_epw(str(path))
    return _of(path, data, (meta["latitude"], meta["longitude"]), 0)


def _nsrdb(path: Path) -> WeatherRows:
    data, meta = iotools.read_nsrdb_psm4(str(path))
    return _of(path, data, (meta["latitude"], meta["longitude"]), _step(path, data.index) // 2)


def _pvgis(path: Path) -> WeatherRows:
    with path.open(encoding="latin-1") as file:
        typical = any(file.readline(200).startswith("month,year") for _ in range(6))
    return _pvgis_typical(path) if typical else _pvgis_hourly(path)


def _pvgis_typical(path: Path) -> WeatherRows:
    data, meta = iotools.read_pvgis_tmy(str(path), pvgis_format="csv")
    late = round(meta["inputs"].get("irradiance time offset", 0.0) * 3600)
    return _of(path, data, (meta["inputs"]["latitude"], meta["inputs"]["longitude"]), 1800 - late, typical=True)


def _pvgis_hourly(path: Path) -> WeatherRows:
    data, meta = iotools.read_pvgis_hourly(str(path), pvgis_format="csv")
    if not {"poa_direct", "poa_sky_diffuse"} <= set(data) or float(data.get("poa_ground_diffuse", pd.Series([0.0])).max()) > 0:
        raise WeatherError(
            f"an hourly PVGIS file must hold beam and diffuse light on a level plane, but {path.name} does not; "
            "ask PVGIS for slope 0 and radiation components"
        )
    sine = np.maximum(np.sin(np.radians(data["solar_elevation"].to_numpy(dtype=float))), LOW_SUN_SINE)
    data["dni"] = np.minimum(data["poa_direct"] / sine, BEAM_MAX_W_M2)
    data["dhi"] = data["poa_sky_diffuse"]
    return _of(path, data, (meta["inputs"]["latitude"], meta["inputs"]["longitude"]), 1800)


_READERS: dict[str, Callable[[Path], WeatherRows]] = {"tmy2": _tmy2, "tmy3": _tmy3, "epw": _epw, "pvgis": _pvgis, "nsrdb": _nsrdb}


def _of(path: Path, data: pd.DataFrame, place: tuple[float, float], stamped_late_seconds: int, typical: bool | None = None) -> WeatherRows:
    index = pd.DatetimeIndex(data.index)
    zone = int((index[0].utcoffset() or timedelta()).total_seconds())
    local = index.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64) - stamped_late_seconds
    local = (local + GRID_SECONDS // 2) // GRID_SECONDS * GRID_SECONDS
    return WeatherRows(
        name=path.name,
        latitude=float(place[0]),
        longitude=float(place[1]),
        zone_seconds=zone,
        step_seconds=_step(path, index),
        begins=local,
        values=np.stack([_column(data, name) for name in COLUMNS]),
        typical=_mixed_years(local) if typical is None else typical,
    )


def _column(data: pd.DataFrame, name: str) -> Any:
    values = pd.to_numeric(data[name], errors="coerce").to_numpy(dtype=float)
    low, high = VALUE_LIMITS[name]
    return np.where((values >= low) & (values <= high), values, np.nan)


def _step(path: Path, index: pd.DatetimeIndex) -> int:
    steps = np.diff(index.tz_convert(None).to_numpy().astype("datetime64[s]").astype(np.int64))
    step = int(np.median(steps))
    if step not in STEPS_SECONDS:
        raise WeatherError(f"a weather file must have a row for each 15, 30 or 60 minutes, and {path.name} has one each {step} s")
    return step


def _mixed_years(local_seconds: Any) -> bool:
    """Whether its months do not follow each other: then they come from different years, as those of a typical year do."""
    months = np.unique(local_seconds.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64))
    return bool(np.any(np.diff(months) != 1))
