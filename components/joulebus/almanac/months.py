"""Months of whole numbers: from memory, from the cache on disk, or from a process that computes a year of them at once."""

import json
import os
import subprocess
import sys
from array import array
from dataclasses import asdict
from datetime import date
from functools import lru_cache

from joulebus.almanac.cache import cached
from joulebus.almanac.requests import Request, key, versions
from joulebus.errors import JoulebusError, SetupError, WeatherError
from joulebus.physics.knots import GRID_SECONDS
from joulebus_schemas.facts import DAY_SECONDS

MONTHS_AT_ONCE = 12
"""Loading pandas takes two seconds, a month a twentieth: so a process that was started computes a year."""
COMPUTE_SECONDS_MAX = 600
EXIT_REFUSED = 2
"""Exit code of the process when the request, not the machine, is at fault."""

MonthColumns = tuple[tuple[int, ...], ...]


def cut_columns(request: Request, first_unix_seconds: int, knots: int) -> MonthColumns:
    """The columns of a request from a knot on, across as many months as it takes.

    Raises:
        SetupError: The cache did not keep what was just written to it.
    """
    assert first_unix_seconds % GRID_SECONDS == 0, f"knots stand at multiples of {GRID_SECONDS} s, {first_unix_seconds} is none"
    parts: list[MonthColumns] = []
    while knots:
        month = month_number(first_unix_seconds)
        begins, ends = month_edges(month)
        taken = min(knots, (ends - first_unix_seconds) // GRID_SECONDS)
        parts.append(_cut_month(_month(request, month), (first_unix_seconds - begins) // GRID_SECONDS, taken, request.columns))
        knots -= taken
        first_unix_seconds = ends
    return parts[0] if len(parts) == 1 else tuple(sum(columns, ()) for columns in zip(*parts, strict=True))


def month_number(unix_seconds: int) -> int:
    """Months since the year 0, in UTC."""
    day = date.fromordinal(719_163 + unix_seconds // DAY_SECONDS)
    return day.year * 12 + day.month - 1


def month_edges(month: int) -> tuple[int, int]:
    """Unix seconds of its beginning and of the next one's."""
    first, last = (date(number // 12, number % 12 + 1, 1).toordinal() - 719_163 for number in (month, month + 1))
    return first * DAY_SECONDS, last * DAY_SECONDS


def _cut_month(numbers: "array[int]", first: int, knots: int, columns: int) -> MonthColumns:
    length = len(numbers) // columns
    return tuple(tuple(numbers[at : at + knots]) for at in range(first, columns * length, length))


@lru_cache(maxsize=8)
def _month(request: Request, month: int) -> "array[int]":
    """All columns of a month, one after the other."""
    numbers = cached(key(request, month))
    if numbers is None:
        _compute(request, month)
        numbers = cached(key(request, month))
    if numbers is None:
        raise SetupError("the almanac's cache must keep what was written to it; its folder is full or emptied by somebody")
    return numbers


def _compute(request: Request, month: int) -> None:
    """Let a process write the month, and those after it, into the cache."""
    versions()
    asked = json.dumps({"request": asdict(request), "first_month": month, "months": MONTHS_AT_ONCE})
    done = subprocess.run(
        [sys.executable, "-m", "joulebus.almanac"],
        input=asked,
        capture_output=True,
        text=True,
        env=_environment(),
        timeout=COMPUTE_SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        raise _reason(done.returncode, done.stdout.strip(), done.stderr.strip())


def _environment() -> dict[str, str]:
    """The child finds the same packages, and does not spread over cores that the home needs."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _reason(code: int, said: str, complained: str) -> JoulebusError:
    if code == EXIT_REFUSED:
        return WeatherError(said)
    last = complained.splitlines()[-1] if complained else f"exit code {code}"
    return SetupError(f"the almanac must be able to compute the sky with pvlib, but its process ended with: {last}")
