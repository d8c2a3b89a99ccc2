"""Load shedding by the timetable of the City of Cape Town: which of 16 areas is dark in which two hours, at which stage.

The timetable is a closed form in the day of the month and the two-hour slot; a higher stage darkens the areas of all
lower ones as well. Each outage lasts its slot and the time for switching after it.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from joulebus.physics.schedule import local_days, moment_of
from joulebus.physics.steps import Interval, merge, overlap

SLOT_SECONDS = 7_200
SLOTS_A_DAY = 12
AREAS = 16
STAGES = 8

_SHIFT_OF_STAGE = (0, 8, 12, 4)


def area_of_stage(stage: int, day_of_month: int, slot: int) -> int:
    """The area which this very stage adds to those of the stages below it."""
    number = (day_of_month - 1) * SLOTS_A_DAY + slot
    round_of_days = (day_of_month - 1) // 4 + (stage > 4)
    return (number + round_of_days % 4 + _SHIFT_OF_STAGE[(stage - 1) % 4]) % AREAS + 1


def dark_areas(stage: int, day_of_month: int, slot: int) -> frozenset[int]:
    """All areas without power in a slot; none at stage 0."""
    return frozenset(area_of_stage(lower, day_of_month, slot) for lower in range(1, stage + 1))


class Area(NamedTuple):
    """Where a home is in the timetable."""

    number: int
    timezone: str
    switching_seconds: int
    """How much longer than its slot an outage lasts."""


def outages(stage: int, held: Interval, area: Area) -> list[Interval]:
    """When an area is dark because of a stage that holds in an interval of time.

    A slot that has begun when the stage begins darkens from then on, one that has not ended when the stage ends until then;
    switching follows after both.
    """
    begins, ends = held
    if stage == 0 or begins >= ends:
        return []
    dark: list[Interval] = []
    for day in local_days(area.timezone, begins, ends):
        dark += overlap(list(_dark_slots(stage, area.number, area.timezone, day)), [held])
    return merge((first, last + area.switching_seconds) for first, last in dark)


@lru_cache(maxsize=1024)
def _dark_slots(stage: int, area: int, timezone: str, day: int) -> tuple[Interval, ...]:
    """The dark slots of a local day, without switching."""
    slots = [slot for slot in range(SLOTS_A_DAY) if area in dark_areas(stage, date.fromordinal(day).day, slot)]
    edges = ((slot * SLOT_SECONDS, (slot + 1) * SLOT_SECONDS) for slot in slots)
    return tuple((moment_of(timezone, day, first), moment_of(timezone, day, last)) for first, last in edges)
