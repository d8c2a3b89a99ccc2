"""Reports: their sums are those of the plan and of the core, whatever the window; the audit counts every number again."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from joulebus.audit.reported import check_report
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.planning.planned import PlanOrder, begin_plan, go_on
from joulebus.report import Report, ReportSpan, report_of
from joulebus.report.files import report_json, write_json
from joulebus.report.page import even_rows
from joulebus.report.sankey import sankey
from joulebus_schemas.journal import Committed
from tests.planning.conftest import Command
from tests.planning.homes import HOMES, cabin

START = 1_782_014_400
"""2026-06-21T00:00:00-04:00"""


def lived(folder: Path, file: Path, ticks: int, window: int | None = None) -> Path:
    """A plan that is kept; its journal."""
    begin_plan(load_home_file(file), folder, PlanOrder(ticks, window))
    go_on(folder)
    return folder / "journal.bin"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days of the cabin."""
    folder = tmp_path_factory.mktemp("cabin")
    return lived(folder / "run", cabin(folder), 4 * 1_440).parent


@pytest.fixture(scope="module")
def report(run: Path) -> Report:
    return report_of(run / "journal.bin")


def test_a_report_has_the_sums_of_the_plan(run: Path, report: Report) -> None:
    plan, data = json.loads((run / "result.json").read_text()), report.as_json()
    for key in ("import_joules", "export_joules", "import_cost_micro_euro", "export_income_micro_euro", "cost_micro_euro"):
        assert data["totals"][key] == plan[key], key
    assert data["head_seal"] == plan["head_seal"]
    assert data["flows"] == plan["flows"]
    for name, moved in plan["devices"].items():
        assert {key: data["devices"][name].get(key.replace("joules_", "") + "_joules", 0) for key in moved} == moved
    assert data["totals"]["unserved_joules"] == sum(plan["unserved_joules"].values())
    assert data["totals"]["served_later_joules"] == sum(plan["served_later_joules"].values()) > 0
    assert data["totals"]["curtailed_joules"] == sum(plan["curtailed_joules"].values()) > 0
    assert data["totals"]["losses_joules"] == sum(plan["losses_joules"].values()) == sum(data["losses_joules"].values())
    assert sum(price["micro_euro"] for price in data["prices"]["import"]) in (
        plan["import_cost_micro_euro"],
        plan["import_cost_micro_euro"] - 1,
    )
    assert {price["micro_euro_per_kwh"] for price in data["prices"]["import"]} == {170_000, 300_000}


def test_the_flows_of_a_report_are_those_of_the_core(run: Path, report: Report) -> None:
    flows: Counter[str] = Counter()
    with Journal.view(run / "journal.bin") as journal:
        for _, record, _ in journal.read():
            flows.update(record.flows if isinstance(record, Committed) else {})
    assert report.as_json()["flows"] == dict(flows)


@pytest.mark.parametrize("window", [1, 7, 1_440])
def test_a_report_does_not_depend_on_windows(tmp_path: Path, window: int) -> None:
    reports = [report_of(lived(tmp_path / f"run_{one}", cabin(tmp_path), 1_200, one)) for one in (None, window)]
    assert report_json(reports[0], "quarter") == report_json(reports[1], "quarter")


@pytest.mark.parametrize("every", ["quarter", "hour", "day", "month", "year"])
def test_rows_of_any_resolution_sum_up_to_the_totals(report: Report, every: str) -> None:
    rows = report.rows(every)
    assert int(rows.columns["seconds"].sum()) == 4 * 86_400
    for name in ("import_joules", "export_joules", "import_cost_micro_euro", "sun_to_battery_joules", "oven_in_joules"):
        assert int(rows.columns[name].sum()) == report.total(name), name
    assert int(rows.columns["battery_level_joules"][-1]) == report.as_json()["batteries"]["battery"]["level_end_joules"]


@pytest.mark.parametrize(("every", "seconds"), [("tick", 60), ("minute", 60)])
def test_fine_rows_sum_up_to_the_totals_and_are_the_same_in_both_forms(
    run: Path, report: Report, joulebus: Command, tmp_path: Path, every: str, seconds: int
) -> None:
    files = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    done = joulebus("report", run, "--every", every, "--csv", files[0], "--parquet", files[1])
    assert done.returncode == 0, done.stderr
    with files[0].open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * 1_440 and {row["seconds"] for row in rows} == {str(seconds)}
    table = parquet.read_table(files[1]).to_pydict()
    for name in (name for name in rows[0] if name != "time"):
        column = [int(row[name]) for row in rows]
        assert table[name] == column
        assert name.endswith("_level_joules") or name in ("unix_seconds", "seconds") or sum(column) == report.total(name), name
    assert rows[600]["time"] == "2026-06-21T10:00:00-04:00"


def test_long_rows_say_the_same_as_wide_ones(run: Path, report: Report, joulebus: Command, tmp_path: Path) -> None:
    file = tmp_path / "long.parquet"
    done = joulebus("report", run, "--every", "quarter", "--parquet", file, "--long")
    assert done.returncode == 0, done.stderr
    table = parquet.read_table(file)
    sums: dict[str, int] = {}
    for row in table.to_pylist():
        assert row["joules"] != 0
        name = "_".join(part for part in (row["device"], row["quantity"], "joules") if part)
        sums[name] = sums.get(name, 0) + row["joules"]
    moved = {name for name in report.quarters.columns if name.endswith("_joules") and report.quarters.columns[name].any()}
    assert sums == {name: report.total(name) for name in moved}
    assert {(row["device"], row["quantity"]) for row in table.to_pylist()} >= {(None, "grid_to_loads"), ("grid", "out")}
    assert table.schema.metadata[b"head_seal"].decode() == report.head_seal and table.schema.field("joules").metadata == {b"unit": b"J"}


def test_columns_of_parquet_have_units(run: Path, joulebus: Command, tmp_path: Path) -> None:
    file = tmp_path / "wide.parquet"
    assert joulebus("report", run, "--parquet", file).returncode == 0
    units = {field.name: field.metadata[b"unit"].decode() for field in parquet.read_schema(file) if field.metadata}
    assert units["import_joules"] == "J" and units["import_cost_micro_euro"] == "1e-6 €" and units["seconds"] == "s"


def test_spans_that_follow_each_other_sum_up_to_the_whole(run: Path, report: Report) -> None:
    cut = START + 86_400 + 17 * 3_600 + 7 * 60
    parts = [report_of(run / "journal.bin", span) for span in (ReportSpan(None, cut), ReportSpan(cut, None))]
    for name in report.quarters.columns:
        if not name.endswith(("unix_seconds", "_level_joules", "micro_euro")):
            assert sum(part.total(name) for part in parts) == report.total(name), name
    assert [part.as_json()["to_unix_seconds"] for part in parts] == [cut, START + 4 * 86_400]
    paid = sum(part.total("import_cost_micro_euro") for part in parts)
    assert report.total("import_cost_micro_euro") - paid in (0, 1)


@pytest.mark.parametrize("seconds", [1, 30, 59, 60, 61, 15 * 60 - 1])
def test_a_tick_that_a_span_cuts_is_in_the_span_in_which_it_begins(run: Path, report: Report, tmp_path: Path, seconds: int) -> None:
    cut = START + 86_400 + 17 * 3_600 + seconds
    before, after = (report_of(run / "journal.bin", span) for span in (ReportSpan(None, cut), ReportSpan(cut, None)))
    edge = START + 86_400 + 17 * 3_600 + -(-seconds // 60) * 60
    assert (before.as_json()["to_unix_seconds"], after.as_json()["from_unix_seconds"]) == (edge, edge)
    assert before.total("import_joules") + after.total("import_joules") == report.total("import_joules")
    assert before.short_seconds + after.short_seconds == report.short_seconds
    assert check_report(run, audited(tmp_path, run / "journal.bin", None, ReportSpan(None, cut))) == []


@pytest.mark.parametrize(("start", "hours"), [("2026-10-25T00:00:00+02:00", 25), ("2026-03-29T00:00:00+01:00", 23)])
def test_a_day_has_the_hours_that_the_clocks_of_the_place_give_it(tmp_path: Path, start: str, hours: int) -> None:
    words = {"timezone: America/New_York": "timezone: Europe/Brussels", "2026-06-21T00:00:00-04:00": start}
    report = report_of(lived(tmp_path / "run", cabin(tmp_path, **words), 3 * 1_440))
    days = report.rows("day")
    assert days.columns["seconds"].tolist()[:2] == [hours * 3_600, 86_400]
    assert len(report.rows("hour")) == 72
    assert set(report.rows("hour").columns["seconds"].tolist()) == {3_600}


def audited(folder: Path, journal: Path, every: str | None, span: ReportSpan | None = None) -> Path:
    """The file of a report."""
    write_json(folder / "report.json", report_json(report_of(journal, span), every))
    return folder / "report.json"


@pytest.mark.parametrize("every", [None, "quarter", "hour", "day", "month"])
def test_the_audit_counts_every_number_again(run: Path, tmp_path: Path, every: str | None) -> None:
    assert check_report(run, audited(tmp_path, run / "journal.bin", every)) == []


def test_the_audit_counts_a_span_again_that_cuts_quarters_windows_and_prices(run: Path, tmp_path: Path) -> None:
    span = ReportSpan(START + 5 * 3_600 + 120, START + 2 * 86_400 + 17 * 3_600 + 60)
    assert check_report(run, audited(tmp_path, run / "journal.bin", "hour", span)) == []


@pytest.mark.parametrize("name", ["load_shedding", "off_grid"])
def test_the_audit_counts_other_homes_again(name: str, tmp_path: Path) -> None:
    begin_plan(replace(load_home_file(HOMES / f"{name}.yaml"), tick_seconds=60), tmp_path / "run", PlanOrder(3 * 1_440))
    go_on(tmp_path / "run")
    assert check_report(tmp_path / "run", audited(tmp_path, tmp_path / "run/journal.bin", "day")) == []


def test_the_audit_counts_a_home_again_that_was_changed_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with Journal.open(tmp_path / "run" / "journal.bin", durable="memory") as journal:
        home = Home.from_file(load_home_file(cabin(tmp_path)), journal)
        list(home.live(700))
        home.set("grid", import_euro_per_kwh=0.9)
        home.switch("battery", False)
        list(home.live(700))
        home.switch("battery", True)
        home.remove("oven")
        list(home.live(700))
    file = audited(tmp_path, tmp_path / "run/journal.bin", "hour")
    assert check_report(tmp_path / "run", file) == []
    said = json.loads(file.read_text())
    assert {price["micro_euro_per_kwh"] for price in said["prices"]["import"]} == {170_000, 300_000, 900_000}
    assert said["devices"]["oven"]["kind"] == "oven"


def numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the numbers of a report are."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, one in items for found in numbers(one, (*path, key))]
    return [path] if isinstance(value, int) and path[0] not in ("report", "from_unix_seconds", "to_unix_seconds") else []


def test_any_changed_number_is_named(run: Path, tmp_path: Path, joulebus: Command) -> None:
    file = audited(tmp_path, run / "journal.bin", "day")
    said = json.loads(file.read_text())
    places = numbers(said)
    assert len(places) > 150
    for path in [*places[::25], next(path for path in places if path[0] == "rows")]:
        forged = json.loads(file.read_text())
        holder = forged
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] += 1
        file.with_name("forged.json").write_text(json.dumps(forged))
        findings = check_report(run, file.with_name("forged.json"))
        assert len(findings) == 1, path
        assert str(path[-1] if isinstance(path[-1], str) else path[-2]) in findings[0].text
    told = joulebus("audit", run, "--report", file.with_name("forged.json"))
    assert told.returncode == 1
    assert "REPORT: rows[" in told.stdout and "and the transfers say" in told.stdout
    assert joulebus("audit", run, "--report", file).returncode == 0


DARKNESS: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("totals.dark_seconds", lambda said: said["totals"].update(dark_seconds=said["totals"]["dark_seconds"] + 60)),
    ("totals.short_seconds", lambda said: said["totals"].update(short_seconds=0)),
    ("outages[1].to_unix_seconds", lambda said: said["outages"][1].update(to_unix_seconds=said["outages"][1]["to_unix_seconds"] + 60)),
    ("outages", lambda said: said["outages"].pop()),
]


@pytest.mark.parametrize(("where", "forge"), DARKNESS, ids=[where for where, _ in DARKNESS])
def test_the_audit_counts_outages_and_darkness_again(
    run: Path, tmp_path: Path, where: str, forge: Callable[[dict[str, Any]], None]
) -> None:
    file = audited(tmp_path, run / "journal.bin", None)
    said = json.loads(file.read_text())
    assert said["totals"]["short_seconds"] > 0 and len(said["outages"]) == 4
    forge(said)
    file.write_text(json.dumps(said))
    assert [finding.text.split(" is ")[0] for finding in check_report(run, file)] == [where]


def test_a_report_of_before_has_no_darkness_and_is_counted_again_all_the_same(run: Path, tmp_path: Path) -> None:
    file = audited(tmp_path, run / "journal.bin", "day")
    said = json.loads(file.read_text())
    totals = {name: value for name, value in said.pop("totals").items() if name not in ("dark_seconds", "short_seconds")}
    del said["outages"]
    file.write_text(json.dumps({**said, "report": 1, "totals": totals}))
    assert check_report(run, file) == []
    file.write_text(json.dumps({**said, "report": 1, "totals": totals | {"import_joules": 1}}))
    assert len(check_report(run, file)) == 1


def test_the_page_needs_nothing_else_and_has_every_picture(run: Path, tmp_path: Path, joulebus: Command) -> None:
    page = tmp_path / "report.html"
    done = joulebus("report", run, "--html", page, "--against", run)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    own = text.replace(text[text.index("<script>") : text.index("</script>")], "")
    assert (
        "http" not in own.replace("http://www.w3.org", "")
        and 'src="' not in own
        and "@" not in own.split("<script>")[0].split("</style>")[1]
    )
    assert text.count("plotly.js v") == 1
    for picture in ("Comparison", "Where energy went", "The mean day", "Through the span", "Hour by hour", "Quarter-hour peaks"):
        assert f"<h2>{picture}</h2>" in text
    assert own.count('"layout"') >= 9


def test_a_report_knows_outages_darkness_and_the_currency_of_the_place(tmp_path: Path, joulebus: Command) -> None:
    file = cabin(
        tmp_path, **{"import_limit_watts: 2500": "import_limit_watts: 2500\n    currency: R", "America/New_York": "Africa/Johannesburg"}
    )
    done = joulebus("plan", file, "--days", "3", "--out", tmp_path / "dark", "--set", "panel.peak_watts=1", "--set", "battery.on=false")
    assert done.returncode == 0, done.stderr
    report = report_of(tmp_path / "dark" / "journal.bin")
    assert [ends - begins for begins, ends in report.outages] == [80 * 60] * 3
    assert report.dark_seconds == 3 * 80 * 60, "without sun and battery each outage is dark"
    assert report.short_seconds >= report.dark_seconds
    cut = report_of(tmp_path / "dark" / "journal.bin", ReportSpan(report.outages[0][0] + 600, report.outages[1][0]))
    assert cut.outages == ((report.outages[0][0] + 600, report.outages[0][1]),) and cut.dark_seconds == 70 * 60
    assert check_report(tmp_path / "dark", audited(tmp_path, tmp_path / "dark" / "journal.bin", "hour")) == []
    within = ReportSpan(report.outages[0][0] + 600, report.outages[1][0] + 61)
    assert check_report(tmp_path / "dark", audited(tmp_path, tmp_path / "dark" / "journal.bin", None, within)) == []
    page = tmp_path / "dark.html"
    said = joulebus("report", tmp_path / "dark", "--html", page).stdout
    assert "The grid was out 3 times, 4.0 hours in all; dark for 240 min" in said and " R" in said and "€" not in said
    text = page.read_text()
    own = text[text.index("const figures") :]
    assert own.count('"type": "rect"') == 3 and "dark for 240 min" in text
    assert "Flanders" not in text and "R per kWh" in text and "€" not in text[: text.index("<script>")]


def test_the_sankey_begins_at_the_sun_has_numbers_and_balances(run: Path, report: Report) -> None:
    drawn = sankey(report).to_dict()["data"][0]
    labels, links = drawn["node"]["label"], drawn["link"]
    names = [(labels[giver], labels[taker]) for giver, taker in zip(links["source"], links["target"], strict=True)]
    assert any(giver.startswith("sun ") and taker.startswith("panel ") for giver, taker in names), "from the sun to the panel"
    assert all(re.search(r" [\d,.]+ kWh$", label) for label in labels)
    middle = labels.index(next(label for label in labels if label.startswith("batteries ")))
    ins = sum(value for taker, value in zip(links["target"], links["value"], strict=True) if taker == middle)
    outs = sum(value for giver, value in zip(links["source"], links["value"], strict=True) if giver == middle)
    assert ins == pytest.approx(outs, rel=2e-3), "what goes into the batteries comes out, is lost, or is in them"


def test_columns_of_the_heat_map_are_days_and_short_spans_have_peaks_of_days(report: Report) -> None:
    from joulebus.report import figures

    drawn = figures.heat_map(report).to_dict()
    assert drawn["data"][0]["x"][0] == "2026-06-21 12:00" and drawn["layout"]["xaxis"]["ticklabelmode"] == "period"
    peaks = figures.peaks(report).to_dict()["data"]
    assert len(peaks[0]["x"]) == 4 and len(peaks) == 1
    assert max(peaks[0]["y"]) == pytest.approx((report.totals()["peak_watts"] or 0) / 1_000, abs=1e-3)


@pytest.mark.parametrize(("cards", "columns"), [(1, 1), (5, 5), (6, 6), (8, 4), (9, 3), (10, 5), (12, 6)])
def test_cards_stand_in_even_rows(cards: int, columns: int) -> None:
    assert f"--columns: {columns}" in even_rows(["<div></div>"] * cards)


def test_of_many_rows_the_first_are_shown_and_the_rest_is_said(tmp_path: Path, joulebus: Command) -> None:
    assert joulebus("plan", cabin(tmp_path), "--days", "17", "--tick", "900", "--out", tmp_path / "long").returncode == 0
    done = joulebus("report", tmp_path / "long", "--every", "hour", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^2026-0[67]-\d\d \d\d:00 ", done.stdout, re.MULTILINE)) == 400
    assert "the first 400 of 408 rows; --csv FILE has all of them, --from and --to choose others" in done.stderr
