"""What stands in the router's worker: a client that does not read is cut off before what waits for it fills the memory.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours. The router hangs up on clients that do not
answer its pings, but only after some seconds; until then all that they have asked for, and all events, wait in its memory.
"""

from typing import Any

WAITING_BYTES_MAX = 8 << 20
"""What may wait for one connection: eight of the longest messages. A home at full speed sends less in the seconds that a ping may take."""


def look_after(wire: Any) -> None:
    """A message was written to a connection: cut it off when too much waits there."""
    transport = getattr(wire, "transport", None)
    if transport is None or not hasattr(wire, "dropConnection"):
        return  # It is closing, or none of the network.
    if not getattr(wire, "is_looked_after", False):
        wire.is_looked_after = True
        transport.unregisterProducer()  # The one of the web server, which has handed over, and must not stop what is read here.
    if waiting_bytes(transport) > WAITING_BYTES_MAX:
        wire.dropConnection(abort=True)


def waiting_bytes(transport: Any) -> int:
    """What was written to a connection and the system has not taken yet; below TLS, what was encrypted.

    Twisted tells nobody, so this reads its two buffers; a client that reads steadily may always have something there.
    """
    while getattr(transport, "transport", None) is not None:
        transport = transport.transport
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)
