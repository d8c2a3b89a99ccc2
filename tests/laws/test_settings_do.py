"""A setting does what its help says: each moves what it names, in the direction that it names."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from joulebus.home.round import Home
from joulebus.planning.api import HomeModel, load
from joulebus_core import decode_columns
from joulebus_schemas.journal import Changed, Committed
from tests.laws.headings import HEADING
from tests.laws.sentences import SENTENCES, is_test, properties_of_kinds, told_by

Courses = dict[str, list[int]]
"""Joules that each device took in each tick; what it gave is negative."""
Measure = Callable[[list[int]], float]

HOME: dict[str, Any] = {
    **HEADING,
    "home": "settings",
    "devices": {
        "grid": {"kind": "grid", "import_limit_watts": 20_000},
        "sun": {"kind": "sun"},
        "panel": {"kind": "panel", "peak_watts": 3_000, "tilt_degrees": 40},
        "battery": {"kind": "battery"},
        "inverter": {"kind": "inverter"},
        "fridge": {"kind": "fridge"},
        "geyser": {"kind": "geyser"},
        "oven": {"kind": "oven", "timers": ["12:00-14:00"]},
        "baseload": {"kind": "baseload"},
        "lights": {"kind": "lights", "timers": ["18:00-22:00"]},
        "tv": {"kind": "tv", "timers": ["18:00-22:00"]},
        "washing_machine": {"kind": "washing_machine", "starts": ["10:00"]},
        "appliance": {"kind": "appliance"},
    },
}


@lru_cache(maxsize=8)
def base() -> HomeModel:
    """A home with everything."""
    return load(HOME)


def courses(model: HomeModel) -> Courses:
    """A day, minute by minute."""
    found: Courses = {name: [0] * 1_440 for name in model.file.members}

    def read(record: Committed | Changed, columns: bytes) -> None:
        for giver, taker, runs in decode_columns(columns) if isinstance(record, Committed) else ():
            tick = record.window.start
            for count, joules in runs:
                for place in range(tick, tick + count):
                    for name, sign in ((giver, -1), (taker, 1)):
                        if name in found and "inverter" in (giver, taker) and name != "inverter":
                            found[name][place] += sign * joules
                tick += count

    home = Home.from_file(model.file)
    home.keeper.listener = read
    for _ in home.live(1_440):
        pass
    return found


def unserved(model: HomeModel, name: str) -> int:
    """Of a device, in a day."""
    return sum(settled.outcomes[name].unserved_joules for settled in Home.from_file(model.file).live(1_440))


def taken(course: list[int]) -> float:
    """All of it."""
    return sum(joules for joules in course if joules > 0)


def given(course: list[int]) -> float:
    """All of it."""
    return -sum(joules for joules in course if joules < 0)


def times_on(course: list[int]) -> float:
    """How often it went on."""
    return sum(now > 0 >= before for before, now in zip(course, course[1:], strict=False))


def highest(course: list[int]) -> float:
    """In a minute."""
    return max(course)


LESS, MORE = -1, 1

EFFECTS: list[tuple[str, Any, Any, str, Measure, int]] = [
    ("fridge.deadband_kelvin", 1, 4, "fridge", times_on, LESS),
    ("fridge.ambient_celsius", 15, 30, "fridge", taken, MORE),
    ("fridge.loss_watts_per_kelvin", 0.5, 2, "fridge", taken, MORE),
    ("fridge.heat_capacity_joules_per_kelvin", 20_000, 100_000, "fridge", times_on, LESS),
    ("fridge.cop_percent", 100, 300, "fridge", taken, LESS),
    ("geyser.setpoint_celsius", 50, 65, "geyser", taken, MORE),
    ("geyser.litres", 60, 300, "geyser", times_on, LESS),
    ("geyser.loss_watts_per_kelvin", 0.5, 6, "geyser", taken, MORE),
    ("geyser.deadband_kelvin", 2, 20, "geyser", times_on, LESS),
    ("geyser.inlet_celsius", 5, 20, "geyser", taken, LESS),
    ("geyser.ambient_celsius", 0, 40, "geyser", taken, LESS),
    ("lights.timers", ["18:00-19:00"], ["18:00-22:00"], "lights", taken, MORE),
    ("oven.deadband_kelvin", 20, 60, "oven", times_on, LESS),
    ("oven.loss_watts_per_kelvin", 3, 8, "oven", taken, MORE),
    ("oven.heat_capacity_joules_per_kelvin", 6_000, 12_000, "oven", taken, MORE),
    ("baseload.annual_kwh", 1_000, 2_000, "baseload", taken, MORE),
    ("panel.losses_percent", 0, 20, "panel", given, LESS),
    ("panel.albedo", 0.0, 0.8, "panel", given, MORE),
    ("inverter.pvwatts_version", 5, 8, "grid", given, LESS),
]
"""Property, a value, a higher one, whose course, what of it, and which way it goes."""


@pytest.mark.parametrize(("path", "low", "high", "device", "measure", "way"), EFFECTS)
def test_a_setting_moves_what_it_names(path: str, low: Any, high: Any, device: str, measure: Measure, way: int) -> None:
    before, after = (measure(courses(base().set({path: value}))[device]) for value in (low, high))
    assert (after - before) * way > 0


LOADS = ("appliance", "baseload", "fridge", "geyser", "lights", "oven", "tv", "washing_machine")


@pytest.mark.parametrize("kind", LOADS)
def test_the_lowest_shedding_priority_is_shed_first(kind: str) -> None:
    equal = {f"{load}.shedding_priority": 5 for load in LOADS}
    dark = base().set({**equal, "inverter.import_cap_watts": 2_050, "battery.on": False, "panel.on": False})
    first, last = (unserved(dark.set({f"{kind}.shedding_priority": value}), kind) for value in (0, 9))
    assert first > last


def test_annual_kwh_is_proportional() -> None:
    one, two = (taken(courses(base().set({"baseload.annual_kwh": kwh}))["baseload"]) for kwh in (1_000, 2_000))
    assert two == pytest.approx(2 * one, rel=0.001)


CHARGED = {"inverter.charge_from_grid": "always", "panel.on": False, "battery.initial_percent": 10}


def test_charge_watts_max_is_what_the_inverter_turns_into_charge() -> None:
    half, whole = (highest(courses(base().set({**CHARGED, "inverter.charge_watts_max": watts}))["battery"]) for watts in (1_000, 2_000))
    assert (half, whole) == (pytest.approx(1_000 * 60 * 0.96, abs=2), pytest.approx(2_000 * 60 * 0.96, abs=2))


def test_charge_efficiency_percent_is_of_turning_ac_into_charge() -> None:
    model = base().set({**CHARGED, "inverter.charge_watts_max": 1_000, "inverter.charge_efficiency_percent": 80})
    assert highest(courses(model)["battery"]) == pytest.approx(1_000 * 60 * 0.8, abs=2)


def test_above_import_cap_watts_the_battery_helps_and_then_loads_are_shed() -> None:
    model = base().set({"inverter.import_cap_watts": 2_000, "inverter.discharge": "never", "panel.on": False})
    found = courses(model)
    assert highest([-joules for joules in found["grid"]]) <= 2_000 * 60
    assert given(found["battery"]) > 0


def test_without_shed_above_import_cap_the_grid_serves_the_rest() -> None:
    model = base().set({"inverter.import_cap_watts": 1_000, "battery.on": False, "panel.on": False})
    for sheds in (True, False):
        found = model.set({"inverter.shed_above_import_cap": sheds})
        assert (unserved(found, "oven") > 0, highest([-joules for joules in courses(found)["grid"]]) > 1_000 * 60) == (sheds, not sheds)


OUT = {"grid.daily_outages": ["02:00-04:00"]}


def test_island_operation_serves_the_home_while_the_grid_is_out() -> None:
    served, dark = (courses(base().set({**OUT, "inverter.island_operation": on}))["appliance"][120:240] for on in (True, False))
    assert (taken(served), taken(dark)) == (7_200 * 100, 0)


def test_restore_reserve_charges_up_to_the_reserve_from_the_grid() -> None:
    low = {"battery.initial_percent": 20, "inverter.reserve_percent": 50, "panel.on": False, "battery.standby_watts": 0}
    kept, left = (courses(base().set({**low, "inverter.restore_reserve": on}))["battery"] for on in (True, False))
    assert taken(left) == 0
    assert taken(kept) == pytest.approx(0.3 * 36_000_000 / 0.97, rel=0.001)


def test_reserve_during_is_when_the_reserve_is_kept() -> None:
    said = {"battery.initial_percent": 50, "battery.standby_watts": 0, "inverter.reserve_percent": 48, "panel.on": False}
    half = 36_000_000 * 0.02
    for when, (morning, evening) in {"always": (True, True), "never": (False, False), ("00:00-12:00",): (True, False)}.items():
        course = courses(base().set({**said, "inverter.reserve_during": when}))["battery"]
        served = [given(course[:720]), given(course)]
        assert [joules <= half for joules in served] == [morning, evening], when
    restored = {**said, "battery.initial_percent": 20, "inverter.restore_reserve": True, "inverter.reserve_during": ["06:00-08:00"]}
    course = courses(base().set(restored))["battery"]
    assert (taken(course[:360]), taken(course[480:])) == (0, 0) and taken(course[360:480]) > 0


def test_idle_from_battery_draws_night_watts_without_a_grid() -> None:
    alone = {"grid.connected": False, "panel.on": False, "inverter.night_watts": 20, "inverter.idle_from_battery": True}
    idle = {f"{kind}.on": False for kind in LOADS}
    assert given(courses(base().set({**alone, **idle}))["battery"]) == 20 * 86_400
    assert given(courses(base().set({**alone, **idle, "inverter.idle_from_battery": False}))["battery"]) == 0


def test_sleeps_at_minimum_ends_the_standby_of_an_empty_battery() -> None:
    empty = {"battery.initial_percent": 5, "grid.connected": False, "panel.on": False}
    lost = []
    for sleeps in (True, False):
        home = Home.from_file(base().set({**empty, "battery.sleeps_at_minimum": sleeps}).file)
        lost.append(sum(settled.outcomes["battery"].heat_joules for settled in home.live(1_440)))
    assert lost == [0, 5 * 86_400]


def test_retry_seconds_is_how_long_a_program_waits_after_it_went_without() -> None:
    dark = base().set({"grid.daily_outages": ["10:00-10:01"], "battery.on": False, "panel.on": False})
    begins = [courses(dark.set({"washing_machine.retry_seconds": wait}))["washing_machine"].index(4_800) for wait in (60, 600)]
    assert begins == [602, 611]


def test_standby_watts_are_lost_always() -> None:
    home = Home.from_file(
        base().set({"battery.standby_watts": 7, "grid.connected": False, "panel.on": False, "inverter.discharge": "never"}).file
    )
    assert sum(settled.outcomes["battery"].heat_joules for settled in home.live(60)) >= 7 * 3_600


def two(kind: str, **properties: Any) -> HomeModel:
    """The home with a second device of a kind, which alone has these properties."""
    return load({**HOME, "devices": {**HOME["devices"], f"other_{kind}": {**HOME["devices"][kind], **properties}}})


def test_the_battery_of_the_highest_priority_is_used_first() -> None:
    dark = {"panel.on": False, "battery.initial_percent": 90, "other_battery.initial_percent": 90}
    before, after = (courses(two("battery", priority=priority).set(dark)) for priority in (4, 6))
    assert given(before["battery"]) > given(before["other_battery"]) >= 0
    assert given(after["other_battery"]) > given(after["battery"]) >= 0


def test_the_panel_of_the_lowest_priority_is_curtailed_first() -> None:
    zero = {"inverter.export_limit_watts": 0, "battery.on": False}
    for priority, less, more in ((4, "other_panel", "panel"), (6, "panel", "other_panel")):
        found = courses(two("panel", shedding_priority=priority).set(zero))
        assert given(found[less]) < given(found[more])


def test_backup_only_keeps_the_battery_for_outages() -> None:
    kept = courses(base().set({**OUT, "inverter.backup_only": True, "panel.on": False}))["battery"]
    assert given(kept[120:240]) == given(kept) > 0


def test_export_limit_watts_is_what_goes_to_the_grid_at_most() -> None:
    found = courses(base().set({"inverter.export_limit_watts": 500, "battery.on": False}))["grid"]
    assert highest(found) == 500 * 60


NOBODY_AT_HOME = {**{f"{kind}.on": False for kind in LOADS}, "battery.on": False, "panel.peak_watts": 20_000}


@pytest.mark.parametrize(
    ("properties", "watts"),
    [
        ({"inverter.grid_code": "belgium_one_phase"}, 5_000),
        ({"inverter.grid_code": "belgium_three_phases"}, 10_000),
        ({"inverter.grid_code": "belgium_three_phases", "inverter.rating_watts": 6_000}, 6_000),
        ({"inverter.grid_code": "belgium_three_phases", "inverter.export_limit_watts": 0}, 0),
        ({"inverter.grid_code": "belgium_three_phases", "inverter.export_limit_watts": 3_000}, 3_000),
        ({"inverter.grid_code": "belgium_three_phases", "grid.export_limit_watts": 4_000}, 4_000),
        ({"inverter.grid_code": "none"}, 12_000),
    ],
)
def test_grid_code_is_what_an_inverter_gives_at_most_in_belgium_and_other_limits_hold_beside_it(
    properties: dict[str, Any], watts: int
) -> None:
    home = base().set(
        {**NOBODY_AT_HOME, "inverter.night_watts": 0, "inverter.rating_watts": 12_000, "grid.export_limit_watts": 20_000, **properties}
    )
    assert highest(courses(home)["grid"]) == watts * 60


@pytest.mark.parametrize("name", properties_of_kinds())
def test_every_property_has_a_test_of_its_sentence(name: str) -> None:
    assert name in SENTENCES, f"{name} is not in tests/laws/sentences.py: name the test that shows that it does what its help says"
    assert is_test(SENTENCES[name]), f"{SENTENCES[name]} does not exist"


@pytest.mark.parametrize("name", SENTENCES)
def test_the_test_of_a_sentence_says_the_property(name: str) -> None:
    told, short = told_by(SENTENCES[name]), name.split(".")[1]
    of_a_way = re.sub("^(import|export)_", "{way}_", short)  # One test is of both ways.
    assert short in told or of_a_way in told, f"{SENTENCES[name]} never says {short}, so it cannot fail when {name} does nothing"


def test_no_sentence_is_of_a_property_that_is_gone() -> None:
    assert sorted(SENTENCES) == sorted(properties_of_kinds())
