"""Times as people write them in a home file: "22:00-06:30", "Mon-Fri 07:00-09:00", "Sat 10:00", "2026-03-01 18:00"."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from joulebus_schemas.facts import DAY_SECONDS

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = frozenset(range(7))

_DAYS = r"(?:(?P<days>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[-,](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*) )?"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
WINDOW_PATTERN = re.compile(rf"{_DAYS}(?P<begins>{_TIME})-(?P<ends>{_TIME}|24:00)")
TIME_PATTERN = re.compile(rf"{_DAYS}(?P<begins>{_TIME})")


@lru_cache(maxsize=1024)
def parse_window(text: str) -> tuple[frozenset[int], int, int]:
    """Weekdays on which it begins, and its edges in seconds of that day; the end may lie in the next day."""
    match = WINDOW_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f'a daily window must read "HH:MM-HH:MM" or "Mon-Fri HH:MM-HH:MM", such as "22:00-06:30"; it was {text!r}')
    begins, ends = _seconds(match["begins"]), _seconds(match["ends"])
    if begins == ends:
        raise ValueError(f'a daily window must not end when it begins; the whole day is "00:00-24:00"; it was {text!r}')
    return _weekdays(match["days"]), begins, ends if begins < ends else ends + DAY_SECONDS


@lru_cache(maxsize=1024)
def parse_time(text: str) -> tuple[frozenset[int], int]:
    """Weekdays and seconds of the day."""
    match = TIME_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f'a time of day must read "HH:MM" or "Mon-Fri HH:MM", such as "18:30"; it was {text!r}')
    return _weekdays(match["days"]), _seconds(match["begins"])


def parse_moment(text: str) -> str:
    """A moment in one spelling: "2026-03-01 18:00:00", with an offset where one is given: "2026-10-25 02:00:00+01:00"."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f'a moment must read "YYYY-MM-DD HH:MM" in the local time of the home, or have an offset such as +01:00; it was {text!r}'
        ) from None
    if moment.microsecond:
        raise ValueError(f"a moment must be in whole seconds; it was {text!r}")
    return moment.isoformat(" ")


def _check_window(text: str) -> str:
    parse_window(text)
    return text


def _check_time(text: str) -> str:
    parse_time(text)
    return text


def _check_departure(text: str) -> str:
    """A moment begins with a year, a time of day with an hour or a weekday."""
    if text[:4].isdigit():
        return parse_moment(text)
    parse_time(text)
    return text


def _refuse_numbers(value: object) -> object:
    if isinstance(value, int):
        raise ValueError(f'a time of day must be a text in quotes, such as "18:30"; without them YAML reads a number, here {value}')
    return value


def _text_of_date(value: object) -> object:
    """YAML reads an unquoted moment as a date or a datetime."""
    return value.isoformat() if isinstance(value, date) else value


def _portable(pattern: re.Pattern[str]) -> str:
    """The pattern as browsers read it, without names of groups."""
    return "^" + re.sub(r"\?P<\w+>", "", pattern.pattern) + "$"


DailyWindow = Annotated[
    str,
    AfterValidator(_check_window),
    Field(
        description='local time, such as "22:00-06:30" or "Mon-Fri 07:00-09:00"', json_schema_extra={"pattern": _portable(WINDOW_PATTERN)}
    ),
]
"""The type of a property: one window of local time that comes every day, or on some weekdays."""

DailyTime = Annotated[
    str,
    BeforeValidator(_refuse_numbers),
    AfterValidator(_check_time),
    Field(description='local time, such as "18:30" or "Sat,Sun 10:00"', json_schema_extra={"pattern": _portable(TIME_PATTERN)}),
]
"""The type of a property: a time of day."""

LocalMoment = Annotated[
    str,
    BeforeValidator(_text_of_date),
    AfterValidator(parse_moment),
    Field(max_length=40, description='local date and time, such as "2026-03-01 18:00"; an offset says which hour, where one comes twice'),
]
"""The type of a property: a moment that comes once."""

Departure = Annotated[
    str,
    BeforeValidator(_text_of_date),
    BeforeValidator(_refuse_numbers),
    AfterValidator(_check_departure),
    Field(max_length=40, description='local time, such as "Mon-Fri 07:30", or a moment that comes once, such as "2026-03-01 18:00"'),
]
"""The type of a property: when somebody leaves, every day, on some weekdays or once."""

DailyWindows = Annotated[tuple[DailyWindow, ...], Field(max_length=64, strict=False)]
DailyTimes = Annotated[tuple[DailyTime, ...], Field(max_length=64, strict=False)]


def _weekdays(text: str | None) -> frozenset[int]:
    """The days in "Mon-Wed,Sat"; "Fri-Mon" spans the weekend."""
    if text is None:
        return EVERY_DAY
    found: set[int] = set()
    for part in text.split(","):
        edges = [WEEKDAYS.index(name) for name in part.split("-")]
        found |= {(edges[0] + offset) % 7 for offset in range((edges[-1] - edges[0]) % 7 + 1)}
    return frozenset(found)


def _seconds(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[3:]) * 60
