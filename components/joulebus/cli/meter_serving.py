"""``joulebus meter serve``: telegrams of a living home through every door; ``joulebus meter read``: of any meter, through the same ones."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from joulebus.addresses import LOOPBACK
from joulebus.cli.output import print_compact
from joulebus.devices.meter_reader import address_of
from joulebus.errors import JournalError, UsageError
from joulebus.meter.doors import AT_ONCE_MAX, TELEGRAM_SECONDS, FileDoor, PortDoor, TelegramDoor, TerminalDoor
from joulebus.meter.following import MeterFollower
from joulebus.meter.inlets import set_up_serial
from joulebus.meter.reader import ReadTelegram, TelegramReader
from joulebus.meter.telegram import telegram
from joulebus.rundir import journal_of

READ_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What was asked for."""

    source: str
    tcp: int | None
    terminal: bool
    link: Path | None
    file: Path | None
    stdout: bool


def serve_meter(options: ServeOptions) -> None:
    """Follow the home and send, until Ctrl-C.

    Raises:
        UsageError: No door was asked for.
        ReportError: The journal cannot be counted.
    """
    if options.tcp is None and not (options.terminal or options.link or options.file or options.stdout):
        raise UsageError("telegrams need a door: give --tcp PORT, --terminal, --file FILE or --stdout")
    asyncio.run(_serve(options))


async def _serve(options: ServeOptions) -> None:
    follower = MeterFollower(journal_of(options.source))
    doors = await _open(options)
    try:
        _send(doors, _text(follower))
        while True:
            await asyncio.sleep(TELEGRAM_SECONDS)
            with suppress(JournalError, FileNotFoundError):  # Its home rotates the files just now; what is new comes a second later.
                news = follower.news()
                for shown in news if len(news) <= AT_ONCE_MAX else news[-1:]:
                    _send(doors, telegram(shown.state, shown.face))
    finally:
        for door in doors:
            door.close()


def _text(follower: MeterFollower) -> bytes:
    return telegram(follower.latest.state, follower.latest.face)


async def _open(options: ServeOptions) -> list[TelegramDoor]:
    doors: list[TelegramDoor] = []
    if options.tcp is not None:
        port = PortDoor(LOOPBACK, options.tcp)
        print(f"telegrams at {LOOPBACK}:{await port.open()}", file=sys.stderr, flush=True)
        doors.append(port)
    if options.terminal or options.link is not None:
        terminal = TerminalDoor(options.link)
        print(f"telegrams at {options.link or terminal.path}", file=sys.stderr, flush=True)
        doors.append(terminal)
    if options.file is not None:
        doors.append(FileDoor(options.file.open("ab")))
    if options.stdout:
        doors.append(FileDoor(sys.stdout.buffer))
    return doors


def _send(doors: list[TelegramDoor], data: bytes) -> None:
    for door in doors:
        door.send(data)


def read_meter(source: str, count: int | None, json: bool) -> None:
    """Read telegrams of a meter and print them, until the source ends.

    Raises:
        UsageError: The address does not name a port.
    """
    reader, left = TelegramReader(), count
    with stream(source) as next_bytes:
        while (left is None or left > 0) and (data := next_bytes(READ_BYTES)):
            for one in reader.feed(data)[:left]:
                print_compact(_words(one)) if json else print("\n".join(_lines(one)), flush=True)
                left = None if left is None else left - 1
    print(f"{reader.read:,} telegrams read, {reader.dropped:,} dropped", file=sys.stderr)


@contextmanager
def stream(source: str) -> Iterator[Callable[[int], bytes]]:
    """What gives the next bytes: of a TCP port, a serial device, a file, or standard input.

    Raises:
        UsageError: The address does not name a port.
    """
    try:
        address = address_of(source)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if address is not None:
        with socket.create_connection(address) as connection:
            yield connection.recv
        return
    file = 0 if source == "-" else os.open(source, os.O_RDONLY | os.O_NOCTTY)
    try:
        if file and os.isatty(file):
            set_up_serial(file)
        yield lambda size: os.read(file, size)
    finally:
        os.close(file)


def _words(one: ReadTelegram) -> dict[str, object]:
    return {"header": one.header, "lines": {line.obis: list(line.values) for line in one.lines}, "others": list(one.others)}


def _lines(one: ReadTelegram) -> list[str]:
    return [one.header, *(f"  {line.obis:<14} {'  '.join(line.values)}" for line in one.lines), *(f"  {text}" for text in one.others)]
