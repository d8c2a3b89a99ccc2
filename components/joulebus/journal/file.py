"""The journal of a home: the truth. An append-only file of records that are durable before anybody hears of them.

One process writes (the lock is on the file itself), any number read. ``joulebus.journal.frames`` describes the bytes,
``joulebus.journal.recovery`` says what a home was when its journal ended.
"""

import errno
import fcntl
import os
from array import array
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import TypeAdapter

from joulebus.errors import JournalError
from joulebus.journal.frames import HEADER, MAGIC, NO_HASH, PAYLOAD_BYTES_MAX, Frames, join, packed_frame, shaped, split
from joulebus.journal.older import in_todays_words
from joulebus_schemas.journal import Born, Changed, Committed, Woken
from joulebus_schemas.journal import JournalRecord as RecordForm

JournalRecord = Born | Woken | Changed | Committed
Durable = Literal["full", "memory"]
"""full: every record is on the disk before append returns. memory: it survives this process, not a power failure."""

_records: TypeAdapter[JournalRecord] = TypeAdapter(RecordForm)
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
        self._offsets = array("Q")
        self._hash = NO_HASH
        self._end = 0
        self.is_writable = True
        self.torn_bytes = 0
        """How many bytes of a write that was cut off were found behind the last good record when it was opened."""

    @classmethod
    def open(cls, path: Path, durable: Durable = "full") -> Self:
        """The journal to append to, made when it is not there; verified, and a tail that was cut off is removed."""
        descriptor = _locked(path)
        journal = cls(path, descriptor, durable)
        try:
            journal._verify()
            journal._heal()
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def view(cls, path: Path) -> Self:
        """The journal to read, also while its home runs; nothing in it is changed."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise JournalError(f"a journal must be readable, but {path} is not: {error.strerror}") from error
        journal = cls(path, descriptor, "memory")
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
        return len(self._offsets)

    @property
    def head(self) -> str:
        """The hash of the last record's payload; 64 zeros when there is none."""
        return self._hash.hex()

    def append(self, record: JournalRecord, columns: bytes = b"") -> int:
        """Make a record durable and return its number. When it raises, nothing was written and it may be tried again."""
        return self.append_raw(join(self._hash, record_text(record), columns))

    def append_raw(self, payload: bytes) -> int:
        """Append a payload that was kept elsewhere; it must follow the last one."""
        number = self.last_number + 1
        if not payload.startswith(self._hash) or not shaped(payload):
            raise JournalError(f"record {number} must follow the record with hash {self.head}, but it names {payload[:32].hex()}")
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise JournalError(
                f"a record must be smaller than {PAYLOAD_BYTES_MAX} bytes, but record {number} has {len(payload)}; shorten the windows"
            )
        frame = packed_frame(payload)
        try:
            self._put(frame)
        except OSError as error:
            self._undo()
            raise JournalError(self._refusal(error, number, len(frame))) from error
        self._offsets.append(self._end)
        self._end += len(frame)
        self._hash = sha256(payload).digest()
        return number

    def raw(self, number: int) -> bytes:
        """The payload of a record, for replay."""
        if not 1 <= number <= self.last_number:
            raise JournalError(f"a record's number must be in 1..{self.last_number}, but was {number}")
        offset = self._offsets[number - 1]
        end = self._offsets[number] if number < self.last_number else self._end
        return os.pread(self._descriptor, end - offset - HEADER.size, offset + HEADER.size)

    def raws(self, first: int, most: int, bytes_max: int) -> list[bytes]:
        """Payloads from a record on: at most so many, and no more bytes than one message takes."""
        found: list[bytes] = []
        for number in range(max(first, 1), min(first + most - 1, self.last_number) + 1):
            found.append(self.raw(number))
            bytes_max -= len(found[-1])
            if bytes_max < 0:
                break
        if bytes_max < 0 and len(found) == 1:
            raise JournalError(f"record {first} must fit into a message, but has {len(found[0])} bytes; shorten the windows")
        return found if bytes_max >= 0 else found[:-1]

    def hash_of(self, number: int) -> str:
        """The hash of a record's payload; of record 0 it is 64 zeros."""
        return sha256(self.raw(number)).hexdigest() if number else NO_HASH.hex()

    def read(self, first: int = 1) -> Iterator[tuple[int, JournalRecord, bytes]]:
        """Number, record and columns of each record from ``first`` on."""
        for number in range(max(first, 1), self.last_number + 1):
            _, text, columns = split(self.raw(number))
            yield number, parse(text), columns

    def close(self) -> None:
        """Give the file and the lock back."""
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
                self._offsets.append(frame.offset)
        self._hash, self._end, self.torn_bytes = frames.hash, frames.end, frames.torn_bytes

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

    def _undo(self) -> None:
        """Take a short write back. If that fails too, the next write begins at the same place, and opening cuts it off."""
        try:
            os.ftruncate(self._descriptor, self._end)
        except OSError:
            return

    def _refusal(self, error: OSError, number: int, size: int) -> str:
        where = f"record {number} ({size} bytes) of {self.path} was not written, and the {self._end} bytes before it are unharmed"
        if error.errno in _FULL:
            return f"the disk is full: {where}; make room ({error.strerror}), and time goes on"
        return f"the disk does not take what is written: {where} ({error.strerror}); mend it, and time goes on"


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise JournalError(
                f"a journal must be in a directory that can be written, but {path} cannot be opened: {error.strerror}"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                return descriptor
        except OSError as error:
            os.close(descriptor)
            raise JournalError(
                f"only one process may write the journal of a home, but another one has {path} open; stop that one first"
            ) from error
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one of that name (it may have been replaced while we opened it)."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
