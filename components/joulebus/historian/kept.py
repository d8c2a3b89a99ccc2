"""What the historian keeps of each day, read as it is stored: for the audit, which counts it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from joulebus.historian import tables
from joulebus.historian.blocks import Block, unpack_block
from joulebus.historian.days import local_day_of
from joulebus.historian.history import HistoryReader
from joulebus.historian.roller import MINUTE_SLOT_SECONDS
from joulebus.historian.rows import unpack_sealed_columns
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Seal

PAGE_SEALS = 500


@dataclass(frozen=True)
class KeptDay:
    """A day at the place of the home: its blocks, and the seals of its epochs."""

    sums: Block
    quarters: Block
    minutes: dict[int, Block]
    """The minutes of each epoch, as far as they are kept."""
    ticks: dict[int, Block]
    seals: list[Seal]


@dataclass(frozen=True)
class KeptMarks:
    """How far the historian says it has come, and what is there."""

    number: int
    derived: int
    rolled_epoch: int
    records_from_tick: int
    ticks_from_epoch: int
    minutes_from_epoch: int
    first_end: int | None
    """The tick behind the first window that is there."""
    last_seal: int | None
    """The last epoch of which a seal is there."""


def marks_of(engine: Engine, home: str) -> KeptMarks | None:
    """The marks of a home; None when there are none."""
    record, seal, mark = tables.record.c, tables.seal.c, tables.watermark
    with engine.begin() as connection:
        row = connection.execute(select(mark).where(mark.c.home == home)).mappings().one_or_none()
        if row is None:
            return None
        first = connection.execute(select(func.min(record.start_tick + record.ticks)).where(record.home == home)).scalar()
        last = connection.execute(select(func.max(seal.epoch)).where(seal.home == home)).scalar()
    return KeptMarks(
        number=row["number"],
        derived=row["derived"],
        rolled_epoch=row["rolled_epoch"],
        records_from_tick=row["records_from_tick"],
        ticks_from_epoch=row["ticks_from_epoch"],
        minutes_from_epoch=row["minutes_from_epoch"],
        first_end=first,
        last_seal=last,
    )


def days(engine: Engine, home: str) -> Iterator[KeptDay]:
    """Each day of a home, in order."""
    facts, after = HistoryReader(engine, home).facts(), -1
    while True:
        with engine.begin() as connection:
            day = tables.day.c
            query = select(day.quarter, day.sums, day.quarters).where(day.home == home, day.quarter > after).order_by(day.quarter).limit(1)
            row = connection.execute(query).one_or_none()
            if row is None:
                return
            after = int(row.quarter)
            yield _day(connection, home, row, (facts.timezone, facts.tick_seconds))


def _day(connection: Connection, home: str, row: Any, place: tuple[str, int]) -> KeptDay:
    timezone, tick_seconds = place
    first, end = int(row.quarter), local_day_of(int(row.quarter), timezone)[1]
    at, slots = first * EPOCH_SECONDS, end - first
    return KeptDay(
        sums=unpack_block(bytes(row.sums), at, slots * EPOCH_SECONDS, 1),
        quarters=unpack_block(bytes(row.quarters), at, EPOCH_SECONDS, slots),
        minutes=_blocks(connection, home, tables.minute_block, (first, end), max(MINUTE_SLOT_SECONDS, tick_seconds)),
        ticks=_blocks(connection, home, tables.tick_block, (first, end), tick_seconds),
        seals=_seals(connection, home, first, end),
    )


def _blocks(connection: Connection, home: str, table: Any, epochs: tuple[int, int], slot: int) -> dict[int, Block]:
    query = select(table.c.epoch, table.c.payload).where(table.c.home == home, table.c.epoch.between(epochs[0], epochs[1] - 1))
    rows = connection.execute(query.order_by(table.c.epoch))
    return {int(row.epoch): unpack_block(bytes(row.payload), row.epoch * EPOCH_SECONDS, slot, -(-EPOCH_SECONDS // slot)) for row in rows}


def _seals(connection: Connection, home: str, first: int, end: int) -> list[Seal]:
    seal = tables.seal.c
    query = select(tables.seal).where(seal.home == home, seal.epoch.between(first, end - 1)).order_by(seal.epoch)
    return [_seal(row) for row in connection.execute(query).mappings()]


def _seal(row: Any) -> Seal:
    names = ("epoch", "first_tick", "ticks", "previous", "hash")
    return Seal(**{name: row[name] for name in names}, columns=unpack_sealed_columns(bytes(row["columns"])))


def seals_before(engine: Engine, home: str, number: int) -> Iterator[tuple[int, Seal]]:
    """The seals of the records before one, each with the number of its record, page by page."""
    seal, after = tables.seal.c, -1
    while True:
        query = select(tables.seal).where(seal.home == home, seal.number < number, seal.epoch > after)
        with engine.begin() as connection:
            rows = connection.execute(query.order_by(seal.epoch).limit(PAGE_SEALS)).mappings().all()
        yield from ((int(row["number"]), _seal(row)) for row in rows)
        if len(rows) < PAGE_SEALS:
            return
        after = int(rows[-1]["epoch"])
