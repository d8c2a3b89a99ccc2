"""Who starts and stops a living home: router, keeper, historian and one process a device; answers ``home.*`` on the bus.

Whether a device belongs to the balance is the keeper's roster; whether its process runs is decided here, after it.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from joulebus.bus import TIMEOUT, Bus, CallError
from joulebus.bus.component import Asks, Component, answers, hears
from joulebus.bus.timers import Later, cancel, later
from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.home.outside import lives_outside
from joulebus.home.round import birth_of, seat_of
from joulebus.homefile.hearing import hears_of
from joulebus.homefile.home_file import HomeFile, dump
from joulebus.provision import Provisioner
from joulebus_schemas import calls, topics
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Blocked, Settled

_log = logging.getLogger("joulebus.services.supervisor")

DEVICE_READY_SECONDS_MAX = 30.0
"""How long a new device may take until it is ready."""


@dataclass
class Supervisor(Component):
    """The home: starts and stops the processes of its devices."""

    part = "home"
    ask_admit, ask_dismiss, ask_balance = Asks(topics.ADMIT), Asks(topics.DISMISS), Asks(topics.BALANCE)

    bus: Bus
    file: HomeFile
    roster: dict[str, Member]
    provisioner: Provisioner

    def __post_init__(self) -> None:
        self.home = self.file.name
        self.tick = 0
        self._leaving: dict[str, int] = {}

    def start(self) -> None:
        """Declare what the home answers, and start every device that is on."""
        self.declare()
        self._start_all()

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Time has moved: processes of devices that have left the balance may end."""
        self.tick = settled.window.end
        self._end_those_who_left()

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """Time waits for somebody: he must run. A keeper that died while it promised something has told nobody."""
        self.list().addCallbacks(lambda listing: self._start_all(), lambda failure: None)  # It says so again when it cannot answer now.

    def _start_all(self) -> None:
        for name, member in self.roster.items():
            if member.on and member.kind != "inverter":
                self.provisioner.start(name, member)

    @answers("add")
    def add(self, ask: calls.AskAdd) -> Later[calls.Accepted]:
        """A new device: checked here, started, and in the balance from the tick in the answer."""
        if ask.kind not in KINDS:
            raise RosterError(f"there is no kind {ask.kind}; there are {', '.join(KINDS)}")
        if ask.kind == "inverter" or (ask.kind == "grid" and any(member.kind == "grid" for member in self.roster.values())):
            raise RosterError(f"a home has one {ask.kind}, and {self.file.name} has it already")
        if ask.name in self.roster:
            raise RosterError(f"a device's name must be free: {ask.name} is taken")
        return self._admit(ask.name, self._newcomer(ask))

    def _newcomer(self, ask: calls.AskAdd) -> Member:
        """The new member with its ears; what it cannot live with or without is refused now, not when its process starts."""
        alone = Member(kind=ask.kind, properties=ask.properties)
        hears = ask.hears if ask.hears is not None else hears_of({**self.roster, ask.name: alone})[ask.name]
        for heard in hears:
            self._known(heard)
        member = alone.model_copy(update={"hears": hears})
        seat = seat_of(birth_of(self.file), ask.name, member, {heard: self.roster[heard].kind for heard in hears})
        return member.model_copy(
            update={"properties": seat.properties.model_dump(mode="json")}
        )  # All of them: who lives outside reads them.

    @answers("switch")
    def switch(self, ask: calls.AskSwitch) -> Later[calls.Accepted]:
        """Switch a device on or off."""
        member = self._known(ask.name)
        if ask.on:
            return self._admit(ask.name, member.model_copy(update={"on": True}))
        return self._dismiss(ask.name, remove=False)

    @answers("remove")
    def remove(self, ask: calls.AskDevice) -> Later[calls.Accepted]:
        """A device leaves for good."""
        self._known(ask.name)
        return self._dismiss(ask.name, remove=True)

    def _known(self, name: str) -> Member:
        if name not in self.roster:
            raise RosterError(f"there is no device {name} in {self.file.name}; there are {', '.join(self.roster)}")
        return self.roster[name]

    def _admit(self, name: str, member: Member) -> Later[calls.Accepted]:
        asked = self.ask_admit(calls.AskAdmit(device=name, member=member), seconds=DEVICE_READY_SECONDS_MAX)
        refused = later(0.0, lambda: self._start_joining(name, member))

        def admitted(accepted: calls.Accepted) -> calls.Accepted:
            self.roster[name] = member
            return accepted

        def not_admitted(failure: Any) -> Any:
            cancel(refused)
            if lives_outside(member) and failure.check(CallError) and failure.value.uri == TIMEOUT:
                raise RosterError(
                    f"{name} has a ticket now and joins when it comes, but has not come within {DEVICE_READY_SECONDS_MAX:.0f} s"
                )
            if name not in self.roster or not self.roster[name].on:
                self.provisioner.stop(name)
            return failure

        return asked.addCallbacks(admitted, not_admitted)

    def _start_joining(self, name: str, member: Member) -> None:
        if self._leaving.pop(name, None) is not None:
            self.provisioner.stop(name)  # Only a process that starts says that it is ready.
        self.provisioner.start(name, member)

    def _dismiss(self, name: str, remove: bool) -> Later[calls.Accepted]:
        asked = self.ask_dismiss(calls.AskDismiss(device=name, remove=remove))

        def dismissed(accepted: calls.Accepted) -> calls.Accepted:
            self._leaving[name] = accepted.from_tick
            if remove:
                del self.roster[name]
            else:
                self.roster[name] = self.roster[name].model_copy(update={"on": False})
            self._end_those_who_left()
            return accepted

        return asked.addCallback(dismissed)

    def _end_those_who_left(self) -> None:
        for name in [name for name, leaves in self._leaving.items() if leaves <= self.tick]:
            del self._leaving[name]
            self.provisioner.stop(name)

    @answers("list")
    def list(self) -> Later[calls.Listing]:
        """The roster, as the keeper has it."""
        asked = self.ask_balance(calls.Nothingness())

        def listed(balance: calls.Balance) -> calls.Listing:
            self.roster = dict(balance.roster)
            return calls.Listing(home=self.file.name, tick=balance.tick, devices=balance.roster)

        return asked.addCallback(listed)

    @answers("kinds")
    def kinds(self) -> calls.KindList:
        """What kinds of devices there are."""
        return calls.KindList(kinds={name: kind.summary for name, kind in KINDS.items()})

    @answers("export")
    def export(self) -> Later[calls.Exported]:
        """The running home as a home file."""
        return self.list().addCallback(lambda listing: calls.Exported(yaml=dump(replace(self.file, members=listing.devices))))
