"""A comparison as pictures: each metric over what was varied, the best marked; what is saved; and a page that needs nothing else."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from joulebus.planning.compare import Lived
from joulebus.planning.comparison import Comparison
from joulebus.planning.metrics import is_larger_better, total_of
from joulebus.planning.savings import payback_text
from joulebus.refusals.units import NAMED, unit_of
from joulebus.report.page import even_rows, filled, html_table, kwh, money, percent
from joulebus_schemas.facts import JOULES_PER_KWH

CHART_LINES_MAX = 12
STAR = "\u202f★"
LINE_COLOURS = (
    "#4a6fb5",
    "#e8a317",
    "#2a9d8f",
    "#8e63b8",
    "#b5563c",
    "#7d8597",
    "#c1121f",
    "#9a8f1d",
    "#3d405b",
    "#81b29a",
    "#e07a5f",
    "#118ab2",
)
SCALES = {
    "joules": (JOULES_PER_KWH, "kWh"),
    "ppm": (10_000, "%"),
    "euro": (1_000_000, ""),
    "watts": (1_000, "kW"),
    "minutes": (1, "min"),
    "millicelsius": (1_000, "°C"),
}
"""An empty unit is the currency of the home."""


def figure(comparison: Comparison) -> Any:
    """A picture of each metric; along the values of what was varied first, a line for each of the others' values.

    A metric that is the same for all variants has no picture: its card says so.
    """
    metrics = _shown_metrics(comparison)
    columns = min(len(metrics), 2)
    drawn = make_subplots(rows=-(-len(metrics) // columns), cols=columns, subplot_titles=[_title(metric) for metric in metrics])
    for index, metric in enumerate(metrics):
        _draw(drawn, comparison, metric, {"row": index // columns + 1, "col": index % columns + 1})
    drawn.update_xaxes(title=path_text(comparison.variations[0].path))
    return _plain(drawn, 360 * -(-len(metrics) // columns) + 60)


def metric_figure(comparison: Comparison, metric: str) -> Any:
    """One metric alone: pages show them beside each other, or on a phone below each other."""
    drawn = make_subplots(rows=1, cols=1)
    _draw(drawn, comparison, metric, {"row": 1, "col": 1})
    drawn.update_xaxes(title=path_text(comparison.variations[0].path))
    return _plain(drawn, 340)


def _shown_metrics(comparison: Comparison) -> list[str]:
    return [metric for metric in comparison.metrics if _differs(comparison, metric)] or list(comparison.metrics[:1])


def _draw(drawn: Any, comparison: Comparison, metric: str, place: dict[str, int]) -> None:
    for number, (name, line) in enumerate(sorted(_lines(comparison).items())[:CHART_LINES_MAX]):
        shown = [one for one in line if one.metric(metric) is not None]
        is_first = place == {"row": 1, "col": 1}
        style = {"line": {"color": LINE_COLOURS[number]}, "legendgroup": name, "showlegend": is_first and bool(name)}
        values = [_scaled(metric, one) for one in shown]
        drawn.add_scatter(x=[_first(one) for one in shown], y=values, name=name, mode="lines+markers", **style, **place)
    _mark(drawn, comparison, metric, place)
    drawn.update_yaxes(title=_unit(comparison, metric), **place)


def savings(comparison: Comparison) -> Any:
    """What each variant saves a year against the first; with prices also what it is worth in its lifetime."""
    known = [(one, found) for one in comparison.lived if (found := comparison.saving(one)) is not None]
    names = [variant_text(comparison, one) for one, _ in known]
    drawn = go.Figure()
    drawn.add_bar(
        x=names,
        y=[round(found.micro_euro_per_year / 1e6, 2) for _, found in known],
        name="saves a year",
        marker_color=LINE_COLOURS[2],
        texttemplate="%{y:,.0f}",
    )
    if comparison.budget.euro_by_path:
        years = f"{comparison.terms.lifetime_years:g}"
        worth = [round(found.net_euro, 2) for _, found in known]
        drawn.add_bar(x=names, y=worth, name=f"worth in {years} years, price paid", marker_color=LINE_COLOURS[1], texttemplate="%{y:,.0f}")
    drawn.update_xaxes(type="category")
    drawn.update_yaxes(title=comparison.currency)
    return _plain(drawn, 420)


def path_text(path: str) -> str:
    """A property as people say it: battery.capacity_kwh is "battery capacity, kWh"."""
    device, _, key = path.partition(".")
    unit = unit_of(key)
    words = [word for word in key.split("_") if word not in NAMED]
    name = " ".join([device.replace("_", " "), *words]).strip()
    return f"{name}, {unit}" if unit else name


def setting_text(one: Lived) -> str:
    """A variant as people say it: battery capacity 10 kWh."""
    found = []
    for override in one.variant.overrides:
        name, _, unit = path_text(override.path).partition(", ")
        value = str(override).partition("=")[2]
        found.append(f"{name} {value}\u00a0{unit}".rstrip("\u00a0"))
    return ", ".join(found) or "as it is"


def variant_text(comparison: Comparison, one: Lived) -> str:
    """A variant by its values alone, which are never broken inside a number."""
    values = [str(override).partition("=")[2] for override in one.variant.overrides]
    return " / ".join(values) or "as it is"


def _differs(comparison: Comparison, metric: str) -> bool:
    return len({one.metric(metric) for one in comparison.lived} - {None}) > 1


def _lines(comparison: Comparison) -> dict[str, list[Lived]]:
    found: dict[str, list[Lived]] = {}
    for one in comparison.lived:
        found.setdefault(" ".join(map(str, one.variant.overrides[1:])), []).append(one)
    return found


def _first(one: Lived) -> Any:
    value = one.variant.overrides[0].value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(one.variant.overrides[0]).partition("=")[2]


def _mark(drawn: Any, comparison: Comparison, metric: str, place: dict[str, int]) -> None:
    """A star at each that is as good as the best."""
    numbers = comparison.winners(metric)
    stars = [one for one in comparison.lived if one.variant.number in numbers]
    if stars:
        star = {"symbol": "star", "size": 17, "color": "#c1121f", "line": {"color": "white", "width": 1}}
        drawn.add_scatter(x=[_first(one) for one in stars], y=[_scaled(metric, one) for one in stars], mode="markers", marker=star,
                          name="best", showlegend=place == {"row": 1, "col": 1}, **place)  # fmt: skip


def _title(metric: str) -> str:
    return f"{metric.replace('_', ' ')} ({'more' if is_larger_better(metric) else 'less'} is better)"


def _scale(metric: str) -> tuple[int, str]:
    return SCALES[total_of(metric).rsplit("_", 1)[1]]


def _unit(comparison: Comparison, metric: str) -> str:
    return _scale(metric)[1] or comparison.currency


def _scaled(metric: str, one: Lived) -> float:
    return round((one.metric(metric) or 0) / _scale(metric)[0], 3)


def _plain(drawn: Any, height: int) -> Any:
    drawn.update_layout(
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", height=height, font={"family": "system-ui, sans-serif"}
    )
    drawn.update_layout(legend={"orientation": "h", "y": -0.15, "yanchor": "top"}, margin={"t": 50, "r": 10, "b": 40, "l": 60})
    drawn.update_xaxes(gridcolor="rgba(128,128,128,0.25)", zerolinecolor="rgba(128,128,128,0.4)")
    drawn.update_yaxes(gridcolor="rgba(128,128,128,0.25)", zerolinecolor="rgba(128,128,128,0.4)")
    return drawn


def write_chart(path: Path, comparison: Comparison) -> None:
    """Write the page."""
    metrics = _shown_metrics(comparison)
    shown = {f"figure{number}": metric_figure(comparison, metric) for number, metric in enumerate(metrics)}
    narrow = "".join(_section(_title(metric), f"figure{number}") for number, metric in enumerate(metrics))
    sections = f'<div class="two">{narrow}</div>' if len(metrics) > 1 else narrow
    if any(comparison.saving(one) is not None for one in comparison.lived):
        shown["savings"] = savings(comparison)
        sections += _section(f"What is saved against {setting_text(comparison.lived[0])}", "savings")
    answers = "".join(f"<p>{escape(sentence)}</p>" for sentence in comparison.sentences())
    span = f"{comparison.days:,g} day{'' if comparison.days == 1 else 's'} each"
    parts = {
        "title": escape(f"{comparison.home}: comparison"),
        "heading": escape(f"{comparison.home}: {len(comparison.lived)} variants"),
        "span": escape(span + (f"; {comparison.left_out:,} left out" if comparison.left_out else "")),
        "cards": even_rows(list(_cards(comparison))),
        "sections": f"<section>{answers}</section>{sections}{_rows(comparison)}",
        "footer": "",
    }
    path.write_text(filled(parts, shown), encoding="utf-8")


def _section(title: str, figure_name: str) -> str:
    return f'<section><h2>{escape(title)}</h2><div id="{figure_name}"></div></section>'


def metric_text(comparison: Comparison, metric: str, value: int | None) -> str:
    """A number with its unit."""
    if value is None:
        return "–"
    scale, unit = _scale(metric)
    forms = {"kWh": kwh, "": lambda micro_euro: money(micro_euro, comparison.currency), "%": percent}
    form = forms.get(unit)
    return form(value) if form else f"{value / scale:,.{0 if scale == 1 else 1 if unit == '°C' else 2}f}\u202f{unit}"


def _cards(comparison: Comparison) -> Iterable[str]:
    for metric in comparison.metrics:
        found, numbers = comparison.best(metric), comparison.winners(metric)
        if found is not None:
            title, value = escape(metric.replace("_", " ")), metric_text(comparison, metric, found.metric(metric))
            others = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
            more = f"{setting_text(found)}{others}" if numbers else "all variants alike"
            yield f'<div class="card"><span>{"best " if numbers else ""}{title}</span><b>{value}</b><i>{escape(more)}</i></div>'


def _rows(comparison: Comparison) -> str:
    has_prices, currency = bool(comparison.budget.euro_by_path), comparison.currency
    heads = [*(path_text(variation.path) for variation in comparison.variations), *([f"price, {currency}"] if has_prices else [])]
    heads += [metric.replace("_", " ") for metric in comparison.metrics]
    heads += [f"saves {currency} a year", *(["pays back", f"worth, {currency}"] if has_prices else [])]
    return html_table("All variants", heads, [_row(comparison, one) for one in comparison.lived])


def _row(comparison: Comparison, one: Lived) -> list[str]:
    found, has_prices = comparison.saving(one), bool(comparison.budget.euro_by_path)
    price = [f"{comparison.budget.price(one.variant.overrides):,.0f}"] if has_prices else []
    saved = ["" if found is None else f"{found.micro_euro_per_year / 1e6:z,.0f}"]
    worth = ["", ""] if found is None else [payback_text(found, comparison.terms), f"{found.net_euro:z,.0f}"]
    values = [str(override).partition("=")[2] for override in one.variant.overrides]
    return [*values, *price, *(_cell(comparison, one, metric) for metric in comparison.metrics), *saved, *(worth if has_prices else [])]


def _cell(comparison: Comparison, one: Lived, metric: str) -> str:
    if one.error:
        return "failed"
    return metric_text(comparison, metric, one.metric(metric)) + (STAR if one.variant.number in comparison.winners(metric) else "")
