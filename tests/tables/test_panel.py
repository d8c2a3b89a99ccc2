"""Panels: capacity, light on their plane, warmth, direct current; and joules that no cutting of time changes."""

from itertools import pairwise
from math import cos, radians
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from joulebus.device import Inputs
from joulebus.devices.panel import Panel, PanelProperties, PanelState, capacity, conditions
from joulebus.devices.weather import WeatherProperties
from joulebus.errors import RosterError
from joulebus.physics import power_curve
from joulebus.physics.solar import cos_udeg
from joulebus_core import cell_celsius, cos_incidence, direct_current_watts, expand, glass_transmission, poa_global
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Place
from joulebus_schemas.rounds import Signal
from tests.tables.heavens import (
    BRUSSELS,
    BY_HAND,
    JOHANNESBURG,
    REYKJAVIK,
    SINGAPORE,
    context,
    knots,
    offered,
    span,
    sun,
    told,
    unix,
    weather,
)

DAY = 288
UNIT = 2000 * 300
"""The carry of knots counts parts of a joule in this."""


@pytest.mark.parametrize(
    ("said", "watts"),
    [
        ({}, 5000),
        ({"peak_watts": 3300}, 3300),
        ({"volts": 400, "amps": 10}, 4000),
        ({"peak_watts": 4000, "volts": 400, "amps": 10}, 4000),
        ({"peak_watts": 4000, "volts": 400}, 4000),
        ({"module_count": 12, "module_watts": 415}, 4980),
        ({"peak_watts": 4980, "module_count": 12}, 4980),
        ({"area_m2": 20}, 4000),
        ({"area_m2": 20, "efficiency_percent": 22.5}, 4500),
        ({"peak_watts": 4500, "area_m2": 20}, 4500),
    ],
)
def test_a_capacity_may_be_said_in_many_ways(said: dict[str, Any], watts: float) -> None:
    assert capacity(PanelProperties(**said)) == pytest.approx(watts)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"peak_watts": 5000, "volts": 400, "amps": 10}, "peak_watts makes 5000 W and volts x amps 4000 W; leave one out"),
        ({"module_count": 10, "module_watts": 400, "area_m2": 10, "efficiency_percent": 20}, "leave one out"),
        ({"volts": 400}, "volts alone does not tell it"),
        ({"module_count": 10}, "module_count alone does not tell it"),
        ({"peak_watts": -5000}, "greater than 0"),
        ({"tilt_degrees": 91}, "less than or equal to 90"),
        ({"temperature_coefficient_percent_per_kelvin": 0.4}, "less than or equal to 0"),
    ],
)
def test_a_panel_refuses_what_contradicts_itself(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        PanelProperties(**wrong)


def test_a_panel_without_a_sun_is_refused() -> None:
    with pytest.raises(RosterError, match="a panel must hear a sun, but panel hears none"):
        Panel().begin(context("panel", BRUSSELS), PanelProperties())


# Formulas


def test_light_on_a_plane_is_that_of_hay_and_davies() -> None:
    (light,) = poa_global([40_000_000], [200_000_000], [650_000], [700_000], [114_000], 35_000, 180_000, 200_000, [100])
    assert light == pytest.approx(818_434, rel=1e-4), "the vector has 1361 W/m2 above the air, day 100 has 1360.8"


def test_the_angle_between_sun_and_plane_is_that_of_nrels_report() -> None:
    cosine = cos_incidence(50_111_622, 194_340_241, cos_udeg(30_000_000), cos_udeg(60_000_000), 170_000_000)
    assert cosine == pytest.approx(cos(radians(25.187)), abs=1e-7)


@pytest.mark.parametrize(
    ("degrees", "share"),
    [(0, 1.0), (30, 0.997887), (50, 0.97984195), (60, 0.946003), (70, 0.85972019), (80, 0.634117), (85, 0.40087915), (90, 0), (120, 0)],
)
def test_glass_reflects_more_the_flatter_light_falls(degrees: int, share: float) -> None:
    assert glass_transmission(cos(radians(degrees))) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("light", "air", "wind", "open_rack", "roof", "insulated"),
    [
        (1000, 20, 1, 51.407035, 69.455957, 77.52705),
        (900, 20, 2.5, 41.377672, 61.535609, 68.358633),
        (200, 5, 4, 8.81971, 13.614171, 15.037392),
        (0, -5, 3, -5, -5, -5),
    ],
)
def test_cells_warm_as_their_mounting_lets_them(
    light: float, air: float, wind: float, open_rack: float, roof: float, insulated: float
) -> None:
    found = [cell_celsius(light, air, wind, mounting) for mounting in ("open_rack", "roof", "insulated")]
    assert found == pytest.approx([open_rack, roof, insulated], abs=1e-5)


@pytest.mark.parametrize(
    ("light", "cell", "per_kelvin", "watts"),
    [
        (1000, 25, -0.0047, 5000),
        (1000, 45, -0.0035, 4650),
        (800, 50, -0.0047, 3530),
        (800, 50, -0.003, 3700),
        (200, 20, -0.0035, 1017.5),
        (800, 300, -0.0047, 0),
    ],
)
def test_direct_current_is_that_of_pvwatts(light: float, cell: float, per_kelvin: float, watts: float) -> None:
    assert direct_current_watts(light, cell, 5000, per_kelvin) == pytest.approx(watts)


# The chain


GOLDEN = told(
    {
        "zenith_udeg": (3_067_078, 3_067_078),
        "azimuth_udeg": (25_873_221, 25_873_221),
        "ghi_mw_m2": (1_005_911, 1_005_911),
        "dni_mw_m2": (780_957, 780_957),
        "dhi_mw_m2": (226_072, 226_072),
        "air_temperature_mk": (300_150, 300_150),
        "wind_mm_s": (2000, 2000),
    }
)
"""Johannesburg, 2026-12-21 10:00 UTC, 3 oktas."""


def test_the_golden_moment_over_johannesburg_comes_out() -> None:
    properties = PanelProperties(
        model="hay_davies", tilt_degrees=26, azimuth_degrees=0, temperature_coefficient_percent_per_kelvin=-0.47, peak_watts=5000
    )
    of = span(unix("2026-12-21 10:00"), 1)
    found = conditions(Inputs(context("panel", JOHANNESBURG, ("sun", "weather")), properties, of, {"sun": GOLDEN, "weather": GOLDEN}))
    assert found.irradiance_mw_m2[0] / 1000 == pytest.approx(942.208, rel=0.015), (
        "an even sky; ours is brighter around the sun, behind glass"
    )
    assert found.cell_temperature_mk[0] / 1000 - 273.15 == pytest.approx(51.359, abs=0.3)
    assert found.power_milliwatts[0] / 1000 == pytest.approx(3546.442, rel=0.015)
    assert power_curve.pvwatts_watts(found.power_milliwatts[0] / 1000, 4800, 0.96) == pytest.approx(3412.679, rel=0.015)


@pytest.mark.parametrize(("place", "azimuth"), [(BRUSSELS, 180), (JOHANNESBURG, 0), (SINGAPORE, 180)])
def test_panels_of_which_no_azimuth_is_said_face_the_equator(place: Place, azimuth: int) -> None:
    day = span(unix("2026-03-21"), DAY)
    heard = {"sun": sun(place, day)}
    assert offered(place, day, PanelProperties(), heard) == offered(place, day, PanelProperties(azimuth_degrees=azimuth), heard)


@pytest.mark.parametrize("place", [BRUSSELS, JOHANNESBURG, REYKJAVIK, SINGAPORE])
def test_a_night_gives_exactly_nothing(place: Place) -> None:
    year = span(unix("2026-01-01"), 365 * DAY)
    heard = {"sun": sun(place, year)}
    power = offered(place, year, PanelProperties(), heard).milliwatts
    night = [watts for watts, zenith in zip(power, knots(heard["sun"]["zenith_udeg"]), strict=True) if zenith >= 90_000_000]
    assert set(night) == {0}
    assert -5_000_000 < min(power) < -3_000_000 and max(power) == 0


def brightened(signals: dict[str, Signal], percent: int) -> dict[str, Signal]:
    light = {name: tuple(value * percent // 100 for value in knots(signals[name])) for name in ("ghi_mw_m2", "dni_mw_m2", "dhi_mw_m2")}
    return {**signals, **told(light)}


@given(percents=st.tuples(st.integers(0, 100), st.integers(0, 100)), tilt=st.integers(0, 90), azimuth=st.integers(0, 360))
def test_more_sun_never_gives_less(percents: tuple[int, int], tilt: int, azimuth: int) -> None:
    day = span(unix("2026-06-21"), DAY)
    shining, properties = sun(BRUSSELS, day), PanelProperties(tilt_degrees=tilt, azimuth_degrees=azimuth)
    less, more = (offered(BRUSSELS, day, properties, {"sun": brightened(shining, percent)}).milliwatts for percent in sorted(percents))
    assert all(strong <= weak for weak, strong in zip(less, more, strict=True)), "production is negative"


@given(celsius=st.tuples(st.integers(-40, 60), st.integers(-40, 60)))
def test_warmer_air_never_gives_more(celsius: tuple[int, int]) -> None:
    day = span(unix("2026-06-21 06:00"), 144)
    power = [given_air(day, degrees) for degrees in sorted(celsius)]
    assert all(cold <= warm for cold, warm in zip(*power, strict=True)), "production is negative"


def given_air(of: Any, celsius: float) -> tuple[int, ...]:
    heard = {
        "sun": sun(BRUSSELS, of),
        "weather": weather(BRUSSELS, of, BY_HAND.model_copy(update={"air_temperature_celsius": float(celsius)})),
    }
    return offered(BRUSSELS, of, PanelProperties(), heard).milliwatts


def test_no_weather_is_a_clear_sky_at_20_degrees() -> None:
    day = span(unix("2026-06-21"), DAY)
    shining = sun(BRUSSELS, day)
    clear = {**shining, **told({"air_temperature_mk": (293_150,) * (DAY + 1), "wind_mm_s": (1000,) * (DAY + 1)})}
    assert offered(BRUSSELS, day, PanelProperties(), {"sun": shining}) == offered(
        BRUSSELS, day, PanelProperties(), {"sun": shining, "weather": clear}
    )


def test_the_halves_of_the_earth_mirror_each_other() -> None:
    """Half a year and a turn of the panels apart; what differs is the distance of the sun and the haze of the two places."""
    north, south = (Place(latitude_degrees=latitude, longitude_degrees=4.35) for latitude in (50.85, -50.85))
    days = {north: ("2026-06-21", 180.0), south: ("2026-12-21", 0.0)}
    sums = []
    for place, (moment, azimuth) in days.items():
        day = span(unix(moment), DAY)
        light = beam_of_equal_air(sun(place, day))
        sums.append(sum(offered(place, day, PanelProperties(azimuth_degrees=azimuth), {"sun": light}).milliwatts))
    assert sums[0] == pytest.approx(sums[1], rel=0.02)


def beam_of_equal_air(shining: dict[str, Signal]) -> dict[str, Signal]:
    """The same light at the same height of the sun, wherever on earth."""
    heights = [max(0.0, cos(radians(zenith / 1e6))) for zenith in knots(shining["zenith_udeg"])]
    dni, dhi = tuple(round(900_000 * h**0.3) for h in heights), tuple(round(100_000 * h) for h in heights)
    ghi = tuple(round(b * h) + d for b, d, h in zip(dni, dhi, heights, strict=True))
    return {**shining, **told({"ghi_mw_m2": ghi, "dni_mw_m2": dni, "dhi_mw_m2": dhi})}


# Joules


@given(
    begins=st.integers(0, 900),
    tick=st.sampled_from([1, 7, 60, 300, 900]),
    ticks=st.integers(2, 60),
    share=st.floats(0.01, 0.99),
    carry=st.integers(0, UNIT - 1),
)
def test_a_span_that_is_cut_in_two_gives_the_same_joules(begins: int, tick: int, ticks: int, share: float, carry: int) -> None:
    first = unix("2026-06-21 04:00") + begins
    cut = min(max(int(ticks * share), 1), ticks - 1)
    whole, left = joules(first, ticks, tick, carry)
    one, middle = joules(first, cut, tick, carry)
    other, end = joules(first + cut * tick, ticks - cut, tick, middle)
    assert (one + other, end) == (whole, left)


def joules(first: int, ticks: int, tick: int, carry: int) -> tuple[list[int], int]:
    of = span(first, ticks, tick)
    heard = {"sun": sun(BRUSSELS, of), "weather": weather(BRUSSELS, of, WeatherProperties())}
    values, after = expand(offered(BRUSSELS, of, PanelProperties(), heard, carry), ticks, tick)
    return list(values), after


def test_an_hour_in_seconds_is_the_integral_of_its_power() -> None:
    first = unix("2026-06-21 10:00")
    power = offered(BRUSSELS, span(first, 12), PanelProperties(), {"sun": sun(BRUSSELS, span(first, 12))}).milliwatts
    integral = sum(300 * (a + b) / 2 for a, b in pairwise(power)) / 1000
    of = span(first, 3600, 1)
    values, _ = expand(offered(BRUSSELS, of, PanelProperties(), {"sun": sun(BRUSSELS, of)}), 3600, 1)
    assert sum(values) == pytest.approx(integral, abs=1)


def test_a_sun_that_is_off_darkens_its_panels_and_keeps_their_carry() -> None:
    want = (
        Panel()
        .offer(Inputs(context("panel", BRUSSELS, ("sun",)), PanelProperties(), span(unix("2026-06-21 12:00"), 2)), PanelState(carry=77))
        .want
    )
    assert expand(want, 2, 300)[1] == 77 and list(expand(want, 2, 300)[0]) == [0, 0]


def test_a_panel_keeps_what_is_below_a_joule_and_says_what_it_made() -> None:
    outcome = Outcome(joules_out=500, curtailed_joules=20, carry=5)
    its = context("panel", BRUSSELS, ("sun",))
    assert Panel().advance(Inputs(its, PanelProperties(), span(0, 1)), PanelState(), outcome) == PanelState(carry=5)
    assert Panel().readings(its, PanelProperties(), PanelState(), outcome) == {
        "produced_joules": 500,
        "curtailed_joules": 20,
        "capacity_watts": 5000,
    }


def test_joules_come_from_the_sun_that_is_heard() -> None:
    of = span(unix("2026-06-21 12:00"), 1)
    flow = Panel().offer(
        Inputs(context("panel", BRUSSELS, ("sun",)), PanelProperties(shedding_priority=3), of, {"sun": sun(BRUSSELS, of)}), PanelState()
    )
    assert (flow.side, flow.origin, flow.shedding_priority) == ("dc", "sun", 3)
