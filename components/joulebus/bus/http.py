"""A small HTTP answer beside a component: a few pages, made on the reactor, with limits on connections, bytes and seconds.

One request a connection. A connection too many closes the oldest one, so that whoever holds many open keeps nobody else out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol

from joulebus.bus.loop import twisted_reactor

CONNECTIONS_MAX = 32
REQUEST_BYTES_MAX = 8_192
SECONDS_MAX = 5.0
"""From the connection to the last byte of the answer."""

_log = logging.getLogger("joulebus.bus")


class Page(NamedTuple):
    """An answer."""

    status: HTTPStatus
    kind: str
    body: bytes


Pages = Mapping[str, Callable[[Mapping[str, str]], Page]]
"""Functions that make a page, by path; each gets the request's headers, with their names in lower case."""


class Exchange(Protocol):
    """One connection: a request, an answer, the end."""

    factory: Exchanges
    transport: Any

    def connectionMade(self) -> None:
        """Give the connection this many seconds from now."""
        self._read = b""
        self._answered = False
        self._timer = self.factory.reactor.callLater(SECONDS_MAX, self.transport.abortConnection)
        self.factory.opened(self)

    def dataReceived(self, data: bytes) -> None:
        """Answer when the head of the request is complete; a body is not read."""
        if self._answered:
            return
        self._read += data
        if b"\r\n\r\n" in self._read:
            self._answer(*self._page(self._read.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")))
        elif len(self._read) > REQUEST_BYTES_MAX:
            self._answer(said(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE), True)

    def connectionLost(self, reason: Any = None) -> None:
        """It is over."""
        if self._timer.active():
            self._timer.cancel()
        self.factory.closed(self)

    def _page(self, head: list[str]) -> tuple[Page, bool]:
        """The answer, and whether its body is wanted."""
        words = head[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return said(HTTPStatus.BAD_REQUEST), True
        if words[0] not in ("GET", "HEAD"):
            return said(HTTPStatus.METHOD_NOT_ALLOWED), True
        make = self.factory.pages.get(words[1].partition("?")[0])
        if make is None:
            return said(HTTPStatus.NOT_FOUND), words[0] == "GET"
        pairs = (line.partition(":") for line in head[1:])
        try:
            return make({name.strip().lower(): value.strip() for name, _, value in pairs}), words[0] == "GET"
        except Exception:  # A page that fails costs its reader the page, and the component nothing.
            _log.exception("%s could not be answered", words[1][:100])
            return said(HTTPStatus.INTERNAL_SERVER_ERROR), True

    def _answer(self, page: Page, with_body: bool) -> None:
        self._answered = True
        head = f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\nContent-Type: {page.kind}\r\nContent-Length: {len(page.body)}\r\n"
        head += "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        self.transport.write(head.encode("latin-1") + (page.body if with_body else b""))
        self.transport.loseConnection()


class Exchanges(Factory):
    """All connections of one component."""

    protocol: Any = Exchange
    noisy = False

    def __init__(self, pages: Pages, reactor: Any) -> None:
        self.pages = pages
        self.reactor = reactor
        self._open: dict[Exchange, None] = {}

    def opened(self, exchange: Exchange) -> None:
        """One more; when it is one too many, the oldest goes."""
        self._open[exchange] = None
        if len(self._open) > CONNECTIONS_MAX:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.transport.abortConnection()

    def closed(self, exchange: Exchange) -> None:
        """One less."""
        self._open.pop(exchange, None)


def said(status: HTTPStatus) -> Page:
    """A page that only says its status."""
    return Page(status, "text/plain; charset=utf-8", f"{status.value} {status.phrase}\n".encode())


def answer_http(address: str, port: int, pages: Pages) -> Callable[[], Any]:
    """Answer HTTP on a port from now on; what is returned ends it. Raises :class:`OSError` when the port cannot be taken."""
    reactor = twisted_reactor()
    try:
        listening: Any = reactor.listenTCP(port, Exchanges(pages, reactor), interface=address)
    except CannotListenError as error:
        raise OSError(error.socketError.errno, str(error.socketError.strerror)) from None
    return listening.stopListening  # type: ignore[no-any-return]
