"""What a kWh cost in each tick of a window: the tariff of the home's grid, asked again."""

from joulebus.audit.books import ColumnRuns, cut_runs
from joulebus.device import Span
from joulebus.devices.grid import GridProperties
from joulebus.physics.prices import price_runs
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Member


class GridPrices:
    """Prices of one home; they are worked out for some hours at once, because most windows are shorter."""

    def __init__(self, born: Born) -> None:
        self._born = born
        self._block_ticks = max(DAY_SECONDS // 4 // born.tick_seconds, 1)
        self._member: Member | None = None
        self._properties = GridProperties()
        self._block = 0
        self._runs: tuple[ColumnRuns, ColumnRuns] | None = None

    def of_roster(self, roster: dict[str, Member], window: Window) -> tuple[ColumnRuns, ColumnRuns]:
        """(ticks, micro-euro per kWh) of what is bought and of what is sold. Raises PropertyError when a file of prices cannot be read."""
        grid = next((member for member in roster.values() if member.kind == "grid" and member.on), None)
        if grid is None:
            return [(window.ticks, 0)], [(window.ticks, 0)]
        if grid is not self._member and grid != self._member:
            self._properties = GridProperties.model_validate(grid.properties, strict=False)
            self._member, self._runs = grid, None
        return self._bought_and_sold(window)

    def _bought_and_sold(self, window: Window) -> tuple[ColumnRuns, ColumnRuns]:
        block = window.start // self._block_ticks
        begins = block * self._block_ticks
        if window.end > begins + self._block_ticks:
            return self._of_ticks(window.start, window.ticks)
        if self._runs is None or block != self._block:
            self._block, self._runs = block, self._of_ticks(begins, self._block_ticks)
        bought, sold = (cut_runs(runs, [window.start - begins, window.ticks])[1] for runs in self._runs)
        return bought, sold

    def _of_ticks(self, start: int, ticks: int) -> tuple[ColumnRuns, ColumnRuns]:
        born = self._born
        span = Span(start, ticks, born.tick_seconds, born.start_unix_seconds + start * born.tick_seconds)
        bought, sold = (list(price_runs(tariff, span, born.place.timezone)) for tariff in self._properties.tariffs(born.place.timezone))
        return bought, sold
