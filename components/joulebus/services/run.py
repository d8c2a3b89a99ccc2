"""One command for every container: ``python -m joulebus.services.run COMPONENT …``. Ends non-zero when it cannot do its job."""

import argparse
import logging
import os
import sys
from pathlib import Path

from joulebus.errors import JoulebusError

SPECIFICATION_OF = {"node": "device", "hub": "inverter", "historian": "historian"}
"""Whose specification each of them speaks."""


def arguments() -> argparse.ArgumentParser:
    """What a component is told at its start; secrets come in files."""
    parser = argparse.ArgumentParser(prog="joulebus.services.run", description=__doc__)
    parser.add_argument("component", choices=["node", "hub", "historian", "balancer"])
    parser.add_argument("--home", required=True, help="name of the home, the second part of every URI")
    parser.add_argument("--name", help="name of the device (node)")
    parser.add_argument("--hears", default="", help="devices whose signals it hears, with commas (node)")
    parser.add_argument("--router", required=True, help="ws://host:port/path or unix:/path")
    parser.add_argument("--ticket-file", type=Path, required=True)
    parser.add_argument(
        "--models",
        default=os.environ.get("JOULEBUS_MODELS"),
        help="where the specification is kept: http://host:port/; default: $JOULEBUS_MODELS",
    )
    parser.add_argument("--models-cache", type=Path, default=Path("models"), help="folder for what was fetched from there")
    parser.add_argument("--metrics-port", type=int, help="answer Prometheus on this port of loopback")
    parser.add_argument("--journal", type=Path, help="the journal of the home (hub)")
    parser.add_argument("--store", help="database: sqlite:///file or postgresql+psycopg://… (historian, balancer)")
    parser.add_argument("--market", type=Path, help="what the home file says about its market, as JSON (balancer)")
    parser.add_argument("--speed", default="1", help='simulated seconds a second, or "flat_out" (hub)')
    parser.add_argument("--window-seconds", type=int, help="longest window (hub)")
    parser.add_argument("--until-tick", type=int, help="time ends before this tick (hub)")
    parser.add_argument("--no-historian", action="store_true", help="do not wait for a historian (hub)")
    parser.add_argument(
        "--durable", choices=["full", "memory"], default="full", help="memory: no fsync; what was settled can be lost (hub)"
    )
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one component until it is told to stop."""
    given = arguments().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        check_models(given)
        {"node": run_node, "hub": run_hub, "historian": run_historian, "balancer": run_balancer}[given.component](given)
    except JoulebusError as error:
        print(f"joulebus {given.component}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def check_models(given: argparse.Namespace) -> None:
    """Before it speaks: does the store of models mean by these words what it means?"""
    if given.models:
        from joulebus.services.models import compare_models

        compare_models(given.models, given.models_cache, SPECIFICATION_OF[given.component])


def run_node(given: argparse.Namespace) -> None:
    """A device."""
    from joulebus.bus.wamp import Access, WampBus
    from joulebus.services.metrics import NodeMetrics, serve, watch_bus
    from joulebus.services.node import DeviceNode

    bus = WampBus(Access(given.router, given.name, given.ticket_file))
    DeviceNode(bus, given.home, given.name, tuple(filter(None, given.hears.split(","))), NodeMetrics(given.home, given.name)).start()
    watch_bus(given.name, bus)
    if given.metrics_port:
        serve(given.metrics_port)
    bus.run()


def run_hub(given: argparse.Namespace) -> None:
    """The keeper and the clock."""
    from joulebus.bus.wamp import Access, WampBus
    from joulebus.clock import Clock
    from joulebus.home.restart import wake
    from joulebus.journal.file import Journal
    from joulebus.services.hub import Hub
    from joulebus.services.metrics import HubMetrics, serve, watch_bus

    journal = Journal.open(given.journal, durable=given.durable)
    keeper = wake(journal)
    speed = None if given.speed == "flat_out" else float(given.speed)
    clock = Clock(keeper.born.tick_seconds, speed, until_tick=given.until_tick, file=given.journal.with_name("clock.json"))
    if given.window_seconds:
        clock.window_max = max(1, given.window_seconds // clock.tick_seconds)
    bus = WampBus(Access(given.router, "inverter", given.ticket_file))
    Hub(bus, keeper, clock, journal, HubMetrics(given.home), historian=not given.no_historian).start()
    watch_bus("inverter", bus)
    if given.metrics_port:
        serve(given.metrics_port)
    bus.run()


def run_historian(given: argparse.Namespace) -> None:
    """The follower with a database."""
    from joulebus.bus.wamp import Access, WampBus
    from joulebus.historian.store import HistoryStore
    from joulebus.services.follower import Historian
    from joulebus.services.metrics import serve, watch_bus

    bus = WampBus(Access(given.router, "historian", given.ticket_file))
    Historian(bus, given.home, HistoryStore.open(given.store, given.home)).start()
    watch_bus("historian", bus)
    if given.metrics_port:
        serve(given.metrics_port)
    bus.run()


def run_balancer(given: argparse.Namespace) -> None:
    """The market: the books beside the ledger."""
    from joulebus.bus.wamp import Access, WampBus
    from joulebus.market.living import living
    from joulebus.services.balancer import Balancer
    from joulebus.services.metrics import serve, watch_bus

    bus = WampBus(Access(given.router, "balancer", given.ticket_file))
    executor, following = living(given.store, given.market)
    Balancer(bus, given.home, executor, following).start()
    watch_bus("balancer", bus)
    if given.metrics_port:
        serve(given.metrics_port)
    bus.run()


if __name__ == "__main__":
    sys.exit(main())
