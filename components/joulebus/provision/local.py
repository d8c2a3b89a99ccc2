"""A home on this machine: Crossbar and one process a part, all with tickets and ports; the supervisor is the parent of them all.

Files in the home's directory are how others see it: ``running.json`` how it is reached, ``pids.json`` who runs, ``logs/`` what they say.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from joulebus.addresses import LOCAL_PAGES, dashboard_of, for_url, free_port, is_free, reachable
from joulebus.errors import BusError, RosterError
from joulebus.files import replace_in_one_step
from joulebus.provision import DASHBOARD, ROUTER, SUPERVISOR, Condition, HomePart, Setup, logs, router
from joulebus.provision.access import LINKED, AccessList
from joulebus.provision.crossbar import crossbar
from joulebus.provision.keys import TICKETS, Keys
from joulebus.provision.launch import Launched, end_from_outside
from joulebus.provision.process import Child, Processes, Recipe
from joulebus.provision.router import Doors, write_configuration
from joulebus.registry import BY_NAME, MODULE
from joulebus.rundir import MODELS, Running, holder, read_running
from joulebus_schemas.calls import PartState
from joulebus_schemas.principals import OWNER, PERSON
from joulebus_schemas.principals import device as principal

PRELOADED = (
    MODULE,
    "joulebus.bus.wamp",
    "joulebus.services.metrics",
    "joulebus.services.models",
    "joulebus.services.own_switch",
    "joulebus.services.probes",
)
SOCKET_PATH_MAX = 100
TARGETS = "prometheus_targets.json"
"""For ``file_sd_configs`` of Prometheus: where the parts of a home answer it. The file is there as long as the home runs."""

_log = logging.getLogger("joulebus.provision")


class LocalHome:
    """The processes of one home: to its supervisor their parent, to everybody else a view of them."""

    def __init__(self, directory: Path, home: str, setup: Setup | None = None) -> None:
        self.home = home
        self.books = directory
        self.setup = setup or Setup()
        self.ports: dict[str, int] = {}
        if self.setup.metrics_port is not None:
            self.ports[SUPERVISOR] = self.setup.metrics_port
        self._launched: Launched | None = None
        self._units: dict[str, HomePart] = {}
        self._addresses = self.setup.addresses
        self._pids: dict[str, int] = {}

    @cached_property
    def router(self) -> str:
        """Where components find the router."""
        return self.setup.router or f"unix:{_short(self.books / 'bus.sock')}"

    @cached_property
    def keys(self) -> Keys:
        """Whoever starts parts gives them tickets."""
        return Keys(self.books, self.home)

    @cached_property
    def access(self) -> AccessList:
        """People who may come in."""
        return AccessList(self.books, self.home)

    @cached_property
    def processes(self) -> Processes:
        """Whoever starts parts holds the home's directory; a second one is refused with a :class:`BusError`."""
        made = Processes(self.books, preload=PRELOADED)
        self._forget_addresses()  # Of a supervisor that was killed.
        made.on_death.append(lambda name, code: _log.warning("%s ended with %s", name, code))
        self._since_unix_seconds = time.time()
        return made

    # What should be

    def start(self, unit: HomePart) -> None:
        """Add a part and run it; has no effect if it runs already.

        Raises:
            BusError: Another process keeps this home, or the port of ``--listen`` is taken.
            SetupError: There is no router, and none can be installed.
        """
        if unit.component == SUPERVISOR:
            # Here, and not in the supervisor alone: nothing of the home has been touched yet, and the terminal sees the installation.
            crossbar(lambda text: print(text, file=sys.stderr, flush=True))
            self._launch(unit)
            return
        if unit.name in self._units:
            self.scale(unit.name, 1)
            return
        processes = self.processes
        self._units[unit.name] = unit
        if unit.component == ROUTER:
            self._start_router()
        elif unit.outside:
            self.keys.add_outside(unit.name)
            self._tell()
        else:
            processes.start(self._recipe(unit))

    def stop(self, name: str) -> None:
        """Stop and remove a part. Stopping the supervisor stops the home, whoever started it.

        Raises:
            BusError: The home is not up.
        """
        if name == SUPERVISOR:
            self._end_home()
            return
        unit = self._units.pop(name, None)
        if unit is None:
            return
        if unit.outside:
            self.keys.suspend(name)
        else:
            self.processes.stop([name])
            self.keys.remove(name)
        self.ports.pop(name, None)
        self._tell()

    def forget(self, name: str) -> None:
        """Stop and remove a part, and delete its log.

        Raises:
            BusError: It is the supervisor, and the home is not up.
        """
        self.stop(name)
        logs.delete_log(self._log(name))

    def scale(self, name: str, replicas: int) -> None:
        """Run a part (1), or stop it and keep its ticket (0).

        Raises:
            RosterError: It was not started.
        """
        if name not in self._units:
            raise RosterError(f"only a part that was started can be scaled, and {name} was not")
        if not self._units[name].outside:
            self.processes.scale(name, replicas)

    def look(self) -> None:
        """Restart parts that died, when they are due; rotate the logs; write down the process ids."""
        self.processes.look()
        logs.rotate_logs(self.processes.logs)
        pids = {name: pid for name in list(self.processes.children) if (pid := self.processes.pid(name)) is not None}
        if pids != self._pids:
            with suppress(OSError):  # A full disk: the next look tries again.
                replace_in_one_step(self.books / "pids.json", json.dumps(pids, indent=1).encode())
                self._pids = pids

    def close(self) -> None:
        """Stop all parts that this process has started, and the home if it is bound to this process."""
        if self._launched is not None and self._launched.bound:
            self._launched.end()
        if "processes" in self.__dict__:
            self._forget_addresses()
            self.processes.stop_all()
            _forget_link(self.router)

    def _forget_addresses(self) -> None:
        for name in ("running.json", "pids.json", TARGETS):
            (self.books / name).unlink(missing_ok=True)

    # What is

    def status(self) -> dict[str, Condition]:
        """State of the parts this process has started; for all other processes, of those that run."""
        if self._launched is not None:
            return {SUPERVISOR: self._launched_condition(self._launched)}
        if "processes" in self.__dict__:
            mine = {SUPERVISOR: Condition("running", 1, os.getpid(), self._since_unix_seconds)}
            return dict(sorted((mine | {name: self._condition(unit) for name, unit in self._units.items()}).items()))
        pid = holder(self.books)
        if pid is None:
            return {}
        pids = {SUPERVISOR: pid} | _read_pids(self.books)
        return {name: Condition("running", 1, pids[name]) for name in sorted(pids)}

    def _condition(self, unit: HomePart) -> Condition:
        if unit.outside:
            return Condition("outside", 1)
        child = self.processes.children[unit.name]
        pid = child.process.pid if child.process is not None else None
        since = child.since_unix_seconds or None
        return Condition(_state(child), int(child.wanted), pid, since, child.ends, child.exit_code)

    def _launched_condition(self, launched: Launched) -> Condition:
        code = launched.exit_code()
        if code is not None:
            return Condition("ended", 1, None, exit_code=code, message=launched.said())
        there = holder(self.books) == launched.pid and (self.books / "running.json").exists()
        return Condition("running" if there else "starting", 1, launched.pid, message=launched.said())

    def logs(self, name: str, lines: int = 100, follow: bool = False) -> Iterator[str]:
        """From its file, which stays when the home has ended.

        Raises:
            RosterError: There is no such file.
        """
        path = self._log(name)
        if not path.exists():
            known = sorted(one.stem for one in path.parent.glob("*.log"))
            raise RosterError(f"there is no log of {name} in {self.home}; there are logs of {', '.join(known) or 'nothing'}")
        yield from logs.read_log(path, lines, follow)

    def _log(self, name: str) -> Path:
        return self.books / "logs" / f"{name}.log"

    def endpoint(self, name: str) -> str | None:
        """As ``running.json`` has it."""
        try:
            running = read_running(self.books)
        except BusError:
            return None
        if name == ROUTER:
            return running.guest_url
        if name == DASHBOARD:
            return dashboard_of(running.guest_url) if router.has_dashboard() else None
        port = running.metrics_ports.get(name)
        return None if port is None else f"http://{for_url(reachable(running.metrics_address))}:{port}"

    def tickets(self) -> dict[str, Path]:
        """Tickets of the owner, and of devices that run elsewhere."""
        found = {OWNER: self.books / TICKETS / (PERSON + OWNER)}
        with suppress(BusError):
            found |= {name: Path(path) for name, path in read_running(self.books).tickets.items()}
        return {name: path for name, path in sorted(found.items()) if os.access(path, os.R_OK)}

    # The supervisor

    def _launch(self, unit: HomePart) -> None:
        assert unit.orders is not None, "a supervisor is told how its home is to live"
        where = ["--home", self.home, "--router", self.router, "--ticket-file", str(self.books / "tickets" / "home")]
        metrics = self.setup.addresses.metrics
        where += ["--metrics-port", str(free_port(metrics)), "--metrics-address", metrics]
        where += ["--models-cache", str(self.books / MODELS)]
        where += ["--models", self.setup.models] if self.setup.models else []
        where += BY_NAME["home"].argv({"orders": "-", "bound": unit.bound})
        self._launched = Launched([MODULE, BY_NAME["home"].name, *where, *unit.arguments], unit.orders, unit.bound)

    def _end_home(self) -> None:
        if self._launched is not None:
            self._launched.end()
        elif not end_from_outside(self.books):
            raise BusError(f"{self.home} must be running to be stopped, but is not")

    # The parts

    def _start_router(self) -> None:
        self.keys.add("home", "home")
        self.access.open_for_owner()
        self._refuse_taken_ports()
        doors = self.doors()
        recipe = router.recipe(crossbar(lambda text: print(text, flush=True)), write_configuration(self.books, self.home, doors), doors)
        self.processes.start(replace(recipe, name=ROUTER, prepare=lambda: self._prepare_router(recipe)))

    def _prepare_router(self, recipe: Recipe) -> None:
        """Before each start of it: another home may have taken the door for guests since the last look."""
        if recipe.prepare is not None:
            recipe.prepare()
        where = self._addresses
        if not where.guest_port or not is_free(where.guest_port, where.guests):
            self._addresses = replace(where, guest_port=free_port(where.guests))
            write_configuration(self.books, self.home, self.doors())
        self._tell()

    def _refuse_taken_ports(self) -> None:
        where = self._addresses
        if where.outside is not None and not is_free(where.outside_port, where.outside):
            raise BusError(f"port {where.outside_port} of {where.outside} must be free for --listen, but is not; name another")

    def doors(self) -> Doors:
        """Where the router listens."""
        origins = (*LOCAL_PAGES, *self._addresses.guest_origins)
        return Doors(self.router, self._addresses.doors(), origins, guests_may_trade=self.setup.guests_may_trade)

    def _recipe(self, unit: HomePart) -> Recipe:
        """Forked from a process that has imported everything: twenty start in the time of one, and share its memory."""
        metrics = self._addresses.metrics
        port = next(port for port in iter(lambda: free_port(metrics), None) if port not in self.ports.values())
        self.ports[unit.name] = port
        self._tell()
        ticket = self.keys.add(unit.component, unit.name)
        common = ["--home", self.home, "--router", self.router, "--ticket-file", str(ticket)]
        common += ["--metrics-port", str(port), "--metrics-address", metrics]
        if self.setup.models:
            common += ["--models", self.setup.models, "--models-cache", str(self.books / MODELS)]
        return Recipe(unit.name, (unit.component, *common, *unit.arguments), module=MODULE)

    def _tell(self) -> None:
        """Write down how to reach this home: for other commands, and for Prometheus, which re-reads its file when it changes."""
        where = self._addresses
        doors = where.doors()
        outside = {name: str((self.keys.tickets / name).absolute()) for name, unit in self._units.items() if unit.outside}
        Running(
            self.home,
            os.getpid(),
            self.router,
            doors[0].url,
            self.access.link(LINKED, doors[0].url) if self.access.ticket_file(LINKED) else "",
            self.ports,
            outside,
            self.setup.models,
            outside_url=doors[1].url if len(doors) > 1 else None,
            tls_ca=where.tls_ca,
            metrics_address=where.metrics,
        ).write(self.books)
        host = for_url(reachable(where.metrics))
        targets = [{"targets": [f"{host}:{port}"], "labels": self._labels(name)} for name, port in sorted(self.ports.items())]
        replace_in_one_step(self.books / TARGETS, json.dumps(targets, indent=1).encode())

    def _labels(self, name: str) -> dict[str, str]:
        """Labels of a Prometheus target. Ports change with every start of a home; ``instance`` does not."""
        return {"home": self.home, "component": name, "instance": principal(self.home, name)}


def _state(child: Child) -> PartState:
    if child.process is not None:
        return "running"
    if not child.wanted:
        return "stopped"
    return "starting" if child.recipe.critical else "ended"


def _read_pids(directory: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads((directory / "pids.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def _short(path: Path) -> Path:
    """A path that fits into a socket's address, by a link when it must."""
    if len(str(path.absolute())) <= SOCKET_PATH_MAX:
        return path.absolute()
    link = Path(tempfile.mkdtemp(prefix="joulebus")) / "run"
    link.symlink_to(path.parent.absolute())
    return link / path.name


def _forget_link(address: str) -> None:
    """What :func:`_short` has made."""
    link = Path(address.removeprefix("unix:")).parent
    if link.is_symlink() and link.name == "run" and link.parent.name.startswith("joulebus"):
        shutil.rmtree(link.parent, ignore_errors=True)
