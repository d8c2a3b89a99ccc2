"""What the market keeps: the journal of operations, what was sealed, and a snapshot. All of a change is in one transaction, or nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, inspect, null, select, update
from sqlalchemy.exc import DBAPIError

from joulebus.errors import MarketError
from joulebus.historian.engine import reading, refused, writing
from joulebus.market import tables

MARKET_MIGRATIONS = Path(__file__).parent / "migrations"
NO_OPERATION_HASH = "0" * 64
PAGE_OPERATIONS = 1_000
IN_MEMORY = "sqlite://"


class Operation(NamedTuple):
    """A change of the market that was accepted."""

    call: str
    arguments: str
    """Canonical JSON."""
    answer: str
    principal: str | None
    """Who asked for it, and with which role; None: before joulebus 0.2 that was not kept."""
    role: str | None
    request: str | None = None
    columns: bytes | None = None
    revision: int = 0
    hash: str = ""


class Batch(NamedTuple):
    """What one operation has sealed in one epoch."""

    batch: int
    revision: int
    epoch: int
    asset: str | None
    seals: int
    hash: str
    document: bytes


class Snapshot(NamedTuple):
    """The engine after an operation."""

    revision: int
    batches: int
    """How many were sealed until then."""
    state: bytes


@dataclass(frozen=True, slots=True)
class StoreMark:
    """The state of a market."""

    revision: int = 0
    head: str = NO_OPERATION_HASH
    published: int = 0
    ledger_record: int = 0
    ledger: str = "{}"


def canonical(value: Any) -> str:
    """JSON in the one form in which it is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def operation_hash(head: str, one: Operation) -> str:
    """The hash of an operation, chained to the one before; the first form knew nobody who asked."""
    asker = "" if one.principal is None else f"{one.principal}\n{one.role}\n"
    text = f"joulebus operation {1 if one.principal is None else 2}\n{head}\n{one.revision}\n{one.call}\n{asker}{one.arguments}\n"
    return sha256(text.encode() + (one.columns or b"")).hexdigest()


class Transaction:
    """What is written together."""

    def __init__(self, connection: Connection, market: str, mark: StoreMark) -> None:
        self._connection, self._market = connection, market
        self.before = self.mark = mark
        self.operations: list[Operation] = []

    def append(self, operation: Operation) -> int:
        """The next operation, which gets its number and its place in the chain here; its revision."""
        numbered = operation._replace(revision=self.mark.revision + 1)
        kept = numbered._replace(hash=operation_hash(self.mark.head, numbered))
        self.operations.append(kept)
        self.mark = replace(self.mark, revision=kept.revision, head=kept.hash)
        return kept.revision

    def requested(self, request: str) -> Operation | None:
        """What was executed under this id, in this transaction or before."""
        operation = tables.operation
        pending = next((one for one in self.operations if one.request == request), None)
        if pending is not None:
            return pending
        columns = [operation.c[name] for name in Operation._fields]
        query = select(*columns).where(operation.c.market == self._market, operation.c.request == request)
        row = self._connection.execute(query).one_or_none()
        return Operation._make(row) if row else None

    def seal(self, batches: Sequence[Batch]) -> None:
        """What the last operation has sealed; at once, because the next may ask for it."""
        if batches:
            self._connection.execute(insert(tables.sealed), [{"market": self._market, **one._asdict()} for one in batches])

    def follow(self, record: int, ledger: str) -> None:
        """How far the home's ledger is taken in."""
        self.mark = replace(self.mark, ledger_record=record, ledger=ledger)

    def write(self) -> None:
        """Everything, at the end; another writer is noticed here.

        Raises:
            MarketError: Another process has changed the market meanwhile, or the database cannot be used.
        """
        self._move()
        if self.operations:
            self._connection.execute(insert(tables.operation), [{"market": self._market, **one._asdict()} for one in self.operations])

    def _move(self) -> None:
        books, mark = tables.books, self.mark
        where = (books.c.market == self._market) & (books.c.revision == self.before.revision)
        where &= books.c.ledger_record == self.before.ledger_record
        news = {"revision": mark.revision, "head": mark.head, "ledger_record": mark.ledger_record, "ledger": mark.ledger}
        if self._connection.execute(update(books).where(where).values(**news)).rowcount != 1:
            raise MarketError(
                f"only one process may change the market {self._market}, but another one has gone on from revision {self.before.revision}; "
                "stop one of them"
            )


class MarketStore:
    """One market in a database."""

    def __init__(self, engine: Engine, market: str) -> None:
        self._engine, self.market = engine, market
        self._open: Connection | None = None
        self._keeps_askers = True
        self._operation: list[ColumnElement[Any]] = [tables.operation.c[name] for name in Operation._fields]

    @classmethod
    def open(cls, source: str | Path, market: str, public_key: str) -> Self:
        """The store to write to; database and market are made when needed.

        Raises:
            MarketError: The database cannot be used, or its market was signed with another key.
        """
        store = cls(writing(source, MARKET_MIGRATIONS), market)
        with store._begin() as connection:
            kept = connection.execute(select(tables.books.c.public_key).where(tables.books.c.market == market)).scalar_one_or_none()
            if kept is None:
                row = {"market": market, "revision": 0, "head": NO_OPERATION_HASH, "published": 0, "ledger_record": 0, "ledger": "{}"}
                connection.execute(insert(tables.books), {**row, "public_key": public_key})
        if kept is not None and kept != public_key:
            raise MarketError(
                f"the seals of the market {market} are signed with the key {kept}, but the key that was given is {public_key}; "
                "give the key with which it began"
            )
        return store

    @classmethod
    def view(cls, source: str | Path, market: str) -> Self:
        """The store to read from.

        Raises:
            MarketError: The database cannot be used, or holds no such market.
        """
        store = cls(reading(source), market)
        store._read_older()
        if not store._all(select(tables.books.c.market).where(tables.books.c.market == market)):
            raise MarketError(f"there is no market {market} in {store.place}")
        return store

    def _read_older(self) -> None:
        """A store that is only looked at is not migrated: what it does not have yet is null."""
        with self._begin() as connection:
            found = inspect(connection)
            columns = found.get_columns(tables.operation.name) if found.has_table(tables.operation.name) else []
        has = {column["name"] for column in columns}
        self._keeps_askers = "role" in has
        self._operation = [tables.operation.c[name] if name in has else null().label(name) for name in Operation._fields]

    @property
    def place(self) -> str:
        """Where the database is, without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @property
    def public_key(self) -> str:
        """The key of the seals.

        Raises:
            MarketError: The database cannot be used.
        """
        return str(self._all(select(tables.books.c.public_key).where(tables.books.c.market == self.market))[0].public_key)

    def mark(self) -> StoreMark:
        """The state of the market.

        Raises:
            MarketError: The database cannot be used.
        """
        books = tables.books.c
        columns = (books.revision, books.head, books.published, books.ledger_record, books.ledger)
        return StoreMark(*self._all(select(*columns).where(books.market == self.market))[0])

    @contextmanager
    def change(self, mark: StoreMark) -> Iterator[Transaction]:
        """Everything that is done inside is kept together, or not at all.

        Raises:
            MarketError: The database cannot be used.
        """
        with self._begin() as connection:
            transaction = Transaction(connection, self.market, mark)
            self._open = connection
            try:
                yield transaction
                transaction.write()
            finally:
                self._open = None

    def operations(self, first: int = 1) -> Iterator[Operation]:
        """The journal of operations from a revision on, page by page.

        Raises:
            MarketError: The database cannot be used.
        """
        while True:
            query = select(*self._operation).where(tables.operation.c.market == self.market, tables.operation.c.revision >= first)
            page = self._all(query.order_by(tables.operation.c.revision).limit(PAGE_OPERATIONS))
            yield from (Operation._make(row) for row in page)
            if len(page) < PAGE_OPERATIONS:
                return
            first = page[-1].revision + 1

    def last_revision(self) -> int:
        """The last revision of which there is an operation or a seal; 0 when there is none.

        Raises:
            MarketError: The database cannot be used.
        """
        rows = (tables.operation.c, tables.sealed.c)
        return max(int(self._all(select(func.coalesce(func.max(row.revision), 0)).where(row.market == self.market))[0][0]) for row in rows)

    def knows_askers(self) -> bool:
        """Whether the asker of any operation is known: not in a market that only joulebus 0.1 has written.

        Raises:
            MarketError: The database cannot be used.
        """
        operation = tables.operation.c
        query = select(operation.revision).where(operation.market == self.market, operation.principal.is_not(None)).limit(1)
        return self._keeps_askers and bool(self._all(query))

    def logged(self, before: int, since: int, most: int, without_role: str | None) -> list[Operation]:
        """The last operations before a revision and not before another one, the last first; without those of a role.

        Raises:
            MarketError: The database cannot be used.
        """
        operation = tables.operation.c
        query = select(*self._operation).where(operation.market == self.market, operation.revision < before, operation.revision >= since)
        if without_role is not None and self._keeps_askers:
            query = query.where(operation.role.is_(None) | (operation.role != without_role))
        return [Operation._make(row) for row in self._all(query.order_by(operation.revision.desc()).limit(most))]

    def batches(self, epoch: int, asset: str | None = None) -> list[Batch]:
        """What was sealed in an epoch; of one asset: the batches that can hold it.

        Raises:
            MarketError: The database cannot be used.
        """
        sealed = tables.sealed.c
        query = select(*[sealed[name] for name in Batch._fields]).where(sealed.market == self.market, sealed.epoch == epoch)
        if asset is not None:
            query = query.where((sealed.asset == asset) | sealed.asset.is_(None))
        # Sorted here: asked to sort by its primary key, SQLite would walk through all that was ever sealed.
        return sorted((Batch._make(row) for row in self._all(query)), key=lambda batch: batch.batch)

    def all_batches(self, first: int = 1) -> Iterator[Batch]:
        """Everything that was sealed, in order.

        Raises:
            MarketError: The database cannot be used.
        """
        sealed = tables.sealed.c
        while True:
            query = select(*[sealed[name] for name in Batch._fields]).where(sealed.market == self.market, sealed.batch >= first)
            page = self._all(query.order_by(sealed.batch).limit(PAGE_OPERATIONS))
            yield from (Batch._make(row) for row in page)
            if len(page) < PAGE_OPERATIONS:
                return
            first = page[-1].batch + 1

    def sealed_epochs(self, before: int | None, limit: int) -> list[int]:
        """Epochs with seals, newest first.

        Raises:
            MarketError: The database cannot be used.
        """
        sealed = tables.sealed.c
        query = select(sealed.epoch).where(sealed.market == self.market).distinct()
        query = query if before is None else query.where(sealed.epoch < before)
        return [row.epoch for row in self._all(query.order_by(sealed.epoch.desc()).limit(limit))]

    def has_epoch(self, epoch: int) -> bool:
        """Whether anything was sealed in an epoch.

        Raises:
            MarketError: The database cannot be used.
        """
        sealed = tables.sealed.c
        return bool(self._all(select(sealed.batch).where(sealed.market == self.market, sealed.epoch == epoch).limit(1)))

    def last_epoch(self, batches: int | None = None) -> int | None:
        """The newest epoch with a seal; or what it was when there were so many batches.

        Raises:
            MarketError: The database cannot be used.
        """
        sealed = tables.sealed.c
        query = select(sealed.epoch).where(sealed.market == self.market)
        query = query if batches is None else query.where(sealed.batch <= batches)
        found = self._all(query.order_by(sealed.epoch.desc()).limit(1))  # From the end of the index: not all that was ever sealed.
        return int(found[0].epoch) if found else None

    def sealed_count(self) -> int:
        """How many seals there are.

        Raises:
            MarketError: The database cannot be used.
        """
        return int(self._all(select(func.coalesce(func.sum(tables.sealed.c.seals), 0)).where(tables.sealed.c.market == self.market))[0][0])

    def acknowledge(self, revision: int) -> None:
        """The bus has taken all events up to this revision.

        Raises:
            MarketError: The database cannot be used.
        """
        with self._begin() as connection:
            connection.execute(update(tables.books).where(tables.books.c.market == self.market).values(published=revision))

    def snapshot(self, batch: int | None = None) -> Snapshot | None:
        """The last snapshot; or the last one in which this batch was not sealed yet.

        Raises:
            MarketError: The database cannot be used.
        """
        kept = tables.snapshot.c
        query = select(*[kept[name] for name in Snapshot._fields]).where(kept.market == self.market)
        query = query if batch is None else query.where(kept.batches < batch)
        rows = self._all(query.order_by(kept.revision.desc()).limit(1))
        return Snapshot._make(rows[0]) if rows else None

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot makes a restart quick, never true.

        Raises:
            MarketError: The database cannot be used.
        """
        with self._begin() as connection:
            connection.execute(insert(tables.snapshot), {"market": self.market, **snapshot._asdict()})

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise MarketError(str(refused(error, self._engine.url))) from error

    def _all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Inside of a change its own connection is asked, which sees what is not committed yet."""
        if self._open is not None:
            return self._open.execute(query).all()
        with self._begin() as connection:
            return connection.execute(query).all()
