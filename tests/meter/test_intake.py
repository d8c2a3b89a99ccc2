"""A real meter is read at our own pace, however its bytes come; it may go away, come back, and say nonsense."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK
from joulebus.meter.doors import PortDoor, TerminalDoor
from joulebus.meter.inlets import RECORDED_BYTES_MAX
from joulebus.meter.intake import PAUSE_LOOKS_MAX, PAUSE_LOOKS_MIN, SILENT_LOOKS_MAX, TAKEN_BYTES_MAX, TelegramIntake
from joulebus.meter.reader import TELEGRAM_BYTES_MAX, TelegramReader
from joulebus.services.meter_reader import received
from tests.meter.test_reader import BODY, WHOLE, signed

SECONDS_MAX = 60
ODD = signed(BODY[:-1] + b"0-9:99.9.9(what)(\xe9ver)\r\nno line at all\r\n!")
DAMAGED = WHOLE.replace(b"001000.000", b"001000.001")


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(story, SECONDS_MAX))


async def look_until(intake: TelegramIntake, source: object, condition: Callable[[], object]) -> int:
    """Look again and again; how often."""
    looks = 0
    while not condition():
        await intake.look(str(source))
        await asyncio.sleep(0)
        looks += 1
    return looks


async def speaker() -> tuple[asyncio.Server, list[asyncio.StreamWriter], str]:
    """A port at which nobody says anything by himself; who has come, and its address."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda reader, writer: writers.append(writer), LOOPBACK, 0)
    return server, writers, f"tcp://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"


def test_telegrams_may_be_cut_at_any_byte() -> None:
    async def story() -> None:
        (_, writers, source), intake = await speaker(), TelegramIntake()
        await look_until(intake, source, lambda: writers)
        for cut in range(1, len(WHOLE)):
            for piece in (WHOLE[:cut], WHOLE[cut:]):
                writers[0].write(piece)
                wanted = intake.bytes + len(piece)
                await look_until(intake, source, lambda wanted=wanted: intake.bytes == wanted)
            assert (intake.reader.read, intake.reader.dropped) == (cut, 0)
        assert intake.newest is not None and intake.newest.raw == WHOLE and not intake.is_away
        intake.close()

    run(story())


def test_a_wrong_checksum_is_dropped_and_counted_and_unknown_lines_are_kept(tmp_path: Path) -> None:
    async def story() -> None:
        file, intake = tmp_path / "p1.txt", TelegramIntake()
        file.write_bytes(DAMAGED + WHOLE + ODD + DAMAGED)
        await look_until(intake, file, lambda: intake.bytes == file.stat().st_size)
        assert (intake.reader.read, intake.reader.dropped, intake.unknown_lines) == (2, 2, 2)
        said = received(intake.newest, {"telegrams": 2, "dropped": 2, "unknown_lines": 2, "bytes": 9}, "Europe/Brussels")
        assert said.text is not None and "0-9:99.9.9(what)(éver)\r\nno line at all\r\n!" in said.text
        (again,) = TelegramReader().feed(said.text.encode("latin-1"))
        assert again == intake.newest and again.others == ("no line at all",)
        assert said.unix_seconds == 1_768_727_700, "10:15 in Brussels, in winter"
        intake.close()

    run(story())


def test_bytes_without_a_telegram_are_said_without_a_text() -> None:
    said = received(None, {"telegrams": 0, "dropped": 1, "unknown_lines": 0, "bytes": 9}, "UTC")
    assert (said.unix_seconds, said.text, said.dropped) == (None, None, 1)
    (without,) = TelegramReader().feed(signed(BODY.replace(b"0-0:1.0.0(260118101500W)\r\n", b"")))
    assert received(without, {"telegrams": 1, "dropped": 0, "unknown_lines": 0, "bytes": 9}, "UTC").unix_seconds is None


def test_a_telegram_too_long_for_a_message_is_dropped() -> None:
    reader = TelegramReader()
    long = signed(BODY[:-1] + b"0-0:96.13.0(" + b"4A" * (TELEGRAM_BYTES_MAX // 2) + b")\r\n!")
    assert reader.feed(long[:-2]) == [] and reader.feed(long[-2:] + WHOLE) == TelegramReader().feed(WHOLE)
    whole = TelegramReader()
    assert whole.feed(long + WHOLE) == TelegramReader().feed(WHOLE) and whole.dropped == 1


def test_a_meter_that_goes_away_is_told_once_tried_more_seldom_and_read_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        door, intake = PortDoor(LOOPBACK, 0, WHOLE), TelegramIntake()
        port = await door.open()
        source = f"tcp://{LOOPBACK}:{port}"
        await look_until(intake, source, lambda: intake.reader.read == 1)
        door.close()
        await look_until(intake, source, lambda: intake.is_away)
        for pause in (PAUSE_LOOKS_MIN, 2 * PAUSE_LOOKS_MIN, 4 * PAUSE_LOOKS_MIN):
            assert intake._waits == pause
            await look_until(intake, source, lambda before=pause: intake._waits > before)
        intake._pause = intake._waits = PAUSE_LOOKS_MAX
        await look_until(intake, source, lambda: intake._waits == 1)
        await look_until(intake, source, lambda: intake._waits == PAUSE_LOOKS_MAX)
        told = [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert len(told) == 1 and "the other end has hung up; it is tried again" in told[0].getMessage()
        back = PortDoor(LOOPBACK, port, WHOLE)
        await back.open()
        await look_until(intake, source, lambda: intake.reader.read == 2)
        assert not intake.is_away and intake._pause == PAUSE_LOOKS_MIN
        back.close(), intake.close()

    run(story())


def test_a_meter_that_is_silent_for_a_minute_is_gone_and_a_file_is_not(tmp_path: Path) -> None:
    async def story() -> None:
        (_, writers, source), intake = await speaker(), TelegramIntake()
        await look_until(intake, source, lambda: writers)
        for _ in range(SILENT_LOOKS_MAX - 1):
            await intake.look(source)
        assert not intake.is_away
        assert await look_until(intake, source, lambda: intake.is_away) <= 2
        file = tmp_path / "p1.txt"
        file.write_bytes(WHOLE)
        for _ in range(2 * SILENT_LOOKS_MAX):
            await intake.look(str(file))
        assert not intake.is_away and intake.reader.read == 1
        intake.close()

    run(story())


def test_a_file_may_come_grow_be_cut_and_be_replaced(tmp_path: Path) -> None:
    async def story() -> None:
        file, intake = tmp_path / "p1.txt", TelegramIntake()
        await intake.look(str(file))
        assert intake.is_away
        file.write_bytes(WHOLE[:100])
        await look_until(intake, file, lambda: not intake.is_away)
        with file.open("ab") as more:
            more.write(WHOLE[100:] + WHOLE)
        await look_until(intake, file, lambda: intake.reader.read == 2)
        file.write_bytes(WHOLE)
        await look_until(intake, file, lambda: intake.reader.read == 3)
        (tmp_path / "new.txt").write_bytes(ODD)
        (tmp_path / "new.txt").rename(file)
        await look_until(intake, file, lambda: intake.reader.read == 4)
        assert intake.reader.dropped == 0
        intake.close()

    run(story())


def test_of_a_long_file_the_end_is_read_and_never_too_much_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        file, intake = tmp_path / "p1.txt", TelegramIntake()
        file.write_bytes(WHOLE * (3 * RECORDED_BYTES_MAX // len(WHOLE)))
        looks = await look_until(intake, file, lambda: intake.bytes == RECORDED_BYTES_MAX)
        assert looks == RECORDED_BYTES_MAX // TAKEN_BYTES_MAX
        assert RECORDED_BYTES_MAX // len(WHOLE) - 1 <= intake.reader.read <= RECORDED_BYTES_MAX // len(WHOLE)
        intake.close()

    run(story())


def test_noise_without_end_is_taken_in_little_by_little_and_forgotten() -> None:
    async def story() -> None:
        (_, writers, source), intake = await speaker(), TelegramIntake()
        await look_until(intake, source, lambda: writers)
        writers[0].write(b"/noise" * 100_000 + b"\r\n" + WHOLE)
        while intake.reader.read == 0:
            before = intake.bytes
            await intake.look(source)
            await asyncio.sleep(0)
            assert intake.bytes - before <= TAKEN_BYTES_MAX and len(intake.reader._kept) <= 2 * TELEGRAM_BYTES_MAX
        assert intake.reader.dropped > 0
        intake.close()

    run(story())


def test_a_serial_device_is_read_and_may_be_unplugged(tmp_path: Path) -> None:
    async def story() -> None:
        link, intake = tmp_path / "ttyUSB0", TelegramIntake()
        door = TerminalDoor(link)
        await intake.look(str(link))
        door.send(WHOLE)
        await look_until(intake, link, lambda: intake.reader.read == 1)
        door.close()
        await look_until(intake, link, lambda: intake.is_away)
        again = TerminalDoor(link)
        again.send(ODD)
        await look_until(intake, link, lambda: intake.reader.read == 2)
        again.close(), intake.close()

    run(story())


@pytest.mark.parametrize(
    "source", ["{0}", "{0}/pipe", "{0}/nothing", "tcp://127.0.0.1:1", "tcp://nowhere.invalid:8088", "tcp://..:80", "/dev/null"]
)
def test_what_cannot_be_read_is_away_and_another_source_is_read(source: str, tmp_path: Path) -> None:
    async def story() -> None:
        os.mkfifo(tmp_path / "pipe")
        intake, file = TelegramIntake(), tmp_path / "p1.txt"
        file.write_bytes(WHOLE)
        await look_until(intake, source.format(tmp_path), lambda: intake.is_away)
        await look_until(intake, file, lambda: intake.reader.read == 1)
        assert not intake.is_away
        await intake.look("")
        assert intake._inlet is None and not intake.is_away

    run(story())
