"""What the strategies of a battery save in a year, against none and against the optimum of whoever knows the whole year.

``python -m tests.oracles.strategies`` writes ``docs/strategies.md``; it takes half an hour on two cores.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from joulebus.devices import battery_program
from joulebus.devices._battery_home import Expected
from joulebus.home.round import Home
from joulebus.homefile.home_file import of_words
from joulebus.physics.battery_plan import Converters, Prospect, cheapest_plan
from joulebus_core import decode_columns
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH
from joulebus_schemas.journal import Changed, Committed

PAGE = Path(__file__).resolve().parents[2] / "docs/strategies.md"
TICK, DAYS, PANEL_WATTS = 900, 365, 5_000
START = datetime(2026, 1, 1, 5, tzinfo=UTC)
CAPACITY_KWH, INITIAL_PERCENT, RESERVE_PERCENT = 10.0, 50.0, 10.0
DAY_RATE, NIGHT_RATE, EXPORT = 0.32, 0.19, 0.06
KNOWING = ", a day known"
FILLED = 0.96 * 0.97
"""What of a joule of the grid arrives in the battery."""
HEAD = """# What strategies save

Written by `.venv/bin/python -m tests.oracles.strategies`. A year of a home with 5 kWp, a battery of
10 kWh (10 % of it kept as reserve) behind an inverter of 5 kW, and 4,500 kWh of loads (profile H0),
in ticks of 900 s. The weather is measured: the typical year TMY3 of Greensboro that pvlib brings.
The battery's content at the end is counted at what it costs to charge it in cheap hours.

A program learns what the hours of the day need and give, and is told no weather: *a day known* shows
what `look_ahead` would save if it were told the loads and the sun of the next 24 h.

*None* is the inverter without a program: sun into the battery, the battery serves the home. The
*optimum* knows the whole year and is a linear programme of the same home (HiGHS): nobody can do
better. The last columns are the share of what is possible beyond *none*, and the mean of the
highest quarter-hours of the months.
"""
COLUMNS = """
| strategy | cost of a year € | saves against none € | of what is possible | mean of months' peaks W |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Contract:
    """What energy costs, quarter-hour by quarter-hour, and who lives by it."""

    said: str
    grid: dict[str, Any]
    bought: Sequence[float]
    sold: Sequence[float]
    """Micro-euro per kWh."""
    strategies: dict[str, dict[str, Any]]
    """By name; one whose name ends like :data:`KNOWING` is told what comes."""
    optima: dict[str, bool]
    """By name, whether the battery may feed the grid."""

    @property
    def worth(self) -> float:
        """Euro for a kWh that is left in the battery: what it costs to charge one in the cheapest quarter of all hours."""
        return sorted(self.bought)[len(self.bought) // 4] / 1e6 / FILLED


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


def home(grid: dict[str, Any], program: dict[str, Any] | None, has_battery: bool = True) -> Home:
    """The home at its first tick."""
    devices: dict[str, Any] = {
        "sun": {"kind": "sun"},
        "weather": {"kind": "weather", "source": "file", "file": "pvlib:723170TYA.CSV"},
        "panel": {"kind": "panel", "peak_watts": PANEL_WATTS, "tilt_degrees": 35, "azimuth_degrees": 180},
        "inverter": {
            "kind": "inverter",
            "curve": "constant",
            "night_watts": 0,
            "reserve_percent": RESERVE_PERCENT,
            "export_from_euro_per_kwh": 0,
        },
        "grid": {"kind": "grid", **grid},
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


def live(one: Home, worth: float) -> Year:
    """A year of it."""
    ticks = DAYS * DAY_SECONDS // TICK
    bought, loads, sun = ([0] * ticks for _ in range(3))

    def read(record: Committed | Changed, columns: bytes) -> None:
        for giver, taker, runs in decode_columns(columns) if isinstance(record, Committed) else ():
            course = bought if giver == "grid" else loads if taker == "baseload" else sun if giver == "panel" else None
            place = record.window.start
            for count, joules in runs if course is not None else ():
                course[place : place + count] = [before + joules for before in course[place : place + count]]
                place += count

    one.keeper.listener = read
    micro = 0
    for settled in one.live(ticks):
        grid = settled.outcomes["grid"]
        micro += grid.import_cost_micro_euro - grid.export_income_micro_euro
    battery = one.keeper.memories.get("battery")
    left = 0.0 if battery is None else battery.outcome.level_microjoules / 1e6
    begun = 0.0 if battery is None else CAPACITY_KWH * JOULES_PER_KWH * INITIAL_PERCENT / 100
    return Year(micro / 1e6 - (left - begun) / JOULES_PER_KWH * worth, _peaks(bought), list(map(float, loads)), list(map(float, sun)))


def _peaks(bought: Sequence[int]) -> dict[str, float]:
    peaks = defaultdict[str, float](float)
    for tick, joules in enumerate(bought):
        month = f"{START + timedelta(seconds=tick * TICK):%m}"
        peaks[month] = max(peaks[month], joules / TICK)
    return dict(peaks)


def optimum(year: Year, contract: Contract, sells: bool) -> float:
    """Euro of the cheapest way through the same loads and the same sun."""
    capacity = CAPACITY_KWH * JOULES_PER_KWH
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
        sells=sells,
    )
    steps = len(year.loads)  # The prices of a market go on for two days.
    coming = Prospect(TICK, year.loads, year.sun, contract.bought[:steps], contract.sold[:steps])
    begun = capacity * INITIAL_PERCENT / 100
    plan = cheapest_plan(battery, coming, begun, contract.worth * 1e6 / JOULES_PER_KWH)
    return plan.micro_euro / 1e6 + begun / JOULES_PER_KWH * contract.worth


def two_rates() -> Contract:
    """A contract with a day and a night; in 2026 summer time holds from the 8th of March to the 1st of November."""
    begins, ends = (66 * 24 + 2) * 4, (304 * 24 + 1) * 4
    hours = [(step // 4 + (begins <= step < ends)) % 24 for step in range(DAYS * 96)]
    return Contract(
        f"## Two rates\n\n{DAY_RATE} €/kWh, {NIGHT_RATE} from 22:00 to 06:00, {EXPORT} for what is given.\n",
        {
            "import_euro_per_kwh": DAY_RATE,
            "import_rates": [{"during": "22:00-06:00", "euro_per_kwh": NIGHT_RATE}],
            "export_euro_per_kwh": EXPORT,
        },
        [(NIGHT_RATE if hour >= 22 or hour < 6 else DAY_RATE) * 1e6 for hour in hours],
        [EXPORT * 1e6] * len(hours),
        {
            "surplus": {"strategy": "surplus"},
            "cheap_hours": {"strategy": "cheap_hours"},
            "cheap_hours, peaks below 1500 W": {"strategy": "cheap_hours", "peak_watts_max": 1_500},
            "look_ahead": {"strategy": "look_ahead"},
            f"look_ahead{KNOWING}": {"strategy": "look_ahead"},
        },
        {"optimum": True},
    )


@dataclass(frozen=True)
class Market:
    """How a contract follows the day-ahead market."""

    title: str
    bought: tuple[float, float]
    """A factor, and euro per kWh that are added."""
    sold: tuple[float, float]
    strategies: dict[str, dict[str, Any]]

    def contract(self, spot: list[float], folder: Path) -> Contract:
        """Its prices, in a file that the home's grid reads."""
        pairs = [tuple(round(1_000 * (price / 1_000 * factor + more), 2) for factor, more in (self.bought, self.sold)) for price in spot]
        rows = [f"{START + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ},{one},{other}" for hour, (one, other) in enumerate(pairs)]
        path = folder / f"{self.title.split()[0].lower()}.csv"
        path.write_text("\n".join(["start,bought_euro_per_mwh,sold_euro_per_mwh", *rows, ""]))
        files = {"import_prices_file": str(path), "import_prices_column": "bought_euro_per_mwh"}
        files |= {"export_prices_file": str(path), "export_prices_column": "sold_euro_per_mwh"}
        quarters = [pair for pair in pairs for _ in range(4)]
        (times, more), (less, taken) = self.bought, self.sold
        said = f"## {self.title}\n\nTaken: {times} × the market's price + {more} €/kWh; given: {less} × that price − {-taken} €/kWh.\n"
        bought, sold = ([1_000 * pair[place] for pair in quarters] for place in (0, 1))
        return Contract(said, files, bought, sold, self.strategies, {"optimum without selling": False, "optimum": True})


MARKETS = (
    Market(
        "Day-ahead prices with the fees of Flanders",
        (1.06, 0.13),
        (0.95, -0.01),
        {
            "cheap_hours": {"strategy": "cheap_hours"},
            "look_ahead": {"strategy": "look_ahead"},
            "look_ahead that sells": {"strategy": "look_ahead", "sells": True},
        },
    ),
    Market(
        "Market prices both ways",
        (1.0, 0.02),
        (1.0, -0.01),
        {
            "cheap_hours": {"strategy": "cheap_hours"},
            "cheap_hours that sells": {"strategy": "cheap_hours", "sells": True},
            "look_ahead": {"strategy": "look_ahead"},
            "look_ahead that sells": {"strategy": "look_ahead", "sells": True},
            f"look_ahead that sells{KNOWING}": {"strategy": "look_ahead", "sells": True},
        },
    ),
)
PRICES = Path(__file__).parent / "day_ahead_2019.csv"
MEASURED = """
## Markets

The market's prices are measured: the day-ahead prices of Germany and Luxembourg in 2019, hour by
hour (`tests/oracles/day_ahead_2019.csv`; 211 hours below zero). They were made by another sky than
the one above this home, so that a cheap noon does not always meet its sun. Nobody exports while that
costs money. Prices of the next 24 h are always known here; in truth they are from the afternoon on.
"""


def unsteered(contract: Contract) -> dict[str, Year]:
    """The home without a battery, and without a program."""
    bare, none = (live(home(contract.grid, None, has), contract.worth) for has in (False, True))
    return {"without a battery": bare, "none": none}


def steered(contract: Contract, name: str, none: Year) -> Year:
    """The home with one of the contract's strategies; ``none`` is what a strategy that knows what comes is told."""

    def known(expected: Expected, prices: list[tuple[float, float]]) -> Prospect:
        begins = (expected.inputs.period.unix_seconds - int(START.timestamp())) // TICK
        loads, sun = ([*course, *course[: 2 * len(prices)]][begins : begins + len(prices)] for course in (none.loads, none.sun))
        return Prospect(TICK, loads, sun, [bought for bought, _ in prices], [sold for _, sold in prices])

    with patch.object(battery_program, "_prospect", known) if name.endswith(KNOWING) else nullcontext():
        year = live(home(contract.grid, contract.strategies[name]), contract.worth)
    print(name, year.euro, year.mean_peak, file=sys.stderr, flush=True)
    return year


def table(contract: Contract, rows: dict[str, Year]) -> str:
    """What was lived, beside the optimum."""
    none = rows["none"]
    best = {name: optimum(none, contract, sells) for name, sells in contract.optima.items()}
    possible = none.euro - min(best.values())
    text = contract.said + COLUMNS
    for name, year in rows.items():
        text += f"| {name} | {_against(none.euro, year.euro, possible)} | {year.mean_peak:.0f} |\n"
    for name, euro in best.items():
        text += f"| {name} | {_against(none.euro, euro, possible)} | – |\n"
    return text


def _against(none: float, euro: float, possible: float) -> str:
    return f"{euro:.2f} | {none - euro:.2f} | {100 * (none - euro) / possible:.0f} %"


def measured_prices() -> list[float]:
    """Euro per MWh of each hour of a year and two days more, its first: whoever looks ahead on the last evening sees prices, too."""
    found = [float(line) for line in PRICES.read_text().splitlines()[3:]]
    return [*found, *found[:48]]


def contracts(folder: Path) -> list[Contract]:
    """All of them."""
    spot = measured_prices()
    return [two_rates(), *(market.contract(spot, folder) for market in MARKETS)]


def page(tables: Sequence[str]) -> str:
    """The page, of a table for each contract."""
    return "\n".join([HEAD, tables[0], MEASURED.lstrip(), *tables[1:]])


def main() -> None:
    """Live all years, several at a time, and write the page."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor() as workers:
        known = contracts(Path(folder))
        idle = list(workers.map(unsteered, known))
        lived = [
            {name: workers.submit(steered, one, name, rows["none"]) for name in one.strategies}
            for one, rows in zip(known, idle, strict=True)
        ]
        tables = [
            table(one, rows | {name: year.result() for name, year in steered_rows.items()})
            for one, rows, steered_rows in zip(known, idle, lived, strict=True)
        ]
    PAGE.write_text(page(tables))


if __name__ == "__main__":
    main()
