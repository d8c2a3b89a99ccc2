"""``joulebus market``: files of operations, balances, statements, graphs and certificates, of a running home, a database or a file."""

from pathlib import Path
from typing import Annotated

import typer

from joulebus.cli.options import HomeOption, JsonOption
from joulebus_schemas.facts import EPOCH_SECONDS

market_group = typer.Typer()
market_app = typer.Typer(no_args_is_help=True, help="Balance groups, contracts, metering, settlement and seals.")
market_group.add_typer(market_app, name="market")


InOption = Annotated[
    str | None,
    typer.Option("--in", help="A file of operations (.jsonl) or the URL of a database, instead of a running home."),
]
MarketOption = Annotated[str | None, typer.Option("--market", help="Name of the market in a database; default: market.")]
EpochArgument = Annotated[str, typer.Argument(help="Number of an epoch, or a time within it: 2026-06-21T10:30:00+02:00.")]
AssetArgument = Annotated[str, typer.Argument(help="A meter, a group or a partner.")]
MARKET_NAME = "market"


@market_app.command("run", epilog="Example: joulebus market run examples/market/lesson_5.jsonl --json")
def run_command(
    file: Annotated[
        Path, typer.Argument(help='Operations, one JSON object per line: {"call": "contract.add", "args": {…}}; - reads standard input.')
    ],
    store: Annotated[str | None, typer.Option(help="Database to write to: sqlite:///FILE or postgresql://…; default: in memory.")] = None,
    market: MarketOption = None,
    key: Annotated[
        Path | None, typer.Option(help="File with the signing key (64 hexadecimal digits); default: a public demonstration key.")
    ] = None,
    epoch_seconds: Annotated[
        int, typer.Option(min=1, max=86_400, help="Length of an epoch in seconds; books.open in the file overrides it.")
    ] = EPOCH_SECONDS,
    go_on: Annotated[bool, typer.Option("--go-on", help="Execute the good lines of a file and skip the bad ones.")] = False,
    audit: Annotated[
        str | None,
        typer.Option(help="Command consulted before each seal (JSON on stdin); a non-zero exit vetoes the seal."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Execute a file as one transaction; a refused line rolls everything back, unless --go-on."""
    from joulebus.cli.market_running import MarketRunOptions, run_file

    run_file(MarketRunOptions(file, store, market or MARKET_NAME, key, epoch_seconds, go_on, audit, json_))


@market_app.command("call", epilog="Example: joulebus market call asset.upsert assetId=roof type=meter")
def market_call_command(
    name: Annotated[str, typer.Argument(help="Name of the procedure, such as contract.list.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="key=value; a value is JSON or plain text.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Call any market procedure and print the answer as JSON."""
    from joulebus.cli.arguments import parse_arguments
    from joulebus.cli.market_places import place
    from joulebus.cli.output import print_json

    print_json(place(home, in_, market).ask(name, parse_arguments(arguments or [])))


@market_app.command("calls")
def calls(json_: JsonOption = False) -> None:
    """List the market's procedures, and which of them change the market."""
    from joulebus.cli.market_tables import print_calls

    print_calls(json_)


@market_app.command("balance", epilog="Example: joulebus market balance seller1 474240 --in examples/market/lesson_5.jsonl")
def balance_command(
    asset: AssetArgument,
    epoch: EpochArgument,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
    json_: JsonOption = False,
) -> None:
    """Show what an asset consumed and produced in an epoch, internally and externally."""
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_balance
    from joulebus.cli.output import print_json

    found = place(home, in_, market).ask("balancing.balance", {"asset_id": asset, "epoch": epoch})
    print_json(found) if json_ else print_balance(found)


@market_app.command("statement", epilog="Example: joulebus market statement seller1 --from 2026-06-01T00:00:00Z --csv > seller1.csv")
def statement(
    asset: AssetArgument,
    epoch: Annotated[str | None, typer.Argument(help="One epoch; default: the newest lines of all.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First epoch, or a time within it; all lines from there on.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="First epoch that is left out, or a time within it.")] = None,
    most: Annotated[int | None, typer.Option(min=1, help="How many lines at most; default: 1000, with --from all.")] = None,
    csv_: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
    json_: JsonOption = False,
) -> None:
    """List the postings of an asset, oldest first, with a running balance; of many the newest."""
    from joulebus.cli.market_pages import LINES_SHOWN, statement_of
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_statement, statement_csv
    from joulebus.cli.output import print_json

    said = {"epoch": epoch, "from_epoch": from_, "until_epoch": to}
    asked = {"asset_id": asset} | {name: value for name, value in said.items() if value is not None}
    found = statement_of(place(home, in_, market), asked, most or (None if from_ or epoch else LINES_SHOWN))
    if csv_:
        print(statement_csv(found), end="")
    else:
        print_json(found) if json_ else print_statement(found)


@market_app.command("log", epilog="Example: joulebus market log --most 50")
def log_command(
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many changes at most, the last first.")] = 20,
    ledger: Annotated[bool, typer.Option("--ledger", help="Also what was booked from the home's ledger.")] = False,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
    json_: JsonOption = False,
) -> None:
    """Who changed what in the market: the call, who asked for it, and with which role."""
    from joulebus.cli.market_pages import changes_of
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_changes
    from joulebus.cli.output import print_json

    found = changes_of(place(home, in_, market), most, ledger)
    print_json(found) if json_ else print_changes(found)


@market_app.command("late", epilog="Example: joulebus market late --home house")
def late_command(home: HomeOption = None, in_: InOption = None, market: MarketOption = None, json_: JsonOption = False) -> None:
    """List the values that came after their seal, and wait to be corrected or dismissed."""
    from joulebus.cli.market_pages import all_of
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_late
    from joulebus.cli.output import print_json

    found = all_of(place(home, in_, market), "balancing.late", {}, "late")
    print_json(found) if json_ else print_late(found)


@market_app.command(
    "dismiss", epilog='Example: joulebus market dismiss --meter kettle --to 2026-06-22T00:00:00Z --reason "meter was tested"'
)
def dismiss_command(
    reason: Annotated[str, typer.Option(help="Why; `joulebus market log` shows it.")],
    meter: Annotated[str | None, typer.Option(help="Only values of this meter.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First epoch, or a time within it.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="First epoch that is left out, or a time within it.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All that is on the list.")] = False,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Take values off the late list without booking them."""
    from joulebus.cli.market_places import place
    from joulebus.cli.output import print_json

    said = {"meter_id": meter, "from_epoch": from_, "until_epoch": to, "from_number": 1 if all_ else None}
    asked = {"reason": reason} | {name: value for name, value in said.items() if value is not None}
    done = place(home, None, None).ask("balancing.dismiss_lates", asked)
    print_json(done) if json_ else print(f"{done['dismissed']:,} dismissed, {done['left']:,} left")


@market_app.command("graph", epilog="Example: joulebus market graph 474240 --in examples/market/lesson_5.jsonl --out lesson_5.svg")
def graph(
    epoch: Annotated[str | None, typer.Argument(help="Also show the flows of this epoch; default: the rules only.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the graph to this SVG file.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Show the market as a directed graph, in the terminal or as SVG."""
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import draw, graph_at

    draw(graph_at(place(home, in_, market), epoch), out)


@market_app.command("seal")
def seal_command(
    epoch: EpochArgument,
    asset: Annotated[str | None, typer.Argument(help="Seal only this asset; default: the whole epoch, bottom-up.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Seal an epoch, or one asset in it."""
    from joulebus.cli.market_places import place
    from joulebus.cli.output import print_json

    where = place(home, in_, market)
    if asset is None:
        print_json(where.ask("balancing.seal_epoch", {"epoch": epoch}))
    else:
        print_json(where.ask("balancing.seal", {"asset_id": asset, "epoch": epoch}))


@market_app.command("certificate", epilog="Example: joulebus market certificate seller1 474240 --out seller1.json --qr seller1.png")
def certificate_command(
    asset: AssetArgument,
    epoch: EpochArgument,
    out: Annotated[Path | None, typer.Option(help="Write it to this file; default: print it.")] = None,
    qr: Annotated[str | None, typer.Option(help='Make a QR code: a file (.png or .svg), or "terminal".')] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Issue the certificate of a seal, for offline verification with `joulebus verify`."""
    from joulebus.cli.market_places import place
    from joulebus.market.certificate import qr_image, qr_terminal

    text: str = place(home, in_, market).ask("balancing.certificate", {"asset_id": asset, "epoch": epoch})["text"]
    if out is not None:
        out.write_bytes(text.encode())
    if qr == "terminal":
        qr_terminal(text)
    elif qr is not None:
        qr_image(text, Path(qr))
    if out is None and qr is None:
        print(text)


@market_group.command("verify", epilog="Example: joulebus verify seller1.json")
def verify_command(
    file: Annotated[Path, typer.Argument(help="Certificate of a seal, as written by `joulebus market certificate`.")],
    key: Annotated[str | None, typer.Option(help="Public key that must have signed it (64 hexadecimal digits).")] = None,
    json_: JsonOption = False,
) -> None:
    """Verify a market certificate offline. Exit code 1: it is not as issued; 5: nothing says whose key has signed it."""
    from joulebus.cli.market_tables import print_verified
    from joulebus.cli.output import print_json
    from joulebus.market.certificate import read_certificate
    from joulebus.market.certificate import verify as verified
    from joulebus.market.trust import whose_key

    found = verified(read_certificate(file), key)
    if json_:
        print_json({**found._asdict(), "net_wh": found.net_wh})
    else:
        print_verified(found)
    why = whose_key(found.public_key, key)
    if not json_:
        print(f"sound: {why}")
