"""Handlers in ``async`` and ``await``: they take their time, and nobody overtakes anybody; in memory and on a real Crossbar."""

import asyncio
from typing import Any

import pytest

from joulebus.bus import BUG, CALL_REFUSED, TIMEOUT, CallError, session
from joulebus.bus.loop import loop
from joulebus.bus.timers import cancel, end_tasks, every, later, spawn
from joulebus.errors import RosterError
from joulebus_schemas.rounds import Kept
from tests.bus.conftest import BASE, World, all_join
from tests.real.reactor import until

MANY = 200


def kept(number: int) -> Kept:
    return Kept(number=number)


def two(world: World) -> tuple[Any, Any]:
    """A device, and the inverter who hears and asks it."""
    return world.bus("oven"), world.bus("inverter")


def test_an_async_handler_hears_one_event_after_another(world: World) -> None:
    oven, inverter = two(world)
    seen: list[tuple[str, int]] = []

    async def hear(word: Kept, sender: Any) -> None:
        seen.append(("begin", word.number))
        await asyncio.sleep(0.01 if word.number == 0 else 0)
        seen.append(("end", word.number))

    inverter.subscribe(f"{BASE}.oven.kept", Kept, hear)
    all_join(world, oven, inverter)
    for number in range(50):
        oven.publish(f"{BASE}.oven.kept", kept(number))
    world.until(lambda: len(seen) == 100, "all are heard")
    assert seen == [(what, number) for number in range(50) for what in ("begin", "end")]


def test_a_failing_async_handler_costs_one_event_only(world: World) -> None:
    oven, inverter = two(world)
    heard: list[int] = []

    async def hear(word: Kept, sender: Any) -> None:
        await asyncio.sleep(0)
        heard.append(10 // word.number)

    inverter.subscribe(f"{BASE}.oven.kept", Kept, hear)
    all_join(world, oven, inverter)
    for number in (0, 5):
        oven.publish(f"{BASE}.oven.kept", kept(number))
    world.until(lambda: heard == [2], "the second word is handled")
    assert inverter.refused == {(f"{BASE}.oven.kept", "handler"): 1}


def test_who_is_too_slow_loses_the_newest_and_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WAITING_MAX", 3)
    oven, inverter = two(world)
    heard: list[int] = []
    gate = asyncio.Event()

    async def hear(word: Kept, sender: Any) -> None:
        await gate.wait()
        heard.append(word.number)

    inverter.subscribe(f"{BASE}.oven.kept", Kept, hear)
    all_join(world, oven, inverter)
    for number in range(5):
        oven.publish(f"{BASE}.oven.kept", kept(number))
    world.until(lambda: inverter.refused == {(f"{BASE}.oven.kept", "overflow"): 2}, "two are dropped")
    gate.set()
    world.until(lambda: len(heard) == 3, "the others are heard")
    assert heard == [0, 1, 2]


def test_an_async_answer_may_ask_somebody_else(world: World) -> None:
    oven, inverter = two(world)
    home = world.bus("home")

    async def add(word: Kept, sender: Any) -> Kept:
        twice = await inverter.call(f"{BASE}.oven.twice", word, Kept)
        return kept(twice.number + 1)

    oven.register(f"{BASE}.oven.twice", Kept, lambda word, sender: kept(2 * word.number))
    inverter.register(f"{BASE}.inverter.add", Kept, add, Kept)
    all_join(world, oven, inverter, home)
    assert world.outcome(home.call(f"{BASE}.inverter.add", kept(20), Kept)) == kept(41)


@pytest.mark.parametrize(
    ("error", "uri"),
    [(RosterError("there is no such device"), CALL_REFUSED), (ZeroDivisionError("secret"), BUG), (CallError(TIMEOUT, "late"), TIMEOUT)],
)
def test_an_async_answer_that_fails_is_a_typed_error(world: World, error: Exception, uri: str) -> None:
    oven, inverter = two(world)

    async def fail(word: Kept, sender: Any) -> Kept:
        await asyncio.sleep(0)
        raise error

    oven.register(f"{BASE}.oven.ask", Kept, fail, Kept)
    all_join(world, oven, inverter)
    got = world.outcome(inverter.call(f"{BASE}.oven.ask", kept(1), Kept))
    assert (type(got), got.uri, sum(oven.refused.values())) == (CallError, uri, 1)
    assert "secret" not in str(got)


def test_a_reply_is_seen_before_the_message_behind_it(world: World) -> None:
    oven, inverter = two(world)
    seen: list[tuple[str, int]] = []

    def answer(word: Kept, sender: Any) -> Kept:
        later(0.0, lambda: oven.publish(f"{BASE}.oven.kept", word))
        return word

    async def ask(number: int) -> None:
        answered = await inverter.call(f"{BASE}.oven.ask", kept(number), Kept)
        seen.append(("reply", answered.number))

    oven.register(f"{BASE}.oven.ask", Kept, answer, Kept)
    inverter.subscribe(f"{BASE}.oven.kept", Kept, lambda word, sender: seen.append(("event", word.number)))
    all_join(world, oven, inverter)
    for number in range(MANY):
        spawn(ask(number))
    world.until(lambda: len(seen) == 2 * MANY, "all is seen")
    places = {one: index for index, one in enumerate(seen)}
    assert [number for number in range(MANY) if places["reply", number] > places["event", number]] == []


def test_an_async_answer_has_begun_before_the_next_message_is_read(world: World) -> None:
    oven, inverter = two(world)
    seen: list[tuple[str, int]] = []

    async def answer(word: Kept, sender: Any) -> Kept:
        seen.append(("asked", word.number))
        await asyncio.sleep(0.01)
        return word

    async def ask_and_say(number: int) -> None:
        later(0.0, lambda: inverter.publish(f"{BASE}.inverter.kept", kept(number)))
        await inverter.call(f"{BASE}.oven.ask", kept(number), Kept)

    oven.register(f"{BASE}.oven.ask", Kept, answer, Kept)
    oven.subscribe(f"{BASE}.inverter.kept", Kept, lambda word, sender: seen.append(("event", word.number)))
    all_join(world, oven, inverter)
    asked = [spawn(ask_and_say(number)) for number in range(MANY)]
    world.until(lambda: len(seen) == 2 * MANY and all(one.done() for one in asked), "all is seen")
    places = {one: index for index, one in enumerate(seen)}
    assert [number for number in range(MANY) if places["asked", number] > places["event", number]] == []


def test_what_is_done_again_and_again_is_never_done_twice_at_once(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    async def act() -> None:
        seen.append("begin")
        await asyncio.sleep(0.02)
        seen.append("end")
        raise ZeroDivisionError

    again = every(0.001, act)
    until(lambda: len(seen) >= 6, "three times")
    again.cancel()
    assert seen[:6] == ["begin", "end"] * 3
    assert "ZeroDivisionError" in caplog.text
    count = len(seen) + len(seen) % 2
    until(lambda: len(seen) == count, "the last one ends")
    until(asyncio_idle(0.05), "time passes")
    assert len(seen) == count


def asyncio_idle(seconds: float) -> Any:
    """A condition that becomes true after so much time of the loop."""
    over: list[bool] = []
    later(seconds, lambda: over.append(True))
    return lambda: over


def test_a_timer_that_is_cancelled_does_nothing() -> None:
    seen: list[str] = []
    for seconds in (0.0, 0.01):
        cancel(later(seconds, lambda: seen.append("done")))
    cancel(None)
    until(asyncio_idle(0.05), "time passes")
    assert seen == []


def test_a_task_that_fails_is_in_the_log_and_one_that_is_ended_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    spawn(fail())
    endless = spawn(asyncio.sleep(3600))
    until(lambda: "ZeroDivisionError" in caplog.text, "it is said")
    loop().run_until_complete(end_tasks())
    assert endless.cancelled()
    assert "CancelledError" not in caplog.text
