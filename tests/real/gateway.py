"""A gateway in a process of its own, written with asyncio alone: meters connect to it over TCP, the bus asks it and hears from it."""

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

from joulebus.bus import Bus
from joulebus.bus.component import Component, Says, answers
from joulebus.bus.timers import spawn
from joulebus.bus.wamp import Access, WampBus
from joulebus_schemas.channels import EACH, Event
from joulebus_schemas.rounds import Kept
from tests.real.router import HOME

POLL_SECONDS = 0.05


@dataclass
class Gateway(Component):
    """Passes on what meters say, a line a reading, and asks them when it is asked."""

    part = "device"
    say_reading = Says(Event(EACH, "kept", Kept))

    bus: Bus
    home: str = HOME
    port: int = 0
    meters: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    def start(self) -> None:
        """Listen for meters."""
        self.declare()
        spawn(self.serve())

    async def serve(self) -> None:
        """An asyncio server on a free port, which is printed."""
        server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A meter says its number first; then it is asked."""
        self.say_reading(Kept(number=int(await reader.readline())))
        self.meters.append((reader, writer))

    @answers("read")
    async def read(self) -> Kept:
        """Ask the first meter; until there is one, wait."""
        while not self.meters:
            await asyncio.sleep(POLL_SECONDS)
        reader, writer = self.meters[0]
        writer.write(b"read\n")
        await writer.drain()
        return Kept(number=int(await reader.readline()))


def main(router: str, ticket_file: Path) -> None:
    """Run until SIGTERM."""
    bus = WampBus(Access(router, f"{HOME}/{ticket_file.name}", ticket_file))
    Gateway(bus).start()
    bus.run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
