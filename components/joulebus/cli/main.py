"""``joulebus``: live in a home, plan one, ask it, audit its books."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from joulebus.cli.access import app as access_app
from joulebus.cli.files import load_app, weather_app
from joulebus.cli.journal import app as journal_app
from joulebus.cli.market import app as market_app
from joulebus.cli.planning_commands import app as planning_app
from joulebus.errors import JoulebusError, PropertyError
from joulebus.extras import missing

app = typer.Typer(no_args_is_help=True, add_completion=True, rich_markup_mode="rich", pretty_exceptions_enable=False, help=__doc__)
device_app = typer.Typer(no_args_is_help=True, help="Ask and change the devices of a living home.")
clock_app = typer.Typer(no_args_is_help=True, help="Ask and turn the clock of a living home.")
app.add_typer(planning_app)
app.add_typer(market_app)
app.add_typer(device_app, name="device")
app.add_typer(clock_app, name="clock")
app.add_typer(access_app, name="access")
app.add_typer(journal_app, name="journal")
app.add_typer(load_app, name="load")
app.add_typer(weather_app, name="weather")

HomeOption = Annotated[str | None, typer.Option("--home", help="Name of the living home, when several are up.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain JSON.")]


def main() -> None:
    """Run a command; a mendable error is one sentence and an exit code (README, Exit codes)."""
    try:
        code = app(standalone_mode=False)
        if isinstance(code, int) and code:  # Typer turns Ctrl-C and Exit into what it returns.
            raise SystemExit(code)
    except JoulebusError as error:
        print(f"joulebus: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except ModuleNotFoundError as error:
        needed = missing(error.name)
        if needed is None:
            raise
        print(f"joulebus: {needed}", file=sys.stderr)
        raise SystemExit(needed.exit_code) from None
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            raise SystemExit(error.exit_code) from None
        raise


@app.command()
def version() -> None:
    """Print the version."""
    from joulebus import __version__

    print(__version__)


@app.command("setup-router")
def setup_router() -> None:
    """Install the router (Crossbar) into your cache, as the first `up` would; prints the path of its executable."""
    from joulebus.provision.crossbar import crossbar

    print(crossbar(lambda text: print(text, file=sys.stderr)))


@app.command(epilog="Example: joulebus up examples/homes/house.yaml --speed 60 --for 10m")
def up(
    file: Annotated[Path, typer.Argument(help="Home file (YAML).")],
    speed: Annotated[str | None, typer.Option(help='Simulated seconds a second, or "flat_out"; default: what the file says.')] = None,
    for_: Annotated[str | None, typer.Option("--for", help="End after this much simulated time: 90s, 10m, 2h, 3d.")] = None,
    headless: Annotated[bool, typer.Option(help="No live view; one line when it is up.")] = False,
    fresh: Annotated[bool, typer.Option(help="Begin anew: what was lived before is moved aside, not deleted.")] = False,
    store: Annotated[str | None, typer.Option(help="Database of the historian; default: SQLite in the home's directory.")] = None,
    no_historian: Annotated[bool, typer.Option(help="Without a historian: the journal alone keeps the books.")] = False,
    window_seconds: Annotated[int | None, typer.Option(min=1, max=21_600, help="Longest window, in simulated seconds.")] = None,
    durable: Annotated[str, typer.Option(help="full: each settlement survives power loss; memory: it may not.")] = "full",
    guest_port: Annotated[
        int, typer.Option(help="Where wampc and browsers come in; another free one is taken when it is not free.")
    ] = 8080,
    models: Annotated[
        str | None, typer.Option(envvar="JOULEBUS_MODELS", help="Where the specification is kept, to compare with: http://host:port/.")
    ] = None,
    market_store: Annotated[str | None, typer.Option(help="Database of the market; default: SQLite in the home's directory.")] = None,
    guests_may_trade: Annotated[
        bool, typer.Option(help="Guests may change the market, too; else only who reads the home's files.")
    ] = False,
) -> None:
    """Start a home: a router, the inverter, a historian and one process a device; Ctrl-C ends them all."""
    from joulebus.cli.up import Wishes, live

    books = (store, not no_historian, window_seconds, durable)
    live(Wishes(file, speed, for_, headless, fresh, *books, guest_port, models, market_store, guests_may_trade))


@app.command(epilog="Example: joulebus watch")
def watch(home: HomeOption = None) -> None:
    """Watch a living home."""
    from joulebus.cli.watching import watch as watch_home

    watch_home(home)


@app.command(epilog="Example: joulebus call joulebus.house.oven.set setpoint_celsius=180")
def call(
    uri: Annotated[str, typer.Argument(help="Procedure, such as joulebus.house.clock.get.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="key=value; values are JSON, or text.")] = None,
    home: HomeOption = None,
) -> None:
    """Call any procedure on the bus of a living home; prints its answer as JSON."""
    from joulebus.cli.client import ask_uri, owner

    _, _, bus = owner(home)
    print_json(ask_uri(bus, uri, parse_arguments(arguments or [])))


@app.command(epilog="Example: joulebus export > my_home.yaml")
def export(home: HomeOption = None) -> None:
    """Print a living home as a home file."""
    from joulebus.cli.client import ask

    print(ask(home, "home", "export", {})["yaml"], end="")


@app.command(epilog="Example: joulebus schemas schemas/")
def schemas(
    directory: Annotated[Path, typer.Argument(help="Where asyncapi/ and json/ are written.")] = Path("schemas"),
) -> None:
    """Write the catalogue of messages: AsyncAPI documents and JSON Schemas, the same bytes in every run."""
    from joulebus.cli.schemas import run

    run(directory)


@app.command(
    epilog="Examples: joulebus audit run/   joulebus audit sqlite:///history.sqlite --json   joulebus audit run --report june.json"
)
def audit(
    source: Annotated[str, typer.Argument(help="Journal, run directory, SQLite file or database URL.")],
    thorough: Annotated[bool, typer.Option(help="Recompute the seals a second time without the Rust core.")] = False,
    market: Annotated[str | None, typer.Option(help="Database of its market; default: market.sqlite in the run directory.")] = None,
    json_: JsonOption = False,
    report: Annotated[Path | None, typer.Option(help="Count every number of this file of `joulebus report --json-file` again.")] = None,
) -> None:
    """Recompute every tick and every seal without trusting a stored total. Exit code 1: tampered with."""
    from joulebus.cli.auditing import run

    run(source, thorough, json_, report, market)


@device_app.command("list")
def device_list(home: HomeOption = None, json_: JsonOption = False) -> None:
    """Who belongs to the home."""
    from joulebus.cli.client import ask
    from joulebus.cli.tables import print_devices

    listing = ask(home, "home", "list", {})
    print_json(listing) if json_ else print_devices(listing)


@device_app.command("ticket", epilog='Example: eval "$(joulebus device ticket kettle)" && python examples/foreign_device.py')
def device_ticket(name: str, home: HomeOption = None, json_: JsonOption = False) -> None:
    """How a foreign device comes to the bus: the variables that it needs, for a shell."""
    from joulebus.cli.outside import print_ticket

    print_ticket(home, name, json_)


@device_app.command("kinds", epilog="Example: joulebus device kinds battery")
def device_kinds(
    kind: Annotated[str | None, typer.Argument(help="One kind, with all its properties.")] = None, json_: JsonOption = False
) -> None:
    """What kinds of devices there are, and their properties with units, limits and defaults."""
    from joulebus.cli.tables import print_kind, print_kinds

    print_kinds(json_) if kind is None else print_kind(kind, json_)


@device_app.command("add", epilog="Example: joulebus device add heater appliance power_watts=2000")
def device_add(
    name: str, kind: str, properties: Annotated[list[str] | None, typer.Argument(help="property=value")] = None, home: HomeOption = None
) -> None:
    """Add a device while the home runs."""
    _ask_home(home, "add", {"name": name, "kind": kind, "properties": parse_arguments(properties or [])})


@device_app.command("remove")
def device_remove(name: str, home: HomeOption = None) -> None:
    """Remove a device while the home runs."""
    _ask_home(home, "remove", {"name": name})


@device_app.command("on")
def device_on(name: str, home: HomeOption = None) -> None:
    """Switch a device on: its process starts, and it takes part from the tick in the answer."""
    _ask_home(home, "switch", {"name": name, "on": True})


@device_app.command("off")
def device_off(name: str, home: HomeOption = None) -> None:
    """Switch a device off: it leaves the balance at the tick in the answer, then its process ends."""
    _ask_home(home, "switch", {"name": name, "on": False})


@device_app.command("get")
def device_get(name: str, home: HomeOption = None) -> None:
    """Print all properties of a device."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "get", {}))


@device_app.command("state")
def device_state(name: str, home: HomeOption = None) -> None:
    """Print state and readings of a device."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "state", {}))


@device_app.command("set", epilog="Example: joulebus device set oven setpoint_celsius=180")
def device_set(name: str, properties: Annotated[list[str], typer.Argument(help="property=value")], home: HomeOption = None) -> None:
    """Change properties of a device; the answer names the tick from which they hold."""
    from joulebus.cli.client import ask

    print_json(ask(home, name, "set", parse_arguments(properties)))


@clock_app.command("get")
def clock_get(home: HomeOption = None) -> None:
    """Where time is, how fast it goes, and who holds it up."""
    _ask_clock(home, "get", {})


@clock_app.command("pause")
def clock_pause(home: HomeOption = None) -> None:
    """Stop after the open window."""
    _ask_clock(home, "pause", {})


@clock_app.command("resume")
def clock_resume(home: HomeOption = None) -> None:
    """Go on."""
    _ask_clock(home, "resume", {})


@clock_app.command("step")
def clock_step(ticks: Annotated[int, typer.Argument(min=1)] = 1, home: HomeOption = None) -> None:
    """Let some ticks pass, then stand still."""
    _ask_clock(home, "step", {"ticks": ticks})


@clock_app.command("speed", epilog="Examples: joulebus clock speed 60   joulebus clock speed flat_out")
def clock_speed(speed: str, home: HomeOption = None) -> None:
    """Change the speed: simulated seconds a second, or flat_out."""
    _ask_clock(home, "speed", {"speed": parse_value(speed)})


def _ask_home(home: str | None, procedure: str, arguments: dict[str, Any]) -> None:
    from joulebus.cli.client import ask

    print_json(ask(home, "home", procedure, arguments))


def _ask_clock(home: str | None, procedure: str, arguments: dict[str, Any]) -> None:
    from joulebus.cli.client import ask

    print_json(ask(home, "clock", procedure, arguments))


def parse_arguments(pairs: list[str]) -> dict[str, Any]:
    """key=value pairs; a value is JSON when it can be read so, else text."""
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise PropertyError(f'an argument must be key=value, but "{pair}" is not')
        out[key] = parse_value(value)
    return out


def parse_value(text: str) -> Any:
    """JSON, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def print_json(value: Any) -> None:
    """Sorted, indented, the same in every run."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
