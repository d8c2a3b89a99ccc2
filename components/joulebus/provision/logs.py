"""The logs of a home's parts: one file each, rotated by the supervisor, and readable while they grow.

A part may be any program (Crossbar is one), so it is not asked to open another file: its log is copied and truncated, as logrotate does
with ``copytruncate``. Lines that are written between the two are lost.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

LOG_BYTES_VARIABLE = "JOULEBUS_LOG_BYTES"
"""Environment of the supervisor: how large a log gets before it is rotated."""
LOG_BYTES = 1 << 20
FOLLOW_SECONDS = 0.2


def older_log(path: Path) -> Path:
    """Where the lines of a log go when it is rotated; those that were there before are deleted."""
    return path.with_name(f"{path.name}.1")


def rotate_logs(folder: Path) -> None:
    """Rotate every log of a folder that has grown too large."""
    largest = int(os.environ.get(LOG_BYTES_VARIABLE, LOG_BYTES))
    for path in folder.glob("*.log"):
        if path.stat().st_size > largest:
            _rotate(path)


def _rotate(path: Path) -> None:
    fresh = path.with_name(f".{path.name}")
    try:
        shutil.copy(path, fresh)
        os.truncate(path, 0)
        fresh.replace(older_log(path))
    except OSError:  # A full disk: old lines matter less than the journal.
        os.truncate(path, 0)
        for file in (fresh, older_log(path)):
            file.unlink(missing_ok=True)


def delete_log(path: Path) -> None:
    """Delete a log."""
    for file in (path, older_log(path)):
        file.unlink(missing_ok=True)


def read_log(path: Path, lines: int, follow: bool) -> Iterator[str]:
    """The last lines of a log, and with ``follow`` those that come, until the log is removed.

    Raises:
        FileNotFoundError: There is no such log.
    """
    with path.open("rb") as file:
        mark = _mark(path)
        before = older_log(path).read_bytes() if mark else b""
        *whole, rest = (before + file.read()).split(b"\n")
        yield from map(_text, ([*whole, rest] if rest and not follow else whole)[-lines:] if lines else [])
        while follow and path.exists():
            if mark != (mark := _mark(path)):
                rest += _unread(path, file.tell())
                file.seek(0)
            *whole, rest = (rest + file.read()).split(b"\n")
            yield from map(_text, whole)
            if not whole:
                time.sleep(FOLLOW_SECONDS)


def _mark(path: Path) -> tuple[int, int] | None:
    """Changes whenever a log is rotated."""
    try:
        found = older_log(path).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _unread(path: Path, position: int) -> bytes:
    """What was written to a log after a position, until it was rotated."""
    try:
        return older_log(path).read_bytes()[position:]
    except FileNotFoundError:
        return b""


def _text(line: bytes) -> str:
    return line.decode(errors="replace")
