"""Where a home keeps its files: journal, database, tickets, logs, and how to reach its router; and whether it is running."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from joulebus.errors import BusError, JournalError
from joulebus.files import replace_in_one_step

JOURNAL, HISTORY = "journal.bin", "history.sqlite"
MARKET_DATABASE, MARKET_PLAN = "market.sqlite", "market.json"
CLOCK_FILE = "clock.json"
"""The clock's settings that people have changed while the home runs."""
MODELS = "models"
"""What was fetched from the store of models."""
HOME_LOCK = "lock"
"""Held by the supervisor of a home as long as it lives: the only thing that says so, because a killed one leaves its files."""
HOLD_SECONDS_MAX = 0.5
"""Somebody who only asks whether the home lives holds the lock for a moment."""


def state_directory() -> Path:
    """Below this, each living home has a directory of its name."""
    chosen = os.environ.get("JOULEBUS_STATE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "joulebus"


@dataclass(frozen=True)
class Running:
    """How to reach a home that is up: written by its supervisor, read by every other command."""

    home: str
    pid: int
    router: str
    guest_url: str
    """Where anybody on this machine comes in as a viewer."""
    operator_url: str
    """The same with a secret: whoever has this address is the home's operator."""
    metrics_ports: dict[str, int]
    tickets: dict[str, str] = field(default_factory=dict)
    """Files of the tickets of foreign devices that are on, by name; they come in where guests do."""
    models: str | None = None
    """Where the specification is kept."""
    outside_url: str | None = None
    """Where people and devices of other machines come in, with tickets."""
    tls_ca: str | None = None
    """PEM file of the authority by which clients check the router's certificate; None: those that the machine trusts."""
    metrics_address: str = ""
    """Where the ports of metrics are."""
    principal: str | None = None
    """As whom the commands sign in at ``router``, when the home runs elsewhere; None: as its owner, or as guests."""
    ticket_file: str | None = None
    """The ticket of that principal."""

    def address_of(self, outside: bool) -> str:
        """Where people come in: on this machine, or from others.

        Raises:
            BusError: The home takes no connections from other machines, or only unencrypted ones.
        """
        if not outside:
            return self.guest_url
        if self.outside_url is None:
            raise BusError(f"{self.home} takes no connections from other machines: start it with --listen ADDRESS")
        if not self.outside_url.startswith("wss://"):
            raise BusError(f"a link for other machines holds a secret, so {self.home} must be started with --tls-certificate and --tls-key")
        return self.outside_url

    def write(self, directory: Path) -> None:
        """Replace the file in one step; it holds a secret, so only its owner reads it."""
        replace_in_one_step(directory / "running.json", json.dumps(asdict(self), indent=1).encode(), 0o600)


def running(home: str | None = None) -> tuple[Path, Running]:
    """The home that is up, or the named one; its directory and how to reach it.

    Raises:
        BusError: No home is running, or several are and none was named.
    """
    found = {directory.name: directory for directory in living_homes()}
    if home is not None:
        found = {name: directory for name, directory in found.items() if name == home}
    if not found:
        what = f"the home {home} must be running" if home else "a home must be running"
        raise BusError(f"{what}, but none is in {state_directory()}; start one with `joulebus up FILE`")
    if len(found) > 1:
        raise BusError(f"several homes are running ({', '.join(found)}): name one with --home NAME")
    directory = next(iter(found.values()))
    return directory, read_running(directory)


def living_homes() -> list[Path]:
    """The directories of all homes that are up on this machine, for this user, sorted by name."""
    return [path.parent for path in sorted(state_directory().glob("*/running.json")) if holder(path.parent) is not None]


def read_running(directory: Path) -> Running:
    """How to reach the home of a directory. Raises :class:`BusError` when it says so nowhere, or not in our words."""
    try:
        return Running(**json.loads((directory / "running.json").read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BusError(f"{directory / 'running.json'} must say how to reach the home, but does not: {error}") from None


def hold(directory: Path) -> IO[str]:
    """Hold the directory of a home as long as this process lives. Raises :class:`BusError` when another process does."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (directory / HOME_LOCK).open("a+")
    deadline = time.monotonic() + HOLD_SECONDS_MAX
    while not _take(file, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise BusError(
                f"only one home may run in {directory}, but process {_written(file)} does; `joulebus down {directory.name}` ends it"
            )
        time.sleep(0.02)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def holder(directory: Path) -> int | None:
    """The process that keeps the home of a directory alive; None when there is none, whatever files a dead one has left."""
    try:
        with (directory / HOME_LOCK).open("r") as file:
            written = _written(file)
            return None if _take(file, fcntl.LOCK_SH) or not written.isdecimal() else int(written)
    except OSError:
        return None


def _take(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _written(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip()


def journal_of(source: str | Path) -> Path:
    """The journal that somebody means: the file itself, the directory of a run, or the name of a home that has run here.

    Raises:
        JournalError: The directory holds no journal, or several.
    """
    path = Path(source)
    if not path.exists() and (state_directory() / path).is_dir():
        path = state_directory() / path
    if not path.is_dir():
        return path
    found = sorted([*path.glob("journal.bin"), *path.glob("*.journal")])
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise JournalError(f"{path} is not the directory of a run: it must have one journal (journal.bin), but has {names}")
    return found[0]
