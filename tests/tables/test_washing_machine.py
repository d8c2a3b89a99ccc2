"""A washing machine: idle, in its program, and paused because it got too little."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.devices.washing_machine import WashingMachine, WashingMachineProperties, WashingMachineState
from joulebus_schemas.offers import Outcome
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, context, live

PROGRAM = [[600, 80], [1_200, 2_000], [600, 0], [300, 450]]
JOULES = 600 * 80 + 1_200 * 2_000 + 300 * 450
SECONDS = 2_700


def lived(
    seconds: int, windows: list[int] | None = None, tick_seconds: int = 1, grid: dict[str, Any] | None = None, **properties: Any
) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties.model_validate(grid or {})),
        "washer": (WashingMachine(), WashingMachineProperties.model_validate({"program": PROGRAM, "starts": ["10:00"], **properties})),
    }
    return live(members, seconds // tick_seconds, windows or [3_600] * 1_000, "2026-03-02 09:30", tick_seconds)


def state(life: Life) -> WashingMachineState:
    found = life.states["washer"]
    assert isinstance(found, WashingMachineState)
    return found


COURSE = [
    # properties, seconds after 09:30, joules, position in the program, programs finished
    ({}, 1_800, 0, None, 0),
    ({}, 1_801, 80, 1, 0),
    ({}, 2_400, 48_000, 600, 0),
    ({}, 2_401, 50_000, 601, 0),
    ({}, 1_800 + SECONDS, JOULES, None, 1),
    ({}, 10_800, JOULES, None, 1),
    ({"starts": []}, 10_800, 0, None, 0),
    ({"starts": ["Tue 10:00"]}, 10_800, 0, None, 0),
    ({"starts": ["10:00", "10:30"]}, 10_800, JOULES, None, 1),
    ({"starts": ["10:00", "10:45"]}, 10_800, 2 * JOULES, None, 2),
]


@pytest.mark.parametrize(("properties", "seconds", "joules", "position", "finished"), COURSE)
def test_a_program_runs_from_its_start_to_its_end(
    properties: dict[str, Any], seconds: int, joules: int, position: int | None, finished: int
) -> None:
    life = lived(seconds, **properties)
    assert life.totals["washer"]["joules_in"] == joules
    assert (state(life).position_seconds, state(life).finished) == (position, finished)


DARK = [
    # outage, joules of its course that come later, seconds by which the end is later
    ("10:45-11:00", 0, 0),
    ("10:31-10:39", 0, 0),
    ("10:20-10:21", 61 * (2_000 + 450), 61),
    ("10:20-10:22", 122 * (2_000 + 450), 122),
    ("09:55-10:20", 600 * 80 + 620 * 2_000 + 580 * (2_000 - 80), 1_220),
]


@pytest.mark.parametrize(("outage", "delayed", "later"), DARK)
def test_it_pauses_in_the_dark_and_tries_again_every_minute(outage: str, delayed: int, later: int) -> None:
    life = lived(10_800, grid={"daily_outages": [outage]})
    assert life.totals["washer"]["joules_in"] == JOULES
    assert life.totals["washer"]["unserved_joules"] == life.totals["washer"]["served_later_joules"] == delayed
    assert state(life).finished == 1
    assert state(lived(1_800 + SECONDS + later - 1, grid={"daily_outages": [outage]})).finished == 0
    assert state(lived(1_800 + SECONDS + later, grid={"daily_outages": [outage]})).finished == 1


OUTAGES = ["10:05-10:08", "10:21-10:40", "11:00-11:01"]


@settings(max_examples=15, deadline=None)
@given(some.lists(some.integers(1, 1_500), min_size=2, max_size=10))
def test_no_cut_of_time_into_windows_changes_a_washing_machine(lengths: list[int]) -> None:
    cut, whole = (lived(8_100, windows, grid={"daily_outages": OUTAGES}) for windows in ([*lengths, *[900] * 60], [8_100] * 60))
    assert (cut.seals, cut.states) == (whole.seals, whole.states)


@pytest.mark.parametrize("tick_seconds", [1, 60, 300, 900])
def test_it_finishes_at_every_length_of_the_tick(tick_seconds: int) -> None:
    life = lived(10_800, tick_seconds=tick_seconds)
    assert life.totals["washer"]["joules_in"] == JOULES
    assert state(life).finished == 1


def test_what_it_reads_is_what_is_left() -> None:
    device, its = WashingMachine(), context("2026-03-02")
    properties = WashingMachineProperties.model_validate({"program": PROGRAM})
    rows = [
        (WashingMachineState(), 0),
        (WashingMachineState(position_seconds=700), 2_000),
        (WashingMachineState(position_seconds=9_999), 0),
    ]
    for found, left in rows:
        assert device.readings(its, properties, found, Outcome()) == {"program_seconds_left": left, "programs_finished": 0}


@pytest.mark.parametrize("properties", [{"program": []}, {"program": [[10, -1]]}, {"starts": ["10"]}, {"retry_seconds": 0}])
def test_what_no_washing_machine_can_be_is_refused(properties: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WashingMachineProperties.model_validate(properties)
