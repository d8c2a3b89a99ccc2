"""The link between a home's ledger and its market: each booking is recomputed from the seals of the journal, each seal from the bookings.

Three things must agree, and none is taken on trust: the journal of operations is chained, the sealed batches are chained and signed and
are what the operations lead to, and what was booked from the ledger is what its columns say, to the last joule that is carried.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from joulebus.audit.findings import FindingList
from joulebus.audit.report import Finding
from joulebus.audit.sources import open_source
from joulebus.errors import AuditError, JoulebusError
from joulebus.journal.file import parse
from joulebus.journal.frames import shaped, split
from joulebus.market import ledger
from joulebus.market.change import BOOKING
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening, born
from joulebus.market.replaying import OPEN, replay_operation
from joulebus.market.store import NO_OPERATION_HASH, MarketStore, Operation, Snapshot, operation_hash
from joulebus_core import market as core
from joulebus_schemas.journal import Born, Checkpoint, Committed, JournalRecord, Seal
from joulebus_schemas.market.assets import OpenBooks
from joulebus_schemas.market.metering import BookEpoch
from joulebus_schemas.roster import Member


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What was compared, and what does not agree."""

    market: str
    operations: int
    epochs: int
    """How many epochs of the ledger were booked."""
    batches: int
    findings: tuple[Finding, ...]
    behind: int = 0
    """Epochs that the ledger has sealed and the market has not taken in yet."""

    def lines(self) -> list[str]:
        """For people."""
        what = f"{self.operations:,} operations, {self.epochs:,} epochs of the ledger, {self.batches:,} sealed batches"
        late = [f"{self.behind:,} epochs of the ledger are not booked yet"] if self.behind else []
        return [f"market {self.market}: {what}", *late, *(f"TAMPERED: {finding.line()}" for finding in self.findings)]

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


def check_link(books: str | Path, store: str | Path, market: str, home: str | None = None) -> LinkReport:
    """Compare the market in a database with the books of its home; ``home`` chooses in a database with several."""
    kept = _FromTheBeginning.view(store, market)
    operations = list(kept.operations())
    seals = _Seals(books, home)
    findings = [*_chain(operations, kept), *_batches(operations, kept), *_replayed(kept, store), *_bookings(operations, seals, kept)]
    booked = sum(one.call == BOOKING and _is_of_ledger(one) for one in operations)
    batches = sum(1 for _ in kept.all_batches())
    behind = sum(number > kept.mark().ledger_record for number, _ in seals.seals)
    kept.close()
    return LinkReport(market, len(operations), booked, batches, FindingList(findings).listed(), behind)


def check_market(store: str | Path, market: str) -> LinkReport:
    """A market without a home: its operations and its seals alone."""
    kept = _FromTheBeginning.view(store, market)
    operations = list(kept.operations())
    findings = [*_chain(operations, kept), *_batches(operations, kept), *_replayed(kept, store)]
    batches = sum(1 for _ in kept.all_batches())
    kept.close()
    return LinkReport(market, len(operations), 0, batches, FindingList(findings).listed())


class _Seals:
    """The seals of a journal or of a historian's database, in order, and how the home was born."""

    def __init__(self, books: str | Path, home: str | None) -> None:
        self.seals: list[tuple[int, Seal]] = []
        """With the number of their record."""
        self.members: dict[str, Member] = {}
        self.home, self.last = "", 0
        self.begins = 0, 1
        """Unix seconds of tick 0, and the length of a tick."""
        for entry in open_source(books, home).entries():
            record = _read(entry.payload)
            self.last = entry.number
            born = record.born if isinstance(record, Checkpoint) else record
            if isinstance(born, Born) and not self.home:
                self.home, self.members = born.home, dict(born.members)
                self.begins = born.start_unix_seconds, born.tick_seconds
            elif isinstance(record, Committed):
                self.seals += [(entry.number, seal) for seal in record.seals]

    def wiring(self, points: tuple[str, ...]) -> ledger.MarketWiring:
        """Where the joules of some points are."""
        kinds = {name: member.kind for name, member in self.members.items()}
        busbar = next((name for name, kind in sorted(kinds.items()) if kind == "inverter"), "inverter")
        return ledger.MarketWiring(self.home, busbar, frozenset(name for name, kind in kinds.items() if kind == "grid"), points)


def _read(payload: bytes) -> JournalRecord | None:
    """A record; None for what is none, which the audit of the ledger reports."""
    try:
        return parse(split(payload)[1]) if shaped(payload) else None
    except ValueError:
        return None


def _chain(operations: list[Operation], store: MarketStore) -> Iterator[Finding]:
    """Each operation follows the one before; the last one is the head."""
    head = NO_OPERATION_HASH
    for expected, one in enumerate(operations, 1):
        head = operation_hash(head, one._replace(revision=expected))
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
        # Whose seal it is stands there to be looked up, and only where one asset was asked for.
        only = [batch.asset] if batch.asset is not None else chain.sealed_assets(followed)
        row = (batch.batch, batch.hash, batch.epoch, batch.seals, only)
        if row != (expected, followed.hash, followed.epoch, followed.count, chain.sealed_assets(followed)):
            yield Finding("market", f"the row of batch {batch.batch} says something else than its document", epoch=batch.epoch)


def _replayed(kept: MarketStore, source: str | Path) -> Iterator[Finding]:
    """The operations lead to exactly these answers and these seals."""
    books = born(kept, Opening(source, kept.market, DEMONSTRATION))
    sealed_by: dict[int, int] = {}
    try:
        for one in kept.operations():
            yield from _asked_as_kept(one)
            before = books.engine.seal_number
            answer = replay_operation(books, one)
            sealed_by |= dict.fromkeys(range(before + 1, books.engine.seal_number + 1), one.revision)
            if not _agree(one, answer):
                text = f"the operation {one.revision} ({one.call}) is answered otherwise than what is kept as its answer"
                yield Finding("market", text)
            books.sealed.clear()
            books.touched.clear()
    except (JoulebusError, core.MarketError, ValueError, KeyError, TypeError, zlib.error) as error:
        yield Finding("market", f"the operations cannot be executed again: {error}")
        return
    for batch in kept.all_batches():
        if sealed_by.get(batch.batch) != batch.revision:
            text = f"the row of batch {batch.batch} names another operation than the one that sealed it"
            yield Finding("market", text, epoch=batch.epoch)
    engine = books.engine
    last = max(kept.all_batches(), key=lambda batch: batch.batch, default=None)
    number, head = (0, NO_OPERATION_HASH) if last is None else (last.batch, last.hash)
    if (engine.seal_number, engine.head) != (number, head):
        text = f"the operations lead to the seal {engine.seal_number} ({engine.head}), and the last one that is kept is {number} ({head})"
        yield Finding("market", text, epoch=last.epoch if last else None)


def _asked_as_kept(one: Operation) -> Iterator[Finding]:
    said = json.loads(one.arguments)
    asked_with = said.get("request_id") if isinstance(said, dict) else None
    if one.request != asked_with:
        text = f"the operation {one.revision} ({one.call}) was asked with the request id {asked_with}, not {one.request}"
        yield Finding("market", text)


def _agree(one: Operation, answer: str) -> bool:
    """Whether the kept answer is the one of now; before who asked was kept, answers had fewer fields and longer lists."""
    return answer == one.answer or (one.principal is None and _contains(json.loads(one.answer), json.loads(answer)))


def _contains(kept: Any, now: Any) -> bool:
    """Every field that was kept is the same now; of lists the beginning."""
    if isinstance(kept, dict) and isinstance(now, dict):
        return all(name in now and _contains(value, now[name]) for name, value in kept.items())
    if isinstance(kept, list) and isinstance(now, list):
        return len(now) <= len(kept) and all(map(_contains, kept, now))
    return bool(kept == now)


def _bookings(operations: list[Operation], seals: _Seals, store: MarketStore) -> Iterator[Finding]:
    """What was booked from the ledger, against what the ledger says: epoch by epoch, with what is carried."""
    try:
        found = [BookEpoch.model_validate_json(one.arguments) for one in operations if one.call == BOOKING and _is_of_ledger(one)]
    except ValidationError:
        yield Finding("market", "the arguments of a booking cannot be read")
        return
    booked = {int(one.epoch): one for one in found}
    points = tuple(value.meter_id for value in found[0].values) if found else ()
    carried: dict[str, tuple[int, int]] = {}
    until = store.mark().ledger_record
    for number, seal in seals.seals:
        if number > until:
            break
        have = booked.pop(seal.epoch, None)
        points = points if have is None else tuple(value.meter_id for value in have.values)
        want, carried = ledger.bookings(seals.wiring(points), seal, carried)
        if have is not None:
            yield from _differences(number, seal, have, want)
        elif any(value.import_wh or value.export_wh for value in want.values):  # Markets before 0.2 did not keep a booking of nothing.
            yield Finding("market", "the ledger has sealed it, and the market has not booked it", record=number, epoch=seal.epoch)
    for epoch in booked:
        yield Finding("market", "the market has booked it, and no ledger has sealed it", epoch=epoch)
    yield from _carried(store, seals, carried, any(one.principal is not None for one in operations))


def _carried(store: MarketStore, seals: _Seals, carried: dict[str, tuple[int, int]], is_of_today: bool) -> Iterator[Finding]:
    """What is kept for the next booking; markets of today keep it with a checksum, because nothing else knows the home file's words."""
    mark = store.mark()
    if mark.ledger_record > seals.last or not 0 <= mark.published <= mark.revision:
        text = f"it has taken record {mark.ledger_record} in and published revision {mark.published}, which are not there"
        yield Finding("market", text)
    if not mark.ledger_record:
        return
    try:
        kept, is_whole = ledger.Carried.of(mark.ledger), ledger.is_whole(mark.ledger)
    except (ValueError, TypeError, AttributeError):
        yield Finding("market", "what it carries to the next booking cannot be read")
        return
    if is_whole is False or is_whole is None and is_of_today:
        yield Finding("market", "what it remembers of the ledger and of the home file was changed")
    if dict(kept.remainders) != carried or (kept.start_unix_seconds, kept.tick_seconds) != seals.begins:
        yield Finding("market", "what it carries to the next booking is not what the ledger leads to")
    strangers = sorted({*kept.unsealed} - {seal.epoch for number, seal in seals.seals if number <= mark.ledger_record})
    if strangers:
        yield Finding("market", "it waits for the seal of an epoch that was never booked", epoch=strangers[0])


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
