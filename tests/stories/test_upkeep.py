"""The journal of a living home in small files: closed, compacted, moved away, while it lives, is killed and is followed."""

import json
from pathlib import Path

import pytest

from joulebus.historian.store import HistoryStore
from joulebus.journal.segments import folder_of, segments_in
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome

FILE_BYTES = "30000"


def compacted(home: LivingHome) -> list[Path]:
    """Its compacted files."""
    return [segment.path for segment in segments_in(folder_of(home.journal_path)) if segment.is_compact]


def kept(home: LivingHome) -> int:
    """How far its historian is."""
    store = HistoryStore.view(home.books / "history.sqlite", home.name)
    try:
        return store.watermark
    finally:
        store.close()


def test_a_home_whose_journal_is_compacted_and_moved_away_lives_on(live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOULEBUS_SEGMENT_BYTES", FILE_BYTES)
    room = live("room", ROOM, "--speed", "600").up()
    room.wait_until(lambda: len(compacted(room)) >= 2, "two files are compacted", 90)
    room.kill9("inverter")
    tick = room.committed_ticks()
    room.wait_until(lambda: room.committed_ticks() > tick + 100, "time goes on")
    room.ask("heater", "set", power_watts=700)
    room.wait_until(lambda: len(compacted(room)) >= 4, "two more are", 90)
    room.kill9("historian")
    tick = room.tick()
    room.wait_for_tick(tick + 1_800)
    room.ask("clock", "pause")
    room.wait_until(lambda: kept(room) == room.last_number(), "the historian has everything")
    assert room.stop() == 0
    assert room.seals() == replayed(room)
    for source in (room.books, room.books / "history.sqlite"):
        audit = room.joulebus("audit", str(source))
        assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
    before = room.last_number()
    whole = json.loads(room.joulebus("report", room.name, "--json").stdout)

    for file in room.books.glob("history.sqlite*"):
        file.unlink()
    assert room.start("--for", "15m", "--speed", "flat_out").ended() == 0
    assert kept(room) >= before
    assert room.joulebus("audit", str(room.books / "history.sqlite")).returncode == 0

    moved = room.joulebus("journal", "archive", room.name, "--to", str(tmp_path / "archive"))
    assert (moved.returncode, "files were moved" in moved.stdout) == (0, True), moved.stderr
    assert not compacted(room)
    assert "records 1 to" in room.joulebus("journal", "files", room.name).stdout
    before = room.last_number()
    assert room.start("--for", "15m", "--speed", "flat_out").ended() == 0
    assert room.last_number() > before
    audit = room.joulebus("audit", str(room.journal_path))
    assert (audit.returncode, "were moved away and not audited" in audit.stdout) == (0, True), audit.stdout + audit.stderr
    assert room.joulebus("audit", str(tmp_path / "archive")).returncode == 0
    part = json.loads(room.joulebus("report", room.name, "--json").stdout)
    assert part["from_unix_seconds"] > whole["from_unix_seconds"]
    begun = room.joulebus("report", room.name, "--from", "2020-01-01T00:00Z")
    assert "were moved away: put their files back" in begun.stderr
