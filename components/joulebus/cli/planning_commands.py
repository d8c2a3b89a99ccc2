"""``joulebus plan``, ``compare_command`` and ``report`` as the command line knows them; what they do is imported when they are called."""

from pathlib import Path
from typing import Annotated

import typer

planning_app = typer.Typer()
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain JSON.")]


@planning_app.command("plan", epilog="Example: joulebus plan examples/homes/house.yaml --days 7 --set battery.capacity_kwh=20 --json")
def plan_command(
    file: Annotated[Path | None, typer.Argument(help="Home file (YAML).")] = None,
    start: Annotated[str | None, typer.Option(help="Begin at this time (ISO 8601) instead of the file's.")] = None,
    days: Annotated[float, typer.Option(min=0, help="How many days to live.")] = 1.0,
    tick: Annotated[int | None, typer.Option(help="Seconds a tick, instead of the file's.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="device.property=value, as often as you like.")] = None,
    json_: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="Keep journal and result in this directory, for resume, report and audit.")] = None,
    window: Annotated[int | None, typer.Option(min=1, max=86_400, help="Ticks a window; never changes a result.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with an interrupted plan in this directory.")] = None,
    from_running: Annotated[str | None, typer.Option(help="Fork the living home of this name where it stands; it notices nothing.")] = None,
    from_journal: Annotated[str | None, typer.Option(help="Fork the home in this journal or run directory.")] = None,
    at: Annotated[str | None, typer.Option(help="With --from-journal: at this moment (ISO 8601) instead of its end.")] = None,
) -> None:
    """Live in memory, as fast as this machine allows: same devices, same core, same seals as the living home."""
    from joulebus.cli.planning import PlanOptions, run_plan

    run_plan(PlanOptions(file, start, days, tick, tuple(set_ or ()), json_, out, window, resume, from_running, from_journal, at))


@planning_app.command(epilog="Example: joulebus report run --from 2026-07-01T00:00+02:00 --every day --html july.html")
def report(
    run: Annotated[str, typer.Argument(help="Directory of a plan or of a living home, a journal, or the name of a home that lives here.")],
    from_: Annotated[str | None, typer.Option("--from", help="Begin at this time (ISO 8601).")] = None,
    to: Annotated[str | None, typer.Option(help="End before this time (ISO 8601).")] = None,
    every: Annotated[str | None, typer.Option(help="Rows of a tick, minute, quarter, hour, day, month or year.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the rows as CSV.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write the rows as Parquet.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json-file", help="Write the report as JSON, for `joulebus audit --report`.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page with pictures.")] = None,
    against: Annotated[str | None, typer.Option(help="Another run to compare with.")] = None,
    json_: JsonOption = False,
) -> None:
    """Sum up a run: energy by device and flow, self-sufficiency, losses, unserved, batteries, cost by price, peaks."""
    from joulebus.cli.reporting import ReportOptions, run_report

    run_report(ReportOptions(run, from_, to, every, csv, parquet, json_file, html, against, json_))


@planning_app.command(
    "compare",
    epilog="Example: joulebus compare house.yaml --vary battery.capacity_kwh=0,5,10,15 --vary panel_south.peak_watts=2000,4000 --days 365",
)
def compare_command(
    file: Annotated[Path, typer.Argument(help="Home file (YAML).")],
    vary: Annotated[
        list[str] | None, typer.Option(help="device.property=value,value,… (JSON values may hold commas); each with each.")
    ] = None,
    metric: Annotated[str | None, typer.Option(help="Metrics with commas between; the first says what is best.")] = None,
    start: Annotated[str | None, typer.Option(help="Begin at this time (ISO 8601) instead of the file's.")] = None,
    days: Annotated[float, typer.Option(min=0, help="How many days to live.")] = 7.0,
    tick: Annotated[int | None, typer.Option(help="Seconds a tick, instead of the file's.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="device.property=value in all variants.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all totals as CSV.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json-file", help="Write all totals as JSON.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Write one self-contained page with a chart.")] = None,
    json_: JsonOption = False,
    search: Annotated[bool, typer.Option("--search", help="Do not live all variants: search for the best of the first metric.")] = False,
    price: Annotated[list[str] | None, typer.Option(help="device.property=EURO for each unit.")] = None,
    budget: Annotated[float | None, typer.Option(help="Leave out what costs more euro than this.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the search: the same seed finds the same.")] = 0,
    lives: Annotated[int, typer.Option(min=1, help="Of the search: so many variants at most.")] = 200,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes, instead of one a core.")] = None,
) -> None:
    """Live variants of a home on all cores and put them side by side."""
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
    )
    run_comparison(options)
