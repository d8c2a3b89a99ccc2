"""A device whose process is its switch: it joins the home when it starts, and leaves it in order when it is told to end (SIGTERM).

So a person switches it with what starts and stops containers. One that crashes has said nothing: time waits for it until it is back.
Somebody may also switch it on the bus: then its process goes on and rests until the home wants it again.
"""

import logging
import signal
from argparse import Namespace
from dataclasses import dataclass

from joulebus.bus import CALL_REFUSED, CallError, Sender
from joulebus.bus.component import hears
from joulebus.bus.timers import later, spawn
from joulebus.bus.wamp import WampBus
from joulebus.services.node import DeviceNode, build_device, surroundings_of
from joulebus_schemas import topics
from joulebus_schemas.calls import AskDevice, AskSwitch
from joulebus_schemas.roster import Change
from joulebus_schemas.rounds import Opened, Resume, Settled

SWITCH_OFF_SECONDS_MAX = 20.0
"""Then it ends although its last tick is not settled: the clock has stopped."""
KNOCK_SECONDS = 0.2
"""So long after it has asked to be switched on it looks whether it is."""
SWITCH_ON_SECONDS_MAX = 35.0
"""How long the home may take to answer that: longer than it waits for a device."""

_log = logging.getLogger("joulebus.services.node")


@dataclass
class OwnSwitchNode(DeviceNode):
    """A device that takes part while its process runs, but for when somebody has switched it off on the bus."""

    bus: WampBus

    def __post_init__(self) -> None:
        super().__post_init__()
        self._comes = True
        """Whether it has started and not yet taken part: then it asks to be switched on."""
        self._last_tick: int | None = None
        """It has left the home from this tick on, and ends when that is reached."""
        self._is_promised_to_leave = False
        """Whether it takes part until a tick that was promised before it started: it looks whether it may stay."""
        self._resumed_tick: int | None = None
        """Where the window begins that was open when it took its seat: what changes there holds for that seat already."""

    def start(self) -> None:
        """Also listen for the signal to end, once there is somebody to tell; until then it ends at once."""
        super().start()
        self.bus.on_join.append(self._listen_for_the_end)

    def _listen_for_the_end(self) -> None:
        signal.signal(signal.SIGTERM, self._told_to_end)

    def _told_to_end(self, *signalled: object) -> None:
        self.bus.from_thread(self._leave_soon)

    def _leave_soon(self) -> None:
        spawn(self.leave())

    # Coming

    def resume(self) -> None:
        """Only who is in the roster, or is expected, takes its seat; others ask whether they are."""
        if self._ready:
            super().resume()
        else:
            self._look_whether_it_is_on()

    def resend(self) -> None:
        """Also ask again whether it may stay."""
        super().resend()
        if self._ready and self._is_promised_to_leave and self.bus.joined:
            self._look_whether_it_is_on()

    def _look_whether_it_is_on(self) -> None:
        if not self._resuming:
            self._resuming = True
            spawn(self._knock())

    async def _knock(self) -> None:
        stays = False
        try:
            stays = (await self.ask_ready(AskDevice(name=self.name))).on is not False
            self._ready, self._is_promised_to_leave = True, not stays
        except CallError as error:
            if error.uri != CALL_REFUSED:
                self._not_resumed(error)
                return
        finally:
            self._resuming = False
        if not stays and self._comes:
            spawn(self._ask_to_be_switched_on())
            later(KNOCK_SECONDS, self.resume)
        self._comes = False
        if self._ready:
            super().resume()

    async def _ask_to_be_switched_on(self) -> None:
        try:
            accepted = await self.ask_switch(AskSwitch(name=self.name, on=True), seconds=SWITCH_ON_SECONDS_MAX)
        except CallError as error:
            self._comes = error.uri != CALL_REFUSED  # The supervisor is not there yet; who is refused is not wanted.
            self._not_resumed(error)
        else:
            _log.info("%s is switched on from tick %d, because it has started", self.name, accepted.from_tick)

    def resumed(self, resume: Resume) -> None:
        """Take the seat, as it is in the open window."""
        self._resumed_tick = None if resume.opened is None else resume.opened.window.start
        super().resumed(resume)

    def hindrance(self) -> str | None:
        """One that is switched off rests."""
        rests = None if self._ready or self._comes else f"{self.name} is switched off and rests"
        return rests or super().hindrance()

    # Going

    async def leave(self) -> None:
        """Be switched off, take part until that holds, and end."""
        later(SWITCH_OFF_SECONDS_MAX, self.bus.end)
        if self._ready and self.bus.joined:
            try:
                self._last_tick = (await self.ask_switch(AskSwitch(name=self.name, on=False))).from_tick
            except CallError as error:
                _log.info("%s ends, and is not switched off: %s", self.name, error)
        reached = self.seat.next_tick if self.seat is not None else None
        if self._last_tick is None or reached is None or reached >= self._last_tick:
            self.bus.end()

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled, sender: Sender | None = None) -> None:
        """The end of its last window is its own."""
        super().on_settled(settled, sender)
        if self._last_tick is not None and settled.window.end >= self._last_tick:
            self.bus.end()

    @hears(topics.OPENED)
    def on_opened(self, opened: Opened, sender: Sender | None = None) -> None:
        """A window in which it no longer takes part: it rests from now on. One that leaves and comes at one tick comes again."""
        there = [_is_there(change) for change in opened.changes if change.device == self.name and _is_there(change) is not None]
        if False not in there or (there[-1] and self._resumed_tick == opened.window.start):
            super().on_opened(opened, sender)
            return
        self._ready, self._is_promised_to_leave, self.seat, self.opened, self.offered = False, False, None, None, None
        if there[-1]:
            self.resume()


def _is_there(change: Change) -> bool | None:
    """Whether a device takes part after a change; None: as before."""
    return False if change.removed else True if change.added is not None else change.on


def build_any_device(bus: WampBus, given: Namespace) -> DeviceNode:
    """A device, from its command line: one that switches itself, or one that is switched."""
    if not given.own_switch:
        return build_device(bus, given)
    return OwnSwitchNode(bus, given.home, given.name, *surroundings_of(given))
