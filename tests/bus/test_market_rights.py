"""Who may ask the market, and who may change it: in the table of rights, and at a real router with real sessions."""

import pytest

from joulebus.bus.rights import Part, allowed, rules
from joulebus_schemas.market.calls import CALLS
from tests.bus.conftest import BASE
from tests.bus.test_rights import client, was_refused
from tests.real.router import HOME, RealRouter

READING = [name for name, call in CALLS.items() if not call.changes]
CHANGING = [name for name, call in CALLS.items() if call.changes]
MAY: dict[Part, tuple[bool, bool]] = {
    # who: may ask, may change
    "guest": (True, False),
    "trader": (True, True),
    "operator": (True, True),
    "device": (False, False),
    "historian": (False, False),
}


@pytest.mark.parametrize("part", MAY)
def test_asking_and_changing_the_market_need_different_rights(part: Part) -> None:
    mine, (asks, changes) = rules(HOME, part, part), MAY[part]
    assert {name for name in CALLS if allowed(mine, "call", f"{BASE}.market.{name}")} == {
        *(READING if asks else ()),
        *(CHANGING if changes else ()),
    }
    for name in (*CALLS, "changed"):
        uri = f"{BASE}.market.{name}"
        assert allowed(mine, "subscribe", uri) and not allowed(mine, "register", uri) and not allowed(mine, "publish", uri)


def test_the_balancer_speaks_below_market_and_nobody_else_does() -> None:
    mine = rules(HOME, "balancer", "balancer")
    for name in (*CALLS, "changed"):
        assert allowed(mine, "register", f"{BASE}.market.{name}") and allowed(mine, "publish", f"{BASE}.market.{name}")
    assert not allowed(mine, "publish", f"{BASE}.home.kept") and not allowed(mine, "call", f"{BASE}.oven.set")
    assert allowed(mine, "call", f"{BASE}.inverter.replay")


def test_a_call_that_somebody_forgot_to_list_is_closed_to_guests() -> None:
    assert not allowed(rules(HOME, "guest", "guest"), "call", f"{BASE}.market.balancing.forgotten")


@pytest.mark.parametrize("part", ["guest", "operator"])
def test_a2_the_router_lets_only_the_operator_change(real_router: RealRouter, part: Part) -> None:
    somebody = client(real_router, part, part)
    asks, changes = MAY[part]
    for name, call in CALLS.items():
        may = changes if call.changes else asks
        assert was_refused(somebody.call(f"{BASE}.market.{name}", {})) != may, name
        assert was_refused(somebody.register(f"{BASE}.market.{name}")), name
    assert not was_refused(somebody.subscribe(f"{BASE}.market.changed", []))
    somebody.close()
