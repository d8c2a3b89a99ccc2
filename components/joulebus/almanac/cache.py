"""Computed months on disk. A file is named by the hash of its question and begins with the hash of its content.

So a truncated file is computed again, not believed; and writers that meet each other write the same.
"""

import hashlib
import os
import sys
from array import array
from pathlib import Path

from joulebus.errors import SetupError
from joulebus.files import replace_in_one_step
from joulebus.refusals.system import reason

DIGEST_BYTES = 32
FILES_MAX = 1500
"""About half a gigabyte; the oldest go first."""


def folder() -> Path:
    """Where the months are kept; XDG_CACHE_HOME moves it."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "joulebus" / "almanac"


def cached(name: str) -> "array[int] | None":
    """The numbers of a question, or None when they are not there or not whole."""
    try:
        content = (folder() / name).read_bytes()
    except OSError:
        return None
    digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    numbers = array("q")
    numbers.frombytes(body)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def save(name: str, little_endian: bytes) -> None:
    """Keep the numbers of a question, all of them or nothing.

    Raises:
        SetupError: The folder of the cache cannot be written.
    """
    try:
        folder().mkdir(parents=True, exist_ok=True)
        replace_in_one_step(folder() / name, hashlib.sha256(little_endian).digest() + little_endian, 0o600)
    except OSError as problem:
        raise SetupError(f"the cache {folder()} cannot be written: {reason(problem)}; set XDG_CACHE_HOME to another folder") from None


def prune() -> None:
    """Remove the oldest files above the limit, half-written ones of killed processes too."""
    files = sorted(folder().iterdir(), key=_age)
    for file in files[: max(0, len(files) - FILES_MAX)]:
        file.unlink(missing_ok=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
