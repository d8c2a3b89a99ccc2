"""A home file says what a home is, and a home says its file."""

from dataclasses import replace
from pathlib import Path

import pytest

from joulebus.homefile.home_file import HomeFile, dump, load_home_file
from tests.home_file.conftest import EXAMPLES, HEAD, Write


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_reads_back_as_it_was_written(example: Path, write: Write) -> None:
    home = load_home_file(example)
    assert load_home_file(write(dump(home))) == home


def test_the_house_has_about_twenty_devices() -> None:
    home = load_home_file(next(path for path in EXAMPLES if path.stem == "house"))
    assert 18 <= len(home.members) <= 24
    assert {"sun", "weather", "panel", "inverter", "battery", "grid", "oven", "geyser"} <= {m.kind for m in home.members.values()}


def test_members_come_in_the_order_of_the_file_with_all_properties(write: Write) -> None:
    home = load_home_file(write(HEAD + "devices:\n  zoo: {kind: tv}\n  oven: {kind: oven, power_watts: 2000, on: false}\n"))
    assert list(home.members) == ["zoo", "oven", "inverter"]
    oven = home.members["oven"]
    assert (oven.kind, oven.on, oven.properties["power_watts"], oven.properties["shedding_priority"]) == ("oven", False, 2000, 5)


def test_what_is_left_out_has_a_default(write: Write) -> None:
    home = load_home_file(write(HEAD + "devices: {tv: {kind: tv}}\n"))
    assert (home.name, home.start_unix_seconds, home.tick_seconds, home.speed, home.seed) == ("casa", 1_782_014_400, 1, 1.0, 0)


def test_now_is_a_whole_tick(write: Write) -> None:
    home = load_home_file(write(HEAD.replace("2026-06-21T00:00:00-04:00", "now") + "tick_seconds: 900\ndevices: {tv: {kind: tv}}\n"))
    assert home.start_unix_seconds % 900 == 0
    assert home.start_unix_seconds > 1_700_000_000


@pytest.mark.parametrize(("said", "meant"), [("flat_out", None), ("3600", 3600.0), ("0.5", 0.5)])
def test_a_speed_is_a_number_or_flat_out(said: str, meant: float | None, write: Write) -> None:
    home = load_home_file(write(HEAD + f"speed: {said}\ndevices: {{tv: {{kind: tv}}}}\n"))
    assert home.speed == meant
    assert load_home_file(write(dump(home))).speed == meant


def test_a_home_without_an_inverter_gets_a_switchboard(write: Write) -> None:
    home = load_home_file(write(HEAD + "devices: {grid: {kind: grid}}\n"))
    assert home.members["inverter"].kind == "inverter"
    assert home.members["inverter"].properties["rating_watts"] == 0


def test_a_file_is_seen_from_the_folder_of_the_home(write: Write, tmp_path: Path) -> None:
    (tmp_path / "sky.csv").write_text("")
    weather = "devices: {weather: {kind: weather, source: file, file: sky.csv}}\n"
    assert load_home_file(write(HEAD + weather)).members["weather"].properties["file"] == str(tmp_path.resolve() / "sky.csv")


def test_a_file_of_a_library_stays_what_it_is(write: Write) -> None:
    weather = 'devices: {weather: {kind: weather, source: file, file: "pvlib:723170TYA.CSV"}}\n'
    assert load_home_file(write(HEAD + weather)).members["weather"].properties["file"] == "pvlib:723170TYA.CSV"


def test_whom_a_device_hears_is_kept_also_when_it_is_nobody(write: Write) -> None:
    devices = "devices:\n  sun: {kind: sun}\n  weather: {kind: weather, hears: []}\n  panel: {kind: panel}\n"
    text = dump(load_home_file(write(HEAD + devices)))
    assert "hears: []" in text.split("weather:")[1].split("panel:")[0]
    assert load_home_file(write(text)).members["weather"].hears == ()


def test_a_home_that_starts_elsewhere_is_written_so(write: Write) -> None:
    home: HomeFile = load_home_file(write(HEAD + "devices: {tv: {kind: tv}}\n"))
    later = replace(home, start_unix_seconds=home.start_unix_seconds + 3600, tick_seconds=60)
    assert load_home_file(write(dump(later))) == later


@pytest.mark.parametrize(("said", "azimuth"), [("", None), (", azimuth_degrees: 180", 180.0), (", azimuth_degrees: 0", 0.0)])
def test_where_panels_look_is_what_is_said_or_left_to_the_place(said: str, azimuth: float | None, write: Write) -> None:
    place = "home: casa\nplace: {latitude_degrees: -33, longitude_degrees: 18}\nstart: 2026-06-21T00:00:00Z\n"
    home = load_home_file(write(place + f"devices:\n  sun: {{kind: sun}}\n  roof: {{kind: panel{said}}}\n"))
    assert home.members["roof"].properties["azimuth_degrees"] == azimuth
    assert load_home_file(write(dump(home))) == home


def test_files_are_named_from_the_folder_of_the_link_in_a_volume_of_kubernetes(tmp_path: Path) -> None:
    """Its names are links into a folder that is another one in each pod; elsewhere a link leads to the file, and to those beside it."""
    text = HEAD + "devices:\n  car: {kind: car}\n  box: {kind: charger, api_port: 8100, api_password_file: secrets/box}\n"
    written = tmp_path / "..2026_12_01"
    (written / "secrets").mkdir(parents=True)
    (written / "secrets/box").write_text("eva:an open door")
    (written / "home.yaml").write_text(text)
    (tmp_path / "..data").symlink_to(written.name)
    for name in ("home.yaml", "secrets"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/link.yaml").symlink_to("../plain.yaml")
    (tmp_path / "plain.yaml").write_text(text)
    for path in (tmp_path / "home.yaml", tmp_path / "elsewhere/link.yaml"):
        assert load_home_file(path).members["box"].properties["api_password_file"] == str(tmp_path / "secrets/box")
