"""Doors through which telegrams go: a TCP port as of a network P1 reader, a pseudo-terminal as of a USB cable, a file, standard output.

Each reader gets whole telegrams only. One that is slow misses some, one that is dead is let go, and neither holds up another.
"""

import asyncio
import os
import tty
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

TELEGRAM_SECONDS = 1.0
AT_ONCE_MAX = 2
"""More ticks than that in a second are of a faster clock: then the newest one is sent."""
TELEGRAM_BYTES_WAITING_MAX = 1 << 16
"""What may wait for a reader; a telegram that would not fit is left out for it."""
MISSED_MAX = 600
"""Whoever has missed as many in a row is let go."""
READERS_MAX = 64


class TelegramDoor(Protocol):
    """A way out for telegrams."""

    def send(self, telegram: bytes) -> None:
        """Never waits."""
        ...

    def close(self) -> None:
        """Nobody gets any more."""
        ...


@dataclass
class PortDoor:
    """A TCP port; whoever connects gets the last telegram at once, and then each one."""

    address: str
    port: int
    last: bytes = b""
    _readers: dict[asyncio.StreamWriter, int] = field(default_factory=dict)
    """How many telegrams each has missed in a row."""
    _server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen; the port, which the system chooses for 0."""
        self._server = await asyncio.start_server(self._welcome, self.address, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._readers) >= READERS_MAX:
            writer.close()
            return
        self._readers[writer] = 0
        writer.write(self.last)
        try:
            while await reader.read(1_024):
                pass  # A meter listens to nobody.
        except OSError:
            pass
        finally:
            self._let_go(writer)

    def send(self, telegram: bytes) -> None:
        """To each reader for whom not too much is waiting already."""
        self.last = telegram
        for writer, missed in list(self._readers.items()):
            if writer.transport.get_write_buffer_size() + len(telegram) <= TELEGRAM_BYTES_WAITING_MAX:
                writer.write(telegram)
                self._readers[writer] = 0
            elif missed < MISSED_MAX:
                self._readers[writer] = missed + 1
            else:
                self._let_go(writer)

    def waiting(self) -> list[int]:
        """How many bytes wait for each reader."""
        return [writer.transport.get_write_buffer_size() for writer in self._readers]

    def _let_go(self, writer: asyncio.StreamWriter) -> None:
        if self._readers.pop(writer, None) is not None:
            writer.transport.abort()

    def close(self) -> None:
        """Let all readers go."""
        for writer in list(self._readers):
            self._let_go(writer)
        if self._server is not None:
            self._server.close()


@dataclass
class TerminalDoor:
    """A pseudo-terminal: programs open its path as the serial port of a meter."""

    link: Path | None = None
    """A symbolic link to it, whose name does not change."""

    def __post_init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._rest = b""
        if self.link is not None:
            self._name(self.link)

    def _name(self, link: Path) -> None:
        try:
            link.unlink(missing_ok=True)
            link.symlink_to(self.path)
        except OSError:
            os.close(self._ours)
            os.close(self._theirs)
            raise

    def send(self, telegram: bytes) -> None:
        """As much as the terminal takes; what is left of a telegram goes first the next time, so that none is torn."""
        try:
            if self._rest:
                self._rest = self._rest[os.write(self._ours, self._rest) :]
            if not self._rest:
                self._rest = telegram[os.write(self._ours, telegram) :]
        except BlockingIOError:
            pass  # Nobody reads: it misses this one.

    def close(self) -> None:
        """The terminal is gone, and its link."""
        if self.link is not None:
            self.link.unlink(missing_ok=True)
        os.close(self._ours)
        os.close(self._theirs)


@dataclass
class FileDoor:
    """A file to replay, or standard output."""

    file: BinaryIO

    def send(self, telegram: bytes) -> None:
        """At the end."""
        self.file.write(telegram)
        self.file.flush()

    def close(self) -> None:
        """Written out."""
        self.file.flush()
