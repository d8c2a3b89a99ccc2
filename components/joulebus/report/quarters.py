"""A table of quarter-hours that grows with a run: some five hundred bytes per quarter-hour, whatever the tick."""

from array import array
from collections import Counter
from typing import Any

import numpy as np

from joulebus.report.calendar import Integers
from joulebus.report.tally import Cells, SourceSink
from joulebus_schemas.facts import FLOWS, JOULES_PER_KWH, QUARTER_SECONDS


class RowColumn:
    """Integers by row; rows that nobody wrote are 0."""

    def __init__(self) -> None:
        self.values = array("q")

    def add(self, row: int, amount: int) -> None:
        """Add to the last row, or to one behind it."""
        missing = row + 1 - len(self.values)
        if missing:
            self.values.extend([0] * missing)
        self.values[row] += amount

    def extend(self, row: int, amounts: Integers) -> None:
        """Add to the last row, or to one behind it, and write those that follow."""
        self.add(row, int(amounts[0]))
        self.values.frombytes(np.ascontiguousarray(amounts[1:], dtype=np.int64).tobytes())

    def put(self, row: int, values: Integers) -> None:
        """Write the last row, or one behind it, and those that follow."""
        self.add(row, 0)
        self.values[row] = 0
        self.extend(row, values)

    def all(self, rows: int) -> Integers:
        """As many as there are rows."""
        found = np.zeros(rows, dtype=np.int64)
        found[: len(self.values)] = self.values
        return found


class Quarters:
    """Takes cells; gives columns of quarter-hours."""

    def __init__(self) -> None:
        self.starts, self.ends = array("q"), array("q")
        self.joules: dict[SourceSink, RowColumn] = {}
        self.flows = [RowColumn() for _ in FLOWS]
        self.levels: dict[str, RowColumn] = {}
        self.money: dict[str, RowColumn] = {"import": RowColumn(), "export": RowColumn()}
        """Whole micro-euro, the remainder of each quarter-hour carried into the next."""
        self.joules_by_price: dict[str, Counter[int]] = {"import": Counter(), "export": Counter()}
        self.price_seconds = 0
        """Sum over all seconds of the price of import."""
        self._carry = {"import": 0, "export": 0}

    def take(self, cells: Cells) -> None:
        """Add cells in; a quarter-hour that began before goes on."""
        if not len(cells.starts):
            return
        self.price_seconds += sum((cells.bought.astype(object) * (cells.ends - cells.starts)).tolist())
        numbers = cells.starts // QUARTER_SECONDS
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        lasts = np.append(firsts[1:], len(numbers)) - 1
        row = self._rows(cells.starts[firsts], cells.ends[lasts])
        for pair, amounts in zip(cells.pairs, np.add.reduceat(cells.joules, firsts, axis=0).T, strict=True):
            if amounts.any():
                self.joules.setdefault(pair, RowColumn()).extend(row, amounts)
        for column, amounts in zip(self.flows, np.add.reduceat(cells.flows, firsts, axis=0).T, strict=True):
            if amounts.any():
                column.extend(row, amounts)
        for name, level in cells.levels.items():
            self.levels.setdefault(name, RowColumn()).put(row, level[lasts])
        for what, column in self.money.items():
            column.extend(row, self._paid(what, np.add.reduceat(self._priced(cells, what), firsts)))

    def _rows(self, starts: Integers, ends: Integers) -> int:
        """The row at which they begin."""
        if self.starts and self.starts[-1] // QUARTER_SECONDS == starts[0] // QUARTER_SECONDS:
            self.ends.pop()
            starts = starts[1:]
        self.starts.frombytes(starts.tobytes())
        self.ends.frombytes(ends.tobytes())
        return len(self.ends) - len(ends)

    def _priced(self, cells: Cells, what: str) -> Any:
        """Joules times price of each cell; in Python's integers, which have no end."""
        amounts, prices = moved(cells, what), cells.bought if what == "import" else cells.sold
        for price in np.unique(prices).tolist():
            self.joules_by_price[what][price] += int(amounts[prices == price].sum())
        return amounts.astype(object) * prices

    def _paid(self, what: str, amounts: Any) -> Integers:
        sums = np.cumsum(amounts) + self._carry[what]
        self._carry[what] = int(sums[-1] % JOULES_PER_KWH)
        return np.array(np.diff(sums // JOULES_PER_KWH, prepend=0), dtype=np.int64)


def moved(cells: Cells, what: str) -> Integers:
    """What the grid gave or took in each cell."""
    places = [place for place, flow in enumerate(FLOWS) if (flow.startswith("grid>") if what == "import" else flow.endswith(">export"))]
    total: Integers = cells.flows[:, places].sum(axis=1)
    return total
