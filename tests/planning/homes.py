"""Small homes for plans, and the chain of seals in a run's directory."""

from pathlib import Path

from joulebus.journal.file import Journal
from joulebus_schemas.journal import Committed

HOMES = Path(__file__).resolve().parents[2] / "examples/homes"

CABIN = """\
home: cabin
place: {latitude_degrees: 36.1, longitude_degrees: -79.95, altitude_m: 273, timezone: America/New_York}
start: 2026-06-21T00:00:00-04:00
tick_seconds: 60
seed: 42
devices:
  sun: {kind: sun}
  weather: {kind: weather, source: generated}
  panel: {kind: panel, peak_watts: 2000}
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40, charge_watts_max: 2000, discharge_watts_max: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  grid:
    kind: grid
    import_limit_watts: 2500
    import_euro_per_kwh: 0.3
    import_rates: [{during: "22:00-06:10", euro_per_kwh: 0.17}]
    daily_outages: ["17:00-18:20"]
  oven: {kind: oven, power_watts: 2400, timers: ["10:20-10:50", "17:40-18:30"], shedding_priority: 2}
  fridge: {kind: fridge}
  washing_machine: {kind: washing_machine, starts: ["08:00", "17:30"]}
  baseload: {kind: baseload, annual_kwh: 3000}
"""
"""Sun, battery, tariff, outages, and loads that are shed; a month of it takes a second."""


def cabin(folder: Path, **words: str) -> Path:
    """The cabin as a file, with some of its words said otherwise."""
    path = folder / "cabin.yaml"
    text = CABIN
    for old, new in words.items():
        assert old in text, f"the cabin says {old}"
        text = text.replace(old, new)
    path.write_text(text)
    return path


def seals(run: Path) -> list[str]:
    """The chain of a run's directory."""
    with Journal.view(run / "journal.bin") as journal:
        return [seal.hash for _, record, _ in journal.read() if isinstance(record, Committed) for seal in record.seals]
