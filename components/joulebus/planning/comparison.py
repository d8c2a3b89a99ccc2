"""What came of a comparison, as data and as a file."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.planning.compare import METRICS, Lived, Variation, best
from joulebus.planning.search import Budget


@dataclass(frozen=True)
class Comparison:
    """What came of it."""

    home: str
    ticks: int
    metrics: tuple[str, ...]
    variations: tuple[Variation, ...]
    budget: Budget
    lived: tuple[Lived, ...]
    left_out: int
    """Variants that cost more than the budget, or that a search did not look at."""

    def best(self, metric: str) -> Lived | None:
        """The best of a metric."""
        return best(self.lived, metric)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; the best of each metric by its number."""
        variants = [
            {
                "number": one.variant.number,
                "overrides": {override.path: override.value for override in one.variant.overrides},
                **({"price_euro": self.budget.price(one.variant.overrides)} if self.budget.euro_by_path else {}),
                **({"error": one.error} if one.error else {"totals": dict(one.totals)}),
            }
            for one in self.lived
        ]
        winners = {metric: found.variant.number for metric in self.metrics if (found := self.best(metric))}
        return {"home": self.home, "ticks": self.ticks, "best": winners, "left_out": self.left_out, "variants": variants}


def write_comparison_csv(path: Path, comparison: Comparison) -> None:
    """A line a variant: what was set, what it costs, all totals, and why it failed."""
    paths = [variation.path for variation in comparison.variations]
    names = list(METRICS.values())
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("number", *paths, "price_euro", *names, "error"))
        for one in comparison.lived:
            overrides = [str(override).partition("=")[2] for override in one.variant.overrides]
            price = comparison.budget.price(one.variant.overrides)
            writer.writerow((one.variant.number, *overrides, f"{price:g}", *(one.totals.get(name, "") for name in names), one.error or ""))
