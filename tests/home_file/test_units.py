"""Units as people write them."""

import pytest

from joulebus.refusals.units import quantity, unit_of

NAMES = {
    "power_watts": "W",
    "charge_watts_max": "W",
    "loss_watts_per_kelvin": "W/K",
    "litres_per_minute": "L/min",
    "import_euro_per_kwh": "€/kWh",
    "wind_m_s": "m/s",
    "area_m2": "m²",
    "shedding_priority": "",
}


@pytest.mark.parametrize(("name", "unit"), NAMES.items())
def test_a_name_says_its_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit


QUANTITIES = [
    ("2.4 kW", "W", 2400),
    ("2400W", "W", 2400),
    ("500 mW", "W", 0.5),
    ("10 kWh", "kWh", 10),
    ("36 MJ", "kWh", 10),
    ("30 min", "s", 1800),
    ("95 %", "ppm", 950_000),
    ("1,200", "W", 1200),
    ("10_000", "", 10_000),
    ("3 m/s", "m/s", 3),
    ("2 kWh", "W", None),
    ("2 parsec", "W", None),
    ("much", "W", None),
    ("", "W", None),
]


@pytest.mark.parametrize(("text", "unit", "number"), QUANTITIES)
def test_a_quantity_is_a_number_in_the_unit_that_is_asked_for(text: str, unit: str, number: float | None) -> None:
    assert quantity(text, unit) == number
