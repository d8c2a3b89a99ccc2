"""A device dies, or only seems to: time waits for it, it comes back, and nothing is lost or counted twice."""

import pytest

from tests.real.reactor import outcome
from tests.stories.conftest import Live
from tests.stories.homes import CABIN, ROOM, replayed, taken
from tests.stories.living import LivingHome


def each_tick_is_settled_once(home: LivingHome) -> None:
    """Windows follow each other without a gap, and in memory the same ticks have the same seals."""
    windows = [record.window for record in home.committed()]
    assert [window.start for window in windows] == [0, *(window.end for window in windows[:-1])]
    assert len(home.seals()) >= 2
    assert home.seals() == replayed(home)


def test_a_killed_device_comes_back_and_time_goes_on(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "300").up()
    for victim in ("battery", "oven", "sun"):
        cabin.kill9(victim)
        cabin.wait_for_tick(cabin.tick() + 900)
    assert cabin.stop() == 0
    each_tick_is_settled_once(cabin)


@pytest.mark.slow
def test_a_device_that_only_seems_dead_is_waited_for_and_named(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    blocked = room.listen("inverter", "blocked")
    room.wait_for_tick(1_000)
    room.freeze("heater")
    room.wait_until(lambda: room.ask("clock", "get")["waits_for"] == ["heater"], "the heater is waited for")
    clock = room.ask("clock", "get")
    assert clock["cause"] == f"waiting for heater at tick {clock['tick']}"
    told = {"tick": clock["tick"], "seconds": 2, "waits_for": ["heater"], "cause": clock["cause"]}
    room.hear(lambda: any(event[0][0] | {"seconds": 2} == told for event in blocked), "somebody says that time stands still")
    assert min(event[0][0]["seconds"] for event in blocked) >= 2
    assert room.tick() == clock["tick"]
    room.thaw("heater")
    room.wait_for_tick(clock["tick"] + 1_000)
    room.wait_until(lambda: room.ask("clock", "get")["cause"] is None, "nothing is waited for")
    assert room.stop() == 0
    each_tick_is_settled_once(room)


@pytest.mark.slow
def test_an_inverter_that_dies_while_it_promises_keeps_its_promise(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    words = {"name": "kettle", "kind": "appliance", "properties": {"power_watts": 500}}
    asked = room.owner.session.call("joulebus.room.home.add", **words)
    room.hear(room.changes, "the promise is in the journal")
    room.kill9("inverter")
    outcome(asked, seconds=60)
    room.wait_until(lambda: room.committed_ticks() > room.changes()[0].from_tick + 1_900, "time goes on with the kettle")
    assert set(taken(room, "kettle").values()) == {500}
    assert min(taken(room, "kettle")) == room.changes()[0].from_tick
    assert room.stop() == 0
    each_tick_is_settled_once(room)


@pytest.mark.slow
def test_a_device_that_the_router_has_given_up_comes_back_when_it_wakes(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "300").up()
    cabin.freeze("battery")
    given_up = outcome(cabin.guest.session.call("joulebus.cabin.battery.get"), seconds=60)
    assert isinstance(given_up, Exception)
    cabin.thaw("battery")
    cabin.wait_for_tick(cabin.tick() + 2_000)
    assert cabin.ask("battery", "state")["tick"] >= 2_000
    assert cabin.stop() == 0
    each_tick_is_settled_once(cabin)
