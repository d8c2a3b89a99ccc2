"""A meter that follows a ledger: of a journal that grows, the meter at the end of each new tick. It keeps nothing of its own.

After a restart, a kill, another speed or a fork it goes on where the ledger is, because it counts from nothing else.
"""

from collections.abc import Iterator
from pathlib import Path

from joulebus.errors import ReportError
from joulebus.journal.file import parse
from joulebus.journal.frames import split
from joulebus.journal.pieces import birth_in, pieces
from joulebus.meter.reading import Shown, face, meter_at, through_meter
from joulebus.meter.registers import Registers, metered
from joulebus.report.calendar import ReportSpan
from joulebus.report.tally import Cells, Tally


class MeterFollower:
    """The meter of a home that may live; :meth:`news` says what has passed since the last time that it was asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begin()

    @property
    def latest(self) -> Shown:
        """The meter as it was last seen."""
        assert self._tally.born is not None, "a meter begins with the birth"
        return Shown(self._state, face(self._tally.roster, self._tally.born.place.timezone)(self._state.unix_seconds))

    def _begin(self) -> None:
        """At the end of what there is: counted by quarter-hours, which is quick for a home of years."""
        born = birth_in(self._path)
        if born is None:
            raise ReportError(f"a meter counts from the first record of a home, but {self._path} is empty")
        try:
            self._state = [shown.state for shown in meter_at(self._path)][-1]
        except ReportError:
            self._state = Registers(born.start_unix_seconds)
        self._number = 0
        self._shown: list[Shown] = []
        self._tally = Tally(self._take, ReportSpan(from_unix_seconds=self._state.unix_seconds), 1)
        self._read()
        self._shown.clear()

    def news(self) -> list[Shown]:
        """The meter at the end of each tick that was settled since. Raises ReportError when the journal cannot be counted any more."""
        self._read()
        news, self._shown = self._shown, []
        return news

    def _read(self) -> None:
        for first, number, payload in self._frames():
            if first <= self._number < number:
                self._begin()  # Compacted together with what is counted already.
                return
            _, text, columns = split(payload)
            self._tally.add(parse(text), columns)
            self._number = number

    def _frames(self) -> Iterator[tuple[int, int, bytes]]:
        for piece in pieces(self._path, self._number + 1):
            for frame in piece.frames():
                if frame.number > self._number:
                    yield frame.first, frame.number, frame.payload

    def _take(self, cells: Cells) -> None:
        assert self._tally.born is not None, "cells come after the birth"
        roster, zone = self._tally.roster, self._tally.born.place.timezone
        face_of = face(roster, zone)
        for moved in through_meter(cells, roster, zone):
            self._state = metered(self._state, moved, zone)
            self._shown.append(Shown(self._state, face_of(moved.ends)))
