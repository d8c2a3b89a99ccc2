"""A bill of a run, from the command line; the audit counts it again from the transfers alone, and finds what was changed in it."""

import json
from pathlib import Path

import pytest

from joulebus.audit.billed import check_bill
from joulebus.cli.billing import bill_json
from joulebus.errors import ReportError
from joulebus.journal.archive import archive
from joulebus.journal.compaction import compact_all
from joulebus.meter.quarters import metered_run
from joulebus.rates.file import load_rates
from joulebus.report import report_of
from tests.journal.grown import EPOCH_TICKS, TICK_SECONDS, grown
from tests.meter.homes import flat
from tests.planning.conftest import Command, joulebus

__all__ = ["joulebus"]
RATES = Path(__file__).resolve().parents[2] / "examples/rates"
BRUSSELS = "Europe/Brussels"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days, begun within a quarter-hour, with public holidays as night."""
    return flat(tmp_path_factory.mktemp("flat"), 4 * 1_440, **{"{kind: meter,": "{kind: meter, holidays: BE,"})


def test_the_audit_counts_a_bill_again_and_finds_what_was_changed(tmp_path: Path, journal: Path) -> None:
    run, book = metered_run(journal), load_rates(RATES / "flanders.yaml", BRUSSELS)
    said = bill_json(run, book, run.bill(book, run.begins, run.ends))
    file = tmp_path / "bill.json"
    file.write_text(json.dumps(said))
    assert check_bill(journal, file) == []
    said["lines"][0]["micro_euro"] += 1
    said["usage"]["today"]["cents"] -= 1
    file.write_text(json.dumps(said))
    found = {finding.text.partition(" is ")[0] for finding in check_bill(journal, file)}
    assert found == {"lines[0].micro_euro", "usage.today.cents"}


def test_without_rates_it_is_what_the_grid_says(journal: Path) -> None:
    run = metered_run(journal)
    totals = report_of(journal).as_json()["totals"]
    assert abs(run.bill(None, run.begins, run.ends).micro_euro - totals["cost_micro_euro"]) <= 4


def test_of_a_home_whose_past_was_moved_away_only_what_is_left_is_billed(tmp_path: Path) -> None:
    path = grown(tmp_path / "run/journal.bin")
    whole = metered_run(path)
    compact_all(path)
    archive(path, tmp_path / "archive", before_tick=2 * EPOCH_TICKS)
    rest = metered_run(path)
    with pytest.raises(ReportError, match=r"records before .* were moved away: put their files back, or let it begin later \(--from\)"):
        rest.bill(None, rest.born.start_unix_seconds, rest.ends)
    assert rest.begins == rest.missing_until == rest.born.start_unix_seconds + 2 * EPOCH_TICKS * TICK_SECONDS
    assert rest.bill(None, rest.begins, rest.ends) == whole.bill(None, rest.begins, whole.ends)
    said = bill_json(rest, None, rest.bill(None, rest.begins, rest.ends))
    assert "year" not in said["usage"]
    (tmp_path / "bill.json").write_text(json.dumps(said))
    assert check_bill(path, tmp_path / "bill.json") == []


def test_days_add_up_to_the_week_in_joules(journal: Path) -> None:
    run = metered_run(journal)
    whole = run.bill(None, run.begins, run.ends)
    middle = run.begins - run.begins % 86_400 + 2 * 86_400
    parts = [run.bill(None, run.begins, middle), run.bill(None, middle, run.ends)]
    assert sum(line.quantity for part in parts for line in part.lines) == sum(line.quantity for line in whole.lines)


def test_a_bill_from_the_command_line(joulebus: Command, tmp_path: Path, journal: Path) -> None:
    said = joulebus("meter", "bill", journal.parent, "--rates", RATES / "flanders.yaml", "--from", "2026-03-29")
    assert said.returncode == 0, said.stderr
    assert "2026-03-29 00:00 to 2026-03-31 22:52" in said.stdout and "capacity" in said.stdout and "kWh net" in said.stdout
    bill = joulebus("meter", "bill", journal.parent, "--rates", RATES / "single.yaml", "--json")
    (tmp_path / "bill.json").write_text(bill.stdout)
    audit = joulebus("audit", journal.parent, "--bill", tmp_path / "bill.json")
    assert audit.returncode == 0 and "is that of the transfers" in audit.stdout
    changed = json.loads(bill.stdout) | {"cents": 1}
    (tmp_path / "bill.json").write_text(json.dumps(changed))
    assert joulebus("audit", journal.parent, "--bill", tmp_path / "bill.json").returncode == 1
    wrong = joulebus("meter", "bill", journal.parent, "--from", "2026-03-29T00:07")
    assert wrong.returncode == 2 and "--from must be on a quarter-hour" in wrong.stderr


def test_plan_and_report_print_the_same_bill(joulebus: Command, tmp_path: Path, journal: Path) -> None:
    rates = ("--rates", RATES / "flanders.yaml", "--json")
    planned = joulebus("plan", journal.parent.parent / "home.yaml", "--days", 1, "--out", tmp_path / "run", *rates)
    assert planned.returncode == 0, planned.stderr
    reported = joulebus("report", tmp_path / "run", *rates)
    bill = joulebus("meter", "bill", tmp_path / "run", *rates)
    said = [json.loads(planned.stdout)["bill"], json.loads(reported.stdout)["bill"], json.loads(bill.stdout)]
    assert said[0] == said[1] == said[2] and said[0]["cents"] > 0
    wrong = joulebus("plan", journal.parent.parent / "home.yaml", "--rates", tmp_path / "none.yaml")
    assert wrong.returncode == 2 and "none.yaml cannot be read" in wrong.stderr
