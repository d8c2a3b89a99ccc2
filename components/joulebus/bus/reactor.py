"""Twisted's reactor on asyncio's event loop, as fast as the one that Twisted would choose for itself."""
# mypy: allow-untyped-calls

import asyncio
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor


class WritingReactor(AsyncioSelectorReactor):
    """Writes with the next turn of the loop, and waits only if the kernel has no room.

    Twisted's own asks first whether there is room: one message costs two more system calls, an event and the loop's book-keeping, 12 of
    37 microseconds. Like there, all that is written within a turn is sent together.
    """

    def __init__(self, turns: asyncio.AbstractEventLoop) -> None:
        self._turns = turns
        self._due: set[Any] = set()
        super().__init__(turns)

    def addWriter(self, writer: Any) -> None:
        """Somebody has something to write, or waits for a connection."""
        if writer not in self._due and writer not in self._writers:
            self._due.add(writer)
            self._turns.call_soon(self._write, writer)

    def removeWriter(self, writer: Any) -> None:
        """Everything is written, or nobody reads it any more."""
        if writer in self._due:
            self._due.remove(writer)
        else:
            super().removeWriter(writer)

    def _write(self, writer: Any) -> None:
        if writer not in self._due:
            return  # It has gone away within the turn.
        self._readOrWrite(writer, False)
        if writer in self._due:
            self._due.remove(writer)
            super().addWriter(writer)  # Something is left: the kernel says when there is room.
