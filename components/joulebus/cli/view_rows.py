"""The rows of the live view: who gives and who takes, the strongest first; whoever does nothing is named in one line."""

from typing import NamedTuple

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from joulebus.home.sentences import watts
from joulebus_schemas.facts import JOULES_PER_KWH
from joulebus_schemas.roster import Member
from joulebus_schemas.screen import ScreenSnapshot

WIDE = 100
"""Columns from which on kinds and energy are shown, too."""
BAR_CELLS = 100
FEW_NAMES = 24
"""So many idle devices are named."""


class PowerRow(NamedTuple):
    """A device as it is shown."""

    name: str
    kind: str
    power_watts: int
    """What it takes; negative: what it gives."""
    note: str
    kwh: float
    """Through it, since the home counts."""


def power_rows(shown: ScreenSnapshot) -> tuple[list[PowerRow], list[PowerRow]]:
    """Who moves energy, or holds some, in the order of the screen; and all others."""
    rows: list[PowerRow] = []
    idle: list[PowerRow] = []
    for name, member in shown.roster.items():
        row = _row(shown, name, member)
        is_seen = member.on and (row.power_watts or member.kind in ("battery", "grid") or name in shown.summary.unserved)
        (rows if is_seen else idle).append(row)
    gives = sorted((row for row in rows if row.power_watts < 0), key=lambda row: row.power_watts)
    takes = sorted((row for row in rows if row.power_watts >= 0), key=lambda row: -row.power_watts)
    return [*gives, *takes], idle


def _row(shown: ScreenSnapshot, name: str, member: Member) -> PowerRow:
    moved = shown.energy.get(name)
    kwh = 0.0 if moved is None else (moved.joules_in + moved.joules_out) / JOULES_PER_KWH
    power = shown.summary.power_watts.get(name, 0) if member.on else 0
    return PowerRow(name, member.kind, power, _note(shown, name), kwh)


def power_table(rows: list[PowerRow], width: int, rows_max: int) -> Table:
    """A table of at most this many rows below its heading; the smallest are summed up where there is no room."""
    rows, folded = _folded(rows, rows_max)
    wide = width >= WIDE
    heads = ["device", *(["kind"] if wide else []), "gives", "takes", "", "", *(["kWh so far"] if wide else [])]
    table = Table(*heads, expand=True, box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, head in enumerate(heads):
        table.columns[place].justify = "right" if head in ("gives", "takes", "kWh so far") else "left"
        table.columns[place].overflow = "fold"
    used = max([cell_len(row.name) for row in rows], default=0) + max([cell_len(row.note) for row in rows], default=0) + 24
    used += max([cell_len(row.kind) for row in rows], default=0) + 14 if wide else 0
    cells = max(min(width - used - 4, BAR_CELLS), 8)
    most = max((abs(row.power_watts) for row in rows), default=0) or 1
    for row in rows:
        gives, takes = (
            (watts(-row.power_watts), "") if row.power_watts < 0 else ("", watts(row.power_watts) if row.power_watts else _zero(row))
        )
        colour = "green" if row.power_watts < 0 else "yellow"
        bar = Text("█" * round(cells * abs(row.power_watts) / most), style=colour)
        kind, kwh = ([Text(row.kind, style="dim")], [Text(f"{row.kwh:,.2f}", style="dim")]) if wide else ([], [])
        note = Text(row.note, style="dim")
        table.add_row(row.name, *kind, Text(gives, style="green"), Text(takes, style="yellow"), bar, note, *kwh)
    if folded:
        power = sum(row.power_watts for row in folded)
        gives, takes = (watts(-power), "") if power < 0 else ("", watts(power))
        table.add_row(f"{len(folded)} more", *([""] if wide else []), gives, takes, "", "", *([""] if wide else []), style="dim")
    return table


def _zero(row: PowerRow) -> str:
    """A zero only for batteries and the grid; an idle device gets no number."""
    return "0" if row.kind in ("battery", "grid") else ""


def _folded(rows: list[PowerRow], rows_max: int) -> tuple[list[PowerRow], list[PowerRow]]:
    if len(rows) <= rows_max:
        return rows, []
    kept = {row.name for row in sorted(rows, key=lambda row: -abs(row.power_watts))[: rows_max - 1]}
    return [row for row in rows if row.name in kept], [row for row in rows if row.name not in kept]


def idle_text(shown: ScreenSnapshot, idle: list[str]) -> str:
    """Everybody else, in one sentence."""
    named = [f"{name}{_in_brackets(_note(shown, name))}" for name in idle]
    named.sort(key=lambda text: "(" not in text)  # Those who measure something first.
    shown_names, more = named[:FEW_NAMES], len(named) - FEW_NAMES
    return f"{len(idle)} idle: {', '.join(shown_names)}" + (f" and {more} more" if more > 0 else "")


def _in_brackets(note: str) -> str:
    return f" ({note})" if note else ""


def _note(shown: ScreenSnapshot, name: str) -> str:
    if not shown.roster[name].on:
        return "off"
    notes = ["unserved"] if name in shown.summary.unserved else []
    for key, value in shown.readings.get(name, {}).items():
        notes.extend(text for suffix, text in _texts(value) if key.endswith(suffix))
    return "  ".join(notes[:2])


def _texts(value: int) -> tuple[tuple[str, str], ...]:
    return (
        ("state_of_charge_ppm", f"{value / 10_000:.1f} %"),
        ("temperature_mk", f"{value / 1000 - 273.15:.1f} °C"),
        ("temperature_millicelsius", f"{value / 1000:.1f} °C"),
        ("irradiance_mw_m2", f"{value / 1000:.0f} W/m²"),
        ("irradiance_w_m2", f"{value} W/m²"),
    )
