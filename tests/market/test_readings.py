"""From a meter reading to epochs: the spread, the chain, and what readings cost."""

import pytest

from joulebus_core.market import Market, MarketError
from tests.market.cases import EPOCH, hourly, texts

MINUTE = 60_000
HOUR = 60 * MINUTE
START = EPOCH * HOUR

SPREADS = {
    "within one epoch": (100, 10, 20, [100]),
    "exactly one epoch, half-open": (100, 0, 60, [100]),
    "half and half": (100, 30, 90, [50, 50]),
    "a quarter, two whole, a quarter": (1000, 15, 195, [250, 334, 333, 83]),
    "two thirds, one, a third": (10, 20, 140, [3, 5, 2]),
    "11 over three": (11, 0, 180, [4, 4, 3]),
    "10 over three": (10, 0, 180, [4, 3, 3]),
    "1 over three": (1, 0, 180, [1, 0, 0]),
    "2 over three": (2, 0, 180, [1, 1, 0]),
    "nothing": (0, 0, 120, [0, 0]),
}


@pytest.mark.parametrize(("wh", "start", "end", "parts"), SPREADS.values(), ids=SPREADS)
def test_b1_a_difference_is_spread_to_the_last_watt_hour(wh: int, start: int, end: int, parts: list[int]) -> None:
    market = hourly()
    spread = market.spread(wh, START + start * MINUTE, START + end * MINUTE)
    assert spread == [(EPOCH + index, part) for index, part in enumerate(parts)]


@pytest.mark.parametrize("end", [0, -1])
def test_energy_does_not_vanish_when_time_runs_backwards(end: int) -> None:
    with pytest.raises(MarketError, match="ends after it starts") as caught:
        hourly().spread(5, START, START + end)
    assert caught.value.reason == "time"


def chain(market: Market) -> None:
    """The predecessor's chain: 1000 at +15 min, 1100 at +30 min, 3100 at +2 h 30 min."""
    assert market.update_reading("m", START + 15 * MINUTE, 1000).status == "first"
    assert market.update_reading("m", START + 30 * MINUTE, 1100).parts == [(EPOCH, 100)]
    parts = market.update_reading("m", START + 150 * MINUTE, 3100).parts
    assert parts == [(EPOCH, 500), (EPOCH + 1, 1000), (EPOCH + 2, 500)]


def test_a_chain_of_readings_is_booked_epoch_by_epoch() -> None:
    market = hourly(m=("s", None))
    chain(market)
    assert [text for epoch in market.open_epochs() for text in texts(market.postings(epoch))] == [
        "s->m 100 meter",
        "s->m 500 meter",
        "s->m 1000 meter",
        "s->m 500 meter",
    ]
    last = market.last_reading("m")
    assert last is not None and (last.time_ms, last.reading_wh) == (START + 150 * MINUTE, 3100)


REFUSED = {"the same time again": (150, 3200, "time"), "earlier": (149, 3200, "time"), "running backwards": (151, 3099, "reading")}


@pytest.mark.parametrize(("minute", "reading", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_reading_that_does_not_follow_is_refused_and_changes_nothing(minute: int, reading: int, reason: str) -> None:
    market = hourly()
    chain(market)
    before = market.state_hash()
    done = market.update_reading("m", START + minute * MINUTE, reading)
    assert (done.status, done.reason) == ("refused", reason)
    assert done.sentence
    assert market.state_hash() == before


def tariffs() -> Market:
    """The predecessor's prices: .10, .20 and .30, and .11 for the first from the third epoch on."""
    market = hourly()
    market.set_tariff(EPOCH, ["virtual_1", "virtual_2", "virtual_3"], [100, 200, 300])
    for label, price in (("virtual_1", 100_000), ("virtual_2", 200_000), ("virtual_3", 300_000)):
        market.set_price(label, 0, price)
    market.set_price("virtual_1", EPOCH + 2, 110_000)
    return market


def test_a_reading_costs_what_was_valid_in_each_epoch() -> None:
    market = tariffs()
    market.update_reading("m", START + 30 * MINUTE, 1100)
    clearing = market.update_reading("m", START + 150 * MINUTE, 3100).clearing
    assert clearing is not None
    assert [(line.label, line.wh, line.cost_micro_euro) for line in clearing.lines] == [
        ("virtual_1", 500, 50_000),
        ("virtual_2", 1000, 200_000),
        ("virtual_3", 500, 150_000),
    ]
    assert (clearing.cost_micro_euro, clearing.consumption_wh, clearing.unpriced_wh) == (400_000, 2000, 0)


def test_b2_the_grams_of_the_tariff_are_counted_once() -> None:
    market = tariffs()
    market.update_reading("m", START, 0)
    market.update_reading("m", START + 2 * HOUR, 200)
    assert [posting.co2_mg for epoch in market.open_epochs() for posting in market.postings(epoch)] == [10_000, 20_000]


def test_a_price_never_values_the_past_anew() -> None:
    market = tariffs()
    market.update_reading("m", START, 0)
    market.update_reading("m", START + HOUR, 500)
    before = market.state_hash()
    with pytest.raises(MarketError, match=f"a new price is valid from {EPOCH + 1} on") as caught:
        market.set_price("virtual_1", EPOCH, 999)
    assert caught.value.reason == "price"
    assert market.state_hash() == before
    market.set_price("virtual_1", EPOCH + 1, 999)


def test_b3_two_readings_in_one_epoch_settle_to_the_difference() -> None:
    market = tariffs()
    readings = [(0, 1000), (10, 1100), (25, 1133), (70, 1500), (119, 1501)]
    done = [market.update_reading("m", START + minute * MINUTE, reading) for minute, reading in readings]
    clearings = [reading.clearing for reading in done if reading.clearing is not None]
    assert sum(clearing.consumption_wh for clearing in clearings) == 501
    assert sum(posting.wh for epoch in market.open_epochs() for posting in market.postings(epoch)) == 501


def test_a_label_that_was_told_never_changes() -> None:
    market = tariffs()
    market.set_tariff(EPOCH, ["virtual_1"], [100])
    with pytest.raises(MarketError, match="what was told never changes"):
        market.set_tariff(EPOCH + 3, ["virtual_1"]) or market.set_tariff(EPOCH + 1, ["virtual_1"], [200])
    assert market.label(EPOCH + 1) == "virtual_2"


def test_a_line_rounds_once_and_says_what_it_rounded() -> None:
    market = hourly()
    market.set_price("flat", 0, 333_333)
    clearing = market.price_parts([(EPOCH + index, 1) for index in range(10)], "flat")
    (line,) = clearing.lines
    assert (line.wh, line.cost_nano_euro, line.cost_micro_euro) == (10, 3_333_330, 3_333)


def test_what_has_no_price_is_said() -> None:
    clearing = hourly().price_parts([(EPOCH, 7)], "free")
    assert (clearing.unpriced_wh, clearing.cost_micro_euro) == (7, 0)


def test_b7_a_register_that_rolls_over_goes_on_when_its_size_is_said() -> None:
    market = hourly()
    market.update_reading("m", START, 99_990)
    assert market.update_reading("m", START + HOUR, 15).reason == "reading"
    done = market.update_reading("m", START + HOUR, 15, rollover_wh=100_000)
    assert (done.status, done.consumption_wh) == ("ok", 25)


def test_b7_an_exchanged_meter_goes_on_from_its_own_first_reading() -> None:
    market = hourly()
    market.update_reading("m", START, 5_000)
    assert market.exchange_meter("m", START + HOUR, 5_100, 3).consumption_wh == 100
    assert market.update_reading("m", START + 2 * HOUR, 53).consumption_wh == 50
    with pytest.raises(MarketError, match="its first reading needs no exchange"):
        market.exchange_meter("s", START, 1, 0) if market.upsert_asset("s") else None


def test_b7_a_wrong_reading_is_corrected_epoch_by_epoch() -> None:
    market = hourly(m=("s", None))
    market.update_reading("m", START, 0)
    market.update_reading("m", START + 2 * HOUR, 1000)
    done = market.correct_reading("m", 500)
    assert (done.consumption_wh, done.parts) == (-500, [(EPOCH, -250), (EPOCH + 1, -250)])
    assert [market.balances(epoch)["m"] for epoch in market.open_epochs()] == [250, 250]
    assert market.update_reading("m", START + 3 * HOUR, 600).consumption_wh == 100
    assert market.correct_reading("m", 499).reason == "reading"


def test_b7_import_and_export_are_two_registers_of_one_meter() -> None:
    market = hourly(m=("buy", "sell"))
    for register in ("import", "export"):
        market.update_reading("m", START, 0, register=register)
    market.update_reading("m", START + HOUR, 300, register="import")
    market.update_reading("m", START + HOUR, 200, register="export")
    assert texts(market.postings(EPOCH)) == ["buy->m 300 meter", "m->sell 200 meter"]


def test_a_reading_over_sealed_epochs_waits_for_corrections_there() -> None:
    from tests.market.cases import SIGNER

    market = hourly(m=("s", None))
    market.update_reading("m", START, 0)
    market.seal_epoch(EPOCH, SIGNER)
    done = market.update_reading("m", START + 2 * HOUR, 100)
    assert (done.parts, done.late) == ([(EPOCH, 50), (EPOCH + 1, 50)], [1])
    assert market.correct_late(1, EPOCH + 1).status == "ok"
    assert market.balances(EPOCH + 1)["m"] == 100
