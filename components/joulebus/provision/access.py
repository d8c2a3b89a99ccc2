"""Access of people and of their programs to a home: added, listed, revoked and rotated in its run directory, also while it lives.

The router reads a principal whenever somebody signs in, and looks at those who have signed in twice a second: what is revoked, rotated,
expired or given another role ends their sessions. A link is the same ticket in the path of a WebSocket address, for clients such as
``wampc`` that cannot show one otherwise.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from joulebus.addresses import dashboard_of, is_loopback
from joulebus.bus.rights import person_rules
from joulebus.errors import RosterError
from joulebus.provision import sessions
from joulebus.provision.keys import Keys, new_ticket
from joulebus.roles import ADMIN, CONTROLLER, OPERATOR, SENTENCES, Role
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.principals import NAME, OWNER, PERSON, person

LINKED, GUEST, PAGE_ADMIN = "operator", "guest", "admin"
"""Who has the first link of a home; everybody else on this machine, but for the home's owner; and whom the one-time link of
``joulebus up`` signs in: the owner, on the dashboard."""
PASSWORD_CHARACTERS_MIN = 10
Where = TypeVar("Where")
"""Where a ticket is: a file, or the name of a Secret."""
SPAN_UNITS = {"m": 60, "h": 3_600, "d": DAY_SECONDS}


@dataclass(frozen=True)
class Person:
    """Somebody who may come in."""

    name: str
    role: Role
    devices: tuple[str, ...] = ()
    """Devices that a controller may set."""
    expires_unix_seconds: int | None = None
    password: dict[str, Any] | None = field(default=None, repr=False)
    """What is kept of the password with which they sign in on a page."""

    @property
    def is_expired(self) -> bool:
        """Whether the router refuses them by now."""
        return self.expires_unix_seconds is not None and self.expires_unix_seconds <= time.time()


class AccessBook(Generic[Where]):
    """Who may come to a home, beside its components; where that is written down, a subclass says."""

    home: str

    def list(self) -> list[Person]:
        """All of them, by name."""
        raise NotImplementedError

    def once(self, one: Person, url: str) -> str:
        """The address of the dashboard that signs in somebody, who is added when needed, once and within an hour.

        Raises:
            RosterError: They have another role already, or somebody could read the secret, or it cannot be made here.
        """
        raise NotImplementedError

    def _write(self, one: Person, ticket: str) -> Where:
        """Write somebody down with a ticket; where that is."""
        raise NotImplementedError

    def _remove(self, name: str) -> None:
        raise NotImplementedError

    def _ticket(self, name: str) -> str:
        raise NotImplementedError

    def add(self, one: Person) -> Where:
        """Give somebody access with a new ticket; returns where that is.

        Raises:
            RosterError: The name is invalid or taken, or the role is unknown.
        """
        if not re.fullmatch(NAME, one.name):
            raise RosterError(f"a name must be a lower case letter, then at most 31 lower case letters, digits or _, not {one.name!r}")
        if one.role not in SENTENCES:
            raise RosterError(f"there is no role {one.role}; roles are {', '.join(SENTENCES)}")
        if bool(one.devices) != (one.role == CONTROLLER):
            raise RosterError("--devices must be given with --role controller, and only with it")
        if any(other.name == one.name for other in self.list()):
            raise RosterError(f"{one.name} has access to {self.home} already: revoke or rotate it, or choose another name")
        return self._write(one, new_ticket())

    def rotate(self, name: str) -> Where:
        """Issue a new ticket; sessions with the old one end. Raises RosterError if there is no such access."""
        return self._write(self.known(name), new_ticket())

    def set_password(self, one: Person, password: str) -> None:
        """Let somebody, who is added when needed, sign in on a page with a password; open sessions end.

        Raises:
            RosterError: The password is too short or too long, or they have another role already.
        """
        if not PASSWORD_CHARACTERS_MIN <= len(password) <= sessions.PASSWORD_CHARACTERS_MAX:
            least, most = PASSWORD_CHARACTERS_MIN, sessions.PASSWORD_CHARACTERS_MAX
            raise RosterError(f"a password must have from {least} to {most} characters, but has {len(password)}")
        has = self._of_role(one)
        self._write(replace(has, password=sessions.hashed_password(password)), self._ticket(one.name))

    def revoke(self, name: str) -> None:
        """Revoke access and end open sessions. Raises RosterError if there is no such access."""
        self.known(name)
        self._remove(name)

    def known(self, name: str) -> Person:
        """One of them; raises RosterError when there is none of that name."""
        found = {one.name: one for one in self.list()}
        if name not in found:
            raise RosterError(f"{name} has no access to {self.home}; those who have: {', '.join(found) or 'nobody'}")
        return found[name]

    def link_of(self, one: Person, url: str | None) -> str:
        """The link of somebody, who is added when needed; ``url`` is where guests come in, while the home runs.

        Raises:
            RosterError: They have another role already, or the home is not running, or somebody could read the secret.
        """
        self._of_role(one)
        return self.link(one.name, self._reached(url))

    def once_of(self, one: Person, url: str | None) -> str:
        """The same for the dashboard, good once.

        Raises:
            RosterError: They have another role already, or the home is not running, or somebody could read the secret.
        """
        return self.once(one, self._reached(url))

    def _reached(self, url: str | None) -> str:
        if url is None:
            raise RosterError(f"{self.home} must be running to have an address: start it, and ask again")
        return url

    def link(self, name: str, url: str) -> str:
        """The address that is this principal; ``url`` is where guests come in. Raises RosterError where the secret could be read."""
        self.known(name)
        _refuse_readable(url)
        return f"{url.rstrip('/')}/{person(self.home, name)}/{self._ticket(name)}"

    def _of_role(self, one: Person) -> Person:
        """Somebody as they are known, or added."""
        has = next((other for other in self.list() if other.name == one.name), None)
        if has is None:
            self.add(one)
            return one
        if has.role != one.role:
            raise RosterError(f"{one.name} is {has.role} in {self.home}, not {one.role}: revoke it first, or choose another name")
        return has


class AccessList(AccessBook[Path]):
    """The same in the run directory of a home on this machine."""

    def __init__(self, directory: Path, home: str) -> None:
        self.home = home
        self.keys = Keys(directory, home)

    def open_for_owner(self) -> None:
        """At the start of a home: its owner and the first link are there, and everybody has the rights that roles have now."""
        for one in (Person(OWNER, ADMIN), Person(LINKED, OPERATOR), Person(PAGE_ADMIN, ADMIN)):
            if self.ticket_file(one.name) is None:
                self._write(one, new_ticket())
        for one in self.list():
            self._write(one, self._ticket(one.name))

    def list(self) -> list[Person]:
        """All of them, by name."""
        return [_read(path) for path in sorted(self.keys.principals.glob(f"{PERSON}*.json"))]

    def ticket_file(self, name: str) -> Path | None:
        """Where the ticket of somebody is."""
        path = self.keys.tickets / (PERSON + name)
        return path if path.is_file() and (self.keys.principals / f"{PERSON}{name}.json").is_file() else None

    def once(self, one: Person, url: str) -> str:
        """The address of the dashboard that signs in somebody, who is added when needed, once and within an hour.

        Raises:
            RosterError: They have another role already, or somebody could read the secret.
        """
        self._of_role(one)
        _refuse_readable(url)
        who = person(self.home, one.name)
        return dashboard_of(f"{url.rstrip('/')}/{who}/{sessions.write_once(self.keys.principals.parent, who)}")

    def _ticket(self, name: str) -> str:
        found = self.keys.ticket(PERSON + name)
        assert found is not None, "whoever has access has a ticket"
        return found

    def _write(self, one: Person, ticket: str) -> Path:
        return self.keys.write(PERSON + one.name, ticket, said_of_person(one), person_rules(self.home, one.role, one.devices))

    def _remove(self, name: str) -> None:
        self.keys.remove(PERSON + name)


def said_of_person(one: Person) -> dict[str, Any]:
    """What the router is told of somebody, beside the ticket and the rights."""
    said: dict[str, Any] = {"outside": one.name != OWNER, "role": one.role, "devices": list(one.devices)}
    said["expires_unix_seconds"] = one.expires_unix_seconds
    return said | ({} if one.password is None else {"password": one.password})


def _read(path: Path) -> Person:
    said = json.loads(path.read_text())
    # The owner of a home in containers has neither devices nor an end.
    devices, expires = tuple(said.get("devices", ())), said.get("expires_unix_seconds")
    return Person(path.stem.removeprefix(PERSON), said["role"], devices, expires, said.get("password"))


def _refuse_readable(url: str) -> None:
    if not (url.startswith("wss://") or (url.startswith("ws://") and is_loopback(urlsplit(url).hostname or ""))):
        raise RosterError(f"a link holds a secret, so it needs TLS (wss://) or loopback, but guests come in at {url}")


def expiry(text: str | None) -> int | None:
    """When access ends, from a span (30m, 12h, 7d) or a moment (ISO 8601 with its offset). Raises RosterError for anything else."""
    if text is None:
        return None
    span = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if span:
        return int(time.time()) + int(span[1]) * SPAN_UNITS[span[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise RosterError(f'--expires must be a span like 30m, 12h or 7d, or a time like 2026-12-31T00:00:00Z, but was "{text}"')
    return int(moment.timestamp())


def as_rows(people: Iterable[Person], home: str) -> list[dict[str, Any]]:
    """What is said about them; no secrets."""
    return [
        {
            "principal": person(home, one.name),
            "name": one.name,
            "role": one.role,
            "devices": list(one.devices),
            "expires": None if one.expires_unix_seconds is None else datetime.fromtimestamp(one.expires_unix_seconds, UTC).isoformat(),
            "is_expired": one.is_expired,
            "has_password": one.password is not None,
        }
        for one in people
    ]
