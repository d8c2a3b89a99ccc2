"""Law 2: the same home, seed and commands give the same chain of seals, however time is cut."""

from dataclasses import replace
from pathlib import Path

import pytest

from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus_schemas.roster import Member

HOMES = Path("examples/homes")
DAY_SECONDS = 86_400


def day(file: HomeFile, window: int, ticks: int | None = None) -> list[str]:
    """All seals of a day (or of so many ticks)."""
    home = Home.from_file(file)
    ticks = ticks or DAY_SECONDS // file.tick_seconds
    return [seal.hash for settled in home.live(ticks, window) for seal in settled.seals]


@pytest.fixture(scope="module")
def house() -> HomeFile:
    return load_home_file(HOMES / "house.yaml")


@pytest.fixture(scope="module")
def seals_of_the_house(house: HomeFile) -> list[str]:
    return day(house, 3_600)


@pytest.mark.parametrize("window", [60, 900, 86_400])
def test_a_day_of_the_house_has_the_same_seals_for_every_window(house: HomeFile, seals_of_the_house: list[str], window: int) -> None:
    assert len(seals_of_the_house) == 96
    assert day(house, window) == seals_of_the_house


@pytest.mark.slow
@pytest.mark.parametrize("window", [1, 7])
def test_a_day_of_the_house_has_the_same_seals_for_the_smallest_windows(
    house: HomeFile, seals_of_the_house: list[str], window: int
) -> None:
    assert day(house, window) == seals_of_the_house


@pytest.mark.parametrize("window", [1, 7])
def test_an_hour_around_noon_has_the_same_seals_for_the_smallest_windows(house: HomeFile, window: int) -> None:
    noon = replace(house, start_unix_seconds=house.start_unix_seconds + 12 * 3_600)
    assert day(noon, window, 3_600) == day(noon, 3_600, 3_600)


@pytest.mark.parametrize("name", ["flat", "off_grid", "load_shedding"])
@pytest.mark.parametrize("window", [97, 14_400])
def test_other_homes_have_the_same_seals_for_every_window(name: str, window: int) -> None:
    file = load_home_file(HOMES / f"{name}.yaml")
    assert day(file, window) == day(file, 3_600)


def scripted(file: HomeFile, window: int) -> list[str]:
    """A day with commands at fixed ticks: switched, changed, added, removed."""
    home = Home.from_file(file)
    seals = []
    acts = [
        (10_000, lambda: home.switch("tv", False)),
        (20_000, lambda: home.set("oven", setpoint_celsius=180.0)),
        (30_000, lambda: home.add("heater", Member(kind="appliance", properties={"power_watts": 2_000}))),
        (40_000, lambda: home.switch("tv", True)),
        (50_000, lambda: home.remove("heater")),
        (60_000, lambda: home.set("sun", irradiance_percent=50.0)),
    ]
    for tick, act in acts:
        seals += [seal.hash for settled in home.live(tick - home.keeper.next_tick, window) for seal in settled.seals]
        act()
    seals += [seal.hash for settled in home.live(DAY_SECONDS - home.keeper.next_tick, window) for seal in settled.seals]
    return seals


def test_commands_at_the_same_ticks_give_the_same_seals(house: HomeFile) -> None:
    assert scripted(house, 997) == scripted(house, 3_600)
