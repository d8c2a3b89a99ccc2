"""A home is arranged from the bus, and people sign in there with a password: what a dashboard does, anybody can do."""

import json
import subprocess

from tests.real.raw import Raw
from tests.stories.conftest import Live
from tests.stories.homes import ROOM
from tests.stories.living import JOULEBUS
from tests.stories.wampc import Wampc

PLACED = {"heater": {"x": 120, "y": 80, "label": "Heater in the hall", "note": "<img src=x onerror=alert(1)>", "group": "hall"}}
PASSWORD = "correct horse battery staple"


def test_a_stranger_with_wampc_arranges_a_home_which_keeps_it_and_tells_everybody(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    heard = room.listen("layout", "changed")
    operator, guest = Wampc(room.running["operator_url"]), Wampc(room.running["guest_url"])
    try:
        assert "there is no hall" in operator.call("joulebus.room.layout.set", devices=PLACED)
        assert "revision: 1" in operator.call("joulebus.room.layout.set", devices=PLACED, groups={"hall": {"label": "Hall"}})
        said = guest.call("joulebus.room.layout.get")
        assert "x: 120" in said and "label: 'Hall'" in said and "note: '<img src=x onerror=alert(1)>'" in said
        assert "wamp.error.not_authorized" in guest.call("joulebus.room.layout.set", devices=PLACED)
        room.hear(lambda: heard, "the arrangement was told")
        told = heard[0][0][0]
        assert (told["revision"], told["by"], told["devices"]["heater"]["x"]) == (1, "room/~operator", 120)
        tick = room.committed_ticks()
        room.kill9("inverter")
        room.wait_until(lambda: room.committed_ticks() > tick + 60, "time goes on")
        assert "revision: 2" in operator.call("joulebus.room.layout.set", devices={"heater": {"x": None, "label": None}})
        said = guest.call("joulebus.room.layout.get")
        assert "y: 80" in said and "x: 120" not in said and "Heater in the hall" not in said
    finally:
        operator.close()
        guest.close()
    assert room.changes() == []


def test_who_signs_in_with_a_password_on_the_bus_may_what_the_role_may(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    giving = [JOULEBUS, "access", "password", "otto", "--role", "operator"]
    subprocess.run(giving, input=f"{PASSWORD}\n", text=True, env=room.environment, check=True, capture_output=True)
    assert not Raw(room.running["guest_url"], "room/~otto", "another password", serializer="json").present
    otto = Raw(room.running["guest_url"], "room/~otto", PASSWORD, serializer="json")
    assert otto.present and otto.session.joined.authrole.startswith("operator")
    assert otto.call("joulebus.room.layout.set", devices=PLACED, groups={"hall": {"label": "Hall"}})["revision"] == 1
    assert otto.call("joulebus.room.heater.set", power_watts=900)["properties"]["power_watts"] == 900
    assert "not_authorized" in str(getattr(otto.call("joulebus.room.home.remove", name="heater"), "error", ""))
    logged = json.loads(room.joulebus("access", "log", "--json").stdout)
    assert [one["by"]["principal"] for one in logged] == ["room/~otto"]
    otto.close()
