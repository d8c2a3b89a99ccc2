"""The house in containers of a real Docker engine, with images of this tree: one for all tests, flat out, removed at the end."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOULEBUS = ROOT / ".venv/bin/joulebus"
NOT_HERE = {"grafana", "prometheus"}
"""Services that are left out: Grafana's image can be had from a registry alone, and nothing here asks Prometheus."""
UP_SECONDS_MAX, COMMAND_SECONDS_MAX = 600, 300
PROJECT = "joulebus-test"


@dataclass
class ComposeHome:
    """The house, its commands, and the commands of people on the machine."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def compose(self, *words: str) -> str:
        """What ``docker compose`` prints."""
        command = ["docker", "compose", "--project-name", PROJECT, "--project-directory", str(ROOT), *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def services(self) -> list[str]:
        """Those that are started here."""
        return sorted(set(self.compose("config", "--services").split()) - NOT_HERE)

    def sign_in(self) -> None:
        """As the owner, whose ticket nobody has but the volume of the router's preparation."""
        ticket = self.folder / "ticket"
        self.compose("cp", "tickets:/run/joulebus/tickets/~owner/ticket", str(ticket))
        ticket.chmod(0o600)
        where = {"JOULEBUS_HOME": "house", "JOULEBUS_ROUTER": f"ws://127.0.0.1:{self.environment['JOULEBUS_PORT']}/"}
        self.environment |= {**where, "JOULEBUS_PRINCIPAL": "house/~owner", "JOULEBUS_TICKET_FILE": str(ticket)}

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
        return int(self.joulebus("call", "joulebus.house.clock.get")["tick"])

    def is_on(self, device: str) -> bool:
        """As the keeper has it."""
        return bool(self.joulebus("call", "joulebus.house.inverter.balance")["roster"][device]["on"])


def until(true: Callable[[], bool], seconds_max: float = UP_SECONDS_MAX) -> float:
    """Wait until something is so; how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds_max, "it never came true"
        time.sleep(0.2)
    return time.monotonic() - began


def free_ports() -> dict[str, str]:
    """Ports that no home of a developer has."""
    return {"JOULEBUS_PORT": "18080", "JOULEBUS_WEB_PORT": "18082"}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeHome]:
    """The house, paused as soon as energy flows; its journal is new."""
    kept = {name: value for name, value in os.environ.items() if name not in ("JOULEBUS_STATE", "JOULEBUS_ROUTER")}
    home = ComposeHome(tmp_path_factory.mktemp("owner"), kept | free_ports() | {"JOULEBUS_SPEED": "flat_out"})
    home.compose("down", "--volumes", "--timeout", "5")
    try:
        began = time.monotonic()
        home.compose("up", "--detach", *home.services())
        home.sign_in()
        until(lambda: home.tick() > 0)
        print(f"from `up` to energy flowing: {time.monotonic() - began:.0f} s")
        yield home
    finally:
        home.compose("down", "--volumes", "--timeout", "5")
