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
from tests.oracles.years import write_year
from tests.short import in_short

TICK_SECONDS = 300
TICKS_OF_A_DAY = 288
JOULES_PER_KWH = 3_600_000
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
NEW_YEAR = 1_767_225_600
"""2026-01-01 UTC."""

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
INVERTER = InverterProperties(rating_watts=5000, efficiency_percent=96, night_watts=0)
OLD_PANEL = PANEL.model_copy(update={"model": "hay_davies"})
OLD_INVERTER = InverterProperties(rating_watts=5000, pvwatts_version=5, efficiency_percent=96)


def at(latitude: float, longitude: float, altitude: float) -> Place:
    return Place(latitude_degrees=latitude, longitude_degrees=longitude, altitude_m=altitude, timezone="UTC")


SITES = {
    # weather file ("" is generated), place, hours ahead of UTC
    "Miami": ("pvlib:12839.tm2", at(25.8, -80.2667, 2), -5),
    "Greensboro": ("pvlib:723170TYA.CSV", at(36.1, -79.95, 273), -5),
    "Sand Point": ("pvlib:703165TY.csv", at(55.317, -160.517, 7), -9),
    "Oslo": ("", at(59.91, 10.75, 23), 1),
    "Aswan": ("", at(24.09, 32.90, 194), 2),
    "Johannesburg": ("", at(-26.20, 28.05, 1753), 2),
}


@dataclass
class Roof:
    """Sun, weather, panel, inverter and grid in one small loop around the real core."""

    place: Place
    file: str
    zone_hours: int
    panel: PanelProperties = PANEL
    inverter: InverterProperties = INVERTER
    states: dict[str, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = NEW_YEAR - 3600 * self.zone_hours  # Midnight of the file's standard time.
        self.ledger = Ledger("roof", self.start, TICK_SECONDS)
        self.members: dict[str, Any] = {
            "grid": (GridDevice(), GridDevice.properties()),
            "inverter": (InverterDevice(), self.inverter),
            "panel": (Panel(), self.panel),
        }
        self.states = {name: device.begin(self.context(name), properties) for name, (device, properties) in self.members.items()}

    def context(self, name: str) -> DeviceContext:
        """All hear the sun and the weather."""
        hears = ("sun", "weather") if name == "panel" else ("sun",) if name == "weather" else ()
        return DeviceContext(name, self.place, self.start, TICK_SECONDS, 1, hears, {"sun": "sun", "weather": "weather"})

    def heard(self, span: Span) -> Signals:
        """What the sky tells of a day."""
        sun = Sun().forecast(Inputs(self.context("sun"), SunProperties(), span))
        properties = WeatherProperties(source="file", file=self.file)
        return {"sun": sun, "weather": Weather().forecast(Inputs(self.context("weather"), properties, span, {"sun": sun}))}

    def live(self, day: int) -> int:
        """The joules that a day exports."""
        span = Span(day * TICKS_OF_A_DAY, TICKS_OF_A_DAY, TICK_SECONDS, self.start + day * 86_400)
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The weather file of each site."""
    folder = tmp_path_factory.mktemp("years")
    return {name: file or str(write_year(folder / f"{name.lower()}.csv", place, zone)) for name, (file, place, zone) in SITES.items()}


@pytest.mark.parametrize("site", in_short(["Miami", "Greensboro"], "Greensboro"))
def test_the_older_models_are_within_two_percent_of_pvwatts_with_rows(site: str, files: dict[str, str]) -> None:
    _, place, zone = SITES[site]
    mine, golden = ours(Roof(place, files[site], zone, OLD_PANEL, OLD_INVERTER)), theirs(files[site])
    assert abs(sum(mine) / sum(golden) - 1) < 0.02
    assert max(abs(one / other - 1) for one, other in zip(mine, golden, strict=True)) < 0.04


PLANES: list[tuple[str, Literal["open_rack", "roof"], int, float]] = [
    # site, mounting, tilt, azimuth
    *[(site, "open_rack", 25, 180) for site in ("Miami", "Greensboro", "Sand Point", "Oslo", "Aswan")],
    *[(site, "roof", 35, 90) for site in ("Miami", "Greensboro", "Sand Point", "Oslo", "Aswan", "Johannesburg")],
    *[(site, "roof", 35, 270) for site in ("Miami", "Greensboro")],
    *[(site, "open_rack", 90, 180) for site in ("Miami", "Greensboro", "Sand Point", "Oslo", "Aswan")],
    ("Miami", "open_rack", 10, 180),
    ("Greensboro", "roof", 25, 180),
    ("Johannesburg", "open_rack", 25, 0),
    ("Johannesburg", "open_rack", 90, 0),
]
"""Rack, roof and wall (90 degrees)."""
NUMBERS = {"open_rack": 0, "roof": 1}
HEADING = f"\n{'site':13} {'mounting':9} tilt  to    ours PVWatts   year   months, January to December, in %"


@pytest.mark.parametrize(
    ("site", "mounting", "tilt", "azimuth"), in_short(PLANES, PLANES[0], PLANES[5], PLANES[-1]), ids=lambda part: str(part)
)
def test_rack_roof_and_wall_yield_what_version_8_says_of_a_field_without_rows(
    site: str, mounting: Literal["open_rack", "roof"], tilt: int, azimuth: float, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, place, zone = SITES[site]
    panel = PANEL.model_copy(update={"mounting": mounting, "tilt_degrees": tilt, "azimuth_degrees": azimuth})
    mine = ours(Roof(place, files[site], zone, panel))
    golden = theirs(files[site], array_type=NUMBERS[mounting], tilt=tilt, azimuth=azimuth, gcr=0.01)
    months = [one / other - 1 for one, other in zip(mine, golden, strict=True)]
    year = sum(mine) / sum(golden) - 1
    with capsys.disabled():
        shown = " ".join(f"{100 * month:+4.1f}" for month in months)
        print(HEADING if (site, mounting, tilt) == PLANES[0][:3] else "", end="\n")
        print(f"{site:13} {mounting:9} {tilt:4} {azimuth:3.0f}  {sum(mine):6.0f}  {sum(golden):6.0f}  {year:+.2%}  {shown}", end="")
    assert abs(year) < 0.006
    assert max(map(abs, months)) < 0.02
