"""``joulebus up``: a home with its router and one process per device, until Ctrl-C, and nothing left behind."""

import logging
import re
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from joulebus.bus import CallError
from joulebus.bus.component import Asks, Listener, hears
from joulebus.bus.timers import every, later, spawn
from joulebus.bus.wamp import Access, WampBus
from joulebus.cli.view import View
from joulebus.cli.watching import show
from joulebus.errors import JoulebusError, UsageError
from joulebus.historian.engine import need_driver
from joulebus.historian.thinning import Retention
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.market.living import plan_text
from joulebus.provision.crossbar import crossbar
from joulebus.provision.local import HISTORY, JOURNAL, MARKET_DATABASE, MODELS, PRELOADED, LocalHome, MarketPlan, Options
from joulebus.provision.process import Processes
from joulebus.registry import DEVICE, started_with
from joulebus.rundir import state_directory
from joulebus.services.models import compare_models
from joulebus.services.prepare import Preparation, prepare, refuse_to_forget, set_aside
from joulebus.services.supervisor import Supervisor
from joulebus_schemas import topics
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.principals import device
from joulebus_schemas.rounds import Blocked, Kept, Settled

UP_SECONDS_MAX = 90.0
LOOK_SECONDS = 0.25
LAST_WORDS_SECONDS_MAX = 2.0
"""When the time of a home is over, its historian has so long to follow; what it misses, it gets at the next start."""
DURATION_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": DAY_SECONDS}


@dataclass(frozen=True)
class UpOptions:
    """What was asked for."""

    file: Path
    speed: str | None
    for_: str | None
    headless: bool
    fresh: bool
    store: str | None
    historian: bool
    window_seconds: int | None
    durable: str
    guest_port: int
    models: str | None
    market_store: str | None = None
    guests_may_trade: bool = False
    keep: str | None = None


def run_home(options: UpOptions) -> None:
    """Start everything, show it, and end everything.

    Raises:
        UsageError: An option is wrong.
    """
    began = time.monotonic()
    file = load_home_file(options.file)
    crossbar(lambda text: print(text, file=sys.stderr))
    for database in (options.store, options.market_store):
        need_driver(database)
    directory = state_directory() / file.name
    if options.models:
        _check_models(options.models, _options(options, file, None), directory)
    processes = Processes(directory, preload=PRELOADED)
    try:
        with _log_file(directory):
            _live(options, file, directory, processes, began)
    finally:
        (directory / "running.json").unlink(missing_ok=True)
        processes.stop_all()


def _check_models(url: str, options: Options, directory: Path) -> None:
    """Refuse another version of the specification before anything is started."""
    for part in ("home", DEVICE, *(component.name for component in started_with(options.settings(directory)))):
        if compare_models(url, directory / MODELS, part).source != "store":
            return  # It does not answer; each component looks into its cache itself.


def _live(options: UpOptions, file: HomeFile, directory: Path, processes: Processes, began: float) -> None:
    books = _books(options, file, directory)
    until = None if options.for_ is None else books.next_tick + _ticks(options.for_, file.tick_seconds)
    home = LocalHome(directory, file.name, _options(options, file, until), processes)
    home.start_router()
    home.start_core()
    bus = WampBus(Access(home.router, device(file.name, "home"), directory / "tickets" / "home"))
    supervisor = Supervisor(bus, file, books.roster, home)
    supervisor.start()
    every(LOOK_SECONDS, home.look)
    greeter = Greeter(bus, file, home, began, options.headless, books.next_tick, until)
    greeter.start()
    signal.signal(signal.SIGTERM, lambda *_: bus.end())
    bus.run()
    if greeter.failure is not None:
        raise greeter.failure


def _books(options: UpOptions, file: HomeFile, directory: Path) -> Preparation:
    if options.fresh:
        if options.store is not None and options.historian:
            refuse_to_forget(options.store, file.name)
        aside = set_aside(directory, (JOURNAL, HISTORY, MARKET_DATABASE))
        if aside is not None:
            print(f"the previous run was moved to {aside}", file=sys.stderr)
    store = None if not options.historian else options.store or directory / HISTORY
    return prepare(file, directory / JOURNAL, store)


def _options(options: UpOptions, file: HomeFile, until: int | None) -> Options:
    speed = options.speed or ("flat_out" if file.speed is None else str(file.speed))
    if speed != "flat_out":
        try:
            if not float(speed) > 0:
                raise ValueError
        except ValueError:
            raise UsageError(f'--speed must be a number above 0 or "flat_out", but was "{speed}"') from None
    return Options(
        speed,
        options.store,
        options.historian,
        options.window_seconds,
        until,
        options.durable,
        options.guest_port,
        options.models,
        history_keep=_keep(options.keep),
        **_market(options, file),
    )


def _keep(said: str | None) -> str | None:
    """Refused now, not by the historian's process."""
    Retention.said(said)
    return said


def _market(options: UpOptions, file: HomeFile) -> dict[str, Any]:
    """Of a home with a market: how its balancer is started."""
    if file.market is None:
        return {}
    return {"market": MarketPlan(plan_text(file), options.market_store), "guests_may_trade": options.guests_may_trade}


def _seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text)
    if not match:
        raise UsageError(f'--for must be a duration such as 90s, 10m, 2h or 3d, but was "{text}"')
    return round(float(match[1]) * DURATION_UNITS[match[2]])


def _ticks(text: str, tick_seconds: int) -> int:
    ticks = _seconds(text) // tick_seconds
    if ticks < 1:
        raise UsageError(f'--for must be at least one tick of {tick_seconds} s, but was "{text}"')
    return ticks


def _log_file(directory: Path) -> Any:
    """The supervisor's own log goes to a file, so that it does not run through the view."""
    from contextlib import closing

    handler = logging.FileHandler(directory / "logs" / "supervisor.log")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    return closing(handler)


@dataclass
class Greeter(Listener):
    """Says when energy flows, shows the home, says goodbye when its time is over."""

    part = Supervisor.part
    ask_time = Asks(topics.CLOCK_GET)

    bus: WampBus
    file: HomeFile
    place: LocalHome
    began: float
    headless: bool
    first_tick: int
    until: int | None

    def __post_init__(self) -> None:
        self.home = self.file.name
        self.flows = False
        self.is_over = False
        self.number = 0
        self.cause = "the router does not answer yet"
        self.said = ""
        self.waits_outside: tuple[str, ...] = ()
        self.failure: JoulebusError | None = None
        self.console = Console(stderr=True)

    def start(self) -> None:
        """Wait for energy."""
        self.declare()
        self.bus.on_join.append(self.ask)
        later(UP_SECONDS_MAX, self.give_up)
        self.place.processes.on_death.append(lambda name, code: logging.warning("%s ended with %s", name, code))
        if not self.headless:
            self.console.print(f"[dim]starting {len(self.file.members)} devices; logs are in {self.place.directory / 'logs'}[/dim]")
            show(self.bus, self.file.name, self.on_view)

    def on_view(self, view: View) -> None:
        """The view follows the home."""
        viewers, operator = (f"wampc {url} joulebus" for url in (self.place.guest_url, self.place.operator_url))
        view.notice = f"viewers: {viewers}   ·   Ctrl-C ends the home\noperator: {operator}"

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock has stopped."""
        self.cause = blocked.cause
        self.waits_outside = tuple(name for name in blocked.waits_for if name in self.place.tickets)
        if self.waits_outside:
            self.cause += f" (an external device: `joulebus device ticket {self.waits_outside[0]}` prints what it needs to connect)"
        if self.headless and (self.flows or self.waits_outside) and self.cause != self.said:
            self.said = self.cause
            self._say(f"clock stopped: {self.cause}")

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """Something is in the journal."""
        self.said = ""
        self.number = settled.number
        if self.bus.joined:
            self.reach(settled.window.end)

    def ask(self) -> None:
        """What was settled before somebody listened: flat out, that may be all of it."""
        spawn(self._ask())

    async def _ask(self) -> None:
        with suppress(CallError):  # When the keeper is not there yet, nothing was missed.
            state = await self.ask_time(Nothingness())
            self.reach(state.tick)

    def reach(self, tick: int) -> None:
        """Energy flows; the time may be over."""
        if not self.flows and tick > self.first_tick:
            self.flows = True
            if self.headless:
                seconds = f"{time.monotonic() - self.began:.1f} s"
                devices = sum(member.on for member in self.file.members.values())
                self._say(f"{self.file.name} is up after {seconds}: {devices} devices, guests at {self.place.guest_url}")
                self._say(f"whoever has this address is its operator: {self.place.operator_url}")
        if self.until is not None and tick >= self.until:
            self.is_over = True
            later(LAST_WORDS_SECONDS_MAX, self.end)

    @hears(topics.KEPT)
    def on_kept(self, kept: Kept) -> None:
        """When time is over and the historian has all of it, the home may end."""
        if self.is_over and kept.number >= self.number:
            self.end()

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False, soft_wrap=True)

    def give_up(self) -> None:
        """A home that does not come up says why; whoever lives outside may come later."""
        if self.waits_outside:
            later(UP_SECONDS_MAX, self.give_up)
        elif not self.flows:
            self.failure = JoulebusError(
                f"{self.file.name} did not start within {UP_SECONDS_MAX:.0f} s: {self.cause}; see {self.place.directory / 'logs'}"
            )
            self.end()

    def end(self) -> None:
        """Let the bus end; everything else is ended after it."""
        self.bus.end()
