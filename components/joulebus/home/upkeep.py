"""The upkeep of a journal while its home lives: a file that is large is closed at the end of an epoch, and closed ones are compacted.

Compaction is the work of a process of its own, so that no round waits for it; it may be killed at any moment, and so may this one.
"""

import logging
import subprocess
import sys
from hashlib import sha256

from joulebus.errors import JournalError
from joulebus.home.epochs import epoch_end
from joulebus.home.keeper import Keeper
from joulebus.home.restart import checkpoint_of
from joulebus.journal.file import Journal, parse
from joulebus.journal.frames import split
from joulebus_schemas.journal import Checkpoint, Pin

_log = logging.getLogger("joulebus.journal")

SEGMENT_BYTES = 2**24
"""A file that has grown beyond is closed: at one second a tick after some hours, flat out after some weeks."""
REST_LOOKS = 60
"""How often :meth:`Upkeep.look` only looks after a compaction that failed."""


class Upkeep:
    """Looks after the journal of one keeper."""

    def __init__(self, keeper: Keeper, segment_bytes: int = SEGMENT_BYTES) -> None:
        assert keeper.journal is not None, "who has no journal needs no upkeep"
        self._keeper, self._journal, self._segment_bytes = keeper, keeper.journal, segment_bytes
        self._pins = _last_pins(self._journal)
        self._process: subprocess.Popen[str] | None = None
        self._rest = 0
        self.trouble: str | None = None
        """Why the journal grows although it should not."""

    @property
    def is_compacting(self) -> bool:
        """Whether files are compacted now."""
        return self._process is not None

    def settled(self) -> None:
        """After each settlement: close the file when it is large and an epoch has ended."""
        keeper = self._keeper
        if self._journal.open_bytes < self._segment_bytes:
            return
        keeper.ends_with_epoch = True
        if epoch_end(keeper.born, keeper.next_tick - 1) == keeper.next_tick:
            self._begin_file()

    def _begin_file(self) -> None:
        number = self._journal.last_number + 1
        pins = self._new_pins() or self._pins[-1:]
        try:
            self._keeper.number = self._journal.begin_file(checkpoint_of(self._keeper, number, pins), self._keeper.ledger.snapshot())
        except JournalError as error:
            self._complain(str(error))
            return
        self._pins, self.trouble = pins, None
        self._keeper.ends_with_epoch = False

    def _new_pins(self) -> tuple[Pin, ...]:
        """Hashes of the files compacted since the last ones were pinned."""
        pinned = self._pins[-1].last if self._pins else 0
        found = [segment for segment in self._journal.segments() if segment.is_compact and segment.first > pinned]
        return tuple(Pin(first=one.first, last=one.last, sha256=sha256(one.path.read_bytes()).hexdigest()) for one in found)

    def look(self, kept: int | None = None) -> None:
        """Each second or so: compact what is closed, up to the record that whoever follows has kept."""
        if self._process is not None:
            self._bury(self._process)
        elif self._rest:
            self._rest -= 1
        elif any(not segment.is_compact and (kept is None or segment.last <= kept) for segment in self._journal.segments()):
            until = [] if kept is None else [str(kept)]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "joulebus.journal.compaction", str(self._journal.path), *until],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip

    def _bury(self, process: "subprocess.Popen[str]") -> None:
        if process.poll() is None:
            return
        assert process.stderr is not None, "it was asked for"
        with process.stderr:
            said = process.stderr.read().strip().splitlines()
        self._process = None
        if process.returncode:
            self._rest = REST_LOOKS
            self._complain(said[-1] if said else f"the compaction of {self._journal.path} ended with {process.returncode}")

    def _complain(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble


def _last_pins(journal: Journal) -> tuple[Pin, ...]:
    if not journal.last_number:
        return ()
    record = parse(split(journal.raw(journal.open_first))[1])
    return record.pins if isinstance(record, Checkpoint) else ()
