"""Computing months with pvlib and keeping them; the only way from here to pandas."""

from functools import partial

from joulebus.almanac import cache
from joulebus.almanac.files import read_weather_file
from joulebus.almanac.hours import air_month
from joulebus.almanac.months import month_edges
from joulebus.almanac.requests import AirRequest, Request, key
from joulebus.almanac.skies import sky_month


def write_months(request: Request, months: range) -> None:
    """Write the months that are asked for and not yet kept."""
    missing = [month for month in months if cache.cached(key(request, month)) is None]
    if not missing:
        return
    make = partial(air_month, read_weather_file(request), request) if isinstance(request, AirRequest) else partial(sky_month, request)
    for month in missing:
        cache.save(key(request, month), make(*month_edges(month)).astype("<i8").tobytes())
    cache.prune()
