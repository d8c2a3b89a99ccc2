"""A home in containers of Docker Compose: a service for each part, written as a file; and the parts as the home's supervisor sees them.

Nobody of the home starts containers: whoever runs ``docker compose`` does. A device switches itself when its container starts and ends.
"""

from collections.abc import Iterator
from pathlib import Path

from joulebus.errors import RosterError
from joulebus.provision import SUPERVISOR, Condition, HomePart
from joulebus.registry import METRICS_PORT

BOOKS_VOLUME = Path("/var/lib/joulebus")


class ComposeHome:
    """The parts of one home as services. What it is told to start and stop, it only remembers."""

    def __init__(self, home: str) -> None:
        self.home, self.books = home, BOOKS_VOLUME
        self._known: set[str] = set()

    def start(self, unit: HomePart) -> None:
        """A part of the home, whose container somebody has started or will."""
        self._known.add(unit.name)

    def stop(self, name: str) -> None:
        """It does not belong to the home any more; its container rests."""
        self._known.discard(name)

    def forget(self, name: str) -> None:
        """As :meth:`stop`; the log is Docker's."""
        self.stop(name)

    def scale(self, name: str, replicas: int) -> None:
        """Nobody of the home scales a service.

        Raises:
            RosterError: Always.
        """
        raise RosterError(f"only Docker Compose starts and stops containers: docker compose up -d --scale {name}={replicas}")

    def status(self) -> dict[str, Condition]:
        """All that is known to run: their health, which they tell themselves, says more."""
        return {name: Condition("running", 1) for name in sorted({*self._known, SUPERVISOR})}

    def logs(self, name: str, lines: int = 100, follow: bool = False) -> Iterator[str]:
        """Nobody of the home reads the logs of containers.

        Raises:
            RosterError: Always.
        """
        raise RosterError(f"only Docker Compose has the logs of containers: docker compose logs {name}")

    def endpoint(self, name: str) -> str | None:
        """Where a service answers metrics and health, in the network of the home."""
        return f"http://{name}:{METRICS_PORT}" if name in self._known else None

    def tickets(self) -> dict[str, Path]:
        """None: each lies in a volume of its own."""
        return {}

    def look(self) -> None:
        """Docker starts again what has ended."""

    def close(self) -> None:
        """Nothing was started here."""
