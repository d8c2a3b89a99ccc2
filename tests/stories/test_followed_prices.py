"""A home that follows prices, sells from its battery and keeps a washing machine waiting has the same ledger on the bus as in memory."""

from pathlib import Path

import pytest

from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory

HOME = """\
home: follower
place: {latitude_degrees: 50.85, longitude_degrees: 4.35, timezone: Europe/Brussels}
start: 2026-06-01T00:00:00+02:00
tick_seconds: 10
devices:
  sun: {kind: sun}
  panel: {kind: panel, peak_watts: 3000}
  battery: {kind: battery, capacity_kwh: 5}
  inverter:
    kind: inverter
    import_cap_watts: 2300
    charge_cheapest_hours: 3
    discharge_from_euro_per_kwh: 0.25
    export_from_euro_per_kwh: 0
    sell_from_euro_per_kwh: 0.35
  grid:
    kind: grid
    import_euro_per_kwh: 0.28
    import_rates: [{during: "01:00-05:00", euro_per_kwh: 0.12}, {during: "17:00-21:00", euro_per_kwh: 0.4}]
    export_euro_per_kwh: 0.05
    export_rates: [{during: "12:00-14:00", euro_per_kwh: -0.02}, {during: "18:00-20:00", euro_per_kwh: 0.36}]
    daily_outages: ["05:30-06:30"]
  cooker: {kind: appliance, power_watts: 600, timers: ["05:00-09:00"], shedding_priority: 9}
  geyser: {kind: geyser, initial_celsius: 50}
  washer: {kind: washing_machine, starts: ["05:20"]}
"""


@pytest.mark.slow
def test_a_day_that_follows_prices_as_processes_is_the_day_in_memory(live_file: LiveFile, tmp_path: Path) -> None:
    path = tmp_path / "follower.yaml"
    path.write_text(HOME)
    home = live_file(path, "--speed", "flat_out", "--for", "1d").start()
    assert home.ended(seconds=240) == 0, home.said
    assert home.seals() == seals_in_memory(path, 8_640)
    for source in (home.journal_path, home.books / "history.sqlite"):
        audit = home.joulebus("audit", str(source))
        assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
