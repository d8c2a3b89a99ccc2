"""What the strategies of a battery save in a year, against none and against the optimum of whoever knows the whole year.

``python -m tests.oracles.strategies`` writes ``docs/strategies.md``; it takes some ten minutes.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joulebus.home.round import Home
from joulebus.homefile.home_file import of_words
from joulebus.physics.battery_plan import Converters, Prospect, cheapest_plan

PAGE = Path(__file__).resolve().parents[2] / "docs/strategies.md"
TICK, DAYS, KWH = 900, 365, 3_600_000
CAPACITY_KWH, INITIAL_PERCENT, RESERVE_PERCENT = 10.0, 50.0, 10.0
DAY_RATE, NIGHT_RATE, EXPORT = 0.32, 0.19, 0.06
WORTH = NIGHT_RATE / 0.96 / 0.97
"""Euro for a kWh that is left in the battery: what it costs to charge one at night."""
HEAD = """# What strategies save

Written by `.venv/bin/python -m tests.oracles.strategies`. A year of a home with 5 kWp, a battery of
10 kWh (10 % of it kept as reserve) behind an inverter of 5 kW, and 4,500 kWh of loads (profile H0),
in ticks of 900 s. The weather is measured: the typical year TMY3 of Greensboro that pvlib brings.
Prices are a contract with two rates: 0.32 €/kWh, 0.19 from 22:00 to 06:00, 0.06 for what is given.
The battery's content at the end is counted at what it costs to charge it at night.

*None* is the inverter without a program: sun into the battery, the battery serves the home. The
*optimum* knows the whole year and is a linear programme of the same home (HiGHS): nobody can do
better. The last column is the share of what is possible beyond *none*.

| strategy | cost of a year € | saves against none € | of what is possible | mean of months' peaks W |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Year:
    """A lived year."""

    euro: float
    peaks: dict[str, float]
    """Highest quarter-hour of import of each month, in watts."""
    loads: list[float]
    sun: list[float]

    @property
    def mean_peak(self) -> float:
        """As the capacity tariff of Flanders counts, without its floor."""
        return sum(self.peaks.values()) / len(self.peaks)


def home(program: dict[str, Any] | None, has_battery: bool = True) -> Home:
    """The home at its first tick."""
    devices: dict[str, Any] = {
        "sun": {"kind": "sun"},
        "weather": {"kind": "weather", "source": "file", "file": "pvlib:723170TYA.CSV"},
        "panel": {"kind": "panel", "peak_watts": 5_000, "tilt_degrees": 35, "azimuth_degrees": 180},
        "inverter": {"kind": "inverter", "curve": "constant", "night_watts": 0, "reserve_percent": RESERVE_PERCENT},
        "grid": {
            "kind": "grid",
            "import_euro_per_kwh": DAY_RATE,
            "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": NIGHT_RATE}],
            "export_euro_per_kwh": EXPORT,
        },
        "baseload": {"kind": "baseload", "annual_kwh": 4_500},
    }
    if has_battery:
        devices["battery"] = {"kind": "battery", "capacity_kwh": CAPACITY_KWH, "initial_percent": INITIAL_PERCENT, "standby_watts": 0}
    if program is not None:
        devices["program"] = {"kind": "battery_program", "reserve_percent": RESERVE_PERCENT, **program}
    place = {"latitude_degrees": 36.1, "longitude_degrees": -79.95, "altitude_m": 273, "timezone": "America/New_York"}
    return Home.from_file(
        of_words({"home": "year", "place": place, "start": "2026-01-01T00:00:00-05:00", "tick_seconds": TICK, "devices": devices})
    )


def live(one: Home) -> Year:
    """A year of it, quarter-hour by quarter-hour."""
    micro, peaks, loads, sun = 0, defaultdict[str, float](float), [], []
    for settled in one.live(DAYS * 86_400 // TICK, 1):
        outcomes = settled.outcomes
        grid, panel = outcomes["grid"], outcomes["panel"]
        micro += grid.import_cost_micro_euro - grid.export_income_micro_euro
        month = datetime.fromtimestamp(one.keeper.born.start_unix_seconds + settled.window.start * TICK, UTC).strftime("%m")
        peaks[month] = max(peaks[month], grid.joules_out / TICK)
        loads.append(float(outcomes["baseload"].joules_in))
        sun.append(float(panel.joules_out + panel.curtailed_joules))
    battery = one.keeper.memories.get("battery")
    left = 0.0 if battery is None else battery.outcome.level_microjoules / 1e6
    begun = 0.0 if battery is None else CAPACITY_KWH * KWH * INITIAL_PERCENT / 100
    return Year(micro / 1e6 - (left - begun) / KWH * WORTH, dict(peaks), loads, sun)


def optimum(year: Year) -> float:
    """Euro of the cheapest way through the same loads and the same sun."""
    capacity = CAPACITY_KWH * KWH
    battery = Converters(
        least_joules=capacity * RESERVE_PERCENT / 100,
        most_joules=capacity,
        charge_watts_max=5_000,
        discharge_watts_max=5_000,
        charge_efficiency=0.97,
        discharge_efficiency=0.97,
        inverter_watts_max=5_000,
        inverter_efficiency=0.96,
        rectifier_watts_max=5_000,
        rectifier_efficiency=0.96,
        import_watts_max=9_200,
        export_watts_max=9_200,
    )
    hours = [(step * TICK // 3_600) % 24 for step in range(len(year.loads))]
    prices = [(NIGHT_RATE if hour >= 22 or hour < 6 else DAY_RATE) * 1e6 for hour in summer_time(hours)]
    coming = Prospect(TICK, year.loads, year.sun, prices, [EXPORT * 1e6] * len(prices))
    begun = capacity * INITIAL_PERCENT / 100
    plan = cheapest_plan(battery, coming, begun, WORTH * 1e6 / KWH)
    return plan.micro_euro / 1e6 + begun / KWH * WORTH


def summer_time(hours: list[int]) -> list[int]:
    """Hours of the wall, from those of the winter: in 2026 summer time holds from the 8th of March to the 1st of November."""
    begins, ends = (66 * 24 + 2) * 4, (304 * 24 + 1) * 4
    return [(hour + 1) % 24 if begins <= step < ends else hour for step, hour in enumerate(hours)]


STRATEGIES: dict[str, dict[str, Any]] = {
    "surplus": {"strategy": "surplus"},
    "cheap_hours": {"strategy": "cheap_hours"},
    "cheap_hours, peaks below 1500 W": {"strategy": "cheap_hours", "peak_watts_max": 1_500},
    "look_ahead": {"strategy": "look_ahead"},
}


def table() -> str:
    """The page."""
    none = live(home(None))
    best = optimum(none)
    rows = {"without a battery": live(home(None, has_battery=False)), "none": none}
    for name, program in STRATEGIES.items():
        rows[name] = live(home(program))
        print(name, rows[name].euro, none.euro, best, rows[name].mean_peak, file=sys.stderr, flush=True)
    text = HEAD
    for name, year in rows.items():
        saved = none.euro - year.euro
        text += f"| {name} | {year.euro:.2f} | {saved:.2f} | {100 * saved / (none.euro - best):.0f} % | {year.mean_peak:.0f} |\n"
    return text + f"| optimum | {best:.2f} | {none.euro - best:.2f} | 100 % | – |\n"


if __name__ == "__main__":
    PAGE.write_text(table())
