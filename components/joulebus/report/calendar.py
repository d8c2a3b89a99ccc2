"""The calendar of a report: spans of time, and rows of a tick, a minute, a quarter-hour, an hour, a day, a month or a year at the place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from joulebus_schemas.facts import QUARTER_SECONDS

FINE_SECONDS = {"tick": 1, "minute": 60}
"""Finer than a quarter-hour: such rows are read in a stream."""

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class ReportSpan:
    """What a report is about; what is left out is as far as the run goes."""

    from_unix_seconds: int | None = None
    to_unix_seconds: int | None = None

    def cut(self, begins: int, ends: int) -> tuple[int, int]:
        """The part of an interval that is inside; empty when the second is not above the first."""
        first = begins if self.from_unix_seconds is None else max(begins, self.from_unix_seconds)
        last = ends if self.to_unix_seconds is None else min(ends, self.to_unix_seconds)
        return first, last

    def on_ticks(self, begins: int, tick_seconds: int) -> "ReportSpan":
        """The same for ticks of a home that began there: a tick that the span cuts belongs to the one in which it begins."""
        ends = (self.from_unix_seconds, self.to_unix_seconds)
        return ReportSpan(*(None if end is None else end + (begins - end) % tick_seconds for end in ends))


def _hour(local: datetime) -> Any:
    return local.date(), local.hour, local.utcoffset()


_KEYS: dict[str, Callable[[datetime], Any]] = {
    "quarter": lambda local: local.timestamp() // QUARTER_SECONDS,
    "hour": _hour,
    "day": lambda local: local.date(),
    "month": lambda local: (local.year, local.month),
    "year": lambda local: local.year,
}
EVERY = (*FINE_SECONDS, *_KEYS)


def local_time(unix_seconds: int, timezone: str) -> datetime:
    """A moment as the clocks of the place show it."""
    return datetime.fromtimestamp(unix_seconds, UTC).astimezone(ZoneInfo(timezone))


def month_name(unix_seconds: int, timezone: str) -> str:
    """2026-06"""
    return local_time(unix_seconds, timezone).strftime("%Y-%m")


def groups(starts: Integers, every: str, timezone: str) -> Integers:
    """Where in quarter-hours each row of a resolution begins. A day at the place may have 23 or 25 hours."""
    key, zone = _KEYS[every], ZoneInfo(timezone)
    keys = [key(datetime.fromtimestamp(int(start), zone)) for start in starts]
    return np.array([index for index, one in enumerate(keys) if index == 0 or one != keys[index - 1]], dtype=np.int64)
