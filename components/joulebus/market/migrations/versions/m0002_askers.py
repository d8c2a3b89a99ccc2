"""Who asked for an operation, and with which role; of the operations that are there, nobody knows.

Written out in full, because a migration must go on meaning what it meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Two columns."""
    op.add_column("market_operation", sa.Column("principal", sa.String(128), comment="who asked; null: before 0.2 that was not kept"))
    op.add_column("market_operation", sa.Column("role", sa.String(64), comment="with which it was allowed"))


def downgrade() -> None:
    """Take them away; operations that were kept with them cannot be audited any more."""
    op.drop_column("market_operation", "role")
    op.drop_column("market_operation", "principal")
