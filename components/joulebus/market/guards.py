"""What nobody may ask of a market, because what its ledger books later could not be booked any more.

Applied to what people and programs ask, never to what a ledger books or to what is executed again from the journal of operations.
"""

from joulebus.errors import MarketError
from joulebus.market.books import MarketBooks
from joulebus.market.times import unix_milliseconds
from joulebus_schemas.facts import DAY_MILLISECONDS
from joulebus_schemas.market.base import MarketAsk
from joulebus_schemas.market.money import SetLabels, SetPrices

EPOCH_CALLS_AHEAD_MILLISECONDS = DAY_MILLISECONDS
"""Where there is a clock: how far in the future something may be booked or read. What is to be sealed must have begun."""
SEAL_DAYS_AHEAD_MAX = 366
"""Where there is none: how far behind the newest posting something may be sealed."""
MOMENTS = ("time", "day")


def guard(books: MarketBooks, call: str, ask: MarketAsk, now: int | None) -> None:
    """Refuse what would bind epochs that are still to come; ``now`` is in milliseconds, None where there is no clock.

    Raises MarketError.
    """
    if isinstance(ask, SetPrices | SetLabels):
        _never_in_the_past(books, ask)
        return
    epoch = getattr(ask, "epoch", None)
    if epoch is not None and call != "contract.end":
        _not_too_far(books, call, books.epoch(epoch), now)
    for name in MOMENTS:
        moment = getattr(ask, name, None)
        if moment is not None and now is not None and unix_milliseconds(moment, name) > now + EPOCH_CALLS_AHEAD_MILLISECONDS:
            raise MarketError(f"{name} must be at most a day after the time of the home, but was {moment}; was its year or month mistyped?")


def _never_in_the_past(books: MarketBooks, ask: SetPrices | SetLabels) -> None:
    epoch, last = books.first_epoch(ask), books.last_sealed
    if last is not None and epoch <= last:
        raise MarketError(
            f"prices and segments never re-value the past: they must begin after epoch {last}, which is sealed, but began at {epoch}"
        )


def _not_too_far(books: MarketBooks, call: str, epoch: int, now: int | None) -> None:
    seals = call in ("balancing.seal", "balancing.seal_epoch")
    length = books.engine.epoch_seconds * 1000
    if now is not None:
        most = (now if seals else now + EPOCH_CALLS_AHEAD_MILLISECONDS) // length
        if epoch > most:
            what = "sealed" if seals else "booked"
            raise MarketError(f"the newest epoch that can be {what} now is {most}, but epoch {epoch} was asked for; it is still to come")
        return
    newest = max(filter(None, (max(books.engine.open_epochs(), default=None), books.last_sealed)), default=None)
    if newest is None or not seals:
        return
    most = newest + SEAL_DAYS_AHEAD_MAX * DAY_MILLISECONDS // length
    if epoch > most:
        raise MarketError(
            f"the newest epoch with a posting is {newest}, so nothing after epoch {most} can be sealed, but epoch {epoch} was asked for"
        )
