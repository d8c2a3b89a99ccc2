"""Gas: joules from the account of its supply to whoever burns them, beside the busbar, as far as there are some."""

from fractions import Fraction
from typing import Any

import pytest

from joulebus.devices.boiler import Boiler, BoilerProperties
from joulebus.devices.gas import GasDevice, GasProperties, GasState
from joulebus.devices.geyser import Geyser, GeyserProperties
from joulebus.devices.grid import GridDevice, GridProperties
from tests.tables.living import Life, Members, Switchboard, SwitchboardProperties, live

HOUR = 3_600
HOUSE = {"timers": ("00:00-24:00",), "initial_celsius": 10.0}
COLD = {"initial_celsius": 15.0, "draws": (), "power_watts": 17_600, "efficiency_percent": 88.0, "supply": "gas"}


def lived(seconds: int, gas: dict[str, Any] | None = None, windows: list[int] | None = None, **geyser: Any) -> Life:
    members: Members = {
        "inverter": (Switchboard(), SwitchboardProperties()),
        "grid": (GridDevice(), GridProperties()),
        "geyser": (Geyser(), GeyserProperties.model_validate({**COLD, **geyser})),
    }
    if gas is not None:
        members = {**members, "gas": (GasDevice(), GasProperties.model_validate(gas))}
    return live(members, seconds, windows or [86_400] * 20)


def test_a_geyser_on_gas_burns_what_its_water_gets_and_what_its_chimney_takes() -> None:
    # 150 L from 15 to 60 degrees: 28.26 MJ, with a little loss in 1607 s at 17.6 kW; of the gas 88 % reach the water.
    life = lived(HOUR, gas={})
    assert life.totals["geyser"]["joules_in"] == life.totals["gas"]["joules_out"] == 20_000 * 1_608
    assert life.totals["grid"]["joules_out"] == 0 and sum(life.flows.values()) == 0, "the busbar does not notice"
    assert life.ledger.balances() == {"gas": -32_160_000, "geyser": 32_160_000}


def test_a_geyser_without_a_word_of_gas_is_electric() -> None:
    life = lived(HOUR, supply=None, efficiency_percent=100.0, power_watts=3_000)
    assert life.totals["geyser"]["joules_in"] == life.totals["grid"]["joules_out"] == 3_000 * HOUR


@pytest.mark.parametrize(("gas", "given"), [(None, 0), ({"connected": False}, 0), ({"limit_watts": 5_000}, 5_000 * HOUR)])
def test_what_does_not_come_is_unserved_once(gas: dict[str, Any] | None, given: int) -> None:
    life = lived(HOUR, gas=gas)
    assert life.totals["geyser"]["joules_in"] == given
    lacking = life.totals["geyser"]["unserved_joules"] - life.totals["geyser"]["served_later_joules"]
    assert 0 < lacking <= 33_000_000, "no more than what the tank lacks to its set point"


def test_when_gas_is_short_the_lowest_shedding_priority_goes_without() -> None:
    for first, second in ((1, 7), (7, 1)):
        members: Members = {
            "inverter": (Switchboard(), SwitchboardProperties()),
            "gas": (GasDevice(), GasProperties(limit_watts=20_000)),
            "boiler": (Boiler(), BoilerProperties.model_validate({**HOUSE, "shedding_priority": first})),
            "geyser": (Geyser(), GeyserProperties.model_validate({**COLD, "shedding_priority": second})),
        }
        life = live(members, 60)
        all_of_it, rest = ("boiler", "geyser") if first > second else ("geyser", "boiler")
        assert life.totals[all_of_it].get("unserved_joules", 0) == 0 and life.totals[rest]["unserved_joules"] > 0


def test_no_window_matters() -> None:
    one, other = (lived(3 * HOUR, gas={"limit_watts": 15_000}, windows=windows) for windows in ([86_400], [1, 7, 600] * 200))
    assert one.seals == other.seals and one.states == other.states


def test_litres_follow_from_joules_and_the_calorific_value() -> None:
    properties = GasProperties(kwh_per_m3=11.51)
    assert properties.litres(11_510 * 3_600) == 1_000
    assert properties.litres(1) == Fraction(1_000, 41_436_000)
    device, life = GasDevice(), lived(HOUR, gas={})
    state = life.states["gas"]
    assert isinstance(state, GasState)
    readings = device.readings(life.contexts["gas"], properties, state, life.outcome["gas"])
    assert readings == {"burnt_joules": 32_160_000, "burnt_litres": 776}
