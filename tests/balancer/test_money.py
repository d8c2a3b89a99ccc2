"""Readings, demo meters and money: what is read is booked, what is booked is priced, and the past keeps its price."""

import pytest

from joulebus.market.demo import day_of
from joulebus.market.executor import in_memory
from joulebus.market.times import unix_milliseconds
from tests.balancer.files import T, executed, statuses

HOUR = 3_600_000
LABELS = ("tariff.setLabels", {"labels": [f"virtual_{(T + number) % 3 + 1}" for number in range(6)], "from_epoch": T})
PRICES = ("tariff.setPrices", {"virtual_1": 0.10, "virtual_2": 0.20, "virtual_3": 0.30, "from_epoch": T})
LATER = ("tariff.setPrices", {"virtual_1": 0.11, "from_epoch": T + 2})


def reading(wh: int, minutes: float) -> tuple[str, dict[str, object]]:
    """A reading so many minutes after the start of the first epoch."""
    return "metering.updateReading", {"meterId": "m", "time": int(T * HOUR + minutes * 60_000), "reading": wh}


def test_a_chain_of_readings_settles_to_its_delta_at_the_prices_of_its_epochs() -> None:
    market = in_memory(3600)
    done = executed(
        [LABELS, PRICES, LATER, reading(1000, 15), reading(1100, 15), reading(1100, 30), reading(1050, 40), reading(3100, 150)], market
    )
    assert statuses(done)[3:] == ["ok", "refused", "ok", "refused", "ok"] and not done.refusals
    assert [one["wh"] for one in done.results[-1]["answer"]["shares"]] == [500, 1000, 500]
    found = market.ask("clearing.retrieve", {"meter_id": "m", "from_epoch": T, "until_epoch": T + 3})
    assert (found.consumption, found.micro_euro, found.unpriced_wh) == (2100, 410_000, 0)  # 0.400 euro, and the 100 Wh before them
    assert sum(one.micro_euro for one in found.clearings) == 410_000


def test_prices_never_re_value_what_is_sealed() -> None:
    market = in_memory(3600)
    executed([PRICES, ("balancing.addSettlement", {"meterId": "m", "epoch": T, "consumption": 1000, "label": "virtual_1"})], market)
    executed([("balancing.seal_epoch", {"epoch": T})], market)
    for change in (
        ("tariff.setPrices", {"virtual_1": 9.99, "from_epoch": T}),
        ("tariff.setLabels", {"labels": ["virtual_3"], "from_epoch": T}),
    ):
        refused = executed([change], market)
        assert "past" in refused.refusals[0]
    assert not executed([("tariff.setPrices", {"virtual_1": 9.99, "from_epoch": T + 1})], market).refusals
    assert market.ask("clearing.retrieve", {"meter_id": "m"}).micro_euro == 100_000
    assert "m,474240,2024-02-07T00:00:00Z,virtual_1,1000,100000,100000,0" in market.ask("clearing.csv", {"meter_id": "m"}).csv


def test_the_prices_of_the_next_day_are_told_epoch_by_epoch() -> None:
    market = in_memory(3600)
    executed([LABELS, PRICES, LATER], market)
    found = market.ask("tariff.labels", {"start_time": T * HOUR}).epochs
    assert len(found) == 24 and [one.epoch for one in found] == list(range(T, T + 24))
    assert [one.micro_euro_per_kwh for one in found[:4]] == [100_000, 200_000, 300_000, 110_000]
    assert {one.label for one in found[6:]} == {"virtual_2"}


@pytest.mark.parametrize(
    ("wh", "start", "end", "shares"),
    [
        (100, 10, 20, [100]),
        (100, 0, 60, [100]),
        (100, 30, 90, [50, 50]),
        (1000, 15, 195, [250, 334, 333, 83]),
        (10, 20, 140, [3, 5, 2]),
        (11, 0, 180, [4, 4, 3]),
        (10, 0, 180, [4, 3, 3]),
        (1, 0, 180, [1, 0, 0]),
        (2, 0, 180, [1, 1, 0]),
    ],
)
def test_energy_is_laid_over_epochs_and_sums_to_itself(wh: int, start: int, end: int, shares: list[int]) -> None:
    ask = {"consumption": wh, "startTime": T * HOUR + start * 60_000, "endTime": T * HOUR + end * 60_000}
    found = in_memory(3600).ask("settlement.retrieve", ask)
    assert sum(one.wh for one in found.shares) == wh == sum(found.by_label.values())
    assert [one.wh for one in found.shares if one.wh] == [one for one in shares if one]


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    done = executed([("settlement.retrieve", {"consumption": 5, "startTime": T * HOUR, "endTime": T * HOUR - 1})])
    assert statuses(done) == ["refused"] and done.refusals


@pytest.mark.parametrize(
    ("day", "quarters"),
    [("2026-06-21T12:00:00Z", 96), ("2026-12-24T12:00:00Z", 96), ("2026-03-29T12:00:00Z", 92), ("2026-10-25T12:00:00Z", 100)],
)
def test_every_reading_of_a_demo_meter_is_taken_and_its_day_is_exact(day: str, quarters: int) -> None:
    market = in_memory()
    done = market.ask("demometer.populate24h", {"meter_id": "demo", "kwha": 2000, "day": day, "timezone": "Europe/Brussels"})
    assert (done.processed, done.of) == (quarters, quarters)
    assert done.consumption == 2_000_000 // 365
    booked = market.ask("balancing.statements", {"asset_id": "demo"})
    assert booked.net_wh == done.consumption
    next_day = market.ask("demometer.populate24h", {"meter_id": "demo", "kwha": 2000, "day": done.last_time, "timezone": "Europe/Brussels"})
    assert next_day.processed == next_day.of


def test_a_demo_day_of_sealed_epochs_says_that_it_is_late() -> None:
    market, day = in_memory(), "2026-06-21T12:00:00Z"
    first = unix_milliseconds("2026-06-20T22:00:00Z") // 900_000
    for epoch in range(first, first + 10):
        market.ask("balancing.add_settlement", {"meter_id": "other", "epoch": epoch, "wh": 1})
        market.ask("balancing.seal_epoch", {"epoch": epoch})
    done = market.ask("demometer.populate24h", {"meter_id": "demo", "day": day, "timezone": "Europe/Brussels"})
    assert (done.status, done.late, done.of) == ("late", market.ask("balancing.late").total, 96) and 0 < done.late <= 10


def test_a_demo_day_has_the_shape_of_a_household() -> None:
    watt_hours = day_of(2000, 1_782_000_000, "Europe/Brussels").watt_hours
    assert sum(watt_hours) == 2_000_000 // 365
    assert max(watt_hours[72:88]) > 2 * max(watt_hours[8:16]), "the evening is busier than the night"


def test_counters_are_exchanged_and_corrected() -> None:
    exchange = ("metering.updateReading", reading(5, 60)[1] | {"kind": "exchange", "last": 1400})
    correction = ("metering.updateReading", reading(105, 120)[1] | {"kind": "correction"})
    market = in_memory(3600)
    done = executed([reading(1000, 0), exchange, reading(205, 120), correction], market)
    assert not done.refusals, done.refusals
    assert market.ask("balancing.statements", {"asset_id": "m"}).net_wh == 400 + 100
    assert market.ask("metering.lastReading", {"meterId": "m"}).reading == 105
