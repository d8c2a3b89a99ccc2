"""What is made once before the containers of a home start: ``python -m joulebus.services.containers`` makes tickets and router's files.

What is there stays: a second start changes no ticket and no password. Each folder is a volume that only those see who need it.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from joulebus.addresses import EVERYBODY_HERE, GUEST_PORT, LOCAL_PAGES, PLAIN_PORT, Door, origins
from joulebus.errors import JoulebusError
from joulebus.homefile.home_file import load_home_file
from joulebus.provision.compose_monitoring import write_monitoring
from joulebus.provision.compose_tickets import make_tickets
from joulebus.provision.keys import new_ticket, write_private
from joulebus.provision.router import Doors, write_configuration

ROUTES = Path("/proc/net/route")
PASSWORD, STORE = "password", "store"
"""Files of the database: its password, and the URL with it in it."""
SECRET = "secret"
"""The file of the web server's secret."""
_DATABASE = "joulebus"
"""The name of the database, of its user, and of nothing else."""


def containers_parser() -> argparse.ArgumentParser:
    """The parser of its command line."""
    made = argparse.ArgumentParser(prog="joulebus.services.containers", description=__doc__)
    made.add_argument("--home-file", required=True, help="the home file")
    made.add_argument("--router", type=Path, required=True, help="folder of the router's files")
    made.add_argument("--tickets", type=Path, required=True, help="folder with a folder for each ticket")
    made.add_argument("--database", type=Path, help="folder for the password of a database at the host postgresql, if there is one")
    made.add_argument("--proxy", type=Path, help="folder for the secret by which the router knows the web server before it")
    made.add_argument("--monitoring", type=Path, help="folder for what Prometheus and Grafana read")
    made.add_argument("--books", type=Path, action="append", default=[], help="a folder that a component writes; may be repeated")
    made.add_argument("--owner", type=int, help="number of the user who reads all that; default: who writes it")
    made.add_argument("--origin", action="append", default=[], help="where web pages may come from, beside this machine; may be repeated")
    return made


def main(argv: list[str] | None = None) -> int:
    """Make what is missing."""
    given = containers_parser().parse_args(argv)
    try:
        print(prepare_containers(given), flush=True)
    except JoulebusError as error:
        print(f"joulebus containers: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def prepare_containers(given: argparse.Namespace) -> str:
    """Tickets, the router's configuration, the password of the database; what was made, in a sentence.

    Raises:
        HomeFileError: The home file is wrong.
        UsageError: An origin is none.
    """
    file = load_home_file(given.home_file)
    made = make_tickets(given.tickets, given.router, file)
    door = Door(EVERYBODY_HERE, GUEST_PORT, guests=True)
    pages = (*LOCAL_PAGES, *origins(given.origin))
    proxy = make_proxy_secret(given.proxy) if given.proxy is not None else ""
    doors = Doors(f"ws://{EVERYBODY_HERE}:{PLAIN_PORT}/", (door,), pages, near=gateways(), proxy_sha256=proxy)
    write_configuration(given.router, file.name, doors)
    folders = [given.router, *sorted(given.tickets.iterdir()), *given.books, *([given.proxy] if given.proxy is not None else [])]
    if given.database is not None:
        make_password(given.database)
        folders.append(given.database)
    if given.monitoring is not None:
        write_monitoring(given.monitoring, file)
        folders.append(given.monitoring)
    if given.owner is not None:
        for folder in folders:
            give_to(given.owner, folder)
    return f"{file.name}: {made} new tickets"


def make_proxy_secret(folder: Path) -> str:
    """The secret of the web server, unless it is there; its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / SECRET
    if not secret.is_file():
        write_private(secret, new_ticket())
    return hashlib.sha256(secret.read_bytes()).hexdigest()


def make_password(folder: Path) -> None:
    """A password and the URL with it, unless they are there; the folder is for those alone who may know them."""
    folder.mkdir(parents=True, exist_ok=True)
    password, store = folder / PASSWORD, folder / STORE
    if not password.is_file():
        password.write_text(new_ticket())
    store.write_text(f"postgresql+psycopg://{_DATABASE}:{password.read_text()}@postgresql:5432/{_DATABASE}")


def gateways(routes: Path = ROUTES) -> tuple[str, ...]:
    """From where this machine comes when a port of it is published: the address of the default route. None without such a route."""
    try:
        lines = [line.split() for line in routes.read_text().splitlines()[1:]]
    except OSError:
        return ()
    return tuple(sorted({_address(line[2]) for line in lines if line[1] == "00000000"}))


def _address(hexadecimal: str) -> str:
    """The kernel writes an address as a number of this machine's byte order."""
    return ".".join(str(one) for one in int(hexadecimal, 16).to_bytes(4, sys.byteorder))


def give_to(owner: int, folder: Path) -> None:
    """A folder and all that is in it belong to somebody from now on; links are not followed."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


if __name__ == "__main__":
    sys.exit(main())
