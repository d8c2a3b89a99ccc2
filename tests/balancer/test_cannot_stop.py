"""No call that may be made stops a market from booking its ledger; a restart takes nothing back; a replay asks nobody."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from joulebus.errors import MarketError
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.market.executor import Executor, in_memory
from joulebus.market.following import Following, Plan
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_link, check_market
from joulebus.market.living import plan_of, plan_text
from joulebus.market.opening import Opening
from joulebus.market.setup import opening_of
from joulebus.services.market_metrics import watch_market
from joulebus_schemas.facts import EPOCH_SECONDS
from tests.balancer.test_ledger import ROOT, copied, lived

MARKET_HOME = ROOT / "examples" / "homes" / "market.yaml"
PLAN = plan_of(plan_text(load_home_file(MARKET_HOME)))
AGREED_RECORDS = 12
"""So many records are booked before somebody interferes; a window of 700 ticks each."""


@dataclass
class Living:
    """The market of a lived home, as far as its journal was given to it."""

    run: Path
    plan: Plan
    executor: Executor
    following: Following

    @classmethod
    def open(cls, run: Path, words: Plan = PLAN) -> "Living":
        """At its start, also its second."""
        told: list[Following] = []
        first = opening_of(words.words, EPOCH_SECONDS)
        opening = Opening(run / "market.sqlite", "market", DEMONSTRATION, first, now=lambda: told[0].now())
        executor = Executor.open(opening)
        told.append(Following(executor, words))
        told[0].catch_up_with_file()
        return cls(run, words, executor, told[0])

    def again(self, words: Plan | None = None) -> "Living":
        """After a restart, perhaps with another file."""
        self.executor.close()
        return Living.open(self.run, words or self.plan)

    def take(self, most: int = 1_000_000) -> "Living":
        """Some more of the journal."""
        with Journal.view(next(self.run.glob("journal*"))) as journal:
            first = self.following.record + 1
            last = min(journal.last_number, self.following.record + most)
            self.following.take(first, [journal.raw(number) for number in range(first, last + 1)])
        return self

    def ask(self, name: str, **arguments: Any) -> Any:
        """As an operator would."""
        return self.executor.ask(name, arguments)

    @property
    def last_epoch(self) -> int:
        """The newest one that is booked."""
        return max(self.executor.books.engine.open_epochs())


@pytest.fixture
def market(lived: Path, tmp_path: Path) -> Iterator[Living]:
    run = copied(lived, tmp_path / "living")
    (run / "market.sqlite").unlink()
    living = Living.open(run).take(AGREED_RECORDS)
    yield living
    living.executor.close()


def far(market: Living) -> None:
    market.ask("asset.upsert", asset_id="stray")
    market.ask("balancing.seal", asset_id="stray", epoch=4_742_400)


def far_booking(market: Living) -> None:
    market.ask("balancing.add_settlement", meter_id="kettle", epoch=4_742_400, wh=1)


def far_reading(market: Living) -> None:
    market.ask("metering.update_reading", meter_id="kettle", reading=5, time="2090-01-01T00:00:00Z")


REFUSED: dict[str, Callable[[Living], None]] = {"a seal": far, "a booking": far_booking, "a reading": far_reading}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_far_in_the_future_is_refused_where_there_is_a_clock(market: Living, name: str) -> None:
    with pytest.raises(MarketError, match=r"still to come|at most a day"):
        REFUSED[name](market)


def label_of_a_day_to_come(market: Living) -> None:
    market.ask("tariff.set_labels", labels=["event"], from_epoch=market.last_epoch + 230)


def room_of_an_epoch(market: Living) -> None:
    market.ask("balancing.add_settlement", meter_id="kettle", epoch=market.last_epoch + 1, wh=2**53 - 1)


def seal_what_begins(market: Living) -> None:
    market.ask("balancing.seal", asset_id="kettle", epoch=market.following.now() // 900_000)


def another_root(market: Living) -> None:
    market.ask("asset.upsert", asset_id="kettle", type="balance", balance_rule={"from": "roof", "to": "roof"})


ODD: dict[str, Callable[[Living], None]] = {
    "a label beyond the horizon": label_of_a_day_to_come,
    "an epoch filled to its brim": room_of_an_epoch,
    "a seal of the epoch that runs": seal_what_begins,
    "a point under another one": another_root,
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_may_be_asked_the_ledger_is_booked_to_its_end_also_after_a_restart(market: Living, name: str) -> None:
    ODD[name](market)
    living = market.take(10).again().take()
    assert living.executor.mark.ledger_record == living.following.record
    report = check_link(living.run, living.run / "market.sqlite", "market")
    assert (report.findings, report.epochs, report.behind) == ((), 48, 0)
    living.executor.close()


def test_what_cannot_be_booked_waits_on_the_late_list_with_its_direction(market: Living) -> None:
    epoch = market.last_epoch + 1
    room_of_an_epoch(market)
    late = market.take(10).ask("balancing.late").late
    assert {(one.epoch, one.direction) for one in late if one.meter_id == "baseload"} == {(epoch, "import")}
    booked = market.ask("balancing.correct_late", number=late[0].number, epoch=market.last_epoch)
    assert (booked.status, booked.postings[0].original_epoch) == ("ok", epoch)


def test_a_balance_of_an_epoch_that_the_ledger_has_not_reached_says_so(market: Living) -> None:
    running = market.last_epoch + 1
    assert market.ask("books.state").ledger.next_epoch == running
    with pytest.raises(MarketError, match=f"not taken in yet: the market has booked its home's ledger up to epoch {running - 1}$"):
        market.ask("balancing.balance", asset_id="house", epoch=running)
    market.executor.books.followed.last_record = market.following.record + 7
    with pytest.raises(MarketError, match="7 records of it behind"):
        market.ask("balancing.balance", asset_id="house", epoch=running)
    market.take(10)
    assert market.ask("balancing.balance", asset_id="house", epoch=running).postings


def test_a_rule_that_is_set_live_holds_from_the_next_epoch_on(market: Living) -> None:
    running = market.following.now() // 900_000
    market.ask("asset.upsert", asset_id="kettle", type="meter", balance_rule={"from": "elsewhere"})
    assert market.ask("asset.get", asset_id="kettle").past[-1].until_epoch == running + 1
    market.take(10)
    peers = {
        epoch: {one.from_ for one in market.ask("balancing.balance", asset_id="kettle", epoch=epoch).postings if one.to == "kettle"}
        for epoch in range(running - 2, running + 4)
    }
    assert all(peers[epoch] <= {"house"} for epoch in peers if epoch <= running), peers
    assert all(peers[epoch] <= {"elsewhere"} for epoch in peers if epoch > running), peers
    assert set().union(*peers.values()) == {"house", "elsewhere"}
    report = check_link(market.run, market.run / "market.sqlite", "market")
    assert report.findings == ()


def test_what_the_ledger_books_is_asked_for_by_the_balancer(market: Living) -> None:
    market.ask("asset.upsert", asset_id="shed")
    told = market.ask("books.changes", ledger=True, most=3).changes
    assert (told[0].principal, told[0].role) == ("local", "owner")
    assert {(one.principal, one.role) for one in told[1:]} == {("market/balancer", "balancer")}
    assert [one.call for one in market.ask("books.changes").changes] == ["asset.upsert"]


def test_prometheus_sees_how_far_a_market_is(market: Living) -> None:
    watch_market(market.executor)
    market.executor.books.followed.last_record = market.following.record + 5

    def seen(name: str) -> float | None:
        return REGISTRY.get_sample_value(f"joulebus_market_{name}")

    assert seen("revision") == market.executor.mark.revision > 0
    assert seen("sealed_epochs") == market.executor.books.engine.closed_epochs() > 0
    assert (seen("behind_records"), seen("late_values"), seen("trouble")) == (5, 0, 0)


def test_a_restart_takes_nothing_back_that_was_set_live(market: Living) -> None:
    contract = next(iter(PLAN.words.contracts))
    market.ask("contract.end", contract_id=contract)
    again = market.again()
    assert again.executor.books.contract(contract).status == "ended"
    assert any(contract in note for note in again.ask("books.state").ledger.notes)
    again.executor.close()


def test_what_the_file_says_otherwise_holds_after_a_restart(market: Living) -> None:
    name, contract = next(iter(PLAN.words.contracts.items()))
    words = PLAN.words.model_copy(update={"contracts": {name: contract.model_copy(update={"energy": 123})}})
    again = market.again(replace(PLAN, words=words))
    assert again.executor.books.contract(name).epoch_wh_max == 123
    without = again.again(replace(PLAN, words=words.model_copy(update={"contracts": {}})))
    assert without.executor.books.contract(name).status == "ended"
    without.executor.close()


def test_what_never_changes_is_said(market: Living) -> None:
    name, contract = next(iter(PLAN.words.contracts.items()))
    other = contract.model_copy(update={"partner": "utility"})
    again = market.again(replace(PLAN, words=PLAN.words.model_copy(update={"contracts": {name: other}})))
    assert any("never changes" in note for note in again.ask("books.state").ledger.notes)
    again.executor.close()


def test_a_market_that_is_behind_says_so_and_is_not_called_tampered(market: Living) -> None:
    report = check_link(market.run, market.run / "market.sqlite", "market")
    assert report.findings == () and report.behind > 0
    assert any("not booked yet" in line for line in report.lines())


# Alone


def opened(path: Path, veto: str | None) -> Executor:
    return Executor.open(Opening(path, "market", DEMONSTRATION, approval=lambda proposal: veto))


def test_a_veto_is_not_asked_again_when_the_market_is_opened_again(tmp_path: Path) -> None:
    first = opened(tmp_path / "a.sqlite", None)
    first.ask("asset.upsert", {"asset_id": "s"})
    first.ask("asset.upsert", {"asset_id": "p", "type": "meter", "balance_rule": {"to": "s"}})
    first.ask("balancing.add_settlement", {"meter_id": "p", "epoch": 5, "wh": 500})
    assert first.ask("balancing.seal", {"asset_id": "s", "epoch": 5}).status == "sealed"
    first.close()
    second = opened(tmp_path / "a.sqlite", "no")
    assert second.ask("balancing.add_settlement", {"meter_id": "p", "epoch": 5, "wh": 50}).status == "late"
    assert second.ask("balancing.balance", {"asset_id": "s", "epoch": 5}).in_wh == 500
    second.close()


def test_a_request_that_changed_nothing_is_remembered_and_replayed_as_it_was(tmp_path: Path) -> None:
    first = opened(tmp_path / "a.sqlite", "not today")
    first.ask("balancing.add_settlement", {"meter_id": "p", "epoch": 5, "wh": 500})
    vetoed = first.ask("balancing.seal", {"asset_id": "p", "epoch": 5, "request_id": "R"})
    first.close()
    second = opened(tmp_path / "a.sqlite", None)
    assert second.ask("balancing.seal", {"asset_id": "p", "epoch": 5, "request_id": "R"}) == vetoed
    assert second.ask("balancing.is_sealed", {"asset_id": "p", "epoch": 5}).sealed is False
    second.close()
    assert check_market(tmp_path / "a.sqlite", "market").findings == ()


def test_a_correction_has_the_price_of_the_epoch_to_which_it_belongs() -> None:
    market = in_memory()
    market.ask("tariff.set_prices", {"prices": {"day": 300_000, "night": 200_000}, "from_epoch": 1})
    market.ask("tariff.set_labels", {"labels": ["day", "night"], "from_epoch": 5})
    market.ask("balancing.add_settlement", {"meter_id": "m", "epoch": 5, "wh": 1_000})
    market.ask("balancing.seal_epoch", {"epoch": 5})
    late = market.ask("balancing.add_settlement", {"meter_id": "m", "epoch": 5, "wh": 1_000})
    market.ask("balancing.correct_late", {"number": late.late, "epoch": 6})
    assert market.ask("clearing.retrieve", {"meter_id": "m"}).micro_euro == 600_000


def test_a_mistyped_epoch_is_not_sealed_where_there_is_no_clock() -> None:
    market = in_memory()
    market.ask("balancing.add_settlement", {"meter_id": "m", "epoch": 1_980_000, "wh": 1})
    with pytest.raises(MarketError, match="the newest epoch with a posting is 1980000"):
        market.ask("balancing.seal", {"asset_id": "m", "epoch": 4_742_400})


ODD_WORDS = {
    "co2 of a reading": ("metering.update_reading", {"meter_id": "m", "reading": 1, "time": "2026-01-01T00:00:00Z", "co2_mg": 5}, "CO2"),
    "last of a plain reading": (
        "metering.update_reading",
        {"meter_id": "m", "reading": 1, "time": "2026-01-01T00:00:00Z", "last": 3},
        "last",
    ),
    "the edge of time": ("balancing.add_settlement", {"meter_id": "m", "epoch": "0001-01-01T00:00:00+14:00", "wh": 1}, "between 1970"),
    "a date without a zone": ("balancing.add_settlement", {"meter_id": "m", "epoch": "2026-06-21", "wh": 1}, "2026-06-21T00:00:00Z"),
    "digits of another script": ("balancing.add_settlement", {"meter_id": "m", "epoch": "١٣٣٧", "wh": 1}, "ISO 8601"),
}


@pytest.mark.parametrize("name", ODD_WORDS)
def test_what_cannot_be_meant_is_refused_with_a_sentence(name: str) -> None:
    call, arguments, sentence = ODD_WORDS[name]
    with pytest.raises(MarketError, match=sentence):
        in_memory().ask(call, arguments)


def test_a_home_whose_points_rest_all_night_has_a_booking_of_each_epoch(tmp_path: Path) -> None:
    night = tmp_path / "night.yaml"
    night.write_text(MARKET_HOME.read_text().replace("10:00:00", "00:00:00").replace("power_watts: 350", "power_watts: 0"))
    joulebus = Path(sys.executable).with_name("joulebus")
    run = tmp_path / "run"
    subprocess.run([joulebus, "plan", night, "--days", "0.15", "--out", run], check=True, stdout=subprocess.DEVNULL, timeout=120)
    words = PLAN.words.model_copy(update={"points": {"roof": PLAN.words.points["roof"]}})
    living = Living.open(run, replace(PLAN, words=words, wiring=replace(PLAN.wiring, points=("roof",)))).take()
    report = check_link(run, run / "market.sqlite", "market")
    assert (report.findings, report.epochs) == ((), 14)
    living.executor.close()


__all__ = ["lived"]
