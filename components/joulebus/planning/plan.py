"""The in-memory runtime as a tool: simulate a span as fast as the machine allows, and return the result."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joulebus.devices.grid import EURO, currency_of
from joulebus.home.round import Home
from joulebus.home.upkeep import Upkeep
from joulebus_schemas.journal import Committed
from joulebus_schemas.rounds import Settled

TicksProgress = Callable[[int, int], None]
"""Told of ticks that are done, and of all ticks."""


@dataclass
class PlanTotals:
    """Sums over settlements: joules by device, by flow pair and by cause; money in micro-euro."""

    from_tick: int = 0
    """Where the counting began."""
    ticks: int = 0
    joules_in: Counter[str] = field(default_factory=Counter)
    joules_out: Counter[str] = field(default_factory=Counter)
    unserved: Counter[str] = field(default_factory=Counter)
    """Wanted and not granted when it was wanted."""
    served_later: Counter[str] = field(default_factory=Counter)
    """The part of the unserved that came later."""
    curtailed: Counter[str] = field(default_factory=Counter)
    heat: Counter[str] = field(default_factory=Counter)
    flows: Counter[str] = field(default_factory=Counter)
    import_cost_micro_euro: int = 0
    export_income_micro_euro: int = 0

    def add(self, settled: Settled | Committed) -> None:
        """Count one settlement in, as it was published or as it was kept."""
        self.ticks += settled.window.ticks
        self.flows.update(settled.flows)
        for name, outcome in settled.outcomes.items():
            self.joules_in[name] += outcome.joules_in
            self.joules_out[name] += outcome.joules_out
            self.unserved[name] += outcome.unserved_joules
            self.served_later[name] += outcome.served_later_joules
            self.curtailed[name] += outcome.curtailed_joules
            self.heat[name] += outcome.heat_joules
            self.import_cost_micro_euro += outcome.import_cost_micro_euro
            self.export_income_micro_euro += outcome.export_income_micro_euro


@dataclass(frozen=True)
class PlanResult:
    """What came of a plan. :meth:`as_json` is stable; README documents it."""

    home: str
    start_unix_seconds: int
    tick_seconds: int
    totals: PlanTotals
    balances: dict[str, int]
    head: str
    currency: str = EURO
    """Currency of all money."""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON with sorted names: joules, micro-euro, and ``missing_joules``, which is 0."""
        totals = self.totals
        devices = sorted(totals.joules_in)
        import_joules = sum(joules for pair, joules in totals.flows.items() if pair.startswith("grid>"))
        export_joules = sum(joules for pair, joules in totals.flows.items() if pair.endswith(">export"))
        return {
            "home": self.home,
            "start_unix_seconds": self.start_unix_seconds,
            "ticks": totals.ticks,
            "tick_seconds": self.tick_seconds,
            "devices": {name: {"joules_in": totals.joules_in[name], "joules_out": totals.joules_out[name]} for name in devices},
            "flows": {pair: totals.flows[pair] for pair in sorted(totals.flows) if totals.flows[pair]},
            "losses_joules": {name: totals.heat[name] for name in devices if totals.heat[name]},
            "unserved_joules": {name: left for name in devices if (left := totals.unserved[name] - totals.served_later[name]) > 0},
            "served_later_joules": {name: totals.served_later[name] for name in devices if totals.served_later[name]},
            "curtailed_joules": {name: totals.curtailed[name] for name in devices if totals.curtailed[name]},
            "import_joules": import_joules,
            "export_joules": export_joules,
            "import_cost_micro_euro": totals.import_cost_micro_euro,
            "export_income_micro_euro": totals.export_income_micro_euro,
            "cost_micro_euro": totals.import_cost_micro_euro - totals.export_income_micro_euro,
            "balances": dict(sorted(self.balances.items())),
            "head_seal": self.head,
            "missing_joules": sum(self.balances.values()),
        }


def plan(
    home: Home, ticks: int, window: int | None = None, progress: TicksProgress | None = None, totals: PlanTotals | None = None
) -> PlanResult:
    """Simulate a number of ticks; a home may be continued from its current tick, with the totals so far."""
    keeper = home.keeper
    totals = totals or PlanTotals(keeper.next_tick)
    all_ticks = totals.ticks + ticks
    upkeep = Upkeep(keeper) if keeper.journal else None
    for settled in home.live(ticks, window):
        totals.add(settled)
        if upkeep is not None:
            upkeep.settled()
        if progress is not None:
            progress(totals.ticks, all_ticks)
    born = keeper.born
    begins = born.start_unix_seconds + totals.from_tick * born.tick_seconds
    return PlanResult(born.home, begins, born.tick_seconds, totals, keeper.ledger.balances(), keeper.ledger.head, currency_of(born.members))
