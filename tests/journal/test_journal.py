"""The journal: what it promised is there, what was cut off is healed, what was damaged is located."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random

import pytest

from joulebus.errors import JournalError
from joulebus.journal.file import Journal, OvertakenError, record_text
from joulebus.journal.frames import DamageError, join, packed_frame
from joulebus_schemas.journal import Woken
from tests.journal.records import BORN, payloads, record, story, written

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.journal"


def test_what_is_read_is_what_was_written(path: Path) -> None:
    told = story(seed=3, records=50)
    with Journal.open(path) as journal:
        numbers = [journal.append(record, columns) for record, columns in told]
    with Journal.open(path) as journal:
        assert numbers == list(range(1, 51))
        assert [(record, columns) for _, record, columns in journal.read()] == told
        assert [number for number, _, _ in journal.read(40)] == list(range(40, 51))
        assert journal.hash_of(50) == journal.head


def test_a_new_journal_has_no_record_and_a_head_of_zeros(path: Path) -> None:
    with Journal.open(path) as journal:
        assert (journal.last_number, journal.head, list(journal.read())) == (0, "0" * 64, [])


def test_only_one_process_writes(path: Path) -> None:
    with Journal.open(path), pytest.raises(JournalError, match="only one process may write"):
        Journal.open(path)
    Journal.open(path).close()


def test_who_is_overtaken_where_the_file_system_keeps_no_lock_writes_no_more(path: Path) -> None:
    with Journal.open(path) as first:
        first.append(BORN)
        path.write_bytes(path.read_bytes() + packed_frame(join(first._hash, record_text(Woken(generation=2)), b"")))
        with pytest.raises(OvertakenError, match="another one has appended [0-9]+ bytes: this one ends"):
            first.append(Woken(generation=1))
    with Journal.view(path) as journal:
        assert [record for _, record, _ in journal.read()] == [BORN, Woken(generation=2)], "what the other one wrote is unharmed"


def test_a_reader_reads_while_the_writer_writes(path: Path) -> None:
    with Journal.open(path) as writer:
        writer.append(BORN)
        with Journal.view(path) as reader:
            writer.append(Woken(generation=1))
            assert payloads(reader) == payloads(writer)[:1]
        with path.open("ab") as file:
            file.write(b"half a frame")
        with Journal.view(path) as reader:
            assert (reader.last_number, reader.torn_bytes) == (2, 12)
        assert path.read_bytes().endswith(b"half a frame")


@pytest.mark.parametrize("seed", range(10))
def test_a_journal_that_was_cut_off_anywhere_goes_on_after_its_last_whole_record(path: Path, seed: int) -> None:
    whole, random = written(path, seed), Random(seed)
    data = path.read_bytes()
    for _ in range(35):
        left = random.randrange(len(data))
        path.write_bytes(data[:left])
        with Journal.open(path, durable="memory") as journal:
            have = payloads(journal)
            assert have == whole[: len(have)]
            assert journal.torn_bytes == left - (path.stat().st_size if left >= 19 else 0)
            for payload in whole[len(have) :]:
                journal.append_raw(payload)
        assert path.read_bytes() == data


@pytest.mark.parametrize("seed", range(10))
def test_a_flipped_bit_is_located_or_cut_off_with_the_last_record(path: Path, seed: int) -> None:
    whole, random = written(path, seed), Random(seed)
    data = path.read_bytes()
    starts = _starts(path)
    for _ in range(35):
        place = random.randrange(len(data))
        path.write_bytes(_flipped(data, place, random.randrange(8)))
        hit = sum(start <= place for start in starts)
        if hit == len(starts):
            with Journal.open(path, durable="memory") as journal:
                assert (payloads(journal), journal.torn_bytes) == (whole[:-1], len(data) - starts[-1])
        elif hit == 0:
            with pytest.raises(JournalError, match="is not a journal of this joulebus"):
                Journal.open(path)
        else:
            with pytest.raises(DamageError) as damage:
                Journal.open(path)
            assert (damage.value.number, damage.value.offset) == (hit, starts[hit - 1])
            assert f"record {hit} at byte {starts[hit - 1]}" in str(damage.value)


def test_a_tail_of_zeros_or_noise_is_cut_off(path: Path) -> None:
    whole = written(path)
    data = path.read_bytes()
    for tail in (bytes(4096), b"\xff" * 100, Random(1).randbytes(5000), b'{"record":"' * 100):
        path.write_bytes(data + tail)
        with Journal.open(path) as journal:
            assert (payloads(journal), journal.torn_bytes) == (whole, len(tail))
        assert path.read_bytes() == data


def test_a_record_taken_out_or_moved_is_located(path: Path) -> None:
    written(path)
    data, starts = path.read_bytes(), _starts(path)
    fifth, sixth = data[starts[4] : starts[5]], data[starts[5] : starts[6]]
    stories = {
        "removed": (data[: starts[4]] + data[starts[5] :], 5),
        "moved": (data[: starts[4]] + sixth + fifth + data[starts[6] :], 5),
        "doubled": (data[: starts[5]] + fifth + data[starts[5] :], 6),
    }
    for what, (bent, number) in stories.items():
        path.write_bytes(bent)
        with pytest.raises(DamageError, match=f"record {number} .*does not follow"):
            Journal.open(path)
        assert what


def test_a_file_that_is_no_journal_is_refused_and_left_alone(path: Path) -> None:
    for data in (b"PK\x03\x04 a zip", b"joulebus journal 2\n" + bytes(100), b"x"):
        path.write_bytes(data)
        with pytest.raises(JournalError, match="is not a journal of this joulebus"):
            Journal.open(path)
        assert path.read_bytes() == data


def test_a_record_that_does_not_follow_is_not_taken(path: Path) -> None:
    whole = written(path)
    with Journal.open(path) as journal:
        with pytest.raises(JournalError, match="must follow"):
            journal.append_raw(whole[4])
        assert payloads(journal) == whole


def test_what_could_not_be_read_back_is_not_written(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append(BORN)
        unreadable = record(Random(1), 0).model_copy(update={"flows": {"grid>oven": -1}})
        with pytest.raises(AssertionError, match="must be readable"):
            journal.append(unreadable)
        assert journal.last_number == 1


@contextmanager
def limited_files(place: Path) -> Iterator[Callable[[], object]]:
    """No file of this process may grow beyond 20,000 bytes, until room is made."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_file_system(place: Path) -> Iterator[Callable[[], object]]:
    """A file system of 256 KiB, in which a file that is in the way can be deleted."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], check=True)
    ballast = place / "ballast"
    ballast.write_bytes(bytes(100_000))
    yield ballast.unlink
    subprocess.run(["umount", "--lazy", place], check=True)


FULL_DISKS = [limited_files, *([small_file_system] if os.geteuid() == 0 else [])]
"""Only root can mount; the other needs nobody's permission."""


@pytest.mark.parametrize("full_disk", FULL_DISKS)
def test_a_full_disk_takes_nothing_half_and_goes_on_when_there_is_room(
    tmp_path: Path, full_disk: Callable[[Path], AbstractContextManager[Callable[[], object]]]
) -> None:
    random = Random(1)
    path = tmp_path / "disk" / "home.journal"
    path.parent.mkdir()
    with full_disk(path.parent) as make_room, Journal.open(path) as journal:
        journal.append(BORN)
        with pytest.raises(JournalError, match="the disk is full.*was not written.*make room"):
            while True:
                journal.append(record(random, journal.last_number), random.randbytes(3000))
        have, size = payloads(journal), path.stat().st_size
        refused = record(random, journal.last_number)
        with pytest.raises(JournalError, match="the disk is full"):
            journal.append(refused, bytes(20_000))
        assert path.stat().st_size == size
        make_room()
        journal.append(refused, bytes(20_000))
        with Journal.view(path) as reader:
            assert (payloads(reader)[:-1], reader.torn_bytes) == (have, 0)


def test_nothing_that_was_acknowledged_is_lost_when_the_writer_is_killed(path: Path) -> None:
    heads: dict[int, str] = {}
    for kill in range(20):
        heads |= _acknowledged(path, kill)
        with Journal.view(path) as journal:
            assert {number: journal.hash_of(number) for number in heads} == heads
    assert len(heads) > 20


def _acknowledged(path: Path, seed: int) -> dict[int, str]:
    """What a writer said was durable before it was killed after some records."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("writer.py"), path, str(seed)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )  # fmt: skip
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(1 + Random(seed).randrange(30))]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    return {int(line.split()[0]): line.split()[1] for line in said if line.endswith("\n")}


def test_a_hundred_thousand_records_open_within_seconds(path: Path) -> None:
    text = record_text(record(Random(1), 0))
    with Journal.open(path, durable="memory") as journal:
        for _ in range(100_000):
            journal.append_raw(join(bytes.fromhex(journal.head), text, b"columns"))
    begun = time.process_time()
    with Journal.open(path) as journal:
        assert journal.last_number == 100_000
    assert time.process_time() - begun < 4


def _starts(path: Path) -> list[int]:
    with Journal.view(path) as journal:
        return list(journal._offsets)


def _flipped(data: bytes, place: int, bit: int) -> bytes:
    bent = bytearray(data)
    bent[place] ^= 1 << bit
    return bytes(bent)
