"""A device comes and goes in any order, also several times within a tick: time goes on, and the last word holds."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus.bus import Sender
from joulebus.bus.rights import rules
from joulebus.clock import Clock
from joulebus.home.restart import wake
from joulebus.home.round import new_birth, seat_of
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus.services.hub import Hub
from joulebus.services.metrics import HubMetrics, NodeMetrics
from joulebus.services.node import DeviceNode
from joulebus.services.prepare import prepare
from joulebus.testing.memory import MemoryRouter
from joulebus_schemas import calls
from joulebus_schemas.journal import Changed
from joulebus_schemas.principals import device
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.topics import KEEPER

HOME = "coming"
MEMBERS = {
    "grid": Member(kind="grid"),
    "inverter": Member(kind="inverter"),
    "lamp": Member(kind="appliance", properties={"power_watts": 60}),
}
SUPERVISOR = Sender(device(HOME, "home"), 1)
FOLDERS = iter(range(1_000_000))


def file(members: dict[str, Member] | None = None) -> HomeFile:
    return HomeFile(HOME, Place(latitude_degrees=50.0, longitude_degrees=4.0), 1_781_992_800, 1, None, 1, members or MEMBERS)


class World:
    """An inverter and its devices on a bus in memory; the test is their supervisor, and turns the clock."""

    def __init__(self, folder: Path) -> None:
        self.router = MemoryRouter()
        folder.mkdir()
        self.journal = Journal.open(folder / "journal.bin", durable="memory")
        self.journal.append(new_birth(file()))
        keeper = wake(self.journal)
        clock = Clock(1, 1.0, paused=True)
        self.hub = Hub(self._bus(KEEPER, KEEPER), keeper, clock, self.journal, HubMetrics(keeper.born), historian=False)
        self.hub.start()
        self.hub.bus.start()
        self.processes: dict[str, Any] = {}
        self.awaited: list[asyncio.Future[calls.Accepted]] = []
        for name in ("grid", "lamp"):
            self.start(name)
        self.router.deliver()

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
            self.awaited.append(self.hub.admit(calls.AskAdmit(device="lamp", member=member), SUPERVISOR))
            self.start("lamp")

    def off(self) -> None:
        self.hub.dismiss(calls.AskDismiss(device="lamp"), SUPERVISOR)

    def open(self) -> None:
        """Time may go on by one tick; messages are not delivered yet."""
        self.hub.clock.step(1)
        self.hub.go_on()

    def deliver(self) -> None:
        self.router.deliver()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["on", "off", "open", "deliver"]), max_size=12))
def test_the_last_word_holds_whatever_came_before_it(tmp_path: Path, acts: list[str]) -> None:
    world = World(tmp_path / str(next(FOLDERS)))
    for act in acts:
        getattr(world, act)()
    world.deliver()
    before = world.hub.keeper.next_tick
    world.on()
    world.open()
    world.deliver()
    world.open()
    world.deliver()
    assert world.hub.keeper.next_tick > before, "time goes on"
    assert world.hub.keeper.roster["lamp"].on
    assert world.hub.keeper.settled is not None and "lamp" in world.hub.keeper.settled.outcomes
    assert all(one.done() for one in world.awaited), "whoever asked has an answer"
    for one in world.awaited:
        one.exception()  # Some were overtaken by a later word, and told so.
    world.journal.close()


def test_off_on_off_on_within_a_tick_ends_with_on(tmp_path: Path) -> None:
    world = World(tmp_path / "books")
    world.open()
    for act in (world.off, world.on, world.deliver, world.off, world.on, world.deliver):
        act()
    for _ in range(3):
        world.open()
        world.deliver()
    assert world.awaited[-1].result().on
    assert world.hub.keeper.roster["lamp"].on and not world.hub.joining
    world.journal.close()


def test_what_was_counted_of_a_device_goes_with_it_and_its_late_packet_is_no_offence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path / "books")
    world.open()
    world.deliver()
    late = world.processes["lamp"]
    world.hub.dismiss(calls.AskDismiss(device="lamp", remove=True), SUPERVISOR)
    world.open()
    world.deliver()
    assert late.joined and "lamp" not in world.hub.keeper.roster
    assert "lamp" not in world.hub.metrics._accepted and "lamp" not in world.hub._refused
    assert [record.message for record in caplog.records if "refused a packet" in record.message] == []
    world.journal.close()


SPY = Member(kind="appliance", properties={"power_watts": 10})
PROMISES = {
    "added and removed": ((Change(device="spy", from_tick=0, added=SPY),), (Change(device="spy", from_tick=15, removed=True),)),
    "added and switched off": ((Change(device="spy", from_tick=0, added=SPY),), (Change(device="spy", from_tick=15, on=False),)),
    "added and set": (
        (Change(device="spy", from_tick=0, added=SPY),),
        (Change(device="spy", from_tick=15, properties={"power_watts": 5}),),
    ),
    "removed": ((Change(device="lamp", from_tick=15, removed=True),),),
    "removed and another one": (
        (Change(device="lamp", from_tick=15, removed=True), Change(device="lamp", from_tick=20, added=Member(kind="tv"))),
        (Change(device="lamp", from_tick=30, properties={"power_watts": 99}),),
    ),
    "switched off": ((Change(device="lamp", from_tick=15, on=False),),),
    "set": ((Change(device="lamp", from_tick=15, properties={"power_watts": 1}),),),
}


@pytest.mark.parametrize("name", PROMISES)
def test_what_was_promised_when_a_home_ended_does_not_stop_it_when_it_starts_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / "journal.bin"
    prepare(file(), path, None)
    with Journal.open(path) as journal:
        for promised in PROMISES[name]:
            journal.append(Changed(record="changed", changes=promised))
    assert prepare(file(), path, None).roster.keys() == MEMBERS.keys()
    with Journal.open(path) as journal:
        keeper = wake(journal)
        for _ in range(6):
            keeper.open(10)
            assert set(keeper.missing()) == {"grid", "inverter", "lamp"}, "nobody is waited for whom nobody starts"
            live_on(keeper)
        assert keeper.roster["lamp"].properties == file().members["lamp"].properties and keeper.next_tick >= 40
    prepare(file(), path, None)  # And the journal can be read again.


def live_on(keeper: Any) -> None:
    """All devices of the open window offer, as their processes would."""
    opened = keeper.opened
    for name, member in keeper.roster.items():
        if member.on:
            seat = seat_of(keeper.born, name, member, {})
            seat.enter(opened)
            keeper.take(name, seat.offer(opened))
    keeper.settle()
