"""What a model allows at a place, in words that people know: read from its JSON Schema."""

import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from pydantic import BaseModel

from joulebus_schemas.base import INTEGER_MAX

KeyPath = tuple[str | int, ...]
Schema = Mapping[str, Any]
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
"""The pattern of a name, as in joulebus_schemas.base."""

_WORDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "null", "object": "names with values"}


def shown(value: Any) -> str:
    """A value as it is shown in a sentence."""
    if isinstance(value, str | list | dict) and len(value) > 1_000:
        value = value[:60] if isinstance(value, str | list) else dict(islice(value.items(), 60))
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def allowed_at(model: type[BaseModel], path: KeyPath) -> Schema:
    """The part of the model's JSON Schema that is about a path; empty when it says nothing."""
    node = _schema(model)
    for part in path:
        node = _step(node, part)
    return node


def branches(node: Schema) -> list[Schema]:
    """The node itself, or what it is one of."""
    return node.get("anyOf") or node.get("oneOf") or [node]


@lru_cache(maxsize=256)
def _schema(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema()
    whole: Schema = _inlined(schema, schema.get("$defs", {}))
    return whole


def _inlined(node: Any, definitions: Schema) -> Any:
    """Without references, so that nobody has to follow them."""
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    target = definitions[node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else {}
    return {key: _inlined(value, definitions) for key, value in {**target, **node}.items() if key not in ("$ref", "$defs")}


def _step(node: Schema, part: str | int) -> Schema:
    for branch in branches(node):
        if isinstance(part, str) and (found := branch.get("properties", {}).get(part, branch.get("additionalProperties"))):
            return found if isinstance(found, dict) else {}
        if isinstance(part, int) and (items := branch.get("prefixItems", [])[part : part + 1] or branch.get("items")):
            inner: Schema = items[0] if isinstance(items, list) else items
            return inner
    return {}


def expected(node: Schema, unit: str) -> str:
    """What is allowed at a place, with unit and limits."""
    if len(branches(node)) > 1:
        return " or ".join(dict.fromkeys(text for one in branches(node) if (text := expected(one, unit)) != _WORDS["null"]))
    if "const" in node or "enum" in node:
        choices = [shown(one) for one in node.get("enum", [node.get("const")])]
        return choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"
    kind = str(node.get("type", ""))
    if kind in ("integer", "number"):
        return _WORDS[kind] + (f" of {unit}" if unit else "") + _range(node)
    if kind == "array":
        return _list(node, unit)
    if kind == "string":
        return ("a name" if node.get("pattern") == NAME_PATTERN else "text") + (
            f" ({node['description']})" if "pattern" in node and "description" in node else ""
        )
    return _WORDS.get(kind, "")


def _list(node: Schema, unit: str) -> str:
    if "prefixItems" in node:
        return f"[{', '.join(expected(one, unit) for one in node['prefixItems'])}]"
    inner = expected(node.get("items", {}), unit)
    return "a list" + (f", each {inner}" if inner else "")


def _range(node: Schema) -> str:
    least, above = node.get("minimum"), node.get("exclusiveMinimum")
    most, below = node.get("maximum"), node.get("exclusiveMaximum")
    least, most = None if least == -INTEGER_MAX else least, None if most == INTEGER_MAX else most
    if least is not None and most is not None:
        return f" from {least} to {most}"
    limits = {"of at least": least, "above": above, "at most": most, "below": below}
    return " and".join(f" {word} {limit}" for word, limit in limits.items() if limit is not None)
