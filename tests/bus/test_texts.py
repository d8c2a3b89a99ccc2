"""The plain WebSocket beside a component: who may come, and that nobody can hold it up or fill it."""

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK, free_port
from joulebus.bus.texts import (
    MESSAGE_TEXT_BYTES_MAX,
    TEXT_BYTES_MAX,
    TEXT_CONNECTIONS_MAX,
    TEXTS_A_SECOND_MAX,
    TEXTS_TOO_MANY_MAX,
    TextTalk,
    answer_texts,
)
from tests.real.reactor import turning, until
from tests.real.texts import TextClient


async def answer(text: str) -> str:
    await asyncio.sleep(0)
    return f'"{text}"'


@pytest.fixture
def door() -> Iterator[Any]:
    """Address, socket and a list of the addresses that came; nobody may come while it has a None."""
    came: list[str | None] = []

    def may_come(address: str) -> bool:
        came.append(address)
        return None not in came

    port = free_port()
    talk = TextTalk("/ws", may_come, lambda: '"welcome"', answer, '"too often"', '"no text"')
    socket, end = answer_texts(LOOPBACK, port, talk)
    yield f"ws://{LOOPBACK}:{port}/ws", socket, came
    end()
    turning.iterate(0)


def test_texts_are_answered_and_told_to_all(door: Any) -> None:
    url, socket, came = door
    one, other = TextClient(url), TextClient(url)
    until(lambda: one.heard and other.heard, "both are greeted")
    assert (one.heard, came) == (['"welcome"'], [LOOPBACK] * 2)
    assert one.asked("hello") == "hello"
    assert one.asked(b"\x00\x01") == "no text"
    socket.tell_all('"news"')
    until(lambda: other.heard[-1] == '"news"' == one.heard[-1], "both are told")
    one.close()
    until(lambda: len(socket.joined) == 1, "who has gone is let go")
    assert other.asked("still") == "still"


def test_who_may_not_come_is_refused(door: Any) -> None:
    url, _, came = door
    assert "404" in TextClient(url.replace("/ws", "/other")).end
    assert "403" in TextClient(url, origin="http://127.0.0.1:1").end
    assert "400" in TextClient(url, origin="null").end
    came.append(None)
    assert "403" in TextClient(url).end


def test_a_text_that_is_too_long_is_answered_and_one_without_end_ends_its_connection(door: Any) -> None:
    url, _, _ = door
    long, other = TextClient(url), TextClient(url)
    until(lambda: long.heard and other.heard, "both are greeted")
    assert long.asked("x" * TEXT_BYTES_MAX) == "x" * TEXT_BYTES_MAX
    assert long.asked("x" * (TEXT_BYTES_MAX + 1)) == "no text"
    long.say("x" * (MESSAGE_TEXT_BYTES_MAX + 1))
    until(lambda: long.end, "it is closed")
    assert long.end.startswith("1009")
    assert other.asked("still") == "still"


def test_who_speaks_too_often_is_told_so_and_then_let_go(door: Any) -> None:
    url, _, _ = door
    one = TextClient(url)
    for number in range(TEXTS_A_SECOND_MAX + 3):
        one.say(str(number))
    until(lambda: len(one.heard) == TEXTS_A_SECOND_MAX + 4, "all are answered")
    assert one.heard.count('"too often"') == 3 and not one.end
    began = monotonic()  # Who asks again and again meanwhile is let go as well.
    until(lambda: monotonic() > began + 1.5, "a second is over")
    assert one.asked("later") == "later"
    for number in range(TEXTS_TOO_MANY_MAX + 5):
        one.say(str(number))
    until(lambda: one.end, "it is let go")


def test_one_connection_too_many_is_refused(door: Any) -> None:
    url, socket, _ = door
    many = [TextClient(url) for _ in range(TEXT_CONNECTIONS_MAX)]
    assert "503" in TextClient(url).end
    many[0].close()
    until(lambda: len(socket.joined) < TEXT_CONNECTIONS_MAX, "one has gone")
    again = TextClient(url)
    assert again.asked("hello") is not None and not again.end
    for one in many[1:]:
        one.close()


def test_who_does_not_read_is_let_go(door: Any) -> None:
    url, socket, _ = door
    deaf, other = TextClient(url), TextClient(url)
    deaf.wire.transport.pauseProducing()
    for _ in range(200):
        socket.tell_all('"' + "x" * 60_000 + '"')
        turning.iterate(0)
    until(lambda: deaf.wire not in socket.joined and len(socket.joined) <= 1, "who does not read is let go")
    other.close()


def test_a_port_that_is_taken_is_an_error_of_the_world(door: Any) -> None:
    url, socket, _ = door
    with pytest.raises(OSError, match="Address already in use"):
        answer_texts(LOOPBACK, int(url.split(":")[2].split("/")[0]), socket.talk)
