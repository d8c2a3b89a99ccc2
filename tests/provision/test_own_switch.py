"""A device whose process is its switch, and that is off and on again at one tick: everything was stopped before its last tick had come."""

from pathlib import Path
from typing import Any

import pytest

from joulebus.services.metrics import NodeMetrics
from joulebus.services.own_switch import OwnSwitchNode
from joulebus_schemas import calls
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
