"""docs/entries.md: each entry has a test that is there, or a reason, and no number is missing."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from tests.tidy.conftest import ROOT

TEXT = (ROOT / "docs/entries.md").read_text()
SEQUENCES = {
    "R": 11, "H": 18, "MH": 6, "MM": 9, "ML": 8, "L": 10, "I": 20, "W": 12, "Screen ": 6, "Native ": 10, "View ": 6, "Line ": 10,
    "Picture ": 9, "Defect ": 6, "Delight ": 10, "Gap ": 10, "Role ": 7,
}  # fmt: skip
"""How many entries each letter has."""
PARTS = {"R10": "abcde", "R11": "abcd", "L9": "abcde", "Task ": ("a", "a2", "b", "c", "d", "e")}
INPUTS = ("11", "20", "22", "24", "29, 69", "32", "36", "47, 48, 70", "49", "59, 60")
CASES = 29


def rows() -> Iterator[tuple[str, str, str]]:
    """Entry, what was met, and the test or the reason."""
    for line in TEXT.splitlines():
        if line.startswith("| ") and not line.startswith("| entry "):
            entry, met, test = (cell.strip() for cell in line.strip("|").split(" | "))
            yield entry, met, test


ROWS = list(rows())
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)


@lru_cache(maxsize=256)
def named_in(path: str) -> set[str]:
    """The tests of a file and of its classes, by reading it."""
    body = ast.parse((ROOT / "tests" / path).read_text()).body
    inside = [node for one in body if isinstance(one, ast.ClassDef) for node in one.body]
    return {node.name for node in [*body, *inside] if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED}))
def test_each_test_that_is_named_is_there(path: str) -> None:
    assert [name for of, name in NAMED if of == path and name not in named_in(path)] == []


def test_no_entry_is_missing_and_none_stands_twice() -> None:
    wanted = [f"{letter}{number}" for letter, count in SEQUENCES.items() for number in range(1, count + 1)]
    wanted = [one for one in wanted if one not in PARTS] + [f"{entry}{part}" for entry, parts in PARTS.items() for part in parts]
    wanted += [f"Input {number}" for number in INPUTS]
    found = [entry for entry, _, _ in ROWS]
    cases = [entry for entry in found if entry.startswith("`")]
    assert sorted(one for one in found if one not in cases) == sorted(wanted)
    assert len(set(cases)) == len(cases) == CASES


def test_each_entry_has_a_test_or_a_reason() -> None:
    assert len(ROWS) > 200
    assert [entry for entry, met, test in ROWS if not met or not ("::test_" in test or test.startswith("as it is: "))] == []


def test_the_page_stands_alone() -> None:
    assert re.findall(r"shared/|/work|/home/|/tmp", TEXT) == []
