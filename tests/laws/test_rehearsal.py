"""What is let in can live: whatever odd properties a rehearsal accepts, the home then lives with them, window after window."""

import logging
from pathlib import Path
from typing import Any

import pytest

from joulebus.devices import KINDS
from joulebus.errors import JoulebusError, PropertyError
from joulebus.home.rehearsal import rehearse
from joulebus.home.round import Home, seat_of
from joulebus.home.seat import read_properties
from joulebus.homefile.home_file import HomeFile, hears_of
from joulebus_schemas.roster import Change, Member, Place
from tests.odd.values import Odd

START = 1_781_992_800
WINDOWS = (1, 59, 3_600, 1, 86_400)
SEEDS = 25
"""Odd sets of properties a kind; `make test-all` tries more."""
BASE = {
    "sun": Member(kind="sun"),
    "weather": Member(kind="weather"),
    "inverter": Member(kind="inverter"),
    "grid": Member(kind="grid"),
    "panel": Member(kind="panel"),
    "oven": Member(kind="oven"),
}
OURS = sorted(kind for kind, device in KINDS.items() if not device.lives_outside)


def home(tick_seconds: int = 1) -> Home:
    place = Place(latitude_degrees=50.0, longitude_degrees=4.0, timezone="Europe/Brussels")
    return Home.from_file(HomeFile("odd", place, START, tick_seconds, None, 1, BASE))


def let_in(one: Home, name: str, kind: str, properties: dict[str, Any]) -> bool:
    """As the supervisor and the device do it: whether it was let in."""
    born, roster = one.keeper.born, one.keeper.roster
    hears = hears_of({**roster, name: Member(kind=kind)})[name]
    before = roster.get(name, Member(kind=kind, hears=hears))
    try:
        seat = one.seats[name] if name in roster else None
        wanted = read_properties(KINDS[kind], properties, name)
        if seat is None:
            member = Member(kind=kind, hears=hears, properties=wanted.model_dump(mode="json"))
            seat = seat_of(born, name, member, {heard: roster[heard].kind for heard in hears})
        rehearse(seat, wanted, one.keeper.next_tick)
    except JoulebusError:
        return False
    said = wanted.model_dump(mode="json")
    if name in roster:
        one.keeper.change(Change(device=name, from_tick=0, properties=said))
    else:
        one.keeper.change(Change(device=name, from_tick=0, added=before.model_copy(update={"properties": said})))
    return True


def live(kind: str, seeds: range) -> int:
    """How many odd sets of properties of a kind were let in, after the home has lived with each."""
    accepted = 0
    schema = KINDS[kind].properties.model_json_schema()
    for seed in seeds:
        one = home(tick_seconds=(1, 60, 900)[seed % 3])
        one.round(1)
        properties = Odd(seed).of(schema)
        name = kind if kind in BASE else "newcomer"
        if isinstance(properties, dict) and let_in(one, name, kind, properties):
            accepted += 1
            for window in WINDOWS:
                one.round(min(window, 86_400 // one.keeper.born.tick_seconds))
    return accepted


@pytest.mark.parametrize("kind", OURS)
def test_what_a_rehearsal_accepts_a_home_can_live_with(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "joulebus.home")
    # Of a kind whose properties must be much, hardly any odd ones are let in.
    assert live(kind, range(SEEDS)) or live(kind, range(SEEDS, 10 * SEEDS))


@pytest.mark.slow
@pytest.mark.parametrize("kind", OURS)
def test_the_same_for_thousands(kind: str) -> None:
    assert live(kind, range(SEEDS, 2_000)) > 0


def words_of(path: Path) -> dict[str, tuple[str, dict[str, Any], str]]:
    (path / "typo.csv").write_text("a,b\n1,2\n")
    (path / "empty.csv").write_text("")
    (path / "folder").mkdir()
    return {
        "a weather file that is none": ("weather", {"source": "file", "file": str(path / "typo.csv")}, "a weather file must be"),
        "a weather file that is not there": ("weather", {"source": "file", "file": str(path / "no.epw")}, "must be readable"),
        "a weather file without end": ("weather", {"source": "file", "file": "/dev/zero"}, "must be a file of at most"),
        "a load without end": ("baseload", {"csv_path": "/dev/zero", "csv_column": "x"}, "must name a file of at most"),
        "a folder of loads": ("baseload", {"csv_path": str(path / "folder"), "csv_column": "x"}, "must name a file of at most"),
        "an empty load": ("baseload", {"csv_path": str(path / "empty.csv"), "csv_column": "x"}, "must have at least one row"),
        "prices that are none": ("grid", {"import_prices_file": str(path / "typo.csv")}, "typo.csv"),
    }


def test_what_a_device_cannot_live_with_is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    one = home()
    for case, (kind, properties, text) in words_of(tmp_path).items():
        name = kind if kind in BASE else "newcomer"
        seat = one.seats.get(name) or seat_of(one.keeper.born, name, Member(kind=kind), {})
        with pytest.raises(JoulebusError, match=text):
            rehearse(seat, read_properties(KINDS[kind], properties, name), 0)
            pytest.fail(case)


def test_a_bug_of_a_kind_is_a_refusal_and_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    oven = home().seats["oven"]
    monkeypatch.setattr(type(oven.device), "advance", lambda *_: 1 / 0)
    with pytest.raises(PropertyError, match=r"oven cannot live with these properties \(ZeroDivisionError"):
        rehearse(oven, oven.properties.model_copy(update={"power_watts": 1}), 0)
