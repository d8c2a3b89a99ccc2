"""The market on the bus: answers its calls, publishes its changes, and follows the home's ledger.

Changes that arrive together are committed together, and answered when they are durable. What was committed is published from the journal
of operations, in order, until the router has acknowledged it; so a kill at any moment loses no event, and a doubled one has its number.
"""

import asyncio
import base64
import json
import logging
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joulebus.bus import Bus, CallError, Sender
from joulebus.bus.component import Asks, Component, Says, answers, hears
from joulebus.bus.timers import answer_later, every, give, later, spawn
from joulebus.errors import JoulebusError, MarketError
from joulebus.files import replace_in_one_step
from joulebus.homefile.home_file import load_home_file
from joulebus.market.asking import Asked, Asker, OperationRefused
from joulebus.market.calls.assets import TROUBLE_CHARACTERS_MAX
from joulebus.market.executor import Executor
from joulebus.market.following import Following
from joulebus.market.store import Operation
from joulebus.services.market_metrics import watch_market
from joulebus.services.stores import store_given
from joulebus_schemas import topics
from joulebus_schemas.calls import AskReplay, Replay
from joulebus_schemas.channels import Call as BusCall
from joulebus_schemas.channels import Event
from joulebus_schemas.market.calls import CALLS, MarketCall
from joulebus_schemas.market.events import MarketChanged, MarketTrouble
from joulebus_schemas.rounds import Settled

_log = logging.getLogger("joulebus.services.balancer")

MARKET = "market"
"""Below this its calls and events are; its own name on the bus is balancer."""
CHANGED = Event(MARKET, "changed", MarketChanged)
TROUBLE = Event(MARKET, "trouble", MarketTrouble)
TELL_AGAIN_SECONDS = 1.0
BOOKED_RECORDS_MAX = 256
PUBLISHED_AT_ONCE_MAX = 64
CALLS_TOGETHER_MAX = 512
ARGUMENTS_CHARACTERS_MAX = 200_000
"""An event with more says so instead of them; the journal of operations has them."""


@dataclass
class Balancer(Component):
    """The market: balance groups, contracts, metering, settlement and seals."""

    part = "balancer"
    say_changed, say_trouble = Says(CHANGED), Says(TROUBLE)
    ask_replay = Asks(topics.REPLAY)

    bus: Bus
    home: str
    executor: Executor
    following: Following | None = None
    _waiting: list[tuple[Asked, asyncio.Future[Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        mark = self.executor.mark
        self._published = self._acknowledged = mark.published
        self._asking = False
        self._seen = -1
        self._said_trouble: str | None = None

    def start(self) -> None:
        """Declare what it answers and hears."""
        self.declare()
        watch_market(self.executor)
        self.bus.on_join.append(self._joined)
        every(TELL_AGAIN_SECONDS, self._again)

    def answer_call(self, call: MarketCall, ask: Any, sender: Sender) -> Any:
        """A question is answered at once, a change when it is durable; who asked is kept with it."""
        one = Asked(call, ask, Asker(sender.authid, sender.role))
        if not call.changes:
            return _given(self.executor.run([one])[0])
        answer = answer_later()
        self._waiting.append((one, answer))
        if len(self._waiting) == 1:
            later(0.0, self._commit)
        return answer

    def _commit(self) -> None:
        """All changes that wait, in one transaction."""
        waiting, self._waiting = self._waiting[:CALLS_TOGETHER_MAX], self._waiting[CALLS_TOGETHER_MAX:]
        if self._waiting:
            later(0.0, self._commit)
        try:
            outcomes: list[Any] = self.executor.run([one for one, _ in waiting])
        except JoulebusError as error:  # The store does not take it (a full disk): nothing has happened, and everybody is told.
            outcomes = [OperationRefused(error)] * len(waiting)
        for (_, answer), outcome in zip(waiting, outcomes, strict=True):
            give(answer, outcome.error if isinstance(outcome, OperationRefused) else outcome)
        self.publish()

    # Events

    def publish(self) -> None:
        """Say what has changed since the last one that was said, in order."""
        if not self.bus.joined or self._published >= self.executor.mark.revision:
            return
        for operation in self.executor.since(self._published, PUBLISHED_AT_ONCE_MAX):
            self._say(operation)
            self._published = operation.revision
        if self._published < self.executor.mark.revision:
            later(0.0, self.publish)

    def _say(self, one: Operation) -> None:
        small = len(one.arguments) + len(one.answer) <= ARGUMENTS_CHARACTERS_MAX
        said = json.loads(one.arguments) if small else {"left_out": f"{len(one.arguments)} characters"}
        answer = json.loads(one.answer) if small else {}
        word = MarketChanged(revision=one.revision, call=one.call, arguments=said, answer=answer, principal=one.principal, role=one.role)
        self.bus.publish(CHANGED.uri(self.home), word, lambda: self._was_published(one.revision))

    def _was_published(self, revision: int) -> None:
        """The router has it; acknowledgements come in order."""
        if revision == self._acknowledged + 1:
            self._acknowledged = revision

    def _joined(self) -> None:
        """What was sent on a connection that broke is sent again."""
        self._published = self._acknowledged
        self.publish()
        self.ask()

    def _again(self) -> None:
        """Keep what was acknowledged; say again what was not; ask for more of the ledger."""
        if self._acknowledged > self.executor.mark.published:
            self.executor.acknowledge(self._acknowledged)
        if self._published > self._acknowledged and not self._in_flight():
            self._published = self._acknowledged
        self.publish()
        self.ask()

    def _in_flight(self) -> bool:
        """Whether acknowledgements may still come: something was acknowledged since the last look."""
        before, self._seen = self._seen, self._acknowledged
        return before != self._acknowledged

    def last_tick(self) -> int | None:
        """The last tick of the home that it has followed to."""
        return self.following.tick if self.following is not None else None

    # The ledger

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled, sender: Sender) -> None:
        """Something new is in the journal; only seals are booked."""
        if self.following is not None:
            self.following.tick = settled.window.end
            if settled.seals:
                self.ask()

    def ask(self) -> None:
        """Ask for what follows; one question at a time."""
        if self.following is None or self._asking or not self.bus.joined:
            return
        self._asking = True
        spawn(self._ask(self.following))

    async def _ask(self, following: Following) -> None:
        try:
            replay = await self.ask_replay(AskReplay(first=following.record + 1, most=BOOKED_RECORDS_MAX))
        except CallError:
            return  # The keeper is away; the timer asks again.
        finally:
            self._asking = False
        self._on_replay(replay)

    def _on_replay(self, replay: Replay) -> None:
        assert self.following is not None, "only who follows asks"
        if replay.last_number < self.following.record:
            _log.error(
                "the market has taken in %d records, and the journal has %d: whose home is it?", self.following.record, replay.last_number
            )
            return
        payloads = [base64.b64decode(payload) for payload in replay.payloads]
        followed = self.executor.books.followed
        followed.last_record = replay.last_number
        try:
            self.following.take(replay.first, payloads)
        except MarketError as error:
            _log.error("%s", error)  # The timer asks again: a full disk may have room then.
            followed.trouble = str(error)
            self._tell_trouble()
            return
        self._tell_trouble()
        self.publish()
        if payloads and self.following.record < replay.last_number:
            self.ask()

    def _tell_trouble(self) -> None:
        """When it begins, changes or ends."""
        followed = self.executor.books.followed
        if followed.trouble != self._said_trouble and self.bus.joined:
            self._said_trouble = followed.trouble
            trouble = None if followed.trouble is None else followed.trouble[:TROUBLE_CHARACTERS_MAX]
            self.say_trouble(MarketTrouble(trouble=trouble, record=followed.record, behind_records=followed.behind))


def build_balancer(bus: Bus, given: Namespace) -> Balancer:
    """The market beside a home's ledger, from its command line; raises MarketError for a plan or a store that cannot be read."""
    from joulebus.market.living import living, plan_text

    if given.home_file:
        replace_in_one_step(Path(given.market), plan_text(load_home_file(given.home_file)).encode())
    executor, following = living(store_given(given), Path(given.market))
    return Balancer(bus, given.home, executor, following)


def _given(outcome: Any) -> Any:
    if isinstance(outcome, OperationRefused):
        raise outcome.error
    return outcome


def _method(call: MarketCall) -> Callable[..., Any]:
    """The method that answers a call; its words and its documentation are those of the table of calls."""

    def method(self: Balancer, ask: Any, sender: Sender) -> Any:
        return self.answer_call(call, ask, sender)

    method.__name__ = method.__qualname__ = call.name.replace(".", "_")
    method.__doc__ = f"{call.summary[:1].upper()}{call.summary[1:]}."
    method.__annotations__ = {"ask": call.ask, "sender": Sender, "return": call.answer}
    return answers(BusCall(MARKET, call.name, call.ask, call.answer))(method)


for _call in CALLS.values():
    setattr(Balancer, _call.name.replace(".", "_"), _method(_call))
