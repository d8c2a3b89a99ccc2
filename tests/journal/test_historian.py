"""The historian: keeps each record once, knows what it misses, and the journal and it repair each other."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from joulebus.errors import JournalError
from joulebus.historian import tables
from joulebus.historian.engine import reading
from joulebus.historian.follow import rebuild_journal, records_ahead, refill
from joulebus.historian.rows import rows_of_record
from joulebus.historian.store import GapError, HistoryStore
from joulebus.journal.file import Journal, record_text
from joulebus.journal.frames import join
from joulebus_core import encode_columns
from joulebus_schemas.journal import Committed
from tests.journal.records import payloads, record, written

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.journal"


@pytest.fixture
def store(database: str) -> Iterator[HistoryStore]:
    with_closing = HistoryStore.open(database, "house")
    yield with_closing
    with_closing.close()


def test_the_migrations_make_the_tables(store: HistoryStore, database: str) -> None:
    def is_of_tables(thing: object, name: str | None, *_: object) -> bool:
        return name is None or not name.endswith("_home_time")  # For the views of PostgreSQL: by an expression.

    with reading(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_of_tables})
        assert compare_metadata(context, tables.history_metadata) == []


def test_a_database_is_opened_again_and_not_migrated_twice(path: Path, store: HistoryStore, database: str) -> None:
    for number, payload in enumerate(written(path), 1):
        store.keep(number, payload)
    again = HistoryStore.open(database, "house")
    assert (again.watermark, again.head) == (store.watermark, store.head)
    again.close()


def test_it_keeps_what_the_journal_has(path: Path, store: HistoryStore) -> None:
    whole = written(path)
    assert [store.keep(number, payload) for number, payload in enumerate(whole, 1)] == list(range(1, 31))
    with Journal.view(path) as journal:
        assert (store.watermark, store.head) == (journal.last_number, journal.head)
        assert [store.hash_of(number) for number in range(31)] == [journal.hash_of(number) for number in range(31)]
    assert list(store.payloads(11)) == list(enumerate(whole[10:], 11))


def test_the_rows_of_a_record_are_those_of_its_payload(path: Path, store: HistoryStore) -> None:
    whole = written(path, records=60)
    store.keep_all(1, whole)
    assert all(store.rows_between(number, number) == rows_of_record("house", number, payload) for number, payload in enumerate(whole, 1))


def test_both_databases_keep_the_same(path: Path, tmp_path: Path, new_postgres: Callable[[], str]) -> None:
    whole = written(path, seed=5, records=80)
    stores = [HistoryStore.open(tmp_path / "home.sqlite", "house"), HistoryStore.open(new_postgres(), "house")]
    for each in stores:
        each.keep_all(1, whole)
    one, other = stores
    assert one.head == other.head
    assert one.rows_between(1, 80) == other.rows_between(1, 80)
    assert one.birth() == other.birth()
    for each in stores:
        each.close()


def test_a_record_that_comes_twice_counts_once(path: Path, store: HistoryStore) -> None:
    whole = written(path)
    store.keep_all(1, whole[:20])
    assert store.keep(7, whole[6]) == 20
    assert store.keep_all(15, whole[14:]) == 30
    assert list(store.payloads()) == list(enumerate(whole, 1))


def test_another_record_under_a_kept_number_is_refused(path: Path, tmp_path: Path, store: HistoryStore) -> None:
    whole, others = written(path), written(tmp_path / "other.journal", seed=2)
    store.keep_all(1, whole[:20])
    with pytest.raises(JournalError, match="a record never changes once it is kept, but record 7 of house"):
        store.keep(7, others[6])
    with pytest.raises(JournalError, match="must follow the one before it, but record 21"):
        store.keep(21, others[20])
    assert store.watermark == 20


def test_two_historians_at_once_never_double_or_lose_a_record(path: Path, database: str) -> None:
    whole = written(path, records=100)
    HistoryStore.open(database, "house").keep(1, whole[0])

    def keep_all(_: int) -> int:
        store, mark = HistoryStore.open(database, "house"), 0
        for number, payload in enumerate(whole, 1):
            with suppress(JournalError):
                mark = store.keep(number, payload)
        store.close()
        return mark

    with ThreadPoolExecutor(2) as pool:
        marks = list(pool.map(keep_all, range(2)))
    store = HistoryStore.view(database)
    assert (max(marks), store.watermark) == (100, 100)
    assert list(store.payloads()) == list(enumerate(whole, 1))
    store.close()


def test_a_gap_names_the_record_that_is_wanted(path: Path, store: HistoryStore) -> None:
    whole = written(path)
    store.keep_all(1, whole[:10])
    with pytest.raises(GapError, match="ask for a replay from 11 on") as gap:
        store.keep(13, whole[12])
    assert (gap.value.wanted, store.watermark) == (11, 10)


def test_a_record_of_another_home_is_refused(path: Path, database: str) -> None:
    other = HistoryStore.open(database, "barn")
    with pytest.raises(JournalError, match="the first record must tell how barn was born"):
        other.keep(1, written(path)[0])
    assert other.watermark == 0
    other.close()


def test_homes_share_a_database(path: Path, store: HistoryStore, database: str) -> None:
    store.keep_all(1, written(path))
    with pytest.raises(JournalError, match="there is no file"):
        HistoryStore.view(path.with_name("nothing.sqlite"))
    assert HistoryStore.view(database).home == "house"


def test_a_journal_that_is_gone_or_damaged_is_rebuilt_from_the_historian(path: Path, store: HistoryStore) -> None:
    whole = written(path)
    data = path.read_bytes()
    store.keep_all(1, whole)
    path.write_bytes(data[:500] + b"?" + data[501:])
    assert rebuild_journal(store, path) == 30
    assert path.read_bytes() == data
    assert [each.name for each in path.parent.glob("home.journal.*")] == ["home.journal.damaged1"]


def test_a_historian_that_is_gone_is_rebuilt_from_the_journal(path: Path, store: HistoryStore) -> None:
    whole = written(path, records=600)
    with Journal.open(path) as journal:
        assert refill(store, journal) == 600
        assert (store.head, refill(store, journal)) == (journal.head, 0)
    assert [payload for _, payload in store.payloads()] == whole


def test_a_journal_that_lost_its_last_records_is_refilled(path: Path, store: HistoryStore) -> None:
    store.keep_all(1, written(path))
    data = path.read_bytes()
    path.write_bytes(data[:-700])
    with Journal.open(path) as journal:
        lost = 30 - journal.last_number
        assert lost > 0
        assert refill(store, journal) == -lost
    assert path.read_bytes() == data


def test_two_stories_are_told_apart_at_their_first_difference(path: Path, tmp_path: Path, store: HistoryStore) -> None:
    whole = written(path)
    store.keep_all(1, whole)
    with Journal.open(tmp_path / "other.journal") as other:
        for payload in whole[:17]:
            other.append_raw(payload)
        other.append(record(Random(99), 900))
        other.append(record(Random(99), 901))
        with pytest.raises(JournalError, match="they differ from record 18 on"):
            records_ahead(store, other)


def test_a_full_disk_rolls_back_and_it_goes_on_when_there_is_room(path: Path, tmp_path: Path) -> None:
    whole = written(path)
    store = HistoryStore.open(tmp_path / "home.sqlite", "house")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    store.keep_all(1, whole[:5])
    big = _long_story(path.with_name("long.journal"), whole[:5])
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(JournalError, match="is full: what did not fit was rolled back"):
            for number, payload in enumerate(big[5:], 6):
                store.keep(number, payload)
        kept = store.watermark
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert 5 < kept < 100
    assert list(store.payloads()) == list(enumerate(big[:kept], 1))
    assert store.keep_all(kept + 1, big[kept:]) == 100
    store.close()


def _long_story(path: Path, beginning: list[bytes]) -> list[bytes]:
    with Journal.open(path, durable="memory") as journal:
        for payload in beginning:
            journal.append_raw(payload)
        for number in range(len(beginning), 100):
            columns = encode_columns([("grid", f"load{name:016}", [(1, number)]) for name in range(700)])
            journal.append_raw(join(bytes.fromhex(journal.head), record_text(record(Random(number), number)), columns))
        return payloads(journal)


def test_a_database_of_a_newer_joulebus_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "home.sqlite"
    store = HistoryStore.open(path, "house")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(JournalError, match="was written by a newer joulebus"):
        HistoryStore.open(path, "house")


KEEPER = """
import sys
from pathlib import Path
from joulebus.historian.store import HistoryStore
from joulebus.journal.file import Journal
journal, store = Journal.view(Path(sys.argv[1])), HistoryStore.open(sys.argv[2], "house")
print("begun", flush=True)
for number in range(store.watermark + 1, journal.last_number + 1):
    print(store.keep(number, journal.raw(number)), flush=True)
"""


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_a_historian_that_is_killed_has_each_record_whole_or_not_at_all(path: Path, database: str, kills: int) -> None:
    whole = written(path, records=1000 * kills)
    for kill in range(kills):
        said = _kept_until_killed(path, database, lines=2 + 7 * kill)
        store = HistoryStore.open(database, "house")
        mark = store.watermark
        assert mark >= said
        assert list(store.payloads()) == list(enumerate(whole[:mark], 1))
        assert all(
            store.rows_between(number, number) == rows_of_record("house", number, whole[number - 1])
            for number in range(max(1, mark - 5), mark + 1)
        )
        store.close()
    store = HistoryStore.open(database, "house")
    with Journal.open(path) as journal:
        refill(store, journal)
        assert store.head == journal.head
    store.close()


def _kept_until_killed(path: Path, database: str, lines: int) -> int:
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, path, database],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )  # fmt: skip
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    assert said[0] == "begun\n", "it must live to be killed"
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    return max([int(line) for line in said if line.strip().isdigit() and line.endswith("\n")], default=0)


def test_a_committed_record_has_its_window_in_the_tables(path: Path, store: HistoryStore) -> None:
    whole = written(path)
    store.keep_all(1, whole)
    number, found = next((row["number"], row) for row in store.rows_between(3, 30)["record"] if row["kind"] == "committed")
    with Journal.view(path) as journal:
        told = next(journal.read(number))[1]
    assert isinstance(told, Committed)
    assert (found["start_tick"], found["ticks"], found["kind"]) == (told.window.start, told.window.ticks, "committed")
