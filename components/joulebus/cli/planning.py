"""``joulebus plan``: a home in memory, with a progress bar and a result that people and programs read."""

import shlex
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from joulebus.cli.billing import bill_json, print_bill
from joulebus.cli.moments import unix_of
from joulebus.cli.output import print_json
from joulebus.cli.progress import progress_bar
from joulebus.cli.sources import journal_at
from joulebus.cli.whole_table import WholeTable
from joulebus.errors import UsageError
from joulebus.home.sentences import watts
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.homefile.notes import notes
from joulebus.meter.quarters import metered_run
from joulebus.planning.overrides import override_of, with_overrides
from joulebus.planning.plan import PlanResult, TicksProgress
from joulebus.planning.planned import PlanOrder, Unkept, begin_fork, begin_plan, fork_at, go_on
from joulebus.rates.file import load_rates
from joulebus.report.reading import timezone_of
from joulebus.rundir import journal_of, running, state_directory
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS, JOULES_PER_KWH


@dataclass(frozen=True)
class PlanOptions:
    """What was asked for."""

    file: Path | None
    start: str | None
    days: float
    tick: int | None
    overrides: tuple[str, ...]
    json: bool
    out: Path | None
    window: int | None
    resume: Path | None = None
    from_running: str | None = None
    from_journal: str | None = None
    at: str | None = None
    home: str | None = None
    """Which one, in a database with several."""
    rates: Path | None = None


def run_plan(options: PlanOptions) -> None:
    """Plan and print.

    Raises:
        UsageError: Options do not fit together, or one of them is wrong.
    """
    _check_one_source(options)
    if options.rates is not None:
        _plan_with_bill(options, options.rates)
    else:
        result = _planned(options)
        print_json(result.as_json()) if options.json else print_result(result)


def _plan_with_bill(options: PlanOptions, rates: Path) -> None:
    """The plan is kept, at least until its bill is made."""
    load_rates(rates, "UTC")  # What is wrong with the file is said before the work.
    with tempfile.TemporaryDirectory(prefix="joulebus-") as folder:
        out = options.resume or options.out or Path(folder) / "run"
        result = _planned(options if options.resume else replace(options, out=out))
        run = metered_run(journal_of(out))
        book = load_rates(rates, run.born.place.timezone)
        bill = run.bill(book, run.begins, run.ends)
    if options.json:
        print_json(result.as_json() | {"bill": bill_json(run, book, bill)})
    else:
        print_result(result)
        print_bill(run, book, bill)


def _planned(options: PlanOptions) -> PlanResult:
    if options.resume is not None:
        return _with_progress(f"resuming {options.resume}", partial(go_on, options.resume), options.resume)
    return _plan_fork(options) if options.file is None else _plan_file(options, options.file)


def _check_one_source(options: PlanOptions) -> None:
    sources = {
        "FILE": options.file,
        "--from-running": options.from_running,
        "--from-journal": options.from_journal,
        "--resume": options.resume,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) != 1:
        raise UsageError(f"a plan starts from exactly one of {', '.join(sources)}, but {' and '.join(given) or 'none'} was given")
    only: dict[str, dict[str, Any]] = {"FILE": {"--start": options.start, "--tick": options.tick}, "--from-journal": {"--at": options.at}}
    for source, its in only.items():
        wrong = [name for name, value in its.items() if value is not None and given != [source]]
        if wrong:
            raise UsageError(f"{wrong[0]} can only be used with {source}, but was given with {given[0]}")
    if options.resume is not None and (options.overrides or options.out or options.window):
        raise UsageError("--resume takes no other option: the plan in its directory is resumed as it was started")


def terminate_like_ctrl_c() -> None:
    """A job that is told to end does what Ctrl-C does, also where a shell has switched Ctrl-C off."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)


def ticks_of(days: float, tick_seconds: int) -> int:
    """How many ticks a number of days are.

    Raises:
        UsageError: It is less than one tick.
    """
    ticks = round(days * DAY_SECONDS / tick_seconds)
    if ticks < 1:
        raise UsageError(f"--days must be at least one tick of {tick_seconds} s, but was {days:g}")
    return ticks


def _plan_file(options: PlanOptions, file: Path) -> PlanResult:
    home_file = adjusted(load_home_file(file), options)
    ticks = ticks_of(options.days, home_file.tick_seconds)
    print_notes(home_file, options.days)
    title = f"simulating {options.days:g} days"
    order = PlanOrder(ticks, options.window)
    if options.out is None:
        return _unkept(title, Unkept.of_file(home_file, order))
    begin_plan(home_file, options.out, order)
    return _with_progress(title, partial(go_on, options.out), options.out)


def _plan_fork(options: PlanOptions) -> PlanResult:
    with journal_at(options.from_journal or str(running(options.from_running)[0]), options.home) as source:
        return _plan_from(source, options)


def _plan_from(source: Path, options: PlanOptions) -> PlanResult:
    fork = fork_at(source, None if options.at is None else unix_of("--at", options.at, lambda: timezone_of(source)))
    end_tick = fork.tick + ticks_of(options.days, fork.found.born.tick_seconds)
    order = PlanOrder(end_tick, options.window, fork.tick, fork.changes(tuple(override_of(text) for text in options.overrides)))
    title = f"simulating {options.days:g} days from there"
    if options.out is None:
        return _unkept(title, Unkept.of_fork(fork, order))
    begin_fork(fork, options.out, order)
    return _with_progress(title, partial(go_on, options.out), options.out)


def print_notes(home: HomeFile, days: float) -> None:
    """What people should know of a home, beside the result."""
    for sentence in notes(home, days):
        print(f"note: {sentence}", file=sys.stderr)


def adjusted(home: HomeFile, options: PlanOptions) -> HomeFile:
    """The home with the command line's overrides.

    Raises:
        UsageError: The tick does not divide an epoch, or the start is not a date.
    """
    if options.tick is not None:
        if options.tick < 1 or EPOCH_SECONDS % options.tick:
            raise UsageError(
                f"--tick must divide {EPOCH_SECONDS} s evenly, but was {options.tick}; choose 1, 5, 10, 15, 30, 60, 300 or 900"
            )
        home = replace(home, tick_seconds=options.tick)
    if options.start is not None:
        home = replace(
            home, start_unix_seconds=unix_of("--start", options.start, lambda: home.place.timezone) // home.tick_seconds * home.tick_seconds
        )
    return with_overrides(home, tuple(override_of(text) for text in options.overrides))


def _unkept(title: str, unkept: Unkept) -> PlanResult:
    """In memory; Ctrl-C writes down its state."""
    directory = _free_directory(unkept.home.keeper.born.home)
    return _with_progress(title, partial(_or_pause, unkept, directory), directory)


def _or_pause(unkept: Unkept, directory: Path, progress: TicksProgress) -> PlanResult:
    try:
        return unkept.live(progress)
    except KeyboardInterrupt:
        unkept.pause(directory)
        raise


def _free_directory(home: str) -> Path:
    plans = state_directory() / "plans"
    return next(path for number in count(1) if not (path := plans / f"{home}_{number}").exists())


def _with_progress(title: str, work: Callable[[TicksProgress], PlanResult], kept: Path) -> PlanResult:
    stop = _between_rounds()
    try:
        with progress_bar(title) as show:

            def tell(done: int, total: int) -> None:
                show(done, total)
                if stop:
                    raise KeyboardInterrupt

            return work(tell)
    except KeyboardInterrupt:
        print(f"joulebus: interrupted; resume with: joulebus plan --resume {shlex.quote(str(kept))}", file=sys.stderr)
        raise


def _between_rounds() -> list[int]:
    """Ctrl-C waits for the end of the round, so that it can be resumed; the second one does not wait."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return asked


def kwh_text(joules: int) -> str:
    """Energy as people read it."""
    return f"{joules / JOULES_PER_KWH:z,.3f}\u00a0kWh"


def print_result(result: PlanResult) -> None:
    """Tables for people."""
    console = Console()
    data = result.as_json()
    seconds = data["ticks"] * data["tick_seconds"]
    days = f"{seconds / DAY_SECONDS:g} day{'' if seconds == DAY_SECONDS else 's'}"
    title = f"{data['home']}: {days} in ticks of {data['tick_seconds']} s, energy in kWh"
    table = WholeTable(title=title, show_edge=False)
    for head in ("device", "takes", "gives", "mean", "unserved", "curtailed", "lost"):
        table.add_column(head, justify="left" if head == "device" else "right")
    for name, moved in data["devices"].items():
        mean = (moved["joules_in"] - moved["joules_out"]) / seconds
        extras = [data[key].get(name) for key in ("unserved_joules", "curtailed_joules", "losses_joules")]
        cells = [amount_text(joules) if joules else "" for joules in (moved["joules_in"], moved["joules_out"])]
        if any(cells) or any(extras):
            table.add_row(name, *cells, watts(mean).replace(" ", "\u00a0"), *(amount_text(extra) if extra else "" for extra in extras))
    console.print(table)
    for pair, joules in data["flows"].items():
        console.print(f"  {pair.replace('>', ' → '):22} {kwh_text(joules):>16}", highlight=False)
    console.print(
        f"import {kwh_text(data['import_joules'])}, export {kwh_text(data['export_joules'])}, "
        f"cost {data['cost_micro_euro'] / 1e6:z,.2f} {result.currency}",
        highlight=False,
    )
    console.print(f"head seal {data['head_seal'][:16]}  {data['missing_joules']} J missing", highlight=False)


def amount_text(joules: int) -> str:
    """Energy in kWh, where a heading says the unit."""
    return f"{joules / JOULES_PER_KWH:z,.3f}"
