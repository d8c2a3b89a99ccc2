"""Homes that once went wrong: demand that waits, who served whom, what a target is of, and what an outage leaves alight."""

from dataclasses import replace
from typing import Any

import pytest

from joulebus.errors import JoulebusError
from joulebus.home.round import Home
from joulebus.planning.api import load
from joulebus.planning.plan import PlanResult, plan
from tests.cases import CASES, KWH

PROGRAM_JOULES = 600 * 80 + 1_500 * 2_000 + 2_400 * 120 + 900 * 60 + 600 * 450 + 300 * 30


def lived(name: str, hours: int = 24, tick_seconds: int | None = None, **overrides: Any) -> PlanResult:
    """A home of these cases, otherwise: ``battery__capacity_kwh`` is ``battery.capacity_kwh``."""
    home = load(CASES / f"home/{name}.yaml").set({path.replace("__", "."): value for path, value in overrides.items()}).file
    tick = home.tick_seconds if tick_seconds is None else tick_seconds
    return plan(Home.from_file(replace(home, tick_seconds=tick)), hours * 3_600 // tick)


def totals(name: str, days: float = 1.0, **overrides: Any) -> dict[str, Any]:
    """Of the report of a home of these cases."""
    home = load(CASES / f"home/{name}.yaml").set({path.replace("__", "."): value for path, value in overrides.items()})
    return home.plan(days).report.totals()


@pytest.mark.parametrize("tick_seconds", [1, 60, 900])
def test_a_washing_machine_that_gets_too_little_waits_and_each_joule_of_its_program_counts_once(tick_seconds: int) -> None:
    result = lived("washing", tick_seconds=tick_seconds)
    served, unserved = result.totals.joules_in["washer"], result.as_json()["unserved_joules"]["washer"]
    assert served + unserved == PROGRAM_JOULES
    assert served < 2_000 * 900


@pytest.mark.parametrize("tick_seconds", [1, 60, 900])
def test_what_was_unserved_and_is_served_after_all_is_said(tick_seconds: int) -> None:
    result = lived("washing", tick_seconds=tick_seconds, cooker__timers=["00:00-12:00"])
    assert result.totals.joules_in["washer"] == PROGRAM_JOULES
    assert "washer" not in result.as_json()["unserved_joules"]
    assert result.as_json()["served_later_joules"]["washer"] == result.totals.unserved["washer"] > 2_000 * 900


@pytest.mark.parametrize("tick_seconds", [1, 60, 900])
def test_a_geyser_in_an_outage_is_owed_what_its_water_lacks_and_takes_it_later(tick_seconds: int) -> None:
    home = {
        "home": "cold",
        "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Europe/Brussels"},
        "start": "2026-06-01T00:00:00+02:00",
        "tick_seconds": tick_seconds,
        "devices": {
            "grid": {"kind": "grid", "daily_outages": ["06:00-12:00"]},
            "geyser": {"kind": "geyser", "initial_celsius": 40, "draws": [{"at": "07:00", "litres": 60}]},
        },
    }
    dark = load(home).file
    result = plan(Home.from_file(dark), 24 * 3_600 // tick_seconds).as_json()
    assert "geyser" not in result["unserved_joules"]
    # What 60 L of cold water and the losses of six hours lack; never the 18 kWh of a heater that asks each second.
    assert result["served_later_joules"]["geyser"] == pytest.approx(2.99 * KWH, rel=0.005)


def test_a_freezer_that_is_dark_for_good_lacks_what_it_warmed_and_not_more() -> None:
    home = {
        "home": "dark",
        "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Europe/Brussels"},
        "start": "2026-06-01T00:00:00+02:00",
        "tick_seconds": 60,
        "devices": {"grid": {"kind": "grid", "connected": False}, "fridge": {"kind": "fridge"}},
    }
    day, week = (plan(Home.from_file(load(home).file), days * 1_440).as_json()["unserved_joules"]["fridge"] for days in (1, 7))
    assert 0 < day <= week < 1.01 * day + 3_600


def test_a_sun_that_charges_first_leaves_the_loads_to_the_grid() -> None:
    flows = lived("battery_first").as_json()["flows"]
    assert "grid>battery" not in flows
    assert flows["sun>battery"] > 5 * KWH and flows["grid>loads"] > 5 * KWH


def test_a_small_panel_on_a_big_inverter_spares_the_grid_what_it_spares_and_loses_its_own_light() -> None:
    result, said = lived("sufficiency"), totals("sufficiency")
    assert said["self_sufficiency_ppm"] == pytest.approx(61_500, abs=600)
    assert said["self_sufficiency_ppm"] == (said["consumed_joules"] - said["import_joules"]) * 1_000_000 // said["consumed_joules"]
    assert "grid>heat" not in result.as_json()["flows"]


def test_the_target_is_the_grids_and_the_sun_fills_the_rest() -> None:
    by_night, by_noon = lived("target", 5), lived("target", 14)
    assert by_night.balances["battery"] == pytest.approx(6 * KWH, rel=0.001)
    assert by_noon.balances["battery"] == pytest.approx(10 * KWH, rel=0.001)
    limited = lived("target", 14, battery__maximum_percent=90)
    assert limited.balances["battery"] == pytest.approx(9 * KWH, rel=0.001)


def test_a_grid_tied_inverter_without_a_battery_goes_dark_unless_it_has_an_outlet() -> None:
    assert lived("pv_only").as_json()["unserved_joules"] == {"load": 3 * 3_600 * 600}
    assert lived("pv_only", inverter__outlet=True).as_json()["unserved_joules"] == {}


def test_an_inverter_that_is_off_is_refused_with_a_sentence() -> None:
    with pytest.raises(JoulebusError, match="inverter"):
        lived("inverter_off")


SIZES = (0, 5, 10, 20)


def test_a_battery_without_a_sun_saves_nothing() -> None:
    found = [totals("no_panels", 7, battery__capacity_kwh=kwh) for kwh in SIZES]
    costs = [one["cost_with_stored_micro_euro"] for one in found]
    assert costs == sorted(costs) and costs[-1] < costs[0] * 1.03
    assert found[0]["stored_joules"] == 0 > found[1]["stored_joules"] > found[3]["stored_joules"]


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_what_is_best_does_not_depend_on_what_was_in_the_battery(percent: int) -> None:
    costs = [
        totals("winter", 7, battery__capacity_kwh=kwh, battery__initial_percent=percent)["cost_with_stored_micro_euro"] for kwh in SIZES[1:]
    ]
    alone = totals("winter", 7, battery__capacity_kwh=0)["cost_with_stored_micro_euro"]
    # Each saves the same sun; a bigger one that is full at the beginning only loses more of it on the way out.
    assert max(costs) < alone - 1_500_000
    assert max(costs) - min(costs) < 200_000
