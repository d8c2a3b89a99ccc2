"""Follows the records of a home and gives blocks of its epochs: what moved in each minute, or in each tick. Pure.

Windows are gathered until an epoch is full and then counted at once: a home at real time has 900 of them in a quarter-hour.
"""

from collections.abc import Sequence

import numpy as np

from joulebus.historian.blocks import BY_ACCOUNT, BY_FLOW, EXPORTED, IMPORTED, LEVELS, MONEY, Block
from joulebus.report.calendar import ReportSpan
from joulebus.report.quarters import moved
from joulebus.report.tally import Cells, Tally
from joulebus_core import decode_columns, encode_columns
from joulebus_schemas.base import Window
from joulebus_schemas.facts import EPOCH_SECONDS, FLOWS
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed, JournalRecord

MINUTE_SLOT_SECONDS = 60


class Roller:
    """Blocks of the epochs of one home, from a moment on; first it is told of the birth and of all changes."""

    def __init__(self, slot_seconds: int = MINUTE_SLOT_SECONDS, span: ReportSpan | None = None) -> None:
        self._slot_seconds = slot_seconds
        self._tally = Tally(self._take, span or ReportSpan(), slot_seconds)
        self._windows: list[tuple[Committed, bytes]] = []
        self._cuts: list[int] = []
        self._blocks: dict[int, Block] = {}

    def add(self, record: JournalRecord, columns: bytes) -> None:
        """The next record. Columns that cannot be read raise CoreError."""
        if isinstance(record, Committed):
            self._window(record, columns)
        elif isinstance(record, Changed):
            self._cuts += [change.from_tick for change in record.changes]
            self._tally.add(record, columns)
        elif isinstance(record, Born | Checkpoint) and self._tally.born is None:
            born = record.born if isinstance(record, Checkpoint) else record
            self._slot_seconds = max(self._slot_seconds, born.tick_seconds)
            self._tally.add(record, columns)

    def closed(self) -> list[Block]:
        """The blocks of the epochs that are complete, in order; they are handed out once."""
        done = [epoch for epoch in sorted(self._blocks) if epoch < self._epoch(self._tally.next_tick)]
        return [self._blocks.pop(epoch) for epoch in done]

    def all(self) -> list[Block]:
        """Also the block of the epoch that is not complete."""
        self._flush()
        return [self._blocks.pop(epoch) for epoch in sorted(self._blocks)]

    @property
    def timezone(self) -> str:
        """The time zone of the place."""
        assert self._tally.born is not None, "the first record tells how the home was born"
        return self._tally.born.place.timezone

    def _window(self, record: Committed, columns: bytes) -> None:
        start = record.window.start
        if any(cut <= start for cut in self._cuts) or (self._windows and self._windows[-1][0].window.end != start):
            self._flush()  # Within one count, nobody comes, goes or changes.
            self._cuts = [cut for cut in self._cuts if cut > start]
        self._windows.append((record, columns))
        if self._epoch(record.window.end) != self._epoch(self._windows[0][0].window.start):
            self._flush()

    def _flush(self) -> None:
        windows, self._windows = self._windows, []
        if windows:
            self._tally.add(*merged_windows(windows))

    def _epoch(self, tick: int) -> int:
        born = self._tally.born
        assert born is not None, "the first record tells how the home was born"
        return (born.start_unix_seconds + tick * born.tick_seconds) // EPOCH_SECONDS

    def _take(self, cells: Cells) -> None:
        epochs = cells.starts // EPOCH_SECONDS
        for epoch in np.unique(epochs).tolist():
            inside = epochs == epoch
            start = epoch * EPOCH_SECONDS
            block = self._blocks.get(epoch)
            if block is None:
                block = self._blocks[epoch] = Block(start, self._slot_seconds, -(-EPOCH_SECONDS // self._slot_seconds))
            _fill(block, cells, inside, (cells.starts[inside] - start) // self._slot_seconds)


def _fill(block: Block, cells: Cells, inside: np.ndarray, slots: np.ndarray) -> None:
    for place, (giver, taker) in enumerate(cells.pairs):
        block.add((BY_ACCOUNT, f"{giver}>{taker}"), slots, cells.joules[inside, place])
    for place, flow in enumerate(FLOWS):
        block.add((BY_FLOW, flow), slots, cells.flows[inside, place])
    for what, prices in ((IMPORTED, cells.bought), (EXPORTED, cells.sold)):
        block.add((MONEY, what), slots, (moved(cells, what).astype(object) * prices)[inside])
    for name, level in cells.levels.items():
        block.add((LEVELS, name), slots, level[inside])


def merged_windows(windows: Sequence[tuple[Committed, bytes]]) -> tuple[Committed, bytes]:
    """Consecutive windows as one: their transfers one after the other, and the outcomes at their end."""
    if len(windows) == 1:
        return windows[0]
    first, last = windows[0][0].window.start, windows[-1][0]
    runs: dict[tuple[str, str], list[tuple[int, int]]] = {}
    lengths: dict[tuple[str, str], int] = {}
    for record, columns in windows:
        offset = record.window.start - first
        for giver, taker, found in decode_columns(columns):
            mine = runs.setdefault((giver, taker), [])
            missing = offset - lengths.get((giver, taker), 0)
            mine += [(missing, 0), *found] if missing else found
            lengths[giver, taker] = offset + sum(count for count, _ in found)
    ticks = last.window.end - first
    for pair, length in lengths.items():
        if length < ticks:
            runs[pair].append((ticks - length, 0))
    seals = tuple(seal for one, _ in windows for seal in one.seals)
    window = Window.model_construct(start=first, ticks=ticks)
    whole = last.model_copy(update={"window": window, "seals": seals})
    return whole, encode_columns([(giver, taker, found) for (giver, taker), found in sorted(runs.items())])
