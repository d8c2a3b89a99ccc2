"""Terms of contracts and merit orders hold from an epoch on, as rules do, through calls: what is open before stays where it is."""

from typing import Any

import pytest

from joulebus.errors import MarketError
from joulebus.market.executor import Executor, in_memory
from tests.balancer.files import Call, T, executed, group, meter, metered, ppa, seal

PARTNERS = {"contract-000001": "b1", "contract-000002": "b2"}
FIRST, SECOND = PARTNERS
SETTING: tuple[Call, ...] = (
    meter("p", to="s"),
    group("s", from_="big", to="big"),
    ppa("s", "b1", 300),
    ppa("s", "b2", 300),
    metered("p", 500),
)
CHANGES: dict[str, tuple[str, dict[str, Any], dict[str, int]]] = {
    "a limit": ("contract.update", {"contract_id": FIRST, "energy": 100}, {"b1": 100, "b2": 300}),
    "a status": ("contract.update", {"contract_id": FIRST, "status": "inactive"}, {"b2": 300}),
    "a validity": ("contract.update", {"contract_id": FIRST, "from_epoch": T + 9}, {"b2": 300}),
    "an end": ("contract.end", {"contract_id": FIRST}, {"b2": 300}),
    "an order": ("meritorder.set", {"asset_id": "s", "contracts": [SECOND, FIRST]}, {"b2": 300, "b1": 200}),
    "a move": ("meritorder.move", {"asset_id": "s", "contract_id": SECOND, "place": 0}, {"b2": 300, "b1": 200}),
    "a removal": ("meritorder.remove", {"asset_id": "s", "contract_id": FIRST}, {"b2": 300}),
}
BEFORE = {"b1": 300, "b2": 200}


def living() -> Executor:
    """A market with epochs of an hour in which one epoch is open."""
    market = in_memory(3600)
    for name, arguments in SETTING:
        market.ask(name, arguments)
    return market


def sold(market: Executor, epoch: int) -> dict[str, int]:
    """What the contracts of the seller get in an epoch, when 500 Wh are there and the epoch is sealed."""
    if not market.ask("balancing.balance", {"asset_id": "s", "epoch": epoch}).in_wh:
        market.ask(*metered("p", 500, epoch))
    market.ask("balancing.seal_epoch", {"epoch": epoch})
    found = market.ask("balancing.balance", {"asset_id": "s", "epoch": epoch}).postings
    return {one.to: one.wh for one in found if one.kind == "contract"}


@pytest.mark.parametrize("name", CHANGES)
def test_who_names_no_epoch_moves_nothing_that_is_open(name: str) -> None:
    call, arguments, after = CHANGES[name]
    market = living()
    market.ask(call, arguments)
    assert (sold(market, T), sold(market, T + 1)) == (BEFORE, after)


@pytest.mark.parametrize("name", CHANGES)
def test_who_names_an_epoch_means_it_open_or_to_come(name: str) -> None:
    call, arguments, after = CHANGES[name]
    now, later = living(), living()
    now.ask(call, arguments | {"holds_from": T})
    later.ask(call, arguments | {"holds_from": T + 2})
    assert sold(now, T) == after
    assert [sold(later, epoch) for epoch in (T, T + 1, T + 2)] == [BEFORE, BEFORE, after]


@pytest.mark.parametrize("name", CHANGES)
def test_an_epoch_that_is_sealed_cannot_be_named(name: str) -> None:
    call, arguments, _ = CHANGES[name]
    market = living()
    market.ask("balancing.seal_epoch", {"epoch": T})
    with pytest.raises(MarketError, match=f"must begin after epoch {T}, which is sealed"):
        market.ask(call, arguments | {"holds_from": T})
    market.ask(call, arguments | {"holds_from": "2030-01-01T00:00:00Z"})


def test_an_end_at_an_epoch_says_itself_from_when() -> None:
    market = living()
    market.ask("contract.end", {"contract_id": FIRST, "epoch": T})
    assert sold(market, T) == {"b2": 300}
    with pytest.raises(MarketError, match="epoch or holds_from, but was given both"):
        market.ask("contract.end", {"contract_id": FIRST, "epoch": T, "holds_from": T + 1})


def test_the_same_request_again_is_the_same_also_when_its_epoch_was_filled_in() -> None:
    market = living()
    ask = {"contract_id": FIRST, "energy": 100, "request_id": "r1"}
    first = market.ask("contract.update", ask)
    market.ask(*metered("p", 1, T + 5))
    assert market.ask("contract.update", ask) == first
    with pytest.raises(MarketError, match="choose a new request_id"):
        market.ask("contract.update", ask | {"holds_from": T + 3})


def test_the_list_tells_what_held_before_and_what_was_delivered_is_one_count() -> None:
    market = living()
    market.ask("contract.update", {"contract_id": FIRST, "energy": 100, "status": "active"})
    sold(market, T), sold(market, T + 1)
    first, second = market.ask("contract.list", {"asset_id": "s"}).contracts
    assert (first.energy, first.balanced, second.past) == (100, 400, ())
    assert [(one.until_epoch, one.energy, one.priority) for one in first.past] == [(T + 1, 300, 0)]


def test_a_file_of_operations_plans_an_order_for_a_day_to_come() -> None:
    swap: Call = ("meritorder.set", {"assetId": "s", "mol": [SECOND, FIRST], "holdsFrom": T + 1})
    done = executed([*SETTING, swap, metered("p", 500, T + 1), seal("s"), seal("s", T + 1)])
    assert not done.refusals
    found = {(one["epoch"], one["to"]): one["wh"] for one in done.postings if one["kind"] == "contract"}
    assert found == {(T, "b1"): 300, (T, "b2"): 200, (T + 1, "b2"): 300, (T + 1, "b1"): 200}
