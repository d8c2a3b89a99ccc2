"""The historian on the bus: follows the settlements, asks for what it missed, and says what it has."""

import base64
import logging
from argparse import Namespace
from dataclasses import dataclass

from joulebus.bus import Bus, CallError
from joulebus.bus.component import Asks, Component, Says, hears
from joulebus.bus.timers import every, spawn
from joulebus.errors import JournalError
from joulebus.historian.store import HistoryStore
from joulebus.services.metrics import HISTORIAN_METRIC
from joulebus_schemas import topics
from joulebus_schemas.calls import AskReplay, Replay
from joulebus_schemas.rounds import Kept, Settled

_log = logging.getLogger("joulebus.historian")

ASK_AGAIN_SECONDS = 1.0
FOLLOWED_RECORDS_MAX = 256


@dataclass
class Historian(Component):
    """The historian: a database that follows the journal of one home."""

    part = topics.HISTORIAN
    say_kept = Says(topics.KEPT)
    ask_replay = Asks(topics.REPLAY)

    bus: Bus
    home: str
    store: HistoryStore

    def __post_init__(self) -> None:
        self._asking = False
        self._mark = self.store.watermark

    def start(self) -> None:
        """Declare what it hears."""
        self.declare()
        self.bus.on_join.append(self.ask)
        every(ASK_AGAIN_SECONDS, self.ask)  # What was lost on the way, and changes: of records without a settlement nobody tells.

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Something new is in the journal."""
        if settled.number > self._mark:
            self.ask()

    def ask(self) -> None:
        """Ask for what follows the watermark; one question at a time, or a healed network drowns in them."""
        if self._asking or not self.bus.joined:
            return
        self._asking = True
        spawn(self._ask())

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
        if replay.last_number < self._mark:
            _log.error(
                "the journal has %d records, but the historian %d: stop the home; its next start repairs the journal",
                replay.last_number,
                self._mark,
            )
            return
        payloads = [base64.b64decode(payload) for payload in replay.payloads]
        try:
            self._mark = self.store.keep_all(replay.first, payloads) if payloads else self._mark
        except JournalError as error:
            _log.error("%s", error)  # A full disk may have room again when the timer asks; another story never becomes the same.
            return
        self._say()
        if self._mark < replay.last_number:
            self.ask()

    def _say(self) -> None:
        HISTORIAN_METRIC.labels(self.home).set(self._mark)
        self.say_kept(Kept(number=self._mark))


def build_historian(bus: Bus, given: Namespace) -> Historian:
    """The historian, from its command line; raises JournalError for a database that is another home's, or cannot be opened."""
    return Historian(bus, given.home, HistoryStore.open(given.store, given.home))
