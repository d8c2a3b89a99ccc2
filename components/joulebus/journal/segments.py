"""The closed files of a journal, beside the open one: what is there, what was moved away, and how they are read.

    journal.bin                                                     the open file, which grows
    journal.bin.segments/000000000001-000000012500.journal.xz       closed and compacted: a journal's file, compressed
    journal.bin.segments/000000012501-000000025017.journal          closed, and waiting for its compaction

The name has the numbers of the first and the last record. Names that do not meet say what was moved away: there is no list of the files
that could disagree with them. Each closed file but the first begins with a checkpoint, so it can be read alone, wherever it is.
"""

import lzma
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from joulebus.errors import JournalError
from joulebus.journal.frames import ByteSource, Frame, Frames
from joulebus.refusals.system import reason

RAW, COMPACT = ".journal", ".journal.xz"
FOLDER = ".segments"
_LOOKS = 100
"""How often a file may be replaced by another one while it is being opened."""


class Segment(NamedTuple):
    """A closed file."""

    first: int
    last: int
    path: Path

    @property
    def is_compact(self) -> bool:
        """Whether it was compacted."""
        return self.path.name.endswith(COMPACT)


class Gap(NamedTuple):
    """Records that are not here: their files were moved away."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"the records {self.first:,} to {self.last:,}"


def folder_of(path: Path) -> Path:
    """Where the closed files of a journal are."""
    return path.with_name(path.name + FOLDER)


def segment_name(first: int, last: int, ending: str) -> str:
    """The name of a closed file."""
    return f"{first:012}-{last:012}{ending}"


def segment_of(path: Path) -> Segment | None:
    """The closed file of that name; None for a file that is none."""
    stem, dot, ending = path.name.partition(".")
    first, dash, last = stem.partition("-")
    if dot + ending not in (RAW, COMPACT) or not dash or not (first + last).isdigit():
        return None
    return Segment(int(first), int(last), path)


def segments_in(folder: Path) -> list[Segment]:
    """The closed files in a folder, in order; one that was compacted takes the place of what it was made from.

    Raises JournalError when the folder cannot be listed.
    """
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise JournalError(f"the closed files of the journal in {folder} cannot be read: {reason(error)}") from error
    found: dict[int, Segment] = {}
    for name in sorted(names):  # ".journal" comes before ".journal.xz".
        segment = segment_of(folder / name)
        if segment is not None:
            found[segment.first] = segment
    return [found[first] for first in sorted(found)]


def gaps_in(segments: list[Segment], next_number: int) -> list[Gap]:
    """What is missing in front of each file, and in front of ``next_number``."""
    gaps, expected = [], 1
    for first, last in [*((segment.first, segment.last) for segment in segments), (next_number, next_number)]:
        if first > expected:
            gaps.append(Gap(expected, first - 1))
        expected = last + 1
    return gaps


def frames_of(path: Path) -> Iterator[Frame]:
    """The verified frames of one file, compressed or not, in constant memory.

    Raises JournalError when it is damaged or cannot be read, FileNotFoundError when it is not there (any more).
    """
    try:
        file: ByteSource = lzma.open(path) if path.name.endswith(COMPACT) else path.open("rb", buffering=2**20)  # noqa: SIM115
    except FileNotFoundError:
        raise
    except OSError as error:
        raise JournalError(f"the journal {path} cannot be read: {reason(error)}") from error
    with file:
        frames = Frames(file, path)
        try:
            yield from frames
        except (lzma.LZMAError, EOFError) as error:
            raise JournalError(
                f"a closed file of a journal must be whole, but {path} is damaged behind record {frames.number} ({error}); put back a copy"
            ) from error
    segment = segment_of(path)
    if segment is not None and (frames.torn_bytes or frames.number != segment.last):
        raise JournalError(
            f"{path} must end with record {segment.last}, as its name says, but it ends with record {frames.number}; put back a copy"
        )


def closed_frames(folder: Path, first: int, last: int) -> Iterator[Frame]:
    """The frames of the closed files that tell of the records ``first`` to ``last``; what replaces a file meanwhile is read instead.

    Raises JournalError when some of them were moved away.
    """
    number = first
    looks = 0
    while number <= last:
        segment = next((segment for segment in segments_in(folder) if segment.last >= number), None)
        if segment is None or segment.first > number:
            end = min(last, segment.first - 1) if segment else last
            raise JournalError(f"{Gap(number, end)} are not in {folder}: they were moved away; put their files back to read them")
        try:
            for frame in frames_of(segment.path):
                if frame.number >= number:
                    if frame.first > last:
                        return
                    yield frame
            number = segment.last + 1
        except FileNotFoundError:
            looks += 1
            if looks > _LOOKS:
                raise JournalError(f"{segment.path} must be readable, but it is gone each time; is somebody moving it?") from None
