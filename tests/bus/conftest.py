"""The two worlds in which the contract of the bus must hold: one process, and a real Crossbar."""

import time
from collections.abc import Awaitable, Callable, Iterator
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pytest

from joulebus.bus import CallError, Sender
from joulebus.bus.timers import spawn
from joulebus.bus.wamp import Access, WampBus
from joulebus.testing.memory import MemoryBus, MemoryRouter
from joulebus_schemas.principals import device, person
from joulebus_schemas.rounds import Kept
from tests.real.raw import rogue
from tests.real.reactor import PATIENCE_SECONDS, outcome, turn, turning, until
from tests.real.router import HOME, RealRouter, open_rights

BASE = f"joulebus.{HOME}"


@pytest.fixture(scope="session")
def real_router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRouter]:
    """A Crossbar that all tests of one worker share."""
    router = RealRouter(tmp_path_factory.mktemp("router"))
    router.start()
    yield router
    router.stop()


async def keep(asked: Awaitable[Any], results: list[Any]) -> None:
    """Put into a list what somebody gets who awaits this: a value, or the exception."""
    try:
        results.append(await asked)
    except Exception as error:
        results.append(error)


class MemoryWorld:
    """Everything in this process."""

    def __init__(self) -> None:
        self.router = MemoryRouter()

    def bus(self, name: str) -> MemoryBus:
        return self.router.bus(device(HOME, name), open_rights(name))

    def until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.router.deliver() or not condition():  # A handler may wait for real time, too.
            assert time.monotonic() < deadline, what

    def pass_seconds(self, seconds: float) -> None:
        self.router.deliver()
        self.router.advance(seconds)

    def outcome(self, asked: Awaitable[Any]) -> Any:
        results: list[Any] = []
        spawn(keep(asked, results))
        self.until(lambda: results, "an answer")
        return results[0]

    def ask_by_name(self, uri: str, **fields: Any) -> Any:
        found = self.router.registration(uri)
        assert found is not None
        given = found[0].answer(found[1], ((), fields), Sender("somebody", 1))
        return self.outcome(given) if isawaitable(given) else given

    def kill_router(self) -> None:
        self.router.close()

    def revive_router(self) -> None:
        self.router.reopen()

    def end(self) -> None:
        assert self.router.deliver() >= 0


class RealWorld:
    """Everything over Crossbar."""

    def __init__(self, router: RealRouter) -> None:
        self.router = router
        self.buses: list[WampBus] = []

    def bus(self, name: str) -> WampBus:
        bus = WampBus(self.router.open_access(name), patience_seconds=0.5)
        self.buses.append(bus)
        return bus

    def guest(self) -> WampBus:
        bus = WampBus(Access(self.router.guest_url, person(HOME, "guest"), None))
        self.buses.append(bus)
        return bus

    def until(self, condition: Callable[[], object], what: str) -> None:
        until(condition, what)

    def pass_seconds(self, seconds: float) -> None:
        turn(seconds)

    def outcome(self, asked: Awaitable[Any]) -> Any:
        return outcome(asked)

    def ask_by_name(self, uri: str, **fields: Any) -> Any:
        asker = rogue(self.router.open_access("asker"))
        answer = asker.call(uri, **fields)
        asker.close()
        return answer

    def kill_router(self) -> None:
        self.router.kill()

    def revive_router(self) -> None:
        self.router.wait()

    def end(self) -> None:
        for bus in self.buses:
            outcome(bus.stop())


World = MemoryWorld | RealWorld


@pytest.fixture(params=["memory", "crossbar"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Each test of the contract runs in both."""
    made: World = MemoryWorld() if request.param == "memory" else RealWorld(request.getfixturevalue("real_router"))
    yield made
    made.end()


@pytest.fixture
def real_world(real_router: RealRouter) -> Iterator[RealWorld]:
    """For what only a real router can do."""
    made = RealWorld(real_router)
    yield made
    made.end()


class Listener:
    """A component that hears numbers and remembers them."""

    def __init__(self, world: World, uri: str, match: Any = "exact", name: str = "inverter") -> None:
        self.heard: list[tuple[int, str]] = []
        self.bus = world.bus(name)
        self.bus.subscribe(uri, Kept, lambda word, sender: self.heard.append((word.number, sender.of(HOME) or "")), match)


def all_join(world: World, *buses: Any) -> None:
    """Start buses, and wait until they are there."""
    for bus in buses:
        bus.start()
    world.until(lambda: all(bus.joined for bus in buses), "all join")


__all__ = ["BASE", "CallError", "Listener", "Path", "World", "all_join", "turning"]
