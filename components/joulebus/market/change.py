"""A change of a market: calls that are executed one after the other, and kept together or not at all.

The engine is asked first, because only it can say whether a call is good; what it has done is taken back when the call is refused,
or when the store does not take the whole.
"""

from typing import Any

from pydantic import ValidationError

from joulebus.errors import JoulebusError, MarketError
from joulebus.market import bulk
from joulebus.market.asking import LOCAL, Asked, Asker, OperationRefused, complaint
from joulebus.market.books import MarketBooks
from joulebus.market.calls import HANDLERS
from joulebus.market.guards import first_free_epoch, guard
from joulebus.market.opening import Opening, born_engine
from joulebus.market.replaying import OPEN
from joulebus.market.requests import NOW, again, arguments_of
from joulebus.market.store import Batch, Operation, Transaction, canonical
from joulebus_core import market as core
from joulebus_schemas.facts import DAY_MILLISECONDS
from joulebus_schemas.market.assets import OpenBooks, Upsert
from joulebus_schemas.market.base import MarketAsk, MarketWord
from joulebus_schemas.market.calls import CALLS
from joulebus_schemas.market.contracts import EndContract, TermsChange
from joulebus_schemas.market.metering import Populate

REFUSALS = (JoulebusError, core.MarketError, ValidationError)
BOOKING = "metering.book_epoch"
"""Kept also when it books nothing: who audits wants one for each epoch of the ledger."""


class OpenChange:
    """Between the begin of a transaction and its end; ``guarded``: what would bind the ledger later is refused."""

    def __init__(self, books: MarketBooks, opening: Opening, transaction: Transaction, guarded: bool) -> None:
        self._books, self._opening, self._guarded = books, opening, guarded
        self._transaction = transaction
        self.seals = 0
        self.is_kept = True

    def take_back(self) -> None:
        """Nothing of it is to be kept."""
        self.is_kept = False

    def follow(self, record: int, ledger: str) -> None:
        """How far the ledger is taken in with it."""
        self._transaction.follow(record, ledger)

    def execute(self, one: Asked) -> MarketWord | OperationRefused:
        """One call; when it is refused, nothing of it has happened."""
        if one.call.name == OPEN:
            return self._open(one)
        if not one.call.changes:
            return answered(self._books, self._opening, one)
        self._open_if_new(one.by)
        request: str | None = getattr(one.ask, "request_id", None)
        if request is not None and (done := self._transaction.requested(request)) is not None:
            try:
                return again(one.call, one.ask, done)
            except MarketError as error:
                return OperationRefused(error)
        return self._execute(one, request)

    def _execute(self, one: Asked, request: str | None) -> MarketWord | OperationRefused:
        engine, books = self._books.engine, self._books
        undo, before, last_sealed = engine.mark(), engine.revision, books.last_sealed
        books.revision = self._transaction.mark.revision + 1
        books.sealed.clear()
        try:
            ask = filled_in(books, self._opening, one)
            if self._guarded:
                guard(books, one.call.name, ask, now(books, self._opening))
            answer: MarketWord = HANDLERS[one.call.name](books, ask)
        except REFUSALS as error:
            engine.rollback_to(undo)
            books.last_sealed = last_sealed
            books.revision = self._transaction.mark.revision
            return OperationRefused(ours(error, one.call.name))
        if engine.revision == before and request is None and one.call.name != BOOKING:
            books.revision = self._transaction.mark.revision
            return answer.model_copy(update={"revision": books.revision})
        self._keep(Operation(one.call.name, arguments_of(ask), canonical(answer.model_dump(mode="json")), *one.by, request), ask)
        return answer

    def book_columns(self, arguments: str, columns: bytes) -> int:
        """Many meters in many epochs as one operation, each epoch sealed; how many seals there are."""
        self._open_if_new(LOCAL)
        self._books.sealed.clear()
        seals = bulk.execute(self._books, arguments, columns)
        self._keep(Operation(bulk.CALL, arguments, canonical({"seals": seals}), *LOCAL, columns=columns))
        return seals

    def _keep(self, operation: Operation, ask: MarketAsk | None = None) -> None:
        revision = self._transaction.append(operation)
        self.seals += sum(batch.count for batch in self._books.sealed)
        asset = getattr(ask, "asset_id", None)
        self._transaction.seal([_batch(batch, revision, asset) for batch in self._books.sealed])

    def _open_if_new(self, by: Asker) -> None:
        if self._transaction.mark.revision == 0:
            self._open(Asked(CALLS[OPEN], self._opening.first, by))

    def _open(self, one: Asked) -> MarketWord | OperationRefused:
        """Only the first operation opens the books; the same again changes nothing."""
        ask, books = one.ask, self._books
        assert isinstance(ask, OpenBooks)
        if self._transaction.mark.revision == 0:
            books.engine.rollback()
            books.begin_with(born_engine(books.engine.name, ask))
            books.engine.begin()
            books.revision = self._transaction.append(Operation(OPEN, arguments_of(ask), "{}", *one.by))
        engine = books.engine
        if (engine.epoch_seconds, engine.root) != (ask.epoch_seconds, ask.root):
            return OperationRefused(
                MarketError(
                    f"the books of {engine.name} are open with epochs of {engine.epoch_seconds} s and the root {engine.root}, "
                    f"but {ask.epoch_seconds} s and {ask.root} were asked for; begin another market for them"
                )
            )
        answer: MarketWord = HANDLERS["books.state"](books, ask)
        return answer


def answered(books: MarketBooks, opening: Opening, one: Asked) -> MarketWord | OperationRefused:
    """A question, which changes nothing."""
    try:
        answer: MarketWord = HANDLERS[one.call.name](books, filled_in(books, opening, one))
        return answer
    except REFUSALS as error:
        return OperationRefused(ours(error, one.call.name))


def filled_in(books: MarketBooks, opening: Opening, one: Asked) -> MarketAsk:
    """What was left out is filled in before anything is kept: a replay has no clock, and must not look at what came later.

    Raises:
        MarketError: A moment is missing, and there is no clock beside this market.
    """
    if isinstance(one.ask, Upsert | TermsChange):
        return _with_epoch(books, one.ask, now(books, opening))
    missing: list[Any] = [name for name in NOW if name in type(one.ask).model_fields and getattr(one.ask, name) is None]
    if not missing or getattr(one.ask, "from_epoch", None) is not None:
        return one.ask
    if opening.now is None and isinstance(one.ask, Populate):
        return one.ask.model_copy(update={"day": _next_day(books, one.ask.meter_id)})
    if opening.now is None:
        raise MarketError(f"{one.call.name} must say {missing[0]}: there is no clock beside this market")
    moment = opening.now() - (DAY_MILLISECONDS if missing[0] == "day" else 0)
    return one.ask.model_copy(update={missing[0]: moment})


def now(books: MarketBooks, opening: Opening) -> int | None:
    """Milliseconds since 1970; None without a clock, and before the ledger has said when its home began."""
    return opening.now() if opening.now is not None and books.followed.record else None


def ours(error: Exception, call: str) -> JoulebusError:
    """The engine's refusal as an error of ours; also of an answer that is too large for its word, such as money beyond 2^53."""
    if isinstance(error, JoulebusError):
        return error
    if isinstance(error, ValidationError):
        return MarketError(f"{call} cannot be answered, because a number of the answer does not fit: {complaint(error)}")
    return MarketError(str(error))


FIRST_DEMO_DAY_MILLISECONDS = 1_767_225_600_000
"""2026-01-01: a demo meter without a clock and without readings begins there."""


def _next_day(books: MarketBooks, meter: str) -> int:
    """The first day that begins after the last reading; its noon, so that it is the same day in each time zone of the meter."""
    last = books.engine.last_reading(meter) if books.engine.asset(meter) is not None else None
    begins = FIRST_DEMO_DAY_MILLISECONDS if last is None else -(-last.time_ms // DAY_MILLISECONDS) * DAY_MILLISECONDS
    return begins + DAY_MILLISECONDS // 2


def _with_epoch(books: MarketBooks, ask: Upsert | TermsChange, moment: int | None) -> MarketAsk:
    """Rules and terms hold from an epoch on in which nothing is booked: what is past, and what is open, stays where it is."""
    name = "from_epoch" if isinstance(ask, Upsert) else "holds_from"
    if getattr(ask, name) is not None or not _is_moved(books, ask):
        return ask
    epoch = first_free_epoch(books, moment)
    return ask if epoch is None else ask.model_copy(update={name: epoch})


def _is_moved(books: MarketBooks, ask: Upsert | TermsChange) -> bool:
    if isinstance(ask, Upsert):
        return (ask.balance_rule is not None or ask.sums is not None) and books.engine.asset(ask.asset_id) is not None
    # An end that names its epoch says itself from when.
    return not isinstance(ask, EndContract) or ask.epoch is None


def _batch(batch: core.Batch, revision: int, asset: str | None) -> Batch:
    return Batch(batch.number, revision, batch.epoch, asset if batch.count == 1 else None, batch.count, batch.hash, batch.blob)
