"""What the tools of others make of the specification: 64-bit integers in typed languages, schemas in strict mode, servers that open."""

import json
import subprocess
from typing import Any

import pytest

from joulebus_schemas.base import INTEGER_MAX
from tests.catalogue.conftest import ASYNCAPI, JSON_SCHEMAS, committed
from tests.real.router import ROOT

NODE = str(ROOT / "infra/specs/node")
WIDE = {"java": "Long levelMicrojoules", "kotlin": "levelMicrojoules: Long?", "csharp": "long? levelMicrojoules", "rust": "Option<i64>"}


def node(script: str, *words: object) -> str:
    command = [NODE, str(ROOT / "infra/specs" / script), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def integers(part: Any) -> list[dict[str, Any]]:
    """All schemas of integers inside something."""
    own = [part] if isinstance(part, dict) and part.get("type") == "integer" else []
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return own + [found for one in inside for found in integers(one)]


def test_modelina_makes_64_bits_of_what_needs_them() -> None:
    made = json.loads(node("widths.mjs", ASYNCAPI / "battery.json", "BatteryState", "level_microjoules"))
    assert {language: text in made[language] for language, text in WIDE.items()} == dict.fromkeys(WIDE, True)


@pytest.mark.parametrize("name", committed(ASYNCAPI))
def test_each_integer_beyond_32_bits_says_so_and_no_other_does(name: str) -> None:
    found = integers(committed(ASYNCAPI)[name]["components"]["schemas"])
    wide = [one for one in found if max(abs(one.get("minimum", INTEGER_MAX)), abs(one.get("maximum", INTEGER_MAX))) >= 2**31]
    assert found and all(one.get("format") == "int64" for one in wide)
    assert not [one for one in found if one not in wide and "format" in one]


def test_ajv_compiles_each_schema_in_strict_mode() -> None:
    paths = sorted(JSON_SCHEMAS.glob("*.json"))
    assert len(paths) > 100 and node("strict.mjs", *paths) == ""


@pytest.mark.parametrize("name", committed(ASYNCAPI))
def test_a_document_says_how_a_session_is_opened_and_what_each_operation_does(name: str) -> None:
    document = committed(ASYNCAPI)[name]
    for server in document["servers"].values():
        assert (server["protocol"], server["pathname"]) == ("ws", "/")
        assert server["x-wamp"]["realm"] == "joulebus" and "wamp.2.json" in server["x-wamp"]["subprotocols"]
        assert server["x-wamp"]["authmethods"] == (["ticket"] if "security" in server else ["anonymous"])
    assert all(one["description"].startswith("A WAMP ") for one in document["operations"].values())


def test_what_is_answered_is_complete() -> None:
    schemas = committed(ASYNCAPI)["battery"]["components"]["schemas"]
    for name in ("BatteryProperties", "BatteryState"):
        assert set(schemas[name]["required"]) == schemas[name]["properties"].keys()
    assert "required" not in schemas["AskSetBattery"], "what is asked is what shall change"
    assert not [name for name, part in schemas["AskSetBattery"]["properties"].items() if "default" in part], "the rest stays as it is"


def test_readings_have_names_and_what_may_be_left_out_says_what_it_stands_for_then() -> None:
    schemas = committed(ASYNCAPI)["battery"]["components"]["schemas"]
    assert schemas["BatteryReported"]["properties"]["readings"]["$ref"] == "#/components/schemas/BatteryReadings"
    assert set(schemas["BatteryReadings"]["required"]) == schemas["BatteryReadings"]["properties"].keys()
    types = (ROOT / "schemas/typescript/joulebus.ts").read_text()
    assert "  /** taken from the home @default 0 */\n  'joules_in'?: number;" in types
    assert "'readings': BatteryReadings;" in types


def test_unions_have_names() -> None:
    schemas = committed(ASYNCAPI)["battery"]["components"]["schemas"]
    assert schemas["Offered"]["properties"]["offer"]["title"] == "OfferedOffer"


def parts(part: Any) -> list[dict[str, Any]]:
    """All schemas inside something, and itself."""
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [*([part] if isinstance(part, dict) else []), *(found for one in inside for found in parts(one))]


@pytest.mark.parametrize("name", committed(ASYNCAPI))
def test_constants_have_names(name: str) -> None:
    assert [one for one in parts(committed(ASYNCAPI)[name]["components"]["schemas"]) if "const" in one and "title" not in one] == []
