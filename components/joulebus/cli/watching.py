"""``joulebus watch``: the live view of a home that is up."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live

from joulebus.bus import Bus, CallError, Sender
from joulebus.bus.component import Asks, Listener, hears
from joulebus.bus.timers import every, spawn
from joulebus.bus.wamp import WampBus
from joulebus.cli.client import listen
from joulebus.cli.view import View
from joulebus.home.mirror import Mirror
from joulebus_schemas import topics
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.rounds import Dropped, PacketRefused, PartTrouble
from joulebus_schemas.screen import ScreenChanged, Summary

REFRESH_SECONDS = 0.5


def watch(home: str | None) -> None:
    """Show a running home until Ctrl-C."""
    listen(home, lambda bus, found: show(bus, found.home))


def show(bus: WampBus, home: str, on_view: Callable[[View], None] | None = None) -> None:
    """Subscribe to what the view needs, and draw it twice a second."""
    view, console = View(home, Mirror()), Console()
    Watcher(bus, home, view).start()
    if on_view:
        on_view(view)
    live = Live(view, console=console, auto_refresh=False, screen=console.is_terminal, redirect_stderr=False)
    every(REFRESH_SECONDS, lambda: _draw(live, view))
    live.start()
    bus.on_end.append(live.stop)


@dataclass
class Watcher(Listener):
    """A guest who watches a home; everybody on this machine may."""

    part = "guest"
    ask_snapshot = Asks(topics.SNAPSHOT)

    bus: Bus
    home: str
    view: View

    def start(self) -> None:
        """Hear, and ask what was said before."""
        self._is_asking = False
        self.declare()
        self.bus.on_join.append(self.ask)

    @hears(topics.SUMMARY)
    def on_summary(self, summary: Summary) -> None:
        """The moving numbers."""
        if not self.view.mirror.take_summary(summary):
            self.ask()

    @hears(topics.SCREEN_CHANGED)
    def on_changed(self, change: ScreenChanged) -> None:
        """What is different."""
        if not self.view.mirror.take_change(change):
            self.ask()

    @hears(topics.PART_TROUBLE)
    def on_trouble(self, trouble: PartTrouble) -> None:
        """A part ends again and again, or no more."""
        self.view.troubles = {**self.view.troubles, trouble.part: trouble}

    @hears(topics.REFUSED)
    def on_refused(self, refused: PacketRefused) -> None:
        """A packet was not taken."""
        self.view.refused = refused

    @hears(topics.DROPPED)
    def on_dropped(self, dropped: Dropped, sender: Sender) -> None:
        """Somebody could not read somebody."""
        self.view.dropped = (sender.authid, dropped)

    def ask(self) -> None:
        """For the picture, one question at a time; while nobody can answer, the next summary asks again."""
        if self.bus.joined and not self._is_asking:
            self._is_asking = True
            spawn(self._ask())

    async def _ask(self) -> None:
        is_right = False
        try:
            is_right = self.view.mirror.take_snapshot(await self.ask_snapshot(Nothingness()))
        except CallError:
            is_right = True  # Nobody is there to be asked again.
        finally:
            self._is_asking = False
        if not is_right:
            self.ask()


def _draw(live: Live, view: View) -> None:
    view.look(view.now + REFRESH_SECONDS)
    live.update(view, refresh=True)
