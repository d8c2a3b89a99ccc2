"""What the historian keeps of each day, read as it is stored: for the audit, which counts it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from joulebus.historian import tables
from joulebus.historian.blocks import Block, unpack
from joulebus.historian.days import day_of
from joulebus.historian.history import History
from joulebus.historian.roller import EPOCH_SECONDS, MINUTE_SECONDS
from joulebus.historian.rows import unpack_columns
from joulebus_schemas.journal import Seal


@dataclass(frozen=True)
class Day:
    """A day at the place of the home: its blocks, and the seals of its epochs."""

    sums: Block
    quarters: Block
    minutes: dict[int, Block]
    """By epoch, as far as they are kept."""
    ticks: dict[int, Block]
    seals: list[Seal]


def days(engine: Engine, home: str) -> Iterator[Day]:
    """Each day of a home, in order."""
    facts, after = History(engine, home).facts(), -1
    while True:
        with engine.begin() as connection:
            day = tables.day.c
            query = select(day.quarter, day.sums, day.quarters).where(day.home == home, day.quarter > after).order_by(day.quarter).limit(1)
            row = connection.execute(query).one_or_none()
            if row is None:
                return
            after = int(row.quarter)
            yield _day(connection, home, row, (facts.timezone, facts.tick_seconds))


def _day(connection: Connection, home: str, row: Any, place: tuple[str, int]) -> Day:
    timezone, tick_seconds = place
    first, end = int(row.quarter), day_of(int(row.quarter), timezone)[1]
    at, slots = first * EPOCH_SECONDS, end - first
    return Day(
        sums=unpack(bytes(row.sums), at, slots * EPOCH_SECONDS, 1),
        quarters=unpack(bytes(row.quarters), at, EPOCH_SECONDS, slots),
        minutes=_blocks(connection, home, tables.minute_block, (first, end), max(MINUTE_SECONDS, tick_seconds)),
        ticks=_blocks(connection, home, tables.tick_block, (first, end), tick_seconds),
        seals=_seals(connection, home, first, end),
    )


def _blocks(connection: Connection, home: str, table: Any, epochs: tuple[int, int], slot: int) -> dict[int, Block]:
    query = select(table.c.epoch, table.c.payload).where(table.c.home == home, table.c.epoch.between(epochs[0], epochs[1] - 1))
    rows = connection.execute(query.order_by(table.c.epoch))
    return {int(row.epoch): unpack(bytes(row.payload), row.epoch * EPOCH_SECONDS, slot, -(-EPOCH_SECONDS // slot)) for row in rows}


def _seals(connection: Connection, home: str, first: int, end: int) -> list[Seal]:
    seal = tables.seal.c
    query = select(tables.seal).where(seal.home == home, seal.epoch.between(first, end - 1)).order_by(seal.epoch)
    names = ("epoch", "first_tick", "ticks", "previous", "hash")
    rows = connection.execute(query).mappings()
    return [Seal(**{name: row[name] for name in names}, columns=unpack_columns(bytes(row["columns"]))) for row in rows]
