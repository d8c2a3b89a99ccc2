"""Docstrings are what an engineer would write: a noun phrase or a sentence, without the turns of another language."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.conftest import files, name_of

FRAGMENT = re.compile(r"(Of|That|By|In which|For how long) ")
"""So begins a phrase whose noun the reader has to look for in the code above it."""
QUAINT = re.compile(
    r"\b(anew|dreamt|nought|hangs? on (the|a|what|whether)|stands? still|loudly|gone on with|lived through)\b"
    r"|\b(him|his|one a (tick|second|part|home)|each with each)\b|(?<!thing )(?<!where )\belse[.,]? *$"
)


def docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Every string that stands alone as a statement: of modules, classes, functions and attributes."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def ours() -> Iterator[tuple[str, str]]:
    """Each docstring of the packages, with its place."""
    for path in files(".py"):
        if "tests" not in path.parts and {"joulebus", "joulebus_schemas", "joulebus_core"} & set(path.parts):
            for line, text in docstrings(path.read_text()):
                yield f"{name_of(path)}:{line}", text


def test_docstrings_have_a_noun() -> None:
    assert [f"{place} {text[:60]}" for place, text in ours() if FRAGMENT.match(text)] == []


def test_docstrings_are_plain_english() -> None:
    assert [f"{place} {text}" for place, text in ours() if any(QUAINT.search(line) for line in text.splitlines())] == []


def test_a_fragment_and_a_turn_are_seen() -> None:
    assert FRAGMENT.match("Of the home.") and FRAGMENT.match("By name.") and not FRAGMENT.match("Official name.")
    assert QUAINT.search("Its power while it is on, standby else.") and QUAINT.search("A part is started anew.")
    assert not QUAINT.search("An oven that somebody else starts.")
