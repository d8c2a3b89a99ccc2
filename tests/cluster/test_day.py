"""A day of the house in the cluster has the seals of memory: at peace, and with everything broken and switched that can be."""

import json
import time
from collections.abc import Callable

import pytest

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from tests.cluster.breaking import API_SERVER, api_answers, drained, keep_dead
from tests.cluster.conftest import Installed
from tests.cluster.living import MODEST, PodHome
from tests.stories.homes import HOUSE, replayed

DAY_TICKS, EPOCH_TICKS, HOUR_TICKS = 86_400, 900, 3_600
DAY_SECONDS_MAX = 900.0
PEACE_SPEED, SPEED = 3_600, 600
"""A day in 24 s; and an hour in six seconds: time enough to break things in."""
AWAY_SECONDS = 60.0
WAVES = (
    ("sun", "panel_south", "oven", "geyser", "fridge", "living_lights", "dishwasher"),
    ("battery", "grid", "router", "computer", "weather", "washing_machine", "baseload"),
    ("battery", "panel_east", "panel_west", "freezer", "sun", "grid", "kitchen_lights"),
)
"""Devices whose pods are killed at once."""


@pytest.fixture(scope="module")
def house(installed: Installed) -> PodHome:
    """The house, an hour a second."""
    return installed(HOUSE, "k-day", clock_speed=str(PEACE_SPEED), **MODEST)


def test_a_day_at_peace_has_the_seals_of_memory(house: PodHome) -> None:
    seconds = house.seconds_until(lambda: house.books_reach(DAY_TICKS), "a day is over", DAY_SECONDS_MAX)
    in_memory = [seal.hash for settled in Home.from_file(load_home_file(HOUSE)).live(DAY_TICKS) for seal in settled.seals]
    print(f"\na day of the house in pods, {PEACE_SPEED} times as fast: {seconds:.0f} s; head of the day: {in_memory[-1][:16]}")
    assert house.books().seals()[: len(in_memory)] == in_memory and len(in_memory) == DAY_TICKS // EPOCH_TICKS


def test_a_disturbed_day_has_the_seals_of_the_same_switches_in_memory(house: PodHome) -> None:
    house.joulebus("clock", "speed", str(SPEED))
    began, first = time.monotonic(), house.tick()
    killed: set[str] = set()

    def kill(*devices: str) -> None:
        pods = [pod for device in devices for pod in house.pods_of(device)]
        killed.update(pods)
        house.kill(*pods)

    def kill_parts(*parts: str) -> None:
        pods = [pod["metadata"]["name"] for part in parts for pod in house.pods_in(part)]
        killed.update(pods)
        house.kill(*pods)

    def scale(device: str, replicas: int) -> None:
        house.kubectl("scale", "deployment", device, f"--replicas={replicas}")
        house.wait_until(lambda: house.state(device) == ("on" if replicas else "off"), f"{device} is switched", 180)

    def switch(word: str, device: str) -> None:
        house.wait_until(lambda: house.joulebus("device", word, device).returncode == 0, f"{device} is switched {word}", 180)
        house.wait_until(lambda: house.replicas(device) == int(word == "on"), f"{device} is scaled", 180)

    acts: list[Callable[[], object]] = [
        lambda: kill(*WAVES[0]),
        lambda: scale("tv", 0),
        lambda: kill_parts("router"),
        lambda: switch("off", "geyser"),
        lambda: kill(*WAVES[1]),
        lambda: without_the_api_server(house),
        lambda: kill_parts("hub"),
        lambda: scale("tv", 1),
        lambda: kill(*WAVES[2]),
        lambda: kill_parts("supervisor", "historian"),
        lambda: switch("on", "geyser"),
        lambda: drain(house),
    ]
    for act in acts:
        reached = house.tick() + HOUR_TICKS
        act()
        house.wait_until(lambda reached=reached: house.books_reach(reached), "time goes on", 240)  # type: ignore[misc]
    house.wait_until(lambda: house.books_reach(first + DAY_TICKS), "the day is over", DAY_SECONDS_MAX)
    seconds = time.monotonic() - began
    books = house.nothing_is_missing()
    seals, changes = books.seals(), books.changes()
    print(f"\n{len(killed)} pods killed with router, hub, supervisor, historian and API server, and the node drained: {seconds:.0f} s")
    print("switched: " + ", ".join(f"{one.device} {'on' if one.on else 'off'} from tick {one.from_tick:,}" for one in changes))
    again = replayed(books)
    assert seals and seals == again[: len(seals)]
    print(f"{len(seals)} seals as in memory with these changes; head {seals[-1][:16]}")
    assert len(killed) >= 20
    switched = [(one.device, one.on) for one in changes]
    assert switched == [("tv", False), ("geyser", False), ("tv", True), ("geyser", True)]


def without_the_api_server(house: PodHome) -> None:
    """The home does not need it: only who scales, and who starts pods again, does."""
    house.kubectl("wait", "deployment", "--all", "--for=condition=Available", "--timeout=240s")  # Who is away now could not come back.
    house.wait_for_tick(house.tick() + HOUR_TICKS)
    before = house.books().committed_ticks()
    kills = keep_dead(API_SERVER, AWAY_SECONDS)
    house.wait_until(api_answers, "the API server answers again")
    went = house.books().committed_ticks() - before
    print(f"\nAPI server away for {AWAY_SECONDS:.0f} s, killed {kills} times: {went:,} ticks were settled meanwhile")
    assert kills > 1 and went > SPEED * AWAY_SECONDS / 2


def drain(house: PodHome) -> None:
    """All pods are evicted, and nobody may come back for a while."""
    with drained(house) as evicted:
        names = json.loads(house.kubectl("get", "pods", "-o", "json"))["items"]
        print(f"\nnode drained: {evicted} pods evicted, {len(names)} wait for a node")
    assert evicted > 20
