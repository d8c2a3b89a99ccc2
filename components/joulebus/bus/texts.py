"""A plain WebSocket beside a component, for programs that speak JSON and no WAMP; with limits on who comes, how many, how much, how often.

Each text is answered with a text, as soon as its answer is known. Web pages are refused: anybody's could open it from the owner's browser.
"""
# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.types import ConnectionDeny
from twisted.internet.error import CannotListenError

from joulebus.bus.loop import twisted_reactor
from joulebus.bus.slow_readers import waiting_bytes
from joulebus.bus.timers import cancel, later, spawn

TEXT_CONNECTIONS_MAX = 32
TEXT_BYTES_MAX = 4_096
"""The longest that is listened to; a longer one is answered with a sentence that says so."""
MESSAGE_TEXT_BYTES_MAX = 1 << 16
"""A longer one ends its connection, as WebSocket says (1009)."""
TEXTS_A_SECOND_MAX = 10
"""The most of one connection; whoever says more is told so, and nothing more is done."""
TEXTS_TOO_MANY_MAX = 100
"""Whoever goes on all the same is let go."""
HANDSHAKE_SECONDS_MAX = 5.0
PING_SECONDS = 30.0
BYTES_WAITING_MAX = 1 << 16
"""Whoever does not read is let go when so much waits for it."""


@dataclass(frozen=True)
class TextTalk:
    """What a WebSocket is for."""

    path: str
    may_come: Callable[[str], bool]
    """Whether an address may connect."""
    greeting: Callable[[], str | None]
    """What is told to whoever comes."""
    answer: Callable[[str], Awaitable[str]]
    too_often: str
    """The answer to texts that come too often."""
    no_text: str
    """The answer to bytes that are no text, and to texts that are too long."""


class TextWire(WebSocketServerProtocol):
    """One connection."""

    factory: TextSocket
    transport: Any

    def onConnect(self, request: Any) -> None:
        """Let in whoever may come, to the one path; raises a ConnectionDeny."""
        talk = self.factory.talk
        if not talk.may_come(self.transport.getPeer().host):
            raise ConnectionDeny(ConnectionDeny.FORBIDDEN, "this address is not allowed here")
        if request.origin:
            raise ConnectionDeny(ConnectionDeny.FORBIDDEN, "web pages are not allowed here")
        if request.path != talk.path:
            raise ConnectionDeny(ConnectionDeny.NOT_FOUND, f"it is at {talk.path}")

    def onOpen(self) -> None:
        """Greet."""
        self._count, self._waiting = 0, 0
        self._timer: Any = None
        self.factory.joined.add(self)
        greeting = self.factory.talk.greeting()
        if greeting is not None:
            self.tell(greeting)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Answer, as long as it is not too often."""
        if self._timer is None:
            self._timer = later(1.0, self._second)
        self._count += 1
        if self._count > TEXTS_TOO_MANY_MAX:
            self.dropConnection(abort=True)
        elif self._count > TEXTS_A_SECOND_MAX:
            self.tell(self.factory.talk.too_often)
        elif isBinary or len(payload) > TEXT_BYTES_MAX:
            self.tell(self.factory.talk.no_text)
        else:
            spawn(self._answer(payload.decode("utf-8")))  # Autobahn has checked that it is UTF-8.

    async def _answer(self, text: str) -> None:
        answer = await self.factory.talk.answer(text)
        if self in self.factory.joined:
            self.tell(answer)

    def tell(self, text: str) -> None:
        """Send a text."""
        if self.state == self.STATE_OPEN:
            self.sendMessage(text.encode())
        if self.transport is not None and waiting_bytes(self.transport) > BYTES_WAITING_MAX:
            self.dropConnection(abort=True)

    def onClose(self, wasClean: bool, code: Any, reason: Any) -> None:
        """It is over."""
        self.factory.joined.discard(self)
        cancel(getattr(self, "_timer", None))

    def _second(self) -> None:
        self._count, self._timer = 0, None


class TextSocket(WebSocketServerFactory):
    """All connections."""

    protocol: Any = TextWire
    noisy = False

    def __init__(self, talk: TextTalk, reactor: Any) -> None:
        super().__init__(reactor=reactor)
        self.talk = talk
        self.joined: set[TextWire] = set()
        self.setProtocolOptions(
            maxConnections=TEXT_CONNECTIONS_MAX,
            maxFramePayloadSize=MESSAGE_TEXT_BYTES_MAX,
            maxMessagePayloadSize=MESSAGE_TEXT_BYTES_MAX,
            openHandshakeTimeout=HANDSHAKE_SECONDS_MAX,
            closeHandshakeTimeout=1.0,
            autoPingInterval=PING_SECONDS,
            autoPingTimeout=PING_SECONDS,
            failByDrop=False,
        )

    def tell_all(self, text: str) -> None:
        """Send a text to everybody who reads."""
        for one in tuple(self.joined):
            one.tell(text)


def answer_texts(address: str, port: int, talk: TextTalk) -> tuple[TextSocket, Callable[[], None]]:
    """Talk on a port from now on; what is returned ends it. Raises :class:`OSError` when the port cannot be taken."""
    reactor = twisted_reactor()
    socket = TextSocket(talk, reactor)
    try:
        listening: Any = reactor.listenTCP(port, socket, interface=address)
    except CannotListenError as error:
        raise OSError(error.socketError.errno, str(error.socketError.strerror)) from None

    def end() -> None:
        listening.stopListening()
        for one in tuple(socket.joined):
            one.dropConnection(abort=True)

    return socket, end
