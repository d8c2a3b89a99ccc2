"""The link between a home's ledger and its market: each booking is recomputed from the seals of the journal, each seal from the bookings.

Three things must agree, and none is taken on trust: the journal of operations is chained, the sealed batches are chained and signed and
are what the operations lead to, and what was booked from the ledger is what its columns say, to the last joule that is carried.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

from joulebus.audit.findings import FindingList
from joulebus.audit.report import Finding
from joulebus.errors import AuditError, JoulebusError
from joulebus.market.booked import BookingCheck
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening, born
from joulebus.market.replaying import OPEN, replay_operation
from joulebus.market.store import NO_OPERATION_HASH, Batch, MarketStore, Operation, Snapshot, StoreMark, operation_hash
from joulebus_core import market as core
from joulebus_schemas.market.assets import OpenBooks


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
    not_compared: int = 0
    """Epochs that were booked from records that were moved away."""

    def lines(self) -> list[str]:
        """For people."""
        what = f"{self.operations:,} operations, {self.epochs:,} epochs of the ledger, {self.batches:,} sealed batches"
        late = [f"{self.behind:,} epochs of the ledger are not booked yet"] if self.behind else []
        elsewhere = f"{self.not_compared:,} bookings are of records that were moved away, and were not compared with them"
        return [
            f"market {self.market}: {what}",
            *late,
            *([elsewhere] if self.not_compared else []),
            *(f"TAMPERED: {finding.line()}" for finding in self.findings),
        ]

    def demand_sound(self) -> None:
        """Raise AuditError unless everything agrees."""
        if self.findings:
            first = self.findings[0].line()
            raise AuditError(f"the market {self.market} must agree with its ledger, but {len(self.findings)} places do not: {first}")


class _FromTheBeginning(MarketStore):
    """A store as it is when the audit begins, whose snapshots are not believed: its market may go on meanwhile."""

    _seen: StoreMark | None = None

    def mark(self) -> StoreMark:
        """The state of the market at the beginning."""
        self._seen = self._seen or super().mark()
        return self._seen

    def operations(self, first: int = 1) -> Iterator[Operation]:
        """The journal of operations up to there."""
        return takewhile(lambda one: one.revision <= self.mark().revision, super().operations(first))

    def all_batches(self, first: int = 1) -> Iterator[Batch]:
        """What they have sealed."""
        return takewhile(lambda batch: batch.revision <= self.mark().revision, super().all_batches(first))

    def strangers(self) -> bool:
        """Whether there is more than the market itself says; it writes both in one transaction."""
        last = self.last_revision()
        return last > super().mark().revision

    def snapshot(self, batch: int | None = None) -> Snapshot | None:
        """None: everything is counted again."""
        return None


def check_link(books: str | Path, store: str | Path, market: str, home: str | None = None) -> LinkReport:
    """Compare the market in a database with the books of its home; ``home`` chooses in a database with several."""
    kept = _FromTheBeginning.view(store, market)
    try:
        check = BookingCheck(books, home, kept)
        found = FindingList(chain(_all(kept, store), check.findings())).listed()
        counts = (kept.mark().revision, check.booked, sum(1 for _ in kept.all_batches()))
        return LinkReport(market, *counts, found, check.behind, check.not_compared)
    finally:
        kept.close()


def check_market(store: str | Path, market: str) -> LinkReport:
    """A market without a home: its operations and its seals alone."""
    kept = _FromTheBeginning.view(store, market)
    try:
        found = FindingList(_all(kept, store)).listed()
        return LinkReport(market, kept.mark().revision, 0, sum(1 for _ in kept.all_batches()), found)
    finally:
        kept.close()


def _all(kept: _FromTheBeginning, source: str | Path) -> Iterator[Finding]:
    """Operations and batches are read one after the other, so that memory does not grow with the age of a market."""
    if kept.strangers():
        yield Finding("market", f"there are operations or seals after the revision {kept.mark().revision}, which is the last one")
    yield from _chain(kept)
    yield from _batches(kept)
    yield from _replayed(kept, source)


def _chain(store: MarketStore) -> Iterator[Finding]:
    """Each operation follows the one before; the last one is the head."""
    head, expected = NO_OPERATION_HASH, 0
    for expected, one in enumerate(store.operations(), 1):
        head = operation_hash(head, one._replace(revision=expected))
        if (one.revision, one.hash) != (expected, head):
            yield Finding(
                "market", f"the operation {one.revision} ({one.call}) is not the one that was accepted, or does not follow the one before"
            )
            head = one.hash
    mark = store.mark()
    if (mark.revision, mark.head) != (expected, head):
        yield Finding("market", f"the books are at revision {mark.revision}, and the journal of operations ends at {expected}")


def _batches(store: MarketStore) -> Iterator[Finding]:
    """Every batch is chained to the one before, and signed."""
    opened = next(store.operations(), None)
    first = OpenBooks() if opened is None or opened.call != OPEN else OpenBooks.model_validate_json(opened.arguments)
    sealed, key = core.SealChain(store.market, epoch_seconds=first.epoch_seconds), bytes.fromhex(store.public_key)
    for expected, batch in enumerate(store.all_batches(), 1):
        try:
            followed = sealed.follow(batch.document, key)
        except core.MarketError as error:
            yield Finding("market", f"batch {batch.batch} is not the one that was sealed: {error}", epoch=batch.epoch)
            return
        # Whose seal it is stands there to be looked up, and only where one asset was asked for.
        only = [batch.asset] if batch.asset is not None else sealed.sealed_assets(followed)
        row = (batch.batch, batch.hash, batch.epoch, batch.seals, only)
        if row != (expected, followed.hash, followed.epoch, followed.count, sealed.sealed_assets(followed)):
            yield Finding("market", f"the row of batch {batch.batch} says something else than its document", epoch=batch.epoch)


def _replayed(kept: MarketStore, source: str | Path) -> Iterator[Finding]:
    """The operations lead to exactly these answers and these seals."""
    books = born(kept, Opening(source, kept.market, DEMONSTRATION))
    batches = _SealedBy(kept)
    try:
        for one in kept.operations():
            yield from _asked_as_kept(one)
            answer = replay_operation(books, one)
            yield from batches.until(books.engine.seal_number, one.revision)
            if not _agree(one, answer):
                text = f"the operation {one.revision} ({one.call}) is answered otherwise than what is kept as its answer"
                yield Finding("market", text)
            books.sealed.clear()
            books.touched.clear()
    except (JoulebusError, core.MarketError, ValueError, KeyError, TypeError, zlib.error) as error:
        yield Finding("market", f"the operations cannot be executed again: {error}")
        return
    yield from batches.rest()
    engine, last = books.engine, batches.last
    number, head = (0, NO_OPERATION_HASH) if last is None else (last.batch, last.hash)
    if (engine.seal_number, engine.head) != (number, head):
        text = f"the operations lead to the seal {engine.seal_number} ({engine.head}), and the last one that is kept is {number} ({head})"
        yield Finding("market", text, epoch=last.epoch if last else None)


class _SealedBy:
    """Walks through the sealed batches as the operations that sealed them are executed again."""

    def __init__(self, store: MarketStore) -> None:
        self._batches = store.all_batches()
        self._next = next(self._batches, None)
        self.last: Batch | None = None

    def until(self, number: int, revision: int) -> Iterator[Finding]:
        """The batches up to a number, which an operation has sealed."""
        while self._next is not None and self._next.batch <= number:
            yield from self._take(self._next, revision)

    def rest(self) -> Iterator[Finding]:
        """Batches that no operation has sealed."""
        while self._next is not None:
            yield from self._take(self._next, None)

    def _take(self, batch: Batch, revision: int | None) -> Iterator[Finding]:
        self.last, self._next = batch, next(self._batches, None)
        if batch.revision != revision:
            text = f"the row of batch {batch.batch} names another operation than the one that sealed it"
            yield Finding("market", text, epoch=batch.epoch)


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
