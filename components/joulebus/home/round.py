"""A home in one process: the round of a window as one short loop.

The same seats and the same keeper are cut at the messages in node.py and hub.py; nothing of the round is written twice.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from joulebus.device import DeviceContext
from joulebus.devices import KINDS
from joulebus.errors import JoulebusError, RosterError
from joulebus.home.keeper import Keeper
from joulebus.home.seat import Seat, read_properties
from joulebus.home.steering import Sight, is_due, let_decide, levels_of
from joulebus.homefile.home_file import HomeFile, hearing_order, hears_of
from joulebus.journal.file import Journal
from joulebus_core import Ledger
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Change, Member
from joulebus_schemas.rounds import Forecast, Settled

JOURNAL_SECONDS = 3_600
"""How much time one round takes, unless asked otherwise, when a journal keeps it: a record fits into a message of the bus."""
ROUND_SECONDS = 30 * DAY_SECONDS
"""How much time one round takes when nobody keeps it: a round costs the same for a minute and for a day."""
ROUND_TICKS = 86_400
"""The most ticks of a round."""


def new_birth(file: HomeFile) -> Born:
    """What a home is at its first tick, with everybody's ears resolved."""
    hears = hears_of(file.members)
    members = {name: member.model_copy(update={"hears": hears[name]}) for name, member in file.members.items()}
    return Born(
        record="born",
        home=file.name,
        start_unix_seconds=file.start_unix_seconds,
        tick_seconds=file.tick_seconds,
        seed=file.seed,
        place=file.place,
        members=members,
    )


def new_keeper(birth: Born, journal: Journal | None = None) -> Keeper:
    """The keeper of a home that has just been born; its journal begins with it."""
    ledger = Ledger(birth.home, birth.start_unix_seconds, birth.tick_seconds)
    if journal is not None:
        journal.append(birth)
    return Keeper(birth, ledger, dict(birth.members), journal)


def seat_of(birth: Born, name: str, member: Member, kinds: dict[str, str]) -> Seat:
    """A device of a home in its place, at its beginning."""
    device = KINDS[member.kind]
    context = DeviceContext(name, birth.place, birth.start_unix_seconds, birth.tick_seconds, birth.seed, member.hears, kinds)
    return Seat(device, context, read_properties(device, member.properties, name))


@dataclass
class Home:
    """All seats of a home and the keeper of its balance, in one process."""

    keeper: Keeper
    seats: dict[str, Seat] = field(default_factory=dict)
    _heard: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _ordered: tuple[str, ...] = ()

    @classmethod
    def from_file(cls, file: HomeFile, journal: Journal | None = None) -> "Home":
        """A home at its first tick."""
        home = cls(new_keeper(new_birth(file), journal))
        for name, member in home.keeper.roster.items():
            home._seat(name, member)
        return home

    @classmethod
    def of_keeper(cls, keeper: Keeper) -> "Home":
        """A home that continues at its keeper's tick: each device repeats its last advance, as a device process does."""
        home = cls(keeper)
        for name, member in keeper.roster.items():
            memory = keeper.memories.get(name)
            home._seat(name, memory.member if memory else member)
            if memory is not None:
                home.seats[name].restore(memory.state, memory.window, memory.outcome)
        return home

    def _seat(self, name: str, member: Member) -> None:
        self.seats[name] = self._new_seat(name, member)

    def _new_seat(self, name: str, member: Member) -> Seat:
        kinds = {heard: self.keeper.future_roster()[heard].kind for heard in member.hears}
        return seat_of(self.keeper.born, name, member, kinds)

    def set(self, device: str, **changes: Any) -> int:
        """Change properties of a device; answers from which tick on they hold.

        Raises:
            RosterError: There is no such device.
        """
        member = self.keeper.future_roster().get(device)
        if member is None:
            raise RosterError(f"there is no device {device} in {self.keeper.born.home}")
        properties = {**member.properties, **changes}
        self._new_seat(device, member.model_copy(update={"properties": properties}))  # What it cannot accept is refused now.
        return self.keeper.change(Change(device=device, from_tick=0, properties=properties))

    def switch(self, device: str, on: bool) -> int:
        """Switch a device on or off; answers from which tick on it holds."""
        return self.keeper.change(Change(device=device, from_tick=0, on=on))

    def add(self, device: str, member: Member) -> int:
        """Add a device; answers from which tick on it belongs to the home."""
        read_properties(KINDS[member.kind], member.properties, device)
        hears = hears_of({**self.keeper.future_roster(), device: member})[device]
        complete = member.model_copy(update={"hears": hears})
        self._new_seat(device, complete)  # Whatever it needs is missed now, not when its tick comes.
        return self.keeper.change(Change(device=device, from_tick=0, added=complete))

    def remove(self, device: str) -> int:
        """Remove a device; answers from which tick on it is gone."""
        return self.keeper.change(Change(device=device, from_tick=0, removed=True))

    def round(self, ticks: int) -> Settled:
        """One window, or its beginning when something reacted in it."""
        opened = self.keeper.open(ticks)
        for change in opened.changes:
            if change.added is not None:
                self._seat(change.device, change.added)
        forecast: dict[str, Forecast] = {}
        for name in self._order():
            seat = self.seats[name]
            seat.enter(opened)
            for heard in seat.missing(opened):
                seat.inbox.take(heard, forecast[heard])
            seat.forecast_for(opened)
            if seat.forecast is not None:
                forecast[name] = seat.forecast
            if is_due(seat, opened.window):
                self._steer(seat, opened.window)
            self.keeper.take(name, seat.offer(opened))
        settled = self.keeper.settle()
        for name, outcome in settled.outcomes.items():
            self.seats[name].advance(settled.window, outcome)
        return settled

    def _steer(self, seat: Seat, window: Window) -> None:
        keeper = self.keeper
        sight = Sight(keeper.next_tick, keeper.future_roster(), keeper.ledger.balances(), levels_of(keeper.memories, keeper.roster))
        for device, fields in let_decide(seat, window, sight).items():
            with suppress(JoulebusError):  # What a device cannot live with stays as it was; the program decides again.
                self.set(device, **fields)

    def _order(self) -> tuple[str, ...]:
        roster = {name: member for name, member in self.keeper.roster.items() if member.on}
        heard = {name: member.hears for name, member in roster.items()}  # A device may go and come in the same window, and hear others.
        if heard != self._heard:
            self._heard, self._ordered = heard, hearing_order(roster)
        return self._ordered

    def live(self, ticks: int, window: int | None = None) -> Iterator[Settled]:
        """Simulate a number of ticks, in windows of at most ``window`` ticks."""
        end = self.keeper.next_tick + ticks
        window = window or self._window()
        asked = window
        while self.keeper.next_tick < end:
            asked = min(asked, end - self.keeper.next_tick)
            settled = self.round(asked)
            # Where somebody reacts, what was offered beyond the reaction was in vain: ask for less, then for twice as much.
            asked = min(window, 2 * settled.window.ticks)
            yield settled

    def _window(self) -> int:
        seconds = ROUND_SECONDS if self.keeper.journal is None else JOURNAL_SECONDS
        return min(max(1, seconds // self.keeper.born.tick_seconds), ROUND_TICKS)
