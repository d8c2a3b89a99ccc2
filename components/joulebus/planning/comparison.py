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
                "settings": {setting.path: setting.value for setting in one.variant.settings},
                **({"price_euro": self.budget.price(one.variant.settings)} if self.budget.euro_by_path else {}),
                **({"error": one.error} if one.error else {"totals": dict(one.totals)}),
            }
            for one in self.lived
        ]
        winners = {metric: found.variant.number for metric in self.metrics if (found := self.best(metric))}
        return {"home": self.home, "ticks": self.ticks, "best": winners, "left_out": self.left_out, "variants": variants}


def write_csv(path: Path, comparison: Comparison) -> None:
    """A line a variant: what was set, what it costs, all totals, and why it failed."""
    paths = [variation.path for variation in comparison.variations]
    names = list(METRICS.values())
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("number", *paths, "price_euro", *names, "error"))
        for one in comparison.lived:
            settings = [str(setting).partition("=")[2] for setting in one.variant.settings]
            price = comparison.budget.price(one.variant.settings)
            writer.writerow((one.variant.number, *settings, f"{price:g}", *(one.totals.get(name, "") for name in names), one.error or ""))
