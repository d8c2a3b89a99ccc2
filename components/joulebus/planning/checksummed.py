"""JSON files with a checksum of everything they say: a file that a disk or a person has changed is refused."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from joulebus.files import replace_atomically

CHECKSUM = "sha256"


def write_checksummed(path: Path, said: dict[str, Any]) -> None:
    """Write a file, all of it or nothing. Raises OSError."""
    replace_atomically(path, (json.dumps(said | {CHECKSUM: _checksum(said)}, indent=2, sort_keys=True) + "\n").encode())


def read_checksummed(path: Path) -> dict[str, Any]:
    """What a file says. Raises OSError; and ValueError, when it is not what was written."""
    said = json.loads(path.read_bytes(), parse_constant=_refuse)
    if not isinstance(said, dict):
        raise ValueError("it is not a mapping")
    checksum = said.pop(CHECKSUM, None)
    if checksum != _checksum(said):
        raise ValueError("its checksum is that of another content" if checksum else "it has no checksum")
    return said


def _checksum(said: dict[str, Any]) -> str:
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
