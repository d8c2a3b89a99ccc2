"""``joulebus``: the command line. Simulate a home's energy: run it live, plan it, query it, audit its ledger."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from joulebus.addresses import LOOPBACK
from joulebus.cli.access import access_app
from joulebus.cli.arguments import parse_arguments, parse_properties
from joulebus.cli.composing import composing_app
from joulebus.cli.failures import failure
from joulebus.cli.files import load_app, weather_app
from joulebus.cli.history import history_app
from joulebus.cli.homes import homes_app
from joulebus.cli.journal import journal_app
from joulebus.cli.market import market_group as market_app
from joulebus.cli.meter import meter_app
from joulebus.cli.options import DatabaseHomeOption, HomeOption, JsonOption
from joulebus.cli.output import print_compact, print_json
from joulebus.cli.planning_commands import planning_app
from joulebus.refusals.typed import value_of

HELP = "Simulate a home's energy: run it live, plan it, query it, audit its ledger."

app = typer.Typer(no_args_is_help=True, add_completion=True, rich_markup_mode="rich", pretty_exceptions_enable=False, help=HELP)
device_app = typer.Typer(no_args_is_help=True, help="List, query and change the devices of a running home.")
clock_app = typer.Typer(no_args_is_help=True, help="Query and control the clock of a running home.")
app.add_typer(homes_app)
app.add_typer(planning_app)
app.add_typer(composing_app)
app.add_typer(market_app)
app.add_typer(device_app, name="device")
app.add_typer(clock_app, name="clock")
app.add_typer(access_app, name="access")
app.add_typer(history_app, name="history")
app.add_typer(journal_app, name="journal")
app.add_typer(load_app, name="load")
app.add_typer(meter_app, name="meter")
app.add_typer(weather_app, name="weather")


@app.callback()
def everywhere(
    context: typer.Context,
    namespace: Annotated[
        str | None,
        typer.Option(envvar="JOULEBUS_NAMESPACE", help="Kubernetes namespace of the home to talk to; default: a home on this machine."),
    ] = None,
) -> None:
    """What holds for every command: where the home is."""
    command, context.obj = context.invoked_subcommand or "", namespace
    knows_clusters = command in ("up", "down") or (namespace is not None and command in ("access", "logs"))
    if not knows_clusters and "--help" not in sys.argv and (namespace is not None or "JOULEBUS_ROUTER" in os.environ):
        from joulebus.cli.clusters import reached

        context.with_resource(reached(namespace, command))


def main() -> None:
    """Run a command; every error ends it with one sentence and an exit code (README, Exit codes)."""
    words = sys.argv[1:]
    try:
        code = app(words, prog_name="joulebus", standalone_mode=False)
    except SystemExit:
        raise
    except BaseException as error:
        end = failure(error, words)
        if end.text:
            print(f"joulebus: {end.text}", file=sys.stderr)
        raise SystemExit(end.exit_code) from None
    if isinstance(code, int) and code:  # Typer turns Ctrl-C and Exit into what it returns.
        raise SystemExit(code)


@app.command()
def version() -> None:
    """Print the version."""
    from joulebus import __version__

    print(__version__)


@app.command("setup-router")
def setup_router() -> None:
    """Install the router (Crossbar) in your cache, as the first `up` would, and print its path."""
    from joulebus.provision.crossbar import crossbar

    print(crossbar(lambda text: print(text, file=sys.stderr)))


@app.command(epilog="Examples: joulebus up examples/homes/house.yaml --speed 60 --for 10m   joulebus up house.yaml --detach")
def up(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Home file (YAML).")],
    speed: Annotated[
        str | None, typer.Option(help='Simulated seconds per real second, or "flat_out"; default: from the home file.')
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Start a new home at this time of its first day, such as 17:45, or at this date and time.")
    ] = None,
    for_: Annotated[str | None, typer.Option("--for", help="Stop after this much simulated time, such as 90s, 10m, 2h or 3d.")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="No live view; print one line when the home is up.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Return when the home is up; it keeps running until `joulebus down`.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start from scratch; the previous run is moved aside, not deleted.")] = False,
    store: Annotated[str | None, typer.Option(help="URL of the historian's database; default: SQLite in the home's directory.")] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            help="How long the historian keeps what, in simulated time, such as ticks=30d,minutes=ever; default: from the home file."
        ),
    ] = None,
    no_historian: Annotated[
        bool, typer.Option("--no-historian", help="Run without a historian; only the journal records the run.")
    ] = False,
    window_seconds: Annotated[
        int | None, typer.Option(min=1, max=21_600, help="Longest window, in simulated seconds; does not affect results.")
    ] = None,
    durable: Annotated[
        Literal["full", "memory"], typer.Option(help="full: every settlement survives a power failure. memory: the last ones may be lost.")
    ] = "full",
    guest_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port for wampc and browsers; if it is taken, a free one is chosen.")
    ] = 8080,
    guest_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="A web page from elsewhere that may connect, such as https://energy.example; repeatable."),
    ] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="ADDRESS[:PORT]", help="Address for other machines; it takes tickets only, and needs TLS.")
    ] = None,
    tls_certificate: Annotated[Path | None, typer.Option(help="The router's certificate chain (PEM).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The router's private key (PEM).")] = None,
    tls_ca: Annotated[Path | None, typer.Option(help="Authority that signed it (PEM), for local commands.")] = None,
    without_tls: Annotated[bool, typer.Option("--without-tls", help="Let --listen take unencrypted connections.")] = False,
    metrics_address: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where metrics and health are served (HTTP, readable by anyone who can connect).")
    ] = LOOPBACK,
    models: Annotated[
        str | None, typer.Option(envvar="JOULEBUS_MODELS", help="URL of a specification server to check against: http://host:port/.")
    ] = None,
    market_store: Annotated[str | None, typer.Option(help="URL of the market's database; default: SQLite in the home's directory.")] = None,
    guests_may_trade: Annotated[
        bool,
        typer.Option("--guests-may-trade", help="Let guests change the market; otherwise only users who can read the home's files may."),
    ] = False,
    on: Annotated[
        Literal["processes", "kubernetes"],
        typer.Option(help="Where its parts run: as processes of this machine, or as pods of the cluster that KUBECONFIG names."),
    ] = "processes",
    values: Annotated[Path | None, typer.Option(help="With --on kubernetes: a file with values of the chart.")] = None,
) -> None:
    """Start a home: router, inverter, historian and one process per device; Ctrl-C stops them all."""
    from joulebus.cli.installing import run_in_cluster
    from joulebus.cli.up import UpOptions, run_home

    words = dict(locals())  # Every option has the name of its field, except this one.
    words["historian"] = not words.pop("no_historian")
    options = UpOptions(**{name: value for name, value in words.items() if name in UpOptions.__dataclass_fields__})
    run_in_cluster(options, context.obj) if on == "kubernetes" else run_home(options)


@app.command("watch", epilog="Example: joulebus watch")
def watch_command(home: HomeOption = None) -> None:
    """Show the live view of a running home."""
    from joulebus.cli.watching import watch as watch_home

    watch_home(home)


@app.command("panels", epilog="Examples: joulebus panels house   joulebus panels /dev/ttyUSB0   joulebus panels tcp://p1.local:8088")
def panels_command(
    source: Annotated[
        str,
        typer.Argument(help="Home on this machine, directory of a plan, journal; or a serial device, tcp://HOST:PORT, file of telegrams."),
    ],
    rates: Annotated[Path | None, typer.Option(help="Rates file (YAML) for the costs; default: the prices of the home's grid.")] = None,
    cap: Annotated[
        int | None, typer.Option(min=0, help="Watts that no quarter-hour is to exceed; default: the month's peak, at least 2,500.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="IANA name of the time zone of a meter that is read.")] = "Europe/Brussels",
    once: Annotated[bool, typer.Option("--once", help="Print one picture and end.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Write one picture to this file (.svg), as large as COLUMNS and LINES say.")] = None,
    home: DatabaseHomeOption = None,
    device: Annotated[str | None, typer.Option(help="Of a home with several meters and meter readers: this one.")] = None,
) -> None:
    """Show a meter: rate, quarter-hour, usage and costs, gas and water, peaks, telegram, heating, cars and battery, log; keys are shown."""
    from joulebus.cli.panelling import PanelsOptions, run_panels

    run_panels(PanelsOptions(source, rates, cap, timezone, once, home, picture, device))


@app.command("call", epilog="Example: joulebus call joulebus.house.oven.set setpoint_celsius=180")
def call_command(
    uri: Annotated[str, typer.Argument(help="URI of the procedure, such as joulebus.house.clock.get.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="key=value; a value is JSON or plain text.")] = None,
    home: HomeOption = None,
) -> None:
    """Call any procedure of a running home and print the answer as JSON."""
    from joulebus.cli.client import ask_uri, owner

    _, _, bus = owner(home)
    answer = ask_uri(bus, uri, parse_arguments(arguments or []))
    print_compact(answer) if sys.stdout.isatty() else print_json(answer)


@app.command(epilog="Example: joulebus export > my_home.yaml")
def export(home: HomeOption = None) -> None:
    """Print a running home as a home file."""
    from joulebus.cli.client import ask

    print(ask(home, "home", "export", {})["yaml"], end="")


@app.command("migrate", epilog="Example: joulebus migrate my_home.yaml")
def migrate_command(file: Annotated[Path, typer.Argument(help="Home file (YAML).")]) -> None:
    """Rewrite a home file that uses old names of properties; comments and layout stay."""
    from joulebus.homefile.migration import migrate as rewrite

    names = rewrite(file)
    changes = ", ".join(f"{old} -> {new} ({count})" for (old, new), count in sorted(names.items()))
    print(f"{file}: {changes or 'nothing to change'}")


@app.command(epilog="Example: joulebus schemas schemas/")
def schemas(
    directory: Annotated[Path, typer.Argument(help="Directory in which asyncapi/ and json/ are written.")] = Path("schemas"),
) -> None:
    """Write the message catalogue: AsyncAPI documents and JSON Schemas, byte for byte reproducible."""
    from joulebus.cli.schemas import run_schemas

    run_schemas(directory)


@app.command(
    "audit", epilog="Examples: joulebus audit run/   joulebus audit sqlite:///history.sqlite --json   joulebus audit run --report june.json"
)
def audit_command(
    source: Annotated[str, typer.Argument(help="A journal, a run directory, a SQLite file or the URL of a database.")],
    thorough: Annotated[bool, typer.Option("--thorough", help="Also recompute the seals without the Rust core.")] = False,
    market: Annotated[str | None, typer.Option(help="Database of the home's market; default: market.sqlite in the run directory.")] = None,
    json_: JsonOption = False,
    report: Annotated[Path | None, typer.Option(help="Recompute and verify every number in this report file (report --json-file).")] = None,
    bill: Annotated[Path | None, typer.Option(help="Recount every line in this bill file (meter bill --json).")] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="Go on from the last sound audit, which this file marks (if it exists), and mark this one in it."),
    ] = None,
    home: DatabaseHomeOption = None,
) -> None:
    """Recompute every tick and every seal from the transfers. Exit code 1: the ledger was tampered with."""
    from joulebus.cli.auditing import AuditOptions, run_audit

    run_audit(AuditOptions(source, home, thorough, json_, report, market, since, bill))


@device_app.command("list")
def device_list(home: HomeOption = None, json_: JsonOption = False) -> None:
    """List the home's devices."""
    from joulebus.cli.client import ask
    from joulebus.cli.tables import print_devices

    listing = ask(home, "home", "list", {})
    print_json(listing) if json_ else print_devices(listing)


@device_app.command("ticket", epilog='Example: eval "$(joulebus device ticket kettle)" && python examples/foreign_device.py')
def device_ticket(context: typer.Context, name: str, home: HomeOption = None, json_: JsonOption = False) -> None:
    """Print the environment variables an external device needs to connect."""
    from joulebus.cli.outside import print_ticket, print_ticket_of_cluster

    print_ticket(home, name, json_) if context.obj is None else print_ticket_of_cluster(context.obj, name, json_)


@device_app.command("kinds", epilog="Example: joulebus device kinds battery")
def device_kinds(
    kind: Annotated[str | None, typer.Argument(help="Show one kind with all its properties.")] = None, json_: JsonOption = False
) -> None:
    """List the kinds of devices, or the properties of one kind with units, limits and defaults."""
    from joulebus.cli.tables import print_kind, print_kinds

    print_kinds(json_) if kind is None else print_kind(kind, json_)


@device_app.command("add", epilog="Example: joulebus device add heater appliance power_watts=2000")
def device_add(
    name: str, kind: str, properties: Annotated[list[str] | None, typer.Argument(help="property=value")] = None, home: HomeOption = None
) -> None:
    """Add a device to the running home."""
    _ask_home(home, "add", {"name": name, "kind": kind, "properties": parse_properties(properties or [])})


@device_app.command("remove")
def device_remove(name: str, home: HomeOption = None) -> None:
    """Remove a device from the running home."""
    _ask_home(home, "remove", {"name": name})


@device_app.command("on")
def device_on(name: str, home: HomeOption = None) -> None:
    """Switch a device on; it takes part from the tick in the answer."""
    _ask_home(home, "switch", {"name": name, "on": True})


@device_app.command("off")
def device_off(name: str, home: HomeOption = None) -> None:
    """Switch a device off; it leaves the balance at the tick in the answer, then its process stops."""
    _ask_home(home, "switch", {"name": name, "on": False})


@device_app.command("get")
def device_get(name: str, home: HomeOption = None) -> None:
    """Print all properties of a device."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "get", {}))


@device_app.command("state")
def device_state(name: str, home: HomeOption = None) -> None:
    """Print the state and the readings of a device."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "state", {}))


@device_app.command("set", epilog="Example: joulebus device set oven setpoint_celsius=180")
def device_set(name: str, properties: Annotated[list[str], typer.Argument(help="property=value")], home: HomeOption = None) -> None:
    """Change properties of a device; the answer names the tick at which they take effect."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "set", parse_properties(properties)))


@clock_app.command("get")
def clock_get(home: HomeOption = None) -> None:
    """Show simulated time, speed, and what the clock is waiting for."""
    _ask_clock(home, "get", {})


@clock_app.command("pause")
def clock_pause(home: HomeOption = None) -> None:
    """Pause after the current window."""
    _ask_clock(home, "pause", {})


@clock_app.command("resume")
def clock_resume(home: HomeOption = None) -> None:
    """Resume the clock."""
    _ask_clock(home, "resume", {})


@clock_app.command("step")
def clock_step(ticks: Annotated[int, typer.Argument(min=1)] = 1, home: HomeOption = None) -> None:
    """Advance by some ticks, then pause."""
    _ask_clock(home, "step", {"ticks": ticks})


@clock_app.command("speed", epilog="Examples: joulebus clock speed 60   joulebus clock speed flat_out")
def clock_speed(speed: str, home: HomeOption = None) -> None:
    """Set the speed: simulated seconds per real second, or flat_out."""
    _ask_clock(home, "speed", {"speed": value_of(speed)})


def _ask_home(home: str | None, procedure: str, arguments: dict[str, Any]) -> None:
    from joulebus.cli.client import ask

    print_json(ask(home, "home", procedure, arguments))


def _ask_clock(home: str | None, procedure: str, arguments: dict[str, Any]) -> None:
    from joulebus.cli.clocks import turn_clock

    turn_clock(home, procedure, arguments)
