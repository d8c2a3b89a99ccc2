"""How a market is reached, and its books when nothing is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from joulebus.market.archive import PROOFS_MAX, Archive
from joulebus.market.books import Approval, MarketBooks, approve
from joulebus.market.store import MarketStore
from joulebus_core import market as core
from joulebus_schemas.market.assets import OpenBooks


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
    """The number of sealed batches whose proofs are kept in memory."""


def born_engine(market: str, first: OpenBooks) -> core.Market:
    """A market with nothing in it."""
    return core.Market(market, epoch_seconds=first.epoch_seconds, root=first.root)


def born(store: MarketStore, opening: Opening) -> MarketBooks:
    """Its books."""
    engine = born_engine(store.market, opening.first)
    return MarketBooks(engine, core.Signer(opening.key), Archive(store, engine, opening.proofs_max), opening.approval)
