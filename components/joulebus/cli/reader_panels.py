"""What a meter reader of a living home says on the bus, for the panels: they show the real meter, and not the home's own books."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from joulebus.bus import Bus
from joulebus.bus.component import Listener, hears
from joulebus.cli.client import Conversation, guest
from joulebus.cli.panel_sources import TelegramPanels
from joulebus.errors import RosterError
from joulebus.refusals.messages import guess
from joulebus.rundir import living_homes
from joulebus_schemas import topics
from joulebus_schemas.meter import TelegramReceived

METER_KIND, READER_KIND = "meter", "meter_reader"


@dataclass(frozen=True, slots=True)
class FoundReader:
    """A meter reader of a living home, and the time zone of the home."""

    home: str
    device: str
    timezone: str


def reader_at(source: str, device: str | None) -> FoundReader | None:
    """The reader whose meter is to be shown: the named one, or one of a home without a meter of its own; None: the home's books are shown.

    Raises:
        RosterError: A device is named that is no meter of a living home.
        BusError: The home does not answer.
    """
    if Path(source).exists() or source not in {directory.name for directory in living_homes()}:
        if device is not None:
            raise RosterError(f"--device names a meter of a home that is up, but {source} is none; leave it out, or start the home")
        return None
    _, found, bus = guest(source)
    with Conversation(bus) as home:
        devices = home.ask(f"joulebus.{found.home}.home.list", {})["devices"]
        timezone = home.ask(f"joulebus.{found.home}.clock.get", {})["timezone"]
    kinds = {name: one["kind"] for name, one in sorted(devices.items()) if one["kind"] in (METER_KIND, READER_KIND)}
    chosen = device if device is not None else next(iter(sorted(kinds, key=lambda name: (kinds[name] != METER_KIND, name))), "")
    if device is not None and device not in kinds:
        raise RosterError(f"{source} has no meter {device}; {guess(device, kinds, 'its meters are')}")
    return FoundReader(found.home, chosen, timezone) if kinds.get(chosen) == READER_KIND else None


@dataclass
class ReaderListener(Listener):
    """A guest who hears a meter reader; everybody on this machine may."""

    part = "guest"

    bus: Bus
    home: str
    device: str
    panels: TelegramPanels

    @hears(topics.RECEIVED, of=lambda self: (self.device,))
    def on_received(self, received: TelegramReceived) -> None:
        """A telegram, and how many there were: the reader has seen more of them than whoever looks."""
        if received.text is not None:
            self.panels.feed(received.text.encode("latin-1"))
        self.panels.count_as(received.telegrams, received.dropped)


@contextmanager
def heard_by(panels: TelegramPanels, reader: FoundReader) -> Iterator[Callable[[float], None]]:
    """What lets the panels hear for so many seconds; in between, nothing is lost.

    Raises:
        BusError: The router does not answer.
    """
    _, _, bus = guest(reader.home)
    ReaderListener(bus, reader.home, reader.device, panels).declare()
    with Conversation(bus):
        yield lambda seconds: bus.turn(asyncio.sleep(seconds))
