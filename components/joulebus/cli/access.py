"""``joulebus access``: who may do what in a home, beside its components. It works on the home's files, also while the home lives; in a
cluster, on the Secrets of its namespace."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from joulebus.roles import ADMIN, OPERATOR, SENTENCES, Role

access_app = typer.Typer(no_args_is_help=True, help="Give people and programs access to a home, and revoke it.")

HOME_WORD, ADDRESS_WORD = "JOULEBUS_HOME", "JOULEBUS_ADDRESS"
"""Environment, beside the files of a home that runs elsewhere, as in containers: its name, and where people come in."""

_Home = Annotated[str | None, typer.Option("--home", help="Name of the home; needed when there are several.")]
_Json = Annotated[bool, typer.Option("--json", help="Print plain JSON.")]
RoleOption = Annotated[str, typer.Option(help="; ".join(f"{role}: {sentence}" for role, sentence in SENTENCES.items()) + ".")]
Devices = Annotated[str, typer.Option(help="Comma-separated devices that a controller may set.")]
Expires = Annotated[str | None, typer.Option(help="When access ends: a span (30m, 12h, 7d) or an ISO 8601 time with its offset.")]


@access_app.command("add", epilog="Example: joulebus access add energy_manager --role controller --devices battery,geyser --expires 30d")
def add_person(
    context: typer.Context, name: str, role: RoleOption = "viewer", devices: Devices = "", expires: Expires = None, home: _Home = None
) -> None:
    """Give a person or program access; prints its principal and where its ticket is: a file, or a Secret of the cluster."""
    from joulebus.provision.access import expiry

    one = _person(name, role, devices, expiry(expires))
    _say_ticket(_access(context, home)[0], name, lambda access: access.add(one))


@access_app.command("list")
def list_(context: typer.Context, home: _Home = None, json_: _Json = False) -> None:
    """List who has access, with role and expiry."""
    from rich.console import Console

    from joulebus.cli.output import print_json
    from joulebus.cli.whole_table import WholeTable
    from joulebus.provision.access import as_rows

    access, _ = _access(context, home)
    rows = as_rows(access.list(), access.home)
    if json_:
        print_json(rows)
        return
    table = WholeTable("principal", "role", "devices", "expires")
    for row in rows:
        until = (row["expires"] or "") + (" (expired)" if row["is_expired"] else "")
        table.add_row(row["principal"], row["role"], ", ".join(row["devices"]), until)
    Console().print(table)


@access_app.command("revoke")
def revoke(context: typer.Context, name: str, home: _Home = None) -> None:
    """Revoke somebody's access; their open sessions end within a second."""
    access, _ = _access(context, home)
    access.revoke(name)


@access_app.command("rotate")
def rotate(context: typer.Context, name: str, home: _Home = None) -> None:
    """Issue a new ticket (and link) to somebody; sessions with the old one end within a second."""
    _say_ticket(_access(context, home)[0], name, lambda access: access.rotate(name))


@access_app.command("link", epilog='Example: wampc "$(joulebus access link)" joulebus')
def link(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose address this is; added with the role if the name is new.")] = OPERATOR,
    role: RoleOption = OPERATOR,
    devices: Devices = "",
    expires: Expires = None,
    outside: Annotated[bool, typer.Option("--outside", help="The address for other machines (`up --listen`); it needs TLS.")] = False,
    page: Annotated[bool, typer.Option("--page", help="The address of the dashboard, for a browser.")] = False,
    once: Annotated[bool, typer.Option("--once", help="The address of the dashboard, good once and within an hour.")] = False,
    home: _Home = None,
) -> None:
    """Print a WebSocket address that signs in as this principal, for clients that cannot. Anyone who has it has the role."""
    from joulebus.addresses import dashboard_of
    from joulebus.provision.access import expiry

    access, find_url = _access(context, home)
    url = find_url(outside)
    one = _person(name, role, devices, expiry(expires))
    if once:
        print(access.once_of(one, url))
        return
    address = access.link_of(one, url)
    print(dashboard_of(address) if page else address)


@access_app.command(
    "password", epilog="Examples: joulebus access password anna --role admin   echo $SECRET | joulebus access password anna"
)
def password(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who signs in with it on the dashboard; added with the role if the name is new.")],
    role: RoleOption = OPERATOR,
    home: _Home = None,
) -> None:
    """Set the password of somebody for the dashboard; asked for twice, or read from standard input. Open sessions of theirs end."""
    from joulebus_schemas.principals import person

    access, _ = _access(context, home)
    access.set_password(_person(name, role, "", None), _read_password())
    print(f"{person(access.home, name)} signs in with this password on the dashboard")


def _read_password() -> str:
    """What somebody types, unseen and twice; or the first line of what a program says.

    Raises:
        UsageError: The two are not the same.
    """
    import getpass
    import sys

    from joulebus.errors import UsageError

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, again = getpass.getpass("password: "), getpass.getpass("again: ")
    if first != again:
        raise UsageError("the two passwords must be the same, but are not; nothing was changed")
    return first


def _person(name: str, role: str, devices: str, expires: int | None) -> Any:
    from joulebus.provision.access import Person

    said: Any = role  # Checked where it is written down.
    checked: Role = said
    return Person(name, checked, tuple(filter(None, devices.split(","))), expires)


def _say_ticket(access: Any, name: str, act: Any) -> None:
    from joulebus.cli.output import print_json
    from joulebus_schemas.principals import person

    where = act(access)
    said = {"ticket_file": str(where.absolute())} if isinstance(where, Path) else {"ticket_secret": where}
    print_json({"principal": person(access.home, name)} | said)


def _access(context: typer.Context, home: str | None) -> tuple[Any, Any]:
    """The access list of the running home, or of the named one that has run here, or of a namespace; and what says how to reach it."""
    from joulebus.errors import BusError
    from joulebus.provision.access import AccessList
    from joulebus.rundir import running, state_directory

    if context.obj is not None:
        return _access_in_cluster(context.obj)
    home = home or os.environ.get(HOME_WORD)
    try:
        directory, found = running(home)
    except BusError:
        if home is None or not (state_directory() / home / "principals").is_dir():
            raise
        return AccessList(state_directory() / home, home), lambda outside: os.environ.get(ADDRESS_WORD)
    return AccessList(directory, found.home), found.address_of


def admin_page(books: Path, home: str, guests: str) -> str:
    """The address of the dashboard of a home whose books are here that signs in its admin, good once.

    Raises:
        RosterError: Somebody could read the secret on its way to ``guests``, where guests come in.
    """
    from joulebus.provision.access import PAGE_ADMIN, AccessList, Person

    return AccessList(books, home).once(Person(PAGE_ADMIN, ADMIN), guests)


def _access_in_cluster(namespace: str) -> tuple[Any, Any]:
    import sys

    from joulebus.cli.clusters import people_address, people_of

    def address(outside: bool) -> str:
        url, condition = people_address(namespace)
        print(condition, file=sys.stderr) if condition else None
        return url

    return people_of(namespace), address


@access_app.command("log", epilog="Example: joulebus access log --most 50")
def log(
    context: typer.Context,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="Maximum number of changes, newest first.")] = 20,
    home: _Home = None,
    json_: _Json = False,
) -> None:
    """List who changed what in a running home: the change, who asked for it in which role, and the tick."""
    from rich.console import Console

    from joulebus.cli.client import Conversation, owner
    from joulebus.cli.output import print_json
    from joulebus.cli.whole_table import WholeTable

    if context.obj is not None:
        from joulebus.cli.clusters import reached

        context.with_resource(reached(context.obj, "call"))
    _, found, bus = owner(home)
    with Conversation(bus) as conversation:
        changes = _changes(lambda ask: conversation.ask(f"joulebus.{found.home}.inverter.change_log", ask), most)
    if json_:
        print_json(changes)
        return
    table = WholeTable("time", "tick", "who", "role", "call", "arguments")
    for one in changes:
        by = one["by"] or {"principal": "the home file", "role": "", "call": "", "arguments": ""}
        arguments = by["arguments"] or [change["device"] for change in one["changes"]] or ""
        table.add_row(one["time"], str(one["tick"]), by["principal"], by["role"], by["call"], str(arguments))
    Console().print(table)


def _changes(ask: Any, most: int) -> list[dict[str, Any]]:
    """The last changes: the home looks at so many records for one answer, and says where to go on."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while len(found) < most:
        answer = ask({"before": before, "most": min(100, most - len(found))})
        found += answer["changes"]
        before = answer["before"]
        if before is None:
            break
    return found
