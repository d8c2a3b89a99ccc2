"""``joulebus market``: files of operations, balances, statements, graphs and certificates, of a living home, a database or a file."""

from pathlib import Path
from typing import Annotated

import typer

market_group = typer.Typer()
market_app = typer.Typer(no_args_is_help=True, help="Balance groups, contracts, metering, settlement and seals.")
market_group.add_typer(market_app, name="market")

HomeOption = Annotated[str | None, typer.Option("--home", help="Name of the living home, when several are up.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain JSON.")]

InOption = Annotated[
    str | None,
    typer.Option("--in", help="A file of operations (.jsonl) or the URL of a database, instead of the living home."),
]
MarketOption = Annotated[str | None, typer.Option("--market", help="Name of the market in a database; default: market.")]
EpochArgument = Annotated[str, typer.Argument(help="Number of an epoch, or an ISO 8601 time inside of it.")]
AssetArgument = Annotated[str, typer.Argument(help="A meter, a group or a partner.")]
MARKET_NAME = "market"


@market_app.command("run", epilog="Example: joulebus market run examples/market/lesson_5.jsonl --json")
def run_command(
    file: Annotated[Path, typer.Argument(help='Operations, one JSON object a line: {"call": "contract.add", "args": {…}}')],
    store: Annotated[str | None, typer.Option(help="Database to keep it in: sqlite:///file or postgresql://…; default: in memory.")] = None,
    market: MarketOption = None,
    key: Annotated[
        Path | None, typer.Option(help="File with the key that signs (64 hexadecimal digits); default: one that all know.")
    ] = None,
    epoch_seconds: Annotated[int, typer.Option(min=1, max=86_400, help="Length of an epoch; books.open in the file says it, too.")] = 900,
    go_on: Annotated[bool, typer.Option("--go-on", help="Keep what is good of a file with bad lines.")] = False,
    audit: Annotated[
        str | None, typer.Option(help="Command that is asked before a seal (JSON on its input); it vetoes by failing.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Execute a file of operations as one: a line that is refused takes all of them back, unless --go-on."""
    from joulebus.cli.market_running import MarketRunOptions, run_file

    run_file(MarketRunOptions(file, store, market or MARKET_NAME, key, epoch_seconds, go_on, audit, json_))


@market_app.command("call", epilog="Example: joulebus market call asset.upsert assetId=roof type=meter")
def market_call_command(
    name: Annotated[str, typer.Argument(help="As in a file of operations: contract.list")],
    arguments: Annotated[list[str] | None, typer.Argument(help="key=value; values are JSON, or text.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Any call of the market; prints its answer as JSON."""
    from joulebus.cli.main import parse_arguments, print_json
    from joulebus.cli.market_places import place

    print_json(place(home, in_, market).ask(name, parse_arguments(arguments or [])))


@market_app.command("calls")
def calls(json_: JsonOption = False) -> None:
    """All calls of the market, and which of them change the books."""
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
    """What an asset took and gave in an epoch, inside and outside."""
    from joulebus.cli.main import print_json
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_balance

    found = place(home, in_, market).ask("balancing.balance", {"asset_id": asset, "epoch": epoch})
    print_json(found) if json_ else print_balance(found)


@market_app.command("statement", epilog="Example: joulebus market statement seller1 --csv > seller1.csv")
def statement(
    asset: AssetArgument,
    epoch: Annotated[str | None, typer.Argument(help="One epoch; left out: all.")] = None,
    csv_: Annotated[bool, typer.Option("--csv", help="For spreadsheets.")] = False,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
    json_: JsonOption = False,
) -> None:
    """All postings of an asset, with a running balance."""
    from joulebus.cli.main import print_json
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import print_statement, statement_csv

    asked = {"asset_id": asset} | ({} if epoch is None else {"epoch": epoch})
    found = place(home, in_, market).ask("balancing.statements", asked)
    if csv_:
        print(statement_csv(found), end="")
    else:
        print_json(found) if json_ else print_statement(found)


@market_app.command("graph", epilog="Example: joulebus market graph 474240 --in examples/market/lesson_5.jsonl --out lesson_5.svg")
def graph(
    epoch: Annotated[str | None, typer.Argument(help="With what flowed in an epoch; left out: the rules alone.")] = None,
    out: Annotated[Path | None, typer.Option(help="Draw it into this SVG file.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """The market as a directed graph: in the terminal, and as a picture."""
    from joulebus.cli.market_places import place
    from joulebus.cli.market_tables import draw, graph_at

    draw(graph_at(place(home, in_, market), epoch), out)


@market_app.command("seal")
def seal_command(
    epoch: EpochArgument,
    asset: Annotated[str | None, typer.Argument(help="One asset; left out: all of the epoch, bottom-up.")] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """Seal an epoch, or one asset in it."""
    from joulebus.cli.main import print_json
    from joulebus.cli.market_places import place

    where = place(home, in_, market)
    if asset is None:
        print_json(where.ask("balancing.seal_epoch", {"epoch": epoch}))
    else:
        print_json(where.ask("balancing.seal", {"asset_id": asset, "epoch": epoch}))


@market_app.command("certificate", epilog="Example: joulebus market certificate seller1 474240 --out seller1.json --qr seller1.png")
def certificate_command(
    asset: AssetArgument,
    epoch: EpochArgument,
    out: Annotated[Path | None, typer.Option(help="Write it into this file; default: print it.")] = None,
    qr: Annotated[str | None, typer.Option(help='A QR code: a file (.png, .svg), or "terminal".')] = None,
    home: HomeOption = None,
    in_: InOption = None,
    market: MarketOption = None,
) -> None:
    """The proof of a seal, to be verified offline with `joulebus verify`."""
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
    file: Annotated[Path, typer.Argument(help="Certificate of a seal, as `joulebus market certificate` writes it.")],
    key: Annotated[str | None, typer.Option(help="Public key that must have signed it (64 hexadecimal digits).")] = None,
    json_: JsonOption = False,
) -> None:
    """Verify a certificate of the market, offline. Exit code 1: it is not as it was issued."""
    from joulebus.cli.main import print_json
    from joulebus.cli.market_tables import print_verified
    from joulebus.market.certificate import read_certificate
    from joulebus.market.certificate import verify as verified

    found = verified(read_certificate(file), key)
    if json_:
        print_json({**found._asdict(), "net_wh": found.net_wh})
    else:
        print_verified(found)
