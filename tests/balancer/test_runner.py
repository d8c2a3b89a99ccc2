"""A file of operations: spelling, errors with their line, all or nothing."""

import json
from pathlib import Path

import pytest

from joulebus.errors import MarketError
from joulebus.market.executor import Executor, in_memory
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening
from joulebus.market.runner import run_operations
from joulebus_schemas.market.assets import OpenBooks
from tests.balancer.files import T, executed, group, lines, meter, metered, ppa, seal, statuses

GOOD = [meter("p", to="seller1"), group("seller1", from_="big", to="big"), metered("p", 500)]
BAD = {
    "not json": ("{", "one JSON object"),
    "a list": ("[]", "one JSON object|has no call"),
    "no call": ('{"args": {}}', "has no call"),
    "an unknown call": ('{"call": "balancing.addSettlment", "args": {}}', "did you mean"),
    "an unknown field": ('{"call": "asset.get", "args": {"assetId": "p", "colour": 1}}', "colour"),
    "a field twice": ('{"call": "asset.get", "args": {"assetId": "p", "asset_id": "q"}}', "once"),
    "a missing field": ('{"call": "asset.upsert", "args": {"type": "meter"}}', "asset_id"),
    "a fraction": ('{"call": "balancing.add_settlement", "args": {"meterId": "p", "epoch": 1, "wh": 0.5}}', "wh"),
    "an enormous number": ('{"call": "balancing.add_settlement", "args": {"meterId": "p", "epoch": 1, "wh": 9007199254740993}}', "wh"),
    "an unknown asset": ('{"call": "asset.get", "args": {"assetId": "nobody"}}', "nobody"),
    "a cycle": ('{"call": "asset.upsert", "args": {"assetId": "big", "balancerule": {"to": "seller1"}}}', "seller1"),
    "a time without offset": (
        '{"call": "metering.updateReading", "args": {"meterId": "p", "time": "2026-01-01T00:00:00", "reading": 1}}',
        "offset",
    ),
    "seconds for milliseconds": ('{"call": "metering.updateReading", "args": {"meterId": "p", "time": 1767225600, "reading": 1}}', "1000"),
    "no clock": ('{"call": "metering.updateReading", "args": {"meterId": "p", "reading": 1}}', "time"),
    "another field": ('{"call": "asset.get", "args": {"assetId": "p"}, "id": 7}', "id"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named_with_its_reason_and_takes_the_file_with_it(name: str) -> None:
    text, reason = BAD[name]
    executor = in_memory(3600)
    done = run_operations(executor, [*lines(GOOD), "", text])
    assert statuses(done) == ["ok", "ok", "ok", "refused"]
    assert done.refusals[0].startswith("line 5: ")
    assert any(part in done.refusals[0] for part in reason.split("|")), done.refusals
    assert (done.booked, done.postings, done.nets, done.seals, done.revision) == (False, (), {}, (), 0)
    assert executor.books.engine.revision == 0 and executor.books.engine.asset("p") is None


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_can_be_left_out(name: str) -> None:
    done = run_operations(in_memory(3600), [*lines(GOOD), BAD[name][0], *lines([metered("p", 11)])], go_on=True)
    assert statuses(done) == ["ok", "ok", "ok", "refused", "ok"]
    assert done.booked and done.nets[str(T)]["p"] == -511


def test_both_spellings_say_the_same() -> None:
    theirs = [*GOOD, ppa("seller1", "buyer1", 200), seal("seller1")]
    ours = [
        ("asset.upsert", {"asset_id": "p", "type": "meter", "balance_rule": {"to": "seller1"}}),
        ("asset.upsert", {"asset_id": "seller1", "balance_rule": {"from": "big", "to": "big"}}),
        ("balancing.add_settlement", {"meter_id": "p", "epoch": "2024-02-07T00:30:00Z", "wh": 500}),
        ("contract.add", {"asset_id": "seller1", "partner_id": "buyer1", "direction": "to", "energy": 200}),
        ("balancing.seal", {"asset_id": "seller1", "epoch": str(T)}),
    ]
    one, other = executed(theirs), executed(ours)
    assert one.postings == other.postings and one.seals == other.seals and one.nets == other.nets


def test_the_same_file_gives_the_same_text() -> None:
    calls = [*GOOD, seal("seller1")]
    assert json.dumps(executed(calls).as_json()) == json.dumps(executed(calls).as_json())


def test_two_files_in_one_store_are_one_market(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "market.sqlite", "market", DEMONSTRATION, OpenBooks(epoch_seconds=3600))
    first = Executor.open(opening)
    run_operations(first, lines(GOOD))
    first.close()
    again = Executor.open(opening)
    done = run_operations(again, lines([seal("seller1"), seal("seller1")]))
    assert statuses(done) == ["sealed", "already_sealed"] and done.revision == 5
    alone = in_memory(3600)
    executed([*GOOD, seal("seller1")], alone)
    assert again.books.engine.state_hash() == alone.books.engine.state_hash()
    again.close()


def test_another_key_is_refused(tmp_path: Path) -> None:
    Executor.open(Opening(tmp_path / "market.sqlite", "market", DEMONSTRATION)).close()
    with pytest.raises(MarketError, match="key"):
        Executor.open(Opening(tmp_path / "market.sqlite", "market", bytes(32)))


def test_books_are_opened_once() -> None:
    done = executed([("books.open", {"epoch_seconds": 3600}), *GOOD, ("books.open", {"epoch_seconds": 900})])
    assert statuses(done)[-1] == "refused" and "3600" in done.refusals[0]
