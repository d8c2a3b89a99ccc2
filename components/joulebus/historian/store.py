"""What the historian keeps, and what it can be asked. The watermark moves in the transaction of the rows, or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from joulebus.errors import JournalError
from joulebus.historian import tables
from joulebus.historian.deriving import Deriver, holds_tick, read
from joulebus.historian.engine import demand_current, reading, refused, writing
from joulebus.historian.rows import Row, TableRows, birth, record_row
from joulebus.historian.thinning import Thinner
from joulebus.homefile.history import Retention
from joulebus.journal.file import parse
from joulebus.journal.frames import NO_HASH, Frame, checkpoint_number, numbered, split
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Born, Checkpoint

PAGE_RECORDS = 256


class Marks(NamedTuple):
    """How far thinning has come, and the blocks."""

    records_from_tick: int
    """Windows before it are thinned out."""
    rolled_epoch: int
    """The first epoch without blocks."""


NO_RECORD_HASH = NO_HASH.hex()


class GapError(JournalError):
    """A record came whose predecessor is missing; ``wanted`` is the number to ask for."""

    def __init__(self, wanted: int, number: int) -> None:
        super().__init__(
            f"records must be kept in order, but record {number} came when {wanted} is the next; ask for a replay from {wanted} on"
        )
        self.wanted = wanted


class HistoryStore:
    """The records of one home in a database."""

    def __init__(self, engine: Engine, home: str) -> None:
        self.engine, self.home = engine, home
        self._deriver = Deriver(home)

    @classmethod
    def open(cls, source: str | Path, home: str) -> Self:
        """The store to write to; the database is made and migrated when needed. Tables may be behind then: see :meth:`derive_page`."""
        return cls(writing(source), home)

    @classmethod
    def view(cls, source: str | Path, home: str | None = None) -> Self:
        """The store to read from; the home may be left out when the database has only one.

        Raises:
            JournalError: The database holds several homes, or none, and no name was given; or another version wrote it.
        """
        engine = reading(source)
        demand_current(engine)
        return cls(engine, home or _only_home(engine))

    @property
    def place(self) -> str:
        """Where the database is, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def watermark(self) -> int:
        """The number of the last record that is kept; 0 when there is none."""
        return self._mark()[0]

    @property
    def derived(self) -> int:
        """The last record that all tables have; less than the watermark when the database was migrated."""
        return self._mark()[2]

    @property
    def head(self) -> str:
        """The hash of that record."""
        return self._mark()[1]

    def keep(self, number: int, payload: bytes) -> int:
        """Keep a record; the same one twice counts once. The answer is the watermark."""
        return self.keep_all(number, [payload])

    def keep_all(self, first: int, payloads: Sequence[bytes]) -> int:
        """Keep consecutive records in one transaction. Another record under a number that is kept raises JournalError."""
        with self._writing() as connection:
            mark, head, derived = _mark(connection, self.home)
            assert derived == mark, "what follows from old records is derived before new ones are kept"
            news = [frame for frame in numbered(first, payloads) if frame.number > mark or self._compare(connection, frame)]
            if not news:
                return mark
            if news[0].first <= mark:
                mark, head = self._take_back(connection, news[0].first, mark)
            elif mark == 0 and checkpoint_number(news[0].payload) is not None:
                mark, head = news[0].first - 1, news[0].payload[: len(NO_HASH)].hex()
                self._begin(connection, news[0].payload, mark, head)
            if news[0].first > mark + 1:
                raise GapError(mark + 1, news[0].first)
            return self._put(connection, mark, head, news)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction; when it fails, what the deriver remembers of it is forgotten, too."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            self._deriver.forget()
            raise refused(error, self.engine.url) from error
        except BaseException:
            self._deriver.forget()
            raise

    def derive(self) -> None:
        """Fill the tables that follow from the records, where they are behind: after a migration, for example."""
        while self.derive_page() < self.watermark:
            pass

    def derive_page(self) -> int:
        """The same for a page of records, so that others may have their turn; the last record that all tables have.

        Raises:
            JournalError: The database cannot be used, or has a record that no joulebus has written.
        """
        derived = self.derived
        with self._writing() as connection:
            record = tables.record.c
            query = select(record.number, record.payload).where(record.home == self.home, record.number > derived)
            page = connection.execute(query.order_by(record.number).limit(PAGE_RECORDS)).all()
            if page:
                self._deriver.take(connection, [read(row.number, bytes(row.payload)) for row in page])
            return int(page[-1].number) if page else derived

    def raw(self, number: int) -> bytes:
        """The payload of a record.

        Raises:
            JournalError: There is no record of this number.
        """
        for _, payload in self.payloads(number):
            return payload
        raise JournalError(f"a record's number must be in 1..{self.watermark}, but was {number}")

    def hash_of(self, number: int) -> str:
        """The hash of a record; of record 0 it is 64 zeros.

        Raises:
            JournalError: There is no record of this number.
        """
        if number == 0:
            return NO_RECORD_HASH
        found = self._all(select(tables.record.c.hash).where(_is_record(self.home, number)))
        if not found and number < self.first_whole():
            raise JournalError(f"record {number} of {self.home} is thinned out: a historian keeps records for some time (`up --keep`)")
        if not found:
            raise JournalError(f"a record's number must be in 1..{self.watermark}, but was {number}")
        return str(found[0]["hash"])

    def floor(self, number: int) -> int:
        """The last record up to ``number`` that is kept; 0 when there is none."""
        record = tables.record.c
        query = select(record.number).where(record.home == self.home, record.number <= number)
        found = self._all(query.order_by(record.number.desc()).limit(1))
        return int(found[0]["number"]) if found else 0

    def payloads(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Number and payload of the records from ``first`` on, page by page, so that a year fits into memory."""
        record = tables.record.c
        while True:
            query = select(record.number, record.payload).where(record.home == self.home, record.number >= first)
            page = self._all(query.order_by(record.number).limit(PAGE_RECORDS))
            yield from ((row["number"], bytes(row["payload"])) for row in page)
            if len(page) < PAGE_RECORDS:
                return
            first = page[-1]["number"] + 1

    def rows_between(self, first: int, last: int) -> TableRows:
        """What the tables have of these records, as ``historian.rows`` would say it; sorted here, since databases collate differently."""
        found = {}
        for table in (tables.record, tables.change, tables.seal):
            found[table.name] = self._all(select(table).where(table.c.home == self.home, table.c.number.between(first, last)))
        return {name: sorted(news, key=lambda row: key_of(name, row)) for name, news in found.items()}

    def number_after(self, first: int, most: int) -> int:
        """The last number of a page of so many records that begins with ``first``."""
        record = tables.record.c
        query = (
            select(record.number).where(record.home == self.home, record.number >= first).order_by(record.number).offset(most - 1).limit(1)
        )
        found = self._all(query)
        return found[0]["number"] if found else self.watermark

    def first_whole(self) -> int:
        """The record from which on none is thinned out; 1 when all are there. It may begin before the tick from which on it counts."""
        tick, record = self.marks().records_from_tick, tables.record.c
        if not tick:
            return 1
        found = self._all(select(record.number).where(record.home == self.home, holds_tick(tick)))
        return found[0]["number"] if found else self.watermark + 1

    def first_of_kind(self, kind: str, first: int) -> int | None:
        """The number of the first record of a kind from a number on."""
        record = tables.record.c
        query = select(record.number).where(record.home == self.home, record.kind == kind, record.number >= first)
        found = self._all(query.order_by(record.number).limit(1))
        return int(found[0]["number"]) if found else None

    def marks(self) -> Marks:
        """How far thinning has come."""
        mark = tables.watermark.c
        found = self._all(select(mark.records_from_tick, mark.rolled_epoch).where(mark.home == self.home))
        return Marks(**found[0]) if found else Marks(0, 0)

    def reader(self) -> Engine:
        """A connection of its own, for questions; an earlier engine of the same database writes meanwhile."""
        return reading(self.engine.url.render_as_string(hide_password=False))

    def thinner(self, retention: Retention) -> Thinner:
        """Lets go of what is older than the retention."""
        return Thinner(self.engine, self.home, retention)

    def birth(self) -> Row | None:
        """The row of the home."""
        found = self._all(select(tables.home).where(tables.home.c.name == self.home))
        return found[0] if found else None

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def _mark(self) -> tuple[int, str, int]:
        try:
            with self.engine.begin() as connection:
                return _mark(connection, self.home)
        except DBAPIError as error:
            raise refused(error, self.engine.url) from error

    def _all(self, query: Select[Any]) -> list[Row]:
        try:
            with self.engine.begin() as connection:
                return [dict(row) for row in connection.execute(query).mappings()]
        except DBAPIError as error:
            raise refused(error, self.engine.url) from error

    def _put(self, connection: Connection, mark: int, head: str, frames: Sequence[Frame]) -> int:
        """Rows of consecutive new records, table by table; and the watermark."""
        if mark == 0:
            self._begin(connection, frames[0].payload, 0, NO_RECORD_HASH)
        before, entries = mark, []
        for frame in frames:
            self._follow(frame.number, frame.payload, head)
            entries.append(read(frame.number, frame.payload))
            mark, head = frame.number, frame.head.hex()
        self._move(connection, before, mark, head)
        connection.execute(insert(tables.record), [record_row(self.home, one.number, one.payload, one.record) for one in entries])
        self._deriver.take(connection, entries)
        return mark

    def _take_back(self, connection: Connection, first: int, mark: int) -> tuple[int, str]:
        """Records from ``first`` on were compacted after they had been kept, with others that had not: the one for all replaces them."""
        before = connection.execute(select(tables.record.c.hash).where(_is_record(self.home, first - 1))).scalar_one_or_none()
        if before is None:
            raise GapError(first, mark)
        self._move(connection, mark, first - 1, before)
        connection.execute(delete(tables.record).where(tables.record.c.home == self.home, tables.record.c.number >= first))
        connection.execute(update(tables.watermark).where(tables.watermark.c.home == self.home).values(derived=first - 1))
        self._deriver.forget()  # They were of one epoch that was not sealed yet: nothing but its memory has come of them.
        return first - 1, before

    def _follow(self, number: int, payload: bytes, head: str) -> None:
        if payload[: len(NO_HASH)].hex() != head:
            raise JournalError(
                f"a record must follow the one before it, but record {number} of {self.home} names {payload[: len(NO_HASH)].hex()} "
                f"and the one before is {head}; compare the journal and the database with `joulebus audit`"
            )

    def _begin(self, connection: Connection, payload: bytes, mark: int, head: str) -> None:
        """The first record that is kept: a birth, or the checkpoint of a home whose first records were moved away."""
        record = parse(split(payload)[1])
        tick = record.next_tick if isinstance(record, Checkpoint) else 0
        record = record.born if isinstance(record, Checkpoint) else record
        if not isinstance(record, Born) or record.home != self.home:
            whose = f"{record.record!r} of {getattr(record, 'home', 'no home')!r}"
            raise JournalError(f"the first record must tell how {self.home} was born, but it is {whose}; give each home its own name")
        connection.execute(insert(tables.home), birth(record))
        epoch = (record.start_unix_seconds + tick * record.tick_seconds) // EPOCH_SECONDS
        row = {"home": self.home, "number": mark, "hash": head, "derived": mark, "rolled_epoch": epoch}
        connection.execute(insert(tables.watermark), row)

    def _move(self, connection: Connection, before: int, number: int, head: str) -> None:
        mark = tables.watermark
        where = (mark.c.home == self.home) & (mark.c.number == before)
        moved = connection.execute(update(mark).where(where).values(number=number, hash=head))
        if moved.rowcount != 1:
            raise JournalError(
                f"only one historian may write the records of {self.home}, but another one has just kept record {number}; stop one of them"
            )

    def _compare(self, connection: Connection, frame: Frame) -> bool:
        """False when it is kept already; another one under its number raises JournalError."""
        have = connection.execute(select(tables.record.c.hash).where(_is_record(self.home, frame.number))).scalar_one_or_none()
        if have != frame.head.hex():
            raise JournalError(
                f"a record never changes once it is kept, but record {frame.number} of {self.home} came with hash {frame.head.hex()} "
                f"and is kept with {have}; compare the journal and the database with `joulebus audit`"
            )
        return False


def key_of(table: str, row: Row) -> tuple[Any, ...]:
    """The primary key of a row."""
    return tuple(row[column.name] for column in tables.history_metadata.tables[table].primary_key)


def homes(engine: Engine) -> list[str]:
    """The homes in a database, by name."""
    try:
        with engine.begin() as connection:
            return list(connection.execute(select(tables.home.c.name).order_by(tables.home.c.name)).scalars())
    except DBAPIError as error:
        raise refused(error, engine.url) from error


def _only_home(engine: Engine) -> str:
    names = homes(engine)
    if len(names) != 1:
        raise JournalError(
            f"a database with one home needs no name, but this one has {len(names)} ({', '.join(names) or 'none'}); "
            "name one of them with --home NAME"
        )
    return names[0]


def _mark(connection: Connection, home: str) -> tuple[int, str, int]:
    """Number and hash of the last record, and the last one that all tables have."""
    mark = tables.watermark.c
    row = connection.execute(select(mark.number, mark.hash, mark.derived).where(mark.home == home)).one_or_none()
    return (row.number, row.hash, row.derived) if row else (0, NO_RECORD_HASH, 0)


def _is_record(home: str, number: int) -> Any:
    return (tables.record.c.home == home) & (tables.record.c.number == number)
