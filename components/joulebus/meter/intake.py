"""Telegrams of a meter that is really there, taken in at our own pace: it may go away and come back, say nonsense, or say too much."""

import errno
import logging
import socket
from dataclasses import dataclass, field

from joulebus.meter.decoding import unknown_lines
from joulebus.meter.inlets import TelegramInlet, open_inlet
from joulebus.meter.reader import ReadTelegram, TelegramReader
from joulebus.refusals.system import SYSTEM_REASONS, reason

INTAKE_SECONDS = 0.25
"""Between two looks."""
TAKEN_BYTES_MAX = 1 << 14
"""At a look: five times what a P1 port can say. What is more waits at the other end, and the seat beside us goes on."""
PAUSE_LOOKS_MIN, PAUSE_LOOKS_MAX = 4, 240
"""Before it is opened again: a second at first, a minute at last."""
SILENT_LOOKS_MAX = 240
"""A meter speaks each second, an old one each ten: who says nothing for a minute is gone, though nobody has said so."""

_log = logging.getLogger("joulebus.meter")


@dataclass
class TelegramIntake:
    """Opens a source, reads it, and opens it again; :meth:`look` is called each ``INTAKE_SECONDS``."""

    newest: ReadTelegram | None = None
    """The last telegram that came whole."""
    unknown_lines: int = 0
    bytes: int = 0
    is_away: bool = False
    """Whether it was tried and cannot be read."""
    reader: TelegramReader = field(default_factory=TelegramReader)
    """Counts the telegrams, also of sources before."""
    _source: str = ""
    _inlet: TelegramInlet | None = None
    _pause: int = PAUSE_LOOKS_MIN
    _waits: int = 0
    """Looks until it is tried again."""
    _silent: int = 0

    async def look(self, source: str) -> None:
        """Take in what has come from the source, which may be another one than before, or none."""
        if source != self._source:
            self.close()
            self._source, self._pause, self._waits, self.is_away = source, PAUSE_LOOKS_MIN, 0, False
        try:
            if self._inlet is None:
                await self._open()
            if self._inlet is not None:
                self._take(self._inlet)
        except (OSError, ValueError) as error:
            self._lose(error)

    async def _open(self) -> None:
        if self._waits or not self._source:
            self._waits = max(self._waits - 1, 0)
            return
        self._inlet, self._silent = await open_inlet(self._source), 0
        if not self._inlet.grows_silent:
            self._answers()  # A file is there, whether anybody writes to it or not.

    def _take(self, inlet: TelegramInlet) -> None:
        data = inlet.read(TAKEN_BYTES_MAX)
        self._silent = 0 if data or not inlet.grows_silent else self._silent + 1
        if self._silent > SILENT_LOOKS_MAX:
            raise OSError(errno.ETIMEDOUT, "")
        if not data:
            return
        self._answers()
        self.bytes += len(data)
        for one in self.reader.feed(data):
            self.newest, self._pause = one, PAUSE_LOOKS_MIN
            self.unknown_lines += unknown_lines(one)

    def _answers(self) -> None:
        if self.is_away:
            _log.info("%s can be read again", self._source)
        self.is_away = False

    def _lose(self, error: OSError | ValueError) -> None:
        """Told once, tried again after pauses that grow."""
        if not self.is_away:
            _log.warning("%s must send telegrams, but cannot be read: %s; it is tried again", self._source, _why(error))
        self.close()
        self.is_away, self._waits = True, self._pause
        self._pause = min(2 * self._pause, PAUSE_LOOKS_MAX)

    def close(self) -> None:
        """Let it go."""
        if self._inlet is not None:
            self._inlet.close()
            self._inlet = None


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no host of that name"
    if isinstance(error, TimeoutError):
        return SYSTEM_REASONS[errno.ETIMEDOUT]
    return reason(error) if isinstance(error, OSError) else "it can be neither a path nor the name of a host"
