"""Where the panels get what they show: the telegrams of any meter, or the journal of a home that lives, or has lived."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from joulebus.cli.panels import PanelsView, StoreRow
from joulebus.devices.grid import currency_of
from joulebus.errors import JournalError
from joulebus.journal.file import parse
from joulebus.journal.frames import Frame, split
from joulebus.journal.pieces import pieces
from joulebus.meter.living import LivingLedger
from joulebus.meter.quarters import QuarterReader
from joulebus.meter.reader import TelegramReader
from joulebus.meter.telegram import telegram
from joulebus.meter.usage import UsageColumn, usage
from joulebus.meter.watched import Notice, WatchedMeter
from joulebus.rates.file import RateBook, load_rates
from joulebus.rates.form import usage_spans
from joulebus.rates.money import Bill, bill, bill_of_grid
from joulebus.report.reading import timezone_of
from joulebus_schemas.facts import JOULES_PER_KWH, MICROJOULES_PER_JOULE
from joulebus_schemas.journal import Changed, Committed
from joulebus_schemas.roster import Change, Member

STORE_KINDS = ("battery", "car")
CHANGES_LISTED_MAX = 100
USAGE_LOOKS = 60
"""So many looks share one table of usage, because it prices all that has passed."""


class TelegramPanels:
    """The panels of any meter, fed with its bytes; usage is what has passed since the first telegram."""

    def __init__(self, title: str, timezone: str, rates: Path | None = None, cap_watts: int | None = None) -> None:
        self._reader = TelegramReader()
        self._book = None if rates is None else load_rates(rates, timezone)
        currency = "€" if self._book is None else self._book.words.currency
        self.view = PanelsView(title, WatchedMeter(timezone, cap_watts), currency=currency, usage_title="since it is watched")

    def feed(self, data: bytes) -> None:
        """More bytes, cut anywhere."""
        for one in self._reader.feed(data):
            self.view.watched = self.view.watched.after(one)
        self.view.telegrams = f"{self._reader.read:,} read, {self._reader.dropped:,} dropped"

    def count(self) -> None:
        """Count the table of usage again."""
        watched = self.view.watched
        if watched.state is None or not watched.quarters:
            return
        spans, begins, ends = (
            usage_spans(watched.state.unix_seconds, watched.timezone),
            watched.quarters[0].begins,
            watched.state.unix_seconds,
        )
        self.view.usage = [UsageColumn(name, self._bill(max(first, begins), min(last, ends))) for name, (first, last) in spans.items()]

    def _bill(self, begins: int, ends: int) -> Bill:
        quarters = self.view.watched.quarters
        return bill_of_grid(quarters, begins, ends) if self._book is None else bill(self._book, quarters, begins, max(begins, ends))


class JournalPanels:
    """The panels of a home from its journal, which may grow: telegrams are made of it and read as those of any meter."""

    def __init__(self, path: Path, title: str, rates: Path | None = None, cap_watts: int | None = None) -> None:
        self._path, self._cap = path, cap_watts
        self._timezone = timezone_of(path)
        self._book: RateBook | None = None if rates is None else load_rates(rates, self._timezone)
        self.view = PanelsView(title, WatchedMeter(self._timezone, cap_watts))
        self._begin()

    def _begin(self) -> None:
        self._ledger, self._quarters, self._reader = LivingLedger(), QuarterReader(), TelegramReader()
        self._changes: list[Notice] = []
        self._decided: dict[str, str] = {}
        self._last: Committed | None = None
        self._looks = 0

    def look(self) -> None:
        """Take in what is new in the journal.

        Raises:
            ReportError: It cannot be counted.
        """
        with suppress(JournalError, FileNotFoundError):  # Its home rotates the files just now; what is new comes with the next look.
            self._read()
        self.count()

    def _read(self) -> None:
        before: Frame | None = None
        for frame in self._frames():
            if frame.first <= self._ledger.number:
                self._begin()  # Compacted together with what is counted already.
                return self._read()
            if before is not None:
                self._add(before, 0)
            before = frame
        if before is not None:
            self._add(before, before.number)

    def _frames(self) -> Iterator[Frame]:
        for piece in pieces(self._path, self._ledger.number + 1):
            yield from (frame for frame in piece.frames() if frame.number > self._ledger.number)

    def _add(self, frame: Frame, last_number: int) -> None:
        for moment in self._ledger.take([frame], last_number)[-60:]:
            shown = self._ledger.shown(moment)
            if last_number or shown.state.unix_seconds % 60 == 0:
                for one in self._reader.feed(telegram(shown.state, shown.face)):
                    self.view.watched = self.view.watched.after(one)
        _, text, columns = split(frame.payload)
        record = parse(text)
        self._quarters.add(record, columns)
        if isinstance(record, Changed):
            self._changed(record)
        elif isinstance(record, Committed):
            self._last = record

    def _changed(self, record: Changed) -> None:
        born = self._ledger.born
        assert born is not None, "changes come after the birth"
        who = "the home file" if record.by is None else record.by.principal.partition("/")[2] or record.by.principal
        for change in record.changes:
            said = f"{who}: {_text(change)}"
            self._decided[change.device] = said
            self._changes.append(Notice(born.start_unix_seconds + change.from_tick * born.tick_seconds, f"{change.device} {said}"))
        del self._changes[:-CHANGES_LISTED_MAX]

    def count(self) -> None:
        """What does not come of telegrams: usage and its costs, stores, changes."""
        run = self._quarters.run() if self._looks % USAGE_LOOKS == 0 else None
        self._looks += 1
        if run is not None:
            self.view.usage = usage(run, self._book)
            self.view.currency = currency_of(run.members) if self._book is None else self._book.words.currency
            self.view.usage_title = "at the prices of the grid" if self._book is None else f"by {self._book.words.name}"
        self.view.changes = list(self._changes)
        self.view.stores = [self._store(name, member) for name, member in sorted(self._ledger.roster.items()) if member.kind in STORE_KINDS]

    def _store(self, name: str, member: Member) -> StoreRow:
        outcome = None if self._last is None else self._last.outcomes.get(name)
        if outcome is None or self._last is None or self._ledger.born is None:
            return StoreRow(name, member.kind, None, None, self._decided.get(name, ""))
        capacity = member.properties.get("capacity_kwh", 0) * JOULES_PER_KWH * MICROJOULES_PER_JOULE
        level = 100 * outcome.level_microjoules / capacity if capacity else None
        seconds = self._last.window.ticks * self._ledger.born.tick_seconds
        watts = (outcome.joules_in - outcome.joules_out) // seconds
        return StoreRow(name, member.kind, level, watts, self._decided.get(name, ""))


def _text(change: Change) -> str:
    """What was changed, in a few words."""
    if change.properties is not None:
        return "properties set"
    if change.on is not None:
        return "switched on" if change.on else "switched off"
    return "removed" if change.removed else "added"
