"""The live view of a home in the terminal: who gives, who takes, battery, cost, clock, and what the inverter decided."""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from joulebus.home.sentences import decision, watts
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Blocked, Dropped, PacketRefused, Reported, Settled

BAR_CELLS = 24
DECISIONS_MAX = 4


@dataclass
class View:
    """Folds events of the bus into what a person sees."""

    home: str
    start_unix_seconds: int
    tick_seconds: int
    timezone: str
    roster: dict[str, Member]
    settled: Settled | None = None
    blocked: Blocked | None = None
    refused: PacketRefused | None = None
    dropped: tuple[str, Dropped] | None = None
    """Who could not read what."""
    readings: dict[str, dict[str, int]] = field(default_factory=dict)
    cost_micro_euro: int = 0
    ticks: int = 0
    seals: int = 0
    speed: Any = None
    paused: bool = False
    notice: str = ""
    lag: str = ""
    decisions: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=DECISIONS_MAX))
    """When the inverter decided what, the latest last."""

    def on_settled(self, settled: Settled) -> None:
        """A window is settled. A settlement that is sent again, for somebody who missed it, counts once."""
        if self.settled is not None and settled.number <= self.settled.number:
            return
        self.settled, self.blocked = settled, None
        self.ticks += settled.window.ticks
        self.seals += len(settled.seals)
        self.cost_micro_euro += sum(
            outcome.import_cost_micro_euro - outcome.export_income_micro_euro for outcome in settled.outcomes.values()
        )
        self._note_decision(settled)

    def _note_decision(self, settled: Settled) -> None:
        """A new line when something else is served by something else; else only its numbers change."""
        text = decision(settled, self.roster, self.tick_seconds)
        now = _local(self.start_unix_seconds + settled.window.end * self.tick_seconds, self.timezone)[-8:]
        if self.decisions and _without_numbers(self.decisions[-1][1]) == _without_numbers(text):
            now = self.decisions.pop()[0]
        self.decisions.append((now, text))

    def set_time(self, tick: int, time: str) -> None:
        """Learn when the home began from one tick and its time."""
        self.start_unix_seconds = int(datetime.fromisoformat(time).timestamp()) - tick * self.tick_seconds

    def on_reported(self, device: str, reported: Reported) -> None:
        """A device tells about itself."""
        self.readings[device] = reported.readings

    def render(self) -> Group:
        """The whole screen."""
        return Group(self._head(), self._table(), self._foot())

    def _head(self) -> Panel:
        end = self.settled.window.end if self.settled else 0
        now = _local(self.start_unix_seconds + end * self.tick_seconds, self.timezone)
        speed = "paused" if self.paused else f"{self.speed:g}×" if isinstance(self.speed, float | int) else "flat out"
        cost = f"cost {self.cost_micro_euro / 1e6:.4f} €"
        line = Text.assemble(
            (self.home, "bold"), f"  {now}  tick {end:,}  {speed}  {self.seals} epochs sealed  {cost}", (self.lag, "bold red")
        )
        return Panel(line, border_style="cyan")

    def _table(self) -> Table:
        table = Table(expand=True, show_edge=False, pad_edge=False)
        for title, justify in (("device", "left"), ("kind", "left"), ("gives", "right"), ("takes", "right"), ("", "left"), ("", "left")):
            table.add_column(title, justify=justify)  # type: ignore[arg-type]
        rows = [self._row(name, member) for name, member in self.roster.items()]
        most = max((abs(power) for *_, power, _ in rows), default=0) or 1
        for name, kind, power, note in sorted(rows, key=lambda row: row[2]):
            gives, takes = (watts(-power), "") if power < 0 else ("", watts(power) if power else "")
            colour = "green" if power < 0 else "yellow"
            bar = Text("█" * round(BAR_CELLS * abs(power) / most), style=colour)
            table.add_row(
                name, Text(kind, style="dim"), Text(gives, style="green"), Text(takes, style="yellow"), bar, Text(note, style="dim")
            )
        return table

    def _row(self, name: str, member: Member) -> tuple[str, str, float, str]:
        if not member.on:
            return name, member.kind, 0.0, "off"
        outcome = self.settled.outcomes.get(name) if self.settled else None
        power = (
            (outcome.joules_in - outcome.joules_out) / (self.settled.window.ticks * self.tick_seconds) if outcome and self.settled else 0.0
        )
        return name, member.kind, power, _note(self.readings.get(name, {}), outcome.unserved_joules if outcome else 0)

    def _foot(self) -> Panel:
        if self.blocked is not None:
            return Panel(Text(f"Clock stopped for {self.blocked.seconds} s: {self.blocked.cause}", style="bold red"), border_style="red")
        lines = [Text.assemble((when, "dim"), "  ", text) for when, text in self.decisions] or [Text(decision(None, self.roster, 1))]
        if self.notice:
            lines.append(Text(self.notice, style="dim"))
        if self.refused is not None:
            lines.append(Text(f"Refused a packet of {self.refused.device}: {self.refused.reason}", style="red"))
        if self.dropped is not None:
            name, dropped = self.dropped
            lines.append(Text(f"{name} dropped what {dropped.sender or 'somebody'} said: {dropped.text[:200]}", style="red"))
        return Panel(Group(*lines), title="the inverter", title_align="left", border_style="cyan")


def _note(readings: dict[str, int], unserved: int) -> str:
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


def _without_numbers(text: str) -> str:
    return re.sub(r"[0-9.]+ k?W", "", text)


def _local(unix_seconds: int, timezone: str) -> str:
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(unix_seconds, UTC).astimezone(ZoneInfo(timezone)).strftime("%a %Y-%m-%d %H:%M:%S")
