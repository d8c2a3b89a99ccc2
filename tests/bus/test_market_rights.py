"""Who may ask the market, and who may change it: in the table of rights; test_roles.py tries each call with each role at a real router."""

import pytest

from joulebus.bus.rights import AccessRule, allowed, person_rules, rules
from joulebus.roles import ADMIN, OPERATOR, TRADER, VIEWER
from joulebus_schemas.market.calls import CALLS
from tests.bus.conftest import BASE
from tests.real.router import HOME

READING = [name for name, call in CALLS.items() if not call.changes]
CHANGING = [name for name, call in CALLS.items() if call.changes]
MAY: dict[str, tuple[tuple[AccessRule, ...], bool, bool]] = {
    # who: rights, may ask, may change
    "viewer": (person_rules(HOME, VIEWER), True, False),
    "operator": (person_rules(HOME, OPERATOR), True, False),
    "trader": (person_rules(HOME, TRADER), True, True),
    "admin": (person_rules(HOME, ADMIN), True, True),
    "device": (rules(HOME, "device", "oven"), False, False),
    "historian": (rules(HOME, "historian", "historian"), False, False),
}


@pytest.mark.parametrize("who", MAY)
def test_asking_and_changing_the_market_need_different_rights(who: str) -> None:
    mine, asks, changes = MAY[who]
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


def test_a_call_that_somebody_forgot_to_list_is_closed_to_everybody() -> None:
    for role in (VIEWER, OPERATOR, TRADER, ADMIN):
        assert not allowed(person_rules(HOME, role), "call", f"{BASE}.market.balancing.forgotten")
