"""The best variant under a budget without running all of them: differential evolution over the given values, the same for the same seed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import differential_evolution

from joulebus.errors import ReportError, UsageError
from joulebus.planning.compare import Lived, Variant, VariantsProgress, Variation
from joulebus.planning.metrics import is_larger_better
from joulebus.planning.overrides import Override

WHOLE_MAX = 48
"""So few variants are all run: then the best is known, not found."""
FORBIDDEN = 1e30
"""Worse than any result."""


@dataclass(frozen=True)
class Budget:
    """What a unit of a property costs, and how much may be spent."""

    euro_by_path: Mapping[str, float]
    euro_max: float | None = None

    def price(self, overrides: Iterable[Override]) -> float:
        """What a variant costs."""
        return float(sum(self.euro_by_path[one.path] * one.value for one in overrides if one.path in self.euro_by_path))

    def allows(self, overrides: Iterable[Override]) -> bool:
        """Whether a variant may be bought."""
        return self.euro_max is None or self.price(overrides) <= self.euro_max + 1e-9


def check_budget(budget: Budget, variations: Iterable[Variation]) -> None:
    """Prices are of numbers that vary.

    Raises:
        UsageError: A price is of a property that does not vary or has no numbers, or there is a budget without prices.
    """
    known = {variation.path: variation.values for variation in variations}
    for path in budget.euro_by_path:
        if path not in known:
            raise UsageError(f"--price needs a property that varies, but {path} does not; the ones that vary: {', '.join(known)}")
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in known[path]):
            raise UsageError(f"--price needs a property with numbers, but {path} takes {', '.join(map(str, known[path]))}")
    if budget.euro_max is not None and not budget.euro_by_path:
        raise UsageError("--budget needs --price device.property=EURO for at least one property that varies")


def check_affordable(budget: Budget, variations: Iterable[Variation]) -> None:
    """Something must be within the budget.

    Raises:
        ReportError: No variant is within the budget.
    """
    cheapest = sum(
        min(price * value for value in one.values) for one in variations if (price := budget.euro_by_path.get(one.path)) is not None
    )
    if budget.euro_max is not None and cheapest > budget.euro_max + 1e-9:
        raise ReportError(f"no variant is within the budget of {budget.euro_max:,.2f}; the cheapest costs {cheapest:,.2f}")


@dataclass(frozen=True)
class Search:
    """What is looked for, for how much money, and how long."""

    metric: str
    budget: Budget
    seed: int = 0
    lives_max: int = 200


Live = Callable[[list[Variant], VariantsProgress | None], list[Lived]]


def search(variations: list[Variation], wanted: Search, live: Live, progress: VariantsProgress | None = None) -> list[Lived]:
    """Every variant that was run on the way, by its number in the full comparison."""
    check_affordable(wanted.budget, variations)
    return _Walk(variations, wanted, live, progress).run()


class _Walk:
    """One search; a variant is run once."""

    def __init__(self, variations: list[Variation], wanted: Search, live: Live, progress: VariantsProgress | None) -> None:
        self._variations, self._wanted, self._live, self._progress = variations, wanted, live, progress
        self._budget = wanted.budget
        self._lengths = [len(variation.values) for variation in variations]
        self._lived: dict[int, Lived] = {}

    def run(self) -> list[Lived]:
        """Go."""
        differential_evolution(
            self._never,
            [(0, length - 1) for length in self._lengths],
            integrality=[True] * len(self._lengths),
            workers=self._evaluate,
            updating="deferred",
            polish=False,
            vectorized=False,
            popsize=8,
            maxiter=1_000,
            tol=1e-6,
            x0=self._cheapest(),
            rng=np.random.default_rng(self._wanted.seed),
            callback=lambda intermediate_result: len(self._lived) >= self._wanted.lives_max,
        )
        return [self._lived[number] for number in sorted(self._lived)]

    def _cheapest(self) -> list[int]:
        """Where it begins: what can be bought, if anything can."""
        prices = self._budget.euro_by_path
        return [one.values.index(min(one.values)) if prices.get(one.path) else 0 for one in self._variations]

    def _never(self, place: Any) -> float:
        raise AssertionError("all places of a generation are run at once")

    def _evaluate(self, _: Any, places: Iterable[Any]) -> list[float]:
        """The fitness of a generation; its new variants are run on all cores."""
        asked = [self._variant(place) for place in places]
        left = self._wanted.lives_max - len(self._lived)
        fresh = {
            variant.number: variant for variant in asked if variant.number not in self._lived and self._budget.allows(variant.overrides)
        }
        for one in self._live(list(fresh.values())[: max(left, 0)], self._said):
            self._lived[one.variant.number] = one
        return [self._fitness(variant) for variant in asked]

    def _said(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(len(self._lived) + done, self._wanted.lives_max)

    def _variant(self, place: Any) -> Variant:
        indexes = [min(max(round(float(one)), 0), length - 1) for one, length in zip(place, self._lengths, strict=True)]
        number = 0
        for index, length in zip(indexes, self._lengths, strict=True):
            number = number * length + index
        overrides = (Override(one.path, one.values[index]) for one, index in zip(self._variations, indexes, strict=True))
        return Variant(number, tuple(overrides))

    def _fitness(self, variant: Variant) -> float:
        """Smaller is better; of two over budget, the cheaper one."""
        if not self._budget.allows(variant.overrides):
            return FORBIDDEN * (1 + self._budget.price(variant.overrides))
        lived = self._lived.get(variant.number)
        value = lived.metric(self._wanted.metric) if lived is not None else None
        if value is None:
            return FORBIDDEN
        return float(-value if is_larger_better(self._wanted.metric) else value)
