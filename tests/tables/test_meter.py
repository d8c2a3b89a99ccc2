"""The meter as a device: it moves nothing, and its calendar says when it is day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from joulebus.devices.meter import MeterProperties
from joulebus.physics.day_night import is_day

BRUSSELS = "Europe/Brussels"
WEEK = ("Mon-Fri 07:00-22:00",)


@pytest.mark.parametrize(
    ("windows", "holidays", "moment", "day"),
    [
        (WEEK, "", "2026-06-22 06:59:59", False),
        (WEEK, "", "2026-06-22 07:00", True),
        (WEEK, "", "2026-06-22 21:59:59", True),
        (WEEK, "", "2026-06-22 22:00", False),
        (WEEK, "", "2026-06-20 12:00", False),
        (WEEK, "", "2026-07-21 12:00", True),
        (WEEK, "BE", "2026-07-21 12:00", False),
        (WEEK, "BE", "2026-07-22 12:00", True),
        (WEEK, "DE-BY", "2026-01-06 12:00", False),
        (WEEK, "DE", "2026-01-06 12:00", True),
        (("Mon-Fri 06:00-21:00",), "BE", "2026-06-22 06:00", True),
        (("Mon-Fri 06:00-21:00",), "BE", "2026-06-22 21:00", False),
        ((), "", "2026-06-22 12:00", False),
    ],
)
def test_day_windows_and_holidays_decide(windows: tuple[str, ...], holidays: str, moment: str, day: bool) -> None:
    properties = MeterProperties(day_windows=windows, holidays=holidays)
    unix = int(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(BRUSSELS)).timestamp())
    assert is_day(properties.day_windows, properties.holidays, BRUSSELS, unix) is day


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"day_windows": ("07:10-22:00",)}, "on a quarter-hour"),
        ({"holidays": "ZZ"}, "code of a country"),
        ({"holidays": "DE-XX"}, 'no part "XX"'),
        ({"ean": "12"}, "ean"),
        ({"message": "a/b"}, "message"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        MeterProperties.model_validate(wrong)
