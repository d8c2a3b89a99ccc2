"""YAML as a home file needs it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from joulebus.homefile.yaml_lines import read_yaml, scalar, write_yaml

WORDS: dict[str, Any] = {
    "on": "on",
    "yes": "yes",
    "true": True,
    "false": False,
    "True": "True",
    "~": None,
    "null": None,
    "17:30": "17:30",
    "2026-06-21": "2026-06-21",
    "010": 10,
    "0x10": "0x10",
    "1_000": "1_000",
    "-3": -3,
    "1.5": 1.5,
    ".5": 0.5,
    "1e3": 1000.0,
    ".nan": ".nan",
    "1e999": "1e999",
    "9" * 500: "9" * 500,
}


@pytest.mark.parametrize(("text", "meaning"), WORDS.items())
def test_a_word_means_one_thing(text: str, meaning: Any) -> None:
    assert scalar(text) == meaning
    assert type(scalar(text)) is type(meaning)


def test_a_quoted_word_is_text() -> None:
    assert read_yaml("a: \"true\"\nb: '5'\n").value == {"a": "true", "b": "5"}


def test_every_key_and_item_has_its_line() -> None:
    document = read_yaml("a:\n  b: 1\n\n  c:\n    - x\n    - {d: 1,\n       e: 2}\n")
    assert [document.line(path) for path in [("a",), ("a", "b"), ("a", "c", 1), ("a", "c", 1, "e"), ("a", "c", 9, "z")]] == [1, 2, 6, 7, 4]


def test_an_alias_stands_for_what_was_complete_before_it() -> None:
    assert read_yaml("a: &roof {tilt: 30}\nb: *roof\n").value == {"a": {"tilt": 30}, "b": {"tilt": 30}}


plain = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.floats(allow_nan=False, allow_infinity=False) | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_what_is_written_reads_the_same(value: Any) -> None:
    assert read_yaml(write_yaml({"value": value})).value == {"value": value}


@pytest.mark.parametrize("text", [*WORDS, "", " ", "a: b", "- a", "#", "'", '"', "*a", "&a", "!a", "é", "\n", "2026-06-21T00:00:00-04:00"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    assert read_yaml(write_yaml({"a": text})).value == {"a": text}
