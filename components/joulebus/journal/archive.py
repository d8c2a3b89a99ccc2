"""Moving closed files of a journal away, and saying what was moved.

A file is copied, synced and compared before the original goes; killed anywhere, one of the two is there, and doing it again
ends it. By hand it is as good: only names count. Whoever needs the files later puts them back beside the journal, or audits them
where they are.
"""

import os
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

from joulebus.errors import JournalError
from joulebus.files import sync_directory
from joulebus.journal.pieces import Piece
from joulebus.journal.segments import Segment, folder_of, segments_in
from joulebus.refusals.system import reason

COPY_BYTES = 2**20


def archive(path: Path, to: Path, before_tick: int | None = None) -> list[Segment]:
    """Move the compacted files that end before a tick, or all, into another directory; returns them where they are now.

    Raises JournalError when the directory cannot be written, or has another file of such a name.
    """
    folder = folder_of(path)
    found = segments_in(folder)
    if before_tick is not None:
        ends = [Piece(segment.path, segment).begins_at for segment in found[1:]] + [Piece(path, None).begins_at]
        found = [segment for segment, end in zip(found, ends, strict=True) if end <= before_tick]
    try:
        to.mkdir(parents=True, exist_ok=True)
        return [_moved(segment, to) for segment in found if segment.is_compact]
    except OSError as error:
        raise JournalError(f"the files cannot be moved to {to}: {reason(error)}") from error


def _moved(segment: Segment, to: Path) -> Segment:
    place = to / segment.path.name
    if not place.exists():
        fresh = to / f"new.{segment.path.name}"
        try:
            _copy(segment.path, fresh)
            os.rename(fresh, place)
        finally:
            with suppress(OSError):
                os.unlink(fresh)
        sync_directory(to)
    if _digest(place) != _digest(segment.path):
        raise JournalError(f"{place} must be the file that is moved there, but it is another one: choose another directory")
    os.unlink(segment.path)
    sync_directory(segment.path.parent)
    return Segment(segment.first, segment.last, place)


def _copy(source: Path, place: Path) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        with source.open("rb") as file:
            while block := file.read(COPY_BYTES):
                view = memoryview(block)
                while view:
                    view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
