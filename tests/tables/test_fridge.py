"""A fridge: warm, in its band, cold; the exact phases of its compressor."""

from typing import Any

import pytest

from joulebus.devices.fridge import Fridge, FridgeProperties
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus_schemas.offers import Outcome
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, context, live

PERIOD_SECONDS = 2_085.4807 + 320.5206


def lived(
    seconds: int, windows: list[int] | None = None, tick_seconds: int = 1, grid: dict[str, Any] | None = None, **properties: Any
) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties.model_validate(grid or {})),
        "fridge": (Fridge(), FridgeProperties.model_validate(properties)),
    }
    return live(members, seconds // tick_seconds, windows or [86_400] * 400, tick_seconds=tick_seconds)


def millicelsius(life: Life, **properties: Any) -> int:
    known = FridgeProperties.model_validate(properties)
    state = life.states["fridge"]
    return Fridge().readings(context("2026-03-02"), known, state, Outcome())["temperature_millicelsius"]  # type: ignore[arg-type]


FIRST_HOURS = [
    # set point that it starts from and is kept at, seconds, joules: it warms from 4 to 5 degrees in 1071.7 s, runs 320.52 s, and is
    # off for 2085.48 s and what the last second on has cooled it below the band
    (4.0, 1_072, 0),
    (4.0, 1_073, 120),
    (4.0, 1_072 + 320, 120 * 320),
    (4.0, 1_072 + 321, 120 * 321),
    (4.0, 1_072 + 321 + 2_089, 120 * 321),
    (4.0, 1_072 + 321 + 2_090, 120 * 322),
    (19.0, 3_600, 0),
]


@pytest.mark.parametrize(("setpoint", "seconds", "joules"), FIRST_HOURS)
def test_the_compressor_runs_in_the_exact_seconds(setpoint: float, seconds: int, joules: int) -> None:
    assert lived(seconds, setpoint_celsius=setpoint).totals["fridge"]["joules_in"] == joules


def test_in_the_long_run_it_draws_what_leaks_in() -> None:
    seconds = round(100 * PERIOD_SECONDS)
    watts = lived(seconds).totals["fridge"]["joules_in"] / seconds
    assert watts == pytest.approx(15.98606, rel=2e-3)
    assert watts * 8.76 == pytest.approx(140.0379, rel=2e-3)


TEMPERATURES = [
    # properties, grid, seconds, least and most millicelsius at the end
    ({}, {}, 86_400, 2_900, 5_100),
    ({}, {"connected": False}, 86_400, 21_700, 22_000),
    ({"setpoint_celsius": -18.0}, {}, 86_400, -19_100, -16_900),
    ({"power_watts": 1}, {}, 86_400, 20_000, 21_000),
]


@pytest.mark.parametrize(("properties", "grid", "seconds", "least", "most"), TEMPERATURES)
def test_it_is_as_cold_as_its_compressor_can(properties: dict[str, Any], grid: dict[str, Any], seconds: int, least: int, most: int) -> None:
    assert least <= millicelsius(lived(seconds, grid=grid, **properties), **properties) <= most


def test_neither_windows_nor_ticks_change_a_fridge() -> None:
    whole = lived(7_200)
    assert lived(7_200, [1, 1_000, 7, 3_000, 2_000, 2_000]).seals == whole.seals
    assert lived(7_200, tick_seconds=900).states == whole.states
    assert lived(7_200, tick_seconds=900).totals["fridge"] == whole.totals["fridge"]
