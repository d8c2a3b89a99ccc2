"""A column of a CSV file as whole joules, row by row; read once, and refused with the line where it is wrong."""

import csv
import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from joulebus.errors import PropertyError

SERIES_ROWS_MAX = 4_000_000
MICROJOULES_PER_JOULE = 1_000_000
MICROJOULES_PER_KWH = 3_600_000 * MICROJOULES_PER_JOULE


@dataclass(frozen=True)
class FileSeries:
    """The rows of a file."""

    joules: "array[int]"
    """Of each row; what does not fill a joule goes to the next row."""
    first_unix_seconds: int | None
    """Of the beginning of the first row, when the file has times."""


@dataclass(frozen=True)
class _Column:
    """Which numbers of a file, and what they mean."""

    path: str
    name: str
    microjoules_per_unit: int
    step_seconds: int
    time_name: str
    sha256: str


def read_series(path: str, column: str, unit: str, step_seconds: int, time_column: str = "", sha256: str = "") -> FileSeries:
    """A column in ``watts``, or in ``joules`` or ``kwh`` a row. It is read again only when the file has changed."""
    per_unit = {
        "watts": step_seconds * MICROJOULES_PER_JOULE,
        "joules": MICROJOULES_PER_JOULE,
        "kwh": MICROJOULES_PER_KWH,
    }[unit]
    try:
        known = Path(path).stat()
        content = _content(path, known.st_mtime_ns, known.st_size)
    except OSError as error:
        raise PropertyError(f"csv_path must name a file that can be read; {path}: {error.strerror}") from None
    return _parsed(content, _Column(path, column, per_unit, step_seconds, time_column, sha256))


@lru_cache(maxsize=8)
def _content(path: str, changed_nanoseconds: int, size: int) -> bytes:
    return Path(path).read_bytes()


@lru_cache(maxsize=8)
def _parsed(content: bytes, column: _Column) -> FileSeries:
    digest = hashlib.sha256(content).hexdigest()
    if column.sha256 not in ("", digest):
        raise PropertyError(f"{column.path} must be the file with the sha256 {column.sha256}; it has {digest}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PropertyError(f"{column.path} must be text in UTF-8; byte {error.start} is not") from None
    rows = csv.reader(text.splitlines(), delimiter=_delimiter(text))
    heading = next(rows, [])
    number = _index(heading, column.name, "csv_column", column)
    time = _index(heading, column.time_name, "csv_time_column", column) if column.time_name else None
    cells = [(rows.line_num, row) for row in rows if row]
    if not cells:
        raise PropertyError(f"{column.path} must have at least one row under its heading; it has none")
    if len(cells) > SERIES_ROWS_MAX:
        raise PropertyError(f"{column.path} must have at most {SERIES_ROWS_MAX} rows; it has {len(cells)}")
    first = None if time is None else _check_times(cells, time, column)
    return FileSeries(array("q", _joules(cells, number, column)), first)


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _index(heading: list[str], name: str, field: str, column: _Column) -> int:
    names = [cell.strip() for cell in heading]
    if name not in names:
        raise PropertyError(f"{field} must be a heading of {column.path}, one of {', '.join(names)}; it was {name}")
    return names.index(name)


def _joules(cells: list[tuple[int, list[str]]], index: int, column: _Column) -> Iterator[int]:
    """Whole joules of each row, with the rest carried on to the next."""
    carry = 0
    for line, row in cells:
        joules, carry = divmod(carry + _microjoules(line, row, index, column), MICROJOULES_PER_JOULE)
        yield joules


def _microjoules(line: int, row: list[str], index: int, column: _Column) -> int:
    text = row[index].strip() if index < len(row) else ""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value * column.microjoules_per_unit <= 10**18):
        raise PropertyError(
            f"{column.path} line {line}: {column.name} must be a number, not negative and not beyond reason; it was {text!r}"
        )
    return int(value * column.microjoules_per_unit)


def _check_times(cells: list[tuple[int, list[str]]], index: int, column: _Column) -> int:
    """The first time; all others must follow at the step of the series."""
    first = _time(*cells[0], index, column)
    for number, (line, row) in enumerate(cells):
        expected, found = first + number * column.step_seconds, _time(line, row, index, column)
        if found != expected:
            raise PropertyError(
                f"{column.path} line {line}: the rows must follow each other every {column.step_seconds} s without a gap; "
                f"here {_text(expected)} was expected, and {_text(found)} was found"
            )
    return first


def _time(line: int, row: list[str], index: int, column: _Column) -> int:
    text = row[index].strip() if index < len(row) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PropertyError(
            f"{column.path} line {line}: {column.time_name} must be a time such as 2026-03-01T18:00:00Z; it was {text!r}"
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()
