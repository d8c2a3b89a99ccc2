"""The processes of a home on this machine: started, watched, started again, and ended with their supervisor.

No process outlives its supervisor, however that one dies: each child asks the kernel to be killed when its parent dies.
The supervisor calls :meth:`Processes.look` a few times a second; nothing here has a thread or a loop of its own.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from joulebus.errors import SetupError
from joulebus.provision.prefork import Forked, PreforkServer
from joulebus.provision.zygote import PDEATHSIG
from joulebus.refusals.system import reason
from joulebus.rundir import hold

BACK_OFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Before each new start after an unexpected end; back to the first after a minute of good life."""
GOOD_LIFE_SECONDS = 60.0
GRACE_SECONDS = 5.0

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to start a process. No secrets: everybody on the machine can read a command line."""

    name: str
    argv: tuple[str, ...]
    """Command line of a program; for a component, its arguments only."""
    environment: tuple[tuple[str, str], ...] = ()
    critical: bool = True
    """Whether it is started again when it ends."""
    module: str | None = None
    """For a component: the module whose ``main(argv)`` it is. It is forked from a zygote instead of started."""
    prepare: Callable[[], None] | None = None
    """What to do before each start."""


@dataclass
class Child:
    """A process that should run, and its state."""

    recipe: Recipe
    log: Path
    process: subprocess.Popen[bytes] | Forked | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = 0
    """Unexpected ends in a row."""
    ends: int = 0
    """All unexpected ends."""
    since_unix_seconds: float = 0.0
    """When it was started last, for people."""
    exit_code: int | None = None
    """Exit code of its last unexpected end."""
    wanted: bool = True
    """Whether it should run; otherwise it rests."""


class Processes:
    """The children of one supervisor, in one run directory."""

    def __init__(self, directory: Path, clock: Callable[[], float] = time.monotonic, preload: tuple[str, ...] = ()) -> None:
        """``preload`` names the modules that all components need."""
        self.clock = clock
        self.children: dict[str, Child] = {}
        self.logs = directory / "logs"
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = hold(directory)
        self.prefork = PreforkServer(preload, self.logs / "_zygote.log", die_with_parent(os.getpid()))
        self.on_death: list[Callable[[str, int], None]] = []

    def start(self, recipe: Recipe) -> None:
        """Start a process and keep it alive."""
        assert recipe.name not in self.children, f"{recipe.name} is there already"
        child = Child(recipe, self.logs / f"{recipe.name}.log")
        self.children[recipe.name] = child
        self._spawn(child)

    def scale(self, name: str, replicas: int, grace_seconds: float = GRACE_SECONDS) -> None:
        """Set the number of replicas of a started process to 0 or 1, as Kubernetes would."""
        assert replicas in (0, 1), f"a device has 0 or 1 processes, not {replicas}"
        child = self.children[name]
        child.wanted = bool(replicas)
        if not replicas:
            self._end([child], grace_seconds)
        elif child.process is None:
            self._spawn(child)

    def look(self) -> None:
        """Find processes that died, and restart those that are due."""
        now = self.clock()
        for child in self.children.values():
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, now)
            if child.process is None and child.wanted and child.due_at <= now:
                self._spawn(child)

    def pid(self, name: str) -> int | None:
        """The process id, while it is running."""
        child = self.children.get(name)
        return child.process.pid if child is not None and child.process is not None else None

    def stop(self, names: Sequence[str], grace_seconds: float = GRACE_SECONDS) -> None:
        """End some processes: asked first, killed when they do not go; none comes back."""
        self._end([child for name in names if (child := self.children.pop(name, None)) is not None], grace_seconds)

    def stop_all(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stop everything, last started first, and release the run directory."""
        self.stop(list(reversed(self.children)), grace_seconds)
        self.prefork.close()
        self._lock.close()

    def _end(self, children: Sequence[Child], grace_seconds: float) -> None:
        ending = [child for child in children if child.process is not None]
        for child in ending:
            signal_group(child, signal.SIGTERM)
        deadline = self.clock() + grace_seconds
        while any(is_alive(child) for child in ending) and self.clock() < deadline:
            time.sleep(0.02)
        for child in ending:
            signal_group(child, signal.SIGKILL)
            assert child.process is not None
            child.process.wait()
            child.process = None

    def _bury(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode or 0
        signal_group(child, signal.SIGKILL)  # its own children, if it left any
        child.process, child.exit_code = None, code
        child.deaths = 0 if now - child.started_at > GOOD_LIFE_SECONDS else child.deaths
        child.due_at = now + BACK_OFF_SECONDS[min(child.deaths, len(BACK_OFF_SECONDS) - 1)]
        if not child.recipe.critical:
            child.due_at = float("inf")
        child.deaths += 1
        child.ends += 1
        for hook in self.on_death:
            hook(child.recipe.name, code)

    def _spawn(self, child: Child) -> None:
        recipe = child.recipe
        if recipe.prepare is not None:
            recipe.prepare()
        if recipe.module is not None:
            child.process = self.prefork.fork(recipe.name, recipe.module, recipe.argv, child.log, dict(recipe.environment))
        else:
            child.process = start_process(recipe, child.log)
        child.started_at = self.clock()
        child.since_unix_seconds = time.time()


def start_process(recipe: Recipe, log: Path) -> subprocess.Popen[bytes]:
    """A program as a child process.

    Raises:
        SetupError: The program cannot be executed.
    """
    with log.open("ab") as file:
        try:
            return subprocess.Popen(
                recipe.argv,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=os.environ | dict(recipe.environment),
                start_new_session=True,  # Ctrl-C is for the supervisor, who ends the others in order
                preexec_fn=die_with_parent(os.getpid()),
            )
        except OSError as error:
            raise SetupError(f"{recipe.name} cannot be started: {recipe.argv[0]} cannot be executed ({reason(error)})") from None


def die_with_parent(parent: int) -> Callable[[], None]:
    """What a child does first: ask the kernel to be killed when its parent dies."""

    def ask() -> None:
        _libc.prctl(PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def is_alive(child: Child) -> bool:
    """Whether a child still runs."""
    return child.process is not None and child.process.poll() is None


def signal_group(child: Child, number: signal.Signals) -> None:
    """Signal a child and whatever it started."""
    assert child.process is not None
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)
