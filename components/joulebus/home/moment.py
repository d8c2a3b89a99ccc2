"""What the devices tell of this moment, as a screen shows it: where the sun stands, the weather, what energy costs."""

from collections.abc import Mapping

from joulebus.devices.grid import currency_of
from joulebus_schemas.roster import Member
from joulebus_schemas.screen import PricesNow, Readings, SkyNow

ZENITH_UDEG = 90_000_000
"""From the horizon straight up."""


def sky_of(roster: Mapping[str, Member], readings: Mapping[str, Readings]) -> SkyNow | None:
    """The sky over the home; None while no sun is on that has told where it stands."""
    sun, weather = _told("sun", roster, readings), _told("weather", roster, readings)
    if "zenith_udeg" not in sun:
        return None
    return SkyNow(
        elevation_udeg=ZENITH_UDEG - sun["zenith_udeg"],
        azimuth_udeg=sun["azimuth_udeg"],
        ghi_mw_m2=weather.get("ghi_mw_m2", sun["ghi_mw_m2"]),
        clear_ghi_mw_m2=sun["ghi_mw_m2"],
        air_temperature_mk=weather.get("air_temperature_mk"),
        wind_mm_s=weather.get("wind_mm_s"),
        cloud_ppm=weather.get("cloud_ppm"),
    )


def prices_now(roster: Mapping[str, Member], readings: Mapping[str, Readings]) -> PricesNow | None:
    """The prices of the grid; None while no grid is on that has told them."""
    grid = _told("grid", roster, readings)
    if "import_price" not in grid:
        return None
    return PricesNow(
        import_micro_euro_per_kwh=grid["import_price"],
        export_micro_euro_per_kwh=grid["export_price"],
        currency=currency_of(roster),
        available=bool(grid["available"]),
    )


def _told(kind: str, roster: Mapping[str, Member], readings: Mapping[str, Readings]) -> Readings:
    """What the first device of a kind told last, of those that are on."""
    return next((readings[name] for name, one in sorted(roster.items()) if one.kind == kind and one.on and name in readings), {})
