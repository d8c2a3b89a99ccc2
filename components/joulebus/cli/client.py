"""One question to a running home, asked from a command: connect, ask, print, go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from joulebus.bus import CALL_REFUSED, INVALID, CallError
from joulebus.bus.timers import later
from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import BusError, JoulebusError, PropertyError, RosterError
from joulebus.provision.access import GUEST
from joulebus.provision.keys import TICKETS
from joulebus.refusals.messages import guess
from joulebus.registry import DEVICE, NEEDS, OWNERS
from joulebus.rundir import Running, running
from joulebus_schemas.principals import OWNER, PERSON, person

CLIENT_PATIENCE_SECONDS = 5.0
ANSWER_SECONDS_MAX = 40.0
"""Longer than a new device may take."""


def guest(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as a guest of a running home: it may ask and listen."""
    directory, found = running(home)
    return directory, found, WampBus(Access(found.guest_url, person(found.home, GUEST), None, found.tls_ca))


def owner(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as the owner of a running home: whoever can read its run directory has the ticket; others are guests."""
    directory, found = running(home)
    ticket = directory / TICKETS / (PERSON + OWNER)
    if not os.access(ticket, os.R_OK):
        return guest(home)
    return directory, found, WampBus(Access(found.router, person(found.home, OWNER), ticket))


def ask(home: str | None, device: str, procedure: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """The answer of a device's procedure as plain JSON."""
    _, found, bus = owner(home)
    return ask_uri(bus, f"joulebus.{found.home}.{device}.{procedure}", arguments, seconds)


def ask_uri(bus: WampBus, uri: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """Connect, ask one question, and leave; raises what the home answered, as an error of ours.

    Raises:
        RosterError: Nobody answers; it says who is there instead.
    """
    with Conversation(bus) as home:
        try:
            return home.ask(uri, arguments, seconds)
        except Unanswered as error:
            raise RosterError(_what_is_there(home, uri) or str(error)) from None


class Unanswered(RosterError):
    """Nobody on the bus answers to this address."""


def _what_is_there(home: Conversation, uri: str) -> str | None:
    """Of whom somebody may have thought; None when nobody can say, or when it is there."""
    _, name, owner, *_ = uri.split(".", 3)
    if owner in OWNERS:
        return None
    try:
        devices = home.ask(f"joulebus.{name}.home.list", {})["devices"]
    except JoulebusError:
        return None
    if owner not in devices:
        return f"there is no device {owner} in {name}; {guess(owner, devices, 'its devices are')}"
    if not devices[owner].get("on", True):
        return f"{owner} is switched off; `joulebus device on {owner}` switches it on"
    return None


def _as_ours(error: CallError, uri: str) -> BusError | PropertyError | RosterError:
    """What was refused can be mended by who asked; that nobody answers is told apart from it."""
    if error.uri in (INVALID, CALL_REFUSED):
        return PropertyError(str(error), error.errors)
    if error.uri == "wamp.error.not_authorized":
        return PropertyError(f"{uri} needs the role {_role_for(uri)}, and this home's files, which would give it, cannot be read here")
    if error.uri == "wamp.error.no_such_procedure" and uri.split(".")[2:3] == ["market"]:
        return Unanswered(f"nobody answers {uri}: the home file must have a market, and its balancer must be up")
    if error.uri == "wamp.error.no_such_procedure":
        return Unanswered(f"nobody answers {uri}: it is a call of nobody here, or whoever answers it is still starting; see `joulebus ps`")
    return error


def _role_for(uri: str) -> str:
    """That a call needs; of a device, what its kind of call needs."""
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
            raise _as_ours(error, uri) from None


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
