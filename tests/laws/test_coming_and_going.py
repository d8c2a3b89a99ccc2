"""A device comes and goes in any order, also several times within a tick: time goes on, and the last word holds."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus.home.restart import wake
from joulebus.home.round import seat_of
from joulebus.journal.file import Journal
from joulebus.services.prepare import prepare
from joulebus_schemas import calls
from joulebus_schemas.journal import Changed
from joulebus_schemas.roster import Change, Member
from tests.laws.coming import MEMBERS, SUPERVISOR, World, file

FOLDERS = iter(range(1_000_000))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["on", "off", "open", "deliver"]), max_size=12))
def test_the_last_word_holds_whatever_came_before_it(tmp_path: Path, acts: list[str]) -> None:
    world = World(tmp_path / str(next(FOLDERS)))
    for act in acts:
        getattr(world, act)()
    world.deliver()
    before = world.hub.keeper.next_tick
    world.on()
    world.open()
    world.deliver()
    world.open()
    world.deliver()
    assert world.hub.keeper.next_tick > before, "time goes on"
    assert world.hub.keeper.roster["lamp"].on
    assert world.hub.keeper.settled is not None and "lamp" in world.hub.keeper.settled.outcomes
    assert all(one.done() for one in world.awaited), "whoever asked has an answer"
    for one in world.awaited:
        one.exception()  # Some were overtaken by a later word, and told so.
    world.journal.close()


def test_off_on_off_on_within_a_tick_ends_with_on(tmp_path: Path) -> None:
    world = World(tmp_path / "books")
    world.open()
    for act in (world.off, world.on, world.deliver, world.off, world.on, world.deliver):
        act()
    for _ in range(3):
        world.open()
        world.deliver()
    assert world.awaited[-1].result().on
    assert world.hub.keeper.roster["lamp"].on and not world.hub.coming.joining
    world.journal.close()


def test_what_was_counted_of_a_device_goes_with_it_and_its_late_packet_is_no_offence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path / "books")
    world.open()
    world.deliver()
    late = world.processes["lamp"]
    world.hub.questions.dismiss(calls.AskDismiss(device="lamp", remove=True), SUPERVISOR)
    world.open()
    world.deliver()
    assert late.joined and "lamp" not in world.hub.keeper.roster
    assert "lamp" not in world.hub.metrics._accepted and "lamp" not in world.hub._refused
    assert [record.message for record in caplog.records if "refused a packet" in record.message] == []
    world.journal.close()


SPY = Member(kind="appliance", properties={"power_watts": 10})
PROMISES = {
    "added and removed": ((Change(device="spy", from_tick=0, added=SPY),), (Change(device="spy", from_tick=15, removed=True),)),
    "added and switched off": ((Change(device="spy", from_tick=0, added=SPY),), (Change(device="spy", from_tick=15, on=False),)),
    "added and set": (
        (Change(device="spy", from_tick=0, added=SPY),),
        (Change(device="spy", from_tick=15, properties={"power_watts": 5}),),
    ),
    "removed": ((Change(device="lamp", from_tick=15, removed=True),),),
    "removed and another one": (
        (Change(device="lamp", from_tick=15, removed=True), Change(device="lamp", from_tick=20, added=Member(kind="tv"))),
        (Change(device="lamp", from_tick=30, properties={"power_watts": 99}),),
    ),
    "switched off": ((Change(device="lamp", from_tick=15, on=False),),),
    "set": ((Change(device="lamp", from_tick=15, properties={"power_watts": 1}),),),
}


@pytest.mark.parametrize("name", PROMISES)
def test_what_was_promised_when_a_home_ended_does_not_stop_it_when_it_starts_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / "journal.bin"
    prepare(file(), path, None)
    with Journal.open(path) as journal:
        for promised in PROMISES[name]:
            journal.append(Changed(record="changed", changes=promised))
    assert prepare(file(), path, None).roster.keys() == MEMBERS.keys()
    with Journal.open(path) as journal:
        keeper = wake(journal)
        for _ in range(6):
            keeper.open(10)
            assert set(keeper.missing()) == {"grid", "inverter", "lamp"}, "nobody is waited for whom nobody starts"
            live_on(keeper)
        assert keeper.roster["lamp"].properties == file().members["lamp"].properties and keeper.next_tick >= 40
    prepare(file(), path, None)  # And the journal can be read again.


def live_on(keeper: Any) -> None:
    """All devices of the open window offer, as their processes would."""
    opened = keeper.opened
    for name, member in keeper.roster.items():
        if member.on:
            seat = seat_of(keeper.born, name, member, {})
            seat.enter(opened)
            keeper.take(name, seat.offer(opened))
    keeper.settle()
