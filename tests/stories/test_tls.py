"""A home that other machines can come to: with tickets and TLS only, checked by the authority that people name."""

import re
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK, free_port
from joulebus.bus.connection import DELAY_SECONDS_MIN
from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import BusError
from tests.real.certificates import Certificates, make_certificates
from tests.real.reactor import outcome, until
from tests.stories.conftest import Live
from tests.stories.homes import ROOM
from tests.stories.wampc import Wampc

FOREIGN = "  kettle: {kind: foreign, take_watts_max: 2000}\n"


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path / "tls")


def options(certificates: Certificates) -> list[str]:
    files = {"--tls-certificate": certificates.certificate, "--tls-key": certificates.key, "--tls-ca": certificates.authority}
    return [str(word) for pair in files.items() for word in pair]


def joins(url: str, name: str, ticket: Path | None, authority: Path | None) -> WampBus:
    """A client in the shape of ours; whether it has come is seen by ``joined``."""
    bus = WampBus(Access(url, name, ticket, None if authority is None else str(authority)), patience_seconds=0.5)
    bus.start()
    return bus


def test_from_another_machine_one_comes_with_a_ticket_over_tls(live: Live, certificates: Certificates, tmp_path: Path) -> None:
    port = free_port()
    room = live("room", ROOM + FOREIGN, "--listen", f"0.0.0.0:{port}", *options(certificates)).start()
    room.wait_until(lambda: "kettle" in room.said, "time waits for the device that lives elsewhere", 120)
    url = room.running["outside_url"]
    assert url == f"wss://{LOOPBACK}:{port}/" and room.running["guest_url"].startswith("ws://")
    ticket = Path(room.running["tickets"]["kettle"])
    device = joins(url, "room/kettle", ticket, certificates.authority)
    until(lambda: device.joined, "the device comes over TLS")
    resume = outcome(device.call("joulebus.room.inverter.resume", {"name": "kettle"}, None))
    assert resume["member"]["kind"] == "foreign"
    stranger = make_certificates(tmp_path / "stranger")
    refused = [
        joins(url, "room/~guest", None, certificates.authority),
        joins(url, "room/home", room.books / "tickets" / "home", certificates.authority),
        joins(url, "room/kettle", ticket, stranger.authority),
        joins(url, "room/kettle", ticket, None),
        joins(url.replace("wss", "ws"), "room/kettle", ticket, None),
    ]
    until(lambda: all(one.failure or one.delay_seconds > DELAY_SECONDS_MIN for one in refused), "each has tried", 60)
    assert [one.joined for one in refused] == [False] * 5
    assert [isinstance(one.failure, BusError) for one in refused] == [True, True, False, False, False], (
        "the first two speak with the router"
    )
    for one in (device, *refused):
        outcome(one.stop())
    assert versions(port, certificates) == {"TLSv1.3"}


@pytest.mark.slow
def test_a_link_for_another_machine_is_its_principal_over_tls(live: Live, certificates: Certificates) -> None:
    port = free_port()
    room = live("room", ROOM, "--speed", "60", "--listen", f"0.0.0.0:{port}", *options(certificates)).up()
    asked = room.joulebus("access", "link", "anna", "--role", "operator", "--outside")
    link = asked.stdout.strip()
    assert link.startswith(f"wss://{LOOPBACK}:{port}/room/~anna/"), asked.stderr
    anna = Wampc(link, certificates.authority)
    assert "paused: true" in anna.call("joulebus.room.clock.pause")
    assert "wamp.error.not_authorized" in anna.call("joulebus.room.home.remove", name="heater")
    assert room.joulebus("access", "revoke", "anna").returncode == 0
    with pytest.raises((AssertionError, OSError)):
        Wampc(link, certificates.authority)
    anna.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "joulebus: room takes no connections from other machines: start it with --listen ADDRESS"),
        (
            ("--listen", "0.0.0.0:0", "--without-tls"),
            "joulebus: a link for other machines holds a secret, so room must be started with --tls-certificate and --tls-key",
        ),
    ],
)
def test_a_link_that_others_could_read_is_refused(live: Live, words: tuple[str, ...], sentence: str) -> None:
    room = live("room", ROOM, *(word.replace(":0", f":{free_port()}") for word in words)).up()
    asked = room.joulebus("access", "link", "anna", "--role", "operator", "--outside")
    assert (asked.returncode != 0, asked.stdout) == (True, "") and asked.stderr.startswith(sentence)


def versions(port: int, certificates: Certificates) -> set[str]:
    """Which versions of TLS the router takes."""
    taken = set()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=str(certificates.authority))
        context.minimum_version = context.maximum_version = version
        try:
            with socket.create_connection((LOOPBACK, port), timeout=10) as raw, context.wrap_socket(raw, server_hostname=LOOPBACK) as line:
                taken.add(str(line.version()))
        except ssl.SSLError:
            continue
    return taken


def test_on_loopback_guests_and_commands_come_over_tls_too(live: Live, certificates: Certificates) -> None:
    room = live("room", ROOM, "--speed", "60", *options(certificates)).up()
    url = room.running["guest_url"]
    assert url.startswith("wss://") and url in room.said
    done = room.joulebus("clock", "get")
    assert done.returncode == 0 and re.search(r'"speed": 60', done.stdout), done.stderr
    assert room.stop() == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--listen", "0.0.0.0"), "beyond loopback tickets must travel encrypted, but --listen 0.0.0.0 has no certificate"),
        (("--listen", "house:x"), "--listen must be ADDRESS or ADDRESS:PORT"),
        (("--tls-key", "key.pem"), "--tls-certificate and --tls-key must be given together"),
        (("--tls-key", "/nowhere/key", "--tls-certificate", "/nowhere/crt"), "the TLS file /nowhere/crt must be readable"),
    ],
)
def test_what_would_be_open_to_everybody_is_refused_with_the_reason(live: Live, words: tuple[str, ...], sentence: str) -> None:
    room: Any = live("room", ROOM, *words).start()
    assert room.ended(60) == 2
    assert room.said.count("\n") == 1 and f"joulebus: {sentence}" in room.said
    assert not room.books.exists()


def test_a_port_that_is_taken_is_said(live: Live) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        room = live("room", ROOM, "--listen", f"0.0.0.0:{port}", "--without-tls").start()
        assert room.ended(60) == 3
    assert room.said == f"joulebus: port {port} of 0.0.0.0 must be free for --listen, but is not; name another\n"
