"""What the home says about kinds, calls and examples, and why it refuses values, the dashboard says in German; nothing is left over."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from joulebus.devices import KINDS
from joulebus.errors import PropertyError
from joulebus.home.palette import described_kind
from joulebus.home.seat import read_properties
from joulebus.services.homes import example_files, first_comment
from tests.tidy.conftest import ROOT

WORDS_FILE, CALLS_FILE, CASES_FILE = "ui/src/locale/de.words.json", "ui/src/locale/de.calls.json", "ui/src/app/shared/refusals.cases.json"
WORDS: dict[str, str] = json.loads((ROOT / WORDS_FILE).read_text())
CALL_WORDS: dict[str, str] = json.loads((ROOT / CALLS_FILE).read_text())
SPECIFICATION = json.loads((ROOT / "schemas/asyncapi/joulebus.json").read_text())
CASES = json.loads((ROOT / CASES_FILE).read_text())
REFUSED = [(one["kind"], one["properties"], one["english"]) for one in CASES["kinds"]]


def texts_of(kind: str) -> Iterator[str]:
    """All that a page can show of a kind: its name, help, signals and readings, and the titles, help and units of its properties."""
    found = described_kind(kind)
    form = {key: value for key, value in found.properties.items() if key != "description"}
    parts = [form, *form.get("$defs", {}).values()]
    fields = [field for part in parts for field in part.get("properties", {}).values()]
    yield from (found.summary, found.look.label, *found.signals.values(), *found.readings.values())
    yield from (field["title"] for field in fields)
    yield from (field["unit"] for field in fields if re.fullmatch("[a-z]{5,}", field.get("unit", "")))
    yield from described_in(form)


def described_in(node: Any) -> Iterator[str]:
    """Each description of a schema, at any depth."""
    inner = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    yield from [node["description"]] if isinstance(node, dict) and isinstance(node.get("description"), str) else []
    for one in inner:
        yield from described_in(one)


def texts_of_calls() -> Iterator[tuple[str, str]]:
    """All that the console of the bus page says of calls: their help and that of their fields, as ui/tools/catalogue.mjs takes them."""
    seen: set[str] = set()
    for operation in SPECIFICATION["operations"].values():
        channel = at(operation["channel"]["$ref"])
        is_call = operation["action"] == "receive" and channel.get("x-wamp", {}).get("kind") == "procedure"
        if not is_call or channel["address"] in seen:  # Several may answer it; the first one says what it is.
            continue
        seen.add(channel["address"])
        yield operation.get("summary", ""), channel["address"]
        ask = at(at(next(iter(channel["messages"].values()))["$ref"])["payload"]["$ref"])
        for name, field in ask.get("properties", {}).items():
            yield described(field), f"{channel['address']} {name}"


def at(pointer: str) -> Any:
    """What a pointer into the specification leads to."""
    found = SPECIFICATION
    for name in pointer.split("/")[1:]:
        found = found[name.replace("~1", "/").replace("~0", "~")]
    return found


def described(field: dict[str, Any]) -> str:
    """The help of a field: its own, or that of what it refers to, which it may be beside being left out."""
    whole = {**at(field["$ref"]), **field} if "$ref" in field else field
    kinds = [kind for one in whole.get("anyOf", []) if (kind := at(one["$ref"]) if "$ref" in one else one).get("type") != "null"]
    return str(whole.get("description") or (described(kinds[0]) if len(kinds) == 1 else ""))


USED = {text: kind for kind in KINDS for text in texts_of(kind) if text} | {first_comment(file): file.name for file in example_files()}
USED_OF_CALLS = {text: call for text, call in texts_of_calls() if text}
EACH_FILE = pytest.mark.parametrize(
    ("file", "words", "used"), [(WORDS_FILE, WORDS, USED), (CALLS_FILE, CALL_WORDS, USED_OF_CALLS)], ids=["kinds", "calls"]
)


@EACH_FILE
def test_each_text_has_a_german_one(file: str, words: dict[str, str], used: dict[str, str]) -> None:
    lines = [f"  {json.dumps(text)}: {json.dumps('')},  of {whose}" for text, whose in sorted(used.items()) if not words.get(text)]
    assert not lines, "\n".join([f"{file} lacks the German of these; add them (node tools/translations.mjs --sort sorts):", *lines])


@EACH_FILE
def test_no_german_text_is_left_over(file: str, words: dict[str, str], used: dict[str, str]) -> None:
    lines = [f"  {json.dumps(text)}" for text in sorted(words.keys() - used.keys())]
    assert not lines, "\n".join([f"{file} has texts that nobody says any more; remove or rename them:", *lines])


@EACH_FILE
def test_they_are_sorted(file: str, words: dict[str, str], used: dict[str, str]) -> None:
    assert list(words) == sorted(words, key=lambda text: text.encode("utf-16-be")), f"node tools/translations.mjs --sort sorts {file}"


@pytest.mark.parametrize("text", [text for text in [*USED, *USED_OF_CALLS] if "_" in text and " " in text])
def test_names_of_properties_and_choices_stay_as_they_are_written(text: str) -> None:
    german = (WORDS | CALL_WORDS).get(text, "")
    assert set(re.findall(r"\w+_\w+", text)) <= set(re.findall(r"\w+_\w+", german)), german


@pytest.mark.parametrize(("kind", "properties", "sentence"), REFUSED)
def test_the_home_refuses_as_the_dashboard_expects(kind: str, properties: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PropertyError) as refused:
        read_properties(KINDS[kind], properties, kind)
    assert sentence in [one["msg"] for one in refused.value.errors], f"mend {CASES_FILE}, and the form in ui/src/app/shared/refusals*.ts"


def forms_of_kinds() -> Iterator[tuple[str, str]]:
    """Each sentence that a kind refuses its properties with, as a pattern, and where it is."""
    for room in ("devices", "physics"):
        for path in sorted((ROOT / "components/joulebus" / room).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValueError":
                    yield pattern_of(node.args[0]), f"{room}/{path.name}:{node.lineno}"


def pattern_of(text: ast.expr) -> str:
    """A string, of which what is filled in may be anything."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else "(.+)" for one in parts)


@pytest.mark.parametrize(("pattern", "place"), list(forms_of_kinds()))
def test_each_refusal_of_a_kind_has_an_example(pattern: str, place: str) -> None:
    found = any(re.fullmatch(pattern, sentence) for _, _, sentence in REFUSED)
    assert found, f"the refusal at {place} has no example in {CASES_FILE}: add one, and its form to ui/src/app/shared/refusals-of-kinds.ts"
