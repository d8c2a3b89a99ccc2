"""The head of a home file of which a test says the devices: Brussels, from a midnight in June on, in minutes."""

from typing import Any

HEADING: dict[str, Any] = {
    "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Europe/Brussels"},
    "start": "2026-06-01T00:00:00+02:00",
    "tick_seconds": 60,
}
