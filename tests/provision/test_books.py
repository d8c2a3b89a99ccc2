"""What containers are given: books that are begun before the hub starts, and databases whose URL is in a file."""

from argparse import Namespace
from pathlib import Path

import pytest

from joulebus.errors import SetupError
from joulebus.journal.file import Journal
from joulebus.rundir import CLOCK_FILE, JOURNAL
from joulebus.services.books import main
from joulebus.services.stores import store_given
from joulebus_schemas.journal import Born, Changed
from joulebus_schemas.roster import Change

HOME = Path(__file__).resolve().parents[2] / "examples/homes/flat.yaml"
START = "2026-06-21T17:45:00+02:00"


def test_books_begin_and_continue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--home-file", str(HOME), "--books", str(tmp_path / "books"), "--start", START]
    assert main(words) == 0
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said] == ["begins", "continues"]
    with Journal.view(tmp_path / "books/journal.bin") as journal:
        born = next(record for _, record, _ in journal.read())
    assert isinstance(born, Born) and born.start_unix_seconds == 1782056700


def test_a_hub_that_starts_again_keeps_what_was_switched_until_the_file_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, books = tmp_path / "flat.yaml", tmp_path / "books"
    file.write_text(HOME.read_text())
    words = ["--home-file", str(file), "--books", str(books)]
    main(words)
    (books / CLOCK_FILE).write_text("{}")
    with Journal.open(books / JOURNAL) as journal:
        journal.append(Changed(record="changed", changes=(Change(device="tv", from_tick=1, on=False),)))
    main(words)
    assert (books / CLOCK_FILE).exists()
    file.write_text(HOME.read_text() + "# a word\n")
    main(words)
    assert not (books / CLOCK_FILE).exists()
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == ["flat continues at tick 0, as it was", "flat continues at tick 0; again as its file says: tv is on"]


@pytest.mark.parametrize("start", ["today", "2026-06-21T17:45:00"])
def test_a_start_without_an_offset_is_refused(tmp_path: Path, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home-file", str(HOME), "--books", str(tmp_path), "--start", start]) == 2
    assert f'but was "{start}"' in capsys.readouterr().err


def test_a_database_is_named_on_the_command_line_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("postgresql+psycopg://a:secret@b/c\n")
    assert store_given(Namespace(store=None, store_file=str(tmp_path / "store"))) == "postgresql+psycopg://a:secret@b/c"
    assert store_given(Namespace(store="sqlite:///x", store_file=None)) == "sqlite:///x"


@pytest.mark.parametrize("given", [(None, None), ("sqlite:///x", "x")])
def test_one_of_both_must_be_given(given: tuple[str | None, str | None]) -> None:
    with pytest.raises(SetupError, match="either --store URL, or --store-file FILE"):
        store_given(Namespace(store=given[0], store_file=given[1]))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="must be readable, but is not"):
        store_given(Namespace(store=None, store_file=str(tmp_path / "nothing")))
