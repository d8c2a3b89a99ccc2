"""What a historian keeps beside the records, counted again: seals against their columns, blocks against seals, fine against coarse."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Engine

from joulebus.audit.books import NO_SEAL, AccountPair, Counted, Sums, seal_hash
from joulebus.audit.report import Finding
from joulebus.errors import JournalError
from joulebus.historian.blocks import BY_ACCOUNT, Block, differing
from joulebus.historian.kept import KeptDay, KeptMarks, days, marks_of
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Born, Checkpoint, Seal


@dataclass
class Beginning:
    """Where the records of a source begin, and what their seals say about the time before."""

    tick: int = 0
    seal: str = NO_SEAL
    seals: int = 0
    pairs: dict[AccountPair, int] = field(default_factory=dict)
    """Joules in all epochs before."""


class Rolled:
    """One walk through the days of a home."""

    def __init__(self, engine: Engine, home: str, first: Born | Checkpoint, records_from_tick: int) -> None:
        self._engine, self._home = engine, home
        self._born = first.born if isinstance(first, Checkpoint) else first
        self._tick_seconds = self._born.tick_seconds
        self._begins = first.next_tick if isinstance(first, Checkpoint) else 0
        self._tick, self._head = (first.next_tick, first.head_seal) if isinstance(first, Checkpoint) else (0, NO_SEAL)
        self.beginning = Beginning(records_from_tick, self._head)
        self.behind = ""
        """Which rows the historian has not written yet, in words."""

    def check(self) -> Iterator[Finding]:
        """Everything that does not agree."""
        marks = marks_of(self._engine, self._home)
        if marks is None:
            yield Finding("row", "table watermark: the row of the home is missing")
            return
        yield from self._marks(marks)
        last = None
        try:
            for day in days(self._engine, self._home):
                yield from self._day(day, marks)
                last = day.seals[-1].epoch if day.seals else last
        except (JournalError, ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
            problem = f" ({error})" if type(error) is ValueError else ""
            yield Finding("row", f"a block or a seal after tick {self._tick} cannot be read{problem}; nothing behind it was checked")
            return
        if last != marks.last_seal:
            where = f"after epoch {last}" if last is not None else "at all"
            yield Finding("row", f"table day: there is none {where}, and epochs up to {marks.last_seal} are sealed", epoch=marks.last_seal)

    def _marks(self, marks: KeptMarks) -> Iterator[Finding]:
        """What the watermark says besides number and hash, which belong to the last record."""
        rolled = self._epoch(self._begins) if marks.last_seal is None else marks.last_seal + 1
        if marks.derived > marks.number:
            yield Finding("row", f"table watermark: derived is {marks.derived}, and record {marks.number} is the last one")
        elif marks.derived < marks.number:
            self.behind = f"rows of the records {marks.derived + 1:,} to {marks.number:,}: the historian has still to derive them"
        elif marks.rolled_epoch != rolled:
            text = f"table watermark: rolled_epoch is {marks.rolled_epoch}, and epoch {rolled} is the first that is not sealed"
            yield Finding("row", text)
        if marks.records_from_tick and (marks.first_end is None or marks.first_end <= marks.records_from_tick):
            text = f"table watermark: records_from_tick is {marks.records_from_tick}, and a window ends before tick {marks.first_end}"
            yield Finding("row", text)
        for name, epoch in (("ticks_from_epoch", marks.ticks_from_epoch), ("minutes_from_epoch", marks.minutes_from_epoch)):
            if not 0 <= epoch <= rolled:
                yield Finding("row", f"table watermark: {name} is {epoch}, and epoch {rolled} is the first that is not sealed")

    def _epoch(self, tick: int) -> int:
        return (self._born.start_unix_seconds + tick * self._tick_seconds) // EPOCH_SECONDS

    def _day(self, day: KeptDay, marks: KeptMarks) -> Iterator[Finding]:
        records_from = self._epoch(marks.records_from_tick) if marks.records_from_tick else 0
        for seal in day.seals:
            yield from self._seal(seal)
            yield from _sums(seal, day.quarters, "day")
            if seal.epoch >= marks.minutes_from_epoch and seal.epoch not in day.minutes:
                yield Finding("row", "table minute_block: the row is missing", epoch=seal.epoch)
            if marks.ticks_from_epoch <= seal.epoch < records_from and seal.epoch not in day.ticks:
                yield Finding("row", "table tick_block: the row is missing", epoch=seal.epoch)
        yield from _finer(day)

    def _seal(self, seal: Seal) -> Iterator[Finding]:
        columns = {(one.account_from, one.account_to): Sums(one.joules, one.moment, one.hash) for one in seal.columns}
        counted = Counted(seal.epoch, seal.first_tick, seal.ticks, columns)
        if seal_hash(self._home, self._tick_seconds, counted, seal.previous) != seal.hash:
            yield Finding("seal", "the hash of the seal is not the hash of what it seals", epoch=seal.epoch)
        if seal.previous != self._head or seal.first_tick != self._tick:
            yield Finding(
                "seal", f"it does not follow the seal before it, which is {self._head} and ends before tick {self._tick}", epoch=seal.epoch
            )
        self._tick, self._head = seal.first_tick + seal.ticks, seal.hash
        if self._tick <= self.beginning.tick:
            self.beginning.seal, self.beginning.seals = seal.hash, self.beginning.seals + 1
            for pair, sums in columns.items():
                self.beginning.pairs[pair] = self.beginning.pairs.get(pair, 0) + sums.joules


def _sums(seal: Seal, block: Block, table: str) -> Iterator[Finding]:
    """The joules that a block has of an epoch against those that were sealed."""
    slot = seal.epoch - block.start // EPOCH_SECONDS
    sealed = {f"{one.account_from}>{one.account_to}": one.joules for one in seal.columns}
    kept = {name: int(values[slot]) for (section, name), values in block.series.items() if section == BY_ACCOUNT}
    for name in sorted({*sealed, *kept}):
        if sealed.get(name, 0) != kept.get(name, 0):
            text = f"table {table}: it has {kept.get(name, 0)} J, and {sealed.get(name, 0)} J were sealed"
            yield Finding("row", text, epoch=seal.epoch, accounts=tuple(name.split(">")))


def _finer(day: KeptDay) -> Iterator[Finding]:
    """Each coarse block against the finer one."""
    for series in differing(day.quarters.sums(), day.sums):
        yield Finding(
            "row", f"table day: the sum of {series[1]} is not that of its quarter-hours", epoch=day.quarters.start // EPOCH_SECONDS
        )
    for epoch, ticks in day.ticks.items():
        fine = day.minutes.get(epoch) or _quarter(day.quarters, epoch)
        again = Block(fine.start, fine.slot_seconds, fine.slots)
        again.fold(ticks)
        for series in differing(again, fine):
            yield Finding("row", f"table tick_block: the ticks of {series[1]} are not those of its minutes", epoch=epoch)
    for epoch, minutes in day.minutes.items():
        for series in differing(minutes.sums(), _quarter(day.quarters, epoch)):
            yield Finding("row", f"table minute_block: the minutes of {series[1]} are not those of its quarter-hour", epoch=epoch)


def _quarter(day: Block, epoch: int) -> Block:
    slot = epoch - day.start // EPOCH_SECONDS
    return Block(epoch * EPOCH_SECONDS, EPOCH_SECONDS, 1, {series: values[slot : slot + 1] for series, values in day.series.items()})
