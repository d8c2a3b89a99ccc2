"""A geyser: the exact exponential of its tank, with and without power, and with people who draw hot water."""

from math import exp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from joulebus.devices._thermostat import ThermostatState
from joulebus.devices.geyser import Geyser, GeyserProperties
from joulebus.devices.grid import GridDevice, GridProperties
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, context, live

HOUR = 3_600
JOULES_PER_KELVIN = 150 * 4_186
REFERENCE = {"initial_celsius": 60.0, "draws": ()}
"""150 L, 1.5 W/K, 3 kW, 20 degrees around it."""


def geyser(**properties: Any) -> tuple[Geyser, GeyserProperties]:
    return Geyser(), GeyserProperties.model_validate({**REFERENCE, **properties})


def lived(
    seconds: int, windows: list[int] | None = None, tick_seconds: int = 1, grid: dict[str, Any] | None = None, **properties: Any
) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties.model_validate(grid or {})),
        "geyser": geyser(**properties),
    }
    return live(members, seconds // tick_seconds, windows or [86_400] * 20, tick_seconds=tick_seconds)


def celsius(state: object) -> float:
    assert isinstance(state, ThermostatState)
    return state.heat_microjoules / JOULES_PER_KELVIN / 1e6


IDLE = [(0, 60.0), (HOUR, 59.657471179), (24 * HOUR, 52.540229700)]


@pytest.mark.parametrize(("seconds", "expected"), IDLE)
def test_a_geyser_without_power_cools_by_the_exact_exponential(seconds: int, expected: float) -> None:
    device, properties = geyser()
    its = context("2026-03-02")
    rested = device.rest(its, properties, device.begin(its, properties), seconds)
    assert celsius(rested) == pytest.approx(expected, abs=1e-8)
    dark = lived(seconds, grid={"connected": False}, timers=())
    assert celsius(dark.states["geyser"]) == pytest.approx(expected, abs=1e-6)


PHASES = [
    # seconds, joules: off from 60 to 55 degrees in 55896.24 s, on again to 60 degrees in 1066.50 s
    (55_897, 0),
    (55_898, 3_000),
    (55_897 + 1_066, 3_000 * 1_066),
    (55_897 + 1_067, 3_000 * 1_067),
    (55_897 + 1_068, 3_000 * 1_067),
    (55_897 + 1_067 + 55_000, 3_000 * 1_067),
]


@pytest.mark.parametrize(("seconds", "joules"), PHASES)
def test_the_thermostat_switches_in_the_exact_second(seconds: int, joules: int) -> None:
    assert lived(seconds).totals["geyser"]["joules_in"] == joules


def test_in_the_long_run_it_draws_what_it_loses() -> None:
    seconds = 10 * 57_000
    assert lived(seconds).totals["geyser"]["joules_in"] / seconds == pytest.approx(56.1682, rel=2e-3)


def test_a_tank_of_cold_water_takes_its_heat_capacity() -> None:
    mass = Geyser().mass(GeyserProperties())
    assert mass.heat(60_000) - mass.heat(15_000) == 28_255_500 * 1_000_000


def test_drawn_hot_water_is_replaced_by_cold_water() -> None:
    leak = 1.5 + 0.1 * 4_186
    rest = (1.5 * 20 + 0.1 * 4_186 * 15) / leak
    draws = [{"at": "00:10", "litres": 30, "litres_per_minute": 6}]
    state = lived(900, timers=(), draws=draws, loss_watts_per_kelvin=1.5).states["geyser"]
    before = 20 + 40 * exp(-600 / 418_600)
    assert celsius(state) == pytest.approx(rest + (before - rest) * exp(-leak * 300 / JOULES_PER_KELVIN), abs=1e-4)
    assert celsius(state) == pytest.approx(51.842884, abs=0.1)


DRAWS = [
    # draws, seconds, litres that ran
    ([], HOUR, 0.0),
    ([{"at": "00:10", "litres": 30}], 600, 0.0),
    ([{"at": "00:10", "litres": 30, "litres_per_minute": 6}], 600 + 150, 15.0),
    ([{"at": "00:10", "litres": 30, "litres_per_minute": 6}], HOUR, 30.0),
    ([{"at": "00:10", "litres": 30}, {"at": "00:11", "litres": 20}], HOUR, 50.0),
    ([{"at": "Tue 00:10", "litres": 30}], HOUR, 0.0),
]


@pytest.mark.parametrize(("draws", "seconds", "litres"), DRAWS)
def test_as_many_litres_run_as_people_draw(draws: list[dict[str, Any]], seconds: int, litres: float) -> None:
    device, properties = geyser(draws=draws)
    its = context("2026-03-02")
    steps = device.draws(its, properties, (its.start_unix_seconds, its.start_unix_seconds + seconds))
    assert sum((ends - begins) * drawn for begins, ends, drawn in steps) == litres * 1_000 * HOUR
    assert sum(ends - begins for begins, ends, _ in steps) == seconds


def test_timers_keep_it_off() -> None:
    cold: dict[str, Any] = {"initial_celsius": 40.0}
    assert lived(HOUR, **cold).totals["geyser"]["joules_in"] == 3_000 * HOUR
    assert lived(HOUR, timers=("00:30-00:40",), **cold).totals["geyser"]["joules_in"] == 3_000 * 600
    assert lived(HOUR, timers=(), **cold).totals["geyser"]["joules_in"] == 0


def test_half_the_power_warms_half_as_fast() -> None:
    limited = lived(HOUR, grid={"import_limit_watts": 1_500}, initial_celsius=30.0)
    small = lived(HOUR, power_watts=1_500, initial_celsius=30.0)
    assert limited.totals["geyser"] | {"joules_in": 1_500 * HOUR, "unserved_joules": 1_500 * HOUR} == limited.totals["geyser"]
    assert celsius(limited.states["geyser"]) == pytest.approx(celsius(small.states["geyser"]), abs=1e-6)


BUSY: dict[str, Any] = {
    "draws": [{"at": "00:20", "litres": 40}, {"at": "00:22", "litres": 30}],
    "initial_celsius": 56.0,
    "timers": ("00:00-00:50", "01:10-02:00"),
}


@settings(max_examples=15, deadline=None)
@given(some.lists(some.integers(1, 1_200), min_size=2, max_size=10))
def test_no_cut_of_time_into_windows_changes_a_geyser(lengths: list[int]) -> None:
    cut, whole = lived(5_400, [*lengths, *[1_800] * 3], **BUSY), lived(5_400, [5_400], **BUSY)
    assert (cut.seals, cut.states["geyser"]) == (whole.seals, whole.states["geyser"])


@pytest.mark.parametrize("tick_seconds", [60, 300, 900])
def test_no_length_of_the_tick_changes_a_geyser(tick_seconds: int) -> None:
    short, long = lived(5_400, **BUSY), lived(5_400, tick_seconds=tick_seconds, **BUSY)
    assert short.states["geyser"] == long.states["geyser"]
    assert short.totals["geyser"] == long.totals["geyser"]


def test_another_tank_takes_over_the_temperature() -> None:
    device, before = geyser()
    _, after = geyser(litres=300)
    its = context("2026-03-02")
    state = device.changed(its, before, after, device.begin(its, before))
    assert device.mass(after).millicelsius(state.heat_microjoules) == 60_000


REFUSED = [
    ({"litres": 0}, "greater than or equal to 1"),
    ({"setpoint_celsius": 100}, "less than or equal to 95"),
    ({"draws": [{"at": "07:00", "litres": 500, "litres_per_minute": 0.5}]}, "a draw must end within 6 hours"),
    ({"draws": [{"at": "7:00", "litres": 5}]}, "a time of day must read"),
    ({"litres": 5_000, "loss_watts_per_kelvin": 0.05}, "a thermal mass that is heated without end must rest at no more than"),
]


@pytest.mark.parametrize(("properties", "said"), REFUSED)
def test_what_no_geyser_can_be_is_refused(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        GeyserProperties.model_validate(properties)
