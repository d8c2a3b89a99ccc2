"""The tutorials of the predecessor, as they are printed: each runs."""

from pathlib import Path

import pytest

from joulebus.market.executor import in_memory
from joulebus.market.graph import graph_of
from joulebus.market.picture import svg
from joulebus.market.runner import run_operations
from tests.balancer.files import executed, flows, statuses

PRINTED = Path(__file__).parent / "printed"


def test_lesson_4_runs_as_it_is_printed() -> None:
    market = in_memory()
    done = run_operations(market, (PRINTED / "lesson_4_as_printed.jsonl").read_text().splitlines())
    assert (statuses(done), done.refusals) == (["ok"] * 4, ())
    assert done.results[2]["answer"]["processed"] == 96
    assert [one["asset_id"] for one in done.results[3]["answer"]["assets"]] == [
        "DemoBalanceGroup",
        "balancingMeter0",
        "balancingMeter1",
        "eaf_generic_balancegroup",
    ]
    assert sum(nets["DemoBalanceGroup"] for nets in done.nets.values()) == done.results[2]["answer"]["consumption"] > 0
    again = run_operations(in_memory(), (PRINTED / "lesson_4_as_printed.jsonl").read_text().splitlines())
    assert again.postings == done.postings, "a file says the same whenever it is executed"


def test_lesson_5_runs_as_it_is_printed() -> None:
    done = run_operations(in_memory(3600), (PRINTED / "lesson_5_as_printed.jsonl").read_text().splitlines())
    assert (statuses(done), done.refusals) == (["ok", "ok", "ok", "ok", "sealed", "sealed", "ok"], ())
    assert [wh for _, _, wh in flows(done)] == [500, 500, 200, 200]
    assert done.results[6]["answer"]["balances"][0]["sold_wh"] == {"bigbalancer": 300}


def test_a_picture_of_a_lesson_fits_any_window() -> None:
    assets = [{"asset_id": "seller", "type": "balance", "balance_rule": {"from": "top", "to": "top"}}]
    drawn = svg(graph_of("Lesson 5", assets, [{"from": "seller", "to": "top", "wh": 5, "kind": "residual"}], "top"))
    head = drawn[: drawn.index(">")]
    assert "viewBox=" in head and "max-width:" in head and " width=" not in head and " height=" not in head


def test_a_demo_day_without_a_clock_follows_the_last_reading() -> None:
    market = in_memory()
    days = [market.ask("demometer.populate24h", {"meterId": "demo"}) for _ in range(3)]
    assert [one.first_time - days[0].first_time for one in days] == [0, 86_400_000, 2 * 86_400_000]
    assert market.ask("balancing.late").total == 0


@pytest.mark.parametrize("field", ["balanced", "fulfillment", "lastClearedEpoch"])
def test_what_the_market_counts_may_be_said_to_be_nothing(field: str) -> None:
    contract = {"assetId": "s", "partnerId": "b", "direction": "to", field: 0}
    assert statuses(executed([("contract.add", contract)])) == ["ok"]
    refused = executed([("contract.add", {**contract, field: 5})])
    assert statuses(refused) == ["refused"] and "must be 0 or left out, but was 5" in refused.refusals[0]


def test_an_asset_may_be_given_as_the_predecessor_returns_it() -> None:
    asset = {
        "assetId": "p",
        "type": "balance",
        "balancerule": {"from": "a", "to": "b", "updated": 1_600_000_000_000},
        "balance_updated": 12,
    }
    assert statuses(executed([("asset.upsert", asset)])) == ["ok"]
