"""How far a journal was audited: the next audit begins at the last checkpoint of that time, and wants to find what was there then."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from joulebus.errors import JournalError
from joulebus.files import replace_atomically
from joulebus.refusals.system import reason
from joulebus_schemas.base import Name, Natural, Word
from joulebus_schemas.rounds import Hash


class MarkedRecord(Word):
    """A record that was there."""

    number: Natural
    head: Annotated[Hash, Field(description="the hash that the next record follows")]


class AuditMark(Word):
    """What an audit has found sound."""

    audited: Literal[1] = 1
    home: Name
    last: MarkedRecord
    checkpoint: MarkedRecord | None = None
    """The last one: from there on a later audit counts."""
    seal: tuple[Natural, Hash] | None = None
    """Epoch and hash of the last seal: it stays when its records are compacted."""


def read_mark(path: Path) -> AuditMark | None:
    """The mark in a file; None when there is no such file.

    Raises:
        JournalError: The file cannot be read, or is no mark.
    """
    try:
        return AuditMark.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError(f"the mark of the last audit {path} cannot be read: {reason(error)}") from None
    except ValidationError:
        raise JournalError(f"--since names a file that `joulebus audit --since` has written, but {path} is something else") from None


def write_mark(path: Path, mark: AuditMark) -> None:
    """Keep a mark.

    Raises:
        JournalError: The file cannot be written.
    """
    try:
        replace_atomically(path, mark.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise JournalError(f"the mark of this audit cannot be kept in {path}: {reason(error)}") from None
