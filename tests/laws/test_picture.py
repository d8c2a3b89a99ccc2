"""Laws of the picture: whoever loses changes is right after one question, and the summary of any home is small."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulebus.home.mirror import Mirror, change_between, snapshot_after
from joulebus.home.picture import Picture
from joulebus_schemas.base import Window
from joulebus_schemas.calls import ClockState
from joulebus_schemas.journal import Changed
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member
from joulebus_schemas.rounds import Blocked, Reported, Settled
from joulebus_schemas.screen import SUMMARY_BYTES_MAX, ScreenSnapshot

CLOCK = ClockState(tick=0, time="2026-06-21T11:00:00Z", tick_seconds=1, speed=60.0, paused=False, lag_ticks=0)


def settled(number: int, start: int, powers: dict[str, int]) -> Settled:
    outcomes = {
        name: Outcome(joules_in=max(0, watts), joules_out=max(0, -watts), unserved_joules=1 if watts > 2_000 else 0)
        for name, watts in powers.items()
    }
    window = Window(start=start, ticks=1)
    return Settled(generation=1, number=number, window=window, outcomes=outcomes, flows={"grid>loads": sum(map(abs, powers.values()))})


def a_picture(names: list[str]) -> Picture:
    return Picture("house", 1_782_034_200, CLOCK, {name: Member(kind="oven") for name in names})


names = st.sampled_from(["oven", "fridge", "tv", "grid"])
events = st.lists(
    st.one_of(
        st.tuples(st.just("settled"), st.dictionaries(names, st.integers(-3_000, 3_000), min_size=1)),
        st.tuples(st.just("reported"), names, st.integers(0, 9)),
        st.tuples(st.just("on"), names, st.booleans()),
        st.tuples(st.just("removed"), names),
    ),
    max_size=30,
)


def snapshots(story: list[Any]) -> list[ScreenSnapshot]:
    """The picture after each event, with a revision that goes up by one with each change."""
    picture = a_picture(["oven", "fridge", "tv", "grid"])
    shown = [picture.snapshot(1)]
    for number, (what, *said) in enumerate(story, 1):
        if what == "settled":
            picture.settle(number, settled(number, number, said[0]))
        elif what == "reported":
            picture.report(said[0], Reported(tick=number, state={}, readings={"power_watts": said[1]}))
        elif what == "on":
            picture.take(number, Changed(changes=(Change(device=said[0], from_tick=number, on=said[1]),)))
        else:
            picture.take(number, Changed(changes=(Change(device=said[0], from_tick=number, removed=True),)))
        change = change_between(shown[-1], picture.snapshot(shown[-1].revision))
        revision = shown[-1].revision + (change is not None)
        shown.append(picture.snapshot(revision))
    return shown


@given(story=events)
def test_a_change_leads_from_one_snapshot_to_the_next(story: list[Any]) -> None:
    shown = snapshots(story)
    for old, new in zip(shown, shown[1:], strict=False):
        change = change_between(old, new)
        again = snapshot_after(old, change) if change else old
        assert again.model_copy(update={"summary": new.summary}) == new


@given(story=events, lost=st.sets(st.integers(0, 30)), data=st.data())
def test_whoever_loses_changes_and_asks_when_told_so_sees_the_same(story: list[Any], lost: set[int], data: st.DataObject) -> None:
    shown, mirror = snapshots(story), Mirror()
    assert mirror.take_snapshot(shown[0])
    for place, (old, new) in enumerate(zip(shown, shown[1:], strict=False)):
        change = change_between(old, new)
        knows = place in lost or change is None or mirror.take_change(change)
        if not knows:
            assert mirror.take_snapshot(new)
    if not mirror.take_summary(shown[-1].summary):
        assert mirror.take_snapshot(shown[-1])
    assert mirror.snapshot == shown[-1]


def test_changes_that_overtake_the_answer_are_kept_for_it() -> None:
    one, two, three = (snapshots([("on", "oven", False), ("on", "tv", False)])[place] for place in (0, 1, 2))
    mirror = Mirror()
    second, third = change_between(one, two), change_between(two, three)
    assert second is not None and third is not None
    assert not mirror.take_change(third)
    assert mirror.take_snapshot(two)
    assert mirror.snapshot == three.model_copy(update={"summary": two.summary})


@pytest.mark.parametrize("devices", [1, 100, 1_000])
def test_the_summary_of_a_home_of_any_size_is_small(devices: int) -> None:
    long_names = [f"device_with_a_long_name_{number:08}" for number in range(devices)]
    picture = a_picture(long_names)
    powers = {name: 99_000 - place if place % 2 else -99_000 + place for place, name in enumerate(long_names)}
    picture.settle(1, settled(1, 0, powers))
    picture.blocked = Blocked(tick=1, seconds=3, waits_for=tuple(long_names), cause="no packet from " + ", ".join(long_names))
    for name in long_names:
        picture.report(name, Reported(tick=1, state={}, readings={"state_of_charge_ppm": 500_000}))
    summary = picture.summary(2**53 - 1)
    assert len(json.dumps(summary.model_dump(mode="json"))) <= SUMMARY_BYTES_MAX
    assert sum(summary.power_watts.values()) + summary.others_watts == sum(powers.values())
    assert len(summary.power_watts) == min(devices, 112)


def test_a_settlement_that_is_said_again_counts_once() -> None:
    picture = a_picture(["oven"])
    for _ in range(2):
        picture.settle(1, settled(1, 0, {"oven": 1_000}))
    assert picture.energy["oven"].joules_in == 1_000


def test_a_full_car_does_not_make_the_battery_fuller() -> None:
    picture = a_picture(["battery", "car"])
    picture.roster |= {name: Member(kind=name) for name in ("battery", "car")}
    for name, charge in (("battery", 100_000), ("car", 900_000)):
        picture.report(name, Reported(tick=1, state={}, readings={"state_of_charge_ppm": charge}))
    assert picture.summary(1).state_of_charge_ppm == {"battery": 100_000}
