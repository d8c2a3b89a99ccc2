"""Telegrams out of bytes that come as they like: cut anywhere, damaged, without an end, unknown to us."""

import random

from hypothesis import given
from hypothesis import strategies as st

from joulebus.meter.crc import crc16
from joulebus.meter.reader import TELEGRAM_BYTES_MAX, ReadTelegram, TelegramReader

DATA = (
    "/FLU5\\253770234_A", "", "0-0:96.1.4(50221)", "0-0:1.0.0(260118101500W)", "1-0:1.8.1(001000.000*kWh)", "1-0:1.8.2(000500.000*kWh)",
    "1-0:2.8.1(000200.000*kWh)", "1-0:2.8.2(000050.000*kWh)", "0-0:96.14.0(0001)", "1-0:1.4.0(00.500*kW)",
    "1-0:1.6.0(260105173000W)(03.250*kW)", "1-0:1.7.0(02.000*kW)", "1-0:2.7.0(00.000*kW)", "!",
)  # fmt: skip
BODY = "\r\n".join(DATA).encode()
WHOLE = BODY + b"24E0\r\n"
"""A telegram whose checksum somebody else has worked out."""


def signed(body: bytes) -> bytes:
    return body + f"{crc16(body):04X}\r\n".encode()


def read(*pieces: bytes) -> tuple[list[ReadTelegram], int]:
    reader = TelegramReader()
    return [telegram for piece in pieces for telegram in reader.feed(piece)], reader.dropped


def test_the_checksum_is_that_of_the_standard() -> None:
    assert crc16(b"123456789") == 0xBB3D
    assert len(BODY) == 297 and crc16(BODY) == 0x24E0


def test_a_whole_telegram_is_read() -> None:
    (telegram,), dropped = read(WHOLE)
    assert telegram.header == "/FLU5\\253770234_A" and dropped == 0
    assert telegram.values("1-0:1.8.1") == ("001000.000*kWh",)
    assert telegram.values("1-0:1.6.0") == ("260105173000W", "03.250*kW")
    assert telegram.values("9-9:9.9.9") == () and len(telegram.lines) == 11


@given(st.lists(st.integers(0, 2 * len(WHOLE)), max_size=6))
def test_bytes_may_be_cut_anywhere(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 2 * len(WHOLE)]
    stream = WHOLE + WHOLE
    assert read(*(stream[begin:end] for begin, end in zip(edges, edges[1:], strict=False))) == read(WHOLE, WHOLE)


def test_byte_by_byte_is_the_same() -> None:
    assert read(*(WHOLE[place : place + 1] for place in range(len(WHOLE)))) == read(WHOLE)


def test_ten_thousand_damaged_telegrams_are_refused_and_counted() -> None:
    """One byte, or two that are neighbours: a checksum of 16 bits finds each error that is no longer than itself."""
    dice, reader = random.Random(13), TelegramReader()
    for _ in range(10_000):
        damaged = bytearray(WHOLE)
        place = dice.randrange(len(damaged))
        for at in range(place, min(place + dice.randint(1, 2), len(damaged))):
            damaged[at] ^= dice.randint(1, 255)
        before = reader.dropped
        assert reader.feed(bytes(damaged)) == [], damaged
        assert len(reader.feed(WHOLE)) == 1 and reader.dropped > before, damaged
    assert reader.read == 10_000


def test_whoever_joins_in_the_middle_gets_the_next_one() -> None:
    found, dropped = read(WHOLE[100:] + WHOLE)
    assert found == read(WHOLE)[0] and dropped == 1


def test_a_telegram_without_an_end_costs_itself_only() -> None:
    found, dropped = read(WHOLE[:200] + WHOLE)
    assert found == read(WHOLE)[0] and dropped == 1


def test_noise_is_let_go() -> None:
    reader = TelegramReader()
    for _ in range(100):
        reader.feed(b"/noise" * 1_000)
    assert len(reader._kept) <= TELEGRAM_BYTES_MAX and reader.dropped > 0
    assert reader.feed(b"\r\n" + WHOLE) == read(WHOLE)[0]


def test_unknown_lines_are_kept() -> None:
    body = BODY[:-1] + b"0-9:99.9.9(what)(ever)\r\nno line at all\r\n!"
    (telegram,), _ = read(signed(body))
    assert telegram.values("0-9:99.9.9") == ("what", "ever") and telegram.others == ("no line at all",)


def test_a_checksum_may_be_printed_without_its_zeros() -> None:
    body = next(body for number in range(10_000) if crc16(body := BODY.replace(b"00.500", f"{number:06d}".encode())) < 0x100)
    assert len(read(body + f"{crc16(body):X}\r\n".encode())[0]) == 1
