"""What the screen says of the moment is what devices and settings say: sun, weather, prices, and why the inverter did what it did."""

import json
from typing import Any

import pytest

from joulebus import almanac
from joulebus.home.picture import Picture
from joulebus.home.round import Home
from joulebus.homefile.home_file import of_words
from joulebus_schemas.base import Window
from joulebus_schemas.calls import ClockState
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Reported, Settled
from joulebus_schemas.screen import SUMMARY_BYTES_MAX, Summary

PLACE = {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "altitude_m": 15, "timezone": "Europe/Brussels"}
NOON, NIGHT = "2026-06-21T12:02:30+02:00", "2026-06-21T01:00:00+02:00"
SKY: dict[str, Any] = {
    "sun": {"kind": "sun"},
    "weather": {"kind": "weather", "source": "by_hand", "cloud_cover_percent": 50, "air_temperature_celsius": 21},
    "panel": {"kind": "panel", "peak_watts": 4000},
}
HEATER = {"kind": "appliance", "power_watts": 1000}
GRID = {"kind": "grid", "import_euro_per_kwh": 0.25, "export_euro_per_kwh": 0.04}
FULL = {"kind": "battery", "capacity_kwh": 5, "initial_percent": 100, "standby_watts": 0}
EMPTY = {"kind": "battery", "capacity_kwh": 5, "initial_percent": 5, "standby_watts": 0}
HALF = {"kind": "battery", "capacity_kwh": 5, "initial_percent": 50, "standby_watts": 0}


def home_of(start: str, devices: dict[str, Any]) -> Home:
    return Home.from_file(of_words({"home": "house", "place": PLACE, "start": start, "devices": devices}))


def summary_of(home: Home, ticks: int = 30) -> Summary:
    """What a screen says of a home, from what its seats say, as their processes would."""
    born = home.keeper.born
    for settled in home.live(ticks, ticks):
        clock = ClockState(tick=0, time="", timezone=born.place.timezone, tick_seconds=1, speed=1.0, paused=False, lag_ticks=0)
        picture = Picture("house", born.start_unix_seconds, clock, dict(home.keeper.roster))
        picture.settle(1, settled)
    for name, seat in home.seats.items():
        picture.report(name, Reported(tick=ticks, state={}, readings=seat.readings()))
    return picture.summary(1)


def test_the_summary_says_where_the_sun_stands_and_what_the_air_is_like() -> None:
    home = home_of(NOON, {**SKY, "heater": HEATER, "grid": GRID})
    sky = summary_of(home).sky
    before = almanac.sky(home.keeper.born.place, home.keeper.born.start_unix_seconds - 150, 2)
    assert sky is not None and sky.air_temperature_mk == 294_150 and sky.cloud_ppm == 500_000
    assert min(before.zenith_udeg) < 90_000_000 - sky.elevation_udeg < max(before.zenith_udeg)
    assert min(before.azimuth_udeg) < sky.azimuth_udeg < max(before.azimuth_udeg)
    assert 0 < sky.ghi_mw_m2 < sky.clear_ghi_mw_m2
    panel = home.seats["panel"].readings()
    assert 300_000 < panel["irradiance_mw_m2"] < 1_000_000 and panel["cell_temperature_mk"] > 294_150


def test_at_night_the_sun_is_below_the_horizon_and_without_a_sun_there_is_no_sky() -> None:
    night = summary_of(home_of(NIGHT, {**SKY, "grid": GRID})).sky
    assert night is not None and night.elevation_udeg < 0 and night.ghi_mw_m2 == 0
    assert summary_of(home_of(NIGHT, {"heater": HEATER, "grid": GRID})).sky is None
    assert home_of(NIGHT, {**SKY, "grid": GRID}).seats["sun"].readings() == {}, "before its first window nothing is known"


def test_the_azimuth_of_a_sun_in_the_north_is_never_between_its_two_sides() -> None:
    south = {"latitude_degrees": -33.9, "longitude_degrees": 18.4, "altitude_m": 5, "timezone": "Africa/Johannesburg"}
    words = {"home": "house", "place": south, "start": "2026-06-21T12:00:00+02:00", "devices": {"sun": {"kind": "sun"}, "grid": GRID}}
    home = Home.from_file(of_words(words))
    seen = [home.seats["sun"].readings()["azimuth_udeg"] for _ in home.live(7_200, 60)]
    assert min(seen) < 5_000_000 and max(seen) > 355_000_000
    assert not any(30_000_000 < one < 330_000_000 for one in seen)


@pytest.mark.parametrize(
    ("grid", "prices"),
    [
        ({}, (250_000, 40_000, "€", True)),
        ({"import_rates": [{"during": "00:00-06:00", "euro_per_kwh": 0.1}], "currency": "R"}, (100_000, 40_000, "R", True)),
        ({"connected": False}, (250_000, 40_000, "€", False)),
    ],
)
def test_the_summary_says_what_energy_costs_now(grid: dict[str, Any], prices: tuple[int, int, str, bool]) -> None:
    now = summary_of(home_of(NIGHT, {"heater": HEATER, "grid": {**GRID, **grid}})).prices
    assert now is not None
    assert (now.import_micro_euro_per_kwh, now.export_micro_euro_per_kwh, now.currency, now.available) == prices


@pytest.mark.parametrize(
    ("start", "battery", "inverter", "grid", "reason"),
    [
        (NIGHT, FULL, {"discharge": "never"}, {}, "discharge is off at this time"),
        (NIGHT, FULL, {"discharge": ["02:00-03:00"]}, {}, "discharge is off at this time"),
        (NIGHT, FULL, {"backup_only": True}, {}, "the battery is kept for outages (backup_only)"),
        (
            NIGHT,
            FULL,
            {"discharge_from_euro_per_kwh": 0.3},
            {},
            "the battery waits until the grid costs 0.3 €/kWh (discharge_from_euro_per_kwh)",
        ),
        (NIGHT, EMPTY, {}, {}, "the battery is at its minimum of 5 %"),
        (NIGHT, HALF, {"reserve_percent": 50}, {}, "the battery is at its reserve of 50 %"),
        (NIGHT, HALF, {"charge_from_grid": "always"}, {}, "charge_from_grid is on at this time"),
        (
            NIGHT,
            HALF,
            {"charge_below_euro_per_kwh": 0.28},
            {},
            "the grid costs 0.25 €/kWh, below charge_below_euro_per_kwh (0.28 €/kWh)",
        ),
        (
            NIGHT,
            HALF,
            {"charge_cheapest_hours": 3},
            {"import_rates": [{"during": "00:00-03:00", "euro_per_kwh": 0.1}]},
            "this is one of the 3 cheapest hours of the day (charge_cheapest_hours)",
        ),
        (NIGHT, EMPTY, {}, {"connected": False}, "the grid is out"),
        (NOON, FULL, {"export_limit_watts": 0}, {}, "the battery is full"),
        (NOON, FULL, {"export_limit_watts": 0}, {}, "export_limit_watts is 0 W"),
        (
            NOON,
            FULL,
            {"export_from_euro_per_kwh": 0.05},
            {},
            "the grid pays 0.04 €/kWh, below export_from_euro_per_kwh (0.05 €/kWh)",
        ),
        (NOON, HALF, {}, {}, "the sun is for loads, then battery, then export (priority)"),
        (NOON, HALF, {"charge_from_sun": "never"}, {}, "charge_from_sun is off at this time"),
    ],
)
def test_a_decision_says_the_setting_or_the_state_that_decided_it(
    start: str, battery: dict[str, Any], inverter: dict[str, Any], grid: dict[str, Any], reason: str
) -> None:
    devices = {**SKY, "weather": {"kind": "weather", "source": "by_hand"}, "battery": battery, "heater": HEATER}
    devices |= {"inverter": {"kind": "inverter", **inverter}, "grid": {**GRID, **grid}}
    assert reason in summary_of(home_of(start, devices)).reasons


def test_a_home_without_settings_gives_no_reason() -> None:
    assert summary_of(home_of(NIGHT, {"heater": HEATER, "grid": GRID})).reasons == ()


def test_the_largest_summary_with_sky_prices_and_reasons_is_small() -> None:
    names = [f"device_with_a_long_name_{number:08}" for number in range(950)]
    inverter = {"charge_from_grid": "always", "export_limit_watts": 0, "import_cap_watts": 10}
    roster = {**dict.fromkeys(names, Member(kind="oven")), "inverter": Member(kind="inverter", properties=inverter)}
    roster |= {f"battery_{place}_of_a_rather_big_home": Member(kind="battery") for place in range(40)}
    roster |= {name: Member(kind=name) for name in ("grid", "sun", "weather")}
    clock = ClockState(tick=0, time="", tick_seconds=1, speed=60.0, paused=False, lag_ticks=0)
    picture = Picture("house", 1_782_034_200, clock, roster)
    outcomes = {name: Outcome(joules_in=99_000, unserved_joules=9, curtailed_joules=9) for name in roster}
    flows = {f"{source}>{sink}": 1_000_000_000 for source in ("sun", "grid", "battery") for sink in ("loads", "battery", "export", "heat")}
    picture.settle(1, Settled(generation=1, number=1, window=Window(start=10**9, ticks=1), outcomes=outcomes, flows=flows))
    many = dict.fromkeys(("zenith_udeg", "azimuth_udeg", "ghi_mw_m2", "air_temperature_mk", "wind_mm_s", "cloud_ppm"), 2**40)
    for name in roster:
        prices = {"import_price": 2**40, "export_price": 2**40, "available": 0}
        picture.report(name, Reported(tick=1, state={}, readings={"state_of_charge_ppm": 999_999, **many, **prices}))
    summary = picture.summary(2**53 - 1)
    assert summary.sky and summary.prices and len(summary.reasons) >= 3
    assert len(json.dumps(summary.model_dump(mode="json"))) <= SUMMARY_BYTES_MAX
