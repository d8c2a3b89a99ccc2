"""The process that computes months: ``python -m joulebus.almanac`` with a question on its standard input."""

import json
import sys

from joulebus.almanac.compute import write_months
from joulebus.almanac.months import EXIT_REFUSED
from joulebus.almanac.requests import AirRequest, Request, SkyRequest
from joulebus.errors import SetupError, WeatherError

REQUEST_KINDS = {"sky": SkyRequest, "air": AirRequest}


def main() -> int:
    """Answer, or say in one sentence why not."""
    asked = json.load(sys.stdin)
    request: Request = REQUEST_KINDS[asked["request"]["what"]](**asked["request"])
    try:
        write_months(request, range(asked["first_month"], asked["first_month"] + asked["months"]))
    except WeatherError as refusal:
        print(refusal)
        return EXIT_REFUSED
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
