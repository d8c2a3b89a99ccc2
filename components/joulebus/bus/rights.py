"""Who may do what on the bus: generated from the roster, static, and checked by the router on every message.

Two traps are designed away. A prefix that does not end with a dot lets ``oven`` speak as ``oven2``; so every prefix ends
with one. The router applies the longest matching rule alone, not the sum of all; so each rule says everything.
"""

from dataclasses import dataclass
from typing import Any, Literal

from joulebus.registry import BY_NAME, EVERYBODY, ComponentRecord
from joulebus_schemas.market.calls import CALLS

Part = str
"""A component of the registry, or one of the roles of people."""
Action = Literal["publish", "register", "subscribe", "call"]

ALL: frozenset[Action] = frozenset({"publish", "register", "subscribe", "call"})
ASK: frozenset[Action] = frozenset({"subscribe", "call"})
HEAR: frozenset[Action] = frozenset({"subscribe"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What is allowed on a URI and, when it ends with a dot, on everything below it."""

    uri: str
    allow: frozenset[Action]

    def covers(self, uri: str) -> bool:
        """Whether this rule speaks about a URI."""
        return uri.startswith(self.uri) if self.uri.endswith(".") else uri == self.uri


def rules(home: str, part: Part, name: str) -> tuple[AccessRule, ...]:
    """The rights of a component; what no rule allows is refused."""
    base = f"joulebus.{home}."
    if part == "guest":
        return (AccessRule(base, ASK), *_reading(f"{base}market."))
    if part in ("operator", "trader"):  # A trader is a guest whom `up` lets change the market.
        return (AccessRule(base, ASK),)
    return _rules_of(BY_NAME[part], base, name)


def _rules_of(component: ComponentRecord, base: str, name: str) -> tuple[AccessRule, ...]:
    """It hears the whole home, asks whom its record names, and speaks below its own names only."""
    asks_all = EVERYBODY in component.asks
    asked = () if asks_all else (AccessRule(f"{base}{owner}.", ASK) for owner in component.asks)
    own = (AccessRule(f"{base}{owner}.", ALL) for owner in (name, *component.speaks_for))
    presence = (AccessRule("wamp.session.on_join", HEAR), AccessRule("wamp.session.on_leave", HEAR)) if component.sees_sessions else ()
    return (AccessRule(base, ASK if asks_all else HEAR), *asked, *own, *presence)


def _reading(market: str) -> tuple[AccessRule, ...]:
    """Of the market a guest may ask what changes nothing. Each call has a rule of its own: the one of ``seal`` would hide ``sealed_…``."""
    exact = (AccessRule(f"{market}{call.name}", HEAR if call.changes else ASK) for call in CALLS.values())
    return (AccessRule(market, HEAR), *exact)


def allowed(rules_of_somebody: tuple[AccessRule, ...], action: Action, uri: str) -> bool:
    """The router's decision: the longest rule that covers the URI."""
    covering = [rule for rule in rules_of_somebody if rule.covers(uri)]
    return bool(covering) and action in max(covering, key=lambda rule: len(rule.uri)).allow


def as_permissions(rules_of_somebody: tuple[AccessRule, ...]) -> list[dict[str, Any]]:
    """The same in the router's words. Decisions are cached by role and URI, and each principal has a role of its own."""
    return [
        {
            "uri": rule.uri,
            "match": "prefix" if rule.uri.endswith(".") else "exact",
            "allow": {action: action in rule.allow for action in sorted(ALL)},
            "disclose": {"caller": True, "publisher": True},
            "cache": True,
        }
        for rule in rules_of_somebody
    ]
