"""A CSV file as a heading and rows: text in its encoding, cells by the delimiter by which all rows have the same number of them."""

import csv
import re
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from joulebus.errors import PropertyError
from joulebus.refusals.system import reason

DELIMITERS = (";", "\t", ",", "|")
TABLE_ROWS_MAX = 4_000_000
BYTES_MAX = 400_000_000
PREAMBLE_MAX = 60
"""Lines that may stand above the heading, such as the number of a meter."""
TOGETHER = " + "
"""Joins the headings of a date and of a time of day."""
SHOWN_MAX = 60


@dataclass(frozen=True)
class Table:
    """What a file holds."""

    path: str
    delimiter: str
    encoding: str
    headings: tuple[str, ...]
    lines: tuple[int, ...]
    """Line number of each row, counted from 1."""
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str, what: str) -> tuple[str, ...]:
        """The cells under a heading; ``what`` names the property that says the heading. Two headings are joined by " + ".

        Raises:
            PropertyError: There is no column of this name.
        """
        if name not in self.headings and TOGETHER in name:
            parts = [self.column(part.strip(), what) for part in name.split(TOGETHER)]
            return tuple(" ".join(cells) for cells in zip(*parts, strict=True))
        index = self._index(name, what)
        return tuple(row[index] for row in self.rows)

    def _index(self, name: str, what: str) -> int:
        if name not in self.headings:
            known = ", ".join(heading[:SHOWN_MAX] for heading in self.headings[:20])
            raise PropertyError(f"{what} must be a heading of {self.path}, one of {known}; it was {name}")
        if self.headings.count(name) > 1:
            raise PropertyError(
                f"{what} must be a heading that stands once in {self.path}, but {name} stands {self.headings.count(name)} times"
            )
        return self.headings.index(name)


def bytes_of(path: str, what: str) -> bytes:
    """The bytes of a regular file of reasonable size, read again when it has changed; ``what`` names the property.

    Raises:
        PropertyError: The file cannot be read or is too large.
    """
    try:
        known = Path(path).stat()
        if not is_readable(known):
            raise PropertyError(f"{what} must name a file of at most {BYTES_MAX // 1_000_000} MB; {path} is none")
        return _bytes(path, known.st_mtime_ns, known.st_size)
    except OSError as error:
        raise PropertyError(f"{what} must name a file that can be read, but {path} cannot be read: {reason(error)}") from None
    except ValueError:
        raise PropertyError(f"{what} must name a file, but {path[:SHOWN_MAX]!r} cannot be a name of one") from None


def is_readable(known: Any) -> bool:
    """Whether reading it ends: a pipe may never say anything, and a device such as /dev/zero never stops."""
    return stat.S_ISREG(known.st_mode) and known.st_size <= BYTES_MAX


@lru_cache(maxsize=8)
def _bytes(path: str, changed_nanoseconds: int, size: int) -> bytes:
    return Path(path).read_bytes()


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: what its first bytes say, UTF-8, or else the one of Windows in the west."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def read_table(path: str, content: bytes, names: tuple[str, ...] = ()) -> Table:
    """The table of a file, in which the ``names`` should be headings; a row that does not fit is refused with its line.

    Raises:
        PropertyError: The file is not a table that can be read.
    """
    text, encoding = decoded(content)
    lines = text.splitlines()
    tried = [_cut(lines, delimiter, names) for delimiter in DELIMITERS]
    best = max(tried, key=lambda cut: cut.shedding_priority)
    if len(best.rows) > TABLE_ROWS_MAX:
        raise PropertyError(f"{path} must have at most {TABLE_ROWS_MAX} rows; it has {len(best.rows)}")
    if best.odd is not None:
        raise PropertyError(
            f"{path} line {best.odd[0]}: all rows must have the {len(best.headings)} cells of the heading, this one has {best.odd[1]}; "
            "leave out what is no row, such as sums and notes"
        )
    if not best.rows:
        raise PropertyError(f"{path} must have at least one row under its heading; it has none")
    return Table(path, best.delimiter, encoding, best.headings, tuple(n for n, _ in best.rows), tuple(row for _, row in best.rows))


@dataclass(frozen=True)
class _Cut:
    delimiter: str
    headings: tuple[str, ...]
    rows: list[tuple[int, tuple[str, ...]]]
    odd: tuple[int, int] | None
    """Line and cells of the first row that does not fit."""
    shedding_priority: tuple[int, int, int]
    """Headings that were found, whether all rows fit, and how many columns there are."""


def _cut(lines: list[str], delimiter: str, names: tuple[str, ...]) -> _Cut:
    reader = csv.reader(lines, delimiter=delimiter)
    cut = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader if any(cell.strip() for cell in row)]
    wanted = {part.strip() for name in names for part in ([name] if TOGETHER not in name else [name, *name.split(TOGETHER)])}
    found = [len(wanted & set(row)) for _, row in cut[:PREAMBLE_MAX]]
    most = max(found, default=0)
    at = found.index(most) if most else _first_of_block(cut)
    headings = _trimmed(cut[at][1], 1) if cut else ()
    rows = [(line, _trimmed(row, len(headings))) for line, row in cut[at + 1 :]]
    odd = next(((line, len(row)) for line, row in rows if len(row) != len(headings)), None)
    return _Cut(delimiter, headings, rows, odd, (most, int(odd is None), len(headings)))


def _first_of_block(cut: list[tuple[int, tuple[str, ...]]]) -> int:
    """The row from which on all have as many cells as the last one; 0 when that would leave nothing."""
    width = len(cut[-1][1]) if cut else 0
    at = next((number for number in range(len(cut) - 1, -1, -1) if len(cut[number][1]) != width), -1) + 1
    return at if at < min(len(cut) - 1, PREAMBLE_MAX) else 0


def _trimmed(row: tuple[str, ...], cells: int) -> tuple[str, ...]:
    """Without the empty cells that some programs write at the end of a line."""
    while len(row) > cells and not row[-1]:
        row = row[:-1]
    return row


def check_one_kind(table: Table, name: str, cells: tuple[str, ...]) -> None:
    """Refuse the few cells of a column that are words or empty while the others are numbers or times: sums, notes, ends.

    Raises:
        PropertyError: Most cells are numbers or times, and some are not.
    """
    odd = [number for number, cell in enumerate(cells) if not re.search(r"\d", cell)]
    if odd and len(odd) * 10 <= len(cells):
        raise PropertyError(
            f"{table.path} line {table.lines[odd[0]]}: {cells[odd[0]][:SHOWN_MAX]!r} stands under {name}, where the other rows have "
            "a number or a time; it is not a row of the step of the others: leave sums and notes out of the file"
        )
