"""The process that computes months: ``python -m joulebus.almanac`` with a question on its standard input."""

import json
import sys
from functools import partial

from joulebus.almanac import cache
from joulebus.almanac.months import REFUSED, month_edges
from joulebus.almanac.requests import AirRequest, Request, SkyRequest, key
from joulebus.errors import SetupError, WeatherError

KINDS = {"sky": SkyRequest, "air": AirRequest}


def main() -> int:
    """Write the months that are asked for and not yet kept."""
    asked = json.load(sys.stdin)
    request: Request = KINDS[asked["request"]["what"]](**asked["request"])
    try:
        _write(request, range(asked["first_month"], asked["first_month"] + asked["months"]))
    except WeatherError as refusal:
        print(refusal)
        return REFUSED
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _write(request: Request, months: range) -> None:
    from joulebus.almanac.files import read
    from joulebus.almanac.hours import air_month
    from joulebus.almanac.skies import sky_month

    make = partial(air_month, read(request), request) if isinstance(request, AirRequest) else partial(sky_month, request)
    for month in months:
        name = key(request, month)
        if cache.load(name) is None:
            cache.save(name, make(*month_edges(month)).astype("<i8").tobytes())
    cache.prune()


if __name__ == "__main__":
    sys.exit(main())
