"""Compaction: smaller files that say the same, whatever happens while they are made."""

import lzma
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from joulebus.audit import audit, audit_thoroughly
from joulebus.audit.reported import check_report
from joulebus.errors import JournalError
from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.home.upkeep import Upkeep
from joulebus.journal.archive import archive
from joulebus.journal.compaction import compact_all, merged
from joulebus.journal.file import Journal
from joulebus.journal.frames import MAGIC, NO_HASH, join, packed_frame, split
from joulebus.journal.rotation import next_of
from joulebus.journal.segments import folder_of, frames_of
from joulebus.planning.planned import PlanOrder, begin_fork, fork_at, go_on
from joulebus.report import read_rows, report_of
from joulebus.report.files import report_json, write_json
from joulebus_core import decode_columns
from joulebus_schemas.journal import Changed, Committed
from tests.journal.grown import EPOCH_TICKS, ROOT, TICK_SECONDS, flat, gone_on, grown, live, seals, true_seals
from tests.journal.real_homes import live as lived


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal in several files, none of which was compacted."""
    return grown(tmp_path_factory.mktemp("raw") / "journal.bin")


@pytest.fixture(scope="module")
def compacted(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after its compaction."""
    path = copied(raw, tmp_path_factory.mktemp("compacted"))
    compact_all(path)
    return path


def copied(path: Path, folder: Path) -> Path:
    """A copy of a journal with its files."""
    shutil.copytree(path.parent, folder, dirs_exist_ok=True)
    return folder / path.name


def told(path: Path) -> list[Any]:
    """All records with their columns."""
    with Journal.view(path) as journal:
        return [(record, columns) for _, record, columns in journal.read()]


def seconds(path: Path) -> dict[tuple[int, str, str], int]:
    """Joules by tick and pair."""
    found = {}
    for record, columns in told(path):
        if isinstance(record, Committed):
            for giver, taker, runs in decode_columns(columns):
                values = [joules for count, joules in runs for _ in range(count)]
                found |= {(tick, giver, taker): joules for tick, joules in enumerate(values, record.window.start) if joules}
    return found


def test_every_tick_every_seal_and_every_change_is_still_there(raw: Path, compacted: Path) -> None:
    assert seconds(compacted) == seconds(raw)
    for path in (raw, compacted):
        assert seals(path) == true_seals(100)
    changes = [[record for record, _ in told(path) if isinstance(record, Changed)] for path in (raw, compacted)]
    assert changes[0] == changes[1] != []
    with Journal.view(raw) as one, Journal.view(compacted) as other:
        assert (one.last_number, one.head) == (other.last_number, other.head)


def test_an_epoch_in_which_nothing_changes_is_one_record(compacted: Path) -> None:
    windows = [record for record, _ in told(compacted) if isinstance(record, Committed) and record.compacted]
    assert any(record.window.ticks == EPOCH_TICKS for record in windows)
    assert all(record.window.ticks <= EPOCH_TICKS for record in windows)
    starts = {record.window.start for record in windows}
    assert starts >= {20, 38, 67, 80}, "windows are not joined where a change begins to hold"


def test_sums_of_a_compacted_record_are_those_of_its_windows(raw: Path, compacted: Path) -> None:
    single = {record.window.start: record for record, _ in told(raw) if isinstance(record, Committed)}
    for record in (record for record, _ in told(compacted) if isinstance(record, Committed)):
        parts = [single[tick] for tick in range(record.window.start, record.window.end)]
        for name, outcome in record.outcomes.items():
            assert outcome.joules_in == sum(part.outcomes[name].joules_in for part in parts)
            assert outcome.heat_microjoules == parts[-1].outcomes[name].heat_microjoules
        assert sum(record.flows.values()) == sum(joules for part in parts for joules in part.flows.values())


def test_the_audit_finds_no_difference(raw: Path, compacted: Path) -> None:
    for check in (audit, audit_thoroughly):
        one, other = check(raw), check(compacted)
        assert one.is_sound and other.is_sound
        assert (one.accounts, one.head, one.head_seal, one.ticks) == (other.accounts, other.head, other.head_seal, other.ticks)


def test_a_report_says_the_same_to_the_second(raw: Path, compacted: Path, tmp_path: Path) -> None:
    one, other = report_of(raw), report_of(compacted)
    assert report_json(one, "quarter") == report_json(other, "quarter")
    pieces = [list(read_rows(path, one, "tick")) for path in (raw, compacted)]
    for name in pieces[0][0].columns:
        rows = [np.concatenate([piece.columns[name] for piece in found]) for found in pieces]
        assert len(rows[0]) == 100
        assert (rows[0] == rows[1]).all(), name
    write_json(tmp_path / "report.json", report_json(other, "hour"))
    assert check_report(compacted, tmp_path / "report.json") == check_report(raw, tmp_path / "report.json") == []


@pytest.mark.parametrize("tick", [0, 7, 15, 22, 44, 55, 68, 99])
def test_a_fork_in_the_middle_of_compacted_windows_lives_again_from_their_start(compacted: Path, tmp_path: Path, tick: int) -> None:
    fork = fork_at(compacted, flat().start_unix_seconds + tick * TICK_SECONDS)
    begin_fork(fork, tmp_path / "fork", PlanOrder(end_tick=tick, from_tick=tick))
    go_on(tmp_path / "fork")
    path = tmp_path / "fork" / "journal.bin"
    assert audit(path).ticks == tick
    assert seconds(path) == {key: joules for key, joules in seconds(compacted).items() if key[0] < tick}


def test_a_file_that_was_changed_after_its_compaction_is_found(raw: Path, tmp_path: Path) -> None:
    path = copied(raw, tmp_path)
    compact_all(path)
    gone_on(path, 140)  # The next file pins those that were compacted.
    with Journal.view(path) as journal:
        victim = journal.segments()[1]
    data, swapped = bytearray(MAGIC), 0
    for frame in frames_of(victim.path):
        previous, text, columns = split(frame.payload)
        other = text.replace(b'"import_joules":', b'"import_joules":1') if b"compacted" in text else text
        swapped += other != text
        data += packed_frame(join(previous, other, columns))
    victim.path.write_bytes(lzma.compress(data))
    assert swapped
    assert any("was changed after its compaction" in finding.text for finding in audit(path).findings)


def test_records_in_the_words_of_an_older_version_are_merged(tmp_path: Path) -> None:
    path = tmp_path / "home.journal"
    with Journal.view(lived(tmp_path / "new.journal", 4, (20,) * 60)) as journal:
        frames, number, head, data = list(journal.frames()), 0, NO_HASH, bytearray(MAGIC)
    for frame in frames:
        _, text, columns = split(frame.payload)
        payload = join(head, text.replace(b'"form":"run_lengths",', b"").replace(b'"run_lengths":', b'"runs":'), columns)
        head, data, number = sha256(payload).digest(), data + packed_frame(payload), number + (b'"runs":' in payload)
    path.write_bytes(data)
    assert number > 10
    found = list(merged(frames_of(path)))
    assert len(found) < len(frames) * 2 // 3
    assert (found[-1].number, found[-1].head) == (len(frames), head)


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file of this process may grow beyond: what a full disk says, without a disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_files(raw: Path, tmp_path: Path) -> None:
    path = copied(raw, tmp_path)
    before = told(path)
    with small_files(1_000), pytest.raises(JournalError, match="needs room for a smaller file beside it.*nothing is lost"):
        compact_all(path)
    assert told(path) == before
    assert not list(folder_of(path).glob("new.*"))
    assert compact_all(path)
    assert seals(path) == true_seals(100)


def test_time_goes_on_when_no_new_file_can_be_begun(raw: Path, tmp_path: Path) -> None:
    path = copied(raw, tmp_path)
    with Journal.open(path, durable="memory") as journal:
        home = Home.of_keeper(wake(journal))
        first, upkeep = journal.open_first, Upkeep(home.keeper, 5_000)
        next_of(path).mkdir()  # It is in the way.
        for _ in live(home, 140, upkeep):
            pass
        assert journal.open_first == first
        assert upkeep.trouble is not None and "was not written" in upkeep.trouble
        next_of(path).rmdir()
        for _ in live(home, 160, upkeep):
            pass
        assert journal.open_first > first
        assert upkeep.trouble is None
    assert seals(path) == true_seals(160)


def test_killed_at_random_moments_a_home_keeps_the_same_books(tmp_path: Path) -> None:
    path, random, kills = tmp_path / "journal.bin", Random(5), 0
    grown(path, 5)
    while True:
        process = subprocess.Popen([sys.executable, "-m", "tests.journal.liver", path, "1500"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        with process.stdout:
            process.stdout.readline()
            try:
                process.wait(timeout=random.random() * 0.2 * (1 + kills / 4))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        kills += 1
        if process.wait() == 0:
            break
    assert kills > 5
    compact_all(path)
    assert audit(path).is_sound and audit(path).ticks == 1_500
    assert seals(path) == true_seals(1_500)


STOPS = ("open", "write", "pwrite", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "mkdir")


def stop_after(operations: int) -> None:
    """Let this process die after so many operations on files; a write that is the last one is cut off in the middle."""
    left = [operations]

    def stopping(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0 and name in ("write", "pwrite"):
                operation(words[0], bytes(words[1])[: len(words[1]) // 2], *words[2:])
            if left[0] < 0:
                os._exit(9)
            return operation(*words, **more)

        return run

    for name in STOPS:
        setattr(os, name, stopping(name, getattr(os, name)))


def killed(work: Callable[[], object], operations: int) -> bool:
    """Do something in a process that dies after so many operations on files; False when it needed no more than that."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            stop_after(operations)
            work()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def change_files(path: Path) -> None:
    """A home lives on until it has begun another file."""
    with Journal.open(path) as journal:
        home = Home.of_keeper(wake(journal))
        first = journal.open_first
        for _ in live(home, 1_000, Upkeep(home.keeper, 5_000)):
            if journal.open_first != first:
                return


WORKS: dict[str, Callable[[Path], object]] = {
    "compaction": compact_all,
    "change of files": change_files,
    "archive": lambda path: archive(path, path.parent / "archive"),
}


@pytest.mark.parametrize("what", WORKS)
def test_killed_after_any_operation_nothing_is_lost_and_nothing_twice(tmp_path: Path, what: str) -> None:
    begun = grown(tmp_path / "begun" / "journal.bin", 40)
    if what == "archive":
        compact_all(begun)
    operations = 0
    while True:
        path = copied(begun, tmp_path / f"{operations}")
        is_killed = killed(lambda path=path: WORKS[what](path), operations)  # type: ignore[misc]
        if (path.parent / "archive").exists():
            for file in (path.parent / "archive").glob("0*"):
                shutil.copy(file, folder_of(path))
        gone_on(path, 60)
        compact_all(path)
        assert seals(path) == true_seals(60)
        assert audit(path).is_sound and audit(path).ticks == 60
        assert {file.name for file in path.parent.iterdir()} <= {"journal.bin", "journal.bin.segments", "archive"}
        assert not list(folder_of(path).glob("new.*")) and len(list(folder_of(path).glob("*.journal"))) == 0
        if not is_killed:
            break
        operations += 1
    assert operations > 8
