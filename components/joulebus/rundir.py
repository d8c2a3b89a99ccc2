"""Where a running home keeps its files: journal, database, tickets, logs, and where its router listens."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from joulebus.errors import BusError, JournalError


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

    def write(self, directory: Path) -> None:
        """Replace the file in one step; it holds a secret, so only its owner reads it."""
        fresh = directory / ".running.json"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(json.dumps(asdict(self), indent=1))
        fresh.replace(directory / "running.json")


def running(home: str | None = None) -> tuple[Path, Running]:
    """The home that is up, or the named one; its directory and how to reach it.

    Raises:
        BusError: No home is running, or several are and none was named.
    """
    found = {path.parent.name: path.parent for path in sorted(state_directory().glob("*/running.json")) if _is_alive(path)}
    if home is not None:
        found = {name: path for name, path in found.items() if name == home}
    if not found:
        what = f"the home {home} must be running" if home else "a home must be running"
        raise BusError(f"{what}, but none is in {state_directory()}; start one with `joulebus up FILE`")
    if len(found) > 1:
        raise BusError(f"several homes are running ({', '.join(found)}): name one with --home NAME")
    directory = next(iter(found.values()))
    return directory, _read(directory / "running.json")


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


def _read(path: Path) -> Running:
    return Running(**json.loads(path.read_text()))


def _is_alive(path: Path) -> bool:
    try:
        os.kill(_read(path).pid, 0)
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return True
