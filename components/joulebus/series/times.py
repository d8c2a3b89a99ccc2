"""Times as files write them, as unix seconds: date forms, offsets, and the clock on the wall over both of its changes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from joulebus.errors import PropertyError
from joulebus_schemas.facts import QUARTER_SECONDS

ClockKind = Literal["", "utc", "standard", "wall", "profile"]
"""What times without an offset mean; "" is not said."""
Dates = Literal["auto", "day_first", "month_first"]

CLOCKS_TEXT = "utc, standard (the home's zone without summer time), wall (the clock on the wall, with both of its changes)"
EPOCH = datetime(1970, 1, 1)
NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]0+)?\s*(?P<half>[AaPp][Mm])?)?"
    r"\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?"
)
RANGE = re.compile(r"(?<=\d)\s+[-–]\s+(?=\d)")
"""Between the two ends of a step: only the first counts."""


@dataclass(frozen=True)
class Said:
    """Where times come from, for refusals."""

    path: str
    name: str
    lines: Sequence[int]
    clock_property: str = "csv_clock"
    """How people say what times without offset mean."""

    def refusal(self, row: int, text: str) -> PropertyError:
        """An error that names the line."""
        return PropertyError(f"{self.path} line {self.lines[row]}: {text}")


def read_times(said: Said, cells: Sequence[str], dates: Dates = "auto") -> list[datetime]:
    """A time for each cell, with an offset where the file says one."""
    cells = [RANGE.split(cell, maxsplit=1)[0].strip() for cell in cells]
    matches = [NUMERIC.fullmatch(cell) for cell in cells]
    if not any(matches):
        return [_iso(said, row, cell) for row, cell in enumerate(cells)]
    for row, (cell, match) in enumerate(zip(cells, matches, strict=True)):
        if match is None:
            raise _no_time(said, row, cell)
    day_first = _day_first(said, [match for match in matches if match], dates)
    return [_numeric(said, row, match, day_first) for row, match in enumerate(matches) if match]


def is_time(cell: str) -> bool:
    """Whether a cell begins with a date."""
    if NUMERIC.match(cell):
        return True
    try:
        datetime.fromisoformat(RANGE.split(cell, maxsplit=1)[0].strip().replace("/", "-"))
    except ValueError:
        return False
    return not cell.isdigit()


def _iso(said: Said, row: int, cell: str) -> datetime:
    text = cell.replace("/", "-")
    midnight = re.search(r"[ T]24:00(?::00)?(?=$|[Z+-])", text)
    if midnight:
        text = text[: midnight.start()] + text[midnight.start()] + "00:00" + text[midnight.end() :]
    try:
        if text.isdigit():
            raise ValueError
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _no_time(said, row, cell) from None
    return moment + timedelta(days=1) if midnight else moment


def _no_time(said: Said, row: int, cell: str) -> PropertyError:
    return said.refusal(row, f"{said.name} must be a time such as 2026-03-01T18:00:00Z or 01.03.2026 18:00; it was {cell[:60]!r}")


def _day_first(said: Said, matches: Sequence[re.Match[str]], dates: Dates) -> bool:
    """Which of the two numbers is the day, by what is possible in each row, and then by which order makes steps even."""
    if dates != "auto" or matches[0]["mark"] == ".":
        return dates != "month_first"
    first, second = (max(int(match[part]) for match in matches) for part in ("a", "b"))
    possible = [order for order, month in ((True, second), (False, first)) if month <= 12]
    if len(possible) == 2:
        possible = [order for order in possible if _even([_numeric(said, row, match, order) for row, match in enumerate(matches)])]
    if len(possible) != 1:
        raise said.refusal(
            0, f"{matches[0].group(0)!r} under {said.name} could be read in two ways; say csv_dates: day_first or month_first"
        )
    return possible[0]


def _even(times: Sequence[datetime]) -> bool:
    """Whether the times follow each other, a step a row, but for changes of the clock and gaps."""
    plain = [time.replace(tzinfo=None) for time in times]
    steps = [(later - earlier).total_seconds() for earlier, later in pairwise(plain)]
    common = max(set(steps), key=steps.count, default=0.0)
    return len({time.date() for time in plain}) > 1 and max(map(abs, steps), default=0.0) <= abs(common) + 7_200


def _numeric(said: Said, row: int, match: re.Match[str], day_first: bool) -> datetime:
    day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
    year, hour = int(match["year"]), int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    try:
        begins = datetime(
            year if year > 99 else 2000 + year, int(month), int(day), hour % 24, int(match["minute"] or 0), int(match["second"] or 0)
        )
    except ValueError:
        raise _no_time(said, row, match.group(0)) from None
    if hour > 24 or (hour == 24 and (begins.minute or begins.second)):
        raise _no_time(said, row, match.group(0))
    begins += timedelta(days=hour // 24)
    offset = match["offset"]
    if not offset:
        return begins
    return begins.replace(tzinfo=UTC if offset in ("Z", "UTC") else datetime.strptime(offset, "%z").tzinfo)


def local_unix(said: Said, times: Sequence[datetime], clock: ClockKind, timezone: str) -> list[int]:
    """Unix seconds; with the clock ``profile``, seconds of the clock on the wall as if it were UTC.

    Raises:
        PropertyError: Some times have an offset and some have none, or nothing says what they mean.
    """
    aware = [time.tzinfo is not None for time in times]
    if all(aware):
        if clock == "profile":
            return [_plain(time.replace(tzinfo=None)) for time in times]
        return [int(time.timestamp()) for time in times]
    if any(aware):
        raise said.refusal(aware.index(not aware[0]), f"all times under {said.name} must have an offset, or none of them")
    if clock == "":
        raise PropertyError(
            f"{said.path}: the times under {said.name} have no offset, so {said.clock_property} must say what they mean: {CLOCKS_TEXT}, "
            "or profile (each row follows the clock on the wall)"
        )
    plain = [_plain(time) for time in times]
    if clock in ("utc", "profile"):
        return plain
    zone = ZoneInfo(timezone)
    if clock == "standard":
        ahead = min(_ahead(zone, _plain(datetime(times[0].year, month, 1)), 0) for month in (1, 7))
        return [second - ahead for second in plain]
    return _by_the_wall(said, plain, times, zone)


def _plain(time: datetime) -> int:
    return int((time - EPOCH).total_seconds())


def _ahead(zone: ZoneInfo, plain: int, fold: int) -> int:
    offset = (EPOCH + timedelta(seconds=plain)).replace(tzinfo=zone, fold=fold).utcoffset()
    assert offset is not None, "a zone knows its offset"
    return int(offset.total_seconds())


def _by_the_wall(said: Said, plain: Sequence[int], times: Sequence[datetime], zone: ZoneInfo) -> list[int]:
    """An hour that comes twice is read twice, in the order of the rows; a row in the hour that is left out is refused."""
    known: dict[int, tuple[int, int]] = {}
    found: list[int] = []
    ahead: Callable[[int, int], int] = partial(_ahead, zone)
    for row, second in enumerate(plain):
        quarter = second // QUARTER_SECONDS
        if quarter not in known:
            known[quarter] = ahead(second, 0), ahead(second, 1)
        early, late = (second - offset for offset in known[quarter])
        if early > late:
            raise said.refusal(
                row,
                f"the clock in {zone.key} never shows {times[row]:%Y-%m-%d %H:%M}, so the file does not follow its changes; "
                f"say {said.clock_property}: standard when it keeps standard time, or profile when each row stands for a time on the wall",
            )
        found.append(early if not found or early > found[-1] else late)
    return found
