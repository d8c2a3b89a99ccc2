"""Where the parts of a home run: as processes of this machine, and by other answers to the same seam in containers and pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from joulebus.addresses import Addresses
from joulebus_schemas.calls import PartState

ROUTER, SUPERVISOR = "crossbar", "supervisor"
"""Names of the two parts that are not on anybody's list of devices: the router (a device may be called so, an
internet router), and who starts all others."""


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of a home as it is to run, once or not at all."""

    name: str
    component: str
    """What it is: a component of the registry, from which its rights follow; or the router."""
    arguments: tuple[str, ...] = ()
    """Of the component, beside those that tell it where things are: its home, router, ticket and metrics."""
    outside: bool = False
    """Somebody else starts it; it only gets a ticket."""
    orders: str | None = None
    """Of the supervisor: how the home is to live, as JSON."""
    bound: bool = False
    """Of the supervisor: the home ends with the process that starts it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How a part does."""

    state: PartState
    replicas: int
    """How many of it there should be: 0 or 1."""
    pid: int | None = None
    """Of its process, on this machine."""
    since_unix_seconds: float | None = None
    """When it was last started."""
    restarts: int = 0
    """How often it has ended without being told to."""
    exit_code: int | None = None
    """Of its last end."""
    message: str = ""
    """What it has said to whoever started it; at its end, why it ended."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all parts of a home have in common."""

    addresses: Addresses = field(default_factory=Addresses)
    models: str | None = None
    """URL of a store of models."""
    guests_may_trade: bool = False
    router: str | None = None
    """Where components find the router; None: a socket in the home's directory."""
    metrics_port: int | None = None
    """Of the supervisor itself."""


class Provisioner(Protocol):
    """Lets the parts of one home run.

    Acts say what should be: they may be repeated, and :meth:`look` makes true what was not possible at once. :meth:`status` says what is.
    """

    home: str
    books: Path
    """Folder of journal, history and market, as the parts of the home see it."""

    def start(self, unit: HomePart) -> None:
        """Have a part, once, and run it. Raises :class:`SetupError` when it cannot be started here."""

    def stop(self, name: str) -> None:
        """Have it no more, nor its ticket; a part that is not there is fine. Whoever stops the supervisor stops the home."""

    def forget(self, name: str) -> None:
        """Have it no more, and delete its log: it will not come back."""

    def scale(self, name: str, replicas: int) -> None:
        """Run a part that was started (1), or let it rest (0), with its ticket kept. Raises :class:`RosterError` when there is none."""

    def status(self) -> Mapping[str, Condition]:
        """All parts that were started and not stopped, sorted by name."""

    def logs(self, name: str, lines: int = 100, follow: bool = False) -> Iterator[str]:
        """The last lines that a part has said, and with ``follow`` all that it says from now on; none when it said nothing."""

    def endpoint(self, name: str) -> str | None:
        """Where a part is reached: of the router the address for guests, of others the base of metrics and health over HTTP."""

    def tickets(self) -> Mapping[str, Path]:
        """The tickets that whoever asks may read, by principal: of people and of devices that run outside."""

    def look(self) -> None:
        """Compare what should be with what is, and mend it. The supervisor calls this a few times a second."""

    def close(self) -> None:
        """End all that this process has started and that is bound to it."""
