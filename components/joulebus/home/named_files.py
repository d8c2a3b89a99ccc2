"""Files that somebody names over the bus: the owner of a home may name any, everybody else those beside the home file.

A component reads a file with the rights of the owner, so what it says about one tells others what is in it, and which files there are.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.bus import Sender
from joulebus.errors import JoulebusError, PropertyError
from joulebus.homefile.members import LIBRARY, is_file
from joulebus_schemas.principals import OWNER, person

_log = logging.getLogger("joulebus.home")


@dataclass(frozen=True)
class FileRules:
    """What one who asks may name."""

    home: str
    folder: Path
    """The folder of the home file, from which names are seen."""
    sender: Sender

    @property
    def is_owner(self) -> bool:
        """Whether it is who can read the files of the home anyway."""
        return self.sender.authid == person(self.home, OWNER)

    def located(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties with the whole paths of files.

        Raises:
            PropertyError: A file lies where it must not be named from here, whether it exists or not.
        """
        return {key: self._located(key, value) if names_file(key, value) else value for key, value in properties.items()}

    def _located(self, key: str, value: str) -> str:
        path = self.folder / value
        if not self.is_owner and not _resolved(path).is_relative_to(_resolved(self.folder)):
            raise PropertyError(f"{key} must name a file below the folder of the home file; only the owner of the home may name others")
        return str(path)

    @contextmanager
    def discreet(self, device: str, properties: Mapping[str, Any]) -> Iterator[None]:
        """What goes wrong with a file is said to the owner; to others only that it does."""
        try:
            yield
        except JoulebusError as error:
            if self.is_owner or not any(names_file(key, value) for key, value in properties.items()):
                raise
            _log.warning("%s asked for what %s cannot live with: %s", self.sender.authid, device, error)
            raise PropertyError(f"{device} cannot live with this and its file; why is in the owner's log of {self.home}") from None


def names_file(key: str, value: Any) -> bool:
    """Whether a property names a file of this machine."""
    return is_file(key) and isinstance(value, str) and bool(value) and not value.startswith(LIBRARY)


def _resolved(path: Path) -> Path:
    """Where a path leads; nowhere, when it leads in a circle or cannot be one."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return Path("/")
