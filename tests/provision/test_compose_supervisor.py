"""The supervisor of containers that are all started anew: a device asks before the keeper is there, and is answered when it is."""

from pathlib import Path

from joulebus.bus import Sender
from joulebus.bus.rights import rules
from joulebus.bus.timers import spawn
from joulebus.provision.compose import ComposeHome
from joulebus.services.compose_supervisor import ComposeSupervisor
from joulebus_schemas import calls
from joulebus_schemas.principals import device
from tests.laws.coming import HOME, World, file
from tests.real.router import wait_until

LAMP = Sender(device(HOME, "lamp"), 7)


async def has_a_container(name: str) -> bool:
    return True


def test_who_asks_before_the_keeper_is_there_is_answered_when_it_is(tmp_path: Path) -> None:
    world = World(tmp_path / "home", paused=False)
    world.off()
    world.deliver()
    world.open()
    world.deliver()
    assert not world.hub.keeper.future_roster()["lamp"].on
    world.hub.bus.stop()
    world.router.deliver()
    bus = world.router.bus(device(HOME, "home"), rules(HOME, "home", "home"))
    supervisor = ComposeSupervisor(bus, file(), {}, ComposeHome(HOME), is_there=has_a_container)
    supervisor.start()
    bus.start()
    world.router.deliver()
    answers: list[calls.Accepted | BaseException] = []

    async def ask() -> None:
        try:
            answers.append(await supervisor.switch(calls.AskSwitch(name="lamp", on=True), LAMP))
        except BaseException as error:
            answers.append(error)
            raise

    spawn(ask())
    world.router.deliver()
    assert answers == [] and supervisor.roster == {}, "nobody knows yet who is there"
    world.hub.bus.start()
    world.start("lamp")

    def turned() -> bool:
        world.router.deliver()
        return bool(answers)

    wait_until(turned, "the lamp is answered")
    assert isinstance(answers[0], calls.Accepted) and answers[0].on, answers
    assert world.hub.keeper.future_roster()["lamp"].on
    world.journal.close()
