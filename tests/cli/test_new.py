"""``joulebus new``: a commented home file from a few words, which plans; or one sentence of what is wrong."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from joulebus.homefile.cities import cities, city, distance_km, nearest_city
from joulebus.homefile.draft import read_roofs
from joulebus.homefile.home_file import load_home_file
from tests.planning.conftest import JOULEBUS, Command, environment
from tests.short import in_short

CASES = {
    "nothing said": [],
    "east and west": [
        "--roof",
        "3000@90,3000@270",
        "--battery",
        "10",
        "--kwh",
        "3500",
        "--city",
        "Brussels",
        "--tariff",
        "0.32/0.19@22:00-06:00",
    ],
    "south of the equator": ["--roof", "3000@N/20,1000@NE,500@n", "--city", "Johannesburg", "--tariff", "3,6", "--battery", "5,5"],
    "no panels, no battery": ["--roof", "0", "--battery", "0", "--place", "50.85,4.35", "--export", "0"],
    "a battery alone": ["--roof", "0", "--battery", "2", "--place", "40.7,-74", "--currency", "USD"],
    "far from any city": ["--place", "-48,-120", "--timezone", "Etc/GMT+8", "--roof", "800@0"],
}


@pytest.mark.parametrize("case", in_short(CASES, "east and west", "no panels, no battery"))
def test_what_is_written_plans(case: str, joulebus: Command, tmp_path: Path) -> None:
    file = tmp_path / "My home-2.yaml"
    written = joulebus("new", file, *CASES[case])
    assert written.returncode == 0, written.stderr
    assert "plan" in written.stdout and "up" in written.stdout
    assert load_home_file(file).name == "my_home_2"
    assert file.read_text().count("#") >= 8, "it is commented"
    planned = joulebus("plan", file, "--days", "2", "--json")
    assert planned.returncode == 0, planned.stderr
    assert '"missing_joules": 0' in planned.stdout


def test_the_answers_are_in_the_home(joulebus: Command, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    assert joulebus("new", file, *CASES["south of the equator"]).returncode == 0
    home = load_home_file(file)
    panels = {name: one.properties["azimuth_degrees"] for name, one in home.members.items() if one.kind == "panel"}
    assert panels == {"panel_north": 0, "panel_north_east": 45, "panel_north_2": 0}
    assert home.place.timezone == "Africa/Johannesburg"
    assert home.members["grid"].properties["currency"] == "R"
    assert home.members["grid"].properties["import_euro_per_kwh"] == 3.6
    assert home.members["battery"].properties["capacity_kwh"] == 5.5


def test_a_price_that_changes_comes_with_what_an_inverter_can_do_about_it(joulebus: Command, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    assert joulebus("new", file, *CASES["east and west"]).returncode == 0
    [hint] = re.findall(r"# (charge_below_euro_per_kwh.*)$", file.read_text(), re.MULTILINE)
    file.write_text(file.read_text().replace("{kind: inverter,", f"{{kind: inverter, {hint},"))
    assert load_home_file(file).members["inverter"].properties["charge_below_euro_per_kwh"] == 0.2
    assert joulebus("plan", file, "--days", "1").returncode == 0


def test_a_file_of_loads_is_understood_and_said(joulebus: Command, tmp_path: Path) -> None:
    rows = "".join(f"2026-01-01T{hour:02}:{minute:02}:00Z;0,25\n" for hour in range(24) for minute in (0, 15, 30, 45))
    (tmp_path / "meter.csv").write_text("time;load kWh\n" + rows)
    done = joulebus("new", tmp_path / "metered.yaml", "--load", tmp_path / "meter.csv", "--roof", "0")
    assert done.returncode == 0, done.stderr
    assert "96 rows of 900 s" in done.stdout and "24.000 kWh" in done.stdout
    planned = joulebus("plan", tmp_path / "metered.yaml", "--days", "1")
    assert planned.returncode == 0, planned.stderr


WRONG = {
    "--city Brusels": 'cities after which time zones are named; did you mean "Brussels"?',
    "--city Xyzzyx": "give its --place LATITUDE,LONGITUDE instead",
    "--place 91,0": '--place must be LATITUDE,LONGITUDE in degrees, such as 50.85,4.35, but was "91,0"',
    "--place here": "--place must be LATITUDE,LONGITUDE",
    "--place -48,-120": "no city is near -48,-120; say its --timezone",
    "--roof 3000": 'a roof must be WATTS@AZIMUTH or WATTS@AZIMUTH/TILT, such as 3000@90 (east) or 3000@S/30, but was "3000"',
    "--roof 3000@400": "an azimuth of 0 to 360 degrees",
    "--roof 3000@XY": "a roof must be",
    "--battery -1": '--battery must be a number from 0 to 2500, but was "-1"',
    "--battery nan": "--battery must be a number from 0 to 2500",
    "--kwh many": '--kwh must be a number from 0 to 1000000, but was "many"',
    "--tariff cheap": "a tariff must be a price per kWh, DAY/NIGHT@22:00-06:00, or a file of prices",
    "--tariff 0.3/x@22:00-06:00": "the second price of a tariff must be a number",
    "--load nowhere.csv": "nowhere.csv",
    "--timezone Mars/Base --place 1,1": "Mars/Base",
    "--weather nowhere.epw": "nowhere.epw",
    "--tariff 999": "import_euro_per_kwh",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_answer_is_one_sentence_and_writes_nothing(line: str, joulebus: Command, tmp_path: Path) -> None:
    done = joulebus("new", tmp_path / "home.yaml", *line.split())
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert WRONG[line] in done.stderr and "Traceback" not in done.stderr and "bug" not in done.stderr
    assert not (tmp_path / "home.yaml").exists()


def test_a_file_that_exists_is_kept(joulebus: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    done = joulebus("new", tmp_path / "mine.yaml")
    assert done.returncode == 2 and "mine.yaml exists already" in done.stderr
    assert (tmp_path / "mine.yaml").read_text() == "mine"
    assert joulebus("new", tmp_path / "mine.yaml", "--force").returncode == 0


def test_without_options_a_person_is_asked(tmp_path: Path) -> None:
    person, terminal = pty.openpty()
    asked = subprocess.Popen(
        [JOULEBUS, "new", "asked.yaml"], cwd=tmp_path, env=environment(tmp_path), stdin=terminal, stdout=subprocess.PIPE, text=True
    )
    os.close(terminal)
    os.write(person, b"Lisbon\n4000@S\n7\n\n0,25\n\n")
    said, _ = asked.communicate(timeout=60)
    os.close(person)
    assert asked.returncode == 0 and "Battery in kWh" in said
    home = load_home_file(tmp_path / "asked.yaml")
    assert home.place.timezone == "Europe/Lisbon" and home.members["battery"].properties["capacity_kwh"] == 7
    assert home.members["grid"].properties["import_euro_per_kwh"] == 0.25
    assert home.members["baseload"].properties["annual_kwh"] == 3500


def test_cities_are_where_they_are() -> None:
    assert len(cities()) > 400
    assert (city("new york").latitude_degrees, city("New_York").longitude_degrees) == (40.714, -74.006)
    assert (nearest_city(50.5, 4.5).timezone, nearest_city(-33.92, 18.42).currency) == ("Europe/Brussels", "R")
    assert 250 < distance_km(city("Brussels"), 48.857, 2.352) < 280, "to Paris"
    assert read_roofs("0") == () and len(read_roofs("1@N,2@90")) == 2


@pytest.mark.parametrize(("town", "said"), [("Singapore", 1), ("Brussels", 0)])
def test_where_the_generated_sky_is_less_right_is_said_at_once(town: str, said: int, joulebus: Command, tmp_path: Path) -> None:
    written = joulebus("new", tmp_path / "home.yaml", "--city", town)
    assert written.returncode == 0 and written.stderr.count("\n") == said
    assert written.stderr.count("note: weather is generated, and in the humid tropics") == said
