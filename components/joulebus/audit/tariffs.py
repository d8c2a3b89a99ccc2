"""What a kWh cost in each tick of a window, and what the grid could have given: the home's grid, asked again."""

from joulebus.audit.books import ColumnRuns, cut_runs
from joulebus.device import DeviceContext, Inputs, Span
from joulebus.devices import KINDS
from joulebus.devices.grid import GridProperties
from joulebus.errors import PropertyError
from joulebus.physics.prices import price_runs
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.journal import Born
from joulebus_schemas.offers import Grid
from joulebus_schemas.roster import Member
from joulebus_schemas.series import RunLengths

CALENDAR_ENDS_UNIX_SECONDS = 253_402_300_800
"""The end of the year 9999, behind which Python has no dates; no home lives so long, but a forged window may say so."""


class GridPrices:
    """Prices of one home; they are worked out for some hours at once, because most windows are shorter."""

    def __init__(self, born: Born) -> None:
        self._born = born
        self._block_ticks = max(DAY_SECONDS // 4 // born.tick_seconds, 1)
        self._member: Member | None = None
        self._properties = GridProperties()
        self._block = 0
        self._runs: tuple[ColumnRuns, ColumnRuns, ColumnRuns] | None = None

    def of_roster(self, roster: dict[str, Member], window: Window) -> tuple[ColumnRuns, ColumnRuns]:
        """(ticks, micro-euro per kWh) of what is bought and of what is sold. Raises PropertyError when a file of prices cannot be read."""
        if not self._is_there(roster):
            return [(window.ticks, 0)], [(window.ticks, 0)]
        bought, sold, _ = self._in_window(window)
        return bought, sold

    def limits(self, roster: dict[str, Member], window: Window) -> ColumnRuns:
        """(ticks, joules) that the grid could have given at most; nothing of a home without a grid, or whose connection carries nothing.

        Raises PropertyError as above.
        """
        return self._in_window(window)[2] if self._is_there(roster) and self._properties.import_limit_watts else []

    def _is_there(self, roster: dict[str, Member]) -> bool:
        grid = next((member for member in roster.values() if member.kind == "grid" and member.on), None)
        if grid is not None and grid is not self._member and grid != self._member:
            self._properties = GridProperties.model_validate(grid.properties, strict=False)
            self._member, self._runs = grid, None
        return grid is not None

    def _in_window(self, window: Window) -> tuple[ColumnRuns, ColumnRuns, ColumnRuns]:
        block = window.start // self._block_ticks
        begins = block * self._block_ticks
        if window.end > begins + self._block_ticks:
            return self._of_ticks(window.start, window.ticks)
        if self._runs is None or block != self._block:
            self._block, self._runs = block, self._of_ticks(begins, self._block_ticks)
        bought, sold, limits = (cut_runs(runs, [window.start - begins, window.ticks])[1] for runs in self._runs)
        return bought, sold, limits

    def _of_ticks(self, start: int, ticks: int) -> tuple[ColumnRuns, ColumnRuns, ColumnRuns]:
        born = self._born
        span = Span(start, ticks, born.tick_seconds, born.start_unix_seconds + start * born.tick_seconds)
        if span.unix_seconds + ticks * born.tick_seconds > CALENDAR_ENDS_UNIX_SECONDS:
            raise PropertyError(f"tick {start} is behind the year 9999, for which there are no prices")
        bought, sold = (list(price_runs(tariff, span, born.place.timezone)) for tariff in self._properties.tariffs(born.place.timezone))
        context = DeviceContext("grid", born.place, born.start_unix_seconds, born.tick_seconds, born.seed)
        offer = KINDS["grid"].offer(Inputs(context, self._properties, span), KINDS["grid"].state())
        assert isinstance(offer, Grid) and isinstance(offer.import_joules_max, RunLengths), "a grid offers its limits in runs"
        return bought, sold, [(count, joules) for count, joules in offer.import_joules_max.run_lengths]
