"""Random damage: to bytes, to JSON, to rows of a database, and to records of a journal whose chain is mended afterwards."""

import json
import lzma
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from joulebus.journal.file import parse
from joulebus.journal.frames import MAGIC, NO_HASH, Frame, frame_of, join, packed_frame, split
from joulebus.journal.pieces import Piece, pieces
from joulebus_core import CoreError, decode_columns, encode_columns

BIG = 2**70


def damaged_bytes(random: Random, data: bytes) -> bytes:
    """Some bytes changed, lost or added."""
    place, length = random.randrange(max(len(data), 1)), random.choice([1, 1, 4, 100])
    match random.randrange(5):
        case 0:
            return data[:place] + data[place + length :]
        case 1:
            return data[:place] + random.randbytes(length) + data[place:]
        case 2:
            return data[:place] + random.randbytes(length) + data[place + length :]
        case 3:
            return data[:place]
        case _:
            bit = bytes([data[place] ^ (1 << random.randrange(8))]) if data else b"\0"
            return data[:place] + bit + data[place + 1 :]


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inner for place in [(*path, key), *places_of(part, (*path, key))]]


def damaged_json(random: Random, value: Any) -> tuple[Any, str]:
    """A copy with one place changed, and which."""
    copy = json.loads(json.dumps(value))
    paths = places_of(copy)
    path = random.choice(paths) if paths else ()
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    what = random.randrange(8)
    if not path:
        return BIG, "all"
    if what == 0:
        del holder[path[-1]]
        return copy, f"{_name(path)} removed"
    if what == 1 and isinstance(holder, dict):
        holder[random.choice(["level", "on", "x_1", "granted", "heat_joules"])] = random.choice([1, True, {}, BIG])
        return copy, f"{_name(path[:-1])} with one more"
    holder[path[-1]] = _other(random, holder[path[-1]])
    return copy, _name(path)


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(str(key) for key in path)


def _other(random: Random, value: Any) -> Any:
    """Another value of the same kind, mostly."""
    if random.random() < 0.1:
        return random.choice([None, BIG, "x", [], {}, -1, 0.5, True])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + random.choice([1, -1, 1_000, 3_600_000, 10**12, -value or 1])
    if isinstance(value, float):
        return value * 2 + 1
    if isinstance(value, str):
        return value[:-1] + chr((ord(value[-1]) - 32 + 1) % 94 + 32) if value else "x"
    if isinstance(value, list) and value:
        return value[1:] if random.random() < 0.5 else [*value, value[-1]]
    return [value]


Told = list[tuple[Any, bytes]]
"""Records as JSON, with their columns."""


class Chain:
    """All files of a journal, to be written anew with checksums, chain and pins that are right."""

    def __init__(self, path: Path) -> None:
        self.files: list[tuple[Piece, Told]] = [(piece, [_told(frame) for frame in piece.frames()]) for piece in pieces(path)]

    def records(self) -> list[tuple[int, int]]:
        """Places of all records."""
        return [(number, place) for number, (_, told) in enumerate(self.files) for place in range(len(told))]

    def write(self) -> None:
        """Mend all that was not counted."""
        head, number, pins = NO_HASH, 1, dict[int, str]()
        for piece, told in self.files:
            data = bytearray(MAGIC)
            for text, columns in told:
                self._pin(text, pins)
                payload = join(head, text if isinstance(text, bytes) else json.dumps(text, separators=(",", ":")).encode(), columns)
                try:
                    frame = frame_of(payload, number)
                except (ValueError, OverflowError):
                    frame = Frame(number, 0, payload, number, sha256(payload).digest())
                head, number = frame.head, frame.number + 1
                data += packed_frame(payload)
            packed = _packed(piece, bytes(data))
            piece.path.write_bytes(packed)
            if piece.segment is not None:
                pins[piece.segment.first] = sha256(packed).hexdigest()

    def _pin(self, text: Any, pins: dict[int, str]) -> None:
        said = text.get("pins") if isinstance(text, dict) else None
        for pin in said if isinstance(said, list) else ():
            if isinstance(pin, dict) and pin.get("first") in pins:
                pin["sha256"] = pins[pin["first"]]


def _told(frame: Frame) -> tuple[Any, bytes]:
    _, text, columns = split(frame.payload)
    return json.loads(text), columns


def _packed(piece: Piece, data: bytes) -> bytes:
    return lzma.compress(data) if piece.path.name.endswith(".xz") else data


def damaged_columns(random: Random, columns: bytes) -> tuple[bytes, str]:
    """Transfers that were changed."""
    if random.random() < 0.2 or not columns:
        return damaged_bytes(random, columns), "bytes of its columns"
    found = [(giver, taker, list(runs)) for giver, taker, runs in decode_columns(columns)]
    if not found:
        return b"x", "columns made up"
    place = random.randrange(len(found))
    giver, taker, runs = found[place]
    match random.randrange(4):
        case 0:
            del found[place]
        case 1:
            found[place] = (taker, giver, runs)
        case 2:
            found[place] = (giver, "thief", runs)
        case _:
            run = random.randrange(len(runs))
            runs[run] = (runs[run][0], max(runs[run][1] + random.choice([1, -1, 1_000]), 0))
    try:
        return encode_columns(sorted(found)), f"column {giver} to {taker}"
    except CoreError:
        return b"JBC1", "columns emptied"


def content(path: Path) -> list[tuple[Any, bytes]]:
    """What a journal says, without the way in which it is written."""
    found = []
    for piece in pieces(path):
        for frame in piece.frames():
            _, text, columns = split(frame.payload)
            found.append((parse(text), columns))
    return found


def damaged_rows(random: Random, path: Path) -> str:
    """A row, a value or a table of a SQLite database changed."""
    with closing(sqlite3.connect(path)) as database, database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not _is_version(name)]
        table = random.choice(sorted(tables))
        rows = database.execute(f"SELECT rowid, * FROM {table}").fetchall()
        if not rows:
            return ""
        names = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
        rowid, *values = random.choice(rows)
        place = random.randrange(len(names))
        match random.randrange(7):
            case 0:
                database.execute(f"DELETE FROM {table}")
                return f"{table} emptied"
            case 1:
                database.execute(f"DELETE FROM {table} WHERE rowid = ?", [rowid])
                return f"{table}: a row removed"
            case 2:
                other = random.choice(rows)[1 + place]
                _set(database, f"UPDATE OR IGNORE {table} SET {names[place]} = ? WHERE rowid = ?", [other, rowid])
            case 3:
                database.execute(f"DROP TABLE {table}")
                return f"{table} dropped"
            case _:
                _set(database, f"UPDATE OR IGNORE {table} SET {names[place]} = ? WHERE rowid = ?", [_value(random, values[place]), rowid])
        return f"{table}.{names[place]}"


def _set(database: sqlite3.Connection, statement: str, values: list[Any]) -> None:
    try:
        database.execute(statement, values)
    except (sqlite3.IntegrityError, OverflowError):
        return


def _value(random: Random, value: Any) -> Any:
    if isinstance(value, bytes):
        return damaged_bytes(random, value)
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(damaged_json(random, json.loads(value))[0], sort_keys=True, separators=(",", ":"))
    changed = _other(random, value)
    return changed if isinstance(changed, int | float | str | None) and changed != BIG else None


OPERATIONAL = {"market_books": ("published", "ledger_record")}
"""Columns that say how far somebody has come, and nothing about what is booked; the audit knows only their bounds."""


def rows(path: Path) -> dict[str, list[Any]]:
    """What a database says; the version of its tables is for migrations, and says nothing."""
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not _is_version(name)]
        return {name: sorted(map(repr, database.execute(f"SELECT {_columns(database, name)} FROM {name}"))) for name in tables}


def _is_version(table: str) -> bool:
    return table in ("alembic_version", "market_version")


def _columns(database: sqlite3.Connection, table: str) -> str:
    names = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
    return ", ".join(name for name in names if name not in OPERATIONAL.get(table, ()))
