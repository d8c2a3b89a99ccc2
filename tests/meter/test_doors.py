"""Doors of a meter: whoever reads slowly misses whole telegrams, and nobody else notices."""

import asyncio
import socket

from joulebus.addresses import LOOPBACK
from joulebus.meter.crc import crc16
from joulebus.meter.doors import MISSED_MAX, TELEGRAM_BYTES_WAITING_MAX, PortDoor, TerminalDoor
from joulebus.meter.reader import TelegramReader

NUMBERS = 400


def numbered(number: int) -> bytes:
    """A long telegram with a number in it."""
    body = f"/JBU5\\TEST\r\n\r\n0-0:96.1.1({number:06d})\r\n0-0:96.13.0({'4A' * 4_000})\r\n!".encode()
    return body + f"{crc16(body):04X}\r\n".encode()


def numbers(reader: TelegramReader, data: bytes) -> list[int]:
    return [int(one.values("0-0:96.1.1")[0]) for one in reader.feed(data)]


async def sent_past_a_slow_reader() -> tuple[list[int], list[int], int]:
    """What a quick and a slow reader got, and how much waited for the slow one at most."""
    door, quick, slow = PortDoor(LOOPBACK, 0), TelegramReader(), TelegramReader()
    place = (LOOPBACK, await door.open())
    mine, _ = await asyncio.open_connection(*place)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.connect(place)
    while len(door.waiting()) < 2:
        await asyncio.sleep(0)
    got: list[int] = []
    most = 0
    for number in range(NUMBERS):
        door.send(numbered(number))
        most = max(most, *door.waiting())
        while not got or got[-1] < number:
            got += numbers(quick, await mine.read(65_536))
    deaf.setblocking(False)
    late: list[int] = []
    while not late or sum(door.waiting()):
        await asyncio.sleep(0)
        try:
            late += numbers(slow, deaf.recv(65_536))
        except BlockingIOError:
            continue
    door.close()
    deaf.close()
    assert slow.dropped == quick.dropped == 0, "no telegram is torn"
    return got, late, most


def test_a_slow_reader_with_a_full_buffer_disturbs_nobody() -> None:
    quick, slow, most = asyncio.run(sent_past_a_slow_reader())
    assert quick == list(range(NUMBERS))
    assert slow == sorted(slow) and 0 < len(slow) < NUMBERS <= MISSED_MAX
    assert 0 < most <= TELEGRAM_BYTES_WAITING_MAX


def test_a_terminal_that_nobody_reads_never_holds_up() -> None:
    door = TerminalDoor()
    for number in range(NUMBERS):
        door.send(numbered(number))
    door.close()
