"""Who follows a journal by record numbers gets what was compacted, wherever it stands: historian, market, exported seals, old journals."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from joulebus.audit import audit, export_seals
from joulebus.errors import JournalError
from joulebus.historian.follow import rebuild_journal, refill
from joulebus.historian.store import HistoryStore
from joulebus.home.answers import replay
from joulebus.journal.archive import archive
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.journal.segments import folder_of
from joulebus.services.past import Past
from joulebus.services.prepare import prepare
from joulebus_schemas.calls import AskReplay
from joulebus_schemas.journal import Woken
from tests.journal.forgery import forge
from tests.journal.grown import EPOCH_TICKS, ROOT, flat, gone_on, grown, seals, true_seals


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal in several files, none of which was compacted."""
    return grown(tmp_path_factory.mktemp("raw") / "journal.bin")


@pytest.fixture
def path(raw: Path, tmp_path: Path) -> Path:
    """The same, to do with as one likes."""
    shutil.copytree(raw.parent, tmp_path / "run")
    return tmp_path / "run" / "journal.bin"


@contextmanager
def history(path: Path) -> Iterator[HistoryStore]:
    """The historian's database beside a journal."""
    store = HistoryStore.open(path.with_name("history.sqlite"), "flat")
    try:
        yield store
    finally:
        store.close()


def catch_up(path: Path) -> int:
    """The historian and the journal, in agreement; how many records the journal gave."""
    with Journal.open(path) as journal, history(path) as store:
        return refill(store, journal)


def energy(path: Path) -> dict[str, object]:
    """Everything since birth: joules by device, flow and account, money."""
    with history(path) as store:
        return Past(store.engine, store.home).totals().model_dump()


@pytest.mark.parametrize("had", [0, 1, 2, 7, 17, 30, 64, 100, 110])
def test_a_historian_that_is_behind_takes_what_was_compacted(raw: Path, path: Path, tmp_path: Path, had: int) -> None:
    with Journal.view(path) as journal, history(path) as store:
        last = journal.last_number
        if had:
            store.keep_all(1, [journal.raw(number) for number in range(1, min(had, last) + 1)])
    compact_all(path)
    assert catch_up(path) == last - min(had, last)
    assert catch_up(path) == 0
    with Journal.view(path) as journal, history(path) as store:
        assert (store.watermark, store.head) == (journal.last_number, journal.head)
    whole = tmp_path / "whole" / "journal.bin"
    shutil.copytree(raw.parent, whole.parent)
    catch_up(whole)
    assert energy(path) == energy(whole)
    assert energy(path)["flows"]
    assert audit(path.with_name("history.sqlite")).is_sound


def test_it_is_answered_on_the_bus_as_from_the_file(path: Path) -> None:
    compact_all(path)
    with Journal.view(path) as journal:
        answer = replay(journal, AskReplay(first=9, most=3))
        assert answer.first < 9 and len(answer.payloads) == 3
        assert answer.last_number == journal.last_number
        assert replay(journal, AskReplay(first=journal.last_number, most=9)).first == journal.last_number


def test_each_is_rebuilt_from_the_other_after_a_compaction(path: Path) -> None:
    compact_all(path)
    catch_up(path)
    shutil.rmtree(folder_of(path))
    path.unlink()
    with history(path) as store:
        rebuild_journal(store, path)
    assert seals(path) == true_seals(100)
    gone_on(path, 130)
    assert seals(path) == true_seals(130)
    path.with_name("history.sqlite").unlink()
    catch_up(path)
    assert audit(path.with_name("history.sqlite")).is_sound


@pytest.mark.parametrize("is_compacted", [False, True])
def test_a_lost_open_file_comes_back_from_the_historian_at_the_next_start(path: Path, is_compacted: bool) -> None:
    catch_up(path)
    if is_compacted:
        compact_all(path)
    path.unlink()
    with pytest.raises(JournalError, match="the open file of a journal must be there"):
        prepare(flat(), path, None)
    assert prepare(flat(), path, path.with_name("history.sqlite")).next_tick == 100
    assert seals(path) == true_seals(100)
    gone_on(path, 130)
    assert seals(path) == true_seals(130)


def test_a_journal_that_lost_its_end_gets_it_from_the_historian(path: Path) -> None:
    catch_up(path)
    compact_all(path)
    os.truncate(path, path.stat().st_size - 9)
    assert catch_up(path) == -1
    assert seals(path) == true_seals(100)


def test_another_story_is_refused_also_behind_compacted_records(path: Path, tmp_path: Path) -> None:
    other = grown(tmp_path / "other" / "journal.bin", 25)
    with Journal.open(other) as journal:
        journal.append(Woken(generation=7))
    gone_on(other, 100)
    compact_all(other)
    catch_up(other)
    shutil.copy(other.with_name("history.sqlite"), path.with_name("history.sqlite"))
    with pytest.raises(JournalError, match="must have the same records, but they differ from record"):
        catch_up(path)


def test_a_new_historian_begins_with_what_was_not_moved_away(path: Path, tmp_path: Path) -> None:
    compact_all(path)
    archive(path, tmp_path / "archive", before_tick=2 * EPOCH_TICKS)
    catch_up(path)
    report = audit(path.with_name("history.sqlite"))
    assert report.is_sound and report.moved_away == audit(path).moved_away != ()
    assert report.head_seal == true_seals(100)[-1]


def test_exported_seals_of_compacted_records_are_verified_by_somebody_else(path: Path, tmp_path: Path) -> None:
    compact_all(path)
    with Journal.view(path) as journal:
        (tmp_path / "seals.jsonl").write_text("\n".join(export_seals(journal)) + "\n")
    said = subprocess.run(
        [sys.executable, ROOT / "examples/verify_seals.py", tmp_path / "seals.jsonl"], capture_output=True, text=True, check=True
    )
    assert f"{len(true_seals(100))} seals of flat are sound" in said.stdout
    (tmp_path / "seals.jsonl").write_text(json.dumps({"not": "seals"}))
    assert subprocess.run([sys.executable, ROOT / "examples/verify_seals.py", tmp_path / "seals.jsonl"], capture_output=True).returncode


def test_a_journal_of_one_old_file_goes_on_in_files(tmp_path: Path) -> None:
    with Journal.view(grown(tmp_path / "new" / "journal.bin", 70, 2**30)) as journal:
        told = [(record, columns) for _, record, columns in journal.read()]
    path = forge(tmp_path / "journal.bin", told)
    gone_on(path, 100)
    assert compact_all(path)
    assert seals(path) == true_seals(100)
    assert audit(path).is_sound and audit(path).ticks == 100
