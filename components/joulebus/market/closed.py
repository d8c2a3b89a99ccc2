"""The books of any epoch, open or closed, asset by asset: the engine counts both; only where the postings are differs."""

from collections.abc import Iterator

from joulebus.market.books import MarketBooks
from joulebus_core import market as core

EPOCHS_AT_ONCE = 500
"""So many epochs are looked up together."""


def newest_epochs(books: MarketBooks, first: int | None, until: int | None) -> Iterator[int]:
    """Epochs with postings in a span, newest first; looked up as they are asked for, because a market has as many as it has lived."""
    opened = sorted(
        (one for one in books.engine.open_epochs() if (first is None or one >= first) and (until is None or one < until)), reverse=True
    )
    before = until
    while True:
        sealed = books.archive.epochs(before, EPOCHS_AT_ONCE)
        is_last = len(sealed) < EPOCHS_AT_ONCE
        while opened and (is_last or opened[0] >= sealed[-1]):
            sealed.append(opened.pop(0))
        for epoch in sorted(set(sealed), reverse=True):
            if first is not None and epoch < first:
                return
            yield epoch
        if is_last:
            return
        before = min(sealed)


def all_postings(books: MarketBooks, epoch: int) -> list[core.Posting]:
    """All postings of an epoch, open or closed, in canonical order."""
    return books.engine.postings(epoch) if books.is_open(epoch) else books.archive.postings(epoch)


def balance_in(books: MarketBooks, asset: str, epoch: int) -> core.Balance:
    """The balance of an asset, with its postings in canonical order."""
    if books.is_open(epoch):
        return books.engine.balance(asset, epoch)
    return books.engine.sealed_balance(asset, epoch, books.archive.blobs(epoch))


def sealed_in(books: MarketBooks, asset: str, epoch: int) -> bool:
    """Whether an asset is sealed in an epoch; of a sum, whether all of its members are."""
    return balance_in(books, asset, epoch).sealed
