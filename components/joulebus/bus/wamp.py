"""The bus on a Crossbar router: the one place that imports autobahn.

What the router refuses (a ticket, a subscription, a registration) means that the component cannot do its job: it ends.
Everything else (a lost router, an unreadable frame, a bad event) is survived.
"""
# mypy: allow-untyped-calls
# Autobahn has types on some of its functions only.

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import Any

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp import message
from autobahn.wamp.exception import ApplicationError, TransportLost
from autobahn.wamp.types import ComponentConfig, PublishOptions, RegisterOptions, SubscribeOptions
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from joulebus.addresses import REALM as REALM
from joulebus.bus import CALL_SECONDS_MAX, OFFLINE, TIMEOUT, TOO_LONG, CallError, Sender, too_long_text
from joulebus.bus.connection import REGISTRATION_PATIENCE_SECONDS, Access, Connection
from joulebus.bus.loop import loop
from joulebus.bus.plain import to_plain
from joulebus.bus.serial import Packed, Text
from joulebus.bus.session import Given, Registration, Subscription
from joulebus.errors import BusError
from joulebus_schemas.base import Word
from joulebus_schemas.facts import MESSAGE_BYTES_MAX

__all__ = ["REALM", "Access", "WampBus"]

TAKEN = "wamp.error.procedure_already_exists"
UNWELCOME = ("wamp.error.not_authorized", "wamp.error.authentication_failed", "wamp.error.cannot_authenticate", "wamp.error.no_")
REPLIES = (message.Result, message.Error)
FRAMES_MAX = 64
"""Frames kept while coroutines run; beyond that, reading from the socket pauses."""
DETAILS = "joulebus_details"
"""Name of the argument that says who sent a message: none that a field of a message could have."""

_log = logging.getLogger("joulebus.bus")
acknowledge = PublishOptions(acknowledge=True)


class Wire(WampWebSocketClientProtocol):
    """A WebSocket that survives unreadable frames, and lets coroutines started by one frame run before it reads the next."""

    factory: Dial
    _session: Any
    transport: Any

    def connectionMade(self) -> None:
        """Autobahn's own option is looked up too early and lost: without this, a round takes 46 ms."""
        super().connectionMade()
        self._kept: deque[tuple[bytes, bool]] = deque()
        self._keeps = False
        if hasattr(self.transport, "setTcpNoDelay"):
            self.transport.setTcpNoDelay(True)

    # Autobahn colours the text of a debug message for each of these two, whether it is logged or not: a tenth of a component's time.

    def dataReceived(self, data: bytes) -> None:
        """Bytes from the router."""
        self._dataReceived(data)

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Bytes to the router."""
        if sync or chopsize or self.send_queue:
            super().sendData(data, sync, chopsize)
        else:
            self.transport.write(data)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Read a frame, or keep it for later."""
        if not self._keeps:
            self._read(payload, isBinary)
            return
        self._kept.append((payload, isBinary))
        if len(self._kept) == FRAMES_MAX:
            self.transport.pauseProducing()

    def _read(self, payload: bytes, isBinary: bool) -> None:
        """Read a frame; an unreadable one costs this frame and nothing else."""
        if self._session is None:
            return
        bus = self.factory.bus
        bus.woke = False
        try:
            for one in self._serializer.unserialize(payload, isBinary):
                self._session.onMessage(one)
                bus.woke = bus.woke or isinstance(one, REPLIES)
        except Exception as error:
            text = f"a frame of {len(payload)} bytes could not be read: {error}"
            bus.refuse("frame", "unreadable", Sender("router", 0), text)
        if bus.woke:
            self._keeps = True
            loop().call_soon(self._go_on)  # After the coroutines, which are in the loop's queue already.

    def _go_on(self) -> None:
        was_paused = len(self._kept) >= FRAMES_MAX
        self._keeps = False
        while self._kept and not self._keeps:
            self._read(*self._kept.popleft())
        if was_paused and len(self._kept) < FRAMES_MAX:
            self.transport.resumeProducing()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Read what has arrived before the connection was lost."""
        while self._kept:
            self._read(*self._kept.popleft())
        super().connectionLost(reason)

    def send(self, msg: Any) -> None:
        """Send a message; what cannot be sent is an error of the sender."""
        if self._session is None:
            raise TransportLost
        payload, is_binary = self._serializer.serialize(msg)
        if len(payload) > MESSAGE_BYTES_MAX and isinstance(msg, message.Yield | message.Error):
            # Who asked for it is told; that nobody could read it must not cost the one who answered.
            self.factory.bus.refuse("answer", "too_long", self.factory.bus.me, f"an answer of {len(payload)} bytes was not sent")
            too_long = message.Error(message.Invocation.MESSAGE_TYPE, msg.request, TOO_LONG, [too_long_text(len(payload))])
            payload, is_binary = self._serializer.serialize(too_long)
        self.sendMessage(payload, is_binary)


class Dial(WampWebSocketClientFactory):
    """One attempt to connect."""

    protocol = Wire

    def __init__(self, bus: WampBus, url: str) -> None:
        serializer = Text() if bus.access.ticket_file is None else Packed()
        super().__init__(lambda: RouterSession(bus), url=url, serializers=[serializer], reactor=bus.reactor)
        self.bus = bus
        self.setProtocolOptions(
            openHandshakeTimeout=5, closeHandshakeTimeout=1, autoPingInterval=5, autoPingTimeout=10, maxMessagePayloadSize=MESSAGE_BYTES_MAX
        )

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Nobody listens there, yet."""
        self.bus.lost(reason.getErrorMessage())

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """The router went away, or we did."""
        self.bus.lost(reason.getErrorMessage())


class RouterSession(ApplicationSession):
    """One life of a connection: shows the ticket, declares everything again."""

    def __init__(self, bus: WampBus) -> None:
        super().__init__(ComponentConfig(REALM, {}))
        self.bus = bus

    def onConnect(self) -> None:
        """Say who we are."""
        if self.bus.access.ticket_file is None:
            self.join(REALM, authmethods=["anonymous"])
        else:
            self.join(REALM, authmethods=["ticket"], authid=self.bus.authid)

    def onChallenge(self, challenge: Any) -> str:
        """Show the ticket."""
        return self.bus.ticket()

    def onJoin(self, details: Any) -> None:
        """Declare everything again."""
        self.bus.declare(self, details.session)

    def onLeave(self, details: Any) -> None:
        """Refused, killed, or left by ourselves."""
        if details.reason.startswith(UNWELCOME):
            self.bus.fail(BusError(f"the router refuses {self.bus.authid}: {details.message or details.reason}"))
        self.disconnect()

    def onUserError(self, fail: Failure, msg: str) -> None:
        """What autobahn would print in its own log; a call's error is already counted and said."""
        if not fail.check(ApplicationError):
            _log.error("%s: %s", msg, fail.getErrorMessage())


class WampBus(Connection):
    """A component on the router."""

    def __init__(self, access: Access, patience_seconds: float = REGISTRATION_PATIENCE_SECONDS) -> None:
        super().__init__(access, patience_seconds)
        self._live: RouterSession | None = None

    def publish(self, uri: str, word: Word, acknowledged: Callable[[], None] | None = None) -> None:
        """Publish a word; while there is no router it is lost (senders that care repeat it after the next join)."""
        if self._live is None:
            self.refuse(uri, "offline", self.me, "not said: there is no router at this moment")
            return
        try:
            acknowledgement = self._live.publish(uri, to_plain(word), options=acknowledge)
        except Exception as error:  # too large, not serialisable, or lost just now
            self.refuse(uri, "unsent", self.me, str(error) or type(error).__name__)
            return
        self.sent += 1
        if acknowledged is not None:
            acknowledgement.addCallback(lambda publication: acknowledged())
        acknowledgement.addErrback(lambda failure: self._unsaid(uri, failure))

    async def call(self, uri: str, word: Word | Mapping[str, Any], reply: type[Any] | None, seconds: float = CALL_SECONDS_MAX) -> Any:
        """Ask, and wait for the answer for so long."""
        if self._live is None:
            raise CallError(OFFLINE, f"{uri} was not asked: there is no router at this moment")
        try:
            asked: Deferred[Any] = self._live.call(uri, to_plain(word))
        except Exception as error:  # as in publish
            raise CallError(OFFLINE, f"{uri} was not asked: {error}") from error
        self.sent += 1
        try:
            async with asyncio.timeout(seconds):
                plain = await asked.asFuture(loop())
        except TimeoutError:
            raise CallError(TIMEOUT, f"{uri} did not answer within {seconds:g} s") from None
        except Exception as error:
            raise _unanswered(error, uri) from None
        return self.read_reply(plain, reply)

    def dial(self, url: str) -> Dial:
        """A factory of WebSockets for one attempt."""
        return Dial(self, url)

    def say_goodbye(self) -> None:
        """Tell the router that we leave on purpose."""
        if self._live is not None and self._live.is_attached():
            self._live.leave()
        else:
            self.hang_up()

    def lost(self, why: str) -> None:
        """The connection is gone."""
        self._live = None
        super().lost(why)

    def declare(self, session: RouterSession, number: int) -> None:
        """Subscribe and register everything; the component is ready when all of it is registered."""
        self.session = number
        until = self.reactor.seconds() + self.patience_seconds
        subscribed = gatherResults([self._subscribe(session, one) for one in self.subscriptions], consumeErrors=True)
        registered = subscribed.addCallback(
            lambda _: gatherResults([self._register(session, one, until) for one in self.registrations], consumeErrors=True)
        )
        registered.addCallback(lambda _: self._joined(session)).addErrback(self._not_joined)

    def _joined(self, session: RouterSession) -> None:
        if session.is_attached():
            self._live = session
            self.made()

    def _not_joined(self, failure: Failure) -> None:
        error = getattr(failure.value, "subFailure", failure).value
        if isinstance(error, BusError):
            self.fail(error)
        elif isinstance(error, TransportLost):
            _log.info("%s: the router went away during the join", self.authid)
        else:
            self.fail(BusError(f"{self.authid} could not join the router ({type(error).__name__})"))

    def _subscribe(self, session: RouterSession, one: Subscription) -> Deferred[Any]:
        def on_event(*positional: Any, **named: Any) -> None:
            details = named.pop(DETAILS)
            sender = sender_of(details.publisher_authid, details.publisher, details.publisher_authrole)
            self.hear(one, (positional, named), sender, details.topic if one.match != "exact" else None)

        options = SubscribeOptions(match=one.match, details_arg=DETAILS)
        asked: Deferred[Any] = session.subscribe(on_event, one.uri, options=options)
        return asked.addErrback(_refused, "listen to", one.uri)

    def _register(self, session: RouterSession, one: Registration, until: float) -> Deferred[Any]:
        def on_call(*positional: Any, **named: Any) -> Any:
            details = named.pop(DETAILS)
            sender = sender_of(details.caller_authid, details.caller, details.caller_authrole)
            answer = self.answer(one, (positional, named), sender)
            return Deferred.fromFuture(asyncio.ensure_future(answer)).addCallback(given_later) if isawaitable(answer) else _given(answer)

        def given_later(answer: Given) -> dict[str, Any]:
            return _given(answer) if session.is_attached() else {}  # The caller is gone with the connection.

        def again(failure: Failure) -> Any:
            taken = isinstance(failure.value, ApplicationError) and failure.value.error == TAKEN
            if not taken or self.reactor.seconds() > until or not session.is_attached():
                return _refused(failure, "answer", one.uri)
            pause: Deferred[Any] = Deferred()
            self.reactor.callLater(0.5, pause.callback, None)
            return pause.addCallback(lambda _: self._register(session, one, until))

        asked: Deferred[Any] = session.register(on_call, one.uri, options=RegisterOptions(details_arg=DETAILS))
        return asked.addErrback(again)

    def _unsaid(self, uri: str, failure: Failure) -> None:
        error = failure.value
        if isinstance(error, ApplicationError):
            self.refuse(uri, "not_authorized", self.me, error.error_message())
        else:
            self.refuse(uri, "unsent", self.me, str(error) or type(error).__name__)


def sender_of(authid: str | None, session: int | None, authrole: str | None) -> Sender:
    """Who sent something; the router's name of a role ends with a digest of its rights, which says nothing to people."""
    return Sender(authid or "", session or 0, (authrole or "").rpartition("_")[0] or authrole or "")


def _refused(failure: Failure, act: str, uri: str) -> Failure:
    """A refusal of the router as a sentence of ours."""
    if isinstance(failure.value, ApplicationError):
        raise BusError(f"the router must let this component {act} {uri}, but says: {failure.value.error_message()}")
    return failure


def _given(answer: Given) -> dict[str, Any]:
    """The answer to a call, or its error as autobahn sends it."""
    if isinstance(answer, CallError):
        raise ApplicationError(answer.uri, str(answer), errors=answer.errors)
    return answer


def _unanswered(error: Exception, uri: str) -> CallError:
    """Why a call has no answer."""
    if isinstance(error, ApplicationError):
        return CallError(error.error, str(error.args[0]) if error.args else error.error, error.kwargs.get("errors"))
    return CallError(OFFLINE, f"{uri} did not answer: {str(error) or type(error).__name__}")
