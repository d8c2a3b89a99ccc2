"""What every bus does alike: keeps what was declared, reads what arrives, counts what it refuses."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable, iscoroutine
from typing import Any, NamedTuple

from joulebus.bus import BUG, CANCELED, INVALID, Answers, CallError, Hears, Match, OnDropped, OnRefused, Sender
from joulebus.bus.plain import as_call_error, from_plain, from_plain_of_any_minor, to_plain
from joulebus.bus.timers import spawn
from joulebus.errors import BusError
from joulebus_schemas.base import Word
from joulebus_schemas.principals import principal_of

REFUSAL_REASONS = {INVALID: "invalid", BUG: "handler"}
"""Reasons for refused calls, one word each."""
WAITING_MAX = 10_000
"""Events that may queue for the ``async`` handler of one subscription; those beyond are dropped."""

Given = dict[str, Any] | CallError
"""The answer to a call."""

_log = logging.getLogger("joulebus.bus")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A kind of word somebody wants to hear."""

    uri: str
    kind: type[Word]
    handler: Hears
    match: Match
    waiting: deque[tuple[Awaitable[Any], Sender]] = field(default_factory=deque)
    """Calls of its ``async`` handler, in order of arrival; the first one is running."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A kind of question somebody answers."""

    uri: str
    ask: type[Word]
    handler: Answers
    reply: type[Word] | None


class Topic(NamedTuple):
    """Where an event came from."""

    declared: str
    """As somebody has subscribed to it, perhaps to many at once: what is counted stays a short list."""
    said: str
    """Where it was said."""


class Session:
    """The half of a bus that has no wires."""

    def __init__(self, authid: str) -> None:
        self.authid = authid
        self.home, self.name = principal_of(authid)
        self.session = 0
        self.joined = False
        self.failure: BusError | None = None
        self.sent = 0
        self.received = 0
        self.refused: Counter[tuple[str, str]] = Counter()
        self.on_join: list[Callable[[], None]] = []
        self.on_end: list[Callable[[], None]] = []
        self.on_leave: list[Callable[[], None]] = []
        self.on_refused: list[OnRefused] = []
        self.on_dropped: list[OnDropped] = []
        self.newer = 0
        self.subscriptions: list[Subscription] = []
        self.registrations: list[Registration] = []
        self.started = False
        self.woke = False
        """Whether the last message started a coroutine, which must run before the next message is read."""

    def subscribe(self, uri: str, kind: type[Any], handler: Hears, match: Match = "exact") -> None:
        """Hear a kind of word."""
        assert not self.started, f"{uri}: subscriptions are declared before the bus starts, or a rejoin would forget them"
        self.subscriptions.append(Subscription(uri, kind, handler, match))

    def register(self, uri: str, ask: type[Any], handler: Answers, reply: type[Word] | None = None) -> None:
        """Answer a kind of question."""
        assert not self.started, f"{uri}: registrations are declared before the bus starts, or a rejoin would forget them"
        self.registrations.append(Registration(uri, ask, handler, reply))

    def hear(self, subscription: Subscription, message: tuple[Any, Any], sender: Sender, topic: str | None = None) -> None:
        """Hand an event to its handler; a bad event or a failing handler costs this event and nothing else.

        ``topic``: where it was said, when the subscription is a pattern; whoever is told of a bad event is told that.
        """
        self.received += 1
        place = Topic(subscription.uri, topic or subscription.uri)
        if sender.of(self.home) is None:  # The router lets nobody of another home speak here; nobody must depend on that alone.
            who = f"{sender.authid or 'somebody without a name'} does not belong to {self.home}"
            self.drop(place, "stranger", sender, (who, who))
            return
        try:
            word, is_newer = from_plain_of_any_minor(subscription.kind, *message)
        except CallError as error:
            self.drop(place, "invalid", sender, (str(error), str(error)))
            return
        self.newer += is_newer
        try:
            given = subscription.handler(word, sender)
        except Exception as error:  # whatever a handler does, the session and the next event go on
            self._failed(place, sender, error)
            return
        if given is not None and iscoroutine(given):
            self._hear_in_order(subscription, given, sender)

    def _hear_in_order(self, subscription: Subscription, given: Any, sender: Sender) -> None:
        """Run ``async`` handlers of one subscription one after another."""
        waiting = subscription.waiting
        if len(waiting) >= WAITING_MAX:
            given.close()
            text = f"its handler is {WAITING_MAX} events behind"
            self.drop(Topic(subscription.uri, subscription.uri), "overflow", sender, (text, text))
            return
        waiting.append((given, sender))
        if len(waiting) == 1:
            self.woke = True
            spawn(self._hear_all(subscription))

    async def _hear_all(self, subscription: Subscription) -> None:
        while subscription.waiting:
            given, sender = subscription.waiting[0]
            try:
                await given
            except Exception as error:
                self._failed(Topic(subscription.uri, subscription.uri), sender, error)
            finally:
                subscription.waiting.popleft()

    def _failed(self, place: Topic, sender: Sender, error: Exception) -> None:
        told = f"its handler failed with {type(error).__name__}; the log says more"
        self.drop(place, "handler", sender, (describe(error), told))

    def drop(self, place: Topic, reason: str, sender: Sender, texts: tuple[str, str]) -> None:
        """Count an event that was not heard, and let watchers know; of the two texts the first is for the log."""
        where = "" if place.declared == place.said else f"{place.said}: "
        self.refuse(place.declared, reason, sender, where + texts[0])
        for hook in self.on_dropped:
            hook(place.said, reason, sender, texts[1])

    def answer(self, registration: Registration, message: tuple[Any, Any], sender: Sender) -> Given | Awaitable[Given]:
        """The answer to a call: plain JSON, or the error to answer with; raises nothing."""
        self.received += 1
        try:
            given = registration.handler(from_plain(registration.ask, *message), sender)
            if isawaitable(given):
                self.woke = True
                return spawn(self._answer_later(registration, given, sender))
            return answer_of(registration, given)
        except BaseException as error:  # a panic of the core is no Exception
            return self._excuse(registration, error, sender)

    async def _answer_later(self, registration: Registration, given: Awaitable[Any], sender: Sender) -> Given:
        try:
            return answer_of(registration, await given)
        except asyncio.CancelledError:
            return CallError(CANCELED, f"{registration.uri} is not answered: the component has ended, or the caller has given up")
        except BaseException as error:
            return self._excuse(registration, error, sender)

    def read_reply(self, plain: Any, reply: type[Word] | None) -> Any:
        """The answer to a call, as the caller wants it."""
        if reply is None:
            return plain
        word, is_newer = from_plain_of_any_minor(reply, [plain], None)
        self.newer += is_newer
        return word

    def _excuse(self, registration: Registration, error: BaseException, sender: Sender) -> CallError:
        excuse = as_call_error(error)
        reason = REFUSAL_REASONS.get(excuse.uri, "refused")
        self.refuse(registration.uri, reason, sender, str(excuse) if reason != "handler" else describe(error))
        return excuse

    def refuse(self, uri: str, reason: str, sender: Sender, text: str) -> None:
        """Count what was refused; say it at 1, 10, 100 … times, so that no rogue fills a disk with our complaints."""
        self.refused[uri, reason] += 1
        count = self.refused[uri, reason]
        if count == 10 ** (len(str(count)) - 1):
            _log.warning("%s: %s (%s, from %s, %d times)", uri, text[:1000], reason, sender.authid, count)
        for hook in self.on_refused:
            hook(uri, reason, sender)

    def came(self) -> None:
        """All that was declared is registered."""
        self.joined = True
        for hook in self.on_join:
            hook()

    def went(self) -> None:
        """The router is gone, or we are."""
        if self.joined:
            self.joined = False
            for hook in self.on_leave:
                hook()

    @property
    def me(self) -> Sender:
        """This component, as others see it."""
        return Sender(self.authid, self.session)


def describe(error: BaseException) -> str:
    """An exception with its place, for the log."""
    return "".join(traceback.format_exception(error)[-4:]).strip()


def answer_of(registration: Registration, answer: Any) -> dict[str, Any]:
    """An answer as plain JSON; one of another word than was declared is a bug of the component."""
    assert registration.reply in (None, type(answer)), f"{registration.uri} must answer {registration.reply}, not {type(answer)}"
    return to_plain(answer)
