"""The journal of a home: the truth. An append-only file of records that are durable before they are published.

One process writes (the lock is on the open file itself), any number read. ``frames`` describes the bytes of a file, ``segments`` the
closed files beside the open one, ``rotation`` how one is closed and the next one begun, ``compaction`` what becomes of closed ones, and
``recovery`` what a home was when its journal ended.
"""

import errno
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import TypeAdapter

from joulebus.errors import JournalError
from joulebus.files import sync_directory
from joulebus.journal.frames import (
    HEADER,
    MAGIC,
    NO_HASH,
    PAYLOAD_BYTES_MAX,
    Frame,
    Frames,
    checkpoint_number,
    frame_of,
    join,
    packed_frame,
    shaped,
    split,
)
from joulebus.journal.older import in_todays_words
from joulebus.journal.rotation import begun_beside, locked, swap, tail_of
from joulebus.journal.segments import Gap, Segment, closed_frames, folder_of, gaps_in, segments_in
from joulebus.refusals.system import reason
from joulebus_schemas.journal import Checkpoint, Committed, JournalRecord


class OvertakenError(JournalError):
    """Another process has written the journal, where the file system has kept no lock: this one must not write it any more."""


Durable = Literal["full", "memory"]
"""full: every record is on the disk before append returns. memory: it survives this process, not a power failure."""

_records: TypeAdapter[JournalRecord] = TypeAdapter(JournalRecord)
_sync = getattr(os, "fdatasync", os.fsync)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def parse(text: bytes) -> JournalRecord:
    """The record of a text, also of an older version."""
    return _records.validate_json(in_todays_words(text))


def record_text(record: JournalRecord) -> bytes:
    """The text of a record; it can be read back. A committed one leaves out what is 0, false or empty, which most of it is."""
    if isinstance(record, Committed):
        text = b'{"record":"committed",' + record.model_dump_json(exclude_defaults=True, warnings=False).encode()[1:]
    else:
        text = record.model_dump_json(warnings=False).encode()
    try:
        parse(text)
    except ValueError as error:
        raise AssertionError(f"a record must be readable before it is written: {error}") from error
    return text


class Journal:
    """An open journal; ``open`` writes, ``view`` only reads (and follows what is there at that moment)."""

    def __init__(self, path: Path, descriptor: int, durable: Durable) -> None:
        self.path, self.durable = path, durable
        self._descriptor = descriptor
        self._offsets, self._numbers = array("Q"), array("Q")
        """Positions of the frames in the open file."""
        self._first = 1
        """Number of the first record of the open file."""
        self._hash = self._hash_before = NO_HASH
        self._end = 0
        self._is_torn = False
        """Whether a write that was cut off could not be taken back, and lies behind the end."""
        self._closed: tuple[int, Iterator[Frame]] | None = None
        self.is_writable = True
        self.torn_bytes = 0
        """How many bytes of a write that was cut off were found behind the last good record when it was opened."""

    @classmethod
    def open(cls, path: Path, durable: Durable = "full") -> Self:
        """The journal to append to, made when it is not there; verified, and a tail that was cut off is removed.

        Raises JournalError when it is damaged, cannot be written, or another process writes it.
        """
        journal = cls(path, locked(path), durable)
        try:
            journal._verify()
            journal._heal()
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def view(cls, path: Path) -> Self:
        """The journal to read, also while its home runs; nothing in it is changed. Raises JournalError when it cannot be read."""
        journal = cls(path, tail_of(path), "memory")
        journal.is_writable = False
        try:
            journal._verify()
        except BaseException:
            journal.close()
            raise
        return journal

    @property
    def last_number(self) -> int:
        """The number of the last record; 0 when there is none."""
        return self._numbers[-1] if self._numbers else self._first - 1

    @property
    def head(self) -> str:
        """The hash of the last record's payload; 64 zeros when there is none."""
        return self._hash.hex()

    @property
    def first_number(self) -> int:
        """The number of the first record that is here, with all that follow it."""
        gaps = self.gaps()
        return gaps[-1].last + 1 if gaps else 1

    @property
    def open_bytes(self) -> int:
        """Bytes in the open file."""
        return self._end

    @property
    def open_first(self) -> int:
        """The number of the first record of the open file."""
        return self._first

    @property
    def remembered_frames(self) -> int:
        """The number of frames whose place it knows: those of the open file, so age costs no memory."""
        return len(self._offsets)

    def segments(self) -> list[Segment]:
        """The closed files that are here, in order."""
        return [segment for segment in segments_in(folder_of(self.path)) if segment.last < self._first]

    def gaps(self) -> list[Gap]:
        """What was moved away."""
        return gaps_in(self.segments(), self._first)

    def append(self, record: JournalRecord, columns: bytes = b"") -> int:
        """Make a record durable and return its number. When it raises, nothing was written and it may be tried again."""
        return self.append_raw(join(self._hash, record_text(record), columns))

    def append_raw(self, payload: bytes) -> int:
        """Append a payload that was kept elsewhere; it must follow the last one.

        Raises:
            JournalError: The payload does not follow the last record or is too large, or the disk refuses it.
            OvertakenError: Another process has appended something.
        """
        self._adopt(payload)
        number = self.last_number + 1
        if not payload.startswith(self._hash) or not shaped(payload):
            raise JournalError(f"record {number} must follow the record with hash {self.head}, but it names {payload[:32].hex()}")
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise JournalError(
                f"a record must be smaller than {PAYLOAD_BYTES_MAX} bytes, but record {number} has {len(payload)}; shorten the windows"
            )
        frame = packed_frame(payload)
        self._refuse_when_overtaken()
        try:
            self._put(frame)
        except OSError as error:
            self._undo()
            raise JournalError(self._refusal(error, number, len(frame))) from error
        self._count(frame_of(payload, number, self._end))
        self._end += len(frame)
        return self.last_number

    def _adopt(self, payload: bytes) -> None:
        """A journal may begin with the checkpoint with which a file of another one begins."""
        number = None if self._numbers or self._first > 1 else checkpoint_number(payload)
        if number is not None:
            self._first, self._hash = number, payload[: len(NO_HASH)]
            self._hash_before = self._hash

    def begin_file(self, record: Checkpoint, columns: bytes) -> int:
        """Close the open file and begin another one with a checkpoint; returns its number. When it raises, nothing has changed.

        Raises:
            JournalError: The disk refuses the new file; nothing has changed then.
        """
        number = self.last_number + 1
        payload = join(self._hash, record_text(record), columns)
        data = MAGIC + packed_frame(payload)
        descriptor = -1
        try:
            descriptor = begun_beside(self.path, data, self.durable == "full")
            swap(self.path, self._first, number - 1)
        except OSError as error:
            if descriptor >= 0:
                os.close(descriptor)
            raise JournalError(self._refusal(error, number, len(data))) from error
        os.close(self._descriptor)
        self._descriptor, self._first, self._hash_before = descriptor, number, self._hash
        self._offsets, self._numbers = array("Q"), array("Q")
        self._count(frame_of(payload, number, len(MAGIC)))
        self._end = len(data)
        return number

    def raw(self, number: int) -> bytes:
        """The payload of a record, or of the one that stands for it."""
        return self.frame(number).payload

    def frame(self, number: int) -> Frame:
        """The record of a number, or the one that stands for it. Raises JournalError when it is not there (any more)."""
        if not 1 <= number <= self.last_number:
            raise JournalError(f"a record's number must be in 1..{self.last_number}, but was {number}")
        if number < self._first:
            return self._closed_frame(number)
        return self._open_frame(bisect_left(self._numbers, number))

    def frames(self, first: int = 1) -> Iterator[Frame]:
        """Every frame from the one that tells of record ``first`` on."""
        last = self.last_number
        if first < self._first:
            yield from closed_frames(folder_of(self.path), max(first, 1), self._first - 1)
        for place in range(bisect_left(self._numbers, first), bisect_left(self._numbers, last + 1)):
            yield self._open_frame(place)

    def frames_between(self, first: int, most: int, bytes_max: int) -> list[Frame]:
        """Frames from a record on: at most so many, and no more bytes than one message takes.

        Raises:
            JournalError: The first record does not fit into a message.
        """
        found: list[Frame] = []
        number = max(first, 1)
        while number <= self.last_number and len(found) < most:
            frame = self.frame(number)
            bytes_max -= len(frame.payload)
            if bytes_max < 0 and not found:
                raise JournalError(f"record {number} must fit into a message, but has {len(frame.payload)} bytes; shorten the windows")
            if bytes_max < 0:
                break
            found.append(frame)
            number = frame.number + 1
        return found

    def floor(self, number: int) -> int:
        """The last record up to ``number`` whose hash is known: those in the middle of compacted ones are not."""
        if number == 0:
            return 0
        frame = self.frame(number)
        return number if frame.number == number else frame.first - 1

    def hash_of(self, number: int) -> str:
        """The hash of a record's payload; of record 0 it is 64 zeros. Raises JournalError in the middle of compacted records."""
        if number == 0:
            return NO_HASH.hex()
        if number == self._first - 1:
            return self._hash_before.hex()
        frame = self.frame(number)
        if frame.number != number:
            raise JournalError(f"record {number} was compacted together with {Gap(frame.first, frame.number)}: its own hash was not kept")
        return frame.head.hex()

    def read(self, first: int = 1) -> Iterator[tuple[int, JournalRecord, bytes]]:
        """Number, record and columns of each record from ``first`` on."""
        for frame in self.frames(first):
            _, text, columns = split(frame.payload)
            yield frame.number, parse(text), columns

    def close(self) -> None:
        """Release the file and the lock."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _verify(self) -> None:
        with open(self._descriptor, "rb", buffering=2**20, closefd=False) as file:
            frames = Frames(file, self.path)
            for frame in frames:
                if not self._offsets:
                    self._first, self._hash_before = frame.first, frame.payload[: len(NO_HASH)]
                self._count(frame)
        self._hash, self._end, self.torn_bytes = frames.hash, frames.end, frames.torn_bytes

    def _count(self, frame: Frame) -> None:
        self._offsets.append(frame.offset)
        self._numbers.append(frame.number)
        self._hash = frame.head

    def _open_frame(self, place: int) -> Frame:
        offset = self._offsets[place]
        end = self._offsets[place + 1] if place + 1 < len(self._offsets) else self._end
        payload = os.pread(self._descriptor, end - offset - HEADER.size, offset + HEADER.size)
        return frame_of(payload, self._numbers[place], offset)

    def _closed_frame(self, number: int) -> Frame:
        """Whoever asks for records one after the other reads each file once."""
        at, frames = self._closed or (0, iter(()))
        if at != number:
            frames = closed_frames(folder_of(self.path), number, self._first - 1)
        frame = next(frames)
        self._closed = (frame.number + 1, frames)
        return frame

    def _heal(self) -> None:
        if self.torn_bytes:
            os.ftruncate(self._descriptor, self._end)
        if not self._end:
            self._begin()
        os.fsync(self._descriptor)

    def _begin(self) -> None:
        try:
            self._put(MAGIC)
        except OSError as error:
            self._undo()
            raise JournalError(self._refusal(error, 0, len(MAGIC))) from error
        self._end = len(MAGIC)
        sync_directory(self.path.parent)

    def _put(self, data: bytes) -> None:
        view, offset = memoryview(data), self._end
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view, offset = view[written:], offset + written
        if self.durable == "full":
            _sync(self._descriptor)

    def _refuse_when_overtaken(self) -> None:
        """The lock keeps others out where the file system knows locks; where it does not, what they have written shows."""
        size = os.fstat(self._descriptor).st_size
        if size > self._end and not self._is_torn:
            raise OvertakenError(
                f"only one process may write {self.path}, but another one has appended {size - self._end} bytes: this one ends"
            )

    def _undo(self) -> None:
        """Take a short write back. If that fails too, the next write begins at the same place, and opening cuts it off."""
        try:
            os.ftruncate(self._descriptor, self._end)
        except OSError:
            self._is_torn = True

    def _refusal(self, error: OSError, number: int, size: int) -> str:
        where = f"record {number} ({size} bytes) of {self.path} was not written, and the {self._end} bytes before it are unharmed"
        if error.errno in _FULL:
            return f"the disk is full: {where}; make room, and time goes on"
        return f"the disk cannot be written: {where} ({reason(error)}); when it can, time goes on"
