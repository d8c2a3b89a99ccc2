"""The link between a home's ledger and its market: each booking is recomputed from the seals of the journal, each seal from the bookings.

Three things must agree, and none is taken on trust: the journal of operations is chained, the sealed batches are chained and signed and
are what the operations lead to, and what was booked from the ledger is what its columns say, to the last joule that is carried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from joulebus.audit.report import Finding
from joulebus.audit.sources import open_source
from joulebus.errors import AuditError, JoulebusError
from joulebus.journal.file import parse
from joulebus.journal.frames import shaped, split
from joulebus.market import ledger
from joulebus.market.executor import OPEN, Executor, Opening
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.store import NO_OPERATION_HASH, MarketStore, Operation, Snapshot, operation_hash
from joulebus_core import market as core
from joulebus_schemas.journal import Born, Committed, Seal
from joulebus_schemas.market.assets import OpenBooks
from joulebus_schemas.market.metering import BookEpoch
from joulebus_schemas.roster import Member

BOOKING = "metering.book_epoch"
FINDINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What was compared, and what does not agree."""

    market: str
    operations: int
    epochs: int
    """Of the ledger that were booked."""
    batches: int
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """For people."""
        what = f"{self.operations:,} operations, {self.epochs:,} epochs of the ledger, {self.batches:,} sealed batches"
        return [f"market {self.market}: {what}", *(f"TAMPERED: {finding.line()}" for finding in self.findings)]

    def demand_sound(self) -> None:
        """Raise AuditError unless everything agrees."""
        if self.findings:
            first = self.findings[0].line()
            raise AuditError(f"the market {self.market} must agree with its ledger, but {len(self.findings)} places do not: {first}")


class _FromTheBeginning(MarketStore):
    """A store whose snapshots are not believed."""

    def snapshot(self, batch: int | None = None) -> Snapshot | None:
        """None: everything is counted again."""
        return None


def check_link(books: str | Path, store: str | Path, market: str) -> LinkReport:
    """Compare the market in a database with the books of its home."""
    kept = _FromTheBeginning.view(store, market)
    operations = list(kept.operations())
    seals = _Seals(books)
    findings = [*_chain(operations, kept), *_batches(operations, kept), *_replayed(kept, store), *_bookings(operations, seals, kept)]
    booked = sum(one.call == BOOKING and _is_of_ledger(one) for one in operations)
    batches = sum(1 for _ in kept.all_batches())
    kept.close()
    return LinkReport(market, len(operations), booked, batches, tuple(findings[:FINDINGS_MAX]))


def check_market(store: str | Path, market: str) -> LinkReport:
    """A market without a home: its operations and its seals alone."""
    kept = _FromTheBeginning.view(store, market)
    operations = list(kept.operations())
    findings = [*_chain(operations, kept), *_batches(operations, kept), *_replayed(kept, store)]
    batches = sum(1 for _ in kept.all_batches())
    kept.close()
    return LinkReport(market, len(operations), 0, batches, tuple(findings[:FINDINGS_MAX]))


class _Seals:
    """The seals of a journal or of a historian's database, in order, and how the home was born."""

    def __init__(self, books: str | Path) -> None:
        self.seals: list[tuple[int, Seal]] = []
        """With the number of their record."""
        self.members: dict[str, Member] = {}
        self.home = ""
        for entry in open_source(books).entries():
            record = parse(split(entry.payload)[1]) if shaped(entry.payload) else None
            if isinstance(record, Born):
                self.home, self.members = record.home, dict(record.members)
            elif isinstance(record, Committed):
                self.seals += [(entry.number, seal) for seal in record.seals]

    def wiring(self, points: tuple[str, ...]) -> ledger.MarketWiring:
        """Where the joules of some points are."""
        kinds = {name: member.kind for name, member in self.members.items()}
        busbar = next((name for name, kind in sorted(kinds.items()) if kind == "inverter"), "inverter")
        return ledger.MarketWiring(self.home, busbar, frozenset(name for name, kind in kinds.items() if kind == "grid"), points)


def _chain(operations: list[Operation], store: MarketStore) -> Iterator[Finding]:
    """Each operation follows the one before; the last one is the head."""
    head = NO_OPERATION_HASH
    for expected, one in enumerate(operations, 1):
        head = operation_hash(head, expected, one.call, one.arguments, one.columns)
        if (one.revision, one.hash) != (expected, head):
            yield Finding(
                "market", f"the operation {one.revision} ({one.call}) is not the one that was accepted, or does not follow the one before"
            )
            head = one.hash
    mark = store.mark()
    if (mark.revision, mark.head) != (len(operations), head):
        yield Finding("market", f"the books are at revision {mark.revision}, and the journal of operations ends at {len(operations)}")


def _batches(operations: list[Operation], store: MarketStore) -> Iterator[Finding]:
    """Every batch is chained to the one before, and signed."""
    first = OpenBooks.model_validate_json(operations[0].arguments) if operations and operations[0].call == OPEN else OpenBooks()
    chain, key = core.SealChain(store.market, epoch_seconds=first.epoch_seconds), bytes.fromhex(store.public_key)
    for expected, batch in enumerate(store.all_batches(), 1):
        try:
            followed = chain.follow(batch.document, key)
        except core.MarketError as error:
            yield Finding("market", f"batch {batch.batch} is not the one that was sealed: {error}", epoch=batch.epoch)
            return
        if (batch.batch, batch.hash) != (expected, followed.hash) or followed.epoch != batch.epoch:
            yield Finding("market", f"the row of batch {batch.batch} says something else than its document", epoch=batch.epoch)


def _replayed(store: MarketStore, source: str | Path) -> Iterator[Finding]:
    """The operations lead to exactly these seals."""
    try:
        engine = Executor(store, Opening(source, store.market, DEMONSTRATION)).books.engine
    except (JoulebusError, core.MarketError, ValueError, KeyError) as error:
        yield Finding("market", f"the operations cannot be executed again: {error}")
        return
    last = max(store.all_batches(), key=lambda batch: batch.batch, default=None)
    if last is not None and (engine.seal_number, engine.head) != (last.batch, last.hash):
        yield Finding(
            "market", f"the operations lead to the seal {engine.head}, and the last one that is kept is {last.hash}", epoch=last.epoch
        )


def _bookings(operations: list[Operation], seals: _Seals, store: MarketStore) -> Iterator[Finding]:
    """What was booked from the ledger, against what the ledger says: epoch by epoch, with what is carried."""
    remainders: dict[str, tuple[int, int]] = {}
    booked = [BookEpoch.model_validate_json(one.arguments) for one in operations if one.call == BOOKING and _is_of_ledger(one)]
    until = store.mark().ledger_record
    due = [(number, seal) for number, seal in seals.seals if number <= until]
    for index, (number, seal) in enumerate(due):
        if index >= len(booked):
            yield Finding("market", "the ledger has sealed it, and the market has not booked it", record=number, epoch=seal.epoch)
            continue
        have = booked[index]
        want, remainders = ledger.bookings(seals.wiring(tuple(value.meter_id for value in have.values)), seal, remainders)
        yield from _differences(number, seal, have, want)
    for extra in booked[len(due) :]:
        yield Finding("market", "the market has booked it, and no ledger has sealed it", epoch=int(extra.epoch))


def _differences(number: int, seal: Seal, have: BookEpoch, want: BookEpoch) -> Iterator[Finding]:
    ticks = (seal.first_tick, seal.first_tick + seal.ticks - 1)
    if (have.epoch, have.source) != (want.epoch, want.source):
        text = f'it was booked with the source "{have.source}", and the ledger says "{want.source}"'
        yield Finding("market", text, record=number, epoch=seal.epoch, tick=seal.first_tick)
    for said, right in zip(have.values, want.values, strict=True):
        if said != right:
            text = (
                f"{said.import_wh} Wh taken and {said.export_wh} Wh given were booked, "
                f"and the ledger says {right.import_wh} and {right.export_wh} in ticks {ticks[0]} to {ticks[1]}"
            )
            yield Finding("market", text, record=number, epoch=seal.epoch, tick=seal.first_tick, accounts=(said.meter_id,))


def _is_of_ledger(one: Operation) -> bool:
    return '"source":"ledger ' in one.arguments
