"""Where a home listens: what may be said, what is refused, and that nothing but one file names an address."""

import re
from pathlib import Path

import pytest

from joulebus.addresses import LOOPBACK, Addresses, Door, Tls, addresses, is_loopback, origins, parse_listen, reachable
from joulebus.errors import UsageError
from joulebus.provision.router import Doors, configuration
from tests.tidy.conftest import ROOT, files, name_of


@pytest.fixture
def tls(tmp_path: Path) -> Tls:
    for name in ("certificate", "key"):
        (tmp_path / name).write_text("PEM")
    return Tls(str(tmp_path / "certificate"), str(tmp_path / "key"))


@pytest.mark.parametrize(
    ("listen", "meant"),
    [
        ("192.168.1.5", ("192.168.1.5", None)),
        ("192.168.1.5:8443", ("192.168.1.5", 8443)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("[::1]:8443", ("::1", 8443)),
        ("::1", ("::1", None)),
        ("house.example:443", ("house.example", 443)),
    ],
)
def test_an_address_is_read_with_its_port(listen: str, meant: tuple[str, int | None]) -> None:
    assert parse_listen(listen) == meant


@pytest.mark.parametrize("listen", ["", ":8443", "house:", "house:wide", "house:65536", "[::1]:x"])
def test_what_is_no_address_is_refused(listen: str) -> None:
    with pytest.raises(UsageError, match="--listen must be ADDRESS or ADDRESS:PORT"):
        parse_listen(listen)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("house", False),
    ],
)
def test_who_can_come_to_an_address(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_beyond_loopback_clear_text_is_refused_unless_said(tls: Tls) -> None:
    with pytest.raises(
        UsageError, match=r"--listen 0\.0\.0\.0 has no certificate: give --tls-certificate and --tls-key, or say --without-tls"
    ):
        addresses("0.0.0.0", 8080, None, None, without_tls=False)
    plain = addresses("0.0.0.0", 8080, None, None, without_tls=True)
    assert plain.doors() == (Door(LOOPBACK, 8080, guests=True), Door("0.0.0.0", 8081, guests=False))
    secret = addresses("0.0.0.0:9000", 8080, tls, None, without_tls=False)
    assert secret.doors()[1] == Door("0.0.0.0", 9000, guests=False, tls=tls)
    assert secret.doors()[1].url == f"wss://{LOOPBACK}:9000/"


def test_on_loopback_there_is_one_door_and_guests_may_come(tls: Tls) -> None:
    assert addresses(None, 8080, None, None, False) == Addresses()
    assert addresses("127.0.0.1:9000", 8080, tls, None, False).doors() == (Door("127.0.0.1", 9000, guests=True, tls=tls),)


def test_a_file_that_cannot_be_read_is_named(tls: Tls) -> None:
    with pytest.raises(UsageError, match="the TLS file /nowhere/ca must be readable: No such file or directory"):
        addresses(None, 8080, tls, "/nowhere/ca", False)


def test_the_router_lets_no_guest_in_from_other_machines(tmp_path: Path, tls: Tls) -> None:
    doors = Doors("unix:/x", addresses("0.0.0.0", 8080, tls, None, False).doors())
    written = configuration(tmp_path, "house", doors)["workers"][0]["transports"]
    ways = {f"{one['id']} {path}": sorted(way["auth"]) for one in written[1:] for path, way in one["paths"].items() if "auth" in way}
    assert ways == {
        "guests guests": ["anonymous", "ticket"],
        "guests tickets": ["ticket"],
        "outside guests": ["ticket"],
        "outside tickets": ["ticket"],
    }
    assert "tls" in written[2]["endpoint"] and "tls" not in written[1]["endpoint"]
    with pytest.raises(AssertionError, match="nobody comes from another machine without a ticket"):
        configuration(tmp_path, "house", Doors("unix:/x", (Door("0.0.0.0", 1, guests=True),)))


def test_all_addresses_is_none_to_connect_to() -> None:
    assert (reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.1"), reachable("house")) == (LOOPBACK, LOOPBACK, "10.0.0.1", "house")


def test_only_one_file_of_joulebus_names_an_address() -> None:
    ours = [path for path in files(".py") if path.is_relative_to(ROOT / "components" / "joulebus")]
    naming = {name_of(path) for path in ours if re.search(r"127\.0\.0\.1|\blocalhost\b|0\.0\.0\.0|::1", path.read_text())}
    assert naming == {"components/joulebus/addresses.py"}


def test_pages_from_elsewhere_are_named_one_by_one() -> None:
    assert origins(["https://energy.example", "http://10.0.0.5:3000"]) == ("https://energy.example:443", "http://10.0.0.5:3000")
    for wrong in ("*", "energy.example", "https://*", "https://a.example/page", "file://", "https://a.example:*:1"):
        with pytest.raises(UsageError, match="--guest-origin must be where a page comes from"):
            origins([wrong])
