"""What is sealed says the same for ever, whatever is changed later; and a rule holds from an epoch on."""

from typing import Any

import pytest

from joulebus.errors import MarketError
from joulebus.market.asking import asked
from joulebus.market.executor import Executor, in_memory
from tests.balancer.files import Call, T, group, meter, metered, ppa, seal

NUMBERS = ("in_wh", "out_wh", "net_wh", "internal_wh", "bought_wh", "sold_wh", "co2_mg", "upstream_from", "upstream_to", "postings")


def told(*calls: Call) -> Executor:
    """A market with epochs of an hour, after some calls that were all taken."""
    market = in_memory(3600)
    for name, arguments in calls:
        market.ask(name, arguments)
    return market


def says(market: Executor, asset: str, epoch: int = T) -> dict[str, Any]:
    """The numbers of a balance."""
    found = market.ask("balancing.balance", {"asset_id": asset, "epoch": epoch}).model_dump()
    return {name: found[name] for name in NUMBERS}


DELIVERS = (meter("p", to="seller1"), group("seller1", from_="big", to="big"), ppa("seller1", "buyer1", 200), metered("p", 500))
PURCHASES = (
    meter("load", from_="buyer1"),
    group("buyer1", from_="big", to="big"),
    ppa("buyer1", "seller1", 150, direction="from"),
    metered("load", 500),
)
BOTH_WAYS = (
    group("g", from_="u", to="u"),
    meter("prosumer", from_="g", to="g"),
    ("metering.book_epoch", {"epoch": T, "values": [{"meter_id": "prosumer", "import_wh": 300, "export_wh": 500}]}),
)
LATER: dict[str, tuple[Call, ...]] = {
    "the rest of the epoch is sealed": (),
    "another rule": (group("seller1", from_="other", to="other"), group("buyer1", from_="other", to="other"), group("g", to="other")),
    "other meters": (meter("p", to="other"), meter("load", from_="other"), meter("prosumer", from_="other", to="other")),
    "other contracts": (("contract.update", {"contract_id": "contract-000001", "energy": 1}),),
}


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize(
    ("calls", "asset", "sides"),
    [
        (DELIVERS, "seller1", ({}, {"big": 300})),
        (PURCHASES, "buyer1", ({"big": 350}, {})),
        (BOTH_WAYS, "prosumer", ({}, {})),
        (BOTH_WAYS, "g", ({}, {"u": 200})),
    ],
    ids=["a seller", "a buyer", "a prosumer", "its group"],
)
def test_a_sealed_balance_never_changes(calls: tuple[Call, ...], asset: str, sides: tuple[object, object], later: str) -> None:
    has_contract = calls is not BOTH_WAYS
    market = told(*calls, seal(asset))
    at_once = says(market, asset)
    assert (at_once["bought_wh"], at_once["sold_wh"]) == sides
    market.ask("balancing.seal_epoch", {"epoch": T})
    assert says(market, asset) == at_once
    for name, arguments in LATER[later]:
        if name != "contract.update" or has_contract:
            market.ask(name, arguments)
    assert says(market, asset) == at_once
    assert market.ask("balancing.sealed_balance", {"asset_id": asset, "epoch": T}).sold_wh == sides[1]


def test_a_prosumer_serves_nothing_inside_of_itself() -> None:
    market = told(*BOTH_WAYS, ("balancing.seal_epoch", {"epoch": T}))
    assert (says(market, "prosumer")["internal_wh"], says(market, "g")["internal_wh"]) == (0, 300)


def test_a_sum_keeps_the_members_that_it_had() -> None:
    sums = ("asset.upsert", {"asset_id": "sum", "type": "sum", "sums": ["a", "b"]})
    market = told(
        meter("a", from_="g"), meter("b", from_="g"), sums, metered("a", 100), metered("b", 30), ("balancing.seal_epoch", {"epoch": T})
    )
    assert says(market, "sum")["in_wh"] == 130
    market.ask("asset.upsert", {"asset_id": "sum", "sums": ["a"]})
    market.ask(*metered("a", 5, T + 1))
    market.ask(*metered("b", 7, T + 1))
    assert (says(market, "sum")["in_wh"], says(market, "sum", T + 1)["in_wh"]) == (130, 5)
    assert market.ask("balancing.is_sealed", {"asset_id": "sum", "epoch": T}).sealed
    with pytest.raises(MarketError, match="sum of other meters"):
        market.ask("balancing.certificate", {"asset_id": "sum", "epoch": T})


def test_a_change_of_supplier_moves_nothing_of_an_open_epoch() -> None:
    market = told(
        meter("p", to="s"), group("s", from_="A", to="A"), metered("p", 500), group("s", from_="B", to="B"), metered("p", 70, T + 1)
    )
    for epoch in (T, T + 1):
        market.ask("balancing.seal_epoch", {"epoch": epoch})
    assert (says(market, "s")["sold_wh"], says(market, "s", T + 1)["sold_wh"]) == ({"A": 500}, {"B": 70})
    asset = market.ask("asset.get", {"asset_id": "s"})
    assert [(one.until_epoch, one.balance_rule.to) for one in asset.past] == [(T + 1, "A")] and asset.balance_rule.to == "B"


def test_a_rule_may_be_set_for_a_day_to_come_and_another_one_before_it_replaces_it() -> None:
    market = told(meter("p", to="s"), group("s", to="A"), metered("p", 1))
    market.ask("asset.upsert", {"asset_id": "s", "balance_rule": {"to": "B"}, "from_epoch": T + 5})
    for epoch in range(T + 1, T + 8):
        market.ask(*metered("p", 1, epoch))
        market.ask("balancing.seal_epoch", {"epoch": epoch})
    assert [says(market, "s", epoch)["upstream_to"] for epoch in range(T + 1, T + 8)] == ["A"] * 4 + ["B"] * 3
    with pytest.raises(MarketError, match="must begin after epoch"):
        market.ask("asset.upsert", {"asset_id": "s", "balance_rule": {"to": "C"}, "from_epoch": T + 7})
    market.ask("asset.upsert", {"asset_id": "s", "balance_rule": {"to": "C"}, "from_epoch": T + 20})
    market.ask("asset.upsert", {"asset_id": "s", "balance_rule": {"to": "D"}, "from_epoch": T + 10})
    assert [one.until_epoch for one in market.ask("asset.get", {"asset_id": "s"}).past] == [T + 5, T + 10]


def test_two_groups_may_change_places_from_an_epoch_on() -> None:
    market = told(group("a", to="b"), group("b", to="top"), meter("p", to="a"), metered("p", 10))
    with pytest.raises(MarketError, match="never below itself"):
        market.ask("asset.upsert", {"asset_id": "b", "balance_rule": {"to": "a"}})
    market.ask("asset.upsert", {"asset_id": "a", "balance_rule": {"to": "top"}})
    market.ask("asset.upsert", {"asset_id": "b", "balance_rule": {"to": "a"}})
    market.ask("asset.upsert", {"asset_id": "p", "balance_rule": {"to": "b"}})
    market.ask(*metered("p", 20, T + 1))
    for epoch in (T, T + 1):
        assert market.ask("balancing.seal_epoch", {"epoch": epoch}).status == "sealed"
    assert (says(market, "a")["sold_wh"], says(market, "b")["sold_wh"]) == ({"b": 10}, {"top": 10})
    assert (says(market, "a", T + 1)["sold_wh"], says(market, "b", T + 1)["sold_wh"]) == ({"top": 20}, {"a": 20})


def test_a_correction_goes_where_the_value_would_have_gone() -> None:
    market = told(meter("p", to="A"), metered("p", 500), ("balancing.seal_epoch", {"epoch": T}), metered("p", 40))
    market.ask("asset.upsert", {"asset_id": "p", "balance_rule": {"to": "B"}})
    booked = market.ask("balancing.correct_late", {"number": 1, "epoch": T + 3})
    assert (booked.status, booked.postings[0].to, booked.postings[0].original_epoch) == ("ok", "A", T)


def test_whoever_was_made_later_is_in_no_seal_of_before() -> None:
    market = told(meter("p", to="s"), metered("p", 500), ("balancing.seal_epoch", {"epoch": T}), meter("late", to="s"))
    assert not market.ask("balancing.is_sealed", {"asset_id": "late", "epoch": T}).sealed
    for call in ("balancing.sealed_balance", "balancing.certificate"):
        with pytest.raises(MarketError, match="made after that epoch was sealed"):
            market.ask(call, {"asset_id": "late", "epoch": T})


def test_a_segment_is_given_as_one_and_never_hidden_in_a_source() -> None:
    market = told(meter("p", to="s"))
    with pytest.raises(MarketError, match='must not begin with "label="'):
        market.ask("balancing.add_settlement", {"meter_id": "p", "epoch": T, "wh": 1, "source": "label=free of charge"})
    booked = market.ask("balancing.add_settlement", {"meter_id": "p", "epoch": T, "wh": 1, "source": "of charge", "label": "free"})
    assert booked.postings[0].label == "free"


def test_money_that_does_not_fit_is_a_sentence() -> None:
    market = told(meter("p", to="s"), ("tariff.set_prices", {"prices": {"virtual_2": 10**12}, "from_epoch": 0}), metered("p", 10**11))
    for call in ("clearing.retrieve", "clearing.csv"):
        with pytest.raises(MarketError, match="does not fit: micro_euro"):
            market.ask(call, {"meter_id": "p"})


def test_a_sum_of_sums_may_be_deep() -> None:
    market = told(meter("m0", from_="g"), metered("m0", 5))
    market.run([asked("asset.upsert", {"asset_id": f"m{n}", "type": "sum", "sums": [f"m{n - 1}"]}) for n in range(1, 1_500)])
    assert says(market, "m1499")["in_wh"] == 5
    market.ask("balancing.seal_epoch", {"epoch": T})
    assert says(market, "m1499")["in_wh"] == 5
