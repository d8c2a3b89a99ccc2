"""The small HTTP answer beside a component: what it says, and that nobody can hold it up or fill it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK, free_port
from joulebus.bus import http
from joulebus.bus.http import CONNECTIONS_MAX, REQUEST_BYTES_MAX, HttpRequest, Page, Respond, answer_http
from tests.real.reactor import turn, turning, until

LARGE = b"x" * 8_000_000


async def later(request: HttpRequest) -> Page:
    await asyncio.sleep(0.01)
    if request.path == "/broken":
        raise ValueError("a bug that comes later")
    said = f"{request.method} {request.path} {request.query} {request.headers['accept']}"
    return Page(HTTPStatus.OK, "text/plain", said.encode(), (("X-More", "yes"),))


async def never(request: HttpRequest) -> Page:
    await asyncio.sleep(600)
    raise AssertionError("nobody waits so long")


def broken(headers: Any) -> Page:
    raise ValueError("a bug of the page")


@pytest.fixture
def port() -> Iterator[int]:
    """Some pages on a port."""
    number = free_port()
    pages = {
        "/metrics": lambda headers: Page(HTTPStatus.OK, "text/plain", f"for {headers.get('accept', 'anybody')}".encode()),
        "/readyz": lambda headers: Page(HTTPStatus.SERVICE_UNAVAILABLE, "application/json", b"{}"),
        "/large": lambda headers: Page(HTTPStatus.OK, "text/plain", LARGE),
        "/broken": broken,
    }
    stop = answer_http(LOOPBACK, number, pages)
    yield number
    stop()
    turning.iterate(0)


def in_a_thread(act: Callable[[], Any]) -> Any:
    """What a client gets that waits, while the reactor turns here."""
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(act()), daemon=True)
    thread.start()
    until(lambda: got, "the client has its answer")
    return got[0]


def asked(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, HTTPResponse]:
    def ask() -> tuple[int, bytes, HTTPResponse]:
        connection = HTTPConnection(LOOPBACK, port, timeout=10)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), response

    found: tuple[int, bytes, HTTPResponse] = in_a_thread(ask)
    return found


def idle(port: int, text: bytes = b"GET /metrics HT") -> socket.socket:
    connection = socket.create_connection((LOOPBACK, port), timeout=10)
    connection.sendall(text)
    turning.iterate(0)
    return connection


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/metrics", 200, b"for anybody"),
        ("GET", "/metrics?x=1", 200, b"for anybody"),
        ("HEAD", "/metrics", 200, b""),
        ("POST", "/metrics", 405, b"405 Method Not Allowed\n"),
        ("GET", "/readyz", 503, b"{}"),
        ("GET", "/nothing", 404, b"404 Not Found\n"),
        ("GET", "/broken", 500, b"500 Internal Server Error\n"),
    ],
)
def test_a_page_is_answered(port: int, method: str, path: str, status: int, body: bytes) -> None:
    found = asked(port, path, method)
    assert found[:2] == (status, body)
    assert found[2].getheader("Connection") == "close" and found[2].getheader("X-Content-Type-Options") == "nosniff"


def test_a_page_sees_the_headers(port: int) -> None:
    assert asked(port, "/metrics", Accept="text/html")[1] == b"for text/html"


def test_a_request_that_is_none_is_refused(port: int) -> None:
    connection = idle(port, b"nonsense\r\n\r\n")
    until(lambda: is_closed(connection) or turning.iterate(0), "it is answered and closed")  # type: ignore[func-returns-value]
    endless = idle(port, b"GET / HTTP/1.1\r\nX: " + b"x" * REQUEST_BYTES_MAX)
    until(lambda: is_closed(endless) or b"", "the endless one is closed")
    assert asked(port, "/metrics")[0] == 200


def test_five_hundred_idle_connections_keep_nobody_out(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SECONDS_MAX", 600)  # None is closed for being slow.
    threads = threading.active_count()
    connections = [idle(port) for _ in range(500)]
    until(lambda: sum(map(is_closed, connections)) >= 500 - CONNECTIONS_MAX, "the oldest are closed")
    assert sum(not is_closed(one) for one in connections) == CONNECTIONS_MAX
    assert asked(port, "/metrics")[:2] == (200, b"for anybody")
    assert threading.active_count() <= threads + 1
    for one in connections:
        one.close()


def test_who_does_not_finish_or_does_not_read_is_left(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SECONDS_MAX", 0.3)
    slow, deaf = idle(port), idle(port, b"GET /large HTTP/1.1\r\n\r\n")
    until(lambda: is_closed(slow), "who does not finish is left")
    turn(0.6)

    def read_all() -> int:
        deaf.setblocking(True)
        count = 0
        try:
            while more := deaf.recv(1 << 16):
                count += len(more)
        except ConnectionResetError:
            pass
        return count

    assert in_a_thread(read_all) < len(LARGE)


def test_a_port_that_is_taken_is_an_error_of_the_world(port: int) -> None:
    with pytest.raises(OSError, match="Address already in use"):
        answer_http(LOOPBACK, port, {})


@pytest.fixture
def port_of() -> Iterator[Callable[[Respond], int]]:
    """Opens a port whose requests all go to one function."""
    stops: list[Callable[[], Any]] = []

    def opened(respond: Respond) -> int:
        number = free_port()
        stops.append(answer_http(LOOPBACK, number, respond))
        return number

    yield opened
    for stop in stops:
        stop()
    turning.iterate(0)


def test_an_answer_may_come_later(port_of: Callable[[Respond], int]) -> None:
    number = port_of(later)
    status, body, response = asked(number, "/some?a=1&b=", "POST", Accept="x")
    assert (status, body, response.getheader("X-More")) == (200, b"POST /some a=1&b= x", "yes")
    assert asked(number, "/broken")[0] == 500
    assert asked(number, "/some", "HEAD", Accept="x")[1] == b""


def test_who_waits_too_long_for_an_answer_is_left(port_of: Callable[[Respond], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SECONDS_MAX", 0.3)
    waiting = idle(port_of(never), b"GET / HTTP/1.1\r\n\r\n")
    until(lambda: is_closed(waiting), "it is left")
