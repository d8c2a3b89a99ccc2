"""Laws of the registry: whoever is in it has all that a component of a home needs."""

import argparse
import json
import re
from typing import Any

import pytest

from joulebus.bus.component import Component as Speaker
from joulebus.bus.component import Listener, declarations_of
from joulebus.bus.rights import Action, allowed, person_rules, rules
from joulebus.cli.schemas import catalogue
from joulebus.errors import HomeFileError, RosterError
from joulebus.home.round import Home
from joulebus.homefile.home_file import of_words
from joulebus.registry import (
    BY_NAME,
    COMPONENTS,
    DEVICE,
    MODULE,
    NEEDS,
    PARTS,
    RESERVED,
    STARTABLE,
    ComponentRecord,
    loaded,
    started_with,
)
from joulebus.roles import ADMIN, COMPONENT, OPERATOR, TRADER, VIEWER
from joulebus.services.orders import Orders
from joulebus.services.run import parser
from joulebus_core import CoreError, Ledger
from joulebus_schemas.calls import Health
from joulebus_schemas.channels import EACH, Call, Event
from joulebus_schemas.facts import ACCOUNTS
from joulebus_schemas.offers import Nothing
from tests.real.router import ROOT

HOME = "house"
EVERYTHING = Orders(file="x", window_seconds=60, history_keep="ticks=7d").settings(ROOT, has_market=True, until_tick=900)
COMMON = ["--home", HOME, "--router", "unix:/x", "--ticket-file", "x", "--models", "http://127.0.0.1:1/", "--metrics-port", "1"]


def named(component: ComponentRecord) -> str:
    return component.name


each_component = pytest.mark.parametrize("component", COMPONENTS, ids=named)
each_startable = pytest.mark.parametrize("component", STARTABLE.values(), ids=named)


def classes(component: ComponentRecord) -> list[type[Listener]]:
    return [loaded(dotted) for dotted in component.classes]


@each_component
def test_its_classes_are_there_and_say_who_they_are(component: ComponentRecord) -> None:
    found = classes(component)
    assert found and all(one.part == component.name for one in found)
    assert issubclass(found[0], Speaker) == component.has_ticket


@each_component
def test_it_has_a_specification(component: ComponentRecord) -> None:
    assert component.name in catalogue().documents()
    assert json.loads((ROOT / f"schemas/asyncapi/{component.name}.json").read_text())["operations"]


def deeds(component: ComponentRecord) -> list[tuple[Action, Event[Any] | Call[Any, Any]]]:
    """All that its classes do on the bus."""
    found: list[tuple[Action, Event[Any] | Call[Any, Any]]] = []
    for speech in map(declarations_of, classes(component)):
        found += [("publish", event) for event in speech.says]
        found += [("subscribe", heard.event) for heard in speech.hears]
        found += [("register", answered.call) for answered in speech.answers]
        found += [("call", call) for call in speech.asks]
    return found


@each_component
def test_it_may_do_all_that_its_classes_do(component: ComponentRecord) -> None:
    name = "oven" if component.is_each_device else component.name
    mine = rules(HOME, component.name, name) if component.has_ticket else person_rules(HOME, VIEWER)
    for action, place in deeds(component):
        owner = name if place.owner == EACH and action in ("publish", "register") else "fridge" if place.owner == EACH else place.owner
        assert allowed(mine, action, place.uri(HOME, owner)), (action, place)


@each_component
def test_its_record_says_which_calls_it_answers_and_asks(component: ComponentRecord) -> None:
    speeches = [declarations_of(one) for one in classes(component)]
    answered = {key_of(one.call) for speech in speeches for one in speech.answers}
    asked = {call.uri("", "").removeprefix("joulebus..") for speech in speeches for call in speech.asks}
    assert {key for key in NEEDS if key[0] in (component.name, *component.speaks_for)} == {
        (component.name if owner == DEVICE else owner, call) for owner, call in answered
    }
    assert {*component.asks, *component.asks_here} == asked


def key_of(call: Call[Any, Any]) -> tuple[str, str]:
    return DEVICE if call.owner == EACH else call.owner, call.name


def test_every_operation_of_the_specification_says_which_role_it_needs() -> None:
    for document in catalogue().documents().values():
        for operation in document["operations"].values():
            assert operation.get("x-joulebus-role") in ({VIEWER, OPERATOR, TRADER, ADMIN, COMPONENT} if "reply" in operation else {None})


@each_startable
def test_it_is_started_with_what_a_home_tells_it(component: ComponentRecord) -> None:
    settings = EVERYTHING | {
        "name": "oven",
        "hears": "sun",
        "links": "x",
        "home_file": "x",
        "pods": "x",
        "history_store_file": "x",
        "market_store_file": "x",
    }
    given = parser().parse_args([component.name, *COMMON, *component.argv(settings)])
    assert isinstance(given, argparse.Namespace) and given.component == component.name
    assert all(getattr(given, argument.flag[2:].replace("-", "_")) is not None for argument in component.arguments)
    assert component.build is not None and callable(loaded(component.build))


@each_startable
def test_it_answers_for_its_health(component: ComponentRecord) -> None:
    answered = {one.call.name: one.call.reply for one in declarations_of(classes(component)[0]).answers}
    assert answered["health"] is Health


def test_a_home_with_everything_starts_every_component_but_its_devices() -> None:
    found = [component.name for component in started_with(EVERYTHING)]
    assert found[0] == "inverter" and sorted([*found, "device", "home"]) == sorted(STARTABLE)
    assert [one.name for one in started_with(Orders(file="x", historian=False).settings(ROOT, False, None))] == ["inverter", "screen"]
    assert callable(loaded(f"{MODULE}:main"))


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_device_can_have_a_reserved_name(name: str) -> None:
    with pytest.raises(HomeFileError, match=f'"{name}" is reserved'):
        of_words(words(name))
    home = Home.from_file(of_words(words("tv")))
    with pytest.raises(RosterError, match=f'"{name}" is reserved'):
        home.keeper.check_name_is_free(name)


def words(name: str) -> dict[str, Any]:
    """A home with one device."""
    place = {"latitude_degrees": 1, "longitude_degrees": 1, "altitude_m": 0, "timezone": "UTC"}
    return {"home": "x", "place": place, "start": "2026-06-21T00:00:00Z", "devices": {name: {"kind": "tv"}}}


def test_every_topic_of_the_catalogue_belongs_to_a_device_or_to_a_reserved_name() -> None:
    owners = {place.owner for component in COMPONENTS for _, place in deeds(component)}
    assert owners - RESERVED == {EACH, "inverter"}
    assert {name for component in COMPONENTS for name in component.speaks_for} | (
        BY_NAME.keys() - {"inverter"}
    ) | ACCOUNTS | PARTS == RESERVED


@pytest.mark.parametrize("account", sorted(ACCOUNTS))
def test_the_core_refuses_a_device_with_the_name_of_an_account(account: str) -> None:
    with pytest.raises(CoreError, match=f"{account} is an account of the ledger"):
        Ledger(HOME, 0, 1).settle(0, 1, {account: Nothing()})


def test_the_accounts_of_the_registry_are_those_of_the_core() -> None:
    source = (ROOT / "components/core/ledger/src/names.rs").read_text()
    found = re.search(r"pub const ACCOUNTS: \[&str; \d+\] = \[(.*)\];", source)
    assert found is not None and set(re.findall(r'"(\w+)"', found[1])) == ACCOUNTS
