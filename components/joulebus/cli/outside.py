"""``joulebus device ticket``: what a device that lives outside must know to come."""

import shlex

from joulebus.cli.main import print_json
from joulebus.errors import RosterError
from joulebus.rundir import running
from joulebus_schemas.principals import device


def print_ticket(home: str | None, name: str, as_json: bool) -> None:
    """Where the router is, who comes, and the file of the ticket (which only its owner can read)."""
    _, found = running(home)
    if name not in found.tickets:
        there = ", ".join(sorted(found.tickets)) or "none"
        raise RosterError(f"only a foreign device that is switched on has a ticket for outside, but {name} is none; there are: {there}")
    words = {
        "JOULEBUS_HOME": found.home,
        "JOULEBUS_DEVICE": name,
        "JOULEBUS_PRINCIPAL": device(found.home, name),
        "JOULEBUS_URL": found.guest_url,
        "JOULEBUS_TICKET_FILE": found.tickets[name],
    }
    words |= {"JOULEBUS_MODELS": found.models} if found.models else {}
    if as_json:
        print_json(words)
        return
    for key, value in words.items():
        print(f"export {key}={shlex.quote(value)}")
