"""Blocks by tick, minute and day instead of a row for each flow and each sealed column; seals and changes that outlive their records.

What is dropped here follows from the payloads in ``record``: the historian derives it again when it opens the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MARKS = {
    "derived": "the last record that the other tables have",
    "rolled_epoch": "the first epoch without blocks",
    "records_from_tick": "windows before it are thinned out",
    "ticks_from_epoch": "before it ticks are thinned out",
    "minutes_from_epoch": "before it minutes are thinned out",
}


def upgrade() -> None:
    """Make them."""
    op.execute("DROP VIEW energy")
    for table in ("sealed_column", "seal", "flow", "change"):
        op.drop_table(table)
    for name, comment in _MARKS.items():
        op.add_column("watermark", sa.Column(name, sa.BigInteger, nullable=False, server_default="0", comment=comment))
    _changes()
    _seals()
    _blocks()


def _home() -> sa.Column[str]:
    return sa.Column("home", sa.String(32), nullable=False)


def _of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["home"], ["home.name"], name=f"fk_{table}_home")


def _changes() -> None:
    op.create_table(
        "change",
        _home(),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False, comment="in the record"),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("from_tick", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(16), nullable=False, comment="added, removed, on, off or properties"),
        sa.Column("news", sa.Text, nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("home", "number", "place", name="pk_change"),
        _of("change"),
    )
    op.create_index("ix_change_home_device_from_tick", "change", ["home", "device", "from_tick"])


def _seals() -> None:
    op.create_table(
        "seal",
        _home(),
        sa.Column("epoch", sa.BigInteger, autoincrement=False, nullable=False, comment="unix seconds / 900"),
        sa.Column("number", sa.BigInteger, nullable=False, comment="of the record that sealed it"),
        sa.Column("first_tick", sa.BigInteger, nullable=False),
        sa.Column("ticks", sa.Integer, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("columns", sa.LargeBinary, nullable=False, comment="deflated JSON: from, to, joules, moment, hash of each"),
        sa.PrimaryKeyConstraint("home", "epoch", name="pk_seal"),
        _of("seal"),
    )


def _blocks() -> None:
    said = {"tick_block": "of records that are thinned out: what moved in each tick", "minute_block": "what moved in each minute"}
    for table, comment in said.items():
        op.create_table(
            table,
            _home(),
            sa.Column("epoch", sa.BigInteger, autoincrement=False, nullable=False),
            sa.Column("payload", sa.LargeBinary, nullable=False, comment=comment),
            sa.PrimaryKeyConstraint("home", "epoch", name=f"pk_{table}"),
            _of(table),
        )
    op.create_table(
        "day",
        _home(),
        sa.Column("quarter", sa.BigInteger, autoincrement=False, nullable=False, comment="its first: unix seconds / 900"),
        sa.Column("sums", sa.LargeBinary, nullable=False, comment="what moved in the day, at the place of the home"),
        sa.Column("quarters", sa.LargeBinary, nullable=False, comment="what moved in each of its quarter-hours"),
        sa.PrimaryKeyConstraint("home", "quarter", name="pk_day"),
        _of("day"),
    )
