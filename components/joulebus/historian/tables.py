"""The tables of the historian. ``migrations`` makes them; a test compares the two.

A database may hold many homes. Everything follows from the payloads in ``record``; the other tables are there to be queried, and
remain when old records are thinned out.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
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
    Column("derived", BigInteger, nullable=False, server_default="0", comment="the last record that the other tables have"),
    Column("rolled_epoch", BigInteger, nullable=False, server_default="0", comment="the first epoch without blocks"),
    Column("records_from_tick", BigInteger, nullable=False, server_default="0", comment="windows before it are thinned out"),
    Column("ticks_from_epoch", BigInteger, nullable=False, server_default="0", comment="before it ticks are thinned out"),
    Column("minutes_from_epoch", BigInteger, nullable=False, server_default="0", comment="before it minutes are thinned out"),
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
    Index(None, "home", "device", "from_tick"),
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
    Column("columns", LargeBinary, nullable=False, comment="deflated JSON: from, to, joules, moment, hash of each"),
)

tick_block = Table(
    "tick_block",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False, comment="of records that are thinned out: what moved in each tick"),
)

minute_block = Table(
    "minute_block",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False, comment="what moved in each minute"),
)

day = Table(
    "day",
    history_metadata,
    _home(),
    Column("quarter", BigInteger, primary_key=True, autoincrement=False, comment="its first: unix seconds / 900"),
    Column("sums", LargeBinary, nullable=False, comment="what moved in the day, at the place of the home"),
    Column("quarters", LargeBinary, nullable=False, comment="what moved in each of its quarter-hours"),
)
