"""Random homes that live in memory with a journal, by seed: batteries, outages, load-shedding, prices, people who change them, restarts,
windows of all lengths, files that are closed and compacted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from joulebus.errors import PropertyError, RosterError
from joulebus.historian.follow import refill
from joulebus.historian.store import HistoryStore
from joulebus.home.restart import wake
from joulebus.home.round import Home, new_birth
from joulebus.home.upkeep import Upkeep
from joulebus.homefile.home_file import HomeFile, of_words
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus_schemas.roster import Member

PLACES = [(50.85, 4.35, "Europe/Brussels"), (-33.9, 18.4, "Africa/Johannesburg"), (27.7, 85.3, "Asia/Kathmandu")]
STARTS = ["2026-06-21T09:00:00Z", "2026-12-21T11:00:00Z", "2026-03-29T00:00:00Z", "2026-10-24T23:30:00Z"]
"""The sun is worked out once for each of them."""
WITHIN_SECONDS = {1: 457, 5: 455, 20: 460, 60: 420, 300: 300, 900: 0}
"""How far into an epoch homes of a tick begin, when they do not begin with one."""


@dataclass(frozen=True)
class LivedHome:
    """A home that has lived, and where its journal is."""

    seed: int
    journal: Path
    is_compact: bool
    history: Path | None
    ticks: int


def home_words(random: Random) -> dict[str, Any]:
    """A home file."""
    latitude, longitude, timezone = random.choice(PLACES)
    tick_seconds = random.choice([1, 1, 5, 20, 60, 300, 900])
    devices: dict[str, Any] = {
        "sun": {"kind": "sun"},
        "weather": {"kind": "weather"},
        "inverter": {"kind": "inverter", **_inverter(random)},
        "grid": {"kind": "grid", **_grid(random)},
    }
    for number in range(random.choice([0, 1, 2])):
        devices[f"panel_{number}"] = {"kind": "panel", "peak_watts": random.randrange(300, 6_000), "azimuth_degrees": 90.0 + 90 * number}
    for number in range(random.choice([0, 1, 1, 2])):
        devices[f"battery_{number}"] = {"kind": "battery", **_battery(random)}
    devices |= random_loads(random)
    return {
        "home": "campaign", "start": _start(random, tick_seconds), "tick_seconds": tick_seconds, "seed": random.randrange(1_000),
        "place": {"latitude_degrees": latitude, "longitude_degrees": longitude, "timezone": timezone}, "devices": devices,
    }  # fmt: skip


def _start(random: Random, tick_seconds: int) -> str:
    begins = datetime.fromisoformat(random.choice(STARTS))
    return (begins + timedelta(seconds=random.choice([0, WITHIN_SECONDS[tick_seconds]]))).isoformat()


def random_loads(random: Random) -> dict[str, Any]:
    """Some of all kinds of loads."""
    loads: dict[str, Any] = {
        "tv": {"kind": "tv"},
        "lights": {"kind": "lights", "shedding_priority": random.randrange(10)},
        "oven": {"kind": "oven", "timers": [f"{random.randrange(8, 12):02}:00-{random.randrange(13, 20):02}:00"]},
        "geyser": {"kind": "geyser"},
        "fridge": {"kind": "fridge"},
        "washing_machine": {"kind": "washing_machine", "starts": ["11:15", "13:00", "00:10"]},
        "appliance": {"kind": "appliance", "power_watts": random.randrange(1, 4_000)},
        "baseload": {"kind": "baseload", "annual_kwh": random.uniform(500, 6_000)},
    }
    return {name: loads[name] for name in random.sample(sorted(loads), random.randrange(2, len(loads)))}


def _inverter(random: Random) -> dict[str, Any]:
    said: dict[str, Any] = {"rating_watts": random.randrange(500, 8_000), "reserve_percent": random.choice([0.0, 10.0, 40.0])}
    if random.random() < 0.3:
        said["charge_from_grid"] = ["10:00-12:30", "23:00-05:00"]
    if random.random() < 0.3:
        said["export_limit_watts"] = random.randrange(3_000)
    return said


def _grid(random: Random) -> dict[str, Any]:
    said: dict[str, Any] = {
        "import_euro_per_kwh": random.choice([0.3, 0.123456, -0.02]),
        "import_limit_watts": random.choice([500, 3_000, 9_200]),
    }
    if random.random() < 0.4:
        said["import_rates"] = [{"during": "10:00-11:30", "euro_per_kwh": 0.51}, {"during": "22:30-06:00", "euro_per_kwh": -0.01}]
    if random.random() < 0.3:
        said["outages"] = [{"begins": "2026-06-21T11:10:00+02:00", "ends": "2026-06-21T12:00:10+02:00"}]
    if random.random() < 0.3:
        said |= {"load_shedding_stage": random.randrange(1, 9), "load_shedding_area": random.randrange(1, 17)}
    if random.random() < 0.3:
        said["daily_outages"] = ["12:20-13:05"]
    return said


def _battery(random: Random) -> dict[str, Any]:
    return {
        "capacity_kwh": random.choice([0.2, 1.5, 10.0]), "initial_percent": random.choice([0.0, 5.0, 50.0, 100.0]), "minimum_percent": 0.0,
        "charge_efficiency_percent": random.choice([100.0, 97.3, 88.8]), "standby_watts": random.choice([0.0, 5.0, 7.3, 200.0]),
    }  # fmt: skip


class Life:
    """One home that lives."""

    def __init__(self, seed: int, folder: Path, file_bytes: int | None = None) -> None:
        self._file_bytes = file_bytes
        self.random = Random(seed)
        self.file: HomeFile = of_words(home_words(self.random))
        self.journal = folder / "journal.bin"
        folder.mkdir(parents=True, exist_ok=True)
        with Journal.open(self.journal, durable="memory") as journal:
            journal.append(new_birth(self.file))

    def live(self, ticks: int) -> None:
        """Live on, with restarts."""
        while ticks:
            part = min(ticks, self.random.choice([ticks, ticks // 2 + 1, 37]))
            self._between_restarts(part)
            ticks -= part

    def _between_restarts(self, ticks: int) -> None:
        random = self.random
        with Journal.open(self.journal, durable="memory") as journal:
            home = Home.of_keeper(wake(journal))
            upkeep = Upkeep(home.keeper, self._file_bytes or random.choice([5_000, 40_000, 2**24]))
            end = home.keeper.next_tick + ticks
            while home.keeper.next_tick < end:
                if random.random() < 0.1:
                    self._interfere(home)
                home.round(min(random.choice([1, 1, 2, 13, 60, 900, 3_600]), end - home.keeper.next_tick))
                upkeep.settled()

    def _interfere(self, home: Home) -> None:
        """What people do; what is refused changes nothing."""
        random, roster = self.random, home.keeper.future_roster()
        name = random.choice(sorted(roster))
        try:
            match random.randrange(5):
                case 0:
                    home.switch(name, not roster[name].on)
                case 1:
                    home.add(f"extra_{random.randrange(4)}", _extra(random))
                case 2:
                    home.remove(name)
                case _:
                    home.set(name, **_news(random, roster[name].kind))
        except (RosterError, PropertyError):
            return


def _extra(random: Random) -> Member:
    kind, properties = random.choice(
        [("appliance", {"power_watts": 700}), ("battery", {"capacity_kwh": 2.0}), ("fridge", {}), ("oven", {})]
    )
    return Member(kind=kind, properties=properties)


def _news(random: Random, kind: str) -> dict[str, Any]:
    news: dict[str, dict[str, Any]] = {
        "battery": {"capacity_kwh": random.choice([0.1, 3.0]), "standby_watts": 3.0},
        "grid": {"import_euro_per_kwh": 0.4, "connected": random.random() < 0.7},
        "oven": {"heat_capacity_joules_per_kelvin": random.choice([15_000, 25_000]), "setpoint_celsius": 150.0},
        "fridge": {"setpoint_celsius": 4.0, "heat_capacity_joules_per_kelvin": 30_001},
        "appliance": {"power_watts": random.randrange(1, 900)},
        "tv": {"power_watts": random.randrange(1, 300)},
        "inverter": {"reserve_percent": 20.0},
        "panel": {"peak_watts": random.randrange(300, 900)},
        "washing_machine": {"retry_seconds": 30},
    }
    return news.get(kind, {})


def lived(seed: int, folder: Path, ticks: int | None = None) -> LivedHome:
    """A home of this seed, with its journal, and half of them with a history."""
    life = Life(seed, folder)
    random, step = life.random, life.file.tick_seconds
    ticks = ticks or random.choice([3_600, 9_000, 20_000]) // step + 1
    life.live(ticks)
    is_compact = random.random() < 0.5
    history = folder / "history.sqlite" if random.random() < 0.5 else None
    if is_compact:
        compact_all(life.journal)
        life.live(1 + 900 // step)  # The checkpoint that pins what was compacted.
    if history is not None:
        store = HistoryStore.open(history, "campaign")
        with Journal.view(life.journal) as journal:
            refill(store, journal)
        store.close()
    return LivedHome(seed, life.journal, is_compact, history, ticks)
