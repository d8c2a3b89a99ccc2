"""ARCHITECTURE names files, functions and arrows that are there; a page that lies about the house is worse than none."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

from tests.tidy.conftest import ROOT

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
WALKS = ARCHITECTURE.partition("\n## Walks\n")[2].partition("\n## ")[0]
PICTURE = ARCHITECTURE.partition("\n## Rooms and arrows\n")[2].partition("```mermaid")[2].partition("```")[0]
FILE = re.compile(r"`([\w/.-]+\.(?:py|rs|yml|md|toml|json))(?:: ([\w.]+))?`")
MADE_WHILE_RUNNING = {"prometheus_targets.json", "running.json", "clock.json"}


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the tree."""
    return tuple(subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def found(name: str) -> list[Path]:
    """Files whose path ends so."""
    return [ROOT / path for path in tracked() if path == name or path.endswith(f"/{name}")]


def names_in(path: Path) -> set[str]:
    """What a file defines: functions, classes, constants, and ``Class.member`` for what a class holds."""
    text = path.read_text()
    if path.suffix == ".rs":
        return set(re.findall(r"\bfn (\w+)", text))
    return {name for node in ast.parse(text).body for name in defined(node)}


def defined(node: ast.AST) -> set[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.ClassDef):
        return {node.name, *(f"{node.name}.{name}" for inner in node.body for name in defined(inner))}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_every_file_that_is_named_is_there() -> None:
    named = {name for name, _ in FILE.findall(ARCHITECTURE)} - MADE_WHILE_RUNNING
    assert len(named) > 40
    assert sorted(name for name in named if not found(name)) == []


def test_everything_that_a_walk_names_is_in_its_file() -> None:
    wrong = [f"{file}: {name}" for file, name in FILE.findall(WALKS) if name and not any(name in names_in(path) for path in found(file))]
    assert wrong == []


def test_a_method_that_a_walk_names_alone_is_in_one_of_its_files() -> None:
    known = {name for file, _ in FILE.findall(WALKS) for path in found(file) for name in names_in(path)}
    alone = set(re.findall(r"`([A-Z]\w+\.\w+)`", WALKS))
    assert alone and sorted(alone - known) == []


def test_every_arrow_of_the_picture_is_an_import() -> None:
    rooms = {room: "components/joulebus/" + room for room in re.findall(r"(\w+)\[", PICTURE)}
    rooms |= {"core": "components/core/python/joulebus_core", "words": "schemas/joulebus_schemas"}
    package = {room: {"core": "joulebus_core", "words": "joulebus_schemas"}.get(room, f"joulebus.{room}") for room in rooms}
    assert [room for room, folder in rooms.items() if not (ROOT / folder).is_dir()] == []
    arrows = re.findall(r"^ *(\w+)(?:\[.*?\])? --> (\w+)", PICTURE, re.MULTILINE)
    assert len(arrows) > 15
    texts = {room: "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob("*.py"))) for room, folder in rooms.items()}
    imported = {room: rf"(from|import) {package[room]}\b|from joulebus import {room}\b" for room in rooms}
    untrue = [f"{one} -> {other}" for one, other in arrows if not re.search(imported[other], texts[one])]
    assert untrue == []
