"""Who is not who he says: the router refuses him, or the keeper does, loudly; and the ledger is the same as without him."""

import subprocess
import sys
from typing import Any

import pytest

from joulebus_schemas.principals import device
from tests.real.raw import Raw
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome

ROUND: dict[str, dict[str, Any]] = {
    "admit": {"device": "lamp", "member": {"kind": "lights"}},
    "dismiss": {"device": "heater"},
    "ready": {"name": "heater"},
    "resume": {"name": "heater"},
    "change": {"device": "heater", "properties": {"power_watts": 1}},
}
"""What only components may ask of the keeper."""
CHANGING: dict[str, dict[str, Any]] = {
    "home.remove": {"name": "heater"},
    "home.add": {"name": "lamp", "kind": "lights"},
    "home.switch": {"name": "heater", "on": False},
    "heater.set": {"power_watts": 1},
    "inverter.set": {"rating_watts": 1},
    "clock.pause": {},
    "clock.speed": {"speed": 1},
}
"""What people with a role may ask, and guests may not."""


def impostor(home: LivingHome, whose: str) -> Raw:
    """A stranger with the ticket of a component."""
    return Raw(home.running["router"], device(home.name, whose), (home.books / "tickets" / whose).read_text())


def said_no(answer: Any, word: str) -> bool:
    """Whether it was refused with this error."""
    return word in str(getattr(answer, "error", answer))


def test_a_guest_may_ask_and_listen_and_nothing_else(room: LivingHome) -> None:
    for guest in (
        room.guest,
        Raw(room.running["guest_url"], "room/home", serializer="json"),
        Raw(room.running["guest_url"], "room/heater", serializer="json"),
    ):
        before = len(room.changes())
        for topic in ("heater.offered", "heater.reported", "inverter.settled", "historian.kept"):
            assert said_no(guest.publish(f"joulebus.room.{topic}", {}), "not_authorized")
        for procedure, words in ROUND.items():
            assert said_no(guest.call(f"joulebus.room.inverter.{procedure}", **words), "not_authorized"), procedure
        for procedure, words in CHANGING.items():
            assert said_no(guest.call(f"joulebus.room.{procedure}", **words), "not_authorized"), procedure
        assert said_no(guest.register("joulebus.room.heater.more"), "not_authorized")
        assert len(room.changes()) == before


def test_a_device_speaks_for_itself_only(room: LivingHome) -> None:
    stranger = impostor(room, "heater")
    offered = room.listen("heater", "offered")
    room.hear(lambda: offered, "a packet of the heater")
    before = len(room.changes())
    for topic in ("grid.offered", "inverter.settled", "inverter.opened", "historian.kept"):
        assert said_no(stranger.publish(f"joulebus.room.{topic}", offered[-1][0][0]), "not_authorized")
    for procedure in ("admit", "dismiss"):
        assert said_no(stranger.call(f"joulebus.room.inverter.{procedure}", **ROUND[procedure]), "not_authorized")
    for procedure in ("ready", "resume", "change"):
        words = {name: "grid" if value == "heater" else value for name, value in ROUND[procedure].items()}
        assert said_no(stranger.call(f"joulebus.room.inverter.{procedure}", **words), "joulebus.error.refused")
    assert said_no(stranger.call("joulebus.room.grid.set", export_limit_watts=0), "not_authorized")
    assert len(room.changes()) == before
    stranger.close()


def test_a_packet_counts_once_and_another_body_is_refused_loudly(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    refused, offered = room.listen("inverter", "refused"), room.listen("heater", "offered")
    stranger = impostor(room, "heater")
    room.freeze("grid")
    room.wait_until(lambda: room.ask("clock", "get")["waits_for"] == ["grid"], "only the grid is waited for")
    packet = offered[-1][0][0]
    for body in (packet, packet, packet | {"offer": packet["offer"] | {"shedding_priority": 9}}, packet | {"offer": {"role": "nothing"}}):
        stranger.publish("joulebus.room.heater.offered", body)
    room.hear(lambda: len(refused) == 2, "two of the four packets are refused")
    assert {event[0][0]["device"] for event in refused} == {"heater"}
    assert {event[0][0]["tick"] for event in refused} == {packet["window"]["start"]}
    assert "is the device running twice?" in refused[0][0][0]["reason"]
    room.thaw("grid")
    room.wait_for_tick(packet["window"]["start"] + 1_000)
    assert room.stop() == 0
    assert room.seals() == replayed(room)


@pytest.mark.slow
def test_a_second_process_of_a_device_ends_with_a_sentence_and_changes_nothing(live: Live) -> None:
    room = live("room", ROOM, "--speed", "300").up()
    ticket = str(room.books / "tickets" / "heater")
    words = ["device", "--home", "room", "--name", "heater", "--router", room.running["router"], "--ticket-file", ticket]
    second = subprocess.run([sys.executable, "-m", "joulebus.services.run", *words], capture_output=True, text=True, timeout=120)
    assert second.returncode == 3
    assert "the router must let this component answer joulebus.room.heater." in second.stderr
    room.wait_for_tick(room.tick() + 1_000)
    assert room.stop() == 0
    assert room.seals() == replayed(room)


@pytest.mark.parametrize("part", ["home", "inverter"])
def test_a_stolen_name_without_its_ticket_is_nobody(room: LivingHome, part: str) -> None:
    stranger = Raw(room.running["router"], device("room", part), (room.books / "tickets" / "heater").read_text())
    assert (stranger.session.joined, stranger.session.left) == (None, "wamp.error.authentication_failed")
