"""The supervisor of a home in a cluster: what it does for processes, for Deployments; and it follows those who scale them.

It holds nothing: the roster is the keeper's, what runs is the cluster's, and both are asked again whenever something may have been
missed. Switching a device is the keeper's answer; that its pod is there or not follows, or has gone before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from joulebus.bus import TIMEOUT, CallError
from joulebus.bus.component import hears
from joulebus.bus.timers import every, later, spawn
from joulebus.home.named_files import names_file
from joulebus.home.outside import open_ports
from joulebus.provision.cluster.home import ClusterHome
from joulebus.provision.cluster.manifests import SECRETS_FOLDER
from joulebus.provision.cluster.wanted import Told, Wanted
from joulebus.services.supervisor import DEVICE_READY_SECONDS_MAX, Supervisor, device_part
from joulebus_schemas import calls, topics
from joulebus_schemas.roster import By, Member
from joulebus_schemas.rounds import Blocked, Settled

ROSTER_SECONDS_MAX = 3.0
"""How old the roster may get: the keeper may have been another one meanwhile."""
WISH_SECONDS = 0.1
AGAIN_SECONDS = 2.0
"""After a wish of the cluster was refused."""
CLUSTER = "kubernetes"
"""Who has switched a device by scaling it, as the journal keeps it."""


@dataclass
class ClusterSupervisor(Supervisor):
    """The home: one Deployment for each device, and each of them a switch."""

    provisioner: ClusterHome
    standby: str = ""
    """Why it does nothing yet; "" when it is the one that acts."""
    _busy: set[str] = field(default_factory=set)
    _coming: set[str] = field(default_factory=set)
    _missing: dict[str, str] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _holds: dict[str, tuple[int, str]] = field(default_factory=dict)
    _left_by: dict[str, str] = field(default_factory=dict)
    """The pod that each device had when it was switched off: scaled up again at once, the cluster may keep it."""

    def start(self) -> None:
        """Declare what the home answers; the devices follow once the keeper has said who they are."""
        super().start()
        every(WISH_SECONDS, self._look)
        every(ROSTER_SECONDS_MAX, self._refresh)

    def hindrance(self) -> str | None:
        """One that stands by is not ready."""
        return self.standby or super().hindrance()

    # The roster, as the keeper has it

    def _start_all(self) -> None:
        if not self.roster:
            return
        for name, member in self.roster.items():
            if member.kind != "inverter" and name not in self._coming and name not in self._busy:
                self.provisioner.keep(self._wanted(name, member, member.on or name in self._leaving))
        self.provisioner.only({*self.roster, *self._coming, *self._leaving})

    def _wanted(self, name: str, member: Member, runs: bool) -> Wanted:
        part, told = device_part(name, member, self.folder), self._told(name, member)
        return Wanted(part, runs, member.kind, told, open_ports(member), _secrets(member.properties, self.folder))

    def _told(self, name: str, member: Member) -> Told:
        state = "on" if member.on else "leaving" if name in self._leaving else "off"
        state = "joining" if name in self._coming else "missing" if name in self._missing and member.on else state
        return Told(state, *self._holds.get(name, (None, "")))

    async def _refresh(self) -> None:
        if self.bus.joined:
            await self._ask_where_time_is()

    async def _ask_where_time_is(self) -> None:
        try:
            balance = await self.ask_balance(calls.Nothingness())
        except CallError:  # The keeper is not there: nothing is known better than before.
            return
        self.file = replace(self.file, start_unix_seconds=balance.start_unix_seconds)
        self.roster = dict(balance.roster)
        self._reach(balance.tick)
        self._start_all()

    # What the cluster wants otherwise

    def _look(self) -> None:
        self.provisioner.look()
        if not self.bus.joined or not self.roster:
            return
        for name, on in self.provisioner.wishes().items():
            is_coming = name in self._coming
            is_so = name not in self.roster or (is_coming or self.roster[name].on) == on
            if not is_so and name not in self._busy:
                self._busy.add(name)
                spawn(self._fulfil(name, on))

    async def _fulfil(self, name: str, on: bool) -> None:
        """Somebody has scaled a device: the home follows."""
        try:
            accepted = await self._switched_for_cluster(name, on)
            while name in self.roster and self.provisioner.is_scaled_up(name) not in (bool(accepted.on), None):
                # Somebody has scaled it back while the home did as it was told: that is the last word.
                accepted = await self._switched_for_cluster(name, not accepted.on)
        except CallError as error:
            if on and error.uri == TIMEOUT:  # Whichever pod is there now has had its time.
                self._left_by[name] = self.provisioner.pod(name)
            if self._refused.get(name) != str(error):
                self._refused[name] = str(error)
                self.provisioner.say(name, "Refused", f"{name} could not be switched {_on(on)} yet, and it is tried again: {error}")
            later(AGAIN_SECONDS, lambda: self._busy.discard(name))
            await self._refresh()
            return
        except KeyError:  # It has been removed meanwhile, and there may be another one of its name.
            self._busy.discard(name)
            return
        self._busy.discard(name)
        self._has_switched(accepted, CLUSTER)

    async def _switched_for_cluster(self, name: str, on: bool) -> calls.Accepted:
        by = By(principal=CLUSTER, role="cluster", call=f"joulebus.{self.home}.home.switch", arguments={"name": name, "on": on})
        if not on:
            return await self._dismiss(calls.AskDismiss(device=name, by=by))
        member = self.roster[name].model_copy(update={"on": True})
        self._restart_who_was_left(name)
        accepted = await self.ask_admit(calls.AskAdmit(device=name, member=member, by=by), seconds=DEVICE_READY_SECONDS_MAX)
        self.roster[name] = member
        return accepted

    def _has_switched(self, accepted: calls.Accepted, by: str) -> None:
        name, on = accepted.device, bool(accepted.on)
        self._refused.pop(name, None)
        self._holds[name] = (accepted.from_tick, by)
        reason = "SwitchedOn" if on else "SwitchedOff"
        self.provisioner.say(name, reason, f"{name} is {_on(on)} from tick {accepted.from_tick}, as {by} wants it")
        self._start_all()

    # What is asked on the bus

    async def _admit(self, name: str, member: Member, by: By) -> calls.Accepted:
        try:
            accepted = await super()._admit(name, member, by)
        finally:
            if name not in self._joining:  # Whoever asks a second time ends nothing of what the first one waits for.
                self._coming.discard(name)
        self._has_switched(accepted, by.principal)
        return accepted

    async def _dismiss(self, ask: calls.AskDismiss) -> calls.Accepted:
        self._left_by[ask.device] = self.provisioner.pod(ask.device)
        accepted = await super()._dismiss(ask)
        if ask.by is not None and ask.by.principal != CLUSTER:
            self._has_switched(accepted, ask.by.principal)
        return accepted

    def _start_joining(self, name: str, member: Member) -> None:
        self._leaving.pop(name, None)
        self._restart_who_was_left(name)
        self._coming.add(name)
        self.provisioner.keep(self._wanted(name, member, runs=True))

    def _restart_who_was_left(self, name: str) -> None:
        pod = self._left_by.pop(name, "")
        if pod and pod == self.provisioner.pod(name):
            self.provisioner.restart(name)  # Only a process that starts says that it is ready.

    def _did_not_come(self, name: str) -> None:
        self._coming.discard(name)
        if name in self.roster:
            self._start_all()
        else:
            self.provisioner.forget(name)

    def _let_go(self, name: str) -> None:
        if name in self.roster:
            self._start_all()
        else:
            self._left_by.pop(name, None)
            self.provisioner.forget(name)

    def _restartable(self) -> tuple[str, ...]:
        return self.provisioner.restartable()

    def _restart(self, name: str) -> None:
        self.provisioner.restart(name)

    # Whom time waits for

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock waits for a device: it is named where people look."""
        for name in blocked.waits_for:
            if name in self.roster and name not in self._missing:
                self.provisioner.say(name, "Missing", f"time stands still: {blocked.cause}")
        self._missing = dict.fromkeys(blocked.waits_for, blocked.cause)
        spawn(self._refresh())

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Time goes on."""
        super().on_settled(settled)
        for name in self._missing:
            self.provisioner.say(name, "Back", f"time goes on at tick {settled.window.end}")
        if self._missing:
            self._missing = {}
            self._start_all()


def _on(on: bool) -> str:
    return "on" if on else "off"


def _secrets(properties: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """The names of the secret files that a device's properties name."""
    paths = [Path(value) for key, value in properties.items() if names_file(key, value)]
    return tuple(sorted({path.name for path in paths if path.parent == folder / SECRETS_FOLDER}))
