"""The report as one page that needs nothing else: numbers, pictures, tables, definitions."""

import json
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from joulebus.report import figures
from joulebus.report.calendar import local_time
from joulebus.report.result import Report, shown_joules
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH

DEFINITIONS = {
    "produced": "What sun and other producers gave to the home (direct current, before conversion); what was curtailed is not in it.",
    "self-consumption": "The share of what was produced that was not sold at once: (produced − sun → export) / produced.",
    "self-sufficiency": "The share of what the loads got that was not from the grid: 1 − (grid → loads + grid → battery) / loads.",
    "flow pairs": "In each tick, sources (sun, producers, battery, grid) fill sinks (loads, battery, export, heat), in these orders.",
    "losses": "All that became heat: conversion and night draw of the inverter, by source; losses and standby of each battery.",
    "unserved, curtailed": "What loads wanted and did not get; what panels could have made and nobody could take.",
    "full cycles": "What came out of a battery, divided by its capacity.",
    "peak": "The highest quarter-hour mean of import.",
    "dark, short": "Dark: something wanted energy, and nothing got any. Short: something got less than it wanted.",
    "batteries": "What is in them at the end beside what was at the beginning: it is in cost and self-sufficiency, too.",
    "money": "Each tick's joules at that tick's price, in whole micro-euro; the remainder of a quarter-hour is carried into the next.",
}
Section = tuple[str, str, Any]


def write_page(path: Path, report: Report, other: Report | None = None) -> None:
    """Write the page."""
    path.write_text(page(report, other), encoding="utf-8")


def page(report: Report, other: Report | None = None) -> str:
    """The page as text."""
    data = report.as_json()
    shown = {f"figure{number}": one for number, one in enumerate(_pictures(report, other))}
    parts = {
        "title": escape(f"{report.born.home}: report"),
        "heading": escape(report.born.home),
        "span": escape(_span(report, data)),
        "cards": even_rows(_cards(report, data)),
        "sections": _sections(shown) + _tables(report, data) + _definitions(),
        "footer": escape(
            f"Seal of the last epoch: {data['head_seal']}. Every number is counted again by: joulebus audit RUN --report FILE.json"
        ),
    }
    return filled(parts, {name: figure for name, (_, _, figure) in shown.items()})


def filled(parts: dict[str, str], shown: dict[str, Any]) -> str:
    """The page with its parts and the figures that they have places for."""
    drawn = json.dumps({name: json.loads(figure.to_json()) for name, figure in shown.items()}).replace("</", "<\\/")
    parts = {**parts, "plotly": get_plotlyjs(), "figures": drawn}
    text = files("joulebus.report").joinpath("page.html").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part, 1)
    return text


def _pictures(report: Report, other: Report | None) -> list[Section]:
    several_days = len(report.rows("day")) >= 3
    found: list[Section] = []
    if other is not None:
        what = f"This run beside the other ({other.born.home}, {_span(other, other.as_json())})."
        found.append(("Comparison", what, figures.comparison(report, other)))
        found.append(("What both have cost", "Day by day, from the beginning of each.", figures.running_cost(report, other)))
    found.append(("Where energy went", "All of the span, from the sun and the grid to each device.", figures.sankey(report)))
    found.append(("Who served the loads", "", figures.served(report)))
    found.append(("What became of the sun", "", figures.sun_use(report)))
    found.append(("The mean day", "Means of each quarter-hour of the day, by the clocks of the place.", figures.mean_days(report)))
    found.append(
        (
            "Through the span",
            report.outages_text()
            + "Drag to look closer, double-click to see all; of a long span the days around the highest import are shown first.",
            figures.timeline_figure(report),
        )
    )
    if several_days:
        found.append(("Hour by hour", "A column is a day, a row is an hour of it.", figures.heat_map(report)))
    found.append(("How long which power", "Quarter-hour means in falling order (load duration).", figures.duration(report)))
    if report.total("import_joules"):
        what = "The highest import of each month." if len(report.months()) >= figures.MONTHS_MIN else "The highest import of each day."
        found.append(("Quarter-hour peaks", what, figures.peaks(report)))
    return found


def _sections(shown: dict[str, Section]) -> str:
    """Charts that are narrow enough are placed side by side."""
    html, narrow = "", {"Who served the loads", "What became of the sun", "How long which power", "Quarter-hour peaks"}
    is_open = False
    for name, (title, text, _) in shown.items():
        if (title in narrow) != is_open:
            html += "</div>" if is_open else '<div class="two">'
            is_open = not is_open
        wide = ' class="wide"' if title == "Where energy went" else ""  # Its labels need room; a phone scrolls it.
        html += f'<section><h2>{escape(title)}</h2><p>{escape(text)}</p><div class="scroll"><div id="{name}"{wide}></div></div></section>'
    return html + ("</div>" if is_open else "")


def _span(report: Report, data: dict[str, Any]) -> str:
    begins, ends = (local_time(data[key], report.timezone) for key in ("from_unix_seconds", "to_unix_seconds"))
    days = (data["to_unix_seconds"] - data["from_unix_seconds"]) / DAY_SECONDS
    unit = "day" if days == 1 else "days"
    return f"{begins:%d %B %Y %H:%M} to {ends:%d %B %Y %H:%M} ({report.timezone}), {days:,.4g} {unit} in ticks of {data['tick_seconds']} s"


def kwh(joules: int) -> str:
    """Energy, with as many digits as one reads."""
    amount = joules / JOULES_PER_KWH
    return (
        f"{amount:,.0f}\u202fkWh" if abs(amount) >= 1_000 else f"{amount:,.1f}\u202fkWh" if abs(amount) >= 10 else f"{amount:,.2f}\u202fkWh"
    )


def money(micro: int, currency: str) -> str:
    """Millionths of a currency."""
    return f"{micro / 1e6:z,.2f}\u202f{currency}".replace("-", "\u2212")


def percent(ppm: int | None) -> str:
    """A share."""
    return "–" if ppm is None else f"{ppm / 10_000:.1f}\u202f%"


def _cards(report: Report, data: dict[str, Any]) -> list[str]:
    totals, currency = data["totals"], report.currency
    peak = max(data["months"], key=lambda month: month["peak_watts"])
    when = local_time(peak["peak_unix_seconds"], report.timezone).strftime("%d %b %Y %H:%M")
    cards = [
        ("produced", kwh(totals["produced_joules"]), f"curtailed {kwh(totals['curtailed_joules'])}"),
        ("used by the loads", kwh(totals["consumed_joules"]), "wanted and served"),
        ("unserved", kwh(totals["unserved_joules"]), report.darkness_text()),
        ("self-sufficiency", percent(totals["self_sufficiency_ppm"]), "of what the loads got"),
        ("self-consumption", percent(totals["self_consumption_ppm"]), "of what was produced"),
        ("bought", kwh(totals["import_joules"]), money(totals["import_cost_micro_euro"], currency)),
        ("sold", kwh(totals["export_joules"]), money(totals["export_income_micro_euro"], currency)),
        ("cost", money(totals["cost_micro_euro"], currency), "bought − sold"),
        ("peak of import", f"{totals['peak_watts'] / 1_000:,.2f}\u202fkW", when if totals["peak_watts"] else "never"),
        ("lost", kwh(totals["losses_joules"]), "in conversion and in batteries"),
    ]
    if totals.get("fuel_joules"):
        cards.append(("gas", kwh(totals["fuel_joules"]), "burnt, beside the electricity"))
    for name, battery in data["batteries"].items():
        if battery["cycles_ppm"] is not None:
            cards.append((f"{name}: full cycles", f"{battery['cycles_ppm'] / 1e6:,.1f}", f"capacity {kwh(battery['capacity_joules'])}"))
            stored = battery["level_end_joules"] - report.level_begin_joules(name)
            cards.append(
                (f"{name}: content", kwh(battery["level_end_joules"]), f"{kwh(stored)} against the beginning".replace("-", "\u2212"))
            )
    return [f'<div class="card"><span>{escape(name)}</span><b>{value}</b><i>{escape(more)}</i></div>' for name, value, more in cards]


def even_rows(cards: list[str]) -> str:
    """Cards in rows of the same length, as nearly as their number allows."""
    columns = min((6, 5, 4, 3), key=lambda one: (-len(cards) % one, -one))
    return f'<div class="cards" style="--columns: {min(columns, len(cards)) or 1}">{"".join(cards)}</div>'


def _tables(report: Report, data: dict[str, Any]) -> str:
    fields = {
        "in_joules": "takes",
        "out_joules": "gives",
        "unserved_joules": "unserved",
        "curtailed_joules": "curtailed",
        "heat_joules": "lost",
    }
    devices = [
        [name, device["kind"], *("" if joules is None else f"{joules / JOULES_PER_KWH:,.3f}" for joules in shown)]
        for name, device in data["devices"].items()
        if any(shown := [shown_joules(device, field) for field in fields])
    ]
    flows = [[flow.replace(">", " → "), f"{joules / JOULES_PER_KWH:,.3f}"] for flow, joules in data["flows"].items()]
    losses = [[cause, f"{joules / JOULES_PER_KWH:,.3f}"] for cause, joules in data["losses_joules"].items()]
    prices = [
        [what, f"{one['micro_euro_per_kwh'] / 1e6:,.4f}", f"{one['joules'] / JOULES_PER_KWH:,.3f}", f"{one['micro_euro'] / 1e6:,.2f}"]
        for what, found in data["prices"].items()
        for one in _foremost(found)
    ]
    return (
        html_table("Devices", ["device", "kind", *(f"{title} kWh" for title in fields.values())], devices)
        + '<div class="two">'
        + html_table("Flow pairs", ["from → to", "kWh"], flows)
        + html_table("Losses by cause", ["cause", "kWh"], losses)
        + "</div>"
        + (html_table("By price", ["", f"{report.currency} per kWh", "kWh", report.currency], prices) if prices else "")
    )


def _foremost(found: list[dict[str, int]]) -> list[dict[str, int]]:
    """The prices at which most energy moved, for tariffs that change each quarter-hour."""
    return sorted(sorted(found, key=lambda one: -one["joules"])[:16], key=lambda one: one["micro_euro_per_kwh"])


def html_table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th{_words(one)}>{escape(one)}</th>" for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td{_words(one)}>{escape(cell)}</td>" for one, cell in zip(heads, row, strict=True)) + "</tr>" for row in rows
    )
    return f'<section><h2>{escape(title)}</h2><div class="scroll"><table><tr>{head}</tr>{body}</table></div></section>'


def _words(head: str) -> str:
    return ' class="words"' if head == "kind" else ""


def _definitions() -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in DEFINITIONS.items())
    return f"<section><h2>What the words mean</h2><dl>{items}</dl></section>"
