"""Fifty years of a market in memory, coarsely: no limit is reached, and every answer stays small and quick, also with default arguments."""

from time import process_time
from typing import Any

import pytest

from joulebus.cli.market_pages import statement_of
from joulebus.cli.market_places import StoredMarket
from joulebus.market.asking import Asked, Asker, OperationRefused, asked
from joulebus.market.executor import Executor, in_memory
from joulebus_schemas.market.calls import CALLS, READING

FIRST = 1_980_000
EPOCHS_OF_A_WEEK = 7 * 96
WEEKS = 2_609
"""Fifty years."""
LAST = FIRST + WEEKS * EPOCHS_OF_A_WEEK
ANSWER_BYTES_MAX = 1_048_576 // 2
"""Half of what a message on the bus holds."""
QUICK_SECONDS = 1.0
LEDGER = Asker("house/balancer", "balancer")
DAY = ["night"] * 28 + ["day"] * 60 + ["night"] * 8
NAMES = [call.name for call in READING]


def week(number: int) -> list[Asked]:
    """What a week brings: its segments, a price, an epoch that is booked and sealed, and a value that comes too late."""
    first = FIRST + number * EPOCHS_OF_A_WEEK
    values = [{"meter_id": "house", "import_wh": 400, "export_wh": 0}, {"meter_id": "roof", "import_wh": 0, "export_wh": 300}]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("tariff.set_labels", {"labels": DAY * 7, "from_epoch": first}),
        ("tariff.set_prices", {"prices": {"day": 300_000 + number}, "from_epoch": first}),
        ("metering.book_epoch", {"epoch": first + 40, "values": values, "source": f"house epoch={first + 40}"}),
        ("balancing.seal_epoch", {"epoch": first + 40}),
        ("balancing.add_settlement", {"meter_id": "house", "epoch": first + 40, "wh": 1}),
    ]
    return [asked(name, arguments, LEDGER) for name, arguments in calls]


@pytest.fixture(scope="module")
def old() -> Executor:
    """A market after fifty years."""
    market = in_memory()
    rules = {"house": {"from": "group"}, "roof": {"to": "group"}, "group": {"from": "grid", "to": "grid"}}
    market.run([asked("asset.upsert", {"asset_id": name, "balance_rule": rule}) for name, rule in rules.items()])
    market.run([asked("contract.add", {"asset_id": "group", "partner_id": "neighbour", "direction": "from", "energy": 10})])
    for number in range(0, WEEKS, 50):
        answers = market.run([one for each in range(number, min(number + 50, WEEKS)) for one in week(each)])
        assert not any(isinstance(answer, OperationRefused) for answer in answers), answers
    return market


SAID: dict[str, Any] = {"asset_id": "group", "meter_id": "house", "epoch": LAST - EPOCHS_OF_A_WEEK + 40, "consumption": 5_000}
SAID |= {"start_time": LAST * 900_000, "end_time": LAST * 900_000 + 86_400_000}
MOST = {"most": 2_000, "limit": 2_000, "n": 1_000}


def needed(name: str) -> dict[str, Any]:
    """The arguments that must be said; beside a living home, the time is now."""
    fields = CALLS[name].ask.model_fields
    said = SAID | ({"epoch": LAST} if name == "balancing.unsealed_balance" else {})
    return {field: said[field] for field, info in fields.items() if info.is_required() or field == "start_time"}


@pytest.mark.parametrize("name", NAMES)
def test_every_question_with_its_defaults_is_answered_small_and_quickly(old: Executor, name: str) -> None:
    old.ask(name, needed(name))  # The first time, something may be read that is kept.
    begun = process_time()
    answer = old.ask(name, needed(name))
    assert process_time() - begun < QUICK_SECONDS
    assert len(answer.model_dump_json().encode()) < ANSWER_BYTES_MAX


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_larger_when_the_most_is_asked_for(old: Executor, name: str) -> None:
    most = {field: value for field, value in MOST.items() if field in CALLS[name].ask.model_fields}
    assert len(old.ask(name, needed(name) | most).model_dump_json().encode()) < ANSWER_BYTES_MAX


def test_what_is_known_of_segments_is_as_small_as_what_was_said(old: Executor) -> None:
    engine = old.books.engine
    assert len(engine.label_runs()) == 2 * 7 * WEEKS + 1
    assert (engine.label(FIRST), engine.label(FIRST + 30), engine.label(LAST - 60), engine.label(LAST)) == ("night", "day", "day", None)
    assert len(engine.snapshot()) < 2_000_000


def test_the_pages_of_a_statement_are_the_whole_of_it(old: Executor) -> None:
    place = StoredMarket(old)
    newest = place.ask("balancing.statements", {"asset_id": "group"})
    assert newest["lines"][0]["posting"]["epoch"] == SAID["epoch"] and newest["next"] is not None
    whole = statement_of(place, {"asset_id": "group"}, None)
    assert len({line["posting"]["epoch"] for line in whole["lines"]}) == WEEKS and whole["next"] is None
    assert (whole["net_wh"], whole["lines"][-1]["running_wh"], len(whole["lines"])) == (0, 0, 5 * WEEKS)
    in_span = statement_of(place, {"asset_id": "group", "from_epoch": FIRST, "until_epoch": FIRST + 3 * EPOCHS_OF_A_WEEK}, None)
    assert in_span["lines"] == whole["lines"][:15]


def test_an_epoch_larger_than_a_page_is_walked_line_by_line(old: Executor) -> None:
    place, asked_for = StoredMarket(old), {"asset_id": "group", "epoch": SAID["epoch"]}
    whole = [line["posting"] for line in statement_of(place, asked_for, None)["lines"]]
    assert len(whole) == 5
    walked: list[Any] = []
    where: dict[str, int] | None = {}
    while where is not None:
        page = place.ask("balancing.statements", {**asked_for, **where, "most": 2})
        walked, where = walked + [line["posting"] for line in page["lines"]], page["next"]
    assert walked == whole[::-1]


def test_all_is_cleared_page_by_page_at_the_prices_of_its_time(old: Executor) -> None:
    until: int | None = LAST
    money: list[int] = []
    while until is not None:
        page = old.ask("clearing.retrieve", {"meter_id": "house", "until_epoch": until})
        money += [one.micro_euro for one in page.clearings]
        until = page.next_until
    assert money == [(400 * (300_000 + number) + 500) // 1_000 for number in reversed(range(WEEKS))]


def test_the_late_list_is_walked_in_pages(old: Executor) -> None:
    pages = [old.ask("balancing.late", {"first": first}) for first in range(0, WEEKS, 1_000)]
    assert [one.number for page in pages for one in page.late] == list(range(1, WEEKS + 1)) and pages[0].total == WEEKS


def test_large_assets_make_short_pages() -> None:
    market = in_memory()
    market.run([asked("asset.upsert", {"asset_id": f"a{number:02}", "client_meta": {"text": "é" * 30_000}}) for number in range(40)])
    page = market.ask("asset.find")
    assert page.total == 41 and 1 < len(page.assets) < 20
    assert len(page.model_dump_json().encode()) < 1_048_576
    assert len(market.ask("asset.find", {"first": len(page.assets)}).assets) > 1


def test_a_meter_that_was_not_read_for_years_is_read() -> None:
    market = in_memory()
    market.ask("metering.update_reading", {"meter_id": "m", "reading": 0, "time": "2026-01-01T00:00:00Z"})
    read = market.ask("metering.update_reading", {"meter_id": "m", "reading": 10_000_000, "time": "2027-03-01T00:00:00Z"})
    assert (read.status, read.consumption, len(read.shares)) == ("ok", 10_000_000, 500)
    page = market.ask("balancing.statements", {"asset_id": "m"})
    assert len(page.lines) == 1_000 and page.next is not None


def test_a_balance_of_very_many_shows_the_first_postings_and_how_many_there_are() -> None:
    market = in_memory()
    meters = [f"m{number}" for number in range(1_500)]
    market.run([asked("asset.upsert", {"asset_id": name, "balance_rule": {"from": "g"}}) for name in meters])
    market.run([asked("balancing.add_settlement", {"meter_id": name, "epoch": FIRST, "wh": 1}) for name in meters])
    for _ in range(2):
        found = market.ask("balancing.balance", {"asset_id": "g", "epoch": FIRST})
        assert len(found.postings) == 500 and found.postings_total >= 1_500 and found.out_wh == 1_500
        page = market.ask("balancing.postings", {"epoch": FIRST, "asset_id": "g", "first": 1_000})
        assert page.total == found.postings_total and len(page.postings) == page.total - 1_000
        sealed = market.ask("balancing.seal_epoch", {"epoch": FIRST})
    assert sealed.status == "already_sealed"
