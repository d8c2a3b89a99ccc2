"""``joulebus up``: start the supervisor of a home, then watch it as any other client would. When this command ends, so does the home."""

import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from joulebus.addresses import LOOPBACK, Addresses, Tls, addresses, check_is_here, dashboard_of, origins
from joulebus.bus import CallError
from joulebus.bus.component import Asks, Listener, hears
from joulebus.bus.timers import every, later, spawn
from joulebus.bus.wamp import WampBus
from joulebus.cli.access import admin_page
from joulebus.cli.client import owner
from joulebus.cli.moments import unix_of
from joulebus.cli.output import called
from joulebus.cli.view import View
from joulebus.cli.watching import show
from joulebus.errors import BusError, JoulebusError, UsageError
from joulebus.extras import need_driver
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.provision import DASHBOARD, ROUTER, SUPERVISOR, Condition, HomePart, Provisioner, Setup
from joulebus.provision.factory import provisioner
from joulebus.refusals.typed import comma_advice
from joulebus.services.orders import Orders
from joulebus_schemas import topics
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.rounds import Blocked, Settled

UP_SECONDS_MAX = 90.0
LOOK_SECONDS = 0.2
LAST_WORDS = "joulebus home: "
"""So begins the sentence with which a supervisor ends."""
DURATION_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": DAY_SECONDS}


@dataclass(frozen=True)
class UpOptions:
    """What was asked for."""

    file: Path
    speed: str | None = None
    start: str | None = None
    for_: str | None = None
    headless: bool = False
    detach: bool = False
    fresh: bool = False
    store: str | None = None
    historian: bool = True
    window_seconds: int | None = None
    durable: str = "full"
    guest_port: int = 8080
    guest_origin: list[str] | None = None
    listen: str | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_ca: Path | None = None
    without_tls: bool = False
    models: str | None = None
    market_store: str | None = None
    guests_may_trade: bool = False
    keep: str | None = None
    metrics_address: str = LOOPBACK
    on: str = "processes"
    """Where the parts of the home run."""
    values: Path | None = None
    """In a cluster: a file with values of the chart."""


class Ended(JoulebusError):
    """The supervisor has ended before it should; it says why."""

    def __init__(self, text: str, exit_code: int) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def run_home(options: UpOptions) -> None:
    """Start a home and show it until it is over or this command is ended; detached, until energy flows.

    Raises:
        UsageError: An option is wrong.
        JoulebusError: The home cannot live, in the words of its supervisor.
    """
    began = time.monotonic()
    file = load_home_file(options.file)
    if options.values is not None:
        raise UsageError("--values is for the chart: give it with --on kubernetes")
    for database in (options.store, options.market_store):
        need_driver(database)
    orders = orders_of(options, file)
    place = provisioner(file.name, Setup(orders.addresses, orders.models))
    _end_like_ctrl_c(_interrupt)
    try:
        place.start(HomePart(SUPERVISOR, SUPERVISOR, orders=orders.text(), bound=not options.detach))
        stays = Companion(place, file, options, began).stay()
        if options.detach and not stays:
            place.stop(SUPERVISOR)
    except BaseException:
        with suppress(BusError):
            place.stop(SUPERVISOR)  # A home that does not come up does not stay behind, detached or not.
        raise
    finally:
        place.close()


def orders_of(options: UpOptions, file: HomeFile) -> Orders:
    """The supervisor's orders.

    Raises:
        UsageError: An option is wrong.
    """
    if (options.tls_certificate is None) != (options.tls_key is None):
        raise UsageError("--tls-certificate and --tls-key must be given together")
    tls = None
    if options.tls_certificate is not None and options.tls_key is not None:
        tls = Tls(str(options.tls_certificate.absolute()), str(options.tls_key.absolute()))
    tls_ca = str(options.tls_ca.absolute()) if options.tls_ca is not None else None
    return Orders(
        file=str(options.file.absolute()),
        speed=_speed(options, file),
        start_unix_seconds=None if options.start is None else start_of(options.start, file),
        for_ticks=None if options.for_ is None else _ticks(options.for_, file.tick_seconds),
        fresh=options.fresh,
        store=options.store,
        historian=options.historian,
        history_keep=_keep(options.keep, file),
        window_seconds=options.window_seconds,
        durable=options.durable,
        addresses=_addresses(options, tls, tls_ca),
        models=options.models,
        market_store=options.market_store,
        guests_may_trade=options.guests_may_trade and file.market is not None,
    )


def _addresses(options: UpOptions, tls: Tls | None, tls_ca: str | None) -> Addresses:
    check_is_here("--metrics-address", options.metrics_address)
    found = addresses(options.listen, options.guest_port, tls, tls_ca, options.without_tls)
    return replace(found, metrics=options.metrics_address, guest_origins=origins(options.guest_origin or ()))


def _speed(options: UpOptions, file: HomeFile) -> str:
    speed = options.speed or ("flat_out" if file.speed is None else str(file.speed))
    if speed != "flat_out":
        try:
            if not float(speed) > 0:
                raise ValueError
        except ValueError:
            raise UsageError(f'--speed must be a number above 0 or "flat_out", but was "{speed}"{comma_advice(speed)}') from None
    return speed


def start_of(text: str, file: HomeFile) -> int:
    """Unix seconds of the first tick: a time of the day on which the file begins, or a date and time.

    Raises:
        UsageError: It is none of them.
    """
    if re.fullmatch(r"\d{1,2}:\d{2}", text):
        day = datetime.fromtimestamp(file.start_unix_seconds, ZoneInfo(file.place.timezone))
        text = f"{day:%Y-%m-%d}T{text.zfill(5)}"
    return unix_of("--start", text, lambda: file.place.timezone) // file.tick_seconds * file.tick_seconds


def _keep(said: str | None, file: HomeFile) -> str | None:
    """Refused now, not by the supervisor."""
    Retention.said(said, file.retention)
    return said


def _ticks(text: str, tick_seconds: int) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text)
    if not match:
        raise UsageError(f'--for must be a duration such as 90s, 10m, 2h or 3d, but was "{text}"')
    ticks = round(float(match[1]) * DURATION_UNITS[match[2]]) // tick_seconds
    if ticks < 1:
        raise UsageError(f'--for must be at least one tick of {tick_seconds} s, but was "{text}"')
    return ticks


def _end_like_ctrl_c(handler: Callable[..., None]) -> None:
    """SIGTERM and a closing terminal also end this command in order; an ignored hang-up (nohup) stays ignored."""
    signal.signal(signal.SIGTERM, handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handler)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class Companion(Listener):
    """The command that started a home: says when it is up, shows it, and reports how it ended."""

    part = "guest"
    ask_health = Asks(topics.HEALTH)

    bus: WampBus

    def __init__(self, place: Provisioner, file: HomeFile, options: UpOptions, began: float) -> None:
        self.place, self.file, self.options, self.began = place, file, options, began
        self.home = file.name
        self.flows = False
        self.cause = "the router does not answer yet"
        self.failure: JoulebusError | None = None
        self._said_cause = ""
        self._echoed = 0
        self._view: View | None = None
        self._news: list[str] = []
        """What the supervisor said before there was a view."""
        self._unsaid: list[str] = []
        """What was said while the view had the screen."""
        self._has_ended = False
        self._waits_outside: tuple[str, ...] = ()
        self._console = Console(stderr=True)

    def stay(self) -> bool:
        """Until the home is over or this command is told to end; whether the home may live on.

        Raises:
            BusError: The supervisor does not say where it is, or was killed.
            JoulebusError: The home cannot live, in the words of its supervisor.
        """
        self._wait_for_its_address()
        if self._has_ended:
            return False
        _, found, self.bus = owner(self.home)
        self._link = found.operator_url
        self.declare()
        every(LOOK_SECONDS, self._look)
        later(UP_SECONDS_MAX, self._give_up)
        if not (self.options.headless or self.options.detach):
            show(self.bus, self.home, self._on_view)
            self.bus.on_end.append(self._farewell)
        _end_like_ctrl_c(lambda *_: self.bus.end())
        self.bus.run()
        if self.failure is not None:
            raise self.failure
        return self.flows and not self._has_ended

    def _wait_for_its_address(self) -> None:
        deadline = self.began + UP_SECONDS_MAX
        while not self._is_there():
            if time.monotonic() > deadline:
                raise BusError(f"the supervisor of {self.home} did not start within {UP_SECONDS_MAX:.0f} s")
            time.sleep(0.05)
        if self.failure is not None:
            raise self.failure

    def _is_there(self) -> bool:
        condition = self.place.status()[SUPERVISOR]
        self._hear(condition)
        return condition.state != "starting"

    def _look(self) -> None:
        self._hear(self.place.status()[SUPERVISOR])
        if self._has_ended:
            self.bus.end()
        elif not self.flows and self.bus.joined:
            spawn(self._ask())

    def _hear(self, condition: Condition) -> None:
        """What the supervisor says goes on to the terminal; how it ended decides how this command ends."""
        news = condition.message[self._echoed :].strip()
        if condition.state != "ended":
            if news and LAST_WORDS not in news:
                self._echoed = len(condition.message)
                self._say(news)
                self._news.append(news)
            return
        self._has_ended = True
        before, _, last = news.rpartition(LAST_WORDS)
        if condition.exit_code != 0:
            self._say(before.strip()) if before.strip() else None
            self.failure = ended(self.home, condition.exit_code or 0, last)
            return
        self._say(news) if news else None
        if not self.flows and self.options.headless:  # Its whole time has passed between two looks.
            self._say(f"{self.home} is up after {time.monotonic() - self.began:.1f} s, and its time is over")

    def _on_view(self, view: View) -> None:
        self._view = view
        view.is_starting = True
        view.leaving = "Ctrl-C stops the home"
        view.hints = (
            *self._news,
            *([f"dashboard: {self.place.endpoint(DASHBOARD)}"] if self._has_dashboard() else []),
            f"in another terminal: {called()} device set {self._example()}",
            f"  faster: {called()} clock speed 600   a screen for viewers: wampc {self.place.endpoint(ROUTER)} joulebus",
        )
        view.links = ("for an operator (who has this address may change the home):", *self._addresses_of_the_operator())

    def _has_dashboard(self) -> bool:
        return self.place.endpoint(DASHBOARD) is not None

    def _addresses_of_the_operator(self) -> tuple[str, ...]:
        page = (f"dashboard {dashboard_of(self._link)}",) if self._has_dashboard() else ()
        return (*page, f"wampc {self._link} joulebus")

    def _example(self) -> str:
        """A change that one sees at once, with a device that is there."""
        examples = {"oven": "setpoint_celsius=240", "lights": "power_watts=500", "appliance": "power_watts=500"}
        found = [f"{name} {examples[one.kind]}" for kind in examples for name, one in self.file.members.items() if one.kind == kind]
        return found[0] if found else "NAME property=value"

    def _farewell(self) -> None:
        """What stays on the terminal when the view is gone."""
        self._view = None
        for text in self._unsaid:
            self._say(text)
        if self.failure is None and self.flows:
            self._say(f"{self.home} has stopped; the same command continues it. Its past: {called()} report {self.home}")

    @hears(topics.BLOCKED)
    def on_blocked(self, blocked: Blocked) -> None:
        """The clock has stopped."""
        self.cause = blocked.cause
        outside = self.place.tickets()
        self._waits_outside = tuple(name for name in blocked.waits_for if name in outside)
        if self._waits_outside:
            self.cause += f" (an external device: `joulebus device ticket {self._waits_outside[0]}` prints what it needs to connect)"
        if self.options.headless and (self.flows or self._waits_outside) and self.cause != self._said_cause:
            self._said_cause = self.cause
            self._say(f"clock stopped: {self.cause}")

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled) -> None:
        """The clock goes on."""
        if self._said_cause:
            self._say(f"the clock goes on at tick {settled.window.end}")
        self._said_cause = ""

    async def _ask(self) -> None:
        with suppress(CallError):  # It is not on the bus yet; the next look asks again.
            health = await self.ask_health(Nothingness(), of="home")
            if health.ready and not self.flows:
                self._is_up()

    def _is_up(self) -> None:
        self.flows = True
        if self._view is not None:
            self._view.is_starting = False
        seconds = time.monotonic() - self.began
        devices = sum(member.on for member in self.file.members.values())
        text = f"{self.home} is up after {seconds:.1f} s: {devices} devices, guests at {self.place.endpoint(ROUTER)}"
        if self.options.headless or self.options.detach:
            self._say(text)
            self._say(f"whoever has this address is its operator: {self._link}")
            self._say_page()
        if self.options.detach:
            self._say(f"it keeps running; see `joulebus ps` and `joulebus watch`; `joulebus down {self.home}` stops it")
            self.bus.end()

    def _say_page(self) -> None:
        """Print the address of the dashboard that signs in the owner."""
        guests = self.place.endpoint(ROUTER)
        if self._has_dashboard() and guests is not None:
            page = admin_page(self.place.books, self.home, guests)
            self._say(f"in a browser, once and within an hour, you are its admin: {page}")

    def _say(self, text: str) -> None:
        if self._view is not None:  # It has the screen; it shows this, and what it showed is said again at the end.
            self._unsaid.append(text)
            self._view.hints = (text, *self._view.hints)
            return
        with suppress(BrokenPipeError, SystemExit):  # As rich ends when nobody reads any more: whoever has read enough still has a home.
            self._console.print(text, highlight=False, soft_wrap=True, markup=False)

    def _give_up(self) -> None:
        """A home that does not come up says why; whoever lives outside may come later."""
        if self._waits_outside:
            later(UP_SECONDS_MAX, self._give_up)
        elif not self.flows:
            self.failure = JoulebusError(f"{self.home} did not start within {UP_SECONDS_MAX:.0f} s: {self.cause}; see `joulebus logs NAME`")
            self.bus.end()


def ended(home: str, exit_code: int, said: str) -> JoulebusError:
    """Why a supervisor ended, in its own words when it had time for some."""
    if exit_code < 0:
        number = signal.Signals(-exit_code).name
        text = f"the supervisor of {home} was killed by {number}, and all processes of the home with it; `joulebus up` continues it"
        return Ended(text, BusError.exit_code)
    return Ended(said or f"the supervisor of {home} has ended", exit_code)
