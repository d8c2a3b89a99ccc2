"""An inverter that follows prices: when the grid charges, when the battery serves or sells, when nothing is exported, and what it earns."""

from typing import Any

import pytest

from joulebus.home.round import Home
from joulebus.planning.api import HomeModel, load
from joulebus.report.result import Report

HOURS = [
    0.21,
    0.19,
    0.12,
    0.10,
    0.11,
    0.18,
    0.27,
    0.33,
    0.31,
    0.22,
    0.14,
    0.08,
    0.02,
    -0.01,
    0.05,
    0.15,
    0.24,
    0.36,
    0.42,
    0.40,
    0.33,
    0.28,
    0.25,
    0.22,
]
"""Euro per kWh to take, hour by hour: a day as a market makes it, with a valley at night, one at noon and a peak in the evening."""
EXPORTED = [round(price - 0.06, 4) for price in HOURS]
CHEAPEST_FOUR = {11, 12, 13, 14}


def rates(prices: list[float]) -> list[dict[str, Any]]:
    ends = [*(f"{hour:02}:00" for hour in range(1, 24)), "24:00"]
    return [{"during": f"{hour:02}:00-{ends[hour]}", "euro_per_kwh": price} for hour, price in enumerate(prices)]


def home(panel_watts: int = 1, **inverter: Any) -> HomeModel:
    """A steady load of 500 W, 10 kWh of battery, and a day whose price changes every hour."""
    return load({
        "home": "follower",
        "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Europe/Brussels"},
        "start": "2026-06-01T00:00:00+02:00",
        "tick_seconds": 60,
        "devices": {
            "grid": {"kind": "grid", "import_rates": rates(HOURS), "export_rates": rates(EXPORTED)},
            "sun": {"kind": "sun"},
            "panel": {"kind": "panel", "peak_watts": panel_watts},
            "battery": {"kind": "battery", "initial_percent": 50, "standby_watts": 0},
            "inverter": {"kind": "inverter", "night_watts": 0, **inverter},
            "load": {"kind": "appliance", "power_watts": 500},
        },
    })  # fmt: skip


def hours_with(report: Report, flow: str, day: int = 1) -> set[int]:
    """The hours of a day in which a flow pair moved anything to speak of."""
    joules = report.rows("hour").columns[f"{flow.replace('>', '_to_')}_joules"][24 * day : 24 * day + 24]
    return {hour for hour, moved in enumerate(joules.tolist()) if moved > 3_600}


def cost(model: HomeModel, days: float = 7) -> int:
    """What a week costs, with what the battery has more or less at its end."""
    found = model.plan(days).report.totals()["cost_with_stored_micro_euro"]
    assert found is not None
    return found


def test_the_grid_charges_below_a_price() -> None:
    charged = hours_with(home(charge_below_euro_per_kwh=0.11).plan(2).report, "grid>battery")
    assert charged and charged <= {3, 11, 12, 13, 14}


def test_the_grid_charges_in_the_cheapest_hours_of_each_day() -> None:
    report = home(charge_cheapest_hours=4).plan(3).report
    for day in (0, 1, 2):
        charged = hours_with(report, "grid>battery", day)
        assert charged and charged <= CHEAPEST_FOUR


def test_a_day_of_one_price_has_no_cheap_hour() -> None:
    flat = home(charge_cheapest_hours=24).set({"grid.import_rates": [{"during": "00:00-24:00", "euro_per_kwh": 0.3}]})
    assert hours_with(flat.plan(2).report, "grid>battery") == set()


def test_the_battery_serves_only_from_a_price_on() -> None:
    report = home(charge_cheapest_hours=4, discharge_from_euro_per_kwh=0.30).plan(2).report
    assert hours_with(report, "battery>loads") == {7, 8, 17, 18, 19, 20}


def test_nothing_is_exported_at_a_loss() -> None:
    lossy, careful = (home(8_000, export_from_euro_per_kwh=least).plan(2).report for least in (None, 0.0))
    assert hours_with(lossy, "sun>export") & {12, 13}
    assert {EXPORTED[hour] >= 0 for hour in hours_with(careful, "sun>export")} == {True}
    assert cost(home(8_000, export_from_euro_per_kwh=0.0), 2) < cost(home(8_000), 2)


def test_the_battery_sells_from_a_price_on_down_to_the_reserve() -> None:
    report = home(charge_cheapest_hours=4, sell_from_euro_per_kwh=0.34, reserve_percent=30).plan(2).report
    assert hours_with(report, "battery>export") == {18, 19}
    level = report.quarters.columns["battery_level_joules"]
    assert int(level.min()) == pytest.approx(0.3 * 36_000_000, rel=0.001)
    assert hours_with(home(charge_cheapest_hours=4).plan(2).report, "battery>export") == set()


ARBITRAGE = {"charge_cheapest_hours": 5, "discharge_from_euro_per_kwh": 0.2}
EVENING = {"export_from_euro_per_kwh": 0.0, "sell_from_euro_per_kwh": 0.3, "reserve_percent": 20}


@pytest.mark.parametrize(("panel_watts", "rules"), [(1, ARBITRAGE), (3_000, EVENING)])
def test_who_follows_prices_pays_less_than_who_only_stores_his_own(panel_watts: int, rules: dict[str, Any]) -> None:
    own, followed = home(panel_watts), home(panel_watts, **rules)
    assert cost(followed) < cost(own) - 2_000_000
    assert cost(followed) < cost(own.set({"battery.on": False}))


def test_prices_change_nothing_about_how_time_is_cut() -> None:
    model = home(3_000, charge_cheapest_hours=3, discharge_from_euro_per_kwh=0.2, sell_from_euro_per_kwh=0.3, export_from_euro_per_kwh=0.0)
    chains = [
        [seal.hash for settled in Home.from_file(model.file).live(2 * 1_440, window) for seal in settled.seals] for window in (17, 1_440)
    ]
    assert chains[0] == chains[1]
    assert len(chains[0]) == 192
