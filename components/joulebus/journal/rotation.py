"""How the open file of a journal is found, locked, and followed by the next one; killed anywhere, one of the two is open.

1. The next file is written beside the open one (``journal.bin.next``), locked and synced.
2. The open file gets the name of a closed one.
3. The next file gets the name of the open one.

Whoever finds no open file but a next one was left between 2 and 3, and does 3. Whoever finds both was left before 2, and the next one goes.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from joulebus.errors import JournalError
from joulebus.files import sync_directory
from joulebus.journal.segments import RAW, folder_of, segment_name, segments_in
from joulebus.refusals.system import reason

_LOOKS = 100
"""How often the name of the open file may change hands while it is being opened."""


def next_of(path: Path) -> Path:
    """Where the next open file is written."""
    return path.with_name(path.name + ".next")


def tail_of(path: Path) -> int:
    """A descriptor of the open file, to read. Raises JournalError when it cannot be read."""
    for _ in range(_LOOKS):
        for place in (path, next_of(path)):
            try:
                return os.open(place, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError as error:
                missing: OSError = error
            except OSError as error:
                raise JournalError(f"the journal {path} cannot be read: {reason(error)}") from error
        if not segments_in(folder_of(path)):
            break
    raise JournalError(f"the journal {path} cannot be read: {reason(missing)}") from missing


def locked(path: Path) -> int:
    """A descriptor of the open file, to write; what was left half done is done. Raises JournalError when another process has it."""
    for _ in range(_LOOKS):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            if not _begun(path):
                continue
            descriptor = _made(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        if descriptor >= 0 and _has_lock(descriptor, path):
            with suppress(FileNotFoundError):
                os.unlink(next_of(path))  # A next file that never took over; nothing was appended to it.
            return descriptor
    raise JournalError(f"the open file of a journal must keep its name, but {path} changes each time; is somebody moving it?")


def is_lost(path: Path) -> bool:
    """Whether closed files are there, and no open one."""
    return not path.exists() and not next_of(path).exists() and bool(segments_in(folder_of(path)))


def begun_beside(path: Path, data: bytes, durable: bool) -> int:
    """Write the next file and lock it. Raises OSError, and then it is gone again."""
    place = next_of(path)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        folder_of(path).mkdir(exist_ok=True)
        if durable:
            os.fsync(descriptor)
            sync_directory(path.parent)
    except BaseException:
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(place)
        raise
    return descriptor


def swap(path: Path, first: int, last: int) -> None:
    """Close the open file under its numbers, and let the next one be open. Raises OSError, and then the old one is open again."""
    closed = folder_of(path) / segment_name(first, last, RAW)
    try:
        os.rename(path, closed)
    except OSError:
        os.unlink(next_of(path))
        raise
    try:
        sync_directory(closed.parent)
        os.rename(next_of(path), path)
    except OSError:
        os.rename(closed, path)
        os.unlink(next_of(path))
        raise
    with suppress(OSError):  # It is open by now; should its name be lost with the power, it is found under the other one.
        sync_directory(path.parent)


def _begun(path: Path) -> bool:
    """Finish a change of files that was left half done; True when there is no journal at all."""
    place = next_of(path)
    if place.exists():
        with suppress(FileNotFoundError):  # Its writer was quicker.
            descriptor = os.open(place, os.O_RDWR | os.O_CLOEXEC)
            if _has_lock(descriptor, place):
                os.rename(place, path)
                sync_directory(path.parent)
                os.close(descriptor)
        return False
    found = segments_in(folder_of(path))
    if found and not path.exists():
        raise JournalError(
            f"the open file of a journal must be there, but {path} is gone, and record {found[-1].last} is the last one in "
            f"{folder_of(path)}: put it back; joulebus up rewrites it from a historian that has its records"
        )
    return not found


def _made(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        return -1
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> JournalError:
    return JournalError(f"the journal {path} cannot be opened for writing: {reason(error)}")


def _has_lock(descriptor: int, path: Path) -> bool:
    """Lock it; False, and closed, when the locked file is no longer the one of that name. Raises JournalError when another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return True
    except FileNotFoundError:
        pass
    except OSError as error:
        os.close(descriptor)
        raise JournalError(
            f"only one process may write the journal of a home, but another one has {path} open; stop that one first"
        ) from error
    os.close(descriptor)
    return False
