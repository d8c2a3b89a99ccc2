"""The market for people: runs, balances, statements, graphs and certificates as tables."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column
from rich.text import Text
from rich.tree import Tree

from joulebus.cli.market_pages import all_of
from joulebus.cli.market_places import MarketPlace, StoredMarket
from joulebus.cli.output import print_json
from joulebus.cli.whole_table import WholeTable
from joulebus.errors import MarketError
from joulebus.market.certificate import Verified
from joulebus.market.executor import Executor
from joulebus.market.graph import Edge, Graph, graph_of
from joulebus.market.picture import svg
from joulebus.market.runner import FileRun
from joulebus.market.times import utc_of
from joulebus_schemas.market.calls import CALLS

STYLES = {
    "meter": "green",
    "residual": "bright_black",
    "contract": "red",
    "counter": "yellow",
    "correction": "magenta",
    "rule": "bright_black",
}
_SEAL = re.compile(r"(seal=[0-9a-f]{8})[0-9a-f]+")
STATEMENT_COLUMNS = ("epoch", "peer", "kind", "contract_id", "wh", "running_wh", "co2_mg", "source")


def print_run(done: FileRun) -> None:
    """Results line by line, then what was posted, then the nets."""
    console = Console()
    table = WholeTable("line", "call", "status", "", show_edge=False, header_style="bold")
    for one in done.results:
        good = one["status"] in ("ok", "sealed")
        table.add_row(
            str(one["line"]), str(one["call"] or ""), Text(one["status"], "green" if good else "yellow"), escape(one.get("reason", ""))
        )
    console.print(table)
    if done.booked:
        print_postings(list(done.postings), console)
        for epoch, nets in done.nets.items():
            console.print(f"epoch {epoch}: " + ", ".join(f"{escape(asset)} {wh:+,}" for asset, wh in nets.items()) + " Wh; in all 0")
        console.print(f"{len(done.seals):,} seal{'' if len(done.seals) == 1 else 's'}, revision {done.revision:,}")


def print_postings(postings: list[dict[str, Any]], console: Console | None = None) -> None:
    """Who gave what to whom."""
    table = _posting_table("epoch")
    for one in postings:
        style = STYLES[one["kind"]]
        contract = escape(one["contract_id"] or "")
        table.add_row(str(one["epoch"]), escape(one["from"]), "→", escape(one["to"]), f"{one['wh']:,}", Text(one["kind"], style), contract)
    (console or Console()).print(table)


def print_balance(found: dict[str, Any]) -> None:
    """A balance and its postings."""
    console = Console()
    state = "sealed" if found["sealed"] else "open"
    console.print(f"[bold]{escape(found['asset_id'])}[/bold] in epoch {found['epoch']} ({state})")
    console.print(f"  in {found['in_wh']:,} Wh, out {found['out_wh']:,} Wh, net {found['net_wh']:+,} Wh; CO2 {found['co2_mg']:+,} mg")
    console.print(f"  inside: {found['internal_wh']:,} Wh served")
    for verb, way, side in (("bought", "from", "bought_wh"), ("sold", "to", "sold_wh")):
        for upstream, wh in found[side].items():
            console.print(f"  outside: {wh:,} Wh {verb} {way} {escape(upstream)}")
    if found["open_wh"]:
        verb = (
            f"sells {found['open_wh']:,} Wh to {found['upstream_to']}"
            if found["open_wh"] > 0
            else f"buys {-found['open_wh']:,} Wh from {found['upstream_from']}"
        )
        console.print(f"  a seal now {escape(verb)}")
    print_postings(found["postings"], console)
    more = found["postings_total"] - len(found["postings"])
    if more:
        console.print(f"and {more:,} more: joulebus market call balancing.postings epoch={found['epoch']} asset_id={found['asset_id']}")


def print_statement(found: dict[str, Any]) -> None:
    """Line by line, with a running balance."""
    table = WholeTable(
        "epoch",
        "peer",
        "kind",
        "contract",
        Column("Wh", justify="right"),
        Column("running", justify="right"),
        "source",
        show_edge=False,
        header_style="bold",
    )
    for line in found["lines"]:
        one = line["posting"]
        kind = Text(one["kind"], STYLES[one["kind"]])
        contract, source = escape(one["contract_id"] or ""), escape(_SEAL.sub(r"\1…", one["source"] or ""))
        table.add_row(str(one["epoch"]), escape(line["peer"]), kind, contract, f"{line['wh']:+,}", f"{line['running_wh']:+,}", source)
    console = Console()
    console.print(table)
    if found["next"] is not None:
        console.print(f"older lines: --to {found['next']['until_epoch']}, or all of them: --from 0")


def print_changes(found: list[dict[str, Any]]) -> None:
    """Who changed what."""
    who, role, call = (Column(name, no_wrap=True) for name in ("who", "role", "call"))
    arguments = Column("arguments", overflow="fold")
    table = WholeTable(Column("revision", justify="right"), who, role, call, arguments, show_edge=False, header_style="bold")
    for one in found:
        table.add_row(str(one["revision"]), one["principal"] or "not kept", one["role"] or "", one["call"], escape(str(one["arguments"])))
    Console().print(table)


def print_late(found: list[dict[str, Any]]) -> None:
    """What waits to be corrected or dismissed."""
    table = WholeTable(*(Column(name, justify="right") for name in ("number", "epoch", "Wh")), "meter", "direction", show_edge=False)
    for one in found:
        numbers = (str(one["number"]), str(one["epoch"]), f"{one['wh']:,}")
        table.add_row(*numbers, escape(one["meter_id"]), one["direction"] or "by its rule")
    Console().print(table)


def statement_csv(found: dict[str, Any]) -> str:
    """For spreadsheets."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(STATEMENT_COLUMNS)
    for line in found["lines"]:
        table.writerow([{**line["posting"], **line}[name] for name in STATEMENT_COLUMNS])
    return out.getvalue()


def print_calls(json_: bool) -> None:
    """All calls; those that change are marked."""
    if json_:
        print_json(
            {name: {"changes": call.changes, "summary": call.summary, "ask": call.ask.model_json_schema()} for name, call in CALLS.items()}
        )
        return
    table = WholeTable("call", "changes", "what it does", "fields", show_edge=False, header_style="bold")
    for name, call in CALLS.items():
        fields = ", ".join(f"{field}{'' if info.is_required() else '?'}" for field, info in call.ask.model_fields.items())
        table.add_row(name, "yes" if call.changes else "", call.summary, fields)
    Console().print(table)


def graph_at(place: MarketPlace, epoch: str | None) -> Graph:
    """The graph of a market, with what flowed in an epoch."""
    assets = all_of(place, "asset.find", {}, "assets")
    root = place.ask("books.state", {})["root"]
    postings = [] if epoch is None else all_of(place, "balancing.postings", {"epoch": epoch}, "postings")
    title = "who is balanced against whom" if epoch is None else f"epoch {epoch}"
    return graph_of(title, assets, postings, root)


def draw(graph: Graph, out: Path | None) -> None:
    """In the terminal, and as a picture.

    Raises:
        MarketError: The name of the file does not end in .svg.
    """
    console = Console()
    for tree in trees(graph):
        console.print(tree)
    if out is not None:
        if out.suffix != ".svg":
            raise MarketError(f"the graph is drawn as .svg, but the file is {out.name}")
        out.write_text(svg(graph), encoding="utf-8")
        console.print(f"drawn: {out}")


def show_books(executor: Executor, epoch: int, title: str, picture: str) -> None:
    """For lessons: the transactions of an epoch, the group as a graph, and both as a picture."""
    place = StoredMarket(executor)
    print_postings(place.ask("balancing.postings", {"epoch": epoch})["postings"])
    draw(replace(graph_at(place, str(epoch)), title=title), Path(picture))


def trees(graph: Graph) -> list[Tree]:
    """Each giver with its arrows, as a tree."""
    found = []
    for node in graph.nodes:
        tree = Tree(f"[bold]{escape(node.name)}[/bold] [bright_black]{node.kind}[/bright_black] net {node.net_wh:+,} Wh")
        for edge in graph.edges:
            if edge.giver == node.name:
                tree.add(_arrow(edge))
        found += [tree]
    return found


def _arrow(edge: Edge) -> Text:
    energy = f" {edge.wh:,} Wh" if edge.wh else ""
    return Text.assemble("→ ", (edge.taker, "bold"), energy, " ", (edge.kind, STYLES[edge.kind]))


def _posting_table(*first: str) -> WholeTable:
    sides = (Column("from", overflow="fold"), "", Column("to", overflow="fold"))
    return WholeTable(*first, *sides, Column("Wh", justify="right"), "kind", "contract", show_edge=False, header_style="bold")


def print_verified(found: Verified) -> None:
    """What a certificate proves."""
    console = Console()
    time = utc_of(found.epoch * found.epoch_seconds)
    where = f"epoch {found.epoch} ({time}) of the market {escape(found.market)}, batch {found.number}"
    console.print(f"{escape(found.asset)} in {where}")
    table = _posting_table()
    for giver, taker, wh, kind, *more in found.postings:
        contract = more[2] if len(more) > 2 else None
        table.add_row(escape(giver), "→", escape(taker), f"{wh:,}", kind, escape(contract or ""))
    console.print(table)
    console.print(f"net {found.net_wh:+,} Wh; signed with the key {found.public_key}", soft_wrap=True)
