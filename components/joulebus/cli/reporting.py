"""``joulebus report``: what a run came to, as tables, files and a page."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.console import Console

from joulebus.cli.billing import bill_json, print_bill
from joulebus.cli.moments import unix_of
from joulebus.cli.output import print_json
from joulebus.cli.planning import kwh_text, terminate_like_ctrl_c
from joulebus.cli.progress import progress_bar
from joulebus.cli.sources import journal_at
from joulebus.cli.whole_table import WholeTable as Grid
from joulebus.devices.grid import EURO, currency_of
from joulebus.errors import UsageError
from joulebus.extras import need
from joulebus.journal.pieces import moved_away
from joulebus.meter.quarters import MeteredRun, metered_run
from joulebus.rates.file import RateBook, load_rates
from joulebus.rates.money import Bill
from joulebus.refusals.messages import guess
from joulebus.report import EVERY, Report, ReportSpan, read_rows, report_of
from joulebus.report.calendar import FINE_SECONDS, local_time
from joulebus.report.files import (
    check_writable,
    report_json,
    rows_of,
    write_csv,
    write_json,
    write_long_parquet,
    write_parquet,
    writing_file,
)
from joulebus.report.reading import timezone_of
from joulebus.report.result import shown_joules
from joulebus_schemas.facts import JOULES_PER_KWH

ROWS_SHOWN_MAX = 400
SHOWN = (
    "import_joules",
    "export_joules",
    "sun_to_loads_joules",
    "sun_to_battery_joules",
    "battery_to_loads_joules",
    "grid_to_loads_joules",
)


@dataclass(frozen=True)
class ReportOptions:
    """What was asked for."""

    run: str
    from_: str | None
    to: str | None
    every: str | None
    csv: Path | None
    parquet: Path | None
    long: bool
    json_file: Path | None
    html: Path | None
    against: str | None
    json: bool
    home: str | None = None
    rates: Path | None = None


def run_report(options: ReportOptions) -> None:
    """Report and print.

    Raises:
        UsageError: An option is wrong, or options do not fit together.
    """
    terminate_like_ctrl_c()
    _check(options)
    with ExitStack() as sources:
        path = sources.enter_context(journal_at(options.run, options.home))
        against = sources.enter_context(journal_at(options.against, options.home)) if options.against else None
        _report(options, path, against)


def _report(options: ReportOptions, path: Path, against: Path | None) -> None:
    span = ReportSpan(_moment("--from", options.from_, path), _moment("--to", options.to, path))
    report = _read(path, span)
    for gap in moved_away(path) if span.from_unix_seconds is None else ():
        print(f"joulebus: {gap} of {path} were moved away: the report begins behind them", file=sys.stderr)
    other = _read(against, span) if against else None
    every = options.every or "quarter"
    if options.csv:
        with writing_file(options.csv):
            write_csv(options.csv, rows_of(report, read_rows(path, report, every, span)))
    if options.parquet:
        write = write_long_parquet if options.long else write_parquet
        with writing_file(options.parquet):
            write(options.parquet, rows_of(report, read_rows(path, report, every, span)))
    if options.json_file:
        with writing_file(options.json_file):
            write_json(options.json_file, report_json(report, options.every))
    if options.html:
        from joulebus.report.page import write_page

        with writing_file(options.html):
            write_page(options.html, report, other)
    shown = None if options.every in FINE_SECONDS else options.every
    billed = None if options.rates is None else _billed(path, report, options.rates)
    if options.json:
        print_json(report_json(report, shown) | ({} if billed is None else {"bill": bill_json(*billed)}))
        return
    _print(options, report, other)
    if billed is not None:
        print_bill(*billed)


def _billed(path: Path, report: Report, rates: Path) -> tuple[MeteredRun, RateBook, Bill]:
    """What the span of a report cost, by a rates file."""
    book, data = load_rates(rates, report.timezone), report.as_json()
    run = metered_run(path, data["to_unix_seconds"])
    return run, book, run.bill(book, data["from_unix_seconds"], data["to_unix_seconds"])


def _check(options: ReportOptions) -> None:
    if options.every is not None and options.every not in EVERY:
        raise UsageError(
            f"--every must be one of {', '.join(EVERY)}, but was {options.every}; {guess(options.every, EVERY, 'choose one of')}"
        )
    if options.long and not options.parquet:
        raise UsageError("--long is a form of --parquet: add --parquet FILE")
    check_writable((options.csv, options.parquet, options.json_file, options.html))
    if options.html:
        need("plotly")
    if options.parquet:
        need("pyarrow")
    if options.every in FINE_SECONDS and options.json_file:
        raise UsageError(
            f"--json-file needs --every quarter or coarser, but --every was {options.every}; use --csv or --parquet for finer rows"
        )
    if options.every in FINE_SECONDS and not (options.csv or options.parquet):
        raise UsageError(f"--every {options.every} has too many rows for the screen; add --csv FILE or --parquet FILE")


def _moment(option: str, text: str | None, path: Path) -> int | None:
    return None if text is None else unix_of(option, text, lambda: timezone_of(path))


def _read(path: Path, span: ReportSpan) -> Report:
    with progress_bar(f"reading {path.parent.name or path}") as tell:
        return report_of(path, span, tell)


def _print(options: ReportOptions, report: Report, other: Report | None) -> None:
    console = Console()
    data, currency = report.as_json(), currency_of(report.members)
    begins, ends = (local_time(data[key], report.timezone).strftime("%Y-%m-%d %H:%M") for key in ("from_unix_seconds", "to_unix_seconds"))
    console.print(f"[bold]{report.born.home}[/bold]  {begins} to {ends} ({report.timezone})", highlight=False)
    if other is not None:
        console.print(_comparison(data, other.as_json(), currency))
        return
    console.print(_totals(data, currency))
    console.print(_devices(data))
    if report.outages:
        console.print(report.outages_text().replace(" (shaded)", "").strip(), highlight=False)
    if stored := report.stored_joules():
        what = "more" if stored > 0 else "less"
        console.print(f"In batteries there are {kwh_text(abs(stored))} {what} at the end than at the beginning.", highlight=False)
    if options.every in ("hour", "quarter", "day", "month", "year") and not (options.csv or options.parquet):
        _print_rows(console, report, options.every)


def quantity_text(name: str, value: int | None, currency: str = EURO) -> str:
    """A number with its unit, for people."""
    if value is None:
        return "–"
    if name.endswith("_joules"):
        return kwh_text(value)
    if name.endswith("_ppm"):
        return f"{value / 10_000:z.1f} %"
    if name.endswith("_micro_euro"):
        return f"{value / 1e6:z,.2f} {currency}"
    if name.endswith("_seconds"):
        return f"{value:,} s"
    if name.endswith("_minutes"):
        return f"{value:,} min"
    if name.endswith("_millicelsius"):
        return f"{value / 1_000:z.1f} °C"
    return f"{value / 1_000:z,.2f} kW"


def label_text(name: str) -> str:
    """A name without its unit."""
    for unit in ("_joules", "_ppm", "_micro_euro", "_watts", "_seconds"):
        name = name.removesuffix(unit)
    return name.replace("_", " ")


def _totals(data: dict[str, Any], currency: str) -> Grid:
    grid = Grid("", "", "flow", "", show_edge=False, show_header=False, pad_edge=False)
    left = [(label_text(name), quantity_text(name, value, currency)) for name, value in data["totals"].items()]
    right = [(flow.replace(">", " → "), kwh_text(joules)) for flow, joules in data["flows"].items()]
    right += [(f"lost: {cause}", kwh_text(joules)) for cause, joules in data["losses_joules"].items()]
    for name, battery in data["batteries"].items():
        if battery["cycles_ppm"] is not None:
            right.append((f"{name}: full cycles", f"{battery['cycles_ppm'] / 1e6:,.2f}"))
    grid.columns[1].justify = grid.columns[3].justify = "right"
    for pair in zip_longest(left, right, fillvalue=("", "")):
        grid.add_row(*pair[0], *pair[1])
    return grid


def _devices(data: dict[str, Any]) -> Grid:
    grid = Grid(show_edge=False)
    for title in ("device", "takes kWh", "gives kWh", "unserved", "curtailed", "lost"):
        grid.add_column(title, justify="left" if title == "device" else "right")
    for name, device in data["devices"].items():
        fields = ("in_joules", "out_joules", "unserved_joules", "curtailed_joules", "heat_joules")
        shown = [shown_joules(device, field) for field in fields]
        cells = ["" if joules is None else f"{joules / JOULES_PER_KWH:,.3f}" for joules in shown]
        if any(cells):
            grid.add_row(name, *cells)
    return grid


def _print_rows(console: Console, report: Report, every: str) -> None:
    currency = currency_of(report.members)
    rows = report.rows(every)
    grid = Grid(f"{every}, kWh", *(label_text(name).replace(" to ", " → ") for name in SHOWN), currency, box=None, pad_edge=False)
    grid.columns[0].no_wrap = True
    for column in grid.columns[1:]:
        column.justify = "right"
    cost = (rows.columns["import_cost_micro_euro"] - rows.columns["export_income_micro_euro"]).tolist()
    for index, moment in enumerate(rows.columns["unix_seconds"][:ROWS_SHOWN_MAX].tolist()):
        time = local_time(moment, report.timezone).strftime(
            {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}.get(every, "%Y-%m-%d %H:%M")
        )
        grid.add_row(time, *(f"{rows.columns[name][index] / JOULES_PER_KWH:,.3f}" for name in SHOWN), f"{cost[index] / 1e6:,.2f}")
    console.print(grid)
    if len(rows) > ROWS_SHOWN_MAX:
        more = f"the first {ROWS_SHOWN_MAX} of {len(rows):,} rows; --csv FILE has all of them, --from and --to choose others"
        print(more, file=sys.stderr)


def _comparison(one: dict[str, Any], two: dict[str, Any], currency: str) -> Grid:
    grid = Grid("", "this", "against", "difference", show_edge=False)
    for name in one["totals"]:
        this, that = one["totals"][name], two["totals"][name]
        difference = None if this is None or that is None else this - that
        grid.add_row(label_text(name), *(quantity_text(name, value, currency) for value in (this, that, difference)))
    for column in grid.columns[1:]:
        column.justify = "right"
    return grid
