"""A connection to the router that always reconnects: the delay grows from 0.2 s to 2 s, and is reset after a join."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred

from joulebus.addresses import LOCAL_NAME
from joulebus.bus.loop import loop, twisted_reactor
from joulebus.bus.session import Session
from joulebus.bus.timers import end_tasks, spawn
from joulebus.errors import BusError
from joulebus.refusals.system import reason

DELAY_SECONDS_MIN, DELAY_SECONDS_MAX, DELAY_GROWTH = 0.2, 2.0, 1.7
SOCKET_LOOK_SECONDS = 0.05
"""Between two looks whether the socket of a router that begins is there."""
JOIN_SECONDS_MAX = 15.0
LEAVE_SECONDS_MAX = 1.0
REGISTRATION_PATIENCE_SECONDS = 20.0
"""How long a registration may be taken by our own lost session, until the router's pings have found it dead."""

_log = logging.getLogger("joulebus.bus")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Access:
    """Where the router is, and who connects."""

    router: str
    """``ws://host:port/path``, ``wss://…`` with TLS, or ``unix:/path/of/socket`` on the same machine."""
    authid: str
    ticket_file: Path | None
    """The secret lies in a file: command lines and environments can be read by others. None: a guest, who speaks JSON."""
    tls_ca: str | None = None
    """PEM file of the authority that vouches for a ``wss://`` router; None: those that the machine trusts."""


class Connection(Session):
    """The half of a bus that connects; subclasses define the protocol."""

    def __init__(self, access: Access, patience_seconds: float = REGISTRATION_PATIENCE_SECONDS) -> None:
        super().__init__(access.authid)
        self.access = access
        self.patience_seconds = patience_seconds
        self.reactor: Any = twisted_reactor()
        self.delay_seconds = DELAY_SECONDS_MIN
        self.dials_at_once = True
        """Whether :meth:`run` connects by itself, and not when somebody calls :meth:`start`."""
        self._connector: Any = None
        self._deadline: Any = None
        self._is_leaving = False
        self._closed = asyncio.Event()
        self._decided = asyncio.Event()
        self._runs = False

    def start(self) -> None:
        """Connect, now and for ever."""
        self.started = True
        self._connect()

    def run(self) -> None:
        """Run until :meth:`end`, a signal or a failure; raises the failure, a :class:`BusError`."""
        self._runs = True
        if self.dials_at_once:
            self.reactor.callWhenRunning(self.start)
        self.reactor.addSystemEventTrigger("before", "shutdown", self._end_tasks)
        try:
            self.reactor.run()
        finally:
            for hook in self.on_end:
                hook()
        if self.failure is not None:
            raise self.failure

    def end(self) -> None:
        """Make :meth:`run` return; may be called from a signal handler or another thread."""
        self.reactor.callFromThread(self._end)

    def from_thread(self, act: Callable[[], None]) -> None:
        """Have something done on the loop, asked from another thread."""
        self.reactor.callFromThread(act)

    def turn(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run the loop until one coroutine is finished; for commands that ask one question after another, instead of :meth:`run`."""
        if not self.reactor.running:
            self.reactor.startRunning(installSignalHandlers=False)
        task = loop().create_task(work)
        try:
            return loop().run_until_complete(task)
        except KeyboardInterrupt:
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop().run_until_complete(task)
            raise

    async def join(self, seconds: float) -> None:
        """Connect, and wait until everything declared is in place; raises :class:`BusError` if that fails or takes longer."""
        self.start()
        try:
            async with asyncio.timeout(seconds):
                await self._decided.wait()
        except TimeoutError:
            raise BusError(
                f"the router of the home must answer at {self.access.router}, but does not: is the home still running?"
            ) from None
        if self.failure is not None:
            raise self.failure

    async def stop(self) -> None:
        """Leave, and wait until the connection is closed."""
        self._leave_for_good()
        await self._closed.wait()
        if not self._runs and self.reactor.threadpool is not None:
            # The router's name was looked up in a thread. Only :meth:`run` ends them; the interpreter would wait for them for ever.
            self.reactor._stopThreadPool()

    def fail(self, error: BusError) -> None:
        """Leave for good; :meth:`run` ends with this sentence."""
        if self.failure is None:
            self.failure = error
            self._decided.set()
            self._leave_for_good()
            spawn(self._end_when_closed())

    def _leave_for_good(self) -> None:
        if not self._is_leaving:
            self._is_leaving = True
            if self._connector is None or self._connector.state == "disconnected":
                self._closed.set()
            else:
                self.leave()

    def _end_tasks(self) -> Any:
        """While still connected, so that callers who wait for an answer get an error at once."""
        return Deferred.fromFuture(asyncio.ensure_future(end_tasks()))

    async def _end_when_closed(self) -> None:
        await self._closed.wait()
        self._end()

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
        self._decided.set()

    def lost(self, why: str) -> None:
        """The connection is gone: tell, and try again later."""
        self._disarm()
        if not self._is_leaving:
            at = self.reactor.seconds() + self.delay_seconds * random.uniform(0.75, 1.25)
            self._wait(at) if self._has_socket() else self._wait_for_socket(at)
            _log.info("%s: no router at %s (%s); next attempt in %.1f s", self.authid, self.access.router, why, self.delay_seconds)
            self.delay_seconds = min(self.delay_seconds * DELAY_GROWTH, DELAY_SECONDS_MAX)
        else:
            self._closed.set()
        self.went()

    def _has_socket(self) -> bool:
        """False: the router is on this machine, and nobody listens there yet."""
        url = urlsplit(self.access.router)
        return url.scheme != "unix" or Path(url.path).exists()

    def _wait(self, at_seconds: float) -> None:
        self.reactor.callLater(max(at_seconds - self.reactor.seconds(), 0.0), self._connect)

    def _wait_for_socket(self, at_seconds: float) -> None:
        """A router that begins is joined when it does, and not when the next attempt would be due."""
        if self._is_leaving:
            return
        if self._has_socket():
            self.delay_seconds = DELAY_SECONDS_MIN
            self._connect()
        elif self.reactor.seconds() >= at_seconds:
            self._connect()
        else:
            self.reactor.callLater(SOCKET_LOOK_SECONDS, self._wait_for_socket, at_seconds)

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
            self.fail(BusError(f"the ticket of {self.authid} cannot be read: {reason(error)}"))
            return ""

    def _connect(self) -> None:
        if self._is_leaving:
            return
        url = urlsplit(self.access.router)
        if url.scheme == "unix":
            self._connector = self.reactor.connectUNIX(url.path, self.dial(f"ws://{LOCAL_NAME}/"), timeout=5)
        elif url.scheme == "wss":
            context = tls_context(url.hostname or "", self.access.tls_ca)
            self._connector = self.reactor.connectSSL(url.hostname, url.port or 443, self.dial(self.access.router), context, timeout=5)
        else:
            self._connector = self.reactor.connectTCP(url.hostname, url.port or 80, self.dial(self.access.router), timeout=5)
        self._deadline = self.reactor.callLater(JOIN_SECONDS_MAX + self.patience_seconds, self.hang_up)

    def _disarm(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()

    def _end(self) -> None:
        if self._runs and self.reactor.running:
            self.reactor.stop()


def tls_context(host: str, authority: str | None) -> Any:
    """How the certificate of a router is checked: by name or address, and by whom we trust. TLS 1.3 only, as the router.

    Raises :class:`BusError` when the file of the authority is no certificate.
    """
    from twisted.internet import ssl

    tls: Any = ssl  # Its functions have no types.
    try:
        trusted = tls.trustRootFromCertificates([tls.Certificate.loadPEM(Path(authority).read_bytes())]) if authority else None
    except Exception as error:  # The library's own errors have no text.
        raise BusError(f"--tls-ca must be a file with a certificate in PEM, but {authority} is not: {error!r}") from None
    return tls.optionsForClientTLS(host, trustRoot=trusted, extraCertificateOptions={"raiseMinimumTo": tls.TLSVersion.TLSv1_3})
