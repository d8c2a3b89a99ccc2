"""The audit: sound books are sound however they are kept, and what was tampered with is named by epoch, tick and account."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from joulebus.audit import AuditReport, audit, audit_thoroughly, export_seals
from joulebus.audit.books import AuditLedger, Counted, EpochColumns, Sums, seal_hash
from joulebus.errors import AuditError, JournalError
from joulebus.historian.follow import refill
from joulebus.historian.store import HistoryStore
from joulebus.journal.file import Journal
from joulebus_core import Ledger, encode_columns
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Changed, Committed, Seal, Woken
from joulebus_schemas.roster import Change
from tests.journal.forgery import Kept, amount, columns_of, forge, moved, read, rewritten
from tests.journal.real_homes import live

EXAMPLE = Path(__file__).parents[2] / "examples" / "verify_seals.py"
AUDITS = [audit, audit_thoroughly]


@pytest.fixture(scope="module")
def true_journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("true") / "home.journal", seed=13)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.journal"


@pytest.mark.parametrize("how", AUDITS)
@pytest.mark.parametrize("tick_seconds", [1, 60, 300, 900])
def test_sound_books_have_no_joule_missing(path: Path, how: Callable[[Path], AuditReport], tick_seconds: int) -> None:
    report = how(live(path, tick_seconds, (60, 1, 7, 200, 9), tick_seconds))
    assert (report.findings, report.missing_joules, report.ticks) == ((), 0, 277)
    assert sum(account.joules for account in report.accounts.values()) == 0
    assert report.lines()[-1] == "0 J missing"
    report.demand_sound()


def test_both_counts_and_the_core_agree(true_journal: Path) -> None:
    quick, thorough = audit(true_journal), audit_thoroughly(true_journal)
    ledger = Ledger("house", 1_750_000_300, 1)
    for record, posted in read(true_journal):
        if isinstance(record, Committed):
            ledger.post(record.window.start, record.window.ticks, posted)
    assert (quick.head_seal, quick.accounts) == (thorough.head_seal, thorough.accounts)
    assert quick.head_seal == ledger.head
    assert {name: account.joules for name, account in quick.accounts.items()} == ledger.balances()


def test_the_same_time_cut_into_other_windows_has_the_same_seals(true_journal: Path) -> None:
    columns = [(record.window, columns_of(posted)) for record, posted in read(true_journal) if isinstance(record, Committed)]
    one, other = AuditLedger(1_750_000_300, 1), AuditLedger(1_750_000_300, 1)
    whole = [epoch for window, posted in columns for epoch in one.post(window.start, window.ticks, posted)]
    assert _tick_by_tick(other, columns) == whole


def _tick_by_tick(books: AuditLedger, told: list[tuple[Window, EpochColumns]]) -> list[Counted]:
    epochs = []
    for window, columns in told:
        for index in range(window.ticks):
            single = [(giver, taker, [(1, _at(runs, index))]) for giver, taker, runs in columns]
            epochs += books.post(window.start + index, 1, single)
    return epochs


def _at(runs: list[tuple[int, int]], index: int) -> int:
    for count, joules in runs:
        if index < count:
            return joules
        index -= count
    return 0


def test_journal_directory_and_both_databases_give_the_same_report(
    true_journal: Path, tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    expected = audit(true_journal)
    sources: list[str | Path] = [
        str(true_journal),
        true_journal.parent,
        tmp_path / "history.sqlite",
        f"sqlite:///{tmp_path}/history.sqlite",
        new_postgres(),
    ]
    with Journal.view(true_journal) as journal:
        for source in (sources[2], sources[4]):
            store = HistoryStore.open(source, "house")
            refill(store, journal)
            store.close()
        assert expected.head == journal.head
    for source in sources:
        report = audit(source)
        assert {**report.as_json(), "source": ""} == {**expected.as_json(), "source": ""}


def test_a_report_is_plain_json(true_journal: Path) -> None:
    said = json.loads(json.dumps(audit(true_journal).as_json()))
    assert (said["is_sound"], said["missing_joules"], said["home"]) == (True, 0, "house")
    assert said["accounts"]["inverter"]["joules"] == 0


PAIRS = [("inverter", "lights"), ("grid", "inverter"), ("sun", "east"), ("east", "inverter"), ("store", "heat"), ("inverter", "heat")]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_changed_amount_in_a_sealed_epoch_is_located(true_journal: Path, path: Path, pair: tuple[str, str]) -> None:
    told, random = read(true_journal), Random(str(pair))
    number = _record_with(told, pair, sealed=True)
    for _ in range(4):
        index = random.randrange(_window(told, number)[1])
        forge(path, moved(told, number, pair, index, random.choice([1, 77, 10**9])))
        report, tick = audit(path), _window(told, number)[0] + index
        place = (_epoch(tick), tick, pair)
        assert place in [(finding.epoch, finding.tick, finding.accounts) for finding in report.findings]
        assert not report.is_sound
        with pytest.raises(AuditError, match="must agree with their transfers"):
            report.demand_sound()


@pytest.mark.parametrize("seed", range(4))
def test_any_change_of_any_amount_is_found_in_its_tick(true_journal: Path, path: Path, seed: int) -> None:
    told, random = read(true_journal), Random(seed)
    committed = [number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed)]
    for _ in range(12):
        number = random.choice(committed)
        start, ticks = _window(told, number)
        index, pair = random.randrange(ticks), random.choice(_pairs(told[number - 1][1]))
        joules = random.choice([1, 1000, 10**12, -amount(told, number, pair, index)]) or 1
        report = audit(forge(path, moved(told, number, pair, index, joules)))
        located = {(finding.epoch, finding.tick) for finding in report.findings if set(finding.accounts) & set(pair)}
        # A memo or the heat of a store that is not sealed yet is told by its window's outcome.
        assert {(_epoch(start + index), start + index), (_epoch(start), start)} & located


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair != ("store", "heat")])
def test_a_changed_amount_that_is_not_sealed_yet_is_located_by_the_zero_sum(true_journal: Path, path: Path, pair: tuple[str, str]) -> None:
    told, random = read(true_journal), Random(str(pair))
    number = _record_with(told, pair, sealed=False)
    for _ in range(4):
        index = random.randrange(_window(told, number)[1])
        report = audit(forge(path, moved(told, number, pair, index, 5)))
        tick = _window(told, number)[0] + index
        balances = [finding for finding in report.findings if finding.what == "balance"]
        assert [(finding.record, finding.epoch, finding.tick) for finding in balances] == [(number, _epoch(tick), tick)] * len(balances)
        assert {account for finding in balances for account in finding.accounts} <= set(pair)
        assert report.missing_joules == 5 * len(balances) > 0


def test_a_memo_that_was_changed_is_located(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    pair = next((giver, taker) for _, posted in told[2:] if posted for giver, taker, _ in columns_of(posted) if giver == "unserved")
    number = _record_with(told, pair, sealed=True)
    report = audit(forge(path, moved(told, number, pair, 0, 1000)))
    tick = _window(told, number)[0]
    assert (_epoch(tick), tick, pair) in [(finding.epoch, finding.tick, finding.accounts) for finding in report.findings]


def test_two_changes_that_cancel_are_located_in_both_columns(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    number = _record_with(told, ("grid", "inverter"), sealed=True)
    start, _ = _window(told, number)
    forged = moved(moved(told, number, ("grid", "inverter"), 0, 50), number, ("inverter", "lights"), 0, 50)
    report = audit(forge(path, forged))
    places = [(finding.what, finding.tick, finding.accounts) for finding in report.findings]
    for pair in [("grid", "inverter"), ("inverter", "lights")]:
        assert ("columns", start, pair) in places
        assert ("outcome", start, pair) in places
    assert {"flow"} < {what for what, _, _ in places}


def test_an_epoch_that_was_sealed_anew_does_not_fit_to_the_next(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    number = next(number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed) and record.seals)
    record = told[number - 1][0]
    assert isinstance(record, Committed)
    seal = record.seals[0]
    columns = (seal.columns[0].model_copy(update={"joules": seal.columns[0].joules + 9}), *seal.columns[1:])
    forged_seal = _resealed(seal.model_copy(update={"columns": columns}))
    report = audit(
        forge(path, rewritten(told, number, lambda record: record.model_copy(update={"seals": (forged_seal, *record.seals[1:])})))
    )
    assert [(finding.what, finding.epoch) for finding in report.findings] == [("columns", seal.epoch), ("seal", seal.epoch + 1)]


def _resealed(seal: Seal) -> Seal:
    sums = {(column.account_from, column.account_to): Sums(column.joules, column.moment, column.hash) for column in seal.columns}
    return seal.model_copy(update={"hash": seal_hash("house", 1, Counted(seal.epoch, seal.first_tick, seal.ticks, sums), seal.previous)})


SEAL_FORGERIES: dict[str, Callable[[Seal], tuple[Seal, ...]]] = {
    "a total": lambda seal: (seal.model_copy(update={"columns": (seal.columns[0].model_copy(update={"joules": 1}), *seal.columns[1:])}),),
    "a moment": lambda seal: (seal.model_copy(update={"columns": (seal.columns[0].model_copy(update={"moment": 1}), *seal.columns[1:])}),),
    "a column's hash": lambda seal: (
        seal.model_copy(update={"columns": (seal.columns[0].model_copy(update={"hash": "ab" * 32}), *seal.columns[1:])}),
    ),
    "a column left out": lambda seal: (seal.model_copy(update={"columns": seal.columns[1:]}),),
    "a column made up": lambda seal: (
        seal.model_copy(update={"columns": (*seal.columns, seal.columns[0].model_copy(update={"account_to": "tv2"}))}),
    ),
    "the hash": lambda seal: (seal.model_copy(update={"hash": "cd" * 32}),),
    "the hash before": lambda seal: (seal.model_copy(update={"previous": "cd" * 32}),),
    "the epoch": lambda seal: (seal.model_copy(update={"epoch": seal.epoch + 7}),),
    "its ticks": lambda seal: (seal.model_copy(update={"ticks": seal.ticks - 1}),),
    "left out": lambda seal: (),
}


@pytest.mark.parametrize("what", SEAL_FORGERIES)
@pytest.mark.parametrize("how", AUDITS)
def test_a_forged_seal_is_located(true_journal: Path, path: Path, what: str, how: Callable[[Path], AuditReport]) -> None:
    told = read(true_journal)
    number = next(number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed) and record.seals)
    record = told[number - 1][0]
    assert isinstance(record, Committed)
    report = how(
        forge(path, rewritten(told, number, lambda record: record.model_copy(update={"seals": SEAL_FORGERIES[what](record.seals[0])})))
    )
    assert (report.findings[0].record, report.findings[0].epoch, report.findings[0].what) == (number, record.seals[0].epoch, "seal")
    assert report.missing_joules == 0


def test_a_forged_outcome_is_located(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    fields = {
        "lights": "joules_in",
        "grid": "joules_out",
        "east": "curtailed_joules",
        "store": "heat_joules",
        "tv": "unserved_joules",
        "inverter": "heat_joules",
    }
    for device, field in fields.items():
        forged = rewritten(told, 6, lambda record, device=device, field=field: _with_outcome(record, device, field))  # type: ignore[misc]
        finding, *others = audit(forge(path, forged)).findings
        assert (finding.what, finding.record, finding.tick) == ("outcome", 6, _window(told, 6)[0])
        assert {other.what for other in others} <= {"state"}, "what passed through a device is in its next state"
        assert any(account.removesuffix(".unmet") == device for account in finding.accounts)


def _with_outcome(record: Committed, device: str, field: str) -> Committed:
    outcome = record.outcomes[device]
    forged = outcome.model_copy(update={field: getattr(outcome, field) + 1})
    return record.model_copy(update={"outcomes": {**record.outcomes, device: forged}})


def test_forged_flows_are_located_even_when_their_sums_are_right(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    shift = {"sun>loads": 5, "sun>export": -5, "grid>loads": -5, "grid>export": 5}
    forged = rewritten(
        told,
        6,
        lambda record: record.model_copy(update={"flows": {pair: record.flows.get(pair, 0) + 100 + shift.get(pair, 0) for pair in shift}}),
    )
    report = audit(forge(path, forged))
    assert {(finding.what, finding.record) for finding in report.findings} == {("flow", 6)}
    record = told[5][0]
    assert isinstance(record, Committed)
    exact = {**record.flows, **{pair: record.flows.get(pair, 0) + 1_000 + joules for pair, joules in shift.items()}}
    assert len(audit(forge(path, rewritten(told, 6, lambda record: record.model_copy(update={"flows": exact})))).findings) == 4


def test_records_that_were_taken_out_or_moved_leave_a_gap_in_time(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    committed = [number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed)]
    number = committed[3]
    start, ticks = _window(told, number)
    without = audit(forge(path, [*told[: number - 1], *told[number:]]))
    assert f"ticks {start} to {start + ticks - 1} are missing" in [finding.text for finding in without.findings]
    twice = audit(forge(path, [*told[:number], *told[number - 1 :]]))
    assert [(finding.record, finding.tick) for finding in twice.findings if finding.what == "window"] == [(number + 1, start)]
    swapped = audit(forge(path, [*told[: number - 1], told[number], told[number - 1], *told[number + 1 :]]))
    assert {finding.what for finding in swapped.findings} >= {"window"}
    beheaded = audit(forge(path, [told[0], *told[2:]]))
    assert beheaded.is_sound


def test_an_account_that_was_made_up_is_named(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    number = max(number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed))
    start, ticks = _window(told, number)
    columns = [*columns_of(told[number - 1][1]), ("inverter", "thief", [(ticks, 1)]), ("store", "thief", [(ticks, 1)])]
    report = audit(forge(path, [*told[: number - 1], (told[number - 1][0], encode_columns(columns)), *told[number:]]))
    named = {finding.accounts for finding in report.findings if (finding.what, finding.record, finding.tick) == ("columns", number, start)}
    assert named == {("inverter", "thief"), ("store", "thief")}


def test_an_older_generation_and_a_stranger_are_named(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    stranger = Changed(changes=(Change(device="ghost", from_tick=0, on=True),))
    late = [*told[:2], (stranger, b""), (Woken(generation=7), b""), *told[2:3]]
    report = audit(forge(path, late))
    assert {finding.what for finding in report.findings} == {"record"}
    assert any("two inverters" in finding.text for finding in report.findings)
    assert any(finding.accounts == ("ghost",) for finding in report.findings)


def test_columns_that_cannot_be_read_are_named(true_journal: Path, path: Path) -> None:
    told = read(true_journal)
    for posted in (b"", b"JBC1", b"JBC1\x05", told[5][1][:-1], told[5][1] + b"\x00"):
        report = audit(forge(path, [*told[:5], (told[5][0], posted), *told[6:]]))
        assert 6 in [finding.record for finding in report.findings]
        assert not report.is_sound


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_is_located_by_record_and_offset(true_journal: Path, path: Path, seed: int) -> None:
    data, random = true_journal.read_bytes(), Random(seed)
    with Journal.view(true_journal) as journal:
        starts = list(journal._offsets)
    for _ in range(10):
        place = random.randrange(starts[0], starts[-1])
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :])
        number = sum(start <= place for start in starts)
        if number == 1:
            with pytest.raises(JournalError, match=f"record 1, byte {starts[0]}"):
                audit(path)
        else:
            (finding,) = audit(path).findings
            assert (finding.what, finding.record, finding.offset) == ("frame", number, starts[number - 1])


def test_a_tail_that_was_cut_off_is_told_and_is_no_tampering(true_journal: Path, path: Path) -> None:
    path.write_bytes(true_journal.read_bytes() + b"half a record")
    report = audit(path)
    assert (report.torn_bytes, report.is_sound) == (13, True)
    assert any("13 bytes of a write that was cut off" in line for line in report.lines())


ROW_FORGERIES = {
    "UPDATE seal SET hash = 'x' WHERE epoch = 1944446": ("row", 1_944_446, ()),
    "UPDATE seal SET columns = (SELECT columns FROM seal WHERE epoch = 1944445) WHERE epoch = 1944446": ("row", 1_944_446, ()),
    "DELETE FROM seal WHERE epoch = 1944446": ("row", 1_944_446, ()),
    "UPDATE minute_block SET payload = (SELECT payload FROM minute_block WHERE epoch = 1944445) WHERE epoch = 1944446": (
        "row",
        1_944_446,
        (),
    ),
    "UPDATE record SET hash = 'x' WHERE number = 6": ("row", 1_944_445, ()),
    "UPDATE record SET ticks = 5 WHERE number = 6": ("row", 1_944_445, ()),
    "UPDATE change SET news = '{}' WHERE number = 1 AND device = 'tv'": ("row", None, ()),
    "UPDATE watermark SET hash = 'x'": ("row", None, ()),
    "UPDATE home SET seed = 2": ("row", None, ()),
}


@pytest.mark.parametrize("statement", ROW_FORGERIES)
def test_a_row_that_was_changed_is_located(true_journal: Path, database: str, statement: str) -> None:
    _kept(true_journal, database)
    _execute(database, statement)
    findings = audit(database).findings
    what, epoch, accounts = ROW_FORGERIES[statement]
    assert (findings[0].what, findings[0].epoch, findings[0].accounts) == (what, epoch, accounts)


def test_payloads_that_were_changed_or_deleted_in_a_database_are_located(true_journal: Path, database: str) -> None:
    _kept(true_journal, database)
    _execute(database, "UPDATE record SET payload = (SELECT payload FROM record WHERE number = 5) WHERE number = 4")
    report = audit(database)
    assert {"chain", "window"} <= {finding.what for finding in report.findings if finding.record in (4, 5)}
    _execute(database, "DELETE FROM change WHERE number = 8")
    _execute(database, "DELETE FROM record WHERE number = 8")
    assert (8, "chain", "the record is missing") in [(finding.record, finding.what, finding.text) for finding in audit(database).findings]


def _kept(path: Path, database: str) -> None:
    store = HistoryStore.open(database, "house")
    with Journal.view(path) as journal:
        refill(store, journal)
    store.close()


def _execute(database: str, statement: str) -> None:
    url = database.replace("postgresql:", "postgresql+psycopg:") if "://" in database else f"sqlite:///{database}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_the_example_verifies_exported_seals_with_nothing_but_python(true_journal: Path, tmp_path: Path) -> None:
    exported = tmp_path / "seals.jsonl"
    with Journal.view(true_journal) as journal:
        lines = list(export_seals(journal))
    exported.write_text("\n".join(lines) + "\n")
    assert f"5 seals of house are sound; the last is {audit(true_journal).head_seal}" in _verify(exported).stdout
    for number in range(1, len(lines)):
        seal = json.loads(lines[number])
        seal["columns"][-1]["run_lengths"][0][1] += 1
        exported.write_text("\n".join([*lines[:number], json.dumps(seal), *lines[number + 1 :]]) + "\n")
        assert f"the seal of epoch {seal['epoch']} is not that" in _verify(exported).stderr


def _verify(exported: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-S", EXAMPLE, exported], capture_output=True, text=True, check=False)


def test_what_is_no_source_is_refused_in_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.journal"
    Journal.open(empty).close()
    noise = tmp_path / "noise"
    noise.write_bytes(b"noise")
    cases: dict[str | Path, str] = {
        tmp_path / "nothing": "cannot be read",
        noise: "is not a journal of this joulebus",
        empty: "an audit needs the record of a home's birth",
        tmp_path / "home": "a run directory must have a journal or a database",
        "sqlite:///nothing/there.sqlite": "there is no file",
        "nonsense://x": 'unknown kind of database "nonsense"',
    }
    (tmp_path / "home").mkdir()
    for source, sentence in cases.items():
        with pytest.raises(Exception, match=sentence):
            audit(source)


def _record_with(told: Kept, pair: tuple[str, str], sealed: bool) -> int:
    """The first record whose window has the column, all of it in sealed epochs; or the last, which is not."""
    numbers = [number for number, (record, posted) in enumerate(told, 1) if isinstance(record, Committed) and pair in _pairs(posted)]
    return next(number for number in numbers if (_epoch(sum(_window(told, number)) - 1) < _last_epoch(told)) is sealed)


def _pairs(posted: bytes) -> list[tuple[str, str]]:
    return [(giver, taker) for giver, taker, _ in columns_of(posted)]


def _window(told: Kept, number: int) -> tuple[int, int]:
    record = told[number - 1][0]
    assert isinstance(record, Committed)
    return record.window.start, record.window.ticks


def _epoch(tick: int) -> int:
    return (1_750_000_300 + tick) // 900


def _last_epoch(told: Kept) -> int:
    return _epoch(max(record.window.end for record, _ in told if isinstance(record, Committed)) - 1)


def test_an_amount_is_what_it_is_after_a_forgery(true_journal: Path) -> None:
    told = read(true_journal)
    number = _record_with(told, ("inverter", "lights"), sealed=True)
    before = amount(told, number, ("inverter", "lights"), 3)
    assert amount(moved(told, number, ("inverter", "lights"), 3, 9), number, ("inverter", "lights"), 3) == before + 9
