"""What a hostile device or page could send, on a real router: it costs them their message or their session, and nobody else anything."""

import http.client
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from joulebus.bus import Match
from joulebus.bus.slow_readers import WAITING_BYTES_MAX
from joulebus.bus.wamp import WampBus
from joulebus_schemas.rounds import Kept, Reported
from tests.bus.conftest import BASE, RealWorld, all_join
from tests.real.raw import Raw, rogue
from tests.real.reactor import outcome, turn

URI = f"{BASE}.oven.reported"
PUBLISH = 16
CALLS_OF_THE_DEAF = 60
SYSTEM_BYTES_MAX = 16 << 20
"""What the system keeps for the two ends of a connection, and more."""


def nested(levels: int) -> Any:
    """Brackets in brackets."""
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


def state(poison: Any) -> dict[str, Any]:
    """A Reported that looks well from outside."""
    return {"tick": 1, "state": {"x": poison}, "readings": {}}


POISON = {
    "NaN": state(float("nan")),
    "infinity": state(float("-inf")),
    "2^63": state(2**63),
    "2^64 - 1": state(2**64 - 1),
    "900 brackets": state(nested(900)),
    "200 brackets": state(nested(200)),
    "bytes": state(b"\x00\xff"),
    "not an object": 5,
    "a missing field": {"tick": 1},
    "a float tick": {"tick": 1.5, "state": {}, "readings": {}},
    "a large number of fields": state({str(number): number for number in range(20_000)}) | {"tick": -1},
}


def listening(world: RealWorld, heard: list[Any]) -> list[WampBus]:
    """Four who hear everything that the oven says, and one device that goes on as ever. (Bytes are text to a guest.)"""
    guest = world.guest()
    listeners = [world.bus("inverter"), world.bus("historian"), world.bus("meter"), guest]
    matches: tuple[Match, ...] = ("wildcard", "prefix", "exact", "exact")
    for listener, uri, match in zip(listeners, (f"{BASE}..reported", f"{BASE}.oven.", URI, URI), matches, strict=True):
        listener.subscribe(uri, Reported, lambda word, sender, deaf=listener is guest: deaf or heard.append(word.tick), match)
        listener.subscribe(f"{BASE}.tv.kept", Kept, lambda word, sender: heard.append(word.number))
    return [*listeners, world.bus("tv")]


@pytest.mark.parametrize("name", POISON)
def test_poison_costs_others_nothing(real_world: RealWorld, name: str) -> None:
    heard: list[int] = []
    *listeners, tv = listening(real_world, heard)
    all_join(real_world, *listeners, tv)
    sessions = [bus.session for bus in (*listeners, tv)]
    hostile = rogue(real_world.router.access("oven"))
    for _ in range(3):
        hostile.publish(URI, POISON[name])
    tv.publish(f"{BASE}.tv.kept", Kept(number=1000))
    real_world.until(lambda: heard.count(1000) == 4, "the television is heard by all")
    assert heard == [1000] * 4
    assert [bus.session for bus in (*listeners, tv)] == sessions


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("5 MB", msgpack.packb([PUBLISH, 1, {}, URI, ["x" * 5_000_000]])),
        ("2^70 as CBOR would say it", bytes.fromhex("c249400000000000000000")),
        ("a key that is a number", msgpack.packb([PUBLISH, 1, {}, URI, [{1: 2}]])),
        ("900 brackets without end", b"\x91" * 900),
        ("100,000 brackets without end", b"\x91" * 100_000),
        ("not a message", msgpack.packb({"a": 1})),
        ("an unknown message", msgpack.packb([999, 1])),
        ("an encrypted message", msgpack.packb([PUBLISH, 1, {"enc_algo": "cryptobox", "enc_serializer": "json"}, URI, b"abc"])),
        ("noise", bytes(range(256))),
        ("nothing", b""),
    ],
)
def test_a_bad_frame_costs_its_sender_at_most(real_world: RealWorld, name: str, frame: bytes) -> None:
    heard: list[int] = []
    *listeners, tv = listening(real_world, heard)
    all_join(real_world, *listeners, tv)
    sessions = [bus.session for bus in (*listeners, tv)]
    hostile = rogue(real_world.router.access("oven"))
    hostile.send_frame(frame)
    turn(0.1)
    tv.publish(f"{BASE}.tv.kept", Kept(number=1000))
    real_world.until(lambda: heard.count(1000) == 4, "the television is heard by all")
    assert [bus.session for bus in (*listeners, tv)] == sessions
    assert rogue(real_world.router.access("oven")).present


def test_hostile_arguments_of_a_call_get_an_answer(real_world: RealWorld) -> None:
    oven = real_world.bus("oven")
    oven.register(f"{BASE}.oven.ask", Kept, lambda word, sender: word)
    all_join(real_world, oven)
    guest = Raw(real_world.router.guest_url, serializer="json")
    for given in (float("nan"), 2**60, nested(300), [1, 2], "x" * 100_000):
        assert guest.call(f"{BASE}.oven.ask", {"number": given}).error == "joulebus.error.invalid"
    assert guest.call(f"{BASE}.oven.ask", 1, 2).error == "joulebus.error.invalid"
    assert guest.call(f"{BASE}.oven.ask", joulebus_details=1).error == "joulebus.error.invalid"
    assert guest.call(f"{BASE}.oven.ask", number=3) == {"number": 3, "behind": 0, "records_a_second": 0}
    assert oven.joined
    guest.close()


def test_who_asks_and_does_not_read_is_cut_off_before_it_fills_the_memory(real_world: RealWorld) -> None:
    asked: list[int] = []
    oven = rogue(real_world.router.open_access("oven"))
    outcome(oven.session.register(lambda: asked.append(1) or {"x": "x" * 900_000}, f"{BASE}.oven.ask"))
    deaf, other = (Raw(real_world.router.guest_url, serializer="json") for _ in range(2))
    answers: list[Any] = []
    deaf.wire.transport.pauseProducing()
    for _ in range(CALLS_OF_THE_DEAF):
        deaf.session.call(f"{BASE}.oven.ask").addCallbacks(answers.append, lambda _: None)
    real_world.until(lambda: len(asked) == CALLS_OF_THE_DEAF, "all is asked and answered")
    assert len(other.call(f"{BASE}.oven.ask")["x"]) == 900_000, "nobody else notices"
    deaf.wire.transport.resumeProducing()
    real_world.until(lambda: not deaf.present, "the router has hung up")
    assert 900_000 * len(answers) < WAITING_BYTES_MAX + SYSTEM_BYTES_MAX < 900_000 * CALLS_OF_THE_DEAF
    oven.close()
    other.close()


NEAR = ("http://127.0.0.1:4200", "http://[::1]:3000", "https://localhost:3000", "ws://127.0.0.1:8080", None)
FAR = ("http://evil.example", "http://localhost.evil.example:80", "null")


@pytest.mark.parametrize(("origin", "status"), [*((one, 101) for one in NEAR), *((one, 400) for one in FAR)])
def test_a_page_from_elsewhere_cannot_connect(real_world: RealWorld, origin: str | None, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", real_world.router.doors.front[0].port, timeout=10)
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    headers |= {"Sec-WebSocket-Protocol": "wamp.2.json"} | ({"Origin": origin} if origin else {})
    connection.request("GET", "/", headers=headers)
    response = connection.getresponse()
    assert response.status == status, origin
    assert "26." not in str(response.headers)
    connection.close()
