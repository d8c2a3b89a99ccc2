"""Prices of energy by time, in whole micro-euro per kWh: a base price, prices from moments on, and daily rates over both."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from joulebus.device import Properties, Span
from joulebus.physics.daily import DAY_SECONDS, DailyWindow, LocalMoment
from joulebus.physics.schedule import intervals, unix_seconds
from joulebus.physics.steps import Step

EuroPerKwh = Annotated[float, Field(ge=-100, le=100, description="negative where one is paid for it")]
"""Of a property; negative where one is paid for taking energy. Finer than a micro-euro is rounded once."""


class Rate(Properties):
    """A price that holds during a daily window, such as the night rate."""

    during: DailyWindow
    euro_per_kwh: EuroPerKwh


class PriceFrom(Properties):
    """A price that holds from a moment on, until the next one."""

    since: LocalMoment
    euro_per_kwh: EuroPerKwh


Rates = Annotated[tuple[Rate, ...], Field(max_length=64, strict=False)]
PricesFrom = Annotated[tuple[PriceFrom, ...], Field(max_length=10_000, strict=False)]


@dataclass(frozen=True)
class Tariff:
    """All that decides a price, in micro-euro. A rate beats a price from a moment on; of two rates the later one wins."""

    base: int
    rates: tuple[tuple[str, int], ...]
    """Daily window and price."""
    prices_from: tuple[tuple[str, int], ...]
    """Local moment, as a text that sorts, and price; sorted."""

    @classmethod
    def of(cls, euro_per_kwh: float, rates: Rates = (), prices_from: PricesFrom = ()) -> "Tariff":
        """The tariff that properties describe."""
        daily = tuple((rate.during, micro_euro(rate.euro_per_kwh)) for rate in rates)
        since = sorted((price.since, micro_euro(price.euro_per_kwh)) for price in prices_from)
        return cls(micro_euro(euro_per_kwh), daily, tuple(since))


def micro_euro(euro: float) -> int:
    """Euro as people write them in whole micro-euro."""
    return round(euro * 1_000_000)


def price_runs(tariff: Tariff, span: Span, timezone: str) -> tuple[tuple[int, int], ...]:
    """Runs of ticks with the price at the start of each tick."""
    begins, ends = span.unix_seconds, span.unix_seconds + span.seconds
    steps = _base_steps(tariff, timezone, begins, ends)
    for window, price in tariff.rates:
        steps = _cover(steps, intervals((window,), timezone, begins, ends), price)
    return _at_tick_starts(steps, span)


def _base_steps(tariff: Tariff, timezone: str, begins: int, ends: int) -> list[Step]:
    """The base price and the prices from moments on; of a long list only the part around the span is looked at."""
    known = tariff.prices_from
    first = max(bisect_left(known, (_local_text(begins - DAY_SECONDS),)) - 1, 0)
    last = bisect_left(known, (_local_text(ends + DAY_SECONDS),))
    since = [(unix_seconds(moment, timezone), price) for moment, price in known[first:last]]
    edges = [(begins, tariff.base)] + [(max(moment, begins), price) for moment, price in since if moment < ends]
    follows = [moment for moment, _ in edges[1:]] + [ends]
    return [(moment, following, price) for (moment, price), following in zip(edges, follows, strict=True) if moment < following]


def _local_text(moment: int) -> str:
    """About the local moment, right within a day."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _cover(steps: list[Step], found: list[tuple[int, int]], price: int) -> list[Step]:
    """The steps with a price laid over them wherever an interval is."""
    moments = sorted({edge for step in steps for edge in step[:2]} | {edge for interval in found for edge in interval})
    covered: list[Step] = []
    for begins, ends in pairwise(moments):
        inside = any(first <= begins < last for first, last in found)
        covered.append((begins, ends, price if inside else _value_at(steps, begins)))
    return covered


def _value_at(steps: list[Step], moment: int) -> int:
    return steps[bisect_right([step[0] for step in steps], moment) - 1][2]


def _at_tick_starts(steps: list[Step], span: Span) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for begins, ends, price in steps:
        first, last = (-(-(edge - span.unix_seconds) // span.tick_seconds) for edge in (begins, ends))
        if first < last and runs and runs[-1][1] == price:
            runs[-1] = (runs[-1][0] + last - first, price)
        elif first < last:
            runs.append((last - first, price))
    return tuple(runs)
