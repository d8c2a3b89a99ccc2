"""From a journal to a report, in one walk and constant memory; and to rows that are finer than a quarter-hour, in a second one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from joulebus.errors import ReportError
from joulebus.journal.file import parse
from joulebus.journal.frames import Frames, split
from joulebus.report.calendar import FINE_SECONDS, Integers, ReportSpan
from joulebus.report.quarters import JOULES_PER_KWH, Quarters, moved
from joulebus.report.result import Report
from joulebus.report.table import LEVEL_SUFFIX, ReportTable, flow_name, name_of, table_of
from joulebus.report.tally import FLOWS, Cells, JournalRecord, Tally

BytesProgress = Callable[[int, int], None]
"""Told of bytes that are read, and of all bytes."""


def records(path: Path, progress: BytesProgress | None = None) -> Iterator[tuple[JournalRecord, bytes]]:
    """Every record of a journal with its columns, verified; a tail that was cut off ends it."""
    try:
        file = path.open("rb", buffering=2**20)
    except OSError as error:
        raise ReportError(f"a report needs a journal that it can read, but {path} cannot be read: {error.strerror}") from error
    with file:
        size = path.stat().st_size
        for frame in Frames(file, path):
            _, text, columns = split(frame.payload)
            try:
                yield parse(text), columns
            except ValueError as error:
                reason = str(error).splitlines()[0]
                raise ReportError(
                    f"each record of a journal must be one of joulebus, but record {frame.number} of {path} is not ({reason})"
                ) from error
            if progress is not None:
                progress(frame.offset, size)


def report_of(path: Path, span: ReportSpan | None = None, progress: BytesProgress | None = None) -> Report:
    """The report of a journal."""
    follower = ReportReader(span or ReportSpan())
    for record, columns in records(path, progress):
        follower.add(record, columns)
    return follower.report(str(path))


class ReportReader:
    """Makes a report of records, also while they are written."""

    def __init__(self, span: ReportSpan | None = None) -> None:
        self._quarters = Quarters()
        self._span = span or ReportSpan()
        self._tally = Tally(self._quarters.take, self._span)
        self.add = self._tally.add

    def report(self, source: str, head_seal: str | None = None) -> Report:
        """What has been followed so far; a keeper without a journal says itself what its last seal was."""
        tally = self._tally
        if tally.born is None:
            raise ReportError(f"a report needs the record of a home's birth, but {source} is empty")
        if not self._quarters.starts:
            raise ReportError(_nothing(tally, self._span, source))
        prices = {what: dict(joules) for what, joules in self._quarters.joules_by_price.items()}
        return Report(tally.born, tally.members, tally.busbar, table_of(self._quarters, tally.busbar), prices, head_seal or tally.head_seal)


def _nothing(tally: Tally, span: ReportSpan, source: str) -> str:
    born = tally.born
    assert born is not None, "an empty journal is another error"
    if not tally.next_tick:
        return f"a report must be about at least one tick, but {source} has none yet"
    begins, ends = _text(born.start_unix_seconds), _text(born.start_unix_seconds + tally.next_tick * born.tick_seconds)
    asked = [
        f"{word} {_text(moment)}" for word, moment in (("from", span.from_unix_seconds), ("to", span.to_unix_seconds)) if moment is not None
    ]
    return f"a report must be about at least one tick of {source}, which goes from {begins} to {ends}, but the span was {' '.join(asked)}"


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
    for record, columns in records(path):
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
            **{name_of(pair, self._report.busbar): joules[:, place] for place, pair in enumerate(cells.pairs)},
            **{f"{name}{LEVEL_SUFFIX}": level[lasts] for name, level in cells.levels.items()},
        }
        return ReportTable({name: found.get(name, zero) for name in self._names})

    def _paid(self, what: str, amounts: Any) -> Integers:
        sums = np.cumsum(amounts) + self._carry[what]
        whole = sums // JOULES_PER_KWH
        self._carry[what] = int(sums[-1] % JOULES_PER_KWH)
        return np.array(np.diff(whole, prepend=0), dtype=np.int64)
