"""Prices of the quarter-hours that come, as programs look at them."""

from functools import lru_cache

from joulebus.device import Span
from joulebus.devices.grid import GridProperties
from joulebus.physics.prices import price_runs
from joulebus_schemas.facts import DAY_SECONDS, QUARTER_SECONDS

QUARTERS_A_DAY = DAY_SECONDS // QUARTER_SECONDS


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
