"""The live view of a home in the terminal: who gives, who takes, battery, cost, clock, and what the inverter decided."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from joulebus.home.mirror import Mirror
from joulebus.home.sentences import watts
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Dropped, PacketRefused, Trouble
from joulebus_schemas.screen import ScreenSnapshot

BAR_CELLS = 24
DECISIONS_MAX = 4


@dataclass
class View:
    """Draws the picture of a home; :class:`joulebus.home.mirror.Mirror` keeps it right."""

    home: str
    mirror: Mirror
    refused: PacketRefused | None = None
    dropped: tuple[str, Dropped] | None = None
    """Who could not read what."""
    troubles: dict[str, Trouble] = field(default_factory=dict)
    """By part that has ended again and again."""
    notice: str = ""

    def render(self) -> Group:
        """The whole screen."""
        shown = self.mirror.snapshot
        if shown is None:
            return Group(Panel(Text(f"{self.home}: waiting for its first picture"), border_style="cyan"))
        return Group(self._head(shown), self._table(shown), self._foot(shown))

    def _head(self, shown: ScreenSnapshot) -> Panel:
        summary = shown.summary
        speed = "paused" if summary.paused else "flat out" if summary.speed == "flat_out" else f"{summary.speed:g}×"
        cost = f"cost {summary.cost_micro_euro / 1e6:.4f} €"
        since = f" since tick {shown.counted_from_tick:,}" if shown.counted_from_tick else ""
        lag = f"  {summary.lag_ticks:,} ticks behind" if summary.lag_ticks else ""
        text = f"  {_local(shown, summary.tick)}  tick {summary.tick:,}  {speed}  {shown.sealed_epochs:,} epochs sealed  {cost}{since}"
        return Panel(Text.assemble((self.home, "bold"), text, (lag, "bold red")), border_style="cyan")

    def _table(self, shown: ScreenSnapshot) -> Table:
        table = Table(expand=True, show_edge=False, pad_edge=False)
        for title, justify in (("device", "left"), ("kind", "left"), ("gives", "right"), ("takes", "right"), ("", "left"), ("", "left")):
            table.add_column(title, justify=justify)  # type: ignore[arg-type]
        rows = [_row(shown, name, member) for name, member in shown.roster.items()]
        most = max((abs(power) for *_, power, _ in rows), default=0) or 1
        for name, kind, power, note in sorted(rows, key=lambda row: row[2]):
            gives, takes = (watts(-power), "") if power < 0 else ("", watts(power) if power else "")
            colour = "green" if power < 0 else "yellow"
            bar = Text("█" * round(BAR_CELLS * abs(power) / most), style=colour)
            table.add_row(
                name, Text(kind, style="dim"), Text(gives, style="green"), Text(takes, style="yellow"), bar, Text(note, style="dim")
            )
        return table

    def _foot(self, shown: ScreenSnapshot) -> Panel:
        summary = shown.summary
        if summary.cause is not None:
            return Panel(Text(summary.cause, style="bold red"), border_style="red")
        said = [(_local(shown, line.tick)[-8:], line.text) for line in shown.lines[-DECISIONS_MAX:]] or [("", summary.decision)]
        lines = [Text.assemble((when, "dim"), "  ", text) for when, text in said]
        if self.notice:
            lines.append(Text(self.notice, style="dim"))
        lines += [Text(one.text, style="bold red") for one in self.troubles.values() if one.ends]
        if self.refused is not None:
            lines.append(Text(f"Refused a packet of {self.refused.device}: {self.refused.reason}", style="red"))
        if self.dropped is not None:
            name, dropped = self.dropped
            lines.append(Text(f"{name} dropped what {dropped.sender or 'somebody'} said: {dropped.text[:200]}", style="red"))
        return Panel(Group(*lines), title="the inverter", title_align="left", border_style="cyan")


def _row(shown: ScreenSnapshot, name: str, member: Member) -> tuple[str, str, float, str]:
    if not member.on:
        return name, member.kind, 0.0, "off"
    power = shown.summary.power_watts.get(name, 0)
    return name, member.kind, power, _note(shown.readings.get(name, {}), name in shown.summary.unserved)


def _note(readings: dict[str, int], unserved: bool) -> str:
    notes = ["unserved"] if unserved else []
    for key, value in readings.items():
        notes.extend(text for suffix, text in _SHOWN(key, value) if key.endswith(suffix))
    return "  ".join(notes[:3])


def _SHOWN(key: str, value: int) -> tuple[tuple[str, str], ...]:
    return (
        ("state_of_charge_ppm", f"{value / 10_000:.1f} %"),
        ("temperature_mk", f"{value / 1000 - 273.15:.1f} °C"),
        ("temperature_millicelsius", f"{value / 1000:.1f} °C"),
        ("irradiance_mw_m2", f"{value / 1000:.0f} W/m²"),
        ("irradiance_w_m2", f"{value} W/m²"),
    )


def _local(shown: ScreenSnapshot, tick: int) -> str:
    moment = datetime.fromtimestamp(shown.start_unix_seconds + tick * shown.tick_seconds, UTC)
    return moment.astimezone(ZoneInfo(shown.timezone)).strftime("%a %Y-%m-%d %H:%M:%S")
