"""Connections to the historian's database: SQLite in a file, or PostgreSQL by URL; set up so that committed means durable."""

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from joulebus.errors import JournalError, SetupError, UsageError
from joulebus.extras import missing

HISTORY_MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
_ADVISORY_LOCK = 7_305_477
"""Any number: two historians that start at once migrate one after the other."""


def writing(source: str | Path, migrations: Path = HISTORY_MIGRATIONS, revision: str = "head") -> Engine:
    """The database to write to, made and migrated (to a revision) when needed.

    Raises:
        JournalError: The database cannot be used, or a newer joulebus wrote it.
        UsageError: The URL names an unknown kind of database.
    """
    engine = _engine(_url(source), "BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            _migrate(connection, migrations, revision)
    except DBAPIError as error:
        raise refused(error, engine.url) from error
    return engine


def reading(source: str | Path) -> Engine:
    """The database to read from; a file that is not there is not made.

    Raises:
        JournalError: The database cannot be used, or its file does not exist.
        UsageError: The URL names an unknown kind of database.
    """
    url = _url(source)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise JournalError(f"a database must be there to be read, but there is no file {url.database}")
    return _engine(url, "BEGIN")


def demand_current(engine: Engine) -> None:
    """Refuse tables of another version: whoever only reads cannot migrate them.

    Raises:
        JournalError: An older or a newer joulebus wrote the database, or it cannot be used.
    """
    script = ScriptDirectory(str(HISTORY_MIGRATIONS))
    try:
        with engine.begin() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        raise refused(error, engine.url) from error
    where = engine.url.render_as_string(hide_password=True)
    if found not in {one.revision for one in script.walk_revisions()}:
        raise JournalError(f"the database {where} was written by a newer joulebus; use that version")
    if found != script.get_current_head():
        raise JournalError(f"the database {where} was written by an older joulebus; `joulebus up` migrates it when its home starts")


def refused(error: DBAPIError, url: URL) -> JournalError:
    """What the database said, as one sentence."""
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    if _is_full(error.orig):
        return JournalError(
            f"the disk of {where} is full: what did not fit was rolled back, all before it is kept; make room, and it goes on"
        )
    return JournalError(f"the database {where} cannot be used: {_why(error.orig)}")


_SQLITE = {
    sqlite3.SQLITE_NOTADB: "it is not a SQLite database",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_BUSY: "another program has locked it",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_CORRUPT: "its file is damaged",
    sqlite3.SQLITE_PERM: "you have no permission",
}
_POSTGRES = {
    "28": "it refuses this user or password",
    "3D": "there is no database of this name",
    "42": "it has other tables, or you have no permission",
    "53": "it has no resources left",
    "57": "it is shutting down or has cancelled the query",
}
"""Reasons by the class of the SQLSTATE."""


def _why(error: BaseException | None) -> str:
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, f"SQLite refuses it ({name})")
    state = getattr(error, "sqlstate", None)
    if state is None:
        return "it cannot be reached, or refuses this user or password"
    return _POSTGRES.get(state[:2], f"PostgreSQL refuses it (SQLSTATE {state})")


def _is_full(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    return getattr(error, "sqlstate", None) == "53100"


def _url(source: str | Path) -> URL:
    if isinstance(source, Path) or "://" not in source:
        return URL.create("sqlite", database=str(source))
    try:
        url = make_url(source)
    except ArgumentError as error:
        raise JournalError(f'a database is a file or a URL such as postgresql://user@host/name, but was "{source}"') from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _engine(url: URL, begin: str) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url, begin)
        # JSON goes in and out as the text that it is: see columns.py.
        return create_engine(url, pool_size=1, pool_pre_ping=True, json_serializer=_as_it_is, json_deserializer=_as_it_is)
    except ModuleNotFoundError as error:
        raise missing(error.name) or SetupError(f"the driver {url.drivername} of the database is not installed") from None
    except (NoSuchModuleError, ImportError):
        raise UsageError(f'unknown kind of database "{url.drivername}"; use sqlite:///FILE or postgresql://user@host/name') from None


def _as_it_is(value: Any) -> Any:
    return value


def _sqlite(url: URL, begin: str) -> Engine:
    engine = create_engine(url, pool_size=1, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # Python's own idea of transactions would commit in the middle of a migration.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _migrate(connection: Connection, migrations: Path, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise JournalError("the database was written by a newer joulebus; use that version") from error
