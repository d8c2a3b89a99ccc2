"""Compaction: a closed file of a journal, with one record where there were many that settled one window after the other.

Records are merged that follow each other in one epoch while nothing changes: their columns are joined tick by tick, outcomes and flows
are summed up, and the last window is kept as it was settled, so that a home can go on from there. All other records stay as they are, so
nothing is lost that a seal covers, that somebody asked for, or that a restart needs.

The new file is written, read again and counted again beside the old one; then it gets its name, and then the old one goes. Killed anywhere,
one of the two is there. ``python -m joulebus.journal.compaction JOURNAL [LAST]`` compacts what is closed, up to a record.
"""

import ctypes
import fcntl
import json
import lzma
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from joulebus.errors import JoulebusError, JournalError
from joulebus.files import sync_directory
from joulebus.journal.file import parse, record_text
from joulebus.journal.frames import MAGIC, Frame, checkpoint_number, frame_of, join, packed_frame, split
from joulebus.journal.older import in_todays_words
from joulebus.journal.segments import COMPACT, Segment, folder_of, frames_of, segment_name, segments_in
from joulebus.refusals.system import reason
from joulebus_core import Ledger, decode_columns, encode_columns
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed

PRESET = 4
"""Preset of xz: a twentieth of a second per file, and 50 MB of memory."""
SUMS = frozenset({
    "joules_in", "joules_out", "unserved_joules", "served_later_joules", "curtailed_joules", "heat_joules",
    "import_cost_micro_euro", "export_income_micro_euro",
})  # fmt: skip
"""Fields of an outcome that are about a window; the others are what is remembered at its end."""
BLOCK_BYTES = 2**18
PR_SET_PDEATHSIG = 1

_COMMITTED = b'{"record":"committed"'

_Pair = tuple[str, str]
_Runs = list[tuple[int, int]]


@dataclass
class _Column:
    """What went from one account to another, tick by tick."""

    runs: _Runs = field(default_factory=list)
    ticks: int = 0

    def extend(self, place: int, more: Iterable[tuple[int, int]]) -> None:
        """Append runs that begin at ``place``; in the ticks between nothing was moved."""
        for count, joules in [(place - self.ticks, 0), *more]:
            if count and self.runs and self.runs[-1][1] == joules:
                self.runs[-1] = (self.runs[-1][0] + count, joules)
            elif count:
                self.runs.append((count, joules))
            self.ticks += count


@dataclass
class _Group:
    """Windows that follow each other, on their way to be one record."""

    frames: list[Frame] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[_Pair, _Column] = field(default_factory=dict)
    ticks: int = 0

    def takes(self, record: dict[str, Any]) -> bool:
        """Whether a window is of the same kind as those before it."""
        if not self.records:
            return True
        last = self.records[-1]
        return (
            not last.get("seals")
            and record["window"]["start"] == last["window"]["start"] + last["window"]["ticks"]
            and record["generation"] == last["generation"]
            and record["outcomes"].keys() == last["outcomes"].keys()
        )

    def add(self, frame: Frame, record: dict[str, Any], columns: bytes) -> None:
        """The next window."""
        for giver, taker, runs in decode_columns(columns):
            self.columns.setdefault((giver, taker), _Column()).extend(self.ticks, runs)
        self.frames.append(frame)
        self.records.append(record)
        self.ticks += record["window"]["ticks"]

    def payload(self) -> bytes:
        """One record for all of them."""
        first, last = self.frames[0], self.frames[-1]
        for column in self.columns.values():
            column.extend(self.ticks, [])
        columns = encode_columns([(giver, taker, column.runs) for (giver, taker), column in self.columns.items()])
        return join(first.payload[:32], record_text(Committed.model_validate_json(json.dumps(self._record(first, last)))), columns)

    def _record(self, first: Frame, last: Frame) -> dict[str, Any]:
        states: dict[str, Any] = {}
        flows: dict[str, int] = {}
        for record in self.records[1:]:
            states |= record["states"] | record.get("compacted", {}).get("states", {})
        for record in self.records:
            for pair, joules in record["flows"].items():
                flows[pair] = flows.get(pair, 0) + joules
        begun, ended = self.records[0], self.records[-1]
        inner = ended.get("compacted", ended)
        return {
            "record": "committed",
            "compacted": {
                "first": first.first, "last": last.number, "head": last.head.hex(),
                "window": inner["window"], "states": begun.get("compacted", {}).get("states", {}) | states, "outcomes": inner["outcomes"],
            },
            "generation": ended["generation"],
            "window": {"start": begun["window"]["start"], "ticks": self.ticks},
            "outcomes": {name: self._outcome(name) for name in ended["outcomes"]},
            "flows": flows,
            "states": begun["states"],
            "seals": ended.get("seals", ()),
        }  # fmt: skip

    def _outcome(self, name: str) -> dict[str, Any]:
        """Sums of what was moved, and what is remembered at the end; what was granted tick by tick is in the columns."""
        outcomes = [record["outcomes"][name] for record in self.records]
        kept = {what: value for what, value in outcomes[-1].items() if what != "granted" and what not in SUMS}
        sums = {what: sum(outcome.get(what, 0) for outcome in outcomes) for what in sorted(SUMS)}
        return kept | {what: value for what, value in sums.items() if value}


def merged(frames: Iterable[Frame]) -> Iterator[Frame]:
    """The frames with one where several windows of an epoch follow each other."""
    group, pending = _Group(), list[int]()
    for frame in frames:
        _, text, columns = split(frame.payload)
        if not text.startswith(_COMMITTED):
            yield from _flushed(group)
            group = _Group()
            yield frame
            pending = sorted([*pending, *_promised(text, frame)])
            continue
        record = from_json(in_todays_words(text))
        start = record["window"]["start"]
        if not group.takes(record) or (pending and pending[0] <= start):
            yield from _flushed(group)
            group, pending = _Group(), [tick for tick in pending if tick > start]
        group.add(frame, record, columns)
    yield from _flushed(group)


def _promised(text: bytes, frame: Frame) -> list[int]:
    """From which ticks on something changes."""
    record = parse(text)
    changes = record.changes if isinstance(record, Changed) else record.pending if isinstance(record, Checkpoint) else ()
    return [change.from_tick for change in changes]


def _flushed(group: _Group) -> Iterator[Frame]:
    if len(group.frames) == 1:
        yield group.frames[0]
    elif group.frames:
        yield frame_of(group.payload(), group.frames[0].first)


def compact(segment: Segment) -> Segment:
    """Compact a closed file. Raises JournalError, and then it is as it was."""
    folder = segment.path.parent
    place = folder / segment_name(segment.first, segment.last, COMPACT)
    fresh = place.with_name("new." + place.name)
    try:
        _write(fresh, merged(frames_of(segment.path)))
        _compare(segment, fresh)
        os.rename(fresh, place)
        sync_directory(folder)
        os.unlink(segment.path)
        sync_directory(folder)
    except (ValueError, KeyError, IndexError, TypeError, ArithmeticError) as error:
        raise JournalError(
            f"{segment.path} cannot be compacted: a record in it is not one that joulebus writes; it stays as it is, "
            "and `joulebus audit` says what was changed"
        ) from error
    except OSError as error:
        raise JournalError(
            f"the compaction of {segment.path} needs room for a smaller file beside it, but stopped: {reason(error)}; nothing is lost"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(fresh)
    return Segment(segment.first, segment.last, place)


def _write(path: Path, frames: Iterable[Frame]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        packer, waiting = lzma.LZMACompressor(preset=PRESET), bytearray(MAGIC)
        for frame in frames:
            waiting += packed_frame(frame.payload)
            if len(waiting) >= BLOCK_BYTES:
                _put(descriptor, packer.compress(bytes(waiting)))
                waiting.clear()
        _put(descriptor, packer.compress(bytes(waiting)) + packer.flush())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _compare(segment: Segment, fresh: Path) -> None:
    """Count the new file again: it must lead to the same record, and its columns to the same ledger as those of the old one."""
    ends = [_end(frames_of(path), path) for path in (segment.path, fresh)]
    if ends[0] != ends[1]:
        raise JournalError(f"the compaction of {segment.path} must lead where it leads, but does not: it stays as it is")


def _end(frames: Iterator[Frame], path: Path) -> tuple[int, bytes, bytes]:
    """Number and hash of the last record, and all of the ledger's memory."""
    ledger, number, head = None, 0, b""
    for frame in frames:
        previous, text, columns = split(frame.payload)
        if head and previous != head:
            raise JournalError(f"each record must follow the one before, but record {frame.number} of {path} does not")
        if text.startswith(_COMMITTED) and ledger is not None:
            record = from_json(text)
            seals = ledger.post(record["window"]["start"], record["window"]["ticks"], columns)
            if [seal.hash for seal in seals] != [seal["hash"] for seal in record.get("seals", ())]:
                raise JournalError(f"the seals must be those of the columns, but in record {frame.number} of {path} they are not")
        elif checkpoint_number(frame.payload) is not None:
            ledger = ledger or Ledger.restore(columns)
        elif ledger is None:
            born = parse(text)
            assert isinstance(born, Born), "a journal begins with a birth or a checkpoint"
            ledger = Ledger(born.home, born.start_unix_seconds, born.tick_seconds)
        number, head = frame.number, frame.head
    return number, head, ledger.snapshot() if ledger else b""


def compact_all(path: Path, last: int | None = None) -> list[Segment]:
    """Compact what is closed of a journal, up to a record, the oldest first; remove what a killed compaction has left.

    Raises JournalError.
    """
    folder, done = folder_of(path), []
    with _alone_in(folder) as alone:
        if not alone:
            return []
        for left in [*folder.glob("new.*"), *_replaced(folder)]:
            left.unlink(missing_ok=True)
        for segment in segments_in(folder):
            if not segment.is_compact and (last is None or segment.last <= last):
                done.append(compact(segment))
    return done


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Take the lock that only one compaction may hold; False if another process has it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except BlockingIOError:
        alone = False
    try:
        yield alone
    finally:
        os.close(descriptor)


def _replaced(folder: Path) -> list[Path]:
    """Files whose compacted form is there, too: it was finished before it got its name."""
    return [raw for segment in segments_in(folder) if segment.is_compact and (raw := segment.path.with_suffix("")).exists()]


def main(argv: list[str]) -> int:
    """Compact a journal in the background, and end with the process that asked for it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(10)
    try:
        compact_all(Path(argv[0]), int(argv[1]) if argv[1:] else None)
    except JoulebusError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
