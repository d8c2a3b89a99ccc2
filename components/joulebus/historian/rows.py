"""What a record says, as rows of the historian's tables. Pure: the same payload gives the same rows in every database."""

import json
from typing import Any

from joulebus.journal.file import parse
from joulebus.journal.frames import frame_of, split
from joulebus_schemas.journal import Born, Changed, Committed, JournalRecord, Seal, Woken
from joulebus_schemas.roster import Change

Row = dict[str, Any]
TableRows = dict[str, list[Row]]
"""By name of the table, in the order in which they are written; the rows of a table are sorted by its key."""


def rows_of_record(home: str, number: int, payload: bytes) -> TableRows:
    """All rows of a record."""
    record = parse(split(payload)[1])
    key = {"home": home, "number": number}
    return {
        "record": [{**key, **_window(record), "kind": record.record, "hash": frame_of(payload, number).head.hex(), "payload": payload}],
        "change": [{**key, "place": place, **change} for place, change in enumerate(_changes(record))],
        "flow": _flows(key, record),
        "seal": [_seal(key, seal) for seal in _seals(record)],
        "sealed_column": [column for seal in _seals(record) for column in _columns(home, seal)],
    }


def birth(record: Born) -> Row:
    """The row of a home."""
    return {
        "name": record.home,
        "start_unix_seconds": record.start_unix_seconds,
        "tick_seconds": record.tick_seconds,
        "seed": record.seed,
        "place": record.place.model_dump_json(),
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
    return json.dumps(news, sort_keys=True, ensure_ascii=False)


def _flows(key: Row, record: JournalRecord) -> list[Row]:
    if not isinstance(record, Committed):
        return []
    pairs = sorted((*pair.split(">", 1), joules) for pair, joules in record.flows.items())
    return [{**key, "source": source, "sink": sink, "start_tick": record.window.start, "joules": joules} for source, sink, joules in pairs]


def _seals(record: JournalRecord) -> tuple[Seal, ...]:
    return record.seals if isinstance(record, Committed) else ()


def _seal(key: Row, seal: Seal) -> Row:
    return {**key, **seal.model_dump(exclude={"columns"})}


def _columns(home: str, seal: Seal) -> list[Row]:
    columns = sorted(seal.columns, key=lambda column: (column.account_from, column.account_to))
    return [{"home": home, "epoch": seal.epoch, **column.model_dump()} for column in columns]
