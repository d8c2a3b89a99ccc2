"""The tables of the market. ``migrations`` makes them; a test compares the two. A database may hold many markets.

Everything follows from the journal of operations; the other tables make a restart and a certificate quick.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from joulebus.historian.columns import named_metadata

market_metadata = named_metadata()


def _market() -> Column[str]:
    return Column("market", String(64), ForeignKey("market_books.market"), primary_key=True)


books = Table(
    "market_books",
    market_metadata,
    Column("market", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False, comment="of the last operation; 0 when there is none"),
    Column("head", String(64), nullable=False, comment="hash of the last operation"),
    Column("published", BigInteger, nullable=False, comment="revision up to which the bus has acknowledged the events"),
    Column("ledger_record", BigInteger, nullable=False, comment="live: the last record of the home's journal that is taken in"),
    Column("ledger", Text, nullable=False, comment="live: what is carried to the next record, JSON"),
    Column("public_key", String(64), nullable=False, comment="Ed25519, hex"),
)

operation = Table(
    "market_operation",
    market_metadata,
    _market(),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("call", String(64), nullable=False),
    Column("arguments", Text, nullable=False, comment="JSON, sorted keys"),
    Column("columns", LargeBinary, comment="of bulk operations: many amounts, packed"),
    Column("answer", Text, nullable=False, comment="JSON"),
    Column("principal", String(128), comment="who asked; null: before 0.2 that was not kept"),
    Column("role", String(64), comment="with which it was allowed"),
    Column("hash", String(64), nullable=False, comment="sha256 over the hash before, revision, call, who asked, arguments and columns"),
    Column("request", String(128), comment="chosen by who asked; the same again is executed once"),
    Index(None, "market", "request", unique=True),
)

sealed = Table(
    "market_sealed",
    market_metadata,
    _market(),
    Column("batch", BigInteger, primary_key=True, autoincrement=False, comment="number of the batch, from 1"),
    Column("revision", BigInteger, nullable=False, comment="of the operation that sealed it"),
    Column("epoch", BigInteger, nullable=False),
    Column("asset", String(128), comment="when only one was sealed"),
    Column("seals", Integer, nullable=False),
    Column("hash", String(64), nullable=False, comment="what the market's chain says after it"),
    Column("document", LargeBinary, nullable=False, comment="all postings and seals, canonical"),
    Index(None, "market", "epoch", "asset"),
    Index(None, "market", "revision"),
)

snapshot = Table(
    "market_snapshot",
    market_metadata,
    _market(),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("batches", BigInteger, nullable=False, comment="how many were sealed until then"),
    Column("state", LargeBinary, nullable=False, comment="of the engine after that operation"),
)
