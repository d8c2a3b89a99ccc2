"""Trips of cars in calendars: events that come again, last all day, were moved or cancelled; and files that are none."""

from pathlib import Path

import pytest

from joulebus.errors import PropertyError
from joulebus.series.calendar import CALENDAR_BYTES_MAX, CALENDAR_EVENTS_MAX, CalendarFile, calendar_trips
from tests.tables.heavens import unix

ZONE = "Europe/Brussels"
SECRET = "a secret of somebody"
WORK = "UID:work\nDTSTART;TZID=Europe/Brussels:20260105T073000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nSUMMARY:work @car_a@ 80%"


def calendar(folder: Path, *events: str) -> CalendarFile:
    """A file with events."""
    path = folder / "trips.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("\n"), "END:VEVENT"]
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]))
    return CalendarFile(str(path), ZONE)


def one_event(*lines: str) -> bytes:
    """The content of a file with one event that names a car."""
    return "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "SUMMARY:@a@", "END:VEVENT", "END:VCALENDAR", ""]).encode()


def found(
    of: CalendarFile, begins: str = "2026-01-05 00:00", ends: str = "2026-01-15 00:00"
) -> list[tuple[int, str, float | None, float | None]]:
    """The trips between two moments of UTC."""
    return [(trip.departs, trip.car, trip.percent, trip.km) for trip in calendar_trips(of, unix(begins), unix(ends))]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), []),
        (("UID:1\nDTSTART:20260106T060000Z\nSUMMARY:dentist",), []),
        (("UID:1\nDTSTART:20260106T060000Z\nSUMMARY:sea @car_a@ 120km",), [("2026-01-06 06:00", "car_a", None, 120.0)]),
        (("UID:1\nDTSTART:20260106T060000\nSUMMARY:in local time @car_a@",), [("2026-01-06 05:00", "car_a", None, None)]),
        (("UID:1\nDTSTART:20260106T060000Z\nSUMMARY:x\nDESCRIPTION:@Car_A@ 62\\,5 %",), [("2026-01-06 06:00", "car_a", 62.5, None)]),
        (
            ("UID:1\nDTSTART:20260106T060000Z\nSUMMARY:both @car_b@ 90% and @car_a@ 10 km",),
            [("2026-01-06 06:00", "car_a", None, 10.0), ("2026-01-06 06:00", "car_b", 90.0, None)],
        ),
        (
            ("UID:1\nDTSTART:20260106T060000Z\nSUMMARY:@car_a@ 70%", "UID:2\nDTSTART:20260106T060000Z\nSUMMARY:@car_a@ 140% @car_a@ 9km"),
            [("2026-01-06 06:00", "car_a", 100.0, 9.0)],  # The greater need, and no more than all of it.
        ),
        (("UID:1\nDTSTART;VALUE=DATE:20260110\nSUMMARY:all day @car_a@ 80%",), [("2026-01-09 23:00", "car_a", 80.0, None)]),
        ((WORK,), [(f"2026-01-{day:02} 06:30", "car_a", 80.0, None) for day in (5, 7, 12, 14)]),
        ((f"{WORK}\nEXDATE;TZID={ZONE}:20260107T073000",), [(f"2026-01-{day:02} 06:30", "car_a", 80.0, None) for day in (5, 12, 14)]),
        (
            (WORK, f"UID:work\nRECURRENCE-ID;TZID={ZONE}:20260107T073000\nDTSTART;TZID={ZONE}:20260108T090000\nSUMMARY:moved @car_a@ 60%"),
            [
                ("2026-01-05 06:30", "car_a", 80.0, None),
                ("2026-01-08 08:00", "car_a", 60.0, None),
                *[(f"2026-01-{day:02} 06:30", "car_a", 80.0, None) for day in (12, 14)],
            ],
        ),
        (
            (WORK, f"UID:work\nRECURRENCE-ID;TZID={ZONE}:20260107T073000\nDTSTART;TZID={ZONE}:20260107T073000\nSUMMARY:no car this time"),
            [(f"2026-01-{day:02} 06:30", "car_a", 80.0, None) for day in (5, 12, 14)],
        ),
        (
            (
                WORK,
                f"UID:work\nRECURRENCE-ID;TZID={ZONE}:20260112T073000\nDTSTART;TZID={ZONE}:20260112T073000\nSTATUS:CANCELLED\n{WORK[-21:]}",
            ),
            [(f"2026-01-{day:02} 06:30", "car_a", 80.0, None) for day in (5, 7, 14)],
        ),
        (("UID:1\nDTSTART:20260106T060000Z\nSTATUS:CANCELLED\nSUMMARY:@car_a@",), []),
    ],
)
def test_who_departs_when(tmp_path: Path, events: tuple[str, ...], expected: list[tuple[str, str, float | None, float | None]]) -> None:
    assert found(calendar(tmp_path, *events)) == [(unix(departs), *rest) for departs, *rest in expected]


def test_events_keep_their_local_time_when_the_clock_is_changed(tmp_path: Path) -> None:
    of = calendar(tmp_path, f"UID:1\nDTSTART;TZID={ZONE}:20260327T073000\nRRULE:FREQ=DAILY;COUNT=4\nSUMMARY:@car_a@ 80%")
    departed = [departs for departs, *_ in found(of, "2026-03-01 00:00", "2026-05-01 00:00")]
    assert departed == [unix(f"2026-03-{day} {hour}") for day, hour in ((27, "06:30"), (28, "06:30"), (29, "05:30"), (30, "05:30"))]


def test_an_event_of_all_day_departs_at_the_hour_that_is_said(tmp_path: Path) -> None:
    of = calendar(tmp_path, "UID:1\nDTSTART;VALUE=DATE:20260110\nSUMMARY:@car_a@")
    assert found(CalendarFile(of.path, ZONE, all_day_hour=8)) == [(unix("2026-01-10 07:00"), "car_a", None, None)]


def test_a_calendar_that_is_changed_is_read_again(tmp_path: Path) -> None:
    of = calendar(tmp_path, "UID:1\nDTSTART:20260106T060000Z\nSUMMARY:@car_a@ 80%")
    assert len(found(of)) == 1
    assert found(calendar(tmp_path, "UID:1\nDTSTART:20260108T060000Z\nSUMMARY:moved @car_a@ 80%")) == [
        (unix("2026-01-08 06:00"), "car_a", 80.0, None)
    ]


@pytest.mark.parametrize(("begins", "hour"), [("DTSTART:20260106T060000Z", 6), (f"DTSTART;TZID={ZONE}:20260106T070000", 6)])
@pytest.mark.parametrize(("rule", "days"), [(";COUNT=3", 3), (";UNTIL=20260109T060000Z", 4), (";INTERVAL=2", 14), ("", 27)])
def test_a_rule_ends_where_it_says(tmp_path: Path, begins: str, hour: int, rule: str, days: int) -> None:
    of = calendar(tmp_path, f"UID:1\n{begins}\nRRULE:FREQ=DAILY{rule}\nSUMMARY:@car_a@ 80%")
    departed = [departs for departs, *_ in found(of, "2026-01-01 00:00", "2026-02-02 00:00")]
    assert (len(departed), departed[0]) == (days, unix(f"2026-01-06 0{hour}:00"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "must hold an iCalendar"),
        (SECRET.encode(), "must hold an iCalendar"),
        (b"\x00\xff\xfe" * 100, "must hold an iCalendar"),
        (b"BEGIN:VCALENDAR\r\n" * 2_000, "must hold an iCalendar"),
        (one_event(f"DTSTART:{SECRET}"), "must hold an iCalendar"),
        (one_event(), "must hold an iCalendar"),
        (one_event("DTSTART:20260101T000000Z", f"RRULE:FREQ={SECRET}"), "must hold an iCalendar"),
        (one_event("DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"), "come again daily, weekly"),
        (one_event("DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "come again daily, weekly"),
        (one_event("DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY"), "since 1970 at the earliest"),
        (
            b"BEGIN:VCALENDAR\n"
            + b"BEGIN:VEVENT\nDTSTART:20260101T000000Z\nSUMMARY:@a@\nEND:VEVENT\n" * (CALENDAR_EVENTS_MAX + 1)
            + b"END:VCALENDAR\n",
            f"at most {CALENDAR_EVENTS_MAX} events",
        ),
        (b"x" * (CALENDAR_BYTES_MAX + 1), "at most 1 MB"),
    ],
)
def test_what_is_no_calendar_is_refused_and_nothing_of_it_is_told(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "trips.ics"
    path.write_bytes(content)
    with pytest.raises(PropertyError, match=complaint) as refused:
        found(CalendarFile(str(path), ZONE))
    assert SECRET not in str(refused.value)


def test_a_calendar_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PropertyError, match="calendar_file must name a file that can be read"):
        found(CalendarFile(str(tmp_path / "none.ics"), ZONE))
