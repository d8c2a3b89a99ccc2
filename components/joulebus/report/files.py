"""A report as files: CSV and Parquet in a stream of rows, JSON with every number that the audit can count again."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.errors import ReportError
from joulebus.refusals.system import reason
from joulebus.report.calendar import FINE_SECONDS, local_time
from joulebus.report.result import REPORT_VERSION, Report, lines
from joulebus.report.table import ReportTable
from joulebus_schemas.facts import FLOWS

JSON_ROWS_MAX = 400_000
HOME_FLOWS = frozenset(flow.replace(">", "_to_") for flow in FLOWS)


@dataclass(frozen=True)
class ReportRows:
    """The rows of a report: their columns, and themselves in pieces."""

    names: tuple[str, ...]
    timezone: str
    pieces: Iterable[ReportTable]
    devices: tuple[str, ...]
    about: dict[str, str]
    """Where the rows are from, for the head of a file that has one."""


def rows_of(report: Report, pieces: Iterable[ReportTable]) -> ReportRows:
    """What is written: a column in which nothing ever moved is left out."""
    kept = (name for name, column in report.quarters.columns.items() if column.any() or name in ("unix_seconds", "seconds"))
    about = {
        "home": report.born.home,
        "timezone": report.timezone,
        "currency": report.currency,
        "tick_seconds": str(report.born.tick_seconds),
        "head_seal": report.head_seal,
        "joulebus_report": str(REPORT_VERSION),
    }
    return ReportRows(tuple(kept), report.timezone, pieces, tuple(report.members), about)


def write_csv(path: Path, rows: ReportRows) -> None:
    """The time at the place first, then whole numbers.

    Raises:
        ReportError: The folder of the file does not exist.
    """
    with _writable(path).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("time", *rows.names))
        for piece in rows.pieces:
            times = [local_time(moment, rows.timezone).isoformat() for moment in piece.columns["unix_seconds"].tolist()]
            writer.writerows(zip(times, *(piece.columns[name].tolist() for name in rows.names), strict=True))


def write_parquet(path: Path, rows: ReportRows) -> None:
    """The same with types, and with the unit of each column in its metadata; a piece is a row group.

    Raises:
        ReportError: The folder of the file does not exist.
    """
    import pyarrow
    from pyarrow import parquet

    fields = [
        pyarrow.field("time", pyarrow.timestamp("s", tz=rows.timezone)),
        *(pyarrow.field(name, pyarrow.int64(), metadata={"unit": _unit(name, rows.about["currency"])}) for name in rows.names),
    ]
    schema = pyarrow.schema(fields, metadata=rows.about)
    _writable(path)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for piece in rows.pieces:
            columns = [
                pyarrow.array(piece.columns["unix_seconds"], schema.field("time").type),
                *(piece.columns[name] for name in rows.names),
            ]
            writer.write_table(pyarrow.table(columns, schema=schema))


def write_long_parquet(path: Path, rows: ReportRows) -> None:
    """A row for each moment, device and quantity that is not 0: ``time, seconds, device, quantity, joules``.

    The device is null where a quantity is the whole home's (``import``, ``sun_to_loads``). Money is left out.

    Raises:
        ReportError: The folder of the file does not exist.
    """
    import numpy
    import pyarrow
    from pyarrow import parquet

    text = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    fields = [
        pyarrow.field("time", pyarrow.timestamp("s", tz=rows.timezone)),
        pyarrow.field("seconds", pyarrow.int64(), metadata={"unit": "s"}),
        pyarrow.field("device", text),
        pyarrow.field("quantity", text),
        pyarrow.field("joules", pyarrow.int64(), metadata={"unit": "J"}),
    ]
    schema = pyarrow.schema(fields, metadata=rows.about)
    names = [name for name in rows.names if name.endswith("_joules")]
    parts = [_device_and_quantity(name, rows.devices) for name in names]
    _writable(path)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for piece in rows.pieces:
            joules = numpy.stack([piece.columns[name] for name in names], axis=1)
            row, column = joules.nonzero()
            texts = [pyarrow.array([part[which] for part in parts], pyarrow.string()).take(column) for which in (0, 1)]
            columns = [
                pyarrow.array(piece.columns["unix_seconds"][row], fields[0].type),
                piece.columns["seconds"][row],
                *(text.dictionary_encode() for text in texts),
                joules[row, column],
            ]
            writer.write_table(pyarrow.table(columns, schema=schema))


def _device_and_quantity(name: str, devices: tuple[str, ...]) -> tuple[str | None, str]:
    """``panel_south_out_joules``: of the longest device whose name it begins with, because ``panel`` may be one, too."""
    quantity = name.removesuffix("_joules")
    if quantity in HOME_FLOWS:  # "sun_to_loads" is no quantity of a device called sun.
        return None, quantity
    device = max((device for device in devices if quantity.startswith(f"{device}_")), key=len, default=None)
    return device, quantity if device is None else quantity.removeprefix(f"{device}_")


def _unit(name: str, currency: str) -> str:
    """Unit of a column, taken from its name; money is in the currency of the home, whatever the name says."""
    endings = {"_joules": "J", "_micro_euro": f"1e-6 {currency}", "unix_seconds": "s since 1970-01-01T00:00:00Z", "seconds": "s"}
    return next((unit for ending, unit in endings.items() if name.endswith(ending)), "1")


def report_json(report: Report, every: str | None) -> dict[str, Any]:
    """The report; with rows when a resolution was asked for.

    Raises:
        ReportError: There are too many rows for JSON.
    """
    data = report.as_json()
    if every is None:
        return data
    assert every not in FINE_SECONDS, "rows that are finer than a quarter-hour are read in a stream"
    rows = report.rows(every)
    if len(rows) > JSON_ROWS_MAX:
        raise ReportError(
            f"rows in JSON must be {JSON_ROWS_MAX:,} at most, but are {len(rows):,}: choose a coarser --every, --csv or --parquet"
        )
    names = [name for name, column in rows.columns.items() if column.any()]
    return {**data, "every": every, "rows": list(lines(rows.columns, names))}


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Sorted, the same in every run.

    Raises:
        ReportError: The folder of the file does not exist.
    """
    _writable(path).write_text(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


@contextmanager
def writing_file(path: Path | None) -> Iterator[None]:
    """Whoever writes a file that people have named: what the system says against it, is said of this file.

    Raises:
        ReportError: It could not be written.
    """
    try:
        yield
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {reason(error)}") from None


def _writable(path: Path) -> Path:
    """A file whose folder is there: said before an hour of counting, not after."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ReportError(f"{path} cannot be written: its folder does not exist, or it is a directory")
    return path


def check_writable(paths: Iterable[Path | None]) -> None:
    """All of them, before the work.

    Raises:
        ReportError: The folder of a file does not exist.
    """
    for path in paths:
        if path is not None:
            _writable(path)
