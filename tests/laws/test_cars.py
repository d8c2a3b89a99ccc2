"""The laws in a home with cars: zero sum with outages, any cutting, commands while they charge, and an audit that counts all again."""

from collections import defaultdict

import pytest

from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus_core import decode_columns
from joulebus_schemas.facts import ACCOUNTS, JOULES_PER_KWH
from joulebus_schemas.journal import Changed, Committed
from tests.laws.cars import two_cars

DAY_TICKS = 1_440


def scripted(file: HomeFile, window: int) -> Home:
    """A day with what people and programs set while cars charge; the seals stand in its ledger."""
    home = Home.from_file(file)
    acts = [
        (30, lambda: home.set("wallbox", amps=10)),
        (61, lambda: home.set("wallbox", phase_count=1)),
        (90, lambda: home.set("wallbox", phase_count=3, pause=True)),
        (97, lambda: home.set("wallbox", pause=False)),
        (200, lambda: home.set("car", target_percent=100.0)),
        (1_100, lambda: home.set("car", plugged_in=False)),
        (1_111, lambda: home.set("car", plugged_in=True)),
        (1_150, lambda: home.switch("wallbox", False)),
        (1_170, lambda: home.switch("wallbox", True)),
        (1_190, lambda: home.set("wallbox", surplus_only=True)),
        (1_300, lambda: home.set("socket", surplus_only=False)),
    ]
    for tick, act in acts:
        run(home, tick - home.keeper.next_tick, window)
        act()
    run(home, DAY_TICKS - home.keeper.next_tick, window)
    return home


def run(home: Home, ticks: int, window: int) -> None:
    for _ in home.live(ticks, window):
        pass


@pytest.fixture(scope="module")
def whole() -> bytes:
    """The ledger of the scripted day in long windows."""
    return scripted(two_cars(), DAY_TICKS).keeper.ledger.snapshot()


@pytest.mark.parametrize("window", [1, 7, 97])
def test_a_day_with_cars_is_the_same_ledger_for_every_window(whole: bytes, window: int) -> None:
    assert scripted(two_cars(), window).keeper.ledger.snapshot() == whole


def test_half_an_hour_of_the_evening_in_seconds_is_the_same_for_every_window() -> None:
    books = []
    for window in (1, 300, 900):
        home = Home.from_file(two_cars(1))
        run(home, 19 * 3_600, 3_600)
        run(home, 1_800, window)
        books.append(home.keeper.ledger.snapshot())
    assert books[0] == books[1] == books[2]


def test_every_tick_sums_to_zero_and_a_car_moves_by_its_level() -> None:
    moved: dict[str, list[int]] = defaultdict(lambda: [0] * DAY_TICKS)
    levels = {}
    home = Home.from_file(two_cars())

    def read(record: Committed | Changed, columns: bytes) -> None:
        for giver, taker, runs in decode_columns(columns) if isinstance(record, Committed) else ():
            tick = record.window.start
            for count, joules in runs:
                for place in range(tick, tick + count):
                    moved[giver][place] -= joules
                    moved[taker][place] += joules
                tick += count

    home.keeper.listener = read
    before = {name: home.seats[name].readings()["level_joules"] for name in ("car", "van")}
    run(home, DAY_TICKS, 97)
    levels = {name: home.seats[name].readings()["level_joules"] for name in ("car", "van")}
    assert all(sum(course[tick] for course in moved.values()) == 0 for tick in range(DAY_TICKS))
    assert not any(moved["inverter"])
    assert {name: sum(moved[name]) for name in levels} == {name: level - before[name] for name, level in levels.items()}
    assert sum(moved["driving"]) == pytest.approx((102 + 20) * 180 * 3_600, abs=100)
    assert set(moved) - set(home.seats) <= ACCOUNTS | {"oven.unmet", "baseload.unmet"}


def test_a_car_serves_the_home_in_an_outage_and_leaves_what_it_is_to_keep() -> None:
    home = Home.from_file(two_cars())
    home.set("battery", discharge_watts_max=0)
    home.set("wallbox", surplus_only=True)
    home.set("car", minimum_percent=55.0)
    run(home, 19 * 60 + 20, 3_600)
    before = home.seats["car"].readings()
    assert before["state_of_charge_ppm"] > 550_000
    run(home, 45, 3_600)
    after = home.seats["car"].readings()
    assert after["discharged_joules"] > before["discharged_joules"]
    assert 549_000 < after["state_of_charge_ppm"] < before["state_of_charge_ppm"]


def test_a_session_never_takes_more_than_its_limit() -> None:
    home = Home.from_file(two_cars())
    most = 0
    for _ in home.live(DAY_TICKS, 1):
        most = max(most, home.seats["wallbox"].readings()["session_joules"])
    assert 0 < most <= 15 * JOULES_PER_KWH
