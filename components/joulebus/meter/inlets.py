"""Inlets through which telegrams come: a TCP port of a network P1 reader, a serial device, a file. None of them ever waits.

What is gone raises an OSError; whoever reads opens it again (``intake.py``).
"""

import asyncio
import errno
import os
import socket
import stat
import termios
import tty
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from joulebus.devices.meter_reader import address_of

CONNECT_SECONDS_MAX = 5.0
RECORDED_BYTES_MAX = 1 << 20
"""The end of a longer file is read: the telegrams of some ten minutes."""


class TelegramInlet(Protocol):
    """A way in for telegrams."""

    grows_silent: bool
    """Whether it is dead when nothing comes for long."""

    def read(self, size: int) -> bytes:
        """At most so many bytes that are there already, which may be none.

        Raises:
            OSError: The other end is gone.
        """
        ...

    def close(self) -> None:
        """Nothing more is read."""
        ...


async def open_inlet(source: str) -> TelegramInlet:
    """The inlet of ``tcp://HOST:PORT``, of a serial device, or of a file.

    Raises:
        OSError: It is not there, or does not let us in.
        ValueError: It cannot be a path, or a name of a host.
    """
    address = address_of(source)
    return PathInlet(Path(source)) if address is None else NetworkInlet(await _connected(*address))


async def _connected(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_SECONDS_MAX):
        refused = OSError(errno.ECONNREFUSED, "")
        for family, kind, protocol, _, place in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            connection = socket.socket(family, kind, protocol)
            connection.setblocking(False)
            try:
                await loop.sock_connect(connection, place)
            except BaseException as error:
                connection.close()
                if not isinstance(error, OSError):
                    raise
                refused = error
            else:
                return connection
        raise refused


@dataclass
class NetworkInlet:
    """A connection; nothing is ever sent through it."""

    connection: socket.socket
    grows_silent: bool = True

    def read(self, size: int) -> bytes:
        """What has arrived."""
        try:
            data = self.connection.recv(size)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.ECONNRESET, "")
        return data

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class PathInlet:
    """A serial device, a pipe or a file; a file is read to its end, and on when it grows, is cut, or is put in place of the one before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            status = os.fstat(self._file)
            self.grows_silent = not stat.S_ISREG(status.st_mode)
            if os.isatty(self._file):
                set_up_serial(self._file)
            if not self.grows_silent:
                os.lseek(self._file, max(status.st_size - RECORDED_BYTES_MAX, 0), os.SEEK_SET)
        except OSError:
            self.close()
            raise

    def read(self, size: int) -> bytes:
        """What is there."""
        try:
            data = os.read(self._file, size)
        except BlockingIOError:
            return b""
        if not data and self.grows_silent:
            raise OSError(errno.ECONNRESET, "")
        if not data:
            self._look_at_file()
        return data

    def _look_at_file(self) -> None:
        ours, named = os.fstat(self._file), self._path.stat()
        if (ours.st_dev, ours.st_ino) != (named.st_dev, named.st_ino):
            raise OSError(errno.ENOENT, "")
        if ours.st_size < os.lseek(self._file, 0, os.SEEK_CUR):
            os.lseek(self._file, 0, os.SEEK_SET)

    def close(self) -> None:
        """Let it go."""
        with suppress(OSError):  # A terminal whose other end is gone may say so once more.
            os.close(self._file)


def set_up_serial(file: int) -> None:
    """Set a terminal up as a P1 port speaks: 115,200 baud, 8 bits, no parity; what has already come stays.

    Raises:
        OSError: It is gone.
    """
    try:
        tty.setraw(file, termios.TCSANOW)
        settings = termios.tcgetattr(file)
        settings[4] = settings[5] = termios.B115200
        termios.tcsetattr(file, termios.TCSANOW, settings)
    except termios.error as error:
        raise OSError(*error.args) from None
