"""A home whose historian has lost its database: time goes on, everybody is told how far behind it is, and in the end all is there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from joulebus.historian.store import HistoryStore
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from tests.stories.conftest import Live
from tests.stories.homes import ROOM
from tests.stories.living import UP_SECONDS_MAX, LivingHome

LIVED_TICKS = 20_000
"""Each a record."""
WORK_SECONDS, REST_SECONDS = 0.02, 0.18
"""How a slowed down historian lives: it has a tenth of the time that it would have, so that it is not done before it is looked at."""
KEEP = "history: {keep: {records: 1h, ticks: 3h}}\n"


def lived(home: LivingHome) -> None:
    """Its journal of half a day at 1x, and nothing else."""
    home.books.mkdir(parents=True)
    home.file.write_text(home.file.read_text() + KEEP)
    with Journal.open(home.journal_path, durable="memory") as journal:
        for _ in Home.from_file(load_home_file(home.file), journal).live(LIVED_TICKS, 1):
            pass


def database(home: LivingHome) -> Path:
    return home.books / "history.sqlite"


def watermark(home: LivingHome) -> int:
    """How far its historian is."""
    store = HistoryStore.view(database(home), home.name)
    try:
        return store.watermark
    finally:
        store.close()


@contextmanager
def slowed_down(home: LivingHome) -> Iterator[None]:
    """Whatever machine this is, its historian needs some seconds for a thousand records."""
    over = Event()

    def brake() -> None:
        while not over.wait(WORK_SECONDS):
            with suppress(KeyError, ProcessLookupError):
                home.freeze("historian")
                over.wait(REST_SECONDS)
                home.thaw("historian")

    braking = Thread(target=brake)
    braking.start()
    try:
        yield
    finally:
        over.set()
        braking.join()


def rebuilds_while_time_goes_on(home: LivingHome) -> None:
    """Far behind, and said so by the clock, by the historian's events, and by its health; and time does not wait."""
    kept = home.listen("historian", "kept")
    home.wait_until(lambda: home.ask("clock", "get")["historian_behind"] > 1_000, "it is known to be far behind")
    home.hear(lambda: kept, "it says how far it is")
    assert kept[-1][0][0]["behind"] > 1_000
    tick = home.tick()
    home.wait_until(lambda: home.ask("clock", "get")["historian_records_a_second"] > 0, "its rate is known")
    home.wait_until(lambda: says_that_it_is_behind(home), "its health says so")
    home.wait_for_tick(tick + 2)
    clock = home.ask("clock", "get")
    assert "historian" not in (clock["cause"] or "") and clock["historian_behind"] > 0, clock


def says_that_it_is_behind(home: LivingHome) -> bool:
    """What it answers when it is asked for its health; one that is slowed down may not answer in time."""
    status = home.ask("home", "status")["parts"]["historian"]
    return not status["ready"] and "records behind and keeps" in (status["cause"] or "")


@pytest.mark.slow
def test_time_goes_on_while_a_historian_is_rebuilt_and_killed_in_the_middle(live: Live) -> None:
    room = live("room", ROOM, "--speed", "2")
    lived(room)
    room.start()
    room.wait_until(lambda: "historian" in room.pids(), "there is a historian", UP_SECONDS_MAX)
    with slowed_down(room):
        room.wait_until_up()
        assert room.tick() >= LIVED_TICKS
        rebuilds_while_time_goes_on(room)
        before = watermark(room)
    room.kill9("historian")
    assert before < LIVED_TICKS, "it was killed in the middle"
    room.wait_until(lambda: watermark(room) > before, "it goes on where it was")
    room.wait_until(lambda: room.ask("clock", "get")["historian_behind"] == 0, "it has followed", 120)

    for file in room.books.glob("history.sqlite*"):
        file.unlink()
    room.kill9("historian")
    with slowed_down(room):
        rebuilds_while_time_goes_on(room)
    room.wait_until(lambda: room.ask("clock", "get")["historian_behind"] == 0, "it has followed again", 120)

    state = room.ask("historian", "state")
    assert state["records_a_second"] == 0
    room.wait_until(
        lambda: room.ask("historian", "state")["ticks_from_unix_seconds"] > state["start_unix_seconds"], "it thins as the file says"
    )
    room.ask("clock", "pause")
    room.wait_until(lambda: watermark(room) == room.last_number(), "it has everything")
    room.wait_until(lambda: room.ask("screen", "snapshot")["counted_from_tick"] == 0, "screens count from the first tick")
    outcomes = [record.outcomes for record in room.committed()]
    taken = sum(one["heater"].joules_in for one in outcomes)
    assert room.ask("historian", "totals")["devices"]["heater"]["joules_in"] == taken
    assert room.ask("screen", "snapshot")["energy"]["heater"]["joules_in"] == taken
    assert room.stop() == 0
    audit = room.joulebus("audit", str(database(room)), "--json")
    found = json.loads(audit.stdout)
    assert (audit.returncode, found["missing_joules"]) == (0, 0), audit.stdout + audit.stderr


@pytest.mark.slow
def test_after_ctrl_c_the_historian_has_all_that_was_settled(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out", "--window-seconds", "60").up()
    tick = room.tick()
    room.wait_for_tick(tick + 6_000)
    assert room.stop() == 0
    assert watermark(room) == room.last_number()


def test_the_first_question_of_a_screen_is_answered(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    room.wait_until(lambda: room.ask("screen", "snapshot")["summary"]["record"] > 3, "there is a picture")
    refused = {name: count for name, count in room.figures("historian").items() if "refused" in name and count}
    assert refused == {}
