"""A line to the router that comes back for ever: the delay grows from 0.2 s to 2 s and is small again after a good join."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred

from joulebus.bus.session import Session
from joulebus.errors import BusError

DELAY_SECONDS_MIN, DELAY_SECONDS_MAX, DELAY_GROWTH = 0.2, 2.0, 1.7
JOIN_SECONDS_MAX = 15.0
LEAVE_SECONDS_MAX = 1.0
REGISTRATION_PATIENCE_SECONDS = 20.0
"""How long a registration may be taken by our own lost session, until the router's pings have found it dead."""

_log = logging.getLogger("joulebus.bus")


@dataclass(frozen=True, slots=True)
class Access:
    """Where the router is, and who comes."""

    router: str
    """``ws://host:port/path``, or ``unix:/path/of/socket`` on the same machine."""
    authid: str
    ticket_file: Path | None
    """The secret lies in a file: command lines and environments can be read by others. None: a guest, who speaks JSON."""


class Connection(Session):
    """The half of a bus that connects; what is spoken on the line is said by a subclass."""

    def __init__(self, access: Access, patience_seconds: float = REGISTRATION_PATIENCE_SECONDS) -> None:
        from twisted.internet import reactor  # a process that forks others must not have one before it forks

        super().__init__(access.authid)
        self.access = access
        self.patience_seconds = patience_seconds
        self.reactor: Any = reactor
        self.delay_seconds = DELAY_SECONDS_MIN
        self._connector: Any = None
        self._deadline: Any = None
        self._stopped: Deferred[None] | None = None
        self._runs = False

    def start(self) -> None:
        """Connect, now and for ever."""
        self.started = True
        self._connect()

    def run(self) -> None:
        """Live until the reactor stops; raises what ended it."""
        self._runs = True
        self.reactor.callWhenRunning(self.start)
        self.reactor.run()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> Deferred[None]:
        """Leave; fires when the connection is closed."""
        if self._stopped is None:
            self._stopped = Deferred()
            if self._connector is None or self._connector.state == "disconnected":
                self._stopped.callback(None)
            else:
                self.leave()
        return self._stopped

    def fail(self, error: BusError) -> None:
        """Leave for good; the process ends with this sentence."""
        if self.failure is None:
            self.failure = error
            self.stop().addBoth(lambda _: self.reactor.callLater(0, self._end))

    def leave(self) -> None:
        """Say goodbye, and hang up when nobody answers."""
        self.say_goodbye()
        self.reactor.callLater(LEAVE_SECONDS_MAX, self.hang_up)

    def say_goodbye(self) -> None:
        """In the words that are spoken on the line."""
        raise NotImplementedError

    def dial(self, url: str) -> Any:
        """A factory of connections for one attempt."""
        raise NotImplementedError

    def made(self) -> None:
        """The join is good."""
        self._disarm()
        self.delay_seconds = DELAY_SECONDS_MIN
        self.came()

    def lost(self, why: str) -> None:
        """The connection is gone: tell, and try again later."""
        self._disarm()
        if self._stopped is None:
            self.reactor.callLater(self.delay_seconds * random.uniform(0.75, 1.25), self._connect)
            _log.info("%s: no router at %s (%s); next attempt in %.1f s", self.authid, self.access.router, why, self.delay_seconds)
            self.delay_seconds = min(self.delay_seconds * DELAY_GROWTH, DELAY_SECONDS_MAX)
        elif not self._stopped.called:
            self._stopped.callback(None)
        self.went()

    def hang_up(self) -> None:
        """Close the connection, whatever the other side thinks."""
        if self._connector is not None and self._connector.state != "disconnected":
            self._connector.disconnect()

    def ticket(self) -> str:
        """The secret, read at each join: it may have been renewed."""
        assert self.access.ticket_file is not None
        try:
            return self.access.ticket_file.read_text().strip()
        except OSError as error:
            self.fail(BusError(f"the ticket of {self.authid} must be readable: {error}"))
            return ""

    def _connect(self) -> None:
        if self._stopped is not None:
            return
        url = urlsplit(self.access.router)
        if url.scheme == "unix":
            self._connector = self.reactor.connectUNIX(url.path, self.dial("ws://localhost/"), timeout=5)
        else:
            self._connector = self.reactor.connectTCP(url.hostname, url.port or 80, self.dial(self.access.router), timeout=5)
        self._deadline = self.reactor.callLater(JOIN_SECONDS_MAX + self.patience_seconds, self.hang_up)

    def _disarm(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()

    def _end(self) -> None:
        if self._runs and self.reactor.running:
            self.reactor.stop()
