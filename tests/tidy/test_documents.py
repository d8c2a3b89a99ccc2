"""README, ARCHITECTURE and CONTRIBUTING are easy to read, and what they name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from joulebus import errors
from joulebus.cli.failures import BUG_EXIT, INTERRUPTED
from joulebus.cli.main import app
from tests.tidy.conftest import ROOT, files

PROSE_LENGTH_MAX = 100
FIRST_RESULT_LINE_MAX = 30
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that are neither code nor table."""
    in_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            in_code = not in_code
        elif not in_code and not line.startswith(("|", "    ", "\t")):
            yield number, line


def commands(text: str) -> set[str]:
    """What stands behind the name of the program where code is written: `joulebus device set oven` has "device set oven"."""
    code = re.findall(r"`joulebus ([^`]*)`", text)
    for block in text.split("```")[1::2]:
        code += re.findall(r"(?:^|[\s/(])joulebus ([a-z-]+(?: [a-z-]+)*)", block, re.MULTILINE)
    return {one for one in code if re.match(r"[a-z]", one)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_lines_of_prose_are_short(name: str) -> None:
    long = [f"{name}:{number} has {len(line)}" for number, line in prose((ROOT / name).read_text()) if len(line) > PROSE_LENGTH_MAX]
    assert long == []


@pytest.mark.parametrize("name", [*DOCUMENTS, "docs/report.md", "components/README.md"])
def test_every_command_that_is_named_exists(name: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    unknown = []
    for words in (one.split() for one in commands((ROOT / name).read_text())):
        group = known.get(words[0])
        inner = getattr(group, "commands", None)
        if group is None or (inner is not None and len(words) > 1 and words[1].strip(",") not in inner):
            unknown.append(" ".join(words[:2]))
    assert unknown == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text())
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_first_result_is_on_the_first_screen() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert next(number for number, line in enumerate(lines, 1) if "head seal" in line) <= FIRST_RESULT_LINE_MAX


def test_the_exit_codes_are_all_of_them() -> None:
    [table] = re.findall(r"## Exit codes\n\n(.*?)\n\n", (ROOT / "README.md").read_text(), re.DOTALL)
    ours = {thing.exit_code for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, errors.JoulebusError)}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == ours | {0, BUG_EXIT, INTERRUPTED}


def test_every_folder_of_tests_is_explained() -> None:
    there = {Path(*path.relative_to(ROOT).parts[:2]).as_posix() for path in files(".py") if path.parent.parent == ROOT / "tests"}
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert set(re.findall(r"^\| `(tests/\w+)/` \|", text, re.MULTILINE)) == there
