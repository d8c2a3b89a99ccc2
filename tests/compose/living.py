"""A home in containers of a real Docker engine, its commands, and the commands of people on the machine."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.real.commands import printed
from tests.real.router import ROOT

JOULEBUS = ROOT / ".venv/bin/joulebus"
NOT_HERE = {"grafana"}
"""Services that are left out: Grafana's image can be had from a registry alone."""
UP_SECONDS_MAX, COMMAND_SECONDS_MAX = 600, 300
TELEGRAM_PORT = 18_123
AUDIT_AT_REST = ("run", "--rm", "--no-deps", "--entrypoint", "joulebus", "inverter", "audit", "/var/lib/joulebus")
"""The audit of books that nobody has open: in a container of its own."""
SEALS = """
from pathlib import Path
from joulebus.journal.file import Journal
from joulebus_schemas.journal import Committed
with Journal.view(Path("/var/lib/joulebus/journal.bin")) as journal:
    for _, record, _ in journal.read():
        if isinstance(record, Committed):
            for seal in record.seals:
                print(seal.hash)
"""


@dataclass
class ComposeHome:
    """One home and its file for Compose."""

    name: str
    file: Path
    folder: Path
    """For the owner's ticket."""
    first_port: int
    speed: str
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in ("JOULEBUS_STATE", "JOULEBUS_ROUTER")}
        ports = {name: str(self.first_port + number) for number, name in enumerate(("JOULEBUS_PORT", "JOULEBUS_WEB_PORT", PROMETHEUS))}
        self.environment = kept | ports | {"JOULEBUS_SPEED": self.speed}

    @property
    def page(self) -> str:
        """The address of the dashboard; ``ws`` for the bus."""
        return f"http://127.0.0.1:{self.environment['JOULEBUS_PORT']}/"

    @property
    def prometheus(self) -> int:
        """The port of its Prometheus."""
        return int(self.environment[PROMETHEUS])

    def compose(self, *words: str, typed: str = "") -> str:
        """What ``docker compose`` prints; ``typed`` is what it reads."""
        command = ["docker", "compose", "--project-name", f"joulebus-test-{self.name}", "--file", str(self.file), *words]
        return printed(*command, seconds=COMMAND_SECONDS_MAX, environment=self.environment, typed=typed)

    def services(self) -> list[str]:
        """Those that are started here."""
        return sorted(set(self.compose("config", "--services").split()) - NOT_HERE)

    def up(self, *words: str) -> float:
        """Until energy flows; how many seconds that took."""
        began = time.monotonic()
        self.compose("up", "--detach", *words, *self.services())
        self.sign_in()
        until(lambda: self.tick() > 0)
        return time.monotonic() - began

    def away(self) -> None:
        """With all that it has kept."""
        self.compose("--profile", "access", "down", "--volumes", "--timeout", "5")

    def sign_in(self) -> None:
        """As the owner, whose ticket nobody has but the volume of the router's preparation."""
        ticket = self.folder / "ticket"
        self.compose("cp", "tickets:/run/joulebus/tickets/~owner/ticket", str(ticket))
        ticket.chmod(0o600)
        where = {"JOULEBUS_HOME": self.name, "JOULEBUS_ROUTER": self.page.replace("http", "ws")}
        self.environment |= {**where, "JOULEBUS_PRINCIPAL": f"{self.name}/~owner", "JOULEBUS_TICKET_FILE": str(ticket)}

    def joulebus(self, *words: str) -> Any:
        """The JSON that a command of joulebus prints; it is asked again while a home that starts answers nobody."""
        command, began = [str(JOULEBUS), *words], time.monotonic()
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        while done.returncode and time.monotonic() - began < COMMAND_SECONDS_MAX:
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout

    def tick(self) -> int:
        """Where time is."""
        return int(self.joulebus("call", f"joulebus.{self.name}.clock.get")["tick"])

    def goes_on(self, from_tick: int) -> float:
        """Until time is a minute further than a tick; how many seconds that took. Where it is not, what it waits for."""
        try:
            return until(lambda: self.tick() > from_tick + 60)
        except AssertionError:
            clock = self.joulebus("call", f"joulebus.{self.name}.clock.get")
            said = self.compose("logs", "--no-color", "--timestamps", "--tail", "20", "inverter", "home", *clock["waits_for"])
            raise AssertionError(f"time stands: {clock}\n{self.compose('ps', '--all')}\n{said}") from None

    def balance(self) -> Any:
        """What the keeper knows."""
        return self.joulebus("call", f"joulebus.{self.name}.inverter.balance")

    def is_on(self, device: str) -> bool:
        """As the keeper has it."""
        return bool(self.balance()["roster"][device]["on"])

    def seals(self) -> list[str]:
        """All in the journal."""
        return self.compose("exec", "-T", "inverter", "python", "-c", SEALS).split()

    def inspected(self) -> list[dict[str, Any]]:
        """All containers, as Docker sees them."""
        containers = self.compose("ps", "--all", "--quiet").split()
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", *containers))
        return found

    def docker(self, *words: str) -> str:
        """What a command of Docker prints."""
        return printed("docker", *words, seconds=COMMAND_SECONDS_MAX, environment=self.environment)


PROMETHEUS = "JOULEBUS_PROMETHEUS_PORT"


def until(true: Callable[[], bool], seconds_max: float = UP_SECONDS_MAX) -> float:
    """Wait until something is so; how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds_max, "it never came true"
        time.sleep(0.2)
    return time.monotonic() - began
