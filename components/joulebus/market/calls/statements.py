"""Statements and clearings: an asset through its epochs, newest first, a page at a time. A question costs what it asks about."""

import csv
import io
from collections.abc import Iterator

from joulebus.market import closed
from joulebus.market.books import Handler, MarketBooks
from joulebus.market.calls.metering import tariff_segment as label_of_epoch
from joulebus.market.calls.pages import small
from joulebus.market.times import utc_of
from joulebus.market.words import label_of, posting_word
from joulebus_core import market as core
from joulebus_schemas.market import balancing as words
from joulebus_schemas.market.metering import AskClearing, Clearing, Clearings, CsvText

EPOCHS_LOOKED_AT_MAX = 1_000
"""Epochs that one question looks at: a meter that is rarely used must not cost the whole past."""
CSV_COLUMNS = ("meter_id", "epoch", "time", "label", "wh", "micro_euro_per_kwh", "micro_euro", "co2_mg")


def statements(books: MarketBooks, ask: words.AskStatements) -> words.Statements:
    """The postings of an asset, the newest first."""
    books.known(ask.asset_id)
    first, until = _span(books, ask)
    found: list[words.StatementLine] = []
    following: words.StatementPlace | None = None
    skip = ask.skip
    for looked_at, epoch in enumerate(closed.newest_epochs(books, first, until)):
        if looked_at >= EPOCHS_LOOKED_AT_MAX or len(found) >= ask.most:
            following = words.StatementPlace(until_epoch=epoch + 1, skip=0)
            break
        lines = closed.balance_in(books, ask.asset_id, epoch).postings[::-1]
        wanted = lines[skip : skip + ask.most - len(found)]
        found += [_line(ask.asset_id, posting) for posting in wanted]
        if skip + len(wanted) < len(lines):
            following = words.StatementPlace(until_epoch=epoch + 1, skip=skip + len(wanted))
            break
        skip = 0
    kept = small(found)
    if len(kept) < len(found):
        following = _place(kept, ask)
    return words.Statements(asset_id=ask.asset_id, lines=_with_running(kept), net_wh=sum(line.wh for line in kept), next=following)


def _place(kept: tuple[words.StatementLine, ...], ask: words.AskStatements) -> words.StatementPlace:
    """After the last line that fitted."""
    last = kept[-1].posting.epoch
    same = sum(line.posting.epoch == last for line in kept)
    before = ask.skip if kept[0].posting.epoch == last else 0
    return words.StatementPlace(until_epoch=last + 1, skip=before + same)


def _span(books: MarketBooks, ask: words.AskStatements) -> tuple[int | None, int | None]:
    if ask.epoch is not None:
        epoch = books.epoch(ask.epoch)
        return epoch, epoch + 1
    first = None if ask.from_epoch is None else books.epoch(ask.from_epoch, "from_epoch")
    return first, None if ask.until_epoch is None else books.epoch(ask.until_epoch, "until_epoch")


def _line(asset: str, posting: core.Posting) -> words.StatementLine:
    gives = posting.from_ == asset
    peer = posting.to if gives else posting.from_
    return words.StatementLine(posting=posting_word(posting), peer=peer, wh=-posting.wh if gives else posting.wh, running_wh=0)


def _with_running(lines: tuple[words.StatementLine, ...]) -> tuple[words.StatementLine, ...]:
    """The sum so far, from the oldest line of the page on."""
    running, found = 0, []
    for line in reversed(lines):
        running += line.wh
        found.append(line.model_copy(update={"running_wh": running}))
    return tuple(reversed(found))


def clearings(books: MarketBooks, ask: AskClearing) -> Clearings:
    """What a meter took (positive) or gave, and at which price; newest first."""
    books.known(ask.meter_id)
    first = None if ask.from_epoch is None else books.epoch(ask.from_epoch, "from_epoch")
    until = None if ask.until_epoch is None else books.epoch(ask.until_epoch, "until_epoch")
    found: list[Clearing] = []
    following: int | None = None
    for looked_at, epoch in enumerate(closed.newest_epochs(books, first, until)):
        cleared = list(_cleared(books, ask.meter_id, epoch))
        if looked_at >= EPOCHS_LOOKED_AT_MAX or (found and len(found) + len(cleared) > ask.limit):
            following = epoch + 1
            break
        found += cleared
    return Clearings(
        meter_id=ask.meter_id,
        clearings=tuple(found),
        consumption=sum(one.wh for one in found),
        micro_euro=sum(one.micro_euro for one in found),
        unpriced_wh=sum(one.wh for one in found if one.micro_euro_per_kwh is None),
        next_until=following,
    )


def clearing_csv(books: MarketBooks, ask: AskClearing) -> CsvText:
    """For spreadsheets, oldest first."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(CSV_COLUMNS)
    found = clearings(books, ask)
    for one in reversed(found.clearings):
        time = utc_of(one.epoch * books.engine.epoch_seconds)
        table.writerow((one.meter_id, one.epoch, time, one.label, one.wh, one.micro_euro_per_kwh, one.micro_euro, one.co2_mg))
    return CsvText(csv=out.getvalue(), next_until=found.next_until)


def _cleared(books: MarketBooks, meter: str, epoch: int) -> Iterator[Clearing]:
    """The clearing of each segment; most epochs have one."""
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for posting in closed.balance_in(books, meter, epoch).postings:
        if posting.kind in ("meter", "correction"):
            # A correction is booked in an open epoch, and has the segment and the price of the one to which it belongs.
            own = epoch if posting.original_epoch is None else posting.original_epoch
            label = label_of(posting.source) or label_of_epoch(books, own)
            sign = 1 if posting.to == meter else -1
            wh, co2_mg = sums.get((label, own), (0, 0))
            sums[label, own] = (wh + sign * posting.wh, co2_mg + sign * posting.co2_mg)
    for label, own in sorted(sums):
        yield _clearing(books, meter, (epoch, own), label, *sums[label, own])


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


STATEMENT_HANDLERS: dict[str, Handler] = {
    "balancing.statements": statements,
    "clearing.csv": clearing_csv,
    "clearing.retrieve": clearings,
}
