"""Answers in a terminal: a page or two of them, whatever they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from joulebus.cli.output import ANSWER_LINES_MAX, print_compact
from joulebus.homefile.home_file import load_home_file

HOUSE = Path(__file__).parents[2] / "examples/homes/house.yaml"
MARK = "shortened, where there is a …; `| cat` shows all of it\n"


def balance(prices: int = 0) -> dict[str, Any]:
    """What the inverter of the house answers, of a grid with so many prices."""
    members = {name: member.model_dump(mode="json") for name, member in load_home_file(HOUSE).members.items()}
    members["grid"]["properties"]["import_prices_from"] = [{"since": str(number), "euro_per_kwh": 0.3} for number in range(prices)]
    return {"tick": 3_600, "head": "5e" * 32, "roster": members, "balances": dict.fromkeys(members, -7200000)}


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize("prices", [0, 35_040])
def test_the_whole_roster_of_a_house_is_shown_in_two_pages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, prices: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    print_compact(balance(prices))
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert len(lines) <= ANSWER_LINES_MAX and max(map(len, lines)) <= int(columns)
    shown = json.loads(said.out)
    assert shown["tick"] == 3_600 and len(shown["roster"]) == len(balance()["roster"]), "each device is there"
    assert shown["roster"]["oven"]["kind"] == "oven" and "…" in said.out and said.err == MARK


def test_what_is_short_is_shown_whole_and_of_many_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    print_compact({"tick": 3_600, "cause": None})
    said = capsys.readouterr()
    assert (json.loads(said.out), said.err) == ({"tick": 3_600, "cause": None}, "")
    print_compact({f"device_{number:05}": {"kind": "oven"} for number in range(10_000)})
    said = capsys.readouterr()
    assert len(said.out.splitlines()) <= ANSWER_LINES_MAX + 1 and "9,960 more" in said.out and said.err == MARK
