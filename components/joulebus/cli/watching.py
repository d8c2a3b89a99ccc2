"""``joulebus watch``: the live view of a home that is up."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.live import Live

from joulebus.bus import Sender
from joulebus.bus.timers import every
from joulebus.bus.wamp import WampBus
from joulebus.cli.client import listen
from joulebus.cli.view import View
from joulebus_schemas.calls import Balance, ClockState
from joulebus_schemas.rounds import Blocked, Refused, Reported, Settled

REFRESH_SECONDS = 0.5


def watch(home: str | None) -> None:
    """Show a living home until Ctrl-C."""
    listen(home, lambda bus, found: show(bus, found.home))


def show(bus: WampBus, home: str, on_view: Callable[[View], None] | None = None) -> None:
    """Subscribe to what the view needs, and draw it twice a second."""
    view = View(home, 0, 1, "UTC", {})
    declare(bus, view)
    live = Live(view.render(), console=Console(), auto_refresh=False, screen=False)
    bus.on_join.append(lambda: _ask_all(bus, view))
    every(REFRESH_SECONDS, lambda: _draw(live, view))
    live.start()
    bus.reactor.addSystemEventTrigger("before", "shutdown", live.stop)
    if on_view:
        on_view(view)


def declare(bus: WampBus, view: View) -> None:
    """What a view hears."""
    base = f"joulebus.{view.home}"

    def on_reported(reported: Reported, sender: Sender) -> None:
        view.on_reported(sender.authid, reported)

    bus.subscribe(f"{base}.inverter.settled", Settled, lambda settled, sender: view.on_settled(settled))
    bus.subscribe(f"{base}.inverter.blocked", Blocked, lambda blocked, sender: setattr(view, "blocked", blocked))
    bus.subscribe(f"{base}.inverter.refused", Refused, lambda refused, sender: setattr(view, "refused", refused))
    bus.subscribe(f"{base}..reported", Reported, on_reported, match="wildcard")
    every(2.0, lambda: _ask_all(bus, view))


def _ask_all(bus: WampBus, view: View) -> None:
    if not bus.joined:
        return
    base = f"joulebus.{view.home}"

    def on_balance(balance: Balance) -> None:
        view.roster = balance.roster

    def on_time(state: ClockState) -> None:
        view.tick_seconds, view.speed, view.paused = state.tick_seconds, state.speed, state.paused
        view.timezone = state.timezone
        view.lag = f"  {state.lag_ticks:,} ticks behind, waiting for {state.slowest}" if state.lag_ticks else ""
        view.set_time(state.tick, state.time)

    bus.call(f"{base}.inverter.balance", {}, Balance).addCallbacks(on_balance, _ignore)
    bus.call(f"{base}.clock.get", {}, ClockState).addCallbacks(on_time, _ignore)


def _ignore(failure: Any) -> None:
    """The keeper is away; the next question comes in two seconds."""


def _draw(live: Live, view: View) -> None:
    live.update(view.render(), refresh=True)
