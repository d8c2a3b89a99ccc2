"""The bytes of a journal: frames with length, checksum and a chain of hashes; and where they are damaged.

    file     = "joulebus journal 1\\n" frame*
    frame    = length u32 | crc32 u32 | payload                                        (big-endian; both are of the payload)
    payload  = sha256 of the payload before (zeros at first) | u32 length of the text | text | columns
    text     = JSON of a word of joulebus_schemas.journal, beginning with {"record":"

The checksum finds what a disk did, the chain what a person did. Records are numbered from 1; 0 is "nothing yet".

A file may begin in the middle of a journal: then its first record is a checkpoint, which says its own number, and follows the
hash that it names. One record may stand for several: a committed one that begins with ``"compacted"`` says the numbers of the
first and the last of them, and the hash of the last. It has the number of the last one, and what comes next follows that hash.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BufferedIOBase, RawIOBase
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple
from zlib import crc32

from joulebus.errors import JournalError

MAGIC = b"joulebus journal 1\n"
HEADER = Struct(">II")
PREFIX = Struct(">32sI")
BEGINNING = b'{"record":"'
NO_HASH = bytes(32)
PAYLOAD_BYTES_MAX = 2**28
"""A day of one-second ticks of a hundred devices stays below; a greater length is damage, not a record."""
SEARCH_BYTES = 2**20

ByteSource = BinaryIO | BufferedIOBase | RawIOBase


class DamageError(JournalError):
    """A journal that was damaged or tampered with, and where."""

    def __init__(self, cause: str, number: int, offset: int, path: Path) -> None:
        super().__init__(
            f"each record of a journal must be whole and follow the one before it, but in {path} record {number} at byte {offset} {cause}; "
            "move it away and joulebus up rewrites it from the historian, or put back a copy"
        )
        self.cause, self.number, self.offset = cause, number, offset


class Frame(NamedTuple):
    """A verified frame: its record's number, where it begins in the file, and its payload."""

    number: int
    """Number of the record; of a compacted one, the last number that it stands for."""
    offset: int
    payload: bytes
    first: int
    """The first one of those that it stands for: ``number``, but for compacted records."""
    head: bytes
    """The hash that the next record follows."""


def packed_frame(payload: bytes) -> bytes:
    """The frame of a payload."""
    return HEADER.pack(len(payload), crc32(payload)) + payload


def join(previous: bytes, text: bytes, columns: bytes) -> bytes:
    """The payload that follows the one with the hash ``previous``."""
    return PREFIX.pack(previous, len(text)) + text + columns


def split(payload: bytes) -> tuple[bytes, bytes, bytes]:
    """Previous hash, text and columns of a payload."""
    previous, length = PREFIX.unpack_from(payload)
    end = PREFIX.size + length
    return previous, payload[PREFIX.size : end], payload[end:]


def shaped(payload: bytes) -> bool:
    """Whether a payload has the shape of one, so that ``split`` can be trusted."""
    if len(payload) < PREFIX.size + len(BEGINNING):
        return False
    length: int = PREFIX.unpack_from(payload)[1]
    return PREFIX.size + length <= len(payload) and payload.startswith(BEGINNING, PREFIX.size)


_CHECKPOINT = re.compile(rb'\{"record":"checkpoint","number":(\d+)')
_COMPACTED = re.compile(rb'\{"record":"committed","compacted":\{"first":(\d+),"last":(\d+),"head":"([0-9a-f]{64})"')


def frame_of(payload: bytes, number: int, offset: int = 0) -> Frame:
    """The frame of a payload that comes when ``number`` is the next one; a compacted one says its numbers itself."""
    found = _COMPACTED.match(payload, PREFIX.size)
    if found is None:
        return Frame(number, offset, payload, number, sha256(payload).digest())
    return Frame(int(found[2]), offset, payload, int(found[1]), bytes.fromhex(found[3].decode()))


def numbered(first: int, payloads: Sequence[bytes]) -> Iterator[Frame]:
    """Consecutive payloads with their numbers; compacted ones say themselves which."""
    for payload in payloads:
        frame = frame_of(payload, first)
        yield frame
        first = frame.number + 1


def checkpoint_number(payload: bytes) -> int | None:
    """The number of a record that is a checkpoint; None for any other."""
    found = _CHECKPOINT.match(payload, PREFIX.size)
    return int(found[1]) if found else None


class Frames:
    """Walks through a journal from its first byte, in constant memory, and verifies every frame and the chain.

    What cannot be a write that was cut off raises :class:`DamageError`; a tail that was cut off ends the walk.
    """

    def __init__(self, file: ByteSource, path: Path) -> None:
        self._file, self._path = file, path
        self.number = 0
        self.hash = NO_HASH
        """What the next payload follows: the head of the chain."""
        self.end = len(MAGIC)
        """Offset behind the last good frame."""
        self.torn_bytes = 0

    def __iter__(self) -> Iterator[Frame]:
        if not self._begins():
            return
        while (payload := self._next()) is not None:
            if self.end == len(MAGIC):
                self._adopt(payload)
            self._follow(payload)
            frame = frame_of(payload, self.number + 1, self.end)
            if frame.first != self.number + 1 or frame.number < frame.first:
                raise DamageError(f"stands for the records {frame.first} to {frame.number}, which are not the next ones",
                                  self.number + 1, self.end, self._path)  # fmt: skip
            self.number, self.hash = frame.number, frame.head
            self.end += HEADER.size + len(payload)
            yield frame

    def _adopt(self, payload: bytes) -> None:
        """A file that begins with a checkpoint is the continuation of another one."""
        number = checkpoint_number(payload)
        if number is not None:
            self.number, self.hash = number - 1, payload[: len(NO_HASH)]

    def _begins(self) -> bool:
        self._file.seek(0)
        magic = self._file.read(len(MAGIC)) or b""
        if len(magic) < len(MAGIC) and MAGIC.startswith(magic):
            self.end, self.torn_bytes = 0, len(magic)
            return False
        if magic != MAGIC:
            raise JournalError(f"{self._path} is not a journal of this joulebus; name a journal, or use the version that wrote this one")
        return True

    def _next(self) -> bytes | None:
        header = self._file.read(HEADER.size) or b""
        if not header:
            return None
        if len(header) == HEADER.size:
            length, checksum = HEADER.unpack(header)
            if PREFIX.size < length <= PAYLOAD_BYTES_MAX:
                payload = self._file.read(length) or b""
                if len(payload) == length and crc32(payload) == checksum:
                    return payload
        self._bad()
        return None

    def _bad(self) -> None:
        """A bad frame with a good one behind it was not cut off while it was written: it was damaged later."""
        later = later_frame(self._file, self.end)
        if later is not None:
            raise DamageError(f"is not what was written (its checksum is wrong; the next good record begins at byte {later})",
                              self.number + 1, self.end, self._path)  # fmt: skip
        self.torn_bytes = self._file.seek(0, 2) - self.end

    def _follow(self, payload: bytes) -> None:
        if not payload.startswith(self.hash):
            raise DamageError("does not follow the record before it: one was removed, inserted, moved or rewritten here",
                              self.number + 1, self.end, self._path)  # fmt: skip
        if not shaped(payload):
            raise DamageError("is not a record of joulebus", self.number + 1, self.end, self._path)


def later_frame(file: ByteSource, offset: int) -> int | None:
    """Where the first good frame behind ``offset`` begins, if there is one."""
    lead = HEADER.size + PREFIX.size
    place = offset + 1
    while True:
        file.seek(place)
        block = file.read(SEARCH_BYTES) or b""
        if len(block) < len(BEGINNING):
            return None
        hit = block.find(BEGINNING)
        while hit >= 0:
            if place + hit - lead > offset and _good(file, place + hit - lead):
                return place + hit - lead
            hit = block.find(BEGINNING, hit + 1)
        place += len(block) - len(BEGINNING) + 1


def _good(file: ByteSource, offset: int) -> bool:
    file.seek(offset)
    header = file.read(HEADER.size) or b""
    if len(header) < HEADER.size:
        return False
    length, checksum = HEADER.unpack(header)
    if not PREFIX.size < length <= PAYLOAD_BYTES_MAX:
        return False
    payload = file.read(length) or b""
    return len(payload) == length and bool(crc32(payload) == checksum)
