"""An appliance: timers, duty, programs and standby, each alone and together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from joulebus.devices.appliance import Appliance, ApplianceProperties
from tests.tables.living import assert_no_cut_matters, assert_no_tick_matters, context, wants

DAY = 86_400
MONDAY = "2026-03-02"

JOULES_OF_A_DAY = [
    # properties, local day, joules
    ({"power_watts": 0}, MONDAY, 0),
    ({"power_watts": 100}, MONDAY, 100 * DAY),
    ({"power_watts": 100}, "2026-03-29", 100 * DAY),
    ({"power_watts": 1_000, "timers": []}, MONDAY, 0),
    ({"power_watts": 1_000, "timers": ["07:00-09:00"]}, MONDAY, 7_200_000),
    ({"power_watts": 1_000, "timers": ["07:00-09:00", "08:00-09:30"]}, MONDAY, 9_000_000),
    ({"power_watts": 1_000, "timers": ["Sat,Sun 07:00-09:00"]}, MONDAY, 0),
    ({"power_watts": 1_000, "timers": ["07:00-09:00"], "standby_watts": 2}, MONDAY, 7_200_000 + 2 * (DAY - 7_200)),
    ({"power_watts": 0.5}, MONDAY, DAY // 2),
    ({"power_watts": 0.001}, MONDAY, 86),
    ({"power_watts": 600, "duty_percent": 0}, MONDAY, 0),
    ({"power_watts": 600, "duty_percent": 50, "duty_period_seconds": 1_200}, MONDAY, 300 * DAY),
    ({"timers": [], "program": [[60, 2_000], [600, 100]], "starts": ["07:00"]}, MONDAY, 180_000),
    ({"timers": [], "program": [[60, 2_000], [600, 100]], "starts": ["07:00", "Sat 12:00"]}, MONDAY, 180_000),
    ({"timers": [], "program": [[60, 2_000]], "starts": ["07:00", "19:00"], "standby_watts": 1}, MONDAY, 240_000 + DAY - 120),
    ({"power_watts": 10, "program": [[60, 2_000]], "starts": ["07:00"]}, MONDAY, 10 * DAY + 120_000),
]


@pytest.mark.parametrize(("properties", "day", "joules"), JOULES_OF_A_DAY)
def test_a_day_of_an_appliance_adds_up(properties: dict[str, Any], day: str, joules: int) -> None:
    assert sum(wants(Appliance(), ApplianceProperties.model_validate(properties), context(day), DAY)) == joules


def test_a_program_goes_over_midnight() -> None:
    properties = ApplianceProperties.model_validate({"timers": [], "program": [[3_600, 100]], "starts": ["23:30"]})
    assert wants(Appliance(), properties, context(MONDAY, tick_seconds=900), 3) == [90_000, 90_000, 0]


def test_half_a_watt_is_a_joule_in_every_second_of_the_first_half_of_a_minute() -> None:
    properties = ApplianceProperties(power_watts=0.5)
    assert wants(Appliance(), properties, context(MONDAY), 120) == ([1] * 30 + [0] * 30) * 2
    assert wants(Appliance(), properties, context(MONDAY, tick_seconds=60), 3) == [30, 30, 30]


def test_chance_gives_each_appliance_a_phase_of_its_own() -> None:
    properties = ApplianceProperties(duty_percent=10, duty_period_seconds=3_600)
    one, other, again = (wants(Appliance(), properties, context(MONDAY, name=name), 3_600) for name in ("pump", "fan", "pump"))
    assert one != other
    assert one == again


everything = some.builds(
    lambda power, standby, jitter, duty, timers: ApplianceProperties(
        power_watts=power,
        standby_watts=standby,
        jitter_minutes=jitter,
        duty_percent=duty,
        duty_period_seconds=700,
        timers=timers,
        program=((120, 800.0), (45, 12.5)),
        starts=("01:30", "02:10"),
    ),
    some.sampled_from([0.0, 60.0, 90.25]),
    some.sampled_from([0.0, 0.5, 3.0]),
    some.sampled_from([0, 25]),
    some.sampled_from([40, 100]),
    some.sampled_from([("00:00-24:00",), ("22:00-01:10", "02:00-03:00"), ()]),
)


@settings(max_examples=30, deadline=None)
@given(everything, some.lists(some.integers(1, 1_500), min_size=2, max_size=8))
def test_no_cut_of_time_into_windows_changes_an_appliance(properties: ApplianceProperties, lengths: list[int]) -> None:
    assert_no_cut_matters(Appliance(), properties, context("2026-03-29 00:40"), lengths)


@settings(max_examples=15, deadline=None)
@given(everything)
def test_no_length_of_the_tick_changes_an_appliance(properties: ApplianceProperties) -> None:
    assert_no_tick_matters(Appliance(), properties, "2026-10-25 00:00", 14_400)


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"power_watts": -1}, "power_watts"),
        ({"power_watts": "100"}, "power_watts"),
        ({"duty_percent": 101}, "duty_percent"),
        ({"timers": ["7-9"]}, "timers"),
        ({"program": [[0, 100]]}, "program"),
        ({"power": 100}, "power"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(properties: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ApplianceProperties.model_validate(properties)
    assert refused.value.errors()[0]["loc"][0] == field
