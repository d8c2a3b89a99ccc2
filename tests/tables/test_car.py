"""A car: at home, away, empty; what it offers, what it drives, and when it leaves next."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from joulebus.device import DeviceContext, Inputs
from joulebus.devices.car import Car, CarProperties, Trip
from joulebus.physics.schedule import unix_seconds
from joulebus_schemas.offers import Outcome, Storage
from joulebus_schemas.series import RunLengths
from tests.tables.living import BRUSSELS, context, listed, span_of

CAR = Car()
WORK = {"departs": "Mon-Fri 07:30", "hours": 9, "km": 60}


def at_home(begins: str, tick_seconds: int = 60) -> DeviceContext:
    """Of a car with a charger."""
    return replace(context(begins, tick_seconds=tick_seconds), hears=("wallbox",), kinds={"wallbox": "charger"})


def offered(its: DeviceContext, ticks: int, **properties: object) -> Storage:
    asked = CarProperties.model_validate(properties)
    return CAR.offer(Inputs(its, asked, span_of(its, ticks)), CAR.begin(its, asked))


def plugged(its: DeviceContext, ticks: int, **properties: object) -> list[int]:
    series = offered(its, ticks, **properties).plugged_seconds
    assert series is not None
    return listed(series)


def driven(its: DeviceContext, ticks: int, **properties: object) -> list[int]:
    series = offered(its, ticks, **properties).driving
    assert series is not None
    return listed(series)


MONDAY, SUNDAY = "2026-06-01 07:29", "2026-05-31 07:29"


def test_a_car_is_unplugged_from_its_departure_until_it_is_back() -> None:
    assert plugged(at_home(MONDAY), 3, trips=[WORK]) == [60, 0, 0]
    assert plugged(at_home(SUNDAY), 3, trips=[WORK]) == [60, 60, 60]
    assert plugged(at_home("2026-06-01 16:29"), 3, trips=[WORK]) == [0, 60, 60]
    assert plugged(at_home(MONDAY, 120), 1, trips=[WORK]) == [60]
    assert plugged(at_home(MONDAY), 1, plugged_in=False) == [0]
    assert plugged(context(MONDAY, tick_seconds=60), 1) == [0], "without a charger it is nowhere plugged in"


def test_a_car_drives_its_kilometres_while_it_is_away() -> None:
    whole = driven(at_home("2026-06-01 00:00"), 1_440, trips=[WORK])
    assert sum(whole) == pytest.approx(60 * 180 * 3_600, abs=40)
    assert (whole[7 * 60 + 29], whole[16 * 60 + 30]) == (0, 0)
    assert set(whole[7 * 60 + 30 : 16 * 60 + 30]) == {72_000}
    twice = driven(at_home("2026-06-01 00:00"), 1_440, trips=[WORK, {"departs": "2026-06-01 08:00", "hours": 1, "km": 10}])
    assert sum(twice) == pytest.approx(70 * 180 * 3_600, abs=40)


def test_no_cutting_of_time_changes_what_it_drives() -> None:
    its, trips = at_home("2026-06-01 07:00"), [WORK | {"km": 61.7}]
    parts = []
    for start, ticks in ((0, 7), (7, 93), (100, 300)):
        span = span_of(its, ticks, start)
        series = CAR.offer(Inputs(its, CarProperties.model_validate({"trips": trips}), span), CAR.begin(its, CarProperties())).driving
        assert isinstance(series, RunLengths)
        parts += listed(series)
    assert parts == driven(its, 400, trips=trips)


def test_a_car_offers_its_shares_as_joules_and_its_curve_as_watts() -> None:
    offer = offered(at_home(MONDAY), 1, capacity_kwh=50, target_percent=70, minimum_percent=10, initial_percent=40, charge_watts_max=7_400)
    kwh = 3_600_000
    assert (offer.most_joules, offer.least_joules, offer.level_microjoules) == (35 * kwh, 5 * kwh, 20 * kwh * 10**6)
    assert offer.taper == ((45 * kwh, 7_400), (50 * kwh, 1_850))
    assert (offer.side, offer.charger) == ("ac", "wallbox")
    assert Storage.model_validate_json(offer.model_dump_json()) == offer


def test_metres_follow_from_joules_without_a_rest_that_is_lost() -> None:
    its, asked = at_home(MONDAY), CarProperties(consumption_wh_per_km=200)
    state = CAR.begin(its, asked)
    for _ in range(3):
        state = CAR.advance(Inputs(its, asked, span_of(its, 1)), state, Outcome(driven_joules=1_000, level_microjoules=5))
    assert (state.driven_joules, state.driven_metres, state.level_microjoules) == (3_000, 4, 5)


@pytest.mark.parametrize(
    ("begins", "leaves"),
    [
        (MONDAY, "2026-06-01 07:30"),
        ("2026-06-01 07:30", "2026-06-01 07:30"),
        ("2026-06-05 08:00", "2026-06-08 07:30"),
        ("2026-06-06 12:00", "2026-06-07 10:00"),
    ],
)
def test_a_car_says_when_it_leaves_next(begins: str, leaves: str) -> None:
    its = at_home(begins)
    trips = [WORK, {"departs": "2026-06-07 10:00", "hours": 1, "km": 1}] if begins.startswith("2026-06-06") else [WORK]
    found = CAR.moment(Inputs(its, CarProperties.model_validate({"trips": trips}), span_of(its, 1)))
    assert found["next_departure_unix_seconds"] == unix_seconds(leaves, BRUSSELS)
    assert found["plugged"] == int(begins != "2026-06-01 07:30" and begins != "2026-06-05 08:00")


def test_a_car_without_trips_leaves_never() -> None:
    assert CAR.moment(Inputs(at_home(MONDAY), CarProperties(), span_of(at_home(MONDAY), 1))) == {
        "plugged": 1,
        "next_departure_unix_seconds": 0,
    }


@pytest.mark.parametrize(
    ("departs", "reason"),
    [
        ("at dawn", "a time of day must read"),
        ("2026-13-01 07:00", "a moment must read"),
        (27_000, "a time of day must be a text in quotes"),
    ],
)
def test_a_departure_that_is_none_is_refused(departs: object, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Trip.model_validate({"departs": departs, "hours": 1, "km": 1})


def test_a_charge_curve_that_does_not_rise_is_refused() -> None:
    with pytest.raises(ValidationError, match="must rise in percent of the capacity; 80 came after 90"):
        CarProperties.model_validate({"charge_curve": [[90, 100], [80, 50]]})
