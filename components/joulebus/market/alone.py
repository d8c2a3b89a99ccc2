"""Markets without a home: what a database holds besides histories."""

from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from joulebus.errors import JoulebusError
from joulebus.historian.copying import is_database
from joulebus.historian.engine import reading
from joulebus.historian.tables import home
from joulebus.market.tables import books


def markets_alone(source: str | Path) -> list[str]:
    """The names of the markets in a database without homes; none for anything else, also for what cannot be read."""
    if not is_database(str(source)):
        return []
    try:
        engine = reading(source)
        there = set(inspect(engine).get_table_names())
        if books.name not in there or home.name in there:
            return []
        with engine.begin() as connection:
            return [str(name) for name in connection.execute(select(books.c.market).order_by(books.c.market)).scalars()]
    except (DBAPIError, JoulebusError):
        return []  # Whoever reads it then says why it cannot be.
