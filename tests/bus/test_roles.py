"""The matrix of roles and calls: each call of the catalogue, with each role, at a real Crossbar; allowed exactly as the table says."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from joulebus.bus.rights import allowed, outside_rules, person_rules, rules
from joulebus.errors import RosterError
from joulebus.provision.access import Person, expiry
from joulebus.provision.router import HANDSHAKE_SECONDS
from joulebus.registry import DEVICE, NEEDS
from joulebus.roles import ADMIN, COMPONENT, CONTROLLER, INCLUDES, OPERATOR, SENTENCES, TRADER, VIEWER, Role
from joulebus_schemas import topics
from joulebus_schemas.channels import Event
from joulebus_schemas.principals import OWNER
from tests.bus.conftest import BASE
from tests.bus.test_rights import was_refused
from tests.real.raw import Raw, rogue
from tests.real.reactor import turn, until
from tests.real.router import HOME, RealRouter

DEVICES = ("battery", "oven", "oven2")
GIVEN = ("battery", "oven")
"""To the controller."""
CALLS = {
    f"{BASE}.{name}.{call}": (need, name) for (owner, call), need in NEEDS.items() for name in (DEVICES if owner == DEVICE else (owner,))
}
"""Every call of the catalogue, with the role that it needs and whose it is; those of devices for some."""
EVENTS = [event.uri(HOME, "oven") for event in vars(topics).values() if isinstance(event, Event)]


def may(role: Role, uri: str) -> bool:
    """What the table says."""
    need, owner = CALLS[uri]
    return need in INCLUDES[role] or (role == CONTROLLER and uri.endswith(".set") and owner in GIVEN)


def test_the_table_has_calls_for_every_role_and_no_role_but_these() -> None:
    assert {need for need, _ in CALLS.values()} == {VIEWER, OPERATOR, TRADER, ADMIN, COMPONENT}
    assert SENTENCES.keys() == INCLUDES.keys()


@pytest.mark.parametrize("role", SENTENCES)
def test_the_rights_of_a_role_are_those_of_the_table(role: Role) -> None:
    mine = person_rules(HOME, role, GIVEN if role == CONTROLLER else ())
    assert {uri for uri in CALLS if allowed(mine, "call", uri)} == {uri for uri in CALLS if may(role, uri)}
    for uri in (*EVENTS, *CALLS):
        assert allowed(mine, "subscribe", uri), uri
        assert not allowed(mine, "publish", uri) and not allowed(mine, "register", uri), uri


def test_who_changed_what_is_read_by_those_who_may_change_something() -> None:
    """The records say it, too, and a page of them is the most costly answer of a home."""
    logs = (f"{BASE}.inverter.change_log", f"{BASE}.inverter.replay")
    told = {role for role in SENTENCES if any(may(role, uri) for uri in logs)}
    assert told == {OPERATOR, ADMIN} and all(may(role, uri) for role in told for uri in logs)
    assert not any(allowed(outside_rules(HOME, "oven"), "call", uri) for uri in logs)
    # The router knows no kinds: of our own devices, the keeper answers those that follow the records (stories/test_meter.py).
    assert not allowed(rules(HOME, "device", "oven"), "call", logs[0])


def test_a_controller_of_the_inverter_still_hears_what_is_settled() -> None:
    mine = person_rules(HOME, CONTROLLER, ("inverter",))
    assert allowed(mine, "call", f"{BASE}.inverter.set") and allowed(mine, "subscribe", f"{BASE}.inverter.settled")


@pytest.fixture
def people(real_router: RealRouter) -> Iterator[dict[Role, str]]:
    """One with each role; their tickets."""
    found: dict[Role, str] = {}
    for role in SENTENCES:
        found[role] = real_router.people.add(Person(f"a_{role}", role, GIVEN if role == CONTROLLER else ())).read_text()
    yield found
    for role in SENTENCES:
        real_router.people.revoke(f"a_{role}")


@pytest.mark.parametrize("role", SENTENCES)
def test_the_router_allows_each_call_exactly_as_the_table_says(real_router: RealRouter, people: dict[Role, str], role: Role) -> None:
    somebody = Raw(real_router.guest_url, f"house/~a_{role}", people[role], serializer="json")
    assert somebody.session.joined.authid == f"house/~a_{role}"
    allowed_calls = {uri for uri in CALLS if not was_refused(somebody.call(uri))}
    assert allowed_calls == {uri for uri in CALLS if may(role, uri)}
    for uri in EVENTS:
        assert not was_refused(somebody.subscribe(uri, [])), uri
        assert was_refused(somebody.publish(uri, {})), uri
        assert was_refused(somebody.register(uri)), uri
    somebody.close()


def test_a_guest_is_a_viewer(real_router: RealRouter) -> None:
    guest = Raw(real_router.guest_url, serializer="json")
    assert guest.session.joined.authid == "house/~guest"
    assert {uri for uri in CALLS if not was_refused(guest.call(uri))} == {uri for uri in CALLS if may(VIEWER, uri)}
    guest.close()


# Links


@pytest.fixture(scope="module", autouse=True)
def home(real_router: RealRouter) -> Iterator[Raw]:
    """In a home, the home itself signs in first: from then on the router's worker knows how to open links."""
    signed_in = rogue(real_router.open_access("home"))
    yield signed_in
    signed_in.close()


def come_by(url: str) -> Raw:
    """As wampc does: without a ticket."""
    return Raw(url, serializer="json")


def test_a_link_is_its_principal_and_can_be_revoked_while_somebody_uses_it(real_router: RealRouter) -> None:
    real_router.people.add(Person("screen", OPERATOR))
    link = real_router.people.link("screen", real_router.guest_url)
    screen, guest = come_by(link), come_by(real_router.guest_url)
    assert (screen.session.joined.authid, guest.session.joined.authid) == ("house/~screen", "house/~guest")
    assert not was_refused(screen.call(f"{BASE}.clock.pause")) and was_refused(guest.call(f"{BASE}.clock.pause"))
    assert come_by(link).present, "a link works as often as it is used"
    real_router.people.revoke("screen")
    until(lambda: not screen.present, "an open session ends")
    assert screen.session.left == "joulebus.error.revoked"
    assert not come_by(link).present and guest.present
    guest.close()


def test_a_rotated_link_is_another_one(real_router: RealRouter) -> None:
    real_router.people.add(Person("screen", OPERATOR))
    before = real_router.people.link("screen", real_router.guest_url)
    screen = come_by(before)
    real_router.people.rotate("screen")
    after = real_router.people.link("screen", real_router.guest_url)
    until(lambda: not screen.present, "who came with the old one is put out")
    assert before != after and not come_by(before).present and come_by(after).present
    real_router.people.revoke("screen")


@pytest.mark.parametrize(
    "path",
    [
        "house/~screen",
        "house/~screen/" + 64 * "0",
        "house/~nobody/{secret}",
        "flat/~screen/{secret}",
        "house/oven/{secret}",
        "house/~owner/{secret}",
        "guests",
        "tickets",
        "{secret}",
        "../house/~screen/{secret}",
        "house%20%7Escreen/{secret}",
    ],
)
def test_another_path_leads_nowhere(real_router: RealRouter, path: str) -> None:
    real_router.people.open_for_owner()
    ticket = (real_router.people.ticket_file("screen") or real_router.people.add(Person("screen", OPERATOR))).read_text()
    assert not come_by(real_router.guest_url + path.format(secret=ticket)).present


def test_the_owners_ticket_is_for_the_components_door_alone(real_router: RealRouter) -> None:
    real_router.people.open_for_owner()
    path = real_router.people.ticket_file(OWNER)
    assert path is not None and path.stat().st_mode & 0o777 == 0o600
    assert Raw(real_router.doors.components, "house/~owner", path.read_text()).present
    assert not Raw(real_router.guest_url, "house/~owner", path.read_text(), serializer="json").present
    assert not come_by(real_router.people.link(OWNER, real_router.guest_url)).present


@pytest.mark.parametrize("url", ["ws://192.168.0.7:8080/", "ws://home.example/", "ws://127.0.0.1.example:80/", "http://127.0.0.1/"])
def test_a_link_needs_tls_or_loopback(real_router: RealRouter, url: str) -> None:
    real_router.people.open_for_owner()
    with pytest.raises(RosterError, match="needs TLS"):
        real_router.people.link("operator", url)
    assert real_router.people.link("operator", "wss://home.example/").startswith("wss://home.example/house/~operator/")


# Tickets


def test_access_ends_when_it_expires_also_for_who_is_in(real_router: RealRouter) -> None:
    soon = int(time.time()) + 8  # A busy machine needs some seconds for the visitor to come in.
    ticket = real_router.people.add(Person("visitor", OPERATOR, expires_unix_seconds=soon)).read_text()
    visitor = Raw(real_router.guest_url, "house/~visitor", ticket, serializer="json")
    assert visitor.present
    until(lambda: not visitor.present, "its time is over", 60)
    assert time.time() >= soon
    again = Raw(real_router.guest_url, "house/~visitor", ticket, serializer="json")
    assert not again.present
    real_router.people.revoke("visitor")


def test_who_guesses_is_slowed_down_and_others_are_not(real_router: RealRouter) -> None:
    ticket = real_router.people.add(Person("victim", OPERATOR)).read_text()
    other = real_router.people.add(Person("other", VIEWER)).read_text()
    for number in range(10):
        assert not Raw(real_router.guest_url, "house/~victim", f"{number:064}", serializer="json").present
    assert not Raw(real_router.guest_url, "house/~victim", ticket, serializer="json").present, "for a minute nothing is looked at here"
    assert Raw(real_router.guest_url, "house/~other", other, serializer="json").present
    assert Raw(real_router.doors.components, "house/~victim", ticket).present, "whoever has the files is not locked out"
    for name in ("victim", "other"):
        real_router.people.revoke(name)


def test_what_the_router_keeps_is_no_ticket_and_files_are_private(real_router: RealRouter) -> None:
    path = real_router.people.add(Person("anna", ADMIN))
    principal = real_router.people.keys.principals / "~anna.json"
    for file in (path, principal):
        assert file.stat().st_mode & 0o777 == 0o600
    assert path.read_text() not in principal.read_text()
    before = principal.read_text()
    real_router.people.rotate("anna")
    assert principal.read_text() != before
    real_router.people.revoke("anna")
    assert not path.exists() and not principal.exists()


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (Person("Anna", ADMIN), "a name must be a lower case letter"),
        (Person("anna", "king"), "there is no role king; roles are viewer, operator"),  # type: ignore[arg-type]
        (Person("anna", CONTROLLER), "--devices must be given with --role controller, and only with it"),
        (Person("anna", OPERATOR, ("oven",)), "--devices must be given with --role controller, and only with it"),
        (Person("twice", OPERATOR), "twice has access to house already"),
    ],
)
def test_what_access_cannot_be_is_said(real_router: RealRouter, one: Person, sentence: str) -> None:
    if real_router.people.ticket_file("twice") is None:
        real_router.people.add(Person("twice", OPERATOR))
    with pytest.raises(RosterError, match=sentence):
        real_router.people.add(one)


def test_an_expiry_is_a_span_or_a_moment() -> None:
    assert expiry("2026-12-31T00:00:00Z") == 1_798_675_200
    assert abs((expiry("2h") or 0) - time.time() - 7_200) < 5 and expiry(None) is None
    for text in ("tomorrow", "2026-12-31T00:00:00", "7"):
        with pytest.raises(RosterError, match="--expires must be a span"):
            expiry(text)


# The door itself


def test_who_says_nothing_at_the_guests_door_is_hung_up_and_who_listens_is_not(real_router: RealRouter) -> None:
    guest = come_by(real_router.guest_url)
    port = real_router.doors.front[0].port
    assert port is not None
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as silent:
        assert silent.recv(1) == b"", "the router hangs up"
    assert time.monotonic() - began > HANDSHAKE_SECONDS - 2, "and not before a slow one could have spoken"
    turn(HANDSHAKE_SECONDS + 2)
    assert guest.present and isinstance(guest.call(f"{BASE}.home.kinds"), Exception), "it is still there, and nobody answers"
    guest.close()


def test_a_page_from_elsewhere_cannot_use_a_link(real_router: RealRouter) -> None:
    real_router.people.open_for_owner()
    link = urlsplit(real_router.people.link("operator", real_router.guest_url))
    head = f"GET {link.path} HTTP/1.1\r\nHost: {link.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    head += "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: wamp.2.json\r\n"
    for origin, status in (("http://127.0.0.1:4200", b"101"), ("http://evil.example", b"400"), ("null", b"400")):
        with socket.create_connection((link.hostname, link.port), timeout=20) as page:
            page.sendall(f"{head}Origin: {origin}\r\n\r\n".encode())
            assert page.recv(12).split()[1] == status, origin


@pytest.mark.parametrize("serializer", ["json", "msgpack", "cbor"])
def test_guests_and_tickets_speak_what_they_like(real_router: RealRouter, serializer: str) -> None:
    path = real_router.keys.add_outside("pump")
    guest = Raw(real_router.guest_url, serializer=serializer)
    pump = Raw(real_router.guest_url, f"{HOME}/pump", path.read_text(), serializer=serializer)
    heard: list[object] = []
    guest.subscribe(f"{BASE}.pump.reported", heard)
    assert not isinstance(pump.publish(f"{BASE}.pump.reported", {"tick": 2**53 - 1, "state": {"x": 0.5}, "readings": {}}), Exception)
    until(lambda: heard, "the guest hears the pump")
    assert heard[0] == (({"tick": 2**53 - 1, "state": {"x": 0.5}, "readings": {}},), {})
    guest.close()
    pump.close()


def test_a_device_from_outside_that_was_suspended_is_put_out(real_router: RealRouter) -> None:
    path = real_router.keys.add_outside("heat_pump")
    pump = Raw(real_router.guest_url, f"{HOME}/heat_pump", path.read_text(), serializer="json")
    assert pump.present
    real_router.keys.suspend("heat_pump")
    until(lambda: not pump.present, "it is put out")
    assert not Raw(real_router.guest_url, f"{HOME}/heat_pump", path.read_text(), serializer="json").present
    real_router.keys.add_outside("heat_pump")
    assert Raw(real_router.guest_url, f"{HOME}/heat_pump", path.read_text(), serializer="json").present
