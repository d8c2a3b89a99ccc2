"""The JSON Schema of home files."""

import copy
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from joulebus.devices import KINDS
from joulebus.homefile.schema import schema, schema_for_generators
from joulebus.homefile.yaml_lines import read_yaml
from tests.home_file.conftest import EXAMPLES, ROOT

SCHEMA = schema()


def problems(home: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(home)]


def test_the_committed_schema_is_what_the_models_say() -> None:
    assert json.loads((ROOT / "schemas/home.schema.json").read_text()) == SCHEMA, "run make schemas"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_schema(example: Path) -> None:
    assert problems(read_yaml(example.read_text()).value) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_has_a_line_of_help(kind: str) -> None:
    properties = KINDS[kind].properties.model_json_schema().get("properties", {})
    assert [name for name, words in properties.items() if not words.get("description")] == []


HOME: dict[str, Any] = {"home": "casa", "place": {"latitude_degrees": 1, "longitude_degrees": 1}, "devices": {"oven": {"kind": "oven"}}}

BAD: dict[str, dict[str, Any]] = {
    "a misspelt property": {"devices": {"oven": {"kind": "oven", "wats": 1}}},
    "text for a number": {"devices": {"oven": {"kind": "oven", "power_watts": "2.4 kW"}}},
    "an unknown kind": {"devices": {"oven": {"kind": "ofen"}}},
    "a kind left out": {"devices": {"oven": {}}},
    "a name that is taken": {"devices": {"heat": {"kind": "oven"}}},
    "a name with a dash": {"devices": {"my-oven": {"kind": "oven"}}},
    "a home with a space": {"home": "my casa"},
    "a misspelt head": {"sped": 1},
    "no device": {"devices": {}},
}


def test_a_small_home_fits_the_schema() -> None:
    assert problems(HOME) == []


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    assert problems(copy.deepcopy(HOME) | change) != []


def test_a_generator_of_classes_keeps_the_kinds(tmp_path: Path) -> None:
    """From the form for generators; in the editors' form the kinds stand in a choice that generators do not follow."""
    committed = ROOT / "schemas/home.generators.schema.json"
    assert json.loads(committed.read_text()) == schema_for_generators(), "run make schemas"
    made = tmp_path / "home_models.py"
    options = ["--input-file-type", "jsonschema", "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin"]
    subprocess.run([sys.executable, "-m", "datamodel_code_generator", "--input", committed, "--output", made, *options], check=True)
    there = runpy.run_path(str(made))
    home = there["AJoulebusHome"].model_validate(HOME)
    assert type(home.devices["oven"].root).__name__ == "OvenProperties"
    with pytest.raises(ValidationError):
        there["AJoulebusHome"].model_validate(HOME | {"devices": {"oven": {"kind": "oven", "wats": 1}}})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_form_for_generators(example: Path) -> None:
    validator = Draft202012Validator(schema_for_generators())
    assert [error.message for error in validator.iter_errors(read_yaml(example.read_text()).value)] == []
