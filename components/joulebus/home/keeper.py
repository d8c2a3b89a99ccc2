"""Who keeps the balance of a home: the roster, the open window, its packets, and the settlement that closes it.

A keeper is a state machine without a bus or a clock. home.py calls it in a loop; hub.py calls it when messages come.
Committed means durable: a settlement is in the journal before anybody sees it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.home.epochs import epoch_end
from joulebus.home.outside import beyond, lives_outside
from joulebus.home.said import early_runs, late_runs, settled_outcome, settled_seal
from joulebus.home.steering import cuts_for_programs, releases
from joulebus.journal.file import Journal
from joulebus.journal.recovery import DeviceMemory, changed
from joulebus.registry import RESERVED
from joulebus_core import CoreError, Ledger, Settlement
from joulebus_core import Seal as CoreSeal
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born, Changed, Committed
from joulebus_schemas.offers import Offer
from joulebus_schemas.roster import By, Change, Member, of_kind
from joulebus_schemas.rounds import Offered, Opened, Resume, SealNote, Settled

ONE_A_HOME = frozenset({"inverter", "grid"})
"""Roles that are also kinds, of which a home has one."""


class Verdict(Enum):
    """What became of a packet."""

    ACCEPTED = "accepted"
    DUPLICATE = "it was here already"
    LATE = "its window is settled"
    EARLY = "its window is not open"
    STRANGER = "its device is not in the roster"
    ANOTHER = "the same packet was here with another body"
    IMPOSSIBLE = "only the inverter and the grid may offer what they are"
    BEYOND = "a foreign device may not offer that much"


RecordListener = Callable[[Committed | Changed, bytes], None]


def _nobody(record: Committed | Changed, columns: bytes) -> None:
    """Nobody listens."""


@dataclass
class Keeper:
    """The balance of one home."""

    born: Born
    ledger: Ledger
    roster: dict[str, Member]
    journal: Journal | None = None
    generation: int = 1
    changes: list[Change] = field(default_factory=list)
    memories: dict[str, DeviceMemory] = field(default_factory=dict)
    ever: dict[str, Member] = field(default_factory=dict)
    """Everybody who has ever belonged to the home, as last seen."""

    listener: RecordListener = _nobody
    """Told of what is durable, with its columns; seals' columns are for the journal alone."""

    def __post_init__(self) -> None:
        self.opened: Opened | None = None
        self.offers: dict[str, Offered] = {}
        self._awaited: set[str] = set()
        self.settled: Settled | None = None
        self.number = self.journal.last_number if self.journal else 0
        self._before: dict[str, Member] = {}
        self._unwritten: tuple[Committed, Settlement] | None = None
        self.live_audit: Callable[[Settled, bytes], None] | None = None
        """Recomputes each settlement from its transfers before it is published; None unless an audit is attached."""
        self.stored: dict[str, dict[str, Any]] = {}
        """States as the journal has them."""
        self._quiet_until: int | None = None
        self.ends_with_epoch = False
        """Whether windows end where an epoch ends at the latest: a file of the journal ends there."""
        self.ever = self.ever or dict(self.roster)
        self._revisions = dict.fromkeys(self.roster, 0)

    def wake(self, stored: dict[str, dict[str, Any]]) -> None:
        """Go on from a journal: what it holds of the states, and signals that nobody has heard from this keeper."""
        self.stored = dict(stored)
        self._revisions = dict.fromkeys(self.roster, self.next_tick)

    @property
    def next_tick(self) -> int:
        """The first tick that is not settled."""
        return self.ledger.next_tick

    # The round

    def open(self, ticks: int) -> Opened:
        """Open the next window: as many ticks as asked for, unless a change or a promise cuts it."""
        assert self.opened is None, "a window is opened when the one before is settled"
        start = self.next_tick
        due = [change for change in self.changes if change.from_tick <= start]
        self.changes = [change for change in self.changes if change.from_tick > start]
        for change in due:
            self._apply(change)
        due = _last_words(due) + self._missed(due)
        window = Window(start=start, ticks=self._ticks(start, ticks))
        self.offers = {}
        self._awaited = {name for name, member in self.roster.items() if member.on}
        self.opened = Opened(generation=self.generation, window=window, revisions=self.revisions(), changes=tuple(due))
        return self.opened

    def _missed(self, due: list[Change]) -> list[Change]:
        """Who comes back has not heard what was changed while it was off."""
        back = sorted({change.device for change in due if change.on} & self.roster.keys())
        return [Change(device=name, from_tick=self.next_tick, properties=self.roster[name].properties) for name in back]

    def _ticks(self, start: int, ticks: int) -> int:
        cuts = [*(change.from_tick for change in self.changes), *cuts_for_programs(self.born, self.roster, start)]
        if self._quiet_until is not None and self._quiet_until > start:
            cuts.append(self._quiet_until)
        if self.ends_with_epoch:
            cuts.append(epoch_end(self.born, start))
        return max(1, min([ticks, *(cut - start for cut in cuts)]))

    def take(self, device: str, offered: Offered) -> Verdict:
        """Take a packet in; what came before it and from whom else does not matter."""
        if offered.window.start < self.next_tick:
            return Verdict.LATE
        if self.opened is None or offered.window != self.opened.window:
            return Verdict.EARLY
        if device not in self.roster or not self.roster[device].on:
            return Verdict.STRANGER
        if offered.offer.role in ONE_A_HOME and offered.offer.role != self.roster[device].kind:
            return Verdict.IMPOSSIBLE
        if self.beyond(device, offered) is not None:
            return Verdict.BEYOND
        have = self.offers.get(device)
        if have is not None:
            return Verdict.DUPLICATE if have == offered else Verdict.ANOTHER
        self.offers[device] = offered
        self._awaited.discard(device)
        return Verdict.ACCEPTED

    def beyond(self, device: str, offered: Offered) -> str | None:
        """Why a packet is more than its device may say, which only the home knows of those who live outside."""
        member = self.roster[device]
        return beyond(member, offered, self.born.tick_seconds) if lives_outside(member) else None

    @property
    def is_complete(self) -> bool:
        """Whether the open window has everything that it needs."""
        return self.opened is not None and not self._awaited

    def missing(self) -> tuple[str, ...]:
        """Whose packets the open window waits for, by name."""
        return tuple(sorted(name for name, member in self.roster.items() if member.on and name not in self.offers))

    def settle(self) -> Settled:
        """Dispatch, post, make durable. May be called again when the disk was full."""
        assert self.opened is not None, "only an open window is settled"
        if self._unwritten is None:
            self._unwritten = self._dispatch(self.opened.window)
        committed, done = self._unwritten
        self.number = self.journal.append(committed, done.columns) if self.journal else self.number + 1
        self._unwritten = None
        self.listener(committed, done.columns)
        self._remember(committed)
        self.opened = None
        settled = self._publishable(committed, done.seals)
        if self.live_audit:
            self.live_audit(settled, done.columns)
        return settled

    def forget_the_impossible(self) -> dict[str, str]:
        """After a CoreError: the offers that it cannot take beside the inverter's alone, each with its reason; they count as missing."""
        assert self.opened is not None, "only an open window has offers"
        window, before = self.opened.window, self.ledger.snapshot()
        base: dict[str, Offer] = {name: self.offers[name].offer for name in of_kind(self.roster, "inverter")}
        found: dict[str, str] = {}
        for name in sorted(self.offers.keys() - base.keys()):
            try:
                Ledger.restore(before).settle(window.start, window.ticks, base | {name: self.offers[name].offer})
            except CoreError as error:
                found[name] = str(error)
                del self.offers[name]
                self._awaited.add(name)
        return found

    def _dispatch(self, window: Window) -> tuple[Committed, Settlement]:
        offers: dict[str, Offer] = {name: self.offers[name].offer for name in sorted(self.offers)}
        done = self.ledger.settle(window.start, window.ticks, offers)
        read = early_runs if self.journal else late_runs
        committed = Committed(
            record="committed",
            generation=self.generation,
            window=Window(start=done.start, ticks=done.ticks),
            outcomes={name: settled_outcome(fields, read) for name, fields in done.outcomes.items()},
            flows={f"{source}>{sink}": joules for (source, sink), joules in done.flows.items() if joules},
            states=self._changed_states(),
            # A seal's columns are for the journal alone; without one they would be most of the work.
            seals=tuple(settled_seal(seal) for seal in done.seals) if self.journal else (),
        )
        return committed, done

    def _changed_states(self) -> dict[str, dict[str, Any]]:
        if self.journal is None:
            return {}
        changed = {name: offered.state for name, offered in self.offers.items() if self.stored.get(name) != offered.state}
        self.stored.update(changed)
        return changed

    def _remember(self, committed: Committed) -> None:
        for name, offered in self.offers.items():
            self.memories[name] = DeviceMemory(committed.window, offered.state, committed.outcomes[name], self.roster[name])
        promises = [offered.quiet_until for offered in self.offers.values() if offered.quiet_until is not None]
        self._quiet_until = min(promises, default=None)
        self._before = {}

    def _publishable(self, committed: Committed, seals: list[CoreSeal]) -> Settled:
        self.settled = Settled(
            generation=self.generation,
            number=self.number,
            window=committed.window,
            outcomes=committed.outcomes,
            flows=committed.flows,
            seals=tuple(SealNote(epoch=seal.epoch, hash=seal.hash) for seal in seals),
            opened=None,
        )
        return self.settled

    # The roster

    def change(self, *changes: Change, by: By | None = None) -> int:
        """Promise changes from the first tick that is not yet dispatched; durable before it is answered. None: the clock's alone.

        Raises:
            RosterError: The device is not there, is still heard by others, or is the inverter.
        """
        from_tick = self._first_changeable_tick(changes)
        promised = [change.model_copy(update={"from_tick": from_tick}) for change in changes]
        for change in promised:
            self._check(change)
        safe = [one for change in changes for one in releases(self.future_roster(), change, self._first_changeable_tick(()))]
        record = Changed(record="changed", changes=(*promised, *safe), by=by, tick=self.next_tick)
        if self.journal:
            self.number = self.journal.append(record)
        self.listener(record, b"")
        self.changes.extend(safe)
        if from_tick > self.next_tick or self.opened is None:
            self.changes.extend(promised)
            return from_tick
        for change in promised:
            self._leave(change)
        return from_tick

    def _leave(self, change: Change) -> None:
        """Out of the open window, to which it has offered nothing; those who hear it, or hear them, offer again without its signals."""
        self._apply(change)
        self._awaited.discard(change.device)
        for hearer in self._hearers(change.device):
            if self.offers.pop(hearer, None) is not None:
                self._awaited.add(hearer)
        assert self.opened is not None, "only an open window is left"
        self.opened = self.opened.model_copy(update={"revisions": self.revisions()})

    def _hearers(self, device: str) -> set[str]:
        direct = {name for name, member in self.roster.items() if device in member.hears}
        return direct.union(*map(self._hearers, direct))

    def _first_changeable_tick(self, changes: tuple[Change, ...]) -> int:
        """An open window is promised as it is; but who has not offered to it and leaves, leaves it, for it may never offer.

        After a restart a device may have been promised something for a later tick: what is said now holds after that, not before it.
        """
        promised = [one.from_tick for one in self.changes if any(one.device == change.device for change in changes)]
        if self.opened is None:
            return max([self.next_tick, *promised])
        leave = bool(changes) and all((change.removed or change.on is False) and change.device in self._awaited for change in changes)
        return self.next_tick if leave else max([self.opened.window.end, *promised])

    def _check(self, change: Change) -> None:
        """Refuse what would leave a home that nobody can run."""
        name = change.device
        if change.added is not None:
            self.check_name_is_free(name)
            return
        self.member(name)
        hearers = sorted(other for other, member in self.future_roster().items() if name in member.hears)
        if change.removed and hearers:
            raise RosterError(f"{name} is heard by {', '.join(hearers)}: remove them first, or switch {name} off")
        if self.roster.get(name) and self.roster[name].kind == "inverter" and (change.removed or change.on is False):
            raise RosterError("the inverter keeps the balance of the home: it cannot be switched off or removed")

    def member(self, name: str) -> Member:
        """A device as it will be when all promised changes hold. Raises RosterError: there is no such device."""
        member = self.future_roster().get(name)
        if member is None:
            raise RosterError(f"there is no device {name} in {self.born.home}")
        return member

    def check_name_is_free(self, name: str) -> None:
        """Refuse a second device, account or component of a name. Raises RosterError: the name is taken or reserved."""
        if name in RESERVED:
            raise RosterError(f'the name "{name}" is reserved; choose another')
        if name in self.future_roster():
            raise RosterError(f"the name {name} is taken")

    def future_roster(self) -> dict[str, Member]:
        """The roster when all promised changes hold."""
        roster = dict(self.roster)
        for change in self.changes:
            roster = changed(roster, change)
        return roster

    def _apply(self, change: Change) -> None:
        if change.device in self.roster:
            self._before.setdefault(change.device, self.roster[change.device])
        self.roster = changed(self.roster, change)
        self.ever |= self.roster
        if change.added is not None or change.removed:
            self.memories.pop(change.device, None)
            self._before.pop(change.device, None)
        self.renew(change.device, change.from_tick)

    def renew(self, device: str, tick: int) -> None:
        """Make the signals of a device stale, and of all whom that changes."""
        self._revisions[device] = tick
        for name, member in self.roster.items():
            if device in member.hears and self._revisions.get(name) != tick:
                self.renew(name, tick)

    def revisions(self) -> dict[str, int]:
        """From when the signals of each device that publishes any must be."""
        return {name: self._revisions[name] for name, member in self.roster.items() if member.on and has_signals(member)}

    def resume(self, device: str, joining: Member | None = None) -> Resume:
        """What a device needs to go on from the last committed window; its signals are published again. Who leaves comes again as new.

        Raises:
            RosterError: There is no such device.
        """
        leaves = joining is not None and any(change.device == device and change.removed for change in self.changes)
        memory = None if leaves else self.memories.get(device)
        member = memory.member if memory else joining if leaves else self._before.get(device) or self.roster.get(device) or joining
        if member is None:
            raise RosterError(f"there is no device {device} in {self.born.home}")
        self._renew_sources(member)
        return Resume(
            home=self.born.home,
            generation=self.generation,
            start_unix_seconds=self.born.start_unix_seconds,
            tick_seconds=self.born.tick_seconds,
            seed=self.born.seed,
            place=self.born.place,
            member=member,
            kinds={name: self.roster[name].kind for name in member.hears},
            next_tick=self.next_tick,
            last=memory.window if memory else None,
            state=memory.state if memory else None,
            outcome=memory.outcome if memory else None,
            opened=None if leaves else self.opened,  # It is a window of the one who leaves.
        )

    def _renew_sources(self, member: Member) -> None:
        """A device that comes back has heard nothing: let those publish again whom it hears."""
        for source in member.hears:
            self.renew(source, self.next_tick)
        if self.opened is not None and member.hears:
            self.opened = self.opened.model_copy(update={"revisions": self.revisions()})


def _last_words(due: list[Change]) -> list[Change]:
    """The last of several settings of one device at one tick: those before it may be of another kind, and never held."""
    last = {change.device: index for index, change in enumerate(due) if change.properties is not None}
    return [change for index, change in enumerate(due) if change.properties is None or last[change.device] == index]


def has_signals(member: Member) -> bool:
    """Whether devices of this kind publish signals."""
    return member.kind in KINDS and bool(KINDS[member.kind].signals)
