"""Years of hours as PVWatts reads them: a generated sky of any place, written as NREL's own format (SAM CSV)."""

from pathlib import Path
from statistics import fmean

from joulebus.device import Inputs
from joulebus.devices.sun import SunProperties
from joulebus.devices.weather import Weather, WeatherProperties
from joulebus_schemas.roster import Place
from tests.tables.heavens import SkyRequest, compute, context, knots, span, sun, unix

KNOTS_OF_AN_HOUR = 12
YEAR = 2026


def write_year(path: Path, place: Place, zone_hours: int) -> Path:
    """A generated year at a place as hourly means in standard time, each stamped in its middle."""
    first = unix(f"{YEAR}-01-01") - 3600 * zone_hours
    of = span(first, 8_760 * KNOTS_OF_AN_HOUR)
    compute(SkyRequest.of(place), span(first - 32 * 86_400, of.ticks + 64 * 288))
    shining = {"sun": sun(place, of, SunProperties())}
    told = Weather().forecast(Inputs(context("weather", place, ("sun",)), WeatherProperties(), of, shining))
    columns = [hourly(knots(told[name])) for name in ("dni_mw_m2", "dhi_mw_m2", "air_temperature_mk", "wind_mm_s")]
    lines = ["Source,Location ID,Latitude,Longitude,Time Zone,Elevation"]
    lines += [f"made,1,{place.latitude_degrees},{place.longitude_degrees},{zone_hours},{place.altitude_m}"]
    lines += ["Year,Month,Day,Hour,Minute,DNI,DHI,Temperature,Wind Speed"]
    month_days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    stamps = [f"{YEAR},{month + 1},{day + 1},{hour},30" for month in range(12) for day in range(month_days[month]) for hour in range(24)]
    for stamp, dni, dhi, warm, wind in zip(stamps, *columns, strict=True):
        lines.append(f"{stamp},{dni / 1e3:.1f},{dhi / 1e3:.1f},{warm / 1e3 - 273.15:.2f},{wind / 1e3:.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def hourly(values: tuple[int, ...]) -> list[float]:
    """Means of hours of a line between knots."""
    return [
        fmean([(values[at] + values[at + KNOTS_OF_AN_HOUR]) / 2, *values[at + 1 : at + KNOTS_OF_AN_HOUR]])
        for at in range(0, len(values) - 1, KNOTS_OF_AN_HOUR)
    ]
