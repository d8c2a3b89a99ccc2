"""JSON Schema of words as AsyncAPI 3.0 and the tools around it take it: draft-07, one schema a word, no surprises.

One mode for both directions: a field that may be left out may be left out by whoever sends it, and an older minor version
leaves out what a newer one knows. So nobody gets two schemas (``…-Input``, ``…-Output``) of one word.
"""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from joulebus_schemas.base import Word

WIRE_DIALECT = "http://json-schema.org/draft-07/schema#"


class WireSchema(GenerateJsonSchema):
    """Pydantic's schema without what AsyncAPI's parser refuses or modelina misreads."""

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """AsyncAPI wants the name of the discriminator, not an object."""
        out = super().tagged_union_schema(schema)
        if isinstance(out.get("discriminator"), dict):
            out["discriminator"] = out["discriminator"]["propertyName"]
        return out

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """``prefixItems`` came after draft-07."""
        out = super().tuple_schema(schema)
        if "prefixItems" in out:
            out["items"] = out.pop("prefixItems")
            out["additionalItems"] = False
        return out

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys of a pattern as ``propertyNames``, so that generators see a map and not an object of one strange field."""
        out = super().dict_schema(schema)
        for pattern, values in out.pop("patternProperties", {}).items():
            out |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        return out

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Generators make a type of every title."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A constant needs no default; generators trip over it."""
        out = super().default_schema(schema)
        if "const" in out:
            out.pop("default", None)
        return out

    def field_is_required(self, field: Any, total: bool) -> bool:
        """A discriminator is always there: whoever reads a union looks at it first."""
        inner = field["schema"]
        while inner["type"] == "default":
            inner = inner["schema"]
        is_constant = inner["type"] == "literal" and len(inner["expected"]) == 1
        return is_constant or super().field_is_required(field, total)


def schemas_of(words: Iterable[type[Word]], template: str) -> dict[str, Any]:
    """All words and those inside them, by name, sorted."""
    models = sorted(set(words), key=lambda word: word.__name__)
    _, whole = models_json_schema([(word, "validation") for word in models], ref_template=template, schema_generator=WireSchema)
    definitions: dict[str, Any] = whole.get("$defs", {})
    strange = [name for name in definitions if not name.isalnum()]
    assert not strange, f"two words have one name, or a word has none: {strange}"
    for name, schema in definitions.items():
        _name_inline_types(name, schema)
        _say_width(schema)
    return dict(sorted(definitions.items()))


def open_to_newer_minors(schemas: dict[str, Any], closed: Iterable[str]) -> dict[str, Any]:
    """Who reads must leave out fields that it does not know; only what people ask stays closed, so that a misspelt field is told."""
    keep = set(closed)
    return {name: schema if name in keep else _opened(schema) for name, schema in schemas.items()}


def _opened(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if not (key == "additionalProperties" and value is False)}


def _name_inline_types(model: str, schema: dict[str, Any]) -> None:
    """An enum, a constant or a union without a title would get a number from generators, which moves whenever anything changes."""
    for field, part in schema.get("properties", {}).items():
        camel = "".join(word.capitalize() for word in field.split("_"))
        for one in (part, part.get("items"), part.get("additionalProperties"), *part.get("anyOf", [])):
            if isinstance(one, dict) and ("enum" in one or "const" in one or _is_union(one)):
                one.setdefault("title", model + camel)


def _is_union(schema: dict[str, Any]) -> bool:
    """Whether it is one of several words; one word or nothing is no union to people."""
    members = [one for one in schema.get("oneOf", schema.get("anyOf", [])) if isinstance(one, dict)]
    return len([one for one in members if one.get("type") != "null"]) > 1


def _say_width(part: Any) -> None:
    """Integers beyond 32 bits are said to be of 64 bits: generators of Java, Kotlin, C# and Rust take 32 otherwise."""
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _say_width(one)
    if isinstance(part, dict) and part.get("type") == "integer":
        least, most = (part.get(limit, part.get(f"exclusive{limit.capitalize()}")) for limit in ("minimum", "maximum"))
        if least is None or most is None or least < -(2**31) or most >= 2**31:
            part["format"] = "int64"
