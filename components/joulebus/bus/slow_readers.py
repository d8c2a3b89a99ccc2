"""What stands in the router's worker: a client that does not read is cut off before what waits for it fills the memory.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours. The router hangs up on clients that do not
answer its pings, but only after some seconds; until then all that they have asked for, and all events, wait in its memory.
"""

from typing import Any

WAITING_BYTES_MAX = 8 << 20
"""What may wait for one connection: eight of the longest messages. A home at full speed sends less in the seconds that a ping may take."""


class Outlet:
    """How much waits for one connection. Twisted asks it to pause when the kernel takes no more, and to resume when all is gone."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.written_before: int | None = None
        """Bytes that were written when the kernel took no more; None: nothing waits."""
        wire.transport.unregisterProducer()  # The one of the web server, which has handed over.
        wire.transport.registerProducer(self, True)

    def pauseProducing(self) -> None:
        """The kernel takes no more."""
        if self.written_before is None:
            self.written_before = self._written

    def resumeProducing(self) -> None:
        """All is gone."""
        self.written_before = None

    def stopProducing(self) -> None:
        """The connection is closed."""

    @property
    def waiting_bytes(self) -> int:
        """What the other end has not taken yet, at most."""
        return 0 if self.written_before is None else self._written - self.written_before

    @property
    def _written(self) -> int:
        return int(self.wire.trafficStats.outgoingOctetsWebSocketLevel)


def look_after(wire: Any) -> None:
    """A message was written to a connection: cut it off when too much waits there."""
    if getattr(wire, "transport", None) is None or not hasattr(wire, "trafficStats"):
        return  # It is closing, or none of the network.
    outlet = getattr(wire, "outlet", None)
    if outlet is None:
        outlet = wire.outlet = Outlet(wire)
    if outlet.waiting_bytes > WAITING_BYTES_MAX:
        wire.dropConnection(abort=True)
