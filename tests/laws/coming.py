"""An inverter and its devices on a bus in memory, with a clock that a test turns."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joulebus.bus import Sender
from joulebus.bus.rights import rules
from joulebus.clock import Clock
from joulebus.home.restart import wake
from joulebus.home.round import new_birth
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus.services.hub import Hub
from joulebus.services.metrics import HubMetrics, NodeMetrics
from joulebus.services.node import DeviceNode
from joulebus.testing.memory import MemoryRouter
from joulebus_schemas import calls
from joulebus_schemas.principals import device
from joulebus_schemas.roster import Member, Place
from joulebus_schemas.topics import KEEPER

HOME = "coming"
MEMBERS = {
    "grid": Member(kind="grid"),
    "inverter": Member(kind="inverter"),
    "lamp": Member(kind="appliance", properties={"power_watts": 60}),
}
SUPERVISOR = Sender(device(HOME, "home"), 1)


def file(members: dict[str, Member] | None = None) -> HomeFile:
    return HomeFile(HOME, Place(latitude_degrees=50.0, longitude_degrees=4.0), 1_781_992_800, 1, None, 1, members or MEMBERS)


class World:
    """An inverter and its devices on a bus in memory; the test is their supervisor, and turns the clock."""

    def __init__(self, folder: Path, speed: float | None = 1.0, paused: bool = True, now: Callable[[], float] = lambda: 0.0) -> None:
        self.router = MemoryRouter()
        folder.mkdir()
        self.journal = Journal.open(folder / "journal.bin", durable="memory")
        self.journal.append(new_birth(file()))
        keeper = wake(self.journal)
        clock = Clock(1, 1.0, paused=True, now=now)
        self.hub = Hub(self._bus(KEEPER, KEEPER), keeper, clock, self.journal, HubMetrics(keeper.born), historian=False)
        self.hub.start()
        self.hub.bus.start()
        self.processes: dict[str, Any] = {}
        self.awaited: list[asyncio.Future[calls.Accepted]] = []
        for name in ("grid", "lamp"):
            self.start(name)
        self.router.deliver()
        clock.speed, clock.paused = speed, paused
        clock.anchor(0)

    def _bus(self, part: str, name: str) -> Any:
        return self.router.bus(device(HOME, name), rules(HOME, part, name))

    def start(self, name: str) -> None:
        """A new process, as the supervisor starts one."""
        self.stop(name)
        bus = self._bus("device", name)
        node = DeviceNode(bus, HOME, name, (), NodeMetrics(name))
        node.start()
        bus.start()
        self.processes[name] = bus

    def stop(self, name: str) -> None:
        if name in self.processes:
            self.processes.pop(name).stop()

    def on(self) -> None:
        member = self.hub.keeper.future_roster()["lamp"]
        if not member.on:
            self.awaited.append(self.hub.questions.admit(calls.AskAdmit(device="lamp", member=member), SUPERVISOR))
            self.start("lamp")

    def off(self) -> None:
        self.hub.questions.dismiss(calls.AskDismiss(device="lamp"), SUPERVISOR)

    def open(self) -> None:
        """Time may go on by one tick; messages are not delivered yet."""
        self.hub.clock.step(1)
        self.hub.go_on()

    def deliver(self) -> None:
        self.router.deliver()
