"""From a home's ledger to its market: exact to the joule that is carried, and a forged posting is found."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulebus.homefile.home_file import load_home_file
from joulebus.journal.compaction import merged
from joulebus.journal.file import Journal
from joulebus.market import ledger
from joulebus.market.executor import Executor
from joulebus.market.following import Following
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_link
from joulebus.market.living import plan_of, plan_text
from joulebus.market.opening import Opening
from joulebus.market.setup import opening_of
from joulebus.market.store import NO_OPERATION_HASH, Operation, operation_hash
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Committed, Seal, SealedColumn

ROOT = Path(__file__).resolve().parents[2]
WIRING = ledger.MarketWiring("house", "inverter", frozenset({"grid"}), ("grid", "roof"))


def seal_of(epoch: int, flows: dict[tuple[str, str], int]) -> Seal:
    """An epoch with these joules."""
    columns = tuple(
        SealedColumn(account_from=one, account_to=other, joules=joules, moment=0, hash=NO_OPERATION_HASH)
        for (one, other), joules in flows.items()
    )
    return Seal(epoch=epoch, first_tick=epoch * 900, ticks=900, previous=NO_OPERATION_HASH, hash=NO_OPERATION_HASH, columns=columns)


@given(st.lists(st.tuples(*[st.integers(0, 40_000)] * 3), max_size=40))
def test_the_two_books_are_never_a_watt_hour_apart(epochs: list[tuple[int, int, int]]) -> None:
    remainders: dict[str, tuple[int, int]] = {}
    sums = {"import": 0, "export": 0, "roof": 0}
    joules = dict.fromkeys(sums, 0)
    for number, (taken, given_back, sun) in enumerate(epochs):
        flows = {("grid", "inverter"): taken, ("inverter", "grid"): given_back, ("roof", "inverter"): sun}
        booking, remainders = ledger.bookings(WIRING, seal_of(number, flows), remainders)
        grid, roof = booking.values
        for name, wh, new in (("import", grid.import_wh, taken), ("export", grid.export_wh, given_back), ("roof", roof.export_wh, sun)):
            sums[name], joules[name] = sums[name] + wh, joules[name] + new
            assert 0 <= joules[name] - sums[name] * 3600 < 3600
        assert roof.import_wh == 0


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory: half a day of the example with a market, and the market that followed it."""
    run = tmp_path_factory.mktemp("run") / "books"
    home = ROOT / "examples" / "homes" / "market.yaml"
    joulebus = Path(sys.executable).with_name("joulebus")
    subprocess.run(
        [joulebus, "plan", home, "--days", "0.5", "--window", "700", "--out", run], check=True, stdout=subprocess.DEVNULL, timeout=120
    )
    follow(run, 1_000_000)
    return run


def follow(run: Path, at_once: int) -> Executor:
    """The market of a journal; the records come in pieces of so many, and after each piece it is opened anew."""
    plan = plan_of(plan_text(load_home_file(ROOT / "examples" / "homes" / "market.yaml")))
    opening = Opening(run / "market.sqlite", "market", DEMONSTRATION, opening_of(plan.words, EPOCH_SECONDS))
    with Journal.view(next(run.glob("journal*"))) as journal:
        for first in range(1, journal.last_number + 1, at_once):
            executor = Executor.open(opening)
            following = Following(executor, plan)
            last = min(journal.last_number, first + at_once - 1)
            following.take(first, [journal.raw(number) for number in range(first, last + 1)])
            executor.close()
    return Executor.open(opening)


def test_a_market_takes_compacted_records_wherever_it_stands(tmp_path: Path) -> None:
    home = ROOT / "examples" / "homes" / "market.yaml"
    joulebus = Path(sys.executable).with_name("joulebus")
    words = ["plan", home, "--days", "0.1", "--window", "60", "--out", tmp_path / "run"]
    subprocess.run([joulebus, *words], check=True, stdout=subprocess.DEVNULL, timeout=120)
    with Journal.view(tmp_path / "run" / "journal.bin") as journal:
        single = list(journal.frames())
    compacted = list(merged(single))
    assert len(compacted) < len(single) // 5
    plan = plan_of(plan_text(load_home_file(home)))
    heads = set()
    for had in (0, 1, 9, 40, len(single)):
        store = tmp_path / f"market_{had}.sqlite"
        executor = Executor.open(Opening(store, "market", DEMONSTRATION, opening_of(plan.words, EPOCH_SECONDS)))
        following = Following(executor, plan)
        following.take(1, [frame.payload for frame in single[:had]])
        rest = [frame for frame in compacted if frame.number > had]
        following.take(rest[0].first if rest else had + 1, [frame.payload for frame in rest])
        assert following.record == single[-1].number
        heads.add(executor.books.engine.state_hash())
        executor.close()
        assert check_link(tmp_path / "run", store, "market").findings == ()
    assert len(heads) == 1


def copied(lived: Path, to: Path) -> Path:
    """The same run directory, to be hurt."""
    to.mkdir()
    for path in lived.glob("*"):
        if path.is_file():
            (to / path.name).write_bytes(path.read_bytes())
    return to


def test_every_epoch_of_the_ledger_is_booked_sealed_and_leads_back(lived: Path) -> None:
    report = check_link(lived, lived / "market.sqlite", "market")
    assert report.findings == () and report.epochs == 48 and report.batches == 47
    executor = follow(lived, 1_000_000)
    with Journal.view(next(lived.glob("journal*"))) as journal:
        seals = [seal for _, record, _ in journal.read() if isinstance(record, Committed) for seal in record.seals]
    for name, pair in (("roof", ("roof", "inverter")), ("kettle", ("inverter", "kettle")), ("grid", ("grid", "inverter"))):
        joules = sum(column.joules for seal in seals for column in seal.columns if (column.account_from, column.account_to) == pair)
        lines = executor.ask("balancing.statements", {"asset_id": name}).lines
        wh = sum(abs(line.wh) for line in lines if (line.wh < 0) == (name == "roof"))
        assert 0 <= joules - wh * 3600 < 3600, name
    hashes = {seal.epoch: seal.hash for seal in seals}
    assert all(f"seal={hashes[line.posting.epoch]}" in (line.posting.source or "") for line in lines)


def test_pieces_and_restarts_change_no_seal(lived: Path, tmp_path: Path) -> None:
    again = copied(lived, tmp_path / "again")
    (again / "market.sqlite").unlink()
    whole, pieces = follow(lived, 1_000_000), follow(again, 9)
    assert whole.mark.head == pieces.mark.head
    assert whole.books.engine.state_hash() == pieces.books.engine.state_hash()


def rewritten(run: Path, call: str, old: str, new: str) -> None:
    """Change operations as somebody would who knows how they are chained."""
    database = sqlite3.connect(run / "market.sqlite")
    head = NO_OPERATION_HASH
    rows = database.execute(
        "SELECT call, arguments, answer, principal, role, request, columns, revision FROM market_operation ORDER BY revision"
    )
    for row in rows.fetchall():
        one = Operation._make((*row, ""))
        said = one.arguments.replace(old, new, 1) if one.call == call else one.arguments
        head = operation_hash(head, one._replace(arguments=said))
        database.execute("UPDATE market_operation SET arguments = ?, hash = ? WHERE revision = ?", (said, head, one.revision))
    database.execute("UPDATE market_books SET head = ?", (head,))
    database.commit()
    database.close()


FORGERIES = {
    "an operation": "UPDATE market_operation SET arguments = replace(arguments, '\"import_wh\":450', '\"import_wh\":451')",
    "an answer's revision": "UPDATE market_operation SET revision = revision + 1000 WHERE revision = 20",
    "a lost operation": "DELETE FROM market_operation WHERE revision = 20",
    "a sealed document": "UPDATE market_sealed SET document = CAST(substr(document, 1, 40) || x'07' || substr(document, 42) AS BLOB) "
    "WHERE batch = 7",
    "a lost batch": "DELETE FROM market_sealed WHERE batch = 7",
    "all batches": "DELETE FROM market_sealed",
    "an answer": "UPDATE market_operation SET answer = '{}' WHERE revision = 20",
    "a request's id": "UPDATE market_operation SET request = 'x' WHERE revision = 20",
    "the epoch of a batch": "UPDATE market_sealed SET epoch = epoch + 1 WHERE batch = 7",
    "the key": "UPDATE market_books SET public_key = '" + "00" * 32 + "'",
    "arguments that are no JSON": "UPDATE market_operation SET arguments = substr(arguments, 1, 60) || '}' || substr(arguments, 62) "
    "WHERE call = 'metering.book_epoch'",
    "what is remembered of the home file": "UPDATE market_books SET ledger = replace(ledger, '\"points\"', '\"pointz\"')",
    "the checksum of what is remembered": "UPDATE market_books SET ledger = replace(ledger, '\"sha256\"', '\"x\"')",
    "the head": "UPDATE market_books SET head = '" + "00" * 32 + "'",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_was_changed_in_the_database_is_found(lived: Path, tmp_path: Path, name: str) -> None:
    run = copied(lived, tmp_path / "forged")
    with sqlite3.connect(run / "market.sqlite") as database:
        assert database.execute(FORGERIES[name]).rowcount > 0
    database.close()
    assert check_link(run, run / "market.sqlite", "market").findings


def test_a_forged_posting_is_found_though_its_chain_was_written_anew(lived: Path, tmp_path: Path) -> None:
    run = copied(lived, tmp_path / "forged")
    rewritten(run, "metering.book_epoch", '"import_wh":450', '"import_wh":451')
    texts = [finding.line() for finding in check_link(run, run / "market.sqlite", "market").findings]
    assert any("kettle" in text and "the ledger says 450" in text and "tick" in text for text in texts), texts
    assert any("the operations lead to the seal" in text for text in texts), texts


def test_the_command_finds_it_too(lived: Path, tmp_path: Path) -> None:
    joulebus = Path(sys.executable).with_name("joulebus")
    sound = subprocess.run([joulebus, "audit", lived], capture_output=True, text=True, timeout=120, check=False)
    assert sound.returncode == 0 and "48 epochs of the ledger" in sound.stdout, sound
    run = copied(lived, tmp_path / "forged")
    rewritten(run, "metering.book_epoch", '"import_wh":450', '"import_wh":451')
    forged = subprocess.run([joulebus, "audit", run], capture_output=True, text=True, timeout=120, check=False)
    assert forged.returncode == 1 and "TAMPERED" in forged.stdout and "kettle" in forged.stderr + forged.stdout
