"""The historian of a living home, with PostgreSQL: it misses nothing, and time does not run away from it."""

from collections.abc import Iterator

import pytest

from joulebus.historian.store import HistoryStore
from joulebus.journal.file import Journal
from tests.journal.conftest import fresh
from tests.journal.postgres import running_postgres
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome

LEAD = 8


@pytest.fixture
def store_url() -> Iterator[str]:
    """A new database on a real server."""
    with running_postgres() as server:
        yield fresh(server).replace("postgresql:", "postgresql+psycopg:")


def watermark(url: str) -> int:
    """How far the historian is."""
    store = HistoryStore.view(url, "room")
    try:
        return store.watermark
    finally:
        store.close()


def hashes(url: str, home: LivingHome) -> tuple[list[str], list[str]]:
    """Of all records: those of the journal, and those of the database."""
    store = HistoryStore.view(url, "room")
    with Journal.view(home.journal_path) as journal:
        numbers = [frame.number for frame in journal.frames()]  # Those in the middle of compacted ones have no hash any more.
        try:
            return [journal.hash_of(number) for number in numbers], [store.hash_of(number) for number in numbers]
        finally:
            store.close()


@pytest.mark.slow
def test_postgresql_follows_a_living_home_and_time_waits_for_it(live: Live, store_url: str) -> None:
    room = live("room", ROOM, "--speed", "600", "--store", store_url).up()
    blocked = room.listen("inverter", "blocked")
    room.wait_for_tick(900)
    room.kill9("historian")
    room.wait_for_tick(room.tick() + 1_800)
    assert watermark(store_url) >= room.last_number() - LEAD
    room.freeze("historian")
    blocked.clear()  # A new historian takes a while to come, too.
    room.hear(lambda: blocked and blocked[-1][0][0]["waits_for"] == ["historian"], "time waits for the historian", 60)
    tick, kept = room.tick(), watermark(store_url)
    assert room.last_number() - kept == LEAD
    clock = room.ask("clock", "get")
    assert clock["cause"] == f"waiting for the historian at tick {tick}: it is {LEAD} records behind"
    room.thaw("historian")
    room.wait_for_tick(tick + 1_800)
    room.ask("clock", "pause")
    room.wait_until(lambda: watermark(store_url) == room.last_number(), "the historian has everything")
    of_journal, of_database = hashes(store_url, room)
    assert of_journal == of_database
    assert room.stop() == 0
    assert room.seals() == replayed(room)
    audit = room.joulebus("audit", store_url)
    assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
    again = room.joulebus("up", str(room.file), "--headless", "--store", store_url, "--fresh")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "records of room: give another database or schema" in again.stderr
    room.journal_path.unlink()
    assert room.start("--speed", "flat_out", "--for", "15m").ended() == 0
    assert [record.window.start for record in room.committed()][0] == 0
    assert room.seals() == replayed(room)
