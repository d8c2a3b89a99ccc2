"""A market as it was left: the last snapshot, and the operations after it once more. Nothing but the journal of operations decides."""

from joulebus.market import bulk
from joulebus.market.books import MarketBooks
from joulebus.market.calls import HANDLERS
from joulebus.market.opening import Opening, born, born_engine
from joulebus.market.requests import as_decided
from joulebus.market.store import MarketStore, Operation, canonical
from joulebus_core import market as core
from joulebus_schemas.market.assets import OpenBooks
from joulebus_schemas.market.calls import CALLS

OPEN = "books.open"


def restored(store: MarketStore, opening: Opening) -> tuple[MarketBooks, int]:
    """The books after the last operation, and the revision of the snapshot from which they were restored.

    Raises:
        MarketError: The store cannot be read.
    """
    books, kept = born(store, opening), store.snapshot()
    if kept is not None:
        books.begin_with(core.Market.restore(kept.state))
        books.last_sealed = books.archive.last_epoch(kept.batches)
    begin = 0 if kept is None else kept.revision
    for operation in store.operations(begin + 1):
        replay_operation(books, operation)
        books.sealed.clear()
    books.approval = opening.approval
    books.sealed.clear()
    books.touched.clear()
    books.archive.forget()
    return books, begin


def replay_operation(books: MarketBooks, operation: Operation) -> str:
    """Execute a kept operation again; its answer in the form in which it is kept.

    What an audit command has said about a seal is in the answer, and the command is not asked again.
    """
    books.revision = operation.revision
    if operation.call == bulk.CALL:
        return canonical({"seals": bulk.execute(books, operation.arguments, operation.columns or b"")})
    ask = CALLS[operation.call].ask.model_validate_json(operation.arguments)
    if operation.call == OPEN:
        assert isinstance(ask, OpenBooks)
        books.begin_with(born_engine(books.engine.name, ask))
        return "{}"
    books.approval = as_decided(operation.answer)
    return canonical(HANDLERS[operation.call](books, ask).model_dump(mode="json"))
