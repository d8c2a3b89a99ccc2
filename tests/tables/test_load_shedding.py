"""Load shedding: hours, nesting and blocks as Eskom publishes them, and what it means for a grid."""

from itertools import product

import pytest

from joulebus.device import Inputs
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.physics.load_shedding import AREAS, SLOTS_A_DAY, STAGES, Area, dark_areas, outages
from joulebus.physics.schedule import unix_seconds
from joulebus_schemas.offers import Grid as GridOffer
from tests.tables.living import context, listed, span_of

CAPE_TOWN = "Africa/Johannesburg"
SLOTS_OF_FOUR_DAYS = [(day, slot) for day in range(1, 5) for slot in range(SLOTS_A_DAY)]

HOURS_IN_96 = [(0, 0), (1, 6), (2, 12), (3, 18), (4, 24), (5, 30), (6, 36), (7, 42), (8, 48)]


@pytest.mark.parametrize(("stage", "hours"), HOURS_IN_96)
def test_every_area_is_dark_for_as_many_hours_as_the_stage_says(stage: int, hours: int) -> None:
    for area, first in product(range(1, AREAS + 1), range(1, 29, 4)):
        days = range(first, first + 4)
        assert 2 * sum(area in dark_areas(stage, day, slot) for day in days for slot in range(SLOTS_A_DAY)) == hours


def test_a_higher_stage_darkens_what_a_lower_one_does_and_one_area_more() -> None:
    for day, slot, stage in product(range(1, 32), range(SLOTS_A_DAY), range(1, STAGES + 1)):
        lower, higher = dark_areas(stage - 1, day, slot), dark_areas(stage, day, slot)
        assert lower < higher
        assert len(higher) == stage


TIMETABLE = [
    # stage, day of the month, slot of two hours, areas
    (1, 1, 0, {1}),
    (2, 1, 0, {1, 9}),
    (3, 1, 0, {1, 9, 13}),
    (4, 1, 0, {1, 9, 13, 5}),
    (5, 1, 0, {1, 9, 13, 5, 2}),
    (8, 1, 0, {1, 9, 13, 5, 2, 10, 14, 6}),
    (1, 1, 11, {12}),
    (1, 5, 0, {2}),
    (4, 31, 4, {16, 8, 12, 4}),
]


@pytest.mark.parametrize(("stage", "day", "slot", "areas"), TIMETABLE)
def test_the_timetable_is_that_of_the_city(stage: int, day: int, slot: int, areas: set[int]) -> None:
    assert dark_areas(stage, day, slot) == areas


OUTAGES = [
    # stage, from, until, expected (area 1, first of the month: dark from 00:00 at stage 1, from 16:00 at stage 2)
    (0, "00:00", "23:00", []),
    (1, "00:00", "12:00", [("00:00", "02:30")]),
    (1, "01:00", "12:00", [("01:00", "02:30")]),
    (1, "00:00", "01:00", [("00:00", "01:30")]),
    (1, "03:00", "12:00", []),
    (2, "00:00", "23:00", [("00:00", "02:30"), ("16:00", "18:30")]),
]


@pytest.mark.parametrize(("stage", "begins", "ends", "expected"), OUTAGES)
def test_an_outage_lasts_its_slot_and_the_switching(stage: int, begins: str, ends: str, expected: list[tuple[str, str]]) -> None:
    def moment(time: str) -> int:
        return unix_seconds(f"2026-03-01 {time}", CAPE_TOWN)

    dark = outages(stage, (moment(begins), moment(ends)), Area(1, CAPE_TOWN, 1_800))
    assert dark == [(moment(first), moment(last)) for first, last in expected]


@pytest.mark.parametrize("tick_seconds", [1, 60, 900])
def test_a_grid_is_out_for_two_hours_and_a_half(tick_seconds: int) -> None:
    properties = GridProperties.model_validate(
        {"load_shedding_changes": [{"since": "2026-03-01 00:00", "stage": 1}, {"since": "2026-03-01 12:00", "stage": 0}]}
    )
    its = context("2026-02-28 22:00", CAPE_TOWN, tick_seconds)
    offer = GridDevice().offer(Inputs(its, properties, span_of(its, 24 * 3_600 // tick_seconds)), GridDevice().begin(its, properties))
    assert isinstance(offer, GridOffer)
    caps = listed(offer.import_joules_max)
    assert sum(caps) == 9_200 * (24 * 3_600 - 9_000)
    dark = [tick * tick_seconds for tick, cap in enumerate(caps) if cap == 0]
    assert (dark[0], dark[-1] + tick_seconds) == (7_200, 7_200 + 9_000)
