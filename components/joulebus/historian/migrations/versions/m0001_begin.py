"""The first tables: home, watermark, record, change, flow, seal, sealed_column; the view energy.

Written out in full, because a migration must go on meaning what it meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIMES = {"sqlite": "datetime(epoch * 900, 'unixepoch')", "postgresql": "to_timestamp(epoch * 900)"}


def upgrade() -> None:
    """Make them."""
    _homes()
    _records()
    _of_records()
    _seals()
    _energy()


def _home() -> sa.Column[str]:
    return sa.Column("home", sa.String(32), nullable=False)


def _of(table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["home"], [f"{target}.name"], name=f"fk_{table}_{target}")


def _of_record(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["home", "number"], ["record.home", "record.number"], name=f"fk_{table}_record")


def _homes() -> None:
    op.create_table(
        "home",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("start_unix_seconds", sa.BigInteger, nullable=False),
        sa.Column("tick_seconds", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text, nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("name", name="pk_home"),
    )
    op.create_table(
        "watermark",
        _home(),
        sa.Column("number", sa.BigInteger, nullable=False, comment="of the last record that is kept; 0 when there is none"),
        sa.Column("hash", sa.String(64), nullable=False, comment="of that record's payload"),
        sa.PrimaryKeyConstraint("home", name="pk_watermark"),
        _of("watermark", "home"),
    )


def _records() -> None:
    op.create_table(
        "record",
        _home(),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("start_tick", sa.BigInteger, comment="of committed records"),
        sa.Column("ticks", sa.Integer),
        sa.Column("generation", sa.BigInteger),
        sa.Column("hash", sa.String(64), nullable=False, comment="sha256 of the payload"),
        sa.Column("payload", sa.LargeBinary, nullable=False, comment="as it is in the journal"),
        sa.PrimaryKeyConstraint("home", "number", name="pk_record"),
        sa.CheckConstraint("number >= 1", name="ck_record_number_from_1"),
        _of("record", "home"),
    )
    op.create_index("ix_record_home_start_tick", "record", ["home", "start_tick"])


def _of_records() -> None:
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
        _of("change", "home"),
        _of_record("change"),
    )
    op.create_index("ix_change_home_device_from_tick", "change", ["home", "device", "from_tick"])
    op.create_table(
        "flow",
        _home(),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("sink", sa.String(64), nullable=False),
        sa.Column("start_tick", sa.BigInteger, nullable=False),
        sa.Column("joules", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("home", "number", "source", "sink", name="pk_flow"),
        _of("flow", "home"),
        _of_record("flow"),
    )
    op.create_index("ix_flow_home_start_tick", "flow", ["home", "start_tick"])


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
        sa.PrimaryKeyConstraint("home", "epoch", name="pk_seal"),
        _of("seal", "home"),
        _of_record("seal"),
    )
    op.create_table(
        "sealed_column",
        _home(),
        sa.Column("epoch", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("account_from", sa.String(64), nullable=False),
        sa.Column("account_to", sa.String(64), nullable=False),
        sa.Column("joules", sa.BigInteger, nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False, comment="sum of (index of the tick in the epoch + 1) * joules"),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("home", "epoch", "account_from", "account_to", name="pk_sealed_column"),
        _of("sealed_column", "home"),
        sa.ForeignKeyConstraint(["home", "epoch"], ["seal.home", "seal.epoch"], name="fk_sealed_column_seal"),
    )
    op.create_index("ix_sealed_column_home_account_from_epoch", "sealed_column", ["home", "account_from", "epoch"])
    op.create_index("ix_sealed_column_home_account_to_epoch", "sealed_column", ["home", "account_to", "epoch"])


def _energy() -> None:
    time = _TIMES[op.get_context().dialect.name]
    op.execute(
        "CREATE VIEW energy AS SELECT home, epoch, epoch * 900 AS unix_seconds, "
        f"{time} AS time, account_from, account_to, joules, joules / 3600.0 AS watt_hours FROM sealed_column"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP VIEW energy")
    for table in ("sealed_column", "seal", "flow", "change", "record", "watermark", "home"):
        op.drop_table(table)
