"""A charger: paused, switching, charging; what it lets through, and what it remembers of a session."""

import pytest
from pydantic import ValidationError

from joulebus.device import Inputs
from joulebus.devices.charger import ChargerDevice, ChargerProperties, ChargerState
from joulebus_schemas.offers import Outcome
from tests.tables.living import context, listed, span_of

CHARGER = ChargerDevice()
NOON = context("2026-06-01 12:00")


def limits(properties: ChargerProperties, state: ChargerState, ticks: int = 4, tick_seconds: int = 1) -> list[int]:
    its = context("2026-06-01 12:00", tick_seconds=tick_seconds)
    return listed(CHARGER.offer(Inputs(its, properties, span_of(its, ticks)), state).phase_joules_max)


@pytest.mark.parametrize(
    ("properties", "joules", "watts"),
    [
        ({}, 16 * 230, 3 * 16 * 230),
        ({"pause": True}, 0, 0),
        ({"amps": 6, "phase_count": 1}, 6 * 230, 6 * 230),
        ({"amps": 32, "volts": 240}, 32 * 240, 3 * 32 * 240),
        ({"amps": 10.4}, 2_392, 3 * 2_392),
        ({"amps": 6.1, "volts": 231}, 1_409, 4_227),  # 4,227.3 W
    ],
)
def test_a_charger_lets_through_its_amps_on_each_of_its_phases(properties: dict[str, int], joules: int, watts: int) -> None:
    asked = ChargerProperties.model_validate(properties)
    assert limits(asked, ChargerState()) == [joules] * 4
    assert CHARGER.readings(NOON, asked, ChargerState(), Outcome())["limit_watts"] == watts


@pytest.mark.parametrize("amps", [0, 5, 5.9, 33, 6.55])
def test_amps_that_no_car_takes_are_refused(amps: float) -> None:
    with pytest.raises(ValidationError):
        ChargerProperties.model_validate({"amps": amps})


def test_other_phases_are_switched_while_nothing_flows() -> None:
    before, after = ChargerProperties(), ChargerProperties(phase_count=1, switch_pause_seconds=3)
    state = CHARGER.changed(NOON, before, after, ChargerState())
    assert limits(after, state) == [0, 0, 0, 16 * 230]
    assert limits(after, state, 2, 2) == [0, 16 * 230]
    assert CHARGER.readings(NOON, after, state, Outcome())["limit_watts"] == 0
    for ticks, left in ((2, 1), (3, 0), (9, 0)):
        assert CHARGER.advance(Inputs(NOON, after, span_of(NOON, ticks)), state, Outcome()).switching_seconds == left


@pytest.mark.parametrize("after", [ChargerProperties(), ChargerProperties(amps=6), ChargerProperties(pause=True)])
def test_nothing_else_makes_it_wait(after: ChargerProperties) -> None:
    assert CHARGER.changed(NOON, ChargerProperties(), after, ChargerState()) == ChargerState()


def test_a_charger_remembers_its_session_and_all_that_passed() -> None:
    outcome = Outcome(on=True, session_joules=700, charged_joules=500, discharged_joules=20)
    state = CHARGER.advance(Inputs(NOON, ChargerProperties(), span_of(NOON, 1)), ChargerState(charged_joules=1_000), outcome)
    assert state == ChargerState(plugged=True, session_joules=700, charged_joules=1_500, discharged_joules=20)
    offer = CHARGER.offer(Inputs(NOON, ChargerProperties(energy_limit_wh=2), span_of(NOON, 1)), state)
    assert (offer.plugged, offer.session_joules, offer.session_joules_max) == (True, 700, 7_200)
    rested = CHARGER.rest(NOON, ChargerProperties(), state, 60)
    assert (rested.plugged, rested.session_joules, rested.charged_joules) == (False, 0, 1_500)
