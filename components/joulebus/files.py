"""Files that are whole at any moment: what is read is what was there before, or all of the new."""

import os
import stat
from pathlib import Path


def replace_atomically(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that survives a power failure, and put it in the place of the old one, whose permissions it keeps.

    ``mode``: permissions of a file that was not there, as the umask allows. Raises OSError; the old file is there then, and
    nothing is left beside it.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
