"""The first tables: market_books, market_operation, market_sealed, market_snapshot.

Written out in full, because a migration must go on meaning what it meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    _books()
    _operations()
    _sealed()
    _snapshot()


def _market(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["market"], ["market_books.market"], name=f"fk_{table}_market_books")
    return sa.Column("market", sa.String(64), nullable=False), key


def _books() -> None:
    op.create_table(
        "market_books",
        sa.Column("market", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False, comment="of the last operation; 0 when there is none"),
        sa.Column("head", sa.String(64), nullable=False, comment="hash of the last operation"),
        sa.Column("published", sa.BigInteger, nullable=False, comment="revision up to which the bus has acknowledged the events"),
        sa.Column("ledger_record", sa.BigInteger, nullable=False, comment="live: the last record of the home's journal that is taken in"),
        sa.Column("ledger", sa.Text, nullable=False, comment="live: what is carried to the next record, JSON"),
        sa.Column("public_key", sa.String(64), nullable=False, comment="Ed25519, hex"),
        sa.PrimaryKeyConstraint("market", name="pk_market_books"),
    )


def _operations() -> None:
    market, key = _market("market_operation")
    op.create_table(
        "market_operation",
        market,
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("arguments", sa.Text, nullable=False, comment="JSON, sorted keys"),
        sa.Column("columns", sa.LargeBinary, comment="of bulk operations: many amounts, packed"),
        sa.Column("answer", sa.Text, nullable=False, comment="JSON"),
        sa.Column("hash", sa.String(64), nullable=False, comment="sha256 over the hash before, revision, call, arguments and columns"),
        sa.Column("request", sa.String(128), comment="chosen by who asked; the same again is executed once"),
        sa.PrimaryKeyConstraint("market", "revision", name="pk_market_operation"),
        key,
    )
    op.create_index("ix_market_operation_market_request", "market_operation", ["market", "request"], unique=True)


def _sealed() -> None:
    market, key = _market("market_sealed")
    op.create_table(
        "market_sealed",
        market,
        sa.Column("batch", sa.BigInteger, autoincrement=False, nullable=False, comment="number of the batch, from 1"),
        sa.Column("revision", sa.BigInteger, nullable=False, comment="of the operation that sealed it"),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("asset", sa.String(128), comment="when only one was sealed"),
        sa.Column("seals", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, comment="what the market's chain says after it"),
        sa.Column("document", sa.LargeBinary, nullable=False, comment="all postings and seals, canonical"),
        sa.PrimaryKeyConstraint("market", "batch", name="pk_market_sealed"),
        key,
    )
    op.create_index("ix_market_sealed_market_epoch_asset", "market_sealed", ["market", "epoch", "asset"])
    op.create_index("ix_market_sealed_market_revision", "market_sealed", ["market", "revision"])


def _snapshot() -> None:
    market, key = _market("market_snapshot")
    op.create_table(
        "market_snapshot",
        market,
        sa.Column("revision", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("batches", sa.BigInteger, nullable=False, comment="how many were sealed until then"),
        sa.Column("state", sa.LargeBinary, nullable=False, comment="of the engine after that operation"),
        sa.PrimaryKeyConstraint("market", "revision", name="pk_market_snapshot"),
        key,
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("market_snapshot", "market_sealed", "market_operation", "market_books"):
        op.drop_table(table)
