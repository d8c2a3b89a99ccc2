"""What a restart, a fork at a moment and a report of a span open of a journal in many files: what is asked about, not what was lived."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log2
from pathlib import Path

import pytest

from joulebus.home.restart import wake
from joulebus.home.upkeep import Upkeep
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.journal.recovery import recover
from joulebus.journal.segments import folder_of
from joulebus.report import ReportSpan, report_of
from tests.journal.grown import EPOCH_TICKS, TICK_SECONDS, flat, grown

TICKS = 600
FILES_MIN = 35
Opened = Callable[[], list[str]]
_heard: list[str] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _heard is not None:
        _heard.append(str(arguments[0]))


sys.addaudithook(_hear)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The closed files that are opened meanwhile, each once."""
    global _heard
    found: list[str] = []
    _heard = []
    try:
        yield found
    finally:
        found += sorted({name for name in _heard if ".journal" in Path(name).name})
        _heard = None


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with a file for each epoch."""
    path = grown(tmp_path_factory.mktemp("many") / "journal.bin", TICKS)
    compact_all(path)
    assert len(list(folder_of(path).iterdir())) >= FILES_MIN
    return path


def halved(path: Path) -> int:
    """How many files are looked into when a moment is searched for, and those that hold it."""
    return int(log2(len(list(folder_of(path).iterdir())))) + 3


def test_a_restart_opens_no_closed_file(path: Path) -> None:
    with opened_files() as opened, Journal.open(path, durable="memory") as journal:
        keeper = wake(journal)
        Upkeep(keeper, 2**30).settled()
        assert keeper.next_tick == TICKS
    assert opened == []


@pytest.mark.parametrize("epoch", [1, 17, 33])
def test_a_fork_at_a_moment_looks_for_its_file_and_reads_it(path: Path, epoch: int) -> None:
    with opened_files() as opened, Journal.view(path) as journal:
        assert recover(journal, epoch * EPOCH_TICKS + 3).next_tick <= epoch * EPOCH_TICKS + 3
    assert 0 < len(opened) <= halved(path)


@pytest.mark.parametrize("epoch", [1, 17, 33])
def test_a_report_of_a_span_looks_for_its_files_and_reads_them(path: Path, epoch: int) -> None:
    start = flat().start_unix_seconds + epoch * EPOCH_TICKS * TICK_SECONDS
    with opened_files() as opened:
        report = report_of(path, ReportSpan(start, start + 900))
    assert len(report.rows("quarter")) == 1
    assert 0 < len(opened) <= halved(path)


def test_what_an_open_journal_remembers_is_of_its_open_file(path: Path) -> None:
    with Journal.view(path) as journal:
        assert journal.open_first > 500
        assert journal.last_number - journal.open_first == sum(1 for _ in journal.frames(journal.open_first)) - 1
        assert journal.remembered_frames == journal.last_number - journal.open_first + 1 < 40
