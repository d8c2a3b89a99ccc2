"""A battery: empty, half and full; what goes in, what comes out, and what is lost on the way."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from joulebus.device import Inputs
from joulebus.devices.appliance import Appliance, ApplianceProperties
from joulebus.devices.battery import Battery, BatteryProperties, BatteryState
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus_schemas.offers import Outcome, Storage
from tests.tables.living import Life, Members, SteadyPanel, SteadyProperties, Switchboard, SwitchboardProperties, context, live, span_of

LOSSLESS = {"charge_efficiency_percent": 100.0, "discharge_efficiency_percent": 100.0, "standby_watts": 0.0, "minimum_percent": 0.0}
KWH = 3_600_000
MEGAJOULE = 1_000_000


def battery(**properties: float) -> tuple[Battery, BatteryProperties]:
    return Battery(), BatteryProperties.model_validate({**LOSSLESS, **properties})


def home(members: Members, efficiency_percent: int = 100) -> Members:
    return {"inverter": (Switchboard(), SwitchboardProperties(efficiency_percent=efficiency_percent)), **members}


def load(watts: float) -> tuple[Appliance, ApplianceProperties]:
    return Appliance(), ApplianceProperties(power_watts=watts)


def sun(watts: int) -> tuple[SteadyPanel, SteadyProperties]:
    return SteadyPanel(), SteadyProperties(watts=watts)


def level(life: Life) -> int:
    state = life.states["battery"]
    assert isinstance(state, BatteryState)
    return state.level_microjoules


TEN_MINUTES = [
    # a battery of 1 kWh; content in percent, sun, load, properties, content afterwards in J, unserved J
    # empty
    (0, 0, 0, {}, 0, 0),
    (0, 500, 0, {}, 300_000, 0),
    (0, 0, 500, {}, 0, 300_000),
    (0, 500, 800, {}, 0, 180_000),
    (0, 500, 0, {"charge_efficiency_percent": 96}, 288_000, 0),
    (0, 500, 0, {"charge_watts_max": 200}, 120_000, 0),
    # half
    (50, 0, 0, {}, 1_800_000, 0),
    (50, 0, 1_000, {}, 1_200_000, 0),
    (50, 1_000, 0, {}, 2_400_000, 0),
    (50, 400, 1_000, {}, 1_440_000, 0),
    (50, 0, 960, {"discharge_efficiency_percent": 96}, 1_200_000, 0),
    (50, 0, 1_000, {"discharge_watts_max": 400}, 1_560_000, 360_000),
    (50, 0, 0, {"standby_watts": 5}, 1_797_000, 0),
    (50, 0, 0, {"standby_watts": 0.1}, 1_799_940, 0),
    (50, 0, 4_000, {"minimum_percent": 20}, 720_000, 1_320_000),
    (50, 5_000, 0, {"maximum_percent": 60}, 2_160_000, 0),
    # full
    (100, 1_000, 0, {}, 3_600_000, 0),
    (100, 0, 1_000, {}, 3_000_000, 0),
    (100, 0, 9_000, {}, 600_000, 2_400_000),
    (100, 0, 6_000, {"discharge_watts_max": 6_000}, 0, 0),
    (100, 0, 7_000, {"discharge_watts_max": 7_000}, 0, 600_000),
]


@pytest.mark.parametrize(("percent", "sun_watts", "load_watts", "properties", "joules", "unserved"), TEN_MINUTES)
def test_ten_minutes_of_a_battery(
    percent: int, sun_watts: int, load_watts: int, properties: dict[str, float], joules: int, unserved: int
) -> None:
    its = battery(capacity_kwh=1, initial_percent=percent, **properties)
    life = live(home({"battery": its, "panel": sun(sun_watts), "load": load(load_watts)}), 600)
    assert level(life) == joules * MEGAJOULE
    assert life.totals["load"]["unserved_joules"] == unserved
    assert sum(life.ledger.balances().values()) == 0


@pytest.mark.parametrize("windows", [[1_000], [1] * 1_000, [7, 333, 1, 659]])
def test_charging_and_discharging_lose_their_share_and_nothing_else(windows: list[int]) -> None:
    its = battery(capacity_kwh=10, initial_percent=0, charge_efficiency_percent=96, discharge_efficiency_percent=96)
    charged = live(home({"battery": its, "panel": sun(1_000)}), 1_000, windows)
    assert charged.totals["battery"] | {"unserved_joules": 0} == {
        "joules_in": MEGAJOULE,
        "joules_out": 0,
        "heat_joules": 40_000,
        "unserved_joules": 0,
        "served_later_joules": 0,
        "curtailed_joules": 0,
    }
    assert level(charged) == 960_000 * MEGAJOULE
    full = battery(capacity_kwh=960_000 / KWH, initial_percent=100, charge_efficiency_percent=96, discharge_efficiency_percent=96)
    emptied = live(home({"battery": full, "load": load(921.6)}), 1_000, windows)
    assert level(emptied) < 2 * MEGAJOULE
    assert emptied.totals["battery"]["joules_out"] == pytest.approx(921_600, abs=2)
    assert emptied.totals["battery"]["heat_joules"] == pytest.approx(38_400, abs=2)


def test_story_2_an_oven_from_a_full_battery() -> None:
    members: Members = {
        "battery": battery(capacity_kwh=12, initial_percent=100),
        "oven": load(2_000),
        "grid": (GridDevice(), GridProperties()),
    }
    life = live(home(members), 600)
    assert level(life) == 42_000_000 * MEGAJOULE
    assert life.flows == {("battery", "loads"): 1_200_000}
    device, properties = members["battery"]
    readings = device.readings(context("2026-03-02"), properties, life.states["battery"], life.outcome["battery"])
    assert readings["state_of_charge_ppm"] == 972_222
    assert life.totals["grid"]["joules_out"] == 0


def test_story_3_the_sun_fills_an_empty_battery() -> None:
    life = live(home({"battery": battery(capacity_kwh=12, initial_percent=0), "panel": sun(500)}), 600)
    assert level(life) == 300_000 * MEGAJOULE
    assert life.flows == {("sun", "battery"): 300_000}


def test_story_5_the_inverter_loses_its_share() -> None:
    members: Members = {
        "battery": battery(capacity_kwh=12, initial_percent=100),
        "oven": load(2_000),
        "grid": (GridDevice(), GridProperties()),
    }
    life = live(home(members, efficiency_percent=95), 600)
    assert level(life) == (43_200_000 - 1_263_158) * MEGAJOULE
    assert life.flows == {("battery", "loads"): 1_200_000, ("battery", "heat"): 63_158}


@pytest.mark.parametrize("tick_seconds", [1, 60, 900])
def test_story_8_two_hours_of_load_shedding_from_the_battery(tick_seconds: int) -> None:
    grid = GridDevice(), GridProperties(daily_outages=("18:00-20:00",))
    members: Members = {"battery": battery(capacity_kwh=10, initial_percent=100, minimum_percent=50), "load": load(2_000), "grid": grid}
    life = live(home(members), 7_200 // tick_seconds, [7_200], "2026-03-02 18:00", tick_seconds)
    assert level(life) == 6 * KWH * MEGAJOULE
    assert life.totals["load"]["unserved_joules"] == 0
    assert life.totals["grid"]["joules_out"] == 0


def test_an_outage_is_served_to_the_last_joule_and_no_further() -> None:
    grid = GridDevice(), GridProperties(connected=False)
    members: Members = {"battery": battery(capacity_kwh=1, initial_percent=60, minimum_percent=50), "load": load(700), "grid": grid}
    life = live(home(members), 600, [13] * 100)
    assert level(life) == KWH // 2 * MEGAJOULE
    assert life.totals["load"] | {"joules_in": 360_000, "unserved_joules": 60_000} == life.totals["load"]


@settings(max_examples=15, deadline=None)
@given(some.lists(some.integers(1, 900), min_size=3, max_size=12))
def test_no_cut_of_time_into_windows_changes_a_battery(lengths: list[int]) -> None:
    def seals(windows: Iterable[int]) -> tuple[list[str], int]:
        its = battery(
            capacity_kwh=0.3, initial_percent=50, charge_efficiency_percent=97, discharge_efficiency_percent=91, standby_watts=3.3
        )
        on = Appliance(), ApplianceProperties(power_watts=900, duty_percent=40, duty_period_seconds=500)
        life = live(home({"battery": its, "panel": sun(433), "load": on}), 2_700, windows)
        return life.seals, level(life)

    assert seals([*lengths, *[900] * 3]) == seals([2_700])


def test_a_battery_that_becomes_smaller_keeps_its_joules() -> None:
    device, before = battery(capacity_kwh=10, initial_percent=100)
    _, after = battery(capacity_kwh=1)
    its = context("2026-03-02")
    state = device.changed(its, before, after, device.begin(its, before))
    assert state.level_microjoules == 10 * KWH * MEGAJOULE
    assert device.readings(its, after, state, Outcome())["state_of_charge_ppm"] == 10_000_000
    assert device.offer(Inputs(its, after, span_of(its, 1)), state).most_joules == KWH


def test_the_offer_is_a_word() -> None:
    its = context("2026-03-02")
    offer = Battery().offer(Inputs(its, BatteryProperties(), span_of(its, 60)), Battery().begin(its, BatteryProperties()))
    assert Storage.model_validate_json(offer.model_dump_json()) == offer


REFUSED = [
    ({"capacity_kwh": -1}, "greater than 0"),
    ({"capacity_kwh": 2_501}, "less than or equal to 2500"),
    ({"minimum_percent": 60, "maximum_percent": 50}, "minimum_percent must not be above maximum_percent; they were 60 and 50"),
    ({"charge_efficiency_percent": 101}, "less than or equal to 100"),
    ({"charge_watts_max": 10.5}, "valid integer"),
    ({"capacity_joules": 3_600_000}, "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("properties", "said"), REFUSED)
def test_what_no_battery_can_be_is_refused(properties: dict[str, float], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        BatteryProperties.model_validate(properties)
