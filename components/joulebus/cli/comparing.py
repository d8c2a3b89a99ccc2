"""``joulebus compare``: variants of a home side by side, the best marked; or the best under a budget, searched for."""

import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from joulebus.cli.output import print_json
from joulebus.cli.planning import PlanOptions, adjusted, print_notes, terminate_like_ctrl_c, ticks_of
from joulebus.cli.reporting import quantity_text
from joulebus.errors import JoulebusError, UsageError
from joulebus.extras import need
from joulebus.homefile.home_file import load_home_file
from joulebus.planning.compare import METRICS, METRICS_USUAL, Cores, Lived, Variation, best, check_metrics, variants_of, variation_of
from joulebus.planning.comparison import Comparison, write_comparison_csv
from joulebus.planning.overrides import check_path, override_of
from joulebus.planning.search import WHOLE_MAX, Budget, Search, check_affordable, check_budget, search
from joulebus.report.files import check_writable

VARIANTS_SHOWN_MAX = 60


class VariantsFailed(JoulebusError):
    """Some variants failed; the others finished."""


@dataclass(frozen=True)
class ComparisonOptions:
    """What was asked for."""

    file: Path
    vary: tuple[str, ...]
    metric: str | None
    start: str | None
    days: float
    tick: int | None
    overrides: tuple[str, ...]
    csv: Path | None
    json_file: Path | None
    chart: Path | None
    json: bool
    search: bool
    price: tuple[str, ...]
    budget: float | None
    seed: int
    lives: int
    workers: int | None


def run_comparison(options: ComparisonOptions) -> None:
    """Compare and print.

    Raises:
        UsageError: An option is wrong, or nothing varies.
    """
    terminate_like_ctrl_c()
    metrics = check_metrics(part.strip() for part in options.metric.split(",")) if options.metric else METRICS_USUAL
    variations = tuple(variation_of(text) for text in options.vary)
    if not variations:
        raise UsageError("a comparison needs something to vary, such as --vary battery.capacity_kwh=0,5,10")
    budget = Budget(dict(_price(text) for text in options.price), options.budget)
    check_budget(budget, variations)
    check_affordable(budget, variations)
    check_writable((options.csv, options.json_file, options.chart))
    if options.chart:
        need("plotly")
    file = adjusted(
        load_home_file(options.file), PlanOptions(None, options.start, options.days, options.tick, options.overrides, False, None, None)
    )
    for variation in variations:
        check_path(file.members, variation.path)
    ticks = ticks_of(options.days, file.tick_seconds)
    with Cores(file, ticks, options.workers) as cores:
        lived, left_out = _live(Search(metrics[0], budget, options.seed, options.lives), variations, cores, find=options.search)
    print_notes(file, options.days)
    _hand_out(options, Comparison(file.name, ticks, metrics, variations, budget, tuple(lived), left_out))
    failed = [one for one in lived if one.error]
    if failed:
        listed = "; ".join(f"{one.variant}: {one.error}" for one in failed[:5])
        raise VariantsFailed(f"{len(failed)} of {len(lived)} variants failed: {listed}")


def _price(text: str) -> tuple[str, float]:
    override = override_of(text, "--price")
    if isinstance(override.value, bool) or not isinstance(override.value, int | float) or override.value < 0:
        raise UsageError(f"--price must be device.property=EURO, but was {text}")
    return override.path, float(override.value)


def _live(wanted: Search, variations: tuple[Variation, ...], cores: Cores, *, find: bool) -> tuple[list[Lived], int]:
    console = Console(stderr=True)
    bar = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    total = 1
    for variation in variations:
        total *= len(variation.values)
    with Progress(*bar, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("searching" if find else "comparing", total=total)

        def tell(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        if find and total > WHOLE_MAX:
            lived = search(list(variations), wanted, cores.live, tell)
        else:
            lived = cores.live([variant for variant in variants_of(variations) if wanted.budget.allows(variant.overrides)], tell)
    return lived, total - len(lived)


def _hand_out(options: ComparisonOptions, comparison: Comparison) -> None:
    if options.csv:
        write_comparison_csv(options.csv, comparison)
    if options.json_file:
        options.json_file.write_text(json.dumps(comparison.as_json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    if options.chart:
        from joulebus.planning.comparison_page import write_chart

        write_chart(options.chart, comparison)
    print_json(comparison.as_json()) if options.json else Console().print(_table(comparison))


def _table(comparison: Comparison) -> Table:
    winners = {metric: found.variant.number for metric in comparison.metrics if (found := comparison.best(metric))}
    title = f"{comparison.home}: {len(comparison.lived)} variants, best by {comparison.metrics[0]} in bold"
    if comparison.left_out:
        title += f" ({comparison.left_out:,} left out)"
    table = Table(title=title, show_edge=False)
    for variation in comparison.variations:
        table.add_column(variation.path, overflow="fold")
    for name in [*(["price €"] if comparison.budget.euro_by_path else []), *(metric.replace("_", " ") for metric in comparison.metrics)]:
        table.add_column(name, justify="right", no_wrap=True)
    for one in _shown(comparison):
        overrides = [str(override).partition("=")[2] for override in one.variant.overrides]
        price = [f"{comparison.budget.price(one.variant.overrides):,.0f}"] if comparison.budget.euro_by_path else []
        values = [_cell(one, metric, winners) for metric in comparison.metrics]
        table.add_row(*overrides, *price, *(values if not one.error else ["failed", *[""] * (len(values) - 1)]),
                      style="bold" if winners.get(comparison.metrics[0]) == one.variant.number else "")  # fmt: skip
    return table


def _shown(comparison: Comparison) -> list[Lived]:
    """All of them in their order, or the best of very many."""
    lived = list(comparison.lived)
    if len(lived) <= VARIANTS_SHOWN_MAX:
        return lived
    shown: list[Lived] = []
    while lived and len(shown) < VARIANTS_SHOWN_MAX and (found := best(lived, comparison.metrics[0])):
        shown.append(found)
        lived.remove(found)
    return shown


def _cell(one: Lived, metric: str, winners: dict[str, int]) -> str:
    star = " ★" if winners.get(metric) == one.variant.number else "  "
    return quantity_text(METRICS[metric], one.metric(metric)) + star
