"""An oven: cold, preheating, in its band; and an oven alone that goes dark."""

from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.devices.oven import Oven, OvenProperties
from joulebus_schemas.offers import Outcome
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, context, live

ALWAYS = ("00:00-24:00",)


def lived(
    seconds: int, windows: list[int] | None = None, tick_seconds: int = 1, grid: dict[str, Any] | None = None, **properties: Any
) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties.model_validate(grid or {})),
        "oven": (Oven(), OvenProperties.model_validate({"timers": ALWAYS, **properties})),
    }
    return live(members, seconds // tick_seconds, windows or [86_400], tick_seconds=tick_seconds)


def millicelsius(life: Life) -> int:
    state = life.states["oven"]
    return Oven().readings(context("2026-03-02"), OvenProperties(), state, Outcome())["temperature_millicelsius"]  # type: ignore[arg-type]


BAKING = [
    # seconds, seconds with power: preheats 20 to 205 degrees in 1203.437 s, then 121.243 s off and 85.117 s on,
    # of which the last second on heats a little above the band
    (0, 0),
    (600, 600),
    (1_204, 1_204),
    (1_204 + 121, 1_204),
    (1_204 + 123, 1_204),
    (1_204 + 123 + 80, 1_204 + 80),
    (1_204 + 123 + 86 + 100, 1_204 + 86),
]


@pytest.mark.parametrize(("seconds", "on"), BAKING)
def test_an_oven_preheats_and_keeps_its_band_in_the_exact_seconds(seconds: int, on: int) -> None:
    assert lived(seconds).totals.get("oven", {"joules_in": 0})["joules_in"] == 2_400 * on


TIMERS = [
    # timers, properties, joules of three hours
    ((), {}, 0),
    (("00:00-00:10",), {}, 2_400 * 600),
    (("00:00-00:10", "02:50-03:00"), {}, 2_400 * 1_200),
    (("00:00-00:10",), {"power_watts": 1_000}, 1_000 * 600),
    (("00:00-03:00",), {"setpoint_celsius": 30.0, "ambient_celsius": 40.0}, 0),
]


@pytest.mark.parametrize(("timers", "properties", "joules"), TIMERS)
def test_an_oven_bakes_when_somebody_wants_it_to(timers: tuple[str, ...], properties: dict[str, Any], joules: int) -> None:
    assert lived(10_800, timers=timers, **properties).totals["oven"]["joules_in"] == joules


def test_an_oven_alone_goes_dark() -> None:
    life = lived(600, grid={"connected": False})
    assert life.totals["oven"] | {"joules_in": 0, "unserved_joules": 1_440_000} == life.totals["oven"]
    assert millicelsius(life) == 20_000


def test_neither_windows_nor_ticks_change_an_oven() -> None:
    whole = lived(7_200)
    assert lived(7_200, [1, 1_000, 7, 3_000, 2_000, 2_000]).seals == whole.seals
    assert lived(7_200, tick_seconds=900).states == whole.states
    assert lived(7_200, tick_seconds=900).totals["oven"] == whole.totals["oven"]


def test_a_new_set_point_holds_at_once() -> None:
    its, device = context("2026-03-02"), Oven()
    before, after = OvenProperties(), OvenProperties(setpoint_celsius=100.0)
    hot = device.begin(its, before).model_copy(update={"heat_microjoules": device.mass(before).heat(200_000), "on": True})
    assert device.changed(its, before, after, hot) == hot
    assert device.band(after) == (95_000, 105_000)


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"setpoint_celsius": 500}, "less than or equal to 320"),
        ({"timers": ["6pm"]}, "a daily window must read"),
        ({"loss_watts_per_kelvin": 0}, "greater than or equal to 0.01"),
    ],
)
def test_what_no_oven_can_be_is_refused(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        OvenProperties.model_validate(properties)
