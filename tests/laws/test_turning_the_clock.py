"""However the clock is turned, time goes on as it was told, or says why not; whoever stops it is answered when it stands."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus.bus import Sender
from joulebus.bus.loop import loop
from joulebus.bus.timers import spawn
from joulebus_schemas import calls
from joulebus_schemas.principals import person
from tests.laws.coming import HOME, World

ANNA = Sender(person(HOME, "anna"), 2, "operator")
FOLDERS = iter(range(1_000_000))
TURNS = ("flat_out", 1.0, 60.0, 0.001, "pause", "resume", "step", "late", "deliver")


class Wall:
    """A clock on the wall that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def turn(world: World, what: object) -> None:
    """What somebody does; "late": the window that is open stays open, because a packet is on its way."""
    hub = world.hub
    if what in ("pause", "step"):
        spawn(hub.questions.pause(calls.Nothingness(), ANNA) if what == "pause" else hub.questions.step(calls.AskStep(ticks=3), ANNA))
        loop().run_until_complete(asyncio.sleep(0))  # It begins before the next thing is done.
    elif what == "resume":
        hub.questions.go(calls.Nothingness(), ANNA)
    elif what == "late":
        hub.go_on()
    elif what == "deliver":
        if hub.clock.paused or hub.clock.speed is not None:  # Flat out there is always a next message.
            world.deliver()
    else:
        hub.questions.set_speed(calls.AskSpeed(speed=what), ANNA)  # type: ignore[arg-type]


def ticks_in(world: World, wall: Wall, seconds: int) -> int:
    """How far time goes in so many seconds on the wall."""
    before = world.hub.keeper.next_tick
    for _ in range(seconds * 4):
        wall.seconds += 0.25
        world.hub.go_on()
        world.deliver()
    return world.hub.keeper.next_tick - before


def test_slowing_down_from_flat_out_goes_on_at_once(tmp_path: Path) -> None:
    wall = Wall()
    world = World(tmp_path / "books", speed=None, paused=False, now=wall)
    world.hub.go_on()
    assert world.hub.keeper.opened is not None and world.hub.keeper.opened.window.ticks == 3_600, "an hour is open"
    world.hub.questions.set_speed(calls.AskSpeed(speed=1.0), ANNA)
    world.deliver()
    assert 7 <= ticks_in(world, wall, 8) <= 9
    assert world.hub.questions.time().cause is None and world.hub.questions.time().lag_ticks <= 1
    world.journal.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.sampled_from(TURNS), max_size=8), speed=st.sampled_from([1.0, 60.0]))
def test_time_goes_at_the_speed_that_was_said_last(tmp_path: Path, turns: list[object], speed: float) -> None:
    wall = Wall()
    world = World(tmp_path / str(next(FOLDERS)), speed=1.0, paused=False, now=wall)
    for what in turns:
        turn(world, what)
        wall.seconds += 0.5
    world.hub.questions.go(calls.Nothingness(), ANNA)
    world.hub.questions.set_speed(calls.AskSpeed(speed=speed), ANNA)
    world.deliver()
    assert ticks_in(world, wall, 8) == pytest.approx(8 * speed, abs=speed + 1)
    world.journal.close()


@pytest.mark.parametrize(("speed", "cause"), [(0.001, "at speed 0.001, tick 1 is due in "), (1.0, None)])
def test_a_clock_that_stands_says_why(tmp_path: Path, speed: float, cause: str | None) -> None:
    wall = Wall()
    world = World(tmp_path / "books", speed=1.0, paused=False, now=wall)
    assert ticks_in(world, wall, 1) == 1
    world.hub.questions.set_speed(calls.AskSpeed(speed=speed), ANNA)
    said = world.hub.questions.time().cause
    assert said == cause or said is not None and cause is not None and said.startswith(cause)
    world.hub.clock.until_tick = 1
    assert world.hub.questions.time().cause == "the time that this home was given ends at tick 1"
    world.journal.close()


def test_whoever_stops_the_clock_is_answered_when_it_stands(tmp_path: Path) -> None:
    wall = Wall()
    world = World(tmp_path / "books", speed=60.0, paused=False, now=wall)
    wall.seconds += 1
    world.hub.go_on()
    assert world.hub.keeper.opened is not None
    end = world.hub.keeper.opened.window.end
    paused, stepped = spawn(world.hub.questions.pause(calls.Nothingness(), ANNA)), None
    world.deliver()
    assert paused.done() and (paused.result().tick, paused.result().paused) == (end, True)
    stepped = spawn(world.hub.questions.step(calls.AskStep(ticks=10), ANNA))
    world.deliver()
    assert stepped.done() and (stepped.result().tick, stepped.result().paused) == (end + 10, True)
    world.journal.close()
