"""A home that lives for a test: ``joulebus up`` in a process of its own, its supervisor with real parts below, and hands to hurt them."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from joulebus.journal.file import Journal
from joulebus.rundir import holder
from joulebus_schemas.journal import Changed, Committed, JournalRecord
from tests.real.raw import Raw
from tests.real.reactor import PATIENCE_SECONDS, turning, until
from tests.real.router import wait_until

ROOT = Path(__file__).resolve().parents[2]
JOULEBUS = str(Path(sys.executable).with_name("joulebus"))
UP_SECONDS_MAX = 120.0
"""Generous: a machine with two busy cores starts twenty Pythons in a minute."""
COMMAND_SECONDS_MAX = 240.0
STOP_SECONDS_MAX = 60.0
"""A supervisor that cannot stop in order within 20 s kills itself; the rest is for a busy machine."""


class Refusal(Exception):
    """A call that was answered with an error."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error.args[0]) if error.args else str(error))
        self.uri = getattr(error, "error", "")
        self.errors = (getattr(error, "kwargs", None) or {}).get("errors")


@dataclass
class LivingHome:
    """One home and the command that started it; everything of it is below one directory."""

    file: Path
    directory: Path
    options: tuple[str, ...] = ()
    command: subprocess.Popen[bytes] | None = None
    """``joulebus up``; the supervisor is its child."""
    heard: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.file.stem
        self.books = self.directory / self.name
        self.said_path = self.directory / "said.txt"
        self._guest: Raw | None = None
        self._owner: Raw | None = None

    # Its life

    def start(self, *more: str) -> "LivingHome":
        """Start it; :meth:`wait_until_up` waits."""
        self.directory.mkdir(parents=True, exist_ok=True)
        words = [JOULEBUS, "up", str(self.file), "--headless", "--guest-port", "0", *self.options, *more]
        self.said_path.write_text("")
        with self.said_path.open("ab") as said:
            self.command = subprocess.Popen(
                words, cwd=ROOT, env=self.environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL, preexec_fn=hear_ctrl_c
            )
        return self

    @property
    def environment(self) -> dict[str, str]:
        """Of every command about this home."""
        return os.environ | {"JOULEBUS_STATE": str(self.directory), "NO_COLOR": "1", "COLUMNS": "200"}

    def up(self, *more: str) -> "LivingHome":
        """Start it and wait until energy flows."""
        self.start(*more).wait_until_up()
        return self

    def wait_until_up(self) -> None:
        """Wait until energy flows."""
        self.wait_until(lambda: " is up after " in self.said and self.pids(), "the home is up", UP_SECONDS_MAX)

    @property
    def said(self) -> str:
        """What the command said."""
        return self.said_path.read_text()

    def wait_until(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something in a home that must not end before."""

        def seen() -> bool:
            turning.iterate(0) if turning.running else None
            assert self.lives() or condition(), f"the home ended before this was seen: {what}\n{self.said}"
            return bool(condition())

        try:
            wait_until(seen, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said}\n{self.logs()}") from None

    def lives(self) -> bool:
        """Whether the command still runs; detached, whether the home does."""
        running = self.command is not None and self.command.poll() is None
        return running or holder(self.books) is not None

    def ended(self, seconds: float = 180.0) -> int:
        """Wait for its own end; the exit code."""
        assert self.command is not None
        return self.command.wait(timeout=seconds)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """As a person or an init system would; the exit code."""
        assert self.command is not None
        self.leave()
        self.command.send_signal(number)
        return self.ended(STOP_SECONDS_MAX)

    def end(self) -> None:
        """Whatever the test has left of it."""
        self.leave()
        if self.command is not None and self.command.poll() is None:
            self.command.kill()
            self.command.wait()
        supervisor = holder(self.books)
        if supervisor is not None:
            os.kill(supervisor, signal.SIGKILL)
        wait_until(lambda: not processes_of(self.directory), "no process of the home is left", STOP_SECONDS_MAX)

    def logs(self) -> str:
        """The last lines of all its logs."""
        tails = {path.name: path.read_text(errors="replace").splitlines()[-12:] for path in sorted((self.books / "logs").glob("*.log"))}
        return "\n".join(f"{name}: {line}" for name, lines in tails.items() for line in lines)

    # Its processes

    def pids(self) -> dict[str, int]:
        """By name of the component; the router is ``_router``."""
        try:
            found: dict[str, int] = json.loads((self.books / "pids.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def family(self) -> list[int]:
        """The command, the supervisor, and everything below it."""
        assert self.command is not None
        supervisor = self.supervisor_pid
        return [self.command.pid, supervisor, *below(supervisor)]

    @property
    def supervisor_pid(self) -> int:
        """The process that keeps it alive."""
        pid = holder(self.books)
        assert pid is not None, "nobody keeps the home alive"
        return pid

    def kill9(self, name: str) -> int:
        """As an out-of-memory killer would; waits until another process is there. The new pid."""
        before = self.pids()[name]
        os.kill(before, signal.SIGKILL)
        self.wait_until(lambda: self.pids().get(name, before) != before, f"{name} is started again")
        return self.pids()[name]

    def freeze(self, name: str) -> None:
        """It does nothing more, and says nothing about it."""
        os.kill(self.pids()[name], signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """It goes on."""
        os.kill(self.pids()[name], signal.SIGCONT)

    # Talking with it

    @property
    def running(self) -> dict[str, Any]:
        """What the supervisor wrote about how to reach it."""
        found: dict[str, Any] = json.loads((self.books / "running.json").read_text())
        return found

    @property
    def guest(self) -> Raw:
        """A guest; a new one when the router has lost the last."""
        if self._guest is None or not self._guest.present:
            self._guest = Raw(self.running["guest_url"], serializer="json")
            for uri, heard in self.heard.items():
                self._guest.subscribe(uri, heard)
        return self._guest

    @property
    def owner(self) -> Raw:
        """Who can read its files, and so may do everything."""
        if self._owner is None or not self._owner.present:
            ticket = (self.books / "tickets" / "~owner").read_text()
            self._owner = Raw(self.running["router"], f"{self.name}/~owner", ticket)
        return self._owner

    def link(self, role: str) -> str:
        """The address of somebody with a role, as a person gets it."""
        asked = self.joulebus("access", "link", f"screen_{role}", "--role", role)
        assert asked.returncode == 0, asked.stderr
        return asked.stdout.strip()

    def leave(self) -> None:
        """The guest and the owner go."""
        for one in (self._guest, self._owner):
            if one is not None and one.present:
                one.close()
        self._guest = self._owner = None

    def ask(self, device: str, procedure: str, **named: Any) -> Any:
        """The answer of a procedure, asked by the owner with keyword arguments; raises :class:`Refusal`."""
        answer = self.owner.call(f"joulebus.{self.name}.{device}.{procedure}", **named)
        if isinstance(answer, Exception):
            raise Refusal(answer)
        return answer

    def listen(self, device: str, event: str) -> list[Any]:
        """All events of a kind from now on, as plain objects."""
        uri, guest = f"joulebus.{self.name}.{device}.{event}", self.guest
        heard = self.heard[uri] = []
        guest.subscribe(uri, heard)
        return heard

    def heard_once(self, device: str, event: str) -> dict[str, Any]:
        """The next event of a kind, heard by somebody who then leaves."""
        passer_by, heard = Raw(self.running["guest_url"], serializer="json"), []  # type: ignore[var-annotated]
        passer_by.subscribe(f"joulebus.{self.name}.{device}.{event}", heard)
        self.hear(lambda: heard, f"{event} of {device}")
        passer_by.close()
        first: dict[str, Any] = heard[0][0][0]
        return first

    def tick(self) -> int:
        """The first tick that is not settled."""
        return int(self.ask("clock", "get")["tick"])

    def wait_for_tick(self, tick: int, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until time has come so far."""
        self.wait_until(lambda: self.tick() >= tick, f"tick {tick} is settled", seconds)

    def hear(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Turn the reactor until something was heard."""
        until(condition, what, seconds)

    def figures(self, component: str) -> dict[str, float]:
        """What a component tells Prometheus."""
        port = self.running["metrics_ports"][component]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def joulebus(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of the command line about this home; who listens here goes on listening, so that the router does not hang up."""
        command = partial(subprocess.run, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)
        with ThreadPoolExecutor() as pool:
            ran = pool.submit(command, [JOULEBUS, *words])
            until(ran.done, f"joulebus {' '.join(words)} ends", COMMAND_SECONDS_MAX + 10)
        return ran.result()

    # Its books

    @property
    def journal_path(self) -> Path:
        """Where its journal is."""
        return self.books / "journal.bin"

    def records(self) -> list[JournalRecord]:
        """All that is in its journal now."""
        with Journal.view(self.journal_path) as journal:
            return [record for _, record, _ in journal.read()]

    def last_number(self) -> int:
        """The number of its last record; there are fewer records where some were compacted."""
        with Journal.view(self.journal_path) as journal:
            return journal.last_number

    def committed(self) -> list[Committed]:
        """The settled windows."""
        return [record for record in self.records() if isinstance(record, Committed)]

    def committed_ticks(self) -> int:
        """The first tick that is not in the journal, also while nobody answers."""
        return max((record.window.end for record in self.committed()), default=0)

    def changes(self) -> list[Any]:
        """What was changed, in the order of the journal."""
        return [change for record in self.records() if isinstance(record, Changed) for change in record.changes]

    def seals(self) -> list[str]:
        """The chain."""
        return [seal.hash for record in self.committed() for seal in record.seals]


def hear_ctrl_c() -> None:
    """Tests that run in the background are deaf to it, and whom they start would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def children(parent: int) -> list[int]:
    """The living children of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, ppid = path.read_text().rsplit(")", 1)[1].split()[:2]
            found += [int(path.parent.name)] if int(ppid) == parent and state != "Z" else []
    return found


def below(parent: int) -> list[int]:
    """All living processes below one, of any generation."""
    direct = children(parent)
    return direct + [one for child in direct for one in below(child)]


def processes_of(folder: Path) -> list[int]:
    """All living processes whose command line or environment names a folder, but for this one and its own threads."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
            found += [int(path.name)] if str(folder).encode() in said and int(path.name) != os.getpid() and alive(int(path.name)) else []
    return found


def alive(pid: int) -> bool:
    """A zombie that nobody buries is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
