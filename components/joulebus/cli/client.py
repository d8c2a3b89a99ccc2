"""One call to a running home from a command: connect, call, print, leave."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from joulebus.bus import CALL_REFUSED, INVALID, CallError
from joulebus.bus.timers import later
from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import BusError, PropertyError, RosterError
from joulebus.provision.access import GUEST
from joulebus.provision.keys import TICKETS
from joulebus.refusals.messages import guess
from joulebus.registry import COMPONENTS, DEVICE, NEEDS
from joulebus.rundir import Running, running
from joulebus_schemas.principals import OWNER, PERSON, person

COMPONENT_NAMES = frozenset({component.name for component in COMPONENTS} | {"home", "clock", "inverter"})
CLIENT_PATIENCE_SECONDS = 5.0
ANSWER_SECONDS_MAX = 40.0
"""Longer than a new device may take to join."""


def guest(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as a guest of a running home: it may ask and listen. Where a home runs elsewhere, nobody is a guest."""
    directory, found = running(home)
    if found.principal is not None:
        return owner(home)
    return directory, found, WampBus(Access(found.guest_url, person(found.home, GUEST), None, found.tls_ca))


def owner(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as the owner of a running home: whoever can read its run directory has the ticket; others are guests. Of a home that runs
    elsewhere, as whoever the ticket says."""
    directory, found = running(home)
    if found.principal is not None and found.ticket_file is not None:
        return directory, found, WampBus(Access(found.router, found.principal, Path(found.ticket_file), found.tls_ca))
    ticket = directory / TICKETS / (PERSON + OWNER)
    if not os.access(ticket, os.R_OK):
        return guest(home)
    return directory, found, WampBus(Access(found.router, person(found.home, OWNER), ticket))


def ask(home: str | None, device: str, procedure: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """The answer of a device's procedure as plain JSON."""
    _, found, bus = owner(home)
    return ask_uri(bus, f"joulebus.{found.home}.{device}.{procedure}", arguments, seconds)


def ask_uri(bus: WampBus, uri: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """Connect, ask one question, and leave; raises what the home answered, as an error of ours."""
    with Conversation(bus) as home:
        return home.ask(uri, arguments, seconds)


def _as_ours(error: CallError, uri: str) -> BusError | PropertyError | RosterError:
    """Tell a refusal, which the caller can fix, from a call that nobody answers."""
    if error.uri in (INVALID, CALL_REFUSED):
        return PropertyError(str(error), error.errors)
    if error.uri == "wamp.error.not_authorized":
        return PropertyError(f"{uri} needs the role {_role_for(uri)}, and this home's files, which would give it, cannot be read here")
    return error


def _role_for(uri: str) -> str:
    """The role that a call needs."""
    owner, _, call = uri.split(".", 2)[-1].partition(".")
    return NEEDS.get((owner, call)) or NEEDS.get((DEVICE, call), "component")


class Conversation:
    """Several questions, one after another, over one connection; between them the bus is not running."""

    def __init__(self, bus: WampBus) -> None:
        self._bus = bus
        bus.turn(bus.join(CLIENT_PATIENCE_SECONDS))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._bus.turn(self._bus.stop())

    def ask(self, uri: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
        """The answer as plain JSON; raises what the home answered, as an error of ours."""
        try:
            return self._bus.turn(self._bus.call(uri, arguments, None, seconds))
        except CallError as error:
            if error.uri == "wamp.error.no_such_procedure":
                raise self._silence(uri) from None
            raise _as_ours(error, uri) from None

    def _silence(self, uri: str) -> RosterError:
        """Why nobody answers a URI: whose it is, and what is known about them."""
        home, name, call = (uri.split(".", 3) + ["", "", ""])[1:4]
        try:
            devices = self._bus.turn(self._bus.call(f"joulebus.{home}.home.list", {}, None, ANSWER_SECONDS_MAX))["devices"]
        except CallError:
            return RosterError(f"nobody answers {uri}: {home} is not up yet, or its supervisor does not answer")
        if name == "market":
            return RosterError(f"nobody answers {uri}: the home file of {home} must have a market, and its balancer must be up")
        if name not in devices and name not in COMPONENT_NAMES:
            return RosterError(f"there is no device {name} in {home}; {guess(name, devices, 'its devices are')}")
        if name in devices and not devices[name]["on"]:
            return RosterError(f"{name} is switched off; `joulebus device on {name}` switches it on")
        return RosterError(f"nobody answers {uri}: {name} has no call {call}, or does not run at this moment; see `joulebus ps`")


def run_patiently(bus: WampBus) -> None:
    """Run until the bus is left; a router that does not answer is reported, not waited for."""

    def impatient() -> None:
        if not bus.joined and bus.failure is None:
            bus.fail(BusError(f"the router of the home must answer at {bus.access.router}, but does not: is the home still running?"))

    later(CLIENT_PATIENCE_SECONDS, impatient)
    bus.run()


def listen(home: str | None, declare: Callable[[WampBus, Running], None]) -> None:
    """Listen as a guest until Ctrl-C."""
    _, found, bus = guest(home)
    declare(bus, found)
    run_patiently(bus)
