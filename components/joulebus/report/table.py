"""Quarter-hours as columns with units in their names, and the same along the calendar of the place."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from joulebus.report.calendar import Integers, groups
from joulebus.report.quarters import Quarters
from joulebus.report.tally import SourceSink
from joulebus_schemas.facts import CURTAILED, DRIVING, FLOWS, HEAT, UNSERVED

LEVEL_SUFFIX = "_level_joules"


@dataclass(frozen=True)
class ReportTable:
    """Integer columns of equal length; ``unix_seconds`` and ``seconds`` say when a row begins and how long it is."""

    columns: dict[str, Integers]

    def __len__(self) -> int:
        return len(self.columns["unix_seconds"])

    def every(self, resolution: str, timezone: str) -> "ReportTable":
        """The same in rows of another resolution; a level is that at the row's end."""
        firsts = groups(self.columns["unix_seconds"], resolution, timezone)
        if not len(firsts):
            return self
        lasts = np.concatenate((firsts[1:], [len(self)])) - 1
        summed = {name: np.add.reduceat(column, firsts) for name, column in self.columns.items()}
        ends = {name: column[lasts] for name, column in self.columns.items() if name.endswith(LEVEL_SUFFIX)}
        return ReportTable({**summed, **ends, "unix_seconds": self.columns["unix_seconds"][firsts]})


def column_name(pair: SourceSink, busbar: str) -> str:
    """The column of a pair of accounts: from the device's side, taken in from the home or given out to it."""
    giver, taker = pair
    if giver == UNSERVED:
        return f"{taker.removesuffix('.unmet')}_unserved_joules"
    if taker == UNSERVED:
        return f"{giver.removesuffix('.unmet')}_served_later_joules"
    if taker in (HEAT, CURTAILED, DRIVING):
        return f"{giver}_{taker}_joules"
    if giver == busbar:
        return f"{taker}_in_joules"
    if taker == busbar:
        return f"{giver}_out_joules"
    return f"{taker}_from_{giver}_joules"


def flow_name(flow: str) -> str:
    """sun>loads is sun_to_loads_joules."""
    return f"{flow.replace('>', '_to_')}_joules"


def names(pairs: Iterable[SourceSink], levels: Iterable[str], busbar: str) -> list[str]:
    """All columns of a table, in their order."""
    return [
        *("unix_seconds", "seconds", "import_joules", "export_joules", "import_cost_micro_euro", "export_income_micro_euro"),
        *map(flow_name, FLOWS),
        *sorted(column_name(pair, busbar) for pair in pairs),
        *(f"{name}{LEVEL_SUFFIX}" for name in sorted(levels)),
    ]


def table_of(quarters: Quarters, busbar: str) -> ReportTable:
    """The quarter-hours of a run."""
    rows = len(quarters.starts)
    starts, ends = np.array(quarters.starts, dtype=np.int64), np.array(quarters.ends, dtype=np.int64)
    flows = {flow: column.all(rows) for flow, column in zip(FLOWS, quarters.flows, strict=True)}
    found = {
        "unix_seconds": starts,
        "seconds": ends - starts,
        "import_joules": column_sum(flows, "grid>", "", rows),
        "export_joules": column_sum(flows, "", ">export", rows),
        "import_cost_micro_euro": quarters.money["import"].all(rows),
        "export_income_micro_euro": quarters.money["export"].all(rows),
        **{flow_name(flow): column for flow, column in flows.items()},
        **{column_name(pair, busbar): column.all(rows) for pair, column in quarters.joules.items()},
        **{f"{name}{LEVEL_SUFFIX}": column.all(rows) for name, column in quarters.levels.items()},
    }
    return ReportTable({name: found[name] for name in names(quarters.joules, quarters.levels, busbar)})


def column_sum(flows: dict[str, Integers], begins: str, ends: str, rows: int) -> Integers:
    """All flows from a source, or to a sink."""
    chosen = [column for flow, column in flows.items() if flow.startswith(begins) and flow.endswith(ends)]
    return np.sum(chosen, axis=0, dtype=np.int64) if chosen else np.zeros(rows, dtype=np.int64)
