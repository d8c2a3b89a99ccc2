"""What the predecessor does wrong, each by the letter of its list, done right."""

import pytest

from joulebus_core.market import Market, MarketError
from tests.market.cases import EPOCH, ROOT, SIGNER, both, hourly, texts

HOUR = 3_600_000
START = EPOCH * HOUR


def lesson(production: int, **terms: int | str | None) -> Market:
    """Lesson 5 with one contract, sealed by its seller."""
    market = hourly(p=(None, "seller1"), seller1=both("big"))
    market.add_contract("seller1", "buyer1", "to", id="ppa", **terms)
    market.add_settlement("p", EPOCH, production)
    assert market.seal("seller1", EPOCH, SIGNER).status == "sealed"
    return market


def served(market: Market) -> list[int]:
    return [posting.wh for posting in market.postings(EPOCH) if posting.kind == "contract"]


LIMITS: dict[str, tuple[int, dict[str, int | str | None], list[int]]] = {
    "D1 at most 100 W": (500, {"epoch_wh_max": 1000, "load_watts_max": 100}, [100]),
    "D2 at least 600 W of 500": (500, {"epoch_wh_max": 1000, "load_watts_min": 600}, []),
    "D3, C6 at least 450 W of 400": (500, {"epoch_wh_max": 400, "load_watts_min": 450}, []),
    "D4 at least 500 W of 500": (500, {"epoch_wh_max": 1000, "load_watts_min": 500}, [500]),
    "D5, C5 inactive": (500, {"epoch_wh_max": 200, "status": "inactive"}, []),
    "C5 not yet valid": (500, {"from_epoch": EPOCH + 1}, []),
    "C5 not valid any more": (500, {"until_epoch": EPOCH}, []),
    "C5 valid in just this epoch": (500, {"from_epoch": EPOCH, "until_epoch": EPOCH + 1}, [500]),
    "C more than there is": (500, {"epoch_wh_max": 800}, [500]),
    "without limits": (500, {}, [500]),
    "out of the merit order": (500, {"priority": None}, []),
    "total used up": (500, {"total_wh_max": 0}, []),
}


@pytest.mark.parametrize(("production", "terms", "wh"), LIMITS.values(), ids=LIMITS)
def test_a_contract_keeps_its_limits(production: int, terms: dict[str, int | str | None], wh: list[int]) -> None:
    assert served(lesson(production, **terms)) == wh


def test_watts_are_of_an_hour_and_rounded_down_for_an_epoch() -> None:
    market = Market("quarters")
    market.upsert_asset("p", rule=(None, "s"))
    market.add_contract("s", "b", "to", load_watts_max=1_003, load_watts_min=1_000)
    market.add_settlement("p", EPOCH, 500)
    assert [posting.wh for posting in market.propose_seal("s", EPOCH).postings if posting.kind == "contract"] == [250]
    market.update_contract("contract-000001", load_watts_min=1_001)
    assert [posting for posting in market.propose_seal("s", EPOCH).postings if posting.kind == "contract"] == []


def test_total_energy_stops_at_its_cap_over_the_epochs() -> None:
    market = hourly(p=(None, "s"))
    market.add_contract("s", "b", "to", id="ppa", total_wh_max=700)
    delivered = []
    for epoch in range(EPOCH, EPOCH + 3):
        market.add_settlement("p", epoch, 300)
        market.seal_epoch(epoch, SIGNER)
        contract = market.contract("ppa")
        assert contract is not None
        delivered.append(contract.delivered_wh)
    assert delivered == [300, 600, 700]


def test_a1_a_second_upsert_changes_the_rule() -> None:
    market = hourly(m=("first", None))
    assert market.upsert_asset("m", rule=(None, "second")).rule_to == "second"
    market.add_settlement("m", EPOCH, 5)
    assert texts(market.postings(EPOCH)) == ["m->second 5 meter"]


def test_a3_what_is_asked_is_never_stale() -> None:
    market = hourly(p=(None, "s"))
    for production in (500, 100):
        market.add_settlement("p", EPOCH, production)
        balance = market.balance("s", EPOCH)
    assert (balance.open_wh, balance.sealed) == (600, False)
    market.seal("s", EPOCH, SIGNER)
    assert market.balance("s", EPOCH).sealed
    market.set_price("x", EPOCH, 1)
    market.set_price("x", EPOCH, 2)
    assert market.price("x", EPOCH) == 2


def test_b4_and_b5_only_energy_is_priced_each_epoch_with_its_own_price() -> None:
    market = hourly()
    market.set_price("virtual_0", 0, 100_000)
    market.set_price("virtual_0", EPOCH + 1, 110_000)
    market.update_reading("m", START, 0)
    clearing = market.update_reading("m", START + 2 * HOUR, 2000).clearing
    assert clearing is not None
    assert [(line.label, line.micro_euro_per_kwh, line.cost_micro_euro) for line in clearing.lines] == [
        ("virtual_0", 100_000, 100_000),
        ("virtual_0", 110_000, 110_000),
    ]


def test_b6_exact_quarters_of_an_hour_are_all_processed() -> None:
    market = Market("demo")
    readings = [market.update_reading("m", START + quarter * 900_000, 10 * quarter) for quarter in range(97)]
    assert [reading.status for reading in readings] == ["first"] + ["ok"] * 96
    assert sum(reading.consumption_wh for reading in readings) == 960


def test_c1_and_c3_all_contracts_of_a_seller_are_kept_and_booked() -> None:
    market = hourly(p=(None, "s"), s=both("big"))
    for number, wh in ((1, 100), (2, 200), (3, 300)):
        market.add_contract("s", f"b{number}", "to", epoch_wh_max=wh)
    market.add_settlement("p", EPOCH, 700)
    market.seal("s", EPOCH, SIGNER)
    assert served(market) == [100, 200, 300]


def test_c2_never_is_more_sold_than_there_is() -> None:
    market = hourly(p=(None, "s"), s=both("big"))
    for number, wh in ((1, 300), (2, 200), (3, 100)):
        market.add_contract("s", f"b{number}", "to", epoch_wh_max=wh)
    market.add_settlement("p", EPOCH, 500)
    market.seal("s", EPOCH, SIGNER)
    assert served(market) == [300, 200] and market.balances(EPOCH)["big"] == 0


def test_c4_what_was_delivered_counts_once() -> None:
    contract = lesson(500, epoch_wh_max=200).contract("ppa")
    assert contract is not None and contract.delivered_wh == 200


SIDES: dict[str, tuple[tuple[str | None, str | None], int, str]] = {
    "F a surplus goes to `to`": (("bigFrom", "bigTo"), 500, "s->bigTo 500 residual"),
    "F2 a shortage is bought at `from`": (("bigFrom", "bigTo"), -500, "bigFrom->s 500 residual"),
    "F4 `to` alone serves a surplus": ((None, "big"), 500, "s->big 500 residual"),
    "F4 `to` alone serves a shortage": ((None, "big"), -500, "big->s 500 residual"),
    "F4 `from` alone serves a surplus": (("big", None), 500, "s->big 500 residual"),
    "no side is the root": ((None, None), 500, f"s->{ROOT} 500 residual"),
}


@pytest.mark.parametrize(("rule", "wh", "residual"), SIDES.values(), ids=SIDES)
def test_c7_the_residual_goes_to_the_right_side(rule: tuple[str | None, str | None], wh: int, residual: str) -> None:
    market = hourly(m=("s", "s"), s=rule)
    market.add_settlement("m", EPOCH, -wh)
    market.seal("s", EPOCH, SIGNER)
    assert texts(market.postings(EPOCH))[-1] == residual


METERED: dict[str, tuple[tuple[str | None, str | None], int, str]] = {
    "only to generates": ((None, "g"), 5, "m->g 5 meter"),
    "only to, negative, consumes": ((None, "g"), -5, "g->m 5 meter"),
    "only from consumes": (("g", None), 5, "g->m 5 meter"),
    "P only from, negative, generates": (("g", None), -5, "m->g 5 meter"),
    "both, positive, consumes": (("a", "b"), 5, "a->m 5 meter"),
    "both, negative, generates": (("a", "b"), -5, "m->b 5 meter"),
    "no rule": ((None, None), 5, f"{ROOT}->m 5 meter"),
}


@pytest.mark.parametrize(("rule", "wh", "posting"), METERED.values(), ids=METERED)
def test_a_metered_value_has_a_direction_and_never_a_sign(rule: tuple[str | None, str | None], wh: int, posting: str) -> None:
    market = hourly(m=rule)
    market.add_settlement("m", EPOCH, wh)
    assert texts(market.postings(EPOCH)) == [posting]


def test_c8_a_sealed_epoch_is_closed_for_meter_and_group() -> None:
    market = hourly(p=(None, "s"), q=(None, "s"), s=both("big"))
    market.add_settlement("p", EPOCH, 500)
    market.seal("p", EPOCH, SIGNER)
    market.seal("s", EPOCH, SIGNER)
    assert [market.add_settlement(meter, EPOCH, 50).status for meter in ("p", "q")] == ["late", "late"]
    assert market.balances(EPOCH)["s"] == 0


def test_c12_and_g2_a_sealed_parent_takes_no_residual() -> None:
    market = hourly(p=(None, "s"), s=both("dso"), dso=both("tso"))
    market.add_settlement("p", EPOCH, 500)
    market.seal("dso", EPOCH, SIGNER)
    assert market.seal("s", EPOCH, SIGNER).status == "upstream_sealed"
    assert texts(market.postings(EPOCH)) == ["p->s 500 meter"]


def test_c13_and_h_the_root_is_sealed_like_all_others() -> None:
    market = hourly(p=(None, None))
    market.add_settlement("p", EPOCH, 1000)
    sealing = market.seal(ROOT, EPOCH, SIGNER)
    assert (sealing.status, sealing.postings) == ("sealed", [])
    assert market.balances(EPOCH) == {ROOT: -1000, "p": 1000}


def test_c14_zero_is_never_booked() -> None:
    market = lesson(0, epoch_wh_max=200)
    assert market.postings(EPOCH) == []
    assert market.add_settlement("p", EPOCH + 1, 0).status == "nothing"
    assert market.asset("p") is not None


def test_c14b_a_contract_that_serves_nothing_leaves_no_trace() -> None:
    market = lesson(500, epoch_wh_max=1000, load_watts_min=600)
    assert texts(market.postings(EPOCH)) == ["p->seller1 500 meter", "seller1->big 500 residual"]
    unsealed = hourly(p=(None, "s"), s=both("big"))
    unsealed.add_settlement("p", EPOCH, 500)
    assert texts(unsealed.balance("s", EPOCH).proposed) == ["s->big 500 residual"]


def test_c10_who_is_not_sealed_is_told_why() -> None:
    market = hourly(p=(None, "s"), s=both("dso"), dso=both("tso"))
    market.add_settlement("p", EPOCH, 500)
    assert market.seal("dso", EPOCH, SIGNER).status == "sealed"
    refused = market.seal("s", EPOCH, SIGNER)
    assert refused.status == "upstream_sealed" and refused.reason is not None and "dso" in refused.reason


def test_b8_closing_a_bill_invents_no_energy() -> None:
    market = hourly()
    market.set_price("virtual_0", 0, 100_000)
    market.update_reading("m", START, 1_000)
    again = market.update_reading("m", START + HOUR, 1_000)
    assert (again.status, again.consumption_wh, market.postings(EPOCH)) == ("ok", 0, [])
    assert again.clearing is None or again.clearing.cost_nano_euro == 0


def test_k_what_is_even_is_sealed_at_once() -> None:
    market = hourly(p=(None, "s"), m=("s", None))
    for meter in ("p", "m"):
        market.add_settlement(meter, EPOCH, 300)
    assert market.seal("s", EPOCH, SIGNER).postings == []
    assert (market.balance("s", EPOCH).internal_wh, market.balance("s", EPOCH).open_wh) == (300, 0)


def test_x_a_contract_carries_its_part_of_the_co2() -> None:
    market = hourly(p=(None, "seller1"), seller1=both("big"))
    for number in (1, 2):
        market.add_contract("seller1", f"b{number}", "to", epoch_wh_max=200)
    market.add_settlement("p", EPOCH, 500, co2_mg=50_000)
    market.seal("seller1", EPOCH, SIGNER)
    by_kind = [(posting.kind, posting.co2_mg) for posting in market.postings(EPOCH)]
    assert by_kind == [("meter", 50_000), ("residual", 50_000)] + [("contract", 20_000)] * 2 + [("counter", 20_000)] * 2


def test_c16_inside_and_outside_are_told_apart() -> None:
    market = hourly(p=(None, "s"), m=("s", None), s=both("dso"))
    market.add_contract("s", "buyer", "to", id="ppa", epoch_wh_max=150)
    market.add_settlement("p", EPOCH, 500)
    market.add_settlement("m", EPOCH, 300)
    assert [posting.wh for posting in market.balance("s", EPOCH).proposed] == [200, 150, 150]
    market.seal("s", EPOCH, SIGNER)
    group, upstream = market.balance("s", EPOCH), market.balance("dso", EPOCH)
    assert (group.supplied_wh, group.drawn_wh, group.internal_wh) == (500, 300, 300)
    assert (group.sold_wh, group.bought_wh, group.contracts, group.net_wh) == ({"dso": 50}, {}, {"ppa": -150}, 0)
    assert (upstream.supplied_wh, upstream.open_wh, market.balance("p", EPOCH).metered_out_wh) == (50, 50, 500)


CYCLES: dict[str, tuple[dict[str, tuple[str | None, str | None]], str]] = {
    "itself": ({"a": both("a")}, "a -> a"),
    "each other": ({"a": both("b"), "b": both("a")}, "b -> a -> b"),
    "three, by one side only": ({"a": ("b", None), "b": (None, "c"), "c": ("x", "a")}, "c -> a -> b -> c"),
}


@pytest.mark.parametrize(("rules", "path"), CYCLES.values(), ids=CYCLES)
def test_a_cycle_of_groups_is_refused_with_its_path(rules: dict[str, tuple[str | None, str | None]], path: str) -> None:
    market = Market("cycles")
    *good, (asset, rule) = rules.items()
    for name, above in good:
        market.upsert_asset(name, rule=above)
    before = market.state_hash()
    with pytest.raises(MarketError, match=f": {path}$") as caught:
        market.upsert_asset(asset, rule=rule)
    assert caught.value.reason == "cycle"
    assert market.state_hash() == before


def test_a_sum_adds_up_its_members_once() -> None:
    market = hourly(a=("s", None), b=("s", None))
    market.upsert_asset("both", type="sum", members=["a", "b"])
    market.upsert_asset("all", type="sum", members=["both", "a"], metadata='{"floor": 2}')
    for meter, wh in (("a", 3), ("b", 4)):
        market.add_settlement(meter, EPOCH, wh)
    assert market.balance("all", EPOCH).metered_in_wh == 7
    with pytest.raises(MarketError, match="all -> both -> all|both -> all -> both"):
        market.upsert_asset("both", members=["all"])
    with pytest.raises(MarketError, match="has no postings of its own"):
        market.add_settlement("all", EPOCH, 1)
    asset = market.asset("all")
    assert asset is not None and (asset.metadata, asset.members) == ('{"floor": 2}', ["a", "both"])


def test_the_merit_order_is_by_priority_and_then_by_id() -> None:
    market = Market("orders")
    for id, priority in (("b", 1), ("a", 1), ("c", 0)):
        market.add_contract("s", "x", "to", id=id, priority=priority)

    def order() -> str:
        return "".join(contract.id for contract in market.merit_order("s"))

    assert order() == "cab"
    market.move_contract("b", 0)
    assert (order(), [contract.priority for contract in market.merit_order("s")]) == ("bca", [1, 2, 3])
    market.unrank_contract("c")
    assert order() == "ba"
    market.rank_contract("c", 1)
    assert order() == "bca"
    market.set_merit_order("s", ["a", "b"])
    assert order() == "ab"
    with pytest.raises(MarketError, match="each once"):
        market.set_merit_order("s", ["a", "a"])
    assert order() == "ab"


def test_a_contract_that_is_ended_serves_until_then() -> None:
    market = lesson(500, epoch_wh_max=200)
    assert market.end_contract("ppa", EPOCH + 1).until_epoch == EPOCH + 1
    market.add_settlement("p", EPOCH + 1, 500)
    assert [posting.kind for posting in market.propose_seal("seller1", EPOCH + 1).postings] == ["residual"]
