"""What is wrong with a home file: all of it at once, each with its file, line and path."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from joulebus.errors import HomeFileError
from joulebus.homefile.yaml_lines import Document
from joulebus.refusals.constraints import KeyPath, shown
from joulebus.refusals.messages import Problem, guess, name_hint, nearest
from joulebus_schemas.facts import EPOCH_SECONDS

TICK_LENGTHS = tuple(seconds for seconds in range(1, EPOCH_SECONDS + 1) if EPOCH_SECONDS % seconds == 0)

START_YEARS = (1971, 2199)
"""Outside of which no calendar of ours holds."""

SENTENCES_MAX = 50
"""Whoever reads the first ones knows what the others would say."""


@dataclass
class Problems:
    """Collects complaints about one file; raised together, in the order of the lines."""

    file: str
    document: Document
    found: list[Problem] = field(default_factory=list)

    def add(self, path: KeyPath, text: str) -> None:
        """One thing that is wrong."""
        self.found.append(Problem(path, text))

    def extend(self, problems: Iterable[Problem], *inside: str) -> None:
        """What is wrong with something inside the file."""
        self.found += [Problem((*inside, *one.path), one.text) for one in problems]

    def about(self, *path: str) -> bool:
        """Whether something at this path, or within it, is wrong already."""
        return any(one.path[: len(path)] == path for one in self.found)

    def raise_if_any(self) -> None:
        """End here when anything was wrong.

        Raises:
            HomeFileError: Anything was wrong; one line for each.
        """
        if self.found:
            lines = sorted((self.document.line(one.path), index, one) for index, one in enumerate(self.found))
            said = [sentence(self.file, line, one) for line, _, one in lines[:SENTENCES_MAX]]
            more = len(lines) - len(said)
            raise HomeFileError("\n".join([*said, f"{self.file}: and {more:,} more"] if more else said))


def sentence(file: str, line: int, complaint: Problem) -> str:
    """house.yaml:31: devices.oven.wats: unknown property of an oven; did you mean "watts"?"""
    where = ".".join(str(part) for part in complaint.path)
    return f"{file}:{line}: {where}: {complaint.text}" if where else f"{file}:{line}: {complaint.text}"


def with_migration(problem: Problem) -> Problem:
    """Whoever uses an old name is told how all of them are rewritten."""
    if not problem.text.endswith(" now"):
        return problem
    return Problem(problem.path, f"{problem.text}; `joulebus migrate FILE` rewrites it")


ALWAYS_ON = "the inverter keeps the balance of the home: it cannot be switched off"


def name_text(name: str) -> str:
    """The error for an invalid name."""
    return f"a name must be a lower case letter, then at most 31 lower case letters, digits or _, but is {shown(name)}{name_hint(name)}"


def reserved_text(name: str) -> str:
    """The error for a name reserved for an account or a service."""
    return f'the name "{name}" is reserved; call the device {name}_1, for example'


def kind_text(kind: object, kinds: Iterable[str]) -> str:
    """The error for an unknown kind."""
    return f"unknown kind {shown(kind)}; {guess(str(kind), kinds, 'known kinds:')}"


def second_text(kind: str, first: str) -> str:
    """The error for a second device of a kind that a home can have only once."""
    return f'a home can have only one {kind}, and "{first}" already is one; remove one of them'


def unknown_text(name: str, others: Iterable[str]) -> str:
    """The error for a reference to a device that does not exist."""
    return f"there is no device {shown(name)} to hear; {guess(name, others, 'the devices are')}"


def tick_text(seconds: int) -> str:
    """The error for a tick length that does not divide an epoch."""
    below, above = (
        max(one for one in TICK_LENGTHS if one < seconds),
        min((one for one in TICK_LENGTHS if one > seconds), default=EPOCH_SECONDS),
    )
    near = f"{below} or {above}" if below != above else str(below)
    return f"must divide {EPOCH_SECONDS} s evenly, but is {seconds}; try {near}"


def start_text(text: str) -> str:
    """The error for a start that is not a valid time, or lies outside of our calendars."""
    if _is_time(text):
        return f"must lie between the years {START_YEARS[0]} and {START_YEARS[1]}, but is {shown(text)}"
    return f'must be "now", or a date and time with its offset from UTC such as 2026-06-21T00:00:00-04:00, but is {shown(text)}'


def _is_time(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def offset_text(moment: datetime, timezone: ZoneInfo) -> str:
    """The error for a start without a UTC offset."""
    there = moment.replace(tzinfo=timezone).isoformat()
    return f"must say its offset from UTC, but is {moment.isoformat()}; in {timezone.key} that is {there}"


def aligned_text(moment: datetime, tick_seconds: int) -> str:
    """The error for a start that does not fall on a tick."""
    before = int(moment.timestamp()) // tick_seconds * tick_seconds
    near = datetime.fromtimestamp(before, UTC).astimezone(moment.tzinfo)
    return f"must lie on a whole tick of {tick_seconds} s, but is {moment.isoformat()}; write {near.isoformat()}"


def timezone_text(key: str) -> str:
    """The error for an unknown time zone."""
    zones = available_timezones()
    near = nearest(key, zones) or next((zone for zone in sorted(zones) if zone.lower().endswith(f"/{key.lower()}")), "Europe/Brussels")
    return f'must be the IANA name of a time zone, but is {shown(key)}; did you mean "{near}"?'
