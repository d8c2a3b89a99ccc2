"""What a record says, as rows of the historian's tables. Pure: the same payload gives the same rows in every database."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from joulebus.historian.columns import json_text
from joulebus.journal.file import parse
from joulebus.journal.frames import frame_of, split
from joulebus_schemas.journal import Born, Changed, Committed, JournalRecord, Seal, SealedColumn, Woken
from joulebus_schemas.roster import Change

Row = dict[str, Any]
TableRows = dict[str, list[Row]]
"""Rows by name of the table, in the order in which they are written; the rows of a table are sorted by its key."""


def rows_of_record(home: str, number: int, payload: bytes) -> TableRows:
    """All rows of a record."""
    record = parse(split(payload)[1])
    return {"record": [record_row(home, number, payload, record)], **derived(home, number, record)}


def derived(home: str, number: int, record: JournalRecord) -> TableRows:
    """The rows beside the record itself."""
    key = {"home": home, "number": number}
    return {
        "change": [{**key, "place": place, **change} for place, change in enumerate(_changes(record))],
        "seal": [_seal(key, seal) for seal in _seals(record)],
    }


def record_row(home: str, number: int, payload: bytes, record: JournalRecord) -> Row:
    """The row of a record itself."""
    said = {"kind": record.record, "hash": frame_of(payload, number).head.hex(), "payload": payload}
    return {"home": home, "number": number, **_window(record), **said}


def birth(record: Born) -> Row:
    """The row of a home."""
    return {
        "name": record.home,
        "start_unix_seconds": record.start_unix_seconds,
        "tick_seconds": record.tick_seconds,
        "seed": record.seed,
        "place": json_text(record.place.model_dump(mode="json")),
    }


def _window(record: JournalRecord) -> Row:
    window = record.window if isinstance(record, Committed) else None
    generation = record.generation if isinstance(record, Committed | Woken) else None
    return {"start_tick": window.start if window else None, "ticks": window.ticks if window else None, "generation": generation}


def _changes(record: JournalRecord) -> list[Row]:
    if isinstance(record, Born):
        changes = [Change(device=name, from_tick=0, added=member) for name, member in sorted(record.members.items())]
    else:
        changes = list(record.changes) if isinstance(record, Changed) else []
    return [{"device": change.device, "from_tick": change.from_tick, "what": _what(change), "news": _news(change)} for change in changes]


def _what(change: Change) -> str:
    if change.added is not None:
        return "added"
    if change.removed:
        return "removed"
    if change.on is not None:
        return "on" if change.on else "off"
    return "properties"


def _news(change: Change) -> str:
    news = change.added.model_dump(mode="json") if change.added else change.properties or {}
    return json_text(news)


def _seals(record: JournalRecord) -> tuple[Seal, ...]:
    return record.seals if isinstance(record, Committed) else ()


def _seal(key: Row, seal: Seal) -> Row:
    return {**key, **seal.model_dump(exclude={"columns"}), "columns": pack_sealed_columns(seal.columns)}


def pack_sealed_columns(columns: Iterable[SealedColumn]) -> bytes:
    """What a seal covers, in the order in which it is hashed."""
    said = [[one.account_from, one.account_to, one.joules, one.moment, one.hash] for one in columns]
    return json.dumps(sorted(said), separators=(",", ":")).encode()


def unpack_sealed_columns(payload: bytes) -> tuple[SealedColumn, ...]:
    """The same as words."""
    names = ("account_from", "account_to", "joules", "moment", "hash")
    return tuple(SealedColumn(**dict(zip(names, one, strict=True))) for one in from_json(payload))
