"""Power that switches between levels, as whole joules along the ticks; and when people switch things on.

A device of 90.5 W draws 90 J in some seconds and 91 J in others: within each minute of the clock the whole joules come
first one more per second, then not, and what a minute leaves over goes to the next. As this depends on the minute alone,
nothing has to be remembered, and no cutting of time into windows or ticks changes a joule.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import joulebus_core as core
from joulebus.device import DeviceContext, Span
from joulebus.physics.schedule import intervals, local_days, occurrences
from joulebus.physics.steps import Interval, Step, merge, overlap
from joulebus_schemas.series import RunLengths

MINUTE_SECONDS = 60


class _Household(NamedTuple):
    """Whose chance moves the edges of timers, and by which clock."""

    seed: int
    device: str
    timezone: str


def milliwatts(watts: float) -> int:
    """Watts as people write them, in whole milliwatts."""
    return round(watts * 1_000)


def joule_runs(milliwatt_steps: Iterable[Step], span: Span) -> RunLengths:
    """Joules in each tick of a span of power that steps from level to level."""
    runs = core.joule_runs(list(milliwatt_steps), span.unix_seconds, span.ticks, span.tick_seconds)
    return RunLengths.model_construct(form="run_lengths", run_lengths=tuple(runs))


def switched_on(timers: tuple[str, ...], jitter_minutes: int, context: DeviceContext, within: Interval) -> list[Interval]:
    """When timers keep a device on; each edge is moved by a random number of minutes, drawn again every day."""
    if jitter_minutes == 0:
        return intervals(timers, context.place.timezone, *within)
    household = _Household(context.seed, context.name, context.place.timezone)
    found: list[Interval] = []
    for day in _days_around(household.timezone, *within):
        found += _moved(timers, jitter_minutes, household, day)
    return overlap(merge(found), [within])


def duty_cycles(on: list[Interval], percent: int, period_seconds: int, context: DeviceContext) -> Iterator[Interval]:
    """The parts of intervals in which a device draws power that does so for a share of each period; chance sets its phase."""
    if percent == 100:
        yield from on
        return
    working = period_seconds * percent // 100
    phase = core.random_u64(context.seed, f"{context.name} duty", 0) % period_seconds
    for begins, ends in on:
        for number in range((begins - phase) // period_seconds, -(-(ends - phase) // period_seconds)):
            start = phase + number * period_seconds
            first, last = max(start, begins), min(start + working, ends)
            if first < last:
                yield first, last


def _days_around(timezone: str, begins: int, ends: int) -> range:
    """Local days whose windows may reach into [begins, ends): a window may cross midnight, and chance may move it over."""
    days = local_days(timezone, begins, ends)
    return range(days.start - 2, days.stop + 1)


@lru_cache(maxsize=256)
def _moved(timers: tuple[str, ...], jitter_minutes: int, household: _Household, day: int) -> tuple[Interval, ...]:
    """The windows that begin on a local day, with each edge moved."""
    found: list[Interval] = []
    for number, window in enumerate(timers):
        for first, last in occurrences(window, household.timezone, day):
            on, off = (_move(household.seed, f"{household.device} {number} {edge}", day, jitter_minutes) for edge in ("on", "off"))
            found.append((first + on, last + off))
    return tuple(interval for interval in found if interval[0] < interval[1])


def _move(seed: int, edge: str, day: int, jitter_minutes: int) -> int:
    reach = jitter_minutes * MINUTE_SECONDS
    return core.random_u64(seed, edge, day) % (2 * reach + 1) - reach
