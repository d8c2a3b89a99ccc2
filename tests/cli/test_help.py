"""The help of each command: one line that begins with a verb, options that are explained, and plain English."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from joulebus.cli.main import app

QUAINT = re.compile(
    r"\b(lived|begin anew|else\b|hangs? on|nought|dreamt|loudly|one a (core|device|line)|a second, or|stands? still|each with each)",
)
"""What a native engineer would not write."""


def walk(command: Any, name: str = "joulebus") -> Iterator[tuple[str, Any]]:
    """Every command and group, by its whole name."""
    yield name, command
    for word, inner in sorted(getattr(command, "commands", {}).items()):
        yield from walk(inner, f"{name} {word}")


COMMANDS = dict(walk(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_a_sentence_and_every_option_is_explained(name: str) -> None:
    command = COMMANDS[name]
    own = [one for one in command.params if "completion" not in one.name and one.name != "help"]
    texts = [command.help, *(one.help for one in own if getattr(one, "help", None))]
    assert command.help and "\n" not in command.help.strip(), "one paragraph: no Raises of a docstring"
    assert [one.name for one in own if any(word.startswith("--") for word in one.opts) and not one.help] == []
    assert [text for text in texts if not text.rstrip().endswith((".", "?")) and not re.search(r"[\d)\]…/=a-z+]$", text.rstrip())] == []
    assert [text for text in texts if QUAINT.search(text) or "``" in text] == []
    assert [one.name for one in own if any(option.startswith("--no-no") for option in (*one.opts, *one.secondary_opts))] == []
