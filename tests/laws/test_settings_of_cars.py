"""A setting of a car, a charger or a battery at the busbar does what its help says: it moves what it names, the way that it names."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from joulebus.home.round import Home
from joulebus.planning.api import HomeModel, load
from joulebus_schemas.offers import Outcome
from tests.laws.headings import HEADING

MINUTES = 360
Measure = Callable[[Iterable[Outcome]], int]

HOME: dict[str, Any] = {
    **HEADING,
    "home": "settings",
    "devices": {
        "grid": {"kind": "grid", "import_limit_watts": 20_000},
        "inverter": {"kind": "inverter"},
        "heater": {"kind": "appliance", "power_watts": 3_000, "shedding_priority": 5},
        "wallbox": {"kind": "charger"},
        "car": {"kind": "car", "initial_percent": 20},
    },
}
TRIP = {"departs": "02:00", "hours": 1, "km": 50}
TO_HOME = {
    "car.capacity_kwh": 15,
    "car.initial_percent": 80,
    "car.discharge_watts_max": 2_000,
    "wallbox.surplus_only": True,
    "wallbox.discharge_watts_max": 3_000,
}
SCARCE = {"grid.import_limit_watts": 5_000, "wallbox.amps": 16}


def minutes(model: HomeModel, name: str) -> list[Outcome]:
    """What a device did in each minute of a night."""
    return [settled.outcomes[name] for settled in Home.from_file(model.file).live(MINUTES, 1)]


def taken(found: Iterable[Outcome]) -> int:
    """All of it, J."""
    return sum(one.joules_in for one in found)


def given(found: Iterable[Outcome]) -> int:
    """All of it, J."""
    return sum(one.joules_out for one in found)


def highest(found: Iterable[Outcome]) -> int:
    """In a minute, J."""
    return max(one.joules_in + one.joules_out for one in found)


def driven(found: Iterable[Outcome]) -> int:
    """All of it, J."""
    return sum(one.driven_joules for one in found)


def lost(found: Iterable[Outcome]) -> int:
    """All of it, J."""
    return sum(one.heat_joules for one in found)


def in_an_hour(found: Iterable[Outcome]) -> int:
    """Taken in the first hour, J."""
    return taken(list(found)[:60])


LESS, MORE = -1, 1
SLOW, QUICK = [[20, 100], [30, 10]], [[90, 100], [100, 25]]

EFFECTS: list[tuple[str, Any, Any, Measure, int, dict[str, Any]]] = [
    ("car.capacity_kwh", 20, 60, taken, MORE, {}),
    ("car.initial_percent", 20, 60, taken, LESS, {}),
    ("car.target_percent", 50, 80, taken, MORE, {}),
    ("car.charge_watts_max", 3_000, 9_000, highest, MORE, {}),
    ("car.charge_curve", SLOW, QUICK, in_an_hour, MORE, {}),
    ("car.phase_count", 1, 3, highest, MORE, {}),
    ("car.charge_efficiency_percent", 80, 100, taken, LESS, {}),
    ("car.discharge_efficiency_percent", 80, 100, given, MORE, TO_HOME),
    ("car.discharge_watts_max", 0, 2_000, given, MORE, TO_HOME),
    ("car.minimum_percent", 20, 70, given, LESS, TO_HOME),
    ("car.standby_watts", 0, 50, lost, MORE, {}),
    ("car.consumption_wh_per_km", 100, 200, driven, MORE, {"car.trips": [TRIP]}),
    ("car.trips", [], [TRIP], driven, MORE, {}),
    ("car.plugged_in", False, True, taken, MORE, {}),
    ("wallbox.amps", 6, 16, highest, MORE, {}),
    ("wallbox.phase_count", 1, 3, highest, MORE, {}),
    ("wallbox.pause", False, True, taken, LESS, {}),
    ("wallbox.energy_limit_wh", 1_000, 5_000, taken, MORE, {}),
    ("wallbox.surplus_only", False, True, taken, LESS, {}),
    ("wallbox.discharge_watts_max", 500, 1_500, highest, MORE, TO_HOME),
    ("wallbox.efficiency_percent", 80, 100, taken, LESS, {}),
    ("wallbox.volts", 115, 230, highest, MORE, {}),
    ("wallbox.shedding_priority", 0, 9, in_an_hour, MORE, SCARCE),
]
"""Property, a value, another one, what of the car, which way it goes, and how the home is set beside."""


@pytest.mark.parametrize(("path", "one", "other", "measure", "way", "beside"), EFFECTS)
def test_a_setting_of_a_car_moves_what_it_names(
    path: str, one: Any, other: Any, measure: Measure, way: int, beside: dict[str, Any]
) -> None:
    before, after = (measure(minutes(load(HOME).set({**beside, path: value}), "car")) for value in (one, other))
    assert (after - before) * way > 0


def test_with_coupling_ac_a_battery_is_not_behind_the_inverter() -> None:
    small = {**HOME, "devices": {**HOME["devices"], "battery": {"kind": "battery", "initial_percent": 90}}}
    alone = load(small).set({"inverter.rating_watts": 500, "car.plugged_in": False})
    dc, ac = (highest(minutes(alone.set({"battery.coupling": coupling}), "battery")) for coupling in ("dc", "ac"))
    assert dc < 600 * 60 < 2_900 * 60 < ac
