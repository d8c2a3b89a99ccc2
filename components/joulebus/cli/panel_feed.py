"""The bytes of a meter for the panels, read beside them; a source that goes away is told, and looked for until it comes back."""

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from joulebus.cli.meter_serving import READ_BYTES, stream
from joulebus.cli.panel_sources import TelegramPanels
from joulebus.errors import UsageError
from joulebus.refusals.system import reason

SOURCE_AGAIN_SECONDS = 3.0
"""Until a source that went away is looked for again."""
APPENDED_SECONDS = 1.0
"""Until a file is looked at again for what was appended."""
STANDARD_INPUT = "-"


class TelegramFeed:
    """Feeds the panels from a port, a serial device, a file or standard input."""

    def __init__(self, source: str, panels: TelegramPanels) -> None:
        self._source, self._panels = source, panels
        self._is_file = Path(source).is_file()
        self._ended = threading.Event()
        self._stack = ExitStack()
        try:
            self._next_bytes = self._opened()
        except OSError as error:
            raise UsageError(f"telegrams come from {source}, but it cannot be reached: {_cause(error)}") from error

    def read_once(self) -> None:
        """All of a file or of standard input; of a meter, which never ends, its next telegram.

        Raises:
            UsageError: The meter goes away before it has sent one.
        """
        never_ends = not self._is_file and self._source != STANDARD_INPUT
        try:
            while data := self._next_bytes(READ_BYTES):
                self._panels.feed(data)
                if never_ends and self._panels.read:
                    break
        except OSError as error:
            raise UsageError(f"telegrams come from {self._source}, but it has gone away: {_cause(error)}") from error
        finally:
            self.end()
        self._panels.count()
        self._tell_nothing()

    def begin(self) -> None:
        """Read in a thread of its own until :meth:`end`."""
        threading.Thread(target=self._follow, daemon=True).start()

    def end(self) -> None:
        """Read no more."""
        self._ended.set()
        self._stack.close()

    def _tell_nothing(self) -> None:
        if not self._panels.read:
            self._panels.tell(f"{self._source} holds no whole telegram: it must hold what the P1 port of a meter sends", "end of the file")

    def _opened(self) -> Callable[[int], bytes]:
        return self._stack.enter_context(stream(self._source))

    def _follow(self) -> None:
        while not self._ended.is_set():
            cause = self._drained()
            if self._ended.is_set():
                return
            if self._is_file:
                self._panels.tell("", "end of the file")
                self._tell_nothing()
                self._ended.wait(APPENDED_SECONDS)
            elif self._source == STANDARD_INPUT:
                self._panels.tell("standard input has ended: nothing new comes")
                return
            else:
                self._come_back(cause)

    def _drained(self) -> str:
        """Feed until nothing more comes; why."""
        try:
            while data := self._next_bytes(READ_BYTES):
                self._panels.feed(data)
        except OSError as error:
            return _cause(error)
        return "it has closed the connection"

    def _come_back(self, cause: str) -> None:
        """Try until the source is there again; what was cut off is dropped with the next telegram."""
        while not self._ended.is_set():
            self._panels.tell(f"{self._source} sends nothing more: {cause}; it is tried again every {SOURCE_AGAIN_SECONDS:g} s")
            if self._ended.wait(SOURCE_AGAIN_SECONDS):
                return
            try:
                self._stack.close()
                self._next_bytes = self._opened()
            except OSError as error:
                cause = _cause(error)
                continue
            self._panels.tell("")
            return


def _cause(error: OSError) -> str:
    return "no machine has that name" if isinstance(error, socket.gaierror) else reason(error)
