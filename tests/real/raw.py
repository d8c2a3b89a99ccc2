"""A client without our manners: sends what it likes, for tests of rights, guests and rogues."""
# mypy: allow-untyped-calls

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp.serializer import CBORSerializer, JsonObjectSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import ComponentConfig, PublishOptions, RegisterOptions, SubscribeOptions
from twisted.internet.defer import Deferred

from joulebus.bus.connection import Access
from joulebus.bus.wamp import REALM
from tests.real.reactor import outcome, turning, until


class RawSession(ApplicationSession):  # type: ignore[misc]
    """A session that remembers what happened to it."""

    def __init__(self, authid: str | None, ticket: str | None) -> None:
        super().__init__(ComponentConfig(REALM, {}))
        self.claims, self.ticket = authid, ticket
        self.joined: Any = None
        self.left = ""

    def onConnect(self) -> None:
        self.join(REALM, authmethods=["ticket" if self.ticket else "anonymous"], authid=self.claims)

    def onChallenge(self, challenge: Any) -> str:
        return self.ticket or ""

    def onJoin(self, details: Any) -> None:
        self.joined = details

    def onLeave(self, details: Any) -> None:
        self.left = details.reason
        self.disconnect()

    def onDisconnect(self) -> None:
        self.left = self.left or "lost"


class EscapedJson(JsonSerializer):  # type: ignore[misc]
    """JSON in ASCII, which can also write halves of surrogate pairs."""

    def __init__(self) -> None:
        super().__init__()
        self._serializer = EscapedObjects()


class EscapedObjects(JsonObjectSerializer):  # type: ignore[misc]
    """Text is escaped."""

    def serialize(self, obj: Any) -> bytes:
        return json.dumps(obj).encode()


class Raw:
    """A connection of such a session."""

    def __init__(
        self,
        router: str,
        authid: str | None = None,
        ticket: str | None = None,
        serializer: str = "msgpack",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.session = RawSession(authid, ticket)
        self.refused_by_transport = False
        kind = {"json": JsonSerializer, "escaped": EscapedJson, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}[serializer]
        factory = WampWebSocketClientFactory(lambda: self.session, url=self._url(router), serializers=[kind()], headers=headers)
        self.wire: Any = None
        factory.protocol = self._wire
        factory.clientConnectionLost = lambda connector, reason: self._lost()  # type: ignore[method-assign]
        if router.startswith("unix:"):
            self.connector = turning.connectUNIX(router.removeprefix("unix:"), factory)
        else:
            address = urlsplit(router)
            self.connector = turning.connectTCP(address.hostname, address.port, factory)
        until(lambda: self.session.joined or self.session.left or self.refused_by_transport, "a raw client joins or is refused")

    def _url(self, router: str) -> str:
        return "ws://localhost/" if router.startswith("unix:") else router

    def _wire(self) -> Any:
        self.wire = WampWebSocketClientProtocol()
        return self.wire

    def _lost(self) -> None:
        self.refused_by_transport = True

    @property
    def present(self) -> bool:
        """Whether it still has its session."""
        return bool(self.session.joined) and not self.session.left

    def publish(self, uri: str, *positional: Any, **named: Any) -> Any:
        """The acknowledgement, or the error."""
        return self._outcome(lambda: self.session.publish(uri, *positional, options=PublishOptions(acknowledge=True), **named))

    def call(self, uri: str, *positional: Any, **named: Any) -> Any:
        """The result, or the error."""
        return self._outcome(lambda: self.session.call(uri, *positional, **named))

    def subscribe(self, uri: str, heard: list[Any], match: str = "exact") -> Any:
        """The subscription, or the error; events go into a list."""
        options = SubscribeOptions(match=match)
        return self._outcome(lambda: self.session.subscribe(lambda *given, **named: heard.append((given, named)), uri, options=options))

    def register(self, uri: str, match: str = "exact") -> Any:
        """The registration, or the error."""
        return self._outcome(lambda: self.session.register(lambda *given, **named: None, uri, options=RegisterOptions(match=match)))

    def send_frame(self, payload: bytes) -> None:
        """Bytes that autobahn would not send."""
        self.wire.sendMessage(payload, True)

    def close(self) -> None:
        """Hang up."""
        self.connector.disconnect()
        until(lambda: self.refused_by_transport, "a raw client hangs up")

    def _outcome(self, act: Any) -> Any:
        try:
            asked: Deferred[Any] = act()
        except Exception as error:
            return error
        return outcome(asked)


def ticket_of(access: Access) -> str:
    """The secret of a component, as a thief would read it."""
    assert access.ticket_file is not None
    return access.ticket_file.read_text()


def rogue(access: Access) -> Raw:
    """A device with a good ticket and bad intentions."""
    return Raw(access.router, access.authid, ticket_of(access))
