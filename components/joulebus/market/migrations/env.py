"""Runs the migrations on the connection it is given; the market may live in the historian's database, so it counts its own versions."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="market_version")
with context.begin_transaction():
    context.run_migrations()
