"""The disk is full, or has changed what was written: time stands still and says why, and nothing is lost."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from joulebus.historian.store import HistoryStore
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome

DISK_BYTES = 8 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where the home called room keeps everything."""
    place = tmp_path / "state_of_room" / "room"
    place.mkdir(parents=True, mode=0o700)
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    owner = f"size={DISK_BYTES},mode=700,uid={os.getuid()},gid={os.getgid()}"
    subprocess.run([*as_root, "mount", "-t", "tmpfs", "-o", owner, "tmpfs", str(place)], check=True)
    yield place
    subprocess.run([*as_root, "umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room that is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    with pytest.raises(OSError) as refused, ballast.open("ab", buffering=0) as file:
        file.write(bytes(8192))
        file.write(bytes(8192))
    assert refused.value.errno == errno.ENOSPC
    return ballast


def historian_has_all(home: LivingHome) -> bool:
    """Whether the database is where the journal is."""
    store = HistoryStore.view(home.books / "history.sqlite")
    try:
        return store.watermark == home.last_number()
    finally:
        store.close()


def test_on_a_full_disk_time_stands_still_says_why_and_goes_on_when_there_is_room(live: Live, small_disk: Path) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    blocked = room.listen("inverter", "blocked")
    room.wait_for_tick(900)
    ballast = fill(small_disk)
    room.hear(lambda: blocked, "the cause is said")
    clock = room.ask("clock", "get")
    assert "disk" in clock["cause"] and "full" in clock["cause"], clock
    room.wait_until(lambda: clock["cause"] in room.said, "the supervisor says it, too")
    before = room.pids()["heater"]
    os.kill(before, 9)
    tick = room.tick()
    room.wait_until(lambda: len(blocked) >= 2, "it is said again")
    assert room.tick() == tick
    ballast.unlink()
    room.wait_for_tick(tick + 1_800)
    room.wait_until(lambda: room.pids()["heater"] != before, "the heater is there again")
    room.wait_until(lambda: room.ask("clock", "get")["cause"] is None, "nothing is waited for")
    assert "the clock goes on at tick" in room.said
    assert room.stop() == 0
    assert len(room.seals()) >= 2
    assert room.seals() == replayed(room)
    assert room.start("--speed", "flat_out", "--for", "15m").ended() == 0
    assert historian_has_all(room)


def damaged(path: Path, offset: int) -> None:
    """One bit of a file, counted from its end when negative, is another."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


@pytest.mark.slow
def test_a_damaged_journal_heals_from_its_end_and_is_named_in_its_middle(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out", "--window-seconds", "300", "--for", "1h")
    assert room.start().ended() == 0
    lived = room.seals()
    os.truncate(room.journal_path, room.journal_path.stat().st_size - 7)
    assert room.start().ended() == 0
    damaged(room.journal_path, -9)
    assert room.start("--no-historian").ended() == 0
    assert room.seals()[:4] == lived
    assert room.seals() == replayed(room)
    assert len(room.seals()) >= 11
    number = len(room.records()) // 2
    damaged(room.journal_path, room.journal_path.stat().st_size // 2)
    assert room.start().ended() == 2
    assert room.said.startswith("joulebus: each record of a journal must be whole") and room.said.count("\n") == 1
    audit = room.joulebus("audit", str(room.journal_path))
    assert audit.returncode == 1
    named = room.said.partition(" at byte ")[0].rpartition(" ")[2]
    assert f"record {named}" in audit.stdout
    assert abs(int(named) - number) < number // 2
    os.rename(room.journal_path, room.books / "journal.damaged")
    assert room.start().ended() == 0
    assert room.seals()[:4] == lived
    assert room.seals() == replayed(room)
