"""The process of the supervisor: locks a home's directory, begins or continues its journal, starts router and parts, and stops them."""

import logging
import signal
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from joulebus.bus.timers import every
from joulebus.bus.wamp import WampBus
from joulebus.errors import JoulebusError
from joulebus.files import replace_in_one_step
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.market.living import plan_text
from joulebus.provision import ROUTER, HomePart, Provisioner, Setup
from joulebus.provision.factory import provisioner
from joulebus.registry import DEVICE, INVERTER, started_with
from joulebus.rundir import CLOCK_FILE, HISTORY, JOURNAL, MARKET_DATABASE, MARKET_PLAN, MODELS
from joulebus.services.cluster_supervising import build_in_cluster
from joulebus.services.compose_supervisor import build_in_compose
from joulebus.services.homes import FILE_OF_HOME
from joulebus.services.leash import bind_to_parent
from joulebus.services.metrics import watch_parts
from joulebus.services.models import compare_models
from joulebus.services.orders import Orders, read_orders
from joulebus.services.prepare import Preparation, catch_up, prepare, refuse_to_forget, set_aside
from joulebus.services.supervisor import Supervisor
from joulebus_schemas.topics import HISTORIAN

SUPERVISE_SECONDS = 0.25
LOOKS_A_MINUTE = round(60 / SUPERVISE_SECONDS)
ENDS_MAX = 3
"""So often may a part end within a minute before people are told."""

_log = logging.getLogger("joulebus.services.supervisor")


def build(bus: WampBus, given: Namespace) -> Supervisor:
    """The supervisor of a home with all its parts started; they end when the bus does.

    Raises :class:`JoulebusError` of many kinds when the home cannot live: nothing is left then.
    """
    if given.on == "compose":
        return build_in_compose(bus, given)
    if given.on == "kubernetes":
        return build_in_cluster(bus, given)
    orders = read_orders(given.orders)
    signal.signal(signal.SIGHUP, lambda *_: None)  # A home does not depend on a terminal.
    if given.bound:
        bind_to_parent()
    file = load_home_file(orders.file)
    orders = replace(orders, history_keep=Retention.said(orders.history_keep, file.retention).text())
    place = provisioner(file.name, Setup(orders.addresses, orders.models, orders.guests_may_trade, given.router, given.metrics_port))
    if orders.models:
        _check_models(orders.models, place.books, orders.settings(place.books, file.market is not None, None))
    bus.on_end.append(place.close)
    try:
        place.look()  # It takes the home's directory, or is refused; nobody hears of a home that cannot be prepared.
        _log_to(place.books / "logs" / "supervisor.log")
        try:
            return _begin(bus, orders, file, place)
        except JoulebusError as error:
            _log.error("the home ends: %s", error)  # Whoever started it may be gone; the file stays.
            raise
    except BaseException:
        place.close()
        raise


def _begin(bus: WampBus, orders: Orders, file: HomeFile, place: Provisioner) -> Supervisor:
    if orders.start_unix_seconds is not None:
        file = replace(file, start_unix_seconds=orders.start_unix_seconds)
    books = _books(orders, file, place.books)
    file = replace(file, start_unix_seconds=books.start_unix_seconds)
    _say_how_it_goes_on(books, orders, file.name)
    until = None if orders.for_ticks is None else books.next_tick + orders.for_ticks
    replace_in_one_step(place.books / FILE_OF_HOME, orders.file.encode())
    place.start(HomePart(ROUTER, ROUTER))
    for unit in home_parts(orders, file, place.books, until):
        place.start(unit)
    every(SUPERVISE_SECONDS, PartsWatch(place).look)
    watch_parts(lambda: {name: condition.restarts for name, condition in place.status().items()})
    signal.signal(signal.SIGTERM, lambda *_: bus.end())
    bus.on_end.insert(0, lambda: _finish(orders, place))
    return Supervisor(bus, file, books.roster, place, books.next_tick, Path(orders.file).parent, until, bus.end)


def _finish(orders: Orders, place: Provisioner) -> None:
    """The historian gets what was settled last; who stops a home in order finds both of its books at the same record."""
    if not orders.historian:
        return
    try:
        for part in (INVERTER, HISTORIAN):
            place.scale(part, 0)
        lacks = catch_up(place.books / JOURNAL, _store(orders, place.books), place.home)
    except JoulebusError as error:
        print(f"the historian could not keep what was settled last: {error}", flush=True)
    else:
        if lacks:
            print(f"the historian is {lacks:,} records behind the journal; it follows when the home is up again", flush=True)


class PartsWatch:
    """Looks after the parts of a home; one that ends again and again is named, because a home may seem up without it."""

    def __init__(self, place: Provisioner) -> None:
        self._place = place
        self._before: dict[str, int] = {}
        self._looks = 0

    def look(self) -> None:
        """Start what should run and does not, and count how often."""
        self._place.look()
        self._looks += 1
        for name, condition in self._place.status().items():
            if self._looks % LOOKS_A_MINUTE == 0 or name not in self._before:
                self._before[name] = condition.restarts
            elif condition.restarts >= self._before[name] + ENDS_MAX:
                self._before[name] = condition.restarts
                text = f"{name} has ended {condition.restarts} times and was started again each time; `joulebus logs {name}` says why"
                print(text, flush=True)
                _log.warning(text)


def _check_models(url: str, books: Path, settings: dict[str, object]) -> None:
    """Before anything starts; when the store does not answer, each component looks into its cache itself."""
    for part in (DEVICE, *(component.name for component in started_with(settings))):
        if compare_models(url, books / MODELS, part).source != "store":
            return


def _books(orders: Orders, file: HomeFile, directory: Path) -> Preparation:
    if orders.fresh:
        if orders.store is not None and orders.historian:
            refuse_to_forget(orders.store, file.name)
        aside = set_aside(directory, (JOURNAL, HISTORY, MARKET_DATABASE))
        if aside is not None:
            print(f"the previous run was moved to {aside}", flush=True)
    return prepare(file, directory / JOURNAL, _store(orders, directory) if orders.historian else None)


def _store(orders: Orders, directory: Path) -> str | Path:
    return orders.store or directory / HISTORY


def _say_how_it_goes_on(books: Preparation, orders: Orders, home: str) -> None:
    if not books.is_new and orders.start_unix_seconds is not None:
        print(f"{home} continues where it stopped; --start is for a home that begins (--fresh)", flush=True)
    if books.news:
        print(f"{home} is again as its file says: {books.news}; `joulebus export` writes a living home as a file", flush=True)


def home_parts(orders: Orders, file: HomeFile, books: Path, until: int | None) -> list[HomePart]:
    """What a home has beside its devices, as the registry knows it."""
    (books / CLOCK_FILE).unlink(missing_ok=True)
    if file.market is not None:
        replace_in_one_step(books / MARKET_PLAN, plan_text(file).encode())
    settings = orders.settings(books, file.market is not None, until)
    return [HomePart(component.name, component.name, tuple(component.argv(settings))) for component in started_with(settings)]


def _log_to(path: Path) -> None:
    """What happens to the home stays readable when whoever started it is gone."""
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.raiseExceptions = False  # On a full disk a line is lost, and nothing else happens.
