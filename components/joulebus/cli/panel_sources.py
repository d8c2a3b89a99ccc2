"""Where the panels get what they show: the telegrams of any meter, or the journal of a home that lives, or has lived."""

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from threading import Event

from joulebus.cli.panel_decisions import DecisionLog
from joulebus.cli.panel_stores import StoresSeen
from joulebus.cli.panel_volumes import VolumesSeen, priced_by
from joulebus.cli.panels import PanelsView
from joulebus.devices.gas import GasProperties
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
from joulebus.meter.volumes import volumes_between
from joulebus.meter.watched import WatchedMeter
from joulebus.rates.file import RateBook, load_rates
from joulebus.rates.form import usage_spans
from joulebus.rates.money import Bill, bill, bill_of_grid
from joulebus.report.reading import timezone_of
from joulebus.rundir import HOME_LOCK, holder
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.journal import Committed
from joulebus_schemas.roster import of_kind

READING_JOURNAL = "reading its journal"
STILL_LOOKS = 10
"""After so many looks without anything new, one each second, it is said."""
SILENT_LOOKS = 30
"""The same of a meter: old ones send every 10 s."""
USAGE_LOOKS = 60
"""So many looks share one table of usage at most, because it prices all that has passed."""
QUARTER_LOOKS = 5
"""So many share it at least, also where quarter-hours fly by."""


class TelegramPanels:
    """The panels of any meter, fed with its bytes; usage is what has passed since the first telegram."""

    def __init__(self, title: str, timezone: str, rates: Path | None = None, cap_watts: int | None = None) -> None:
        self._reader, self._ending = TelegramReader(), ""
        self._counted = self._still_looks = 0
        self._passed_on: tuple[int, int] | None = None
        self._book = None if rates is None else load_rates(rates, timezone)
        currency = "€" if self._book is None else self._book.words.currency
        usage_title = "since it is watched" if self._book is None else f"since it is watched, by {self._book.words.name}"
        self.view = PanelsView(title, WatchedMeter(timezone, cap_watts), currency=currency, usage_title=usage_title)

    def feed(self, data: bytes) -> None:
        """More bytes, cut anywhere."""
        for one in self._reader.feed(data):
            self.view.watched = self.view.watched.after(one)
        self._state()

    def count_as(self, read: int, dropped: int) -> None:
        """How many telegrams were read and dropped by whoever passes them on, and has seen more of them."""
        self._passed_on = (read, dropped)
        self._state()

    def tell(self, trouble: str, ending: str = "") -> None:
        """Why nothing new comes, and whether that is how it ends."""
        self.view.trouble, self._ending = trouble, ending
        self._state()

    def _state(self) -> None:
        read, dropped = self._passed_on or (self._reader.read, self._reader.dropped)
        said = f"{read:,} read, {dropped:,} dropped"
        if self._still_looks >= SILENT_LOOKS and not self._ending:
            said += f", no telegram for {self._still_looks} s"
        self.view.state = ", ".join(filter(None, (said, self._ending)))

    @property
    def read(self) -> int:
        """How many telegrams were read."""
        return self._reader.read

    def count(self) -> None:
        """Count the table of usage again, and how long nothing has come."""
        watched = self.view.watched
        self._still_looks = 0 if self._reader.read > self._counted else self._still_looks + 1
        self._counted = self._reader.read
        self._state()
        volumes = watched.volumes
        if watched.state is None:
            return
        kwh_per_m3 = self._kwh_per_m3(watched.state.unix_seconds)
        self.view.volumes = VolumesSeen(
            volumes.gas_litres is not None, volumes.water_litres is not None, kwh_per_m3, priced=priced_by(self._book)
        )
        if not watched.quarters:
            return
        spans, begins, ends = (
            usage_spans(watched.state.unix_seconds, watched.timezone),
            watched.quarters[0].begins,
            watched.state.unix_seconds,
        )
        self.view.usage = [
            UsageColumn(name, self._bill(max(first, begins), min(last, ends)), volumes_between(watched.quarters, first, last))
            for name, (first, last) in spans.items()
        ]

    def _kwh_per_m3(self, moment: int) -> float:
        """As the rates have it now; else as gas usually is."""
        periods = () if self._book is None else self._book.periods
        priced = [one.words.gas.kwh_per_m3 for one in periods if one.begins <= moment < one.ends and one.words.gas is not None]
        return priced[-1] if priced else GasProperties().kwh_per_m3

    def _bill(self, begins: int, ends: int) -> Bill:
        quarters = self.view.watched.quarters
        return bill_of_grid(quarters, begins, ends) if self._book is None else bill(self._book, quarters, begins, max(begins, ends))


class JournalPanels:
    """The panels of a home from its journal, which may grow: telegrams are made of it and read as those of any meter."""

    def __init__(self, path: Path, title: str, rates: Path | None = None, cap_watts: int | None = None) -> None:
        self._path, self._cap = path, cap_watts
        self._timezone = timezone_of(path)
        self._book: RateBook | None = None if rates is None else load_rates(rates, self._timezone)
        self.view = PanelsView(title, WatchedMeter(self._timezone, cap_watts), waits_for="its first tick", state=READING_JOURNAL)
        self._still_looks = self._failed_looks = 0
        self._was_read, self._ended = False, Event()
        self._begin()

    def _begin(self) -> None:
        self._ledger, self._quarters, self._reader = LivingLedger(), QuarterReader(), TelegramReader()
        self._decisions = DecisionLog()
        self._last: Committed | None = None
        self._looks = self._usage_quarter = 0

    def follow(self, seconds: float) -> None:
        """Look again and again, until :meth:`end`.

        Raises:
            ReportError: It cannot be counted.
            JournalError: It cannot be read, and never could.
        """
        self.look()
        while not self._ended.wait(seconds):
            self.look()

    def end(self) -> None:
        """Look no more, also in the middle of a long journal."""
        self._ended.set()

    def look(self) -> None:
        """Take in what is new in the journal; a journal that cannot be read any more is the view's trouble.

        Raises:
            ReportError: It cannot be counted.
            JournalError: It cannot be read, and never could.
        """
        before = self._ledger.number
        try:
            self._read()
        except (JournalError, FileNotFoundError) as error:
            if not self._was_read:
                raise
            # Where its home rotates the files just now, what is new comes with the next look.
            self.view.trouble = str(error) if self._failed_looks else ""
            self._failed_looks += 1
        else:
            self._still_looks = 0 if self._ledger.number > before else self._still_looks + 1
            self._failed_looks, self._was_read, self.view.trouble = 0, True, ""
        self.count()

    def _read(self) -> None:
        before: Frame | None = None
        for frame in takewhile(lambda _: not self._ended.is_set(), self._frames()):
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
        if isinstance(record, Committed):
            self._last = record
        if self._ledger.born is not None:
            self._decisions.add(record, self._ledger.born, self._ledger.roster)

    def count(self) -> None:
        """What does not come of telegrams: usage and its costs, gas, stores, decisions and changes."""
        view, roster = self.view, self._ledger.roster
        run = self._quarters.run() if self._is_usage_due() else None
        if run is not None:
            view.usage = usage(run, self._book)
            view.currency = currency_of(run.members) if self._book is None else self._book.words.currency
            view.usage_title = "at the prices of the grid" if self._book is None else f"by {self._book.words.name}"
        view.changes = self._decisions.notices
        view.volumes = self._volumes()
        view.is_off_grid = self._ledger.born is not None and not of_kind(roster, "grid")
        view.state = self._state()
        if self._ledger.born is not None:
            view.stores = StoresSeen(self._ledger.born, roster, self._last, self._decisions).rows()

    def _is_usage_due(self) -> bool:
        """At first, with a new quarter-hour, and once a minute; where quarter-hours fly by, now and then."""
        self._looks += 1
        quarter = 0 if self._last is None else self._now() // QUARTER_SECONDS
        is_due = self._looks >= USAGE_LOOKS or (quarter != self._usage_quarter and self._looks >= QUARTER_LOOKS)
        if is_due or not self.view.usage:
            self._looks, self._usage_quarter = 0, quarter
            return True
        return False

    def _now(self) -> int:
        assert self._last is not None and self._ledger.born is not None, "a window is settled"
        return self._ledger.born.start_unix_seconds + self._last.window.end * self._ledger.born.tick_seconds

    def _volumes(self) -> VolumesSeen:
        roster = self._ledger.roster
        supplies = of_kind(roster, "gas")
        values = {GasProperties.model_validate(roster[name].properties, strict=False).kwh_per_m3 for name in supplies}
        burning = None
        if self._last is not None and self._ledger.born is not None:
            given = sum(self._last.outcomes[name].joules_out for name in supplies if name in self._last.outcomes)
            burning = given // (self._last.window.ticks * self._ledger.born.tick_seconds)
        has_water = any(one.volumes.water_litres for one in self.view.usage)
        return VolumesSeen(bool(supplies), has_water, values.pop() if len(values) == 1 else None, burning, priced_by(self._book))

    def _state(self) -> str:
        """Whether the home lives; of a run that is over there is nothing to say."""
        folder = self._path.parent
        if not (folder / HOME_LOCK).exists():
            return ""
        if holder(folder) is None:
            return "down: `joulebus up` continues it"
        return f"nothing new for {self._still_looks} s: paused, or it waits" if self._still_looks >= STILL_LOOKS else "living"
