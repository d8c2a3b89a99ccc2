"""What the tests of journal, historian and audit share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.journal.postgres import running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a running server."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, of each kind."""
    return str(tmp_path / "home.sqlite") if request.param == "sqlite" else fresh(request.getfixturevalue("postgres"))


@pytest.fixture
def new_postgres(postgres: str) -> Callable[[], str]:
    """Makes databases."""
    return lambda: fresh(postgres)


def fresh(server: str) -> str:
    """URL of a new schema on a server: as good as a database of its own, and made in no time."""
    name = f"home_{uuid4().hex}"
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{server}?options=-csearch_path%3D{name}"
