"""A home on this machine: Crossbar, the keeper, a historian, and one process per device, all with tickets and ports."""

import json
import os
import socket
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from joulebus import registry
from joulebus.home.outside import lives_outside
from joulebus.provision import router
from joulebus.provision.access import LINKED, AccessList
from joulebus.provision.crossbar import crossbar
from joulebus.provision.keys import Keys
from joulebus.provision.process import Processes, Recipe
from joulebus.provision.router import Doors, write_configuration
from joulebus.rundir import Running
from joulebus_schemas.roster import Member

ROUTER = "_router"
"""Its name among the processes: one that no device can have."""
PRELOADED = (registry.MODULE, "joulebus.bus.wamp", "joulebus.services.metrics", "joulebus.services.models", "joulebus.services.node")
SOCKET_PATH_MAX = 100
GUEST_PORT = 8080
JOURNAL = "journal.bin"
HISTORY = "history.sqlite"
MODELS = "models"
"""What was fetched from the store of models."""
MARKET_DATABASE, MARKET_PLAN = "market.sqlite", "market.json"
CLOCK_FILE = "clock.json"
"""What people have set the clock to while the home is running."""


@dataclass(frozen=True)
class MarketPlan:
    """How the market of a home is started."""

    text: str
    """What the balancer is told about the home and its market, as JSON."""
    store: str | None = None
    """Its database; left out: SQLite in the home's directory."""


@dataclass(frozen=True)
class Options:
    """How a home is to run."""

    speed: str = "1"
    store: str | None = None
    historian: bool = True
    window_seconds: int | None = None
    until_tick: int | None = None
    durable: str = "full"
    guest_port: int = GUEST_PORT
    models: str | None = None
    """URL of a store of models."""
    market: MarketPlan | None = None
    guests_may_trade: bool = False
    history_keep: str | None = None

    def settings(self, directory: Path) -> dict[str, object]:
        """What the registry's components may be told at their start, by the name of the setting."""
        market = self.market
        return {
            "durable": self.durable,
            "history_keep": self.history_keep,
            "history_store": (self.store or f"sqlite:///{directory / HISTORY}") if self.historian else None,
            "journal": directory / JOURNAL,
            "market_plan": directory / MARKET_PLAN if market else None,
            "market_store": (market.store or f"sqlite:///{directory / MARKET_DATABASE}") if market else None,
            "no_historian": not self.historian,
            "speed": self.speed,
            "until_tick": self.until_tick,
            "window_seconds": self.window_seconds,
        }


@dataclass
class LocalHome:
    """The processes of one home and where they are reached."""

    directory: Path
    home: str
    options: Options
    processes: Processes
    ports: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    """Files of those who live outside, by name."""

    def __post_init__(self) -> None:
        self.keys = Keys(self.directory, self.home)
        self.access = AccessList(self.directory, self.home)
        self._pids: dict[str, int] = {}
        self.router = f"unix:{_short(self.directory / 'bus.sock')}"
        wanted = self.options.guest_port
        self.guest_port = wanted if wanted and is_free(wanted) else free_port()

    @property
    def guest_url(self) -> str:
        """Where wampc and browsers come in."""
        return f"ws://127.0.0.1:{self.guest_port}/"

    @property
    def operator_url(self) -> str:
        """The same with a secret: whoever has this address is the home's operator."""
        return self.access.link(LINKED, self.guest_url)

    def start_router(self) -> None:
        """Crossbar, with a ticket for the supervisor."""
        self.keys.add("home", "home")
        self.access.open_for_owner()
        doors = self._doors()
        folder = write_configuration(self.directory, self.home, doors)
        recipe = router.recipe(crossbar(), folder, doors)
        self.processes.start(replace(recipe, name=ROUTER, prepare=lambda: self._prepare_router(recipe)))

    def _prepare_router(self, recipe: Recipe) -> None:
        """Before each start of it: another home may have taken the door for guests since the last look."""
        if recipe.prepare is not None:
            recipe.prepare()
        if not is_free(self.guest_port):
            self.guest_port = free_port()
            write_configuration(self.directory, self.home, self._doors())
        self._tell()

    def _doors(self) -> Doors:
        return Doors(self.router, self.guest_port, guests_may_trade=self.options.guests_may_trade)

    def start_core(self) -> None:
        """The components that this home has beside its devices."""
        (self.directory / CLOCK_FILE).unlink(missing_ok=True)
        if self.options.market is not None:
            _replace(self.directory / MARKET_PLAN, self.options.market.text)
        settings = self.options.settings(self.directory)
        for component in registry.started_with(settings):
            ticket = self.keys.add(component.name, component.name)
            self.processes.start(self._component(component.name, component.name, ticket, component.argv(settings)))

    def start(self, name: str, member: Member) -> None:
        """Let a device run."""
        if name in self.processes.children or name in self.tickets:
            return
        if lives_outside(member):
            self.tickets[name] = str(self.keys.add_outside(name).absolute())
            self._tell()
            return
        ticket = self.keys.add("device", name)
        more = registry.BY_NAME[registry.DEVICE].argv({"name": name, "hears": ",".join(member.hears)})
        self.processes.start(self._component(registry.DEVICE, name, ticket, more))

    def stop(self, name: str) -> None:
        """Let it run no more."""
        if self.tickets.pop(name, None) is not None:
            self.keys.suspend(name)
        else:
            self.processes.stop([name])
            self.keys.remove(name)
        self.ports.pop(name, None)
        self._tell()

    def _component(self, component: str, name: str, ticket: Path, more: list[str]) -> Recipe:
        """Forked from a process that has imported everything: twenty start in the time of one, and share its memory."""
        self.ports[name] = next(port for port in iter(free_port, None) if port not in self.ports.values())
        self._tell()
        common = ["--home", self.home, "--router", self.router, "--ticket-file", str(ticket), "--metrics-port", str(self.ports[name])]
        if self.options.models:
            common += ["--models", self.options.models, "--models-cache", str(self.directory / MODELS)]
        return Recipe(name, (component, *common, *more), module=registry.MODULE)

    def look(self) -> None:
        """See who died and start again who is due; say who runs under which number."""
        self.processes.look()
        pids = {name: pid for name in list(self.processes.children) if (pid := self.processes.pid(name)) is not None}
        if pids != self._pids:
            _replace(self.directory / "pids.json", json.dumps(pids, indent=1))
            self._pids = pids

    def _tell(self) -> None:
        """How this home is reached: for other commands, and for Prometheus, whose file_sd_configs reads it whenever it changes."""
        where = (self.router, self.guest_url, self.operator_url)
        Running(self.home, os.getpid(), *where, self.ports, self.tickets, self.options.models).write(self.directory)
        labels = {"home": self.home}
        targets = [{"targets": [f"127.0.0.1:{port}"], "labels": {**labels, "component": name}} for name, port in sorted(self.ports.items())]
        _replace(self.directory / "prometheus_targets.json", json.dumps(targets, indent=1))


def _replace(path: Path, text: str) -> None:
    """Write a file that others read, in one step."""
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(text)
    fresh.replace(path)


def _short(path: Path) -> Path:
    """A path that fits into a socket's address, by a link when it must."""
    if len(str(path.absolute())) <= SOCKET_PATH_MAX:
        return path.absolute()
    link = Path(tempfile.mkdtemp(prefix="joulebus")) / "run"
    link.symlink_to(path.parent.absolute())
    return link / path.name


def free_port() -> int:
    """A TCP port that nobody on loopback uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a TCP port can be taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
