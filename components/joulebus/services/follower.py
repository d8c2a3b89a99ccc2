"""The historian on the bus: follows the settlements, asks for what it missed, says what it has, and answers about the past.

Questions are read in a thread of their own, with a connection of their own: no question holds up time.
"""

import asyncio
import base64
import logging
import time
from argparse import Namespace
from dataclasses import dataclass, field

from joulebus.bus import Bus, CallError
from joulebus.bus.component import Asks, Component, Says, answers, hears
from joulebus.bus.timers import every, later, spawn
from joulebus.errors import JournalError
from joulebus.historian.store import HistoryStore
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import load_home_file
from joulebus.services.lead import LEAD_RECORDS, RecordRate, behind_sentence
from joulebus.services.metrics import HISTORIAN_METRIC, expose
from joulebus.services.past import Past
from joulebus.services.stores import store_given
from joulebus_schemas import history, topics
from joulebus_schemas.calls import AskReplay, Replay
from joulebus_schemas.rounds import Kept, Settled

_log = logging.getLogger("joulebus.historian")

ASK_AGAIN_SECONDS = 1.0
FOLLOWED_RECORDS_MAX = 256
THIN_SECONDS = 1.0
THIN_SECONDS_MAX = 0.05


@dataclass
class Historian(Component):
    """The historian: a database that follows the journal of one home."""

    part = topics.HISTORIAN
    say_kept = Says(topics.KEPT)
    ask_replay = Asks(topics.REPLAY)

    bus: Bus
    home: str
    store: HistoryStore
    retention: Retention = field(default_factory=Retention)

    def __post_init__(self) -> None:
        self._asking = False
        self._mark = self._last = self.store.derived
        self._is_derived = self._mark == self.store.watermark
        """Whether its tables have all that its records say; after a migration they do not."""
        self._rate = RecordRate(time.monotonic)
        self._heard = (0, 0)
        self._tick: int | None = None
        self._trouble: str | None = None
        self._past = Past(self.store.reader(), self.home)
        self._thinner = self.store.thinner(self.retention)

    def start(self) -> None:
        """Declare what it hears."""
        self.declare()
        self.bus.on_join.append(self.ask)
        every(ASK_AGAIN_SECONDS, self.ask)  # What was lost on the way, and changes: of records without a settlement nobody tells.
        every(THIN_SECONDS, self.thin)

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Something new is in the journal."""
        self._heard = (settled.number, settled.window.end)
        if settled.number > self._mark:
            self.ask()

    def ask(self) -> None:
        """Ask for what follows the watermark; one question at a time, or a healed network drowns in them."""
        if self._asking or not self.bus.joined:
            return
        self._asking = True
        spawn(self._ask() if self._is_derived else self._derive())

    async def _derive(self) -> None:
        """Page by page, and between two pages it answers and says how far it is."""
        try:
            self._mark = self.store.derive_page()
            self._is_derived = self._mark == self.store.watermark
        except JournalError as error:
            self._trouble = str(error)
            _log.error("%s", error)
            return
        finally:
            self._asking = False
        self._say()
        later(0.0, self.ask)

    async def _ask(self) -> None:
        question = AskReplay(first=max(self._mark, 1), most=FOLLOWED_RECORDS_MAX)  # The last one again: is it still the same story?
        try:
            replay = await self.ask_replay(question)
        except CallError:
            return  # The keeper is away; the timer asks again.
        finally:
            self._asking = False
        self.on_replay(replay)

    def on_replay(self, replay: Replay) -> None:
        """Keep records; say what is kept; go on until nothing is missing."""
        self._last = replay.last_number
        if replay.last_number < self._mark:
            self._trouble = (
                f"the journal has {replay.last_number} records, but the historian {self._mark}: "
                "stop the home; its next start repairs the journal"
            )
            _log.error("%s", self._trouble)
            return
        payloads = [base64.b64decode(payload) for payload in replay.payloads]
        try:
            self._mark = self.store.keep_all(replay.first, payloads) if payloads else self._mark
        except JournalError as error:
            self._trouble = str(error)
            _log.error("%s", error)  # A full disk may have room again when the timer asks; another story never becomes the same.
            return
        self._trouble = None
        self._say()
        if self._mark < replay.last_number:
            self.ask()

    def thin(self) -> None:
        """Let go of what is older than it should be, for a moment at most: time waits for the historian."""
        deadline = time.monotonic() + THIN_SECONDS_MAX
        while self._thinner.slice() and time.monotonic() < deadline:
            pass

    # What it is asked

    @answers("energy")
    async def energy(self, ask: history.AskEnergy) -> history.History:
        """Joules in a span, by device, by flow, or by pair of accounts."""
        return await asyncio.to_thread(self._past.energy, ask)

    @answers("cost")
    async def cost(self, ask: history.AskSpan) -> history.History:
        """Micro-euro in a span: of import, of export, and their difference."""
        return await asyncio.to_thread(self._past.cost, ask)

    @answers("peaks")
    async def peaks(self, ask: history.AskPeaks) -> history.Peaks:
        """The highest quarter-hours of import in a span, and that of each month."""
        return await asyncio.to_thread(self._past.peaks, ask)

    @answers("decisions")
    async def decisions(self, ask: history.AskDecisions) -> history.Decisions:
        """What the inverter decided in a span, in words."""
        return await asyncio.to_thread(self._past.decisions, ask)

    @answers("changes")
    async def changes(self, ask: history.AskChanges) -> history.Changes:
        """What was changed about the home, or about one device."""
        return await asyncio.to_thread(self._past.changes, ask)

    @answers(topics.TOTALS)
    async def totals(self) -> history.Totals:
        """What the home has moved since its first tick."""
        return await asyncio.to_thread(self._past.totals)

    @answers("state")
    async def state(self) -> history.HistoryState:
        """What the historian has, how far it is behind, and what is thinned out."""
        found = await asyncio.to_thread(self._past.state, self._last)
        return found.model_copy(update={"records_a_second": self._rate.per_second() if self._is_far_behind else 0})

    def hindrance(self) -> str | None:
        """Also what it could not keep, and how far it is behind."""
        return super().hindrance() or self._trouble or (behind_sentence(self._behind, self._rate) if self._is_far_behind else None)

    @property
    def _behind(self) -> int:
        return max(0, max(self._last, self._heard[0]) - self._mark)

    @property
    def _is_far_behind(self) -> bool:
        return self._behind > LEAD_RECORDS

    def last_tick(self) -> int | None:
        """The end of what it has stored."""
        return self._tick

    def _say(self) -> None:
        if self._heard[0] and self._mark >= self._heard[0]:
            self._tick = self._heard[1]
        expose(HISTORIAN_METRIC)
        HISTORIAN_METRIC.set(self._mark)
        self._rate.hear(self._mark)
        self.say_kept(Kept(number=self._mark, behind=self._behind, records_a_second=self._rate.per_second() if self._is_far_behind else 0))


def build_historian(bus: Bus, given: Namespace) -> Historian:
    """The historian, from its command line; raises JournalError for a database that is another home's, or cannot be opened."""
    base = load_home_file(given.home_file).retention if given.home_file else None
    return Historian(bus, given.home, HistoryStore.open(store_given(given), given.home), Retention.said(given.keep, base))
