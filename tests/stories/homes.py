"""Small homes for stories: few processes, and something of everything."""

from pathlib import Path

from joulebus.home.round import Home, new_keeper, seat_of
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus_core import decode_columns
from joulebus_schemas.journal import Born, Committed
from tests.stories.living import LivingHome

HOUSE = Path(__file__).resolve().parents[2] / "examples/homes/house.yaml"

HEAD = """\
home: {name}
place: {{latitude_degrees: 36.1, longitude_degrees: -79.95, altitude_m: 273, timezone: America/New_York}}
start: 2026-06-21T10:00:00-04:00
tick_seconds: 1
seed: 42
devices:
"""
GRID = "  grid: {kind: grid, import_limit_watts: 5000, export_limit_watts: 5000, import_euro_per_kwh: 0.3}\n"
TV = "  tv: {kind: tv, power_watts: 110, timers: []}\n"

CABIN = """\
  sun: {kind: sun}
  panel: {kind: panel, peak_watts: 2000}
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40, charge_watts_max: 2000, discharge_watts_max: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  oven: {kind: oven, power_watts: 2400, timers: ["10:20-10:50", "12:00-12:30"]}
"""
"""Sun, panel, battery and an oven: signals, memory, and a load that is shed."""

GARAGE = """\
  sun: {kind: sun}
  panel: {kind: panel, peak_watts: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  wallbox: {kind: charger, phase_count: 1}
  car_anna:
    kind: car
    hears: [wallbox]
    capacity_kwh: 20
    initial_percent: 45
    phase_count: 1
    charge_watts_max: 3680
    trips: [{departs: "17:00", hours: 1, km: 20}]
  car_ben: {kind: car, hears: []}
  car_program: {kind: car_program, target_percent: 60}
"""
"""Two cars, of which one has a charger, and the program that charges it."""

ROOM = """\
  inverter: {kind: inverter, rating_watts: 3000}
  heater: {kind: appliance, power_watts: 1000}
"""
"""The smallest home that one can live in."""


def write_home(folder: Path, name: str, devices: str) -> Path:
    """A home file; its name is the home's."""
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(name=name) + devices + GRID)
    return path


def seals_in_memory(file: Path, ticks: int) -> list[str]:
    """The chain of a home that lives in memory."""
    return [seal.hash for settled in Home.from_file(load_home_file(file)).live(ticks) for seal in settled.seals]


def replayed(home: LivingHome) -> list[str]:
    """The chain of a lived home, lived again in memory: its birth and its changes, each at its tick."""
    records = home.records()
    birth = records[0]
    assert isinstance(birth, Born)
    again = Home(new_keeper(birth))
    for name, member in birth.members.items():
        again.seats[name] = seat_of(birth, name, member, {heard: birth.members[heard].kind for heard in member.hears})
    seals: list[str] = []

    def live_until(tick: int) -> None:
        seals.extend(seal.hash for settled in again.live(tick - again.keeper.next_tick) for seal in settled.seals)

    for change in home.changes():
        live_until(change.from_tick)
        again.keeper.change(change)
    live_until(home.committed_ticks())
    return seals


def taken(home: LivingHome, device: str) -> dict[int, int]:
    """Joules that a device got from the inverter, by tick; without the ticks in which there were none."""
    found: dict[int, int] = {}
    with Journal.view(home.journal_path) as journal:
        for _, record, columns in journal.read():
            if isinstance(record, Committed):
                for account_from, account_to, runs in decode_columns(columns):
                    if (account_from, account_to) == ("inverter", device):
                        values = [joules for count, joules in runs for _ in range(count)]
                        found |= dict(enumerate(values, record.window.start))
    return {tick: joules for tick, joules in found.items() if joules}
