"""The panels of a meter in the terminal, for 80×24, 120×40 and wide ones."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from joulebus.cli.billing import brief_usage_table, usage_table
from joulebus.cli.fitted import Fitted
from joulebus.cli.panel_decisions import without_looks
from joulebus.cli.panel_stores import RESTS, StoreRow
from joulebus.cli.panel_volumes import VolumesSeen, volumes_line, volumes_panel
from joulebus.meter.decoding import decoded_lines, number_in
from joulebus.meter.peaks import MONTHS_OF_MEAN
from joulebus.meter.registers import QuarterPeak
from joulebus.meter.usage import UsageColumn
from joulebus.meter.watched import Notice, WatchedMeter
from joulebus.report.calendar import local_time
from joulebus_schemas.facts import BILLED_WATTS_MIN, QUARTER_SECONDS

KEYS = {"1": "rate", "2": "quarter", "3": "usage", "4": "peaks", "5": "telegram", "6": "stores", "7": "log", "8": "gas"}
ALL_KEY, MORE_KEY, END_KEY = "0", " ", "q"
MEDIUM_SIZE, WIDE_SIZE = (110, 34), (180, 44)
"""Columns and lines from which on more panels stand side by side."""
TELEGRAM_COLUMNS, PEAKS_COLUMNS, GAS_COLUMNS = 92, 32, 37
"""So wide that nothing in them is cut."""
ROW_LINES, GAS_LINES, BRIEF_LINES, LOG_LINES_MIN = 7, 10, 12, 3
HEADING_LINES, BORDER_LINES = 2, 2
OF_GRID, NO_GRID = ("rate", "quarter", "usage", "peaks"), "the home has no grid connection"
NARROW_COLUMNS = 100
"""Below, keys stand closer to each other."""
NOTICES_SHOWN_MAX, TROUBLE_LINES_MAX = 300, 3


@dataclass
class PanelsView:
    """Draws what is known of a meter; ``shown`` is the panel that has the whole screen, or nothing for all of them."""

    title: str
    watched: WatchedMeter
    usage: list[UsageColumn] = field(default_factory=list)
    currency: str = "€"
    usage_title: str = ""
    volumes: VolumesSeen = VolumesSeen()
    stores: list[StoreRow] | None = None
    """None: whoever is watched tells nothing of them."""
    changes: list[Notice] = field(default_factory=list)
    """What programs decided, and what people changed."""
    is_off_grid: bool = False
    """Whether nothing can pass the meter."""
    waits_for: str = "a telegram"
    state: str = ""
    """How it is read: how many telegrams were read and dropped, or whether its home lives."""
    trouble: str = ""
    """Why nothing new comes, and what then; empty when all is well."""
    shown: str | None = None
    page: int = 0
    """The part that is shown of a panel that has the whole screen and does not fit."""

    def press(self, key: str) -> bool:
        """Whether the panels go on after a key."""
        self.page = self.page + 1 if key == MORE_KEY else 0
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
        inside = width - 2
        trouble = list(Text(self.trouble, "bold red").wrap(Console(width=inside), inside)[:TROUBLE_LINES_MAX]) if self.trouble else []
        room = height - 2 - len(trouble)
        body = Layout(self._panel(self.shown)) if self.shown else self._body(width, room)
        alarm = [Layout(Padding(Group(*trouble), (0, 1)), size=len(trouble))] if trouble else []
        whole.split_column(Layout(self._head(width), size=1), *alarm, body, Layout(_keys(width, self.shown), size=1))
        return whole

    def _body(self, width: int, room: int) -> Layout:
        if width >= WIDE_SIZE[0] and room + 2 >= WIDE_SIZE[1]:
            return self._wide(width)
        body = Layout()
        if width >= MEDIUM_SIZE[0] and room + 2 >= MEDIUM_SIZE[1]:
            usage, below = Layout(size=BRIEF_LINES), Layout()
            usage.split_row(Layout(self._panel("brief")), Layout(self._panel("gas"), size=GAS_COLUMNS))
            peaks = Layout(self._panel("peaks"), size=PEAKS_COLUMNS)
            below.split_row(peaks, Layout(self._panel("stores"), ratio=3), Layout(self._panel("log"), ratio=2))
            body.split_column(self._row("rate", "quarter", size=ROW_LINES), usage, below)
            return body
        body.split_column(
            self._row("rate", "quarter", size=ROW_LINES),
            Layout(self._panel("brief"), size=BRIEF_LINES),
            Layout(Padding(self._summary(), (0, 1))),
        )
        return body

    def _wide(self, width: int) -> Layout:
        body, left, right, under = Layout(), Layout(size=width - TELEGRAM_COLUMNS), Layout(), Layout()
        narrow = Layout(size=GAS_COLUMNS)
        narrow.split_column(Layout(self._panel("gas"), size=GAS_LINES), Layout(self._panel("peaks")))
        under.split_row(narrow, Layout(self._panel("stores")))
        rows = usage_table(self.usage, self.currency).row_count + HEADING_LINES + BORDER_LINES
        left.split_column(self._row("rate", "quarter", size=ROW_LINES), Layout(self._panel("usage"), size=rows), under)
        lines = max(len(self._decoded()) + BORDER_LINES, ROW_LINES)
        right.split_column(Layout(self._panel("telegram"), size=lines), Layout(self._panel("log"), minimum_size=LOG_LINES_MIN))
        body.split_row(left, right)
        return body

    def _row(self, *names: str, size: int | None = None) -> Layout:
        row = Layout(size=size)
        row.split_row(*(Layout(self._panel(name)) for name in names))
        return row

    def _head(self, width: int) -> RenderableType:
        state = self.watched.state
        when = (
            f"waiting for {self.waits_for}"
            if state is None
            else f"{local_time(state.unix_seconds, self.watched.timezone):%a %Y-%m-%d %H:%M:%S}"
        )
        right = f"  {when}{f'  {self.state}' if self.state else ''} "
        room = max(width - len(right) - 1, 1)
        title = self.title if len(self.title) <= room else f"…{self.title[len(self.title) - room + 1 :]}"
        return Text(f" {title}{right}"[:width].ljust(width), "black on cyan", no_wrap=True)

    def _panel(self, name: str) -> Panel:
        title = "usage" if name == "brief" else name
        titles = {
            "usage": f"usage {self.usage_title}".strip(),
            "stores": "heating, cars and battery",
            "peaks": "months' peaks",
            "gas": "gas and water",
            "telegram": f"telegram {self._header}".strip(),
        }
        parts: dict[str, Callable[[], RenderableType]] = {
            "rate": self._rate,
            "quarter": self._quarter,
            "usage": lambda: self._usage(usage_table),
            "brief": lambda: self._usage(brief_usage_table),
            "gas": lambda: volumes_panel(self.volumes, self.usage, self.currency, is_brief=self.shown is None),
            "peaks": self._peaks,
            "telegram": self._telegram,
            "stores": self._stores,
            "log": self._log,
        }
        seen = self.watched.outlook
        color = "white" if name != "quarter" or seen is None else "green" if seen.gap_watts >= 0 else "red"
        key = next(key for key, one in KEYS.items() if one == title)
        content = Text(NO_GRID, "dim") if self.is_off_grid and title in OF_GRID else parts[name]()
        fitted = content if isinstance(content, Fitted) else self._fitted(title, content)
        return Panel(fitted, title=f"{key} {titles.get(title, title)}", border_style=color, padding=(0, 1))

    def _fitted(self, name: str, *forms: RenderableType) -> Fitted:
        """With the key that shows more of it."""
        key = next(key for key, one in KEYS.items() if one == name)
        return Fitted(forms, "space shows more" if self.shown else f"key {key}", self.page if self.shown else 0)

    def _nothing(self) -> Text:
        return Text(f"nothing yet: waiting for {self.waits_for}", "dim")

    def _rate(self) -> RenderableType:
        state = self.watched.state
        if state is None:
            return self._nothing()
        grid = Table.grid(padding=(0, 1))
        for justify in ("left", "right", "right"):
            grid.add_column(justify=justify)
        for name, is_day, one, other in (("day", True, 0, 2), ("night", False, 1, 3)):
            style = "bold magenta" if is_day is self.watched.is_day else "cyan"
            shown = (f"+{state.watt_hours[one] / 1_000:,.3f}", f"-{state.watt_hours[other] / 1_000:,.3f} kWh")
            grid.add_row(*(Text(text, style) for text in (name, *shown)))
        net = state.import_watts - state.export_watts
        side = Text("takes" if net >= 0 else "gives", "bold")
        now = Text.assemble(side, f" {abs(net) / 1_000:.3f} kW", (f"   tariff {1 if self.watched.is_day else 2} holds", "dim"))
        return Group(grid, now, *self._phases())

    def _phases(self) -> list[Text]:
        """What each of three phases takes or, with a minus, gives."""
        telegram = self.watched.telegram
        ways = [] if telegram is None else [[number_in(telegram, f"1-0:{20 * one + way}.7.0") for way in (1, 2)] for one in (1, 2, 3)]
        net = [imported - (exported or 0) for imported, exported in ways if imported is not None]
        if len(net) < len(ways) or not net:
            return []
        return [Text(" ".join(f"L{place} {watts / 1_000:.3f}" for place, watts in enumerate(net, 1)) + " kW", "dim")]

    def _quarter(self) -> RenderableType:
        seen = self.watched.outlook
        if seen is None:
            return self._nothing()
        left = QUARTER_SECONDS - seen.done_seconds
        gap = f"{abs(seen.gap_watts) / 1_000:.3f} kW {'below' if seen.gap_watts >= 0 else 'ABOVE'} {seen.cap_watts / 1_000:.3f} kW"
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
            return self._nothing()
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
        count = min(len(peaks), MONTHS_OF_MEAN)
        months = "1 month" if count == 1 else f"{count} months"
        return Group(grid, Text(f"kW; mean of {months} {self.watched.mean_of_months_watts / 1_000:.3f}", "dim"))

    def _decoded(self) -> list[tuple[str, str, str, str]]:
        telegram = self.watched.telegram
        return [] if telegram is None else [(one.obis, one.thing, one.description, one.value) for one in decoded_lines(telegram)]

    @property
    def _header(self) -> str:
        return "" if self.watched.telegram is None else self.watched.telegram.header

    def _telegram(self) -> RenderableType:
        if self.watched.telegram is None:
            return self._nothing()
        grid = Table.grid(padding=(0, 1))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(style="dim")
        grid.add_column(justify="right", no_wrap=True)
        for line in self._decoded():
            grid.add_row(*(Text(text) for text in line))
        return grid

    def _stores(self) -> RenderableType:
        if self.stores is None:
            return Text("a meter knows nothing of them: watch a home of joulebus", "dim")
        if not self.stores:
            return Text("the home has no battery, no car, no boiler and no geyser", "dim")
        whole = [part for one in self.stores for part in _store(one, one.decision)]
        brief = [part for one in self.stores for part in _store(one, without_looks(one.decision))]
        forms = [whole, brief] if self.shown is None else [whole]
        return self._fitted("stores", *(Group(*form) for form in forms))

    def _log(self) -> RenderableType:
        lines = sorted([*self.watched.notices, *self.changes], key=lambda one: one.unix_seconds, reverse=True)
        if not lines:
            return Text("nothing yet: neither decisions nor changes, and no power that jumped", "dim")
        return Group(*(self._noted(one) for one in lines[:NOTICES_SHOWN_MAX]))

    def _noted(self, one: Notice) -> Text:
        return Text.assemble((f"{local_time(one.unix_seconds, self.watched.timezone):%a %H:%M:%S} ", "dim"), one.text)

    def _summary(self) -> RenderableType:
        """The rest in a line each, where there is no room for more."""
        lines = [Text(line) for line in (volumes_line(self.volumes, self.usage, self.currency), self._held()) if line]
        newest = max([*self.watched.notices, *self.changes], key=lambda one: one.unix_seconds, default=None)
        lines += [] if newest is None else [self._noted(newest)]
        return Fitted([Group(*lines), Group(*lines[:-1], *map(_cut, lines[-1:])), Group(*lines[:-1]), Group(*map(_cut, lines))], "")

    def _held(self) -> str:
        """How full or warm each store is, and its power, unless it rests."""
        return ", ".join(
            " ".join(filter(None, (one.name, one.level, "" if one.power.startswith(RESTS) else one.power))) for one in self.stores or ()
        )


BAR_COLUMNS, PEAK_COLUMNS = 14, 4


def _bar(value: int, of: int, color: str, text: str) -> Text:
    full = min(max(value * BAR_COLUMNS // of, 0), BAR_COLUMNS)
    return Text.assemble(("█" * full, color), ("░" * (BAR_COLUMNS - full), "dim"), f" {text}", no_wrap=True)


def _peak(peak: QuarterPeak | None, highest: int, timezone: str) -> tuple[Text, Text, Text]:
    if peak is None:
        return Text("–"), Text(""), Text("")
    full = max(peak.watts * PEAK_COLUMNS // highest, 1)
    when = local_time(peak.ends_unix_seconds - QUARTER_SECONDS, timezone).strftime("%d. %H:%M")
    return Text(f"{peak.watts / 1_000:6.3f}"), Text("█" * full, "yellow"), Text(when, "dim")


def _cut(text: Text) -> Text:
    """In one line, whatever it takes."""
    line = text.copy()
    line.no_wrap, line.overflow = True, "ellipsis"
    return line


def _store(one: StoreRow, said: str) -> list[Text]:
    kind = "" if one.name == one.kind else f" ({one.kind})"
    numbers = "".join(f"  {text}" for text in (one.level, one.power) if text)
    return [Text.assemble((one.name, "bold"), (kind, "dim"), numbers), *([Text(f"  {said}", "dim")] if said else [])]


def _keys(width: int, shown: str | None) -> Text:
    text = Text(no_wrap=True)
    for key, name in {ALL_KEY: "all", **KEYS, END_KEY: "end"}.items():
        is_here = name == shown or (shown is None and key == ALL_KEY)
        text.append(f" {key} " if width >= NARROW_COLUMNS else key, "black on cyan" if is_here else "black on white")
        text.append(f"{name} " if width >= NARROW_COLUMNS else f" {name} ", "bold" if is_here else "")
    text.truncate(width)
    return text
