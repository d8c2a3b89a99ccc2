"""The level of a store, counted again from its transfers, to the microjoule: as ARCHITECTURE.md says (Dispatch of a tick, Store)."""

from collections.abc import Iterator
from dataclasses import dataclass

from joulebus.audit.books import ColumnRuns
from joulebus_schemas.facts import MICROJOULES_PER_JOULE, PPM
from joulebus_schemas.offers import Storage

_PICOJOULES = 10**12


@dataclass(frozen=True, slots=True)
class StoreLevel:
    """What a store remembers, in microjoules."""

    level: int
    standby_carry: int


def through(offer: Storage, ppm: int) -> Storage:
    """The same store behind a charger through which a share of the joules arrives, each way."""
    parts = {way: max(getattr(offer, way) * ppm // PPM, 1) for way in ("charge_efficiency_ppm", "discharge_efficiency_ppm")}
    return offer.model_copy(update=parts)


def level_after(offer: Storage, moved: tuple[ColumnRuns, ColumnRuns, ColumnRuns], span: tuple[int, int]) -> StoreLevel:
    """What a store remembers after a span of (ticks, seconds of a tick) in which it took, gave and drove so many joules in each tick."""
    ticks, tick_seconds = span
    taken, given, driven = moved
    now = StoreLevel(offer.level_microjoules, offer.standby_carry_microjoules)
    standby = offer.standby_milliwatts * tick_seconds * 1_000
    for count, (charged, discharged), drove in _with_third(together(taken, given, ticks), driven):
        lost = -(-discharged * _PICOJOULES // offer.discharge_efficiency_ppm) + drove * MICROJOULES_PER_JOULE
        gained = charged * offer.charge_efficiency_ppm - lost
        now = _sleeping(now, gained, (standby, offer.least_joules), count) if offer.sleeps_at_least else _after(now, gained, standby, count)
    return now


def _with_third(pairs: Iterator[tuple[int, int, int]], third: ColumnRuns) -> Iterator[tuple[int, tuple[int, int], int]]:
    """Runs of two columns with those of a third beside them."""
    rest = iter(third)
    length, value = next(rest, (None, 0))
    for left, one, other in pairs:
        while left:
            count = left if length is None else min(left, length)
            if count:
                yield count, (one, other), value
            left -= count
            length = None if length is None else length - count
            if length == 0:
                length, value = next(rest, (None, 0))


def _sleeping(now: StoreLevel, gained: int, electronics: tuple[int, int], count: int) -> StoreLevel:
    """The same of a store whose electronics take nothing any more in a tick after which it is down at its least."""
    standby, least_joules = electronics
    for _ in range(count):
        before = now
        is_asleep = now.level + gained <= least_joules * MICROJOULES_PER_JOULE
        now = _after(now, gained, 0 if is_asleep else standby, 1)
        if now == before:
            break
    return now


def _after(now: StoreLevel, gained: int, standby: int, count: int) -> StoreLevel:
    """After so many ticks of the same gain. Standby takes whole joules as they come, and nothing from an empty store."""
    standing = (standby * count + now.standby_carry) // MICROJOULES_PER_JOULE * MICROJOULES_PER_JOULE
    carry = (standby * count + now.standby_carry) % MICROJOULES_PER_JOULE
    if count == 1:
        return StoreLevel(now.level + gained - min(standing, now.level + gained), carry)
    lowest = now.level + min(gained * count, 0) - standing - MICROJOULES_PER_JOULE
    if lowest > 0:
        return StoreLevel(now.level + gained * count - standing, carry)
    for _ in range(count):
        now = _after(now, gained, standby, 1)
    return now


def together(one: ColumnRuns, other: ColumnRuns, ticks: int) -> Iterator[tuple[int, int, int]]:
    """(number of ticks, joules of the one, joules of the other) along the ticks; behind the last run of a column everything is 0."""
    first, second = iter(one), iter(other)
    here, there = next(first, (ticks, 0)), next(second, (ticks, 0))
    while ticks > 0:
        count = min(here[0], there[0], ticks)
        if count:
            yield count, here[1], there[1]
        ticks -= count
        here = (here[0] - count, here[1]) if here[0] > count else next(first, (ticks, 0))
        there = (there[0] - count, there[1]) if there[0] > count else next(second, (ticks, 0))
