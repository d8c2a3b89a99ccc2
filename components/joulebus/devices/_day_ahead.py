"""Prices of the quarter-hours that come, as programs look at them."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from joulebus.device import Span
from joulebus.devices.grid import GridProperties
from joulebus.physics.prices import price_runs
from joulebus.program import ProgramInputs
from joulebus_schemas.facts import DAY_SECONDS, MICRO_PER_EURO, QUARTER_SECONDS
from joulebus_schemas.roster import of_kind

QUARTERS_A_DAY = DAY_SECONDS // QUARTER_SECONDS
CHEAP_SHARE = 1 / 3
"""An hour is cheap whose price lies in the lowest third between the lowest and the highest price of the next 24 h."""


@dataclass(frozen=True)
class PricesAhead:
    """What a kWh of the grid costs in the quarter-hours that come, in micro-euro; empty without a grid."""

    imports: tuple[float, ...] = ()
    cheap: tuple[bool, ...] = ()
    """Whether each of them is; where all cost the same, each is."""
    limit_watts: int = 0

    @classmethod
    def of(cls, inputs: ProgramInputs[Any], seconds: int) -> "PricesAhead":
        """The prices of the home's grid, for so long."""
        grid = next((inputs.roster[name] for name in of_kind(inputs.roster, "grid") if inputs.roster[name].on), None)
        if grid is None:
            return cls()
        text = json.dumps(grid.properties)
        found = quarter_prices(text, inputs.context.place.timezone, inputs.period, seconds // QUARTER_SECONDS)
        imports = tuple(bought for bought, _ in found)
        low, high = min(imports[:QUARTERS_A_DAY]), max(imports[:QUARTERS_A_DAY])
        most = low + (high - low) * CHEAP_SHARE
        properties = grid_of(text)
        limit = properties.import_limit_watts if properties.connected else 0
        return cls(imports, tuple(price <= most for price in imports), limit)

    def cheap_seconds(self, seconds: int) -> int:
        """The seconds that are cheap of the next ones."""
        return QUARTER_SECONDS * sum(self.cheap[: max(0, seconds // QUARTER_SECONDS)])

    @property
    def said(self) -> str:
        """For people."""
        if not self.imports:
            return "there is no grid"
        day = self.imports[:QUARTERS_A_DAY]
        return f"a kWh costs {_euro(self.imports[0])} now and {_euro(min(day))} to {_euro(max(day))} in the next 24 h"


@lru_cache(maxsize=8)
def grid_of(text: str) -> GridProperties:
    """A grid from its properties in JSON; kept, because it keeps the prices that it has read."""
    return GridProperties.model_validate_json(text)


def quarter_prices(grid: str, timezone: str, begins: Span, quarters: int) -> list[tuple[float, float]]:
    """Mean prices of import and of export in so many quarter-hours from a span's begin on, which is one's; in micro-euro per kWh.

    ``grid``: its properties in JSON.
    """
    day, first = divmod(begins.unix_seconds // QUARTER_SECONDS, QUARTERS_A_DAY)
    days = range(day, day - (-(first + quarters) // QUARTERS_A_DAY))
    found = [pair for one in days for pair in _day_prices(grid, timezone, begins.tick_seconds, one)]
    return found[first : first + quarters]


@lru_cache(maxsize=32)
def _day_prices(grid: str, timezone: str, tick_seconds: int, day: int) -> tuple[tuple[float, float], ...]:
    """The pairs of a day of UTC, counted from 1970."""
    span = Span(0, DAY_SECONDS // tick_seconds, tick_seconds, day * DAY_SECONDS)
    bought, sold = (
        _means(price_runs(tariff, span, timezone), QUARTER_SECONDS // tick_seconds) for tariff in grid_of(grid).tariffs(timezone)
    )
    return tuple(zip(bought, sold, strict=True))


def _means(runs: tuple[tuple[int, int], ...], length: int) -> list[float]:
    """Means of runs over equal stretches."""
    sums, place = [0] * QUARTERS_A_DAY, 0
    for count, value in runs:
        end = place + count
        while place < end:
            step = place // length
            here = min(end, (step + 1) * length) - place
            sums[step] += here * value
            place += here
    return [total / length for total in sums]


def _euro(micro: float) -> str:
    return f"{micro / MICRO_PER_EURO:.3f}"
