"""What a home was when its journal ended: roster, states, ledger.

Each file of a journal but the first begins with a checkpoint of all that, so a restart reads the open file alone. A checkpoint that this
joulebus cannot read costs time and nothing else: the file before is read, too, and so on.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from joulebus.errors import JournalError
from joulebus.journal.file import Journal, parse
from joulebus.journal.frames import Frame, checkpoint_number, split
from joulebus.journal.segments import Segment, frames_of
from joulebus_core import CoreError, Ledger
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed, Woken
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member

_log = logging.getLogger("joulebus.journal")

_COMMITTED = b'{"record":"committed"'


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """The last window in which a device took part: its state at the start, what became of it, and its properties then."""

    window: Window
    state: dict[str, Any]
    outcome: Outcome
    member: Member


@dataclass(frozen=True, slots=True)
class Recovered:
    """A home at the end of its journal."""

    born: Born
    generation: int
    roster: dict[str, Member]
    """Who belongs to it in the last committed window, with the properties of that window."""
    pending_changes: tuple[Change, ...]
    """Promised, and holding from a tick that is not committed yet; by tick, then in the order of the journal."""
    parts: dict[str, DeviceMemory]
    """Memory of each device, including those that are switched off; a device that never took part has none."""
    states: dict[str, dict[str, Any]]
    """As last written by device: a state is written when it differs from this."""
    next_tick: int
    ever: dict[str, Member]
    """Everybody who has ever belonged to it, as last seen."""
    ledger: Ledger = field(repr=False)
    number: int = 0
    """Number of the record after which this holds."""


def changed(roster: dict[str, Member], change: Change) -> dict[str, Member]:
    """The roster after a change: the one rule of it, for the keeper, its restart, screens, reports and the audit.

    Raises:
        JournalError: The change is about a device that is not in the roster.
    """
    if change.removed:
        return {name: member for name, member in roster.items() if name != change.device}
    member = change.added or roster.get(change.device)
    if member is None:
        raise JournalError(f"a change must be about a device of the home, but {change.device} is none in tick {change.from_tick}")
    news = {"properties": change.properties, "on": change.on}
    return {**roster, change.device: member.model_copy(update={name: new for name, new in news.items() if new is not None})}


def recover(journal: Journal, at_tick: int | None = None) -> Recovered:
    """The home at the end of its journal, or after the last window that ends at a tick or before it.

    Raises JournalError for a journal that does not tell it.
    """
    walk, first = _beginning(journal, at_tick)
    number = first
    try:
        for frame in journal.frames(first):
            number = frame.number
            if at_tick is not None and _goes_past(frame.payload, at_tick):
                break
            walk.step(frame)
    except (CoreError, ValueError, KeyError, TypeError) as error:
        cause = f" ({error})" if type(error) in (CoreError, ValueError) else ""  # In our own words, or in none.
        raise JournalError(
            f"record {number} of {journal.path} is not one that joulebus wrote{cause}; `joulebus audit` names what was changed"
        ) from error
    return walk.recovered(journal)


def birth_of(journal: Journal) -> Born:
    """How the home of a journal was born, also when its beginning was moved away. Raises JournalError when nothing tells it."""
    if journal.last_number:
        record = parse(split(journal.raw(journal.open_first))[1])
        if isinstance(record, Born):
            return record
        if isinstance(record, Checkpoint):
            return record.born
    raise _without_birth(journal)


def _beginning(journal: Journal, at_tick: int | None) -> tuple["_Walk", int]:
    """The home at the latest checkpoint that helps, and the number of the record after it."""
    segments = journal.segments()
    if journal.last_number and (at_tick is None or _begins_at(journal.frame(journal.open_first)) <= at_tick):
        walk = _restored(journal.frame(journal.open_first))
        if walk is not None:
            return walk, journal.open_first + (walk.number > 0)
    elif at_tick is not None:
        segments = segments[: _after(segments, at_tick)]
    for segment in reversed(segments):
        walk = _restored(next(frames_of(segment.path)))
        if walk is not None:
            return walk, segment.first + (walk.number > 0)
    if journal.gaps():
        raise JournalError(
            f"{journal.gaps()[0]} of {journal.path} were moved away, and nothing that is left tells of that tick: put them back"
        )
    return _Walk(), 1


def _after(segments: list[Segment], tick: int) -> int:
    """How many of the closed files begin at a tick or before it."""
    low, high = 0, len(segments)
    while low < high:
        middle = (low + high) // 2
        if _begins_at(next(frames_of(segments[middle].path))) <= tick:
            low = middle + 1
        else:
            high = middle
    return low


def _begins_at(frame: Frame) -> int:
    """The tick at which the file begins whose first frame this is."""
    if checkpoint_number(frame.payload) is None:
        return 0
    return int(from_json(split(frame.payload)[1])["next_tick"])


def _restored(frame: Frame) -> "_Walk | None":
    """The home as the first frame of a file tells it; a birth is one, too. None when it cannot be read."""
    if checkpoint_number(frame.payload) is None:
        return _Walk() if frame.first == 1 else None
    _, text, ledger = split(frame.payload)
    try:
        record = parse(text)
        assert isinstance(record, Checkpoint), "it says so itself"
        walk = _Walk.of(record, Ledger.restore(ledger))
    except ValueError as error:
        _log.warning("the checkpoint in record %d cannot be read, so the records before it are read instead: %s", frame.number, error)
        return None
    return walk


def _goes_past(payload: bytes, tick: int) -> bool:
    text = split(payload)[1]
    if not text.startswith(_COMMITTED):
        return False
    window = from_json(text)["window"]
    return bool(window["start"] + window["ticks"] > tick)


class _Walk:
    """The home as it was after record ``number``."""

    def __init__(self) -> None:
        self.number = 0
        self.born: Born | None = None
        self.generation = 0
        self.roster: dict[str, Member] = {}
        self.pending: list[Change] = []
        self.states: dict[str, dict[str, Any]] = {}
        self.ever: dict[str, Member] = {}
        self.parts: dict[str, bytes | DeviceMemory] = {}
        """Text of the last record with an outcome of the device, or what a checkpoint says of it."""
        self.members: dict[str, Member] = {}
        """The device as it was in that record."""
        self.ledger: Ledger | None = None

    @classmethod
    def of(cls, record: Checkpoint, ledger: Ledger) -> "_Walk":
        """The home as a checkpoint tells it."""
        walk = cls()
        walk.number, walk.born, walk.generation = record.number, record.born, record.generation
        walk.roster, walk.pending, walk.ever = dict(record.roster), list(record.pending), dict(record.ever)
        walk.states, walk.ledger = dict(record.states), ledger
        walk.parts = {
            name: DeviceMemory(part.window, record.states[name], part.outcome, part.member) for name, part in record.parts.items()
        }
        walk.members = {name: part.member for name, part in record.parts.items()}
        if (ledger.next_tick, ledger.head) != (record.next_tick, record.head_seal):
            raise ValueError("its ledger is of another tick")
        return walk

    def step(self, frame: Frame) -> None:
        """Take the next record in."""
        _, text, columns = split(frame.payload)
        if text.startswith(_COMMITTED):
            self._commit(text, columns)
        else:
            self._note(parse(text))
        self.number = frame.number

    def _note(self, record: Born | Woken | Changed | Committed | Checkpoint) -> None:
        if isinstance(record, Born):
            if self.born is not None:
                raise ValueError("a home is born once")
            self.born, self.roster, self.ever = record, dict(record.members), dict(record.members)
            self.ledger = Ledger(record.home, record.start_unix_seconds, record.tick_seconds)
        elif isinstance(record, Woken):
            self.generation = record.generation
        elif isinstance(record, Changed):
            self.pending = sorted([*self.pending, *record.changes], key=lambda change: change.from_tick)

    def _commit(self, text: bytes, columns: bytes) -> None:
        """Only what a restart needs is read; the audit reads everything."""
        if self.ledger is None:
            raise ValueError("the first record of a journal tells how the home was born")
        record = from_json(text)
        start, ticks = record["window"]["start"], record["window"]["ticks"]
        self._take_effect(start)
        self.states |= record["states"] | record.get("compacted", {}).get("states", {})
        seals = [seal.hash for seal in self.ledger.post(start, ticks, columns)]
        if seals != [seal["hash"] for seal in record.get("seals", ())]:
            raise ValueError("its seals are not those of its columns")
        for name in record["outcomes"]:
            if name not in self.states or name not in self.roster:
                raise ValueError(f"{name} takes part in it, but has no state or does not belong to the home")
            self.parts[name], self.members[name] = text, self.roster[name]

    def _take_effect(self, tick: int) -> None:
        while self.pending and self.pending[0].from_tick <= tick:
            change = self.pending.pop(0)
            self.roster = changed(self.roster, change)
            self.ever |= self.roster
            if change.removed or change.added:
                self.parts.pop(change.device, None)

    def recovered(self, journal: Journal) -> Recovered:
        """What a restart needs."""
        if self.born is None or self.ledger is None:
            raise _without_birth(journal)
        return Recovered(
            born=self.born,
            generation=self.generation,
            roster=self.roster,
            pending_changes=tuple(self.pending),
            parts=self._parts(),
            states=self.states,
            next_tick=self.ledger.next_tick,
            ever=self.ever,
            ledger=self.ledger,
            number=self.number,
        )

    def _parts(self) -> dict[str, DeviceMemory]:
        records = {text: _committed(text) for text in {text for text in self.parts.values() if isinstance(text, bytes)}}
        found: dict[str, DeviceMemory] = {}
        for name, part in sorted(self.parts.items()):
            if isinstance(part, bytes):
                last = records[part].compacted or records[part]
                part = DeviceMemory(last.window, self.states[name], last.outcomes[name], self.members[name])
            found[name] = part
        return found


def _committed(text: bytes) -> Committed:
    record = parse(text)
    assert isinstance(record, Committed), "only committed records have outcomes"
    return record


def _without_birth(journal: Journal) -> JournalError:
    return JournalError(f"the first record of a journal must tell how the home was born, but {journal.path} is empty; start the home anew")
