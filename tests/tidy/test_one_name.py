"""One name, one thing: what is public at the top of a module is called so in no other module."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "components/joulebus", ROOT / "schemas/joulebus_schemas")
FIXED = frozenset({"main"})
"""Where a process begins: the name that a console script and ``python -m`` expect."""


def modules() -> Iterator[Path]:
    """All of them but migrations: Alembic loads those by path, and gives their four names."""
    for source in SOURCES:
        yield from (path for path in sorted(source.rglob("*.py")) if "migrations" not in path.parts)


def public(tree: ast.Module) -> Iterator[str]:
    """Names of classes, functions, constants and types."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def homonyms(texts: dict[str, str]) -> dict[str, list[str]]:
    """Public names with all modules in which they are, when those are several."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, text in texts.items():
        for name in dict.fromkeys(public(ast.parse(text))):
            if not name.startswith("_") and name not in FIXED:
                found[name].append(module)
    return {name: sorted(where) for name, where in sorted(found.items()) if len(where) > 1}


def test_no_public_name_is_in_two_modules() -> None:
    assert homonyms({str(path.relative_to(ROOT)): path.read_text() for path in modules()}) == {}


def test_classes_functions_constants_and_types_are_seen() -> None:
    text = "class Run: ...\ndef read(): ...\nasync def ask(): ...\nA, B = 1, 2\nPath = tuple[str, ...]\nlog: int = 1\n_own = 1\n"
    assert sorted(homonyms({"one": text, "two": text})) == ["A", "B", "Path", "Run", "ask", "log", "read"]
