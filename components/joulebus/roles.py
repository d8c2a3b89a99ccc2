"""The roles of people and of their programs. Which call needs which role is said once, in the records of registry.py."""

from typing import Literal

Role = Literal["viewer", "operator", "trader", "admin", "controller", "component"]

VIEWER: Role = "viewer"
OPERATOR: Role = "operator"
TRADER: Role = "trader"
ADMIN: Role = "admin"
CONTROLLER: Role = "controller"
COMPONENT: Role = "component"
"""No role of a person: calls that only the components of a home make to each other."""

SENTENCES: dict[Role, str] = {
    VIEWER: "hears the home, and asks what changes nothing",
    OPERATOR: "also sets and switches devices, controls the clock, and reads the journal",
    TRADER: "a viewer who also changes the market",
    ADMIN: "an operator and trader who also adds and removes devices",
    CONTROLLER: "a viewer, for programs, who also sets the devices that it is given",
}
"""Each role in one line; a person has one of them."""

INCLUDES: dict[Role, frozenset[Role]] = {
    VIEWER: frozenset({VIEWER}),
    OPERATOR: frozenset({VIEWER, OPERATOR}),
    TRADER: frozenset({VIEWER, TRADER}),
    ADMIN: frozenset({VIEWER, OPERATOR, TRADER, ADMIN}),
    CONTROLLER: frozenset({VIEWER}),
}
"""What each role may do, by the role that a call needs."""
