"""Access of people and of their programs to a home: added, listed, revoked and rotated in its run directory, also while it lives.

The router reads a principal whenever somebody signs in, and looks at those who have signed in twice a second: what is revoked, rotated,
expired or given another role ends their sessions. A link is the same ticket in the path of a WebSocket address, for clients such as
``wampc`` that cannot show one otherwise.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joulebus.addresses import is_loopback
from joulebus.bus.rights import person_rules
from joulebus.errors import RosterError
from joulebus.provision.keys import Keys, new_ticket
from joulebus.roles import ADMIN, CONTROLLER, OPERATOR, SENTENCES, Role
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.principals import NAME, OWNER, PERSON, person

LINKED, GUEST = "operator", "guest"
"""Who has the first link of a home; and everybody else on this machine, but for the home's owner."""
SPAN_UNITS = {"m": 60, "h": 3_600, "d": DAY_SECONDS}


@dataclass(frozen=True)
class Person:
    """Somebody who may come in."""

    name: str
    role: Role
    devices: tuple[str, ...] = ()
    """Devices that a controller may set."""
    expires_unix_seconds: int | None = None

    @property
    def is_expired(self) -> bool:
        """Whether the router refuses them by now."""
        return self.expires_unix_seconds is not None and self.expires_unix_seconds <= time.time()


class AccessList:
    """Who may come to a home, beside its components."""

    def __init__(self, directory: Path, home: str) -> None:
        self.home = home
        self.keys = Keys(directory, home)

    def open_for_owner(self) -> None:
        """At the start of a home: its owner and the first link are there, and everybody has the rights that roles have now."""
        for one in (Person(OWNER, ADMIN), Person(LINKED, OPERATOR)):
            if self.ticket_file(one.name) is None:
                self._write(one, new_ticket())
        for one in self.list():
            self._write(one, self._ticket(one.name))

    def add(self, one: Person) -> Path:
        """Give somebody access with a new ticket; returns its file. Raises RosterError for an invalid or taken name, or an unknown role."""
        if not re.fullmatch(NAME, one.name):
            raise RosterError(f"a name must be a lower case letter, then at most 31 lower case letters, digits or _, not {one.name!r}")
        if one.role not in SENTENCES:
            raise RosterError(f"there is no role {one.role}; roles are {', '.join(SENTENCES)}")
        if bool(one.devices) != (one.role == CONTROLLER):
            raise RosterError("--devices must be given with --role controller, and only with it")
        if self.ticket_file(one.name) is not None:
            raise RosterError(f"{one.name} has access to {self.home} already: revoke or rotate it, or choose another name")
        return self._write(one, new_ticket())

    def rotate(self, name: str) -> Path:
        """Issue a new ticket; sessions with the old one end. Raises RosterError if there is no such access."""
        return self._write(self.known(name), new_ticket())

    def revoke(self, name: str) -> None:
        """Revoke access and end open sessions. Raises RosterError if there is no such access."""
        self.known(name)
        self.keys.remove(PERSON + name)

    def list(self) -> list[Person]:
        """All of them, by name."""
        return [_read(path) for path in sorted(self.keys.principals.glob(f"{PERSON}*.json"))]

    def known(self, name: str) -> Person:
        """One of them; raises RosterError when there is none of that name."""
        found = {one.name: one for one in self.list()}
        if name not in found:
            raise RosterError(f"{name} has no access to {self.home}; those who have: {', '.join(found) or 'nobody'}")
        return found[name]

    def ticket_file(self, name: str) -> Path | None:
        """Where the ticket of somebody is."""
        path = self.keys.tickets / (PERSON + name)
        return path if path.is_file() and (self.keys.principals / f"{PERSON}{name}.json").is_file() else None

    def link_of(self, one: Person, url: str | None) -> str:
        """The link of somebody, who is added when needed; ``url`` is where guests come in, while the home runs.

        Raises:
            RosterError: They have another role already, or the home is not running, or somebody could read the secret.
        """
        has = next((other for other in self.list() if other.name == one.name), None)
        if has is None:
            self.add(one)
        elif has.role != one.role:
            raise RosterError(f"{one.name} is {has.role} in {self.home}, not {one.role}: revoke it first, or choose another name")
        if url is None:
            raise RosterError(f"{self.home} must be running to have an address: start it, and ask again")
        return self.link(one.name, url)

    def link(self, name: str, url: str) -> str:
        """The address that is this principal; ``url`` is where guests come in. Raises RosterError where the secret could be read."""
        self.known(name)
        if not (url.startswith("wss://") or (url.startswith("ws://") and is_loopback(urlsplit(url).hostname or ""))):
            raise RosterError(f"a link holds a secret, so it needs TLS (wss://) or loopback, but guests come in at {url}")
        return f"{url.rstrip('/')}/{person(self.home, name)}/{self._ticket(name)}"

    def _ticket(self, name: str) -> str:
        found = self.keys.ticket(PERSON + name)
        assert found is not None, "whoever has access has a ticket"
        return found

    def _write(self, one: Person, ticket: str) -> Path:
        said: dict[str, Any] = {"outside": one.name != OWNER, "role": one.role, "devices": list(one.devices)}
        said["expires_unix_seconds"] = one.expires_unix_seconds
        return self.keys.write(PERSON + one.name, ticket, said, person_rules(self.home, one.role, one.devices))


def _read(path: Path) -> Person:
    said = json.loads(path.read_text())
    return Person(path.stem.removeprefix(PERSON), said["role"], tuple(said["devices"]), said["expires_unix_seconds"])


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
        }
        for one in people
    ]
