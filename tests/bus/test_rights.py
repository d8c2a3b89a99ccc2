"""Who may do what: the table of rights, and a real router that holds to it."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulebus.bus.rights import ALL, AccessRule, Action, Part, allowed, as_permissions, outside_rules, rules
from joulebus.errors import RosterError
from tests.bus.conftest import BASE
from tests.real.raw import Raw, rogue, ticket_of
from tests.real.router import HOME, RealRouter

EVENTS = ["oven.kept", "oven2.kept", "inverter.kept", "inverter.settled", "clock.kept", "home.kept", "historian.kept"]
CALLS = ["oven.get", "oven.set", "oven2.set", "inverter.resume", "inverter.replay", "inverter.set", "clock.pause", "home.remove"]
PLACES = [*EVENTS, *CALLS]
OF_INVERTER = ["inverter.kept", "inverter.settled", "inverter.resume", "inverter.replay", "inverter.set", "clock.kept", "clock.pause"]
TABLE: dict[tuple[Part, str], dict[Action, list[str]]] = {
    # who: what may be done where; everything else is refused
    ("device", "oven"): {
        "publish": ["oven.kept"],
        "register": ["oven.get", "oven.set"],
        "subscribe": PLACES,
        "call": ["inverter.resume", "inverter.replay"],
    },
    ("inverter", "inverter"): {"publish": OF_INVERTER, "register": OF_INVERTER, "subscribe": PLACES, "call": OF_INVERTER},
    ("historian", "historian"): {
        "publish": ["historian.kept"],
        "register": ["historian.kept"],
        "subscribe": PLACES,
        "call": ["historian.kept", "inverter.replay"],
    },
    ("home", "home"): {
        "publish": ["home.kept", "home.remove"],
        "register": ["home.kept", "home.remove"],
        "subscribe": PLACES,
        "call": ["home.kept", "home.remove"],
    },
}
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)


@pytest.mark.parametrize(("part", "name"), TABLE)
def test_the_rights_are_those_of_the_table(part: Part, name: str) -> None:
    mine = rules(HOME, part, name)
    for action, place in product(sorted(ALL), PLACES):
        assert allowed(mine, action, f"{BASE}.{place}") == (place in TABLE[part, name][action]), (action, place)


def test_a_device_of_others_may_not_read_what_was() -> None:
    ours, theirs = rules(HOME, "device", "kettle"), outside_rules(HOME, "kettle")
    differ = [
        (action, place)
        for action, place in product(sorted(ALL), PLACES)
        if allowed(ours, action, f"{BASE}.{place}") != allowed(theirs, action, f"{BASE}.{place}")
    ]
    assert differ == [("call", "inverter.replay")]


@given(NAMES, NAMES)
def test_a_device_speaks_for_itself_only_also_when_names_begin_alike(one: str, other: str) -> None:
    mine = rules(HOME, "device", one)
    speaks: tuple[Action, ...] = ("publish", "register")
    for action, name in product(speaks, (other, one + other, one + "_", one + "2", one[:-1] or "a")):
        place = "offered" if action == "publish" else "set"
        assert allowed(mine, action, f"{BASE}.{name}.{place}") == (name == one)
        assert not allowed(mine, action, f"{BASE}.{name}")


@pytest.mark.parametrize(("part", "name"), TABLE)
def test_every_rule_is_exact_or_ends_with_a_dot(part: Part, name: str) -> None:
    for permission in as_permissions(rules(HOME, part, name)):
        if (part, permission["uri"]) == ("home", f"{BASE}..health"):
            assert permission["match"] == "wildcard", "the supervisor asks everybody how they do, and nothing else"
            continue
        assert permission["match"] == ("prefix" if permission["uri"].endswith(".") else "exact")
        assert ".." not in permission["uri"] and permission["uri"].startswith(BASE)


def test_a_rule_that_is_longer_decides_alone() -> None:
    assert not allowed((AccessRule("a.", ALL), AccessRule("a.b.", frozenset())), "call", "a.b.c")


@pytest.mark.parametrize("name", ["clock", "home", "historian", "guest", "inverter"])
def test_a_device_cannot_have_the_name_of_a_part(real_router: RealRouter, name: str) -> None:
    with pytest.raises(RosterError, match="is reserved"):
        real_router.keys.add("device", name)


def was_refused(answer: Any) -> bool:
    """Whether the router said no; that nobody answers a call is another thing."""
    return "not_authorized" in str(getattr(answer, "error", ""))


@pytest.mark.parametrize(("part", "name"), TABLE)
def test_the_router_holds_to_the_table(real_router: RealRouter, part: Part, name: str) -> None:
    somebody = rogue(real_router.access(name, part))
    for place in PLACES:
        uri, may = f"{BASE}.{place}", TABLE[part, name]
        assert was_refused(somebody.publish(uri, {})) == (place not in may["publish"]), place
        assert was_refused(somebody.subscribe(uri, [])) == (place not in may["subscribe"]), place
        assert was_refused(somebody.call(uri, {})) == (place not in may["call"]), place
        assert was_refused(somebody.register(uri)) == (place not in may["register"]), place
    somebody.close()


@pytest.mark.parametrize(
    "uri",
    [
        "wamp.session.kill",
        "wamp.session.list",
        "wamp.session.get",
        "wamp.session.add_testament",
        "wamp.registration.list",
        "joulebus.other.oven.get",
    ],
)
@pytest.mark.parametrize(("part", "name"), TABLE)
def test_nobody_asks_the_router_or_another_home(real_router: RealRouter, part: Part, name: str, uri: str) -> None:
    somebody = rogue(real_router.access(name, part))
    assert was_refused(somebody.call(uri, 1))
    assert was_refused(somebody.publish("wamp.session.on_leave", 1)) or somebody.publish("wamp.session.on_leave", 1) is not None
    somebody.close()


@pytest.mark.parametrize(
    ("uri", "match"), [(BASE, "prefix"), (f"{BASE}.ove", "prefix"), (f"{BASE}..kept", "wildcard"), ("joulebus.", "prefix")]
)
def test_no_pattern_registers_more_than_the_own_procedures(real_router: RealRouter, uri: str, match: str) -> None:
    oven = rogue(real_router.access("oven"))
    assert was_refused(oven.register(uri, match)) or "invalid_uri" in str(oven.register(uri, match))
    oven.close()


@pytest.mark.parametrize(
    ("authid", "whose"),
    [
        ("house/oven2", "oven"),
        ("house/inverter", "oven"),
        ("house/home", "oven"),
        ("house/../../tickets/oven", "oven"),
        ("house/nobody", "oven"),
        ("flat/oven", "oven"),
        ("oven", "oven"),
    ],
)
def test_an_impostor_is_refused(real_router: RealRouter, authid: str, whose: str) -> None:
    for part, name in (("device", "oven2"), ("inverter", "inverter"), ("home", "home")):
        real_router.access(name, part)  # type: ignore[arg-type]
    impostor = Raw(real_router.doors.components, authid, ticket_of(real_router.access(whose)))
    assert (impostor.session.joined, impostor.session.left) == (None, "wamp.error.authentication_failed")


def test_a_component_comes_by_its_own_door_over_messagepack_only(real_router: RealRouter) -> None:
    oven = real_router.access("oven")
    assert not Raw(oven.router, "house/oven", ticket_of(oven), serializer="json").present
    assert not Raw(real_router.guest_url, "house/oven", ticket_of(oven), serializer="json").present
    assert not Raw(oven.router).present


def test_a_foreign_device_comes_where_guests_do_and_speaks_for_itself_only(real_router: RealRouter) -> None:
    ticket = real_router.keys.add_outside("kettle").read_text()
    kettle, may = Raw(real_router.guest_url, "house/kettle", ticket, serializer="json"), TABLE["device", "oven"]
    for place in PLACES:
        uri = f"{BASE}.{place.replace('oven.', 'kettle.')}"
        assert was_refused(kettle.publish(uri, {})) == (place not in may["publish"]), place
        assert was_refused(kettle.subscribe(uri, [])) == (place not in may["subscribe"]), place
        assert was_refused(kettle.call(uri, {})) == (place not in may["call"] or place == "inverter.replay"), place
        assert was_refused(kettle.register(uri)) == (place not in may["register"]), place
    assert real_router.keys.add_outside("kettle").read_text() == ticket, "who lives outside cannot be handed a new ticket"
    real_router.keys.suspend("kettle")
    assert not Raw(real_router.guest_url, "house/kettle", ticket, serializer="json").present
    assert not Raw(real_router.guest_url, "house/kettle2", ticket, serializer="json").present
    kettle.close()


def test_a_removed_device_does_not_come_back(real_router: RealRouter) -> None:
    lamp = real_router.access("lamp")
    ticket = ticket_of(lamp)
    assert rogue(lamp).present
    real_router.keys.remove("lamp")
    assert not Raw(lamp.router, "house/lamp", ticket).present


def test_secrets_are_for_their_owner_only(real_router: RealRouter) -> None:
    access = real_router.access("oven")
    assert access.ticket_file is not None
    for path in (access.ticket_file, real_router.keys.principals / "oven.json"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ticket_of(access) not in (real_router.keys.principals / "oven.json").read_text()
