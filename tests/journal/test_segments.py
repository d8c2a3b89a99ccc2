"""A journal in files that follow each other: the same records and seals, restarts from the last checkpoint, files that were moved away."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from joulebus.audit import audit, audit_thoroughly
from joulebus.errors import JournalError, ReportError
from joulebus.home.restart import checkpoint_of, wake
from joulebus.home.round import Home, new_birth
from joulebus.journal.archive import archive
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.journal.recovery import Recovered, recover
from joulebus.journal.rotation import next_of
from joulebus.journal.segments import folder_of
from joulebus.planning.planned import PlanOrder, begin_fork, fork_at, go_on
from joulebus.report import ReportSpan, report_of
from joulebus.report.result import Report
from joulebus_core import Ledger
from joulebus_schemas.journal import Checkpoint
from tests.journal.grown import EPOCH_TICKS, TICK_SECONDS, flat, gone_on, grown, live, seals, true_seals


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of a hundred windows in several files, compacted; nobody writes to it."""
    path = grown(tmp_path_factory.mktemp("long") / "journal.bin")
    compact_all(path)
    return path


@pytest.fixture
def path(long: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as one likes."""
    shutil.copytree(long.parent, tmp_path / "run")
    return tmp_path / "run" / "journal.bin"


def same(one: Recovered, other: Recovered) -> bool:
    """Whether a home would go on from both alike."""
    names = [field.name for field in fields(Recovered) if field.name not in ("ledger", "number", "ever")]
    kinds = [{name: member.kind for name, member in found.ever.items()} for found in (one, other)]
    if kinds[0] != kinds[1]:
        return False
    return one.ledger.snapshot() == other.ledger.snapshot() and all(getattr(one, name) == getattr(other, name) for name in names)


def test_each_file_begins_with_a_checkpoint_where_an_epoch_ends(long: Path) -> None:
    with Journal.view(long) as journal:
        begins = [journal.frame(segment.first) for segment in journal.segments()[1:]] + [journal.frame(journal.open_first)]
        found = [record for number, record, _ in journal.read() if number in [frame.number for frame in begins]]
    assert len(begins) >= 4
    assert all(isinstance(record, Checkpoint) and (record.next_tick * 60 + record.born.start_unix_seconds) % 900 == 0 for record in found)


def test_files_change_nothing_about_the_seals(long: Path, tmp_path: Path) -> None:
    assert seals(long) == seals(grown(tmp_path / "one.journal", file_bytes=2**30)) == true_seals(100)


def test_a_restart_from_a_checkpoint_is_a_restart_from_the_beginning(tmp_path: Path) -> None:
    for ticks in (3 * EPOCH_TICKS, 3 * EPOCH_TICKS + 4, 77, 100):
        path = grown(tmp_path / f"{ticks}" / "journal.bin", ticks)
        with Journal.view(path) as journal, Journal.view(grown(tmp_path / f"{ticks}.journal", ticks, 2**30)) as one_file:
            assert same(recover(journal), recover(one_file))


def test_a_home_that_is_started_again_in_any_file_goes_on_with_the_same_seals(tmp_path: Path) -> None:
    path = grown(tmp_path / "journal.bin", 10)
    for until in (21, 39, 51, 60, 68, 81, 100):
        compact_all(path)
        gone_on(path, until)
    assert seals(path) == true_seals(100)


def test_a_checkpoint_of_another_joulebus_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    with Journal.open(path, durable="memory") as journal:
        journal.append(new_birth(flat()))
        home = Home.of_keeper(wake(journal))
        for _ in live(home, 2 * EPOCH_TICKS):
            pass
        checkpoint = checkpoint_of(home.keeper, journal.last_number + 1)
        home.keeper.number = journal.begin_file(checkpoint, b"of a ledger that nobody here can read")
        for _ in live(home, 50):
            pass
    with Journal.open(path) as journal, Journal.view(grown(tmp_path / "whole.journal", 50, 2**30)) as whole:
        assert same(recover(journal), recover(whole))
        assert wake(journal).next_tick == 50


def test_a_home_of_any_past_tick_is_that_of_a_journal_without_files(long: Path, tmp_path: Path) -> None:
    whole = grown(tmp_path / "whole.journal", file_bytes=2**30)
    with Journal.view(long) as journal, Journal.view(whole) as one_file:
        for tick in range(101):
            found = recover(journal, tick)
            assert tick - EPOCH_TICKS < found.next_tick <= tick
            assert same(found, recover(one_file, found.next_tick))


def test_whoever_reads_while_a_file_is_closed_reads_on(tmp_path: Path) -> None:
    path = grown(tmp_path / "journal.bin", 40)
    with Journal.view(path) as reader:
        before = [frame.head for frame in reader.frames()]
        gone_on(path, 100)
        compact_all(path)
        assert [frame.number for frame in reader.frames()][-1] == reader.last_number
        assert [frame.head for frame in reader.frames()][-1] == before[-1]


@pytest.mark.parametrize("left", ["next", "both"])
def test_a_change_of_files_that_was_left_half_done_is_done(tmp_path: Path, left: str) -> None:
    path = grown(tmp_path / "journal.bin", 50)
    whole = seals(path)
    if left == "next":
        path.rename(next_of(path))
    else:
        next_of(path).write_bytes(path.read_bytes()[:100])
    assert seals(path) == whole
    gone_on(path, 100)
    assert seals(path) == true_seals(100)
    assert not next_of(path).exists()


def test_a_lost_open_file_is_not_begun_anew(path: Path) -> None:
    path.unlink()
    with pytest.raises(JournalError, match="the open file of a journal must be there.*put it back"):
        Journal.open(path)
    assert not path.exists()


def test_what_was_moved_away_is_named_and_not_needed(path: Path, tmp_path: Path) -> None:
    away = tmp_path / "archive"
    whole, begun, middle = seals(path), flat().start_unix_seconds, 3 * 900
    moved = archive(path, away, before_tick=2 * EPOCH_TICKS)
    last = moved[-1].last
    words = f"the records 1 to {last:,}"
    assert audit(path).moved_away == audit_thoroughly(path).moved_away == (words,)
    with pytest.raises(JournalError, match=f"{words}.*were moved away; put their files back"), Journal.view(path) as journal:
        list(journal.read())
    with pytest.raises(ReportError, match=f"{words}.*were moved away: put their files back, or begin later"):
        report_of(path, ReportSpan(begun, None))
    assert report_of(path, ReportSpan(begun + middle, None)).born == report_of(path).born
    gone_on(path, 120)
    assert seals(path)[: len(whole) - 2] == whole[2:]
    shutil.copytree(away, folder_of(path), dirs_exist_ok=True)
    assert audit(path).moved_away == ()
    assert seals(path) == true_seals(120)


def test_a_file_that_was_moved_away_is_audited_alone(path: Path, tmp_path: Path) -> None:
    archive(path, tmp_path / "archive")
    reports = [audit(file) for file in sorted((tmp_path / "archive").iterdir())]
    together = audit(tmp_path / "archive")
    assert all(report.is_sound for report in [*reports, together])
    assert sum(report.ticks for report in reports) == together.ticks
    assert reports[-1].head_seal == together.head_seal
    assert reports[0].moved_away == ()
    assert all(report.moved_away for report in reports[1:])


def test_an_archive_has_no_other_file_of_that_name(path: Path, tmp_path: Path) -> None:
    away = tmp_path / "archive"
    away.mkdir()
    with Journal.view(path) as journal:
        first = journal.segments()[0].path
    (away / first.name).write_bytes(b"of another home")
    with pytest.raises(JournalError, match="another one: choose another directory"):
        archive(path, away)
    assert first.exists()


def test_a_fork_of_a_home_whose_past_was_moved_away_begins_with_what_is_left(path: Path, tmp_path: Path) -> None:
    archive(path, tmp_path / "archive", before_tick=2 * EPOCH_TICKS)
    fork = fork_at(path, flat().start_unix_seconds + 55 * TICK_SECONDS)
    begin_fork(fork, tmp_path / "fork", PlanOrder(end_tick=75, from_tick=55))
    go_on(tmp_path / "fork")
    report = audit(tmp_path / "fork")
    assert report.is_sound and report.moved_away == audit(path).moved_away != ()
    assert report.ticks == 75 - 2 * EPOCH_TICKS
    with pytest.raises(JournalError, match="were moved away"):
        fork_at(path, flat().start_unix_seconds)


def test_a_report_of_a_part_reads_only_the_files_of_that_part(path: Path, tmp_path: Path) -> None:
    begun = flat().start_unix_seconds
    span = ReportSpan(begun + 3 * 900, begun + 5 * 900)
    before = numbers(report_of(path, span))
    archive(path, tmp_path / "archive", before_tick=3 * EPOCH_TICKS)
    assert numbers(report_of(path, span)) == before == numbers(report_of(grown(tmp_path / "whole.journal", file_bytes=2**30), span))


def numbers(report: Report) -> dict[str, object]:
    """All of a report."""
    return report.as_json()


def test_a_checkpoint_says_what_the_records_before_it_lead_to(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    with Journal.open(path, durable="memory") as journal:
        journal.append(new_birth(flat()))
        home = Home.of_keeper(wake(journal))
        for _ in live(home, 2 * EPOCH_TICKS):
            pass
        checkpoint = checkpoint_of(home.keeper, journal.last_number + 1)
        richer = {**checkpoint.states, "geyser": {**checkpoint.states["geyser"], "heat_microjoules": 7}}
        ledger = Ledger(checkpoint.born.home, checkpoint.born.start_unix_seconds, 60).snapshot()
        journal.begin_file(checkpoint.model_copy(update={"states": richer}), ledger)
    found = {finding.text for finding in audit(path).findings}
    assert found == {
        "its states is not what the records before it lead to",
        "its ledger is not the one that the records before it lead to",
    }
