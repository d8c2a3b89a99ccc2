"""What SQL finds of a market, in SQLite and PostgreSQL alike: settlements, certificates and contracts."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from joulebus.market.asking import Asker, asked
from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening
from joulebus_schemas.market.assets import OpenBooks
from tests.balancer.test_store import database, server

EPOCH = 1_980_000
ANNA = Asker("house/~anna", "trader")
SAID: list[tuple[str, dict[str, Any]]] = [
    ("asset.upsert", {"asset_id": "g", "balance_rule": {"from": "u", "to": "u"}}),
    ("asset.upsert", {"asset_id": "roof", "type": "meter", "balance_rule": {"to": "g"}}),
    ("contract.add", {"contract_id": "c", "asset_id": "g", "partner_id": "n", "direction": "to", "energy": 100, "load_min": 3}),
    ("contract.add", {"asset_id": "g", "partner_id": "n2", "direction": "from"}),
    ("contract.update", {"contract_id": "c", "energy": 200, "load_min": None}),
    ("contract.end", {"contract_id": "c", "epoch": EPOCH + 96}),
    ("contract.end", {"contract_id": "contract-000001"}),
    ("contract.update", {"contract_id": "c", "holds_from": EPOCH + 10, "energy": 300}),
    ("contract.update", {"contract_id": "c", "holds_from": "2026-06-21T03:15:00+02:00", "load_min": 7}),
    ("contract.end", {"contract_id": "c", "holds_from": EPOCH + 20}),
    ("contract.update", {"contract_id": "c", "holds_from": EPOCH + 10, "energy": 400}),
    (
        "metering.book_epoch",
        {"epoch": EPOCH, "values": [{"meter_id": name, "import_wh": 5, "export_wh": 0} for name in ("a", "b")], "source": "ours"},
    ),
    ("balancing.add_settlement", {"meter_id": "roof", "epoch": "2026-06-21T00:10:00Z", "wh": 7, "source": "that's said"}),
    ("balancing.seal_epoch", {"epoch": EPOCH}),
    ("balancing.add_settlement", {"meter_id": "roof", "epoch": EPOCH, "wh": 9}),
    ("balancing.add_settlement", {"meter_id": "a", "epoch": EPOCH + 1, "wh": 11}),
    ("balancing.seal", {"asset_id": "a", "epoch": EPOCH + 1}),
]


@pytest.fixture(params=[900, 60])
def rows(request: pytest.FixtureRequest, database: str) -> Iterator[Any]:
    """Asks in SQL; beside the market there is another one, whose epochs are minutes."""
    for name, seconds in (("market", 900), ("other", request.param)):
        executor = Executor.open(Opening(database, name, DEMONSTRATION, OpenBooks(epoch_seconds=seconds)))
        calls = SAID if name == "market" else [("balancing.add_settlement", {"meter_id": "x", "epoch": EPOCH, "wh": 1})]
        executor.run([asked(call, arguments, ANNA) for call, arguments in calls])
        executor.close()
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:"))  # As a stranger has one.

    def found(columns: str, view: str, market: str = "market") -> list[tuple[Any, ...]]:
        query = text(f"SELECT {columns} FROM {view} WHERE market = '{market}' ORDER BY revision")
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    yield found
    engine.dispose()


def test_settlements_are_what_was_booked(rows: Any) -> None:
    assert sorted(rows("epoch, meter, import_wh, export_wh, status, source, principal", "market_settlement")) == [
        (EPOCH, "a", 5, 0, "ok", "ours", "house/~anna"),
        (EPOCH, "b", 5, 0, "ok", "ours", "house/~anna"),
        (EPOCH, "roof", 0, 7, "ok", "that's said", "house/~anna"),
        (EPOCH + 1, "a", 11, 0, "ok", None, "house/~anna"),
    ]


def test_the_time_of_an_epoch_is_its_beginning(rows: Any, request: pytest.FixtureRequest) -> None:
    times = {str(row[0]).replace(" ", "T")[:19] for row in rows("time", "market_settlement")}
    assert times == {"2026-06-21T00:00:00", "2026-06-21T00:15:00"}
    other = "2026-06-21T00:00:00" if request.node.callspec.params["rows"] == 900 else "1973-10-07T00:00:00"
    assert [str(row[0]).replace(" ", "T")[:19] for row in rows("time", "market_settlement", "other")] == [other]


def test_certificates_are_what_was_sealed(rows: Any) -> None:
    whole, one = rows("batch, epoch, asset, seals, principal", "market_certificate")
    assert whole[:3] == (1, EPOCH, None) and whole[3] > 3
    assert one == (2, EPOCH + 1, "a", 1, "house/~anna")


def test_contracts_have_the_terms_that_were_said_last(rows: Any) -> None:
    columns = "contract, seller, partner, direction, status, energy_wh, load_min_watts, valid_until"
    ended, named = sorted(rows(columns, "market_contract"), key=lambda row: str(row[0]), reverse=True)
    assert ended == ("contract-000001", "g", "n2", "from", "ended", None, None, None)
    assert named == ("c", "g", "n", "to", "ended", 400, 7, str(EPOCH + 96))


def test_terms_are_told_with_the_epochs_in_which_they_hold(rows: Any) -> None:
    columns = "contract, holds_from, holds_until, status, energy_wh, load_min_watts"
    told = [row[1:] for row in rows(columns, "market_terms") if row[0] == "c"]
    assert sorted(told, key=lambda row: row[0] or 0) == [
        (None, EPOCH + 5, "active", 200, None),
        (EPOCH + 5, EPOCH + 10, "active", 200, 7),
        (EPOCH + 10, EPOCH + 20, "active", 400, 7),
        (EPOCH + 20, None, "ended", 400, 7),
    ]
    times = {row[0]: row[1] and str(row[1]).replace(" ", "T")[:19] for row in rows("holds_from, time", "market_terms")}
    assert times[None] is None and times[EPOCH + 5] == "2026-06-21T01:15:00"


__all__ = ["database", "server"]
