"""A function takes at most four parameters; what belongs together is a frozen dataclass."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.conftest import name_of

PARAMETERS_MAX = 4
COMPONENTS = "components/joulebus/"

EXCUSED = {
    "addresses.py: addresses": "the options of one command, one by one",
    "almanac/rows.py: of_columns": "what each of seven foreign formats calls differently",
    "bus/component.py: _heard": "the first parameters are bound once, the bus fills in the others",
    "bus/component.py: _answered": "the first parameters are bound once, the bus fills in the others",
    "cli/client.py: ask": "an address, a call, and a deadline",
    "cli/history.py: _show": "the switches of one command, one by one",
    "historian/history.py: span_of": "the question of a person, one by one",
    "historian/history.py: _edges": "the question of a person, one by one",
    "historian/history.py: _calendar": "the question of a person, one by one",
    "historian/history.py: _counted": "a connection and the interval that is counted",
    "historian/kept.py: _blocks": "a connection and the interval that is read",
    "market/calls/metering.py: _book": "a meter's reading as the engine takes it",
    "market/calls/statements.py: _clearing": "a segment and what was booked in it",
    "market/setup.py: segments_of": "words of a file and the interval in which they hold",
    "planning/plan.py: plan": "a public call with three named options",
    "provision/prefork.py: fork": "what a process is started with",
    "services/history_answers.py: _answer": "the fields of an answer",
}
"""Functions that take more, each with what its parameters are. The table only shrinks."""


def is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether typer makes a command of it: its parameters are the options that people give."""
    calls = (one.func for one in node.decorator_list if isinstance(one, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in ("command", "callback") for call in calls)


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Those with a name, without self and cls."""
    every = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return every[1:] if every[:1] in (["self"], ["cls"]) else every


def greedy(path: Path, name: str) -> Iterator[str]:
    """Functions of a file that take too many."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_command(node) and len(parameters(node)) > PARAMETERS_MAX:
            yield f"{name}: {node.name}"


def test_functions_take_at_most_four_parameters(python_files: list[Path]) -> None:
    ours = [path for path in python_files if name_of(path).startswith(COMPONENTS)]
    assert ours
    found = {one for path in ours for one in greedy(path, name_of(path).removeprefix(COMPONENTS))}
    assert not found - EXCUSED.keys(), f"give them a frozen dataclass: {sorted(found - EXCUSED.keys())}"
    assert not EXCUSED.keys() - found, f"no longer true, take them out of the table: {sorted(EXCUSED.keys() - found)}"


def test_the_count_leaves_out_self_and_commands_and_counts_keywords(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        "@app.command()\ndef command(a, b, c, d, e): ...\n"
        "@cached()\ndef decorated(a, b, c, d, e): ...\n"
        "class A:\n    def four(self, a, b, *, c, d): ...\n    async def keyword(self, a, b, c, *, d, e): ...\n"
    )
    assert set(greedy(file, "some")) == {"some: decorated", "some: keyword"}
