"""What nobody may ask of a market, because what its ledger books later could not be booked any more.

Applied to what people and programs ask, never to what a ledger books or to what is executed again from the journal of operations.
"""

from joulebus.errors import MarketError
from joulebus.market.books import MarketBooks
from joulebus.market.ledger import OF_LEDGER
from joulebus.market.times import unix_milliseconds
from joulebus.market.words import LABEL
from joulebus_schemas.facts import DAY_MILLISECONDS
from joulebus_schemas.market.assets import Upsert
from joulebus_schemas.market.base import MarketAsk
from joulebus_schemas.market.contracts import TermsChange
from joulebus_schemas.market.money import SetLabels, SetPrices

EPOCH_CALLS_AHEAD_MILLISECONDS = DAY_MILLISECONDS
"""Where there is a clock: how far in the future something may be booked or read. What is to be sealed must have begun."""
SEAL_DAYS_AHEAD_MAX = 366
"""Where there is none: how far behind the newest posting something may be sealed."""
MOMENTS = ("time", "day")
PRICED_LABELS_MAX = 1_000


def guard(books: MarketBooks, call: str, ask: MarketAsk, now: int | None) -> None:
    """Refuse what would bind epochs that are still to come; ``now`` is in milliseconds, None where there is no clock.

    Raises MarketError.
    """
    if isinstance(ask, SetPrices):
        _few_labels(books, ask)
    if isinstance(ask, SetPrices | SetLabels):
        _never_in_the_past(books, "prices and segments", books.first_epoch(ask))
        return
    if isinstance(ask, Upsert):
        if ask.from_epoch is not None:
            _never_in_the_past(books, "rules and members", books.epoch(ask.from_epoch, "from_epoch"))
        return
    if isinstance(ask, TermsChange):
        if ask.holds_from is not None:
            _never_in_the_past(books, "terms of contracts and merit orders", books.epoch(ask.holds_from, "holds_from"))
        return
    source = getattr(ask, "source", None)
    if source and source.startswith(LABEL):
        raise MarketError(f'a source must not begin with "{LABEL}", but was "{source}"; give the segment as "label"')
    if source and source.startswith(OF_LEDGER):
        raise MarketError(
            f'a source must not begin with "{OF_LEDGER}", by which the bookings of the home\'s ledger are known; give another one'
        )
    epoch = getattr(ask, "epoch", None)
    if epoch is not None:
        _not_too_far(books, call, books.epoch(epoch), now)
    for name in MOMENTS:
        moment = getattr(ask, name, None)
        if moment is not None and now is not None and unix_milliseconds(moment, name) > now + EPOCH_CALLS_AHEAD_MILLISECONDS:
            raise MarketError(f"{name} must be at most a day after the time of the home, but was {moment}; was its year or month mistyped?")


def first_free_epoch(books: MarketBooks, now: int | None) -> int | None:
    """The first epoch in which nothing is booked or sealed yet, and which has not begun; None: nothing is booked at all."""
    running = None if now is None else now // (books.engine.epoch_seconds * 1000)
    begun = [epoch for epoch in (_newest(books), running) if epoch is not None]
    return max(begun) + 1 if begun else None


def _newest(books: MarketBooks) -> int | None:
    open_epoch = max(books.engine.open_epochs(), default=None)
    return max((epoch for epoch in (open_epoch, books.last_sealed) if epoch is not None), default=None)


def _few_labels(books: MarketBooks, ask: SetPrices) -> None:
    known = {*books.engine.priced_labels(), *ask.prices}
    if len(known) > PRICED_LABELS_MAX:
        raise MarketError(
            f"a market has prices for at most {PRICED_LABELS_MAX} tariff segments, but with these there would be {len(known)}"
        )


def _never_in_the_past(books: MarketBooks, what: str, epoch: int) -> None:
    last = books.last_sealed
    if last is not None and epoch <= last:
        raise MarketError(f"{what} never re-value the past: they must begin after epoch {last}, which is sealed, but began at {epoch}")


def _not_too_far(books: MarketBooks, call: str, epoch: int, now: int | None) -> None:
    seals = call in ("balancing.seal", "balancing.seal_epoch")
    length = books.engine.epoch_seconds * 1000
    if now is not None:
        most = (now if seals else now + EPOCH_CALLS_AHEAD_MILLISECONDS) // length
        if epoch > most:
            what = "sealed" if seals else "booked"
            raise MarketError(f"the newest epoch that can be {what} now is {most}, but epoch {epoch} was asked for; it is still to come")
        return
    newest = _newest(books)
    if newest is None or not seals:
        return
    most = newest + SEAL_DAYS_AHEAD_MAX * DAY_MILLISECONDS // length
    if epoch > most:
        raise MarketError(
            f"the newest epoch with a posting is {newest}, so nothing after epoch {most} can be sealed, but epoch {epoch} was asked for"
        )
