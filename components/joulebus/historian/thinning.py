"""Thinning: how long the historian keeps what, in simulated time, and the bounded slices in which it lets go of the rest.

Records give way to blocks of ticks, those to minutes, those to quarter-hours, which stay for ever beside the seals that prove them.
"""

from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from joulebus.historian import tables
from joulebus.historian.blocks import Block, pack_block
from joulebus.historian.deriving import add, begin, holds_tick, read, windows
from joulebus.historian.engine import refused
from joulebus.historian.lasting import LastingRecords
from joulebus.historian.roller import Roller
from joulebus.homefile.history import Retention
from joulebus.report.calendar import ReportSpan
from joulebus_schemas.facts import EPOCH_SECONDS

EPOCHS_A_SLICE = 4
SPARSE_EPOCHS_A_SLICE = 96
SPARSE_RECORDS = 16
"""In an epoch: so few records, of long windows, are smaller than a block of its ticks, and stay until the ticks may go."""


class Thinner:
    """Lets go of what is older than the retention, slice by slice."""

    def __init__(self, engine: Engine, home: str, retention: Retention) -> None:
        self._engine, self._home, self._retention = engine, home, retention
        self._told = LastingRecords(home)

    def slice(self) -> bool:
        """Thin a little, in one transaction; whether something was thinned, so that there may be more."""
        try:
            with self._engine.begin() as connection:
                mark = self._mark(connection)
                if mark is None:
                    return False
                return any(
                    [self._records(connection, mark), self._blocks(connection, mark, "tick"), self._blocks(connection, mark, "minute")]
                )
        except DBAPIError as error:
            raise refused(error, self._engine.url) from error

    def _mark(self, connection: Connection) -> dict[str, Any] | None:
        mark, birth = tables.watermark, tables.home
        query = select(mark, birth.c.start_unix_seconds, birth.c.tick_seconds).join(birth, mark.c.home == birth.c.name)
        found = connection.execute(query.where(mark.c.home == self._home)).mappings().one_or_none()
        return dict(found) if found else None

    def _before(self, mark: dict[str, Any], seconds: int | None) -> int:
        """The first epoch that is not older than so many seconds."""
        return 0 if seconds is None else int(mark["rolled_epoch"]) - -(-seconds // EPOCH_SECONDS)

    def _records(self, connection: Connection, mark: dict[str, Any]) -> bool:
        """Up to the end of an epoch. A window that goes on behind it stays whole: of it, only what is behind counts."""
        first = self._first_epoch(connection, mark)
        target = self._before(mark, self._retention.records)
        with_blocks = self._count(connection, mark, first, target) > SPARSE_RECORDS * (target - first)
        if not with_blocks:
            target = self._before(mark, self._retention.ticks)
        boundary = min(target, first + (EPOCHS_A_SLICE if with_blocks else SPARSE_EPOCHS_A_SLICE))
        if boundary <= first:
            return False
        if with_blocks:
            blocks = self._tick_blocks(connection, mark, first, boundary)
            rows = [{"home": self._home, "epoch": block.start // EPOCH_SECONDS, "payload": pack_block(block)} for block in blocks]
            connection.execute(insert(tables.tick_block), rows)
        self._delete_before(connection, self._tick(mark, boundary))
        tick = self._tick(mark, boundary)
        self._set(connection, {"records_from_tick": tick, **({} if with_blocks else {"ticks_from_epoch": boundary})})
        return True

    def _first_epoch(self, connection: Connection, mark: dict[str, Any]) -> int:
        """The first epoch of which there are records: of a home whose beginning was moved away, it is not the first of its life."""
        record = tables.record.c
        oldest = connection.execute(select(func.min(record.start_tick)).where(record.home == self._home)).scalar() or 0
        return self._epoch(mark, max(mark["records_from_tick"], oldest))

    def _delete_before(self, connection: Connection, tick: int) -> None:
        """Windows that end there or earlier, and the checkpoints between them; the first record says what the home is."""
        record = tables.record.c
        mine = record.home == self._home
        number = connection.execute(select(record.number).where(mine, holds_tick(tick))).scalar_one()
        first = connection.execute(select(func.min(record.number)).where(mine)).scalar_one()
        old = and_(record.kind == "checkpoint", record.number < number, record.number > first)
        ended = and_(record.start_tick < tick, record.start_tick + record.ticks <= tick)
        connection.execute(delete(tables.record).where(mine, or_(ended, old)))

    def _blocks(self, connection: Connection, mark: dict[str, Any], what: str) -> bool:
        """Let go of blocks of ticks or of minutes."""
        before = self._before(mark, self._retention.ticks if what == "tick" else self._retention.minutes)
        table, name = tables.history_metadata.tables[f"{what}_block"], f"{what}s_from_epoch"
        oldest = connection.execute(select(func.min(table.c.epoch)).where(table.c.home == self._home)).scalar()
        if oldest is None or oldest >= before:
            return False
        before = min(before, oldest + SPARSE_EPOCHS_A_SLICE)
        connection.execute(delete(table).where(table.c.home == self._home, table.c.epoch < before))
        if before > mark[name]:
            self._set(connection, {name: before})
        return True

    def _count(self, connection: Connection, mark: dict[str, Any], first: int, last: int) -> int:
        record = tables.record.c
        ticks = record.start_tick.between(self._tick(mark, first), self._tick(mark, last) - 1)
        return int(connection.execute(select(func.count()).where(record.home == self._home, ticks)).scalar() or 0)

    def _tick_blocks(self, connection: Connection, mark: dict[str, Any], first: int, last: int) -> list[Block]:
        roller = Roller(mark["tick_seconds"], ReportSpan(first * EPOCH_SECONDS, last * EPOCH_SECONDS))
        tick = self._tick(mark, first)
        self._told.read(connection, mark["derived"])
        self._told.fold(tick)
        begin(roller, self._told, tick)
        for row in connection.execute(windows(self._home, tick, self._tick(mark, last), mark["derived"])).mappings():
            add(roller, read(row["number"], bytes(row["payload"])))
        return roller.all()

    def _set(self, connection: Connection, values: dict[str, int]) -> None:
        connection.execute(update(tables.watermark).where(tables.watermark.c.home == self._home).values(**values))

    def _tick(self, mark: dict[str, Any], epoch: int) -> int:
        """The first tick of an epoch."""
        return max(0, -(-(epoch * EPOCH_SECONDS - int(mark["start_unix_seconds"])) // int(mark["tick_seconds"])))

    def _epoch(self, mark: dict[str, Any], tick: int) -> int:
        return (int(mark["start_unix_seconds"]) + tick * int(mark["tick_seconds"])) // EPOCH_SECONDS
