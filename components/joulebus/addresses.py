"""Where a home listens: data that people set, loopback unless they say otherwise. No other file names an address."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from joulebus.errors import UsageError

LOOPBACK = "127.0.0.1"
EVERYBODY_HERE = "0.0.0.0"
"""All addresses of a container or pod, whose network is its own."""
LOCAL_NAME = "localhost"
LOCAL_PAGES = tuple(f"{scheme}://{name}:*" for scheme in ("http", "https", "ws") for name in (LOOPBACK, LOCAL_NAME, "[::1]"))
"""Web pages of this machine, as a browser names their origin; and, with ``ws``, clients that name the router's."""
REALM = "joulebus"
"""The realm of all homes on a router."""
SERIALIZERS = ("json", "msgpack", "cbor")
"""The serializations in which people, browsers and devices of others may speak."""
GUEST_PORT, TLS_PORT, PLAIN_PORT = 8080, 8443, 8081
"""Default ports: for guests, and for other machines with and without TLS."""
PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate (with its chain) and its private key, as PEM files."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Door:
    """An address at which the router takes WebSocket connections from people, browsers and devices of others."""

    address: str
    port: int
    guests: bool
    """Whether anonymous guests may come in; otherwise everybody shows a ticket."""
    tls: Tls | None = None

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        return f"{'wss' if self.tls else 'ws'}://{for_url(reachable(self.address))}:{self.port}/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of one home listen."""

    guests: str = LOOPBACK
    """Address of the door for guests; always on this machine."""
    guest_port: int = GUEST_PORT
    outside: str | None = None
    """Address of a second door for other machines, which takes tickets only; None if there is none."""
    outside_port: int = TLS_PORT
    tls: Tls | None = None
    """Certificate and key of the door for other machines, or of the door for guests if that is the only one."""
    tls_ca: str | None = None
    """PEM file of the authority by which clients check the certificate; None: those that the machine trusts."""
    guest_origins: tuple[str, ...] = ()
    """Web pages that may come as guests, beside those of this machine."""
    metrics: str = LOOPBACK
    """Where components answer metrics and health."""

    def doors(self) -> tuple[Door, ...]:
        """All doors, the one for guests first."""
        if self.outside is None:
            return (Door(self.guests, self.guest_port, guests=True, tls=self.tls),)
        return (
            Door(self.guests, self.guest_port, guests=True),
            Door(self.outside, self.outside_port, guests=False, tls=self.tls),
        )


def addresses(listen: str | None, guest_port: int, tls: Tls | None, tls_ca: str | None, without_tls: bool) -> Addresses:
    """What the options of ``joulebus up`` mean.

    Raises:
        UsageError: Tickets would travel in clear text, or a file cannot be read.
    """
    for file in [tls.certificate, tls.key] if tls else []:
        _readable(file)
    if tls_ca is not None:
        _readable(tls_ca)
    if listen is None:
        return Addresses(guest_port=guest_port, tls=tls, tls_ca=tls_ca)
    address, port = parse_listen(listen)
    if is_loopback(address):
        return Addresses(guests=address, guest_port=guest_port if port is None else port, tls=tls, tls_ca=tls_ca)
    if tls is None and not without_tls:
        raise UsageError(
            f"beyond loopback tickets must travel encrypted, but --listen {listen} has no certificate: "
            "give --tls-certificate and --tls-key, or say --without-tls when something else encrypts"
        )
    outside_port = port if port is not None else TLS_PORT if tls else PLAIN_PORT
    return Addresses(guest_port=guest_port, outside=address, outside_port=outside_port, tls=tls, tls_ca=tls_ca)


def origins(said: Sequence[str]) -> tuple[str, ...]:
    """Where web pages come from, as browsers name it.

    Raises:
        UsageError: It is no origin; a page must be named, not everybody.
    """
    for one in said:
        if re.fullmatch(r"https?://[^/*\s:]+(:(\d{1,5}|\*))?", one) is None:
            raise UsageError(f'--guest-origin must be where a page comes from, such as https://energy.example:3000, but was "{one}"')
    return tuple(one if one.count(":") > 1 else f"{one}:{443 if one.startswith('https') else 80}" for one in said)


def parse_listen(listen: str) -> tuple[str, int | None]:
    """``ADDRESS``, ``ADDRESS:PORT``, ``[IPV6]:PORT``.

    Raises:
        UsageError: It is none of them.
    """
    address, port = listen, ""
    if listen.startswith("["):
        address, _, after = listen[1:].partition("]")
        port = after.removeprefix(":")
    elif listen.count(":") == 1:
        address, _, port = listen.partition(":")
    if not address or (port and not (port.isdecimal() and 0 <= int(port) <= PORT_MAX)) or listen.endswith(":"):
        raise UsageError(f'--listen must be ADDRESS or ADDRESS:PORT, such as 192.168.1.5:8443, but was "{listen}"')
    return address, int(port) if port else None


def check_is_here(option: str, address: str) -> None:
    """Check that this machine can listen at an address.

    Raises:
        UsageError: It cannot; the text names the option.
    """
    try:
        free_port(address)
    except OSError:
        raise UsageError(f'{option} must be an address of this machine, such as 192.168.1.5 or 0.0.0.0, but was "{address}"') from None


def is_loopback(address: str) -> bool:
    """Whether only this machine can come to an address; a name that is not known to be local is not."""
    if address == LOCAL_NAME:
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def dashboard_of(url: str) -> str:
    """The address of the dashboard for a WebSocket address of a home: a ticket in the path becomes a fragment, which is sent nowhere."""
    scheme, _, rest = url.partition("://")
    host, _, link = rest.partition("/")
    return f"{'https' if scheme == 'wss' else 'http'}://{host}/{'#' if link else ''}{link}"


def reachable(address: str) -> str:
    """Where a client on this machine finds who listens at an address: "all addresses" is none to connect to."""
    try:
        return LOOPBACK if ipaddress.ip_address(address).is_unspecified else address
    except ValueError:
        return address


def for_url(address: str) -> str:
    """An address as URLs have it."""
    return f"[{address}]" if ":" in address else address


def free_port(address: str = LOOPBACK) -> int:
    """A TCP port of an address that nobody uses at this moment."""
    with socket.socket(family(address)) as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Whether a TCP port of an address can be taken."""
    with socket.socket(family(address)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def family(address: str) -> socket.AddressFamily:
    """The address family of sockets that listen at an address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _readable(file: str) -> None:
    try:
        Path(file).open("rb").close()
    except OSError as error:
        raise UsageError(f"the TLS file {file} must be readable: {error.strerror}") from None
