"""From a journal to a report, in one walk and constant memory; and to rows that are finer than a quarter-hour, in a second one."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from joulebus.errors import JournalError, ReportError
from joulebus.journal.compaction import merged
from joulebus.journal.file import parse
from joulebus.journal.frames import Frame, split
from joulebus.journal.pieces import birth_in, number_at, pieces
from joulebus.journal.rotation import tail_of
from joulebus.journal.segments import Gap
from joulebus.refusals.system import reason
from joulebus.report.calendar import FINE_SECONDS, Integers, ReportSpan
from joulebus.report.quarters import Quarters, moved
from joulebus.report.result import Report
from joulebus.report.table import LEVEL_SUFFIX, ReportTable, column_name, flow_name, table_of
from joulebus.report.tally import Cells, Tally
from joulebus_schemas.facts import FLOWS, JOULES_PER_KWH
from joulebus_schemas.journal import Checkpoint, Committed, JournalRecord

BytesProgress = Callable[[int, int], None]
"""Told of bytes that are read, and of all bytes."""


def records(
    path: Path, progress: BytesProgress | None = None, from_unix_seconds: int | None = None
) -> Iterator[tuple[JournalRecord, bytes]]:
    """Every record of a journal with its columns, verified, with windows of one epoch as one; a tail that was cut off ends it.

    From a moment on: from the beginning of the file that holds it. What was moved away at the beginning is left out.
    Raises ReportError when something in between was moved away, or when that moment was.
    """
    files = _Files(path, progress)
    try:
        for frame in merged(files.frames(from_unix_seconds)):
            _, text, columns = split(frame.payload)
            yield parse(text), columns
    except (ValueError, KeyError, IndexError, TypeError, ArithmeticError) as error:
        raise ReportError(
            f"cannot report: record {files.number} of {path} cannot be counted: it is not one that this joulebus writes; "
            "`joulebus audit` says whether it was changed"
        ) from error


class _Files:
    """The files of a journal, one after the other."""

    def __init__(self, path: Path, progress: BytesProgress | None) -> None:
        self._path, self._progress = path, progress
        self._done = 0
        self.number = 0
        """The number of the record that was read last."""

    def frames(self, from_unix_seconds: int | None) -> Iterator[Frame]:
        """The frames from the file on that holds a moment."""
        self._refuse_unreadable()
        try:
            number = 1 if from_unix_seconds is None else self._number_at(from_unix_seconds)
            found = pieces(self._path, number)
            expected = 0 if from_unix_seconds is None else number
            for piece in found:
                for frame in piece.frames():
                    self._refuse_gap(expected, frame)
                    expected, self.number = frame.number + 1, frame.number
                    yield frame
                    self._tell(frame.offset if piece.segment is None else 0)
                self._done += piece.path.stat().st_size
        except OSError as error:
            raise ReportError(f"cannot report: {self._path} cannot be read ({reason(error)})") from error

    def _refuse_unreadable(self) -> None:
        try:
            os.close(tail_of(self._path))
        except JournalError as error:
            why = reason(error.__cause__) if isinstance(error.__cause__, OSError) else str(error)
            raise ReportError(f"cannot report: {self._path} cannot be read ({why})") from error

    def _number_at(self, unix_seconds: int) -> int:
        born = birth_in(self._path)
        return 1 if born is None else number_at(self._path, max(unix_seconds - born.start_unix_seconds, 0) // born.tick_seconds)

    def _refuse_gap(self, expected: int, frame: Frame) -> None:
        if not expected or frame.first == expected:
            return
        until = ""
        record = parse(split(frame.payload)[1])
        if isinstance(record, Checkpoint):
            until = f" (all before {_text(record.born.start_unix_seconds + record.next_tick * record.born.tick_seconds)})"
        raise ReportError(f"{Gap(expected, frame.first - 1)}{until} of {self._path} were moved away: put their files back, or begin later")

    def _tell(self, offset: int) -> None:
        if self._progress is not None:
            self._progress(self._done + offset, self._done + self._path.stat().st_size)


def timezone_of(path: Path) -> str:
    """The IANA name of the time zone of the home that a journal is about; UTC when it has no record yet.

    Raises:
        ReportError: The journal cannot be read.
    """
    try:
        born = birth_in(path)
    except OSError as error:
        raise ReportError(f"cannot report: {path} cannot be read ({reason(error)})") from None
    return "UTC" if born is None else born.place.timezone


def report_of(path: Path, span: ReportSpan | None = None, progress: BytesProgress | None = None) -> Report:
    """The report of a journal. Raises ReportError."""
    span = span or ReportSpan()
    follower = ReportReader(span)
    for record, columns in records(path, progress, span.from_unix_seconds):
        if follower.is_done(record):
            break
        follower.add(record, columns)
    return follower.report(str(path))


class ReportReader:
    """Makes a report of records, also while they are written."""

    def __init__(self, span: ReportSpan | None = None) -> None:
        self._quarters = Quarters()
        self._span = span or ReportSpan()
        self._tally = Tally(self._quarters.take, self._span)
        self.add = self._tally.add

    def is_done(self, record: JournalRecord) -> bool:
        """Whether a record is behind the span, and something was in it."""
        return isinstance(record, Committed) and bool(self._quarters.starts) and self._tally.is_past(record.window.start)

    def report(self, source: str, head_seal: str | None = None) -> Report:
        """What has been followed so far; a keeper without a journal says itself what its last seal was.

        Raises:
            ReportError: The journal is empty, or the span has no tick of it.
        """
        tally = self._tally
        if tally.born is None:
            raise ReportError(f"cannot report: {source} is empty (its first record is missing)")
        if not self._quarters.starts:
            raise ReportError(_nothing(tally, self._span, source))
        prices = {what: dict(joules) for what, joules in self._quarters.joules_by_price.items()}
        table, seen = table_of(self._quarters, tally.busbar), tally.darkness
        return Report(
            tally.born,
            tally.members,
            tally.busbar,
            table,
            prices,
            head_seal or tally.head_seal,
            outages=seen.outages,
            dark_seconds=seen.dark_seconds,
            short_seconds=seen.short_seconds,
            price_seconds=self._quarters.price_seconds,
        )


def _nothing(tally: Tally, span: ReportSpan, source: str) -> str:
    born = tally.born
    assert born is not None, "an empty journal is another error"
    if not tally.next_tick:
        return f"cannot report: {source} has no settled tick yet"
    begins, end = born.start_unix_seconds, born.start_unix_seconds + tally.next_tick * born.tick_seconds
    asked = [
        f"{word} {_text(moment)}" for word, moment in (("from", span.from_unix_seconds), ("to", span.to_unix_seconds)) if moment is not None
    ]
    # What is behind the span is not read.
    covers = f"begins at {_text(begins)}" if span.to_unix_seconds is not None and span.to_unix_seconds <= end else _span(begins, end)
    return f"cannot report: {source} {covers} and has no tick {' '.join(asked)}"


def _span(begins: int, end: int) -> str:
    return f"goes from {_text(begins)} to {_text(end)}"


def _text(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_rows(path: Path, report: Report, every: str, span: ReportSpan | None = None) -> Iterator[ReportTable]:
    """The rows of a report at any resolution, in pieces."""
    if every not in FINE_SECONDS:
        yield report.rows(every)
        return
    found: list[Cells] = []
    seconds = max(FINE_SECONDS[every], report.born.tick_seconds)
    tally = Tally(found.append, span or ReportSpan(), seconds)
    fine = FineRows(report, seconds)
    for record, columns in records(path, None, span.from_unix_seconds if span else None):
        if isinstance(record, Committed) and tally.is_past(record.window.start):
            break
        tally.add(record, columns)
        if sum(len(cells.starts) for cells in found) >= ROWS_AT_ONCE:
            yield from map(fine.table, found)
            found.clear()
    yield from map(fine.table, found)


ROWS_AT_ONCE = 3_600


class FineRows:
    """Cells as rows with the columns of a report; money is carried from row to row."""

    def __init__(self, report: Report, seconds: int) -> None:
        self._report, self.seconds = report, seconds
        self._names = list(report.quarters.columns)
        self._carry = {"import": 0, "export": 0}

    def table(self, cells: Cells) -> ReportTable:
        """One piece."""
        numbers = cells.starts // self.seconds
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        lasts = np.append(firsts[1:], len(numbers)) - 1
        flows = np.add.reduceat(cells.flows, firsts, axis=0)
        joules = np.add.reduceat(cells.joules, firsts, axis=0)
        amounts = {what: moved(cells, what) for what in self._carry}
        priced = {"import": amounts["import"].astype(object) * cells.bought, "export": amounts["export"].astype(object) * cells.sold}
        zero = np.zeros(len(firsts), dtype=np.int64)
        found = {
            "unix_seconds": cells.starts[firsts],
            "seconds": cells.ends[lasts] - cells.starts[firsts],
            **{f"{what}_joules": np.add.reduceat(amount, firsts) for what, amount in amounts.items()},
            "import_cost_micro_euro": self._paid("import", np.add.reduceat(priced["import"], firsts)),
            "export_income_micro_euro": self._paid("export", np.add.reduceat(priced["export"], firsts)),
            **{flow_name(flow): flows[:, place] for place, flow in enumerate(FLOWS)},
            **{column_name(pair, self._report.busbar): joules[:, place] for place, pair in enumerate(cells.pairs)},
            **{f"{name}{LEVEL_SUFFIX}": level[lasts] for name, level in cells.levels.items()},
        }
        return ReportTable({name: found.get(name, zero) for name in self._names})

    def _paid(self, what: str, amounts: Any) -> Integers:
        sums = np.cumsum(amounts) + self._carry[what]
        whole = sums // JOULES_PER_KWH
        self._carry[what] = int(sums[-1] % JOULES_PER_KWH)
        return np.array(np.diff(whole, prepend=0), dtype=np.int64)
