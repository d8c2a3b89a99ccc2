"""Small weather files in all formats: a made-up year near Greenwich, as its makers would write it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import cos, pi, sin
from pathlib import Path
from typing import NamedTuple

from joulebus_schemas.roster import Place

PLACE = Place(latitude_degrees=10.0, longitude_degrees=0.0, altitude_m=100, timezone="UTC")
YEAR = 2023
TYPICAL_YEARS = (2011, 2005, 2018, 2009, 2011, 2014, 2007, 2016, 2005, 2013, 2010, 2019)


class Hour(NamedTuple):
    """The mean of an hour that begins at a moment."""

    begins: datetime
    dni: float
    dhi: float
    celsius: float
    wind: float


def hours(year: int = YEAR) -> Iterator[Hour]:
    """A year of hours in which each day differs from the next."""
    begins = datetime(year, 1, 1, tzinfo=UTC)
    while begins.year == year:
        high = max(0.0, cos((begins.hour + 0.5 - 12) * pi / 12))
        haze = 0.3 + 0.1 * (begins.day % 7)
        yield Hour(begins, round(700 * high * haze), round(150 * high), round(25 + 4 * high + begins.day % 3, 1), 2.0 + begins.day % 4)
        begins += timedelta(hours=1)


Writer = Callable[[Path, list[Hour]], Path]


def tmy3(path: Path, of: list[Hour]) -> Path:
    """Stamps the end of an hour; the last of a day is 24:00."""
    lines = [
        '999999,"NOWHERE",XX,0.0,10.0,0.0,100',
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Wspd (m/s)",
    ]
    for hour in of:
        day = hour.begins.replace(year=TYPICAL_YEARS[hour.begins.month - 1])
        lines.append(f"{day:%m/%d/%Y},{day.hour + 1:02}:00,0,{hour.dni:g},{hour.dhi:g},{hour.celsius},{hour.wind}")
    return _written(path / "made.csv", lines)


def epw(path: Path, of: list[Hour]) -> Path:
    """Counts hours from 1, and has 35 columns."""
    lines = ["LOCATION,Nowhere,XX,XXX,TMY,999999,10.0,0.0,0.0,100.0", *["-"] * 7]
    for hour in of:
        year = TYPICAL_YEARS[hour.begins.month - 1]
        known = f"{year},{hour.begins.month},{hour.begins.day},{hour.begins.hour + 1},60,?,{hour.celsius},9.9,50,101000"
        lines.append(f"{known},0,0,300,0,{hour.dni:g},{hour.dhi:g},0,0,0,0,180,{hour.wind},5,5" + ",9999" * 11)
    return _written(path / "made.epw", lines)


def nsrdb(path: Path, of: list[Hour]) -> Path:
    """Stamps the middle of an hour of one real year."""
    lines = ["Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone", "NSRDB,1,10.0,0.0,0,100,0"]
    lines.append("Year,Month,Day,Hour,Minute,GHI,DNI,DHI,Temperature,Wind Speed")
    lines += [f"{h.begins:%Y,%-m,%-d,%-H},30,0,{h.dni:g},{h.dhi:g},{h.celsius},{h.wind}" for h in of]
    return _written(path / "made_nsrdb.csv", lines)


def pvgis(path: Path, of: list[Hour]) -> Path:
    """A typical year in UTC whose light was measured half an hour after the stamp."""
    lines = ["Latitude (decimal degrees): 10.000", "Longitude (decimal degrees): 0.000", "Elevation (m): 100.0"]
    lines += ["Irradiance Time Offset (h): 0.5", "month,year", *[f"{month},{year}" for month, year in enumerate(TYPICAL_YEARS, 1)]]
    lines.append("time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP")
    for h in of:
        stamp = f"{h.begins.replace(year=TYPICAL_YEARS[h.begins.month - 1]):%Y%m%d:%H00}"
        lines.append(f"{stamp},{h.celsius},50.0,0.0,{h.dni:g},{h.dhi:g},300.0,{h.wind},180.0,100000.0")
    return _written(path / "made_pvgis.csv", lines)


def pvgis_hourly(path: Path, of: list[Hour]) -> Path:
    """Real years in UTC: beam and diffuse light on a level plane, stamped inside the hour."""
    lines = ["Latitude (decimal degrees):\t10.000", "Longitude (decimal degrees):\t0.000", "Elevation (m):\t100.0"]
    lines += ["Radiation database:\tmade up", "Slope: 0 deg.", "", "time,Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int"]
    for h in of:
        elevation = 90.0 - 15.0 * abs(h.begins.hour + 0.5 - 12)
        level = h.dni * max(0.0, sin(elevation * pi / 180))
        lines.append(f"{h.begins:%Y%m%d:%H}30,{level:.4f},{h.dhi},0.0,{elevation},{h.celsius},{h.wind},0.0")
    return _written(path / "made_hourly.csv", lines)


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path
