"""What a file of loads seems to say: its columns, units and times, in one line and as properties for a home file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from joulebus.errors import PropertyError
from joulebus.series.loads import FileSeries, LoadColumn, Unit, read_series
from joulebus.series.numbers import decimal_mark, number
from joulebus.series.table import TOGETHER, Table, bytes_of, read_table
from joulebus.series.times import is_time
from joulebus_schemas.facts import JOULES_PER_KWH

LOAD_UNITS: tuple[tuple[str, Unit], ...] = ((r"kwh", "kwh"), (r"wh", "wh"), (r"kw", "kw"), (r"w|watts?", "watts"))
"""As headings write them, the longer before the shorter."""
UNIT_WORDS = {
    "watts": "W",
    "kw": "kW",
    "joules": "J a row",
    "wh": "Wh a row",
    "kwh": "kWh a row",
    "wh_register": "a register of Wh",
    "kwh_register": "a register of kWh",
}
OLD_UNITS = ("watts", "joules", "kwh")
"""Values of the property csv_unit; the other units have a property of their own, so that 0.1.0 does not misread them."""
CLOCK_WORDS = {"": "with offsets", "utc": "UTC", "standard": "standard time", "wall": "the clock on the wall", "profile": "a profile"}
TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


@dataclass(frozen=True)
class Understood:
    """A column, and the rows that it holds."""

    column: LoadColumn
    series: FileSeries

    def line(self) -> str:
        """One line for people."""
        its, rows, column = self.series, len(self.series.joules), self.column
        joules = sum(its.joules)
        when = f"from {self._moment(0)} to {self._moment(rows)} ({self._clock()})" if its.first_seconds is not None else "without times"
        mean, most = joules / rows / its.step_seconds, max(its.joules) / its.step_seconds
        return (
            f"{Path(column.path).name}: {rows:,} rows of {its.step_seconds:,} s {when}, {UNIT_WORDS[column.unit]} under {column.name!r}, "
            f"decimal {'comma' if its.decimal == ',' else 'point'}, {its.delimiter!r} between cells, {its.encoding}: "
            f"{joules / JOULES_PER_KWH:,.3f} kWh, {mean:,.0f} W on average, {most:,.0f} W in the highest row"
        )

    def properties(self) -> dict[str, str | int]:
        """Properties of a baseload, as a home file writes them."""
        said: dict[str, str | int] = {"csv_path": self.column.path, "csv_column": self.column.name}
        said["csv_unit" if self.column.unit in OLD_UNITS else "csv_other_unit"] = self.column.unit
        if self.column.time_name:
            said["csv_time_column"] = self.column.time_name
        said["csv_step_seconds"] = self.series.step_seconds
        choices = {
            "clock": "" if self.column.time_name or self.column.clock == "profile" else self.column.clock,
            "stamps": "auto",
            "dates": "auto",
            "decimal": "auto",
        }
        return said | {f"csv_{name}": getattr(self.column, name) for name, usual in choices.items() if getattr(self.column, name) != usual}

    def _moment(self, row: int) -> str:
        seconds = (self.series.first_seconds or 0) + row * self.series.step_seconds
        zone = ZoneInfo(self.column.timezone) if self.column.clock == "wall" else UTC
        if self.column.clock == "standard":
            return datetime.fromtimestamp(seconds, ZoneInfo(self.column.timezone)).isoformat(" ", "minutes")
        return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")

    def _clock(self) -> str:
        zone = f" of {self.column.timezone}" if self.column.clock in ("standard", "wall") else ""
        return CLOCK_WORDS[self.column.clock] + zone + (", shown in UTC" if self.column.clock == "" else "")


def understand(said: LoadColumn, unit: Unit | None = None) -> Understood:
    """A file by what people say of it; what they leave out is found where there is one answer, else asked for.

    Raises:
        PropertyError: The file cannot be read, or can be understood in two ways.
    """
    table = read_table(said.path, bytes_of(said.path, "the file"), tuple(name for name in (said.name, said.time_name) if name))
    times = said.time_name or _time_column(table)
    name = said.name or _load_column(table, times)
    column = replace(said, name=name, time_name=times, unit=_said_or_named(unit, name, said.path))
    return Understood(column, read_series(column))


def unit_of_column(heading: str) -> Unit | None:
    """The unit that a heading names."""
    words = re.findall(r"[a-zA-Z]+", heading.lower())
    return next((unit for pattern, unit in LOAD_UNITS if any(re.fullmatch(pattern, word) for word in words)), None)


def _time_column(table: Table) -> str:
    """The first column that holds times, or a date and a time of day; "" when there is none."""
    columns = list(zip(*table.rows, strict=True))
    for heading, cells in zip(table.headings, columns, strict=True):
        if not all(map(is_time, cells)):
            continue
        of_day = next((other for other, its in zip(table.headings, columns, strict=True) if all(map(TIME_OF_DAY.fullmatch, its))), None)
        if of_day is not None and not any(":" in cell for cell in cells):
            return f"{heading}{TOGETHER}{of_day}"
        return heading
    return ""


def _load_column(table: Table, times: str) -> str:
    """The one column of numbers that counts nothing up by one."""
    candidates = [
        heading
        for heading, cells in zip(table.headings, zip(*table.rows, strict=True), strict=True)
        if heading not in (times, *times.split(TOGETHER)) and _is_load(table, heading, cells)
    ]
    if len(candidates) != 1:
        found = ", ".join(candidates) or "none; the headings are " + ", ".join(table.headings[:20])
        raise PropertyError(f"{table.path}: say with --column which of its columns of numbers is the load: {found}")
    return candidates[0]


def _is_load(table: Table, heading: str, cells: Sequence[str]) -> bool:
    if all(cell.isdigit() for cell in cells) and len(cells) > 1:
        whole = [int(cell) for cell in cells]
        if whole == list(range(whole[0], whole[0] + len(whole))):
            return False
    if sum(any(digit.isdigit() for digit in cell) for cell in cells) * 10 < len(cells) * 9 or any(map(TIME_OF_DAY.fullmatch, cells[:1])):
        return False
    try:
        mark = decimal_mark(table.path, heading, cells, table.delimiter)
    except PropertyError:
        return True  # Numbers in doubt are numbers; reading them says so.
    return number(cells[0], mark) is not None and not is_time(cells[0])


def _said_or_named(unit: Unit | None, column: str, path: str) -> Unit:
    """The unit that people say, or that the heading names."""
    found = unit or unit_of_column(column)
    if found is None:
        raise PropertyError(f"{path}: the heading {column!r} names no unit; say --unit watts, kw, wh, kwh, wh_register or kwh_register")
    return found
