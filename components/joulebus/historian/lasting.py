"""Who belongs to a home when: its birth and its changes, folded as far as nobody asks behind them, so that age costs nothing."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, select

from joulebus.errors import JournalError
from joulebus.historian import tables
from joulebus.journal.file import parse
from joulebus.journal.frames import split
from joulebus.journal.recovery import changed
from joulebus_schemas.journal import Born, Changed, Checkpoint, JournalRecord
from joulebus_schemas.roster import Change, Member

LASTING = ("born", "changed", "woken", "checkpoint")
"""Records that are few: without them nobody could read the others. Of checkpoints the first counts, when the home begins with one."""
READ_ROWS = 1_000


class LastingRecords:
    """What a home was at its birth, and what was changed since; read when it is asked for, and then only what is new."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._number = 0
        self._born: Born | None = None
        self._members: dict[str, Member] = {}
        """As they are before the first of the changes."""
        self._changes: list[Change] = []

    @property
    def has_begun(self) -> bool:
        """Whether there is a birth."""
        return self._born is not None

    @property
    def born(self) -> Born:
        """How the home was born, with its first members."""
        assert self._born is not None, "it is read before it is asked"
        return self._born

    def __len__(self) -> int:
        """How many changes are remembered one by one."""
        return len(self._changes)

    def read(self, connection: Connection, until_number: int) -> None:
        """Take in the records up to a number. Raises JournalError for what no joulebus has written."""
        while page := connection.execute(self._page(until_number)).all():
            for row in page:
                self._take(_record(row.number, bytes(row.payload)))
            self._number = page[-1].number
        self._changes.sort(key=lambda change: change.from_tick)

    def fold(self, tick: int) -> None:
        """Nobody will ask for what was before a tick."""
        self._members, place = self._at(tick)
        del self._changes[:place]

    def since(self, tick: int) -> Iterator[JournalRecord]:
        """A birth with the members of a tick, and the changes behind it: what a roller must be told first."""
        members, place = self._at(tick)
        yield self.born.model_copy(update={"members": members})
        if place < len(self._changes):
            yield Changed.model_construct(record="changed", changes=tuple(self._changes[place:]))

    def _at(self, tick: int) -> tuple[dict[str, Member], int]:
        """The members of a tick, and how many of the changes have led there."""
        members, place = self._members, bisect_right(self._changes, tick, key=lambda change: change.from_tick)
        for change in self._changes[:place]:
            members = changed(members, change)
        return members, place

    def _take(self, record: JournalRecord) -> None:
        if isinstance(record, Born):
            self._born, self._members = record, dict(record.members)
        elif isinstance(record, Checkpoint) and self._born is None:
            self._born, self._members = record.born, dict(record.roster)
            self._changes += record.pending
        elif isinstance(record, Changed):
            self._changes += record.changes

    def _page(self, until_number: int) -> Select[Any]:
        record = tables.record.c
        query = select(record.number, record.payload).where(
            record.home == self._home, record.kind.in_(LASTING), record.number > self._number, record.number <= until_number
        )
        return query.order_by(record.number).limit(READ_ROWS)


def _record(number: int, payload: bytes) -> JournalRecord:
    try:
        return parse(split(payload)[1])
    except ValueError as error:
        raise JournalError(f"each record must be one of joulebus, but record {number} is not ({str(error).splitlines()[0]})") from error
