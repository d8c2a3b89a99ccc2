"""A meter of a living home speaks with programs of the predecessor: they hear everything, ask, set the one thing that may be set."""

import json

import pytest

from joulebus.addresses import LOOPBACK
from tests.real.reactor import until
from tests.real.router import free_port
from tests.real.texts import TextClient
from tests.stories.conftest import Live
from tests.stories.homes import ROOM

METER = "  meter: {kind: meter, things_port: %d, peak_watts_max: 500}\n"
CAP = "electricity_mains^quarter^cap"


@pytest.mark.slow
def test_programs_of_the_predecessor_hear_ask_and_set(live: Live) -> None:
    port = free_port()
    room = live("things", ROOM + METER % port, "--speed", "20").up()
    quarters = room.listen("meter", "quarter")
    room.hear(lambda: quarters, "the meter tells")
    program = TextClient(f"ws://{LOOPBACK}:{port}/ws")
    until(lambda: program.heard, "everything is told at once")
    greeted = {word["th"]: word["val"] for word in json.loads(program.heard[0])}
    assert (
        greeted[CAP] == 0.5 and greeted["electricity_mains^fluvius_day^sensor"] + greeted["electricity_mains^fluvius_night^sensor"] >= 1.0
    )
    assert "this is no JSON" in program.asked("anything")["text"]
    ask = {"type": "th", "cmd": "ask", "th": CAP, "val": 0}
    assert program.asked(json.dumps({**ask, "cmd": "set", "val": 0.75})) == {**ask, "cmd": "reply", "val": 0.75}
    room.hear(lambda: quarters[-1][0][0]["cap_watts"] == 750, "the cap holds")
    assert program.asked(json.dumps([ask])) == [{**ask, "cmd": "reply", "val": 0.75}]
    logged = room.ask("inverter", "change_log", most=1)["changes"][0]
    assert (logged["by"]["principal"], logged["by"]["arguments"]) == ("things/meter", {"peak_watts_max": 750})
    room.ask("meter", "set", things_from=["192.0.2.0/24"])
    until(lambda: program.end, "whoever is not on the list is let go")
    room.wait_until(lambda: "403" in TextClient(f"ws://{LOOPBACK}:{port}/ws").end, "and does not come again")
    room.ask("meter", "set", things_port=0)
    room.wait_until(lambda: "refused" in TextClient(f"ws://{LOOPBACK}:{port}/ws").end, "without a port there is none")
