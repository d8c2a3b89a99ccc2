"""What a version may change: today's catalogue is compared with the last released one; and the comparer with a table of changes."""

import json
from typing import Any

import pytest

from joulebus.catalogue.files import SYSTEM
from joulebus.testing.compare import breaking
from joulebus_schemas.versions import SPECIFICATION
from tests.catalogue.conftest import ROOT, today


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


RELEASED = sorted((ROOT / "schemas/released").glob("*.json"), key=lambda path: _parts(path.stem))


def test_nobody_who_speaks_the_last_release_is_misunderstood() -> None:
    released = json.loads(RELEASED[-1].read_text())
    assert released["info"]["version"] == RELEASED[-1].stem
    assert breaking(released, today().documents()[SYSTEM]) == []


NUMBER = {"type": "integer", "minimum": 0, "maximum": 9}
ROLES = [
    {"type": "object", "properties": {"role": {"const": role}, "watts": NUMBER}, "required": ["role", "watts"]}
    for role in ("flow", "store")
]
WORD: dict[str, Any] = {
    "type": "object",
    "description": "as it was",
    "required": ["rank", "side"],
    "properties": {
        "rank": NUMBER,
        "side": {"enum": ["ac", "dc"], "type": "string"},
        "name": {"type": "string", "pattern": "^[a-z]$", "default": "a"},
        "until": {"anyOf": [NUMBER, {"type": "null"}], "default": None},
        "runs": {"type": "array", "maxItems": 5, "items": {"type": "array", "items": [NUMBER, NUMBER], "additionalItems": False}},
        "by_name": {"type": "object", "additionalProperties": NUMBER, "maxProperties": 4},
        "state": {"type": "object", "additionalProperties": True},
        "offer": {"oneOf": ROLES, "discriminator": "role"},
    },
}


def document(word: Any, kind: str = "topic", version: str = "0.1.0", name: str = "Word") -> dict[str, Any]:
    """A catalogue with one message."""
    channel = {
        "address": "joulebus.{home}.oven.said",
        "x-wamp": {"kind": kind},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }
    components = {"messages": {name: {"payload": {"$ref": f"#/components/schemas/{name}"}}}, "schemas": {name: word}}
    return {"info": {"version": version}, "channels": {"oven_said": channel}, "components": components}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The word with one place of it changed; None takes it away."""
    word = json.loads(json.dumps(WORD))
    *way, last = path.split("/")
    place: Any = word
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None and isinstance(place, dict):
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return word


HARMLESS = {
    "another description": ("description", "as it is"),
    "a new optional field": ("properties/colour", {"type": "string"}),
    "a new optional field inside": ("properties/offer/oneOf/0/properties/colour", {"type": "string"}),
    "nothing": ("type", "object"),
}
BREAKING = {
    "a field that is gone": ("properties/name", None, "Word.name is gone"),
    "a field of another type": ("properties/rank/type", "string", "Word.rank had type integer and has string"),
    "a field that must be there now": ("required", ["rank", "side", "name"], "Word.name could be left out and cannot any more"),
    "a smaller largest number": ("properties/rank/maximum", 8, "Word.rank was at most 9 and is at most 8"),
    "a larger smallest number": ("properties/rank/minimum", 1, "Word.rank was at least 0 and is at least 1"),
    "a limit where there was none": ("properties/rank/multipleOf", 5, "Word.rank had multipleOf nothing and has 5"),
    "a value that is gone": ("properties/side/enum", ["ac"], "Word.side may not be ['dc'] any more"),
    "another pattern": ("properties/name/pattern", "^[b-z]$", "Word.name had pattern"),
    "another meaning of nothing": ("properties/name/default", "b", "Word.name, when it is left out, meant a and means b"),
    "not null any more": ("properties/until/anyOf", [NUMBER], "Word.until may not be null any more"),
    "a smaller number or null": ("properties/until/anyOf/0/maximum", 8, "Word.until|integer was at most 9 and is at most 8"),
    "a shorter list": ("properties/runs/maxItems", 4, "Word.runs was at most 5 and is at most 4"),
    "smaller numbers in pairs": ("properties/runs/items/items/1/maximum", 8, "Word.runs[][1] was at most 9"),
    "triples for pairs": ("properties/runs/items/items", [NUMBER] * 3, "Word.runs[] is another kind of list"),
    "a list for pairs": ("properties/runs/items/items", NUMBER, "Word.runs[] is another kind of list"),
    "smaller numbers in a map": ("properties/by_name/additionalProperties/maximum", 8, "Word.by_name.* was at most 9"),
    "a kind that is gone": ("properties/offer/oneOf", ROLES[:1], "Word.offer may not be store any more"),
    "a field of a kind that is gone": ("properties/offer/oneOf/1/properties/watts", None, "Word.offer|store.watts is gone"),
    "text for a map": ("properties/state", {"type": "string"}, "Word.state had type object and has string"),
}
WIDER = {
    "a larger largest number": ("properties/rank/maximum", 10),
    "no largest number": ("properties/rank/maximum", None),
    "one more value": ("properties/side/enum", ["ac", "dc", "hv"]),
    "a field that may be left out now": ("required", ["rank"]),
    "a longer list": ("properties/runs/maxItems", 6),
    "one more kind": ("properties/offer/oneOf", [*ROLES, {"type": "object", "properties": {"role": {"const": "grid"}}}]),
}


@pytest.mark.parametrize("kind", ["topic", "result", "procedure"])
@pytest.mark.parametrize("name", HARMLESS)
def test_a_minor_change_is_harmless(name: str, kind: str) -> None:
    assert breaking(document(WORD, kind), document(changed(*HARMLESS[name]), kind)) == []


@pytest.mark.parametrize("kind", ["topic", "procedure"])
@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_refused(name: str, kind: str) -> None:
    path, value, says = BREAKING[name]
    found = breaking(document(WORD, kind), document(changed(path, value), kind))
    assert len(found) == 1 and says in found[0], found
    assert found[0].startswith("joulebus.{home}.oven.said: ") and found[0].endswith("leave this one as it is")


@pytest.mark.parametrize("name", WIDER)
def test_only_what_we_alone_read_may_become_wider(name: str) -> None:
    after = changed(*WIDER[name])
    assert breaking(document(WORD, "procedure"), document(after, "procedure")) == []
    assert len(breaking(document(WORD, "topic"), document(after, "topic"))) == 1
    assert len(breaking(document(WORD, "result"), document(after, "result"))) == 1


def test_a_renamed_field_is_one_that_is_gone() -> None:
    properties = {("rang" if name == "rank" else name): part for name, part in WORD["properties"].items()}
    after = {**WORD, "properties": properties, "required": ["rang", "side"]}
    assert [one.split(";")[0].split(": ")[1] for one in breaking(document(WORD), document(after))] == [
        "Word.rank is gone",
        "Word.rang is new and cannot be left out",
    ]


def test_a_place_that_is_gone_is_refused() -> None:
    assert "joulebus.{home}.oven.said is gone" in breaking(document(WORD), {**document(WORD), "channels": {}})[0]


def test_the_name_of_a_word_does_not_travel() -> None:
    assert breaking(document(WORD), document(WORD, name="Phrase")) == []
    assert len(breaking(document(WORD), document(changed("properties/name", None), name="Phrase"))) == 1


SAMPLE = 8
"""Every so many words of the catalogue: all of them take too long."""


def test_fields_of_the_real_catalogue_are_watched() -> None:
    document = today().documents()[SYSTEM]
    schemas = document["components"]["schemas"]
    unseen = []
    for word, schema in list(schemas.items())[::SAMPLE]:
        for field in list(schema.get("properties", {}))[-1:]:
            rest = {name: part for name, part in schema["properties"].items() if name != field}
            after = {**document, "components": {**document["components"], "schemas": {**schemas, word: {**schema, "properties": rest}}}}
            unseen += [] if breaking(document, after) else [f"{word}.{field}"]
    assert unseen == []


@pytest.mark.parametrize(("before", "after"), [("0.1.0", "0.2.0"), ("0.1.0", "1.0.0"), ("1.3.0", "2.0.0")])
def test_a_new_line_of_versions_may_do_anything(before: str, after: str) -> None:
    assert breaking(document(WORD, version=before), document({"type": "string"}, version=after)) == []


@pytest.mark.parametrize(("before", "after"), [("0.1.0", "0.1.1"), ("1.3.0", "1.4.0"), ("1.3.0", "1.3.1")])
def test_a_version_of_the_same_line_may_not(before: str, after: str) -> None:
    assert breaking(document(WORD, version=before), document({"type": "string"}, version=after)) != []


def test_versions_only_rise() -> None:
    assert _parts(RELEASED[-1].stem) <= _parts(SPECIFICATION)
