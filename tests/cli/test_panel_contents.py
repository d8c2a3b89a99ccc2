"""What the panels say of a home: decisions of programs with their reasons, gas and water, heaters; at each size, and while it lives."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from joulebus.cli.panel_decisions import DecisionLog, without_looks
from joulebus.cli.panel_sources import STILL_LOOKS, JournalPanels
from joulebus.journal.file import Journal
from joulebus.meter.reading import meter_at
from joulebus.rundir import hold
from joulebus_schemas.journal import Born, Changed, Committed
from joulebus_schemas.roster import By, Change, Member, Place
from tests.cli.panel_home import drawn, panel_home
from tests.cli.test_panels import FLANDERS, picture
from tests.meter.homes import FLAT_WITH_METER, planned
from tests.planning.conftest import JOULEBUS, environment

SIZES = [(80, 24), (120, 40), (200, 60)]
KWH_PER_M3 = 10.26
WIDE = 600
"""Columns in which no sentence is wrapped."""
FLAT = Place(latitude_degrees=50.85, longitude_degrees=4.35, timezone="Europe/Brussels")
MEMBERS = {
    "inverter": Member(kind="inverter"),
    "battery": Member(kind="battery", properties={"capacity_kwh": 5}),
    "wallbox": Member(kind="charger", properties={"amps": 10, "phase_count": 1, "pause": False}),
    "car": Member(kind="car", hears=("wallbox",)),
    "car_program": Member(kind="car_program"),
}
BORN = Born(home="flat", start_unix_seconds=0, tick_seconds=1, seed=1, place=FLAT, members=MEMBERS)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return panel_home(tmp_path_factory.mktemp("panelled"))


@pytest.fixture(scope="module")
def panels(journal: Path) -> JournalPanels:
    found = JournalPanels(journal, "flat", FLANDERS)
    found.look()
    return found


@pytest.mark.parametrize("size", SIZES)
def test_each_size_shows_gas_and_what_is_held_with_its_numbers(journal: Path, panels: JournalPanels, size: tuple[int, int]) -> None:
    lines = picture(journal.parent, size, "--rates", FLANDERS).splitlines()
    assert len(lines) == size[1] and {len(line) for line in lines} == {size[0]}
    today, month = (next(column for column in panels.view.usage if column.name == name) for name in ("today", "month"))
    litres, cost = today.volumes.gas_litres or 0, sum(line.micro_euro for line in today.bill.lines if line.what == "gas")
    energy, money = f"{litres * KWH_PER_M3 / 1_000:.2f}", f"{cost / 1e6:.2f}"
    whole = "\n".join(lines)
    said = {
        SIZES[0]: rf"today gas {litres / 1_000:.3f} m³ \({energy} kWh\) {money} €",
        SIZES[1]: rf"gas m³ +{litres / 1_000:.3f} +{(month.volumes.gas_litres or 0) / 1_000:.3f} ",
        SIZES[2]: rf"gas kWh +{energy} [\s\S]*gas € +{money} ",
    }
    assert litres > 1_000 and re.search(said[size], whole), whole
    assert all(re.search(rf"{name}(?: \(car\))? +\d+(\.\d)? (%|°C)", whole) for name in ("battery", "car", "boiler", "geyser")), whole
    assert "properties set" not in whole


@pytest.mark.parametrize("size", SIZES[1:])
def test_larger_ones_show_the_decision_of_each_program(journal: Path, size: tuple[int, int]) -> None:
    whole = picture(journal.parent, size)
    assert "battery_program: serve the home from" in whole
    assert re.search(r"car_program: (charge|pause) car at", whole)


def test_a_row_has_the_decision_that_stands_in_the_journal(journal: Path, panels: JournalPanels) -> None:
    states: dict[str, dict[str, Any]] = {}
    with Journal.view(journal) as view:
        for _, record, _ in view.read():
            states |= record.states if isinstance(record, Committed) else {}
    rows = {row.name: row for row in panels.view.stores or ()}
    assert list(rows) == ["battery", "car", "boiler", "geyser"]
    assert rows["battery"].decision == f"battery_program: {states['battery_program']['decision']}" != "battery_program: "
    assert rows["car"].decision == f"car_program: {states['car_program']['reasons'][0]}"
    panels.view.press("6")
    shown = " ".join(line.strip("│ ") for line in drawn(panels.view, WIDE, 24))
    panels.view.press("0")
    assert rows["battery"].decision in shown and rows["car"].decision in shown


def test_gas_and_water_are_those_of_the_meter(journal: Path, panels: JournalPanels) -> None:
    state = list(meter_at(journal))[-1].state
    month = next(column for column in panels.view.usage if column.name == "month")
    assert month.volumes.gas_litres == int(state.gas_litres) > 1_000
    assert month.volumes.water_litres == int(state.water_litres) > 0
    panels.view.press("8")
    lines = drawn(panels.view, 120, 24)
    panels.view.press("0")
    numbers = {line.strip("│ ").rsplit("  ", 7)[0].strip(): line.split() for line in lines if "gas" in line or "water" in line}
    assert any(f"{int(state.gas_litres) / 1_000:,.3f}" in words for words in numbers.values()), lines
    assert any(f"{int(state.gas_litres) * KWH_PER_M3 / 1_000:,.2f}" in words for words in numbers.values()), lines
    (gas,) = [line for line in month.bill.lines if line.what == "gas"]
    assert any(f"{gas.micro_euro / 1e6:.2f}" in words for words in numbers.values()), lines


def test_a_journal_that_grows_shows_at_its_end_what_the_whole_shows(journal: Path, tmp_path: Path) -> None:
    whole, grows = journal.read_bytes(), tmp_path / "journal.bin"
    grows.write_bytes(whole[: len(whole) // 2])
    panels = JournalPanels(grows, "flat")
    panels.look()
    before = panels.view.watched.state
    grows.write_bytes(whole)
    panels.look()
    at_once = JournalPanels(grows, "flat")
    at_once.look()
    assert before is not None and panels.view.watched.state is not None
    assert panels.view.watched.state.unix_seconds > before.unix_seconds + 3_600
    assert panels.view.stores == at_once.view.stores
    assert panels.view.changes == at_once.view.changes != []


def test_a_journal_that_goes_away_is_told_and_forgotten_when_it_is_back(journal: Path, tmp_path: Path) -> None:
    there = tmp_path / "journal.bin"
    there.write_bytes(journal.read_bytes())
    panels = JournalPanels(there, "flat")
    panels.look()
    there.unlink()
    panels.look()  # It may be rotating.
    panels.look()
    assert "it does not exist" in panels.view.trouble
    assert "it does not exist" in "".join(drawn(panels.view, WIDE, 40)[:2])
    there.write_bytes(journal.read_bytes())
    panels.look()
    assert panels.view.trouble == ""


def test_whether_a_home_lives_is_said(journal: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.bin").write_bytes(journal.read_bytes())
    panels = JournalPanels(tmp_path / "journal.bin", "flat")
    panels.look()
    assert panels.view.state == "", "a run that is over"
    with hold(tmp_path):
        panels.look()
        assert panels.view.state == "living"
        for _ in range(STILL_LOOKS):
            panels.look()
        assert panels.view.state == f"nothing new for {STILL_LOOKS + 1} s: paused, or it waits"
    panels.look()
    assert panels.view.state == "down: `joulebus up` continues it"
    assert panels.view.state in drawn(panels.view, 80, 24)[0]


def test_a_home_without_a_grid_says_so_instead_of_zeros(tmp_path: Path) -> None:
    panels = JournalPanels(planned(tmp_path, "\n".join(line for line in FLAT_WITH_METER.splitlines() if "grid" not in line), 60), "hut")
    panels.look()
    lines = drawn(panels.view, 200, 60)
    assert "".join(lines).count("the home has no grid connection") == 4
    assert not any("kWh +day" in line for line in lines)


def test_a_damaged_journal_is_refused_with_the_place(journal: Path, tmp_path: Path) -> None:
    bad = bytearray(journal.read_bytes())
    bad[len(bad) // 2] ^= 1
    (tmp_path / "journal.bin").write_bytes(bad)
    said = subprocess.run([JOULEBUS, "panels", str(tmp_path), "--once"], env=environment(tmp_path), capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (2, "")
    assert re.search(r"record \d+ at byte \d+ is not what was written", said.stderr)


def test_a_picture_needs_nothing_from_elsewhere(journal: Path, tmp_path: Path) -> None:
    picture(journal.parent, (120, 40), "--picture", tmp_path / "panels.svg")
    text = (tmp_path / "panels.svg").read_text()
    assert text.startswith("<svg") and "battery_program:" in text.replace("&#160;", " ")
    assert re.findall(r"https?://[^\"' ]+", text) == ["http://www.w3.org/2000/svg"]
    words = [JOULEBUS, "panels", str(journal.parent), "--picture", "panels.png"]
    said = subprocess.run(words, env=environment(tmp_path), capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (2, "joulebus: the panels are drawn as .svg, but the file is panels.png\n")


ANNA = By(principal="flat/~anna", role="operator", call="joulebus.flat.wallbox.set", arguments={"amps": 8})
PROGRAM = By(principal="flat/car_program", role="component", call="joulebus.flat.wallbox.set", arguments={"amps": 8})
EIGHT = {"amps": 8, "phase_count": 1, "pause": False}
CHANGES = {
    "somebody sets": (
        Changed(changes=(Change(device="wallbox", from_tick=5, properties=EIGHT),), by=ANNA),
        ["wallbox ~anna: set amps to 8"],
    ),
    "a program says so itself": (Changed(changes=(Change(device="wallbox", from_tick=5, properties=EIGHT),), by=PROGRAM), []),
    "in a plan, too": (Changed(changes=(Change(device="wallbox", from_tick=5, properties=EIGHT),)), []),
    "what no program sets": (
        Changed(changes=(Change(device="wallbox", from_tick=5, properties={**EIGHT, "volts": 240}),)),
        ["wallbox the home file: set amps to 8, volts to 240"],
    ),
    "switched": (Changed(changes=(Change(device="car", from_tick=5, on=False),), by=ANNA), ["car ~anna: switched off"]),
}


@pytest.mark.parametrize("record, said", CHANGES.values(), ids=CHANGES.keys())
def test_the_log_names_what_people_changed(record: Changed, said: list[str]) -> None:
    log = DecisionLog()
    log.add(BORN, BORN, MEMBERS)
    log.add(record, BORN, MEMBERS)
    assert [notice.text for notice in log.notices] == said
    assert {notice.unix_seconds for notice in log.notices} <= {5}


def test_what_nobody_decides_is_said_by_how_it_is_set() -> None:
    log, alone = DecisionLog(), {name: one for name, one in MEMBERS.items() if name != "car_program"}
    log.add(BORN, BORN, alone)
    assert log.about("car", MEMBERS, None, 1) == "car_program: has not decided yet; it does before each quarter-hour"
    assert log.about("car", alone, None, 1) == "wallbox lets 2.30 kW through"
    off = {**MEMBERS, "car_program": Member(kind="car_program", on=False)}
    assert log.about("car", off, None, 1) == "car_program is switched off and decides nothing"


def test_a_decision_keeps_its_rule_without_what_was_looked_at() -> None:
    assert without_looks("pause a at b, because of c (rule 6, 60 %) (a kWh (now) 0.2)") == "pause a at b, because of c (rule 6, 60 %)"
    assert without_looks("serve the home (battery 8 %)") == "serve the home"
    assert without_looks("nothing") == "nothing"
