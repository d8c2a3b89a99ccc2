"""Terms hold from an epoch on, in the engine and in its snapshots; also in those of older versions."""

from pathlib import Path

import pytest

from joulebus_core.market import Market, MarketError, Posting
from tests.market.cases import EPOCH, SIGNER, both, hourly, texts

SECOND_FORM = Path(__file__).parent / "released/snapshot_2.hex"
"""Three epochs, the first one sealed, three contracts, a rule that changes: as it was kept when terms always held."""
HEAD_AFTER = "5cb2c412a2c0d7bdbd5d894fe8c255053a98546145c39908fa810d5d69752133"
"""After the other two were sealed by that version."""


def two_epochs() -> Market:
    """A seller with 500 Wh in each of two open epochs, and two contracts."""
    market = hourly(p=(None, "s"), s=both("big"))
    for id, partner in (("a", "b1"), ("b", "b2")):
        market.add_contract("s", partner, "to", id=id, epoch_wh_max=300, priority=1)
    for epoch in (EPOCH, EPOCH + 1):
        market.add_settlement("p", epoch, 500)
    return market


def served(market: Market, epoch: int) -> list[str]:
    """What the contracts of the seller would get."""
    return [one for one in texts(proposed(market, epoch)) if " contract " in one]


def proposed(market: Market, epoch: int) -> list[Posting]:
    """What a seal would book."""
    return market.balance("s", epoch).proposed


BEFORE = ["s->b1 300 contract a", "s->b2 200 contract b"]
CHANGES = {
    "a limit": (lambda market: market.update_contract("a", holds_from=EPOCH + 1, epoch_wh_max=100), "100 b1, 300 b2"),
    "a status": (lambda market: market.update_contract("a", holds_from=EPOCH + 1, status="ended"), "300 b2"),
    "an end": (lambda market: market.end_contract("a", EPOCH + 1), "300 b2"),
    "an order": (lambda market: market.set_merit_order("s", ["b", "a"], holds_from=EPOCH + 1), "300 b2, 200 b1"),
    "a move": (lambda market: market.move_contract("b", 0, holds_from=EPOCH + 1), "300 b2, 200 b1"),
    "a rank": (lambda market: market.rank_contract("b", 0, holds_from=EPOCH + 1), "300 b2, 200 b1"),
    "no rank": (lambda market: market.unrank_contract("a", holds_from=EPOCH + 1), "300 b2"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_holds_from_its_epoch_on_and_leaves_the_open_one_before_it(name: str) -> None:
    change, after = CHANGES[name]
    market = two_epochs()
    change(market)
    said = [
        f"s->{partner} {wh} contract {partner.replace('b1', 'a').replace('b2', 'b')}" for wh, partner in map(str.split, after.split(", "))
    ]
    assert (served(market, EPOCH), served(market, EPOCH + 1)) == (BEFORE, said)


def test_what_was_delivered_is_one_count_whatever_the_terms_were() -> None:
    market = two_epochs()
    market.update_contract("a", holds_from=EPOCH + 1, total_wh_max=350)
    for epoch in (EPOCH, EPOCH + 1):
        market.seal_epoch(epoch, SIGNER)
    contract = market.contract("a")
    assert contract is not None and contract.delivered_wh == 350
    assert [(until, one.total_wh_max, one.past) for until, one in contract.past] == [(EPOCH + 1, None, [])]


def test_what_is_left_out_of_a_change_stays_as_it_was_set_for_later() -> None:
    market = two_epochs()
    market.update_contract("a", holds_from=EPOCH + 5, status="ended")
    market.update_contract("a", holds_from=EPOCH + 1, epoch_wh_max=100)
    contract = market.contract("a")
    assert contract is not None and (contract.status, contract.epoch_wh_max) == ("ended", 100)
    assert [(until, one.status, one.epoch_wh_max) for until, one in contract.past] == [
        (EPOCH + 1, "active", 300),
        (EPOCH + 5, "active", 100),
    ]


def test_a_change_that_changes_nothing_is_none_and_one_that_is_taken_back_leaves_no_past() -> None:
    market = two_epochs()
    revision = market.revision
    market.update_contract("a", holds_from=EPOCH + 1, epoch_wh_max=300)
    assert market.revision == revision
    market.update_contract("a", holds_from=EPOCH + 1, epoch_wh_max=1)
    market.update_contract("a", holds_from=EPOCH + 1, epoch_wh_max=300)
    contract = market.contract("a")
    assert contract is not None and contract.past == []


def test_a_change_that_would_not_fit_later_terms_is_refused_whole() -> None:
    market = two_epochs()
    market.update_contract("a", holds_from=EPOCH + 5, from_epoch=EPOCH + 9)
    before = market.snapshot()
    with pytest.raises(MarketError, match="until a later one"):
        market.update_contract("a", until_epoch=EPOCH + 7)
    assert market.snapshot() == before


def test_a_snapshot_of_the_form_before_is_read_and_goes_on_with_the_same_seals() -> None:
    market = Market.restore(bytes.fromhex(SECOND_FORM.read_text()))
    again = Market.restore(market.snapshot())
    assert again.snapshot() == market.snapshot() and market.snapshot().startswith(b"JBK3")
    for one in (market, again):
        assert all(contract.past == [] for contract in one.contracts())
        for epoch in (EPOCH + 1, EPOCH + 2):
            one.seal_epoch(epoch, SIGNER)
        assert one.head == HEAD_AFTER
