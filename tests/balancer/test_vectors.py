"""The normative vectors N1 to N16 of the predecessor's lessons, through a file of operations."""

import pytest

from tests.balancer.files import Call, T, executed, flows, group, meter, metered, ppa, seal, statuses

ROOT = "eaf_generic_balancegroup"
SELLER = [meter("p", to="seller1"), group("seller1", from_="big", to="big")]
BUYER = [meter("buyer1", from_="big"), metered("p", 500), metered("buyer1", 200)]
THREE = [ppa("seller1", "b3", 300), ppa("seller1", "b2", 200), ppa("seller1", "b1", 100)]
SIDES = [meter("m1", to="s"), meter("m2", from_="s"), group("s", from_="bigFrom", to="bigTo")]
LEVELS = [
    meter("p", to="s"),
    meter("m", from_="s"),
    group("s", from_="dso", to="dso"),
    group("dso", from_="tso", to="tso"),
    group("tso", from_=ROOT, to=ROOT),
]


def with_limit(**limit: int) -> list[Call]:
    """The three contracts with a limit each, in W."""
    return [(name, arguments | limit) for name, arguments in THREE]


def sold(*amounts: int) -> set[tuple[str, str, int]]:
    """What the three buyers get, and what it is countered with."""
    found = {("seller1", buyer, wh) for buyer, wh in zip(("b3", "b2", "b1"), amounts, strict=True) if wh}
    return found | {("big", "seller1", wh) for wh in amounts if wh}


CASES = {
    "N1": (
        [*SELLER, ppa("seller1", "buyer1", 200), metered("p", 500), seal("seller1")],
        {("p", "seller1", 500), ("seller1", "big", 500), ("seller1", "buyer1", 200), ("big", "seller1", 200)},
        {"p": -500, "seller1": 0, "big": 300, "buyer1": 200},
    ),
    "N2": ([*SELLER, *THREE, metered("p", 500), seal("seller1")], sold(300, 200, 0), {"big": 0, "seller1": 0}),
    "N3": ([*SELLER, *THREE, metered("p", 700), seal("seller1")], sold(300, 200, 100), {"big": 100, "seller1": 0}),
    "N4": ([*SELLER, *THREE, metered("p", 250), seal("seller1")], sold(250, 0, 0), {"big": 0, "seller1": 0}),
    "N5": ([*SELLER, *THREE, metered("p", 0), seal("seller1")], set(), {}),
    "N6": ([*SELLER, *with_limit(load_min=150), metered("p", 500), seal("seller1")], sold(300, 200, 0), {"big": 0}),
    "N7": ([*SELLER, *with_limit(load_max=120), metered("p", 500), seal("seller1")], sold(120, 120, 100), {"big": 160}),
    "N8": ([*SIDES, metered("m1", 500), metered("m2", 300), seal("s")], {("s", "bigTo", 200)}, {"s": 0, "bigTo": 200}),
    "N9": (
        [*SIDES, metered("m1", 300), metered("m2", 500), ppa("s", "gen", 150, "from"), seal("s")],
        {("bigFrom", "s", 200), ("gen", "s", 150), ("s", "bigFrom", 150)},
        {"bigFrom": -50, "gen": -150, "s": 0},
    ),
    "N10": (
        [*LEVELS, metered("p", 500), metered("m", 300), seal("s"), seal("dso"), seal("tso")],
        {("s", "dso", 200), ("dso", "tso", 200), ("tso", ROOT, 200)},
        {"s": 0, "dso": 0, "tso": 0, ROOT: 200},
    ),
    "N11 with": (
        [*SELLER, ppa("seller1", "buyer1", 200), *BUYER, seal("seller1"), seal("buyer1")],
        {("buyer1", "big", 200)},
        {"big": 300},
    ),
    "N11 without": (
        [*SELLER, *BUYER, seal("seller1"), seal("buyer1")],
        {("big", "buyer1", 200)},
        {"big": 300},
    ),
    "N15": (
        [
            meter("balancingMeter0", to="DemoBalanceGroup"),
            *(meter(f"balancingMeter{number}", from_="DemoBalanceGroup") for number in (1, 2, 3)),
            *(metered(f"balancingMeter{number}", wh) for number, wh in enumerate((900, 200, 300, 250, 123))),
            seal("DemoBalanceGroup"),
        ],
        {("DemoBalanceGroup", ROOT, 150), (ROOT, "balancingMeter4", 123)},
        {ROOT: 27, "DemoBalanceGroup": 0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_vector_of_the_predecessor_holds(name: str) -> None:
    calls, wanted, nets = CASES[name]
    done = executed(calls)
    assert not done.refusals
    assert wanted <= set(flows(done)), name
    found = done.nets[str(T)]
    assert {asset: found.get(asset, 0) for asset in nets} == nets
    assert sum(found.values()) == 0
    assert all(wh > 0 for _, _, wh in flows(done)), "a zero posting is never booked"


def test_sealing_twice_says_so_and_counts_the_contract_once() -> None:
    calls = [*SELLER, ppa("seller1", "buyer1", 200), metered("p", 500), seal("seller1"), seal("seller1"), ("contract.list", {})]
    done = executed(calls)
    assert statuses(done)[-3:] == ["sealed", "already_sealed", "ok"]
    assert done.results[-2]["answer"]["seal"]["hash"] == done.results[-3]["answer"]["seal"]["hash"]
    assert done.results[-1]["answer"]["contracts"][0]["balanced"] == 200
    assert [one["asset_id"] for one in done.seals] == ["seller1"]


def test_a_late_value_waits_and_is_corrected_in_an_open_epoch() -> None:  # N13
    calls = [*SELLER, metered("p", 500), seal("p"), metered("p", 50)]
    done = executed(calls)
    assert statuses(done)[-1] == "late" and ("p", "seller1", 550) not in flows(done)
    corrected = executed([*calls, ("balancing.late", {}), ("balancing.correct_late", {"number": 1, "epoch": T + 1})])
    correction = [one for one in corrected.postings if one["kind"] == "correction"]
    assert [(one["from"], one["to"], one["wh"], one["epoch"], one["original_epoch"]) for one in correction] == [
        ("p", "seller1", 50, T + 1, T)
    ]


def test_a_sealed_upstream_is_told() -> None:  # N14
    done = executed([*LEVELS, metered("p", 500), seal("dso"), seal("s")])
    assert statuses(done)[-1] == "upstream_sealed" and done.results[-1]["reason"]
    assert all(giver != "s" for giver, _, _ in flows(done))


def test_a_demanding_seller_is_served_by_the_merit_order_that_was_set() -> None:
    named = [(name, arguments | {"contractId": f"c{number}"}) for number, (name, arguments) in enumerate(THREE)]
    order = ("meritorder.set", {"assetId": "seller1", "mol": ["c2", "c1", "c0"]})
    done = executed([*SELLER, *named, order, metered("p", 250), seal("seller1")])
    assert {("seller1", "b1", 100), ("seller1", "b2", 150)} <= set(flows(done))


def test_a_contract_that_is_inactive_or_ended_serves_nothing() -> None:  # D5
    for more in ({"status": "inactive"}, {"valid_until": T}, {"valid_from": T + 1}):
        done = executed([*SELLER, ("contract.add", ppa("seller1", "buyer1", 200)[1] | more), metered("p", 500), seal("seller1")])
        assert not [one for one in done.postings if one["kind"] == "contract"], more
    ended = [("contract.add", ppa("seller1", "b", 200)[1] | {"contract_id": "c"}), ("contract.end", {"contract_id": "c"})]
    done = executed([*SELLER, *ended, metered("p", 500), seal("seller1")])
    assert not [one for one in done.postings if one["kind"] == "contract"]
