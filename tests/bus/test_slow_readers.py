"""What waits for a client is counted as it is: who reads slowly and never catches up stays, and who does not read is cut off."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.protocol import Factory, Protocol

from joulebus.bus.slow_readers import WAITING_BYTES_MAX, look_after, waiting_bytes
from tests.real.reactor import outcome, turning, until

LOOPBACK = "127.0.0.1"
MESSAGE = b"x" * (1 << 20)
BUFFER_BYTES = 1 << 16
"""Of the system, for each end: small, so that what is written waits in the process."""


class Wire(Protocol):
    """An end of a real connection, with what a protocol of Crossbar has."""

    def __init__(self) -> None:
        self.dropped = 0

    def connectionMade(self) -> None:
        self.transport.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)

    def dropConnection(self, abort: bool) -> None:
        self.dropped += 1
        self.transport.abortConnection()

    def say(self) -> int:
        """Write a message, and what waits then."""
        self.transport.write(MESSAGE)
        look_after(self)
        return waiting_bytes(self.transport)


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    """Both ends: the router's, and a client's plain socket."""
    wires: list[Wire] = []

    def accepted() -> Wire:
        wires.append(Wire())
        return wires[0]

    port = outcome(TCP4ServerEndpoint(turning, 0, interface=LOOPBACK).listen(Factory.forProtocol(accepted)))
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    client.connect((LOOPBACK, port.getHost().port))
    client.setblocking(False)
    until(lambda: wires and wires[0].connected, "they are connected")
    yield wires[0], client
    client.close()
    outcome(port.stopListening())


def read_a_message(client: socket.socket) -> None:
    """So many bytes as a message has; the other end writes meanwhile."""
    had = 0

    def whole() -> bool:
        nonlocal had
        with suppress(BlockingIOError):
            had += len(client.recv(len(MESSAGE) - had))
        return had == len(MESSAGE)

    until(whole, "a message is read")


def test_who_reads_slowly_and_never_catches_up_is_not_cut_off(ends: tuple[Wire, socket.socket]) -> None:
    wire, client = ends
    waited = [wire.say() for _ in range(3)]
    for _ in range(30):
        read_a_message(client)
        waited.append(wire.say())
    assert wire.dropped == 0 and min(waited) > 0, "something has always waited"
    assert max(waited) <= 3 * len(MESSAGE) and 30 * len(MESSAGE) > 2 * WAITING_BYTES_MAX


def test_who_does_not_read_is_cut_off(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends
    for number in range(WAITING_BYTES_MAX // len(MESSAGE)):
        assert wire.say() <= (number + 1) * len(MESSAGE) and not wire.dropped
    wire.say()
    assert wire.dropped == 1
