"""Executes calls on a market: validated, counted by the engine, and kept, before anybody sees that they were accepted.

A change is accepted when its row is committed, and nothing else is: the engine is told afterwards, and takes everything back when
the store does not take it. Many calls can share a transaction; each of them alone is still all or nothing.
"""

from __future__ import annotations

import json
import logging
from array import array
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import ValidationError

from joulebus.errors import JoulebusError, MarketError
from joulebus.market import bulk
from joulebus.market.archive import PROOFS_MAX, Archive
from joulebus.market.books import Approval, Followed, MarketBooks, approve
from joulebus.market.calls import HANDLERS
from joulebus.market.guards import guard
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.requests import NOW, again, arguments_of, as_decided
from joulebus.market.store import IN_MEMORY, Batch, MarketStore, Operation, Snapshot, StoreMark, Transaction, canonical
from joulebus.refusals.messages import nearest
from joulebus_core import market as core
from joulebus_schemas.facts import DAY_MILLISECONDS, EPOCH_SECONDS
from joulebus_schemas.market.assets import OpenBooks
from joulebus_schemas.market.base import MarketAsk, MarketWord
from joulebus_schemas.market.calls import CALLS, MarketCall, call_named

_log = logging.getLogger("joulebus.market")

SNAPSHOT_SEALS = 250_000
SNAPSHOT_OPERATIONS = 20_000
"""After so many seals or operations a snapshot is kept, so that a restart and an old certificate are quick."""
RECENT_MAX = 1_000
"""Of so many operations the events can be told without asking the store."""
OPEN = "books.open"
BOOKING = "metering.book_epoch"
"""Kept also when it books nothing: who audits wants one for each epoch of the ledger."""


Ledger = Callable[[list[Any]], str]
"""From the answers of what a ledger has booked to what is kept about it in the same transaction."""


class Asked(NamedTuple):
    """A call with its arguments, both validated."""

    call: MarketCall
    ask: MarketAsk


@dataclass(frozen=True, slots=True)
class OperationRefused:
    """Why a call was not executed; nothing has changed."""

    error: JoulebusError


@dataclass(frozen=True, slots=True)
class Opening:
    """How a market is reached and who signs for it."""

    source: str | Path
    name: str
    key: bytes
    first: OpenBooks = OpenBooks()
    """How the books are opened when nobody has opened them yet."""
    approval: Approval = approve
    now: Callable[[], int] | None = None
    """Milliseconds since 1970, where there is a clock."""
    proofs_max: int = PROOFS_MAX
    """Of so many sealed batches the proofs are kept in memory."""


def in_memory(epoch_seconds: int = EPOCH_SECONDS, name: str = "market") -> Executor:
    """A market that exists as long as this process; for lessons and tests."""
    return Executor.open(Opening(IN_MEMORY, name, DEMONSTRATION, OpenBooks(epoch_seconds=epoch_seconds)))


def asked(name: object, arguments: object) -> Asked:
    """A call by our name or the predecessor's; a :class:`MarketError` says what does not fit."""
    call = call_named(name) if isinstance(name, str) else None
    if call is None:
        near = nearest(str(name), CALLS)
        raise MarketError(f'there is no call "{name}"' + (f'; did you mean "{near}"?' if near else f"; there are {', '.join(CALLS)}"))
    if not isinstance(arguments, Mapping):
        raise MarketError(f"the arguments of {call.name} must be an object, but are {json.dumps(arguments)}")
    try:
        return Asked(call, call.ask.model_validate(dict(arguments)))
    except ValidationError as error:
        raise MarketError(f"{call.name}: {complaint(error)}") from None


def complaint(error: ValidationError) -> str:
    """What pydantic found, in one sentence."""
    found = error.errors(include_url=False, include_context=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc']) or 'arguments'}: {one['msg'][:1].lower()}{one['msg'][1:]}" for one in found
    )


class Executor:
    """One market: the only one who changes it."""

    def __init__(self, store: MarketStore, opening: Opening) -> None:
        self.store, self.opening = store, opening
        self.mark = store.mark()
        self._snapshot_revision = self._seals = 0
        self._recent: deque[Operation] = deque(maxlen=RECENT_MAX)
        self.followed = Followed(record=self.mark.ledger_record)
        self._guarded = True
        self.books = self._born(opening.first)
        self._restore()

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
            MarketError: A call needs a time, and there is no clock.
        """
        return self._together(calls, lambda answers: True)

    def run_whole(self, calls: Sequence[Asked]) -> list[MarketWord | OperationRefused]:
        """Many calls as one: when one is refused, nothing of all of them is kept.

        Raises:
            MarketError: A call needs a time, and there is no clock.
        """
        return self._together(calls, lambda answers: not any(isinstance(one, OperationRefused) for one in answers))

    def try_out(self, calls: Sequence[Asked]) -> list[MarketWord | OperationRefused]:
        """What would come of them; nothing is kept.

        Raises:
            MarketError: A call needs a time, and there is no clock.
        """
        return self._together(calls, lambda answers: False)

    def book_columns(self, first_epoch: int, meters: Sequence[str], amounts: array[int]) -> int:
        """Wh of many meters, epoch by epoch, each epoch sealed; all of it or nothing. How many seals there are."""
        arguments, columns = bulk.pack_columns(first_epoch, meters, amounts)
        self.books.engine.begin()
        try:
            with self.store.change(self.mark) as transaction:
                if transaction.mark.revision == 0:
                    self._open(Asked(CALLS[OPEN], self.opening.first), transaction)
                self.books.sealed.clear()
                seals = bulk.execute(self.books, arguments, columns)
                revision = transaction.append(bulk.CALL, arguments, canonical({"seals": seals}), columns=columns)
                transaction.seal([_batch(batch, revision, None) for batch in self.books.sealed])
        except core.MarketError as error:
            self._take_back()
            raise _ours(error) from error
        except BaseException:
            self._take_back()
            raise
        self._seals += seals
        self._committed(transaction)
        return seals

    def follow(self, calls: Sequence[Asked], record: int, ledger: Ledger) -> list[MarketWord | OperationRefused]:
        """What a ledger books, with how far it is taken in: ``ledger`` says it of the answers. What is refused stops nothing.

        Raises:
            MarketError: A call needs a time, and there is no clock.
        """
        self._guarded = False
        try:
            return self._together(calls, lambda answers: True, lambda answers: (record, ledger(answers)))
        finally:
            self._guarded = True

    def _together(
        self,
        calls: Sequence[Asked],
        good: Callable[[list[MarketWord | OperationRefused]], bool],
        mark: Callable[[list[MarketWord | OperationRefused]], tuple[int, str]] | None = None,
    ) -> list[MarketWord | OperationRefused]:
        if mark is None and not any(one.call.changes for one in calls):
            return [self._read(one) for one in calls]
        self.books.engine.begin()
        try:
            with self.store.change(self.mark) as transaction:
                answers = [self._one(one, transaction) for one in calls]
                if not good(answers):
                    raise _TakenBack
                if mark is not None:
                    transaction.follow(*mark(answers))
        except _TakenBack:
            self._take_back()
            return answers
        except BaseException:
            self._take_back()
            raise
        self._committed(transaction)
        return answers

    def _committed(self, transaction: Transaction) -> None:
        """It is durable; now the engine may forget how to take it back."""
        self.books.engine.commit()
        self.mark = transaction.mark
        self.books.revision = self.mark.revision
        self._recent.extend(transaction.operations)
        self._keep_snapshot()

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

    def _take_back(self) -> None:
        self.books.engine.rollback()
        self.books.archive.forget()
        if self.mark.revision == 0:
            self.books = self._born(self.opening.first)
        self.books.revision = self.mark.revision
        self.books.last_sealed = self.books.archive.last_epoch()

    def _read(self, one: Asked) -> MarketWord | OperationRefused:
        try:
            answer: MarketWord = HANDLERS[one.call.name](self.books, self._complete(one))
            return answer
        except (JoulebusError, core.MarketError) as error:
            return OperationRefused(_ours(error))

    def _one(self, one: Asked, transaction: Transaction) -> MarketWord | OperationRefused:
        if one.call.name == OPEN:
            return self._open(one, transaction)
        if not one.call.changes:
            return self._read(one)
        if transaction.mark.revision == 0:
            self._open(Asked(CALLS[OPEN], self.opening.first), transaction)
        request: str | None = getattr(one.ask, "request_id", None)
        if request is not None and (done := transaction.requested(request)) is not None:
            try:
                return again(one.call, one.ask, done)
            except MarketError as error:
                return OperationRefused(error)
        engine, books = self.books.engine, self.books
        undo, before, last_sealed = engine.mark(), engine.revision, books.last_sealed
        books.revision = transaction.mark.revision + 1
        books.sealed.clear()
        try:
            ask = self._complete(one)
            if self._guarded:
                guard(books, one.call.name, ask, self._now())
            answer: MarketWord = HANDLERS[one.call.name](books, ask)
        except (JoulebusError, core.MarketError) as error:
            engine.rollback_to(undo)
            books.last_sealed = last_sealed
            books.revision = transaction.mark.revision
            return OperationRefused(_ours(error))
        if engine.revision == before and request is None and one.call.name != BOOKING:
            books.revision = transaction.mark.revision
            return answer.model_copy(update={"revision": books.revision})
        transaction.append(one.call.name, arguments_of(ask), canonical(answer.model_dump(mode="json")), request)
        self._seals += sum(batch.count for batch in books.sealed)
        transaction.seal([_batch(batch, books.revision, getattr(ask, "asset_id", None)) for batch in books.sealed])
        return answer

    def _open(self, one: Asked, transaction: Transaction) -> MarketWord | OperationRefused:
        """Only the first operation opens the books; the same again changes nothing."""
        ask = one.ask
        assert isinstance(ask, OpenBooks)
        if transaction.mark.revision == 0:
            self.books = self._born_again(ask)
            self.books.revision = transaction.append(OPEN, arguments_of(ask), "{}")
        engine = self.books.engine
        if (engine.epoch_seconds, engine.root) != (ask.epoch_seconds, ask.root):
            return OperationRefused(
                MarketError(
                    f"the books of {self.store.market} are open with epochs of {engine.epoch_seconds} s and the root {engine.root}, "
                    f"but {ask.epoch_seconds} s and {ask.root} were asked for; begin another market for them"
                )
            )
        answer: MarketWord = HANDLERS["books.state"](self.books, ask)
        return answer

    def _born_again(self, first: OpenBooks) -> MarketBooks:
        """The same in the middle of a transaction."""
        self.books.engine.rollback()
        books = self._born(first)
        books.engine.begin()
        return books

    def _born(self, first: OpenBooks) -> MarketBooks:
        """A market with nothing in it."""
        engine = core.Market(self.store.market, epoch_seconds=first.epoch_seconds, root=first.root)
        return self._books(engine)

    def _books(self, engine: core.Market) -> MarketBooks:
        archive = Archive(self.store, engine, self.opening.proofs_max)
        return MarketBooks(engine, core.Signer(self.opening.key), archive, self.opening.approval, followed=self.followed)

    def _restore(self) -> None:
        """The engine as it was after the last operation: the last snapshot, and what came after it once more."""
        kept = self.store.snapshot()
        if kept is not None:
            self._snapshot_revision = kept.revision
            self.books = self._books(core.Market.restore(kept.state))
            self.books.last_sealed = self.books.archive.last_epoch(kept.batches)
        for operation in self.store.operations(self._snapshot_revision + 1):
            self._replay(operation)
            self.books.sealed.clear()
        self.books.approval = self.opening.approval
        self.books.revision = self.mark.revision
        self.books.sealed.clear()
        self.books.touched.clear()
        self.books.archive.forget()

    def _replay(self, operation: Operation) -> str:
        """Execute a kept operation again; its answer in the form in which it is kept.

        Nothing but the journal decides: what an audit command has said about a seal is in the answer, and the command is not asked again.
        """
        if operation.call == bulk.CALL:
            self.books.revision = operation.revision
            return canonical({"seals": bulk.execute(self.books, operation.arguments, operation.columns or b"")})
        ask = CALLS[operation.call].ask.model_validate_json(operation.arguments)
        if operation.call == OPEN:
            assert isinstance(ask, OpenBooks)
            self.books = self._born(ask)
            self.books.revision = operation.revision
            return "{}"
        self.books.revision = operation.revision
        self.books.approval = as_decided(operation.answer)
        return canonical(HANDLERS[operation.call](self.books, ask).model_dump(mode="json"))

    def _now(self) -> int | None:
        """Milliseconds since 1970; None without a clock, and before the ledger has said when its home began."""
        return self.opening.now() if self.opening.now is not None and self.followed.record else None

    def _complete(self, one: Asked) -> MarketAsk:
        """Moments that were left out are filled in before anything is kept: a replay has no clock."""
        missing = [name for name in NOW if name in type(one.ask).model_fields and getattr(one.ask, name) is None]
        if not missing or getattr(one.ask, "from_epoch", None) is not None:
            return one.ask
        if self.opening.now is None:
            raise MarketError(f"{one.call.name} must say {missing[0]}: there is no clock beside this market")
        now = self.opening.now() - (DAY_MILLISECONDS if missing[0] == "day" else 0)
        return one.ask.model_copy(update={missing[0]: now})

    def _keep_snapshot(self) -> None:
        many = self.mark.revision - self._snapshot_revision >= SNAPSHOT_OPERATIONS
        if many or self._seals >= SNAPSHOT_SEALS:
            engine = self.books.engine
            self.store.keep_snapshot(Snapshot(self.mark.revision, engine.seal_number, engine.snapshot()))
            self._snapshot_revision, self._seals = self.mark.revision, 0


class _TakenBack(Exception):
    """Ends a transaction that is not to be kept."""


def _batch(batch: core.Batch, revision: int, asset: str | None) -> Batch:
    return Batch(batch.number, revision, batch.epoch, asset if batch.count == 1 else None, batch.count, batch.hash, batch.blob)


def _ours(error: JoulebusError | core.MarketError) -> JoulebusError:
    return error if isinstance(error, JoulebusError) else MarketError(str(error))


__all__ = ["Asked", "Executor", "StoreMark", "Opening", "OperationRefused", "asked"]
