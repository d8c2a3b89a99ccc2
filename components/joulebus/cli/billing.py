"""``joulebus meter bill``: what a span cost, line by line, and the table of usage; as JSON, what the audit counts again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from joulebus.cli.moments import unix_of
from joulebus.cli.output import print_json
from joulebus.cli.sources import journal_at
from joulebus.cli.whole_table import WholeTable
from joulebus.devices.grid import currency_of
from joulebus.errors import UsageError
from joulebus.meter.quarters import MeteredRun, metered_run
from joulebus.meter.usage import UsageColumn, usage
from joulebus.rates.file import RateBook, load_rates
from joulebus.rates.form import BILL_VERSION, bill_words
from joulebus.rates.money import Bill, BillLine, cents
from joulebus.report.calendar import local_time
from joulebus.report.reading import timezone_of
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH, QUARTER_SECONDS


@dataclass(frozen=True, slots=True)
class BillOptions:
    """What was asked for."""

    source: str
    from_: str | None
    to: str | None
    rates: Path | None
    json: bool
    home: str | None


def run_bill(options: BillOptions) -> None:
    """Count and print.

    Raises:
        UsageError: The span does not begin on a quarter-hour.
        HomeFileError: The rates file cannot be read, or says what cannot be.
        ReportError: Nothing was metered, or nothing says what some of it costs.
    """
    with journal_at(options.source, options.home) as path:
        zone = timezone_of(path)
        book = None if options.rates is None else load_rates(options.rates, zone)
        begins, ends = (
            None if text is None else unix_of(option, text, lambda: zone)
            for option, text in (("--from", options.from_), ("--to", options.to))
        )
        if begins is not None and begins % QUARTER_SECONDS:
            raise UsageError(f'--from must be on a quarter-hour, because rates and peaks are, but was "{options.from_}"')
        run = metered_run(path, ends)
    first = run.begins if run.missing_until is None else run.born.start_unix_seconds
    found = run.bill(book, first if begins is None else begins, run.ends)
    if options.json:
        print_json(bill_json(run, book, found))
    else:
        print_bill(run, book, found)


def bill_json(run: MeteredRun, book: RateBook | None, found: Bill) -> dict[str, Any]:
    """Stable names and integers; the rates stand in it, so that whoever has the journal can count it again."""
    return {
        "bill": BILL_VERSION,
        "home": run.born.home,
        "currency": _currency(run, book),
        "to_unix_seconds": run.ends,
        **bill_words(found),
        "usage": {column.name: bill_words(column.bill) for column in usage(run, book)},
        "rates": None if book is None else book.as_json(),
    }


def print_bill(run: MeteredRun, book: RateBook | None, found: Bill) -> None:
    """The lines, which add up to the cent, and the table of usage."""
    console, currency, zone = Console(), _currency(run, book), run.born.place.timezone
    begins, ends = (local_time(moment, zone).strftime("%Y-%m-%d %H:%M") for moment in (found.begins, found.ends))
    rates = book.words.name if book is not None else "the prices of its grid"
    console.print(f"[bold]{run.born.home}[/bold]  {begins} to {ends} ({zone}); {rates}", highlight=False, soft_wrap=True)
    grid = WholeTable("", "quantity", currency, show_edge=False)
    for column in grid.columns[1:]:
        column.justify = "right"
    rounded = cents(line.micro_euro for line in found.lines)
    for line, whole in zip(found.lines, rounded, strict=True):
        grid.add_row(line.name, quantity_of(line), f"{whole / 100:,.2f}")
    grid.add_row("total", "", f"{sum(rounded) / 100:,.2f}")
    console.print(grid)
    console.print(usage_table(usage(run, book), currency))


def quantity_of(line: BillLine) -> str:
    """How much it was, with its unit."""
    if line.what in ("import", "export", "tax"):
        return f"{line.quantity / JOULES_PER_KWH:,.3f} kWh"
    if line.what == "fee":
        return f"{line.quantity / DAY_SECONDS:,.2f} days"
    if line.what == "capacity":
        return f"{line.quantity / 1_000:,.3f} kW"
    return f"{line.quantity / 1_000:,.3f} m³" if line.what in ("gas", "water") else ""


ROWS = {"import, day": "+day", "export, day": "-day", "import, night": "+night", "export, night": "-night"}
COSTS = ("tax", "fee", "capacity", "gas", "water", "vat")


def usage_table(columns: list[UsageColumn], currency: str) -> WholeTable:
    """Energy by register, then money by register, then what comes on top; each column adds up to the cent."""
    grid = WholeTable("", *(column.name for column in columns), show_edge=False)
    for column in grid.columns[1:]:
        column.justify = "right"
    for name, short in ROWS.items():
        grid.add_row(f"kWh {short}", *(f"{_joules(column.bill, name) / JOULES_PER_KWH:,.2f}" for column in columns))
    net = [sum((1 if name.startswith("import") else -1) * _joules(column.bill, name) for name in ROWS) for column in columns]
    grid.add_row("kWh net", *(f"{joules / JOULES_PER_KWH:,.2f}" for joules in net))
    groups = {name: [rounded_cents(column.bill, name, "") for column in columns] for name in ROWS}
    groups |= {what: [rounded_cents(column.bill, "", what) for column in columns] for what in COSTS}
    for name, amounts in groups.items():
        if any(amounts):
            grid.add_row(f"{currency} {ROWS.get(name, name)}", *(f"{amount / 100:,.2f}" for amount in amounts))
    grid.add_row(f"{currency} total", *(f"{sum(cents(line.micro_euro for line in one.bill.lines)) / 100:,.2f}" for one in columns))
    return grid


def brief_usage_table(columns: list[UsageColumn], currency: str) -> Table:
    """The same in few lines: energy by register, its price, what comes on top, gas and water, and all of it."""
    grid = Table(box=None, expand=True, padding=(0, 1, 0, 0))
    for place, title in enumerate(("", *(column.name for column in columns))):
        grid.add_column(title, justify="right" if place else "left", no_wrap=True)
    for name, short in ROWS.items():
        grid.add_row(f"kWh {short}", *(f"{_joules(column.bill, name) / JOULES_PER_KWH:,.2f}" for column in columns))
    parts = {"energy": ("import", "export"), "fees, taxes": ("tax", "fee", "capacity", "vat"), "gas": ("gas",), "water": ("water",)}
    for title, whats in parts.items():
        amounts = [sum(rounded_cents(column.bill, "", what) for what in whats) for column in columns]
        if any(amounts) or title == "energy":
            grid.add_row(f"{currency} {title}", *(f"{amount / 100:,.2f}" for amount in amounts))
    totals = [sum(cents(line.micro_euro for line in one.bill.lines)) for one in columns]
    grid.add_row(f"{currency} total", *(f"{total / 100:,.2f}" for total in totals), style="bold")
    return grid


def _joules(found: Bill, name: str) -> int:
    return sum(line.quantity for line in found.lines if line.name == name)


def rounded_cents(found: Bill, name: str, what: str) -> int:
    """Cents of the lines of a name, and of those of a kind; all lines of a bill add up to its total."""
    rounded = cents(line.micro_euro for line in found.lines)
    return sum(whole for line, whole in zip(found.lines, rounded, strict=True) if name == line.name or what == line.what)


def _currency(run: MeteredRun, book: RateBook | None) -> str:
    return book.words.currency if book is not None else currency_of(run.members)
