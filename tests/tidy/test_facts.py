"""Facts are written once, and the core agrees with them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus_schemas import facts

ROOT = Path(__file__).resolve().parents[2]
NAMES = (ROOT / "components/core/ledger/src/names.rs").read_text()
REFUSAL = (ROOT / "components/core/ledger/src/refusal.rs").read_text()
FACTS = {facts.JOULES_PER_KWH: "JOULES_PER_KWH", facts.DAY_SECONDS: "DAY_SECONDS", facts.DAY_MILLISECONDS: "DAY_MILLISECONDS"}
"""Numbers that can mean nothing else."""
QUARTER_HOURS = {
    "components/joulebus/almanac/rows.py": "steps of weather files, beside 1800 and 3600",
    "components/joulebus/devices/washing_machine.py": "the second step of a program",
    "components/joulebus/historian/history.py": "a resolution, beside those of a second to an hour",
    "components/joulebus/provision/crossbar.py": "the patience of an installer",
}
"""Where 900 is written, and what it means there: elsewhere it is an epoch or a quarter-hour, which have names."""
LIMITS = frozenset({"le", "max", "max_length"})
"""Of a field: so many ticks in a window, and so many values in a series."""
OTHERS = frozenset({"ROUND_TICKS", "CLOUDS"})
"""Ticks of a window; the period of an octave of clouds."""


def literals(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Line and number of each literal that is a fact."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.keyword) and node.arg in LIMITS:
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in OTHERS for target in targets):
                continue
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value in FACTS:
            yield node.lineno, node.value
        yield from literals(node)


@pytest.mark.parametrize("folder", ["components/joulebus", "schemas/joulebus_schemas"])
def test_a_fact_is_written_once(folder: str) -> None:
    paths = [path for path in sorted((ROOT / folder).rglob("*.py")) if path.name != "facts.py"]
    again = [f"{path.relative_to(ROOT)}:{line} {FACTS[number]}" for path in paths for line, number in literals(ast.parse(path.read_text()))]
    assert again == []


def test_a_quarter_hour_has_a_name_unless_it_means_something_else() -> None:
    folders = [ROOT / "components/joulebus", ROOT / "schemas/joulebus_schemas"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py")) if path.name != "facts.py"]
    found = {
        str(path.relative_to(ROOT))
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value == facts.EPOCH_SECONDS
    }
    assert found == QUARTER_HOURS.keys()


def test_a_literal_is_seen_wherever_it_is() -> None:
    text = "A = 3_600_000\nfor day in range(0, 10, 86_400): f(day, x=86400000)\nB = Field(le=86_400)\n"
    assert [line for line, _ in literals(ast.parse(text))] == [1, 2, 2]


def test_a_home_has_no_more_devices_than_the_core_takes_offers() -> None:
    found = re.search(r"OFFERS_MAX: usize = ([0-9_]+);", REFUSAL)
    assert found and int(found[1].replace("_", "")) == facts.DEVICES_MAX


def test_the_accounts_of_no_device_are_those_of_the_core() -> None:
    found = re.search(r"ACCOUNTS: \[&str; \d+\] = \[([^\]]*)\];", NAMES)
    assert found and set(re.findall(r'"(\w+)"', found[1])) == facts.ACCOUNTS
