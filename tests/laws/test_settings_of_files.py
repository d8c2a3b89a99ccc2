"""A setting that names a file, a column, a unit or a moment does what its help says, in a whole home."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from joulebus.errors import JoulebusError
from joulebus.home.round import Home
from joulebus.planning.api import load
from joulebus_schemas.facts import JOULES_PER_KWH
from tests.laws.test_settings_do import HOME, base, courses, taken

ROWS = 96
UNITS = [
    ("csv_unit", "watts", "100"),
    ("csv_unit", "joules", "90000"),
    ("csv_unit", "kwh", "0.025"),
    ("csv_other_unit", "kw", "0.1"),
    ("csv_other_unit", "wh", "25"),
]
"""A hundred watts."""


@pytest.mark.parametrize(("setting", "unit", "number"), UNITS)
def test_the_numbers_of_a_load_are_of_the_unit_that_is_said(setting: str, unit: str, number: str, tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("load\n" + f"{number}\n" * ROWS)
    said = {"baseload.csv_path": str(file), "baseload.csv_column": "load", f"baseload.{setting}": unit}
    assert taken(courses(base().set(said))["baseload"]) == 100 * 86_400


def test_csv_sha256_is_of_the_file_that_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    file.write_text("load\n" + "100\n" * ROWS)
    said = {"baseload.csv_path": str(file), "baseload.csv_column": "load"}
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    assert taken(courses(base().set({**said, "baseload.csv_sha256": right}))["baseload"]) == 100 * 86_400
    with pytest.raises(JoulebusError, match="sha256|SHA-256"):
        courses(base().set({**said, "baseload.csv_sha256": "0" * 64}))


def paid(said: dict[str, Any], way: str) -> tuple[int, int]:
    """Joules through the grid in a day, and micro-euro, before and from noon on."""
    home = Home.from_file(base().set({"battery.on": False, **said}).file)
    joules, money = f"joules_{'out' if way == 'import' else 'in'}", f"{way}_{'cost' if way == 'import' else 'income'}_micro_euro"
    outcomes = [(settled.window.start, settled.outcomes["grid"]) for settled in home.live(1_440, 60)]
    late = [one for start, one in outcomes if start >= 720]
    assert sum(getattr(one, joules) for one in late) > 0
    return sum(getattr(one, joules) for one in late), sum(getattr(one, money) for one in late)


@pytest.mark.parametrize("way", ["import", "export"])
def test_a_list_of_prices_holds_from_its_moments_on(way: str) -> None:
    moments = [{"since": "2026-06-01 00:00", "euro_per_kwh": 0.1}, {"since": "2026-06-01 12:00", "euro_per_kwh": 0.7}]
    joules, money = paid({f"grid.{way}_prices_from": moments}, way)
    assert money == pytest.approx(joules * 700_000 / JOULES_PER_KWH, abs=2)


@pytest.mark.parametrize(
    ("column", "unit", "price"), [("a", "euro_per_kwh", 0.7), ("b", "euro_per_mwh", 0.09), ("a", "euro_per_mwh", 0.0007)]
)
@pytest.mark.parametrize("way", ["import", "export"])
def test_a_file_of_prices_is_read_by_its_column_and_its_unit(way: str, column: str, unit: str, price: float, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    hours = [f"2026-06-01T{hour:02}:00+02:00,0.7,90" for hour in range(24)]
    file.write_text("time,a,b\n" + "\n".join([*hours, "2026-06-02T00:00+02:00,0.7,90"]))
    said = {f"grid.{way}_prices_file": str(file), f"grid.{way}_prices_column": column, f"grid.{way}_prices_unit": unit}
    joules, money = paid(said, way)
    assert money == pytest.approx(joules * price * 1e6 / JOULES_PER_KWH, abs=2)


@pytest.mark.parametrize("price", [0.0, 0.2])
@pytest.mark.parametrize("way", ["import", "export"])
def test_one_price_holds_always(way: str, price: float) -> None:
    joules, money = paid({f"grid.{way}_euro_per_kwh": price}, way)
    assert money == pytest.approx(joules * price * 1e6 / JOULES_PER_KWH, abs=2)


@pytest.mark.parametrize(("stamps", "watts"), [("begin", 100), ("end", 200)])
def test_csv_stamps_say_which_end_of_a_row_a_time_is(stamps: str, watts: int, tmp_path: Path) -> None:
    file = tmp_path / "load.csv"
    rows = [f"2026-{5 if hour < 0 else 6:02}-{31 if hour < 0 else 1:02}T{hour % 24:02}:00+02:00,{hour + 1}00" for hour in range(-1, 24)]
    file.write_text("time,load\n" + "\n".join(rows))
    said = {"csv_path": str(file), "csv_column": "load", "csv_step_seconds": 3_600, "csv_time_column": "time", "csv_stamps": stamps}
    course = courses(base().set({f"baseload.{name}": value for name, value in said.items()}))["baseload"]
    assert course[:60] == [watts * 60] * 60


@pytest.mark.parametrize("kind", ["tv", "lights", "appliance"])
def test_jitter_minutes_move_when_it_is_switched_on_and_no_further(kind: str) -> None:
    begins: dict[int, set[int]] = {}
    for jitter in (0, 30):
        said = {"kind": kind, "timers": ["18:00-22:00"], "jitter_minutes": jitter, "standby_watts": 0}
        said = said if kind != "lights" else {name: value for name, value in said.items() if name != "standby_watts"}
        homes = (load({**HOME, "seed": seed, "devices": {**HOME["devices"], kind: said}}) for seed in range(4))
        begins[jitter] = {next(tick for tick, joules in enumerate(courses(home)[kind]) if joules > 0) for home in homes}
    assert begins[0] == {18 * 60}
    assert len(begins[30]) > 1 and all(abs(tick - 18 * 60) <= 30 for tick in begins[30])
