"""WAMP messages as MessagePack, and as JSON for guests.

Autobahn's own module for this imports every serialiser there is, and with them numpy: 18 MB and 0.3 s in each process.
"""
# mypy: allow-untyped-calls

import json
from typing import Any

import msgpack  # type: ignore[import-untyped]
from autobahn.wamp import message

MESSAGE_KINDS = {
    kind.MESSAGE_TYPE: kind
    for kind in (
        message.Welcome,
        message.Abort,
        message.Challenge,
        message.Goodbye,
        message.Error,
        message.Published,
        message.Subscribed,
        message.Event,
        message.Result,
        message.Registered,
        message.Invocation,
        message.Interrupt,
    )
}
"""What a client may be told."""


class Packed:
    """MessagePack, between components."""

    SERIALIZER_ID = "msgpack"
    RAWSOCKET_SERIALIZER_ID = 2

    def serialize(self, msg: Any) -> tuple[bytes, bool]:
        """A message as a binary frame."""
        return msgpack.packb(msg.marshal()), True

    def unserialize(self, payload: bytes, isBinary: bool | None = None) -> list[Any]:
        """The message in a frame."""
        return [parsed(msgpack.unpackb(payload))]


class Text:
    """JSON, for guests."""

    SERIALIZER_ID = "json"
    RAWSOCKET_SERIALIZER_ID = 1

    def serialize(self, msg: Any) -> tuple[bytes, bool]:
        """A message as a text frame."""
        return json.dumps(msg.marshal(), allow_nan=False).encode(), False

    def unserialize(self, payload: bytes, isBinary: bool | None = None) -> list[Any]:
        """The message in a frame."""
        return [parsed(json.loads(payload))]


def parsed(raw: Any) -> Any:
    """A message of a kind that a client may be told."""
    if not isinstance(raw, list) or not raw or raw[0] not in MESSAGE_KINDS:
        raise ValueError("a frame must hold a WAMP message for a client")
    return MESSAGE_KINDS[raw[0]].parse(raw)
