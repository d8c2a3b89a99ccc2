"""``joulebus plan``: a home in memory, with a progress bar and a result that people and programs read."""

import shlex
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from joulebus.cli.main import print_json
from joulebus.cli.moments import unix_of
from joulebus.errors import UsageError
from joulebus.home.sentences import watts
from joulebus.homefile.errors import EPOCH_SECONDS
from joulebus.homefile.home_file import HomeFile, load
from joulebus.planning.overrides import setting_of, with_settings
from joulebus.planning.plan import PlanResult
from joulebus.planning.plan import Progress as Told
from joulebus.planning.planned import Order, Unkept, begin, begin_fork, fork_at, go_on
from joulebus.report.reading import timezone_of
from joulebus.rundir import journal_of, running, state_directory

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    file: Path | None
    start: str | None
    days: float
    tick: int | None
    settings: tuple[str, ...]
    json: bool
    out: Path | None
    window: int | None
    resume: Path | None = None
    from_running: str | None = None
    from_journal: str | None = None
    at: str | None = None


def run(wish: Wish) -> None:
    """Plan and print.

    Raises:
        UsageError: Options do not fit together, or one of them is wrong.
    """
    _check_one_source(wish)
    if wish.resume is not None:
        result = _with_progress(f"resuming {wish.resume}", partial(go_on, wish.resume), wish.resume)
    elif wish.file is not None:
        result = _plan_file(wish, wish.file)
    else:
        result = _plan_fork(wish)
    print_json(result.as_json()) if wish.json else print_result(result)


def _check_one_source(wish: Wish) -> None:
    sources = {"FILE": wish.file, "--from-running": wish.from_running, "--from-journal": wish.from_journal, "--resume": wish.resume}
    given = [name for name, value in sources.items() if value is not None]
    if len(given) != 1:
        raise UsageError(f"a plan starts from exactly one of {', '.join(sources)}, but {' and '.join(given) or 'none'} was given")
    only: dict[str, dict[str, Any]] = {"FILE": {"--start": wish.start, "--tick": wish.tick}, "--from-journal": {"--at": wish.at}}
    for source, options in only.items():
        wrong = [name for name, value in options.items() if value is not None and given != [source]]
        if wrong:
            raise UsageError(f"{wrong[0]} can only be used with {source}, but was given with {given[0]}")
    if wish.resume is not None and (wish.settings or wish.out or wish.window):
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


def _plan_file(wish: Wish, file: Path) -> PlanResult:
    home_file = adjusted(load(file), wish)
    ticks = ticks_of(wish.days, home_file.tick_seconds)
    title = f"simulating {wish.days:g} days"
    order = Order(ticks, wish.window)
    if wish.out is None:
        return _unkept(title, Unkept.of_file(home_file, order))
    begin(home_file, wish.out, order)
    return _with_progress(title, partial(go_on, wish.out), wish.out)


def _plan_fork(wish: Wish) -> PlanResult:
    source = wish.from_journal or str(running(wish.from_running)[0])
    fork = fork_at(source, None if wish.at is None else unix_of("--at", wish.at, lambda: timezone_of(journal_of(source))))
    end_tick = fork.tick + ticks_of(wish.days, fork.found.born.tick_seconds)
    order = Order(end_tick, wish.window, fork.tick, fork.changes(tuple(setting_of(text) for text in wish.settings)))
    title = f"simulating {wish.days:g} days from there"
    if wish.out is None:
        return _unkept(title, Unkept.of_fork(fork, order))
    begin_fork(fork, wish.out, order)
    return _with_progress(title, partial(go_on, wish.out), wish.out)


def adjusted(home: HomeFile, wish: Wish) -> HomeFile:
    """The home with the command line's overrides.

    Raises:
        UsageError: The tick does not divide an epoch, or the start is not a date.
    """
    if wish.tick is not None:
        if wish.tick < 1 or EPOCH_SECONDS % wish.tick:
            raise UsageError(f"--tick must divide {EPOCH_SECONDS} s evenly, but was {wish.tick}; choose 1, 5, 10, 15, 30, 60, 300 or 900")
        home = replace(home, tick_seconds=wish.tick)
    if wish.start is not None:
        home = replace(
            home, start_unix_seconds=unix_of("--start", wish.start, lambda: home.place.timezone) // home.tick_seconds * home.tick_seconds
        )
    return with_settings(home, tuple(setting_of(text) for text in wish.settings))


def _unkept(title: str, unkept: Unkept) -> PlanResult:
    """In memory; Ctrl-C writes down where it stands."""
    directory = _free_directory(unkept.home.keeper.born.home)
    return _with_progress(title, partial(_or_pause, unkept, directory), directory)


def _or_pause(unkept: Unkept, directory: Path, progress: Told) -> PlanResult:
    try:
        return unkept.live(progress)
    except KeyboardInterrupt:
        unkept.pause(directory)
        raise


def _free_directory(home: str) -> Path:
    plans = state_directory() / "plans"
    return next(path for number in count(1) if not (path := plans / f"{home}_{number}").exists())


def _with_progress(title: str, work: Callable[[Told], PlanResult], kept: Path) -> PlanResult:
    console, stop = Console(stderr=True), _between_rounds()
    bar = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*bar, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)
            if stop:
                raise KeyboardInterrupt

        try:
            return work(tell)
        except KeyboardInterrupt:
            progress.stop()
            print(f"joulebus: interrupted; resume with: joulebus plan --resume {shlex.quote(str(kept))}", file=sys.stderr)
            raise


def _between_rounds() -> list[int]:
    """Ctrl-C waits for the end of the round, so that there is something to go on with; the second one does not wait."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return asked


def kwh(joules: int) -> str:
    """Energy as people read it."""
    return f"{joules / 3_600_000:z,.3f}\u00a0kWh"


def print_result(result: PlanResult) -> None:
    """Tables for people."""
    console = Console()
    data = result.as_json()
    seconds = data["ticks"] * data["tick_seconds"]
    table = Table(title=f"{data['home']}: {seconds / DAY_SECONDS:g} days in ticks of {data['tick_seconds']} s", show_edge=False)
    for title in ("device", "takes", "gives", "mean", "unserved", "curtailed", "lost"):
        table.add_column(title, justify="left" if title == "device" else "right")
    for name, moved in data["devices"].items():
        mean = (moved["joules_in"] - moved["joules_out"]) / seconds
        extras = [data[key].get(name) for key in ("unserved_joules", "curtailed_joules", "losses_joules")]
        cells = [kwh(joules) if joules else "" for joules in (moved["joules_in"], moved["joules_out"])]
        if any(cells) or any(extras):
            table.add_row(name, *cells, watts(mean), *(kwh(extra) if extra else "" for extra in extras))
    console.print(table)
    for pair, joules in data["flows"].items():
        console.print(f"  {pair.replace('>', ' → '):22} {kwh(joules):>16}", highlight=False)
    console.print(
        f"import {kwh(data['import_joules'])}, export {kwh(data['export_joules'])}, cost {data['cost_micro_euro'] / 1e6:.2f} €",
        highlight=False,
    )
    console.print(f"head seal {data['head_seal'][:16]}…  {data['missing_joules']} J missing", highlight=False)
