"""An outage in a whole home: the battery serves to its last joule, then loads are shed by priority, and nothing is free afterwards."""

from pathlib import Path

import pytest

from joulebus.devices.battery import BatteryProperties, BatteryState
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus_core import decode_columns
from joulebus_schemas.journal import Committed
from joulebus_schemas.roster import Member, Place

START = 1_781_992_800
HOURS = 6
OUT = ("2026-06-20 23:00", "2026-06-21 03:00")
STANDBY_JOULES = 5
"""What the electronics of a battery take in each second, also when nobody else may take anything."""
PRIORITIES = {"heater": 1, "tv": 4, "fridge": 6, "router": 9}
WATTS = {"heater": 1_500, "tv": 120, "fridge": 150, "router": 10}

BATTERIES = [
    # capacity, initial and minimum percent, discharge power
    pytest.param((1.0, 100.0, 10.0, 5_000), id="runs empty"),
    pytest.param((4.0, 60.0, 20.0, 800), id="too weak for all"),
    pytest.param((20.0, 90.0, 10.0, 5_000), id="lasts"),
    pytest.param((1.0, 10.0, 10.0, 5_000), id="empty from the start"),
]


def home_file(battery: tuple[float, float, float, int]) -> HomeFile:
    """Four loads, a battery, and a grid that is out for four hours."""
    capacity, initial, minimum, watts = battery
    properties = {"capacity_kwh": capacity, "initial_percent": initial, "minimum_percent": minimum, "discharge_watts_max": watts}
    members = {
        name: Member(kind="appliance", properties={"power_watts": WATTS[name], "shedding_priority": shedding_priority})
        for name, shedding_priority in PRIORITIES.items()
    }
    members["battery"] = Member(kind="battery", properties=properties)
    members["inverter"] = Member(kind="inverter", properties={"rating_watts": 5_000, "charge_from_grid": "always"})
    members["grid"] = Member(kind="grid", properties={"outages": [{"begins": OUT[0], "ends": OUT[1]}]})
    return HomeFile("dark", Place(latitude_degrees=50.0, longitude_degrees=4.0), START, 1, None, 1, members)


def lived(file: HomeFile, folder: Path) -> tuple[Home, dict[tuple[str, str], list[int]]]:
    """The home after some hours, and every transfer tick by tick."""
    journal = Journal.open(folder / "journal.bin", durable="memory")
    home = Home.from_file(file, journal)
    for _ in home.live(HOURS * 3_600, 1_800):
        pass
    columns: dict[tuple[str, str], list[int]] = {}
    for _, record, posted in journal.read():
        if isinstance(record, Committed):
            for account_from, account_to, runs in decode_columns(posted):
                column = columns.setdefault((account_from, account_to), [])
                column.extend([0] * (record.window.start - len(column)))
                column.extend(joules for count, joules in runs for _ in range(count))
    return home, {pair: column + [0] * (HOURS * 3_600 - len(column)) for pair, column in columns.items()}


@pytest.mark.parametrize("battery", BATTERIES)
def test_who_has_the_lower_priority_is_dark_before_anybody_above_is_shed(battery: tuple[float, float, float, int], tmp_path: Path) -> None:
    _, columns = lived(home_file(battery), tmp_path)
    nothing = [0] * (HOURS * 3_600)
    granted = {name: columns.get(("inverter", name), nothing) for name in PRIORITIES}
    shed = {name: columns.get(("unserved", f"{name}.unmet"), nothing) for name in PRIORITIES}
    for tick in range(HOURS * 3_600):
        highest_shed = max((PRIORITIES[name] for name in PRIORITIES if shed[name][tick]), default=0)
        assert all(granted[name][tick] == 0 for name in PRIORITIES if PRIORITIES[name] < highest_shed), tick
        assert all(granted[name][tick] + shed[name][tick] == WATTS[name] for name in PRIORITIES), tick


@pytest.mark.parametrize("battery", BATTERIES)
def test_no_energy_is_free_after_an_outage(battery: tuple[float, float, float, int], tmp_path: Path) -> None:
    home, columns = lived(home_file(battery), tmp_path)
    state, properties = home.seats["battery"].state, home.seats["battery"].properties
    assert isinstance(state, BatteryState)
    assert isinstance(properties, BatteryProperties)
    began = properties.capacity_joules * round(properties.initial_percent * 10_000) // 1_000_000
    moved = state.charged_joules - state.discharged_joules - state.heat_joules
    assert began + moved == state.level_microjoules // 1_000_000
    assert home.keeper.ledger.balances()["battery"] == moved
    assert sum(columns.get(("battery", "inverter"), [])) == state.discharged_joules


@pytest.mark.parametrize("battery", BATTERIES)
def test_a_battery_serves_to_its_last_joule_and_stays_in_its_bounds(battery: tuple[float, float, float, int], tmp_path: Path) -> None:
    file = home_file(battery)
    _, columns = lived(file, tmp_path)
    capacity, initial, minimum, watts = battery
    least, level = round(capacity * minimum * 36_000), round(capacity * initial * 36_000)
    nothing = [0] * (HOURS * 3_600)
    flows = (
        columns.get(pair, nothing)
        for pair in (("inverter", "battery"), ("battery", "inverter"), ("battery", "heat"), ("unserved", "router.unmet"))
    )
    for tick, (charged, discharged, heat, dark) in enumerate(zip(*flows, strict=True)):
        level += charged - discharged - heat
        assert 0 <= level <= capacity * 3_600_000, tick
        assert discharged <= watts, tick
        assert not discharged or level >= least - STANDBY_JOULES - 1, tick
        assert not dark or level <= least + watts, (
            f"tick {tick}: the router, which has the highest priority, is dark while {level - least} J are left"
        )
