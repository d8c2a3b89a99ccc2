"""Recovery: a home goes on from its journal as if nothing had happened, from whatever is the last thing it says."""

from pathlib import Path
from typing import Any

import pytest

from joulebus.errors import JournalError
from joulebus.journal.file import Journal
from joulebus.journal.recovery import Recovered, recover
from joulebus_core import Ledger, encode_columns
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Changed, Committed, Woken
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member
from tests.journal.forgery import forge, moved, read, rewritten
from tests.journal.real_homes import live
from tests.journal.records import BORN

EMPTY = encode_columns([])
OFF = Member(kind="oven", on=False, properties={"power_watts": 2000})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.journal"


def committed(start: int, ticks: int, states: dict[str, dict[str, Any]], *devices: str) -> Committed:
    """A window in which these devices took part and moved nothing."""
    outcomes = {name: Outcome(carry=start) for name in devices or ("grid", "inverter", "oven")}
    return Committed(generation=3, window=Window(start=start, ticks=ticks), outcomes=outcomes, flows={}, states=states)


def changed(device: str, tick: int, **news: Any) -> Changed:
    """A promise."""
    return Changed(changes=(Change(device=device, from_tick=tick, **news),))


def recovered(path: Path, *records: Any) -> Recovered:
    """What is recovered from a journal of these records."""
    path.unlink(missing_ok=True)
    with Journal.open(path, durable="memory") as journal:
        for record in (BORN, Woken(generation=3), *records):
            journal.append(record, EMPTY if isinstance(record, Committed) else b"")
        return recover(journal)


BEGUN = committed(0, 10, {"grid": {}, "inverter": {}, "oven": {"heat": 1}})


def test_a_home_that_has_not_begun_is_as_it_was_born(path: Path) -> None:
    found = recovered(path)
    assert (found.born, found.roster, found.generation) == (BORN, BORN.members, 3)
    assert (found.pending_changes, found.parts, found.next_tick) == ((), {}, 0)


def test_a_state_is_the_last_one_that_was_written(path: Path) -> None:
    found = recovered(path, BEGUN, committed(10, 5, {}), committed(15, 5, {"oven": {"heat": 2}}), committed(20, 5, {"grid": {"price": 1}}))
    assert found.states == {"grid": {"price": 1}, "inverter": {}, "oven": {"heat": 2}}
    assert found.parts["oven"].state == {"heat": 2}
    assert (found.parts["oven"].window, found.next_tick) == (Window(start=20, ticks=5), 25)


def test_a_promise_is_pending_until_a_window_begins_at_its_tick(path: Path) -> None:
    promise = changed("oven", 10, on=False)
    pending = recovered(path, promise, BEGUN)
    assert (pending.pending_changes, pending.roster["oven"].on) == (promise.changes, True)
    held = recovered(path, promise, BEGUN, committed(10, 5, {}, "grid", "inverter"))
    assert (held.pending_changes, held.roster["oven"]) == ((), OFF)


def test_a_device_that_is_off_keeps_its_last_part(path: Path) -> None:
    found = recovered(
        path, BEGUN, changed("oven", 10, on=False), committed(10, 5, {}, "grid", "inverter"), committed(15, 5, {}, "grid", "inverter")
    )
    oven = found.parts["oven"]
    assert (oven.window, oven.state, oven.outcome.carry, oven.member.on) == (Window(start=0, ticks=10), {"heat": 1}, 0, True)


def test_a_part_has_the_properties_of_its_window(path: Path) -> None:
    found = recovered(
        path,
        BEGUN,
        changed("oven", 10, properties={"power_watts": 1}),
        committed(10, 5, {}),
        changed("oven", 15, properties={"power_watts": 2}),
    )
    assert (found.parts["oven"].member.properties, found.roster["oven"].properties) == ({"power_watts": 1}, {"power_watts": 1})
    assert found.pending_changes[0].properties == {"power_watts": 2}


def test_a_device_that_was_removed_and_added_again_begins_anew(path: Path) -> None:
    again = Member(kind="tv")
    story = (BEGUN, changed("oven", 10, removed=True), committed(10, 5, {}, "grid", "inverter"), changed("oven", 15, added=again))
    assert "oven" not in recovered(path, *story).parts
    found = recovered(path, *story, committed(15, 5, {"oven": {"screen": 1}}))
    assert (found.roster["oven"], found.parts["oven"].state, found.parts["oven"].member) == (again, {"screen": 1}, again)


def test_promises_are_in_the_order_of_their_ticks(path: Path) -> None:
    promises = [changed("oven", tick, properties={"power_watts": tick + number}) for number, tick in enumerate([30, 20, 30, 40])]
    found = recovered(path, BEGUN, *promises)
    assert [change.properties for change in found.pending_changes] == [
        {"power_watts": 21},
        {"power_watts": 30},
        {"power_watts": 32},
        {"power_watts": 43},
    ]


def test_the_ledger_goes_on_where_it_was(path: Path) -> None:
    live(path, seed=13)
    ledger = Ledger("house", 1_750_000_300, 1)
    for record, posted in read(path):
        if isinstance(record, Committed):
            ledger.post(record.window.start, record.window.ticks, posted)
    with Journal.view(path) as journal:
        found = recover(journal)
    assert found.ledger.snapshot() == ledger.snapshot()


def test_a_journal_that_was_tampered_with_is_not_continued(path: Path) -> None:
    told = read(live(path, seed=13))
    sealing = next(number for number, (record, _) in enumerate(told, 1) if isinstance(record, Committed) and record.seals)
    unsealed = rewritten(told, sealing, lambda record: record.model_copy(update={"seals": ()}))
    stories = {"an account that only passes on": moved(told, sealing, ("inverter", "lights"), 0, 5), "its seals are not": unsealed,
               "a window starts where the last one ended": [*told[: sealing - 1], *told[sealing:]], "born": told[1:]}  # fmt: skip
    for cause, story in stories.items():
        with Journal.view(forge(path, story)) as journal, pytest.raises(JournalError, match=f"record .*{cause}.*joulebus audit"):
            recover(journal)


def test_an_empty_journal_is_no_home(path: Path) -> None:
    with Journal.open(path) as journal, pytest.raises(JournalError, match="must tell how the home was born"):
        recover(journal)
