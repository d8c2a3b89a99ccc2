"""``joulebus device ticket``: what an external device needs to connect."""

import shlex
import sys
from pathlib import Path

from joulebus.cli.clusters import people_address, people_of
from joulebus.cli.output import print_json
from joulebus.errors import RosterError
from joulebus.provision.keys import write_private
from joulebus.registry import DEVICE
from joulebus.rundir import running
from joulebus_schemas.principals import device


def print_ticket(home: str | None, name: str, as_json: bool) -> None:
    """Where the router is, who comes, and the file of the ticket (which only its owner can read).

    Raises:
        RosterError: The device is not a foreign one that is on.
    """
    _, found = running(home)
    if name not in found.tickets:
        others = ", ".join(sorted(found.tickets))
        there = f"the foreign devices that are on: {others}" if others else "this home has no foreign device that is on"
        raise RosterError(f"{name} is not a foreign device that is on, so it has no ticket; {there}")
    words = _words(found.home, name, found.guest_url, found.tickets[name])
    _print(words | ({"JOULEBUS_MODELS": found.models} if found.models else {}), as_json)


def print_ticket_of_cluster(namespace: str, name: str, as_json: bool) -> None:
    """The same of a home in a cluster; the ticket is copied from its Secret into a file of this folder.

    Raises:
        RosterError: There is no foreign device of that name.
        BusError: There is no home in the namespace, or the API server does not let this user in.
    """
    people = people_of(namespace)
    foreign = [one for one, said in people.tickets.known().items() if said["part"] == DEVICE and said.get("outside")]
    if name not in foreign:
        there = f"the foreign devices are {', '.join(foreign)}" if foreign else f"{people.home} has no foreign device"
        raise RosterError(f"{name} is not a foreign device, so nobody outside of the cluster has its ticket; {there}")
    url, condition = people_address(namespace)
    path = Path(f"{people.home}-{name}.ticket").absolute()
    write_private(path, people.tickets.shown_by(name, is_device=True))
    _print(_words(people.home, name, url, str(path)), as_json)
    print(f"{path} holds the ticket" + (f"; the address: {condition}" if condition else ""), file=sys.stderr)


def _words(home: str, name: str, url: str, ticket_file: str) -> dict[str, str]:
    return {
        "JOULEBUS_HOME": home,
        "JOULEBUS_DEVICE": name,
        "JOULEBUS_PRINCIPAL": device(home, name),
        "JOULEBUS_URL": url,
        "JOULEBUS_TICKET_FILE": ticket_file,
    }


def _print(words: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json(words)
        return
    for key, value in words.items():
        print(f"export {key}={shlex.quote(value)}")
