"""One question to a living home, asked from a command: connect, ask, print, go."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joulebus.bus import INVALID, REFUSED, CallError
from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import BusError, PropertyError, RosterError
from joulebus.rundir import Running, running
from joulebus_schemas.principals import device, person

GUEST, OPERATOR = "guest", "operator"
PATIENCE_SECONDS = 5.0
TURN_SECONDS = 0.05
ANSWER_SECONDS_MAX = 40.0
"""Longer than a new device may take."""


def guest(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as a guest of a living home: it may ask and listen."""
    directory, found = running(home)
    return directory, found, WampBus(Access(found.guest_url, person(found.home, GUEST), None))


def operator(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as the operator of a living home: whoever can read its run directory has the ticket; others are guests."""
    directory, found = running(home)
    ticket = directory / "tickets" / OPERATOR
    if not os.access(ticket, os.R_OK):
        return guest(home)
    return directory, found, WampBus(Access(found.router, device(found.home, OPERATOR), ticket))


def ask(home: str | None, device: str, procedure: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """The answer of a device's procedure as plain JSON."""
    _, found, bus = guest(home)
    return ask_uri(bus, f"joulebus.{found.home}.{device}.{procedure}", arguments, seconds)


def ask_uri(bus: WampBus, uri: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
    """Run the reactor for one call; raises what the home answered, as an error of ours."""
    got: list[Any] = []

    def came(answer: Any) -> None:
        got.append(answer)
        leave(bus)

    def ask_now() -> None:
        bus.call(uri, arguments, None, seconds).addBoth(came)

    bus.on_join.append(ask_now)
    run_patiently(bus)
    if not got:
        raise KeyboardInterrupt
    error = getattr(got[0], "value", None)
    if isinstance(error, Exception):
        raise _as_ours(error, uri) from None
    return got[0]


def _as_ours(error: Exception, uri: str) -> Exception:
    """What was refused can be mended by who asked; that nobody answers is told apart from it."""
    if not isinstance(error, CallError):
        return error
    if error.uri in (INVALID, REFUSED):
        return PropertyError(str(error), error.errors)
    if error.uri == "wamp.error.not_authorized":
        return PropertyError(
            f"guests may not call {uri}: it changes the market; be its operator, or start the home with --guests-may-trade"
        )
    if error.uri == "wamp.error.no_such_procedure" and ".market." in uri:
        return RosterError(f"nobody answers {uri}: the home file must have a market, and its balancer must be up")
    if error.uri == "wamp.error.no_such_procedure":
        return RosterError(f"nobody answers {uri}: a device must be there and switched on; `joulebus device list` shows them")
    return error


class Conversation:
    """Several questions, one after another, over one connection; between them the reactor stands still."""

    def __init__(self, bus: WampBus) -> None:
        self._bus = bus
        bus.reactor.startRunning(installSignalHandlers=False)
        bus.start()
        self._turn_until(lambda: bus.joined or bus.failure is not None, PATIENCE_SECONDS)
        if bus.failure is not None or not bus.joined:
            raise bus.failure or BusError(f"the router of the home must answer at {bus.access.router}, but does not: is the home still up?")

    def ask(self, uri: str, arguments: dict[str, Any], seconds: float = ANSWER_SECONDS_MAX) -> Any:
        """The answer as plain JSON; raises what the home answered, as an error of ours."""
        got: list[Any] = []
        self._bus.call(uri, arguments, None, seconds).addBoth(got.append)
        self._turn_until(lambda: bool(got), seconds + PATIENCE_SECONDS)
        assert got, "a call is answered, or its time is over"
        error = getattr(got[0], "value", None)
        if isinstance(error, Exception):
            raise _as_ours(error, uri) from None
        return got[0]

    def _turn_until(self, condition: Callable[[], bool], seconds: float) -> None:
        reactor = self._bus.reactor
        deadline = reactor.seconds() + seconds
        while not condition() and reactor.seconds() < deadline:
            reactor.iterate(TURN_SECONDS)


def run_patiently(bus: WampBus) -> None:
    """Run until the bus is left; a router that does not answer is said, not waited for."""

    def impatient() -> None:
        if not bus.joined and bus.failure is None:
            bus.fail(BusError(f"the router of the home must answer at {bus.access.router}, but does not: is the home still up?"))

    bus.reactor.callLater(PATIENCE_SECONDS, impatient)
    bus.run()


def leave(bus: WampBus) -> None:
    """Say goodbye and let the reactor end."""
    bus.stop().addBoth(lambda _: bus.reactor.running and bus.reactor.callLater(0, _end, bus))


def _end(bus: WampBus) -> None:
    if bus.reactor.running:
        bus.reactor.stop()


def listen(home: str | None, declare: Callable[[WampBus, Running], None]) -> None:
    """Listen as a guest until Ctrl-C."""
    _, found, bus = guest(home)
    declare(bus, found)
    run_patiently(bus)
