"""Starts and stops the devices of a running home, and ends it when its time is over; answers ``home.*`` on the bus.

Whether a device belongs to the balance is the keeper's roster; whether its process runs is decided here, after it.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from joulebus.bus import TIMEOUT, Bus, CallError, Sender
from joulebus.bus.component import Asks, Component, Says, answers, hears
from joulebus.bus.timers import cancel, every, later, spawn
from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.home.answers import change_asked_by
from joulebus.home.named_files import FileRules
from joulebus.home.outside import lives_outside
from joulebus.home.palette import described_kind, listed_kinds
from joulebus.home.rehearsal import rehearse
from joulebus.home.round import new_birth, seat_of
from joulebus.home.seat import read_properties
from joulebus.homefile.hearing import hearing_order, hears_of
from joulebus.homefile.home_file import HomeFile, dump
from joulebus.provision import ROUTER, SUPERVISOR, HomePart, Provisioner
from joulebus.registry import BY_NAME, DEVICE
from joulebus.rundir import JOURNAL
from joulebus.services.auditing import Auditing
from joulebus.services.homes import Homes
from joulebus.services.part_state import part_status, resident_bytes
from joulebus.services.people import People
from joulebus.services.troubles import Troubles
from joulebus.services.whatif import WhatIf
from joulebus_schemas import calls, topics
from joulebus_schemas.audits import LOG_LINE_CHARACTERS_MAX, AskLogs, LogLines
from joulebus_schemas.base import Word
from joulebus_schemas.kinds import AskKind, KindDetails, KindList
from joulebus_schemas.roster import By, Member, of_kind
from joulebus_schemas.rounds import Blocked, Dropped, Kept, PartTrouble, Settled

_log = logging.getLogger("joulebus.services.supervisor")

DEVICE_READY_SECONDS_MAX = 30.0
"""How long a new device may take until it is ready."""
HEALTH_SECONDS_MAX = 1.0
"""How long a part may take to report its health; a frozen one never answers."""
LAST_WORDS_SECONDS_MAX = 2.0
"""How long the historian may take to follow once the home's time is over; what it misses, it gets at the next start."""
TROUBLE_LOOK_SECONDS = 1.0
TROUBLE_LOOKS = 10
RESTART_AFTER_SECONDS = 0.1
"""The answer goes out first: it may be the router that is restarted."""


@dataclass
class Supervisor(Component):
    """The home: starts and stops the processes of its devices."""

    part = "home"
    say_trouble = Says(topics.PART_TROUBLE)
    ask_admit, ask_dismiss, ask_balance = Asks(topics.ADMIT), Asks(topics.DISMISS), Asks(topics.BALANCE)
    ask_health, ask_time = Asks(topics.HEALTH), Asks(topics.CLOCK_GET)

    bus: Bus
    file: HomeFile
    roster: dict[str, Member]
    provisioner: Provisioner
    first_tick: int = 0
    """Where its books stood when it was started."""
    folder: Path = Path()
    """The folder of the home file."""
    until_tick: int | None = None
    """Its time is over before this tick."""
    on_over: Callable[[], object] = lambda: None
    """Called when its time is over and all of it is kept."""

    def __post_init__(self) -> None:
        self.home = self.file.name
        self.tick = self.first_tick
        self._number = 0
        self._is_over = False
        self._leaving, self._joining = dict[str, int](), set[str]()
        self._troubles, self._in_trouble, self._looks = Troubles(), dict[str, int](), 0
        self._told_at_look: dict[str, int] = {}
        journal = self.provisioner.books / JOURNAL
        self.beside = (
            Auditing(self.bus, self.home, journal),
            Homes(self.bus, self.home, self.provisioner.books),
            People(self.bus, self.home, self.provisioner.books, getattr(self.provisioner, "access", None)),
            WhatIf(self.bus, self.home, journal, self.folder),
        )
        self._dropped: dict[str, int] = {}

    def start(self) -> None:
        """Declare what the home answers, and start every device that is on."""
        self.declare()
        for one in self.beside:
            one.declare()
        self.bus.on_join.append(self._catch_up)
        every(TROUBLE_LOOK_SECONDS, self._look_for_trouble)
        self._start_all()

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Time has moved on: processes of devices that have left the balance may end."""
        self._number = settled.number
        self._reach(settled.window.end)

    @hears(topics.KEPT)
    def on_kept(self, kept: Kept) -> None:
        """The home may end once its time is over and the historian has all of it."""
        if self._is_over and kept.number >= self._number:
            self.on_over()

    def _catch_up(self) -> None:
        """What was settled before it listened: flat out, that may be all of it."""
        spawn(self._ask_where_time_is())

    async def _ask_where_time_is(self) -> None:
        with suppress(CallError):  # When the keeper is not there yet, nothing was missed.
            self._reach((await self.ask_time(calls.Nothingness())).tick)

    def _reach(self, tick: int) -> None:
        self.tick = tick
        self._end_those_who_left()
        if self.until_tick is not None and tick >= self.until_tick and not self._is_over:
            self._is_over = True
            later(LAST_WORDS_SECONDS_MAX, self.on_over)

    def hindrance(self) -> str | None:
        """The home is ready as soon as energy flows."""
        return super().hindrance() or (None if self.tick > self.first_tick else f"nothing is settled yet in {self.home}")

    def last_tick(self) -> int | None:
        """The home's next tick."""
        return self.tick

    def _look_for_trouble(self) -> None:
        """Say who ends again and again: at once, every ten seconds while it lasts, and when it is over."""
        self._looks += 1
        before = self._in_trouble
        now = self._in_trouble = self._troubles.look({name: one.restarts for name, one in self.provisioner.status().items()})
        if not self.bus.joined:
            self._in_trouble = {}
            return
        for name, ends in now.items():
            if name not in before or self._looks >= self._told_at_look[name] + TROUBLE_LOOKS:
                self._told_at_look[name] = self._looks
                text = f"{name} has ended {ends} times within a minute and is started again each time; see `joulebus logs {name}`"
                self.say_trouble(PartTrouble(part=name, ends=ends, text=text))
        for name in before.keys() - now.keys():
            self.say_trouble(PartTrouble(part=name, ends=0, text=f"{name} runs again"))

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock waits for a device: it must run. A keeper that died while it promised something has told nobody."""
        spawn(self._start_again())

    async def _start_again(self) -> None:
        with suppress(CallError):  # It says so again when it cannot answer now.
            await self.list()
            self._start_all()

    def _start_all(self) -> None:
        for name, member in self.roster.items():
            if member.on and member.kind != "inverter":
                self.provisioner.start(device_part(name, member, self.folder, self.provisioner.books))

    @answers("add")
    async def add(self, ask: calls.AskAdd, sender: Sender) -> calls.Accepted:
        """A new device: checked here, started, and in the balance from the tick in the answer.

        Raises:
            RosterError: The kind is unknown, the name is taken, or the home already has its only one.
        """
        if ask.kind not in KINDS:
            raise RosterError(f'unknown kind "{ask.kind}"; known kinds: {", ".join(KINDS)}')
        if KINDS[ask.kind].is_only_one and of_kind(self.roster, ask.kind):
            raise RosterError(f"a home can have only one {ask.kind}, and {self.file.name} already has one")
        if ask.name in self.roster:
            raise RosterError(f"the name {ask.name} is taken")
        return await self._admit(ask.name, self._newcomer(ask, sender), self._by(sender, "add", ask))

    def _newcomer(self, ask: calls.AskAdd, sender: Sender) -> Member:
        """The new member with its ears; what it cannot do with or without is refused now, not when its process starts."""
        files = FileRules(self.home, self.folder, sender)
        alone = Member(kind=ask.kind, properties=files.located(KINDS[ask.kind], ask.properties))
        hears = ask.hears if ask.hears is not None else hears_of({**self.roster, ask.name: alone})[ask.name]
        for heard in hears:
            self._known(heard)
        member = alone.model_copy(update={"hears": hears})
        read_properties(KINDS[ask.kind], member.properties, ask.name)
        with files.discreet(ask.name, member.properties):
            seat = seat_of(new_birth(self.file), ask.name, member, {heard: self.roster[heard].kind for heard in hears})
            rehearse(seat, seat.properties, self.tick)
        return member.model_copy(
            update={"properties": seat.properties.model_dump(mode="json")}
        )  # All of them: who lives outside reads them.

    @answers(topics.SWITCH)
    async def switch(self, ask: calls.AskSwitch, sender: Sender) -> calls.Accepted:
        """Switch a device on or off.

        Raises:
            RosterError: There is no such device, or another device asks.
        """
        if sender.role == DEVICE and sender.of(self.home) != ask.name:
            raise RosterError(f"a device may switch itself only: {sender.authid} must not switch {ask.name}")
        member, by = self._known(ask.name), self._by(sender, "switch", ask)
        if ask.on:
            return await self._admit(ask.name, member.model_copy(update={"on": True}), by)
        return await self._dismiss(calls.AskDismiss(device=ask.name, by=by))

    @answers("remove")
    async def remove(self, ask: calls.AskDevice, sender: Sender) -> calls.Accepted:
        """Remove a device.

        Raises:
            RosterError: There is no such device.
        """
        self._known(ask.name)
        return await self._dismiss(calls.AskDismiss(device=ask.name, remove=True, by=self._by(sender, "remove", ask)))

    @answers("hear")
    async def hear(self, ask: calls.AskHear, sender: Sender) -> calls.Accepted:
        """Let a device use the signals of others: it leaves, and comes again as a new one of its name.

        Raises:
            RosterError: There is no such device, it is off, it is heard itself, it would hear itself, or cannot do without somebody.
        """
        member, by = self._known(ask.name), self._by(sender, "hear", ask)
        if not member.on:
            raise RosterError(f"{ask.name} must be on to hear others than before: switch it on first")
        wanted = member.model_copy(update={"hears": ask.hears})
        for heard in ask.hears:
            self._known(heard)
        hearing_order({**self.roster, ask.name: wanted})
        seat = seat_of(new_birth(self.file), ask.name, wanted, {heard: self.roster[heard].kind for heard in ask.hears})
        rehearse(seat, seat.properties, self.tick)
        await self._dismiss(calls.AskDismiss(device=ask.name, remove=True, by=by))
        return await self._admit(ask.name, wanted, by)

    def _by(self, sender: Sender, call: str, ask: Word) -> By:
        return change_asked_by(sender, f"joulebus.{self.home}.{self.part}.{call}", ask.model_dump(mode="json", exclude_unset=True))

    def _known(self, name: str) -> Member:
        if name not in self.roster:
            raise RosterError(f"there is no device {name} in {self.file.name}; its devices: {', '.join(self.roster)}")
        return self.roster[name]

    async def _admit(self, name: str, member: Member, by: By) -> calls.Accepted:
        if name in self._joining and not lives_outside(member):
            raise RosterError(f"{name} is being started already: wait for the answer to who has asked first")
        self._joining.add(name)
        starting = later(0.0, lambda: self._start_joining(name, member))  # Asked first: the keeper must know who comes.
        try:
            accepted = await self.ask_admit(calls.AskAdmit(device=name, member=member, by=by), seconds=DEVICE_READY_SECONDS_MAX)
        except CallError as error:
            cancel(starting)
            if lives_outside(member) and error.uri == TIMEOUT:
                raise RosterError(
                    f"{name} has a ticket now and joins when it comes, but has not come within {DEVICE_READY_SECONDS_MAX:.0f} s"
                ) from None
            if name not in self.roster or not self.roster[name].on:
                self._did_not_come(name)
            raise
        finally:
            self._joining.discard(name)
        self.roster[name] = member
        return accepted

    def _start_joining(self, name: str, member: Member) -> None:
        if self._leaving.pop(name, None) is not None:
            self.provisioner.stop(name)  # Only a process that starts says that it is ready.
        self.provisioner.start(device_part(name, member, self.folder, self.provisioner.books))

    async def _dismiss(self, ask: calls.AskDismiss) -> calls.Accepted:
        accepted, name = await self.ask_dismiss(ask), ask.device
        self._leaving[name] = accepted.from_tick
        if ask.remove:
            del self.roster[name]
        else:
            self.roster[name] = self.roster[name].model_copy(update={"on": False})
        self._end_those_who_left()
        return accepted

    def _end_those_who_left(self) -> None:
        for name in [name for name, leaves in self._leaving.items() if leaves <= self.tick]:
            del self._leaving[name]
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        """A device has left the balance."""
        self.provisioner.stop(name) if name in self.roster else self.provisioner.forget(name)

    def _did_not_come(self, name: str) -> None:
        """A device that was to join has not."""
        self.provisioner.stop(name)

    @answers("list")
    async def list(self) -> calls.Listing:
        """The roster, as the keeper has it."""
        balance = await self.ask_balance(calls.Nothingness())
        self.roster = dict(balance.roster)
        return calls.Listing(home=self.file.name, tick=balance.tick, devices=balance.roster)

    @answers("kinds")
    def kinds(self) -> KindList:
        """What kinds of devices there are."""
        return listed_kinds()

    @answers("kind")
    def kind(self, ask: AskKind) -> KindDetails:
        """A kind with the form of its properties, before there is a device of it.

        Raises:
            RosterError: There is no such kind.
        """
        return described_kind(ask.kind)

    @answers("export")
    async def export(self) -> calls.Exported:
        """The running home as a home file."""
        listing = await self.list()
        return calls.Exported(yaml=dump(replace(self.file, members=listing.devices)))

    # Its parts

    @answers("status")
    async def status(self) -> calls.HomeStatus:
        """All parts of the home: state, start time, restarts, and the health that each reports."""
        conditions = self.provisioner.status()
        healths = dict(zip(conditions, await asyncio.gather(*map(self._health_of, conditions)), strict=True))
        parts = {name: self._measured(name, part_status(condition, healths[name])) for name, condition in conditions.items()}
        return calls.HomeStatus(home=self.home, tick=self.tick, parts=parts)

    def _measured(self, name: str, status: calls.PartStatus) -> calls.PartStatus:
        """Also how far it is behind, the memory of its process, and how many messages it has dropped."""
        lag = None if status.tick is None else max(self.tick - status.tick, 0)
        return status.model_copy(
            update={"lag_ticks": lag, "memory_bytes": resident_bytes(status.pid), "dropped": self._dropped.get(name, 0)}
        )

    @hears(topics.DROPPED)
    def on_dropped(self, dropped: Dropped, sender: Sender) -> None:
        """Somebody has dropped messages; counted for the status."""
        name = sender.of(self.home)
        if name is not None:
            self._dropped[name] = self._dropped.get(name, 0) + dropped.count

    @answers("logs")
    def logs(self, ask: AskLogs) -> LogLines:
        """The last lines of the log of a part, also of one that has ended.

        Raises:
            RosterError: There is no log of that name here.
        """
        lines = tuple(line[:LOG_LINE_CHARACTERS_MAX] for line in self.provisioner.logs(ask.name, ask.lines))
        return LogLines(name=ask.name, lines=lines[-ask.lines :])

    async def _health_of(self, name: str) -> calls.Health | None:
        if name == SUPERVISOR:
            return self.health()
        if name == ROUTER:
            return calls.Health(component=ROUTER, ready=True)  # It carries this question.
        with suppress(CallError):
            return await self.ask_health(calls.Nothingness(), of=name, seconds=HEALTH_SECONDS_MAX)
        return None

    @answers("restart")
    def restart(self, ask: calls.AskDevice) -> calls.Restarted:
        """Restart a part: its process ends and another one starts; the home waits for it, and nothing is lost.

        Raises:
            RosterError: It does not run here, or is the supervisor itself.
        """
        if ask.name == SUPERVISOR:
            raise RosterError("the supervisor cannot restart itself: end the home and start it again")
        if ask.name not in (here := self._restartable()):
            raise RosterError(f"only what runs here can be restarted, and {ask.name} does not; there are {', '.join(here)}")
        later(RESTART_AFTER_SECONDS, lambda: self._restart(ask.name))
        return calls.Restarted(name=ask.name)

    def _restartable(self) -> tuple[str, ...]:
        """Parts that it could start again."""
        return tuple(name for name, condition in self.provisioner.status().items() if condition.state != "outside")

    def _restart(self, name: str) -> None:
        if name in self._restartable():  # Else it has been removed meanwhile.
            _log.info("%s is restarted, as somebody has asked", name)
            self.provisioner.scale(name, 0)
            self.provisioner.scale(name, 1)


def device_part(name: str, member: Member, folder: Path = Path(), links: Path | None = None) -> HomePart:
    """A device as it is to run; where ``links`` is None, what it opens has no names."""
    told = BY_NAME[DEVICE].argv({"name": name, "folder": folder, "links": links, "hears": ",".join(member.hears)})
    return HomePart(name, DEVICE, tuple(told), outside=lives_outside(member))
