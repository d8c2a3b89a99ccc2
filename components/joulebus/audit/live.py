"""The audit of a home while it lives in memory: it runs beside the keeper and recounts each window from its transfers alone.

Zero sum of every tick, every seal and every outcome are recomputed in a ledger of its own; nothing that the keeper says is used to count.
The flows by source and sink are left to the audit of a journal.
"""

from joulebus.audit.checks import HomeWiring, check_sums
from joulebus.errors import AuditError
from joulebus_core import CoreError, Ledger
from joulebus_schemas.journal import Born
from joulebus_schemas.rounds import Settled


class LiveAudit:
    """Called with each settlement and the bytes of its transfers; raises AuditError when they do not agree."""

    def __init__(self, born: Born) -> None:
        self._ledger = Ledger(born.home, born.start_unix_seconds, born.tick_seconds)
        kinds = {name: member.kind for name, member in born.members.items()}
        self._busbar = next(name for name, kind in sorted(kinds.items()) if kind == "inverter")
        self.ticks = self.seals = 0

    @property
    def head(self) -> str:
        """The hash of the last seal that it has computed."""
        return self._ledger.head

    def __call__(self, settled: Settled, columns: bytes) -> None:
        """Count a window again."""
        start, ticks = settled.window.start, settled.window.ticks
        try:
            hashes, sums = self._ledger.recount(start, ticks, columns)
        except CoreError as error:
            raise AuditError(f"the transfers of ticks {start} to {start + ticks - 1} must close, but {error}") from error
        said = [note.hash for note in settled.seals]
        if hashes != said:
            place = next(
                (number for number, pair in enumerate(zip(hashes, said, strict=False)) if pair[0] != pair[1]), min(len(hashes), len(said))
            )
            raise AuditError(f"a seal must be the hash of its transfers, but seal {place + 1} from tick {start} on is not")
        for finding in check_sums(HomeWiring(self._busbar, frozenset(), frozenset()), settled, sums):
            raise AuditError(f"an outcome must be the sum of its transfers, but in the window from tick {start}: {finding.line()}")
        self.ticks += ticks
        self.seals += len(hashes)
