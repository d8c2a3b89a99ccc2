"""The process that computes months: ``python -m joulebus.almanac`` with a question on its standard input."""

import json
import sys

from joulebus.almanac.compute import write
from joulebus.almanac.months import REFUSED
from joulebus.almanac.requests import AirRequest, Request, SkyRequest
from joulebus.errors import SetupError, WeatherError

KINDS = {"sky": SkyRequest, "air": AirRequest}


def main() -> int:
    """Answer, or say in one sentence why not."""
    asked = json.load(sys.stdin)
    request: Request = KINDS[asked["request"]["what"]](**asked["request"])
    try:
        write(request, range(asked["first_month"], asked["first_month"] + asked["months"]))
    except WeatherError as refusal:
        print(refusal)
        return REFUSED
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
