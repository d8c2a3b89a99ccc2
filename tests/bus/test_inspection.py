"""What somebody could not read goes no further than the router: no NaN reaches a browser, and every call is answered."""

from typing import Any

import pytest

from joulebus.bus import INVALID, TOO_LONG
from joulebus.bus.component import declarations_of
from joulebus.bus.wamp import WampBus
from joulebus.registry import COMPONENTS, loaded
from joulebus_schemas.facts import MESSAGE_BYTES_MAX
from joulebus_schemas.rounds import Kept
from tests.bus.conftest import BASE, HOME, RealWorld, all_join
from tests.real.raw import Raw, rogue

URI = f"{BASE}.oven.reported"
UNREADABLE = {
    "NaN": float("nan"),
    "infinity": float("-inf"),
    "2^70": 2**70,
    "2^53": 2**53,
    "half of a surrogate pair": "\ud800",
    "a key of half a pair": {"\udfff": 1},
    "40 brackets": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
    "bytes": b"\x00\xff",
}
JSON_ONLY = ("half of a surrogate pair", "a key of half a pair", "2^70")
"""MessagePack cannot even say it."""


@pytest.mark.parametrize("name", UNREADABLE)
def test_nobody_hears_what_somebody_could_not_read(real_world: RealWorld, name: str) -> None:
    heard: list[Any] = []
    oven, guest = rogue(real_world.router.access("oven")), Raw(real_world.router.guest_url, serializer="json")
    guest.subscribe(URI, heard)
    for state in [] if name in JSON_ONLY else [UNREADABLE[name]]:
        assert oven.publish(URI, {"tick": 1, "state": {"x": state}, "readings": {}}).error == INVALID
    oven.publish(URI, {"tick": 2, "state": {}, "readings": {}})
    real_world.until(lambda: heard, "the good word is heard")
    assert [given[0]["tick"] for given, _ in heard] == [2]
    guest.close()
    oven.close()


@pytest.mark.parametrize("name", UNREADABLE)
def test_every_call_is_answered_whatever_it_holds(real_world: RealWorld, name: str) -> None:
    oven = answering(real_world, lambda word, sender: word)
    guest = Raw(real_world.router.guest_url, serializer="json" if name == "bytes" else "escaped")
    for given in (UNREADABLE[name], {"deeper": [UNREADABLE[name]]}):
        assert guest.call(f"{BASE}.oven.ask", {"number": given}).error == INVALID
    assert guest.call(f"{BASE}.oven.ask", number=3)["number"] == 3
    assert oven.joined and guest.present
    guest.close()


def test_an_answer_that_somebody_could_not_read_is_an_error_for_who_asked(real_world: RealWorld) -> None:
    oven, guest = rogue(real_world.router.open_access("oven")), Raw(real_world.router.guest_url, serializer="json")
    oven.session.register(lambda: {"x": float("nan")}, f"{BASE}.oven.ask")
    real_world.until(lambda: "no_such" not in str(guest.call(f"{BASE}.oven.ask")), "the oven answers")
    assert guest.call(f"{BASE}.oven.ask").error == INVALID
    assert guest.present and oven.present
    guest.close()
    oven.close()


def test_a_call_that_grows_too_long_on_its_way_is_answered(real_world: RealWorld) -> None:
    oven = answering(real_world, lambda word, sender: word)
    guest = Raw(real_world.router.guest_url, serializer="json")
    assert guest.call(f"{BASE}.oven.ask", {"number": [0.1] * 180_000}).error == INVALID
    assert guest.call(f"{BASE}.oven.ask", number=3)["number"] == 3
    assert oven.joined
    guest.close()


def test_too_long_an_answer_of_any_call_of_the_table_is_an_error_for_who_asked(real_world: RealWorld) -> None:
    long: dict[str, Any] = {"x": ["y" * 1_000] * (MESSAGE_BYTES_MAX // 1_000 + 1)}
    buses: list[WampBus] = []
    asked: list[str] = []
    for component in COMPONENTS:
        if component.has_ticket:
            bus = real_world.bus("oven" if component.is_each_device else component.name)
            for one in declarations_of(loaded(component.classes[0])).answers:
                asked.append(one.call.uri(HOME, bus.name))
                bus.register(asked[-1], Kept, lambda word, sender: long)
            buses.append(bus)
    asker = real_world.bus("asker")
    all_join(real_world, *buses, asker)
    sessions = [bus.session for bus in buses]
    for uri in asked:
        answer = real_world.outcome(asker.call(uri, Kept(number=1), None))
        assert getattr(answer, "uri", answer) == TOO_LONG, uri
    assert len(asked) > 60 and [bus.session for bus in buses] == sessions


def answering(world: RealWorld, handler: Any) -> WampBus:
    oven = world.bus("oven")
    oven.register(f"{BASE}.oven.ask", Kept, handler)
    all_join(world, oven)
    return oven
