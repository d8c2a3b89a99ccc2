"""N1 to N16: what the market does, vector by vector, with the predecessor's names."""

import pytest

from tests.market.cases import EPOCH, ROOT, SIGNER, Case, Ppa, both, hourly, text, texts

LESSON_5 = {"p": (None, "seller1"), "seller1": both("big"), "big": (None, None), "buyer1": (None, None)}


def lesson(
    production: int, *ppas: Ppa
) -> tuple[dict[str, tuple[str | None, str | None]], dict[str, int], tuple[str, ...], tuple[Ppa, ...]]:
    return LESSON_5, {"p": production}, ("p", "seller1"), ppas


def three(production: int, postings: tuple[str, ...], big: int, **terms: int | str | None) -> Case:
    """N2 to N7: three contracts of 300, 200 and 100 Wh."""
    contracts = tuple(Ppa("seller1", f"b{number}", wh, terms=terms) for number, wh in ((1, 300), (2, 200), (3, 100)))
    nets = {"seller1": 0, "big": big}
    return Case(LESSON_5, {"p": production}, ("p", "seller1"), postings, nets, contracts)


CASES = {
    "N1 lesson 5": Case(
        LESSON_5,
        {"p": 500},
        ("p", "seller1"),
        ("p->seller1 500 meter", "seller1->big 500 residual", "seller1->buyer1 200 contract c1", "big->seller1 200 counter c1"),
        {"p": -500, "seller1": 0, "big": 300, "buyer1": 200},
        (Ppa("seller1", "buyer1", 200, terms={"load_watts_min": 0, "load_watts_max": 20_000}),),
    ),
    "N2 three contracts, 500": three(
        500,
        (
            "p->seller1 500 meter",
            "seller1->big 500 residual",
            "seller1->b1 300 contract c1",
            "seller1->b2 200 contract c2",
            "big->seller1 300 counter c1",
            "big->seller1 200 counter c2",
        ),
        0,
    ),
    "N3 three contracts, 700": three(
        700,
        (
            "p->seller1 700 meter",
            "seller1->big 700 residual",
            "seller1->b1 300 contract c1",
            "seller1->b2 200 contract c2",
            "seller1->b3 100 contract c3",
            "big->seller1 300 counter c1",
            "big->seller1 200 counter c2",
            "big->seller1 100 counter c3",
        ),
        100,
    ),
    "N4 three contracts, 250": three(
        250,
        ("p->seller1 250 meter", "seller1->big 250 residual", "seller1->b1 250 contract c1", "big->seller1 250 counter c1"),
        0,
    ),
    "N5 nothing produced": Case(LESSON_5, {"p": 0}, ("p", "seller1", "big"), (), {}, (Ppa("seller1", "buyer1", 200),)),
    "N6 at least 150 W each": three(
        500,
        (
            "p->seller1 500 meter",
            "seller1->big 500 residual",
            "seller1->b1 300 contract c1",
            "seller1->b2 200 contract c2",
            "big->seller1 300 counter c1",
            "big->seller1 200 counter c2",
        ),
        0,
        load_watts_min=150,
    ),
    "N7 at most 120 W each": three(
        500,
        (
            "p->seller1 500 meter",
            "seller1->big 500 residual",
            "seller1->b1 120 contract c1",
            "seller1->b2 120 contract c2",
            "seller1->b3 100 contract c3",
            "big->seller1 120 counter c1",
            "big->seller1 120 counter c2",
            "big->seller1 100 counter c3",
        ),
        160,
        load_watts_max=120,
    ),
    "N8 a surplus goes to the side that buys it": Case(
        {"gen": (None, "s"), "use": ("s", None), "s": ("bigFrom", "bigTo")},
        {"gen": 500, "use": 300},
        ("gen", "use", "s"),
        ("gen->s 500 meter", "s->use 300 meter", "s->bigTo 200 residual"),
        {"s": 0, "bigTo": 200, "gen": -500, "use": 300},
    ),
    "N9 a shortage is bought, and a purchase contract serves it": Case(
        {"g": (None, "s"), "use": ("s", None), "s": ("bigFrom", "bigTo")},
        {"g": 300, "use": 500},
        ("s",),
        (
            "g->s 300 meter",
            "s->use 500 meter",
            "bigFrom->s 200 residual",
            "gen->s 150 contract c1",
            "s->bigFrom 150 counter c1",
        ),
        {"s": 0, "bigFrom": -50, "gen": -150, "g": -300, "use": 500},
        (Ppa("s", "gen", 150, "from"),),
    ),
    "N10 groups in groups": Case(
        {"p": (None, "s"), "m": ("s", None), "s": both("dso"), "dso": both("tso"), "tso": (None, None)},
        {"p": 500, "m": 300},
        ("p", "m", "s", "dso", "tso", ROOT),
        ("p->s 500 meter", "s->m 300 meter", "dso->tso 200 residual", "s->dso 200 residual", f"tso->{ROOT} 200 residual"),
        {"s": 0, "dso": 0, "tso": 0, ROOT: 200, "p": -500, "m": 300},
    ),
    "N11 a buyer who meters, with a contract": Case(
        {**LESSON_5, "buyer1": ("big", None)},
        {"p": 500, "buyer1": 200},
        ("p", "seller1", "buyer1"),
        (
            "big->buyer1 200 meter",
            "p->seller1 500 meter",
            "buyer1->big 200 residual",
            "seller1->big 500 residual",
            "seller1->buyer1 200 contract c1",
            "big->seller1 200 counter c1",
        ),
        {"big": 300, "buyer1": 200, "seller1": 0},
        (Ppa("seller1", "buyer1", 200),),
    ),
    "N11 a buyer who meters, without": Case(
        {**LESSON_5, "buyer1": ("big", None)},
        {"p": 500, "buyer1": 200},
        ("p", "seller1", "buyer1"),
        ("big->buyer1 200 meter", "p->seller1 500 meter", "seller1->big 500 residual"),
        {"big": 300, "buyer1": 200, "seller1": 0},
    ),
    "N12 a buyer who meters more than the contract brings": Case(
        {**LESSON_5, "buyer1": ("big", None)},
        {"p": 500, "buyer1": 250},
        ("p", "seller1", "buyer1", "big"),
        (
            "big->buyer1 250 meter",
            "p->seller1 500 meter",
            "buyer1->big 200 residual",
            f"big->{ROOT} 250 residual",
            "seller1->big 500 residual",
            "seller1->buyer1 200 contract c1",
            "big->seller1 200 counter c1",
        ),
        {"big": 0, ROOT: 250, "buyer1": 250, "p": -500},
        (Ppa("seller1", "buyer1", 200),),
    ),
    "N15 lesson 4": Case(
        {
            "generation1": (None, "DemoBalanceGroup"),
            **{f"balancingMeter{number}": ("DemoBalanceGroup", None) for number in (1, 2, 3)},
            "DemoBalanceGroup": (None, None),
        },
        {"generation1": 900, "balancingMeter1": 200, "balancingMeter2": 300, "balancingMeter3": 250, "balancingMeter4": 123},
        ("DemoBalanceGroup",),
        (
            "DemoBalanceGroup->balancingMeter1 200 meter",
            "DemoBalanceGroup->balancingMeter2 300 meter",
            "DemoBalanceGroup->balancingMeter3 250 meter",
            f"{ROOT}->balancingMeter4 123 meter",
            "generation1->DemoBalanceGroup 900 meter",
            f"DemoBalanceGroup->{ROOT} 150 residual",
        ),
        {"DemoBalanceGroup": 0, ROOT: 27, "balancingMeter4": 123},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_sealed_market_has_exactly_these_postings(case: Case) -> None:
    market = case.run()
    assert sorted(texts(market.postings(EPOCH))) == sorted(case.postings)
    nets = market.balances(EPOCH)
    assert {asset: nets.get(asset, 0) for asset in case.nets} == case.nets
    assert sum(nets.values()) == 0


def test_n1_sealed_again_is_already_sealed_with_the_same_seal() -> None:
    market = CASES["N1 lesson 5"].run()
    before, first = market.state_hash(), market.seal_hash("seller1", EPOCH)
    again = market.seal("seller1", EPOCH, SIGNER)
    assert (again.status, again.hash, again.batch) == ("already_sealed", first, None)
    assert market.state_hash() == before
    contract = market.contract("c1")
    assert contract is not None and contract.delivered_wh == 200


def test_n1_is_booked_metered_first_then_residual_then_contract() -> None:
    market = CASES["N1 lesson 5"].run()
    assert [posting.kind for posting in market.postings(EPOCH)] == ["meter", "residual", "contract", "counter"]


def test_n13_a_late_value_waits_and_moves_nothing() -> None:
    market = CASES["N1 lesson 5"].run()
    before = texts(market.postings(EPOCH))
    late = market.add_settlement("p", EPOCH, 50)
    assert (late.status, late.posting, late.late) == ("late", None, 1)
    assert late.reason == f'"p" is sealed in epoch {EPOCH}: the value waits on the late list for a correction'
    assert texts(market.postings(EPOCH)) == before
    assert [(one.meter, one.epoch, one.wh) for one in market.lates()] == [("p", EPOCH, 50)]


def test_n13_a_correction_in_an_open_epoch_names_the_original_one() -> None:
    market = CASES["N1 lesson 5"].run()
    market.add_settlement("p", EPOCH, 50)
    done = market.correct_late(1, EPOCH + 1)
    assert done.posting is not None
    assert (text(done.posting), done.posting.original_epoch, done.posting.epoch) == ("p->seller1 50 correction", EPOCH, EPOCH + 1)
    assert market.lates() == []


def test_n14_nothing_is_booked_on_a_sealed_upstream() -> None:
    market = hourly(p=(None, "s"), s=both("dso"), dso=(None, None))
    market.add_settlement("p", EPOCH, 500)
    first = market.seal("dso", EPOCH, SIGNER)
    assert (first.status, first.open_children) == ("sealed", ["s"])
    before = texts(market.postings(EPOCH))
    refused = market.seal("s", EPOCH, SIGNER)
    assert refused.status == "upstream_sealed" and refused.batch is None
    assert refused.reason is not None and "children are sealed first" in refused.reason
    assert texts(market.postings(EPOCH)) == before


def test_n16_and_c9_two_who_seal_at_once_get_one_seal() -> None:
    market = hourly(p=(None, "s"), s=both("dso"))
    market.add_settlement("p", EPOCH, 500)
    proposals = [market.propose_seal("s", EPOCH) for _ in range(2)]
    seals = [market.seal("s", EPOCH, SIGNER, expected_hash=proposal.hash) for proposal in proposals]
    assert [seal.status for seal in seals] == ["sealed", "already_sealed"]
    assert texts(market.postings(EPOCH)).count("s->dso 500 residual") == 1
