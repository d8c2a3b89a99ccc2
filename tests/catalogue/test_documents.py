"""The documents are what the classes say, the same in every process, and AsyncAPI's own parser takes them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from joulebus.bus.component import Listener, declarations_of
from joulebus.bus.rights import Action, allowed, rules
from joulebus.catalogue.asyncapi import words_of
from joulebus.catalogue.files import SYSTEM, text_of
from joulebus.cli.schemas import classes, run_schemas
from joulebus.errors import UsageError
from tests.catalogue.conftest import ASYNCAPI, JSON_SCHEMAS, ROOT, committed, today

DOCUMENTS = committed(ASYNCAPI)
UNAVOIDABLE = {"asyncapi-latest-version"}
"""The parser recommends 3.1.0, which modelina does not know: it would answer ``any`` without an error."""


def diagnostics(*paths: Path) -> dict[str, list[str]]:
    """What @asyncapi/parser says of files, but for what cannot be helped."""
    command = [ROOT / "infra/specs/node", ROOT / "infra/specs/parse.mjs", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        Path(one["file"]).stem: [f"{what['path']}: {what['message']}" for what in one["diagnostics"] if what["code"] not in UNAVOIDABLE]
        for one in said
    }


def listeners(kind: type[Listener] = Listener) -> set[type[Listener]]:
    """All classes that are written and declare something."""
    found = {one for below in kind.__subclasses__() for one in listeners(below)}
    return found | {one for one in kind.__subclasses__() if one.__module__.startswith("joulebus.")}


def test_what_is_committed_is_what_the_classes_say() -> None:
    assert {name: text_of(document) for name, document in today().documents().items()} == {
        path.stem: path.read_text() for path in ASYNCAPI.glob("*.json")
    }
    assert {name: text_of(schema) for name, schema in today().schemas().items()} == {
        path.stem: path.read_text() for path in JSON_SCHEMAS.glob("*.json")
    }


def test_every_process_writes_the_same_bytes(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", "from joulebus.cli.main import main; main()", "schemas", str(tmp_path)]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    for folder in (ASYNCAPI, JSON_SCHEMAS):
        assert {path.name: path.read_bytes() for path in (tmp_path / folder.name).iterdir()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }


def test_the_parser_of_asyncapi_has_nothing_to_say() -> None:
    said = diagnostics(*sorted(ASYNCAPI.glob("*.json")))
    assert said == {name: [] for name in DOCUMENTS}


def test_the_parser_would_say_it(tmp_path: Path) -> None:
    broken = json.loads((ASYNCAPI / "guest.json").read_text())
    broken["operations"]["guest_asks_screen_snapshot"]["action"] = "shout"
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    assert diagnostics(tmp_path / "broken.json")["broken"] != []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_examples_of_a_document_fit_its_schemas(name: str) -> None:
    components = DOCUMENTS[name]["components"]
    for message in components["messages"].values():
        validator = Draft7Validator({"components": components, **message["payload"]})
        (example,) = message["examples"]
        assert [error.message for error in validator.iter_errors(example["payload"])] == [], message["name"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_that_a_document_points_at_is_there_and_is_used(name: str) -> None:
    document = DOCUMENTS[name]
    pointed = set(pointers(document))
    assert [one for one in sorted(pointed) if not found(document, one)] == []
    there = {f"#/{kind}/{one}" for kind in ("channels",) for one in document[kind]}
    there |= {f"#/components/{kind}/{one}" for kind, ones in document["components"].items() for one in ones}
    assert there - pointed == set()


def pointers(part: Any) -> list[str]:
    """All references."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [one for value in part.values() for one in pointers(value)]
    return [one for value in part for one in pointers(value)] if isinstance(part, list) else []


def found(document: Any, pointer: str) -> bool:
    """Whether a reference leads somewhere."""
    for step in pointer.removeprefix("#/").split("/"):
        document = document.get(step) if isinstance(document, dict) else None
    return document is not None


def test_every_class_that_declares_something_is_in_the_catalogue() -> None:
    declaring = {one for one in listeners() if adds(one) and not any(map(adds, listeners(one)))}
    assert declaring == set(classes())


def adds(one: type[Listener]) -> bool:
    """Whether a class says, hears, answers or asks what its parents do not; how a supervisor starts parts is no matter of the bus."""
    return bool(spoken(one)) and all(spoken(one) != spoken(parent) for parent in one.__bases__ if issubclass(parent, Listener))


def spoken(one: type[Listener]) -> set[tuple[str, object]]:
    """All events and calls of a class, each with its verb."""
    declared = declarations_of(one)
    found: set[tuple[str, object]] = {("says", event.uri()) for event in declared.says} | {("asks", call.uri()) for call in declared.asks}
    return found | {("hears", each.event.uri()) for each in declared.hears} | {("answers", each.call.uri()) for each in declared.answers}


def test_whatever_is_heard_is_said_and_whatever_is_asked_is_answered() -> None:
    acts = [act for part in today().general.values() for act in part.acts]
    places = {verb: {act.place for act in acts if act.verb == verb} for verb in ("says", "hears", "answers", "asks")}
    assert places["hears"] <= places["says"]
    assert places["asks"] <= places["answers"]


def test_nobody_says_or_answers_what_is_another_s() -> None:
    owns = {
        "device": {"{device}"},
        "inverter": {"inverter", "clock", "layout", "{device}"},
        "balancer": {"market", "{device}"},
        "home": {"access", "home", "homes", "audit", "whatif", "{device}"},
    }
    for part in today().general.values():
        owned = {act.place.owner for act in part.acts if act.verb in ("says", "answers")}
        assert owned <= owns.get(part.name, {part.name, "{device}"}), part.name


def test_what_people_ask_is_closed_and_what_is_read_is_open() -> None:
    schemas = DOCUMENTS[SYSTEM]["components"]["schemas"]
    heard, asked = words_of(act for part in today().system for act in part.acts)
    closed = {word.__name__ for word in asked if word not in heard and schemas[word.__name__].get("additionalProperties") is False}
    assert closed >= {"AskAdd", "AskSpeed", "AskSetOven", "Nothingness"}
    assert [word.__name__ for word in heard if schemas[word.__name__].get("additionalProperties") is False] == []


def test_channels_have_addresses_that_the_bus_uses() -> None:
    channels = DOCUMENTS[SYSTEM]["channels"]
    addresses = {name: channel["address"] for name, channel in channels.items() if channel["x-wamp"]["kind"] != "result"}
    assert addresses["device_offered"] == "joulebus.{home}.{device}.offered"
    assert addresses["clock_pause"] == "joulebus.{home}.clock.pause"
    assert len(set(addresses.values())) == len(addresses)
    assert {channel["address"] for channel in channels.values() if channel["x-wamp"]["kind"] == "result"} == {None}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot be written to .*file: a part of its path is not a directory"):
        run_schemas(tmp_path / "file")


ACTIONS: dict[str, Action] = {"says": "publish", "hears": "subscribe", "answers": "register", "asks": "call"}


def test_everybody_may_do_what_he_declares() -> None:
    refused = []
    for part in today().general.values():
        name = "oven" if part.name == "device" else part.name
        rights = rules("house", part.name, name)  # type: ignore[arg-type]
        for act in part.acts:
            own = name if act.verb in ("says", "answers") else "sun"
            uri = act.place.uri("house", own)
            refused += [] if allowed(rights, ACTIONS[act.verb], uri) else [f"{part.name} {act.verb} {uri}"]
    assert refused == []
    assert not allowed(rules("house", "device", "oven"), "publish", "joulebus.house.sun.forecast")
