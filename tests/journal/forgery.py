"""An attacker who can write: changes records and makes every checksum and the whole chain of records right again."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from joulebus.audit.books import EpochColumns, _append, cut_runs
from joulebus.journal.file import Journal, record_text
from joulebus.journal.frames import MAGIC, NO_HASH, join, packed_frame
from joulebus_core import decode_columns, encode_columns
from joulebus_schemas.journal import Committed, JournalRecord

Kept = list[tuple[JournalRecord, bytes]]


def read(path: Path) -> Kept:
    """All records with their columns."""
    with Journal.view(path) as journal:
        return [(record, columns) for _, record, columns in journal.read()]


def forge(path: Path, told: Kept) -> Path:
    """Write them anew, with checksums and chain."""
    head, data = NO_HASH, MAGIC
    for record, columns in told:
        payload = join(head, record_text(record), columns)
        head, data = sha256(payload).digest(), data + packed_frame(payload)
    path.write_bytes(data)
    return path


def rewritten(told: Kept, number: int, change: Callable[[Committed], Committed]) -> Kept:
    """With another record under this number."""
    record, columns = told[number - 1]
    assert isinstance(record, Committed)
    return [*told[: number - 1], (change(record), columns), *told[number:]]


def moved(told: Kept, number: int, pair: tuple[str, str], index: int, joules: int) -> Kept:
    """With so many joules more in a tick of a column of this record."""
    record, posted = told[number - 1]
    columns = [(giver, taker, _plus(runs, index, joules) if (giver, taker) == pair else runs) for giver, taker, runs in columns_of(posted)]
    return [*told[: number - 1], (record, encode_columns(columns)), *told[number:]]


def columns_of(posted: bytes) -> EpochColumns:
    """Of a record."""
    return [(giver, taker, list(runs)) for giver, taker, runs in decode_columns(posted)]


def amount(told: Kept, number: int, pair: tuple[str, str], index: int) -> int:
    """Joules in a tick of a column."""
    runs = next(runs for giver, taker, runs in columns_of(told[number - 1][1]) if (giver, taker) == pair)
    return cut_runs(runs, [index, 1])[1][0][1]


def _plus(runs: list[tuple[int, int]], index: int, joules: int) -> list[tuple[int, int]]:
    before, (only,), after = cut_runs(runs, [index, 1, 10**6])
    changed: list[tuple[int, int]] = []
    _append(changed, 0, [*before, (1, only[1] + joules), *after])
    return changed
