"""Two ways to count the same windows: quickly in the Rust core, and independently of it in plain Python."""

from typing import Protocol

from joulebus.audit.books import AuditLedger, Counted, EpochColumns, Sums
from joulebus_core import CoreError, Ledger
from joulebus_core import Seal as CoreSeal
from joulebus_schemas.journal import Born


class Suspicious(Exception):
    """The quick count stumbled: the thorough one can say where, and go on."""


class Counter(Protocol):
    """Counts windows and says which epochs they complete."""

    def post(self, start: int, ticks: int, posted: bytes, columns: EpochColumns) -> list[Counted]:
        """The next window."""
        ...


class CoreCounter:
    """Posts into the core's ledger, which checks the zero sum of every tick."""

    def __init__(self, born: Born) -> None:
        self._ledger = Ledger(born.home, born.start_unix_seconds, born.tick_seconds)

    def post(self, start: int, ticks: int, posted: bytes, columns: EpochColumns) -> list[Counted]:
        """The next window."""
        try:
            return [_counted(seal) for seal in self._ledger.post(start, ticks, posted)]
        except CoreError as error:
            raise Suspicious(str(error)) from error


class PlainCounter:
    """Counts in Python, also what does not close."""

    def __init__(self, born: Born) -> None:
        self._books = AuditLedger(born.start_unix_seconds, born.tick_seconds)

    def post(self, start: int, ticks: int, posted: bytes, columns: EpochColumns) -> list[Counted]:
        """The next window; ticks that were left out count as empty, and ticks that were counted are not counted again."""
        if start < self._books.next_tick:
            return []
        missing = self._books.post(self._books.next_tick, start - self._books.next_tick, [])
        return [*missing, *self._books.post(start, ticks, columns)]


def _counted(seal: CoreSeal) -> Counted:
    columns = {(column.account_from, column.account_to): Sums(column.joules, column.moment, column.hash) for column in seal.columns}
    return Counted(seal.epoch, seal.first_tick, seal.ticks, columns)
