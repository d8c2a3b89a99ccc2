"""A home with cars: a charger each, trips, vehicle to home, and a grid that fails while they charge."""

from typing import Any

from joulebus.homefile.home_file import HomeFile
from joulebus.planning.api import load
from tests.laws.headings import HEADING

TWO_CARS: dict[str, Any] = {
    **HEADING,
    "home": "cars",
    "devices": {
        "grid": {
            "kind": "grid",
            "import_limit_watts": 9_200,
            "outages": [{"begins": "2026-06-01 19:20", "ends": "2026-06-01 20:05"}],
        },
        "sun": {"kind": "sun"},
        "panel": {"kind": "panel", "peak_watts": 5_000, "tilt_degrees": 35},
        "battery": {"kind": "battery"},
        "inverter": {"kind": "inverter", "outlet": True},
        "baseload": {"kind": "baseload"},
        "oven": {"kind": "oven", "timers": ["18:30-20:00"]},
        "wallbox": {"kind": "charger", "energy_limit_wh": 15_000, "discharge_watts_max": 3_000},
        "socket": {"kind": "charger", "phase_count": 1, "surplus_only": True},
        "car": {
            "kind": "car",
            "hears": ["wallbox"],
            "discharge_watts_max": 4_000,
            "target_percent": 95,
            "initial_percent": 90,
            "minimum_percent": 30,
            "trips": [{"departs": "Mon-Fri 07:30", "hours": 10, "km": 90}, {"departs": "2026-06-01 20:30", "hours": 1.01, "km": 12}],
        },
        "van": {"kind": "car", "hears": ["socket"], "phase_count": 1, "trips": [{"departs": "12:00", "hours": 0.5, "km": 20}]},
    },
}


def two_cars(tick_seconds: int = 60) -> HomeFile:
    """That home, with ticks of another length."""
    return load({**TWO_CARS, "tick_seconds": tick_seconds}).file
