"""A real Crossbar for tests: started once for many, killed and revived at will."""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from joulebus.addresses import LOOPBACK, Door, free_port
from joulebus.bus.connection import Access
from joulebus.bus.rights import ALL, ASK, AccessRule, Part
from joulebus.provision.access import AccessList
from joulebus.provision.keys import Keys, new_ticket
from joulebus.provision.process import Processes
from joulebus.provision.router import Doors, listens, recipe, write_configuration
from joulebus.registry import BY_NAME
from joulebus_schemas.principals import device
from tests.real.reactor import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
CROSSBAR = ROOT / ".venv-router" / "bin" / "crossbar"
START_SECONDS_MAX = 90
HOME = "house"
PROXY_SECRET = "the secret of a web server before the router"
PROXY_SHA256 = hashlib.sha256(PROXY_SECRET.encode()).hexdigest()


class RealRouter:
    """Crossbar as ``joulebus up`` starts it, with its own run directory."""

    def __init__(self, directory: Path, components: str | None = None) -> None:
        front = (Door(LOOPBACK, free_port(), guests=True),)
        self.doors = Doors(
            components or f"unix:{directory}/bus.sock", front, proxy_sha256=hashlib.sha256(PROXY_SECRET.encode()).hexdigest()
        )
        self.keys = Keys(directory, HOME)
        self.people = AccessList(directory, HOME)
        self.processes = Processes(directory)
        self.recipe = recipe(CROSSBAR, write_configuration(directory, HOME, self.doors), self.doors)

    @property
    def guest_url(self) -> str:
        """Where browsers and people connect."""
        return self.doors.front[0].url

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.processes.start(self.recipe)
        self.wait()

    def wait(self) -> None:
        """Wait until it listens; it is started again when it died."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while not listens(self.doors):
            self.processes.look()
            assert time.monotonic() < deadline, f"Crossbar did not start: {self.log()}"
            wait_a_moment()

    def kill(self) -> None:
        """As an out-of-memory killer would; it stays away until :meth:`wait`."""
        pid = self.processes.pid("router")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not listens(self.doors), "the killed router listens no more")

    def stop(self) -> None:
        """End it for good."""
        self.processes.stop_all()

    def access(self, name: str, part: Part = "device") -> Access:
        """A component with a ticket of its own."""
        self.keys.add(part, name)
        return Access(self.doors.components, device(HOME, name), self.keys.tickets / name)

    def open_access(self, name: str) -> Access:
        """The same with rights to ask everybody and to answer anything below its own name, for tests that are not about rights."""
        self.keys.write(name, new_ticket(), {"outside": False, "role": "test"}, open_rights(name))
        return Access(self.doors.components, device(HOME, name), self.keys.tickets / name)

    def log(self) -> str:
        """What it said."""
        return (self.processes.logs / "router.log").read_text()


def open_rights(name: str) -> tuple[AccessRule, ...]:
    """Of somebody who may ask everybody, and speaks below its own name."""
    names = (name, *BY_NAME[name].speaks_for) if name in BY_NAME else (name,)
    return (AccessRule(f"joulebus.{HOME}.", ASK), *(AccessRule(f"joulebus.{HOME}.{one}.", ALL) for one in names))


def wait_a_moment() -> None:
    """Between two looks at the world outside of the reactor."""
    time.sleep(0.05)


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Look at the world until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        wait_a_moment()


def processes_with(text: str) -> list[int]:
    """Living processes whose command line or working files name something; a zombie is dead."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split(None, 2) for line in listed]
    return [int(row[0]) for row in rows if len(row) == 3 and not row[1].startswith("Z") and text in row[2] and int(row[0]) != os.getpid()]
