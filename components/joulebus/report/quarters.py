"""A table of quarter-hours that grows with a run: some five hundred bytes a quarter-hour, whatever the tick."""

from array import array
from collections import Counter

import numpy as np

from joulebus.report.calendar import QUARTER_SECONDS, Integers
from joulebus.report.tally import FLOWS, Cells, Pair

JOULES_PER_KWH = 3_600_000


class Column:
    """Integers by row; rows that nobody wrote are 0."""

    def __init__(self) -> None:
        self.values = array("q")

    def add(self, row: int, amount: int) -> None:
        """Add to the last row, or to one behind it."""
        missing = row + 1 - len(self.values)
        if missing:
            self.values.extend([0] * missing)
        self.values[row] += amount

    def put(self, row: int, value: int) -> None:
        """Write the last row, or one behind it."""
        self.add(row, 0)
        self.values[row] = value

    def all(self, rows: int) -> Integers:
        """As many as there are rows."""
        found = np.zeros(rows, dtype=np.int64)
        found[: len(self.values)] = self.values
        return found


class Quarters:
    """Takes cells; gives columns of quarter-hours."""

    def __init__(self) -> None:
        self.starts, self.ends = array("q"), array("q")
        self.joules: dict[Pair, Column] = {}
        self.flows = [Column() for _ in FLOWS]
        self.levels: dict[str, Column] = {}
        self.money: dict[str, Column] = {"import": Column(), "export": Column()}
        """Whole micro-euro, the remainder of each quarter-hour carried into the next."""
        self.joules_by_price: dict[str, Counter[int]] = {"import": Counter(), "export": Counter()}
        self._carry = {"import": 0, "export": 0}

    def take(self, cells: Cells) -> None:
        """Add cells in."""
        if not len(cells.starts):
            return
        numbers = cells.starts // QUARTER_SECONDS
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        joules, flows = (np.add.reduceat(part, firsts, axis=0) for part in (cells.joules, cells.flows))
        priced = {what: self._priced(cells, what) for what in self.money}
        for index, (first, end) in enumerate(zip(firsts, [*firsts[1:], len(numbers)], strict=True)):
            row = self._row(int(cells.starts[first]), int(cells.ends[end - 1]))
            for pair, amount in zip(cells.pairs, joules[index].tolist(), strict=True):
                if amount:
                    self.joules.setdefault(pair, Column()).add(row, amount)
            for column, amount in zip(self.flows, flows[index].tolist(), strict=True):
                if amount:
                    column.add(row, amount)
            for name, level in cells.levels.items():
                self.levels.setdefault(name, Column()).put(row, int(level[end - 1]))
            for what, amounts in priced.items():
                self._pay(what, row, sum(amounts[first:end]))

    def _row(self, start: int, end: int) -> int:
        if not self.starts or self.starts[-1] // QUARTER_SECONDS != start // QUARTER_SECONDS:
            self.starts.append(start)
            self.ends.append(end)
        self.ends[-1] = end
        return len(self.starts) - 1

    def _priced(self, cells: Cells, what: str) -> list[int]:
        """Joules times price of each cell; in Python's integers, which have no end."""
        amounts = moved(cells, what).tolist()
        prices = (cells.bought if what == "import" else cells.sold).tolist()
        for price, amount in zip(prices, amounts, strict=True):
            self.joules_by_price[what][price] += amount
        return [price * amount for price, amount in zip(prices, amounts, strict=True)]

    def _pay(self, what: str, row: int, amount: int) -> None:
        whole, self._carry[what] = divmod(self._carry[what] + amount, JOULES_PER_KWH)
        self.money[what].add(row, whole)


def moved(cells: Cells, what: str) -> Integers:
    """What the grid gave or took in each cell."""
    places = [place for place, flow in enumerate(FLOWS) if (flow.startswith("grid>") if what == "import" else flow.endswith(">export"))]
    total: Integers = cells.flows[:, places].sum(axis=1)
    return total
