"""What a home has in vain, and what a long tick does not tell apart, is said beside its numbers."""

from typing import Any

import pytest

from joulebus.homefile.notes import notes
from joulebus.planning.api import load

GRID = {"kind": "grid"}


def said(devices: dict[str, Any], tick_seconds: int = 60) -> list[str]:
    home = {
        "home": "said",
        "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Asia/Kathmandu"},
        "start": "2026-06-01T00:00:00+05:45",
        "tick_seconds": tick_seconds,
        "devices": devices,
    }
    return notes(load(home).file, 1)


@pytest.mark.parametrize(
    ("devices", "sentence"),
    [
        ({"grid": GRID, "sun": {"kind": "sun"}, "panel": {"kind": "panel"}}, "no inverter, so nothing of panel is used"),
        ({"grid": GRID, "battery": {"kind": "battery"}}, "no inverter, so nothing of battery is used"),
        (
            {"sun": {"kind": "sun"}, "s2": {"kind": "sun"}, "panel": {"kind": "panel"}, "inverter": {"kind": "inverter"}},
            "follows sun alone",
        ),
    ],
)
def test_what_a_home_has_in_vain_is_said(devices: dict[str, Any], sentence: str) -> None:
    (note,) = said(devices)
    assert sentence in note


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"daily_outages": ["10:05-10:15"]}, "the outage 10:05-10:15 of grid does not begin or end with a tick of 900 s"),
        ({"outages": [{"begins": "2026-06-01 10:00", "ends": "2026-06-01 10:20"}]}, "the outage at 2026-06-01 10:20:00"),
        ({"import_rates": [{"during": "10:00-10:10", "euro_per_kwh": 1}]}, "the whole tick has the price of its start"),
        ({"export_prices_from": [{"since": "2026-06-01 10:05", "euro_per_kwh": 1}]}, "the price from 2026-06-01 10:05:00"),
        ({"load_shedding_changes": [{"since": "2026-06-01 10:05", "stage": 2}]}, "the stage from 2026-06-01 10:05:00"),
    ],
)
def test_times_inside_a_long_tick_are_said_and_not_of_a_short_one(properties: dict[str, Any], sentence: str) -> None:
    (note,) = said({"grid": {**GRID, **properties}}, 900)
    assert sentence in note
    assert said({"grid": {**GRID, **properties}}, 60) == []


def test_times_on_quarter_hours_are_right_in_every_zone() -> None:
    assert (
        said(
            {"grid": {**GRID, "daily_outages": ["10:15-10:30"], "outages": [{"begins": "2026-06-01 10:45", "ends": "2026-06-01 12:00"}]}},
            900,
        )
        == []
    )
