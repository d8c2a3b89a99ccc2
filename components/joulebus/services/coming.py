"""Devices that are on their way into a home: who is expected, who has asked for it, and from which tick it takes part. No bus."""

import asyncio
from dataclasses import dataclass, field

from joulebus.bus.timers import answer_later, give
from joulebus.errors import RosterError
from joulebus_schemas import calls
from joulebus_schemas.roster import By, Change, Member


@dataclass
class Coming:
    """Every device that the home has let in and that does not take part yet."""

    joining: dict[str, Member] = field(default_factory=dict)
    """What each is to be."""
    _wanted_by: dict[str, By | None] = field(default_factory=dict)
    _awaited: dict[str, asyncio.Future[calls.Accepted]] = field(default_factory=dict)
    """Whoever has asked for a device, and is answered when it is ready."""
    _promised: dict[str, int] = field(default_factory=dict)
    """The tick from which a device takes part: the begin of another promise does not end its joining."""

    def expect(self, ask: calls.AskAdmit, member: Member, by: By | None) -> asyncio.Future[calls.Accepted]:
        """A device is started; the answer comes when it is ready."""
        self.forget(ask.device, f"{ask.device} was asked for once more")
        self.joining[ask.device], self._wanted_by[ask.device] = member, by
        awaited = self._awaited[ask.device] = answer_later()
        return awaited

    def wanted_by(self, device: str) -> By | None:
        """Who has asked for it, told once."""
        return self._wanted_by.pop(device, None)

    def is_ready(self, accepted: calls.Accepted) -> None:
        """It is promised to take part; whoever has asked for it is answered."""
        self._promised[accepted.device] = accepted.from_tick
        awaited = self._awaited.pop(accepted.device, None)
        if awaited is not None:
            give(awaited, accepted)

    def has_begun(self, change: Change) -> None:
        """It takes part, if this is the change that was promised last."""
        if self._promised.get(change.device) == change.from_tick:
            self.joining.pop(change.device, None)
            self._promised.pop(change.device)

    def forget(self, device: str, why: str) -> None:
        """It is expected no more; whoever still waits for it is told why."""
        self.joining.pop(device, None)
        self._promised.pop(device, None)
        awaited = self._awaited.pop(device, None)
        if awaited is not None:
            give(awaited, RosterError(why))
