"""A home whose panels have something to show: gas, water, a battery and a car with the programs that run them."""

import io
from pathlib import Path

from rich.console import Console, RenderableType

from tests.meter.homes import FLAT_WITH_METER, planned

DAY_TICKS = 1_440
HOME = (
    FLAT_WITH_METER.replace('message: "hello"', "gas_serial_number: G4711, water_serial_number: W1")
    + """\
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40}
  wallbox: {kind: charger, phase_count: 1, pause: true}
  car: {kind: car, hears: [wallbox], capacity_kwh: 40, phase_count: 1, initial_percent: 15}
  battery_program: {kind: battery_program, reserve_percent: 20}
  car_program: {kind: car_program, target_percent: 60, peak_watts_max: 4000}
  gas: {kind: gas, kwh_per_m3: 10.26}
  boiler: {kind: boiler, power_watts: 9000, initial_celsius: 17}
  geyser: {kind: geyser, supply: gas, power_watts: 18000, draws: [{at: "06:45", litres: 80}]}
"""
)


def panel_home(folder: Path, days: int = 1) -> Path:
    """The journal of a plan of it."""
    return planned(folder, HOME, days * DAY_TICKS)


def drawn(shown: RenderableType, width: int, height: int) -> list[str]:
    """The lines of something in a terminal."""
    console = Console(file=io.StringIO(), width=width, height=height)
    console.print(shown, height=height)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()
