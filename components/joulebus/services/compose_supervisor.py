"""The supervisor of a home whose parts are containers of Docker Compose: it takes the roster from the keeper, and starts nothing.

A device switches itself: its container is its switch. Who has no container when the home starts (``--scale oven=0``) is switched off here,
because nobody would ever answer for it. One that crashes later is not: time waits for it.
"""

import asyncio
import logging
import socket
from argparse import Namespace
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from joulebus.bus import CallError, Sender
from joulebus.bus.component import answers
from joulebus.bus.timers import every, later, spawn
from joulebus.bus.wamp import WampBus
from joulebus.errors import HomeFileError, SetupError
from joulebus.home.outside import lives_outside
from joulebus.homefile.home_file import load_home_file
from joulebus.provision.compose import ComposeHome
from joulebus.services.supervisor import Supervisor, device_part
from joulebus_schemas import calls, topics
from joulebus_schemas.roster import By, Member

_ROSTER_SECONDS_MAX = 3.0
"""How old the roster may get."""
_LOOK_SECONDS = 0.2
"""So long after the keeper was not there it is asked again, as long as somebody waits for the answer."""
ABSENT_SECONDS, ABSENT_LOOKS = 1.0, 5
"""A name that is unknown so many times, so far apart, has no container; one that crashes at that moment is back before."""
COMPOSE = "compose"
"""Who has switched off a device that has no container, as the journal keeps it."""

_log = logging.getLogger("joulebus.services.supervisor")


async def is_there(name: str) -> bool:
    """Whether a container answers to this name in the home's network."""
    try:
        await asyncio.get_running_loop().getaddrinfo(name, None)
    except socket.gaierror:
        return False
    return True


@dataclass
class ComposeSupervisor(Supervisor):
    """The home in containers."""

    is_there: Callable[[str], Awaitable[bool]] = is_there

    def __post_init__(self) -> None:
        super().__post_init__()
        self._knows_roster = False
        self._looks_at_names = 0
        self._absent: set[str] = set()

    def start(self) -> None:
        """Declare what the home answers, and follow the keeper's roster."""
        super().start()
        every(_ROSTER_SECONDS_MAX, self._ask_where_time_is)

    def _start_all(self) -> None:
        for name, member in self.roster.items():
            if member.on and member.kind != "inverter":
                self.provisioner.start(device_part(name, member, self.folder))

    @answers(topics.SWITCH)
    async def switch(self, ask: calls.AskSwitch, sender: Sender) -> calls.Accepted:
        """Switch a device on or off, as soon as the roster is known.

        When all containers start again, a device asks before anybody knows it, and one that is refused does not ask again.

        Raises:
            RosterError: There is no such device, or another device asks.
        """
        while self.bus.joined and not self._knows_roster:
            await self._ask_where_time_is()
            await asyncio.sleep(0 if self._knows_roster else _LOOK_SECONDS)
        return await super().switch(ask, sender)

    async def _ask_where_time_is(self) -> None:
        if not self.bus.joined:
            return
        try:
            balance = await self.ask_balance(calls.Nothingness())
        except CallError:  # The keeper is not there: nothing is known better than before.
            return
        self.file = replace(self.file, start_unix_seconds=balance.start_unix_seconds)
        self.roster = dict(balance.roster)
        if not self._knows_roster:
            self._knows_roster, self.first_tick = True, balance.tick
            self._absent = {name for name, member in self.roster.items() if _has_container(member)}
            spawn(self._look_who_is_absent())
        self._reach(balance.tick)
        self._start_all()

    async def _look_who_is_absent(self) -> None:
        """Only those whose name was unknown each time are."""
        there = await asyncio.gather(*map(self.is_there, sorted(self._absent)))
        self._absent = {name for name, here in zip(sorted(self._absent), there, strict=True) if not here}
        self._looks_at_names += 1
        if self._absent and self._looks_at_names < ABSENT_LOOKS:
            later(ABSENT_SECONDS, lambda: spawn(self._look_who_is_absent()))
            return
        for name in sorted(self._absent):
            await self._switch_off_absent(name)

    async def _switch_off_absent(self, name: str) -> None:
        by = By(principal=COMPOSE, role=COMPOSE, call=f"joulebus.{self.home}.home.switch", arguments={"name": name, "on": False})
        try:
            accepted = await self._dismiss(calls.AskDismiss(device=name, by=by))
        except CallError as error:
            _log.warning("%s has no container, and could not be switched off: %s", name, error)
        else:
            _log.info("%s has no container: it is switched off from tick %d", name, accepted.from_tick)

    def _restartable(self) -> tuple[str, ...]:
        """Nobody: Docker Compose restarts containers."""
        return ()


def _has_container(member: Member) -> bool:
    return member.on and member.kind != "inverter" and not lives_outside(member)


def build_in_compose(bus: WampBus, given: Namespace) -> ComposeSupervisor:
    """The supervisor of a home in containers.

    Raises:
        HomeFileError: The home file is of another home, or wrong.
        SetupError: There is no home file.
    """
    if given.home_file is None:
        raise SetupError("a supervisor in a container must be given --home-file, but it is missing")
    file = load_home_file(given.home_file)
    if file.name != given.home:
        raise HomeFileError(f"{given.home_file} must be the file of {given.home}, but is that of {file.name}")
    return ComposeSupervisor(bus, file, {}, ComposeHome(given.home), folder=Path(given.home_file).parent)
