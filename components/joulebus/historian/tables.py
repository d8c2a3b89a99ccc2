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
    String,
    Table,
)

from joulebus.historian.columns import JsonText, PackedJson, SqlJson, named_metadata

history_metadata = named_metadata()


def _home() -> Column[str]:
    return Column("home", String(32), ForeignKey("home.name"), primary_key=True)


home = Table(
    "home",
    history_metadata,
    Column("name", String(32), primary_key=True),
    Column("start_unix_seconds", BigInteger, nullable=False),
    Column("tick_seconds", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("place", JsonText, nullable=False, comment="where it is: JSON"),
    comment="homes, as they were born",
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
    comment="how far the historian of each home is",
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
    comment="the journal of each home, as far as it is not thinned out",
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
    Column("news", JsonText, nullable=False, comment="JSON"),
    Index(None, "home", "device", "from_tick"),
    comment="what was changed about a home, by device",
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
    Column("columns", SqlJson, nullable=False, comment="JSON: from, to, joules, moment, hash of each"),
    comment="sealed quarter-hours, which prove what moved",
)

tick_block = Table(
    "tick_block",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", PackedJson, nullable=False, comment="deflated JSON: joules by series, one number for each tick"),
    comment="what moved in each tick, of records that are thinned out",
)

minute_block = Table(
    "minute_block",
    history_metadata,
    _home(),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", SqlJson, nullable=False, comment="JSON: joules by series, one number for each minute"),
    comment="what moved in each minute",
)

day = Table(
    "day",
    history_metadata,
    _home(),
    Column("quarter", BigInteger, primary_key=True, autoincrement=False, comment="its first: unix seconds / 900"),
    Column("sums", SqlJson, nullable=False, comment="what moved in the day, at the place of the home"),
    Column("quarters", SqlJson, nullable=False, comment="what moved in each of its quarter-hours"),
    comment="what moved in each day and in its quarter-hours",
)
