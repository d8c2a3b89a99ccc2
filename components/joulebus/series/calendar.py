"""Trips of cars in a file of iCalendar (RFC 5545): "@car_x@ 80%" or "@car_x@ 120km" in the title or description of an event.

The event's begin is the departure. Events that come again, last all day, were moved or cancelled are what they are in any calendar.
What is refused says nothing of what is in the file: whoever may name a file need not be who may read it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from joulebus.errors import PropertyError
from joulebus.series.table import bytes_of
from joulebus_schemas.facts import DAY_SECONDS

CALENDAR_BYTES_MAX = 1_000_000
CALENDAR_EVENTS_MAX = 200
"""Events that name a car; one that comes again counts once."""
BLOCK_SECONDS = 32 * DAY_SECONDS
"""Events that come again are laid out for so long at once."""
KM_MAX = 5_000.0
PERCENT_MAX = 100.0
_CAR = re.compile(r"@(?P<car>\w{1,64})@(?:\s*(?P<amount>\d{1,6}(?:[.,]\d{1,6})?)\s*(?P<unit>%|km))?", re.IGNORECASE)
CALENDAR_FIRST_YEAR = 1970
_ENDS = {"FREQ", "WKST", "COUNT", "UNTIL"}
_PARTS = {
    "DAILY": frozenset({*_ENDS, "INTERVAL"}),
    "WEEKLY": frozenset({*_ENDS, "INTERVAL", "BYDAY"}),
    "MONTHLY": frozenset({*_ENDS, "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({*_ENDS, "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH"}),
}
"""What a rule of each frequency may say."""
_LIBRARY_ERRORS = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
"""What icalendar and recurring_ical_events raise at what is no calendar."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """Which calendar, and how its times are meant."""

    path: str
    timezone: str = "UTC"
    """The zone of times that name none."""
    all_day_hour: int = 0
    """The hour at which an event departs that lasts all day."""


@dataclass(frozen=True, slots=True, order=True)
class CalendarTrip:
    """A departure, and what it needs: both None where the event does not say."""

    departs: int
    """Unix seconds."""
    car: str
    percent: float | None = None
    km: float | None = None


def calendar_trips(of: CalendarFile, begins: int, ends: int) -> tuple[CalendarTrip, ...]:
    """The trips that depart in [begins, ends), in unix seconds; one for each car and moment, the greater need of several.

    Raises:
        PropertyError: The file cannot be read, is too large or is no calendar of days.
    """
    content = bytes_of(of.path, "calendar_file")
    if len(content) > CALENDAR_BYTES_MAX:
        raise PropertyError(f"calendar_file must name a file of at most {CALENDAR_BYTES_MAX // 1_000_000} MB; {of.path} is larger")
    blocks = range(begins // BLOCK_SECONDS, -(-ends // BLOCK_SECONDS))
    found = (trip for block in blocks for trip in _block(content, of, block))
    return tuple(trip for trip in found if begins <= trip.departs < ends)


@lru_cache(maxsize=64)
def _block(content: bytes, of: CalendarFile, block: int) -> tuple[CalendarTrip, ...]:
    import recurring_ical_events  # Only homes with a calendar pay for it.

    begins, ends = block * BLOCK_SECONDS, (block + 1) * BLOCK_SECONDS
    zone = ZoneInfo(of.timezone)
    try:
        # A day more on both sides, because all-day events and those without a zone know only local time.
        first, last = (datetime.fromtimestamp(moment, UTC) for moment in (begins - DAY_SECONDS, ends + DAY_SECONDS))
        events = recurring_ical_events.of(_parsed(content, of.path)).between(first, last)
        trips = [trip for event in events for trip in _trips_of(event, zone, of.all_day_hour)]
    except _LIBRARY_ERRORS:
        raise _no_calendar(of.path) from None
    return tuple(_merged(trip for trip in trips if begins <= trip.departs < ends))


def _parsed(content: bytes, path: str) -> Any:
    """The calendar with those of its events that name a car."""
    import icalendar

    calendar: Any = icalendar.Calendar.from_ical(content)
    all_events = calendar.walk("VEVENT")
    series = {str(event.get("UID", id(event))) for event in all_events if _CAR.search(_text(event))}
    events = [event for event in all_events if str(event.get("UID", id(event))) in series]  # One that moved may have lost its title.
    if len(events) > CALENDAR_EVENTS_MAX:
        raise PropertyError(f"calendar_file must have at most {CALENDAR_EVENTS_MAX} events that name a car; {path} has {len(events)}")
    if not all(map(_is_of_days, events)):
        raise PropertyError(
            f"calendar_file must have events that come again daily, weekly, monthly or yearly, with an interval or on some days, since "
            f"{CALENDAR_FIRST_YEAR} at the earliest; one of {path} does not"
        )
    calendar.subcomponents = [*(one for one in calendar.subcomponents if one.name == "VTIMEZONE"), *events]
    return calendar


def _is_of_days(event: Any) -> bool:
    """Whether its rules are laid out soon: no millions of moments, and none that is sought in vain up to the year 9999."""
    rules = event.get("RRULE") or []
    return all(
        event["DTSTART"].dt.year >= CALENDAR_FIRST_YEAR and set(rule) <= _PARTS.get(str((rule.get("FREQ") or [""])[0]).upper(), frozenset())
        for rule in (rules if isinstance(rules, list) else [rules])
    )


def _trips_of(event: Any, zone: ZoneInfo, all_day_hour: int) -> Iterator[CalendarTrip]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    departs = _unix(event.start, zone, all_day_hour)
    for found in _CAR.finditer(_text(event)):
        amount = None if found["amount"] is None else float(found["amount"].replace(",", "."))
        is_km = (found["unit"] or "").lower() == "km"
        yield CalendarTrip(
            departs,
            found["car"].lower(),
            None if amount is None or is_km else min(amount, PERCENT_MAX),
            min(amount, KM_MAX) if amount is not None and is_km else None,
        )


def _text(event: Any) -> str:
    return f"{event.get('SUMMARY', '')}\n{event.get('DESCRIPTION', '')}"


def _unix(start: date, zone: ZoneInfo, all_day_hour: int) -> int:
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day, all_day_hour)
    return int((start if start.tzinfo else start.replace(tzinfo=zone)).timestamp())


def _merged(trips: Iterable[CalendarTrip]) -> Iterator[CalendarTrip]:
    """The trips, one for each car and moment."""
    found: dict[tuple[int, str], CalendarTrip] = {}
    for trip in trips:
        before = found.get((trip.departs, trip.car), trip)
        percent, km = _greater(before.percent, trip.percent), _greater(before.km, trip.km)
        found[trip.departs, trip.car] = CalendarTrip(trip.departs, trip.car, percent, km)
    return (found[key] for key in sorted(found))


def _greater(one: float | None, other: float | None) -> float | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _no_calendar(path: str) -> PropertyError:
    return PropertyError(f"calendar_file must hold an iCalendar (RFC 5545) whose events have a begin and rules; {Path(path).name} does not")
