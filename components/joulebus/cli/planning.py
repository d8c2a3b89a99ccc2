"""``joulebus plan``: a home in memory, with a progress bar and a result that people and programs read."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from joulebus.cli.main import parse_value, print_json
from joulebus.devices import KINDS
from joulebus.errors import HomeFileError, JournalError, PropertyError
from joulebus.historian.follow import refill
from joulebus.historian.store import Store
from joulebus.home import Home
from joulebus.home_file import HomeFile, load
from joulebus.home_file_errors import EPOCH_SECONDS
from joulebus.journal import Journal
from joulebus.plan import PlanResult, plan
from joulebus.seat import read_properties
from joulebus.words import watts
from joulebus_schemas.roster import Member

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    file: Path
    start: str | None
    days: float
    tick: int | None
    settings: tuple[str, ...]
    json: bool
    out: Path | None
    window: int | None


def run(wish: Wish) -> None:
    """Plan and print."""
    home_file = adjusted(load(wish.file), wish)
    ticks = round(wish.days * DAY_SECONDS / home_file.tick_seconds)
    if ticks < 1:
        raise HomeFileError(f"a plan must last at least one tick of {home_file.tick_seconds} s, but --days {wish.days:g} is shorter")
    journal = _journal(wish.out) if wish.out else None
    result = _with_progress(Home.from_file(home_file, journal), ticks, wish)
    if wish.out is not None and journal is not None:
        _keep(result, journal, wish.out)
    print_json(result.as_json()) if wish.json else print_result(result)


def adjusted(home: HomeFile, wish: Wish) -> HomeFile:
    """The home with what the command line says otherwise."""
    if wish.tick is not None:
        if wish.tick < 1 or EPOCH_SECONDS % wish.tick:
            raise HomeFileError(
                f"--tick must be whole seconds that divide the epoch of {EPOCH_SECONDS} s, but was {wish.tick}: "
                "choose 1, 5, 10, 15, 30, 60, 300 or 900"
            )
        home = replace(home, tick_seconds=wish.tick)
    if wish.start is not None:
        home = replace(home, start_unix_seconds=_unix(wish.start, home.tick_seconds))
    members = dict(home.members)
    for setting in wish.settings:
        name, member = changed_member(members, setting)
        members[name] = member
    return replace(home, members=members)


def _unix(text: str, tick_seconds: int) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise HomeFileError(f'--start must be a time like 2026-06-21T00:00:00+02:00, but was "{text}"') from None
    if moment.tzinfo is None:
        raise HomeFileError(f"--start must say its offset from UTC, as in {text}Z or {text}+02:00")
    return int(moment.timestamp()) // tick_seconds * tick_seconds


def changed_member(members: dict[str, Member], setting: str) -> tuple[str, Member]:
    """A device with ``device.property=value`` applied and checked."""
    path, equals, value = setting.partition("=")
    name, dot, key = path.partition(".")
    if not equals or not dot:
        raise PropertyError(f'--set must be device.property=value, but was "{setting}"')
    if name not in members:
        raise PropertyError(f"--set {setting}: there is no device {name}; there are {', '.join(sorted(members))}")
    member = members[name]
    properties: dict[str, Any] = {**member.properties, key: parse_value(value)}
    read_properties(KINDS[member.kind], properties, name)
    return name, member.model_copy(update={"properties": properties})


def _journal(out: Path) -> Journal:
    out.mkdir(parents=True, exist_ok=True)
    if any((out / name).exists() for name in ("journal.bin", "history.sqlite")):
        raise JournalError(f"--out must be a new or empty directory, but {out} holds the books of another run: choose another")
    return Journal.open(out / "journal.bin", durable="memory")


def _with_progress(home: Home, ticks: int, wish: Wish) -> PlanResult:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"living {wish.days:g} days", total=ticks)
        return plan(home, ticks, wish.window, lambda done, _: progress.update(task, completed=done))


def _keep(result: PlanResult, journal: Journal, out: Path) -> None:
    store = Store.open(out / "history.sqlite", result.home)
    refill(store, journal)
    store.close()
    journal.close()
    (out / "result.json").write_text(json.dumps(result.as_json(), indent=2, sort_keys=True) + "\n")


def kwh(joules: int) -> str:
    """Energy as people read it."""
    return f"{joules / 3_600_000:,.3f} kWh"


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
