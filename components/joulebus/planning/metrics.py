"""What variants are ranked by: the totals of a report, how long a home was dark, and how warm it got in its boxes."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from joulebus.errors import UsageError
from joulebus.rates.file import RateBook
from joulebus.refusals.messages import guess
from joulebus_schemas.roster import Member

METRICS = {
    "cost": "cost_micro_euro",
    "import_cost": "import_cost_micro_euro",
    "export_income": "export_income_micro_euro",
    "self_sufficiency": "self_sufficiency_ppm",
    "self_consumption": "self_consumption_ppm",
    "unserved": "unserved_joules",
    "curtailed": "curtailed_joules",
    "import": "import_joules",
    "export": "export_joules",
    "produced": "produced_joules",
    "consumed": "consumed_joules",
    "losses": "losses_joules",
    "peak": "peak_watts",
    "month_peak_mean": "month_peak_mean_watts",
    "dark_minutes": "dark_minutes",
    "short_minutes": "short_minutes",
}
"""What people ask for, and its name in a variant's totals. Dark: something wanted energy and nothing got any; short: something got less
than it wanted."""
METRICS_USUAL = ("cost", "self_sufficiency", "unserved", "peak")
LARGER_IS_BETTER = frozenset({"self_sufficiency", "self_consumption", "export", "export_income", "produced", "consumed"})
WARMTH_METRIC = re.compile(r"(warmest|coldest)_([a-z0-9_]+)_celsius")
WARM_KINDS = ("fridge", "geyser", "oven")
"""Kinds with a temperature; a metric may also name one device of them."""
BILL = "bill"
"""What a span cost by a rates file: with several of them, ``bill_`` and the name of the file."""
SHOWN_STEPS = {"euro": 10_000, "ppm": 1_000, "joules": 3_600, "watts": 10, "minutes": 1, "millicelsius": 100}
"""As finely as numbers are shown, by the last word of a total: what looks alike is alike."""


@dataclass(frozen=True)
class Measures:
    """What is measured of each variant."""

    metrics: tuple[str, ...] = ()
    books: tuple[tuple[str, RateBook], ...] = ()
    """Rates by the metric that their bills are, in their order."""


NOTHING_MORE = Measures()
"""The totals of a report, and nothing else."""


def is_bill(metric: str) -> bool:
    """Whether a metric is what a span cost by a rates file."""
    return metric == BILL or metric.startswith(f"{BILL}_")


def in_shown_steps(metric: str, value: int) -> int:
    """A value in the steps in which people see it."""
    step = SHOWN_STEPS[total_of(metric).rsplit("_", 1)[1]]
    return (value + step // 2) // step


def total_of(metric: str) -> str:
    """Its name in a variant's totals, with its unit."""
    if is_bill(metric):
        return f"{metric}_micro_euro"
    return METRICS.get(metric) or metric.removesuffix("_celsius") + "_millicelsius"


def is_larger_better(metric: str) -> bool:
    """Whether more is better: true for the coldest moment of a geyser, false for the warmest of a fridge."""
    return metric in LARGER_IS_BETTER or metric.startswith("coldest_")


def check_metrics(names: Iterable[str], members: Mapping[str, Member], bills: Collection[str] = ()) -> tuple[str, ...]:
    """Metrics that people name, for a home with these devices and rates whose bills have these names.

    Raises:
        UsageError: There is no such metric, or the home has no such device.
    """
    found = tuple(names)
    for name in found:
        warmth = WARMTH_METRIC.fullmatch(name)
        if name in METRICS or name in bills:
            continue
        if is_bill(name):
            raise UsageError(f"{name} needs a rates file (--rates FILE); {guess(name, bills, 'there are') if bills else 'there is none'}")
        if warmth is None:
            known = [*METRICS, "warmest_fridge_celsius", "coldest_geyser_celsius"]
            raise UsageError(f"there is no metric {name}; {guess(name, known, 'the metrics are')}")
        if not measured(warmth[2], members):
            warm = [one for one, member in members.items() if member.kind in WARM_KINDS]
            raise UsageError(f"{name} needs a device with a temperature, and {warmth[2]} is none; {guess(warmth[2], warm, 'there are')}")
    return found


def measured(name: str, members: Mapping[str, Member]) -> list[str]:
    """The devices that a metric of warmth is about: one by its name, or all of a kind."""
    if name in members and members[name].kind in WARM_KINDS:
        return [name]
    return [one for one, member in members.items() if member.kind == name and name in WARM_KINDS]
