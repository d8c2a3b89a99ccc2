"""Executes calls on a market: validated, counted by the engine, and kept, before anybody sees that they were accepted.

A change is accepted when its row is committed, and nothing else is: the engine is told afterwards, and takes everything back when
the store does not take it. Many calls can share a transaction; each of them alone is still all or nothing.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any, Self

from joulebus.errors import MarketError
from joulebus.market import bulk
from joulebus.market.asking import Asked, OperationRefused, asked
from joulebus.market.change import OpenChange, answered
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening, born_engine
from joulebus.market.replaying import restored
from joulebus.market.store import IN_MEMORY, MarketStore, Operation, Snapshot, Transaction
from joulebus_core import market as core
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.market.assets import OpenBooks
from joulebus_schemas.market.base import MarketWord

SNAPSHOT_SEALS = 250_000
SNAPSHOT_OPERATIONS = 20_000
"""After so many seals or operations a snapshot is kept, so that a restart and an old certificate are quick."""
RECENT_MAX = 1_000
"""The number of operations whose events can be told without asking the store."""


def in_memory(epoch_seconds: int = EPOCH_SECONDS, name: str = "market") -> Executor:
    """A market that exists as long as this process; for lessons and tests."""
    return Executor.open(Opening(IN_MEMORY, name, DEMONSTRATION, OpenBooks(epoch_seconds=epoch_seconds)))


class Executor:
    """One market: the only one who changes it."""

    def __init__(self, store: MarketStore, opening: Opening) -> None:
        self.store, self.opening = store, opening
        self.mark = store.mark()
        self._recent: deque[Operation] = deque(maxlen=RECENT_MAX)
        self.books, self._snapshot_revision = restored(store, opening)
        self.books.revision = self.mark.revision
        self.books.followed.record = self.mark.ledger_record
        self._seals = 0

    @classmethod
    def open(cls, opening: Opening) -> Self:
        """The market as it was left."""
        key = core.Signer(opening.key).public_key.hex()
        return cls(MarketStore.open(opening.source, opening.name, key), opening)

    def ask(self, name: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """One call by name; the answer, or what was refused as an exception."""
        answer = self.run([asked(name, arguments or {})])[0]
        if isinstance(answer, OperationRefused):
            raise answer.error
        return answer

    def run(self, calls: Sequence[Asked]) -> list[MarketWord | OperationRefused]:
        """Many calls in one transaction; what is refused changes nothing and stops nothing.

        Raises:
            MarketError: The store does not take them; nothing has happened.
        """
        if not any(one.call.changes for one in calls):
            return [answered(self.books, self.opening, one) for one in calls]
        with self.change() as change:
            return [change.execute(one) for one in calls]

    def run_whole(self, calls: Sequence[Asked]) -> list[MarketWord | OperationRefused]:
        """Many calls as one: when one is refused, nothing of all of them is kept.

        Raises:
            MarketError: The store does not take them; nothing has happened.
        """
        with self.change() as change:
            answers = [change.execute(one) for one in calls]
            if any(isinstance(one, OperationRefused) for one in answers):
                change.take_back()
        return answers

    def try_out(self, calls: Sequence[Asked]) -> list[MarketWord | OperationRefused]:
        """What would come of them; nothing is kept.

        Raises:
            MarketError: The store cannot be used.
        """
        with self.change() as change:
            change.take_back()
            return [change.execute(one) for one in calls]

    def book_columns(self, first_epoch: int, meters: Sequence[str], amounts: array[int]) -> int:
        """Wh of many meters, epoch by epoch, each epoch sealed; all of it or nothing. How many seals there are.

        Raises:
            MarketError: The amounts do not fit the meters, or the store does not take them.
        """
        arguments, columns = bulk.pack_columns(first_epoch, meters, amounts)
        try:
            with self.change() as change:
                return change.book_columns(arguments, columns)
        except core.MarketError as error:
            raise MarketError(str(error)) from error

    @contextmanager
    def change(self, guarded: bool = True) -> Iterator[OpenChange]:
        """A transaction: what is executed in it is kept together when it ends, or not at all.

        ``guarded`` is False for what a ledger books: it was settled long ago, and may not be refused for its time.

        Raises:
            MarketError: The store does not take it; nothing has happened.
        """
        self.books.engine.begin()
        self.books.touched.clear()
        try:
            with self.store.change(self.mark) as transaction:
                change = OpenChange(self.books, self.opening, transaction, guarded)
                yield change
                if not change.is_kept:
                    raise _TakenBack
        except _TakenBack:
            self._take_back()
            return
        except BaseException:
            self._take_back()
            raise
        self._committed(transaction, change)

    def _committed(self, transaction: Transaction, change: OpenChange) -> None:
        """It is durable; now the engine may forget how to take it back."""
        self.books.engine.commit()
        self.mark = transaction.mark
        self.books.revision = self.mark.revision
        self._recent.extend(transaction.operations)
        self._seals += change.seals
        self.books.archive.count(change.seals)
        self._keep_snapshot()

    def _take_back(self) -> None:
        self.books.engine.rollback()
        self.books.archive.forget()
        if self.mark.revision == 0:
            self.books.begin_with(born_engine(self.store.market, self.opening.first))
        self.books.revision = self.mark.revision
        self.books.last_sealed = self.books.archive.last_epoch()

    def _keep_snapshot(self) -> None:
        many = self.mark.revision - self._snapshot_revision >= SNAPSHOT_OPERATIONS
        if many or self._seals >= SNAPSHOT_SEALS:
            engine = self.books.engine
            self.store.keep_snapshot(Snapshot(self.mark.revision, engine.seal_number, engine.snapshot()))
            self._snapshot_revision, self._seals = self.mark.revision, 0

    def since(self, revision: int, most: int) -> list[Operation]:
        """The operations after a revision, for whoever tells them: the newest from memory, older ones from the store."""
        if self._recent and self._recent[0].revision <= revision + 1:
            return [one for one in self._recent if one.revision > revision][:most]
        return list(islice(self.store.operations(revision + 1), most))

    def acknowledge(self, revision: int) -> None:
        """The bus has taken all events up to this revision."""
        self.store.acknowledge(revision)
        self.mark = replace(self.mark, published=revision)

    def close(self) -> None:
        """Give the store back."""
        self.store.close()


class _TakenBack(Exception):
    """Ends a transaction that is not to be kept."""
