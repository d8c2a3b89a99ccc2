"""Where a command reads the records of a home: a journal as it is, or a database, of which a journal is made for as long as it takes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joulebus.historian.copying import copied_journal, is_database
from joulebus.rundir import journal_of


@contextmanager
def journal_at(source: str, home: str | None) -> Iterator[Path]:
    """The journal that somebody means; ``home`` chooses in a database with several.

    Raises:
        JournalError: There is none, or the database does not say it.
    """
    if not is_database(source):
        yield journal_of(source)
        return
    with tempfile.TemporaryDirectory(prefix="joulebus-") as folder:
        yield copied_journal(source, home, Path(folder))
