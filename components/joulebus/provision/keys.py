"""Tickets and rights of those who sign in: made by the home, readable by its owner only, passed as files.

A principal is two files. ``tickets/<name>`` holds the secret, for whoever signs in; ``principals/<home>/<name>.json`` holds the
secret's salted hash and the rights, for the router, which reads it whenever somebody shows a ticket. So a device can be added
and removed while the home runs, and several homes can share a router. People are in access.py.

A ticket is 256 random bits, so one round of SHA-256 is as good as a slow hash: there is nothing to guess from, and a router that
signs in twenty devices at once does not stall. The salt keeps equal tickets of two principals from looking equal.
"""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from joulebus.bus.rights import AccessRule, Part, as_permissions, outside_rules, rules
from joulebus.errors import RosterError
from joulebus.files import replace_in_one_step
from joulebus.registry import INVERTER, RESERVED

PRINCIPALS, TICKETS = "principals", "tickets"


class Keys:
    """The tickets of one home, in its run directory; its principals are there, too, or where another home's router is."""

    def __init__(self, directory: Path, home: str, router: Path | None = None) -> None:
        self.home = home
        self.tickets = directory / TICKETS
        every_home = (router or directory) / PRINCIPALS
        self.principals = every_home / home
        for folder in (directory, self.tickets, every_home, self.principals):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    def add(self, part: Part, name: str) -> Path:
        """Let a component in with a new ticket; the file of it.

        Raises:
            RosterError: The name is reserved.
        """
        return self._add(part, name, new_ticket(), outside=False)

    def add_outside(self, name: str) -> Path:
        """Let a foreign device in, with the ticket that it was given before: we could not hand it a new one.

        Raises:
            RosterError: The name is reserved.
        """
        return self._add("device", name, self.ticket(name) or new_ticket(), outside=True)

    def _add(self, part: Part, name: str, ticket: str, outside: bool) -> Path:
        if part == "device" and name in RESERVED | {INVERTER}:
            raise RosterError(f'the name "{name}" is reserved; choose another')
        return self.write(
            name, ticket, {"outside": outside, "role": part}, outside_rules(self.home, name) if outside else rules(self.home, part, name)
        )

    def write(self, name: str, ticket: str, said: dict[str, Any], rights: tuple[AccessRule, ...]) -> Path:
        """Both files of a principal; the one with the ticket."""
        principal = {**said, **hashed(ticket), "permissions": as_permissions(rights)}
        path = self.tickets / name
        write_private(path, ticket)
        write_private(self.principals / f"{name}.json", json.dumps(principal, sort_keys=True))
        return path

    def ticket(self, name: str) -> str | None:
        """What somebody shows, if there is a ticket of that name."""
        path = self.tickets / name
        return path.read_text() if path.is_file() else None

    def remove(self, name: str) -> None:
        """Do not let a principal in again."""
        self.suspend(name)
        (self.tickets / name).unlink(missing_ok=True)

    def suspend(self, name: str) -> None:
        """Do not let a component in until it is added again; who lives outside keeps its ticket for then."""
        (self.principals / f"{name}.json").unlink(missing_ok=True)


def new_ticket() -> str:
    """256 bits that nobody can guess, in as few letters as an address may have: people copy it from a terminal."""
    return secrets.token_urlsafe(32)


def hashed(ticket: str, salt: str | None = None) -> dict[str, str]:
    """What the router keeps of a ticket, with a new salt if none is given."""
    salt = salt or secrets.token_hex(16)
    return {"salt": salt, "ticket_sha256": hashlib.sha256((salt + ticket).encode()).hexdigest()}


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody else could ever read it."""
    replace_in_one_step(path, text.encode(), 0o600)
