"""Lights: dark, dimmed and bright."""

import pytest

from joulebus.devices.lights import Lights, LightsProperties
from tests.tables.living import assert_no_cut_matters, assert_no_tick_matters, context, wants

HOURS = 5.75
"""Of a day, in the default timers."""

JOULES_OF_A_DAY = [
    # power, brightness, joules
    (80.0, 0, 0),
    (80.0, 50, int(40 * HOURS * 3_600)),
    (80.0, 100, int(80 * HOURS * 3_600)),
    (60.0, 33, int(19.8 * HOURS * 3_600)),
    (7.5, 100, int(7.5 * HOURS * 3_600)),
    (0.0, 100, 0),
]


@pytest.mark.parametrize(("power", "brightness", "joules"), JOULES_OF_A_DAY)
def test_a_day_of_light_follows_power_and_brightness(power: float, brightness: int, joules: int) -> None:
    properties = LightsProperties(power_watts=power, brightness_percent=brightness, jitter_minutes=0)
    assert sum(wants(Lights(), properties, context("2026-03-02"), 86_400)) == joules


def test_neither_windows_nor_ticks_change_lights() -> None:
    properties = LightsProperties(brightness_percent=33, jitter_minutes=40)
    assert_no_cut_matters(Lights(), properties, context("2026-03-02 05:30"), [1, 600, 7, 3_000, 11, 6_000, 5])
    assert_no_tick_matters(Lights(), properties, "2026-03-02 05:30", 10_800)
