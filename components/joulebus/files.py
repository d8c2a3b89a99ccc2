"""Files that are whole at any moment: what is read is what was there before, or all of the new."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def replace_atomically(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put a new file, which survives a power failure, in the place of the old one, whose permissions it keeps.

    ``mode``: permissions of a file that was not there, as the umask allows.

    Raises:
        OSError: The file cannot be written. The old one is there then, and nothing is left beside it.
    """
    with _replacement(path, mode) as file:
        if path.exists():
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_directory(path.parent)


def replace_in_one_step(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put a new file in the place of the old one, without waiting for the disk: for files that a power failure makes worthless.

    ``mode``: its permissions, as the umask allows.

    Raises:
        OSError: The file cannot be written. The old one is there then, and nothing is left beside it.
    """
    with _replacement(path, mode) as file:
        file.write(data)


@contextmanager
def _replacement(path: Path, mode: int) -> Iterator[IO[bytes]]:
    # In containers that share a volume everybody has the same number: the name of the machine tells them apart.
    fresh = path.with_name(f".{path.name}.{os.uname().nodename}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)  # Of a process that was killed; its permissions may be others.
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def sync_directory(path: Path) -> None:
    """Make names in a directory durable.

    Raises:
        OSError: The directory cannot be opened or synced.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
