"""The store: the same seals in every database, restarts, snapshots, a store that does not take it."""

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect

from joulebus.errors import MarketError
from joulebus.historian.engine import writing
from joulebus.market import executor as executing
from joulebus.market import tables
from joulebus.market.asking import OperationRefused, asked
from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_market
from joulebus.market.opening import Opening
from joulebus.market.store import MARKET_MIGRATIONS
from joulebus_schemas.market.assets import OpenBooks
from tests.balancer.files import T, group, meter, metered, ppa, seal
from tests.journal.conftest import fresh
from tests.journal.postgres import running_postgres

LIFE = [
    meter("p", to="seller1"),
    group("seller1", from_="big", to="big"),
    ppa("seller1", "buyer1", 200),
    ("tariff.set_prices", {"prices": {"virtual_2": 300_000}, "from_epoch": T}),
    *(metered("p", 500 + number, T + number) for number in range(20)),
    seal("seller1"),
    *(("balancing.seal_epoch", {"epoch": T + number}) for number in range(15)),
    metered("p", 50),
    ("metering.updateReading", {"meterId": "m", "time": "2024-03-01T00:00:00Z", "reading": 10}),
    ("metering.updateReading", {"meterId": "m", "time": "2024-03-01T05:00:00Z", "reading": 1010}),
]
Change = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A running PostgreSQL."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, of each kind."""
    return f"sqlite:///{tmp_path / 'market.sqlite'}" if request.param == "sqlite" else fresh(request.getfixturevalue("server"))


def opened(database: str) -> Executor:
    """The market in a database."""
    return Executor.open(Opening(database, "market", DEMONSTRATION, OpenBooks(epoch_seconds=3600)))


def lived(database: str, changes: list[Change]) -> Executor:
    """A market after some changes."""
    market = opened(database)
    market.run([asked(*change) for change in changes])
    return market


def documents(market: Executor) -> list[tuple[str, bytes]]:
    """Everything that was sealed."""
    return [(batch.hash, bytes(batch.document)) for batch in market.store.all_batches()]


def test_both_databases_give_the_same_seals(server: str, tmp_path: Path) -> None:
    one, other = lived(f"sqlite:///{tmp_path / 'market.sqlite'}", LIFE), lived(fresh(server), LIFE)
    assert documents(one) == documents(other) and len(documents(one)) == 16
    assert one.mark == other.mark and one.books.engine.state_hash() == other.books.engine.state_hash()
    assert [one.ask("balancing.certificate", {"asset_id": "seller1", "epoch": T})] == [
        other.ask("balancing.certificate", {"asset_id": "seller1", "epoch": T})
    ]


def test_a_restart_after_any_operation_changes_nothing(database: str, tmp_path: Path) -> None:
    whole = lived(f"sqlite:///{tmp_path / 'whole.sqlite'}", LIFE)
    for change in LIFE:
        market = opened(database)
        market.run([asked(*change)])
        market.close()
    assert documents(opened(database)) == documents(whole)
    assert opened(database).books.engine.state_hash() == whole.books.engine.state_hash()
    assert check_market(database, "market").findings == ()


def test_a_snapshot_changes_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executing, "SNAPSHOT_OPERATIONS", 3)
    for change in LIFE:
        market = opened(database)
        market.run([asked(*change)])
        market.close()
    market = opened(database)
    assert market.store.snapshot() is not None
    assert check_market(database, "market").findings == ()
    early = market.ask("balancing.certificate", {"asset_id": "p", "epoch": T})
    market.books.archive.forget()
    assert market.ask("balancing.certificate", {"asset_id": "p", "epoch": T}) == early


def test_what_the_store_does_not_take_has_not_happened(database: str) -> None:
    market = lived(database, LIFE[:6])
    before, mark = market.books.engine.state_hash(), market.mark
    full = _full_at_commit(market)
    for change in (LIFE[6], LIFE[24]):
        with pytest.raises(MarketError):
            market.run([asked(*change)])
        assert (market.books.engine.state_hash(), market.mark) == (before, mark)
    full()
    market.run([asked(*LIFE[6])])
    assert market.mark.revision == mark.revision + 1


def _full_at_commit(market: Executor) -> Callable[[], None]:
    """The disk is full whenever something is written, until the answer is called."""

    def refuse(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE"):
            raise MarketError("the disk is full")

    event.listen(market.store._engine, "before_cursor_execute", refuse)
    return lambda: event.remove(market.store._engine, "before_cursor_execute", refuse)


def test_a_second_writer_is_noticed(database: str) -> None:
    one, other = lived(database, LIFE[:2]), opened(database)
    other.run([asked(*LIFE[2])])
    with pytest.raises(MarketError, match="only one process"):
        one.run([asked(*LIFE[3])])


def test_the_same_request_is_executed_once(database: str) -> None:
    change = ("balancing.add_settlement", {"meter_id": "p", "epoch": T, "wh": 5, "request_id": "a"})
    market = opened(database)
    first, second = market.run([asked(*change), asked(*change)])
    market.close()
    market = opened(database)
    third, other = market.run([asked(*change), asked(change[0], change[1] | {"wh": 6})])
    assert first == second == third
    assert isinstance(other, OperationRefused) and "request" in str(other.error)
    assert [one.wh for one in market.books.engine.postings(T)] == [5]


def test_the_migrations_make_the_tables(database: str) -> None:
    engine = writing(database, MARKET_MIGRATIONS)
    with engine.begin() as connection:
        found = inspect(connection)
        for table in tables.market_metadata.sorted_tables:
            columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.columns}, table.name
            indexes = {index["name"]: index["column_names"] for index in found.get_indexes(table.name)}
            assert indexes == {index.name: [column.name for column in index.columns] for index in table.indexes}, table.name
        assert MigrationContext.configure(connection, opts={"version_table": "market_version"}).get_current_revision() == "0004"


def test_many_meters_in_many_epochs_are_one_operation(database: str) -> None:
    market = lived(database, [*LIFE[:2], meter("q", from_="seller1"), meter("r", from_="seller1")])
    meters, amounts = ["p", "q", "r"], array("q", [5, 0, 7, 1, 2, 3])
    assert market.book_columns(T, meters, amounts) == 2 * len(market.books.engine.assets())
    mark, state = market.mark, market.books.engine.state_hash()
    assert [one.wh for one in market.books.archive.postings(T) if one.kind == "meter"] == [5, 7]
    with pytest.raises(MarketError, match="each epoch"):
        market.book_columns(T + 2, meters, amounts[:4])
    market.close()
    again = opened(database)
    assert (again.mark, again.books.engine.state_hash()) == (mark, state)
    assert check_market(database, "market").findings == ()
