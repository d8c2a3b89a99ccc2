"""The rules by which cars are charged: one row for each, and cars that share."""

from dataclasses import replace

import pytest

from joulebus.physics.charging import CarNow, HomeNow, TripNeed, charges
from joulebus_schemas.facts import HOUR_SECONDS, JOULES_PER_KWH

NOON = 1_780_000_200
CAR = CarNow("car", True, 50.0, 80.0, 4_140, 11_040)
HOME = HomeNow(NOON, False, 0, 5_000)


def trip(hours: float, kwh: float, cheap_hours: float = 8.0) -> TripNeed:
    """One that begins in so many hours."""
    return TripNeed(NOON + round(hours * HOUR_SECONDS), kwh * JOULES_PER_KWH, round(cheap_hours * HOUR_SECONDS))


@pytest.mark.parametrize(
    ("car", "home", "expected"),
    [
        (replace(CAR, percent=19.0), replace(HOME, room_watts=-2_000), (1, "full", 11_040)),  # Whatever it costs.
        (replace(CAR, trip=trip(2.0, 20)), replace(HOME, room_watts=0), (2, "full", 11_040)),  # A sudden trip.
        (replace(CAR, trip=trip(0.5, 1.5)), replace(HOME, room_watts=0), (2, "full", 6_000)),  # No more than it still needs.
        (replace(CAR, trip=trip(0.5, 0.5)), replace(HOME, room_watts=0), (2, "full", 4_140)),
        (replace(CAR, trip=trip(2.4, 20, 0)), HOME, (3, "shared", 5_000)),  # No cheap hours before it would do: as much as there is room.
        (replace(CAR, trip=trip(18, 20)), HOME, (3, "pause", 0)),
        (replace(CAR, trip=trip(18, 40)), replace(HOME, is_cheap=True), (3, "shared", 5_000)),
        (replace(CAR, trip=trip(18, 40)), replace(HOME, is_cheap=True, room_watts=9_000), (3, "shared", 5_000)),
        (replace(CAR, trip=trip(18, 20)), replace(HOME, surplus_watts=6_000), (3, "surplus", 6_000)),
        (CAR, replace(HOME, surplus_watts=6_000), (4, "surplus", 6_000)),
        (CAR, replace(HOME, surplus_watts=4_139), (6, "pause", 0)),  # A cloud.
        (CAR, replace(HOME, is_cheap=True), (5, "shared", 5_000)),
        (CAR, replace(HOME, is_cheap=True, room_watts=2_000), (5, "pause", 0)),  # The oven at 18:00.
        (replace(CAR, percent=80.0), replace(HOME, is_cheap=True), (6, "pause", 0)),
        (CAR, HOME, (6, "pause", 0)),
        (replace(CAR, is_plugged=False, percent=5.0), HOME, (6, "pause", 0)),
    ],
)
def test_the_first_rule_that_fits_wins(car: CarNow, home: HomeNow, expected: tuple[int, str, int]) -> None:
    (charge,) = charges([car], home)
    assert (charge.rule, charge.way, charge.watts) == expected, charge.reason


def test_two_cars_share_the_room_and_who_must_leave_first_comes_first() -> None:
    small = replace(CAR, watts_min=1_380, watts_max=7_360)
    early, late = (replace(small, name=name, trip=trip(hours, 16, 4)) for name, hours in (("z_early", 10), ("a_late", 14)))
    found = charges([late, early], replace(HOME, is_cheap=True, room_watts=6_000))
    assert [(one.car, one.way, one.watts) for one in found] == [("z_early", "shared", 4_000), ("a_late", "shared", 2_000)]
    assert found[0].reason == "its trip needs 16.0 kWh in 10.0 h, spread over the cheap hours before it"


def test_of_two_cars_without_a_trip_the_emptier_one_comes_first() -> None:
    cars = [replace(CAR, name="a", percent=60.0), replace(CAR, name="b", percent=40.0)]
    found = charges(cars, replace(HOME, is_cheap=True, room_watts=9_000))
    assert [(one.car, one.watts) for one in found] == [("b", 9_000), ("a", 0)]
    assert found[1].reason == "it is cheap now, and the car is below its 80 %; but 0.00 kW are left, and it needs 4.14 kW"


def test_a_nearly_empty_car_takes_the_room_of_the_others() -> None:
    cars = [replace(CAR, name="a", percent=70.0), replace(CAR, name="b", percent=10.0)]
    found = charges(cars, replace(HOME, is_cheap=True, room_watts=12_000))
    assert [(one.car, one.rule, one.watts) for one in found] == [("b", 1, 11_040), ("a", 5, 0)]


def test_surplus_and_room_are_two_pots() -> None:
    cars = [replace(CAR, name="a", percent=70.0, watts_min=1_380), replace(CAR, name="b", percent=40.0, watts_min=1_380)]
    found = charges(cars, replace(HOME, surplus_watts=12_000))
    assert [(one.car, one.way, one.watts) for one in found] == [("b", "surplus", 11_040), ("a", "pause", 0)]
