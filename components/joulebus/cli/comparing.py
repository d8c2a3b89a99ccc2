"""``joulebus compare``: variants of a home side by side, the best marked; or the best under a budget, searched for."""

import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from joulebus.cli.main import print_json
from joulebus.cli.planning import Wish as PlanWish
from joulebus.cli.planning import adjusted, terminate_like_ctrl_c, ticks_of
from joulebus.cli.reporting import said
from joulebus.errors import JoulebusError, UsageError
from joulebus.extras import need
from joulebus.homefile.home_file import load
from joulebus.planning.compare import METRICS, METRICS_USUAL, Cores, Lived, Variation, best, check_metrics, variants_of, variation_of
from joulebus.planning.comparison import Comparison, write_csv
from joulebus.planning.overrides import check_path, setting_of
from joulebus.planning.search import WHOLE_MAX, Budget, Search, check_affordable, check_budget, search
from joulebus.report.files import check_writable

ROWS_SHOWN_MAX = 60


class VariantsFailed(JoulebusError):
    """Some variants failed; the others finished."""


@dataclass(frozen=True)
class Wish:
    """What was asked for."""

    file: Path
    vary: tuple[str, ...]
    metric: str | None
    start: str | None
    days: float
    tick: int | None
    settings: tuple[str, ...]
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


def run(wish: Wish) -> None:
    """Compare and print.

    Raises:
        UsageError: An option is wrong, or nothing varies.
    """
    terminate_like_ctrl_c()
    metrics = check_metrics(part.strip() for part in wish.metric.split(",")) if wish.metric else METRICS_USUAL
    variations = tuple(variation_of(text) for text in wish.vary)
    if not variations:
        raise UsageError("a comparison needs something to vary, such as --vary battery.capacity_kwh=0,5,10")
    budget = Budget(dict(_price(text) for text in wish.price), wish.budget)
    check_budget(budget, variations)
    check_affordable(budget, variations)
    check_writable((wish.csv, wish.json_file, wish.chart))
    if wish.chart:
        need("plotly")
    file = adjusted(load(wish.file), PlanWish(None, wish.start, wish.days, wish.tick, wish.settings, False, None, None))
    for variation in variations:
        check_path(file.members, variation.path)
    ticks = ticks_of(wish.days, file.tick_seconds)
    with Cores(file, ticks, wish.workers) as cores:
        lived, left_out = _live(wish, variations, budget, metrics[0], cores)
    _hand_out(wish, Comparison(file.name, ticks, metrics, variations, budget, tuple(lived), left_out))
    failed = [one for one in lived if one.error]
    if failed:
        listed = "; ".join(f"{one.variant}: {one.error}" for one in failed[:5])
        raise VariantsFailed(f"{len(failed)} of {len(lived)} variants failed: {listed}")


def _price(text: str) -> tuple[str, float]:
    setting = setting_of(text, "--price")
    if isinstance(setting.value, bool) or not isinstance(setting.value, int | float) or setting.value < 0:
        raise UsageError(f"--price must be device.property=EURO, but was {text}")
    return setting.path, float(setting.value)


def _live(wish: Wish, variations: tuple[Variation, ...], budget: Budget, metric: str, cores: Cores) -> tuple[list[Lived], int]:
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
        task = progress.add_task("searching" if wish.search else "comparing", total=total)

        def tell(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        if wish.search and total > WHOLE_MAX:
            lived = search(list(variations), budget, Search(metric, wish.seed, wish.lives), cores.live, tell)
        else:
            lived = cores.live([variant for variant in variants_of(variations) if budget.allows(variant.settings)], tell)
    return lived, total - len(lived)


def _hand_out(wish: Wish, comparison: Comparison) -> None:
    if wish.csv:
        write_csv(wish.csv, comparison)
    if wish.json_file:
        wish.json_file.write_text(json.dumps(comparison.as_json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    if wish.chart:
        from joulebus.planning.comparison_page import write_chart

        write_chart(wish.chart, comparison)
    print_json(comparison.as_json()) if wish.json else Console().print(_table(comparison))


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
        settings = [str(setting).partition("=")[2] for setting in one.variant.settings]
        price = [f"{comparison.budget.price(one.variant.settings):,.0f}"] if comparison.budget.euro_by_path else []
        values = [_cell(one, metric, winners) for metric in comparison.metrics]
        table.add_row(*settings, *price, *(values if not one.error else ["failed", *[""] * (len(values) - 1)]),
                      style="bold" if winners.get(comparison.metrics[0]) == one.variant.number else "")  # fmt: skip
    return table


def _shown(comparison: Comparison) -> list[Lived]:
    """All of them in their order, or the best of very many."""
    lived = list(comparison.lived)
    if len(lived) <= ROWS_SHOWN_MAX:
        return lived
    shown: list[Lived] = []
    while lived and len(shown) < ROWS_SHOWN_MAX and (found := best(lived, comparison.metrics[0])):
        shown.append(found)
        lived.remove(found)
    return shown


def _cell(one: Lived, metric: str, winners: dict[str, int]) -> str:
    star = " ★" if winners.get(metric) == one.variant.number else "  "
    return said(METRICS[metric], one.metric(metric)) + star
