"""Where the parts of a home run: as processes on this machine; containers and pods are further implementations of the protocol."""

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
DASHBOARD = "dashboard"
"""What the router serves to browsers, when it was built: an endpoint, and no part of its own."""


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of a home, of which there is one instance or none."""

    name: str
    component: str
    """What it is: a component of the registry, from which its rights follow; or the router."""
    arguments: tuple[str, ...] = ()
    """Arguments of the component, besides those common to all: home, router, ticket and metrics."""
    outside: bool = False
    """Whether it is started elsewhere and only gets a ticket here."""
    orders: str | None = None
    """For the supervisor: how the home is to run, as JSON."""
    bound: bool = False
    """For the supervisor: whether the home ends with the process that starts it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of a part."""

    state: PartState
    replicas: int
    """How many of it there should be: 0 or 1."""
    pid: int | None = None
    """Its process id on this machine."""
    since_unix_seconds: float | None = None
    """When it was last started."""
    restarts: int = 0
    """How often it has ended unexpectedly."""
    exit_code: int | None = None
    """Exit code of its last end."""
    message: str = ""
    """What it has printed for whoever started it; once it has ended, why."""


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
    """Port for the supervisor's own metrics."""
    pods: Path | None = None
    """In a cluster: the file that says how the pods of devices are to be."""


class Provisioner(Protocol):
    """Runs the parts of one home.

    Methods that act declare the desired state: they may be repeated, and :meth:`look` completes what was not possible at once.
    """

    home: str
    books: Path
    """Folder of journal, history and market, as the parts of the home see it."""

    def start(self, unit: HomePart) -> None:
        """Add a part and run it; has no effect if it runs already. Raises :class:`SetupError` if it cannot be started here."""

    def stop(self, name: str) -> None:
        """Stop and remove a part, and its ticket; has no effect if there is none. Stopping the supervisor stops the home."""

    def forget(self, name: str) -> None:
        """Stop and remove a part for good: its log is deleted, too."""

    def scale(self, name: str, replicas: int) -> None:
        """Run a part that was started (1), or stop it and keep its ticket (0). Raises :class:`RosterError` if there is none."""

    def status(self) -> Mapping[str, Condition]:
        """All parts that were started and not stopped, sorted by name."""

    def logs(self, name: str, lines: int = 100, follow: bool = False) -> Iterator[str]:
        """The last lines of a part's log, and with ``follow`` the new ones as they come."""

    def endpoint(self, name: str) -> str | None:
        """The address of a part: for the router that of guests, for others the base URL of metrics and health."""

    def tickets(self) -> Mapping[str, Path]:
        """The tickets that this user may read, by principal: of people, and of devices that run elsewhere."""

    def look(self) -> None:
        """Bring the actual state in line with the desired one. The supervisor calls this a few times a second."""

    def close(self) -> None:
        """Stop everything that this process has started and that is bound to it."""
