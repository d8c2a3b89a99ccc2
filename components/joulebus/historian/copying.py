"""A journal out of a historian's database: for whoever reads journals, and has only the database at hand."""

from pathlib import Path

from joulebus.errors import JournalError
from joulebus.historian.store import HistoryStore
from joulebus.journal.file import Journal

COPIED_JOURNAL = "journal.bin"
SQLITE_MAGIC = b"SQLite format 3\0"


def is_database(source: str) -> bool:
    """Whether a source is the URL of a database, or a file of SQLite."""
    if "://" in source:
        return True
    try:
        with open(source, "rb") as file:
            return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    except OSError:
        return False


def copied_journal(source: str, home: str | None, folder: Path) -> Path:
    """A journal in ``folder`` with the records that are kept; behind thinned ones it begins with a checkpoint, as its files do.

    Raises:
        JournalError: The database cannot be read, has several homes and none is named, or has no checkpoint behind what is thinned out.
    """
    store = HistoryStore.view(source, home)
    path = folder / COPIED_JOURNAL
    try:
        with Journal.open(path, durable="memory") as journal:
            for _, payload in store.payloads(_first(store)):
                journal.append_raw(payload)
    finally:
        store.close()
    return path


def _first(store: HistoryStore) -> int:
    """The first record from which on all are there and a journal can begin."""
    whole = store.first_whole()
    if whole == 1:
        return 1
    checkpoint = store.first_of_kind("checkpoint", whole)
    if checkpoint is None:
        raise JournalError(
            f"the first records of {store.home} in {store.place} are thinned out, and no checkpoint follows them; use the home's journal, "
            "or keep records for longer (history.keep.records in the home file)"
        )
    return checkpoint
