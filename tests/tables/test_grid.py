"""The grid: what it carries, what it costs, and when it is out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from joulebus.device import Inputs
from joulebus.devices.appliance import Appliance, ApplianceProperties
from joulebus.devices.grid import GridDevice, GridProperties, GridState
from joulebus_schemas.offers import Grid as GridOffer
from joulebus_schemas.series import RunLengths
from tests.tables.living import (
    BRUSSELS,
    Members,
    SteadyPanel,
    SteadyProperties,
    Switchboard,
    SwitchboardProperties,
    context,
    listed,
    live,
    span_of,
)

HOUR = 3_600
DAY = 24 * HOUR


def offered(
    properties: dict[str, Any], begins: str, ticks: int, tick_seconds: int = HOUR, zone: str = BRUSSELS, start: int = 0
) -> GridOffer:
    its, known = context(begins, zone, tick_seconds), GridProperties.model_validate(properties)
    return GridDevice().offer(Inputs(its, known, span_of(its, ticks, start)), GridState())


def state(life: Any) -> GridState:
    assert isinstance(life.states["grid"], GridState)
    return life.states["grid"]


MADE: Members = {"inverter": (Switchboard(), SwitchboardProperties(export_watts_max=20_000))}


def test_story_1_an_oven_from_the_grid() -> None:
    members = {**MADE, "oven": (Appliance(), ApplianceProperties(power_watts=2_000)), "grid": (GridDevice(), GridProperties())}
    life = live(members, 600)
    assert life.flows == {("grid", "loads"): 1_200_000}
    assert life.ledger.balances() | {"grid": -1_200_000, "oven": 1_200_000} == life.ledger.balances()
    assert sum(life.ledger.balances().values()) == 0
    assert state(life).import_cost_micro_euro == 100_000


def test_story_4_what_is_not_there_is_not_served() -> None:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties(outlet=True)),
        "oven": (Appliance(), ApplianceProperties(power_watts=2_000)),
        "panel": (SteadyPanel(), SteadyProperties(watts=500)),
        "grid": (GridDevice(), GridProperties(connected=False)),
    }
    life = live(members, 600)
    assert life.totals["oven"]["unserved_joules"] == 600 * 1_500
    assert life.flows == {("sun", "loads"): 300_000}


CAPS = [
    # properties, import limits and export limits of four hours from 10:00 on, in joules
    ({}, [9_200 * HOUR] * 4, [9_200 * HOUR] * 4),
    ({"import_limit_watts": 100, "export_limit_watts": 0}, [360_000] * 4, [0] * 4),
    ({"connected": False}, [0] * 4, [0] * 4),
    ({"import_limit_watts": 1, "daily_outages": ["11:00-12:00"]}, [3_600, 0, 3_600, 3_600], None),
    ({"import_limit_watts": 1, "daily_outages": ["11:45-12:15"]}, [3_600, 2_700, 2_700, 3_600], None),
    ({"import_limit_watts": 1, "daily_outages": ["11:00-12:00", "11:30-13:00"]}, [3_600, 0, 0, 3_600], None),
    (
        {"import_limit_watts": 1, "outages": [{"begins": "2026-03-02 09:00", "ends": "2026-03-02 10:20"}]},
        [2_400, 3_600, 3_600, 3_600],
        None,
    ),
    ({"import_limit_watts": 1, "outages": [{"begins": "2026-03-03 09:00", "ends": "2026-03-03 11:00"}]}, [3_600] * 4, None),
    ({"import_limit_watts": 1, "load_shedding_stage": 8, "load_shedding_area": 1}, [1_800, 3_600, 3_600, 3_600], None),
    ({"import_limit_watts": 1, "load_shedding_stage": 8, "load_shedding_area": 2}, [0, 0, 1_800, 3_600], None),
    (
        {"import_limit_watts": 1, "load_shedding_changes": [{"since": "2026-03-02 11:00", "stage": 8}], "load_shedding_area": 2},
        [3_600, 0, 1_800, 3_600],
        None,
    ),
    ({"import_limit_watts": 1, "load_shedding_stage": 8, "load_shedding_area": 2, "switching_minutes": 0}, [0, 0, 3_600, 3_600], None),
]


@pytest.mark.parametrize(("properties", "imports", "exports"), CAPS)
def test_limits_hold_for_as_many_seconds_as_the_grid_is_there(
    properties: dict[str, Any], imports: list[int], exports: list[int] | None
) -> None:
    offer = offered(properties, "2026-03-02 10:00", 4)
    assert listed(offer.import_joules_max) == imports
    assert listed(offer.export_joules_max) == (exports or [9_200 * cap for cap in imports])


NIGHT: dict[str, Any] = {"import_euro_per_kwh": 0.34, "import_rates": [{"during": "22:00-07:00", "euro_per_kwh": 0.28}]}
WEEKEND = {"import_rates": [*NIGHT["import_rates"], {"during": "Sat,Sun 00:00-24:00", "euro_per_kwh": 0.2}]}
HOURLY = {
    "import_prices_from": [
        {"since": "2026-03-02 12:00", "euro_per_kwh": 0.1},
        {"since": "2026-03-02 10:00", "euro_per_kwh": 0.5},
        {"since": "2026-03-02 11:00", "euro_per_kwh": -0.0123456},
    ]
}
DAY_PRICES = [
    # properties, local day, micro-euro per kWh by hour
    ({"import_euro_per_kwh": 0.3}, "2026-03-02", [300_000] * 24),
    (NIGHT, "2026-03-02", [280_000] * 7 + [340_000] * 15 + [280_000] * 2),
    (NIGHT, "2026-03-29", [280_000] * 6 + [340_000] * 15 + [280_000] * 2),
    (NIGHT, "2026-10-25", [280_000] * 8 + [340_000] * 15 + [280_000] * 2),
    (WEEKEND, "2026-03-07", [200_000] * 24),
    (WEEKEND, "2026-03-06", [280_000] * 7 + [300_000] * 15 + [280_000] * 2),
    (HOURLY, "2026-03-02", [300_000] * 10 + [500_000, -12_346] + [100_000] * 12),
    (HOURLY, "2026-03-05", [100_000] * 24),
    (HOURLY, "2026-03-01", [300_000] * 24),
]


@pytest.mark.parametrize(("properties", "day", "prices"), DAY_PRICES)
def test_each_tick_has_the_price_of_its_start(properties: dict[str, Any], day: str, prices: list[int]) -> None:
    assert listed(offered(properties, day, len(prices)).import_price) == prices
    quarters = listed(offered(properties, day, 4 * len(prices), 900).import_price)
    assert quarters == [price for price in prices for _ in range(4)]
    parts = [price for hour in range(len(prices)) for price in listed(offered(properties, day, 1, start=hour).import_price)]
    assert parts == prices


def test_what_it_tells_is_what_it_offers() -> None:
    properties = GridProperties.model_validate({**NIGHT, "export_euro_per_kwh": 0.04, "daily_outages": ["06:30-08:00"]})
    told = GridDevice().forecast(
        Inputs(context("2026-03-02", tick_seconds=HOUR), properties, span_of(context("2026-03-02", tick_seconds=HOUR), 9))
    )
    assert {name: listed(runs) for name, runs in told.items() if isinstance(runs, RunLengths)} == {
        "import_price": [280_000] * 7 + [340_000] * 2,
        "export_price": [40_000] * 9,
        "available": [1] * 7 + [0, 1],
    }


MONEY = [
    # load, sun, cost and income in micro-euro for two hours at 0.30, later 0.60, and 0.05 for what goes out
    (0, 0, 0, 0),
    (1_000, 0, 900_000, 0),
    (1_000, 1_000, 0, 0),
    (0, 1_000, 0, 100_000),
    (7, 0, 6_300, 0),
    (500, 1_500, 0, 100_000),
]


@pytest.mark.parametrize(("load", "sun", "cost", "income"), MONEY)
@pytest.mark.parametrize("windows", [[7_200], [1_801] * 4, [97] * 75])
def test_money_is_counted_to_the_micro_euro_in_any_windows(load: int, sun: int, cost: int, income: int, windows: list[int]) -> None:
    tariff = {"import_rates": [{"during": "09:00-10:00", "euro_per_kwh": 0.6}]}
    members: Members = {
        **MADE,
        "load": (Appliance(), ApplianceProperties(power_watts=load)),
        "panel": (SteadyPanel(), SteadyProperties(watts=sun)),
        "grid": (GridDevice(), GridProperties.model_validate(tariff)),
    }
    life = live(members, 7_200, windows, "2026-03-02 08:00")
    assert (state(life).import_cost_micro_euro, state(life).export_income_micro_euro) == (cost, income)
    assert (state(life).import_joules, state(life).export_joules) == (max(load - sun, 0) * 7_200, max(sun - load, 0) * 7_200)


@settings(max_examples=25, deadline=None)
@given(some.lists(some.integers(1, 4_000), min_size=2, max_size=8))
def test_no_cut_of_time_into_windows_changes_a_grid(lengths: list[int]) -> None:
    properties = {**WEEKEND, "load_shedding_stage": 3, "load_shedding_area": 9, "daily_outages": ["01:30-02:10"]}
    whole = offered(properties, "2026-03-28 21:00", sum(lengths), 7)
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    parts = [offered(properties, "2026-03-28 21:00", length, 7, start=start) for start, length in zip(starts, lengths, strict=True)]
    for name in ("import_joules_max", "export_joules_max", "import_price", "export_price"):
        assert [value for part in parts for value in listed(getattr(part, name))] == listed(getattr(whole, name))


REFUSED = [
    ({"load_shedding_stage": 9}, "less than or equal to 8"),
    ({"load_shedding_area": 0}, "greater than or equal to 1"),
    ({"outages": [{"begins": "2026-03-02 12:00", "ends": "2026-03-02 11:00"}]}, "an outage must end after it begins"),
    ({"import_rates": [{"during": "night", "euro_per_kwh": 0.1}]}, "a daily window must read"),
    ({"import_euro_per_kwh": float("nan")}, "finite number"),
    ({"import_limit_watts": -1}, "greater than or equal to 0"),
]


@pytest.mark.parametrize(("properties", "said"), REFUSED)
def test_what_no_grid_can_be_is_refused(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        GridProperties.model_validate(properties)
