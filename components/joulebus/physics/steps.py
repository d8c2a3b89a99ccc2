"""Whole numbers that hold for a while, such as watts between two moments, summed exactly over the ticks of a span."""

from collections.abc import Iterable
from itertools import pairwise

import joulebus_core as core
from joulebus.device import Span

Interval = tuple[int, int]
"""Half-open, in unix seconds."""
Step = tuple[int, int, int]
"""Half-open interval in unix seconds, and a whole number that holds in each of its seconds, such as watts."""


def integrate(steps: Iterable[Step], span: Span) -> list[tuple[int, int]]:
    """Runs of ticks with the sum of the steps over the seconds of each tick: watts become joules.

    The steps are sorted and do not overlap; where there is none, the sum is 0.
    """
    return core.integrate(list(steps), span.unix_seconds, span.ticks, span.tick_seconds)


def sum_steps(steps: Iterable[Step], begins: int, ends: int) -> list[Step]:
    """The sum of steps that may overlap, as steps that cover [begins, ends) without a gap."""
    changes: dict[int, int] = {begins: 0, ends: 0}
    for first, last, value in steps:
        first, last = max(first, begins), min(last, ends)
        if first < last:
            changes[first] = changes.get(first, 0) + value
            changes[last] = changes.get(last, 0) - value
    moments = sorted(changes)
    total, summed = 0, []
    for moment, following in pairwise(moments):
        total += changes[moment]
        summed.append((moment, following, total))
    return summed


def merge(found: Iterable[Interval]) -> list[Interval]:
    """Intervals in any order, sorted and joined where they touch; what ends before it begins is nothing."""
    merged: list[Interval] = []
    for begins, ends in sorted(interval for interval in found if interval[0] < interval[1]):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged


def overlap(one: list[Interval], other: list[Interval]) -> list[Interval]:
    """What lies in both of two sorted lists."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [interval for interval in pairs if interval[0] < interval[1]]


def without(begins: int, ends: int, holes: Iterable[Interval]) -> list[Interval]:
    """[begins, ends) without holes, which may lie anywhere, overlap and come in any order."""
    left: list[Interval] = []
    for first, last in merge(holes):
        if begins < min(first, ends):
            left.append((begins, min(first, ends)))
        begins = max(begins, last)
    return left + ([(begins, ends)] if begins < ends else [])


def fill(parts: Iterable[Step], ticks: int) -> list[tuple[int, int]]:
    """Runs that cover all ticks: gaps are 0, parts of one tick are summed, equal neighbours joined."""
    runs: list[tuple[int, int]] = []
    covered, held = 0, None
    for first, last, value in parts:
        if held is not None and held[0] == first and last == first + 1:
            held = (first, last, held[2] + value)
            continue
        covered = _push(runs, held, covered)
        held = (first, last, value)
    covered = _push(runs, held, covered)
    _push(runs, (ticks, ticks, 0), covered)
    return runs


def _push(runs: list[tuple[int, int]], part: Step | None, covered: int) -> int:
    if part is None:
        return covered
    for count, value in ((part[0] - covered, 0), (part[1] - part[0], part[2])):
        if count and runs and runs[-1][1] == value:
            runs[-1] = (runs[-1][0] + count, value)
        elif count:
            runs.append((count, value))
    return part[1]
