"""A column of a file: right to the joule, or refused with the line."""

import hashlib
from pathlib import Path

import pytest

from joulebus.errors import PropertyError
from joulebus.series.loads import LoadColumn, read_series

READ = [
    # content, unit, step, joules of the rows
    ("load\n100\n200\n", "watts", 900, [90_000, 180_000]),
    ("load\n0.0005\n0.0005\n0.0005\n", "watts", 1_000, [0, 1, 0]),
    ("time,load\nx,0.123\nx,0\n", "kwh", 900, [442_800, 0]),
    ("time;load\nx;7\n", "joules", 60, [7]),
    ("\ufeffload\n1e3\n\n2\n", "joules", 60, [1_000, 2]),
]


@pytest.mark.parametrize(("content", "unit", "step", "joules"), READ)
def test_a_column_becomes_whole_joules(tmp_path: Path, content: str, unit: str, step: int, joules: list[int]) -> None:
    path = tmp_path / "load.csv"
    path.write_text(content, encoding="utf-8")
    assert list(read_series(LoadColumn(str(path), "load", unit, step)).joules) == joules


REFUSED = [
    # content, time column, what is said
    ("other\n1\n", "", "must be a heading of .*load.csv, one of other; it was load"),
    ("load\n", "", "at least one row"),
    ("load\n1\nx\n", "", "line 3: load must be a number.*it was 'x'"),
    ("load\n1\n-1\n", "", "line 3: load must be a number, not negative"),
    ("load\nNaN\n", "", "line 2: load must be a number"),
    ("load\n1e400\n", "", "line 2: load must be a number"),
    ("load,b\n1,2\n,2\n", "", "line 3: load must be a number"),
    (
        "time,load\n2026-01-01T00:00Z,1\n2026-01-01T00:30Z,1\n",
        "time",
        "line 3: the rows must follow each other every 900 s, and here they do every 1800 s; say csv_step_seconds: 1800",
    ),
    ("time,load\n2026-01-01T00:00Z,1\n2026-01-01T00:00Z,1\n", "time", "line 3: the rows must follow each other"),
    ("time,load\nnoon,1\n", "time", "line 2: time must be a time such as"),
    ("load\n1\n", "time", "csv_time_column must be a heading"),
]


@pytest.mark.parametrize(("content", "time", "said"), REFUSED)
def test_a_file_that_is_wrong_is_refused_with_its_line(tmp_path: Path, content: str, time: str, said: str) -> None:
    path = tmp_path / "load.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PropertyError, match=said):
        read_series(LoadColumn(str(path), "load", "watts", 900, time))


def test_a_file_that_is_not_there_or_not_text_or_another_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    with pytest.raises(PropertyError, match="must name a file that can be read"):
        read_series(LoadColumn(str(path), "load", "watts", 900))
    path.write_bytes(b"load\n\xff\n")
    with pytest.raises(PropertyError, match="line 2: load must be a number"):
        read_series(LoadColumn(str(path), "load", "watts", 900))
    path.write_bytes(b"load\n1\n2\n")
    with pytest.raises(PropertyError, match="must be the file with the sha256 000"):
        read_series(LoadColumn(str(path), "load", "watts", 900, sha256="0" * 64))
    assert len(read_series(LoadColumn(str(path), "load", sha256=hashlib.sha256(path.read_bytes()).hexdigest())).joules) == 2


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_text("load\n1\n")
    assert list(read_series(LoadColumn(str(path), "load", "joules", 900)).joules) == [1]
    path.write_text("load\n10\n")
    assert list(read_series(LoadColumn(str(path), "load", "joules", 900)).joules) == [10]
