"""When a home was without its grid, and for how long its loads went without."""

from dataclasses import dataclass, field

import numpy as np

from joulebus.report.calendar import Integers, ReportSpan
from joulebus_core import tally_columns
from joulebus_schemas.facts import FLOWS, UNSERVED
from joulebus_schemas.offers import Grid
from joulebus_schemas.series import RunLengths

Outages = tuple[tuple[int, int], ...]
"""Unix seconds at which each begins and ends."""


@dataclass(frozen=True)
class TickedWindow:
    """The transfers of a window, and where they are in time."""

    columns: bytes
    begins: int
    """Unix seconds."""
    ticks: int
    tick_seconds: int
    busbar: str
    grids: tuple[str, ...]
    stores: tuple[str, ...]


@dataclass
class Darkness:
    """Counts seconds. Dark: something wanted energy, and nothing got any. Short: something got less than it wanted."""

    span: ReportSpan
    dark_seconds: int = 0
    short_seconds: int = 0
    _outages: list[tuple[int, int]] = field(default_factory=list)

    def add(self, window: TickedWindow) -> None:
        """A window in which something was not served."""
        ends = np.arange(1, window.ticks + 1, dtype=np.int64)
        pairs, sums, flows = tally_columns(window.columns, ends, window.busbar, list(window.grids), list(window.stores))
        unserved = np.frombuffer(sums, dtype=np.int64).reshape(len(ends), len(pairs))[:, [giver == UNSERVED for giver, _ in pairs]]
        served = np.frombuffer(flows, dtype=np.int64).reshape(len(ends), len(FLOWS))[:, [flow.endswith(">loads") for flow in FLOWS]]
        is_short = (unserved.sum(axis=1) > 0) & self._inside(window.begins + (ends - 1) * window.tick_seconds)
        self.short_seconds += int(is_short.sum()) * window.tick_seconds
        self.dark_seconds += int((is_short & (served.sum(axis=1) == 0)).sum()) * window.tick_seconds

    def _inside(self, starts: Integers) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        first = starts.min() if self.span.from_unix_seconds is None else self.span.from_unix_seconds
        last = starts.max() + 1 if self.span.to_unix_seconds is None else self.span.to_unix_seconds
        return np.asarray((starts >= first) & (starts < last))

    def note(self, offer: Grid, begins: int, tick_seconds: int) -> None:
        """What the grid offered in a window: where it could give nothing, it was out."""
        assert isinstance(offer.import_joules_max, RunLengths), "a grid offers its limits in runs"
        for count, joules in offer.import_joules_max.run_lengths:
            ends = begins + count * tick_seconds
            first, last = self.span.cut(begins, ends)
            begins = ends
            if joules or first >= last:
                continue
            if self._outages and self._outages[-1][1] == first:
                first = self._outages.pop()[0]
            self._outages.append((first, last))

    @property
    def outages(self) -> Outages:
        """In their order; those that follow each other are one."""
        return tuple(self._outages)
