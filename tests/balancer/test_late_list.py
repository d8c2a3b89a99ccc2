"""What came too late: listed, and dismissed one by one or many at once, with who and why; also after fifty years without a reading."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from joulebus.errors import MarketError
from joulebus.market.asking import Asker, asked
from joulebus.market.executor import Executor, in_memory
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_market
from joulebus.market.opening import Opening
from joulebus_schemas.market.calls import call_named

EPOCH = 1_980_000
ANNA = Asker("house/~anna", "trader")


def late(market: Executor, meters: int = 3, epochs: int = 4) -> Executor:
    """A market in which each value of some meters came after its epoch was sealed."""
    for epoch in range(EPOCH, EPOCH + epochs):
        market.ask("balancing.add_settlement", {"meter_id": "other", "epoch": epoch, "wh": 1})
        market.ask("balancing.seal_epoch", {"epoch": epoch})
        for number in range(meters):
            market.ask("balancing.add_settlement", {"meter_id": f"m{number}", "epoch": epoch, "wh": 10 + number})
    assert market.ask("balancing.late").total == meters * epochs
    return market


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({"meter_id": "m1"}, 4),
    ({"from_epoch": EPOCH + 3}, 3),
    ({"until_epoch": EPOCH + 1, "meter_id": "m0"}, 1),
    ({"from_epoch": EPOCH + 1, "until_epoch": EPOCH + 3}, 6),
    ({"from_number": 5, "until_number": 8}, 3),
    ({"from_number": 8, "until_number": 5}, 0),
    ({"from_number": 1}, 12),
    ({"from_epoch": "2026-06-21T00:30:00Z"}, 6),
]


@pytest.mark.parametrize(("filters", "dismissed"), FILTERS)
def test_all_that_a_filter_lets_through_is_dismissed_and_nothing_else(filters: dict[str, Any], dismissed: int) -> None:
    market = late(in_memory())
    before = {one.number for one in market.ask("balancing.late").late}
    done = market.ask("balancing.dismiss_lates", {**filters, "reason": "meters were tested"})
    after = {one.number for one in market.ask("balancing.late").late}
    assert (done.dismissed, done.left, {one.number for one in done.late}) == (dismissed, 12 - dismissed, before - after)
    assert len(after) == 12 - dismissed


def test_who_dismissed_and_why_is_kept_and_told_also_after_a_restart(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "a.sqlite", "market", DEMONSTRATION)
    market = late(Executor.open(opening))
    market.run([asked("balancing.dismiss_lates", {"meter_id": "m1", "reason": "it was tested", "request_id": "R"}, ANNA)])
    market.run([asked("balancing.dismiss_late", {"number": 1, "reason": "said twice"}, ANNA)])
    market.close()
    again = Executor.open(opening)
    one, many = again.ask("books.changes", {"most": 2}).changes
    assert (many.principal, many.role, many.arguments["reason"]) == ("house/~anna", "trader", "it was tested")
    assert one.arguments == {"number": 1, "reason": "said twice"}
    assert again.ask("balancing.late").total == 7
    assert again.ask("balancing.dismiss_lates", {"meter_id": "m1", "reason": "it was tested", "request_id": "R"}).dismissed == 4
    again.close()
    assert check_market(tmp_path / "a.sqlite", "market").findings == ()


def test_it_must_be_said_which_and_why() -> None:
    market = late(in_memory())
    with pytest.raises(MarketError, match="by one of meter_id, from_epoch"):
        market.ask("balancing.dismiss_lates", {"reason": "all"})
    with pytest.raises(MarketError, match="reason"):
        market.ask("balancing.dismiss_lates", {"meter_id": "m1"})
    with pytest.raises(MarketError, match='no asset "?m9'):
        market.ask("balancing.dismiss_lates", {"meter_id": "m9", "reason": "x"})
    assert market.ask("balancing.late").total == 12
    call = call_named("balancing.dismissLates")
    assert call is not None and call.changes


def test_a_meter_that_was_not_read_for_fifty_years_is_read_and_its_late_values_are_dismissed() -> None:
    market, years = in_memory(), 50 * 35_064
    begin, end = ({"meter_id": "m", "reading": number * years * 40, "time": (EPOCH + number * years) * 900_000} for number in (0, 1))
    market.ask("metering.update_reading", begin)
    market.ask("balancing.add_settlement", {"meter_id": "other", "epoch": EPOCH + 5, "wh": 1})
    market.ask("balancing.seal_epoch", {"epoch": EPOCH + 5})
    read = market.ask("metering.update_reading", end)
    assert (read.status, read.consumption, len(read.shares)) == ("late", years * 40, 500)
    assert [one.epoch for one in market.ask("balancing.late").late] == [EPOCH + 5]
    assert market.ask("balancing.balance", {"asset_id": "m", "epoch": EPOCH + years - 1}).in_wh == 40
    assert market.ask("balancing.dismiss_lates", {"from_number": 1, "reason": "estimated"}).dismissed == 1


def commanded(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("joulebus"), *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )


def test_commands_list_what_is_late_and_audit_a_market_without_a_home(tmp_path: Path) -> None:
    store = tmp_path / "a.sqlite"
    late(Executor.open(Opening(store, "market", DEMONSTRATION)), meters=1).close()
    listed = commanded("market", "late", "--in", f"sqlite:///{store}")
    assert listed.returncode == 0 and "m0" in listed.stdout and "by its rule" in listed.stdout, listed
    assert [one["epoch"] for one in json.loads(commanded("market", "late", "--in", f"sqlite:///{store}", "--json").stdout)] == [
        EPOCH + number for number in range(4)
    ]
    sound = commanded("audit", store)
    assert sound.returncode == 0 and "market market: " in sound.stdout and "4 sealed batches" in sound.stdout, sound
    plain = json.loads(commanded("audit", store, "--json").stdout)
    assert plain["markets"][0]["batches"] == 4 and plain["markets"][0]["findings"] == []
    forged(store, "DELETE FROM market_sealed WHERE batch = 4")
    found = commanded("audit", store)
    assert found.returncode == 1 and "TAMPERED" in found.stdout and "Traceback" not in found.stderr, found


def forged(store: Path, statement: str) -> None:
    with sqlite3.connect(store) as database:
        assert database.execute(statement).rowcount > 0
    database.close()
