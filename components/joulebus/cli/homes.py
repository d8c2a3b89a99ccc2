"""``joulebus ps``, ``down``, ``logs``, ``restart``: the homes that live on this machine, from any terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from joulebus.cli.options import HomeOption, JsonOption
from joulebus.errors import JoulebusError

homes_app = typer.Typer()

STATUS_SECONDS_MAX = 5.0


@homes_app.command(epilog="Examples: joulebus ps   joulebus ps --json")
def ps(json_: JsonOption = False) -> None:
    """List the homes running on this machine and the state of each of their parts."""
    from joulebus.cli.output import print_json
    from joulebus.cli.tables import print_homes
    from joulebus.rundir import living_homes

    statuses = [_status(directory) for directory in living_homes()]
    print_json(statuses) if json_ else print_homes(statuses)


@homes_app.command(epilog="Example: joulebus down house")
def down(context: typer.Context, home: Annotated[str | None, typer.Argument(help="Name of the home, when several are up.")] = None) -> None:
    """Stop a home, whichever terminal started it; `joulebus up` continues it later."""
    if context.obj is not None:
        from joulebus.cli.installing import uninstall

        print(f"{uninstall(context.obj)} is down; `joulebus up --on kubernetes` continues it")
        return
    from joulebus.provision import SUPERVISOR
    from joulebus.provision.factory import provisioner
    from joulebus.rundir import running

    directory, _ = running(home)
    provisioner(directory.name).stop(SUPERVISOR)
    print(f"{directory.name} is down; `joulebus up` continues it")


@homes_app.command(epilog="Examples: joulebus logs oven -f   joulebus logs supervisor --tail 20")
def logs(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A device, or inverter, historian, balancer, crossbar, supervisor.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new lines until Ctrl-C.")] = False,
    tail: Annotated[int, typer.Option(min=0, help="Number of past lines to print.")] = 100,
    home: HomeOption = None,
) -> None:
    """Print the log of a part of a home, also when the home is down."""
    for line in _lines(_named(home), name, tail, follow) if context.obj is None else _lines_of_pod(context.obj, name, tail, follow):
        print(line, flush=True)


@homes_app.command(epilog="Example: joulebus restart oven")
def restart(
    name: Annotated[str, typer.Argument(help="A device, or inverter, historian, balancer, crossbar.")], home: HomeOption = None
) -> None:
    """Restart a part of a home: the home waits for it, and nothing is lost."""
    from joulebus.cli.client import ask_uri, owner
    from joulebus.cli.output import print_json

    _, found, bus = owner(home)
    print_json(ask_uri(bus, f"joulebus.{found.home}.home.restart", {"name": name}))


def _status(directory: Path) -> dict[str, Any]:
    """What the supervisor of a home says; when it does not answer, who runs."""
    from joulebus.cli.client import ask_uri, owner
    from joulebus.provision.factory import provisioner

    try:
        _, found, bus = owner(directory.name)
        answer: dict[str, Any] = ask_uri(bus, f"joulebus.{found.home}.home.status", {}, STATUS_SECONDS_MAX)
        return answer | {"guest_url": found.guest_url}
    except JoulebusError as error:
        conditions = provisioner(directory.name).status()
        parts = {name: {"state": one.state, "pid": one.pid, "cause": None} for name, one in conditions.items()}
        return {"home": directory.name, "tick": None, "parts": parts, "cause": str(error)}


def _named(home: str | None) -> str:
    """A home that is up, or one that has been."""
    from joulebus.rundir import running, state_directory

    if home is not None and (state_directory() / home).is_dir():
        return home
    directory, _ = running(home)
    return directory.name


def _lines(home: str, name: str, tail: int, follow: bool) -> Iterator[str]:
    from joulebus.provision.factory import provisioner

    return provisioner(home).logs(name, tail, follow)


def _lines_of_pod(namespace: str, name: str, tail: int, follow: bool) -> Iterator[str]:
    from joulebus.cli.clusters import pod_log

    return pod_log(namespace, name, tail, follow)
