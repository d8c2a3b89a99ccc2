"""metering.*, demometer.populate24h and settlement.retrieve."""

from joulebus.errors import MarketError
from joulebus.market.books import DEFAULT_LABEL, Handler, MarketBooks
from joulebus.market.demo import day_of
from joulebus.market.times import unix_milliseconds
from joulebus_core import market as core
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.market import metering as words
from joulebus_schemas.market.base import SHOWN_BESIDE_MAX

SPREAD_EPOCHS_MAX = 4_000
"""The epochs of one answer: six weeks of quarter-hours."""


def update_reading(books: MarketBooks, ask: words.UpdateReading) -> words.Read:
    """What a counter shows; what came since the last reading is booked.

    Raises:
        MarketError: An exchange or a rollover does not give the last reading of the old register.
    """
    engine, meter, source = books.engine, ask.meter_id, ask.source or None
    assert ask.time is not None, "the time of a reading is filled in before it is executed"
    time = unix_milliseconds(ask.time)
    if ask.co2_mg:
        raise MarketError(
            "the CO2 of a reading follows from its tariff segments, so co2_mg must be left out; or book it with balancing.add_settlement"
        )
    if ask.last is not None and ask.kind not in ("exchange", "rollover"):
        raise MarketError(
            f'"last" belongs to readings of the kinds exchange and rollover, but this one is of the kind {ask.kind}; leave it out'
        )
    if ask.kind == "exchange":
        done = engine.exchange_meter(meter, time, _needed(ask, "last reading of the old counter"), ask.reading, source=source)
    elif ask.kind == "correction":
        done = engine.correct_reading(meter, ask.reading, source=source)
    else:
        size = _needed(ask, "largest value of the counter") + 1 if ask.kind == "rollover" else None
        done = engine.update_reading(meter, time, ask.reading, source=source, rollover_wh=size)
    return reading_word(books, meter, done)


def book_epoch(books: MarketBooks, ask: words.BookEpoch) -> words.BookedEpoch:
    """Both registers of each meter; what is 0 is not booked, and what cannot be booked waits on the late list: nothing is lost."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    booked = late = 0
    for value in ask.values:
        for register, wh in (("import", value.import_wh), ("export", value.export_wh)):
            if wh and _book(books, value.meter_id, epoch, (register, wh), ask.source or None):
                booked += 1
            elif wh:
                late += 1
    return words.BookedEpoch(status="late" if late else "ok", epoch=epoch, booked=booked, late=late, revision=books.revision)


def _book(books: MarketBooks, meter: str, epoch: int, metered: tuple[str, int], source: str | None) -> bool:
    """Whether it was booked; if not, it is on the late list, whatever stood in the way."""
    register, wh = metered
    try:
        return books.engine.add_settlement(meter, epoch, wh, register=register, source=source).status != "late"
    except core.MarketError:
        books.engine.postpone(meter, epoch, wh, register=register, source=source)
        return False


def reading_word(books: MarketBooks, meter: str, done: core.Reading) -> words.Read:
    """What the engine has made of a reading; of years only the first epochs are shown."""
    parts = done.first_parts(SHOWN_BESIDE_MAX)
    books.touched.update(epoch for epoch, _ in parts)
    refused = done.status == "refused"
    return words.Read(
        status="refused" if refused else "late" if done.late else "ok",
        processed=not refused,
        reason=f"{done.reason}: {done.sentence}" if refused else None,
        meter_id=meter,
        consumption=done.consumption_wh,
        shares=tuple(words.Share(epoch=epoch, wh=wh, label=tariff_segment(books, epoch)) for epoch, wh in parts),
        revision=books.revision,
    )


def last_reading(books: MarketBooks, ask: words.AskMeter) -> words.Reading:
    """What its counter showed last."""
    books.known(ask.meter_id)
    last = books.engine.last_reading(ask.meter_id)
    if last is None:
        return words.Reading(meter_id=ask.meter_id)
    return words.Reading(meter_id=ask.meter_id, reading=last.reading_wh, time=last.time_ms)


def populate24h(books: MarketBooks, ask: words.Populate) -> words.Populated:
    """A day of quarter-hours, each of them read.

    Raises:
        MarketError: The day begins before the last reading.
    """
    assert ask.day is not None, "the day is filled in before it is executed"
    day = day_of(ask.kwha, unix_milliseconds(ask.day, "day") // 1000, ask.timezone)
    before = books.engine.last_reading(ask.meter_id)
    counter = before.reading_wh if before else 0
    if before is not None and before.time_ms > day.begins * 1000:
        raise MarketError(
            f"a demo day must begin after the last reading of {ask.meter_id}, but that was in it or after it; choose a later day"
        )
    if before is None or before.time_ms < day.begins * 1000:
        books.engine.update_reading(ask.meter_id, day.begins * 1000, counter, source="demometer")
    processed = late = 0
    for number, wh in enumerate(day.watt_hours, 1):
        counter += wh
        time = (day.begins + number * QUARTER_SECONDS) * 1000
        done = reading_word(books, ask.meter_id, books.engine.update_reading(ask.meter_id, time, counter, source="demometer"))
        processed += done.processed
        late += done.status == "late"
    return words.Populated(
        status="late" if late else "ok",
        late=late,
        meter_id=ask.meter_id,
        processed=processed,
        of=len(day.watt_hours),
        consumption=sum(day.watt_hours),
        first_time=day.begins * 1000,
        last_time=(day.begins + len(day.watt_hours) * QUARTER_SECONDS) * 1000,
        revision=books.revision,
    )


def settlement(books: MarketBooks, ask: words.AskSettlement) -> words.Settlement:
    """Energy laid over epochs; nothing is booked.

    Raises:
        MarketError: They are too many for one answer.
    """
    start, end = unix_milliseconds(ask.start_time, "start_time"), unix_milliseconds(ask.end_time, "end_time")
    length = books.engine.epoch_seconds * 1000
    if (end - start) // length >= SPREAD_EPOCHS_MAX:
        raise MarketError(
            f"end_time must be after start_time by at most {SPREAD_EPOCHS_MAX} epochs, but is {(end - start) // length} away; ask for parts"
        )
    shares = tuple(
        words.Share(epoch=epoch, wh=wh, label=tariff_segment(books, epoch))
        for epoch, wh in books.engine.spread(ask.consumption, start, end)
    )
    by_label: dict[str, int] = {}
    for share in shares:
        assert share.label is not None, "every epoch has a segment"
        by_label[share.label] = by_label.get(share.label, 0) + share.wh
    return words.Settlement(consumption=ask.consumption, shares=shares, by_label=dict(sorted(by_label.items())))


def tariff_segment(books: MarketBooks, epoch: int) -> str:
    """The segment of an epoch."""
    return books.engine.label(epoch) or DEFAULT_LABEL


def _needed(ask: words.UpdateReading, what: str) -> int:
    if ask.last is None:
        raise MarketError(f'a reading of kind {ask.kind} must say "last", the {what}, but does not')
    return ask.last


METERING_HANDLERS: dict[str, Handler] = {
    "demometer.populate24h": populate24h,
    "metering.book_epoch": book_epoch,
    "metering.last_reading": last_reading,
    "metering.update_reading": update_reading,
    "settlement.retrieve": settlement,
}
