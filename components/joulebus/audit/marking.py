"""Whether what was audited before is still there, and what the next audit may take for audited."""

from collections.abc import Iterable, Iterator

from joulebus.audit.marks import AuditMark, MarkedRecord
from joulebus.audit.report import Finding
from joulebus_schemas.journal import Seal


class MarkCheck:
    """Compares the records that come with what was marked, and says what is to be marked at the end."""

    def __init__(self, mark: AuditMark | None) -> None:
        self._mark = mark
        self._last: MarkedRecord | None = None
        self._checkpoint = mark.checkpoint if mark else None
        self._seal = mark.seal if mark else None

    @property
    def first_number(self) -> int:
        """The record with which the counting begins."""
        return self._mark.checkpoint.number if self._mark and self._mark.checkpoint else 1

    def follow(self, number: int, head: str, is_checkpoint: bool) -> Iterator[Finding]:
        """The next record."""
        found = MarkedRecord(number=number, head=head)
        for marked in (self._mark.checkpoint, self._mark.last) if self._mark else ():
            if marked is not None and marked.number == number and marked.head != head:
                yield Finding("mark", "it is not the record that was audited before: it, or one before it, was changed since")
        self._last = found
        self._checkpoint = found if is_checkpoint else self._checkpoint

    def seal(self, seals: Iterable[Seal]) -> Iterator[Finding]:
        """What a record has sealed."""
        for seal in seals:
            if self._mark and self._mark.seal and seal.epoch == self._mark.seal[0] and seal.hash != self._mark.seal[1]:
                yield Finding("mark", "its seal is not the one that was audited before", epoch=seal.epoch)
            self._seal = seal.epoch, seal.hash

    def end(self, home: str) -> Iterator[Finding]:
        """What is wrong about the whole."""
        if self._mark is None:
            return
        if self._mark.home != home:
            yield Finding("mark", f"the home {self._mark.home} was audited before, and this is {home}")
        last = self._last.number if self._last else 0
        if last < self._mark.last.number:
            yield Finding("mark", f"{self._mark.last.number:,} records were audited before, and only {last:,} are here", record=last)

    def next_mark(self, home: str) -> AuditMark | None:
        """Where the next audit may begin; None unless this one is sound."""
        if self._last is None:
            return None
        return AuditMark(home=home, last=self._last, checkpoint=self._checkpoint, seal=self._seal)
