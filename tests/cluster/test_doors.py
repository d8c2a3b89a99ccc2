"""The doors of devices in a cluster: a meter's telegrams and a charger's API through their Services, with a password from a Secret."""

import base64
import json
import socket
import urllib.error
import urllib.request

import pytest

from joulebus.addresses import LOOPBACK
from joulebus.cli.clusters import forwarded
from joulebus.meter.reader import TelegramReader
from tests.cluster.conftest import Installed
from tests.cluster.living import FLOWS_SECONDS_MAX, PodHome
from tests.stories.homes import write_home

METER, CHARGER = 8088, 8100
PASSWORD = "eva:an open door"
GARAGE = f"""\
  meter: {{kind: meter, telegram_port: {METER}}}
  car: {{kind: car, capacity_kwh: 50, initial_percent: 40}}
  wallbox: {{kind: charger, api_port: {CHARGER}, api_password_file: secrets/wallbox}}
"""
TELEGRAM_SECONDS_MAX = 30.0


@pytest.fixture(scope="module")
def garage(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> PodHome:
    """A meter, a car and its charger, at the speed of the wall."""
    file = write_home(tmp_path_factory.mktemp("file"), "garage", GARAGE)
    opened = {"open_meter": f"{{{METER}}}", "open_wallbox": f"{{{CHARGER}}}"}
    home = installed(file, "k-doors", {"doors": {"wallbox": PASSWORD}}, clock_speed="1", secrets_existingSecret="doors", **opened)
    for name in ("meter", "wallbox"):
        home.wait_until(lambda name=name: is_ready(home, name), f"{name} is ready", FLOWS_SECONDS_MAX)
    return home


def is_ready(home: PodHome, device: str) -> bool:
    """Whether the pod of a device can do its job, which is to have its doors open."""
    return bool(home.deployment(device).get("status", {}).get("readyReplicas"))


def test_a_meter_is_read_through_its_service(garage: PodHome) -> None:
    reader = TelegramReader()
    with (
        forwarded(garage.namespace, "service/house-device-meter", METER) as port,
        socket.create_connection((LOOPBACK, port), TELEGRAM_SECONDS_MAX) as line,
    ):
        read = []
        while not read:
            data = line.recv(4_096)
            assert data, "the meter has hung up"
            read = reader.feed(data)
    assert read[0].values("1-0:1.8.1") and reader.dropped == 0


def test_a_charger_asks_for_the_password_of_its_secret(garage: PodHome) -> None:
    good = {"Authorization": "Basic " + base64.b64encode(PASSWORD.encode()).decode()}
    with forwarded(garage.namespace, "service/house-device-wallbox", CHARGER) as port:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"http://{LOOPBACK}:{port}/info", timeout=TELEGRAM_SECONDS_MAX)
        request = urllib.request.Request(f"http://{LOOPBACK}:{port}/info", headers=good)
        with urllib.request.urlopen(request, timeout=TELEGRAM_SECONDS_MAX) as answer:
            assert json.load(answer)["general"]["device_name"] == "wallbox"
    mounted = json.dumps(garage.deployment("meter")["spec"]["template"]["spec"]["volumes"])
    assert "doors" not in mounted, "who names no secret file gets none"
