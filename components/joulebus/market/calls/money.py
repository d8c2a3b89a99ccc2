"""tariff.* and clearing.*: what holds when, and what it cost. What is sealed was priced, and stays as it was."""

import csv
import io

from joulebus.errors import MarketError
from joulebus.market import closed
from joulebus.market.books import Handler, MarketBooks
from joulebus.market.calls.metering import tariff_segment as label_of_epoch
from joulebus.market.times import unix_milliseconds, utc_of
from joulebus.market.words import label_of
from joulebus_schemas.facts import DAY_MILLISECONDS
from joulebus_schemas.market import money as words
from joulebus_schemas.market.assets import MarketDone
from joulebus_schemas.market.base import AskNothing
from joulebus_schemas.market.metering import AskClearing, Clearing, Clearings, CsvText

LABELLED_EPOCHS_MAX = 100_000
CSV_COLUMNS = ("meter_id", "epoch", "time", "label", "wh", "micro_euro_per_kwh", "micro_euro", "co2_mg")


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
    known = sorted({label for label, _, _ in books.engine.prices()})
    found = {label: books.engine.price(label, epoch) for label in known}
    return words.Prices(epoch=epoch, prices={label: price for label, price in found.items() if price is not None})


def list_prices(books: MarketBooks, ask: AskNothing) -> words.PriceList:
    """All of them."""
    found = (words.Price(label=label, from_epoch=epoch, micro_euro_per_kwh=price) for label, epoch, price in books.engine.prices())
    return words.PriceList(prices=tuple(found))


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


def clearings(books: MarketBooks, ask: AskClearing) -> Clearings:
    """What a meter took (positive) or gave, and at which price; newest first."""
    books.known(ask.meter_id)
    epochs = closed.epochs(books, None, ask.from_epoch, ask.until_epoch)
    found: list[Clearing] = []
    for epoch in reversed(epochs):
        if len(found) < ask.limit:
            found += _cleared(books, ask.meter_id, epoch)
    found = found[: ask.limit]
    return Clearings(
        meter_id=ask.meter_id,
        clearings=tuple(found),
        consumption=sum(one.wh for one in found),
        micro_euro=sum(one.micro_euro for one in found),
        unpriced_wh=sum(one.wh for one in found if one.micro_euro_per_kwh is None),
    )


def clearing_csv(books: MarketBooks, ask: AskClearing) -> CsvText:
    """For spreadsheets, oldest first."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(CSV_COLUMNS)
    for one in reversed(clearings(books, ask).clearings):
        time = utc_of(one.epoch * books.engine.epoch_seconds)
        table.writerow((one.meter_id, one.epoch, time, one.label, one.wh, one.micro_euro_per_kwh, one.micro_euro, one.co2_mg))
    return CsvText(csv=out.getvalue())


def _cleared(books: MarketBooks, meter: str, epoch: int) -> list[Clearing]:
    """By segment: most epochs have one."""
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for posting in closed.postings_of(books, meter, epoch):
        if posting.kind in ("meter", "correction"):
            # A correction is booked in an open epoch, and has the segment and the price of the one to which it belongs.
            own = epoch if posting.original_epoch is None else posting.original_epoch
            label = label_of(posting.source) or label_of_epoch(books, own)
            sign = 1 if posting.to == meter else -1
            wh, co2_mg = sums.get((label, own), (0, 0))
            sums[label, own] = (wh + sign * posting.wh, co2_mg + sign * posting.co2_mg)
    return [_clearing(books, meter, (epoch, own), label, *sums[label, own]) for label, own in sorted(sums)]


def _clearing(books: MarketBooks, meter: str, epochs: tuple[int, int], label: str, wh: int, co2_mg: int) -> Clearing:
    """Energy of a segment; the epochs are the one in which it is booked and the one whose price it has."""
    epoch, own = epochs
    price = books.engine.price(label, own)
    return Clearing(
        meter_id=meter,
        epoch=epoch,
        label=label,
        wh=wh,
        micro_euro_per_kwh=price,
        micro_euro=(wh * (price or 0) + 500) // 1000,  # Wh times micro-euro per kWh are thousandths; half a micro-euro is rounded up.
        co2_mg=co2_mg,
    )


def _labelled(books: MarketBooks, epoch: int) -> words.LabelledEpoch:
    label = label_of_epoch(books, epoch)
    time = epoch * books.engine.epoch_seconds * 1000
    return words.LabelledEpoch(epoch=epoch, time=time, label=label, micro_euro_per_kwh=books.engine.price(label, epoch))


MONEY_HANDLERS: dict[str, Handler] = {
    "clearing.csv": clearing_csv,
    "clearing.retrieve": clearings,
    "tariff.epoch_duration": epoch_duration,
    "tariff.get_prices": get_prices,
    "tariff.labels": labelled_epochs,
    "tariff.list_prices": list_prices,
    "tariff.set_labels": set_labels,
    "tariff.set_prices": set_prices,
}
