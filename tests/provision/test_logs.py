"""The logs of a home's parts: bounded, whatever a part says, and read and followed over a rotation."""

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from joulebus.errors import RosterError
from joulebus.provision import HomePart
from joulebus.provision.local import LocalHome
from joulebus.provision.logs import LOG_BYTES_VARIABLE, older_log, read_log, rotate_logs
from joulebus.provision.process import Recipe
from joulebus.registry import BY_NAME, DEVICE
from tests.real.router import wait_until

LOG_BYTES = 20_000
TALKER = Recipe("talker", ("sh", "-c", "n=0; while :; do n=$((n+1)); echo $n; done"))
"""Says numbers for ever, as fast as it can."""
SLOW_TALKER = Recipe("talker", ("sh", "-c", "n=0; while :; do n=$((n+1)); echo $n is said at length; sleep 0.002; done"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHome]:
    """A home whose supervisor is this test."""
    monkeypatch.setenv(LOG_BYTES_VARIABLE, str(LOG_BYTES))
    made = LocalHome(tmp_path / "house", "house")
    yield made
    made.close()


def test_who_talks_for_ever_keeps_bounded_bytes(place: LocalHome) -> None:
    place.processes.start(TALKER)
    log = place.books / "logs" / "talker.log"
    inodes: set[int] = set()
    largest = 0
    for _ in range(400):
        place.look()
        largest = max(largest, log.stat().st_size)
        if older_log(log).exists():
            inodes.add(older_log(log).stat().st_ino)
        time.sleep(0.005)
    written = int(list(place.logs("talker", lines=2))[0])
    sizes = {path.name: path.stat().st_size for path in log.parent.iterdir()}
    assert sizes.keys() <= {"talker.log", "talker.log.1", "_zygote.log"}
    assert written * 5 > 10 * LOG_BYTES, "it has said much more than is kept"
    assert sum(sizes.values()) < written * 5 / 2 and largest < written * 5 / 4


def test_a_log_is_followed_over_a_rotation(place: LocalHome) -> None:
    place.processes.start(SLOW_TALKER)
    wait_until(lambda: (place.books / "logs" / "talker.log").stat().st_size > 100, "it talks")
    heard: list[int] = []

    def listen() -> None:
        for line in place.logs("talker", lines=0, follow=True):
            heard.append(int(line.split()[0]))

    listener = Thread(target=listen)
    listener.start()
    log = place.books / "logs" / "talker.log"
    rotations: set[int] = set()

    def three_rotations() -> bool:
        place.look()
        if older_log(log).exists():
            rotations.add(older_log(log).stat().st_mtime_ns)
        return len(rotations) == 3

    wait_until(three_rotations, "three rotations", 60)
    place.processes.stop(["talker"])
    place.forget("talker")
    listener.join(10)
    assert not listener.is_alive(), "who follows a log that is removed is done"
    gaps = [after - before for before, after in zip(heard, heard[1:], strict=False)]
    assert min(gaps) == 1 and sum(gap - 1 for gap in gaps) <= 3, "each line once; one may be lost while a log is cut"
    assert heard[-1] > 3 * LOG_BYTES / 30


def test_old_lines_are_read_behind_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG_BYTES_VARIABLE, "10")
    log = tmp_path / "oven.log"
    log.write_text("first\nsecond\n")
    rotate_logs(tmp_path)
    log.write_text("third\nhalf of it")
    assert list(read_log(log, 3, follow=False)) == ["second", "third", "half of it"]
    assert list(read_log(log, 0, follow=False)) == []
    rotate_logs(tmp_path)
    assert list(read_log(log, 9, follow=False)) == ["third", "half of it"]


def test_a_log_on_a_full_disk_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG_BYTES_VARIABLE, "10")
    log = tmp_path / "oven.log"
    log.write_text("what was said before\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))  # As on a full disk, nothing can be copied.
    try:
        rotate_logs(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert log.read_text() == "" and [path.name for path in tmp_path.iterdir()] == ["oven.log"]


def test_the_log_of_a_device_that_has_left_goes_and_that_of_one_that_rests_stays(place: LocalHome) -> None:
    oven = HomePart("oven", DEVICE, tuple(BY_NAME[DEVICE].argv({"name": "oven", "hears": ""})))
    place.start(oven)
    log = place.books / "logs" / "oven.log"
    wait_until(lambda: log.exists() and "no router at" in log.read_text(), "it says that it waits")
    place.stop("oven")
    assert list(place.logs("oven"))
    place.start(oven)
    place.forget("oven")
    with pytest.raises(RosterError, match="there is no log of oven in house"):
        list(place.logs("oven"))
    assert [path.name for path in (place.books / "logs").iterdir()] == ["_zygote.log"]
