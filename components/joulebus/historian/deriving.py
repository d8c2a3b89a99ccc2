"""What the historian derives from records, in the transaction that keeps them: changes, seals, minutes, quarter-hours and days."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update

from joulebus.errors import JournalError
from joulebus.historian import tables
from joulebus.historian.blocks import Block, pack_block, unpack_block
from joulebus.historian.days import local_day_of
from joulebus.historian.lasting import LastingRecords
from joulebus.historian.roller import Roller
from joulebus.historian.rows import Row, TableRows, derived
from joulebus.journal.file import parse
from joulebus.journal.frames import frame_of, split
from joulebus.report.calendar import ReportSpan
from joulebus_core import CoreError
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS
from joulebus_schemas.journal import Committed, JournalRecord
from joulebus_schemas.offers import Outcome

TICKS_MAX = DAY_SECONDS
"""The longest window."""


class ReadRecord(NamedTuple):
    """A record with its number, as it came and as it was read."""

    number: int
    first: int
    """The first number that it stands for."""
    payload: bytes
    record: JournalRecord
    columns: bytes


class Deriver:
    """Writes derived rows of one home; what it remembers of the open epoch is read again when another has written meanwhile."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._roller: Roller | None = None
        self._number = -1
        self._day: Block | None = None

    def forget(self) -> None:
        """The transaction was rolled back: what it remembers was never so."""
        self._roller, self._number, self._day = None, -1, None

    def take(self, connection: Connection, entries: Sequence[ReadRecord]) -> None:
        """Derive all rows of consecutive records that follow what is derived already."""
        roller = self._ready(connection, entries[0].first - 1)
        news: TableRows = {}
        for entry in entries:
            for name, found in derived(self._home, entry.number, entry.record).items():
                news.setdefault(name, []).extend(found)
            add(roller, entry)
        for name in ("change", "seal"):
            if news.get(name):
                connection.execute(insert(tables.history_metadata.tables[name]), news[name])
        self._number = entries[-1].number
        mark = {"derived": self._number, **self._roll(connection, roller)}
        connection.execute(update(tables.watermark).where(tables.watermark.c.home == self._home).values(**mark))

    def _ready(self, connection: Connection, number: int) -> Roller:
        if self._roller is None or self._number != number:
            self.forget()
            self._roller = self._remembered(connection, number)
        return self._roller

    def _remembered(self, connection: Connection, number: int) -> Roller:
        mark = connection.execute(select(tables.watermark).where(tables.watermark.c.home == self._home)).mappings().one()
        roller = Roller(span=ReportSpan(mark["rolled_epoch"] * EPOCH_SECONDS))
        birth = connection.execute(select(tables.home).where(tables.home.c.name == self._home)).mappings().one()
        tick = max(0, (mark["rolled_epoch"] * EPOCH_SECONDS - birth["start_unix_seconds"]) // birth["tick_seconds"])
        told = LastingRecords(self._home)
        told.read(connection, number)
        if told.has_begun:
            begin(roller, told, tick)
        for row in connection.execute(windows(self._home, tick, None, number)).mappings():
            add(roller, read(row["number"], bytes(row["payload"])))
        return roller

    def _roll(self, connection: Connection, roller: Roller) -> Row:
        """Write the blocks of epochs that are complete now, and their days; what that changes about the watermark."""
        closed = roller.closed()
        if not closed:
            return {}
        minutes = [{"home": self._home, "epoch": block.start // EPOCH_SECONDS, "payload": pack_block(block)} for block in closed]
        connection.execute(insert(tables.minute_block), minutes)
        for block in closed:
            self._open_day(connection, roller, block.start // EPOCH_SECONDS).fold(block)
        self._write_day(connection)
        return {"rolled_epoch": closed[-1].start // EPOCH_SECONDS + 1}

    def _open_day(self, connection: Connection, roller: Roller, epoch: int) -> Block:
        start, end = local_day_of(epoch, roller.timezone)
        if self._day is None or self._day.start != start * EPOCH_SECONDS:
            self._write_day(connection)
            day = tables.day.c
            kept = connection.execute(select(day.quarters).where(_is(tables.day, self._home, start))).scalar_one_or_none()
            slots = end - start
            at = start * EPOCH_SECONDS
            self._day = Block(at, EPOCH_SECONDS, slots) if kept is None else unpack_block(bytes(kept), at, EPOCH_SECONDS, slots)
        return self._day

    def _write_day(self, connection: Connection) -> None:
        if self._day is None:
            return
        quarter = self._day.start // EPOCH_SECONDS
        connection.execute(delete(tables.day).where(_is(tables.day, self._home, quarter)))
        row = {"home": self._home, "quarter": quarter, "sums": pack_block(self._day.sums()), "quarters": pack_block(self._day)}
        connection.execute(insert(tables.day), [row])


def _is(table: Any, home: str, quarter: int) -> Any:
    return and_(table.c.home == home, table.c.quarter == quarter)


def read(number: int, payload: bytes) -> ReadRecord:
    """A record with its columns. Raises JournalError for what no joulebus has written."""
    try:
        _, text, columns = split(payload)
        return ReadRecord(number, frame_of(payload, number).first, payload, parse(text), columns)
    except ValueError as error:
        raise JournalError(f"each record must be one of joulebus, but record {number} is not ({str(error).splitlines()[0]})") from error


def glance(number: int, payload: bytes) -> ReadRecord:
    """A committed record with what is counted of it and nothing else: a question reads thousands, and reading all of each takes seconds."""
    frame, (_, text, columns) = frame_of(payload, number), split(payload)
    said = from_json(text)
    levels = {name: one["level_microjoules"] for name, one in said["outcomes"].items() if one.get("level_microjoules")}
    record = Committed.model_construct(
        window=Window.model_construct(**said["window"]),
        outcomes={name: Outcome.model_construct(level_microjoules=level) for name, level in levels.items()},
        seals=(),
    )
    return ReadRecord(number, frame.first, payload, record, columns)


def begin(roller: Roller, told: LastingRecords, tick: int) -> None:
    """Tell a roller what the home is at a tick. What begins before, as windows that end behind it do, nothing was changed within."""
    for record in told.since(tick):
        roller.add(record, b"")


def add(roller: Roller, entry: ReadRecord) -> None:
    """Let a roller take a record; raises JournalError when its transfers cannot be read."""
    try:
        roller.add(entry.record, entry.columns)
    except CoreError as error:
        raise JournalError(
            f"the transfers of each record must be those of its window, but near record {entry.number} they are not ({error})"
        ) from error


def holds_tick(tick: int) -> ColumnElement[bool]:
    """Whether a committed record settled a tick."""
    record = tables.record.c
    return and_(record.start_tick > tick - TICKS_MAX, record.start_tick <= tick, record.start_tick + record.ticks > tick)


def windows(home: str, from_tick: int, to_tick: int | None, until_number: int) -> Select[Any]:
    """The committed records that have a part in [from_tick, to_tick)."""
    record = tables.record.c
    query = select(record.number, record.payload).where(
        record.home == home,
        record.start_tick > from_tick - TICKS_MAX,
        record.start_tick + record.ticks > from_tick,
        record.number <= until_number,
    )
    if to_tick is not None:
        query = query.where(record.start_tick < to_tick)
    return query.order_by(record.start_tick)
