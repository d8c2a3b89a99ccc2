"""A journal file by file, for whoever reads it from outside while its home may live: closed files, then the open one.

What was moved away is left out; whoever reads sees it by the numbers. A folder of closed files, or one closed file alone, is read as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json

from joulebus.journal.file import parse
from joulebus.journal.frames import Frame, Frames, checkpoint_number, split
from joulebus.journal.rotation import tail_of
from joulebus.journal.segments import Gap, Segment, folder_of, frames_of, gaps_in, segment_of, segments_in
from joulebus_schemas.journal import Born, Checkpoint


@dataclass
class Piece:
    """One file of a journal."""

    path: Path
    segment: Segment | None
    """None for the open file."""
    torn_bytes: int = 0
    """Bytes of an interrupted write after the last good record; known once all frames were read."""

    def frames(self) -> Iterator[Frame]:
        """Its verified frames. Raises JournalError, or FileNotFoundError when the file has just been replaced."""
        if self.segment is not None:
            yield from frames_of(self.path)
            return
        with open(tail_of(self.path), "rb", buffering=2**20) as file:
            frames = Frames(file, self.path)
            yield from frames
            self.torn_bytes = frames.torn_bytes

    @property
    def first(self) -> int:
        """The number of its first record; 0 when it has none."""
        return next((frame.first for frame in self.frames()), 0)

    @property
    def begins_at(self) -> int:
        """The tick at which it begins."""
        first = next(self.frames(), None)
        if first is None or checkpoint_number(first.payload) is None:
            return 0
        return int(from_json(split(first.payload)[1])["next_tick"])


def pieces(path: Path, number: int = 1) -> Iterator[Piece]:
    """The files from the one that tells of record ``number`` on; those that come meanwhile, too. Raises JournalError."""
    alone = segment_of(path)
    if alone is not None and not folder_of(path).exists():
        yield Piece(path, alone)
        return
    folder = path if path.is_dir() else folder_of(path)
    while True:
        segment = next((segment for segment in segments_in(folder) if segment.last >= number), None)
        if segment is None and path.is_dir():
            return
        if segment is None:
            tail = Piece(path, None)
            if tail.first > number and any(one.last >= number for one in segments_in(folder)):
                continue  # It was closed while we looked.
            yield tail
            return
        yield Piece(segment.path, segment)
        number = segment.last + 1


def birth_in(path: Path) -> Born | None:
    """How the home of a journal was born, also when its beginning was moved away; None when it is empty."""
    for piece in pieces(path):
        for frame in piece.frames():
            record = parse(split(frame.payload)[1])
            return record.born if isinstance(record, Checkpoint) else record if isinstance(record, Born) else None
    return None


def moved_away(path: Path) -> list[Gap]:
    """Records of a journal that are not here."""
    return gaps_in(segments_in(folder_of(path)), Piece(path, None).first or 1)


def number_at(path: Path, tick: int) -> int:
    """The number of the first record of the latest file that begins at a tick or before it; 1 when there is none."""
    found = [*segments_in(path if path.is_dir() else folder_of(path))]
    if segment_of(path) is None and not path.is_dir() and (tail := Piece(path, None)).begins_at <= tick and tail.first:
        return tail.first
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if Piece(found[middle].path, found[middle]).begins_at <= tick:
            low = middle + 1
        else:
            high = middle
    return found[low - 1].first if low else 1
