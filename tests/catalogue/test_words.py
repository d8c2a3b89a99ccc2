"""Every message has units, limits, descriptions and one valid example, and no field that WAMP would take for its own."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from joulebus.bus.plain import from_plain, to_plain
from joulebus.catalogue.asyncapi import word_example
from joulebus_schemas.base import INTEGER_MAX, Word
from tests.catalogue.conftest import today

WORDS = today().words()
SCHEMAS = today().schemas()

PUBLISH = "acknowledge exclude_me exclude exclude_authid exclude_authrole eligible eligible_authid eligible_authrole retain forward_for"
SUBSCRIBE = "match details details_arg get_retained forward_for correlation_id correlation_uri correlation_is_anchor"
CALL = "on_progress timeout caller caller_authid caller_authrole receive_progress progress"
REGISTER = "match invoke concurrency force_reregister details details_arg"
ARGUMENTS = "self topic procedure options args kwargs handler endpoint prefix payload enc_algo enc_key enc_serializer transaction_hash"
WAMP_OPTIONS = {*f"{PUBLISH} {SUBSCRIBE} {CALL} {REGISTER} {ARGUMENTS}".split()}
"""What autobahn takes from keyword arguments for itself; a field of this name could not be published or asked with keywords."""


def parts_of(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema, with its path."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for key in ("properties", "definitions"):
        for name, part in schema.get(key, {}).items():
            yield from parts_of(part, f"{path}.{name}")
    for key in ("anyOf", "oneOf", "allOf"):
        for number, part in enumerate(schema.get(key, [])):
            yield from parts_of(part, f"{path}|{number}")
    items = schema.get("items", [])
    for part in items if isinstance(items, list) else [items]:
        yield from parts_of(part, f"{path}[]")
    yield from parts_of(schema.get("additionalProperties"), f"{path}{{}}")


def unbounded(schema: dict[str, Any]) -> str | None:
    """What has no limit."""
    kind = schema.get("type")
    if "enum" in schema or "const" in schema:
        return None
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum", schema.get("exclusiveMaximum"))
        if low is None or high is None or not -INTEGER_MAX <= low <= high <= INTEGER_MAX:
            return f"a number from {low} to {high}"
    if kind == "string" and not {"maxLength", "pattern", "format"} & {*schema}:
        return "a text"
    if kind == "array" and "maxItems" not in schema:
        return "a list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict) and "maxProperties" not in schema:
        return "a map"
    return None


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_the_example_of_a_word_is_valid(word: type[Word]) -> None:
    example = word_example(word)
    word.model_validate_json(json.dumps(example))
    Draft7Validator.check_schema(SCHEMAS[word.__name__])
    assert [error.message for error in Draft7Validator(SCHEMAS[word.__name__]).iter_errors(example)] == []


@pytest.mark.parametrize("word", [word for word in WORDS if not word.__name__.startswith("AskSet")], ids=lambda word: word.__name__)
def test_the_example_of_a_word_dumps_to_itself(word: type[Word]) -> None:
    assert json.loads(json.dumps(to_plain(word.model_validate_json(json.dumps(word_example(word)))))) == word_example(word)


@pytest.mark.parametrize("word", [word for word in WORDS if not word.__module__.startswith("joulebus.")], ids=lambda word: word.__name__)
def test_the_example_of_a_word_passes_the_border_of_the_bus(word: type[Word]) -> None:
    assert json.loads(json.dumps(to_plain(from_plain(word, [word_example(word)], None)))) == word_example(word)


@pytest.mark.parametrize("name", SCHEMAS)
def test_everything_in_a_message_has_limits(name: str) -> None:
    found = [(path, unbounded(schema)) for path, schema in parts_of(SCHEMAS[name], name)]
    assert [f"{path}: {what} without limits" for path, what in found if what] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_and_every_word_is_described(name: str) -> None:
    words = [(name, SCHEMAS[name]), *SCHEMAS[name].get("definitions", {}).items()]
    assert [word for word, schema in words if not schema.get("description")] == []
    fields = [(word, field, part) for word, schema in words for field, part in schema.get("properties", {}).items()]
    assert [f"{word}.{field}" for word, field, part in fields if not part.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_field_is_named_like_an_option_of_wamp(name: str) -> None:
    fields = {field for _, schema in parts_of(SCHEMAS[name]) for field in schema.get("properties", {})}
    assert fields & WAMP_OPTIONS == set()
