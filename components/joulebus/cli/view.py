"""The live view of a home in the terminal, for any size from 80×24 on: clock and sums, what the inverter decided, who gives and takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console, ConsoleDimensions, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from joulebus.cli.view_rows import idle_text, power_rows, power_table
from joulebus.devices.grid import currency_of
from joulebus.home.mirror import Mirror
from joulebus_schemas.facts import JOULES_PER_KWH
from joulebus_schemas.rounds import Dropped, PacketRefused, PartTrouble
from joulebus_schemas.screen import ScreenSnapshot

DECISIONS_MAX = 12
CALM_SECONDS = 5.0
"""So long the clock may wait without an alarm: a home that starts, or a process that starts again, waits for a moment."""


@dataclass
class View:
    """Draws the picture of a home; :class:`joulebus.home.mirror.Mirror` keeps it right."""

    home: str
    mirror: Mirror
    refused: PacketRefused | None = None
    dropped: tuple[str, Dropped] | None = None
    """Who could not read what."""
    troubles: dict[str, PartTrouble] = field(default_factory=dict)
    """Parts that have ended again and again, by name."""
    leaving: str = "Ctrl-C ends the view"
    hints: tuple[str, ...] = ()
    """Lines for the bottom, as far as there is room; the first is the most important."""
    links: tuple[str, ...] = ()
    """Lines that people copy: shown only where they fit whole."""
    is_starting: bool = False
    """Nothing has been settled yet since it was started; whoever is missing is on its way."""
    still_since: float | None = field(default=None, init=False)
    """Seconds of the viewer's clock at which the home was first seen to wait; None while it goes on."""
    now: float = field(default=0.0, init=False)

    def look(self, now: float) -> None:
        """Note the viewer's time, in seconds since it began: a wait is an alarm only when it lasts."""
        shown = self.mirror.snapshot
        waits = shown is not None and shown.summary.cause is not None
        self.now, self.still_since = now, (self.still_since if self.still_since is not None else now) if waits else None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.render(ConsoleDimensions(options.max_width, options.height or console.size.height))

    def render(self, size: ConsoleDimensions) -> RenderableType:
        """The whole screen, in at most so many columns and lines."""
        shown = self.mirror.snapshot
        if shown is None:
            waiting = "starting its devices" if self.is_starting else "waiting for its first picture"
            return Group(_two_ends(Text(f" {self.home}: {waiting}", "bold"), f"{self.leaving} ", "black on cyan"))
        top: list[RenderableType] = [self._head(shown), Text(_sums(shown), style="bold"), *self._said(shown, size.width)]
        rows, idle = power_rows(shown)
        ends = [*self._alarms(shown), *self._links(size.width)]
        free = size.height - _lines([*top, *ends], size.width) - 2  # Without the table's heading and the rule below it.
        if len(rows) + len(idle) <= free:
            rows, idle = [*rows, *idle], []
        named = [Text(idle_text(shown, [row.name for row in idle]), style="dim")] if idle else []
        free -= _lines(named, size.width)
        more = self._more(shown, size.width, free - len(rows))
        return Group(*top, power_table(rows, size.width, max(free, 1)), Rule(style="dim"), *named, *ends, *more)

    def _head(self, shown: ScreenSnapshot) -> RenderableType:
        summary = shown.summary
        speed = "paused" if summary.paused else "flat out" if summary.speed == "flat_out" else f"{summary.speed:g}×"
        text = f"  {_local(shown, summary.tick)}  {speed}  tick {summary.tick:,}"
        return _two_ends(Text.assemble((f" {self.home}", "bold"), text), f"{self.leaving} ", "black on cyan")

    def _said(self, shown: ScreenSnapshot, width: int) -> list[RenderableType]:
        """What the inverter decided; three lines of a long sentence are enough."""
        text = Text(shown.lines[-1].text if shown.lines else shown.summary.decision, style="cyan")
        kept = text.wrap(Console(width=width), width)[:3]
        return list(kept)

    def _alarms(self, shown: ScreenSnapshot) -> list[RenderableType]:
        summary, found = shown.summary, []
        waits_seconds = 0.0 if self.still_since is None else self.now - self.still_since
        if summary.cause is not None and self.is_starting and waits_seconds < 4 * CALM_SECONDS:
            found.append(Text(f"starting: {summary.cause}", style="dim"))
        elif summary.cause is not None and waits_seconds >= CALM_SECONDS:
            found.append(Text(f"clock stopped for {waits_seconds:.0f} s: {summary.cause}", style="bold red"))
        found += [Text(one.text, style="bold red") for one in self.troubles.values() if one.ends]
        if self.refused is not None:
            found.append(Text(f"Refused a packet of {self.refused.device}: {self.refused.reason}", style="red"))
        if self.dropped is not None:
            name, dropped = self.dropped
            found.append(Text(f"{name} dropped what {dropped.sender or 'somebody'} said: {dropped.text[:200]}", style="red"))
        return list(found)

    def _links(self, width: int) -> list[RenderableType]:
        hints = [Text(hint, style="dim") for hint in self.hints[:1]]
        fit = all(cell_len(link) <= width for link in self.links)
        return [*hints, *(_copied(link) for link in self.links if fit)]

    def _more(self, shown: ScreenSnapshot, width: int, left: int) -> list[RenderableType]:
        """What a larger screen has room for: more hints, and what was decided before."""
        found: list[RenderableType] = [Text(hint, style="dim") for hint in self.hints[1:] if cell_len(hint) <= width]
        found += [
            Text.assemble((_local(shown, line.tick)[-8:], "cyan"), "  ", line.text)
            for line in reversed(shown.lines[:-1])
            if cell_len(line.text) + 10 <= width
        ]
        return found[: max(min(left, DECISIONS_MAX), 0)]


def _two_ends(left: Text, right: str, style: str) -> Table:
    """A line with something at both ends."""
    grid = Table.grid(expand=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(left, right, style=style)
    return grid


def _copied(text: str) -> Text:
    """Never wrapped, so that it can be copied whole."""
    return Text(text, style="dim", no_wrap=True, overflow="ignore")


def _sums(shown: ScreenSnapshot) -> str:
    """What the home has done in its whole life, or since the tick from which on it is known."""

    def kwh(source: str, sink: str) -> str:
        joules = sum(one for flow, one in shown.flows.items() if _fits(flow, source, sink))
        return f"{joules / JOULES_PER_KWH:,.1f}"

    cost = f"{shown.summary.cost_micro_euro / 1e6:,.2f} {currency_of(shown.roster)}"
    since = f" (since tick {shown.counted_from_tick:,})" if shown.counted_from_tick else ""
    sums = f"used {kwh('', 'loads')} · solar {kwh('sun', '')} · bought {kwh('grid', '')} · sold {kwh('', 'export')} kWh"
    return f"{sums} · cost {cost} · {shown.sealed_epochs:,} epoch{'' if shown.sealed_epochs == 1 else 's'}{since}"


def _fits(flow: str, source: str, sink: str) -> bool:
    giver, _, taker = flow.partition(">")
    return source in ("", giver) and sink in ("", taker)


def _lines(parts: Sequence[RenderableType], width: int) -> int:
    console = Console(width=width)
    return sum(len(console.render_lines(part, console.options.update(width=width, height=None))) for part in parts)


def _local(shown: ScreenSnapshot, tick: int) -> str:
    moment = datetime.fromtimestamp(shown.start_unix_seconds + tick * shown.tick_seconds, UTC)
    return moment.astimezone(ZoneInfo(shown.timezone)).strftime("%a %Y-%m-%d %H:%M:%S")
