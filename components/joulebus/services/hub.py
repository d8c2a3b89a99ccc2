"""The inverter's process: the keeper and the clock of a home, on the bus.

One process holds both, so that a settlement and the opening of the next window are one message, and so that a pause
cannot fall between them. The inverter is also a device; its own seat offers here without a message.
"""

import logging
import os
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.bus import Bus, Sender
from joulebus.bus.component import Component, Says, hears
from joulebus.bus.timers import cancel, every, later
from joulebus.clock import Clock
from joulebus.errors import BusError, JournalError
from joulebus.home import upkeep
from joulebus.home.arrangement import LAYOUT_FILE, Arrangement
from joulebus.home.keeper import Keeper, Verdict
from joulebus.home.restart import wake
from joulebus.home.round import seat_of
from joulebus.home.seat import Seat
from joulebus.journal.file import Journal, OvertakenError
from joulebus.services.arranger import Arranger
from joulebus.services.coming import Coming
from joulebus.services.lead import HistorianLead, RecordRate
from joulebus.services.metrics import HomeLook, HubMetrics
from joulebus.services.questions import Questions
from joulebus.services.watchdog import Watchdog
from joulebus_core import CoreError
from joulebus_schemas import calls, topics
from joulebus_schemas.roster import Change
from joulebus_schemas.rounds import Blocked, Kept, Offered, Opened, PacketRefused, Settled
from joulebus_schemas.topics import KEEPER

_log = logging.getLogger("joulebus.services.hub")

REOPEN_SECONDS = 1.0
LATE_SECONDS_MAX = 5.0
"""For so long the last packets of a device that has left may be on their way."""
SEGMENT_BYTES_VARIABLE = "JOULEBUS_SEGMENT_BYTES"
"""Environment: how large a file of the journal gets before the next one is begun."""


@dataclass
class Hub(Component):
    """The inverter: keeps the balance of a home, its journal and its clock."""

    part = KEEPER
    say_opened, say_settled = Says(topics.OPENED), Says(topics.SETTLED)
    say_blocked, say_refused = Says(topics.BLOCKED), Says(topics.REFUSED)

    bus: Bus
    keeper: Keeper
    clock: Clock
    journal: Journal
    metrics: HubMetrics
    historian: bool = True

    def __post_init__(self) -> None:
        self.home = self.keeper.born.home
        self.watchdog = Watchdog(self.clock.now)
        self.seat = self._own_seat()
        self.lead = HistorianLead(RecordRate(self.clock.now), self.keeper.number)
        self.coming = Coming()
        self.questions = Questions(self.bus, self.home, self, self.coming)
        self.arranger = Arranger(self.bus, self.home, Arrangement.read(self.journal.path.with_name(LAYOUT_FILE)))
        self.upkeep = upkeep.Upkeep(self.keeper, int(os.environ.get(SEGMENT_BYTES_VARIABLE, upkeep.SEGMENT_BYTES)))
        self._timer: Any = None
        self._cause: str | None = None
        self._has_settled = False
        self._refused: dict[str, PacketRefused] = {}
        self._left: dict[str, float] = {}
        """Who has left lately, and when: a packet that was on its way then is no offence."""

    def _own_seat(self) -> Seat:
        member = self.keeper.roster[KEEPER]
        seat = seat_of(self.keeper.born, KEEPER, member, {})
        resume = self.keeper.resume(KEEPER)
        if resume.last is not None and resume.state is not None and resume.outcome is not None:
            seat.restore(resume.state, resume.last, resume.outcome)
        return seat

    def start(self) -> None:
        """Declare all that the keeper hears and answers."""
        self.declare()
        self.questions.declare()
        self.arranger.declare()
        self.bus.on_join.append(self.joined)
        every(REOPEN_SECONDS, self.look_around)

    # The round

    def joined(self) -> None:
        """The router is there (again): publish the open window."""
        if self.keeper.opened is None:
            self.clock.anchor(self.keeper.next_tick)
        else:
            self.say_opened(self.keeper.opened)
        self.go_on()

    def go_on(self) -> None:
        """Open the next window when it is due, or ask to be woken when it will be."""
        cancel(self._timer)
        self._timer = None
        if self.keeper.opened is not None or not self.bus.joined or self._waits_for_historian():
            return
        ticks = self.clock.ticks(self.keeper.next_tick)
        if ticks:
            opened = self._open(ticks)
            self.say_opened(opened)
            self._take_part(opened)
            return
        wait = self.clock.wait_seconds(self.keeper.next_tick)
        if wait is not None:
            self._timer = later(max(wait, 0.001), self.go_on)

    def _open(self, ticks: int) -> Opened:
        opened = self.keeper.open(ticks)
        for change in opened.changes:
            self._has_begun(change)
        self.watchdog.opened(opened.window.start)
        return opened

    def _take_part(self, opened: Opened) -> None:
        """The inverter's own packet, while the others make theirs."""
        self.seat.enter(opened)
        self.keeper.take(KEEPER, self.seat.offer(opened))
        if self.keeper.is_complete:
            later(0.0, self._settle_if_complete)

    def _has_begun(self, change: Change) -> None:
        if change.added is not None or change.on:
            self.coming.has_begun(change)
        if change.removed or change.on is False:
            self._has_left(change.device, bool(change.removed))

    def _has_left(self, device: str, for_good: bool) -> None:
        self._left[device] = self.clock.now()
        self._refused.pop(device, None)
        self.watchdog.forget(device)
        if for_good:
            self.metrics.forget(device)

    def left_the_window(self, ask: calls.AskDismiss) -> None:
        """A device is out of the open window: those who heard it are told, and the window may now be complete."""
        self._has_left(ask.device, ask.remove)
        assert self.keeper.opened is not None, "it has left a window that is open"
        self.say_opened(self.keeper.opened)
        later(0.0, self._settle_if_complete)  # The answer goes out first.

    @hears(topics.OFFERED)
    def on_offered(self, offered: Offered, sender: Sender) -> None:
        """A packet; whose it is, the router says."""
        device = sender.of(self.home)
        assert device is not None, "a message of another home is not heard"
        verdict = self.keeper.take(device, offered)
        self.metrics.packet(device, verdict.name.lower())
        if verdict is Verdict.ACCEPTED:
            self.watchdog.arrived(device)
            self._settle_if_complete()
        elif verdict is Verdict.LATE:
            self._repeat_settlement(offered)
        elif verdict is Verdict.ANOTHER:
            self.refuse(
                device, offered.window.start, "a packet for this window is here already, with another body: is the device running twice?"
            )
        elif verdict is Verdict.IMPOSSIBLE:
            self.refuse(device, offered.window.start, f"{device} is no {offered.offer.role} and cannot offer what only one could")
        elif verdict is Verdict.BEYOND:
            self.refuse(device, offered.window.start, f"{device}: {self.keeper.beyond(device, offered)}")
        elif verdict is Verdict.STRANGER and device not in self.coming.joining and device not in self._left:
            self.refuse(device, offered.window.start, f"{device} is not in the roster of {self.home}")

    def _repeat_settlement(self, offered: Offered) -> None:
        """A late packet means that its settlement was lost on the way: the last one is sent again, at most once a second."""
        settled = self.keeper.settled
        if settled is not None and settled.window.start == offered.window.start and self.watchdog.may_repeat():
            self.say_settled(settled.model_copy(update={"opened": self.keeper.opened}))

    def refuse(self, device: str, tick: int, reason: str) -> None:
        """Publish that a packet was refused."""
        _log.warning("refused a packet of %s for tick %d: %s", device, tick, reason)
        self._refused[device] = PacketRefused(device=device, tick=tick, reason=reason)
        self.say_refused(self._refused[device])

    def _settle_if_complete(self) -> None:
        if self.keeper.is_complete:
            self.settle()

    def settle(self) -> None:
        """Close the window; if it cannot be made durable, the clock stops until it can."""
        try:
            settled = self.keeper.settle()
        except OvertakenError as error:
            self.bus.fail(BusError(str(error)))  # Another hub goes on, a generation later.
            return
        except JournalError as error:
            self._cause = str(error)
            return
        except CoreError as error:
            self._cause = f"{error} (tick {self.keeper.next_tick})"
            self._refuse_the_impossible()
            return
        except BaseException as bug:
            # Not the world but a violated invariant: a process that no longer knows its books must not go on.
            self.bus.fail(BusError(f"the books of {self.home} must close at tick {self.keeper.next_tick}, but do not: {bug!r}"))
            raise
        self._cause = None
        self.upkeep.settled()
        if not self._has_settled:
            self._has_settled = True
            self.clock.anchor(self.keeper.next_tick)  # Time counts from when everybody is there.
        self.seat.advance(settled.window, settled.outcomes[KEEPER])
        self.clock.committed(self.keeper.next_tick, settled.window.ticks)
        self.watchdog.settled()
        self.publish(settled)
        self.metrics.settled(settled)

    def _refuse_the_impossible(self) -> None:
        """Drop packets that cannot be settled; the window closes once their devices have sent better ones."""
        for device, reason in self.keeper.forget_the_impossible().items():
            self.refuse(device, self.keeper.next_tick, reason)
            self._cause = None

    def publish(self, settled: Settled) -> None:
        """Say what is committed, and with it the next window when it is due at once."""
        ticks = 0 if self._waits_for_historian() else self.clock.ticks(self.keeper.next_tick)
        opened = self._open(ticks) if ticks else None
        self.say_settled(settled.model_copy(update={"opened": opened}))
        if opened is None:
            self.go_on()
        else:
            self._take_part(opened)
        self.questions.tell_those_at_rest()

    def _waits_for_historian(self) -> bool:
        return self.historian and self.lead.stops_time(self.keeper.number)

    @hears(topics.KEPT)
    def on_kept(self, kept: Kept, sender: Sender) -> None:
        """The historian has followed."""
        if sender.of(self.home) == topics.HISTORIAN:
            self.lead.hear(kept.number, self.keeper.number)
            self.go_on()

    def look_around(self) -> None:
        """Each second: retry what failed, repeat what may have been lost, and name what the clock waits for."""
        self.metrics.look(self._look())
        self._left = {device: since for device, since in self._left.items() if self.clock.now() - since < LATE_SECONDS_MAX}
        self.upkeep.look(self.lead.told if self.historian else None)
        if not self.bus.joined:
            return
        self._settle_if_complete()  # Again after an error, and when somebody who was waited for has left.
        if self.keeper.opened is None:
            self.go_on()
        elif self.watchdog.is_overdue():
            self.say_opened(self.keeper.opened)
        self._say_if_blocked()

    def _look(self) -> HomeLook:
        keeper = self.keeper
        on = {name: member.on for name, member in keeper.roster.items()}
        missing = keeper.missing() if keeper.opened is not None and self.watchdog.is_overdue() else ()
        lag, missing_joules = self.clock.lag_ticks(keeper.next_tick), abs(sum(keeper.ledger.balances().values()))
        return HomeLook(keeper.next_tick, lag, self.clock.ratio, on, missing, missing_joules)

    def _say_if_blocked(self) -> None:
        cause = self.cause()
        if cause is not None and self.watchdog.may_warn():
            _log.warning("%s", cause)
            waits = self.keeper.missing() if self.keeper.opened else ("historian",)
            seconds = int(self.watchdog.still_seconds())
            self.say_blocked(Blocked(tick=self.keeper.next_tick, seconds=seconds, waits_for=waits, cause=cause))

    def cause(self) -> str | None:
        """What the clock is waiting for although it should run, in one sentence."""
        if self._cause is not None:
            return self._cause
        if self.watchdog.is_overdue() and self.keeper.missing():
            return f"waiting for {', '.join(map(self._named, self.keeper.missing()))} at tick {self.keeper.next_tick}"
        if self._waits_for_historian():
            return f"waiting for the historian at tick {self.keeper.next_tick}: {self.lead.sentence(self.keeper.number)}"
        return None

    def hindrance(self) -> str | None:
        """Also what stops the clock."""
        return super().hindrance() or self.cause()

    def last_tick(self) -> int | None:
        """The keeper's next tick."""
        return self.keeper.next_tick

    def _named(self, device: str) -> str:
        """Who is missing, and why when it has spoken but could not be taken."""
        refused = self._refused.get(device)
        return device if refused is None or refused.tick != self.keeper.next_tick else f"{device} (refused: {refused.reason})"


def build_inverter(bus: Bus, given: Namespace) -> Hub:
    """The inverter of a home that has been begun, from its command line; raises JournalError for a journal that tells no home."""
    path = Path(given.journal)
    journal = Journal.open(path, durable=given.durable)
    keeper = wake(journal)
    speed = None if given.speed == "flat_out" else float(given.speed)
    clock = Clock(keeper.born.tick_seconds, speed, until_tick=given.until_tick, file=path.with_name("clock.json"))
    if given.window_seconds:
        clock.window_max = max(1, given.window_seconds // clock.tick_seconds)
    return Hub(bus, keeper, clock, journal, HubMetrics(keeper.born), historian=not given.no_historian)
