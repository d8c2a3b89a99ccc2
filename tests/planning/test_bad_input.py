"""What cannot be planned, reported or compared is answered in one sentence with exit code 2, before any work is done."""

import sys
from pathlib import Path

import pytest

from joulebus.cli.main import main
from joulebus.homefile.home_file import load_home_file
from joulebus.planning.planned import PlanOrder, begin_plan, go_on
from tests.planning.homes import cabin


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cabin, two hours of it, and files that are none."""
    folder = tmp_path_factory.mktemp("bad")
    begin_plan(load_home_file(cabin(folder)), folder / "run", PlanOrder(120))
    go_on(folder / "run")
    (folder / "empty").mkdir()
    (folder / "no_journal.bin").write_text("hello")
    whole = (folder / "run/journal.bin").read_bytes()
    (folder / "damaged.bin").write_bytes(whole[:3_000] + b"X" + whole[3_001:])
    (folder / "other.json").write_text("{}")
    return folder


CASES = {
    "plan": "a plan starts from exactly one of FILE, --from-running, --from-journal, --resume, but none was given",
    "plan cabin.yaml --resume run": "--from-journal, --resume, but FILE and --resume was given",
    "plan cabin.yaml --days 0": "--days must be at least one tick of 60 s, but was 0",
    "plan cabin.yaml --set batery.capacity_kwh=4": 'cannot set batery.capacity_kwh=4: there is no device batery; did you mean "battery"?',
    "plan cabin.yaml --set battery.capacity=4": 'did you mean "capacity_kwh"?',
    "plan cabin.yaml --set battery.capacity_kwh=-4": "battery.capacity_kwh",
    "plan cabin.yaml --set battery": '--set must be device.property=value, but was "battery"',
    "plan cabin.yaml --at 2026-06-21T01:00Z": "--at can only be used with --from-journal, but was given with FILE",
    "plan cabin.yaml --out run": "run holds another plan; choose another, or resume that one with --resume run",
    "plan --resume empty": "empty holds no plan to resume: plan.json cannot be read (it does not exist)",
    "plan --resume run --days 3 --set oven.power_watts=3": "--resume takes no other option",
    "plan --from-journal run --start 2026-06-21T01:00Z": "--start can only be used with FILE, but was given with --from-journal",
    "plan --from-journal run --at 2026-06-25T01:00Z": "which is what run/journal.bin holds, but was 2026-06-25T01:00:00Z",
    "plan --from-journal run --at noon": 'such as 2026-06-01, 2026-06-01T08:30 or 2026-06-01T08:30+02:00, but was "noon"',
    "plan --from-journal run --set ovn.shedding_priority=3": 'did you mean "oven"?',
    "plan --from-journal no_journal.bin": "no_journal.bin is not a journal of this joulebus",
    "plan --from-journal damaged.bin": "its checksum is wrong",
    "plan --from-journal nowhere": "the journal nowhere cannot be read: it does not exist",
    "report nowhere": "cannot report: nowhere cannot be read (it does not exist)",
    "report empty": "empty is not the directory of a run: it must have one journal (journal.bin), but has none",
    "report no_journal.bin": "no_journal.bin is not a journal of this joulebus",
    "report damaged.bin": "its checksum is wrong",
    "report run --every fortnight": "--every must be one of tick, minute, quarter, hour, day, month, year, but was fortnight",
    "report run --every minutes": 'did you mean "minute"?',
    "report run --every tick": "--every tick has too many rows for the screen; add --csv FILE or --parquet FILE",
    "report run --every tick --csv a.csv --json-file a.json": "--json-file needs --every quarter or coarser, but --every was tick",
    "report run --csv nowhere/a.csv": "nowhere/a.csv cannot be written: its folder does not exist, or it is a directory",
    "report run --from 2026-06-21T05:00Z --to 2026-06-21T05:00Z": "cannot report: run/journal.bin "
    "begins at 2026-06-21T04:00:00Z and has no tick from 2026-06-21T05:00:00Z to 2026-06-21T05:00:00Z",
    "report run --from 2027-01-01T00:00Z": "to 2026-06-21T06:00:00Z and has no tick from 2027-01-01T00:00:00Z",
    "report run --from 2026-06-22": "and has no tick from 2026-06-22T04:00:00Z",
    "report run --to 31.12.2026": "--to must be a date or a time, such as 2026-06-01",
    "plan cabin.yaml --start 1066-10-14": "--start must lie between the years 1970 and 9000",
    "compare cabin.yaml": "a comparison needs something to vary, such as --vary battery.capacity_kwh=0,5,10",
    "compare cabin.yaml --vary battery": '--vary must be device.property=value, but was "battery"',
    "compare cabin.yaml --vary oven.power_watts=1 --vary oven.power_watts=2": "--vary oven.power_watts was given twice; give all of its "
    "values at once",
    "compare cabin.yaml --vary oven.power_watts=1 --metric selfsufficiency": 'did you mean "self_sufficiency"?',
    "compare cabin.yaml --vary oven.power_watts=1 --metric colour": "there is no metric colour; the metrics are coldest_geyser_"
    "celsius, consumed",
    "compare cabin.yaml --vary oven.power_watts=1 --days 0": "--days must be at least one tick of 60 s, but was 0",
    "compare cabin.yaml --vary oven.power_watts=1 --csv nowhere/a.csv": "nowhere/a.csv cannot be written",
    "compare cabin.yaml --vary oven.power_watts=1 --budget 5": "--budget needs --price device.property=EURO",
    "compare cabin.yaml --vary oven.power_watts=1 --price ofen.power_watts=4": "but ofen.power_watts does not; the ones that vary: "
    "oven.power_watts",
    "compare cabin.yaml --vary oven.power_watts=1 --price oven.power_watts=cheap": "device.property=EURO, but was oven.power_watts=cheap",
    "compare cabin.yaml --vary oven.power_watts=a,b --price oven.power_watts=4": "a property with numbers, but oven.power_watts takes a, b",
    "compare cabin.yaml --vary oven.power_watts=4,5 --price oven.power_watts=4 --budget 3": "budget of 3.00; the cheapest costs 16.00",
    "compare cabin.yaml --vary oven.power_watts=4 --set weather.file=nowhere.csv": "file: there is no file nowhere.csv in",
    "audit run --report other.json": "--report needs a file that `joulebus report --json-file` wrote, but other.json is something else",
    "audit run --report no_journal.bin": "no_journal.bin is not JSON",
}


@pytest.mark.parametrize("words", CASES)
def test_bad_input_is_answered_in_a_sentence(
    words: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["joulebus", *words.split()])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr().err
    assert end.value.code == 2, said
    assert CASES[words] in said
    assert said.startswith("joulebus: ") and said.count("\n") == 1
    assert sorted(folder.rglob("*")) == before
