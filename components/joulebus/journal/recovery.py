"""What a home was when its journal ended: roster, states, ledger. A snapshot beside the journal makes it fast, never true."""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from struct import Struct
from struct import error as StructError
from typing import Any

from pydantic_core import from_json

from joulebus.errors import JournalError
from joulebus.journal.file import Journal, parse
from joulebus.journal.frames import split
from joulebus_core import CoreError, Ledger
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born, Changed, Committed, Woken
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member

SNAPSHOT_RECORDS_MIN = 10_000
"""A snapshot is written when so many records had to be walked through."""
_COMMITTED = b'{"record":"committed"'
_HEADER = Struct(">32sI")


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
    """By device, also of those that are switched off now; a device that never took part has none."""
    states: dict[str, dict[str, Any]]
    """As last written by device: a state is written when it differs from this."""
    last: Committed | None
    next_tick: int
    ledger: Ledger = field(repr=False)
    number: int = 0
    """Of the record after which it is so."""


def changed(roster: dict[str, Member], change: Change) -> dict[str, Member]:
    """The roster after a change."""
    others = {name: member for name, member in roster.items() if name != change.device}
    if change.removed:
        return others
    member = change.added or roster.get(change.device)
    if member is None:
        raise JournalError(f"a change must be about a device of the home, but {change.device} is none in tick {change.from_tick}")
    news = {"properties": change.properties, "on": change.on}
    return {**others, change.device: member.model_copy(update={name: new for name, new in news.items() if new is not None})}


def recover(journal: Journal, at_tick: int | None = None) -> Recovered:
    """The home at the end of its journal, or after the last window that ends at a tick or before it.

    Raises JournalError for a journal that does not tell it.
    """
    walk = _restored(journal, at_tick) or _Walk()
    first = walk.number + 1
    for number in range(first, journal.last_number + 1):
        try:
            payload = journal.raw(number)
            if at_tick is not None and _goes_past(payload, at_tick):
                break
            walk.step(number, payload)
        except (CoreError, ValueError, KeyError, TypeError) as error:
            raise JournalError(
                f"each record of a journal must be one that joulebus wrote, but record {number} of {journal.path} is not ({error}); "
                "`joulebus audit` names what was changed"
            ) from error
    recovered = walk.recovered(journal)
    if journal.is_writable and journal.last_number - first >= SNAPSHOT_RECORDS_MIN:
        _save(walk, journal)
    return recovered


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
        self.parts: dict[str, int] = {}
        """Number of the last record with an outcome of the device."""
        self.members: dict[str, Member] = {}
        """The device as it was in that record."""
        self.last_committed = 0
        self.ledger: Ledger | None = None

    def step(self, number: int, payload: bytes) -> None:
        """Take the next record in."""
        _, text, columns = split(payload)
        if text.startswith(_COMMITTED):
            self._commit(number, from_json(text), columns)
        else:
            self._note(parse(text))
        self.number = number

    def _note(self, record: Born | Woken | Changed | Committed) -> None:
        if isinstance(record, Born):
            if self.born is not None:
                raise ValueError("a home is born once")
            self.born, self.roster = record, dict(record.members)
            self.ledger = Ledger(record.home, record.start_unix_seconds, record.tick_seconds)
        elif isinstance(record, Woken):
            self.generation = record.generation
        elif isinstance(record, Changed):
            self.pending = sorted([*self.pending, *record.changes], key=lambda change: change.from_tick)

    def _commit(self, number: int, record: dict[str, Any], columns: bytes) -> None:
        """Only what a restart needs is read; the audit reads everything."""
        if self.ledger is None:
            raise ValueError("the first record of a journal tells how the home was born")
        start, ticks = record["window"]["start"], record["window"]["ticks"]
        self._take_effect(start)
        self.states |= record["states"]
        seals = [seal.hash for seal in self.ledger.post(start, ticks, columns)]
        if seals != [seal["hash"] for seal in record.get("seals", ())]:
            raise ValueError("its seals are not those of its columns")
        self.last_committed = number
        for name in record["outcomes"]:
            if name not in self.states or name not in self.roster:
                raise ValueError(f"{name} takes part in it, but has no state or does not belong to the home")
            self.parts[name], self.members[name] = number, self.roster[name]

    def _take_effect(self, tick: int) -> None:
        while self.pending and self.pending[0].from_tick <= tick:
            change = self.pending.pop(0)
            self.roster = changed(self.roster, change)
            if change.removed or change.added:
                self.parts.pop(change.device, None)

    def recovered(self, journal: Journal) -> Recovered:
        """What a restart needs."""
        if self.born is None or self.ledger is None:
            raise JournalError(
                f"the first record of a journal must tell how the home was born, but {journal.path} is empty; start the home anew"
            )
        return Recovered(
            born=self.born,
            generation=self.generation,
            roster=self.roster,
            pending_changes=tuple(self.pending),
            parts=self._parts(journal),
            states=self.states,
            last=_committed(journal, self.last_committed) if self.last_committed else None,
            next_tick=self.ledger.next_tick,
            ledger=self.ledger,
            number=self.number,
        )

    def _parts(self, journal: Journal) -> dict[str, DeviceMemory]:
        records = {number: _committed(journal, number) for number in set(self.parts.values())}
        return {
            name: DeviceMemory(records[number].window, self.states[name], records[number].outcomes[name], self.members[name])
            for name, number in sorted(self.parts.items())
        }


def _committed(journal: Journal, number: int) -> Committed:
    record = parse(split(journal.raw(number))[1])
    assert isinstance(record, Committed), "only committed records have outcomes"
    return record


def _snapshot_path(journal: Journal) -> Path:
    return journal.path.with_name(journal.path.name + ".snapshot")


def _save(walk: _Walk, journal: Journal) -> None:
    """Best effort: without it the next start is slower, nothing else. It replaces the one before in one step."""
    assert walk.born is not None and walk.ledger is not None, "only a recovered home is saved"
    text = json.dumps(
        {
            "number": walk.number,
            "hash": journal.hash_of(walk.number),
            "born": walk.born.model_dump(mode="json"),
            "generation": walk.generation,
            "roster": {name: member.model_dump(mode="json") for name, member in walk.roster.items()},
            "pending": [change.model_dump(mode="json") for change in walk.pending],
            "states": walk.states,
            "parts": walk.parts,
            "members": {name: member.model_dump(mode="json") for name, member in walk.members.items()},
            "last_committed": walk.last_committed,
        }
    ).encode()
    body = text + walk.ledger.snapshot()
    path = _snapshot_path(journal)
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(_HEADER.pack(sha256(body).digest(), len(text)) + body)
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)


def _restored(journal: Journal, at_tick: int | None) -> _Walk | None:
    """The home as a snapshot tells it, when the snapshot is whole and of this journal."""
    try:
        data = _snapshot_path(journal).read_bytes()
        digest, length = _HEADER.unpack_from(data)
        body = data[_HEADER.size :]
        if sha256(body).digest() != digest:
            return None
        walk = _walk(journal, json.loads(body[:length]), body[length:])
        is_later = walk is not None and walk.ledger is not None and at_tick is not None and walk.ledger.next_tick > at_tick
        return None if is_later else walk
    except (OSError, StructError, ValueError, KeyError, TypeError):
        return None


def _walk(journal: Journal, said: dict[str, Any], ledger: bytes) -> _Walk | None:
    number = said["number"]
    if number > journal.last_number or journal.hash_of(number) != said["hash"]:
        return None
    walk = _Walk()
    walk.number, walk.generation, walk.last_committed = number, said["generation"], said["last_committed"]
    walk.born = Born.model_validate_json(json.dumps(said["born"]))
    walk.roster = {name: Member.model_validate_json(json.dumps(member)) for name, member in said["roster"].items()}
    walk.pending = [Change.model_validate_json(json.dumps(change)) for change in said["pending"]]
    walk.states, walk.parts = said["states"], said["parts"]
    walk.members = {name: Member.model_validate_json(json.dumps(member)) for name, member in said["members"].items()}
    walk.ledger = Ledger.restore(ledger)
    return walk
