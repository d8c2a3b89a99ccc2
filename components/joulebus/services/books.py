"""What a hub in a container needs before it starts: ``python -m joulebus.services.books`` begins or continues the books of its home."""

import argparse
import fcntl
import sys
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from joulebus.errors import JoulebusError, UsageError
from joulebus.files import replace_in_one_step
from joulebus.homefile.home_file import load_home_file
from joulebus.rundir import CLOCK_FILE, JOURNAL
from joulebus.services.prepare import prepare, resume_books
from joulebus.services.stores import store_in

HOME_MARK = "home.sha256"
"""In the books: the hash of the home file that held last."""


def books_parser() -> argparse.ArgumentParser:
    """The parser of its command line."""
    made = argparse.ArgumentParser(prog="joulebus.services.books", description=__doc__)
    made.add_argument("--home-file", required=True, help="the home file, beside the files that it names")
    made.add_argument("--books", type=Path, required=True, help="folder of the journal")
    made.add_argument("--start", help="when a home that begins now begins, with its offset: 2026-06-21T17:45:00-04:00")
    made.add_argument("--store-file", type=Path, help="file with the URL of the historian's database, from which a lost journal comes back")
    return made


def main(argv: list[str] | None = None) -> int:
    """Begin or continue the books, and say how it goes on."""
    given = books_parser().parse_args(argv)
    try:
        print(begin_books(given), flush=True)
    except JoulebusError as error:
        print(f"joulebus books: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def begin_books(given: argparse.Namespace) -> str:
    """The books as the hub wants them; how the home goes on, in a sentence.

    Raises:
        HomeFileError: The home file is wrong, or the journal is of another home.
        UsageError: The start is no moment.
    """
    file = load_home_file(given.home_file)
    if given.start:
        file = replace(file, start_unix_seconds=_moment(given.start))
    if is_held(given.books / JOURNAL):
        return f"{file.name} is running: its books stay as they are"
    store = store_in(given.store_file) if given.store_file else None
    mark, now = given.books / HOME_MARK, sha256(Path(given.home_file).read_bytes()).hexdigest()
    # A hub that is started again is no new beginning: only a file that has changed takes back what was switched and set meanwhile.
    as_it_was = mark.is_file() and mark.read_text() == now
    resumed = resume_books(file, given.books / JOURNAL, store) if as_it_was else None
    if resumed is not None:
        return f"{file.name} continues at tick {resumed.next_tick:,}, as it was"
    (given.books / CLOCK_FILE).unlink(missing_ok=True)
    books = prepare(file, given.books / JOURNAL, store)
    replace_in_one_step(mark, now.encode())
    if books.is_new:
        return f"{file.name} begins"
    return f"{file.name} continues at tick {books.next_tick:,}" + (f"; again as its file says: {books.news}" if books.news else "")


def is_held(journal: Path) -> bool:
    """Whether a hub writes this journal now."""
    try:
        with journal.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f'--start must be a moment with its offset, such as 2026-06-21T17:45:00-04:00, but was "{text}"')
    return int(moment.timestamp())


if __name__ == "__main__":
    sys.exit(main())
