"""The bus inside one process, for tests: the same words, rights, errors and order, without sockets.

Nothing happens until :meth:`MemoryRouter.deliver`, and then one message after the other in the order in which they were
sent; so a test decides what comes first. Time is a clock of its own, which a test moves.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import isawaitable
from itertools import count
from typing import Any

from joulebus.bus import CALL_SECONDS_MAX, OFFLINE, TIMEOUT, TOO_LONG, CallError, too_long_text
from joulebus.bus.loop import loop
from joulebus.bus.plain import to_plain
from joulebus.bus.rights import AccessRule, Action, allowed
from joulebus.bus.session import Given, Registration, Session, Subscription
from joulebus.bus.timers import answer_later, give, spawn
from joulebus.errors import BusError
from joulebus_schemas.base import Word
from joulebus_schemas.facts import MESSAGE_BYTES_MAX

MESSAGES_MAX = 1_000_000
"""In one delivery: more is two components that answer each other for ever."""
IDLE_TURNS = 10
"""Turns of the loop without a message before a delivery ends: a chain of coroutines that resume each other needs one each."""


class MemoryRouter:
    """Passes messages between the buses of one process."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.buses: list[MemoryBus] = []
        self.open = True
        self._queue: deque[Callable[[], None]] = deque()
        self._sessions = count(1)

    def bus(self, authid: str, rights: tuple[AccessRule, ...]) -> MemoryBus:
        """A bus for one component."""
        return MemoryBus(self, authid, rights)

    def deliver(self) -> int:
        """Deliver until nothing is left; returns the number of messages. Does not wait for real time to pass."""
        return loop().run_until_complete(self._deliver())

    async def _deliver(self) -> int:
        delivered = idle = 0
        while idle < IDLE_TURNS:
            idle = 0 if self._queue else idle + 1
            if self._queue:
                assert delivered < MESSAGES_MAX, "two components answer each other for ever"
                self._queue.popleft()()
                delivered += 1
            await asyncio.sleep(0)
        return delivered

    def advance(self, seconds: float) -> None:
        """Move the clock; calls that have waited long enough time out."""
        self.seconds += seconds
        for bus in self.buses:
            bus.expire()

    def close(self) -> None:
        """Die as a router dies: what was under way is lost."""
        self.open = False
        self._queue.clear()
        for bus in list(self.buses):
            bus.lost()

    def reopen(self) -> None:
        """Be there again; everybody comes back."""
        self.open = True
        for bus in self.buses:
            self.later(bus.arrive)

    def later(self, act: Callable[[], None]) -> None:
        """Put a message in the queue."""
        self._queue.append(act)

    def next_session(self) -> int:
        """A number for a joining component."""
        return next(self._sessions)

    def registration(self, uri: str) -> tuple[MemoryBus, Registration] | None:
        """Who answers a procedure."""
        return next(((bus, one) for bus in self.buses if bus.present for one in bus.registrations if one.uri == uri), None)


class MemoryBus(Session):
    """A component on a router in memory."""

    def __init__(self, router: MemoryRouter, authid: str, rights: tuple[AccessRule, ...]) -> None:
        super().__init__(authid)
        self.router = router
        self.rights = rights
        self.present = False
        self._open_calls: dict[asyncio.Future[Any], tuple[float, CallError]] = {}
        """When each times out on the router's clock, and with what."""

    def start(self) -> None:
        """Join when the router delivers."""
        self.started = True
        self.router.buses.append(self)
        self.router.later(self.arrive)

    def stop(self) -> None:
        """Leave."""
        if self in self.router.buses:
            self.router.buses.remove(self)
        self.lost()

    def fail(self, error: BusError) -> None:
        """Leave for good."""
        if self.failure is None:
            self.failure = error
            self.stop()

    def publish(self, uri: str, word: Word, acknowledged: Callable[[], None] | None = None) -> None:
        """Say a word."""
        if not self.joined:
            self.refuse(uri, "offline", self.me, "not said: there is no router at this moment")
            return
        try:
            packed = packed_bytes(to_plain(word))
        except CallError as error:
            self.refuse(uri, "unsent", self.me, str(error))
            return
        self.sent += 1
        if not allowed(self.rights, "publish", uri):
            self.router.later(partial(self.refuse, uri, "not_authorized", self.me, f"not authorized to publish to {uri}"))
            return
        self.router.later(partial(self._spread, uri, packed, self.me))
        if acknowledged is not None:
            self.router.later(acknowledged)

    async def call(self, uri: str, word: Word | Mapping[str, Any], reply: type[Any] | None, seconds: float = CALL_SECONDS_MAX) -> Any:
        """Ask, and wait for the answer for so long on the router's clock."""
        if not self.joined:
            raise CallError(OFFLINE, f"{uri} was not asked: there is no router at this moment")
        self.sent += 1
        answer = answer_later()
        late = CallError(TIMEOUT, f"{uri} did not answer within {seconds:g} s")
        self._open_calls[answer] = (self.router.seconds + seconds, late)
        self.router.later(partial(self._put, uri, packed_bytes(to_plain(word)), answer))
        try:
            return self.read_reply(unpack(await answer), reply)
        finally:
            del self._open_calls[answer]

    def expire(self) -> None:
        """Time out the calls that have waited long enough."""
        for answer, (until, late) in self._open_calls.items():
            if until <= self.router.seconds:
                give(answer, late)

    def arrive(self) -> None:
        """Join, with everything that was declared; what is refused ends the component."""
        if not self.router.open or self.present or self not in self.router.buses:
            return
        self.session = self.router.next_session()
        refusal = self._refusal()
        if refusal is not None:
            self.fail(BusError(refusal))
            return
        self.present = True
        self.came()

    def lost(self) -> None:
        """The router is gone, or we are."""
        self.present = False
        self.went()
        for answer in self._open_calls:
            give(answer, CallError(OFFLINE, "not answered: the router went away"))

    def _refusal(self) -> str | None:
        declared: list[tuple[Action, str]] = [("subscribe", one.uri) for one in self.subscriptions]
        declared += [("register", one.uri) for one in self.registrations]
        for action, uri in declared:
            act = "listen to" if action == "subscribe" else "answer"
            if not allowed(self.rights, action, uri):
                return f"the router must let this component {act} {uri}, but says: not authorized"
            if action == "register" and self.router.registration(uri):
                return f"the router must let this component {act} {uri}, but says: somebody answers it already"
        return None

    def _spread(self, uri: str, packed: bytes, sender: Any) -> None:
        for bus in self.router.buses:
            if bus.present and bus is not self:
                for one in bus.subscriptions:
                    if matches(one, uri):
                        bus.hear(one, ([unpack(packed)], None), sender, uri if one.match != "exact" else None)

    def _put(self, uri: str, packed: bytes, answer: asyncio.Future[Any]) -> None:
        if answer.done():
            return
        found = self.router.registration(uri)
        if not allowed(self.rights, "call", uri) or found is None:
            code = "wamp.error.not_authorized" if not allowed(self.rights, "call", uri) else "wamp.error.no_such_procedure"
            give(answer, CallError(code, f"{uri} cannot be asked: {code}"))
            return
        bus, registration = found
        given = bus.answer(registration, ([unpack(packed)], None), self.me)
        if isawaitable(given):
            spawn(self._give_later(answer, given))
        else:
            self._give(answer, given)

    async def _give_later(self, answer: asyncio.Future[Any], given: Awaitable[Given]) -> None:
        self._give(answer, await given)

    def _give(self, answer: asyncio.Future[Any], given: Given) -> None:
        packed = given if isinstance(given, CallError) else packed_bytes(given)
        size = len(packed if isinstance(packed, bytes) else packed_bytes({"args": str(packed), "errors": packed.errors}))
        fits = size <= MESSAGE_BYTES_MAX
        self.router.later(partial(give, answer, packed if fits else CallError(TOO_LONG, too_long_text(size))))


def matches(one: Subscription, uri: str) -> bool:
    """Whether a subscription hears a topic."""
    if one.match == "prefix":
        return uri.startswith(one.uri)
    if one.match == "wildcard":
        wanted, given = one.uri.split("."), uri.split(".")
        return len(wanted) == len(given) and all(part in ("", there) for part, there in zip(wanted, given, strict=True))
    return uri == one.uri


def packed_bytes(plain: dict[str, Any]) -> bytes:
    """What goes over a wire is bytes; so nobody shares a mutable object through this bus."""
    return json.dumps(plain).encode()


def unpack(packed: bytes) -> dict[str, Any]:
    """And back."""
    plain: dict[str, Any] = json.loads(packed)
    return plain
