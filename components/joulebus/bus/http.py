"""A small HTTP answer beside a component: a few pages, made on the reactor, with limits on connections, bytes and seconds.

One request a connection. A connection too many closes the oldest one, so that whoever holds many open keeps nobody else out.
An answer may be ``async``: the keeper is asked meanwhile, and the connection ends after its seconds all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol

from joulebus.bus.loop import twisted_reactor
from joulebus.bus.timers import spawn

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
    headers: tuple[tuple[str, str], ...] = ()
    """More of them, such as an Allow."""


class HttpRequest(NamedTuple):
    """The head of a request."""

    method: str
    path: str
    query: str
    """What stands behind the question mark, as it was sent."""
    headers: Mapping[str, str]
    """With their names in lower case."""


Respond = Callable[[HttpRequest], Page | Awaitable[Page]]
"""A function that answers every request, at once or later."""
Pages = Mapping[str, Callable[[Mapping[str, str]], Page]]
"""Functions that make a page, by path; each gets the request's headers, with their names in lower case."""


class Exchange(Protocol):
    """One connection: a request, an answer, the end."""

    factory: Exchanges
    transport: Any

    def connectionMade(self) -> None:
        """Give the connection this many seconds from now."""
        self._read = b""
        self._asked = self._answered = False
        self._timer = self.factory.reactor.callLater(SECONDS_MAX, self.transport.abortConnection)
        self.factory.opened(self)

    def dataReceived(self, data: bytes) -> None:
        """Answer when the head of the request is complete; a body is not read."""
        if self._asked:
            return
        self._read += data
        if b"\r\n\r\n" in self._read:
            self._asked = True
            self._take(self._read.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n"))
        elif len(self._read) > REQUEST_BYTES_MAX:
            self._asked = True
            self._answer(said(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))

    def connectionLost(self, reason: Any = None) -> None:
        """It is over; what comes later is an answer to nobody."""
        self._answered = True
        if self._timer.active():
            self._timer.cancel()
        self.factory.closed(self)

    def _take(self, head: list[str]) -> None:
        words = head[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            self._answer(said(HTTPStatus.BAD_REQUEST))
            return
        path, _, query = words[1].partition("?")
        pairs = (line.partition(":") for line in head[1:])
        request = HttpRequest(words[0], path, query, {name.strip().lower(): value.strip() for name, _, value in pairs})
        try:
            given = self.factory.respond(request)
        except Exception:  # A page that fails costs its reader the page, and the component nothing.
            given = _failed(request)
        if isinstance(given, Page):
            self._answer(given, request.method != "HEAD")
        else:
            spawn(self._answer_later(request, given))

    async def _answer_later(self, request: HttpRequest, coming: Awaitable[Page]) -> None:
        try:
            page = await coming
        except Exception:
            page = _failed(request)
        self._answer(page, request.method != "HEAD")

    def _answer(self, page: Page, with_body: bool = True) -> None:
        if self._answered:
            return
        self._answered = True
        head = f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\nContent-Type: {page.kind}\r\nContent-Length: {len(page.body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in page.headers)
        head += "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        self.transport.write(head.encode("latin-1") + (page.body if with_body else b""))
        self.transport.loseConnection()


class Exchanges(Factory):
    """All connections of one component."""

    protocol: Any = Exchange
    noisy = False

    def __init__(self, respond: Respond, reactor: Any) -> None:
        self.respond = respond
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


def paged(pages: Pages) -> Respond:
    """What answers with pages, and says of everything else that there is none."""

    def respond(request: HttpRequest) -> Page:
        if request.method not in ("GET", "HEAD"):
            return said(HTTPStatus.METHOD_NOT_ALLOWED)
        make = pages.get(request.path)
        return said(HTTPStatus.NOT_FOUND) if make is None else make(request.headers)

    return respond


def answer_http(address: str, port: int, answers: Pages | Respond) -> Callable[[], Any]:
    """Answer HTTP on a port from now on; what is returned ends it. Raises :class:`OSError` when the port cannot be taken."""
    reactor = twisted_reactor()
    respond = paged(answers) if isinstance(answers, Mapping) else answers
    try:
        listening: Any = reactor.listenTCP(port, Exchanges(respond, reactor), interface=address)
    except CannotListenError as error:
        raise OSError(error.socketError.errno, str(error.socketError.strerror)) from None
    return listening.stopListening  # type: ignore[no-any-return]


def _failed(request: HttpRequest) -> Page:
    _log.exception("%s could not be answered", request.path[:100])
    return said(HTTPStatus.INTERNAL_SERVER_ERROR)
