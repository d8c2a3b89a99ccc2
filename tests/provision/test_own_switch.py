"""A device whose process is its switch, and that is off and on again at one tick: everything was stopped before its last tick had come."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus.clock import Clock
from joulebus.home.restart import wake
from joulebus.journal.file import Journal
from joulebus.services.hub import Hub
from joulebus.services.metrics import HubMetrics, NodeMetrics
from joulebus.services.own_switch import OwnSwitchNode
from joulebus_schemas import calls
from joulebus_schemas.topics import KEEPER
from tests.laws.coming import HOME, SUPERVISOR, World


class OwnSwitchWorld(World):
    """The lamp switches itself; the test is its timer, and the home that it asks."""

    def start(self, name: str) -> None:
        if name != "lamp":
            super().start(name)
            return
        self.stop(name)
        bus = self._bus("device", name)
        self.lamp = OwnSwitchNode(bus, HOME, name, (), NodeMetrics(name))
        self.lamp.start()
        bus.start()
        self.processes[name] = bus

    def do(self, act: str) -> None:
        """One thing that happens."""
        match act:
            case "looks":
                self.passes(2)
            case "ask_on":
                self._asked_on()
            case "lamp_again":
                self.start("lamp")
            case "lamp_away":
                self.stop("lamp")
            case "grid_again":
                super().start("grid")
            case "grid_away":
                self.stop("grid")
            case "hub_again":
                self._hub_again()
            case _:
                getattr(self, act)()

    def _asked_on(self) -> None:
        """As the home asks when a device, or a person, wants it on."""
        member = self.hub.keeper.future_roster()["lamp"]
        if not member.on:
            self.awaited.append(self.hub.questions.admit(calls.AskAdmit(device="lamp", member=member), SUPERVISOR))

    def _hub_again(self) -> None:
        """Killed, and started again on its journal."""
        self.hub.bus.stop()
        self.router.deliver()
        self.journal.close()
        self.journal = Journal.open(self.journal.path, durable="memory")
        keeper = wake(self.journal)
        clock = Clock(1, 1.0, paused=True, now=lambda: 0.0)
        clock.anchor(keeper.next_tick)
        self.hub = Hub(self._bus(KEEPER, KEEPER), keeper, clock, self.journal, HubMetrics(keeper.born), historian=False)
        self.hub.start()
        self.hub.bus.start()
        self.router.deliver()

    def passes(self, seconds: int) -> None:
        """As many looks of the lamp's timer."""
        for _ in range(seconds):
            self.deliver()
            self.lamp.resend()
        self.deliver()


@pytest.mark.parametrize("removed", [False, True], ids=["switched off and on", "removed and added"])
def test_who_leaves_and_comes_at_one_tick_takes_part_in_it(tmp_path: Path, removed: bool) -> None:
    world = OwnSwitchWorld(tmp_path / "home")
    world.passes(1)
    world.stop("grid")
    world.open()
    world.passes(1)
    leaves: Any = world.hub.questions.dismiss(calls.AskDismiss(device="lamp", remove=removed), SUPERVISOR)
    assert leaves.from_tick == 1, "the lamp has offered: it leaves when this window is settled, which waits for the grid"
    member = world.hub.keeper.roster["lamp"]
    comes = world.hub.questions.admit(calls.AskAdmit(device="lamp", member=member), SUPERVISOR)
    world.start("lamp")
    world.passes(2)
    assert comes.result().from_tick == 1, "the same tick"
    world.start("grid")
    world.passes(1)
    world.open()
    world.passes(4)
    assert world.hub.keeper.next_tick == 2, f"time goes on without {world.hub.keeper.missing()}"
    assert world.hub.keeper.roster["lamp"].on
    world.open()
    world.passes(2)
    assert world.hub.keeper.next_tick == 3
    world.journal.close()


ACTS = ("open", "deliver", "looks", "off", "ask_on", "lamp_again", "lamp_away", "grid_away", "grid_again", "hub_again")
FOLDERS = iter(range(1_000_000))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=14))
def test_time_goes_on_with_everybody_whatever_was_stopped_and_started(tmp_path: Path, acts: list[str]) -> None:
    """A keeper that starts again has forgotten who was expected, and not what was promised."""
    world = OwnSwitchWorld(tmp_path / str(next(FOLDERS)))
    for act in acts:
        world.do(act)
    for act in ("hub_again", "grid_again", "lamp_again", "looks", "ask_on", "looks"):
        world.do(act)
    before = world.hub.keeper.next_tick
    for _ in range(4):
        world.do("open")
        world.passes(3)
    assert world.hub.keeper.next_tick >= before + 3, f"time waits for {world.hub.keeper.missing()} after {acts}"
    assert world.hub.keeper.roster["lamp"].on
    settled = world.hub.keeper.settled
    assert settled is not None and "lamp" in settled.outcomes
    world.journal.close()
