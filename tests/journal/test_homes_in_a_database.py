"""Two homes in one PostgreSQL: each can be audited, reported and forked from its address, and the name says which."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from joulebus.errors import JournalError
from joulebus.historian.copying import copied_journal
from joulebus.historian.follow import refill
from joulebus.historian.store import HistoryStore
from joulebus.homefile.history import Retention
from joulebus.journal.file import Journal
from tests.journal.conftest import fresh
from tests.journal.forgery import forge
from tests.journal.grown import ROOT, grown, true_seals

JOULEBUS = Path(sys.executable).with_name("joulebus")
HOUR = 3_600
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Of a flat, and of its twin with another name."""
    flat = grown(tmp_path_factory.mktemp("flat") / "journal.bin", 500, 30_000)
    with Journal.view(flat) as journal:
        told = [(record, columns) for _, record, columns in journal.read() if record.record != "checkpoint"]
    birth, columns = told[0]
    twin = tmp_path_factory.mktemp("twin") / "journal.bin"
    forge(twin, [(birth.model_copy(update={"home": "twin"}), columns)])  # It was born, and nothing more: no seal of another is its own.
    return {"flat": flat, "twin": twin}


@pytest.fixture(scope="module")
def address(journals: dict[str, Path], postgres: str) -> str:
    """URL of the database with both."""
    url = fresh(postgres)
    for name, path in journals.items():
        keep(url, name, path).close()
    return url


def keep(url: str, name: str, path: Path) -> HistoryStore:
    """The store of a home that has all of its journal."""
    store = HistoryStore.open(url, name)
    with Journal.view(path) as journal:
        refill(store, journal)
    return store


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A command of the command line."""
    environment = os.environ | {"JOULEBUS_STATE": str(tmp_path / "state"), "NO_COLOR": "1", "COLUMNS": "200"}
    return lambda *words: subprocess.run([JOULEBUS, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("words", [("audit",), ("report",), ("plan", "--from-journal")])
def test_of_two_homes_one_must_be_named(words: tuple[str, ...], address: str, run: Run) -> None:
    refused = run(*words, address)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert "a database with one home needs no name, but this one has 2 (flat, twin); name one of them with --home" in refused.stderr


def test_each_is_audited(address: str, run: Run) -> None:
    found = {name: run("audit", address, "--home", name) for name in ("flat", "twin")}
    assert found["flat"].returncode == 0 and "0 J missing" in found["flat"].stdout, found["flat"].stderr
    assert found["twin"].returncode == 0, found["twin"].stderr


def test_a_report_is_that_of_the_journal(address: str, journals: dict[str, Path], run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    said = run("report", address, "--home", "flat", "--json-file", str(file), "--json")
    assert json.loads(said.stdout) == json.loads(run("report", str(journals["flat"]), "--json").stdout)
    checked = run("audit", address, "--home", "flat", "--report", str(file))
    assert (checked.returncode, "every number" in checked.stdout) == (0, True), checked.stderr


def test_a_fork_is_that_of_the_journal(address: str, journals: dict[str, Path], run: Run) -> None:
    at = ("--at", "2026-01-15T02:00Z", "--days", "0.1", "--json")
    forks = [run("plan", "--from-journal", *source, *at) for source in ((address, "--home", "flat"), (str(journals["flat"]),))]
    assert forks[0].returncode == 0, forks[0].stderr
    assert json.loads(forks[0].stdout)["head_seal"] == json.loads(forks[1].stdout)["head_seal"]


@pytest.fixture
def thinned(journals: dict[str, Path], tmp_path: Path) -> Iterator[HistoryStore]:
    path = shutil.copytree(journals["flat"].parent, tmp_path / "run") / "journal.bin"
    store = keep(str(tmp_path / "history.sqlite"), "flat", path)
    thinner = store.thinner(Retention(records=3 * HOUR, ticks=3 * HOUR, minutes=3 * HOUR))
    while thinner.slice():
        pass
    yield store
    store.close()


def test_behind_what_is_thinned_out_a_journal_begins_with_a_checkpoint(thinned: HistoryStore, tmp_path: Path) -> None:
    assert thinned.first_whole() > 1
    (tmp_path / "copy").mkdir()
    path = copied_journal(str(tmp_path / "history.sqlite"), None, tmp_path / "copy")
    with Journal.view(path) as journal:
        assert journal.first_number > thinned.first_whole()
        assert journal.last_number == thinned.watermark and journal.head == thinned.head
        seals = [seal.hash for _, record, _ in journal.read(journal.first_number) for seal in getattr(record, "seals", ())]
    assert seals and seals == true_seals(500)[-len(seals) :]


def test_without_a_checkpoint_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    path = grown(tmp_path / "run" / "journal.bin", 500, 2**30)
    store = keep(str(tmp_path / "history.sqlite"), "flat", path)
    thinner = store.thinner(Retention(records=3 * HOUR, ticks=3 * HOUR, minutes=3 * HOUR))
    while thinner.slice():
        pass
    store.close()
    with pytest.raises(JournalError, match="thinned out, and no checkpoint follows them; use the home's journal"):
        copied_journal(str(tmp_path / "history.sqlite"), "flat", tmp_path)
