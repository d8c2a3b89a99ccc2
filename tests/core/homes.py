"""Homes for the core's tests: devices that say the same of a tick whatever the window, and how a home lives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from joulebus_core import Ledger, Settlement
from joulebus_schemas.offers import Flow, Goal, Grid, Inverter, Offer, Outcome, PolicyRun, Storage, Thermal, ThermalRun
from joulebus_schemas.series import Each, Knots, RunLengths, constant

START_UNIX_SECONDS = 1_767_225_600
PLENTY = 1_000_000
PRIORITY: tuple[Goal, Goal, Goal] = ("loads", "battery", "export")


def inverter(ticks: int, policy: dict[str, Any] | None = None, **changes: Any) -> Inverter:
    """An inverter that sleeps below 20 W and loses some percent above."""
    fields: dict[str, Any] = {
        "rating_watts": 5_000,
        "curve_dc_milliwatts": (0, 20_000, 500_000, 5_300_000),
        "curve_ac_milliwatts": (0, 0, 461_000, 5_000_000),
        "charge_watts_max": 3_000,
        "charge_efficiency_ppm": 960_000,
        "night_milliwatts": 1_518,
        "policy": (PolicyRun(ticks=ticks, **(policy or {})),),
    }
    return Inverter(**{**fields, **changes})


def grid(ticks: int, import_joules: int = PLENTY, export_joules: int = PLENTY, **changes: Any) -> Grid:
    """A grid with constant caps and prices."""
    fields: dict[str, Any] = {
        "import_joules_max": constant(import_joules, ticks),
        "export_joules_max": constant(export_joules, ticks),
        "import_price": constant(321_400, ticks),
        "export_price": constant(50_000, ticks),
    }
    return Grid(**{**fields, **changes})


def store(**changes: Any) -> Storage:
    """A battery of a kilowatt hour, half full."""
    fields: dict[str, Any] = {
        "level_microjoules": 1_800_000 * 10**6,
        "least_joules": 360_000,
        "most_joules": 3_600_000,
        "capacity_joules": 3_600_000,
        "charge_watts_max": 2_500,
        "discharge_watts_max": 2_500,
        "charge_efficiency_ppm": 960_000,
        "discharge_efficiency_ppm": 950_000,
        "standby_milliwatts": 3_333,
    }
    return Storage(**{**fields, **changes})


@dataclass
class Living:
    """A home whose needs are lists along its ticks; what the core remembers is handed from window to window."""

    sun_milliwatts: list[int]
    load_joules: list[int]
    import_joules: list[int]
    policy: dict[str, Any]
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)

    @property
    def ticks(self) -> int:
        """Ticks of a second."""
        return len(self.load_joules)

    def live(self, windows: list[int]) -> Ledger:
        """Settles all ticks in windows of these sizes, in turn."""
        ledger, sizes = Ledger("home", START_UNIX_SECONDS + 777, 1), cycle(windows)
        while ledger.next_tick < self.ticks:
            start = ledger.next_tick
            ticks = min(next(sizes), self.ticks - start)
            settlement = ledger.settle(start, ticks, dict(self.offers(start, ticks)))
            self.memory = {name: vars(Outcome(**_words(outcome))) for name, outcome in settlement.outcomes.items()}
            for pair, joules in settlement.flows.items():
                self.totals[pair] = self.totals.get(pair, 0) + joules
            self.settlements.append(settlement)
        return ledger

    def offers(self, start: int, ticks: int) -> Iterator[tuple[str, Offer]]:
        """What each device could move."""
        yield "panel", self._panel(start, ticks)
        yield "oven", Flow(want=Each(values=tuple(self.load_joules[start : start + ticks])))
        yield "geyser", self._geyser(ticks)
        yield "battery", store(**self._remembered("battery", "level_microjoules", "standby_carry_microjoules"))
        caps = Each(values=tuple(self.import_joules[start : start + ticks]))
        carries = self._remembered("grid", "import_carry", "export_carry")
        yield "grid", grid(ticks, import_joules_max=caps, export_joules_max=caps, **carries)
        yield "inverter", inverter(ticks, self.policy, **self._remembered("inverter", "carry_microjoules", "night_carry_microjoules"))

    def _remembered(self, device: str, *names: str) -> dict[str, Any]:
        memory = self.memory.get(device, {})
        return {name: memory[name] for name in names if name in memory}

    def _panel(self, start: int, ticks: int) -> Flow:
        first, last = start // 60, -(-(start + ticks) // 60)
        knots = Knots(
            grid_seconds=60,
            lead_seconds=start % 60,
            milliwatts=tuple(-power for power in self.sun_milliwatts[first : last + 1]),
            carry=self.memory.get("panel", {}).get("carry", 0),
        )
        return Flow(side="dc", want=knots, origin="sun")

    def _geyser(self, ticks: int) -> Thermal:
        run = ThermalRun(seconds=ticks, decay_q52=2**52 - 2**43, equilibrium_off_microjoules=0, equilibrium_on_microjoules=10**12)
        memory = self.memory.get("geyser", {})
        return Thermal(
            heat_microjoules=memory.get("heat_microjoules", 10**11),
            owed_joules=memory.get("owed_joules", 0),
            on=memory.get("on", False),
            low_microjoules=10**11,
            high_microjoules=2 * 10**11,
            watts=1_500,
            surroundings=(run,),
            shedding_priority=2,
        )


def _words(outcome: dict[str, Any]) -> dict[str, Any]:
    granted = outcome["granted"]
    return {**outcome, "granted": None if granted is None else RunLengths(run_lengths=tuple(granted))}
