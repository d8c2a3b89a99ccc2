"""A market against its ledger: also where the ledger's old records are elsewhere, for fifty years, and whoever books what."""

import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus.errors import MarketError
from joulebus.homefile.market import MarketWords
from joulebus.journal.archive import archive
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.market import ledger
from joulebus.market.asking import Asker, asked
from joulebus.market.booked import Remainder
from joulebus.market.executor import Executor
from joulebus.market.following import Following, Plan
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import LinkReport, check_link, check_market
from joulebus.market.opening import Opening
from joulebus.market.setup import opening_of
from joulebus.market.store import MarketStore, StoreMark
from joulebus_schemas.facts import EPOCH_SECONDS
from tests.balancer.test_ledger import rewritten
from tests.journal.grown import EPOCH_TICKS, gone_on, grown

POINTS = ("fridge", "grid", "lights", "tv")
WORDS = MarketWords.model_validate({"points": {name: {"from": "house"} for name in POINTS}})
WIRING = ledger.MarketWiring("flat", "inverter", frozenset({"grid"}), POINTS)
EPOCHS, OLD = 12, 5


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A flat whose journal has a compacted file for each epoch, and its market."""
    path = grown(tmp_path / "run" / "journal.bin", EPOCHS * EPOCH_TICKS + 4)
    compact_all(path)
    gone_on(path, (EPOCHS + 1) * EPOCH_TICKS + 4)
    executor = Executor.open(Opening(path.parent / "market.sqlite", "market", DEMONSTRATION, opening_of(WORDS, EPOCH_SECONDS)))
    with Journal.view(path) as journal:
        Following(executor, Plan(WORDS, WIRING)).take(1, [frame.payload for frame in journal.frames()])
    executor.close()
    return path.parent


def checked(run: Path) -> LinkReport:
    return check_link(run, run / "market.sqlite", "market")


def booked(run: Path) -> Iterator[tuple[int, int]]:
    """Epoch and Wh of the fridge, as they were booked."""
    executor = Executor.open(Opening(run / "market.sqlite", "market", DEMONSTRATION))
    for line in executor.ask("balancing.statements", {"asset_id": "fridge"}).lines:
        if line.posting.kind == "meter":
            yield line.posting.epoch, line.posting.wh
    executor.close()


def test_a_market_is_sound_also_when_old_records_were_moved_away(run: Path, tmp_path: Path) -> None:
    whole = checked(run)
    assert (whole.findings, whole.epochs, whole.not_compared) == ((), EPOCHS + 1, 0)
    archive(run / "journal.bin", tmp_path / "elsewhere", OLD * EPOCH_TICKS)
    report = checked(run)
    assert (report.findings, report.behind, report.epochs, report.not_compared) == ((), 0, EPOCHS + 1, OLD)
    assert any("moved away, and were not compared" in line for line in report.lines())


@pytest.mark.parametrize("are_moved", [False, True])
def test_what_was_booked_otherwise_is_found_in_all_records_that_are_there(run: Path, tmp_path: Path, are_moved: bool) -> None:
    if are_moved:
        archive(run / "journal.bin", tmp_path / "elsewhere", OLD * EPOCH_TICKS)
    wh = next(wh for _, wh in booked(run) if wh)
    newest = max(epoch for epoch, _ in booked(run))
    rewritten_last(run, newest, wh)
    assert any("the ledger says" in finding.text and "fridge" in finding.accounts for finding in checked(run).findings)


def rewritten_last(run: Path, epoch: int, more: int) -> None:
    """The booking of one epoch, with more of the fridge, in a chain that is mended."""
    wh = dict(booked(run))[epoch]
    with sqlite3.connect(run / "market.sqlite") as database:
        query = f"SELECT arguments FROM market_operation WHERE call = 'metering.book_epoch' AND arguments LIKE '%\"epoch\":{epoch},%'"
        said = database.execute(query).fetchone()[0]
    database.close()
    right = f'"import_wh":{wh},"meter_id":"fridge"'
    assert right in said
    rewritten(run, "metering.book_epoch", said, said.replace(right, right.replace(str(wh), str(wh + more + 2))))


@pytest.mark.parametrize("place", [0, 5, -1])
def test_an_epoch_that_was_booked_twice_or_not_at_all_is_found(run: Path, place: int) -> None:
    with sqlite3.connect(run / "market.sqlite") as database:
        query = "SELECT arguments FROM market_operation WHERE call = 'metering.book_epoch' ORDER BY revision"
        said = [row[0] for row in database.execute(query)]
    database.close()
    other = said[place - 1 if place else 1]
    rewritten(run, "metering.book_epoch", said[place], other)
    texts = {finding.text for finding in checked(run).findings}
    assert {"the market has booked it, and no ledger has sealed it", "the ledger has sealed it, and the market has not booked it"} & texts


def test_nobody_but_the_ledger_books_in_its_name(run: Path) -> None:
    executor = Executor.open(Opening(run / "market.sqlite", "market", DEMONSTRATION))
    epoch = max(executor.books.engine.open_epochs())
    value = {"meter_id": "tv", "import_wh": 5, "export_wh": 0}
    with pytest.raises(MarketError, match='must not begin with "ledger "'):
        executor.ask("metering.book_epoch", {"epoch": epoch, "values": [value], "source": f"ledger flat epoch={epoch}"})
    with executor.change(guarded=False) as change:  # As joulebus of before let everybody do.
        by = Asker("flat/~anna", "trader")
        change.execute(asked("metering.book_epoch", {"epoch": epoch, "values": [value], "source": f"ledger flat epoch={epoch}"}, by))
    executor.close()
    assert checked(run).findings == (), "what a trader may do is no tampering"


def test_a_market_that_goes_on_while_it_is_audited_is_sound(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = run / "market.sqlite"
    gone_on(run / "journal.bin", (EPOCHS + 9) * EPOCH_TICKS)
    executor = Executor.open(Opening(store, "market", DEMONSTRATION))
    following = Following(executor, Plan(WORDS, WIRING))
    with Journal.view(run / "journal.bin") as journal:
        news = [(frame.number, frame.payload) for frame in journal.frames(following.record + 1)]
    true_mark = MarketStore.mark

    def marked(kept: MarketStore) -> StoreMark:
        """The market goes on as soon as somebody has looked at it."""
        mark = true_mark(kept)
        for number, payload in [news.pop(0) for _ in range(min(len(news), 50))] if kept is not executor.store else []:
            following.take(number, [payload])
        return mark

    monkeypatch.setattr(MarketStore, "mark", marked)
    report = checked(run)
    executor.close()
    assert report.findings == () and report.behind > 0


def test_a_remainder_that_is_unknown_is_narrowed_down() -> None:
    unknown = Remainder(0, 3_599).with_joules(3_600 * 4 + 600)
    assert unknown.without(4) == Remainder(600, 3_599) and unknown.without(5) == Remainder(0, 599)
    assert Remainder(7, 7).with_joules(3_600).without(1).has(7) and not Remainder(7, 7).has(8)


def peak_bytes(store: Path) -> int:
    """The most memory that Python had beside what it had before."""
    tracemalloc.start()
    assert check_market(store, "market").findings == ()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_the_audit_of_an_old_market_takes_no_more_memory_than_that_of_a_young_one(tmp_path: Path) -> None:
    executor = Executor.open(Opening(tmp_path / "a.sqlite", "market", DEMONSTRATION))
    values = [{"meter_id": f"m{number}", "import_wh": 5, "export_wh": 0} for number in range(5)]
    peaks = []
    for begins in (0, 500, 1_000, 1_500):
        calls = [("metering.book_epoch", {"epoch": begins + number, "values": values}) for number in range(500)]
        executor.run([asked(*one) for epoch in calls for one in (epoch, ("balancing.seal_epoch", {"epoch": epoch[1]["epoch"]}))])
        peaks.append(peak_bytes(tmp_path / "a.sqlite"))
    executor.close()
    assert peaks[-1] < 1.2 * peaks[1], peaks
