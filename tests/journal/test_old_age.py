"""Fifty years of life, in memory: no number, name or date is too large, and what the past costs does not grow with it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from joulebus.errors import PropertyError
from joulebus.historian import tables
from joulebus.historian.history import Facts, HistoryReader, span_of
from joulebus.historian.lasting import LastingRecords
from joulebus.historian.rows import record_row
from joulebus.historian.store import HistoryStore
from joulebus.home.epochs import epoch_end
from joulebus.home.restart import checkpoint_of, wake
from joulebus.home.round import Home, new_birth
from joulebus.homefile.history import Retention
from joulebus.journal.file import Journal, parse, record_text
from joulebus.journal.frames import NO_HASH, join, split
from joulebus.journal.segments import RAW, Segment, segment_name, segment_of
from joulebus.services.past import Past
from joulebus_core import Ledger, encode_columns
from joulebus_schemas import history as words
from joulebus_schemas.journal import Born, Changed
from joulebus_schemas.roster import Change
from tests.journal.grown import flat

YEARS = 50
DAY = 86_400
TICK_SECONDS = 60
TICKS = YEARS * 365 * DAY // TICK_SECONDS
RECORDS = YEARS * 365 * DAY
"""At real time with ticks of a second, each settlement is a record."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal whose open file begins fifty years after its home."""
    path = tmp_path / "journal.bin"
    with Journal.open(tmp_path / "young.bin", durable="memory") as young:
        young.append(new_birth(flat()))
        keeper = wake(young)
        for _ in Home.of_keeper(keeper).live(epoch_end(keeper.born, 0), 15):
            pass
        record = checkpoint_of(keeper, RECORDS, ()).model_copy(update={"next_tick": TICKS})
        columns = aged(keeper.ledger, keeper.born, TICKS)
    with Journal.open(path, durable="memory") as journal:
        record = record.model_copy(update={"head_seal": Ledger.restore(columns).head})
        journal.append_raw(join(NO_HASH, record_text(record), columns))
    return path


def aged(ledger: Ledger, born: Born, tick: int) -> bytes:
    """The memory of a ledger in which nothing has moved for fifty years."""
    old = Ledger(born.home, born.start_unix_seconds, born.tick_seconds)
    at = 0
    while at < tick:
        ticks = min(DAY, tick - at)
        old.post(at, ticks, encode_columns([]))
        at += ticks
    return old.snapshot()


def test_a_home_of_fifty_years_goes_on_is_kept_and_answers(path: Path, tmp_path: Path) -> None:
    with Journal.open(path, durable="memory") as journal:
        home = Home.of_keeper(wake(journal))
        for _ in home.live(DAY // TICK_SECONDS, 15):
            pass
        assert journal.last_number > RECORDS and home.keeper.next_tick > TICKS
        store = HistoryStore.open(tmp_path / "history.sqlite", "flat")
        for frame in journal.frames(journal.first_number):
            store.keep_all(frame.first, [frame.payload])
    facts = HistoryReader(store.engine, "flat").facts()
    assert datetime.fromtimestamp(facts.end_unix_seconds, UTC).year >= 2026 + YEARS - 1
    energy = Past(store.engine, "flat").energy(words.AskEnergy(resolution="1h"))
    assert sum(sum(values) for values in energy.series.values()) > 0
    thinner = store.thinner(Retention(records=3_600, ticks=3_600, minutes=7_200))
    while thinner.slice():
        pass
    assert Past(store.engine, "flat").energy(words.AskEnergy(resolution="1h")).series == energy.series
    store.close()


@pytest.mark.parametrize("resolution", ["auto", "month", "year"])
def test_fifty_years_are_answered_in_one_message(resolution: str) -> None:
    facts = Facts(1_781_992_800, 1, "Europe/Brussels", RECORDS, 1_781_992_800 + RECORDS, 1_781_992_800 + RECORDS, 0, 0)
    asked = span_of(facts, facts.start_unix_seconds, None, resolution, words.HISTORY_POINTS_MAX)
    assert len(asked.edges) - 1 <= words.HISTORY_POINTS_MAX
    with pytest.raises(PropertyError, match="at most 2,000 points"):
        span_of(facts, facts.start_unix_seconds, None, "day", words.HISTORY_POINTS_MAX)


def test_files_of_fifty_years_have_names_in_order() -> None:
    names = [segment_name(first, first + 9_000, RAW) for first in (1, 9_999_999, RECORDS, 10 * RECORDS)]
    found = [segment_of(Path(name)) for name in names]
    assert found == [Segment(one.first, one.first + 9_000, one.path) for one in found if one is not None] and None not in found
    assert sorted(names) == names


def test_changes_of_fifty_years_cost_one_reading(tmp_path: Path) -> None:
    store, changes = HistoryStore.open(tmp_path / "history.sqlite", "flat"), 2 * 365 * YEARS
    birth = new_birth(flat())
    with Journal.open(tmp_path / "home.bin", durable="memory") as journal:
        journal.append(birth)
        payload = journal.raw(1)
    store.keep(1, payload)
    with store.engine.begin() as connection:
        for first in range(2, changes + 2, 10_000):
            numbers = range(first, min(first + 10_000, changes + 2))
            connection.execute(tables.record.insert(), [switched(number, payload) for number in numbers])
    told = LastingRecords("flat")
    with store.engine.begin() as connection:
        once = cpu_seconds(lambda: told.read(connection, changes + 1))
        told.fold(changes - 5)
        assert len(told) < 10
        assert cpu_seconds(lambda: list(told.since(changes))) < once / 50
        assert cpu_seconds(lambda: told.read(connection, changes + 1)) < once / 50
    [born, *_] = told.since(changes)
    assert isinstance(born, Born) and born.members["tv"].on == bool(changes % 2)
    store.close()


def switched(number: int, birth: bytes) -> dict[str, object]:
    """A row of a record in which somebody switches the TV."""
    record = Changed(record="changed", changes=(Change(device="tv", from_tick=number - 1, on=bool((number - 1) % 2)),))
    payload = join(birth[:32], record_text(record), b"")
    return record_row("flat", number, payload, parse(split(payload)[1]))


def cpu_seconds(work: Callable[[], object]) -> float:
    """What it costs."""
    began = time.process_time()
    work()
    return time.process_time() - began
