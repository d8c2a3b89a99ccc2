"""What the keeper and the clock of a home are asked: by devices that come, by the home, and by people. The round is in hub.py."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from joulebus.bus import Bus, Sender
from joulebus.bus.component import Listener, Says, answers
from joulebus.bus.timers import answer_later, give, later
from joulebus.clock import Clock
from joulebus.devices import KINDS
from joulebus.errors import PropertyError, RosterError
from joulebus.home import answers as answered
from joulebus.home.keeper import Keeper
from joulebus.home.outside import not_its_own
from joulebus.home.rehearsal import rehearse
from joulebus.home.seat import Seat, read_properties
from joulebus.home.steering import may_set
from joulebus.journal.file import Journal
from joulebus.services.coming import Coming
from joulebus.services.lead import HistorianLead
from joulebus.services.watchdog import Watchdog
from joulebus_schemas import calls, topics
from joulebus_schemas.change_log import AskChangeLog, ChangeLog
from joulebus_schemas.principals import device
from joulebus_schemas.roster import By, Change
from joulebus_schemas.rounds import Reported, Resume
from joulebus_schemas.topics import CLOCK, KEEPER

REST_SECONDS_MAX = 4.0
"""Whoever stops the clock is answered by then, before a call gives up."""


class AskedHub(Protocol):
    """What the questions are about, and what their answers set going."""

    keeper: Keeper
    clock: Clock
    journal: Journal
    seat: Seat
    watchdog: Watchdog
    lead: HistorianLead

    def go_on(self) -> None:
        """Open the next window when it is due."""

    def cause(self) -> str | None:
        """What the clock is waiting for although it should run, in one sentence."""

    def left_the_window(self, ask: calls.AskDismiss) -> None:
        """A device is out of the open window: those who heard it are told, and the window may now be complete."""

    def procedures(self) -> tuple[str, ...]:
        """What else can be asked of this component."""


@dataclass
class Questions(Listener):
    """The half of the inverter's process that answers calls."""

    part = KEEPER
    say_opened, say_clock_changed = Says(topics.OPENED), Says(topics.CLOCK_CHANGED)

    bus: Bus
    home: str
    hub: AskedHub
    coming: Coming
    resting: list[asyncio.Future[None]] = field(default_factory=list)
    """Who waits until the clock stands and nothing is open."""

    def __post_init__(self) -> None:
        self.keeper, self.clock = self.hub.keeper, self.hub.clock

    # Of devices and of the home

    @answers(topics.RESUME)
    def resume(self, ask: calls.AskDevice, sender: Sender) -> Resume:
        """A device comes (back).

        Raises:
            RosterError: Somebody else than the device asks.
        """
        self._only(sender, ask.name)
        before = self.keeper.opened
        answer = self.keeper.resume(ask.name, self.coming.joining.get(ask.name))
        if before is not None and answer.opened is not None and answer.opened.revisions != before.revisions:
            self.say_opened(answer.opened)
        return answer

    @answers(topics.READY)
    def ready(self, ask: calls.AskDevice, sender: Sender) -> calls.Accepted:
        """A device can take part: from the next tick that can still be changed, when it does not already.

        One that is promised to be switched off takes part until then, which the answer says (``on`` is false).

        Raises:
            RosterError: Somebody else than the device asks, or it is switched off.
        """
        self._only(sender, ask.name)
        member = self.keeper.future_roster().get(ask.name)
        if member is not None and member.on:
            return calls.Accepted(device=ask.name, from_tick=self.keeper.next_tick, on=True)
        wanted = self.coming.joining.get(ask.name)
        if wanted is None:
            now = self.keeper.roster.get(ask.name)
            if now is None or not now.on:
                raise RosterError(f"{ask.name} is switched off: the home switches it on")
            return calls.Accepted(device=ask.name, from_tick=self.keeper.next_tick, on=False)
        change = Change(device=ask.name, from_tick=0, on=True) if member is not None else Change(device=ask.name, from_tick=0, added=wanted)
        tick = self.keeper.change(change, by=self.coming.wanted_by(ask.name))
        accepted = calls.Accepted(device=ask.name, from_tick=tick, on=True)
        self.coming.is_ready(accepted)
        return accepted

    @answers(topics.ADMIT)
    def admit(self, ask: calls.AskAdmit, sender: Sender) -> asyncio.Future[calls.Accepted]:
        """The home starts a device: answered when the device is ready, with the tick from which it takes part.

        Raises:
            RosterError: Somebody else than the home asks, or the device is on already.
        """
        self._only(sender, "home")
        member = self.keeper.future_roster().get(ask.device)
        if member is not None and member.on:
            raise RosterError(f"{ask.device} is switched on already")
        if member is None:
            self.keeper.check_name_is_free(ask.device)
        wanted = member.model_copy(update={"on": True}) if member else ask.member
        return self.coming.expect(ask, wanted, passed_on(ask.by, "home"))

    @answers(topics.DISMISS)
    def dismiss(self, ask: calls.AskDismiss, sender: Sender) -> calls.Accepted:
        """The home stops a device.

        Raises:
            RosterError: Somebody else than the home asks.
        """
        self._only(sender, "home")
        change = Change(device=ask.device, from_tick=0, removed=True) if ask.remove else Change(device=ask.device, from_tick=0, on=False)
        before = self.keeper.opened
        tick = self.keeper.change(change, by=passed_on(ask.by, "home"))
        self.coming.forget(ask.device, f"{ask.device} was switched off before it was ready")
        if before is not None and tick == before.window.start:
            self.hub.left_the_window(ask)
        return calls.Accepted(device=ask.device, from_tick=tick, on=False)

    @answers(topics.CHANGE)
    def change(self, ask: calls.AskChange, sender: Sender) -> calls.Accepted:
        """A device has accepted new properties, or a program sets what it steers.

        Raises:
            PropertyError: A foreign device would change what the home file sets.
            RosterError: Somebody else than the device or such a program asks.
        """
        program = sender.of(self.home)
        if may_set(self.keeper.future_roster(), program, ask.device, ask.properties):
            return self.set(ask.device, ask.properties, passed_on(ask.by, program))
        self._only(sender, ask.device)
        foreign = not_its_own(self.keeper.member(ask.device), ask.properties)
        if foreign:
            verb = "is" if len(foreign) == 1 else "are"
            raise PropertyError(f"{ask.device} may only change its own settings; {', '.join(foreign)} {verb} set in the home file")
        return self.set(ask.device, ask.properties, passed_on(ask.by, ask.device))

    # Of followers, views and people

    @answers(topics.REPLAY)
    def replay(self, ask: calls.AskReplay, sender: Sender) -> calls.Replay:
        """Committed records for whoever follows.

        Raises:
            RosterError: A device asks whose kind does not follow them.
        """
        reader = self.keeper.future_roster().get(sender.of(self.home) or "")
        if reader is not None and not (reader.kind in KINDS and KINDS[reader.kind].reads_journal):
            raise RosterError(f"{sender.of(self.home)} may not read the journal: a device of kind {reader.kind} needs none of it")
        return answered.replay(self.hub.journal, ask)

    @answers(topics.CHANGE_LOG)
    def change_log(self, ask: AskChangeLog) -> ChangeLog:
        """Who changed what, the last first."""
        return answered.change_log(self.hub.journal, self.keeper, ask)

    @answers(topics.BALANCE)
    def balance(self) -> calls.Balance:
        """The state of the home."""
        return answered.balance_of(self.keeper)

    @answers(topics.GET)
    def get(self) -> calls.Fields:
        """The properties of the inverter in force."""
        return calls.Fields.model_validate(self.hub.seat.properties.model_dump(mode="json"))

    @answers(topics.SET)
    def set_own(self, ask: calls.Fields, sender: Sender) -> calls.Accepted:
        """Change some properties of the inverter."""
        return self.set(KEEPER, ask.fields, answered.change_asked_by(sender, topics.SET.uri(self.home, KEEPER), ask.fields))

    def set(self, device: str, fields: dict[str, Any], by: By | None) -> calls.Accepted:
        """Change some properties; what others were promised for the same tick stays."""
        member = self.keeper.member(device)
        given = {**member.properties, **fields}
        properties = read_properties(KINDS[member.kind], given, device)
        if device == KEEPER:  # The others have rehearsed it themselves; their files are none of the keeper's business.
            rehearse(self.hub.seat, properties, self.keeper.next_tick)
        tick = self.keeper.change(Change(device=device, from_tick=0, properties=given), by=by)
        return calls.Accepted(device=device, from_tick=tick, properties=given)

    @answers(topics.STATE)
    def state(self) -> Reported:
        """State and readings of the inverter."""
        return Reported(tick=self.keeper.next_tick, state=self.hub.seat.state_words(), readings=self.hub.seat.readings())

    @answers(topics.DESCRIBE)
    def describe(self) -> calls.Description:
        """What the inverter is."""
        device = self.hub.seat.device
        names = tuple(uri for uri in (*self.hub.procedures(), *self.procedures()) if uri.startswith(f"joulebus.{self.home}.{KEEPER}."))
        schema = device.properties.model_json_schema()
        return calls.Description(
            name=KEEPER, kind=device.kind, summary=device.summary, hears=(), signals=(), properties=schema, procedures=names
        )

    # The clock

    @answers("pause", owner=CLOCK)
    async def pause(self, ask: calls.Nothingness, sender: Sender) -> calls.ClockState:
        """Stop after the open window; answered when it is settled."""
        self._turn(self.clock.pause, sender, "pause", {})
        return await self._at_rest()

    @answers("resume", owner=CLOCK)
    def go(self, ask: calls.Nothingness, sender: Sender) -> calls.ClockState:
        """Resume."""
        return self._turn(lambda: self.clock.resume(self._next_to_open()), sender, "resume", {})

    @answers("step", owner=CLOCK)
    async def step(self, ask: calls.AskStep, sender: Sender) -> calls.ClockState:
        """Advance by some ticks, then pause; answered when they have passed, or after some seconds."""
        self._turn(lambda: self.clock.step(ask.ticks), sender, "step", {"ticks": ask.ticks})
        return await self._at_rest()

    @answers("speed", owner=CLOCK)
    def set_speed(self, ask: calls.AskSpeed, sender: Sender) -> calls.ClockState:
        """Change the speed."""
        speed = None if ask.speed == "flat_out" else ask.speed
        return self._turn(lambda: self.clock.set_speed(speed, self._next_to_open()), sender, "speed", {"speed": ask.speed})

    def _turn(self, act: Callable[[], None], sender: Sender, name: str, arguments: dict[str, Any]) -> calls.ClockState:
        """Change the clock, record who asked for it, and return its state."""
        self.keeper.change(by=answered.change_asked_by(sender, f"joulebus.{self.home}.{CLOCK}.{name}", arguments))
        act()
        self.tell_those_at_rest(also_when_moving=True)
        self.hub.go_on()
        state = self.time()
        self.say_clock_changed(state)
        return state

    def _next_to_open(self) -> int:
        """The tick from which the clock counts again: what is open already is not due a second time."""
        return self.keeper.next_tick if self.keeper.opened is None else self.keeper.opened.window.end

    async def _at_rest(self) -> calls.ClockState:
        """How the clock stands when nothing moves any more; after some seconds, how it stands then."""
        if self._moves():
            rest = answer_later()
            self.resting.append(rest)
            later(REST_SECONDS_MAX, lambda: give(rest, None))
            await rest
        return self.time()

    def _moves(self) -> bool:
        return self.keeper.opened is not None or not self.clock.stands

    def tell_those_at_rest(self, also_when_moving: bool = False) -> None:
        """Those who wait until nothing moves are answered; all of them, when somebody turns the clock again."""
        if self.resting and (also_when_moving or not self._moves()):
            waiting, self.resting = self.resting, []
            for rest in waiting:
                give(rest, None)

    @answers(topics.CLOCK_GET)
    def time(self) -> calls.ClockState:
        """The state of the clock."""
        tick = self.keeper.next_tick
        lag = self.clock.lag_ticks(tick)
        waits = self.keeper.missing() if self.hub.watchdog.is_overdue() else ()
        return calls.ClockState(
            tick=tick,
            time=answered.time_of(self.keeper, tick),
            timezone=self.keeper.born.place.timezone,
            tick_seconds=self.clock.tick_seconds,
            speed=self.clock.speed if self.clock.speed is not None else "flat_out",
            paused=self.clock.paused,
            lag_ticks=lag,
            slowest=next(iter(waits), self.hub.watchdog.slowest()) if lag else None,
            waits_for=waits,
            cause=self.hub.cause() or (None if self.keeper.opened is not None else self.clock.why_nothing_is_due(tick)),
            historian_behind=self.hub.lead.behind(self.keeper.number),
            historian_records_a_second=self.hub.lead.rate.per_second() if self.hub.lead.behind(self.keeper.number) else 0,
        )

    def _only(self, sender: Sender, name: str) -> None:
        """Procedures of the round are for those whom they concern; the router says who calls."""
        if sender.of(self.home) != name:
            raise RosterError(f"only {device(self.home, name)} may ask this, not {sender.authid}")


def passed_on(by: By | None, through: str | None) -> By | None:
    """What a component says about who asked it; that it is this component, the router says."""
    return None if by is None else by.model_copy(update={"through": through})
