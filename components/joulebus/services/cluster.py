"""What a chart calls around a home in a cluster: ``python -m joulebus.services.cluster tickets|router|principals``.

``tickets`` makes, renews or removes the tickets of a release. ``router`` writes the router's configuration and the files of those who may
come in, before it starts; ``principals`` keeps those files up to date beside it.
"""

import argparse
import logging
import signal
import sys
from pathlib import Path

from joulebus.addresses import EVERYBODY_HERE, LOCAL_PAGES, LOOPBACK, PLAIN_PORT, Door, origins
from joulebus.errors import JoulebusError
from joulebus.provision.cluster.moments import unix_now
from joulebus.provision.cluster.principals import principals_folder, secret_in, write_principals
from joulebus.provision.cluster.tickets import Tickets
from joulebus.provision.kubernetes import ApiServer
from joulebus.provision.router import Doors, write_configuration
from joulebus.registry import METRICS_PORT
from joulebus.services.principals import follow_principals

PEOPLE_PORT, GUESTS_PORT = 8080, 8082
"""Doors of the router in a pod: for people from anywhere, with tickets; and for guests, who come by a port-forward."""


def cluster_parser() -> argparse.ArgumentParser:
    """The cluster_parser of all three."""
    made = argparse.ArgumentParser(prog="joulebus.services.cluster", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    tickets = commands.add_parser("tickets", help="make the tickets that are missing")
    tickets.add_argument("--rotate", action="append", default=[], metavar="NAME", help="renew a ticket instead; all: everybody's")
    tickets.add_argument("--remove", action="store_true", help="remove all tickets of the release instead")
    tickets.add_argument("--namespace", help="of the release; default: that of this pod, or of KUBECONFIG")
    router = commands.add_parser("router", help="write what the router reads when it starts")
    router.add_argument("--origin", action="append", default=[], help="a web page's origin that may connect; may be repeated")
    router.add_argument("--principals", type=Path, help="where the Secret of principals is mounted")
    principals = commands.add_parser("principals", help="keep the files of those who may come in up to date")
    principals.add_argument("--metrics-port", type=int, default=METRICS_PORT, help="answers /healthz and /readyz; default: %(default)s")
    for one in (tickets, router, principals):
        one.add_argument("--home", required=True, help="name of the home")
    for one in (tickets, principals):
        one.add_argument("--release", required=True, help="of the chart")
    for one in (router, principals):
        one.add_argument("--folder", type=Path, required=True, help="of the router, in the pod's memory")
    return made


def main(argv: list[str] | None = None) -> int:
    """Do one of them."""
    given = cluster_parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        {"tickets": _tickets, "router": _router, "principals": _principals}[given.command](given)
    except JoulebusError as error:
        print(f"joulebus {given.command}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _tickets(given: argparse.Namespace) -> None:
    tickets = Tickets(ApiServer(given.namespace), given.release, given.home)
    if given.remove:
        tickets.end()
        return
    if not given.rotate:
        tickets.begin()
        return
    for name in sorted(tickets.known()) if "all" in given.rotate else given.rotate:
        tickets.rotate(name, unix_now())
        print(f"{name} has a new ticket; the one before is good for ten minutes more")


def _router(given: argparse.Namespace) -> None:
    doors = (Door(EVERYBODY_HERE, PEOPLE_PORT, guests=False), Door(LOOPBACK, GUESTS_PORT, guests=True))
    pages = (*LOCAL_PAGES, *origins(given.origin))
    write_configuration(given.folder, given.home, Doors(f"ws://{EVERYBODY_HERE}:{PLAIN_PORT}/", doors, pages))
    folder = principals_folder(given.folder, given.home)
    if given.principals is not None:
        print(f"{write_principals(folder, given.home, secret_in(given.principals))} may come in")


def _principals(given: argparse.Namespace) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # The first process of a container is not ended by it otherwise.
    follow_principals(ApiServer(), given)


if __name__ == "__main__":
    sys.exit(main())
