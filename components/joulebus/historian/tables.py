"""The tables of the historian. ``migrations`` makes them; a test compares the two.

A database may hold many homes. Everything follows from the payloads in ``record``; the other tables are there to be queried.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

history_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _home() -> Column[str]:
    return Column("home", String(32), ForeignKey("home.name"), primary_key=True)


def _of_record() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["home", "number"], ["record.home", "record.number"])


home = Table(
    "home",
    history_metadata,
    Column("name", String(32), primary_key=True),
    Column("start_unix_seconds", BigInteger, nullable=False),
    Column("tick_seconds", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("place", Text, nullable=False, comment="JSON"),
)

watermark = Table(
    "watermark",
    history_metadata,
    _home(),
    Column("number", BigInteger, nullable=False, comment="of the last record that is kept; 0 when there is none"),
    Column("hash", String(64), nullable=False, comment="of that record's payload"),
)

record = Table(
    "record",
    history_metadata,
    _home(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("start_tick", BigInteger, comment="of committed records"),
    Column("ticks", Integer),
    Column("generation", BigInteger),
    Column("hash", String(64), nullable=False, comment="sha256 of the payload"),
    Column("payload", LargeBinary, nullable=False, comment="as it is in the journal"),
    CheckConstraint("number >= 1", name="number_from_1"),
    Index(None, "home", "start_tick"),
)

change = Table(
    "change",
    history_metadata,
    _home(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False, comment="in the record"),
    Column("device", String(32), nullable=False),
    Column("from_tick", BigInteger, nullable=False),
    Column("what", String(16), nullable=False, comment="added, removed, on, off or properties"),
    Column("news", Text, nullable=False, comment="JSON"),
    _of_record(),
    Index(None, "home", "device", "from_tick"),
)

flow = Table(
    "flow",
    history_metadata,
    _home(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(64), primary_key=True),
    Column("sink", String(64), primary_key=True),
    Column("start_tick", BigInteger, nullable=False),
    Column("joules", BigInteger, nullable=False),
    _of_record(),
    Index(None, "home", "start_tick"),
)

seal = Table(
    "seal",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False, comment="unix seconds / 900"),
    Column("number", BigInteger, nullable=False, comment="of the record that sealed it"),
    Column("first_tick", BigInteger, nullable=False),
    Column("ticks", Integer, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    _of_record(),
)

sealed_column = Table(
    "sealed_column",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("account_from", String(64), primary_key=True),
    Column("account_to", String(64), primary_key=True),
    Column("joules", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False, comment="sum of (index of the tick in the epoch + 1) * joules"),
    Column("hash", String(64), nullable=False),
    ForeignKeyConstraint(["home", "epoch"], ["seal.home", "seal.epoch"]),
    Index(None, "home", "account_from", "epoch"),
    Index(None, "home", "account_to", "epoch"),
)
