"""A year of panels on a weather file, settled joule by joule, against PVWatts version 8 of NREL."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest

from joulebus.almanac.requests import digest_of_file
from joulebus.device import DeviceContext, Inputs, Signals, Span, State
from joulebus.devices.grid import GridDevice
from joulebus.devices.inverter import InverterDevice, InverterProperties
from joulebus.devices.panel import Panel, PanelProperties
from joulebus.devices.sun import Sun, SunProperties
from joulebus.devices.weather import Weather, WeatherProperties
from joulebus_core import Ledger
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Place

TICK_SECONDS = 300
TICKS_OF_A_DAY = 288
JOULES_PER_KWH = 3_600_000
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
START = 1_767_243_600
"""2026-01-01 05:00 UTC: midnight of the files' standard time, 5 hours behind."""

PVWATTS = {
    "system_capacity": 5.0,
    "dc_ac_ratio": 1.0,
    "inv_eff": 96,
    "losses": 14.0757,
    "module_type": 0,
    "array_type": 0,
    "tilt": 25,
    "azimuth": 180,
    "gcr": 0.3,
}
"""Standard modules (-0.37 %/K) on an open rack."""

PANEL = PanelProperties(peak_watts=5000, tilt_degrees=25, azimuth_degrees=180, temperature_coefficient_percent_per_kelvin=-0.37)
INVERTER = InverterProperties(rating_watts=5000, curve="pvwatts", efficiency_percent=96)

CASES = [
    ("pvlib:12839.tm2", Place(latitude_degrees=25.8, longitude_degrees=-80.2667, altitude_m=2, timezone="America/New_York")),
    ("pvlib:723170TYA.CSV", Place(latitude_degrees=36.1, longitude_degrees=-79.95, altitude_m=273, timezone="America/New_York")),
]
"""Miami (TMY2) and Greensboro (TMY3)."""


@dataclass
class Roof:
    """Sun, weather, panel, inverter and grid in one small loop around the real core."""

    place: Place
    file: str
    panel: PanelProperties = PANEL
    inverter: InverterProperties = INVERTER
    states: dict[str, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger("roof", START, TICK_SECONDS)
        self.members: dict[str, Any] = {
            "grid": (GridDevice(), GridDevice.properties()),
            "inverter": (InverterDevice(), INVERTER),
            "panel": (Panel(), self.panel),
        }
        self.states = {name: device.begin(self.context(name), properties) for name, (device, properties) in self.members.items()}

    def context(self, name: str) -> DeviceContext:
        """All hear the sun and the weather."""
        hears = ("sun", "weather") if name == "panel" else ("sun",) if name == "weather" else ()
        return DeviceContext(name, self.place, START, TICK_SECONDS, 1, hears, {"sun": "sun", "weather": "weather"})

    def heard(self, span: Span) -> Signals:
        """What the sky tells of a day."""
        sun = Sun().forecast(Inputs(self.context("sun"), SunProperties(), span))
        properties = WeatherProperties(source="file", file=self.file)
        return {"sun": sun, "weather": Weather().forecast(Inputs(self.context("weather"), properties, span, {"sun": sun}))}

    def live(self, day: int) -> int:
        """The joules that a day exports."""
        span = Span(day * TICKS_OF_A_DAY, TICKS_OF_A_DAY, TICK_SECONDS, START + day * 86_400)
        heard = self.heard(span)
        offers = {
            name: device.offer(Inputs(self.context(name), properties, span, heard), self.states[name])
            for name, (device, properties) in self.members.items()
        }
        settled = self.ledger.settle(span.start, span.ticks, offers)
        for name, (device, properties) in self.members.items():
            outcome = Outcome.model_validate({**settled.outcomes[name], "granted": None})
            self.states[name] = device.advance(Inputs(self.context(name), properties, span), self.states[name], outcome)
        return settled.flows.get(("sun", "export"), 0)


def ours(roof: Roof) -> list[float]:
    """Monthly kWh AC."""
    days = [roof.live(day) for day in range(365)]
    assert sum(roof.ledger.balances().values()) == 0
    edges = [sum(MONTH_DAYS[:month]) for month in range(13)]
    return [sum(days[first:last]) / JOULES_PER_KWH for first, last in pairwise(edges)]


def theirs(file: str, **design: float) -> list[float]:
    """Monthly kWh AC."""
    command = [sys.executable, str(Path(__file__).with_name("pvwatts.py")), digest_of_file(file)[0], json.dumps({**PVWATTS, **design})]
    return list(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


@pytest.mark.parametrize(("file", "place"), CASES)
def test_a_year_yields_what_pvwatts_says(file: str, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    mine, golden = ours(Roof(place, file)), theirs(file)
    shares = [one / other - 1 for one, other in zip(mine, golden, strict=True)]
    year = sum(mine) / sum(golden) - 1
    with capsys.disabled():
        print(f"\n{file}: {sum(mine):.1f} kWh, PVWatts {sum(golden):.1f} kWh, {year:+.2%}; months {' '.join(f'{s:+.1%}' for s in shares)}")
    assert abs(year) < 0.02
    assert max(abs(share) for share in shares) < 0.04


PLANES = [
    # mounting, PVWatts' number for it, tilt, azimuth
    ("open_rack", 0, 25, 180),
    ("open_rack", 0, 10, 180),
    ("roof", 1, 25, 180),
    ("roof", 1, 35, 90),
    ("roof", 1, 35, 270),
    ("open_rack", 0, 90, 180),
]
"""The last one is a wall."""
EIGHT = InverterProperties(rating_watts=5000, curve="pvwatts", pvwatts_version=8, efficiency_percent=96, night_watts=0)


@pytest.mark.parametrize(("file", "place"), CASES)
@pytest.mark.parametrize(("mounting", "number", "tilt", "azimuth"), PLANES)
def test_rack_roof_and_wall_yield_what_version_8_says_of_a_field_without_rows(
    mounting: Literal["open_rack", "roof"],
    number: int,
    tilt: float,
    azimuth: float,
    file: str,
    place: Place,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = PANEL.model_copy(update={"mounting": mounting, "tilt_degrees": tilt, "azimuth_degrees": azimuth, "model": "pvwatts_8"})
    mine = ours(Roof(place, file, panel, EIGHT))
    golden = theirs(file, array_type=number, tilt=tilt, azimuth=azimuth, gcr=0.01)
    months = [one / other - 1 for one, other in zip(mine, golden, strict=True)]
    year = sum(mine) / sum(golden) - 1
    with capsys.disabled():
        shown = " ".join(f"{month:+.1%}" for month in months)
        print(f"\n{file} {mounting} {tilt} {azimuth}: {sum(mine):.1f} kWh, PVWatts {sum(golden):.1f} kWh, {year:+.2%}; months {shown}")
    assert abs(year) < 0.01
    assert max(map(abs, months)) < 0.02
