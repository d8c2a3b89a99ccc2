"""The panels of a meter in the terminal, for 80×24, 120×40 and wide ones."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from joulebus.cli.billing import brief_usage_table, usage_table
from joulebus.meter.decoding import decoded_lines
from joulebus.meter.registers import QuarterPeak
from joulebus.meter.usage import UsageColumn
from joulebus.meter.watched import Notice, WatchedMeter
from joulebus.report.calendar import local_time
from joulebus_schemas.facts import BILLED_WATTS_MIN, QUARTER_SECONDS

KEYS = {"1": "rate", "2": "quarter", "3": "usage", "4": "peaks", "5": "telegram", "6": "stores", "7": "log"}
ALL_KEY, END_KEY = "0", "q"
MEDIUM_SIZE, WIDE_SIZE = (110, 34), (160, 40)
"""Columns and lines from which on more panels stand side by side."""


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A battery or a car: how full it is, its power, and who decided last what it does."""

    name: str
    kind: str
    level_percent: float | None
    watts: int | None
    decision: str


@dataclass
class PanelsView:
    """Draws what is known of a meter; ``shown`` is the panel that has the whole screen, or nothing for all of them."""

    title: str
    watched: WatchedMeter
    usage: list[UsageColumn] = field(default_factory=list)
    currency: str = "€"
    usage_title: str = ""
    stores: list[StoreRow] = field(default_factory=list)
    changes: list[Notice] = field(default_factory=list)
    """What people and programs changed."""
    telegrams: str = ""
    """How many were read and dropped."""
    shown: str | None = None

    def press(self, key: str) -> bool:
        """Whether the panels go on after a key."""
        if key in KEYS:
            self.shown = KEYS[key]
        elif key == ALL_KEY:
            self.shown = None
        return key not in (END_KEY, "\x03")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.size.height
        yield self.render(options.max_width, height)

    def render(self, width: int, height: int) -> RenderableType:
        """The whole screen."""
        whole = Layout()
        body = Layout(self._panel(self.shown)) if self.shown else self._body(width, height)
        whole.split_column(Layout(self._head(width), size=1), body, Layout(_keys(width, self.shown), size=1))
        return whole

    def _body(self, width: int, height: int) -> Layout:
        if width >= WIDE_SIZE[0] and height >= WIDE_SIZE[1]:
            return self._wide()
        if width >= MEDIUM_SIZE[0] and height >= MEDIUM_SIZE[1]:
            return self._medium()
        body = Layout()
        body.split_column(self._row("rate", "quarter", size=7), Layout(self._panel("brief")))
        return body

    def _medium(self) -> Layout:
        body = Layout()
        body.split_column(
            self._row("rate", "quarter", size=7),
            Layout(self._panel("brief"), size=13),
            self._row("peaks", "stores", "log"),
        )
        return body

    def _wide(self) -> Layout:
        body, left = Layout(), Layout(ratio=5)
        left.split_column(
            self._row("rate", "quarter", size=7),
            Layout(self._panel("usage"), size=19),
            self._row("peaks", "stores", "log"),
        )
        body.split_row(left, Layout(self._panel("telegram"), ratio=4))
        return body

    def _row(self, *names: str, size: int | None = None) -> Layout:
        row = Layout(size=size)
        row.split_row(*(Layout(self._panel(name)) for name in names))
        return row

    def _head(self, width: int) -> RenderableType:
        state = self.watched.state
        when = (
            "waiting for a telegram" if state is None else f"{local_time(state.unix_seconds, self.watched.timezone):%a %Y-%m-%d %H:%M:%S}"
        )
        left, right = f" {self.title}  {when}", f"{self.telegrams} "
        room = max(width - len(left) - len(right), 1)
        return Text((left + " " * room + right)[:width], "black on cyan", no_wrap=True)

    def _panel(self, name: str) -> Panel:
        usage = f"usage {self.usage_title}".strip()
        titles = {"usage": usage, "brief": usage, "stores": "cars and battery", "peaks": "months' peaks"}
        parts: dict[str, Callable[[], RenderableType]] = {
            "rate": self._rate,
            "quarter": self._quarter,
            "usage": lambda: self._usage(usage_table),
            "brief": lambda: self._usage(brief_usage_table),
            "peaks": self._peaks,
            "telegram": self._telegram,
            "stores": self._stores,
            "log": self._log,
        }
        seen = self.watched.outlook
        color = "white" if name != "quarter" or seen is None else "green" if seen.gap_watts >= 0 else "red"
        return Panel(parts[name](), title=titles.get(name, name), border_style=color, padding=(0, 1))

    def _rate(self) -> RenderableType:
        state = self.watched.state
        if state is None:
            return Text("no telegram yet", "dim")
        grid = Table.grid(padding=(0, 1))
        for justify in ("left", "right", "right"):
            grid.add_column(justify=justify)
        for name, is_day, one, other in (("day", True, 0, 2), ("night", False, 1, 3)):
            style = "bold magenta" if is_day is self.watched.is_day else "cyan"
            shown = (f"+{state.watt_hours[one] / 1_000:,.3f}", f"-{state.watt_hours[other] / 1_000:,.3f} kWh")
            grid.add_row(*(Text(text, style) for text in (name, *shown)))
        net = state.import_watts - state.export_watts
        side = Text("takes" if net >= 0 else "gives", "bold")
        return Group(
            grid, Text.assemble(side, f" {abs(net) / 1_000:.3f} kW", (f"   tariff {1 if self.watched.is_day else 2} holds", "dim"))
        )

    def _quarter(self) -> RenderableType:
        seen = self.watched.outlook
        if seen is None:
            return Text("no telegram yet", "dim")
        left = QUARTER_SECONDS - seen.done_seconds
        gap = f"{abs(seen.gap_watts) / 1_000:.3f} kW {'below' if seen.gap_watts >= 0 else 'ABOVE'} {seen.cap_watts / 1_000:.3f}"
        allowed = f"{abs(seen.allowed_watts) / 1_000:.3f} kW {'more' if seen.allowed_watts >= 0 else 'less'}"
        color = "green" if seen.gap_watts >= 0 else "red"
        return Group(
            _bar(seen.done_seconds, QUARTER_SECONDS, "cyan", f"{left // 60}:{left % 60:02d} left"),
            _bar(seen.demand_watts, max(seen.cap_watts, seen.forecast_watts, 1), color, f"{seen.demand_watts / 1_000:.3f} kW so far"),
            Text.assemble("comes to ", (f"{seen.forecast_watts / 1_000:.3f} kW", f"bold {color}")),
            Text(gap, color),
            Text(f"{allowed} until it ends", "dim"),
        )

    def _usage(self, table_of: Callable[[list[UsageColumn], str], RenderableType]) -> RenderableType:
        return table_of(self.usage, self.currency) if self.usage else Text("nothing has passed the meter yet", "dim")

    def _peaks(self) -> RenderableType:
        state = self.watched.state
        if state is None:
            return Text("no telegram yet", "dim")
        zone = self.watched.timezone
        peaks = [
            ("now", state.peak),
            *((f"{local_time(one.month_ends_unix_seconds - 1, zone):%b %y}", one.peak) for one in reversed(state.months)),
        ]
        grid = Table.grid(padding=(0, 1))
        for _ in range(4):
            grid.add_column(no_wrap=True)
        highest = max([BILLED_WATTS_MIN, *(peak.watts for _, peak in peaks if peak is not None)])
        for name, peak in peaks:
            grid.add_row(Text(name, "bold" if name == "now" else ""), *_peak(peak, highest, zone))
        return Group(grid, Text(f"kW; mean of 12 {self.watched.mean_of_months_watts / 1_000:.3f}", "dim"))

    def _telegram(self) -> RenderableType:
        if self.watched.telegram is None:
            return Text("no telegram yet", "dim")
        grid = Table.grid(padding=(0, 1))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(justify="right")
        for line in decoded_lines(self.watched.telegram):
            grid.add_row(*(Text(text) for text in (line.obis, line.thing, line.description, line.value)))
        return Group(Text(self.watched.telegram.header, "dim"), grid)

    def _stores(self) -> RenderableType:
        if not self.stores:
            return Text("none is known", "dim")
        rows: list[RenderableType] = []
        for one in self.stores:
            level = "" if one.level_percent is None else f" {one.level_percent:.0f} %"
            power = "" if one.watts is None else f" {one.watts / 1_000:+.3f} kW"
            kind = "" if one.name == one.kind else f" ({one.kind})"
            rows.append(Text.assemble((one.name, "bold"), f"{kind}{level}{power}", no_wrap=True))
            rows += [Text(f"  {one.decision}", "dim")] if one.decision else []
        return Group(*rows)

    def _log(self) -> RenderableType:
        lines = sorted([*self.watched.notices, *self.changes], key=lambda one: one.unix_seconds, reverse=True)
        if not lines:
            return Text("nothing yet", "dim")
        zone = self.watched.timezone
        return Group(*(Text.assemble((f"{local_time(one.unix_seconds, zone):%a %H:%M:%S} ", "dim"), one.text) for one in lines[:200]))


BAR_COLUMNS, PEAK_COLUMNS = 16, 4


def _bar(value: int, of: int, color: str, text: str) -> Text:
    full = min(max(value * BAR_COLUMNS // of, 0), BAR_COLUMNS)
    return Text.assemble(("█" * full, color), ("░" * (BAR_COLUMNS - full), "dim"), f" {text}", no_wrap=True)


def _peak(peak: QuarterPeak | None, highest: int, timezone: str) -> tuple[Text, Text, Text]:
    if peak is None:
        return Text("–"), Text(""), Text("")
    full = max(peak.watts * PEAK_COLUMNS // highest, 1)
    when = local_time(peak.ends_unix_seconds - QUARTER_SECONDS, timezone).strftime("%d. %H:%M")
    return Text(f"{peak.watts / 1_000:6.3f}"), Text("█" * full, "yellow"), Text(when, "dim")


def _keys(width: int, shown: str | None) -> Text:
    text = Text(no_wrap=True)
    for key, name in {ALL_KEY: "all", **KEYS, END_KEY: "end"}.items():
        is_here = name == shown or (shown is None and key == ALL_KEY)
        text.append(f" {key} ", "black on cyan" if is_here else "black on white")
        text.append(f"{name} ", "bold" if is_here else "")
    text.truncate(width)
    return text
