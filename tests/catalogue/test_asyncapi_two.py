"""AsyncAPI 2.3: through the package asyncapi-schema-pydantic and back, past the parser, and into 3.0 again."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pydantic
import pytest
from jsonschema import Draft7Validator

from joulebus.catalogue.asyncapi import word_example
from joulebus.catalogue.asyncapi_two import LOST_IN_TWO, in_two, with_security
from joulebus.catalogue.files import SYSTEM, yaml_of
from joulebus.catalogue.schema_package import read_two, written
from tests.catalogue.conftest import ROOT, today
from tests.catalogue.test_documents import diagnostics

COMMITTED = ROOT / "schemas/asyncapi-2.3/joulebus.yaml"
THREE = today().documents()[SYSTEM]
TWO = in_two(THREE)
UNAVOIDABLE = {
    'Info object should have "contact" object.': "nobody is named in these files",
}


def test_the_package_loses_nothing_of_what_we_give_it() -> None:
    assert written(TWO) == TWO


def test_what_is_committed_is_read_back_whole(tmp_path: Path) -> None:
    assert COMMITTED.read_text() == yaml_of(with_security(written(TWO)))
    assert with_security(TWO)["servers"]["ticket"]["security"] == [{"ticket": []}]
    without = tmp_path / "joulebus.yaml"  # The package reads security of a server only in a form that 2.3 refuses.
    without.write_text(COMMITTED.read_text().replace("    security:\n    - ticket: []\n", ""))
    assert read_two(without) == TWO


def test_what_the_package_cannot_take_is_refused_and_not_lost() -> None:
    with pytest.raises(ValueError, match="x-wamp"):
        written({**TWO, "channels": {"joulebus.house.oven.said": {"x-wamp": {}}}})


def test_pydantic_is_pydantic_after_it() -> None:
    written(TWO)
    assert sys.modules["pydantic"] is pydantic
    assert pydantic.VERSION.startswith("2.")


def test_every_place_of_the_catalogue_is_in_it() -> None:
    assert {*TWO["channels"]} == {channel["address"] for channel in THREE["channels"].values()} - {None}
    assert "subscribe" in TWO["channels"]["joulebus.{home}.inverter.settled"]
    assert {"publish", "subscribe"} <= {*TWO["channels"]["joulebus.{home}.clock.pause"]}


def test_examples_fit_what_is_left_of_the_schemas() -> None:
    components = {"components": TWO["components"]}
    words = {word.__name__: word for word in today().words()}
    assert {*TWO["components"]["messages"]} >= {"Offered", "Settled", "AskAdd", "Accepted"}
    for name, message in TWO["components"]["messages"].items():
        assert [*Draft7Validator({**components, **message["payload"]}).iter_errors(word_example(words[name]))] == []


def test_what_is_lost_is_what_is_said_to_be_lost() -> None:
    kept = {key for schema in parts(TWO["components"]["schemas"]) for key in schema}
    given = {key for name in TWO["components"]["schemas"] for schema in parts(THREE["components"]["schemas"][name]) for key in schema}
    assert {key for key in given - kept if not key.startswith("x-")} == {*LOST_IN_TWO, "const"}


def parts(value: Any) -> list[dict[str, Any]]:
    """All objects inside a value."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [one for part in inside for one in parts(part)] + ([value] if isinstance(value, dict) else [])


def test_the_parser_takes_it_and_so_it_does_what_the_converter_makes_of_it(tmp_path: Path) -> None:
    converted = tmp_path / "joulebus3.yaml"
    command = [ROOT / "infra/specs/node", ROOT / "infra/specs/convert.mjs", COMMITTED, "3.0.0"]
    converted.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    said = diagnostics(COMMITTED, converted)
    assert {text.split(": ", 1)[1] for text in said["joulebus"]} == {*UNAVOIDABLE}
    assert {text.split(": ", 1)[1] for text in said["joulebus3"]} <= {*UNAVOIDABLE}
    addresses = [line.split("address: ")[1].strip("'\" ") for line in converted.read_text().splitlines() if "address: " in line]
    assert {*addresses} == {*TWO["channels"]}


def test_version_two_says_who_it_is() -> None:
    assert (TWO["asyncapi"], TWO["info"]["version"]) == ("2.3.0", THREE["info"]["version"])
    assert json.loads(json.dumps(TWO)) == TWO
