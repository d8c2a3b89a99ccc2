"""The homes of a machine, over the bus of one of them: made, copied, started, stopped and deleted by its admin, and by nobody else."""

import json
from pathlib import Path
from typing import Any

import pytest

from joulebus.homefile.home_file import load_home_file
from joulebus.rundir import holder
from tests.stories.conftest import Live
from tests.stories.homes import GRID, HEAD, ROOM
from tests.stories.living import LivingHome, Refusal
from tests.stories.wampc import Wampc


def homes(room: LivingHome) -> dict[str, Any]:
    """All of the machine, by name."""
    return {one["name"]: one for one in room.ask("homes", "list")["homes"]}


def test_an_admin_makes_homes_and_deletes_them(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    state = room.books.parent
    room.wait_for_tick(60)
    assert room.ask("homes", "list")["this"] == "room" and {"house", "flat"} <= {
        one["name"] for one in room.ask("homes", "list")["examples"]
    }
    room.ask("homes", "create", name="cottage", example="flat")
    assert load_home_file(state / "cottage/home.yaml").name == "cottage"
    sent = HEAD.format(name="whatever") + "  heater: {kind: appliance, power_watts: 1000}\n" + GRID
    room.ask("homes", "create", name="sent", yaml=sent)
    room.ask("homes", "copy", name="room", to="twin")
    assert "heater" in load_home_file(state / "twin/home.yaml").members
    for call, named, sentence in (
        ("create", {"name": "cottage"}, "the name cottage is taken"),
        ("create", {"name": "x", "example": "palace"}, "there is no example palace"),
        ("create", {"name": "../x"}, "must be a name"),
        ("create", {"name": "x", "yaml": "home: x\ndevices: {k: {kind: kettle}}"}, 'unknown kind "kettle"'),
        ("create", {"name": "x", "yaml": sent.replace("power_watts: 1000", "file: /etc/passwd")}, "may name no files of this machine"),
        ("create", {"name": "x", "yaml": "<img src=x onerror=alert(1)>"}, "a home file must be a mapping"),
        ("export", {"name": "nobody"}, "there is no home nobody on this machine"),
        ("delete", {"name": "room", "confirm": "room"}, "room must be stopped before it is deleted"),
        ("delete", {"name": "twin", "confirm": "yes"}, "confirm must be its name, but was 'yes'"),
        ("start", {"name": "room"}, "room is running or starting already"),
        ("stop", {"name": "twin"}, "twin must be running to be stopped"),
    ):
        with pytest.raises(Refusal, match=sentence):
            room.ask("homes", call, **named)
    assert not (state / "x").exists(), "nothing is left of what was refused"
    (state / "linked").symlink_to(Path("/etc"))
    with pytest.raises(Refusal, match="there is no home linked"):
        room.ask("homes", "delete", name="linked", confirm="linked")
    for name in ("cottage", "sent", "twin"):
        room.ask("homes", "delete", name=name, confirm=name)
    assert set(homes(room)) == {"room"} and not (state / "twin").exists()


@pytest.mark.slow
def test_a_home_is_started_and_stopped_from_another_one_and_only_by_its_admin(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    guest = Wampc(str(room.running["guest_url"]))
    try:
        assert "not_authorized" in guest.call("joulebus.room.homes.create", name="cottage")
        assert "name: 'room'" in guest.call("joulebus.room.homes.list")
    finally:
        guest.close()
    room.ask("homes", "create", name="cottage")
    assert room.ask("homes", "start", name="cottage")["state"] == "starting"
    room.wait_until(lambda: homes(room)["cottage"]["state"] == "running", "it is up")
    assert homes(room)["cottage"]["page"].startswith("http://127.0.0.1:")
    room.ask("homes", "stop", name="cottage")
    room.wait_until(lambda: homes(room)["cottage"]["state"] == "stopped", "it is down")
    room.wait_until(lambda: holder(room.books.parent / "cottage") is None, "nobody holds it")
    assert homes(room)["cottage"]["has_books"]


@pytest.mark.slow
def test_books_are_audited_and_logs_read_over_the_bus(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    heard = room.listen("audit", "changed")
    room.wait_for_tick(1_900)
    operator = Wampc(str(room.running["operator_url"]))
    try:
        assert "state: 'running'" in operator.call("joulebus.room.audit.start")
        room.wait_until(lambda: room.ask("audit", "get")["state"] in ("done", "failed"), "it is audited")
        assert "0 J missing" in operator.call("joulebus.room.audit.get")
        assert "there is no log of nobody in room" in operator.call("joulebus.room.home.logs", name="nobody")
        assert "lines: [" in operator.call("joulebus.room.home.logs", name="heater", lines=5)
    finally:
        operator.close()
    found = room.ask("audit", "get")
    assert (found["is_sound"], found["missing_joules"]) == (True, 0) and found["seals"] >= 2
    room.hear(lambda: heard and heard[-1][0][0]["state"] == "done", "it was told")
    with pytest.raises(Refusal, match="must be a name"):
        room.ask("home", "logs", name="../tickets/~owner")
    part = room.ask("home", "status")["parts"]["heater"]
    assert part["memory_bytes"] > 10_000_000 and part["lag_ticks"] < 6_000 and part["dropped"] == 0
    assert len(json.dumps(room.ask("home", "logs", name="inverter", lines=500))) < 1_000_000
