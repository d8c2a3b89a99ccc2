"""Tickets and rights of the components: made at start, readable by their owner only, passed as files.

A principal is two files. ``tickets/<name>`` holds the secret, for the component; ``principals/<name>.json`` holds the
secret's hash and the rights, for the router, which reads it whenever somebody shows a ticket. So a device can be added
and removed while the home runs.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path

from joulebus.bus.rights import Part, as_permissions, rules
from joulebus.errors import RosterError
from joulebus.registry import INVERTER, RESERVED


class Keys:
    """The tickets of one home, in its run directory."""

    def __init__(self, directory: Path, home: str) -> None:
        self.home = home
        self.tickets = directory / "tickets"
        self.principals = directory / "principals"
        for folder in (directory, self.tickets, self.principals):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    def add(self, part: Part, name: str) -> Path:
        """Let a component in with a new ticket; the file of it.

        Raises:
            RosterError: The name is reserved.
        """
        return self._add(part, name, secrets.token_hex(32), outside=False)

    def add_outside(self, name: str) -> Path:
        """Let a foreign device in, with the ticket that it was given before: we could not hand it a new one.

        Raises:
            RosterError: The name is reserved.
        """
        path = self.tickets / name
        return self._add("device", name, path.read_text() if path.is_file() else secrets.token_hex(32), outside=True)

    def _add(self, part: Part, name: str, ticket: str, outside: bool) -> Path:
        if part == "device" and name in RESERVED | {INVERTER, "operator"}:
            raise RosterError(f'the name "{name}" is reserved; choose another')
        principal = {
            "ticket_sha256": hashlib.sha256(ticket.encode()).hexdigest(),
            "outside": outside,
            "permissions": as_permissions(rules(self.home, part, name)),
        }
        path = self.tickets / name
        write_private(path, ticket)
        write_private(self.principals / f"{name}.json", json.dumps(principal))
        return path

    def remove(self, name: str) -> None:
        """Do not let a component in again."""
        self.suspend(name)
        (self.tickets / name).unlink(missing_ok=True)

    def suspend(self, name: str) -> None:
        """Do not let a component in until it is added again; who lives outside keeps its ticket for then."""
        (self.principals / f"{name}.json").unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody else could ever read it."""
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
