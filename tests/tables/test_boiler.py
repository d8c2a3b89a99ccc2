"""A boiler: the house that it heats follows the exact exponential under the air of the weather, and its gas the efficiency."""

from math import exp
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.devices._thermostat import ThermostatState
from joulebus.devices.boiler import Boiler, BoilerProperties
from joulebus.devices.gas import GasDevice, GasProperties
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, context, live

HOUR, DAY = 3_600, 86_400
HOUSE = {"gains_watts": 0, "outside_celsius": 0.0, "initial_celsius": 20.0}
"""200 W/K, 30 MJ/K: 41.7 hours to a 1/e of the difference."""


def lived(seconds: int, **properties: Any) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties()),
        "gas": (GasDevice(), GasProperties()),
        "boiler": (Boiler(), BoilerProperties.model_validate({**HOUSE, **properties})),
    }
    return live(members, seconds // 60, [1_440] * 40, tick_seconds=60)


def celsius(state: object) -> float:
    assert isinstance(state, ThermostatState)
    return state.heat_microjoules / 30e6 / 1e6


@pytest.mark.parametrize("hours", [1, 24, 240])
def test_a_house_that_is_not_heated_cools_by_the_exact_exponential(hours: int) -> None:
    expected = 20 * exp(-hours * HOUR * 200 / 30e6)
    assert celsius(lived(hours * HOUR, timers=()).states["boiler"]) == pytest.approx(expected, abs=1e-5)
    device, properties = Boiler(), BoilerProperties.model_validate(HOUSE)
    its = context("2026-01-02")
    assert celsius(device.rest(its, properties, device.begin(its, properties), hours * HOUR)) == pytest.approx(expected, abs=1e-8)


def test_people_and_windows_warm_a_house_that_is_not_heated() -> None:
    assert celsius(lived(60 * DAY // 2, timers=(), gains_watts=1_000).states["boiler"]) == pytest.approx(5.0, abs=0.01)


def test_the_gas_of_ten_days_is_what_the_walls_lose_over_the_efficiency() -> None:
    life = lived(10 * DAY, timers=("00:00-24:00",), efficiency_percent=80.0, deadband_kelvin=0.2)
    lost = 200 * (20.5 - 0.1) * 10 * DAY
    stored = (celsius(life.states["boiler"]) - 20.0) * 30e6
    assert life.totals["gas"]["joules_out"] == life.totals["boiler"]["joules_in"]
    assert life.totals["boiler"]["joules_in"] * 0.8 == pytest.approx(lost + stored, rel=0.004)


CHANGES = [
    # property, value, gas of ten days at 0 degrees outside against that of the house of the properties
    ({"setpoint_celsius": 10.3}, 0.5),
    ({"loss_watts_per_kelvin": 100.0}, 0.5),
    ({"outside_celsius": 10.2}, 0.5),
    ({"power_watts": 2_040}, 0.5),
    ({"deadband_kelvin": 4.2}, (20.5 - 2.1) / (20.5 - 0.1)),
    ({"heat_capacity_joules_per_kelvin": 15_000_000}, 1.0),
]


@pytest.mark.parametrize(("change", "share"), CHANGES)
def test_another_boiler_or_house_burns_as_its_properties_say(change: dict[str, Any], share: float) -> None:
    steady = {"timers": ("00:00-24:00",), "deadband_kelvin": 0.2}
    warm, changed = ({**steady, "initial_celsius": float(one.get("setpoint_celsius", 20.5))} for one in ({}, change))
    expected, burnt = (lived(10 * DAY, **one).totals["boiler"]["joules_in"] for one in (warm, {**changed, **change}))
    assert burnt / expected == pytest.approx(share, rel=0.03)


HOME = """\
home: warm
place: {latitude_degrees: 50.88, longitude_degrees: 4.70, timezone: Europe/Brussels}
start: 2026-01-05T00:00:00+01:00
tick_seconds: 60
devices:
  inverter: {kind: inverter, rating_watts: 0}
  grid: {kind: grid}
  sun: {kind: sun}
  weather: {kind: weather, source: by_hand, air_temperature_celsius: -4}
  gas: {kind: gas}
  boiler: {kind: boiler, timers: ["00:00-24:00"], gains_watts: 0, deadband_kelvin: 0.2}
"""


def test_it_heats_as_the_weather_that_it_hears_demands(tmp_path: Path) -> None:
    burnt = {}
    for air in (-4, 8):
        (tmp_path / "warm.yaml").write_text(HOME.replace("-4", str(air)))
        home = Home.from_file(load_home_file(tmp_path / "warm.yaml"))
        list(home.live(2 * 1_440, 60))
        begun = home.keeper.ledger.balances()["boiler"]
        list(home.live(5 * 1_440, 60))
        burnt[air] = home.keeper.ledger.balances()["boiler"] - begun
    for air, joules in burnt.items():
        assert joules * 0.92 == pytest.approx(200 * (20.4 - air) * 5 * DAY, rel=0.01), air


def test_without_its_weather_it_takes_the_air_of_its_properties(tmp_path: Path) -> None:
    (tmp_path / "warm.yaml").write_text("\n".join(line for line in HOME.splitlines() if "weather" not in line))
    home = Home.from_file(load_home_file(tmp_path / "warm.yaml"))
    list(home.live(1_440, 97))
    assert home.keeper.ledger.balances()["boiler"] > 0


def test_a_house_that_would_never_stop_warming_is_refused() -> None:
    with pytest.raises(ValidationError, match="a thermal mass that is heated without end must rest"):
        BoilerProperties.model_validate({"power_watts": 500_000, "loss_watts_per_kelvin": 1.0, "heat_capacity_joules_per_kelvin": 10**9})
