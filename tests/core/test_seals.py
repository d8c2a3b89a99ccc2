"""Seals, recomputed in plain Python by the text of ARCHITECTURE.md: anyone can check a home's books."""

from hashlib import sha256
from itertools import groupby

import pytest

from joulebus_core import CoreError, Ledger, Seal, decode_columns, encode_columns
from tests.core.homes import START_UNIX_SECONDS, Living

EPOCH_SECONDS = 900


def uvarint(number: int) -> bytes:
    """LEB128: seven bits a byte, the lowest first."""
    low = bytes([number & 0x7F | (0x80 if number > 0x7F else 0)])
    return low + (uvarint(number >> 7) if number > 0x7F else b"")


def column_hash(giver: str, taker: str, joules: list[int]) -> str:
    runs = b"".join(uvarint(len(list(run))) + uvarint(value) for value, run in groupby(joules))
    return sha256(f"joulebus column 1\n{giver}\n{taker}\n".encode() + runs).hexdigest()


def seal_hash(home: str, tick_seconds: int, seal: Seal, columns: dict[tuple[str, str], list[int]]) -> str:
    head = ["joulebus seal 1", home, tick_seconds, seal.epoch, seal.first_tick, seal.ticks, seal.previous]
    text = "".join(f"{line}\n" for line in head)
    for giver, taker in sorted(columns):
        joules = columns[giver, taker]
        moment = sum((index + 1) * value for index, value in enumerate(joules))
        text += f"{giver}>{taker} {sum(joules)} {moment} {column_hash(giver, taker, joules)}\n"
    return sha256(text.encode()).hexdigest()


def two_hours() -> Living:
    ticks = 7_200
    sun = [abs(knot * 7_919_000 % 6_000_000 - 900_000) for knot in range(ticks // 60 + 2)]
    load = [(tick // 50 * 7) % 4_000 for tick in range(ticks)]
    return Living(sun, load, [0 if 2_000 <= tick < 2_900 else 9_200 for tick in range(ticks)], {"reserve_ppm": 200_000})


def dense(living: Living) -> dict[tuple[str, str], list[int]]:
    columns: dict[tuple[str, str], list[int]] = {}
    for settlement in living.settlements:
        for giver, taker, runs in decode_columns(settlement.columns):
            column = columns.setdefault((giver, taker), [0] * living.ticks)
            column[settlement.start : settlement.start + settlement.ticks] = [value for count, value in runs for _ in range(count)]
    return columns


@pytest.mark.parametrize("windows", [[7_200], [60], [1_000, 333]])
def test_plain_python_finds_the_same_chain(windows: list[int]) -> None:
    living = two_hours()
    ledger = living.live(windows)
    columns, previous, next_tick = dense(living), "0" * 64, 0
    seals = [seal for settlement in living.settlements for seal in settlement.seals]
    for seal in seals:
        span = slice(seal.first_tick, seal.first_tick + seal.ticks)
        moved = {pair: column[span] for pair, column in columns.items() if any(column[span])}
        assert (seal.previous, seal.first_tick) == (previous, next_tick)
        assert seal.epoch == (START_UNIX_SECONDS + 777 + seal.first_tick) // EPOCH_SECONDS
        assert seal.hash == seal_hash("home", 1, seal, moved)
        assert [(column.account_from, column.account_to) for column in seal.columns] == sorted(moved)
        previous, next_tick = seal.hash, seal.first_tick + seal.ticks
    assert ledger.head == previous
    # The first epoch began 777 s before the home.
    assert [seal.ticks for seal in seals] == [123] + [900] * 7


def test_a_changed_joule_is_refused_or_changes_the_seal() -> None:
    living = two_hours()
    living.live([7_200])
    [settlement] = living.settlements
    columns = decode_columns(settlement.columns)
    for index, (giver, taker, runs) in enumerate(columns):
        (count, value), *rest = runs
        forged = [*columns[:index], (giver, taker, [(count, value + 1), *rest]), *columns[index + 1 :]]
        ledger = Ledger("home", START_UNIX_SECONDS + 777, 1)
        try:
            hashes = [seal.hash for seal in ledger.post(0, 7_200, encode_columns(forged))]
        except CoreError as error:
            assert "in every tick" in str(error)
            assert (ledger.next_tick, ledger.balances()) == (0, {})
        else:
            assert hashes[0] != settlement.seals[0].hash


def test_columns_survive_their_bytes() -> None:
    columns = [("grid", "inverter", [(2, 5), (1, 0)]), ("inverter", "oven", [(2, 5), (1, 0)])]
    assert decode_columns(encode_columns(columns)) == columns
    with pytest.raises(CoreError, match="columns begin with JBC1"):
        decode_columns(b"")
