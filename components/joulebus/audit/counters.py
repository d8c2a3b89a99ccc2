"""Two ways to count the same windows: quickly in the Rust core, and independently of it in plain Python."""

from typing import Protocol

from joulebus.audit.books import AuditLedger, Counted, EpochColumns, Sums
from joulebus_core import CoreError, Ledger
from joulebus_core import Seal as CoreSeal
from joulebus_schemas.journal import Born, Checkpoint


class Suspicious(Exception):
    """The quick count stumbled: the thorough one can say where, and go on."""


class Counter(Protocol):
    """Counts windows and says which epochs they complete."""

    def post(self, start: int, ticks: int, posted: bytes, columns: EpochColumns) -> list[Counted]:
        """The next window."""
        ...

    def begin_at(self, checkpoint: Checkpoint, ledger: bytes) -> None:
        """Count from a checkpoint on: what comes before it is not there."""
        ...

    def agrees(self, ledger: bytes) -> bool:
        """Whether what was counted so far is what the ledger of a checkpoint says."""
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

    def begin_at(self, checkpoint: Checkpoint, ledger: bytes) -> None:
        """Count from a checkpoint on."""
        try:
            self._ledger = Ledger.restore(ledger)
        except CoreError as error:
            raise Suspicious(str(error)) from error

    def agrees(self, ledger: bytes) -> bool:
        """Whether all of the ledger's memory is the same."""
        return self._ledger.snapshot() == ledger


MISSING_TICKS_MAX = 10_000_000
"""A window that begins later than that is not where it says: it is not counted, rather than every epoch before it."""


class PlainCounter:
    """Counts in Python, also what does not close."""

    def __init__(self, born: Born) -> None:
        self._books = AuditLedger(born.start_unix_seconds, born.tick_seconds)

    def post(self, start: int, ticks: int, posted: bytes, columns: EpochColumns) -> list[Counted]:
        """The next window; ticks that were left out count as empty, and ticks that were counted are not counted again."""
        if not 0 <= start - self._books.next_tick <= MISSING_TICKS_MAX:
            return []
        missing = self._books.post(self._books.next_tick, start - self._books.next_tick, [])
        return [*missing, *self._books.post(start, ticks, columns)]

    def begin_at(self, checkpoint: Checkpoint, ledger: bytes) -> None:
        """Count from a checkpoint on, which is made where an epoch ends."""
        self._books = AuditLedger(
            checkpoint.born.start_unix_seconds, checkpoint.born.tick_seconds, checkpoint.next_tick, checkpoint.next_tick
        )

    def agrees(self, ledger: bytes) -> bool:
        """It does not read what the core has written; its seals are compared one by one."""
        return True


def _counted(seal: CoreSeal) -> Counted:
    columns = {(column.account_from, column.account_to): Sums(column.joules, column.moment, column.hash) for column in seal.columns}
    return Counted(seal.epoch, seal.first_tick, seal.ticks, columns)
