"""The past: every answer adds up to the joules of the journal, in SQLite and PostgreSQL alike, also when old records are thinned out."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulebus.audit import audit, audit_thoroughly
from joulebus.errors import JournalError, PropertyError
from joulebus.historian.blocks import BY_ACCOUNT
from joulebus.historian.follow import refill
from joulebus.historian.history import RESOLUTIONS, Facts, HistoryReader, span_of
from joulebus.historian.store import HistoryStore
from joulebus.home.round import Home
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.services.past import Past
from joulebus_core import decode_columns
from joulebus_schemas import history as words
from joulebus_schemas.history import HISTORY_POINTS_MAX
from joulebus_schemas.journal import Committed
from tests.journal.conftest import fresh

HOUSE = Path(__file__).parents[2] / "examples/homes/house.yaml"
HOUR = 3_600


class Lived:
    """A house that has lived for some days in windows of many lengths, with changes between them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = load_home_file(HOUSE)
        with Journal.open(path, durable="memory") as journal:
            self.home = Home.from_file(self.file, journal)
            self._live(1, 1_800)
            self.home.set("oven", power_watts=1_000)
            self._live(HOUR, 12 * HOUR)
            self.home.switch("tv", False)
            self._live(7, HOUR)
            self._live(HOUR, 12 * HOUR)
            self._live(1, 500)
        self.start = self.file.start_unix_seconds
        self.ticks = self.home.keeper.next_tick
        self.accounts: dict[str, np.ndarray] = {}
        self.flows: dict[str, int] = {}
        self.cost = 0
        self._read()

    def _live(self, window: int, ticks: int) -> None:
        for _ in self.home.live(ticks, window):
            pass

    def _read(self) -> None:
        with Journal.view(self.path) as journal:
            for _, record, columns in journal.read():
                if isinstance(record, Committed):
                    self._count(record, columns)

    def _count(self, record: Committed, columns: bytes) -> None:
        for giver, taker, runs in decode_columns(columns):
            mine, at = self.accounts.setdefault(f"{giver}>{taker}", np.zeros(self.ticks, dtype=np.int64)), record.window.start
            for count, joules in runs:
                mine[at : at + count] = joules
                at += count
        for flow, joules in record.flows.items():
            self.flows[flow] = self.flows.get(flow, 0) + joules
        self.cost += sum(outcome.import_cost_micro_euro - outcome.export_income_micro_euro for outcome in record.outcomes.values())

    def keep(self, source: str | Path) -> HistoryStore:
        """A historian with all of it."""
        store = HistoryStore.open(source, "house")
        with Journal.view(self.path) as journal:
            refill(store, journal)
        return store

    def demand(self, history: HistoryReader, asked: object) -> None:
        """The answer must be what the journal's transfers are."""
        found = history.series(asked, (BY_ACCOUNT,))  # type: ignore[arg-type]
        edges = [(edge - self.start) // self.file.tick_seconds for edge in asked.edges]  # type: ignore[attr-defined]
        for name, joules in self.accounts.items():
            want = [int(joules[first:last].sum()) for first, last in zip(edges, edges[1:], strict=False)]
            have = found[BY_ACCOUNT, name].tolist() if (BY_ACCOUNT, name) in found else [0] * len(want)
            assert have == want, (name, asked)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("lived") / "journal.bin")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest, lived: Lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HistoryReader]:
    source = tmp_path_factory.mktemp("kept") / "h.sqlite" if request.param == "sqlite" else fresh(request.getfixturevalue("postgres"))
    store = lived.keep(source)
    yield HistoryReader(store.reader(), "house")
    store.close()


spans = st.tuples(st.integers(0, 26 * HOUR), st.sampled_from([1, 59, 700, 2_000, 9_999, 200_000]), st.sampled_from(("auto", *RESOLUTIONS)))


@settings(max_examples=40, deadline=None)
@given(span=spans)
def test_every_answer_adds_up_to_the_joules_of_the_journal(history: HistoryReader, lived: Lived, span: tuple[int, int, str]) -> None:
    facts, (start, length, resolution) = history.facts(), span
    try:
        asked = span_of(facts, facts.start_unix_seconds + start, facts.start_unix_seconds + start + length, resolution, HISTORY_POINTS_MAX)
    except PropertyError as refusal:
        assert "at most 2,000 points" in str(refusal) or "this one has none" in str(refusal)
        return
    assert len(asked.edges) - 1 <= HISTORY_POINTS_MAX
    lived.demand(history, asked)


def test_the_totals_are_those_of_all_outcomes(history: HistoryReader, lived: Lived) -> None:
    totals = Past(history.engine, "house").totals()
    assert totals.flows == {flow: joules for flow, joules in lived.flows.items() if joules}
    assert (totals.cost_micro_euro, totals.tick) == (lived.cost, lived.ticks)
    assert totals.devices["oven"].joules_in == lived.accounts["inverter>oven"].sum()


def test_money_adds_up_whatever_the_resolution(history: HistoryReader, lived: Lived) -> None:
    past, facts = Past(history.engine, "house"), history.facts()
    for resolution in ("15m", "1h", "day", "year"):
        answer = past.cost(words.AskSpan(from_unix_seconds=facts.start_unix_seconds, resolution=resolution))  # type: ignore[arg-type]
        assert sum(answer.series["cost"]) == lived.cost


def test_devices_and_flows_tell_the_same_story(history: HistoryReader) -> None:
    past, facts = Past(history.engine, "house"), history.facts()
    ask = {"from_unix_seconds": facts.start_unix_seconds, "resolution": "1h"}
    devices = past.energy(words.AskEnergy(**ask))  # type: ignore[arg-type]
    flows = past.energy(words.AskEnergy(**ask, by="flow"))  # type: ignore[arg-type]
    imported = np.sum([values for name, values in flows.series.items() if name.startswith("grid>")], axis=0)
    assert imported.tolist() == list(devices.series["grid.out"])
    assert {"battery"} == devices.levels.keys() and None not in devices.levels["battery"]
    assert past.energy(words.AskEnergy(**ask, names=("oven",))).series.keys() == {"oven.in"}  # type: ignore[arg-type]


def test_peaks_are_the_highest_quarter_hours(history: HistoryReader, lived: Lived) -> None:
    peaks = Past(history.engine, "house").peaks(words.AskPeaks(most=3))
    imported = lived.accounts["grid>inverter"]
    first = -lived.start % 900
    means = [int(imported[at : at + 900].sum()) // 900 for at in range(first, lived.ticks, 900)]
    assert [peak.watts for peak in peaks.highest] == [watts for watts in sorted(means, reverse=True)[:3] if watts]
    assert [month.watts for month in peaks.months] == [max(means)]


def test_decisions_and_changes_are_told_in_order(history: HistoryReader) -> None:
    past = Past(history.engine, "house")
    decisions = past.decisions(words.AskDecisions(most=5))
    times = [one.unix_seconds for one in decisions.decisions]
    assert (len(times), times == sorted(times), decisions.is_whole, decisions.slot_seconds) == (5, True, False, 60)
    assert all(one.text.endswith(".") for one in decisions.decisions)
    changes = past.changes(words.AskChanges(most=2))
    assert [(one.change.device, one.change.on) for one in changes.changes] == [("oven", None), ("tv", False)]
    before = past.changes(words.AskChanges(device="oven", before_record=changes.changes[0].record))
    assert [one.change.from_tick for one in before.changes] == [0] and before.changes[0].change.added is not None


def test_time_that_is_not_settled_yet_and_a_home_without_records_are_refused(history: HistoryReader, tmp_path: Path) -> None:
    facts = history.facts()
    with pytest.raises(PropertyError, match="have a part between the start of the home and now"):
        span_of(facts, facts.end_unix_seconds + 5, facts.end_unix_seconds + 10, "auto", 10)
    empty = HistoryStore.open(tmp_path / "empty.sqlite", "house")
    with pytest.raises(PropertyError, match="of house there is none yet"):
        HistoryReader(empty.reader(), "house").facts()
    empty.close()


KEPT = Retention(records=2 * HOUR, ticks=8 * HOUR, minutes=16 * HOUR)


@pytest.fixture
def thinned(lived: Lived, database: str) -> Iterator[HistoryStore]:
    store = lived.keep(database)
    thinner = store.thinner(KEPT)
    while thinner.slice():
        pass
    yield store
    store.close()


def test_what_is_thinned_still_adds_up_and_says_how_fine_it_is(thinned: HistoryStore, lived: Lived) -> None:
    history = HistoryReader(thinned.reader(), "house")
    facts = history.facts()
    assert facts.minutes_from <= facts.ticks_from <= facts.end_unix_seconds
    for first, resolution, finest in ((0, "1s", "15m"), (10 * HOUR + 90, "auto", "1m"), (25 * HOUR, "1s", "1s")):
        asked = span_of(facts, facts.start_unix_seconds + first, facts.start_unix_seconds + first + 1_500, resolution, HISTORY_POINTS_MAX)
        assert asked.resolution == finest
        lived.demand(history, asked)
    lived.demand(history, span_of(facts, facts.start_unix_seconds + 77, None, "day", HISTORY_POINTS_MAX))


@pytest.mark.parametrize("how", [audit, audit_thoroughly])
def test_the_audit_of_what_is_kept_misses_no_joule(thinned: HistoryStore, lived: Lived, database: str, how: object) -> None:
    report, whole = how(database, "house"), audit(lived.path)  # type: ignore[operator]
    assert (report.findings, report.missing_joules, report.seals) == ((), 0, whole.seals)
    assert report.thinned_ticks > 8 * HOUR
    assert report.accounts == whole.accounts
    assert (report.head_seal, report.unsealed_ticks) == (whole.head_seal, whole.unsealed_ticks)
    assert f"{report.thinned_ticks:,} ticks are thinned out; their seals and quarter-hours were counted" in report.lines()


def test_a_thinned_record_is_named_and_a_journal_cannot_be_written_anew_from_the_rest(
    thinned: HistoryStore, lived: Lived, tmp_path: Path
) -> None:
    with pytest.raises(JournalError, match="record 9 of house is thinned out"):
        thinned.hash_of(9)
    with Journal.view(lived.path) as journal:
        assert thinned.head == journal.head
        assert refill(thinned, journal) == 0
    with Journal.open(tmp_path / "short.bin") as lost, pytest.raises(JournalError, match="is missing in front of"):
        refill(thinned, lost)


def test_a_historian_goes_on_after_thinning_and_after_a_restart(thinned: HistoryStore, database: str, lived: Lived) -> None:
    before = Past(thinned.reader(), "house").totals()
    thinned.close()
    again = HistoryStore.open(database, "house")
    assert Past(again.reader(), "house").totals() == before
    again.close()


@pytest.mark.parametrize(
    "said", [{"records": "5m"}, {"ticks": "1h", "records": "2h"}, {"minutes": "3 weeks"}, {"hours": "1y"}, {"records": "ever"}]
)
def test_a_retention_that_cannot_be_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(PropertyError, match="kept"):
        Retention.of(said)


def test_a_day_with_23_or_25_hours_is_a_day() -> None:
    march = 1_774_652_400  # 2026-03-28 00:00 in Brussels; clocks are turned in the night after it.
    facts = Facts(march, 1, "Europe/Brussels", 1, march + 3 * 86_400, march + 3 * 86_400, 0, 0)
    asked = span_of(facts, march, march + 3 * 86_400, "day", HISTORY_POINTS_MAX)
    assert [last - first for first, last in zip(asked.edges, asked.edges[1:], strict=False)] == [86_400, 82_800, 86_400, 3_600]


CROSSING = 1_000
"""A window that never ends with an epoch, until nine epochs have passed."""


@pytest.mark.slow
def test_windows_that_cross_epochs_are_thinned_too(database: str, tmp_path: Path) -> None:
    path = tmp_path / "crossing.bin"
    with Journal.open(path, durable="memory") as journal:
        home = Home.from_file(load_home_file(HOUSE), journal)
        for window in (700, *[CROSSING] * 50, *[7] * 1_500):
            home.round(window)
    store = HistoryStore.open(database, "house")
    with Journal.view(path) as journal:
        refill(store, journal)
    whole, before = audit(path), Past(store.reader(), "house").totals()
    thinner = store.thinner(Retention(records=HOUR, ticks=6 * HOUR, minutes=12 * HOUR))
    while thinner.slice():
        assert Past(store.reader(), "house").totals() == before
        report = audit(database, "house")
        assert (report.findings, report.missing_joules, report.accounts) == ((), 0, whole.accounts)
    kept = sum(1 for _ in store.payloads())
    assert kept < HOUR // 7 + 100, "but for the last hour, records of seven ticks are gone"
    assert report.thinned_ticks > 12 * HOUR
    assert (report.head_seal, report.seals, report.unsealed_ticks) == (whole.head_seal, whole.seals, whole.unsealed_ticks)
    thorough = audit_thoroughly(database, "house")
    assert (thorough.findings, thorough.missing_joules) == ((), 0)
    store.close()
