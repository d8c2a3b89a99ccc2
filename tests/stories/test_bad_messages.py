"""What a device with a good ticket and a bad program can do: it harms itself, and the home goes on."""

from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from tests.real.raw import Raw
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome
from tests.stories.test_impostors import impostor

OFFERED = "joulebus.room.heater.offered"


def nested(levels: int) -> Any:
    """Brackets in brackets."""
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


def runs(*pairs: tuple[int, int]) -> dict[str, Any]:
    """A series."""
    return {"form": "run_lengths", "run_lengths": pairs}


def poison(packet: dict[str, Any]) -> dict[str, Any]:
    """Packets that no one can read."""
    offer, window = packet["offer"], packet["window"]
    return {
        "NaN in its state": packet | {"state": {"x": float("nan")}},
        "NaN joules": packet | {"offer": offer | {"want": runs((window["ticks"], float("nan")))}},  # type: ignore[arg-type]
        "2^63 joules": packet | {"offer": offer | {"want": runs((window["ticks"], 2**63))}},
        "2^64 - 1 in its state": packet | {"state": {"x": 2**64 - 1}},
        "900 brackets": packet | {"state": {"x": nested(900)}},
        "a text for a number": packet | {"window": {"start": "now", "ticks": 1}},
        "a window of the time before time": packet | {"window": {"start": -1, "ticks": 1}},
        "no offer": {"window": window},
        "nothing": {},
        "a list": [packet],
        "900 kB": packet | {"state": {"x": "x" * 900_000}},
    }


def impossible(packet: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    """Packets that can be read, but that no home could settle; and why."""
    ticks, offer = packet["window"]["ticks"], packet["offer"]
    flow = {"role": "flow", "side": "ac", "shedding_priority": 5}
    return {
        "too short": (offer | {"want": runs((ticks + 1, 5))}, "a series covers its window"),
        "always taking": (flow | {"want": runs((ticks, 5)), "least": runs((ticks, 5))}, "an offer must straddle zero"),
        "too much": (flow | {"want": runs((ticks, 2**53 - 1))}, "a value lies between"),
        "heat that comes from somebody": (flow | {"want": runs((ticks, -5)), "origin": "heat"}, "no such account"),
        "a second inverter": ({**INVERTER, "policy": [{"ticks": ticks}]}, "heater is no inverter"),
    }


INVERTER = {"role": "inverter", "rating_watts": 1, "curve_dc_milliwatts": [0, 1000], "curve_ac_milliwatts": [0, 1000]}


def lost_lines(home: LivingHome) -> dict[str, int]:
    """How often each component has lost its router."""
    return {path.stem: path.read_text().count("no router at") for path in (home.books / "logs").glob("*.log")}


def test_poison_costs_its_sender_a_message_and_nobody_a_tick(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    pids, lost = room.pids(), lost_lines(room)
    stopped = 0
    for name, body in poison(room.heard_once("heater", "offered")).items():
        rogue = impostor(room, "heater")
        for _ in range(3):
            stopped += getattr(rogue.publish(OFFERED, body), "error", "") == "joulebus.error.invalid"
        rogue.close()
        goes_on(room, name)
    for frame in (msgpack.packb([16, 1, {}, OFFERED, ["x" * 5_000_000]]), bytes.fromhex("c249400000000000000000"), b"\x91" * 100_000):
        rogue = impostor(room, "heater")
        rogue.send_frame(frame)
        room.hear(lambda rogue=rogue: not rogue.present, "the router hangs up", 60)  # type: ignore[misc]
    operator = Raw(room.running["operator_url"], serializer="json")  # MessagePack has no such numbers.
    for number in (2**63, 2**64, 2**70, -(2**70)):
        assert operator.call("joulebus.room.heater.set", power_watts=number).error == "joulebus.error.invalid"
        goes_on(room, f"{number} W")
    for moved in (-600, +600):
        packet, rogue = room.heard_once("heater", "offered"), impostor(room, "heater")
        window = packet["window"] | {"start": max(0, packet["window"]["start"] + moved)}
        rogue.publish(OFFERED, packet | {"window": window})
        rogue.close()
    goes_on(room, "windows of other times")
    operator.close()
    assert (room.pids(), lost_lines(room), room.changes()) == (pids, lost, [])
    figures = room.figures("inverter")
    heard = figures['joulebus_refused_messages_total{reason="invalid",topic="joulebus.room..offered"}']
    assert stopped >= 10 and heard >= 15 and stopped + heard >= 30, "some the router stops, some the inverter"
    assert figures['joulebus_packets_total{device="heater",verdict="late"}'] >= 1
    assert figures['joulebus_packets_total{device="heater",verdict="early"}'] >= 1
    room.wait_for_tick(1_000)
    assert room.stop() == 0
    assert room.seals() == replayed(room)
    assert "0 J missing" in room.joulebus("audit", str(room.journal_path)).stdout


def goes_on(home: LivingHome, after: str) -> None:
    """Half a minute passes."""
    tick = home.tick()
    home.wait_until(lambda: home.tick() > tick + 30, f"time goes on after {after}")


@pytest.mark.slow
def test_a_packet_that_no_home_could_settle_stops_only_its_device(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    refused, opened = room.listen("inverter", "refused"), room.listen("heater", "offered")
    room.hear(lambda: opened, "a packet of the heater")
    room.freeze("heater")
    room.wait_until(lambda: room.ask("clock", "get")["waits_for"] == ["heater"], "only the heater is waited for")
    packet = open_packet(room, opened)
    rogue = impostor(room, "heater")
    for name, (offer, reason) in impossible(packet).items():
        before = len(refused)
        rogue.publish(OFFERED, packet | {"offer": offer})
        room.hear(lambda before=before: len(refused) > before, f"{name} is refused")  # type: ignore[misc]
        assert reason in refused[-1][0][0]["reason"], (name, refused[-1])
        assert room.ask("clock", "get")["waits_for"] == ["heater"]
    rogue.close()
    room.thaw("heater")
    room.wait_for_tick(packet["window"]["start"] + 1_000)
    assert room.stop() == 0
    assert room.seals() == replayed(room)


def open_packet(home: LivingHome, offered: list[Any]) -> dict[str, Any]:
    """A packet of the heater for the window that is open now."""
    opened = home.listen("inverter", "opened")
    home.hear(lambda: opened, "the open window is said again")
    packet: dict[str, Any] = offered[-1][0][0] | {"window": opened[-1][0][0]["window"]}
    return packet
