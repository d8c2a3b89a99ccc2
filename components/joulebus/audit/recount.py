"""The numbers of a report, counted again from the transfers in plain Python; it shares no line with the package ``report``.

ARCHITECTURE.md says how flow pairs are laid, docs/report.md what each number means. Prices are what the grid of the home offers.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from joulebus.audit.books import AccountPair, ColumnRuns, EpochColumns, cut_runs, laid, total
from joulebus.audit.checks import HomeWiring
from joulebus.audit.darkness import DarkRecount
from joulebus.audit.gas import gas_litres
from joulebus.audit.tariffs import GridPrices
from joulebus.audit.water import water_litres
from joulebus.device import DeviceContext
from joulebus.journal.recovery import changed
from joulebus_core import decode_columns
from joulebus_schemas.facts import HEAT, QUARTER_SECONDS, SINKS, SOURCES
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed, Woken
from joulebus_schemas.roster import Change, Member


@dataclass
class Quarter:
    """What moved in a quarter-hour."""

    start: int
    end: int = 0
    pairs: Counter[AccountPair] = field(default_factory=Counter)
    flows: Counter[str] = field(default_factory=Counter)
    priced: Counter[str] = field(default_factory=Counter)
    """Joules times price, of import and of export."""
    levels: dict[str, int] = field(default_factory=dict)
    grids: frozenset[str] = frozenset()
    water_litres: Fraction = Fraction(0)
    """Drawn from geysers, and taken by washing machines."""
    gas_litres: Fraction = Fraction(0)
    meter: Member | None = None
    """The home's meter at that time."""


class Recount:
    """Follows the records of a home through a span."""

    def __init__(self, from_unix_seconds: int, to_unix_seconds: int) -> None:
        self._from, self._to = from_unix_seconds, to_unix_seconds
        self.born: Born | None = None
        self.members: dict[str, Member] = {}
        self.busbar = "inverter"
        self.quarters: list[Quarter] = []
        self.joules_by_price: dict[str, Counter[int]] = {"import": Counter(), "export": Counter()}
        self.head_seal = "0" * 64
        self.price_seconds = 0
        """Sum over all seconds of the price of import."""
        self.darkness = DarkRecount(from_unix_seconds, to_unix_seconds)
        self._roster: dict[str, Member] = {}
        self._pending: list[Change] = []
        self._stores: set[str] = set()
        self._tariff: GridPrices | None = None

    def add(self, record: Born | Woken | Changed | Committed | Checkpoint, posted: bytes) -> None:
        """The next record."""
        if isinstance(record, Born):
            self.born, self._roster, self.members = record, dict(record.members), dict(record.members)
        elif isinstance(record, Changed):
            self._pending = sorted([*self._pending, *record.changes], key=lambda change: change.from_tick)
        elif isinstance(record, Checkpoint) and self.born is None:
            self.born, self._roster, self.members = record.born, dict(record.roster), dict(record.ever)
            self._pending = list(record.pending)
        elif isinstance(record, Committed) and self.born is not None and self._begins(record) < self._to:
            while self._pending and self._pending[0].from_tick <= record.window.start:
                self._roster = changed(self._roster, self._pending.pop(0))
                self.members |= self._roster
            self._window(self.born, record, decode_columns(posted))

    def _begins(self, record: Committed) -> int:
        assert self.born is not None, "windows come after the birth"
        return self.born.start_unix_seconds + record.window.start * self.born.tick_seconds

    def _window(self, born: Born, record: Committed, columns: EpochColumns) -> None:
        step, ticks = born.tick_seconds, record.window.ticks
        begins = born.start_unix_seconds + record.window.start * step
        if begins + ticks * step <= self._from:
            return
        sealed = {seal.hash: born.start_unix_seconds + (seal.first_tick + seal.ticks) * step for seal in record.seals}
        self.head_seal = next((seal for seal, end in reversed(sealed.items()) if self._from < end <= self._to), self.head_seal)
        self.busbar = next((name for name, member in sorted(self._roster.items()) if member.kind == "inverter"), "inverter")
        self._stores |= {name for name, member in self._roster.items() if member.kind == "battery"}
        self._stores |= {name for name, outcome in record.outcomes.items() if outcome.level_microjoules}
        self._stores -= {name for name, member in self._roster.items() if member.kind == "car"}
        prices = self._prices(born).of_roster(self._roster, record.window)
        self.darkness.limits(self._prices(born).limits(self._roster, record.window), begins, step)
        self.darkness.transfers(HomeWiring(self.busbar, self._grids(), frozenset(self._stores)), columns, begins, step)
        edges = [*range(-begins % QUARTER_SECONDS, ticks * step, QUARTER_SECONDS), self._from - begins, self._to - begins]
        marks = {ticks, *(edge // step for edge in edges if 0 < edge < ticks * step), *(edge for runs in prices for edge in _edges(runs))}
        ends = sorted(marks - {0})
        lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        pieces = [(pair, cut_runs(runs, lengths)) for *pair, runs in columns]
        levels = {name: outcome.level_microjoules // 1_000_000 - _moved(name, columns) for name, outcome in self._levels(record)}
        for index, (end, length) in enumerate(zip(ends, lengths, strict=True)):
            cell: EpochColumns = [(giver, taker, parts[index]) for (giver, taker), parts in pieces]
            levels = {name: level + _moved(name, cell) for name, level in levels.items()}
            start = begins + (end - length) * step
            if self._from <= start < self._to:
                self._cell(start, begins + end * step, cell, [_at(runs, end) for runs in prices])
                self.quarters[-1].levels |= levels

    def _prices(self, born: Born) -> GridPrices:
        self._tariff = self._tariff or GridPrices(born)
        return self._tariff

    def _levels(self, record: Committed) -> list[tuple[str, Any]]:
        return [(name, record.outcomes[name]) for name in sorted(self._stores) if name in record.outcomes]

    def _cell(self, start: int, end: int, columns: EpochColumns, prices: list[int]) -> None:
        if not self.quarters or self.quarters[-1].start // QUARTER_SECONDS != start // QUARTER_SECONDS:
            self.quarters.append(Quarter(start))
        quarter = self.quarters[-1]
        quarter.end, quarter.grids = end, self._grids()
        quarter.meter = next((member for _, member in sorted(self._roster.items()) if member.kind == "meter"), None)
        self.price_seconds += prices[0] * (end - start)
        for giver, taker, runs in columns:
            quarter.pairs[giver, taker] += total(runs)
        quarter.water_litres += water_litres(self._roster, self._place(), (start, end), columns)
        quarter.gas_litres += gas_litres(self._roster, columns)
        flows = {f"{SOURCES[one]}>{SINKS[two]}": joules for (one, two), joules in laid(*self._ends(columns)).items()}
        quarter.flows.update(flows)
        amounts = {"import": sum_between(flows, "grid>", ""), "export": sum_between(flows, "", ">export")}
        for (what, joules), price in zip(amounts.items(), prices, strict=True):
            self.joules_by_price[what][price] += joules
            quarter.priced[what] += joules * price

    def _place(self) -> DeviceContext:
        """What a device knows of where the home is."""
        assert self.born is not None, "cells come after the birth"
        return DeviceContext("audit", self.born.place, self.born.start_unix_seconds, self.born.tick_seconds, self.born.seed)

    def _ends(self, columns: EpochColumns) -> tuple[list[list[ColumnRuns]], list[list[ColumnRuns]]]:
        """The columns of each source and of each sink; a source that takes from somebody else is the sun."""
        fed = {taker for giver, taker, _ in columns if giver != self.busbar}
        grids = self._grids()
        sources: list[list[ColumnRuns]] = [[], [], [], []]
        sinks: list[list[ColumnRuns]] = [[], [], [], []]
        for giver, taker, runs in columns:
            if taker == self.busbar:
                sources[3 if giver in grids else 2 if giver in self._stores else 0 if giver in fed else 1].append(runs)
            elif giver == self.busbar:
                sinks[3 if taker == HEAT else 2 if taker in grids else 1 if taker in self._stores else 0].append(runs)
        return sources, sinks

    def _grids(self) -> frozenset[str]:
        return frozenset(name for name, member in self._roster.items() if member.kind == "grid")


def sum_between(flows: Mapping[str, int], begins: str, ends: str) -> int:
    """All flows from a source, or to a sink."""
    return sum(joules for flow, joules in flows.items() if flow.startswith(begins) and flow.endswith(ends))


def _moved(name: str, columns: EpochColumns) -> int:
    return sum(total(runs) * ((taker == name) - (giver == name)) for giver, taker, runs in columns)


def _edges(runs: ColumnRuns) -> Iterator[int]:
    edge = 0
    for count, _ in runs:
        edge += count
        yield edge


def _at(runs: ColumnRuns, end: int) -> int:
    """The value of the cell that ends there."""
    return runs[bisect_left(list(_edges(runs)), end)][1]


def summed(quarters: Iterable[Quarter]) -> defaultdict[AccountPair, int]:
    """Transfers of many quarter-hours."""
    found: defaultdict[AccountPair, int] = defaultdict(int)
    for quarter in quarters:
        for pair, joules in quarter.pairs.items():
            found[pair] += joules
    return found
