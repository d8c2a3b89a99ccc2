"""``joulebus watch``: the live view of a home that is up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live

from joulebus.bus import Bus, CallError, Sender
from joulebus.bus.component import Asks, Listener, hears
from joulebus.bus.timers import every, spawn
from joulebus.bus.wamp import WampBus
from joulebus.cli.client import listen
from joulebus.cli.view import View
from joulebus_schemas import topics
from joulebus_schemas.calls import Balance, ClockState, Nothingness
from joulebus_schemas.rounds import Blocked, Dropped, PacketRefused, Reported, Settled

ASK_SECONDS = 2.0
REFRESH_SECONDS = 0.5


def watch(home: str | None) -> None:
    """Show a running home until Ctrl-C."""
    listen(home, lambda bus, found: show(bus, found.home))


def show(bus: WampBus, home: str, on_view: Callable[[View], None] | None = None) -> None:
    """Subscribe to what the view needs, and draw it twice a second."""
    view = View(home, 0, 1, "UTC", {})
    Watcher(bus, home, view).start()
    live = Live(view.render(), console=Console(), auto_refresh=False, screen=False)
    every(REFRESH_SECONDS, lambda: _draw(live, view))
    live.start()
    bus.on_end.append(live.stop)
    if on_view:
        on_view(view)


@dataclass
class Watcher(Listener):
    """A guest who watches a home; everybody on this machine may."""

    part = "guest"
    ask_balance, ask_time = Asks(topics.BALANCE), Asks(topics.CLOCK_GET)

    bus: Bus
    home: str
    view: View

    def start(self) -> None:
        """Hear, and ask what was said before."""
        self.declare()
        self.bus.on_join.append(self.ask)
        every(ASK_SECONDS, self.ask)

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Who moved how much."""
        self.view.on_settled(settled)

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock has stopped."""
        self.view.blocked = blocked

    @hears(topics.REFUSED)
    def on_refused(self, refused: PacketRefused) -> None:
        """A packet was not taken."""
        self.view.refused = refused

    @hears(topics.DROPPED)
    def on_dropped(self, dropped: Dropped, sender: Sender) -> None:
        """Somebody could not read somebody."""
        self.view.dropped = (sender.authid, dropped)

    @hears(topics.REPORTED)
    def on_reported(self, reported: Reported, sender: Sender) -> None:
        """State and readings of a device."""
        self.view.on_reported(sender.authid, reported)

    def ask(self) -> None:
        """The state of the home and its clock; when the keeper is away, the next question comes soon."""
        if self.bus.joined:
            spawn(self._ask())

    async def _ask(self) -> None:
        with suppress(CallError):
            self.on_balance(await self.ask_balance(Nothingness()))
            self.on_time(await self.ask_time(Nothingness()))

    def on_balance(self, balance: Balance) -> None:
        """Who belongs to the home."""
        self.view.roster = balance.roster

    def on_time(self, state: ClockState) -> None:
        """The state of the clock."""
        view = self.view
        view.tick_seconds, view.speed, view.paused = state.tick_seconds, state.speed, state.paused
        view.timezone = state.timezone
        view.lag = f"  {state.lag_ticks:,} ticks behind, waiting for {state.slowest}" if state.lag_ticks else ""
        view.set_time(state.tick, state.time)


def _draw(live: Live, view: View) -> None:
    live.update(view.render(), refresh=True)
