"""What came of a comparison, as data and as a file."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.devices.grid import EURO
from joulebus.planning.compare import Lived, Variation, best, winners
from joulebus.planning.metrics import METRICS, total_of
from joulebus.planning.savings import ALL_SEASONS_DAYS, Saving, Terms, cost_of, saving
from joulebus.planning.search import Budget
from joulebus_schemas.facts import DAY_SECONDS


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
    tick_seconds: int = 1
    terms: Terms = Terms()
    currency: str = EURO
    bills: tuple[str, ...] = ()
    """Metrics that are bills by rates files; by the first of them it is said what is saved."""

    @property
    def days(self) -> float:
        """Length of the span in days."""
        return self.ticks * self.tick_seconds / DAY_SECONDS

    def best(self, metric: str) -> Lived | None:
        """The best of a metric; of equal ones the first."""
        return best(self.lived, metric)

    def winners(self, metric: str) -> tuple[int, ...]:
        """The numbers of all that are as good as the best; none where all are alike."""
        return winners(self.lived, metric)

    def saving(self, one: Lived) -> Saving | None:
        """Savings of a variant against the first; None for the first itself and for variants that failed."""
        first = self.lived[0]
        before, after = (cost_of(lived, self.bills[0] if self.bills else None) for lived in (first, one))
        if one is first or before is None or after is None:
            return None
        price = self.budget.price(one.variant.overrides) - self.budget.price(first.variant.overrides)
        return saving(before - after, self.ticks * self.tick_seconds, price, self.terms)

    def sentences(self) -> Iterable[str]:
        """What the comparison answers, and what the answer rests on."""
        known = [(one, found) for one in self.lived if (found := self.saving(one)) is not None]
        if known:
            yield self._answer(known)
        yield "Batteries and hot water begin as full as they end, so that no variant lives on what happened to be in them."
        if known and self.days < ALL_SEASONS_DAYS:
            yield f"A year is taken as 365.25 days like these {self.days:g}; --days 365 shows all seasons."

    def _answer(self, known: list[tuple[Lived, Saving]]) -> str:
        """A sentence about the variant that is worth most."""
        has_prices, first = bool(self.budget.euro_by_path), self.lived[0].variant
        one, found = max(known, key=lambda pair: pair[1].net_euro if has_prices else pair[1].micro_euro_per_year)
        if found.micro_euro_per_year < 1_000_000:  # A euro a year is nothing that anybody would notice.
            return f"Nothing saves money against {first}."
        text = f"{one.variant} saves {found.micro_euro_per_year / 1e6:,.0f} {self.currency} a year against {first}"
        if not has_prices:
            return f"{text}. With --price PROPERTY={self.currency} it is said in how many years that pays back."
        terms = f"lifetime {self.terms.lifetime_years:g} years (--lifetime), discount {self.terms.discount_percent:g} % (--discount)"
        back = f"are back in {found.payback_years:,.1f} years" if found.payback_years is not None else "are never back"
        worth = f"over its life it is worth {found.net_euro:+,.0f} {self.currency}"
        late = " † Later than its life ends." if any(self._is_late(saved) for _, saved in known) else ""
        return f"{text}; its {found.price_euro:,.0f} {self.currency} {back}, and {worth}: {terms}.{late}"

    def _is_late(self, found: Saving) -> bool:
        return found.payback_years is not None and found.payback_years > self.terms.lifetime_years

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; the best of each metric by its number, savings against the first variant."""
        best_of = {metric: found.variant.number for metric in self.metrics if (found := self.best(metric))}
        return {
            "home": self.home,
            "ticks": self.ticks,
            "days": self.days,
            "currency": self.currency,
            **({"bills": list(self.bills)} if self.bills else {}),
            "best": best_of,
            "stars": {metric: list(self.winners(metric)) for metric in self.metrics},
            "left_out": self.left_out,
            "against": self.lived[0].variant.number if self.lived else None,
            "lifetime_years": self.terms.lifetime_years,
            "discount_percent": self.terms.discount_percent,
            "notes": list(self.sentences()) if self.lived else [],
            "variants": [self._variant_json(one) for one in self.lived],
        }

    def _variant_json(self, one: Lived) -> dict[str, Any]:
        found = self.saving(one)
        money: dict[str, Any] = {}
        if found is not None:
            money = {
                "saving_micro_euro_per_year": found.micro_euro_per_year,
                "payback_years": found.payback_years,
                "net_euro": round(found.net_euro, 2),
            }
        return {
            "number": one.variant.number,
            "overrides": {override.path: override.value for override in one.variant.overrides},
            **({"price_euro": self.budget.price(one.variant.overrides)} if self.budget.euro_by_path else {}),
            **money,
            **({"error": one.error} if one.error else {"totals": dict(one.totals)}),
        }


def write_comparison_csv(path: Path, comparison: Comparison) -> None:
    """A line a variant: what was set, what it costs and saves, all totals, and why it failed."""
    paths = [variation.path for variation in comparison.variations]
    names = [*METRICS.values(), *(total_of(metric) for metric in comparison.metrics if metric not in METRICS)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("number", *paths, "price_euro", "saving_micro_euro_per_year", "payback_years", *names, "error"))
        for one in comparison.lived:
            overrides = [str(override).partition("=")[2] for override in one.variant.overrides]
            price, found = comparison.budget.price(one.variant.overrides), comparison.saving(one)
            money = ("", "") if found is None else (found.micro_euro_per_year, "" if found.payback_years is None else found.payback_years)
            totals = (one.totals.get(name, "") for name in names)
            writer.writerow((one.variant.number, *overrides, f"{price:g}", *money, *totals, one.error or ""))
