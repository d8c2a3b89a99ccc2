"""One question to a living home, asked from a command: connect, ask, print, go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import BusError
from joulebus.rundir import Running, running

GUEST = "guest"
PATIENCE_SECONDS = 5.0


def guest(home: str | None) -> tuple[Path, Running, WampBus]:
    """A bus as a guest of a living home: it may ask and listen."""
    directory, found = running(home)
    return directory, found, WampBus(Access(found.guest_url, GUEST, None))


def ask(home: str | None, device: str, procedure: str, arguments: dict[str, Any], seconds: float = 30.0) -> Any:
    """The answer of a device's procedure as plain JSON."""
    _, found, bus = guest(home)
    return ask_uri(bus, f"joulebus.{found.home}.{device}.{procedure}", arguments, seconds)


def ask_uri(bus: WampBus, uri: str, arguments: dict[str, Any], seconds: float = 30.0) -> Any:
    """Run the reactor for one call."""
    got: list[Any] = []

    def failed(failure: Any) -> None:
        bus.fail(failure.value if isinstance(failure.value, BusError) else BusError(failure.getErrorMessage()))

    def asked() -> None:
        bus.call(uri, arguments, None, seconds).addCallbacks(answered, failed)

    def answered(answer: Any) -> None:
        got.append(answer)
        leave(bus)

    bus.on_join.append(asked)
    run_patiently(bus)
    return got[0]


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
