"""A charger of a living home is an NRGkick Gen2 to whoever speaks its local JSON API: read, set, refused, locked, gone when it is off."""

import base64
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK
from tests.real.router import free_port
from tests.stories.conftest import Live, LiveFile
from tests.stories.homes import ROOM, write_home
from tests.stories.living import LivingHome

GARAGE = (
    ROOM
    + """\
  wallbox: {kind: charger, amps: 10, phase_count: 1, switch_pause_seconds: 0, api_port: %d%s}
  car: {kind: car, initial_percent: 40, phase_count: 1}
"""
)


def asked(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
    """Status and document."""
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def values(home: LivingHome, port: int) -> dict[str, Any]:
    status, document = asked(port, "/values?raw=1")
    assert status == 200
    found: dict[str, Any] = document
    return found


@pytest.mark.slow
def test_software_for_an_nrgkick_charges_a_car(live: Live) -> None:
    port = free_port()
    home = live("garage", GARAGE % (port, ""), "--speed", "20").up()
    home.wait_until(lambda: not is_refused(port), "its port is open")
    home.wait_until(lambda: values(home, port)["general"]["status"] == 3, "the car charges")
    said = values(home, port)
    assert said["powerflow"]["total_active_power"] == pytest.approx(2_300, rel=0.01)
    assert (said["powerflow"]["l1"]["current"], said["powerflow"]["l2"]["current"], said["general"]["relay_state"]) == (10.0, 0.0, 3)
    assert asked(port, "/info")[1]["general"]["device_name"] == "wallbox"
    assert asked(port, "/control") == (200, {"current_set": 10.0, "charge_pause": 0, "energy_limit": 0, "phase_count": 1})

    assert asked(port, "/control?current_set=6.5") == (200, {"current_set": 6.5, "charge_pause": 0, "energy_limit": 0, "phase_count": 1})
    home.wait_until(lambda: values(home, port)["powerflow"]["charging_current"] == 6.5, "it charges with less")
    changes = [change for change in home.changes() if change.device == "wallbox"]
    assert (changes[-1].properties or {})["amps"] == 6.5
    logged = home.ask("inverter", "change_log", most=1)["changes"][0]["by"]
    assert (logged["principal"], logged["arguments"], logged["through"]) == ("garage/wallbox", {"amps": 6.5}, "wallbox")

    asked(port, "/control?charge_pause=1")
    home.wait_until(lambda: values(home, port)["general"]["status"] == 2, "it pauses, and the car stays")
    for path, method, status, text in (
        ("/control?current_set=40", "GET", 406, "current_set must be from 6.0 to 32.0 A"),
        ("/control?volts=1", "GET", 406, 'there is no setting "volts"'),
        ("/control", "POST", 405, "405 Method Not Allowed"),
        ("/", "GET", 404, "404 Not Found"),
    ):
        code, document = asked(port, path, method)
        assert (code, document["Response"][: len(text)]) == (status, text)
    for of_a_page in ({"Sec-Fetch-Site": "cross-site"}, {"Referer": "http://bad.example/"}, {"Origin": "null"}):
        assert asked(port, "/control?charge_pause=0", **of_a_page) == (403, {"Response": "a web page may not ask for that"})
    assert asked(port, "/control")[1]["charge_pause"] == 1
    home.freeze("inverter")
    assert asked(port, "/control?charge_pause=0")[0] == 503
    home.thaw("inverter")
    home.wait_until(lambda: asked(port, "/control?charge_pause=1")[0] == 200, "the keeper answers again")
    home.wait_for_tick(home.tick() + 40)  # What was asked of it meanwhile has held and passed.
    total = values(home, port)["energy"]["total_charged_energy"]
    home.kill9("wallbox")
    home.wait_until(lambda: not is_refused(port), "the charger is back")
    assert values(home, port)["energy"]["total_charged_energy"] == total
    home.ask("home", "switch", name="wallbox", on=False)
    home.wait_until(lambda: is_refused(port), "who is off answers nobody")
    assert home.stop() == 0


def is_refused(port: int) -> bool:
    try:
        asked(port, "/info")
    except OSError:
        return True
    return False


@pytest.mark.slow
def test_a_password_is_asked_for_where_there_is_one(tmp_path: Path, live_file: LiveFile) -> None:
    port, file = free_port(), tmp_path / "api.txt"
    file.write_text("anna:charge it\n")
    home = live_file(write_home(tmp_path, "locked", GARAGE % (port, ", api_password_file: api.txt")), "--speed", "20").up()
    good, wrong = ({"Authorization": "Basic " + base64.b64encode(said).decode()} for said in (b"anna:charge it", b"anna:"))
    home.wait_until(lambda: not is_refused(port), "its port is open")
    assert asked(port, "/info") == (401, {"Response": "401 Unauthorized"})
    assert asked(port, "/control?charge_pause=1", **wrong)[0] == asked(port, "/", Authorization="Basic ???")[0] == 401
    assert asked(port, "/control?charge_pause=1", **good)[1]["charge_pause"] == 1
    assert "charge it" not in home.journal_path.read_bytes().decode("latin-1")
    file.unlink()
    home.wait_until(lambda: is_refused(port), "without its password nobody comes in")
    assert "api_password_file must be readable" in home.ask("wallbox", "health")["cause"]
