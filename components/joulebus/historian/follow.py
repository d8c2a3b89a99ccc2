"""How the historian and the journal keep up with each other, and repair each other. No bus in here, and no clock.

The journal is ahead: the historian asks for a replay. The historian is ahead: the journal lost what it had promised, and is
refilled. Both have the same number, but other hashes: somebody has changed one of them, and both stop.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from joulebus.errors import JournalError
from joulebus.files import sync_directory
from joulebus.historian.store import PAGE_RECORDS, HistoryStore
from joulebus.journal.file import Journal
from joulebus.journal.frames import Frame, frame_of
from joulebus.journal.segments import folder_of, segments_in


def first_difference(last: int, one: Callable[[int], str], other: Callable[[int], str]) -> int | None:
    """The first record in 1..last that two chains do not share. What differs once differs ever after, so it is halved."""
    if one(last) == other(last):
        return None
    same, differs = 0, last
    while differs - same > 1:
        middle = (same + differs) // 2
        same, differs = (middle, differs) if one(middle) == other(middle) else (same, middle)
    return differs


def records_ahead(store: HistoryStore, journal: Journal) -> int:
    """How many records the journal is ahead of the historian (negative: behind). Raises when they tell different stories.

    Raises:
        JournalError: The journal and the historian have different records.
    """
    mark = store.watermark

    def kept(number: int) -> str:
        return store.hash_of(_shared(store, journal, number))

    def written(number: int) -> str:
        return journal.hash_of(_shared(store, journal, number))

    different = first_difference(min(mark, journal.last_number), kept, written)
    if different is not None:
        raise JournalError(
            f"the journal and the historian of {store.home} must have the same records, but they differ from record {different} on; "
            "audit both with `joulebus audit`, and rebuild the one that was changed from the other"
        )
    return journal.last_number - mark


def _shared(store: HistoryStore, journal: Journal, number: int) -> int:
    """The last record up to ``number`` whose hash both know: compaction leaves out those in between. 0 when there is none."""
    while number >= journal.first_number:
        have = journal.floor(number)
        number = store.floor(have)
        if have == number:
            return have
    return 0


def refill(store: HistoryStore, journal: Journal) -> int:
    """Let the two catch up with each other; how many records the journal gave (negative: got).

    Raises:
        JournalError: The historian lacks a record.
    """
    ahead = records_ahead(store, journal)
    if ahead > 0:
        _keep(store, journal, store.watermark + 1)
    elif ahead < 0:
        _append(journal, store.payloads(journal.last_number + 1))
    return ahead


def rebuild_journal(store: HistoryStore, path: Path) -> int:
    """Rewrite the open file of a journal from the historian; a damaged one is kept beside it. The number of its last record.

    Raises:
        JournalError: The historian lacks a record, or its records do not lead to its last hash.
    """
    fresh = path.with_name(path.name + ".rebuilding")
    fresh.unlink(missing_ok=True)
    closed = segments_in(folder_of(path))
    with Journal.open(fresh) as journal:
        _append(journal, store.payloads(closed[-1].last + 1 if closed else 1))
        if journal.head != store.head:
            raise JournalError(
                f"the records of {store.home} must lead to {store.head}, but they lead to {journal.head}; "
                "audit the database with `joulebus audit`"
            )
        number = journal.last_number
    if path.exists():
        path.rename(_free(path))
    fresh.rename(path)
    sync_directory(path.parent)
    return number


def _keep(store: HistoryStore, journal: Journal, first: int) -> None:
    page: list[Frame] = []
    for frame in journal.frames(first if store.watermark else journal.first_number):
        page.append(frame)
        if len(page) == PAGE_RECORDS or frame.number == journal.last_number:
            store.keep_all(page[0].first, [kept.payload for kept in page])
            page.clear()


def _append(journal: Journal, payloads: Iterable[tuple[int, bytes]]) -> None:
    for number, payload in payloads:
        if journal.last_number and frame_of(payload, number).first != journal.last_number + 1:
            raise JournalError(
                f"the historian must have every record, but record {journal.last_number + 1} is missing in front of {number}"
            )
        journal.append_raw(payload)


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.damaged{number}") for number in range(1, 1000))
    return next(name for name in names if not name.exists())
