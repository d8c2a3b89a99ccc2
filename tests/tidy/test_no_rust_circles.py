"""No Rust file of a crate needs itself through others; what only its tests use does not count."""

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeAlias

import pytest

CORE = Path(__file__).resolve().parents[2] / "components/core"
CRATES = sorted(manifest.parent.name for manifest in CORE.glob("*/Cargo.toml"))
Module: TypeAlias = tuple[str, ...]

# Strings are kept out of the way, too: a sentence may speak of a path. A lifetime such as 'a is no character.
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|r(?P<fence>#*)".*?"(?P=fence)|"(?:\\.|[^"\\])*"|' r"'(?:\\.|[^'\\])'", re.DOTALL)
TESTS = re.compile(r"#\[cfg\(test\)\]\s*mod \w+ \{")
TOKEN = re.compile(r"\w+|::|[{},*]")


def plain(text: str) -> str:
    """A file without comments, strings and unit tests."""
    text = NOISE.sub(" ", text)
    while found := TESTS.search(text):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: found.start()] + text[end:]
    return text


def paths(text: str) -> Iterator[Module]:
    """Every path of a text, those of a tree such as `a::{b, c::d}` one by one."""
    for found in re.finditer(r"(?<![\w:])\w+(?=\s*::)", text):
        yield from branches(iter(TOKEN.findall(tree(text[found.start() :]))), ())


def tree(text: str) -> str:
    """The path that a text begins with, together with its braces."""
    at = re.match(r"(?:\w+\s*::\s*)+", text)
    assert at, text[:80]
    rest = text[at.end() :]
    if not rest.startswith("{"):
        return at[0] + (found[0] if (found := re.match(r"\w+", rest)) else "")
    depth = 0
    for end, sign in enumerate(rest):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if not depth:
            return at[0] + rest[: end + 1]
    raise ValueError(f"a tree of paths ends: {text[:80]!r}")


def branches(tokens: Iterator[str], stem: Module) -> Iterator[Module]:
    """The paths of a tree below a stem, up to its closing brace."""
    path, is_open = stem, False
    for token in tokens:
        if token == "{":
            yield from branches(tokens, path)
            is_open = False
        elif token in {",", "}"}:
            if is_open:
                yield path
            path, is_open = stem, False
            if token == "}":
                return
        elif token != "::":
            path, is_open = (*path, token), True
    if is_open:
        yield path


def needs(module: Module, text: str, known: frozenset[Module]) -> Iterator[Module]:
    """Other files of the crate that a file names, by `crate::`, `self::`, `super::` or as a module of its own."""
    for path in paths(plain(text)):
        first, rest = path[0], path[1:]
        if first == "crate":
            full = rest
        elif first == "self":
            full = (*module, *rest)
        elif first == "super":
            ups = next((at for at, part in enumerate(path) if part != "super"), len(path))
            full = (*module[: len(module) - ups], *path[ups:])
        elif (*module, first) in known:
            full = (*module, *path)
        else:
            continue
        while full not in known:
            full = full[:-1]
        if full != module:
            yield full


def circle(texts: Mapping[Module, str]) -> list[str]:
    """Files that need each other in a circle; [] when there is none."""
    known = frozenset(texts)
    graph = {module: set(needs(module, text, known)) for module, text in texts.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["::".join(("crate", *module)) for module in error.args[1]]
    return []


def files(source: Path) -> dict[Module, str]:
    """Texts by module path; `lib.rs` is ()."""
    found: dict[Module, str] = {}
    for path in source.rglob("*.rs"):
        parts = path.relative_to(source).with_suffix("").parts
        found[parts[:-1] if parts[-1] in {"mod", "lib"} else parts] = path.read_text()
    return found


@pytest.mark.parametrize("crate", CRATES)
def test_no_files_of_a_crate_need_each_other_in_a_circle(crate: str) -> None:
    texts = files(CORE / crate / "src")
    assert () in texts, "a crate begins with lib.rs"
    assert circle(texts) == []


LINE: dict[Module, str] = {(): "pub mod a;\npub mod b;\n", ("a",): "use crate::b::{self, One};\n", ("b",): "pub struct One;\n"}


@pytest.mark.parametrize(
    "back",
    [
        "use crate::a::Two;",
        "use crate::{\n    other::{x, y},\n    a::{Two, Three},\n};",
        "use super::a;",
        "pub fn act() {\n    crate::a::act()\n}",
        "#[cfg(test)]\nmod tests {\n    fn x() {}\n}\nuse crate::a::Two;",
    ],
)
def test_a_way_back_is_a_circle(back: str) -> None:
    assert circle(LINE) == []
    assert set(circle({**LINE, ("b",): back})) == {"crate::a", "crate::b"}


@pytest.mark.parametrize(
    "way", ["// crate::a::Two", 'const TEXT: &str = "crate::a::Two";', "#[cfg(test)]\nmod tests {\n    use crate::a::Two;\n}"]
)
def test_comments_strings_and_unit_tests_do_not_count(way: str) -> None:
    assert circle({**LINE, ("b",): way}) == []


def test_a_room_and_its_files_are_seen() -> None:
    room: dict[Module, str] = {(): "mod room;", ("room",): "mod door;\nuse door::Door;", ("room", "door"): "pub struct Door;"}
    assert circle(room) == []
    assert set(circle({**room, ("room", "door"): "use super::Key;"})) == {"crate::room", "crate::room::door"}
