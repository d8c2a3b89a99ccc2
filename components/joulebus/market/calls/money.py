"""tariff.*: what holds when, and what it costs. What is sealed was priced, and stays as it was."""

from joulebus.errors import MarketError
from joulebus.market.books import Handler, MarketBooks
from joulebus.market.calls.metering import tariff_segment as label_of_epoch
from joulebus.market.calls.pages import small
from joulebus.market.times import unix_milliseconds
from joulebus_schemas.facts import DAY_MILLISECONDS
from joulebus_schemas.market import money as words
from joulebus_schemas.market.assets import MarketDone
from joulebus_schemas.market.base import AskNothing, AskPage

LABELLED_EPOCHS_MAX = 4_000
"""The epochs of one answer: six weeks of quarter-hours."""


def set_prices(books: MarketBooks, ask: words.SetPrices) -> MarketDone:
    """From an epoch on."""
    epoch = books.first_epoch(ask)
    for label, price in sorted(ask.prices.items()):
        books.engine.set_price(label, epoch, price)
    return MarketDone(revision=books.revision)


def set_labels(books: MarketBooks, ask: words.SetLabels) -> MarketDone:
    """Epoch by epoch."""
    books.engine.set_tariff(books.first_epoch(ask), list(ask.labels))
    return MarketDone(revision=books.revision)


def get_prices(books: MarketBooks, ask: words.AskPrices) -> words.Prices:
    """What holds in an epoch."""
    epoch = books.epoch(ask.epoch)
    found = {label: books.engine.price(label, epoch) for label in books.engine.priced_labels()}
    return words.Prices(epoch=epoch, prices={label: price for label, price in found.items() if price is not None})


def list_prices(books: MarketBooks, ask: AskPage) -> words.PriceList:
    """All of them, page by page."""
    rows = books.engine.prices(ask.first, ask.most)
    found = (words.Price(label=label, from_epoch=epoch, micro_euro_per_kwh=price) for label, epoch, price in rows)
    return words.PriceList(prices=small(found), total=books.engine.price_count())


def labelled_epochs(books: MarketBooks, ask: words.AskLabels) -> words.LabelledEpochs:
    """Segment and price of each epoch, by default for 24 h.

    Raises:
        MarketError: The span is empty or too long.
    """
    assert ask.start_time is not None, "the start is filled in before it is asked"
    start = unix_milliseconds(ask.start_time, "start_time")
    length = books.engine.epoch_seconds * 1000
    first = start // length
    last = first + DAY_MILLISECONDS // length if ask.end_time is None else -(-unix_milliseconds(ask.end_time, "end_time") // length)
    if not first < last <= first + LABELLED_EPOCHS_MAX:
        raise MarketError(f"end_time must be after start_time by at most {LABELLED_EPOCHS_MAX} epochs, but is {last - first} epochs away")
    return words.LabelledEpochs(epochs=tuple(_labelled(books, epoch) for epoch in range(first, last)))


def epoch_duration(books: MarketBooks, ask: AskNothing) -> words.EpochDuration:
    """Also in milliseconds, as the predecessor says it."""
    return words.EpochDuration(seconds=books.engine.epoch_seconds, milliseconds=books.engine.epoch_seconds * 1000)


def _labelled(books: MarketBooks, epoch: int) -> words.LabelledEpoch:
    label = label_of_epoch(books, epoch)
    time = epoch * books.engine.epoch_seconds * 1000
    return words.LabelledEpoch(epoch=epoch, time=time, label=label, micro_euro_per_kwh=books.engine.price(label, epoch))


MONEY_HANDLERS: dict[str, Handler] = {
    "tariff.epoch_duration": epoch_duration,
    "tariff.get_prices": get_prices,
    "tariff.labels": labelled_epochs,
    "tariff.list_prices": list_prices,
    "tariff.set_labels": set_labels,
    "tariff.set_prices": set_prices,
}
