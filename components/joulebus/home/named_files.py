"""Files that somebody names over the bus: the owner of a home may name any, everybody else those beside the home file.

A component reads a file with the rights of the owner, so what it says about one tells others what is in it, and which files there are.
What a device reads as long as it lives (a serial device, a place on the network) is under the same rule: who may not read it himself,
and may not connect from here, does not get to it by way of a device.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.bus import Sender
from joulebus.device import AnyDevice
from joulebus.devices.meter_reader import NETWORK
from joulebus.errors import JoulebusError, PropertyError
from joulebus.homefile.members import LIBRARY, is_file, located_source
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

    def located(self, device: AnyDevice, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties with the whole paths of files, and of what a living device reads.

        Raises:
            PropertyError: A file lies where it must not be named from here, whether it exists or not, or it is no file but the network.
        """
        return {key: self._located(key, value) if _names_place(device, key, value) else value for key, value in properties.items()}

    def _located(self, key: str, value: str) -> str:
        path = Path("/") if value.startswith(NETWORK) else self.folder / value
        if not self.is_owner and not _resolved(path).is_relative_to(_resolved(self.folder)):
            raise PropertyError(f"{key} must name a file below the folder of the home file; only the owner of the home may name others")
        return located_source(value, self.folder)

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


def _names_place(device: AnyDevice, key: str, value: Any) -> bool:
    """Whether a property names a file of this machine, or whatever else the device's process is to open."""
    return names_file(key, value) or (key in device.sources and isinstance(value, str) and bool(value))


def _resolved(path: Path) -> Path:
    """Where a path leads; nowhere, when it leads in a circle or cannot be one."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return Path("/")
