"""All quarter-hours of a journal as a bill needs them: what passed the meter, under which tariff, at which prices of the grid."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from joulebus.errors import ReportError
from joulebus.meter.reading import through_meter
from joulebus.rates.file import RateBook
from joulebus.rates.money import Bill, MeteredQuarter, bill, bill_of_grid
from joulebus.report.calendar import ReportSpan
from joulebus.report.reading import records
from joulebus.report.tally import Cells, Tally
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.journal import Born, Checkpoint, Committed, JournalRecord
from joulebus_schemas.roster import Member


@dataclass(frozen=True)
class MeteredRun:
    """What passed the meter of a run, from its beginning to an end."""

    born: Born
    members: dict[str, Member]
    quarters: tuple[MeteredQuarter, ...]
    begins: int
    ends: int
    missing_until: int | None = None
    """The records before this moment were moved away; None: none were."""

    def bill(self, book: RateBook | None, begins: int, ends: int) -> Bill:
        """What a span cost.

        Raises:
            ReportError: Nothing says what some of it costs, or its first records were moved away.
        """
        if self.missing_until is not None and begins < self.begins:
            raise ReportError(
                f"a bill needs all that passed the meter since {_utc(begins)}, but records before {_utc(self.begins)} were moved away: "
                "put their files back, or let it begin later (--from)"
            )
        if book is None:
            return bill_of_grid(self.quarters, begins, ends)
        return bill(book, self.quarters, max(begins, self.begins), min(ends, self.ends))


class QuarterReader:
    """Makes a metered run of records, also while they are written."""

    def __init__(self, span: ReportSpan | None = None) -> None:
        self._tally = Tally(self._take, span or ReportSpan())
        self._quarters: list[MeteredQuarter] = []
        self._ends = 0
        self._water = self._gas = Fraction(0)
        self._missing_until: int | None = None

    def add(self, record: JournalRecord, columns: bytes) -> None:
        """The next record. Raises ReportError when it cannot be counted."""
        if isinstance(record, Checkpoint) and self._tally.born is None:
            self._missing_until = record.born.start_unix_seconds + record.next_tick * record.born.tick_seconds
        self._tally.add(record, columns)

    def is_done(self, record: JournalRecord) -> bool:
        """Whether the span ends before this record."""
        return isinstance(record, Committed) and self._tally.is_past(record.window.start)

    def _take(self, cells: Cells) -> None:
        assert self._tally.born is not None, "cells come after the birth"
        priced = zip(cells.bought.tolist(), cells.sold.tolist(), strict=True)
        passed = through_meter(cells, self._tally.roster, self._tally.born.place.timezone)
        for moved, (bought, sold) in zip(passed, priced, strict=True):
            more = MeteredQuarter(
                moved.begins,
                moved.import_joules,
                moved.export_joules,
                moved.is_day,
                import_priced=moved.import_joules * bought,
                export_priced=moved.export_joules * sold,
                water_litres=int(self._water + moved.water_litres) - int(self._water),
                gas_litres=int(self._gas + moved.gas_litres) - int(self._gas),
            )
            self._water += moved.water_litres
            self._gas += moved.gas_litres
            self._ends = moved.ends
            _add(self._quarters, more)

    def run(self) -> MeteredRun | None:
        """What has passed the meter so far; None: nothing yet."""
        if self._tally.born is None or not self._quarters:
            return None
        first = self._quarters[0].begins
        return MeteredRun(self._tally.born, dict(self._tally.members), tuple(self._quarters), first, self._ends, self._missing_until)


def _utc(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def metered_run(path: Path, until: int | None = None) -> MeteredRun:
    """What passed the meter until a moment, in one walk.

    Raises:
        ReportError: The journal cannot be read, or has no settled tick.
    """
    reader = QuarterReader(ReportSpan(to_unix_seconds=until))
    for record, columns in records(path):
        if reader.is_done(record):
            break
        reader.add(record, columns)
    run = reader.run()
    if run is None:
        raise ReportError(f"a bill is about what has passed the meter, but {path} has no settled tick yet")
    return run


def _add(quarters: list[MeteredQuarter], more: MeteredQuarter) -> None:
    """A part of a quarter-hour is added to the one that is there; with another tariff it stands beside it."""
    place = (more.begins // QUARTER_SECONDS, more.is_day)
    if not quarters or (quarters[-1].begins // QUARTER_SECONDS, quarters[-1].is_day) != place:
        quarters.append(more)
        return
    last = quarters[-1]
    names = ("import_joules", "export_joules", "import_priced", "export_priced", "water_litres", "gas_litres")
    quarters[-1] = replace(last, **{name: getattr(last, name) + getattr(more, name) for name in names})
