"""The JSON Schema of home files, made from the models: what editors complete and check while somebody types.

``--for-generators`` prints the same as a union of kinds. Editors are better served with a choice by kind, which reports an error of
the kind that somebody wrote and not of all of them; generators of classes lose the kinds in such a choice.
"""

import json
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from joulebus.device import AnyDevice
from joulebus.devices import KINDS
from joulebus.homefile.history import HistoryWords
from joulebus.homefile.home_file import HomeWords
from joulebus.homefile.market import MarketWords
from joulebus.homefile.members import MemberWords
from joulebus.registry import RESERVED
from joulebus_schemas.roster import Place
from joulebus_schemas.versions import SPECIFICATION

EDITOR_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = f"urn:joulebus:home-file:{SPECIFICATION}"


def schema() -> dict[str, Any]:
    """What a home file may say."""
    models: list[type[BaseModel]] = [HomeWords, HistoryWords, MarketWords, MemberWords, Place]
    models += [device.properties for device in _devices().values()]
    names, whole = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions = whole["$defs"]
    name_of = {model: reference["$ref"].rsplit("/", 1)[-1] for (model, _), reference in names.items()}
    common = definitions.pop(name_of[MemberWords])["properties"]
    head = definitions.pop(name_of[HomeWords])
    for device in _devices().values():
        _make_device(definitions[name_of[device.properties]], device, common)
    head["properties"]["devices"] |= {"propertyNames": _names(), "additionalProperties": {"$ref": "#/$defs/device"}}
    head["properties"]["market"] = {"$ref": f"#/$defs/{name_of[MarketWords]}"}
    head["properties"]["history"] = {"$ref": f"#/$defs/{name_of[HistoryWords]}"}
    definitions["device"] = _any_device({kind: name_of[device.properties] for kind, device in _devices().items()}, common)
    return {"$schema": EDITOR_DIALECT, "$id": SCHEMA_ID, **head, "title": "A joulebus home", "$defs": dict(sorted(definitions.items()))}


def schema_for_generators() -> dict[str, Any]:
    """The same, with a device as one of all kinds, told apart by ``kind``: for programs that make classes from it."""
    whole = schema()
    kinds = [case["then"] for case in whole["$defs"]["device"]["allOf"]]
    whole["$defs"]["device"] = {"title": "Device", "oneOf": kinds}
    return whole | {"$id": f"{SCHEMA_ID}:for-generators"}


def _devices() -> dict[str, AnyDevice]:
    return dict(sorted(KINDS.items()))


def _make_device(definition: dict[str, Any], device: AnyDevice, common: dict[str, Any]) -> None:
    """Beside its properties stands what every device has."""
    kind = {"const": device.kind, "description": device.summary}
    definition["properties"] = {**common, "kind": kind, **definition.get("properties", {})}
    definition["required"] = ["kind", *definition.get("required", [])]
    definition["additionalProperties"] = False


def _any_device(kinds: dict[str, str], common: dict[str, Any]) -> dict[str, Any]:
    """One schema per kind, so that an error is about the chosen kind and not about all of them."""
    cases = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": {"$ref": f"#/$defs/{name}"}}
        for kind, name in kinds.items()
    ]
    return {"type": "object", "properties": {"kind": {**common["kind"], "enum": list(kinds)}}, "required": ["kind"], "allOf": cases}


def _names() -> dict[str, Any]:
    return {"pattern": "^[a-z][a-z0-9_]{0,31}$", "not": {"enum": sorted(RESERVED)}}


if __name__ == "__main__":
    asked = schema_for_generators() if "--for-generators" in sys.argv else schema()
    print(json.dumps(asked, indent=2, ensure_ascii=False))
