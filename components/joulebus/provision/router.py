"""The configuration of the router: who listens where, and with which limits.

Components come with a ticket, over MessagePack, on a Unix socket or a port. Guests (browsers, ``wampc``) come without, on
loopback only: they are viewers. People with a role and foreign devices come where guests do, with a ticket, or with it in the path of
the address (gatekeeper.py). The same doors serve the dashboard (dashboard.py). A second door for other machines takes tickets only.
Nothing else is open.
"""

import json
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from joulebus.addresses import LOCAL_NAME, LOCAL_PAGES, SERIALIZERS, Door, family, for_url, is_loopback, reachable
from joulebus.bus import beside, inspection, plainness, slow_readers
from joulebus.bus.rights import as_permissions, person_rules
from joulebus.files import replace_in_one_step
from joulebus.provision import dashboard, gatekeeper, present, sessions
from joulebus.provision.access import GUEST
from joulebus.provision.keys import PRINCIPALS
from joulebus.provision.process import Recipe
from joulebus.roles import TRADER, VIEWER, Role
from joulebus_schemas.facts import MESSAGE_BYTES_MAX
from joulebus_schemas.principals import person

HANDSHAKE_SECONDS = 5
BESIDE_CROSSBAR = (beside, dashboard, gatekeeper, inspection, plainness, present, sessions, slow_readers)
"""Modules that Crossbar imports from the run directory, which they are copied to."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the router listens."""

    components: str
    """``ws://host:port/`` or ``unix:/path``; the URL for :class:`joulebus.bus.wamp.Access`."""
    front: tuple[Door, ...]
    """Doors for people, browsers and external devices."""
    origins: tuple[str, ...] = LOCAL_PAGES
    """Web pages that may connect; a page from elsewhere in the same browser may not."""
    near: tuple[str, ...] = ()
    """Addresses from which this machine comes, beside loopback: in a container, the gateway through which a port of the machine is
    published. Who publishes it decides who else can reach that port."""
    proxy_sha256: str = ""
    """Hash of the secret of a web server that stands before the doors and tells from where its clients come; none without one."""
    connections_max: int = 512
    guests_may_trade: bool = False
    """Whether guests may change the market, too."""


def write_configuration(directory: Path, home: str, doors: Doors) -> Path:
    """Write all that Crossbar needs into ``directory/router``; the directory for its ``--cbdir``."""
    folder = directory / "router"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in BESIDE_CROSSBAR:
        shutil.copyfile(str(part.__file__), folder / f"{part.__name__.rpartition('.')[2]}.py")
    shutil.rmtree(folder / dashboard.BUILT, ignore_errors=True)  # A copy of its own: a new build changes no home that is up.
    with suppress(FileNotFoundError):  # Without Node there is none.
        shutil.copytree(built_dashboard(), folder / dashboard.BUILT)
    replace_in_one_step(folder / "config.json", json.dumps(configuration(directory, home, doors), indent=1).encode())
    return folder


def built_dashboard() -> Path:
    """Where ``cd/ui.sh`` puts the built dashboard: in the package, so that a wheel brings it along."""
    return Path(__file__).parents[1] / dashboard.BUILT


def has_dashboard() -> bool:
    """Whether the dashboard was built."""
    return (built_dashboard() / "index.html").is_file()


def configuration(directory: Path, home: str, doors: Doors) -> dict[str, Any]:
    """The configuration as Crossbar reads it."""
    role = _guest_role(doors)
    guest = {"name": f"{role}_{GUEST}", "permissions": as_permissions(person_rules(home, role))}
    worker: dict[str, Any] = {
        "type": "router",
        "id": "joulebus_worker",
        "options": {"pythonpath": ["."]},
        "realms": [{"id": gatekeeper.REALM_ID, "name": gatekeeper.ROUTER_REALM, "options": {"uri_check": "strict"}, "roles": [guest]}],
        "transports": transports(directory / PRINCIPALS, home, doors),
    }
    return {"version": 2, "controller": {}, "workers": [worker]}


def transports(principals: Path, home: str, doors: Doors) -> list[dict[str, Any]]:
    """All doors of the router; its guests are those of the home that it was started for."""
    return [component_transport(principals, doors), *(front_door(principals, home, door, doors) for door in doors.front)]


def _guest_role(doors: Doors) -> Role:
    return TRADER if doors.guests_may_trade else VIEWER


def component_transport(principals: Path, doors: Doors) -> dict[str, Any]:
    """Where components connect."""
    auth = {"ticket": tickets(principals, "gatekeeper.components")}
    listen = {"id": "components", "endpoint": endpoint(doors.components), "max_connections": doors.connections_max}
    return {**listen, **websocket(doors, ["msgpack"]), "auth": auth}


def front_door(principals: Path, home: str, door: Door, doors: Doors) -> dict[str, Any]:
    """Where browsers and people connect, and foreign devices with their tickets; from elsewhere than loopback nobody is a guest."""
    assert is_loopback(door.address) or doors.near or not door.guests, "nobody comes from another machine without a ticket"
    name = gatekeeper.GUESTS if door.guests else gatekeeper.OUTSIDE
    service = websocket(replace(doors, origins=(*doors.origins, *own_page(door))), [*SERIALIZERS])
    ticket = {"ticket": tickets(principals, "gatekeeper.outsiders")}
    guest = {"type": "static", "role": f"{_guest_role(doors)}_{GUEST}", "authid": person(home, GUEST)}
    near = {"anonymous": guest, **ticket} if door.guests else ticket
    near_ones = {"near": list(doors.near), "proxy_sha256": doors.proxy_sha256}
    extra = {"principals": str(principals.resolve()), "service": service, "transport": name, **near_ones}
    paths = {
        "/": {"type": "resource", "classname": "gatekeeper.Entrance", "extra": extra},
        gatekeeper.GUESTS: {**service, "auth": near},
        gatekeeper.TICKETS_ONLY: {**service, "auth": ticket},
    }
    options = {"client_timeout": HANDSHAKE_SECONDS}
    limits = {"max_connections": doors.connections_max, "options": options}
    return {"type": "web", "id": name, "endpoint": front_endpoint(door), "paths": paths, **limits}


def own_page(door: Door) -> tuple[str, ...]:
    """The origin of the pages that a door serves; one that listens on all addresses does not know it."""
    host = for_url(door.address)
    return (f"{'https' if door.tls else 'http'}://{host}:{door.port}",) if door.address == reachable(door.address) else ()


def front_endpoint(door: Door) -> dict[str, Any]:
    """A door as the router's listening endpoint."""
    listen: dict[str, Any] = {"type": "tcp", "interface": door.address, "port": door.port}
    if family(door.address) == socket.AF_INET6:
        listen["version"] = 6
    if door.tls is not None:
        listen["tls"] = {"certificate": str(Path(door.tls.certificate).resolve()), "key": str(Path(door.tls.key).resolve())}
    return listen


def tickets(principals: Path, authenticator: str) -> dict[str, Any]:
    """Who shows a ticket is asked about by gatekeeper.py."""
    return {"type": "function", "create": authenticator, "expose_controller": True, "config": {"principals": str(principals.resolve())}}


def websocket(doors: Doors, serializers: list[str]) -> dict[str, Any]:
    """A WebSocket with the limits that hold for everybody."""
    options = {
        "allowed_origins": list(doors.origins),
        "allow_null_origin": False,
        "auto_ping_interval": 5000,
        "auto_ping_timeout": 10000,
        "enable_webstatus": False,
        "max_frame_size": MESSAGE_BYTES_MAX,
        "max_message_size": MESSAGE_BYTES_MAX,
        "open_handshake_timeout": 1000 * HANDSHAKE_SECONDS,
        "show_server_version": False,
        "tcp_nodelay": True,
    }
    return {"type": "websocket", "serializers": serializers, "options": options}


def endpoint(url: str) -> dict[str, Any]:
    """A component's URL as the router's listening endpoint."""
    if url.startswith("unix:"):
        return {"type": "unix", "path": url.removeprefix("unix:")}
    host, _, port = url.removeprefix("ws://").rstrip("/").rpartition(":")
    return {"type": "tcp", "interface": host, "port": int(port)}


def recipe(executable: Path, folder: Path, doors: Doors) -> Recipe:
    """How to start the router from the configuration in a folder."""
    argv = (str(executable), "start", "--cbdir", str(folder), "--loglevel", "warn", "--color", "false")
    return Recipe("router", argv, (("PYTHONPATH", ""), ("PYTHONDONTWRITEBYTECODE", "1")), prepare=partial(forget, folder, doors))


def forget(folder: Path, doors: Doors) -> None:
    """Remove what a killed router left: its process number, by which it would refuse to start, and its socket."""
    (folder / "node.pid").unlink(missing_ok=True)
    if doors.components.startswith("unix:"):
        Path(doors.components.removeprefix("unix:")).unlink(missing_ok=True)


def listens(doors: Doors) -> bool:
    """Whether the router takes connections from components and from guests."""
    return all(is_answering(door["endpoint"]) for door in transports(Path(), "", doors))


def is_answering(listening: dict[str, Any]) -> bool:
    """Whether somebody takes connections at an endpoint; one for the web also has its paths, which come a moment later."""
    unix = listening["type"] == "unix"
    address = listening["path"] if unix else (listening["interface"], listening["port"])
    with socket.socket(socket.AF_UNIX if unix else family(listening["interface"])) as probe:
        probe.settimeout(1)
        if probe.connect_ex(address):
            return False
        probe.sendall(f"GET / HTTP/1.1\r\nHost: {LOCAL_NAME}\r\n\r\n".encode())
        with suppress(OSError):
            return b" 404 " not in probe.recv(64)
    return False
