"""``joulebus plan``, ``compare_command`` and ``report`` as the command line knows them; what they do is imported when they are called."""

from pathlib import Path
from typing import Annotated

import typer

from joulebus.cli.options import DatabaseHomeOption, JsonOption
from joulebus.series.times import ClockKind

planning_app = typer.Typer()
RatesOption = Annotated[Path | None, typer.Option(help="Rates file (YAML): print the bill, too; see `joulebus meter bill`.")]
DAYS_MAX = 36_525
"""A hundred years."""


@planning_app.command(
    "new", epilog="Example: joulebus new brussels.yaml --city Brussels --roof 3000@90,3000@270 --battery 10 --kwh 3500 --tariff 0.32"
)
def new_command(
    file: Annotated[Path, typer.Argument(help="Home file to write (YAML).")],
    city: Annotated[str | None, typer.Option(help="City near the home; its time zone and currency are used.")] = None,
    place: Annotated[str | None, typer.Option(help="LATITUDE,LONGITUDE in degrees instead of a city, such as 50.85,4.35.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name of the time zone (default: that of the nearest city).")] = None,
    roof: Annotated[
        str | None, typer.Option(help="Panels as WATTS@AZIMUTH or WATTS@AZIMUTH/TILT, several with commas: 3000@90,3000@270; 0 for none.")
    ] = None,
    battery: Annotated[str | None, typer.Option(help="Capacity of the battery in kWh; 0 for none.")] = None,
    kwh: Annotated[str | None, typer.Option(help="Electricity that the home uses in a year, in kWh.")] = None,
    load: Annotated[Path | None, typer.Option(help="CSV of measured loads instead of --kwh; see `joulebus load check`.")] = None,
    load_clock: Annotated[ClockKind, typer.Option(help="What times without an offset mean in --load.")] = "",
    tariff: Annotated[str | None, typer.Option(help="Price of a kWh, DAY/NIGHT@22:00-06:00, or a file of prices.")] = None,
    export: Annotated[str | None, typer.Option(help="Price of a kWh that is sold.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of all prices (default: that of the country).")] = None,
    weather: Annotated[Path | None, typer.Option(help="Weather file of the place (default: generated weather).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write a first home file, from options or, without any, from questions."""
    said = dict(locals())
    from joulebus.cli.new import NewOptions, run_new

    run_new(NewOptions(**said))


@planning_app.command("plan", epilog="Example: joulebus plan examples/homes/house.yaml --days 7 --set battery.capacity_kwh=20 --json")
def plan_command(
    file: Annotated[Path | None, typer.Argument(help="Home file (YAML).")] = None,
    start: Annotated[
        str | None, typer.Option(help="Start at this date or time: 2026-06-01, or 2026-06-01T08:00, in the home's time zone.")
    ] = None,
    days: Annotated[float, typer.Option(min=0, max=DAYS_MAX, help="Number of days to simulate.")] = 1.0,
    tick: Annotated[int | None, typer.Option(help="Tick length in seconds (default: from the home file).")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="device.property=value; may be repeated.")] = None,
    json_: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep the journal and the result in this directory, to resume, report and audit.")
    ] = None,
    window: Annotated[int | None, typer.Option(min=1, max=86_400, help="Ticks per window; does not affect results.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Resume the interrupted plan in this directory.")] = None,
    from_running: Annotated[
        str | None, typer.Option(help="Fork the running home of this name at its current tick; the home is not affected.")
    ] = None,
    from_journal: Annotated[
        str | None, typer.Option(help="Fork the home in this journal, run directory, or historian's database (a URL).")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --from-journal: fork at this date or time instead of the end of the journal.")
    ] = None,
    rates: RatesOption = None,
    home: DatabaseHomeOption = None,
) -> None:
    """Simulate in memory as fast as possible, with the same devices, core and seals as a running home."""
    from joulebus.cli.planning import PlanOptions, run_plan

    run_plan(
        PlanOptions(file, start, days, tick, tuple(set_ or ()), json_, out, window, resume, from_running, from_journal, at, home, rates)
    )


@planning_app.command(epilog="Example: joulebus report run --from 2026-07-01T00:00+02:00 --every day --html july.html")
def report(
    run: Annotated[
        str,
        typer.Argument(help="Directory of a plan or of a running home, a journal, a historian's database, or a home on this machine."),
    ],
    from_: Annotated[str | None, typer.Option("--from", help="Start at this date or time, in the home's time zone.")] = None,
    to: Annotated[str | None, typer.Option(help="End before this date or time, in the home's time zone.")] = None,
    every: Annotated[str | None, typer.Option(help="Resolution of the rows: tick, minute, quarter, hour, day, month or year.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the rows as CSV.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write the rows as Parquet.")] = None,
    long: Annotated[bool, typer.Option("--long", help="With --parquet: a row for each time, device and quantity.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json-file", help="Write the report as JSON, for `joulebus audit --report`.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a self-contained page with charts.")] = None,
    against: Annotated[str | None, typer.Option(help="Compare with another run.")] = None,
    json_: JsonOption = False,
    rates: RatesOption = None,
    home: DatabaseHomeOption = None,
) -> None:
    """Summarize a run: energy by device and flow, self-sufficiency, losses, unserved energy, batteries, cost, peaks."""
    from joulebus.cli.reporting import ReportOptions, run_report

    run_report(ReportOptions(run, from_, to, every, csv, parquet, long, json_file, html, against, json_, home, rates))


@planning_app.command(
    "compare",
    epilog="Example: joulebus compare house.yaml --vary battery.capacity_kwh=0,5,10,15 --vary panel_south.peak_watts=2000,4000 --days 365",
)
def compare_command(
    file: Annotated[Path, typer.Argument(help="Home file (YAML).")],
    vary: Annotated[
        list[str] | None, typer.Option(help="device.property=value,value,… (JSON values may contain commas); all combinations are run.")
    ] = None,
    metric: Annotated[str | None, typer.Option(help="Comma-separated metrics; variants are ranked by the first.")] = None,
    start: Annotated[
        str | None, typer.Option(help="Start at this date or time: 2026-06-01, or 2026-06-01T08:00, in the home's time zone.")
    ] = None,
    days: Annotated[float, typer.Option(min=0, max=DAYS_MAX, help="Number of days to simulate.")] = 7.0,
    tick: Annotated[int | None, typer.Option(help="Tick length in seconds (default: from the home file).")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="device.property=value, in all variants; may be repeated.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all totals as CSV.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json-file", help="Write all totals as JSON.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Write a self-contained page with charts.")] = None,
    json_: JsonOption = False,
    search: Annotated[bool, typer.Option("--search", help="Search for the best variant instead of running all of them.")] = False,
    price: Annotated[list[str] | None, typer.Option(help="device.property=EURO per unit of the property; may be repeated.")] = None,
    budget: Annotated[float | None, typer.Option(help="Leave out variants that cost more than this, in euro.")] = None,
    lifetime: Annotated[float, typer.Option(min=1, max=100, help="Years that what is bought lasts.")] = 15.0,
    discount: Annotated[float, typer.Option(min=0, max=50, help="Percent by which a saving is worth less each year later.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Random seed for the search.")] = 0,
    lives: Annotated[int, typer.Option(min=1, help="Maximum number of variants the search simulates.")] = 200,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes (default: one per core).")] = None,
    rates: Annotated[
        list[Path] | None, typer.Option(help="Rates file (YAML): its bill is a metric, and what is saved is by it; may be repeated.")
    ] = None,
) -> None:
    """Simulate variants of a home in parallel and compare them: with --price also what each saves, and when it is paid back."""
    from joulebus.cli.comparing import ComparisonOptions, run_comparison

    overrides, prices = tuple(set_ or ()), tuple(price or ())
    options = ComparisonOptions(
        file,
        tuple(vary or ()),
        metric,
        start,
        days,
        tick,
        overrides,
        csv,
        json_file,
        chart,
        json_,
        search,
        prices,
        budget,
        seed,
        lives,
        workers,
        lifetime,
        discount,
        tuple(rates or ()),
    )
    run_comparison(options)
