"""What a historian keeps beside the records, counted again: seals against their columns, blocks against seals, fine against coarse."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Engine

from joulebus.audit.books import NO_SEAL, AccountPair, Counted, Sums, seal_hash
from joulebus.audit.report import Finding
from joulebus.historian.blocks import BY_ACCOUNT, Block, differing
from joulebus.historian.kept import KeptDay, days
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
        self._tick_seconds = first.born.tick_seconds if isinstance(first, Checkpoint) else first.tick_seconds
        self._tick, self._head = (first.next_tick, first.head_seal) if isinstance(first, Checkpoint) else (0, NO_SEAL)
        self.beginning = Beginning(records_from_tick, self._head)

    def check(self) -> Iterator[Finding]:
        """Everything that does not agree."""
        try:
            for day in days(self._engine, self._home):
                yield from self._day(day)
        except (zlib.error, ValueError, TypeError, KeyError) as error:
            yield Finding("row", f"a block or a seal after tick {self._tick} cannot be read ({error}); nothing behind it was checked")

    def _day(self, day: KeptDay) -> Iterator[Finding]:
        for seal in day.seals:
            yield from self._seal(seal)
            yield from _sums(seal, day.quarters, "day")
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
