"""No table of any command cuts a number or a name, however narrow the terminal is."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from joulebus.cli.output import _compact
from joulebus.cli.tables import print_devices, print_kind
from joulebus.cli.whole_table import WholeTable
from joulebus.devices import KINDS
from tests.planning.conftest import Command
from tests.planning.homes import HOMES, cabin
from tests.short import in_short

NUMBER = re.compile(r"-?\d[\d,.]*\d|\d")
NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
COMMANDS = {
    "plan": ["plan", "{house}", "--days", "0.3", "--tick", "900"],
    "compare": ["compare", "{cabin}", "--days", "1", "--vary", "battery.capacity_kwh=1,9", "--vary", "oven.power_watts=500,2400"],
    "compare with prices": [
        "compare",
        "{cabin}",
        "--days",
        "1",
        "--vary",
        "battery.capacity_kwh=0,9",
        "--price",
        "battery.capacity_kwh=500",
    ],
    "report": ["report", "{run}", "--every", "hour"],
    "report against": ["report", "{run}", "--against", "{run}"],
    "device kinds": ["device", "kinds"],
    "market run": ["market", "run", "{lesson}"],
    "market balance": ["market", "balance", "seller1", "474240", "--in", "{lesson}"],
    "market calls": ["market", "calls"],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files and a run that the commands are about."""
    folder = tmp_path_factory.mktemp("tables")
    lesson = HOMES.parent / "market" / "lesson_5.jsonl"
    return {"lesson": str(lesson), "house": str(HOMES / "house.yaml"), "cabin": str(cabin(folder)), "run": str(folder / "run")}


@pytest.mark.parametrize("name", in_short(COMMANDS, "plan", "compare with prices", "device kinds", "market calls"))
def test_a_narrow_terminal_shows_the_numbers_and_names_of_a_wide_one(
    name: str, places: dict[str, str], joulebus: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path(places["run"]).exists():
        assert joulebus("plan", places["cabin"], "--days", "2", "--out", places["run"]).returncode == 0
    words = [word.format(**places) for word in COMMANDS[name]]
    said = {}
    for columns in (250, 80):
        done = joulebus(*words, COLUMNS=str(columns))
        assert done.returncode == 0, done.stderr
        assert max(map(cell_len, done.stdout.splitlines())) <= columns
        said[columns] = done.stdout
    assert "…" not in said[80]
    for form in (NUMBER, NAME):
        assert set(form.findall(said[250])) <= set(form.findall(said[80]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_of_a_kind_stands_whole_at_80_columns(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_kind(kind, json_=False)
    printed = capsys.readouterr().out
    assert "…" not in printed and max(map(cell_len, printed.splitlines())) <= 80
    words = set(re.findall(r"[\w.]+", printed))
    assert set(KINDS[kind].properties.model_fields) <= words


def test_the_parts_of_lists_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    print_kind("grid", json_=False)
    assert "list of {during, euro_per_kwh}" in capsys.readouterr().out


def test_a_list_of_devices_shows_what_was_chosen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    whole = KINDS["oven"].properties.model_validate({"power_watts": 1_234}).model_dump(mode="json")
    print_devices({"home": "h", "tick": 3, "devices": {"oven": {"kind": "oven", "on": True, "properties": whole}}})
    printed = capsys.readouterr().out
    assert "power_watts=1234" in printed and "None" not in printed and "setpoint" not in printed
    assert len(printed.splitlines()) == 4


cells = st.text("abc de_1", max_size=30).map(str.strip)


@given(
    st.lists(st.tuples(cells, cells, st.integers(-(10**12), 10**12), st.integers(0, 10**9)), min_size=1, max_size=8), st.integers(50, 120)
)
def test_any_table_keeps_its_numbers_and_fits(rows: list[tuple[str, str, int, int]], width: int) -> None:
    table = WholeTable("name", "words", "one", "two", show_edge=False)
    table.columns[2].justify = table.columns[3].justify = "right"
    for name, words, one, two in rows:
        table.add_row(name, words, f"{one:,}", f"{two:,}")
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(table)
    printed = captured.get()
    assert max(map(cell_len, printed.splitlines())) <= width
    assert all(f"{number:,}" in printed for row in rows for number in row[2:])


@given(
    st.recursive(st.integers() | st.text(max_size=20) | st.none(), lambda one: st.lists(one) | st.dictionaries(st.text(max_size=9), one))
)
def test_compact_json_says_the_same(value: object) -> None:
    assert json.loads("\n".join(_compact(value, 60))) == value
