"""A database that version 0.1.0 has filled: migrated when it is opened, derived page by page while its home lives, and gone on with."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, text

from joulebus.audit import audit, audit_thoroughly
from joulebus.errors import JournalError, PropertyError
from joulebus.historian import store as store_module
from joulebus.historian.engine import writing
from joulebus.historian.follow import refill
from joulebus.historian.history import HistoryReader
from joulebus.historian.store import HistoryStore
from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.homefile.history import Retention
from joulebus.journal.file import Journal
from joulebus.services.past import Past
from tests.journal.conftest import fresh

RELEASED = Path(__file__).parent / "released"
HOME = "small"


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The released database, or its tables and rows in PostgreSQL."""
    path = Path(shutil.copy(RELEASED / "0.1.0.history.sqlite", tmp_path / "history.sqlite"))
    return str(path) if request.param == "sqlite" else in_postgres(path, fresh(request.getfixturevalue("postgres")))


def in_postgres(path: Path, url: str) -> str:
    """Tables as the first migration makes them, and the rows of 0.1.0."""
    writing(url, revision="0001").dispose()
    source, target = create_engine(f"sqlite:///{path}"), create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    found = MetaData()
    found.reflect(source)
    with source.connect() as reader, target.begin() as writer:
        writer.execute(text("DELETE FROM alembic_version"))
        for table in found.sorted_tables:
            rows = [dict(row) for row in reader.execute(table.select()).mappings()]
            writer.execute(table.insert(), rows)
    source.dispose()
    target.dispose()
    return url


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """The journal that it has followed."""
    with Journal.open(Path(shutil.copy(RELEASED / "0.1.0.journal", tmp_path / "home.journal"))) as opened:
        yield opened


def test_the_released_database_is_of_the_first_revision_and_filled() -> None:
    with sqlite3.connect(RELEASED / "0.1.0.history.sqlite") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        for table in ("record", "change", "flow", "seal", "sealed_column"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() > (0,)


def test_it_is_derived_in_pages_and_answers_as_far_as_it_is(
    old: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PAGE_RECORDS", 4)
    store = HistoryStore.open(old, HOME)
    assert (store.watermark, store.derived) == (journal.last_number, 0)
    with pytest.raises(PropertyError, match="there is none yet"):
        HistoryReader(store.reader(), HOME).facts()
    assert Past(store.reader(), HOME).totals().record == 0
    assert store.derive_page() == 4
    assert Past(store.reader(), HOME).totals().record == 4
    store.close()  # Killed in the middle: what is derived stays, and the rest follows.
    store = HistoryStore.open(old, HOME)
    assert store.derived == 4
    store.derive()
    anew = HistoryStore.open(tmp_path / "anew.sqlite", HOME)
    refill(anew, journal)
    assert Past(store.reader(), HOME).totals() == Past(anew.reader(), HOME).totals()
    assert store.rows_between(1, 99) == anew.rows_between(1, 99)
    for close in (store, anew):
        close.close()


def test_whoever_only_reads_is_told_and_nothing_is_called_tampered_with(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(JournalError, match="was written by an older joulebus; `joulebus up` migrates it when its home starts"):
        audit(old, HOME)
    monkeypatch.setattr(store_module, "PAGE_RECORDS", 4)
    store = HistoryStore.open(old, HOME)
    with pytest.raises(JournalError, match="the history of small is being migrated \\(0 of 11 records\\)"):
        audit(old, HOME)
    store.derive_page()
    with pytest.raises(JournalError, match="4 of 11 records"):
        audit(old, HOME)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(JournalError, match="was written by a newer joulebus; use that version"):
        audit(old, HOME)


def test_it_is_sound_and_goes_on(old: str, journal: Journal) -> None:
    store = HistoryStore.open(old, HOME)
    store.derive()
    home = Home.of_keeper(wake(journal))
    assert len(list(home.live(30, 1))) == 30
    assert refill(store, journal) > 0
    thinner = store.thinner(Retention(records=3_600, ticks=3_600, minutes=7_200))
    while thinner.slice():
        pass
    assert Past(store.reader(), HOME).totals().tick == home.keeper.next_tick
    store.close()
    for how in (audit, audit_thoroughly):
        report = how(old, HOME)
        assert (report.findings, report.missing_joules, report.head_seal) == ((), 0, home.keeper.ledger.head)
