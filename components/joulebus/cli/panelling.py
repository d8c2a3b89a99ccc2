"""``joulebus panels``: the panels of a home or of any meter, drawn twice a second, with keys."""

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.live import Live

from joulebus.cli.files import check_zone
from joulebus.cli.panel_feed import TelegramFeed
from joulebus.cli.panel_picture import check_picture, write_picture
from joulebus.cli.panel_sources import JournalPanels, TelegramPanels
from joulebus.cli.panels import PanelsView
from joulebus.cli.reader_panels import FoundReader, heard_by, reader_at
from joulebus.cli.sources import journal_at
from joulebus.devices.meter_reader import NETWORK

DRAWING_SECONDS = 0.5
LOOK_REFRESHES = 2
LOOK_AGAIN_SECONDS = DRAWING_SECONDS * LOOK_REFRESHES
HEARING_SECONDS = 0.05
"""After each drawing, for what has come on the bus meanwhile."""
ONCE_LOOKS_MAX = 600
"""Half a minute: some meters speak each ten seconds."""


@dataclass(frozen=True, slots=True)
class PanelsOptions:
    """What was asked for."""

    source: str
    rates: Path | None
    cap_watts: int | None
    timezone: str
    once: bool
    home: str | None
    picture: Path | None = None
    """Where one picture is written instead of shown."""
    device: str | None = None

    @property
    def is_one(self) -> bool:
        """Whether they are drawn once."""
        return self.once or self.picture is not None


def is_of_telegrams(source: str) -> bool:
    """Whether a source is what ``meter read`` reads: a port, a serial device, standard input, or a file that begins like a telegram."""
    if source == "-" or source.startswith(NETWORK):
        return True
    path = Path(source)
    if path.is_char_device():
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(1) == b"/"


def run_panels(options: PanelsOptions) -> None:
    """Show them until the key for the end, or until Ctrl-C.

    Raises:
        UsageError: The address does not name a port, or nobody answers there.
        PropertyError: There is no such time zone.
        HomeFileError: The rates file cannot be read, or says what cannot be.
        JournalError: The journal cannot be read, or is damaged.
        ReportError: The journal cannot be counted.
        RosterError: A device is named that is no meter of a living home.
        BusError: The home does not answer.
    """
    if options.picture is not None:
        check_picture(options.picture)
    if is_of_telegrams(options.source):
        _run_telegrams(options)
        return
    reader = reader_at(options.source, options.device)
    if reader is not None:
        _run_reader(options, reader)
        return
    with journal_at(options.source, options.home) as path:
        panels = JournalPanels(path, options.source, options.rates, options.cap_watts)
        if options.is_one:
            panels.look()
            _show_one(panels.view, options.picture)
        else:
            _run_journal(panels)


def _run_journal(panels: JournalPanels) -> None:
    """Read beside the drawing: the journal of a year takes a minute."""
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(panels.follow, LOOK_AGAIN_SECONDS)
        try:
            for _ in _drawn(panels.view):
                if reading.done():
                    reading.result()
        finally:
            panels.end()


def _run_telegrams(options: PanelsOptions) -> None:
    check_zone(options.timezone)
    panels = TelegramPanels(options.source, options.timezone, options.rates, options.cap_watts)
    feed = TelegramFeed(options.source, panels)
    if options.is_one:
        feed.read_once()
        _show_one(panels.view, options.picture)
        return
    feed.begin()
    try:
        for refresh in _drawn(panels.view):
            if refresh % LOOK_REFRESHES == 0:
                panels.count()
    finally:
        feed.end()


def _run_reader(options: PanelsOptions, reader: FoundReader) -> None:
    panels = TelegramPanels(f"{reader.home}: {reader.device}", reader.timezone, options.rates, options.cap_watts)
    with heard_by(panels, reader) as hear:
        if options.is_one:
            for _ in range(ONCE_LOOKS_MAX):
                if panels.view.watched.telegram is not None:
                    break
                hear(HEARING_SECONDS)
            panels.count()
            _show_one(panels.view, options.picture)
            return
        for refresh in _drawn(panels.view):
            hear(HEARING_SECONDS)
            if refresh % LOOK_REFRESHES == 0:
                panels.count()


def _show_one(view: PanelsView, picture: Path | None) -> None:
    if picture is not None:
        write_picture(view, picture)
        return
    console = Console()
    console.print(view.render(console.width, console.height), height=console.height)


def _drawn(view: PanelsView) -> Iterator[int]:
    """Draw, yield the number of the drawing, and again, until somebody ends it."""
    console, number = Console(), 0
    with _keys() as keys, Live(view, console=console, auto_refresh=False, screen=console.is_terminal) as live:
        while True:
            yield number
            live.update(view, refresh=True)
            number += 1
            pressed = _pressed(keys)
            if not all(view.press(key) for key in pressed):
                return


def _pressed(keys: int | None) -> str:
    """What was typed within the time of a drawing."""
    if keys is None:
        threading.Event().wait(DRAWING_SECONDS)
        return ""
    ready, _, _ = select.select([keys], [], [], DRAWING_SECONDS)
    return os.read(keys, 64).decode("ascii", "ignore") if ready else ""


@contextmanager
def _keys() -> Iterator[int | None]:
    """The keyboard, key by key; None: standard input is no terminal."""
    if not sys.stdin.isatty():
        yield None
        return
    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    tty.setcbreak(file)
    try:
        yield file
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
