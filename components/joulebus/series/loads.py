"""A column of a CSV file as whole joules, row by row; read once, and refused with the line where it is wrong."""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from joulebus.errors import PropertyError
from joulebus.series.numbers import DecimalMark, decimal_mark, number
from joulebus.series.table import Table, bytes_of, check_one_kind, read_table
from joulebus.series.times import ClockKind, Dates, Said, local_unix, read_times
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH, MICROJOULES_PER_JOULE, QUARTER_SECONDS

Unit = Literal["watts", "kw", "joules", "wh", "kwh", "wh_register", "kwh_register"]
Stamps = Literal["auto", "begin", "end"]

MICROJOULES_PER_KWH = JOULES_PER_KWH * MICROJOULES_PER_JOULE
STEP_SECONDS_USUAL = QUARTER_SECONDS
BEYOND_REASON_MICROJOULES = 10**18
ROWS_THAT_TELL = 24
"""Fewer rows than these may look like anything."""


@dataclass(frozen=True)
class LoadColumn:
    """Which numbers of a file, and what people say of them."""

    path: str
    name: str
    unit: Unit = "watts"
    step_seconds: int | None = None
    """None: what the times say, else a quarter-hour."""
    time_name: str = ""
    clock: ClockKind = ""
    stamps: Stamps = "auto"
    dates: Dates = "auto"
    decimal: DecimalMark = "auto"
    timezone: str = "UTC"
    sha256: str = ""


@dataclass(frozen=True)
class FileSeries:
    """The rows of a file."""

    joules: "array[int]"
    """Joules of each row; fractions are carried to the next row."""
    step_seconds: int
    first_seconds: int | None
    """Beginning of the first row, when the file has times: unix seconds, or seconds on the wall of a profile."""
    delimiter: str
    encoding: str
    decimal: str


def read_series(column: LoadColumn) -> FileSeries:
    """The rows of a column. It is read again only when the file has changed.

    Raises:
        PropertyError: The file cannot be read or has changed, or a heading, a time or a number in it is wrong.
    """
    return _parsed(bytes_of(column.path, "csv_path"), column)


@lru_cache(maxsize=8)
def _parsed(content: bytes, column: LoadColumn) -> FileSeries:
    digest = hashlib.sha256(content).hexdigest()
    if column.sha256 not in ("", digest):
        raise PropertyError(f"{column.path} must be the file with the sha256 {column.sha256}; it has {digest}")
    table = read_table(column.path, content, tuple(name for name in (column.name, column.time_name) if name))
    cells = table.column(column.name, "csv_column")
    times = table.column(column.time_name, "csv_time_column") if column.time_name else None
    for name, kind in {table.headings[0]: tuple(row[0] for row in table.rows), column.name: cells, column.time_name: times or ()}.items():
        check_one_kind(table, name, kind)
    first, step = _times(table, times, column) if times else (None, column.step_seconds or STEP_SECONDS_USUAL)
    mark = decimal_mark(column.path, column.name, cells, table.delimiter) if column.decimal == "auto" else column.decimal
    values = _values(table, cells, mark, column.name)
    values = _steps_of_register(table, values, column) if column.unit.endswith("_register") else values
    _check_sums(table, values, column)
    joules = array("q", _joules(table, values, column, step))
    return FileSeries(joules, step, first, table.delimiter, table.encoding, mark)


def _values(table: Table, cells: Sequence[str], mark: str, name: str) -> list[Decimal]:
    values: list[Decimal] = []
    for line, cell in zip(table.lines, cells, strict=True):
        value = number(cell, mark)
        if value is None or value < 0:
            raise PropertyError(
                f"{table.path} line {line}: {name} must be a number, not negative and not beyond reason; it was {cell[:60]!r}"
            )
        values.append(value)
    return values


def _steps_of_register(table: Table, values: Sequence[Decimal], column: LoadColumn) -> list[Decimal]:
    """What a meter counted between two readings; the last reading begins nothing."""
    for row, (before, after) in enumerate(pairwise(values)):
        if after < before:
            raise PropertyError(
                f"{table.path} line {table.lines[row + 1]}: a register must never fall, but {column.name} goes from {before} to {after}; "
                "cut the file where the meter was changed"
            )
    if len(values) < 2:
        raise PropertyError(f"{table.path} must have at least two readings of a register; it has one")
    return [after - before for before, after in pairwise(values)]


def _check_sums(table: Table, values: Sequence[Decimal], column: LoadColumn) -> None:
    """Refuse a row that is the sum of all others, and a register that is said to be energy of each row."""
    if len(values) < ROWS_THAT_TELL:
        return
    if values[-1] > 0 and values[-1] == sum(values[:-1]):
        raise PropertyError(f"{table.path} line {table.lines[-1]}: the last row is the sum of all others; leave it out of the file")
    rises = [after - before for before, after in pairwise(values)]
    if column.unit in ("kwh", "wh") and min(rises) >= 0 and max(rises) < values[0] and sum(rise > 0 for rise in rises) * 2 > len(rises):
        raise PropertyError(
            f"{table.path}: {column.name} never falls and looks like the readings of a meter, not like energy of each row; "
            f"say csv_other_unit: {column.unit}_register"
        )


def _joules(table: Table, values: Sequence[Decimal], column: LoadColumn, step_seconds: int) -> Iterator[int]:
    """Whole joules of each row, with the remainder carried on to the next."""
    per_unit = {
        "watts": step_seconds * MICROJOULES_PER_JOULE,
        "kw": 1_000 * step_seconds * MICROJOULES_PER_JOULE,
        "joules": MICROJOULES_PER_JOULE,
        "wh": MICROJOULES_PER_KWH // 1_000,
        "kwh": MICROJOULES_PER_KWH,
    }[column.unit.removesuffix("_register")]
    carry = 0
    for row, value in enumerate(values):
        microjoules = value * per_unit
        if microjoules > BEYOND_REASON_MICROJOULES:
            raise PropertyError(
                f"{table.path} line {table.lines[row]}: {column.name} must be a number and not beyond reason; it was '{value}'"
            )
        joules, carry = divmod(carry + int(microjoules), MICROJOULES_PER_JOULE)
        yield joules


def _times(table: Table, cells: Sequence[str], column: LoadColumn) -> tuple[int, int]:
    """Beginning of the first row, and the step at which all others follow."""
    said = Said(table.path, column.time_name, table.lines)
    found = local_unix(said, read_times(said, cells, column.dates), column.clock, column.timezone)
    steps = Counter(later - earlier for earlier, later in pairwise(found))
    step = column.step_seconds or (steps.most_common(1)[0][0] if steps else STEP_SECONDS_USUAL)
    if not 1 <= step <= DAY_SECONDS:
        raise said.refusal(1, f"the rows must follow each other by 1 s to a day; here they do by {step} s")
    usual = steps.most_common(1)[0][0] if steps else step
    if step != usual and steps[usual] == len(found) - 1 and usual > 0:
        raise said.refusal(
            1, f"the rows must follow each other every {step} s, and here they do every {usual} s; say csv_step_seconds: {usual}"
        )
    for row, moment in enumerate(found):
        expected = found[0] + row * step
        if moment != expected:
            raise said.refusal(
                row,
                f"the rows must follow each other every {step} s without a gap; here {_text(expected)} was expected, "
                f"and {_text(moment)} was found",
            )
    return found[0] - (step if _stamped_at_end(table, found, step, column) else 0), step


def _stamped_at_end(table: Table, found: Sequence[int], step: int, column: LoadColumn) -> bool:
    """Whether times are ends of steps. Whole days that begin a step after midnight look like it: then it must be said."""
    if column.stamps != "auto" or column.unit.endswith("_register"):  # A reading of a register belongs to its very moment.
        return column.stamps == "end" and not column.unit.endswith("_register")
    ahead = 0 if column.clock in ("utc", "profile") else _offset(column.timezone, found[0])
    whole_days = len(found) * step % DAY_SECONDS in (0, 3_600, DAY_SECONDS - 3_600)
    if whole_days and step < DAY_SECONDS and (found[0] + ahead) % DAY_SECONDS == step:
        raise PropertyError(
            f"{table.path}: the first time is one step after midnight, so the times under {column.time_name} could be ends of steps; "
            "say csv_stamps: end, or begin"
        )
    return False


def _offset(timezone: str, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, ZoneInfo(timezone)).utcoffset()
    assert offset is not None, "a zone knows its offset"
    return int(offset.total_seconds())


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
