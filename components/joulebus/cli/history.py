"""``joulebus history``: what a running home has moved, cost and decided, as its historian answers it."""

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from joulebus.cli.options import HomeOption, JsonOption
from joulebus.cli.output import print_json
from joulebus.cli.whole_table import WholeTable
from joulebus_schemas.facts import JOULES_PER_KWH

history_app = typer.Typer(no_args_is_help=True, help="Query the past of a running home: energy, cost, peaks, decisions, changes.")

CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV, in whole joules or micro-euro.")]
FromOption = Annotated[str | None, typer.Option("--from", help="Start of the span, such as 2026-06-21 or 2026-06-21T12:00.")]
ToOption = Annotated[str | None, typer.Option("--to", help="End of the span (default: now, in simulated time).")]
EveryOption = Annotated[str, typer.Option(help="Resolution: 1s, 10s, 1m, 5m, 15m, 1h, day, week, month, year or auto.")]
MostOption = Annotated[int, typer.Option("--most", min=1, max=1_000, help="Maximum number of rows.")]

ShownRow = Sequence[Any]
LEFT = ("kWh", "cost", "month", "quarter-hour", "from", "decision", "device", "change")


@history_app.command(
    "energy", epilog="Examples: joulebus history energy oven fridge --every 1h   joulebus history energy --by flow --every day --csv"
)
def history_energy(
    names: Annotated[list[str] | None, typer.Argument(help="Devices, flows or pairs of accounts (default: all).")] = None,
    by: Annotated[str, typer.Option(help="device, flow (sun>loads …) or account.")] = "device",
    from_: FromOption = None,
    to: ToOption = None,
    every: EveryOption = "auto",
    csv_: CsvOption = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show energy over time, by device, by flow or by pair of accounts."""
    answer = _ask(home, "energy", {"resolution": every, "by": by, "names": names or []}, (from_, to))
    _show(answer, csv_, json_, lambda value: f"{value / JOULES_PER_KWH:.3f}", "kWh")


@history_app.command("cost", epilog="Example: joulebus history cost --every day")
def history_cost(
    from_: FromOption = None,
    to: ToOption = None,
    every: EveryOption = "auto",
    csv_: CsvOption = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show cost over time: import, export, and their difference."""
    answer = _ask(home, "cost", {"resolution": every}, (from_, to))
    _show(answer, csv_, json_, lambda value: f"{value / 1_000_000:.2f}", "cost")


@history_app.command("peaks", epilog="Example: joulebus history peaks --most 5")
def history_peaks(
    from_: FromOption = None, to: ToOption = None, most: MostOption = 10, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """List the highest quarter-hours of import, and that of each month."""
    answer = _ask(home, "peaks", {"most": min(most, 96)}, (from_, to))
    rows = [["", _time(one["unix_seconds"]), f"{one['watts'] / 1000:.2f} kW"] for one in answer["highest"]]
    rows += [[one["month"], _time(one["unix_seconds"]), f"{one['watts'] / 1000:.2f} kW"] for one in answer["months"]]
    print_json(answer) if json_ else _table(("month", "quarter-hour", "mean import"), rows)


@history_app.command("decisions", epilog="Example: joulebus history decisions --most 20")
def history_decisions(
    from_: FromOption = None, to: ToOption = None, most: MostOption = 20, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """List when the inverter changed its decision, in words."""
    answer = _ask(home, "decisions", {"most": most}, (from_, to))
    rows = [[_time(one["unix_seconds"]), one["text"]] for one in answer["decisions"]]
    print_json(answer) if json_ else _table(("from", "decision"), rows)


@history_app.command("changes", epilog="Example: joulebus history changes oven")
def history_changes(
    device: Annotated[str | None, typer.Argument(help="Only changes of this device (default: all).")] = None,
    most: MostOption = 50,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List what was changed, and the tick at which it took effect."""
    answer = _ask(home, "changes", {"device": device, "most": most})
    rows = [[f"{one['change']['from_tick']:,}", one["change"]["device"], _said(one["change"])] for one in answer["changes"]]
    print_json(answer) if json_ else _table(("from tick", "device", "change"), rows)


@history_app.command("state", epilog="Example: joulebus history state")
def history_state(home: HomeOption = None) -> None:
    """Show what the historian has, how far behind it is, and how far back it keeps ticks and minutes (JSON)."""
    print_json(_ask(home, "state", {}))


def _ask(home: str | None, procedure: str, arguments: dict[str, Any], span: tuple[str | None, str | None] = (None, None)) -> Any:
    """The historian's answer as plain JSON; times without an offset are meant at the place of the home."""
    from joulebus.cli.client import Conversation, guest
    from joulebus.cli.moments import unix_of

    _, found, bus = guest(home)
    with Conversation(bus) as asked:

        def timezone() -> str:
            return str(asked.ask(f"joulebus.{found.home}.clock.get", {})["timezone"])

        given = zip(("from_unix_seconds", "to_unix_seconds"), ("--from", "--to"), span, strict=True)
        ends = {name: unix_of(option, text, timezone) for name, option, text in given if text is not None}
        return asked.ask(f"joulebus.{found.home}.historian.{procedure}", arguments | ends)


def _show(answer: Any, csv_: bool, json_: bool, shown: Callable[[int], str], unit: str) -> None:
    names = sorted(answer["series"])
    rows = zip(answer["starts"], *(answer["series"][name] for name in names), strict=True)
    if json_:
        print_json(answer)
    elif csv_:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["time", "unix_seconds", *(f"{name} {answer['unit']}" for name in names)])
        writer.writerows([_time(start), start, *values] for start, *values in rows)
    else:
        sums = [sum(answer["series"][name]) for name in names]
        body = [[_time(start), *map(shown, values)] for start, *values in rows]
        _table((unit, *names), [*body, ["sum", *map(shown, sums)]])


def _said(change: Any) -> str:
    if change["added"]:
        return f"added ({change['added']['kind']})"
    if change["removed"]:
        return "removed"
    if change["on"] is not None:
        return "on" if change["on"] else "off"
    return ", ".join(f"{name}={value}" for name, value in sorted(change["properties"].items()))


def _time(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _table(titles: Iterable[str], rows: Iterable[ShownRow]) -> None:
    table = WholeTable(show_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold", justify="left" if title in LEFT else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
