"""A balancer in a process of its own on a real router, killed and revived, and somebody who keeps asking it for changes."""

import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from joulebus.homefile.market import MarketWords
from tests.real.raw import Raw, rogue
from tests.real.reactor import turn
from tests.real.router import HOME, RealRouter, wait_until

METERS, SEAL_EVERY = 10, 40
IN_FLIGHT = 6
AGAIN_SECONDS = 6.0
PLAN = {
    "busbar": "inverter",
    "grids": ["grid"],
    "home": HOME,
    "timezone": "UTC",
    "market": MarketWords.model_validate({"points": {"grid": {}}}).model_dump(mode="json"),
}


@dataclass
class RealBalancer:
    """``joulebus.services.run balancer``, as ``joulebus up`` starts it."""

    router: RealRouter
    directory: Path
    store: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        self.directory.mkdir(parents=True, exist_ok=True)
        plan = self.directory / "market.json"
        plan.write_text(json.dumps(PLAN))
        access = self.router.access("balancer", "balancer")
        argv = [sys.executable, "-m", "joulebus.services.run", "balancer", "--home", HOME, "--router", access.router]
        argv += ["--ticket-file", str(access.ticket_file), "--store", self.store, "--market", str(plan)]
        with (self.directory / "balancer.log").open("ab") as log:
            self.process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def kill(self) -> None:
        """As an out-of-memory killer would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it for good."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def log(self) -> str:
        """What it said."""
        return (self.directory / "balancer.log").read_text()


@dataclass
class Load:
    """Asks for changes without a pause, several at once, and again whatever was not answered."""

    client: Raw
    answered: dict[int, Any] = field(default_factory=dict)
    asked: int = 0
    pending: dict[int, float] = field(default_factory=dict)
    """When to ask again."""
    refused: list[str] = field(default_factory=list)

    def turn(self) -> None:
        """Ask what is new and what is due, and look at the answers."""
        while len(self.pending) < IN_FLIGHT:
            self.pending[self.asked] = 0.0
            self.asked += 1
        self._ask_what_is_due()

    def finish(self) -> None:
        """Wait for the answers to all that was asked."""
        wait_until(self._is_done, "all requests are answered", 60)

    def _is_done(self) -> bool:
        self._ask_what_is_due()
        return not self.pending

    def _ask_what_is_due(self) -> None:
        for number in [number for number, due in self.pending.items() if due <= time.monotonic()]:
            self.pending[number] = time.monotonic() + AGAIN_SECONDS
            call, arguments = request(number)
            asked = self.client.session.call(f"joulebus.{HOME}.market.{call}", arguments)
            asked.addCallbacks(partial(self._came, number), partial(self._failed, number))
        turn(0.005)

    def _came(self, number: int, answer: Any) -> None:
        self.answered[number] = answer
        self.pending.pop(number, None)

    def _failed(self, number: int, failure: Any) -> None:
        """Nobody is there, or he died: ask again soon. What is refused is a fault."""
        error = getattr(failure.value, "error", "")
        if error.startswith("joulebus.error"):
            self.refused.append(f"{number}: {failure.value}")
        self.pending[number] = time.monotonic() + 0.1


def request(number: int) -> tuple[str, dict[str, Any]]:
    """The change of this number: energy of a meter, and now and then the seal of an epoch that is over."""
    epoch = number // SEAL_EVERY
    if number % SEAL_EVERY == SEAL_EVERY - 1 and epoch:
        return "balancing.seal_epoch", {"epoch": epoch - 1, "request_id": f"request {number}"}
    meter = f"meter{number % METERS}"
    return "balancing.add_settlement", {"meter_id": meter, "epoch": epoch + 2, "wh": number + 1, "request_id": f"request {number}"}


def operator_of(router: RealRouter) -> Raw:
    """Who may change the market."""
    return rogue(router.open_access("operator"))


def pause(least: float, most: float) -> float:
    """A random moment from now; the seed is said, so that a bad campaign can be told again."""
    return time.monotonic() + random.uniform(least, most)
