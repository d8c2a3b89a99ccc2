"""``joulebus device ticket``: what an external device needs to connect."""

import shlex

from joulebus.cli.output import print_json
from joulebus.errors import RosterError
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
