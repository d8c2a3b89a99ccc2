"""Who asked for a change of a market: kept with it, told to whoever asks, covered by the audit; and stores from before that was kept."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from joulebus.market.asking import Asked, Asker, asked
from joulebus.market.executor import Executor, in_memory
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_market
from joulebus.market.opening import Opening
from joulebus_schemas.market.assets import OpenBooks
from tests.balancer.files import T, group, meter, metered

RELEASED = Path(__file__).parent / "released/market_0001.sql"
"""Fifty operations and a snapshot, as they were kept before it was kept who asked: labels epoch by epoch, rules that held for ever."""
ANNA, LEDGER = Asker("house/~anna", "trader"), Asker("house/balancer", "balancer")


def opened(path: Path) -> Executor:
    """The market in a file."""
    return Executor.open(Opening(f"sqlite:///{path}", "market", DEMONSTRATION, OpenBooks(epoch_seconds=3600)))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A market in which two have asked for changes."""
    path = tmp_path / "a.sqlite"
    market = opened(path)
    calls = [(ANNA, meter("p", to="s")), (ANNA, group("s", to="big")), (LEDGER, metered("p", 500)), (ANNA, metered("p", 3))]
    market.run([asked(*call, by) for by, call in calls])
    market.close()
    return path


def test_who_asked_is_kept_and_told_the_last_first(store: Path) -> None:
    market = opened(store)
    told = market.ask("books.changes").changes
    assert [(one.revision, one.call, one.principal, one.role) for one in told] == [
        (5, "balancing.add_settlement", *ANNA),
        (3, "asset.upsert", *ANNA),
        (2, "asset.upsert", *ANNA),
        (1, "books.open", *ANNA),
    ]
    assert told[0].arguments == {"meter_id": "p", "epoch": T, "wh": 3}
    assert [one.revision for one in market.ask("books.changes", {"ledger": True}).changes] == [5, 4, 3, 2, 1]


def test_changes_come_in_pages_that_say_where_the_next_begins(store: Path) -> None:
    market, before, found = opened(store), None, []
    for _ in range(4):
        page = market.ask("books.changes", {"most": 1, "before": before})
        found += [one.revision for one in page.changes]
        before = page.next_before
    assert (found, before) == ([5, 3, 2, 1], None)


def test_a_large_change_is_not_told_whole() -> None:
    market = in_memory(3600)
    market.ask("asset.upsert", {"asset_id": "p", "client_meta": {"text": "x" * 20_000}})
    assert set(market.ask("books.changes").changes[0].arguments) == {"left_out"}


FORGERIES = {
    "another principal": "UPDATE market_operation SET principal = 'house/~bob' WHERE revision = 3",
    "another role": "UPDATE market_operation SET role = 'admin' WHERE revision = 3",
    "nobody": "UPDATE market_operation SET principal = NULL, role = NULL WHERE revision = 3",
    "no role": "UPDATE market_operation SET role = NULL WHERE revision = 5",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_audit_finds_another_asker(store: Path, name: str) -> None:
    assert check_market(store, "market").findings == ()
    with sqlite3.connect(store) as database:
        database.execute(FORGERIES[name])
    findings = [finding.line() for finding in check_market(store, "market").findings]
    assert any("is not the one that was accepted" in line for line in findings), findings


def test_a_repeated_request_answers_as_before_whoever_asks() -> None:
    market = in_memory(3600)
    call = ("asset.upsert", {"asset_id": "p", "balance_rule": {"to": "s"}, "request_id": "r"})
    first, second = market.run([asked(*call, ANNA)])[0], market.run([asked(*call, LEDGER)])[0]
    assert first == second and len(market.ask("books.changes", {"ledger": True}).changes) == 2


def dumped(path: Path) -> list[str]:
    """All that is in a database."""
    with sqlite3.connect(path) as database:
        return list(database.iterdump())


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A filled store of before."""
    path = tmp_path / "older.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(RELEASED.read_text())
    return path


def test_an_older_store_is_migrated_audited_and_continued(older: Path) -> None:
    market = opened(older)
    assert market.mark.revision == 49
    labels = [market.books.engine.label(T + number) for number in range(30, 36)]
    assert labels == ["day", "day", "night", "night", "day", None]
    assert {(one.principal, one.role) for one in market.ask("books.changes").changes} == {(None, None)}
    market.run([Asked(*asked(*metered("p", 7, T + 40))[:2], ANNA)])
    market.run([asked("balancing.seal_epoch", {"epoch": T + 40}, ANNA)])
    assert market.ask("books.changes").changes[0].principal == ANNA.principal
    market.close()
    assert check_market(older, "market").findings == ()


def test_an_older_store_is_audited_and_looked_at_without_being_changed(older: Path) -> None:
    before = dumped(older)
    assert check_market(older, "market").findings == ()
    joulebus = Path(sys.executable).with_name("joulebus")
    audited = subprocess.run([joulebus, "audit", older], capture_output=True, text=True, check=False)
    assert (audited.returncode, audited.stdout.count("market market: 49 operations")) == (0, 1), audited
    told = subprocess.run([joulebus, "market", "log", "--in", f"sqlite:///{older}"], capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "not kept" in told.stdout, told
    assert dumped(older) == before


def test_a_market_alone_is_audited(store: Path) -> None:
    joulebus = Path(sys.executable).with_name("joulebus")
    sound = subprocess.run([joulebus, "audit", f"sqlite:///{store}"], capture_output=True, text=True, check=False)
    assert sound.returncode == 0 and "5 operations" in sound.stdout, sound
    with sqlite3.connect(store) as database:
        database.execute("UPDATE market_operation SET answer = '{}' WHERE revision = 5")
    forged = subprocess.run([joulebus, "audit", store], capture_output=True, text=True, check=False)
    assert forged.returncode == 1 and "TAMPERED" in forged.stdout, forged


def test_its_snapshot_says_what_its_operations_lead_to(older: Path) -> None:
    with_snapshot = opened(older)
    state = with_snapshot.books.engine.state_hash()
    with_snapshot.close()
    with sqlite3.connect(older) as database:
        assert database.execute("SELECT count(*) FROM market_snapshot").fetchone() == (1,)
        database.execute("DELETE FROM market_snapshot")
    assert opened(older).books.engine.state_hash() == state


OLD_FORGERIES = {
    "an answer": "UPDATE market_operation SET answer = replace(answer, '\"wh\":500', '\"wh\":501')",
    "an asker that nobody kept": "UPDATE market_operation SET principal = 'house/~bob', role = 'trader' WHERE revision = 30",
}


@pytest.mark.parametrize("name", OLD_FORGERIES)
def test_a_changed_older_store_is_found(older: Path, name: str) -> None:
    opened(older).close()
    assert check_market(older, "market").findings == ()
    with sqlite3.connect(older) as database:
        assert database.execute(OLD_FORGERIES[name]).rowcount > 0
    assert check_market(older, "market").findings


def test_the_command_tells_them(store: Path) -> None:
    joulebus = Path(sys.executable).with_name("joulebus")
    said = subprocess.run([joulebus, "market", "log", "--in", f"sqlite:///{store}"], capture_output=True, text=True, check=False)
    assert said.returncode == 0 and "house/~anna" in said.stdout and "house/balancer" not in said.stdout, said
