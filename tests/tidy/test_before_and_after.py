"""The page of old and new texts says what joulebus says: its help in full, its errors piece by piece."""

import typer

from joulebus.cli.main import app
from tests.cli.test_help import walk
from tests.tidy.conftest import ROOT, files

PAGE = (ROOT / "docs/before_and_after.md").read_text()
PIECE_MIN = 8
"""Shorter pieces between two names say nothing."""


def now(section: str) -> list[str]:
    """The right column of a table."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and not line.startswith("| 0.1")]
    assert rows and {len(row) for row in rows} == {2}
    return [row[1] for row in rows]


def test_the_help_is_what_the_page_says() -> None:
    commands = [command for _, command in walk(typer.main.get_command(app))]
    said = {" ".join((command.help or "").split()) for command in commands}
    said |= {" ".join((getattr(one, "help", None) or "").split()) for command in commands for one in command.params}
    assert [text for text in now("Help") if text not in said] == []


def test_errors_are_what_the_page_says() -> None:
    source = "\n".join(path.read_text() for path in files(".py") if "components" in path.parts)
    pieces = [piece.strip() for text in now("Errors") for piece in text.split("…") if len(piece.strip()) >= PIECE_MIN]
    assert len(pieces) >= 9
    assert [piece for piece in pieces if piece not in source] == []
