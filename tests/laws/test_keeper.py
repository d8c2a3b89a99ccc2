"""Laws 4, 5 and 7 at the keeper: arrival changes nothing, once is once, and nothing is settled without everybody."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from joulebus.errors import JournalError, RosterError
from joulebus.home.keeper import Keeper, Verdict
from joulebus.home.round import Home, new_birth, new_keeper
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus_schemas.base import Window
from joulebus_schemas.offers import Flow, Grid, Inverter, Nothing, Offer, PolicyRun
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.rounds import Offered
from joulebus_schemas.series import constant

MEMBERS = {
    "grid": Member(kind="grid"),
    "inverter": Member(kind="inverter", properties={"rating_watts": 0}),
    "kettle": Member(kind="appliance", properties={"power_watts": 2_000}),
    "lamp": Member(kind="appliance", properties={"power_watts": 60}),
}
TICKS = 10


def file() -> HomeFile:
    return HomeFile("flat", Place(latitude_degrees=50.0, longitude_degrees=4.0), 1_781_992_800, 1, None, 1, MEMBERS)


def offers(ticks: int = TICKS) -> dict[str, Offer]:
    return {
        "grid": Grid(
            import_joules_max=constant(10_000, ticks),
            export_joules_max=constant(0, ticks),
            import_price=constant(300_000, ticks),
            export_price=constant(0, ticks),
        ),
        "inverter": Inverter(rating_watts=0, curve_dc_milliwatts=(0, 1), curve_ac_milliwatts=(0, 0), policy=(PolicyRun(ticks=ticks),)),
        "kettle": Flow(want=constant(2_000, ticks)),
        "lamp": Flow(want=constant(60, ticks)),
    }


def packet(name: str, start: int = 0, ticks: int = TICKS, **changed: object) -> Offered:
    fields = {"window": Window(start=start, ticks=ticks), "offer": offers(ticks)[name], "state": {}} | changed
    return Offered.model_validate(fields)


@pytest.fixture
def keeper() -> Keeper:
    return new_keeper(new_birth(file()))


def test_the_order_of_arrival_changes_nothing() -> None:
    heads = set()
    for names in itertools.permutations(MEMBERS):
        keeper = new_keeper(new_birth(file()))
        for start in range(0, 900, 90):
            keeper.open(90)
            for name in names:
                keeper.take(name, packet(name, start, 90))
            keeper.settle()
        heads.add(keeper.ledger.head)
    assert len(heads) == 1


def test_a_packet_posted_twice_counts_once(keeper: Keeper) -> None:
    keeper.open(TICKS)
    verdicts = [keeper.take(name, packet(name)) for name in [*MEMBERS, *MEMBERS]]
    assert verdicts == [Verdict.ACCEPTED] * 4 + [Verdict.DUPLICATE] * 4
    assert keeper.settle().outcomes["kettle"].joules_in == 20_000


BAD = [
    ("kettle", packet("kettle", offer=Flow(want=constant(1, TICKS))), Verdict.ANOTHER),
    ("kettle", packet("kettle", start=TICKS), Verdict.EARLY),
    ("kettle", packet("kettle", ticks=TICKS - 1), Verdict.EARLY),
    ("stranger", packet("kettle"), Verdict.STRANGER),
]


@pytest.mark.parametrize(("name", "offered", "verdict"), BAD)
def test_a_packet_that_does_not_belong_is_refused_and_nothing_changes(
    keeper: Keeper, name: str, offered: Offered, verdict: Verdict
) -> None:
    keeper.open(TICKS)
    keeper.take("kettle", packet("kettle"))
    assert keeper.take(name, offered) is verdict
    for other in MEMBERS:
        keeper.take(other, packet(other))
    assert keeper.settle().outcomes["kettle"].joules_in == 20_000


def test_a_late_packet_is_named_late(keeper: Keeper) -> None:
    keeper.open(TICKS)
    for name in MEMBERS:
        keeper.take(name, packet(name))
    keeper.settle()
    assert keeper.take("kettle", packet("kettle")) is Verdict.LATE


def test_the_keeper_names_whom_it_waits_for(keeper: Keeper) -> None:
    keeper.open(TICKS)
    keeper.take("lamp", packet("lamp"))
    assert keeper.missing() == ("grid", "inverter", "kettle")


def test_a_change_holds_from_the_first_tick_that_is_not_open(keeper: Keeper) -> None:
    keeper.open(TICKS)
    for name in MEMBERS:
        keeper.take(name, packet(name))
    assert keeper.change(Change(device="lamp", from_tick=0, on=False)) == TICKS
    keeper.settle()
    keeper.open(TICKS)
    assert "lamp" not in keeper.missing()


def test_a_window_never_runs_over_a_promised_change(keeper: Keeper) -> None:
    keeper.changes.append(Change(device="lamp", from_tick=7, on=False))
    assert keeper.open(TICKS).window == Window(start=0, ticks=7)


CHANGES = [
    (Change(device="ghost", from_tick=0, on=False), "there is no device ghost"),
    (Change(device="lamp", from_tick=0, added=Member(kind="tv")), "lamp is taken"),
    (Change(device="heat", from_tick=0, added=Member(kind="tv")), '"heat" is reserved'),
    (Change(device="inverter", from_tick=0, removed=True), "keeps the balance"),
]


@pytest.mark.parametrize(("change", "text"), CHANGES)
def test_a_roster_that_cannot_be_is_refused(keeper: Keeper, change: Change, text: str) -> None:
    with pytest.raises(RosterError, match=text):
        keeper.change(change)


def test_a_full_disk_stops_time_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.open(tmp_path / "journal.bin")
    home = Home.from_file(file(), journal)
    home.round(TICKS)
    append = Journal.append

    def full(self: Journal, record: object, columns: bytes = b"") -> int:
        raise JournalError("the disk is full")

    monkeypatch.setattr(Journal, "append", full)
    with pytest.raises(JournalError, match="full"):
        home.round(TICKS)
    monkeypatch.setattr(Journal, "append", append)
    settled = home.keeper.settle()
    assert (settled.window, home.keeper.next_tick) == (Window(start=TICKS, ticks=TICKS), 2 * TICKS)


@pytest.mark.parametrize("kind", ["foreign", "appliance"])
@pytest.mark.parametrize("leaves", [{"on": False}, {"removed": True}])
def test_who_does_not_come_can_leave_the_open_window(leaves: dict[str, bool], kind: str) -> None:
    keeper = new_keeper(new_birth(replace(file(), members=MEMBERS | {"pump": Member(kind=kind)})))
    keeper.open(TICKS)
    for name in MEMBERS:
        keeper.take(name, packet(name))
    assert (keeper.missing(), keeper.is_complete) == (("pump",), False)
    assert keeper.change(Change(device="pump", from_tick=0, **leaves)) == 0
    assert (keeper.missing(), keeper.is_complete) == ((), True)
    settled = keeper.settle()
    assert settled.window == Window(start=0, ticks=TICKS) and settled.outcomes.keys() == MEMBERS.keys()


def test_who_has_offered_stays_until_the_window_ends() -> None:
    keeper = new_keeper(new_birth(replace(file(), members=MEMBERS | {"pump": Member(kind="foreign")})))
    keeper.open(TICKS)
    keeper.take("pump", Offered(window=Window(start=0, ticks=TICKS), offer=Nothing(), state={}))
    assert keeper.change(Change(device="pump", from_tick=0, on=False)) == TICKS


def test_whoever_hears_a_device_that_leaves_the_open_window_offers_again_without_it() -> None:
    members = MEMBERS | {"sun": Member(kind="sun"), "panel": Member(kind="panel")}
    keeper = new_keeper(new_birth(replace(file(), members=members)))
    opened = keeper.open(TICKS)
    for name in ("panel", "lamp"):
        keeper.take(name, Offered(window=Window(start=0, ticks=TICKS), offer=Nothing(), state={}))
    assert keeper.change(Change(device="sun", from_tick=0, on=False)) == 0
    assert "sun" in opened.revisions and keeper.opened is not None and "sun" not in keeper.opened.revisions
    assert keeper.missing() == ("grid", "inverter", "kettle", "panel")


def test_who_leaves_for_good_and_comes_again_is_new(keeper: Keeper) -> None:
    keeper.open(TICKS)
    for name in MEMBERS:
        keeper.take(name, packet(name))
    keeper.settle()
    wanted = MEMBERS["lamp"].model_copy(update={"hears": ("kettle",)})
    before = keeper.resume("lamp", wanted)
    keeper.change(Change(device="lamp", from_tick=0, removed=True))
    promised = keeper.resume("lamp", wanted)
    keeper.change(Change(device="lamp", from_tick=0, added=wanted))
    keeper.open(TICKS)
    there = keeper.resume("lamp")
    assert [one.member.hears for one in (before, promised, there)] == [(), ("kettle",), ("kettle",)]
    assert [one.last is None for one in (before, promised, there)] == [False, True, True]
    assert promised.opened is None and there.opened == keeper.opened


def test_of_two_settings_at_one_tick_the_devices_hear_the_last(keeper: Keeper) -> None:
    for watts in (1, 2):
        keeper.change(Change(device="lamp", from_tick=0, properties={"power_watts": watts}))
    assert [change.properties for change in keeper.open(TICKS).changes] == [{"power_watts": 2}]


def test_a_device_that_is_off_is_not_waited_for(keeper: Keeper) -> None:
    keeper.change(Change(device="lamp", from_tick=0, on=False))
    keeper.open(TICKS)
    assert keeper.take("lamp", packet("lamp", offer=Nothing())) is Verdict.STRANGER
    assert keeper.missing() == ("grid", "inverter", "kettle")
