"""What stands in the router's worker: who shows which ticket gets which role, and whoever loses it is put out.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours but what is copied with it. Permissions of
roles are static (a dynamic authorizer would break the order of events). Crossbar cannot be given a role, or a path to connect to, in its
configuration while it runs, but its worker can start one: that happens here, when a principal first comes.
"""

import hashlib
import hmac
import ipaddress
import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    from joulebus.bus.beside import in_a_thread
    from joulebus.bus.inspection import inspect_everything
    from joulebus.provision.dashboard import BUILT, Dashboard
    from joulebus.provision.present import Present
    from joulebus.provision.sessions import OpenSessions, is_password, use_once
except ImportError:  # In the router's worker.
    from beside import in_a_thread  # type: ignore[import-not-found, no-redef]
    from dashboard import BUILT, Dashboard  # type: ignore[import-not-found, no-redef]
    from inspection import inspect_everything  # type: ignore[import-not-found, no-redef]
    from present import Present  # type: ignore[import-not-found, no-redef]
    from sessions import OpenSessions, is_password, use_once  # type: ignore[import-not-found, no-redef]

PRINCIPAL = re.compile(r"([a-z][a-z0-9_]{0,31})/(~?[a-z][a-z0-9_]{0,31})")
"""A home and a name in it, as in joulebus_schemas/principals.py."""
LINK = re.compile(r"/([a-z0-9_]+/~[a-z0-9_]+)/([A-Za-z0-9_-]{43,64})")
ROUTER_REALM, REALM_ID = "joulebus", "joulebus_realm"
GUESTS, TICKETS_ONLY, OUTSIDE = "guests", "tickets", "outside"
"""The transport of the guests' door, and the services on it for those who come without a path: with guests, and without; and the
transport of the door for other machines."""
ACCESS_LOOK_SECONDS = 0.5
WRONG_MAX, WRONG_PASSWORDS_MAX, WRONG_SECONDS = 10, 5, 60.0
"""So many wrong tickets of one principal in so much time, then none is looked at. Nobody guesses 256 bits; this bounds the work. Of a
principal with a password, fewer: people choose words. From one address of another machine, as many as of one principal."""
GUESSED_NAMES_MAX = 1_000
"""Principals whose wrong tickets are counted; whoever invents names must not fill the memory."""
CONNECTIONS_REMEMBERED_MAX = 2_048
"""Connections of which it is known where they come from: more than all doors take at once."""
REVOKED = "joulebus.error.revoked"
PROXY = "X-Joulebus-Proxy"
"""The header in which a web server before this door shows its secret."""

Authenticate = Callable[[str, str, dict[str, Any]], dict[str, Any]]


class Doorkeeper:
    """The one of this process: known from the first ticket on, which is that of the home itself."""

    def __init__(self) -> None:
        self.controller: Any = None
        self.live: dict[str, str] = {}
        """What stood in the file of each person or program when it came in."""
        self.ends: dict[int, int] = {}
        """When the session of somebody who has signed in on a page ends, by the number of the connection."""
        self.comes_from: dict[tuple[str, int], str] = {}
        """Where those who come by the front door are, by the address and port of their connection; "" for this machine."""

    def take(self, controller: Any, principals: Path) -> None:
        """Begin to look after those who have come in."""
        if self.controller is None:
            inspect_everything()
            self.controller, self.principals = controller, principals
            self.sessions = OpenSessions(principals)
            self.present = Present(principals)
            self.look()

    def connects(self, connection: Any, address: str) -> None:
        """Remember where a connection comes from, which whoever passes it on has said."""
        key = (str(connection.host), int(connection.port))
        self.comes_from.pop(key, None)
        while len(self.comes_from) >= CONNECTIONS_REMEMBERED_MAX:
            del self.comes_from[next(iter(self.comes_from))]
        self.comes_from[key] = address

    def came(self, authid: str, principal: dict[str, Any]) -> None:
        """A person, a program or a device from outside is in: remember with what. Our own components end with their processes."""
        if "/~" in authid or principal["outside"]:
            self.live[authid] = fingerprint(principal)

    def look(self) -> None:
        """Put out whose access was revoked, rotated, changed or has expired, now and for ever."""
        for authid, then in list(self.live.items()):
            with suppress(ValueError):
                if fingerprint(valid(read_principal(self.principals, authid), authid)) == then:
                    continue
            del self.live[authid]
            self.controller.kill_by_authid(REALM_ID, authid, REVOKED, message=f"{authid} has lost its access, or was given another one")
        for number in [number for number, ends in self.ends.items() if ends <= time.time()]:
            del self.ends[number]
            with suppress(Exception):  # It has gone by itself.
                self.controller.realms[REALM_ID].session.session_kill(number, reason=REVOKED, message="its session is over: sign in again")
        self.present.look(self.controller.realms[REALM_ID].router._session_id_to_session, int(time.time()))
        self.controller._reactor.callLater(ACCESS_LOOK_SECONDS, self.look)


doorkeeper = Doorkeeper()


def fingerprint(principal: dict[str, Any]) -> str:
    """A hash of everything in its file."""
    return json.dumps(principal, sort_keys=True)


class WrongTickets:
    """Wrong tickets at one door, by principal."""

    def __init__(self) -> None:
        self.wrong: dict[str, list[float]] = {}

    def check(self, authid: str, most: int = WRONG_MAX) -> None:
        """Refuse when there were too many lately; raises ValueError."""
        lately = [moment for moment in self.wrong.get(authid, ()) if moment > time.monotonic() - WRONG_SECONDS]
        if len(lately) >= most:
            raise ValueError(f"too many wrong tickets of {authid}: wait a minute")

    def add(self, authid: str) -> None:
        """One more."""
        while authid not in self.wrong and len(self.wrong) >= GUESSED_NAMES_MAX:
            del self.wrong[next(iter(self.wrong))]
        self.wrong[authid] = [*self.wrong.get(authid, []), time.monotonic()][-WRONG_MAX:]


def components(config: dict[str, Any], controller: Any) -> Authenticate:
    """The authenticator of the door for components. Crossbar calls this once and keeps one per name, whatever the configuration says."""
    return authenticator(config, controller, outside=False)


def outsiders(config: dict[str, Any], controller: Any) -> Authenticate:
    """The authenticator of the door for guests, where people and foreign devices show tickets and components are refused."""
    return authenticator(config, controller, outside=True)


def authenticator(config: dict[str, Any], controller: Any, outside: bool) -> Authenticate:
    """Who shows which ticket gets which role; ``controller`` is the worker."""
    principals, wrong = Path(config["principals"]), WrongTickets()
    doorkeeper.take(controller, principals)

    def authenticate(realm: str, authid: str, details: dict[str, Any]) -> Any:
        send_at_once(controller)
        shown, address = str(details.get("ticket", "")), far_address(details)
        principal = known_principal(principals, authid) if outside else read_principal(principals, authid)
        wrong.check(authid, WRONG_PASSWORDS_MAX if principal.get("password") else WRONG_MAX)
        wrong.check(address) if address else None
        if "role" in principal and is_right(principal, shown):
            return admitted(principal, authid)
        if not outside:
            return refused(authid, address)
        ends = doorkeeper.sessions.expiry(authid, shown, principal)
        if ends is not None:
            return admitted(principal, authid, number=details.get("session"), ends=ends)
        if "role" in principal and principal["outside"] and use_once(principals, authid, shown):
            return signed_in(principal, authid, details)
        wrong.add(authid)  # Counted before it is known, so that nobody asks for many at once.
        checked = in_a_thread(controller._reactor, lambda: is_password(principal.get("password"), shown))
        return checked.addCallback(
            lambda fits: signed_in(principal, authid, details) if fits else refused(authid, address, is_counted=True)
        )

    def signed_in(principal: dict[str, Any], authid: str, details: dict[str, Any]) -> dict[str, Any]:
        valid(principal, authid)
        wrong.wrong.pop(authid, None)
        told = doorkeeper.sessions.open(authid, principal)
        return admitted(principal, authid, number=details.get("session"), ends=told["expires_unix_seconds"]) | {"extra": told}

    def refused(authid: str, address: str, *, is_counted: bool = False) -> Any:
        for one in ([] if is_counted else [authid]) + ([address] if address else []):
            wrong.add(one)
        raise ValueError(f"the ticket of {authid} is wrong")

    def admitted(principal: dict[str, Any], authid: str, number: int | None = None, ends: int | None = None) -> dict[str, Any]:
        if outside and not principal["outside"]:
            raise ValueError(f"{authid} is a component of the home and must connect where components do")
        valid(principal, authid)
        doorkeeper.came(authid, principal)
        if number is not None and ends is not None:
            doorkeeper.ends[number] = ends
        return {"realm": ROUTER_REALM, "authid": authid, "role": role_of(controller, principal["role"], principal["permissions"])}

    return authenticate


def known_principal(principals: Path, authid: Any) -> dict[str, Any]:
    """What is known of somebody; nothing of a name that nobody has, so that the answer does not tell which names there are."""
    try:
        return read_principal(principals, authid)
    except ValueError:
        if isinstance(authid, str) and PRINCIPAL.fullmatch(authid):
            return {}
        raise


def far_address(details: dict[str, Any]) -> str:
    """The address of another machine, from which somebody comes; "" for those of this one, which share theirs.

    Behind a web server all connections are that server's: then it is what the front door has been told.
    """
    transport = details.get("transport")
    found = re.fullmatch(r"tcp[46]?:\[?(.+?)\]?:(\d+)", str((transport or {}).get("peer") if isinstance(transport, dict) else ""))
    if found is None:
        return ""
    address = doorkeeper.comes_from.get((found[1], int(found[2])), found[1])
    try:
        return "" if ipaddress.ip_address(address).is_loopback else f"from {address}"
    except ValueError:
        return ""


def send_at_once(controller: Any) -> None:
    """Set TCP_NODELAY on all connections.

    The option of that name in the configuration is never applied (the protocol looks for it too early and swallows the
    error), and every round would wait 46 ms for Nagle and delayed acknowledgements.
    """
    for reader in controller._reactor.getReaders():
        if hasattr(reader, "setTcpNoDelay"):
            with suppress(OSError):  # it is going away
                reader.setTcpNoDelay(True)


def read_principal(principals: Path, authid: Any) -> dict[str, Any]:
    """What keys.py and access.py wrote about somebody; raises ValueError when there is nothing."""
    found = PRINCIPAL.fullmatch(authid) if isinstance(authid, str) else None
    if found is None:
        raise ValueError("whoever signs in must say home and name, such as house/oven: lower case letters, digits and _")
    try:
        principal: dict[str, Any] = json.loads((principals / found[1] / f"{found[2]}.json").read_text())
    except OSError:
        raise ValueError(f"{authid} is unknown here") from None
    return principal


def is_right(principal: dict[str, Any], ticket: str) -> bool:
    """Whether this is its ticket, or the one before, as long as that is good; the answer takes the same time whatever is wrong."""
    before = principal.get("previous")
    is_old = before is not None and before["expires_unix_seconds"] > time.time() and _fits(before, ticket)
    return _fits(principal, ticket) or is_old


def _fits(said: dict[str, Any], ticket: str) -> bool:
    return hmac.compare_digest(_sha256(said["salt"] + ticket), said["ticket_sha256"])


def valid(principal: dict[str, Any], authid: str) -> dict[str, Any]:
    """The same, unless its time is over; raises ValueError then."""
    expires = principal.get("expires_unix_seconds")
    if expires is not None and expires <= time.time():
        raise ValueError(f"the access of {authid} has expired")
    return principal


def role_of(controller: Any, name: str, permissions: list[dict[str, Any]]) -> str:
    """The role with exactly these rights; other rights would be another role."""
    digest = hashlib.sha256(json.dumps(permissions, sort_keys=True).encode()).hexdigest()
    role = f"{name}_{digest[:16]}"
    if not controller.has_role(ROUTER_REALM, role):
        controller.start_router_realm_role(REALM_ID, role, {"name": role, "permissions": permissions})
    return role


class Entrance:
    """The root of the guests' door: without a path it leads to the guests, with ``/<home>/~<name>/<ticket>`` to that principal.

    Whoever does not want a WebSocket gets the dashboard, when there is one; its pages connect to the same address.

    Crossbar tells no authenticator on which path somebody came, so each principal with a link has a WebSocket service of its own, on
    which whoever connects is that principal. The path to it is never the secret: only this class leads there, after it has looked.
    """

    isLeaf = False

    def __init__(self, extra: dict[str, Any]) -> None:
        self.principals = Path(extra["principals"])
        self.near = Near(extra["near"], extra["proxy_sha256"])
        self.transport: str = extra["transport"]
        self.service: dict[str, Any] = extra["service"]
        """The configuration of a WebSocket service; what is missing is who comes."""
        self.children: dict[bytes, Any] = {}
        self.dashboard = Dashboard(Path(__file__).parent / BUILT)

    def putChild(self, path: bytes, child: Any) -> None:
        """Crossbar has started a service."""
        self.children[path] = child

    def getChildWithDefault(self, name: bytes, request: Any) -> Any:
        """Where a request goes."""
        path = b"/".join([b"", name, *request.postpath])
        request.postpath = []
        if wants_websocket(request):
            doorkeeper.connects(request.getClientAddress(), "" if self.near.has(request) else self.near.address_of(request))
        here = self.children.get((GUESTS if self.near.has(request) else TICKETS_ONLY).encode())
        page = self.dashboard.page(path.decode("ascii", "replace")) if here and not wants_websocket(request) else None
        if page is not None:
            return page
        if path == b"/":
            return here or NotFound()
        link = LINK.fullmatch(path.decode("ascii", "replace"))
        if link is None or doorkeeper.controller is None or not (request.isSecure() or self.near.has(request)):
            return NotFound()
        try:
            return self._of(link[1], link[2])
        except ValueError:
            return NotFound()

    def _of(self, authid: str, ticket: str) -> Any:
        principal = valid(read_principal(self.principals, authid), authid)
        if not (principal["outside"] and is_right(principal, ticket)):
            raise ValueError("no such link")
        role = role_of(doorkeeper.controller, principal["role"], principal["permissions"])
        path = f"{authid} {role}"
        if path.encode() not in self.children:
            auth = {"anonymous": {"type": "static", "role": role, "authid": authid}}
            doorkeeper.controller.start_web_transport_service(self.transport, path, {**self.service, "auth": auth})
        doorkeeper.came(authid, principal)
        return self.children[path.encode()]


class NotFound:
    """What is not here."""

    isLeaf = True

    def render(self, request: Any) -> bytes:
        """Say so, and nothing more."""
        request.setResponseCode(404)
        return b""


def wants_websocket(request: Any) -> bool:
    """Whether somebody comes to speak, and not to read a page."""
    return "websocket" in (request.getHeader("upgrade") or "").lower()


class Near:
    """Who comes from this machine: by loopback, or from an address that stands for it.

    A proxy tells where its client is. It is believed when it shows its secret, of which only the hash is here.
    """

    def __init__(self, addresses: Sequence[str], proxy_sha256: str) -> None:
        self.addresses, self.proxy_sha256 = addresses, proxy_sha256

    def address_of(self, request: Any) -> str:
        """Where a request comes from; a text that is no address is from nowhere."""
        if self.proxy_sha256 and hmac.compare_digest(_sha256(request.getHeader(PROXY) or ""), self.proxy_sha256):
            return request.getHeader("X-Forwarded-For") or ""
        return str(request.getClientAddress().host)

    def has(self, request: Any) -> bool:
        """Whether a request comes from this machine."""
        address = self.address_of(request)
        with suppress(ValueError):
            return address in self.addresses or ipaddress.ip_address(address).is_loopback
        return False


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
