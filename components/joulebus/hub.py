"""The inverter's process: the keeper and the clock of a home, on the bus.

One process holds both, so that a settlement and the opening of the next window are one message, and so that a pause
cannot fall between them. The inverter is also a device; its own seat offers here without a message.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, Literal

from joulebus import answers
from joulebus.bus import Bus, Sender
from joulebus.bus.timers import Promise, cancel, every, later
from joulebus.clock import Clock
from joulebus.devices import KINDS
from joulebus.errors import BusError, JournalError, PropertyError, RosterError
from joulebus.home import seat_of
from joulebus.journal import Journal
from joulebus.keeper import Keeper, Verdict
from joulebus.metrics import HubMetrics
from joulebus.outside import not_its_own
from joulebus.seat import Seat, read_properties
from joulebus.watchman import Watchman
from joulebus_core import CoreError
from joulebus_schemas import calls
from joulebus_schemas.roster import Change, Member
from joulebus_schemas.rounds import Blocked, Kept, Offered, Opened, Refused, Reported, Resume, Settled

log = logging.getLogger("joulebus.hub")

RESEND_SECONDS = 1.0
KEEPER = "inverter"


@dataclass
class Hub:
    """The keeper of a home between its messages."""

    bus: Bus
    keeper: Keeper
    clock: Clock
    journal: Journal
    metrics: HubMetrics
    historian: bool = True
    window_lead: int = 8
    """How many settlements it may be ahead of the historian: the only back-pressure that the bus needs."""
    joining: dict[str, Member] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = self.keeper.born.home
        self.watchman = Watchman(self.clock.now)
        self.seat: Seat = self._own_seat()
        self.kept = self.keeper.number
        self._awaited: dict[str, Promise[calls.Accepted]] = {}
        self._timer: Any = None
        self._cause: str | None = None
        self._has_settled = False

    def _own_seat(self) -> Seat:
        member = self.keeper.roster[KEEPER]
        seat = seat_of(self.keeper.born, KEEPER, member, {})
        resume = self.keeper.resume(KEEPER)
        if resume.last is not None and resume.state is not None and resume.outcome is not None:
            seat.restore(resume.state, resume.last, resume.outcome)
        return seat

    def uri(self, device: str, name: str) -> str:
        """The URI of an event or a procedure."""
        return f"joulebus.{self.home}.{device}.{name}"

    def start(self) -> None:
        """Declare all that the keeper hears and answers."""
        self.bus.subscribe(f"joulebus.{self.home}..offered", Offered, self.on_offered, match="wildcard")
        self.bus.subscribe(self.uri("historian", "kept"), Kept, self.on_kept)
        for name, ask, answer in self._procedures():
            self.bus.register(self.uri(KEEPER, name), ask, answer)
        for name, ask, answer in self._clock_procedures():
            self.bus.register(self.uri("clock", name), ask, answer)
        self.bus.on_join.append(self.joined)
        every(RESEND_SECONDS, self.look_around)

    def _procedures(self) -> list[tuple[str, Any, Any]]:
        return [
            ("resume", calls.AskDevice, self.resume),
            ("ready", calls.AskDevice, self.ready),
            ("change", calls.AskChange, self.change),
            ("admit", calls.AskAdmit, self.admit),
            ("dismiss", calls.AskDismiss, self.dismiss),
            ("replay", calls.AskReplay, lambda ask, sender: answers.replay(self.journal, ask)),
            ("balance", calls.Nothingness, lambda ask, sender: answers.balance(self.keeper)),
            ("describe", calls.Nothingness, lambda ask, sender: self.describe()),
            ("get", calls.Nothingness, lambda ask, sender: self.seat.properties.model_dump(mode="json")),
            ("set", calls.Fields, lambda ask, sender: self.set(KEEPER, ask.fields)),
            ("state", calls.Nothingness, lambda ask, sender: self.state()),
        ]

    def _clock_procedures(self) -> list[tuple[str, Any, Any]]:
        return [
            ("get", calls.Nothingness, lambda ask, sender: self.time()),
            ("pause", calls.Nothingness, lambda ask, sender: self.turn(self.clock.pause)),
            ("resume", calls.Nothingness, lambda ask, sender: self.turn(lambda: self.clock.resume(self.keeper.next_tick))),
            ("step", calls.AskStep, lambda ask, sender: self.turn(lambda: self.clock.step(ask.ticks))),
            (
                "speed",
                calls.AskSpeed,
                lambda ask, sender: self.turn(lambda: self.clock.set_speed(_number(ask.speed), self.keeper.next_tick)),
            ),
        ]

    # The round

    def joined(self) -> None:
        """The router is there (again): say what is open."""
        if self.keeper.opened is None:
            self.clock.anchor(self.keeper.next_tick)
        else:
            self.bus.publish(self.uri(KEEPER, "opened"), self.keeper.opened)
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
            self.bus.publish(self.uri(KEEPER, "opened"), opened)
            self._take_part(opened)
            return
        wait = self.clock.wait_seconds(self.keeper.next_tick)
        if wait is not None:
            self._timer = later(max(wait, 0.001), self.go_on)

    def _open(self, ticks: int) -> Opened:
        opened = self.keeper.open(ticks)
        for change in opened.changes:
            self._has_begun(change)
        self.watchman.opened(opened.window.start)
        return opened

    def _take_part(self, opened: Opened) -> None:
        """The inverter's own packet, while the others make theirs."""
        self.seat.enter(opened)
        self.keeper.take(KEEPER, self.seat.offer(opened))
        if self.keeper.is_complete:
            later(0.0, self._settle_if_complete)

    def _has_begun(self, change: Change) -> None:
        if change.added is not None or change.on:
            self.joining.pop(change.device, None)

    def on_offered(self, offered: Offered, sender: Sender) -> None:
        """A packet; whose it is, the router says."""
        device = sender.authid
        verdict = self.keeper.take(device, offered)
        self.metrics.packet(device, verdict.name.lower())
        if verdict is Verdict.ACCEPTED:
            self.watchman.arrived(device)
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
        elif verdict is Verdict.STRANGER and device not in self.joining:
            self.refuse(device, offered.window.start, f"{device} is not in the roster of {self.home}")

    def _repeat_settlement(self, offered: Offered) -> None:
        """A late packet means that its settlement was lost on the way: the last one is said again, at most once a second."""
        settled = self.keeper.settled
        if settled is not None and settled.window.start == offered.window.start and self.watchman.may_repeat():
            self.bus.publish(self.uri(KEEPER, "settled"), settled.model_copy(update={"opened": self.keeper.opened}))

    def refuse(self, device: str, tick: int, reason: str) -> None:
        """Say loudly that a packet was not taken."""
        log.warning("refused a packet of %s for tick %d: %s", device, tick, reason)
        self.bus.publish(self.uri(KEEPER, "refused"), Refused(device=device, tick=tick, reason=reason))

    def _settle_if_complete(self) -> None:
        if self.keeper.is_complete:
            self.settle()

    def settle(self) -> None:
        """Close the window; when it cannot be made durable, time stands still until it can."""
        try:
            settled = self.keeper.settle()
        except JournalError as error:
            self._cause = str(error)
            return
        except CoreError as error:
            self._cause = f"time stands still at tick {self.keeper.next_tick}: {error}"
            self._refuse_the_impossible()
            return
        except BaseException as bug:
            # Not the world but a violated invariant: a process that no longer knows its books must not go on.
            self.bus.fail(BusError(f"the books of {self.home} must close at tick {self.keeper.next_tick}, but do not: {bug!r}"))
            raise
        self._cause = None
        if not self._has_settled:
            self._has_settled = True
            self.clock.anchor(self.keeper.next_tick)  # Time counts from when everybody is there.
        self.seat.advance(settled.window, settled.outcomes[KEEPER])
        self.clock.committed(self.keeper.next_tick, settled.window.ticks)
        self.watchman.settled()
        self.publish(settled)
        self.metrics.settled(settled)

    def _refuse_the_impossible(self) -> None:
        """Whose packet nobody could settle is as good as absent: the others go on when it sends a better one."""
        for device, reason in self.keeper.forget_the_impossible().items():
            self.refuse(device, self.keeper.next_tick, reason)
            self._cause = None

    def publish(self, settled: Settled) -> None:
        """Say what is committed, and with it the next window when it is due at once."""
        ticks = 0 if self._waits_for_historian() else self.clock.ticks(self.keeper.next_tick)
        opened = self._open(ticks) if ticks else None
        self.bus.publish(self.uri(KEEPER, "settled"), settled.model_copy(update={"opened": opened}))
        if opened is None:
            self.go_on()
        else:
            self._take_part(opened)

    def _waits_for_historian(self) -> bool:
        return self.historian and self.keeper.number - self.kept >= self.window_lead

    def on_kept(self, kept: Kept, sender: Sender) -> None:
        """The historian has followed."""
        if sender.authid == "historian":
            self.kept = max(self.kept, kept.number)
            self.go_on()

    def look_around(self) -> None:
        """Each second: try what failed, say again what may have been lost, and name who holds time up."""
        self.metrics.lag(self.clock.lag_ticks(self.keeper.next_tick))
        if not self.bus.joined:
            return
        if self._cause is not None:
            self._settle_if_complete()
        if self.keeper.opened is None:
            self.go_on()
        elif self.watchman.is_overdue():
            self.bus.publish(self.uri(KEEPER, "opened"), self.keeper.opened)
        self._say_if_blocked()

    def _say_if_blocked(self) -> None:
        cause = self.cause()
        if cause is not None and self.watchman.may_warn():
            log.warning("%s", cause)
            waits = self.keeper.missing() if self.keeper.opened else ("historian",)
            seconds = int(self.watchman.still_seconds())
            self.bus.publish(
                self.uri(KEEPER, "blocked"), Blocked(tick=self.keeper.next_tick, seconds=seconds, waits_for=waits, cause=cause)
            )

    def cause(self) -> str | None:
        """Why time stands still although it should not, in one sentence."""
        if self._cause is not None:
            return self._cause
        if self.watchman.is_overdue() and self.keeper.missing():
            return f"time stands still at tick {self.keeper.next_tick}: no packet from {', '.join(self.keeper.missing())}"
        if self._waits_for_historian():
            return (
                f"time stands still at tick {self.keeper.next_tick}: the historian is {self.keeper.number - self.kept} settlements behind"
            )
        return None

    # What is asked

    def resume(self, ask: calls.AskDevice, sender: Sender) -> Resume:
        """A device comes (back)."""
        _only(sender, ask.name)
        before = self.keeper.opened
        answer = self.keeper.resume(ask.name, self.joining.get(ask.name))
        if before is not None and answer.opened is not None and answer.opened.revisions != before.revisions:
            self.bus.publish(self.uri(KEEPER, "opened"), answer.opened)
        return answer

    def ready(self, ask: calls.AskDevice, sender: Sender) -> Any:
        """A device can take part: from the next tick that can still be changed, when it does not already."""
        _only(sender, ask.name)
        member = self.keeper.future_roster().get(ask.name)
        if member is not None and member.on:
            return {"from_tick": self.keeper.next_tick}
        wanted = self.joining.get(ask.name)
        if wanted is None:
            raise RosterError(f"{ask.name} is switched off: the home switches it on")
        change = Change(device=ask.name, from_tick=0, on=True) if member is not None else Change(device=ask.name, from_tick=0, added=wanted)
        accepted = calls.Accepted(device=ask.name, from_tick=self.keeper.change(change), on=True)
        awaited = self._awaited.pop(ask.name, None)
        if awaited is not None:
            awaited.keep(accepted)
        return {"from_tick": accepted.from_tick}

    def admit(self, ask: calls.AskAdmit, sender: Sender) -> Any:
        """The home starts a device: answered when the device is ready, with the tick from which it takes part."""
        _only(sender, "home")
        member = self.keeper.future_roster().get(ask.device)
        if member is not None and member.on:
            raise RosterError(f"{ask.device} is switched on already")
        if member is None:
            self.keeper.check_name_is_free(ask.device)
        self.joining[ask.device] = member.model_copy(update={"on": True}) if member else ask.member
        awaited = self._awaited[ask.device] = Promise()
        return awaited.deferred

    def dismiss(self, ask: calls.AskDismiss, sender: Sender) -> calls.Accepted:
        """The home stops a device."""
        _only(sender, "home")
        self.joining.pop(ask.device, None)
        change = Change(device=ask.device, from_tick=0, removed=True) if ask.remove else Change(device=ask.device, from_tick=0, on=False)
        return calls.Accepted(device=ask.device, from_tick=self.keeper.change(change), on=False)

    def change(self, ask: calls.AskChange, sender: Sender) -> calls.Accepted:
        """A device has accepted new properties."""
        _only(sender, ask.device)
        foreign = not_its_own(self.keeper.member(ask.device), ask.properties)
        if foreign:
            raise PropertyError(f"{ask.device} may change its settings only; {', '.join(foreign)} stand in the home file")
        return self.set(ask.device, ask.properties)

    def set(self, device: str, fields: dict[str, Any]) -> calls.Accepted:
        """Change some properties; what others were promised for the same tick stays."""
        member = self.keeper.member(device)
        given = {**member.properties, **fields}
        read_properties(KINDS[member.kind], given, device)
        tick = self.keeper.change(Change(device=device, from_tick=0, properties=given))
        return calls.Accepted(device=device, from_tick=tick, properties=given)

    def state(self) -> Reported:
        """State and readings of the inverter."""
        return Reported(tick=self.keeper.next_tick, state=self.seat.state_words(), readings=self.seat.readings())

    def describe(self) -> calls.Description:
        """What the inverter is."""
        device = self.seat.device
        names = tuple(self.uri(KEEPER, name) for name, _, _ in self._procedures())
        schema = device.properties.model_json_schema()
        return calls.Description(
            name=KEEPER, kind=device.kind, summary=device.summary, hears=(), tells=(), properties=schema, procedures=names
        )

    def turn(self, act: Any) -> calls.ClockState:
        """Do something to the clock and say how it stands."""
        act()
        self.go_on()
        return self.time()

    def time(self) -> calls.ClockState:
        """How the clock stands."""
        tick = self.keeper.next_tick
        lag = self.clock.lag_ticks(tick)
        waits = self.keeper.missing() if self.watchman.is_overdue() else ()
        return calls.ClockState(
            tick=tick,
            time=answers.time_of(self.keeper, tick),
            timezone=self.keeper.born.place.timezone,
            tick_seconds=self.clock.tick_seconds,
            speed=self.clock.speed if self.clock.speed is not None else "flat_out",
            paused=self.clock.paused,
            lag_ticks=lag,
            slowest=next(iter(waits), self.watchman.slowest()) if lag else None,
            waits_for=waits,
            cause=self.cause(),
        )


def _number(speed: float | Literal["flat_out"]) -> float | None:
    return None if speed == "flat_out" else speed


def _only(sender: Sender, authid: str) -> None:
    """Procedures of the round are for those whom they concern; the router says who calls."""
    if sender.authid != authid:
        raise RosterError(f"only {authid} may ask this, not {sender.authid}")
