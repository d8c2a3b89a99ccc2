"""The inverter: efficiency curves as tables, and policies as runs of ticks."""

from bisect import bisect_right
from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.device import Inputs, Span
from joulebus.devices.inverter import InverterDevice, InverterProperties, InverterState, SandiaCurve
from joulebus_schemas.base import INTEGER_MAX
from joulebus_schemas.offers import Inverter as InverterOffer
from joulebus_schemas.offers import Outcome
from tests.tables.heavens import BRUSSELS, context, unix

SMA = {"paco": 5060.0, "pdco": 5240.532227, "pso": 27.008066, "pnt": 1.518, "vdco": 365.0, "c0": -3.638127e-06}
FRONIUS = {"paco": 5000.0, "pdco": 5139.906738, "pso": 46.440655, "pnt": 1.5, "vdco": 650.0, "c0": -2.523561e-06}
ABB = {"paco": 250.0, "pdco": 259.588593, "pso": 2.089607, "pnt": 0.075, "vdco": 40.0, "c0": -4.1e-05}

PVWATTS = {"rating_watts": 4800, "pvwatts_version": 5}
PVWATTS_8 = {"rating_watts": 4800}
POINTS: list[tuple[dict[str, Any], float, float]] = [
    *[(PVWATTS, dc, ac) for dc, ac in ((0, 0), (1, 0), (50, 19.70595), (100, 68.782501), (250, 215.915326), (500, 460.813946))],
    *[(PVWATTS, dc, ac) for dc, ac in ((1000, 949.400851), (2500, 2405.478883), (4000, 3847.032894), (5000, 4800), (6000, 4800))],
    *[(PVWATTS_8, dc, ac) for dc, ac in ((0, 0), (23, 0), (523.6685, 482.28), (2511.834, 2400), (5000, 4800), (6000, 4800))],
    *[(SMA, dc, ac) for dc, ac in ((0, 0), (262.026611, 232.354644), (524.053223, 490.937396), (1572.159668, 1520.272675))],
    *[(SMA, dc, ac) for dc, ac in ((2620.266113, 2541.614792), (3930.39917, 3807.052054), (5240.532227, 5060), (5764.58545, 5060))],
    *[(FRONIUS, dc, ac) for dc, ac in ((40, 0), (256.995337, 209.285486), (1541.972021, 1481.666916), (3854.930053, 3750.952738))],
    *[(ABB, dc, ac) for dc, ac in ((12.97943, 10.682792), (77.876578, 74.144501), (194.691445, 187.505284), (285.547452, 250))],
    *[({"rating_watts": 1000, "curve": "constant", "efficiency_percent": 90.0}, dc, ac) for dc, ac in ((0, 0), (100, 90), (2000, 1000))],
]
"""Properties, W DC, W AC: pvlib's figures for PVWatts and for the Sandia model at nominal voltage."""


def properties_of(asked: dict[str, Any]) -> InverterProperties:
    """Sandia parameters stand for a whole inverter."""
    if "paco" in asked:
        return InverterProperties(rating_watts=round(asked["paco"]), curve="sandia", sandia=SandiaCurve(**asked))
    return InverterProperties(**asked)


def offer(properties: InverterProperties, begins: str = "2026-06-21 00:00", ticks: int = 24, tick_seconds: int = 3600) -> InverterOffer:
    """Of a span that begins at a moment in UTC."""
    return InverterDevice().offer(
        Inputs(context("inverter", BRUSSELS), properties, Span(0, ticks, tick_seconds, unix(begins))), InverterState()
    )


def read(of: InverterOffer, dc_watts: float) -> float:
    """The table as the core reads it: straight lines, level after its end."""
    dc, ac = of.curve_dc_milliwatts, of.curve_ac_milliwatts
    asked = min(dc_watts * 1000, dc[-1])
    right = min(bisect_right(dc, asked), len(dc) - 1)
    return (ac[right - 1] + (ac[right] - ac[right - 1]) * (asked - dc[right - 1]) / (dc[right] - dc[right - 1])) / 1000


@pytest.mark.parametrize(("asked", "dc_watts", "ac_watts"), POINTS)
def test_a_curve_gives_what_its_model_gives(asked: dict[str, Any], dc_watts: float, ac_watts: float) -> None:
    properties = properties_of(asked)
    assert read(offer(properties), dc_watts) == pytest.approx(ac_watts, abs=0.0005 * properties.rating_watts)


@pytest.mark.parametrize("asked", [PVWATTS, SMA, FRONIUS, ABB, {"rating_watts": 1}, {"rating_watts": 300_000}, {"rating_watts": 0}])
def test_a_curve_rises_and_makes_nothing_from_nothing(asked: dict[str, Any]) -> None:
    properties = properties_of(asked)
    of = InverterOffer.model_validate(offer(properties).model_dump())
    dc, ac = of.curve_dc_milliwatts, of.curve_ac_milliwatts
    assert (dc[0], ac[0], ac[-1]) == (0, 0, properties.rating_watts * 1000)
    assert list(dc) == sorted(set(dc)) and list(ac) == sorted(ac)
    assert all(out <= into for into, out in zip(dc, ac, strict=True))


def test_an_inverter_of_sandia_sleeps_below_its_threshold_and_draws_its_night() -> None:
    of = offer(properties_of(SMA))
    assert (read(of, 27.0), of.night_milliwatts) == (0.0, 1518)
    assert read(of, 27.5) > 0


WINDOWS: list[tuple[dict[str, Any], str, list[tuple[int, bool]]]] = [
    ({"charge_from_grid": "never"}, "2026-06-21", [(24, False)]),
    ({"charge_from_grid": "always"}, "2026-06-21", [(24, True)]),
    ({"charge_from_grid": ()}, "2026-06-21", [(24, False)]),
    ({"charge_from_grid": ("23:00-05:00",)}, "2026-06-21", [(3, True), (18, False), (3, True)]),
    ({"charge_from_grid": ("23:00-05:00",)}, "2026-01-21", [(4, True), (18, False), (2, True)]),
    ({"charge_from_grid": ("23:00-05:00",)}, "2026-03-29", [(3, True), (18, False), (3, True)]),
    ({"charge_from_grid": ("23:00-05:00",)}, "2026-10-25", [(4, True), (18, False), (2, True)]),
    ({"charge_from_grid": ("02:00-03:00", "12:00-13:00")}, "2026-06-21", [(1, True), (9, False), (1, True), (13, False)]),
]
"""Property, UTC day of hourly ticks in Brussels, runs. On the two Sundays the clock is changed at 01:00 UTC."""


@pytest.mark.parametrize(("asked", "day", "expected"), WINDOWS)
def test_times_follow_the_clock_on_the_wall(asked: dict[str, Any], day: str, expected: list[tuple[int, bool]]) -> None:
    runs = [(run.ticks, run.charge_from_grid) for run in offer(InverterProperties(**asked), day).policy]
    assert runs == expected


def test_a_policy_changes_where_any_of_its_times_does() -> None:
    asked = InverterProperties(charge_from_sun=("10:00-16:00",), charge_from_grid=("02:00-12:00",), discharge=("14:00-24:00",))
    runs = [(run.ticks, run.charge_from_sun, run.charge_from_grid, run.discharge) for run in offer(asked).policy]
    assert runs == [
        (8, False, True, False),
        (2, True, True, False),
        (2, True, False, False),
        (2, True, False, True),
        (8, False, False, True),
        (2, False, False, False),
    ]


def test_a_policy_is_the_same_however_time_is_cut() -> None:
    asked = InverterProperties(charge_from_sun=("10:00-16:00",), charge_from_grid=("23:00-05:00",))
    whole = [run.model_copy(update={"ticks": 1}) for run in offer(asked).policy for _ in range(run.ticks)]
    hours = [offer(asked, f"2026-06-21 {hour:02}:00", 1).policy[0] for hour in range(24)]
    assert whole == hours


def test_the_settings_of_people_become_those_of_the_core() -> None:
    asked = InverterProperties(
        priority=("battery", "loads", "export"), reserve_percent=20, charge_target_percent=90.5, export_limit_watts=0, backup_only=True
    )
    (run,) = offer(asked).policy
    assert (run.priority, run.reserve_ppm, run.target_ppm, run.export_watts_max) == (("battery", "loads", "export"), 200_000, 905_000, 0)
    assert (run.import_watts_max, run.backup_only, run.island) == (INTEGER_MAX, True, True)


def test_an_inverter_keeps_what_is_below_a_joule() -> None:
    outcome = Outcome(carry_microjoules=123, night_carry_microjoules=456)
    after = InverterDevice().advance(
        Inputs(context("inverter", BRUSSELS), InverterProperties(), Span(0, 1, 1, 0)), InverterState(), outcome
    )
    assert after == InverterState(carry_microjoules=123, night_carry_microjoules=456)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"priority": ("loads", "loads", "export")}, "priority must name loads, battery and export once each"),
        ({"reserve_percent": 50.0, "charge_target_percent": 40.0}, "reserve_percent must not be above charge_target_percent"),
        ({"curve": "sandia"}, "the curve sandia must have parameters"),
        ({"curve": "sandia", "sandia": SandiaCurve(**SMA)}, "set rating_watts: 5060"),
        ({"curve": "sandia", "sandia": SandiaCurve(**{**SMA, "pso": 6000.0})}, "pso < paco <= pdco"),
        ({"charge_from_grid": ("25:00-26:00",)}, "a daily window must read"),
        ({"rating_watts": -1}, "greater than or equal to 0"),
        ({"efficiency_percent": 101.0}, "less than or equal to 100"),
    ],
)
def test_an_inverter_refuses_what_contradicts_itself(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        InverterProperties(**wrong)
