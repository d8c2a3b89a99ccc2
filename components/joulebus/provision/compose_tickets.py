"""Tickets of a home in containers: made before anything starts, each in a folder that only its component sees; and the router's files."""

import json
from pathlib import Path

from joulebus.files import replace_in_one_step
from joulebus.home.outside import lives_outside
from joulebus.homefile.home_file import HomeFile
from joulebus.provision.cluster.principals import principal_text, principals_folder
from joulebus.provision.cluster.tickets import Holder, said_of, static_parts
from joulebus.provision.keys import hashed, new_ticket, write_private
from joulebus_schemas.principals import PERSON

_BALANCER = "balancer"
_TICKET = "ticket"
"""The file of a ticket in its folder."""


def holders(file: HomeFile) -> dict[str, Holder]:
    """Everybody of a home who has a ticket, and what they are; the inverter is the hub."""
    devices: dict[str, Holder] = {
        name: "outside" if lives_outside(member) else "device" for name, member in file.members.items() if member.kind != "inverter"
    }
    parts = [name for name in static_parts() if name != _BALANCER or file.market is not None]
    return {**dict.fromkeys(parts, "static"), **devices}


def make_tickets(tickets: Path, router: Path, file: HomeFile) -> int:
    """The tickets that are missing, below folders by name, and what the router must know of all; how many there were none of."""
    folder, made = principals_folder(router, file.name), 0
    wanted = holders(file)
    for path in folder.glob("*.json"):
        if path.stem not in wanted and not path.stem.startswith(PERSON):
            path.unlink()
    for name, holder in wanted.items():
        ticket, principal = tickets / name / _TICKET, folder / f"{name}.json"
        if not ticket.is_file():
            ticket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(ticket, new_ticket())
            made += 1
        said = {**said_of(name, holder), **_hashed(principal, ticket.read_text())}
        replace_in_one_step(principal, principal_text(file.name, name, said).encode(), 0o600)
    return made


def _hashed(principal: Path, ticket: str) -> dict[str, str]:
    """As the router knows the ticket already, when it does: another hash would end open sessions."""
    if principal.is_file():
        known = json.loads(principal.read_text())
        again = hashed(ticket, known["salt"])
        if again["ticket_sha256"] == known["ticket_sha256"]:
            return again
    return hashed(ticket)
