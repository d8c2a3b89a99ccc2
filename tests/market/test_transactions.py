"""Whole or not at all: transactions, marks, refusals, snapshots, and many values at once."""

from array import array
from collections.abc import Callable

import pytest

from joulebus_core.market import Market, MarketError, Settled
from tests.market.cases import EPOCH, ROOT, SIGNER, both, hourly

HOUR = 3_600_000


def busy() -> Market:
    """A market with a bit of everything."""
    market = hourly(p=(None, "s"), m=("s", None), s=both("dso"))
    market.upsert_asset("sum", type="sum", members=["p", "m"])
    market.add_contract("s", "buyer", "to", id="ppa", epoch_wh_max=100)
    market.set_tariff(EPOCH, ["day"] * 4, [35] * 4)
    market.set_price("day", 0, 250_000)
    market.update_reading("m", EPOCH * HOUR, 1000)
    market.add_settlement("p", EPOCH, 500, source="first")
    market.seal_epoch(EPOCH, SIGNER)
    market.add_settlement("p", EPOCH, 7)
    market.add_settlement("p", EPOCH + 1, 500)
    market.seal("s", EPOCH + 1, SIGNER)
    market.add_settlement("p", EPOCH + 2, 90)
    return market


ACTS: dict[str, Callable[[Market], object]] = {
    "a new asset": lambda market: market.upsert_asset("new", rule=("newer", "newest")),
    "another rule": lambda market: market.upsert_asset("s", rule=("tso", None)),
    "another type and metadata": lambda market: market.upsert_asset("m", type="debit", metadata="{}"),
    "other members": lambda market: market.upsert_asset("sum", members=["m", "s"]),
    "many assets": lambda market: market.upsert_assets(["x", "y"], [None, "x"], ["s", None]),
    "a settlement": lambda market: market.add_settlement("m", EPOCH + 2, 5, co2_mg=3),
    "a settlement in a new epoch": lambda market: market.add_settlement("fresh", EPOCH + 9, -5),
    "a late settlement": lambda market: market.add_settlement("p", EPOCH, 5),
    "many settlements": lambda market: market.add_settlements(EPOCH + 2, market.handles(["p", "m"]), [3, -4]),
    "settlements over epochs": lambda market: market.add_settlements([EPOCH, EPOCH + 5], market.handles(["p", "m"]), [3, 4]),
    "a correction": lambda market: market.correct_late(1, EPOCH + 3),
    "a dismissal": lambda market: market.dismiss_late(1),
    "a contract": lambda market: market.add_contract("s", "other", "from", load_watts_max=3),
    "other terms": lambda market: market.update_contract("ppa", priority=9, epoch_wh_max=None),
    "an end": lambda market: market.end_contract("ppa", EPOCH + 2),
    "an order": lambda market: market.set_merit_order("s", []),
    "other terms from an epoch on": lambda market: market.update_contract("ppa", holds_from=EPOCH + 3, priority=9, epoch_wh_max=None),
    "an order from an epoch on": lambda market: market.set_merit_order("s", [], holds_from=EPOCH + 3),
    "a seal": lambda market: market.seal("s", EPOCH + 2, SIGNER),
    "a seal in a new epoch": lambda market: market.seal("p", EPOCH + 8, SIGNER),
    "a whole epoch": lambda market: market.seal_epoch(EPOCH + 2, SIGNER),
    "a whole new epoch": lambda market: market.seal_epoch(EPOCH + 7, SIGNER),
    "the rest of an epoch": lambda market: market.seal_epoch(EPOCH + 1, SIGNER),
    "a reading": lambda market: market.update_reading("m", (EPOCH + 4) * HOUR, 1600),
    "a first reading": lambda market: market.update_reading("q", (EPOCH + 4) * HOUR, 1600, register="export"),
    "an exchange": lambda market: market.exchange_meter("m", (EPOCH + 4) * HOUR, 1600, 0),
    "a corrected reading": lambda market: market.correct_reading("m", 1001),
    "a tariff": lambda market: market.set_tariff(EPOCH + 4, ["night"]),
    "a rule from an epoch on": lambda market: market.upsert_asset("p", rule=("s2", None), from_epoch=EPOCH + 3),
    "a rule for ever": lambda market: market.upsert_asset("p", rule=("s2", None)),
    "a tariff beside its like": lambda market: market.set_tariff(EPOCH + 1, ["day", "day", "day", "night"], [35] * 4),
    "a price": lambda market: market.set_price("day", EPOCH + 50, 1),
    "a first price": lambda market: market.set_price("night", 0, -1),
    "a valuation": lambda market: market.price_parts([(EPOCH + 3, 5)]),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_is_rolled_back_never_was(act: Callable[[Market], object]) -> None:
    market = busy()
    before = market.snapshot()
    market.begin()
    act(market)
    market.rollback()
    assert market.snapshot() == before
    act(market)
    changed = market.snapshot()
    assert changed != before and market.revision == Market.restore(before).revision + 1
    again = Market.restore(before)
    act(again)
    assert again.snapshot() == changed


def test_a_long_transaction_is_rolled_back_step_by_step() -> None:
    market = busy()
    before = market.snapshot()
    market.begin()
    marks = []
    for act in ACTS.values():
        marks.append(market.mark())
        try:
            act(market)
        except MarketError:
            continue
    for mark in reversed(marks):
        market.rollback_to(mark)
    market.commit()
    assert market.snapshot() == before


def test_what_was_done_before_a_mark_stays() -> None:
    market, expected = busy(), busy()
    expected.add_settlement("p", EPOCH + 2, 1)
    market.begin()
    market.add_settlement("p", EPOCH + 2, 1)
    mark = market.mark()
    market.add_settlement("p", EPOCH + 2, 2)
    market.seal_epoch(EPOCH + 2, SIGNER)
    market.rollback_to(mark)
    market.commit()
    assert market.snapshot() == expected.snapshot()


def test_transactions_do_not_nest_and_end_once() -> None:
    market = busy()
    market.begin()
    for act in (market.begin, market.snapshot):
        with pytest.raises(MarketError) as caught:
            act()
        assert caught.value.reason == "transaction"
    market.commit()
    for end in (market.commit, market.rollback, market.mark):
        with pytest.raises(MarketError, match="begin one first"):
            end()


REFUSALS: dict[str, tuple[Callable[[Market], object], str, str]] = {
    "an empty id": (lambda market: market.upsert_asset(""), "name", "1 to 128 bytes"),
    "a control character": (lambda market: market.add_settlement("a\nb", EPOCH, 1), "name", "no control characters"),
    "a type": (lambda market: market.upsert_asset("a", type="group"), "type", "meter, balance, debit"),
    "a rule for the root": (lambda market: market.upsert_asset(ROOT, rule=("a", None)), "root", "it has no upstream"),
    "the root metered": (lambda market: market.add_settlement(ROOT, EPOCH, 1), "root", "no upstream to be metered"),
    "members of a meter": (lambda market: market.upsert_asset("p", members=["m"]), "members", "only an asset of type sum"),
    "a sum from a meter": (lambda market: market.upsert_asset("p", type="sum"), "type", "cannot become sum"),
    "below a sum": (lambda market: market.upsert_asset("p", rule=("sum", None)), "sum", "cannot be an upstream"),
    "epoch before 1970": (lambda market: market.add_settlement("p", -1, 1), "range", "0 to "),
    "an epoch in milliseconds": (lambda market: market.add_settlement("p", EPOCH * HOUR, 1), "range", "unix seconds // 3600"),
    "too much": (lambda market: market.add_settlement("p", EPOCH + 2, 2**53), "range", "below 2^53"),
    "too much together": (
        lambda market: [market.add_settlement("p", EPOCH + 2, 2**52) for _ in range(3)] if market.in_transaction else None,
        "range",
        "do not fit",
    ),
    "a register": (lambda market: market.add_settlement("p", EPOCH, 1, register="in"), "register", "import, export"),
    "unknown in a question": (lambda market: market.balance("nobody", EPOCH), "unknown_asset", "upsert it first"),
    "an unknown handle": (lambda market: market.add_settlements(EPOCH + 2, [1, 99], [1, 1]), "unknown_asset", "handle 99"),
    "uneven columns": (lambda market: market.add_settlements(EPOCH + 2, [1, 2], [1]), "range", "equally long"),
    "a contract with oneself": (lambda market: market.add_contract("s", "s", "to"), "partner", "between two"),
    "a contract of the root": (lambda market: market.add_contract(ROOT, "s", "to"), "root", "no residual"),
    "a contract's id taken": (lambda market: market.add_contract("s", "x", "to", id="ppa"), "taken", "another id"),
    "a direction": (lambda market: market.add_contract("s", "x", "out"), "direction", "`to` (deliver) or `from` (purchase)"),
    "a limit below zero": (lambda market: market.add_contract("s", "x", "to", total_wh_max=-1), "range", "0 or more"),
    "an unknown term": (lambda market: market.update_contract("ppa", energy=5), "terms", "not energy"),
    "validity backwards": (lambda market: market.update_contract("ppa", from_epoch=9, until_epoch=8), "range", "until a later one"),
    "an unknown contract": (lambda market: market.end_contract("no", EPOCH), "unknown_contract", "'no'|\"no\""),
    "a place outside": (lambda market: market.move_contract("ppa", 5), "order", "0 to 0"),
    "an unknown late value": (lambda market: market.correct_late(77, EPOCH + 2), "unknown_late", "no late value 77"),
    "a sum sealed": (lambda market: market.seal("sum", EPOCH + 2, SIGNER), "sum", "seal these"),
    "a closed epoch asked": (lambda market: market.postings(EPOCH), "closed", "left the engine"),
    "a reading below zero of time": (lambda market: market.update_reading("m", -1, 5), "range", "1970 to 9999"),
    "a price too high": (lambda market: market.set_price("day", EPOCH + 60, 10**15), "range", "micro-euro"),
    "a label": (lambda market: market.set_tariff(EPOCH + 9, ["ok", " "]), "name", "a label has"),
}


@pytest.mark.parametrize(("act", "reason", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_says_why_and_changes_nothing(act: Callable[[Market], object], reason: str, words: str) -> None:
    market = busy()
    before = market.snapshot()
    market.begin()
    with pytest.raises(MarketError) as caught:
        act(market)
    market.rollback()
    assert caught.value.reason == reason
    assert any(word in str(caught.value) for word in words.split("|")), str(caught.value)
    assert market.snapshot() == before


def test_a_refused_operation_leaves_no_trace_without_a_transaction_either() -> None:
    market = busy()
    before = market.snapshot()
    handles = market.handles(["p", "m", "p"])
    with pytest.raises(MarketError):
        market.add_settlements(EPOCH + 2, [*handles, 99], [1, 2, 3, 4])
    with pytest.raises(MarketError):
        market.upsert_assets(["new", "p", "s"], [None, None, "p"], [None, "s", None])
    assert market.snapshot() == before


def test_many_values_are_booked_like_each_alone() -> None:
    many, each = busy(), busy()
    meters, wh, co2 = ["p", "m", "p", "s", "m"], [5, 0, -3, 2**40, 8], [1, 0, 0, 2**41, 9]
    done: Settled = many.add_settlements(EPOCH + 2, array("q", many.handles(meters)), array("q", wh), co2_mg=array("q", co2), source="bulk")
    for meter, value, mg in zip(meters, wh, co2, strict=True):
        each.add_settlement(meter, EPOCH + 2, value, co2_mg=mg, source="bulk")
    assert (done.booked, done.nothing, done.late) == (4, 1, [])
    assert [repr(posting) for posting in many.postings(EPOCH + 2)] == [repr(posting) for posting in each.postings(EPOCH + 2)]
    assert many.seal_epoch(EPOCH + 2, SIGNER).batch.blob == each.seal_epoch(EPOCH + 2, SIGNER).batch.blob  # type: ignore[union-attr]


def test_the_order_of_arrival_changes_no_seal() -> None:
    blobs = set()
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        market = busy()
        values = [("p", 5, "a"), ("p", 5, "b"), ("m", 3, None), ("s", 8, None)]
        for number in order:
            meter, wh, source = values[number]
            market.add_settlement(meter, EPOCH + 2, wh, source=source)
        sealing = market.seal_epoch(EPOCH + 2, SIGNER)
        assert sealing.batch is not None
        blobs.add(sealing.batch.blob)
    assert len(blobs) == 1


def test_sealed_epochs_leave_the_engine() -> None:
    market = busy()
    sizes = []
    for epoch in range(EPOCH + 3, EPOCH + 103):
        market.add_settlement("p", epoch, 500)
        market.seal_epoch(epoch, SIGNER)
        sizes.append(len(market.snapshot()))
    assert max(sizes) - min(sizes) <= 8


def test_a_damaged_snapshot_is_refused() -> None:
    snapshot = busy().snapshot()
    for at in range(0, len(snapshot), 7):
        with pytest.raises(MarketError) as caught:
            Market.restore(snapshot[:at] + bytes([snapshot[at] ^ 16]) + snapshot[at + 1 :])
        assert caught.value.reason == "damage"


NUMBERS: dict[str, Callable[[Market], object]] = {
    "half a watt-hour": lambda market: market.add_settlement("p", EPOCH + 2, 1.5),  # type: ignore[arg-type]
    "a text": lambda market: market.add_settlement("p", "1", 1),  # type: ignore[arg-type]
    "too large": lambda market: market.add_settlement("p", EPOCH + 2, 2**70),
    "CO2 below zero": lambda market: market.add_settlement("p", EPOCH + 2, 1, co2_mg=-1),
    "a reading below zero": lambda market: market.update_reading("m", (EPOCH + 4) * HOUR, -1),
    "half a reading": lambda market: market.update_reading("m", (EPOCH + 4) * HOUR, 0.5),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("act", NUMBERS.values(), ids=NUMBERS)
def test_what_is_no_integer_in_range_is_refused_in_words(act: Callable[[Market], object]) -> None:
    market = busy()
    before = market.snapshot()
    with pytest.raises(MarketError, match="integers of 64 bits|0 mg or more; this is -1") as caught:
        act(market)
    assert caught.value.reason == "range"
    assert market.snapshot() == before


def test_the_path_of_a_long_cycle_shows_both_ends() -> None:
    market = Market("deep")
    for number in range(1, 1000):
        market.upsert_asset(f"g{number}", rule=both(f"g{number - 1}"))
    with pytest.raises(MarketError, match=r"g0 -> g999 -> .* -> \(981 more\) -> .* -> g1 -> g0$"):
        market.upsert_asset("g0", rule=both("g999"))
