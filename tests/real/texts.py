"""A program that speaks plain text by WebSocket, on the reactor of the test."""
# mypy: allow-untyped-calls

import json
from typing import Any

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol

from tests.real.reactor import turning, until


class TextClient:
    """One connection; what it hears is in a list."""

    def __init__(self, url: str, origin: str | None = None) -> None:
        self.heard: list[str] = []
        self.end = ""
        self.is_open = False
        self._factory: Any = WebSocketClientFactory(url, origin=origin, reactor=turning)
        self._factory.noisy = False
        self._factory.protocol = self._wire
        self._factory.clientConnectionFailed = lambda connector, reason: self._ended(str(reason.value))
        turning.connectTCP(self._factory.host, self._factory.port, self._factory)
        until(lambda: self.is_open or self.end, "a program connects or is refused")

    def _wire(self) -> Any:
        client, self.wire = self, WebSocketClientProtocol()
        self.wire.onOpen = lambda: setattr(client, "is_open", True)
        self.wire.onMessage = lambda payload, is_binary: client.heard.append(payload.decode())
        self.wire.onClose = lambda was_clean, code, reason: client._ended(f"{code} {reason}")
        return self.wire

    def _ended(self, why: str) -> None:
        self.end, self.is_open = why, False

    def say(self, text: str | bytes) -> None:
        """Send something."""
        self.wire.sendMessage(text.encode() if isinstance(text, str) else text, isinstance(text, bytes))

    def asked(self, text: str | bytes) -> Any:
        """The next thing that it hears."""
        count = len(self.heard)
        self.say(text)
        until(lambda: len(self.heard) > count or self.end, "it is answered")
        return json.loads(self.heard[count])

    def close(self) -> None:
        """Hang up."""
        self.wire.dropConnection(abort=True)
        until(lambda: self.end, "it has hung up")
