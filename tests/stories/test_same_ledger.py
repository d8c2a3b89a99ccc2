"""Law 2 on real parts: in memory, and as processes at any speed, with or without deaths in between, the chain of seals is the same."""

from random import Random

import pytest

from tests.stories.conftest import LiveFile
from tests.stories.homes import HOUSE, seals_in_memory
from tests.stories.living import LivingHome

DAY_TICKS = 86_400
ENDED_SECONDS_MAX = 900
"""Generous: twenty processes on two busy cores."""
VICTIMS = ("oven", "battery", "weather", "inverter", "crossbar")


@pytest.fixture(scope="module")
def day() -> list[str]:
    """The chain of a day of the house in memory."""
    return seals_in_memory(HOUSE, DAY_TICKS)


def nothing_is_missing(home: LivingHome) -> None:
    """Both books are recomputed: the journal's and the historian's."""
    for source in (home.journal_path, home.books / "history.sqlite"):
        audit = home.joulebus("audit", str(source))
        assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr


def kill_at_random_moments(home: LivingHome, victims: tuple[str, ...], last_tick: int, seed: int) -> None:
    """One after another, in an order and at ticks of chance; the seed is in the name of the test."""
    chance = Random(seed)
    ticks = sorted(chance.randrange(900, last_tick) for _ in victims)
    for tick, victim in zip(ticks, chance.sample(victims, len(victims)), strict=True):
        home.wait_until(lambda tick=tick: home.committed_ticks() >= tick, f"tick {tick} is settled", 120)  # type: ignore[misc]
        home.kill9(victim)


def test_a_day_of_the_house_as_processes_flat_out_is_the_day_in_memory(live_file: LiveFile, day: list[str]) -> None:
    house = live_file(HOUSE, "--speed", "flat_out", "--for", "1d").start()
    assert house.ended(seconds=ENDED_SECONDS_MAX) == 0, house.said
    assert len(house.seals()) == 96
    assert house.seals() == day
    nothing_is_missing(house)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_six_hours_of_the_house_with_five_deaths_are_those_in_memory(live_file: LiveFile, day: list[str], seed: int) -> None:
    house = live_file(HOUSE, "--speed", "900", "--for", "6h").up()
    door = house.running["guest_url"]
    kill_at_random_moments(house, VICTIMS, 16_000, seed)
    assert house.running["guest_url"] == door
    assert house.ended(seconds=ENDED_SECONDS_MAX) == 0, house.said
    assert house.seals() == day[:24]
    nothing_is_missing(house)


@pytest.mark.slow
@pytest.mark.parametrize("speed", ["3600", "20000"])
def test_a_day_of_the_house_at_any_speed_is_the_day_in_memory(live_file: LiveFile, day: list[str], speed: str) -> None:
    house = live_file(HOUSE, "--speed", speed, "--for", "1d").start()
    assert house.ended(seconds=ENDED_SECONDS_MAX) == 0, house.said
    assert house.seals() == day
    nothing_is_missing(house)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_day_of_the_house_with_ten_deaths_is_the_day_in_memory(live_file: LiveFile, day: list[str], seed: int) -> None:
    house = live_file(HOUSE, "--speed", "900", "--for", "1d").up()
    kill_at_random_moments(house, (*VICTIMS, "historian", "sun", "panel_south", "grid", "geyser"), 80_000, seed)
    assert house.ended(seconds=ENDED_SECONDS_MAX) == 0, house.said
    assert house.seals() == day
    nothing_is_missing(house)
