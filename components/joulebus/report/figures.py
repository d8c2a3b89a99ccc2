"""The pictures of a report as plotly figures: without background, so that they suit light, dark and paper."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from joulebus.report import colours as c
from joulebus.report.calendar import Integers, local_time
from joulebus.report.result import Report
from joulebus.report.sankey import sankey as sankey
from joulebus.report.table import LEVEL_SUFFIX, ReportTable
from joulebus_schemas.facts import BILLED_WATTS_MIN, DAY_SECONDS, JOULES_PER_KWH

MONTHS_MIN = 3
"""With fewer months than this, the peaks of days are shown."""
BILLED_AT = "Europe/Brussels"
"""Where a capacity tariff bills the peaks of months."""
OUTAGES_MAX = 1_000
DAYS_NAMED_MAX = 10
"""So many days each have a label of their own."""
SHOWN_SECONDS = 12 * DAY_SECONDS
"""Span that a long timeline shows at first; dragging shows the rest."""
Figure = Any
SERVED = {"sun": ("sun_to_loads", "producers_to_loads"), "battery": ("battery_to_loads",), "grid": ("grid_to_loads",)}
SUN_TO = {"loads": "at once", "battery": "into the battery", "export": "sold", "heat": "lost in conversion"}


def served(report: Report) -> Figure:
    """Who served the loads, by day or by month."""
    rows, times, unit = _bars(report)
    figure = go.Figure()
    for source, names in SERVED.items():
        figure.add_bar(
            x=times, y=_kwh(_sum(rows, (f"{name}_joules" for name in names))), name=f"from {source}", marker_color=c.PART_COLOURS[source]
        )
    unserved = _sum(rows, (name for name in rows.columns if name.endswith("_unserved_joules")))
    if unserved.any():
        figure.add_bar(x=times, y=_kwh(unserved), name="unserved", marker_color=c.UNSERVED_COLOUR)
    return _finish(figure, barmode="stack", yaxis_title=f"kWh a {unit}")


def sun_use(report: Report) -> Figure:
    """What became of the sun, by day or by month."""
    rows, times, unit = _bars(report)
    figure = go.Figure()
    for sink, said in SUN_TO.items():
        figure.add_bar(x=times, y=_kwh(_sum(rows, (f"sun_to_{sink}_joules",))), name=said, marker_color=c.PART_COLOURS[sink])
    curtailed = _sum(rows, (name for name in rows.columns if name.endswith("_curtailed_joules")))
    if curtailed.any():
        figure.add_bar(x=times, y=_kwh(curtailed), name="curtailed", marker_color=c.CURTAILED_COLOUR)
    return _finish(figure, barmode="stack", yaxis_title=f"kWh a {unit}")


def _bars(report: Report) -> tuple[ReportTable, list[str], str]:
    days = _seconds(report) / DAY_SECONDS
    unit = "hour" if days <= 3 else "day" if days <= 100 else "month"
    rows = report.rows(unit)
    form = {"hour": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}[unit]
    return rows, [local_time(moment, report.timezone).strftime(form) for moment in rows.columns["unix_seconds"].tolist()], unit


def mean_days(report: Report) -> Figure:
    """The mean day; for long spans that of each season."""
    seasons = _seasons(report)
    figure = make_subplots(
        rows=-(-len(seasons) // 2), cols=min(len(seasons), 2), subplot_titles=list(seasons), shared_yaxes="all", vertical_spacing=0.14
    )
    for index, inside in enumerate(seasons.values()):
        _mean_day(figure, report, inside, (index // 2 + 1, index % 2 + 1))
    figure.update_xaxes(tickvals=[0, 6, 12, 18, 24], ticktext=["0 h", "6 h", "12 h", "18 h", "24 h"], range=[0, 24])
    figure.update_yaxes(title="kW", col=1)
    return _finish(figure, height=330 * -(-len(seasons) // 2) + 40, legend={"orientation": "h", "y": -0.08, "yanchor": "top"})


def _seasons(report: Report) -> dict[str, "np.ndarray[Any, np.dtype[np.bool_]]"]:
    months = np.array([local_time(moment, report.timezone).month for moment in report.quarters.columns["unix_seconds"].tolist()])
    named = {"Dec – Feb": (12, 1, 2), "Mar – May": (3, 4, 5), "Jun – Aug": (6, 7, 8), "Sep – Nov": (9, 10, 11)}
    if _seconds(report) < 100 * DAY_SECONDS:
        return {"": np.ones(len(months), dtype=bool)}
    return {name: inside for name, which in named.items() if (inside := np.isin(months, which)).any()}


def _mean_day(figure: Figure, report: Report, inside: Any, place: tuple[int, int]) -> None:
    columns = {name: column[inside] for name, column in report.quarters.columns.items()}
    quarter_of_day = np.array([_quarter_of_day(moment, report.timezone) for moment in columns["unix_seconds"].tolist()])
    seconds = np.bincount(quarter_of_day, columns["seconds"], minlength=96)
    first = place == (1, 1)

    def mean(names: Iterable[str]) -> Any:
        total = sum((columns[name] for name in names if name in columns), np.zeros(len(quarter_of_day)))
        return np.round(np.divide(np.bincount(quarter_of_day, total, minlength=96), np.maximum(seconds, 1)) / 1_000, 4)

    hours = np.arange(96) / 4
    for source, names in SERVED.items():
        style = {"stackgroup": "served", "line": {"width": 0}, "fillcolor": c.faint(c.PART_COLOURS[source], 0.75)}
        figure.add_scatter(
            x=hours,
            y=mean(f"{name}_joules" for name in names),
            name=f"loads from {source}",
            legendgroup=source,
            showlegend=first,
            row=place[0],
            col=place[1],
            **style,
        )
    lines = {"sun": [f"sun_to_{sink}_joules" for sink in SUN_TO], "export": ["export_joules"]}
    for part, members in lines.items():
        figure.add_scatter(
            x=hours,
            y=mean(members),
            name={"sun": "production", "export": "sold"}[part],
            legendgroup=f"line {part}",
            showlegend=first,
            mode="lines",
            line={"color": c.PART_COLOURS[part], "width": 2},
            row=place[0],
            col=place[1],
        )


def _quarter_of_day(unix_seconds: int, timezone: str) -> int:
    local = local_time(unix_seconds, timezone)
    return local.hour * 4 + local.minute // 15


def timeline_figure(report: Report) -> Figure:
    """Power through the span, and how full each battery is."""
    rows = report.rows("quarter" if _seconds(report) <= 21 * DAY_SECONDS else "hour")
    times = [local_time(moment, report.timezone).strftime("%Y-%m-%d %H:%M") for moment in rows.columns["unix_seconds"].tolist()]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.65, 0.35], vertical_spacing=0.06)
    for source, names in SERVED.items():
        power = _sum(rows, (f"{name}_joules" for name in names)) / rows.columns["seconds"] / 1_000
        area = {"stackgroup": "served", "line": {"width": 0}, "fillcolor": c.faint(c.PART_COLOURS[source], 0.75)}
        figure.add_scatter(x=times, y=np.round(power, 3), name=f"loads from {source}", row=1, col=1, **area)
    series = {
        "production": ("sun", [f"sun_to_{sink}_joules" for sink in SUN_TO]),
        "bought": ("grid", ["import_joules"]),
        "sold": ("export", ["export_joules"]),
        "unserved": ("unserved", [name for name in rows.columns if name.endswith("_unserved_joules")]),
    }
    for name, (part, columns) in series.items():
        power = _sum(rows, columns) / rows.columns["seconds"] / 1_000
        line = {"color": c.PART_COLOURS[part], "width": 1.5}
        figure.add_scatter(x=times, y=np.round(power, 3), name=name, mode="lines", line=line, row=1, col=1)
    _shade_outages(figure, report)
    for name in report.stores:
        level = rows.columns[f"{name}{LEVEL_SUFFIX}"] / JOULES_PER_KWH
        figure.add_scatter(
            x=times,
            y=np.round(level, 3),
            name=f"in {name}",
            mode="lines",
            line={"color": c.BATTERY, "width": 1.4},
            fill="tozeroy",
            fillcolor=c.faint(c.BATTERY, 0.2),
            row=2,
            col=1,
        )
    figure.update_yaxes(title="kW", row=1)
    figure.update_yaxes(title="kWh", rangemode="tozero", row=2)
    figure.update_xaxes(range=_window(report), row=2)
    figure.update_xaxes(rangeslider={"visible": _seconds(report) > SHOWN_SECONDS, "thickness": 0.09}, row=2)
    return _finish(figure, height=600, hovermode="x unified", legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})


def _shade_outages(figure: Figure, report: Report) -> None:
    """Where the grid was out, a shade behind both pictures; of very many the longest."""
    longest = sorted(report.outages, key=lambda outage: outage[0] - outage[1])[:OUTAGES_MAX]
    shade = {"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}, "layer": "below"}
    for begins, ends in longest:
        places = [local_time(moment, report.timezone).strftime("%Y-%m-%d %H:%M:%S") for moment in (begins, ends)]
        figure.add_shape(x0=places[0], x1=places[1], fillcolor=c.faint(c.UNSERVED_COLOUR, 0.16), **shade)
    if longest:  # The legend says what the shade is.
        marker = {"symbol": "square", "size": 12, "color": c.faint(c.UNSERVED_COLOUR, 0.3)}
        figure.add_scatter(x=[None], y=[1], mode="markers", marker=marker, name="grid out", row=1, col=1)


def _window(report: Report) -> list[str]:
    """What is shown at first: all of a short span, else the days around the dearest quarter-hour."""
    columns = report.quarters.columns
    begins, ends = int(columns["unix_seconds"][0]), int(columns["unix_seconds"][-1] + columns["seconds"][-1])
    if ends - begins > SHOWN_SECONDS:
        middle = int(columns["unix_seconds"][columns["import_joules"].argmax()])
        begins = min(max(begins, middle - SHOWN_SECONDS // 2), ends - SHOWN_SECONDS)
        ends = begins + SHOWN_SECONDS
    return [local_time(moment, report.timezone).strftime("%Y-%m-%d %H:%M") for moment in (begins, ends)]


def heat_map(report: Report) -> Figure:
    """Each hour of each day: what is exchanged with the grid, produced, used, and stored."""
    rows = report.rows("hour")
    local = [local_time(moment, report.timezone) for moment in rows.columns["unix_seconds"].tolist()]
    days = sorted({moment.date() for moment in local})
    place = {day: index for index, day in enumerate(days)}
    seconds = rows.columns["seconds"]
    layers = {
        "grid: bought (+), sold (–)": (rows.columns["import_joules"] - rows.columns["export_joules"]) / seconds / 1_000,
        "production": _sum(rows, (f"sun_to_{sink}_joules" for sink in SUN_TO)) / seconds / 1_000,
        "loads": _sum(rows, (f"{source}_to_loads_joules" for source in ("sun", "producers", "battery", "grid"))) / seconds / 1_000,
        **{f"level of {name}": rows.columns[f"{name}{LEVEL_SUFFIX}"] / JOULES_PER_KWH for name in report.stores},
    }
    figure = go.Figure()
    for index, (name, values) in enumerate(layers.items()):
        grid = np.full((24, len(days)), np.nan, dtype=np.float32)
        for moment, value in zip(local, values, strict=True):
            grid[moment.hour, place[moment.date()]] = round(float(value), 3)
        unit = "kWh" if name.startswith("level") else "kW"
        scale = {"colorscale": c.DIVERGING, "zmid": 0} if index == 0 else {"colorscale": "Cividis", "zmin": 0}
        figure.add_heatmap(
            x=[f"{day} 12:00" for day in days],  # A column is drawn around its middle.
            y=list(range(24)),
            z=grid,
            visible=index == 0,
            name=name,
            colorbar={"title": unit},
            hovertemplate=f"%{{x|%d %b %Y}} %{{y}} h: %{{z:,.2f}} {unit}<extra></extra>",
            **scale,
        )
    buttons = [{"label": name, "method": "restyle", "args": [{"visible": [other == name for other in layers]}]} for name in layers]
    figure.update_yaxes(tickvals=[0, 6, 12, 18], ticktext=["0 h", "6 h", "12 h", "18 h"], range=[-0.5, 23.5])
    day = {"type": "date", "ticklabelmode": "period", "tickformat": "%d %b\n%Y", "range": [f"{days[0]}", f"{days[-1]} 24:00"]}
    figure.update_xaxes(**day, dtick=DAY_SECONDS * 1_000 if len(days) <= DAYS_NAMED_MAX else None)
    menu = {
        "buttons": buttons,
        "type": "dropdown",
        "direction": "down",
        "x": 0,
        "y": 1.16,
        "xanchor": "left",
        "yanchor": "bottom",
        "showactive": True,
    }
    return _finish(figure, updatemenus=[menu], height=430, margin={"t": 90, "r": 10, "b": 40, "l": 60})


def duration(report: Report) -> Figure:
    """How long which power is needed: quarter-hour means, the highest first."""
    columns, seconds = report.quarters.columns, report.quarters.columns["seconds"]
    figure = go.Figure()
    loads = _sum(report.quarters, (f"{source}_to_loads_joules" for source in ("sun", "producers", "battery", "grid")))
    for name, part, joules in (
        ("loads", "loads", loads),
        ("bought from the grid", "grid", columns["import_joules"]),
        ("sold to the grid", "export", columns["export_joules"]),
    ):
        power = np.sort(joules / seconds / 1_000)[::-1]
        picks = np.unique(np.linspace(0, len(power) - 1, min(len(power), 600)).round().astype(int))
        figure.add_scatter(
            x=np.round(100 * (picks + 0.5) / len(power), 3),
            y=np.round(power[picks], 3),
            name=name,
            mode="lines",
            line={"color": c.PART_COLOURS[part], "width": 2},
        )
    figure.update_xaxes(title="share of the time, %", range=[0, 100])
    return _finish(figure, yaxis_title="kW, mean of a quarter-hour")


def peaks(report: Report) -> Figure:
    """The highest quarter-hour of import in each month, which a capacity tariff bills; of a short span that of each day."""
    months = report.months()
    found = [(month["month"], month["peak_watts"], month["peak_unix_seconds"]) for month in months]
    if len(months) < MONTHS_MIN:
        found = list(_day_peaks(report))
    when = [local_time(moment, report.timezone).strftime("%d %b %H:%M") for *_, moment in found]
    figure = go.Figure()
    figure.add_bar(
        x=[name for name, *_ in found],
        y=[watts / 1_000 for _, watts, _ in found],
        customdata=when,
        marker_color=c.GRID,
        name="highest quarter-hour",
        hovertemplate="%{customdata}: %{y:.2f} kW<extra></extra>",
    )
    if report.timezone == BILLED_AT and len(months) >= MONTHS_MIN:
        floor, names = [BILLED_WATTS_MIN / 1_000] * len(months), [name for name, *_ in found]
        line = {"dash": "dot", "color": c.HEAT_COLOUR}
        figure.add_scatter(x=names, y=floor, name="billed at least in Flanders", mode="lines+markers", line=line)
    figure.update_xaxes(type="category", nticks=12)
    return _finish(figure, yaxis_title="kW, mean of a quarter-hour", bargap=0.3 if len(found) > 3 else 0.7)


def _day_peaks(report: Report) -> Iterable[tuple[str, int, int]]:
    columns = report.quarters.columns
    best: dict[str, tuple[int, int]] = {}
    for moment, joules, seconds in zip(*(columns[name].tolist() for name in ("unix_seconds", "import_joules", "seconds")), strict=True):
        day = local_time(moment, report.timezone).strftime("%a %d %b")
        best[day] = max(best.get(day, (0, moment)), (joules // max(seconds, 1), moment), key=lambda one: one[0])
    return ((day, watts, moment) for day, (watts, moment) in best.items())


def comparison(report: Report, other: Report, names: tuple[str, str] = ("this", "against")) -> Figure:
    """Two runs side by side."""
    keys = ("produced", "consumed", "import", "export", "unserved", "curtailed", "losses")
    figure = make_subplots(rows=1, cols=2, column_widths=[0.7, 0.3], subplot_titles=("energy, kWh", f"money, {report.currency}"))
    for place, (name, one) in enumerate(zip(names, (report, other), strict=True)):
        totals = one.totals()
        style = {"name": name, "marker_color": (c.SUN, c.GRID)[place], "legendgroup": name}
        figure.add_bar(x=list(keys), y=[round((totals[f"{key}_joules"] or 0) / JOULES_PER_KWH, 3) for key in keys], row=1, col=1, **style)
        money = {"bought": "import_cost", "sold": "export_income", "cost": "cost"}
        figure.add_bar(
            x=list(money), y=[(totals[f"{key}_micro_euro"] or 0) / 1e6 for key in money.values()], row=1, col=2, showlegend=False, **style
        )
    return _finish(figure, barmode="group")


def running_cost(report: Report, other: Report, names: tuple[str, str] = ("this", "against")) -> Figure:
    """What two runs have cost so far, day by day from the beginning of each."""
    figure = go.Figure()
    for place, (name, one) in enumerate(zip(names, (report, other), strict=True)):
        days = one.rows("day").columns
        cost = np.cumsum(days["import_cost_micro_euro"] - days["export_income_micro_euro"]) / 1e6
        figure.add_scatter(
            x=np.arange(1, len(cost) + 1), y=np.round(cost, 2), name=name, mode="lines", line={"color": (c.SUN, c.GRID)[place], "width": 2}
        )
    figure.update_xaxes(title="days")
    return _finish(figure, yaxis_title=f"cost so far, {report.currency}")


def _seconds(report: Report) -> int:
    return int(report.quarters.columns["seconds"].sum())


def _sum(rows: ReportTable, names: Iterable[str]) -> Integers:
    return sum((rows.columns[name] for name in names if name in rows.columns), np.zeros(len(rows), dtype=np.int64))


def _kwh(joules: Integers) -> Any:
    return np.round(joules / JOULES_PER_KWH, 3)


def _finish(figure: Figure, height: int = 380, **layout: Any) -> Figure:
    """What all of them share; what is 0 all along is not drawn."""
    figure.data = tuple(
        trace for trace in figure.data if trace.type not in ("bar", "scatter") or trace.name == "grid out" or np.any(np.asarray(trace.y))
    )
    figure.update_layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13},
        height=height,
        separators=".,",
        **{"margin": {"t": 40, "r": 10, "b": 40, "l": 60}, "legend": {"orientation": "h", "y": -0.22, "yanchor": "top"}, **layout},
    )
    figure.update_xaxes(gridcolor="rgba(128,128,128,0.25)", zerolinecolor="rgba(128,128,128,0.4)")
    figure.update_yaxes(gridcolor="rgba(128,128,128,0.25)", zerolinecolor="rgba(128,128,128,0.4)")
    return figure
