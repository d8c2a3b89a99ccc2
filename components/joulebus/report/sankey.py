"""Where energy went, as one picture: from the sun and the grid through panels and batteries to each load, with a number at each place."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import plotly.graph_objects as go

from joulebus.report import colours as c
from joulebus.report.result import Report
from joulebus_schemas.facts import FLOWS, JOULES_PER_KWH
from joulebus_schemas.roster import of_kind

GROUP_LABELS = {"sun": "solar power", "producers": "other producers", "battery": "batteries", "grid": "from the grid"}
SINK_LABELS = {"loads": "loads", "battery": "batteries", "export": "to the grid", "heat": "lost in conversion"}
SMALL = 0.0005
"""Share of all energy below which a link would be thinner than a line."""


class Link(NamedTuple):
    """Joules from a place to a place; a place is a part that has a colour, and a label."""

    giver: tuple[str, str]
    taker: tuple[str, str]
    joules: int
    part: str
    """Whose colour it has."""


def sankey(report: Report) -> Any:
    """Energy of the span: from devices through their flow pairs to devices."""
    found = list(_links(report))
    least = SMALL * sum(link.joules for link in found)
    links = [link for link in found if link.joules > least] or found
    places = {place: number for number, place in enumerate(dict.fromkeys(one for link in links for one in (link.giver, link.taker)))}
    through = _through(links)
    node = {
        "label": [f"{label} {_number(through[part, label])}" for part, label in places],
        "color": _colours(list(places)),
        "pad": 18,
        "thickness": 14,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }
    link = {
        "source": [places[link.giver] for link in links],
        "target": [places[link.taker] for link in links],
        "value": [link.joules / JOULES_PER_KWH for link in links],
        "color": [c.faint(c.PART_COLOURS[link.part]) for link in links],
        "hovertemplate": "%{source.label} → %{target.label}: %{value:,.2f} kWh<extra></extra>",
    }
    figure = go.Figure(go.Sankey(node=node, link=link, valueformat=",.1f", valuesuffix=" kWh", arrangement="snap"))
    return figure.update_layout(
        paper_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13},
        height=600,
        margin={"t": 20, "r": 10, "b": 20, "l": 10},
    )


def _links(report: Report) -> Iterable[Link]:
    for name, member in sorted(report.members.items()):
        given, taken = report.total(f"{name}_out_joules"), report.total(f"{name}_in_joules")
        if name in report.stores or member.kind in ("grid", "inverter"):
            continue
        yield from _of_producer(report, name, given)
        yield from _of_fuel(report, name)
        if taken:
            yield Link(("loads", SINK_LABELS["loads"]), ("load", name), taken, "loads")
    for flow in FLOWS:
        if joules := report.flow(flow):
            source, sink = flow.split(">")
            yield Link((source, GROUP_LABELS[source]), (sink, SINK_LABELS[sink]), joules, source)
    yield from _of_stores(report)


def _of_fuel(report: Report, gas: str) -> Iterable[Link]:
    """What a gas connection gives to be burnt."""
    for name in report.members if gas in of_kind(report.members, "gas") else ():
        if joules := report.total(f"{name}_from_{gas}_joules"):
            yield Link(("fuel", gas), ("load", name), joules, "fuel")


def _of_producer(report: Report, name: str, given: int) -> Iterable[Link]:
    """What the sun shines on gives to the home, and what it could have given."""
    is_fed = any(column.startswith(f"{name}_from_") for column in report.quarters.columns)
    part, curtailed = "sun" if is_fed else "producers", report.total(f"{name}_curtailed_joules")
    if is_fed and given + curtailed:
        yield Link((part, "sun"), (part, name), given + curtailed, part)
    if given:
        yield Link((part, name), (part, GROUP_LABELS[part]), given, part)
    if curtailed:
        yield Link((part, name), ("curtailed", "curtailed"), curtailed, "curtailed")


def _of_stores(report: Report) -> Iterable[Link]:
    """What batteries lost, and what is in them at the end more than at the beginning, or less."""
    lost, stored = sum(report.total(f"{name}_heat_joules") for name in report.stores), report.stored_joules()
    batteries = ("battery", GROUP_LABELS["battery"])
    if lost:
        yield Link(batteries, ("heat", "lost in batteries"), lost, "battery")
    if stored > 0:
        yield Link(batteries, ("battery", "more in batteries at the end"), stored, "battery")
    elif stored < 0:
        yield Link(("battery", "in batteries at the beginning"), batteries, -stored, "battery")


def _through(links: list[Link]) -> Counter[tuple[str, str]]:
    """Joules through each place."""
    ins, outs = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for link in links:
        outs[link.giver] += link.joules
        ins[link.taker] += link.joules
    return ins | outs


def _number(joules: int) -> str:
    amount = joules / JOULES_PER_KWH
    return f"{amount:,.0f} kWh" if amount >= 100 else f"{amount:,.1f} kWh" if amount >= 1 else f"{amount:,.2f} kWh"


def _colours(places: list[tuple[str, str]]) -> list[str]:
    loads = [place for place in places if place[0] == "load"]
    return [
        c.LOADS_COLOURS[loads.index(place) % len(c.LOADS_COLOURS)] if place[0] == "load" else c.PART_COLOURS[place[0]] for place in places
    ]
