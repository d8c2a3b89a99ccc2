"""No module needs itself: not by an import at its top, and not by one inside a function either."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"joulebus": ROOT / "components/joulebus", "joulebus_schemas": ROOT / "schemas/joulebus_schemas"}


def modules(package: str, folder: Path) -> dict[str, str]:
    """Texts by dotted name."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join((package, *(part for part in parts if part != "__init__")))] = path.read_text()
    return found


def imports(text: str, known: frozenset[str]) -> Iterator[str]:
    """Modules that a text imports anywhere, but for the eyes of a type checker only."""
    nodes: list[ast.AST] = [ast.parse(text)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            nodes += node.orelse
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def circle(texts: Mapping[str, str]) -> list[str]:
    """Modules that need each other in a circle; [] when there is none."""
    known = frozenset(texts)
    graph = {name: {one for one in imports(text, known) if one in known and one != name} for name, text in texts.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(one) for one in error.args[1]]
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_need_each_other_in_a_circle(package: str) -> None:
    assert circle(modules(package, PACKAGES[package])) == []


def test_a_circle_through_a_function_is_seen() -> None:
    texts = {"a": "from b import one\n", "b": "import c\n", "c": "def act():\n    from a import two\n"}
    assert sorted(set(circle(texts))) == ["a", "b", "c"]
    assert circle({**texts, "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import two\n"}) == []
