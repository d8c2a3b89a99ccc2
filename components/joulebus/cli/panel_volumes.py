"""The panel of gas and water: cubic metres, the energy of gas, and what they cost where rates say so."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from joulebus.cli.billing import rounded_cents
from joulebus.meter.usage import UsageColumn
from joulebus.rates.file import RateBook
from joulebus_schemas.facts import LITRES_PER_M3, WATTS_PER_KW

BRIEF_COLUMNS = ("today", "month")


@dataclass(frozen=True, slots=True)
class VolumesSeen:
    """What is known of gas and water besides what passed."""

    has_gas: bool = False
    has_water: bool = False
    kwh_per_m3: float | None = None
    """Calorific value of the gas; None: several gases have several."""
    burning_watts: int | None = None
    """Gas that burns now; None: the meter does not say."""
    priced: frozenset[str] = frozenset()
    """What the rates have a price of: gas, water, or both."""


def volumes_panel(seen: VolumesSeen, columns: Sequence[UsageColumn], currency: str, is_brief: bool) -> RenderableType:
    """The table, with a line under it that says what its numbers are of."""
    if not (seen.has_gas or seen.has_water):
        return Text("nobody meters gas or water here", "dim")
    shown = [column for column in columns if not is_brief or column.name in BRIEF_COLUMNS]
    if not shown:
        return Text("nothing has passed the meters yet", "dim")
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for place, title in enumerate(("", *(column.name for column in shown))):
        grid.add_column(title, justify="right" if place else "left", no_wrap=True)

    def add(name: str, number: Callable[[UsageColumn], float], digits: int = 2) -> None:
        grid.add_row(name, *(f"{number(column):,.{digits}f}" for column in shown))

    if seen.has_gas:
        add("gas m³", lambda one: (one.volumes.gas_litres or 0) / LITRES_PER_M3, 3)
        if (value := seen.kwh_per_m3) is not None:
            add("gas kWh", lambda one: (one.volumes.gas_litres or 0) * value / LITRES_PER_M3)
        if "gas" in seen.priced:
            add(f"gas {currency}", lambda one: rounded_cents(one.bill, "", "gas") / 100)
    if seen.has_water:
        add("water m³", lambda one: (one.volumes.water_litres or 0) / LITRES_PER_M3, 3)
        if "water" in seen.priced:
            add(f"water {currency}", lambda one: rounded_cents(one.bill, "", "water") / 100)
    return Group(grid, *(Text(note, "dim") for note in _notes(seen, columns, currency)))


def volumes_line(seen: VolumesSeen, columns: Sequence[UsageColumn], currency: str) -> str:
    """Today's in one line; empty where nobody meters them."""
    today = next((column for column in columns if column.name == "today"), None)
    if today is None:
        return ""
    parts = []
    if seen.has_gas:
        litres = today.volumes.gas_litres or 0
        energy = "" if seen.kwh_per_m3 is None else f" ({litres * seen.kwh_per_m3 / LITRES_PER_M3:,.2f} kWh)"
        price = f" {rounded_cents(today.bill, '', 'gas') / 100:,.2f} {currency}" if "gas" in seen.priced else ""
        parts.append(f"gas {litres / LITRES_PER_M3:,.3f} m³{energy}{price}")
    if seen.has_water:
        price = f" {rounded_cents(today.bill, '', 'water') / 100:,.2f} {currency}" if "water" in seen.priced else ""
        parts.append(f"water {(today.volumes.water_litres or 0) / LITRES_PER_M3:,.3f} m³{price}")
    return f"today {', '.join(parts)}" if parts else ""


def _notes(seen: VolumesSeen, columns: Sequence[UsageColumn], currency: str) -> Iterator[str]:
    parts = []
    if seen.has_gas and seen.burning_watts is not None:
        parts.append(f"{seen.burning_watts / WATTS_PER_KW:.3f} kW burns now" if seen.burning_watts else "nothing burns now")
    if seen.has_gas and seen.kwh_per_m3 is not None:
        parts.append(f"{seen.kwh_per_m3:g} kWh/m³")
    if parts:
        yield ", ".join(parts)
    if not seen.priced:
        yield f"no {currency} without --rates of them"
    elif any(line.what == "vat" for column in columns for line in column.bill.lines):
        yield f"{currency} without VAT"


def priced_by(book: RateBook | None) -> frozenset[str]:
    """What rates have a price of at some time: gas, water, or both."""
    words = () if book is None else [period.words for period in book.periods]
    return frozenset(what for what in ("gas", "water") if any(getattr(one, what) is not None for one in words))
