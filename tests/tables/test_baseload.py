"""A baseload: the year to the joule, the shape of the standard profile, and a file in its place."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from joulebus.devices.baseload import Baseload, BaseloadProperties
from joulebus.errors import PropertyError
from joulebus.physics.standard_profile import dynamic, quarters
from tests.tables.living import BRUSSELS, assert_no_cut_matters, assert_no_tick_matters, context, wants

KWH = 3_600_000

YEARS = [
    # zone, year, quarters
    (BRUSSELS, 2025, 35_040),
    (BRUSSELS, 2024, 35_136),
    ("UTC", 2025, 35_040),
    ("Africa/Johannesburg", 2024, 35_136),
    ("Australia/Lord_Howe", 2025, 35_040),
    ("Asia/Kathmandu", 2025, 35_040),
]


@pytest.mark.parametrize(("zone", "year", "number"), YEARS)
@pytest.mark.parametrize("joules", [0, 1, 35_039, 2_500 * KWH])
def test_every_year_has_its_joules_exactly(zone: str, year: int, number: int, joules: int) -> None:
    shares = quarters(joules, year, zone)
    assert len(shares) == number
    assert sum(shares) == joules
    assert min(shares) >= 0


DYNAMISATION = [(1, 12_420), (15, 12_568), (60, 11_773), (91, 10_640), (121, 9_492), (172, 8_096), (182, 7_959)]
DYNAMISATION += [(213, 7_879), (274, 9_183), (305, 10_372), (335, 11_588), (365, 12_572), (366, 12_597)]


@pytest.mark.parametrize(("day", "factor"), DYNAMISATION)
def test_the_dynamisation_is_that_of_the_bdew(day: int, factor: int) -> None:
    assert dynamic(day) == factor


def test_the_shape_is_that_of_demandlib() -> None:
    shares = quarters(3_500 * KWH, 2021, "Europe/Berlin")
    largest = max(range(len(shares)), key=lambda quarter: shares[quarter])
    assert (largest // 96 + 1, largest % 96 / 4) == (16, 19.0)
    assert shares[largest] / 900 == pytest.approx(939.54, rel=2e-3)
    assert min(shares) / 900 == pytest.approx(128.18, rel=2e-3)
    days = [sum(shares[first : first + 96]) / KWH for first in (0, 3 * 96)]
    assert days == pytest.approx([11.1235, 11.1722], rel=4e-3)


DAYS = [
    # day, the day after, quarters
    ("2026-03-02", "2026-03-03", 96),
    ("2026-03-29", "2026-03-30", 92),
    ("2026-10-25", "2026-10-26", 100),
    ("2024-02-29", "2024-03-01", 96),
]


@pytest.mark.parametrize(("day", "following", "number"), DAYS)
def test_a_day_has_as_many_quarters_as_its_clock(day: str, following: str, number: int) -> None:
    year, begins, ends = (context(moment).start_unix_seconds for moment in (f"{day[:4]}-01-01", day, following))
    assert ends - begins == number * 900
    shares = list(quarters(2_500 * KWH, int(day[:4]), BRUSSELS))[(begins - year) // 900 : (ends - year) // 900]
    assert wants(Baseload(), BaseloadProperties(), context(day, tick_seconds=900), number) == shares


def test_the_turn_of_a_year_is_no_edge() -> None:
    joules = wants(Baseload(), BaseloadProperties(), context("2024-12-31 23:00", tick_seconds=900), 8)
    assert joules == list(quarters(2_500 * KWH, 2024, BRUSSELS)[-4:]) + list(quarters(2_500 * KWH, 2025, BRUSSELS)[:4])


def test_neither_windows_nor_ticks_change_a_household() -> None:
    assert_no_cut_matters(Baseload(), BaseloadProperties(), context("2025-12-31 23:10"), [1, 299, 1_000, 7, 3_000, 901])
    assert_no_tick_matters(Baseload(), BaseloadProperties(), "2025-12-31 22:00", 10_800)


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = tmp_path / "load.csv"
    path.write_text("time,load\n2026-03-01T23:00Z,0\n2026-03-01T23:15Z,100.5\n2026-03-01T23:30Z,1000\n")
    return str(path)


def test_a_file_takes_the_place_of_the_household_and_begins_again_after_its_end(path: str) -> None:
    properties = BaseloadProperties(csv_path=path, csv_column="load")
    rows = [0, 90_450, 900_000]
    assert wants(Baseload(), properties, context("2026-03-02", tick_seconds=900), 7) == [*rows, *rows, 0]
    assert_no_cut_matters(Baseload(), properties, context("2026-03-02"), [1, 299, 1_000, 7, 3_000])
    assert_no_tick_matters(Baseload(), properties, "2026-03-02", 4_500)


ANCHORS = [
    # csv_time_column, csv_begins, row at the home's start
    ("", None, 0),
    ("time", None, 1),
    ("time", "2026-03-01 23:45:00", 2),
]


@pytest.mark.parametrize(("time", "begins", "row"), ANCHORS)
def test_the_first_row_has_a_place_in_time(path: str, time: str, begins: str | None, row: int) -> None:
    properties = BaseloadProperties(csv_path=path, csv_column="load", csv_time_column=time, csv_begins=begins)
    assert wants(Baseload(), properties, context("2026-03-02 00:15", tick_seconds=900), 1) == [[0, 90_450, 900_000][row]]


def test_a_file_that_cannot_be_used_is_refused_before_the_home_begins(path: str) -> None:
    with pytest.raises(PropertyError, match="must be a heading"):
        Baseload().begin(context("2026-03-02"), BaseloadProperties(csv_path=path, csv_column="laod"))
    with pytest.raises(ValidationError, match="csv_column must name the column"):
        BaseloadProperties(csv_path=path)
