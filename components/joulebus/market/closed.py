"""Epochs that have left the engine: postings and balances, counted again from what was sealed."""

from joulebus.errors import MarketError
from joulebus.market.books import MarketBooks
from joulebus.market.words import posting_word
from joulebus_core import market as core
from joulebus_schemas.market.balancing import AssetBalance, Posting

STATEMENT_EPOCHS_MAX = 40_000
"""A statement may cover a year of quarter-hours."""
INSIDE = ("meter", "correction", "residual")


def epochs(books: MarketBooks, one: int | str | None, first: int | str | None, until: int | str | None) -> list[int]:
    """The epochs of a question, oldest first: one, or those of a span, or all.

    Raises:
        MarketError: They are too many for one question.
    """
    if one is not None:
        return [books.epoch(one)]
    least = 0 if first is None else books.epoch(first, "from_epoch")
    most = None if until is None else books.epoch(until, "until_epoch")
    known = {*books.engine.open_epochs(), *books.archive.epochs(most, STATEMENT_EPOCHS_MAX + 1)}
    found = sorted(epoch for epoch in known if least <= epoch and (most is None or epoch < most))
    if len(found) > STATEMENT_EPOCHS_MAX:
        raise MarketError(
            f"a question must be about at most {STATEMENT_EPOCHS_MAX} epochs, but these are more; give from_epoch and until_epoch"
        )
    return found


def all_postings(books: MarketBooks, epoch: int) -> list[core.Posting]:
    """All postings of an epoch, open or closed, in canonical order."""
    return books.engine.postings(epoch) if books.is_open(epoch) else books.archive.postings(epoch)


def postings_of(books: MarketBooks, asset: str, epoch: int) -> list[core.Posting]:
    """Those of one asset."""
    if books.is_open(epoch):
        return books.engine.balance(asset, epoch).postings
    return books.archive.sealed_postings(asset, epoch) or []


def closed_balance(books: MarketBooks, asset: str, epoch: int) -> AssetBalance:
    """What the seals say about an asset in a closed epoch."""
    members = _members(books, asset)
    sealed = books.archive.sealed_postings(asset, epoch)
    found = [posting for posting in books.archive.postings(epoch) if members & {posting.from_, posting.to}] if sealed is None else sealed
    taken = sum(posting.wh for posting in found if posting.to in members)
    given = sum(posting.wh for posting in found if posting.from_ in members)
    known = books.known(asset)
    upstream_from, upstream_to = known.upstream_from, known.upstream_to
    bought = sum(posting.wh for posting in found if _is_own(posting, asset, upstream_from, None))
    sold = sum(posting.wh for posting in found if _is_own(posting, asset, None, upstream_to))
    inside = [posting for posting in found if posting.kind in INSIDE and not _is_own(posting, asset, upstream_from, upstream_to)]
    supplied = sum(posting.wh for posting in inside if posting.to in members)
    drawn = sum(posting.wh for posting in inside if posting.from_ in members)
    words: tuple[Posting, ...] = tuple(posting_word(posting) for posting in found)
    return AssetBalance(
        asset_id=asset,
        epoch=epoch,
        sealed=True,
        in_wh=taken,
        out_wh=given,
        net_wh=taken - given,
        upstream_from=upstream_from,
        upstream_to=upstream_to,
        internal_wh=min(supplied, drawn),
        bought_wh={upstream_from: bought} if upstream_from and bought else {},
        sold_wh={upstream_to: sold} if upstream_to and sold else {},
        co2_mg=sum(posting.co2_mg * ((posting.to in members) - (posting.from_ in members)) for posting in found),
        postings=words,
    )


def _members(books: MarketBooks, asset: str) -> set[str]:
    """A summing meter shows what its members have booked."""
    members = books.known(asset).members
    return set().union(*(_members(books, member) for member in members)) if members else {asset}


def _is_own(posting: core.Posting, asset: str, upstream_from: str | None, upstream_to: str | None) -> bool:
    """Whether it closes this asset, and not one of those below it."""
    surplus = posting.from_ == asset and posting.to == upstream_to
    return posting.kind == "residual" and (surplus or (posting.to == asset and posting.from_ == upstream_from))
