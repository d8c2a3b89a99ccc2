"""The contract of the bus: the same behaviour in memory and on a real Crossbar."""

from typing import Any

import pytest

from joulebus.bus import BUG, CALL_REFUSED, INVALID, OFFLINE, TIMEOUT, TOO_LONG, CallError
from joulebus.bus.timers import answer_later, give, spawn
from joulebus.errors import PropertyError, RosterError
from joulebus_schemas.facts import MESSAGE_BYTES_MAX
from joulebus_schemas.rounds import Kept, Reported
from tests.bus.conftest import BASE, Listener, World, all_join
from tests.real.router import HOME


def kept(number: int) -> Kept:
    return Kept(number=number)


def raising(error: Exception) -> Any:
    """A handler that fails."""

    def handler(word: Any, sender: Any) -> Any:
        raise error

    return handler


def answering(world: World, handler: Any, ask: Any = Kept) -> Any:
    """A device that answers one procedure, and somebody who may ask it."""
    oven, inverter = world.bus("oven"), world.bus("inverter")
    oven.register(f"{BASE}.oven.ask", ask, handler)
    all_join(world, oven, inverter)
    return oven, inverter


def test_a_word_arrives_with_the_name_of_its_sender(world: World) -> None:
    listener, oven = Listener(world, f"{BASE}.oven.kept"), world.bus("oven")
    all_join(world, listener.bus, oven)
    oven.publish(f"{BASE}.oven.kept", kept(7))
    world.until(lambda: listener.heard == [(7, "oven")], "the word arrives")
    assert (oven.sent, listener.bus.received) == (1, 1)


@pytest.mark.parametrize(
    ("uri", "match", "hears"),
    [
        (f"{BASE}.oven.kept", "exact", [1]),
        (f"{BASE}.oven.", "prefix", [1, 2]),
        (f"{BASE}..kept", "wildcard", [1, 3]),
    ],
)
def test_a_subscription_hears_what_it_asked_for(world: World, uri: str, match: str, hears: list[int]) -> None:
    listener, oven, tv = Listener(world, uri, match), world.bus("oven"), world.bus("tv")
    last = Listener(world, f"{BASE}.tv.kept", name="meter")
    all_join(world, listener.bus, last.bus, oven, tv)
    oven.publish(f"{BASE}.oven.kept", kept(1))
    oven.publish(f"{BASE}.oven.more", kept(2))
    world.until(lambda: len(listener.heard) >= min(2, len([one for one in hears if one < 3])), "the oven is heard")
    tv.publish(f"{BASE}.tv.kept", kept(3))
    world.until(lambda: last.heard and len(listener.heard) >= len(hears), "the television is heard")
    assert [number for number, _ in listener.heard] == hears


def test_the_order_of_a_sender_is_kept(world: World) -> None:
    listener, oven, tv = Listener(world, f"{BASE}..kept", "wildcard"), world.bus("oven"), world.bus("tv")
    all_join(world, listener.bus, oven, tv)
    for number in range(300):
        oven.publish(f"{BASE}.oven.kept", kept(number))
        tv.publish(f"{BASE}.tv.kept", kept(number))
    world.until(lambda: len(listener.heard) == 600, "all words arrive")
    for name in ("oven", "tv"):
        assert [number for number, sender in listener.heard if sender == name] == list(range(300))


def test_what_is_too_large_for_one_write_arrives_whole_and_in_order(world: World) -> None:
    heard: list[tuple[int, int]] = []
    listener, oven = world.bus("inverter"), world.bus("oven")
    listener.subscribe(f"{BASE}.oven.reported", Reported, lambda word, sender: heard.append((word.tick, len(word.state["text"]))))
    all_join(world, listener, oven)
    for number in range(20):
        oven.publish(f"{BASE}.oven.reported", Reported(tick=number, state={"text": "x" * 300_000}, readings={}))
    world.until(lambda: len(heard) == 20, "all words arrive")
    assert heard == [(number, 300_000) for number in range(20)]


def test_a_call_is_answered_with_a_word(world: World) -> None:
    _, inverter = answering(world, lambda word, sender: kept(word.number + 1))
    assert world.outcome(inverter.call(f"{BASE}.oven.ask", kept(1), Kept)) == kept(2)
    assert world.outcome(inverter.call(f"{BASE}.oven.ask", {"number": 5}, None)) == {"number": 6, "behind": 0, "records_a_second": 0}


def test_a_call_with_keyword_arguments_is_the_same_call(world: World) -> None:
    answering(world, lambda word, sender: kept(word.number + 1))
    assert world.ask_by_name(f"{BASE}.oven.ask", number=1) == {"number": 2, "behind": 0, "records_a_second": 0}


def test_an_answer_may_come_later(world: World) -> None:
    answer = answer_later()
    _, inverter = answering(world, lambda word, sender: answer)
    asked = spawn(inverter.call(f"{BASE}.oven.ask", kept(1), Kept))
    world.pass_seconds(0.2)
    assert not asked.done()
    give(answer, kept(9))
    assert world.outcome(asked) == kept(9)


def test_a_handler_knows_who_asks(world: World) -> None:
    _, inverter = answering(world, lambda word, sender: {"name": sender.of(HOME)})
    assert world.outcome(inverter.call(f"{BASE}.oven.ask", kept(1), None)) == {"name": "inverter"}


FIELDS = [{"loc": ["watts"], "msg": "must be at most 3000", "type": "le"}]


@pytest.mark.parametrize(
    ("asked", "handler", "uri", "says"),
    [
        ({"number": -1}, lambda word, sender: word, INVALID, "number"),
        ({"numbr": 1}, lambda word, sender: word, INVALID, "numbr"),
        ({"number": "1"}, lambda word, sender: word, INVALID, "number"),
        ({}, lambda word, sender: word, INVALID, "number"),
        ({"number": 1}, raising(PropertyError("watts must be at most 3000", FIELDS)), INVALID, "3000"),
        ({"number": 1}, raising(RosterError("there is no such device")), CALL_REFUSED, "no such device"),
        ({"number": 1}, raising(ZeroDivisionError("secret of the house")), BUG, "ZeroDivisionError"),
        ({"number": 1}, lambda word, sender: 5, BUG, "TypeError"),
    ],
)
def test_a_call_that_cannot_be_answered_gets_a_typed_error(world: World, asked: Any, handler: Any, uri: str, says: str) -> None:
    oven, inverter = answering(world, handler)
    error = world.outcome(inverter.call(f"{BASE}.oven.ask", asked, None))
    assert isinstance(error, CallError)
    assert (error.uri, says in str(error) or says in str(error.errors)) == (uri, True), str(error)
    assert "secret" not in str(error)
    assert sum(oven.refused.values()) == 1
    assert oven.joined


def test_a_typed_error_names_the_fields(world: World) -> None:
    _, inverter = answering(world, lambda word, sender: word)
    error = world.outcome(inverter.call(f"{BASE}.oven.ask", {"number": -1}, None))
    assert [(one["loc"], one["type"]) for one in error.errors] == [(["number"], "greater_than_equal")]


def test_a_call_that_nobody_answers_ends_in_time(world: World) -> None:
    _, inverter = answering(world, lambda word, sender: answer_later())
    asked = spawn(inverter.call(f"{BASE}.oven.ask", kept(1), Kept, seconds=0.5))
    world.pass_seconds(0.6)
    assert world.outcome(asked).uri == TIMEOUT
    assert world.outcome(inverter.call(f"{BASE}.oven.nothing", kept(1), Kept)).uri == "wamp.error.no_such_procedure"


def test_a_bad_event_is_dropped_and_counted(world: World) -> None:
    listener, oven = Listener(world, f"{BASE}.oven.kept"), world.bus("oven")
    told: list[Any] = []
    listener.bus.on_refused.append(lambda topic, reason, sender: told.append((topic, reason, sender.authid)))
    all_join(world, listener.bus, oven)
    oven.publish(f"{BASE}.oven.kept", Reported(tick=1, state={}, readings={}))
    oven.publish(f"{BASE}.oven.kept", kept(2))
    world.until(lambda: listener.heard == [(2, "oven")], "the good word arrives")
    assert told == [(f"{BASE}.oven.kept", "invalid", "house/oven")]
    assert listener.bus.refused == {(f"{BASE}.oven.kept", "invalid"): 1}


@pytest.mark.parametrize(("uri", "match"), [(f"{BASE}..kept", "wildcard"), (f"{BASE}.oven.", "prefix")])
def test_a_bad_event_is_named_by_the_topic_on_which_it_came(world: World, uri: str, match: str, caplog: pytest.LogCaptureFixture) -> None:
    listener, oven = Listener(world, uri, match), world.bus("oven")
    told: list[str] = []
    listener.bus.on_dropped.append(lambda topic, reason, sender, text: told.append(topic))
    all_join(world, listener.bus, oven)
    oven.publish(f"{BASE}.oven.kept", Reported(tick=1, state={}, readings={}))
    world.until(lambda: told, "it is told")
    assert told == [f"{BASE}.oven.kept"] and f": {told[0]}: number: must be given" in caplog.text, "and so is the log"


@pytest.mark.parametrize("poison", [float("nan"), float("inf"), 2**63, 2**53])
def test_a_word_that_not_all_could_read_is_not_sent(world: World, poison: Any) -> None:
    heard: list[Any] = []
    listener, oven = world.bus("inverter"), world.bus("oven")
    listener.subscribe(f"{BASE}.oven.reported", Reported, lambda word, sender: heard.append(word.state["x"]))
    all_join(world, listener, oven)
    for state in (poison, [poison], {"deeper": [{"still": poison}]}, "good"):
        oven.publish(f"{BASE}.oven.reported", Reported(tick=1, state={"x": state}, readings={}))
    world.until(lambda: heard == ["good"], "the good word arrives")
    assert oven.refused == {(f"{BASE}.oven.reported", "unsent"): 3}


@pytest.mark.parametrize("kind", ["answer", "later", "error"])
def test_an_answer_longer_than_a_message_is_an_error_for_who_asked_and_costs_nobody_else_anything(world: World, kind: str) -> None:
    oven, inverter = world.bus("oven"), world.bus("inverter")
    long = {"x": "y" * (MESSAGE_BYTES_MAX + 1)}

    async def later(word: Kept, sender: Any) -> dict[str, str]:
        return long

    def refuse(word: Kept, sender: Any) -> dict[str, str]:
        raise CallError("joulebus.error.refused", "z" * MESSAGE_BYTES_MAX)

    handler = {"answer": lambda word, sender: long, "later": later, "error": refuse}[kind]
    oven.register(f"{BASE}.oven.ask", Kept, handler)
    oven.register(f"{BASE}.oven.get", Kept, lambda word, sender: word)
    all_join(world, oven, inverter)
    session = oven.session
    refused = world.outcome(inverter.call(f"{BASE}.oven.ask", kept(1), None))
    assert refused.uri == TOO_LONG and "ask for less at once" in str(refused)
    assert world.outcome(inverter.call(f"{BASE}.oven.get", kept(2), Kept)) == kept(2)
    assert oven.session == session and oven.joined and inverter.joined


def test_a_failing_handler_costs_one_event_only(world: World) -> None:
    heard: list[int] = []
    listener, oven = world.bus("inverter"), world.bus("oven")
    listener.subscribe(f"{BASE}.oven.kept", Kept, lambda word, sender: heard.append(10 // word.number))
    all_join(world, listener, oven)
    for number in (0, 5):
        oven.publish(f"{BASE}.oven.kept", kept(number))
    world.until(lambda: heard == [2], "the second word is handled")
    assert (listener.joined, listener.refused) == (True, {(f"{BASE}.oven.kept", "handler"): 1})


def test_nobody_speaks_for_another(world: World) -> None:
    listener, oven = Listener(world, f"{BASE}.", "prefix"), world.bus("oven")
    all_join(world, listener.bus, oven)
    for name in ("oven2", "inverter", "clock", "home"):
        oven.publish(f"{BASE}.{name}.kept", kept(1))
    oven.publish(f"{BASE}.oven.kept", kept(2))
    world.until(lambda: listener.heard and len(oven.refused) == 4, "the impostor is refused")
    assert listener.heard == [(2, "oven")]
    assert {reason for _, reason in oven.refused} == {"not_authorized"}


def test_a_component_that_may_not_do_its_job_ends(world: World) -> None:
    oven = world.bus("oven")
    oven.register(f"{BASE}.tv.get", Kept, lambda word, sender: word)
    oven.start()
    world.until(lambda: oven.failure, "the oven ends")
    assert f"answer {BASE}.tv.get" in str(oven.failure)
    assert not oven.joined


def test_a_procedure_that_is_taken_ends_the_second(world: World) -> None:
    first, second = world.bus("oven"), world.bus("oven")
    for bus in (first, second):
        bus.register(f"{BASE}.oven.get", Kept, lambda word, sender: word)
    all_join(world, first)
    second.start()
    world.until(lambda: second.failure, "the second ends")
    assert f"answer {BASE}.oven.get" in str(second.failure)
    assert first.joined


def test_everybody_comes_back_after_the_router_died(world: World) -> None:
    listener, (oven, inverter) = Listener(world, f"{BASE}.oven.kept", name="meter"), answering(world, lambda word, sender: word)
    all_join(world, listener.bus)
    seen: list[str] = []
    oven.on_join.append(lambda: seen.append("join"))
    oven.on_leave.append(lambda: seen.append("leave"))
    world.kill_router()
    world.until(lambda: not oven.joined and not inverter.joined and not listener.bus.joined, "all notice")
    oven.publish(f"{BASE}.oven.kept", kept(1))
    assert world.outcome(inverter.call(f"{BASE}.oven.ask", kept(1), Kept)).uri == OFFLINE
    world.revive_router()
    world.until(lambda: oven.joined and inverter.joined and listener.bus.joined, "all come back")
    assert world.outcome(inverter.call(f"{BASE}.oven.ask", kept(3), Kept)) == kept(3)
    oven.publish(f"{BASE}.oven.kept", kept(4))
    world.until(lambda: listener.heard == [(4, "oven")], "the oven is heard again, and what was not said stays unsaid")
    assert (seen, oven.refused) == (["leave", "join"], {(f"{BASE}.oven.kept", "offline"): 1})
