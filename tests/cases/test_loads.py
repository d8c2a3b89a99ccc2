"""Loads as grid operators and programs hand them out: what was meant to the joule, or a refusal that says how to say it."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from joulebus.devices.baseload import BaseloadProperties, load_column
from joulebus.errors import PropertyError
from joulebus.series.loads import FileSeries, LoadColumn, Unit, read_series
from joulebus.series.understood import understand, unit_of_column
from tests.cases import CASES, KWH, lived
from tests.planning.conftest import Command

BERLIN = "Europe/Berlin"
WHOLE = [
    # case, joules of its day
    ("comma_in_heading", 24 * KWH),
    ("decimal_comma", 12 * KWH),
]


@pytest.mark.parametrize(("case", "joules"), WHOLE)
def test_a_file_is_read_as_it_was_meant(case: str, joules: int) -> None:
    assert lived(CASES / "files" / case / "home.yaml").totals.joules_in["load"] == joules


REFUSED = [
    # case, what is said
    ("sum_row", r"load.csv line 98: 'total' stands under time.*leave sums and notes out"),
    ("heading_twice", r"csv_column must be a heading that stands once in .*load.csv, but kWh stands 2 times"),
]


@pytest.mark.parametrize(("case", "said"), REFUSED)
def test_a_file_that_could_mean_two_things_is_refused(case: str, said: str) -> None:
    with pytest.raises(PropertyError, match=said):
        lived(CASES / "files" / case / "home.yaml")


def test_a_profile_follows_the_clock_on_the_wall_when_it_is_said_to(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_text("W\n" + "".join(f"{2000 * (hour % 24 == 18)}\n" for hour in range(8_760)))
    home = (
        "home: profile\nplace: {latitude_degrees: 48.1, longitude_degrees: 11.6, altitude_m: 250, timezone: Europe/Berlin}\n"
        "start: START\ntick_seconds: 900\ndevices:\n  grid: {kind: grid, import_limit_watts: 100000}\n"
        "  load: {kind: baseload, csv_path: load.csv, csv_column: W, csv_step_seconds: 3600, csv_begins: '2026-01-01 00:00', CLOCK}\n"
    )
    for start, clock, joules in [
        ("2026-07-01T18:00:00+02:00", "csv_clock: profile", 2 * KWH),
        ("2026-07-01T18:00:00+02:00", "csv_clock: utc", 0),
        ("2026-01-07T18:00:00+01:00", "csv_clock: profile", 2 * KWH),
        ("2026-01-07T18:00:00+01:00", "csv_clock: utc", 2 * KWH),
    ]:
        (tmp_path / "home.yaml").write_text(home.replace("START", start).replace("CLOCK", clock))
        assert lived(tmp_path / "home.yaml", 1).totals.joules_in["load"] == joules


def quarters(year: int, form: str) -> list[str]:
    """The beginnings of all quarter-hours of a year as the clock in Berlin shows them."""
    zone = ZoneInfo(BERLIN)
    first, last = (int(datetime(year + more, 1, 1, tzinfo=zone).timestamp()) for more in (0, 1))
    return [datetime.fromtimestamp(moment, zone).strftime(form) for moment in range(first, last, 900)]


def nominal(year: int, form: str) -> list[str]:
    """The same by a clock that nobody changes."""
    begins = datetime(year, 1, 1)
    return [(begins + timedelta(minutes=15 * number)).strftime(form) for number in range(365 * 96)]


def read(folder: Path, content: str, encoding: str = "utf-8", **said: object) -> FileSeries:
    path = folder / "load.csv"
    path.write_bytes(content.encode(encoding))
    return read_series(LoadColumn(str(path), timezone=BERLIN, **said))  # type: ignore[arg-type]


FIRST = int(datetime(2026, 1, 1, tzinfo=ZoneInfo(BERLIN)).timestamp())
FORMS = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M", "%d.%m.%y %H:%M"]


@pytest.mark.parametrize("form", FORMS)
def test_a_year_of_quarters_is_read_across_both_changes_of_the_clock(form: str, tmp_path: Path) -> None:
    rows = [f"{time};{number % 7},25" for number, time in enumerate(quarters(2026, form))]
    content = "Zählpunkt AT00;\nZeit;Bezug [kWh]\n" + "\n".join(rows)
    found = read(tmp_path, content, "cp1252", name="Bezug [kWh]", unit="kwh", time_name="Zeit", clock="wall")
    assert (found.first_seconds, found.step_seconds, len(found.joules)) == (FIRST, 900, 35_040)
    assert (found.delimiter, found.encoding, found.decimal) == (";", "cp1252", ",")
    assert list(found.joules[:8]) == [(number % 7) * KWH + KWH // 4 for number in range(8)]


CLOCKS = [
    # clock, begin of the first row
    ("utc", FIRST + 3_600),
    ("standard", FIRST),
    ("profile", FIRST + 3_600),
]


@pytest.mark.parametrize(("clock", "first"), CLOCKS)
def test_a_clock_that_nobody_changes_is_said(clock: str, first: int, tmp_path: Path) -> None:
    content = "t,W\n" + "\n".join(f"{time},1" for time in nominal(2026, "%Y-%m-%d %H:%M"))
    assert read(tmp_path, content, name="W", time_name="t", clock=clock).first_seconds == first
    with pytest.raises(PropertyError, match="have no offset, so csv_clock must say what they mean"):
        read(tmp_path, content, name="W", time_name="t")
    with pytest.raises(PropertyError, match=r"line \d+: the clock in Europe/Berlin never shows 2026-03-29 02:00.*csv_clock: standard"):
        read(tmp_path, content, name="W", time_name="t", clock="wall")


UNITS = [
    # unit, numbers, joules of the rows
    ("watts", ["100", "40"], [90_000, 36_000]),
    ("kw", ["0.1", "0.04"], [90_000, 36_000]),
    ("wh", ["25", "10"], [90_000, 36_000]),
    ("kwh", ["0.025", "0.01"], [90_000, 36_000]),
    ("kwh_register", ["7000.000", "7000.025", "7000.035"], [90_000, 36_000]),
    ("wh_register", ["7000000", "7000025", "7000035"], [90_000, 36_000]),
]


@pytest.mark.parametrize(("unit", "numbers", "joules"), UNITS)
def test_each_unit_means_its_joules(unit: str, numbers: list[str], joules: list[int], tmp_path: Path) -> None:
    assert list(read(tmp_path, "load\n" + "\n".join(numbers), name="load", unit=unit).joules) == joules


NUMBERS = [
    # cells, joules
    (["0,5", "1,5", "3"], [0, 2, 3]),
    (["1.234,5", "2,0"], [1_234, 2]),
    (["1,234.5", "2.0"], [1_234, 2]),
    (["1 234,5", "0,5"], [1_234, 1]),
    (["1.234.567", "8"], [1_234_567, 8]),
    (["12.500", "0.500"], [12, 1]),
    (["1e3", "2"], [1_000, 2]),
]


@pytest.mark.parametrize(("cells", "joules"), NUMBERS)
def test_decimal_marks_and_thousands_are_told_by_all_rows(cells: list[str], joules: list[int], tmp_path: Path) -> None:
    found = read(tmp_path, "n;load\n" + "\n".join(f"{n};{cell}" for n, cell in enumerate(cells)), name="load", unit="joules")
    assert list(found.joules) == joules


DOUBTS = [
    # content, what people say of it, the refusal
    ("n;load\n1;1.234\n2;5.678\n", {"unit": "joules"}, r"'1.234' can be read in two ways; say csv_decimal"),
    ("n;load\n1;1,5\n2;2.5\n", {"unit": "joules"}, "can be read in two ways"),
    ("n;load\n1;1\n2;2;3\n", {}, "line 3: all rows must have the 2 cells of the heading, this one has 3"),
    ("t;load\n03/04/2026 01:00;1\n03/04/2026 02:00;1\n", {"time_name": "t", "clock": "utc"}, "say csv_dates: day_first or month_first"),
    ("t;load\n2026-01-01T00:00Z;1\n2026-01-01 00:15;1\n", {"time_name": "t"}, "line 3: all times under t must have an offset, or none"),
    ("load\n" + "".join(f"{100 + n}.5\n" for n in range(30)), {"unit": "kwh"}, "say csv_other_unit: kwh_register"),
    ("load\n5\n4\n", {"unit": "kwh_register"}, "line 3: a register must never fall, but load goes from 5 to 4"),
    ("load\n" + "2\n" * 30 + "60\n", {}, "line 32: the last row is the sum of all others"),
    ("n;load\n" + "".join(f"{n};2\n" for n in range(30)) + ";60\n", {}, "line 32: '' stands under n"),
    (
        "t;load\n" + "".join(f"{datetime(2026, 1, 1) + timedelta(minutes=15 * n + 15):%d.%m.%Y %H:%M};2\n" for n in range(96)),
        {"time_name": "t", "clock": "wall"},
        "could be ends of steps; say csv_stamps: end, or begin",
    ),
]


@pytest.mark.parametrize(("content", "said", "refusal"), DOUBTS)
def test_doubt_is_refused_and_says_what_to_say(content: str, said: dict[str, str], refusal: str, tmp_path: Path) -> None:
    with pytest.raises(PropertyError, match=refusal):
        read(tmp_path, content, name="load", **said)


def test_an_end_of_a_step_is_the_begin_of_the_next(tmp_path: Path) -> None:
    content = "Datum;Uhrzeit;load\n" + "".join(f"01.01.2026;{n // 4:02}:{n % 4 * 15:02};2\n" for n in range(1, 97))
    found = read(tmp_path, content, name="load", time_name="Datum + Uhrzeit", clock="wall", stamps="end")
    assert (found.first_seconds, len(found.joules)) == (FIRST, 96)


def test_what_is_understood_is_one_line_and_reads_back_as_properties(joulebus: Command) -> None:
    path = CASES / "files/decimal_comma/load.csv"
    said = joulebus("load", "check", str(path), "--clock", "wall", "--timezone", BERLIN).stdout
    assert said.startswith("load.csv: 96 rows of 900 s from 2026-07-01 00:00 to 2026-07-02 00:00 (the clock on the wall of Europe/Berlin)")
    assert "kWh a row under 'Bezug [kWh]', decimal comma, ';' between cells, utf-8: 12.000 kWh, 500 W on average" in said
    found = understand(LoadColumn(str(path), "", clock="wall", timezone=BERLIN)).properties()
    properties = BaseloadProperties.model_validate(found)
    assert sum(read_series(load_column(properties, BERLIN)).joules) == 12 * KWH
    refused = joulebus("load", "check", str(path))
    assert (refused.returncode, "csv_clock must say what they mean" in refused.stderr) == (2, True)


@pytest.mark.parametrize(("heading", "unit"), [("Bezug [kWh]", "kwh"), ("P (kW)", "kw"), ("W", "watts"), ("Wh", "wh"), ("Volume", None)])
def test_a_heading_may_name_its_unit(heading: str, unit: Unit | None) -> None:
    assert unit_of_column(heading) == unit
