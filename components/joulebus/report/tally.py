"""Sums up the records of a home in quarter-hours, from their transfers alone. The core does the adding (tally.rs)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from joulebus.device import DeviceContext, Inputs
from joulebus.device import Span as DeviceSpan
from joulebus.devices import KINDS
from joulebus.errors import ReportError
from joulebus.journal.recovery import changed
from joulebus.report.calendar import Integers, ReportSpan
from joulebus.report.darkness import Darkness, TickedWindow
from joulebus_core import CoreError, tally_columns
from joulebus_schemas.facts import FLOWS, QUARTER_SECONDS
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed, JournalRecord
from joulebus_schemas.offers import Grid
from joulebus_schemas.roster import Change, Member, busbar_of, of_kind

SourceSink = tuple[str, str]


class KwhPrices(NamedTuple):
    """Micro-euro per kWh."""

    bought: int
    sold: int


@dataclass(frozen=True)
class Cells:
    """Consecutive cells of ticks; nothing changes its price within one."""

    starts: Integers
    """Unix seconds."""
    ends: Integers
    pairs: tuple[SourceSink, ...]
    joules: Integers
    """Joules by cell and pair of accounts."""
    flows: Integers
    """Joules by cell and flow pair."""
    bought: Integers
    """Price of a kWh in each cell."""
    sold: Integers
    levels: dict[str, Integers]
    """Joules in each store at the end of each cell."""


Take = Callable[[Cells], None]


class Tally:
    """Follows the records of one home and hands on what they moved, in cells that end at quarter-hours or at finer marks."""

    def __init__(self, take: Take, span: ReportSpan, cell_seconds: int = QUARTER_SECONDS) -> None:
        self._take, self._span, self._cell_seconds = take, span, cell_seconds
        self.born: Born | None = None
        self.roster: dict[str, Member] = {}
        self.members: dict[str, Member] = {}
        """Everybody who was ever there, as last seen."""
        self.head_seal = "0" * 64
        self.darkness = Darkness(span)
        self.next_tick = 0
        self._pending: list[Change] = []
        self._stores: set[str] = set()

    def add(self, record: JournalRecord, columns: bytes) -> None:
        """The next record.

        Raises:
            ReportError: The record says what cannot be counted.
        """
        try:
            self._add(record, columns)
        except (ValueError, KeyError, IndexError, ArithmeticError) as error:  # Also what the core refuses, and what a kind does.
            where = f" of the ticks {record.window.start} to {record.window.end - 1}" if isinstance(record, Committed) else ""
            cause = f" ({error})" if isinstance(error, CoreError) else ""
            raise ReportError(
                f"cannot report: the record{where} cannot be counted{cause}; `joulebus audit` names what was changed in it"
            ) from error

    def _add(self, record: JournalRecord, columns: bytes) -> None:
        if isinstance(record, Born):
            self._begin(record)
            self.roster, self.members = dict(record.members), dict(record.members)
        elif isinstance(record, Changed):
            self._pending = sorted([*self._pending, *record.changes], key=lambda change: change.from_tick)
        elif isinstance(record, Checkpoint) and self.born is None:
            self._begin(record.born)
            self.roster, self.members = dict(record.roster), dict(record.ever)
            self._pending, self.next_tick = list(record.pending), record.next_tick
        elif isinstance(record, Committed) and self.is_past(record.window.start):
            self.next_tick = record.window.end
        elif isinstance(record, Committed):
            self._change(record.window.start)
            self._window(record, columns)

    def _begin(self, born: Born) -> None:
        self.born = born
        self._span = self.darkness.span = self._span.on_ticks(born.start_unix_seconds, born.tick_seconds)

    def is_past(self, tick: int) -> bool:
        """Whether the span ends before a tick does: nothing from there on is counted."""
        assert self.born is not None, "the first record of a journal tells how the home was born"
        to = self._span.to_unix_seconds
        return to is not None and self.born.start_unix_seconds + tick * self.born.tick_seconds >= to

    @property
    def busbar(self) -> str:
        """The account of the inverter."""
        return busbar_of(self.roster)

    @property
    def grids(self) -> list[str]:
        """Accounts of grids."""
        return of_kind(self.roster, "grid")

    def _change(self, tick: int) -> None:
        while self._pending and self._pending[0].from_tick <= tick:
            self.roster = changed(self.roster, self._pending.pop(0))
            self.members |= self.roster

    def _window(self, record: Committed, columns: bytes) -> None:
        assert self.born is not None, "the first record of a journal tells how the home was born"
        tick_seconds, window = self.born.tick_seconds, record.window
        begins = self.born.start_unix_seconds + window.start * tick_seconds
        first, last = self._span.cut(begins, begins + window.ticks * tick_seconds)
        self.next_tick = window.end
        if first >= last:
            return
        for seal in record.seals:
            sealed_until = self.born.start_unix_seconds + (seal.first_tick + seal.ticks) * tick_seconds
            if first < sealed_until <= last:
                self.head_seal = seal.hash
        self._stores |= {name for name, outcome in record.outcomes.items() if outcome.level_microjoules}
        # A car is a load when it takes and a producer when it gives: what it drives is used as at any load.
        self._stores = (self._stores | set(of_kind(self.roster, "battery"))) - set(of_kind(self.roster, "car"))
        bought, sold = self._prices(DeviceSpan(window.start, window.ticks, tick_seconds, begins))
        if any(outcome.unserved_joules for outcome in record.outcomes.values()):
            where = (begins, window.ticks, tick_seconds, self.busbar, tuple(self.grids), tuple(sorted(self._stores)))
            self.darkness.add(TickedWindow(columns, *where))
        marks = {0, window.ticks, *((edge - begins) // tick_seconds for edge in (first, last)), *_edges(bought), *_edges(sold)}
        marks |= set(range((-begins % self._cell_seconds) // tick_seconds, window.ticks, max(self._cell_seconds // tick_seconds, 1)))
        ends = np.array(sorted(marks - {0}), dtype=np.int64)
        pairs, sums, flows = tally_columns(columns, ends, self.busbar, self.grids, sorted(self._stores))
        joules = np.frombuffer(sums, dtype=np.int64).reshape(len(ends), len(pairs))
        starts = begins + np.concatenate(([0], ends[:-1])) * tick_seconds
        inside = (starts >= first) & (starts < last)
        levels = {name: level for name in sorted(self._stores) if (level := _level(name, record, pairs, joules)) is not None}
        self._take(
            Cells(
                starts=starts[inside],
                ends=(begins + ends * tick_seconds)[inside],
                pairs=tuple(pairs),
                joules=joules[inside],
                flows=np.frombuffer(flows, dtype=np.int64).reshape(len(ends), len(FLOWS))[inside],
                bought=_at(bought, ends)[inside],
                sold=_at(sold, ends)[inside],
                levels={name: level[inside] for name, level in levels.items()},
            )
        )

    def _prices(self, span: DeviceSpan) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
        """Runs of (ticks, price) of what is bought and of what is sold, as the grid offers them."""
        nothing = ((span.ticks, 0),)
        for name in self.grids:
            device, member, born = KINDS["grid"], self.roster[name], self.born
            assert born is not None, "windows come after the birth"
            context = DeviceContext(name, born.place, born.start_unix_seconds, born.tick_seconds, born.seed)
            properties = device.properties.model_validate(member.properties, strict=False)
            offer = device.offer(Inputs(context, properties, span), device.state()) if member.on else None
            if isinstance(offer, Grid):
                if properties.model_dump()["import_limit_watts"]:
                    self.darkness.note(offer, span.unix_seconds, born.tick_seconds)
                return offer.import_price.run_lengths, offer.export_price.run_lengths
        return nothing, nothing


def _edges(runs: tuple[tuple[int, int], ...]) -> list[int]:
    return [int(end) for end in np.cumsum([count for count, _ in runs])]


def _at(runs: tuple[tuple[int, int], ...], ends: Integers) -> Integers:
    """The value of each cell that ends there."""
    edges = np.array(_edges(runs), dtype=np.int64)
    return np.array([value for _, value in runs], dtype=np.int64)[np.searchsorted(edges, ends)]


def _level(name: str, record: Committed, pairs: list[SourceSink], joules: Integers) -> Integers | None:
    """A store's joules after each cell: what it has at the end of the window, less what moved since."""
    outcome = record.outcomes.get(name)
    if outcome is None:
        return None
    signs = np.array([(taker == name) - (giver == name) for giver, taker in pairs], dtype=np.int64)
    moved = np.cumsum(joules @ signs)
    return outcome.level_microjoules // 1_000_000 + moved - (moved[-1] if len(moved) else 0)
