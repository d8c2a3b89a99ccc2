"""A comparison as pictures: each metric over what was varied, the best marked; and a page of them that needs nothing else."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from joulebus.planning.compare import LARGER_IS_BETTER, METRICS, Lived
from joulebus.planning.comparison import Comparison
from joulebus.report.page import euro, filled, html_table, kwh, percent
from joulebus_schemas.facts import JOULES_PER_KWH

CHART_LINES_MAX = 12
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
SCALES = {"joules": (JOULES_PER_KWH, "kWh"), "ppm": (10_000, "%"), "euro": (1_000_000, "€"), "watts": (1_000, "kW")}


def figure(comparison: Comparison) -> Any:
    """A picture of each metric; along the values of what was varied first, a line for each of the others' values."""
    metrics = comparison.metrics
    drawn = make_subplots(rows=-(-len(metrics) // 2), cols=min(len(metrics), 2), subplot_titles=[_title(metric) for metric in metrics])
    for index, metric in enumerate(metrics):
        place = {"row": index // 2 + 1, "col": index % 2 + 1}
        for number, (name, line) in enumerate(sorted(_lines(comparison).items())[:CHART_LINES_MAX]):
            shown = [one for one in line if one.metric(metric) is not None]
            style = {"line": {"color": LINE_COLOURS[number]}, "legendgroup": name, "showlegend": index == 0 and bool(name)}
            values = [_scaled(metric, one) for one in shown]
            drawn.add_scatter(x=[_first(one) for one in shown], y=values, name=name, mode="lines+markers", **style, **place)
        _mark(drawn, comparison, metric, place)
        drawn.update_yaxes(title=_unit(metric), **place)
    drawn.update_xaxes(title=comparison.variations[0].path)
    return _plain(drawn, 360 * -(-len(metrics) // 2) + 60)


def prices(comparison: Comparison) -> Any:
    """What each variant costs to buy, and what it gives."""
    metric = comparison.metrics[0]
    shown = [one for one in comparison.lived if one.metric(metric) is not None]
    drawn = go.Figure()
    names, bought = [str(one.variant) for one in shown], [comparison.budget.price(one.variant.overrides) for one in shown]
    drawn.add_scatter(
        x=bought, y=[_scaled(metric, one) for one in shown], text=names, mode="markers", marker={"color": LINE_COLOURS[0], "size": 9}
    )
    drawn.update_xaxes(title="to buy, €")
    drawn.update_yaxes(title=f"{_title(metric)}, {_unit(metric)}")
    return _plain(drawn, 420)


def _lines(comparison: Comparison) -> dict[str, list[Lived]]:
    found: dict[str, list[Lived]] = {}
    for one in comparison.lived:
        found.setdefault(" ".join(map(str, one.variant.overrides[1:])), []).append(one)
    return found


def _first(one: Lived) -> Any:
    value = one.variant.overrides[0].value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(one.variant.overrides[0]).partition("=")[2]


def _mark(drawn: Any, comparison: Comparison, metric: str, place: dict[str, int]) -> None:
    found = comparison.best(metric)
    if found is not None:
        star = {"symbol": "star", "size": 17, "color": "#c1121f", "line": {"color": "white", "width": 1}}
        drawn.add_scatter(x=[_first(found)], y=[_scaled(metric, found)], mode="markers", marker=star, name=f"best: {found.variant}",
                          showlegend=metric == comparison.metrics[0], **place)  # fmt: skip


def _title(metric: str) -> str:
    return f"{metric.replace('_', ' ')} ({'more' if metric in LARGER_IS_BETTER else 'less'} is better)"


def _unit(metric: str) -> str:
    return SCALES[METRICS[metric].rsplit("_", 1)[1]][1]


def _scaled(metric: str, one: Lived) -> float:
    return round((one.metric(metric) or 0) / SCALES[METRICS[metric].rsplit("_", 1)[1]][0], 3)


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
    shown = {"figure0": figure(comparison)}
    titles = {"figure0": "Each metric over what was varied"}
    if comparison.budget.euro_by_path:
        shown["figure1"] = prices(comparison)
        titles["figure1"] = "What it costs to buy"
    sections = "".join(f'<section><h2>{escape(titles[name])}</h2><div id="{name}"></div></section>' for name in shown)
    parts = {
        "title": escape(f"{comparison.home}: comparison"),
        "heading": escape(f"{comparison.home}: {len(comparison.lived)} variants"),
        "span": escape(f"{comparison.ticks:,} ticks each" + (f"; {comparison.left_out:,} left out" if comparison.left_out else "")),
        "cards": "".join(_cards(comparison)),
        "sections": sections + _rows(comparison),
        "footer": "",
    }
    path.write_text(filled(parts, shown), encoding="utf-8")


def metric_text(metric: str, value: int | None) -> str:
    """A number with its unit."""
    if value is None:
        return "–"
    forms = {"kWh": kwh, "€": euro, "%": percent}
    form = forms.get(_unit(metric))
    return form(value) if form else f"{value / 1_000:,.2f}\u202fkW"


def _cards(comparison: Comparison) -> Iterable[str]:
    for metric in comparison.metrics:
        found = comparison.best(metric)
        if found is not None:
            title, value = escape(metric.replace("_", " ")), metric_text(metric, found.metric(metric))
            yield f'<div class="card"><span>best {title}</span><b>{value}</b><i>{escape(str(found.variant))}</i></div>'


def _rows(comparison: Comparison) -> str:
    heads = [*(variation.path for variation in comparison.variations), *(metric.replace("_", " ") for metric in comparison.metrics)]
    rows = [
        [*(str(override).partition("=")[2] for override in one.variant.overrides), *(_cell(one, metric) for metric in comparison.metrics)]
        for one in comparison.lived
    ]
    return html_table("All variants", heads, rows)


def _cell(one: Lived, metric: str) -> str:
    return "failed" if one.error else metric_text(metric, one.metric(metric))
