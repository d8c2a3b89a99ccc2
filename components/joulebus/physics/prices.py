"""Prices of energy by time, in whole micro-euro per kWh: a base price, prices from moments on, and daily rates over both."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from joulebus.device import Properties, Span
from joulebus.physics.daily import DailyWindow, LocalMoment
from joulebus.physics.moments import Timeline, timeline
from joulebus.physics.schedule import intervals, local_days, moment_of
from joulebus.physics.steps import Interval, Step, without
from joulebus_schemas.facts import DAY_SECONDS

_HOUR_SECONDS = 3_600
EuroPerKwh = Annotated[float, Field(ge=-100, le=100, description="negative where one is paid for it")]
"""A price as a property; negative where consumers are paid for taking energy. Anything finer than a micro-euro is rounded once."""


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


@dataclass(frozen=True, eq=False)
class Tariff:
    """All that decides a price, in micro-euro. A rate beats a price from a moment on; of two rates the later one wins."""

    base: int
    rates: tuple[tuple[str, int], ...]
    """Daily window and price."""
    prices_from: Timeline
    """Prices from moments on."""

    @property
    def is_flat(self) -> bool:
        """Whether there is but one price."""
        return not self.rates and len(self.prices_from.moments) == 0

    @classmethod
    def of(cls, euro_per_kwh: float, rates: Rates, prices_from: Timeline) -> "Tariff":
        """The tariff that properties describe."""
        return cls(micro_euro(euro_per_kwh), tuple((rate.during, micro_euro(rate.euro_per_kwh)) for rate in rates), prices_from)


def prices_of(said: PricesFrom, timezone: str) -> Timeline:
    """Prices from local moments on."""
    return timeline(((price.since, micro_euro(price.euro_per_kwh)) for price in said), timezone)


def micro_euro(euro: float) -> int:
    """Euro as people write them in whole micro-euro."""
    return round(euro * 1_000_000)


def price_runs(tariff: Tariff, span: Span, timezone: str) -> tuple[tuple[int, int], ...]:
    """Runs of ticks with the price at the start of each tick."""
    return _at_tick_starts(_steps(tariff, timezone, *span.moments), span)


def cheaper_runs(tariff: Tariff, span: Span, timezone: str) -> tuple[tuple[int, int], ...]:
    """Runs of ticks with the seconds of the local day that are cheaper than the start of the tick; of equal ones the first is cheaper.

    The prices of a day are known when it begins, as those of a day-ahead market are.
    """
    begins, ends = span.moments
    days = local_days(timezone, begins, ends)
    found = [step for day in days for step in _ranked(tariff, timezone, day) if step[0] < ends and step[1] > begins]
    return _at_tick_starts([(max(first, begins), min(last, ends), rank) for first, last, rank in found], span)


@lru_cache(maxsize=64)
def _ranked(tariff: Tariff, timezone: str, day: int) -> tuple[Step, ...]:
    """The hours of a local day, or parts of them, each with the seconds that are cheaper; a day of one price has no cheap hour."""
    begins, ends = (moment_of(timezone, one, 0) for one in (day, day + 1))
    hours = [(max(first, edge), min(last, edge + _HOUR_SECONDS), price)
             for first, last, price in _steps(tariff, timezone, begins, ends)
             for edge in range(begins + (first - begins) // _HOUR_SECONDS * _HOUR_SECONDS, last, _HOUR_SECONDS)]  # fmt: skip
    cheaper, ranked, is_flat = 0, [], len({price for *_, price in hours}) == 1
    for first, last, _ in sorted(hours, key=lambda hour: (hour[2], hour[0])):
        ranked.append((first, last, 2 * DAY_SECONDS if is_flat else cheaper))
        cheaper += last - first
    return tuple(sorted(ranked))


def _steps(tariff: Tariff, timezone: str, begins: int, ends: int) -> list[Step]:
    """Prices between two moments, to the second."""
    steps = tariff.prices_from.steps(tariff.base, begins, ends)
    for window, price in tariff.rates:
        steps = _cover(steps, intervals((window,), timezone, begins, ends), price)
    return steps


def _cover(steps: list[Step], found: list[Interval], price: int) -> list[Step]:
    """The steps with a price laid over them wherever an interval is; both are sorted."""
    covered: list[Step] = [(begins, ends, price) for begins, ends in found]
    number = 0
    for begins, ends, value in steps:
        while number < len(found) and found[number][1] <= begins:
            number += 1
        last = number
        while last < len(found) and found[last][0] < ends:
            last += 1
        covered += [(first, second, value) for first, second in without(begins, ends, found[number:last])]
    return sorted(covered)


def _at_tick_starts(steps: list[Step], span: Span) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for begins, ends, price in steps:
        first, last = (-(-(edge - span.unix_seconds) // span.tick_seconds) for edge in (begins, ends))
        if first < last and runs and runs[-1][1] == price:
            runs[-1] = (runs[-1][0] + last - first, price)
        elif first < last:
            runs.append((last - first, price))
    return tuple(runs)
