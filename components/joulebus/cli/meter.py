"""``joulebus meter``: what the digital meter of a home shows, and what it costs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from joulebus.cli.options import DatabaseHomeOption, JsonOption

meter_app = typer.Typer(no_args_is_help=True, help="Show what a home's digital meter counts, and what it costs.")
SourceOfMeter = Annotated[
    str, typer.Argument(help="Directory of a plan or of a running home, a journal, a historian's database, or a home on this machine.")
]


@meter_app.command("telegram", epilog="Example: joulebus meter telegram run --at 2026-06-21T18:00 --count 60")
def telegram_command(
    source: SourceOfMeter,
    at: Annotated[str | None, typer.Option(help="Of this date or time, in the home's time zone; default: the last ones.")] = None,
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many, one a tick.")] = 1,
    home: DatabaseHomeOption = None,
) -> None:
    """Print telegrams (eMUCS-P1 2.1.1) whose registers are counted from the transfers of the grid connection."""
    from joulebus.cli.moments import unix_of
    from joulebus.cli.sources import journal_at
    from joulebus.meter.reading import meter_at
    from joulebus.meter.telegram import telegram
    from joulebus.report.reading import timezone_of

    with journal_at(source, home) as path:
        moment = None if at is None else unix_of("--at", at, lambda: timezone_of(path))
        for shown in meter_at(path, moment, count):
            sys.stdout.buffer.write(telegram(shown.state, shown.face))
        sys.stdout.flush()


@meter_app.command("bill", epilog="Example: joulebus meter bill run --from 2026-06-01 --rates examples/rates/flanders.yaml")
def bill_command(
    source: SourceOfMeter,
    from_: Annotated[str | None, typer.Option("--from", help="Start at this date or time, in the home's time zone.")] = None,
    to: Annotated[str | None, typer.Option(help="End before this date or time, in the home's time zone.")] = None,
    rates: Annotated[Path | None, typer.Option(help="Rates file (YAML); default: the prices of the home's grid.")] = None,
    json_: JsonOption = False,
    home: DatabaseHomeOption = None,
) -> None:
    """Print what a span cost, by register, with fees, taxes and peaks; and the usage of today, days before, week, month and year."""
    from joulebus.cli.billing import BillOptions, run_bill

    run_bill(BillOptions(source, from_, to, rates, json_, home))


@meter_app.command("quarter", epilog="Example: joulebus meter quarter house --cap 2500")
def quarter_command(
    source: SourceOfMeter,
    at: Annotated[str | None, typer.Option(help="At this date or time, in the home's time zone; default: now, or the end.")] = None,
    cap: Annotated[
        int | None, typer.Option(min=0, help="Watts that no quarter-hour is to exceed; default: the month's peak, at least 2,500.")
    ] = None,
    json_: JsonOption = False,
    home: DatabaseHomeOption = None,
) -> None:
    """Print what the running quarter-hour comes to, the gap to the month's peak, and the power that is still allowed."""
    from joulebus.cli.quarter import QuarterOptions, run_quarter

    run_quarter(QuarterOptions(source, at, cap, json_, home))


@meter_app.command("serve", epilog="Example: joulebus meter serve house --tcp 8088 --terminal")
def serve_command(
    source: SourceOfMeter,
    tcp: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port on this machine, as of a network P1 reader; 0: a free one.")
    ] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="A pseudo-terminal, as of a USB cable.")] = False,
    link: Annotated[Path | None, typer.Option(help="A pseudo-terminal with this name.")] = None,
    file: Annotated[Path | None, typer.Option(help="Append the telegrams to this file.")] = None,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the telegrams.")] = False,
) -> None:
    """Send telegrams of a living home each second; it follows the ledger, so it goes on after any restart."""
    from joulebus.cli.meter_serving import ServeOptions, serve_meter

    serve_meter(ServeOptions(source, tcp, terminal, link, file, stdout))


@meter_app.command("read", epilog="Examples: joulebus meter read /dev/ttyUSB0   joulebus meter read tcp://p1.local:8088 --json")
def read_command(
    source: Annotated[str, typer.Argument(help="Serial device, tcp://HOST:PORT, file of telegrams, or - for standard input.")],
    count: Annotated[int | None, typer.Option(min=1, help="Stop after so many telegrams.")] = None,
    json_: JsonOption = False,
) -> None:
    """Read telegrams of any meter, also a real one: those with a wrong checksum are dropped and counted, unknown lines are kept."""
    from joulebus.cli.meter_serving import read_meter

    read_meter(source, count, json_)
