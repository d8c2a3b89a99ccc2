"""A reader of a meter that is really there: it moves no joules, and names the place from which its process reads telegrams.

In memory and in plans it does nothing, and needs no meter; what its process does is in ``services/meter_reader.py``.
"""

import re
from typing import Annotated

from pydantic import Field, field_validator

from joulebus.device import Device, Properties, State

NETWORK = "tcp://"
_ADDRESS = re.compile(r"(\[[^\]\s]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_PORTS = range(1, 1 << 16)


def address_of(source: str) -> tuple[str, int] | None:
    """The host and port of a meter on the network; None: the source is a path of this machine.

    Raises:
        ValueError: It begins as an address does, and names no host or no port.
    """
    if not source.startswith(NETWORK):
        return None
    found = _ADDRESS.fullmatch(source.removeprefix(NETWORK))
    if found is None or int(found[2]) not in _PORTS:
        raise ValueError(f'a meter on the network is tcp://HOST:PORT, such as tcp://p1.local:8088; it was "{source[:60]}"')
    return found[1].removeprefix("[").removesuffix("]"), int(found[2])


class MeterReaderProperties(Properties):
    """Which meter is read."""

    source: Annotated[
        str,
        Field(
            max_length=4096,
            pattern=r"^[^\x00-\x1f]*$",
            description="of telegrams: tcp://HOST:PORT, a serial device such as /dev/ttyUSB0, or a file; left out: none is read",
        ),
    ] = ""

    @field_validator("source")
    @classmethod
    def _with_a_port(cls, source: str) -> str:
        address_of(source)
        return source


class MeterReaderDevice(Device[MeterReaderProperties, State]):
    """It offers nothing, and its state says nothing of what it read: so the balance is what it would be without it."""

    kind = "meter_reader"
    summary = "reads the telegrams of a real meter: by network, serial device or file; it takes no part in the balance"
    icon = "counter"
    properties = MeterReaderProperties
    sources = frozenset({"source"})
