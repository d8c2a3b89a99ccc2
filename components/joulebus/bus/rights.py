"""Who may do what on the bus: generated from the registry, static, and checked by the router on every message.

Traps of the router that are designed away. A prefix that does not end with a dot lets ``oven`` speak as ``oven2``; so every prefix
ends with one. The router applies the rule with the longest text that the URI begins with, alone, and not the sum of all; so each rule
says everything. An exact rule hides a shorter prefix also from longer URIs (``inverter.set`` hides ``inverter.`` from
``inverter.settled``); so what would be hidden has a rule of its own. Of several wildcards with the same beginning only the last one
counts; so there is one at most, for setting devices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from joulebus.registry import BY_NAME, DEVICE, INVERTER, NEEDS, OWNERS, ComponentRecord
from joulebus.roles import INCLUDES, OPERATOR, Role
from joulebus_schemas import topics
from joulebus_schemas.channels import EACH, Event

Part = str
"""A component of the registry."""
Action = Literal["publish", "register", "subscribe", "call"]

ALL: frozenset[Action] = frozenset({"publish", "register", "subscribe", "call"})
ASK: frozenset[Action] = frozenset({"subscribe", "call"})
HEAR: frozenset[Action] = frozenset({"subscribe"})
SPEAK: frozenset[Action] = frozenset({"publish", "subscribe"})
ANSWER: frozenset[Action] = frozenset({"register", "subscribe"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What is allowed on a URI; when it ends with a dot, on everything below it; an empty part stands for any one."""

    uri: str
    allow: frozenset[Action]

    @property
    def match(self) -> Literal["exact", "prefix", "wildcard"]:
        """In the router's word."""
        return "wildcard" if ".." in self.uri else "prefix" if self.uri.endswith(".") else "exact"

    def fits(self, uri: str) -> bool:
        """Whether a wildcard speaks about a URI."""
        mine, given = self.uri.split("."), uri.split(".")
        return len(mine) == len(given) and all(part in ("", there) for part, there in zip(mine, given, strict=True))


def rules(home: str, part: Part, name: str) -> tuple[AccessRule, ...]:
    """The rights of a component: it hears its home, asks what its record says, and speaks below its own names. All else is refused."""
    component = BY_NAME[part]
    return _rules(home, component, name, (*component.asks, *component.asks_here))


def outside_rules(home: str, name: str) -> tuple[AccessRule, ...]:
    """The rights of a device of others: it hears what is said from now on, and may not read the journal of what was."""
    return _rules(home, BY_NAME[DEVICE], name, BY_NAME[DEVICE].asks)


def _rules(home: str, component: ComponentRecord, name: str, asks: Iterable[str]) -> tuple[AccessRule, ...]:
    base = f"joulebus.{home}."
    asked = (AccessRule(f"{base}{call}", ASK) for call in asks)
    own = _own_of_device(component, base, name) if component.is_each_device else _own(component, base)
    return _with_hidden(home, [AccessRule(base, HEAR), *asked, *own])


def _own(component: ComponentRecord, base: str) -> tuple[AccessRule, ...]:
    """Its names; and on them what it asks of everybody, because a wildcard comes before a prefix."""
    everywhere = (AccessRule(f"{base}{component.name}{call}", ALL) for call in component.asks if call.startswith("."))
    return (*(AccessRule(f"{base}{owner}.", ALL) for owner in (component.name, *component.speaks_for)), *everywhere)


def _own_of_device(component: ComponentRecord, base: str, name: str) -> tuple[AccessRule, ...]:
    """A device answers what every device does, and nothing else: a procedure of its own could be asked by any guest."""
    return (AccessRule(f"{base}{name}.", SPEAK), *(AccessRule(f"{base}{name}.{call}", ANSWER) for call in component.answers))


def person_rules(home: str, role: Role, devices: Iterable[str] = ()) -> tuple[AccessRule, ...]:
    """The rights of a person or a program: they hear the home, and ask what their role may. ``devices`` are those of a controller."""
    may, base = INCLUDES[role], f"joulebus.{home}."
    closed = (AccessRule(f"{base}{owner}.", HEAR) for owner in OWNERS)
    opened = (AccessRule(f"{base}{owner}.{call}", ASK) for (owner, call), need in NEEDS.items() if need in may and _is_named(owner, call))
    sets = AccessRule(f"{base}.set", ASK if OPERATOR in may else HEAR)
    given = (AccessRule(f"{base}{device}.set", ASK) for device in sorted(devices))
    return _with_hidden(home, [AccessRule(base, ASK), *closed, *opened, sets, *given])


def _is_named(owner: str, call: str) -> bool:
    """Whether a call has a rule of its own: names of devices come and go, and rules do not, so setting them all is the one wildcard."""
    return owner != DEVICE and (owner, call) != (INVERTER, "set")


def _with_hidden(home: str, found: list[AccessRule]) -> tuple[AccessRule, ...]:
    """Also rules for those events that an exact rule would hide: what the prefix without it says."""
    events = [event.uri(home) for event in vars(topics).values() if isinstance(event, Event) and event.owner != EACH]
    exact = [rule.uri for rule in found if rule.match == "exact"]
    hidden = sorted(uri for uri in events if any(uri.startswith(one) and uri != one for one in exact))
    prefixes = [rule for rule in found if rule.match == "prefix"]
    return (*found, *(AccessRule(uri, _longest(prefixes, uri).allow) for uri in hidden))


def _longest(found: Iterable[AccessRule], uri: str) -> AccessRule:
    return max((rule for rule in found if uri.startswith(rule.uri)), key=lambda rule: len(rule.uri), default=AccessRule("", frozenset()))


def allowed(rules_of_somebody: tuple[AccessRule, ...], action: Action, uri: str) -> bool:
    """The router's decision, with all its traps."""
    rule = _longest((rule for rule in rules_of_somebody if rule.match != "wildcard"), uri)
    if rule.match == "exact" and rule.uri == uri:
        return action in rule.allow
    wild = [one for one in rules_of_somebody if one.match == "wildcard" and one.fits(uri)]
    if wild:
        return action in wild[-1].allow
    return rule.match == "prefix" and action in rule.allow


def as_permissions(rules_of_somebody: tuple[AccessRule, ...]) -> list[dict[str, Any]]:
    """The same in the router's words. Decisions are cached by role and URI; a role is a set of rights, whoever has them."""
    return [
        {
            "uri": rule.uri,
            "match": rule.match,
            "allow": {action: action in rule.allow for action in sorted(ALL)},
            "disclose": {"caller": True, "publisher": True},
            "cache": True,
        }
        for rule in rules_of_somebody
    ]
