"""Prices by time from a file: hours or quarter-hours of years, CSV or JSON, as exchanges and suppliers hand them out."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from joulebus.errors import PropertyError
from joulebus.series.numbers import decimal_mark, number
from joulebus.series.table import Table, bytes_of, check_one_kind, decoded, read_table
from joulebus.series.times import ClockKind, Said, is_time, local_unix, read_times

PriceUnit = Literal["auto", "euro_per_kwh", "cent_per_kwh", "euro_per_mwh"]

MICRO_EURO = {"euro_per_kwh": Decimal(1_000_000), "cent_per_kwh": Decimal(10_000), "euro_per_mwh": Decimal(1_000)}
PRICE_UNITS = (
    (r"mwh", "euro_per_mwh"),
    (r"(ct|cent|c)\W*(/|per)?\W*kwh", "cent_per_kwh"),
    (r"(eur|euro|€)\W*(/|per)?\W*kwh", "euro_per_kwh"),
)
EURO_PER_KWH_MAX = 100
USUAL_SHARE = 100
"""A step between rows counts as usual if at least one row in this many has it."""
TIME_KEYS = ("start", "startsAt", "start_timestamp", "start_time", "time", "timestamp", "datetime", "from", "date", "since", "unix_seconds")
PRICE_KEYS = ("euro_per_kwh", "price", "prices", "marketprice", "total", "value", "SpotPriceEUR", "EUR_per_kWh")


@dataclass(frozen=True)
class PriceFile:
    """Which prices of a file, and what people say of them."""

    path: str
    column: str = ""
    """Heading or key; "" when there is one that could be it."""
    unit: PriceUnit = "auto"
    time_column: str = ""
    clock: ClockKind = ""
    timezone: str = "UTC"


@dataclass(frozen=True)
class PriceSeries:
    """Moments in unix seconds, sorted, and what a kWh costs from each on, in micro-euro; the last price ends at ``ends``."""

    moments: tuple[int, ...]
    micro_euro: tuple[int, ...]
    ends: int


def read_prices(of: PriceFile, what: str) -> PriceSeries:
    """The prices of a file; ``what`` names the property, for refusals.

    Raises:
        PropertyError: The file cannot be read, or a heading, a time or a price in it is wrong.
    """
    return _parsed(bytes_of(of.path, what), of)


@lru_cache(maxsize=8)
def _parsed(content: bytes, of: PriceFile) -> PriceSeries:
    text, _ = decoded(content)
    table, named = _of_json(of, text) if text.lstrip()[:1] in ("[", "{") else (read_table(of.path, content, _names(of)), "")
    time_name = of.time_column or _only(
        of, table, "prices_time_column", [name for name in table.headings if is_time_column(table, name)][:1]
    )
    name = of.column or _only(of, table, "the column of prices", _price_columns(table, time_name))
    cells = table.column(name, "the column of prices")
    times = table.column(time_name, "prices_time_column")
    check_one_kind(table, name, cells)
    check_one_kind(table, time_name, times)
    scale = MICRO_EURO[_unit(of, f"{name} {named}")]
    mark = decimal_mark(of.path, name, cells, table.delimiter)
    values = _values(table, cells, mark, scale)
    said = Said(of.path, time_name, table.lines, "prices_clock")
    moments = local_unix(said, read_times(said, times), of.clock, of.timezone)
    if len(moments) > 1 and moments[0] > moments[-1]:
        moments, values = moments[::-1], values[::-1]
    return PriceSeries(tuple(moments), tuple(values), moments[-1] + _step_after(said, moments))


def _names(of: PriceFile) -> tuple[str, ...]:
    return tuple(name for name in (of.column, of.time_column) if name)


def _only(of: PriceFile, table: Table, what: str, found: Sequence[str]) -> str:
    if len(found) != 1:
        known = ", ".join(found or table.headings[:20])
        raise PropertyError(f"{of.path}: {what} must be said, since {'several could be it' if found else 'none is found'}: {known}")
    return found[0]


def is_time_column(table: Table, name: str) -> bool:
    """Whether each cell under a heading begins with a date."""
    return table.headings.count(name) == 1 and all(map(is_time, table.column(name, "a column")))


def _price_columns(table: Table, time_name: str) -> list[str]:
    """Columns of numbers; when several are there, those whose heading speaks of a price."""
    columns = [
        name
        for name in table.headings
        if name != time_name and not is_time_column(table, name) and all(re.search(r"\d", cell) for cell in table.column(name, "a column"))
    ]
    speaking = [name for name in columns if name in PRICE_KEYS or re.search(r"price|preis|prix|prijs|prezzo|eur|€|ct", name, re.IGNORECASE)]
    return speaking if len(columns) > 1 else columns


def _unit(of: PriceFile, words: str) -> str:
    if of.unit != "auto":
        return of.unit
    if "euro_per_kwh" in words:
        return "euro_per_kwh"
    found = next((unit for pattern, unit in PRICE_UNITS if re.search(pattern, words, re.IGNORECASE)), None)
    if found is None:
        raise PropertyError(f"{of.path}: {words.strip()!r} names no unit; say the unit: euro_per_kwh, cent_per_kwh or euro_per_mwh")
    return found


def _values(table: Table, cells: Sequence[str], mark: str, scale: Decimal) -> list[int]:
    """In micro-euro per kWh."""
    values: list[int] = []
    for line, cell in zip(table.lines, cells, strict=True):
        value = number(cell, mark)
        if value is None or abs(value * scale) > EURO_PER_KWH_MAX * MICRO_EURO["euro_per_kwh"]:
            raise PropertyError(
                f"{table.path} line {line}: a price must be a number, at most {EURO_PER_KWH_MAX} euro per kWh; it was {cell[:60]!r}"
            )
        values.append(round(value * scale))
    return values


def _step_after(said: Said, moments: Sequence[int]) -> int:
    """How long the last price holds: as long as the one before. Each moment must follow the one before by a step that is usual."""
    steps = [after - before for before, after in pairwise(moments)]
    usual = {step for step, times in Counter(steps).items() if step > 0 and times * USUAL_SHARE >= len(steps)}
    for row, step in enumerate(steps):
        if step not in usual:
            now, then = (datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M") for moment in moments[row : row + 2])
            how = "is the same moment as" if step == 0 else "is followed without its next step by" if step > 0 else "is after"
            raise said.refusal(row + 1, f"prices must follow each other without a gap and be sorted, but {now} UTC {how} {then} UTC")
    return steps[-1] if steps else 3_600


def _of_json(of: PriceFile, text: str) -> tuple[Table, str]:
    """Rows of objects, or of one object with two lists, as a table; and the unit that the file names."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise PropertyError(f"{of.path} must be CSV or JSON, but: {problem}") from None
    unit = str(found.get("unit", "")) if isinstance(found, dict) else ""
    rows = _rows_of(found, of)
    if not rows:
        raise PropertyError(f"{of.path} must hold a list of objects with a time and a price, or two lists of them; it holds none")
    unit = unit or str(rows[0].get("unit", ""))
    time_key = of.time_column or next((key for key in TIME_KEYS if key in rows[0]), "")
    price_key = of.column or next((key for key in PRICE_KEYS if key in rows[0]), "")
    for row, one in enumerate(rows):
        if time_key not in one or price_key not in one:
            raise PropertyError(f"{of.path}: entry {row + 1} must have a time and a price; it has {', '.join(map(str, list(one)[:20]))}")
    cells = tuple(
        (_time_text(one[time_key]), repr(one[price_key]) if isinstance(one[price_key], float) else str(one[price_key])) for one in rows
    )
    return Table(of.path, ",", "utf-8", (time_key, price_key), tuple(range(1, len(rows) + 1)), cells), unit


def _rows_of(found: Any, of: PriceFile) -> list[dict[str, Any]]:
    if isinstance(found, list):
        return found if all(isinstance(one, dict) for one in found) else []
    if not isinstance(found, dict):
        return []
    lists = {key: value for key, value in found.items() if isinstance(value, list)}
    times, prices = ({key for key in keys if key in lists} for keys in ((of.time_column, *TIME_KEYS), (of.column, *PRICE_KEYS)))
    if len(times) == 1 and len(prices) == 1:
        time_key, price_key = times.pop(), prices.pop()
        pairs = zip(lists[time_key], lists[price_key], strict=False)
        return [{time_key: time, price_key: price} for time, price in pairs] if len(lists[time_key]) == len(lists[price_key]) else []
    return next((rows for value in found.values() if isinstance(value, list | dict) and (rows := _rows_of(value, of))), [])


def _time_text(value: Any) -> str:
    """A number is unix time, in milliseconds where seconds would be beyond the year 5000."""
    if isinstance(value, int | float) and abs(value) < 10**14:
        return datetime.fromtimestamp(value / 1000 if abs(value) > 10**11 else value, UTC).isoformat()
    return str(value)
