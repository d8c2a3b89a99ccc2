"""When a home was without its grid and its loads without energy, counted again in plain Python from transfers and the grid's limits."""

from collections import defaultdict
from dataclasses import dataclass, field

from joulebus.audit.books import ColumnRuns, EpochColumns
from joulebus.audit.checks import HomeWiring
from joulebus_schemas.facts import HEAT, UNSERVED


@dataclass
class DarkRecount:
    """Seconds of a span. Dark: something wanted energy, and nothing got any. Short: something got less than it wanted."""

    from_unix_seconds: int
    to_unix_seconds: int
    dark_seconds: int = 0
    short_seconds: int = 0
    outages: list[tuple[int, int]] = field(default_factory=list)
    """Unix seconds at which each begins and ends; those that follow each other are one."""

    def transfers(self, wiring: HomeWiring, columns: EpochColumns, begins: int, step: int) -> None:
        """A window whose first tick begins there; what grids and stores take is no load."""
        beside = {HEAT, *wiring.grids, *wiring.stores}
        lacks: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for giver, taker, runs in columns:
            is_load = giver == wiring.busbar and taker not in beside
            if giver == UNSERVED or is_load:
                _step(lacks, int(is_load), runs)
        levels, ticks = [0, 0], sorted(lacks)
        for tick, end in zip(ticks, ticks[1:], strict=False):
            levels = [level + news for level, news in zip(levels, lacks[tick], strict=True)]
            if levels[0]:
                seconds = step * self._inside(begins, step, (tick, end))
                self.short_seconds += seconds
                self.dark_seconds += 0 if levels[1] else seconds

    def _inside(self, begins: int, step: int, ticks: tuple[int, int]) -> int:
        """How many of some ticks begin in the span."""
        first, last = (max(-(-(moment - begins) // step), 0) for moment in (self.from_unix_seconds, self.to_unix_seconds))
        return max(min(ticks[1], last) - max(ticks[0], first), 0)

    def limits(self, runs: ColumnRuns, begins: int, step: int) -> None:
        """What the grid could have given at most in the ticks of a window: where that is nothing, it was out."""
        for count, joules in runs:
            ends = begins + count * step
            first, last = max(begins, self.from_unix_seconds), min(ends, self.to_unix_seconds)
            begins = ends
            if joules or first >= last:
                continue
            if self.outages and self.outages[-1][1] == first:
                first = self.outages.pop()[0]
            self.outages.append((first, last))


def _step(lacks: dict[int, list[int]], place: int, runs: ColumnRuns) -> None:
    tick = 0
    for count, joules in runs:
        lacks[tick][place] += joules
        lacks[tick + count][place] -= joules
        tick += count
