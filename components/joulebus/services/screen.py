"""What people's screens are served from: hears the home, keeps its picture, answers with a snapshot, tells changes and a summary.

It is a process of its own: however many screens there are and however slow they are, the round does not wait for them.
"""

import base64
import logging
from argparse import Namespace
from contextlib import suppress
from dataclasses import dataclass

from joulebus.bus import Bus, CallError, Sender
from joulebus.bus.component import Asks, Component, Says, answers, hears
from joulebus.bus.timers import every, spawn
from joulebus.errors import RosterError
from joulebus.home.mirror import change_between
from joulebus.home.picture import Picture
from joulebus.journal.file import parse
from joulebus.journal.frames import Frame, numbered, split
from joulebus_schemas import topics
from joulebus_schemas.calls import AskReplay, ClockState, Nothingness, Replay
from joulebus_schemas.history import Totals
from joulebus_schemas.layout import LayoutChanged
from joulebus_schemas.rounds import Blocked, Reported, Settled
from joulebus_schemas.screen import ScreenSnapshot

_log = logging.getLogger("joulebus.services.screen")

SUMMARY_SECONDS = 0.1
"""At most so often, whatever the speed."""
SLOW_SECONDS = 1.0
"""Interval for energy, readings, lag, and the summary of a paused home."""
TOTALS_LOOKS = 5
"""How often it looks until it asks again for totals that nobody could give."""
RECORDS_MAX = 256
BEHIND_MAX = 20_000
"""Records: whoever is further behind asks the historian for its totals again; from one that is, nobody asks for totals."""
KNOWN_RECORDS = 64
"""Records read at the start, to know the last settlement of a paused home."""


@dataclass
class Screen(Component):
    """The screen: a picture of the home for people, at most ten times a second."""

    part = topics.SCREEN
    say_changed, say_summary = Says(topics.SCREEN_CHANGED), Says(topics.SUMMARY)
    ask_balance, ask_time, ask_replay = Asks(topics.BALANCE), Asks(topics.CLOCK_GET), Asks(topics.REPLAY)
    ask_totals, ask_layout = Asks(topics.TOTALS), Asks(topics.LAYOUT_GET)

    bus: Bus
    home: str

    def __post_init__(self) -> None:
        self._picture: Picture | None = None
        self._published: ScreenSnapshot | None = None
        self._is_asking = self._is_outdated = False
        self._moved = self._is_due = False
        self._looks = 0

    def start(self) -> None:
        """Declare what it hears and answers."""
        self.declare()
        self.bus.on_join.append(self.catch_up)
        self.bus.on_join.append(self.look_at_layout)
        every(SUMMARY_SECONDS, self.tell)
        every(SLOW_SECONDS, self.look_around)

    # What it hears

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """A window is settled; one that does not follow the last that is known has others before it."""
        if self._picture is None or self._is_asking or settled.number > self._picture.record + 1:
            self.catch_up()
        else:
            self._picture.settle(settled.number, settled)
            self._moved = True

    @hears(topics.REPORTED)
    def on_reported(self, reported: Reported, sender: Sender) -> None:
        """A device tells about itself."""
        device = sender.of(self.home)
        if self._picture is not None and device is not None:
            self._picture.report(device, reported)

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock has stopped."""
        if self._picture is not None:
            self._picture.blocked, self._moved = blocked, True

    @hears(topics.CLOCK_CHANGED)
    def on_clock_changed(self, state: ClockState) -> None:
        """Somebody has changed the clock."""
        self._turn(state)

    @hears(topics.LAYOUT_CHANGED)
    def on_layout_changed(self, changed: LayoutChanged) -> None:
        """Somebody has arranged something."""
        picture = self._picture
        if picture is not None and not picture.arrange(changed):
            self.look_at_layout()
        self._moved = True

    def look_at_layout(self) -> None:
        """Ask for the whole arrangement: after each connection, and when a change was missed."""
        spawn(self._look_at_layout())

    async def _look_at_layout(self) -> None:
        with suppress(CallError):  # The inverter is away; its next change is one that does not follow.
            layout = await self.ask_layout(Nothingness())
            if self._picture is not None:
                self._picture.layout, self._moved = layout, True

    def _turn(self, state: ClockState) -> None:
        if self._picture is not None and self._picture.clock != state:
            self._picture.clock, self._moved = state, True

    # What it asks

    def catch_up(self) -> None:
        """Ask for what is missing; one question at a time."""
        if self.bus.joined and not self._is_asking:
            self._is_asking = True
            spawn(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            if self._picture is None or self._is_outdated:
                self._picture, self._is_outdated = await self._begin(), False
            await self._follow(self._picture)
        except CallError:
            return  # The inverter is away; the next settlement or the next look asks again.
        finally:
            self._is_asking = False

    async def _begin(self) -> Picture:
        clock, balance = await self.ask_time(Nothingness()), await self.ask_balance(Nothingness())
        totals = await self._totals(balance.record)
        picture = Picture.begin(self.home, balance, clock, totals)
        picture.layout = await self.ask_layout(Nothingness())
        known = await self.ask_replay(AskReplay(first=max(1, picture.record - KNOWN_RECORDS + 1), most=KNOWN_RECORDS))
        for frame in _frames(known):
            if frame.number <= picture.record:
                picture.take(frame.number, _record(frame))
        return picture

    async def _totals(self, record: int) -> Totals | None:
        """The historian's sums; None when there is none, or when it is being rebuilt and so has no record near this one."""
        try:
            totals = await self.ask_totals(Nothingness())
        except CallError:
            return None  # There is no historian, or none yet.
        return totals if record - totals.record <= BEHIND_MAX else None

    async def _follow(self, picture: Picture) -> None:
        """Take in the records that are missing, page by page."""
        while True:
            replay = await self.ask_replay(AskReplay(first=picture.record + 1, most=RECORDS_MAX))
            if replay.last_number < picture.record or replay.last_number - picture.record > BEHIND_MAX:
                self._picture = None  # Another journal, or too much of it: begin again.
                return
            for frame in _frames(replay):
                if frame.first <= picture.record:
                    self._picture = None  # Compacted with records that are counted already.
                    return
                picture.take(frame.number, _record(frame))
            self._moved = True
            if picture.record >= replay.last_number:
                return

    async def look_around(self) -> None:
        """Each second: the state of the clock, changes that left no event, and totals that were not available before."""
        self._is_due = True
        self._looks += 1
        if not self.bus.joined:
            return
        try:
            self._turn(await self.ask_time(Nothingness()))
        except CallError:
            return
        picture, may_ask = self._picture, not self._is_asking and self._looks % TOTALS_LOOKS == 0
        if picture is not None and picture.counted_from_tick and may_ask and await self._totals(picture.record) is not None:
            self._is_outdated = True  # It is shown until the one with the totals of the whole life is there.
        self.catch_up()

    # What it says

    def tell(self) -> None:
        """Publish what is new; for a paused home, a summary each second."""
        picture = self._picture
        if picture is None or not self.bus.joined or not (self._moved or self._is_due):
            return
        self._tell_changes(picture)
        assert self._published is not None, "it is made with the first change"
        self.say_summary(picture.summary(self._published.revision))
        self._moved = self._is_due = False

    def _tell_changes(self, picture: Picture) -> None:
        old = self._published
        if old is None:
            self._published = picture.snapshot(1)
            return
        new = picture.snapshot(old.revision)
        if not self._is_due:  # What is long and always different is told each second.
            same = [line.tick for line in new.lines] == [line.tick for line in old.lines]
            kept = {"energy": old.energy, "flows": old.flows, "readings": old.readings, "lines": old.lines if same else new.lines}
            new = new.model_copy(update=kept)
        change = change_between(old, new)
        if change is not None:
            self._published = new.model_copy(update={"revision": change.revision})
            self.say_changed(change)

    @answers(topics.SNAPSHOT)
    def snapshot(self) -> ScreenSnapshot:
        """All that a screen shows, at a revision.

        Raises:
            RosterError: The picture is not there yet.
        """
        if self._picture is None or self._published is None:
            raise RosterError(f"the picture of {self.home} is not there yet; ask again in a second")
        return self._published.model_copy(update={"summary": self._picture.summary(self._published.revision)})


def _frames(replay: Replay) -> list[Frame]:
    """Its records with their numbers: one may stand for several."""
    return list(numbered(replay.first, [base64.b64decode(payload) for payload in replay.payloads]))


def _record(frame: Frame) -> object:
    return parse(split(frame.payload)[1])


def build_screen(bus: Bus, given: Namespace) -> Screen:
    """The screen, from its command line."""
    return Screen(bus, given.home)
