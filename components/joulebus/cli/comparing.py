"""``joulebus compare``: variants of a home side by side, the best marked; or the best under a budget, searched for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from joulebus.cli.output import print_json
from joulebus.cli.planning import PlanOptions, adjusted, print_notes, terminate_like_ctrl_c, ticks_of
from joulebus.cli.progress import COUNT, progress_bar
from joulebus.cli.reporting import quantity_text
from joulebus.cli.whole_table import WholeTable
from joulebus.devices.grid import currency_of
from joulebus.errors import JoulebusError, UsageError
from joulebus.extras import need
from joulebus.homefile.home_file import load_home_file
from joulebus.planning.compare import Cores, Lived, Variation, best, variants_of, variation_of
from joulebus.planning.comparison import Comparison, write_comparison_csv
from joulebus.planning.metrics import BILL, METRICS_USUAL, Measures, check_metrics, total_of
from joulebus.planning.overrides import check_path, override_of
from joulebus.planning.savings import Terms, payback_text
from joulebus.planning.search import WHOLE_MAX, Budget, Search, check_affordable, check_budget, search
from joulebus.rates.file import RateBook, load_rates
from joulebus.refusals.typed import comma_advice
from joulebus.report.files import check_writable, writing_file

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
    lifetime: float
    discount: float
    rates: tuple[Path, ...] = ()


def run_comparison(options: ComparisonOptions) -> None:
    """Compare and print.

    Raises:
        UsageError: An option is wrong, or nothing varies.
    """
    terminate_like_ctrl_c()
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
    books = _books(options.rates, file.place.timezone)
    bills = tuple(name for name, _ in books)
    asked = (part.strip() for part in options.metric.split(",")) if options.metric else (*bills, *METRICS_USUAL)
    metrics = check_metrics(asked, file.members, bills)
    for variation in variations:
        check_path(file.members, variation.path)
    ticks = ticks_of(options.days, file.tick_seconds)
    with Cores(file, ticks, options.workers, Measures(metrics, books)) as cores:
        lived, left_out = _live(Search(metrics[0], budget, options.seed, options.lives), variations, cores, find=options.search)
    print_notes(file, options.days)
    terms, currency = Terms(options.lifetime, options.discount), currency_of(file.members)
    _hand_out(
        options,
        Comparison(file.name, ticks, metrics, variations, budget, tuple(lived), left_out, file.tick_seconds, terms, currency, bills),
    )
    failed = [one for one in lived if one.error]
    if failed:
        listed = "; ".join(f"{one.variant}: {one.error}" for one in failed[:5])
        raise VariantsFailed(f"{len(failed)} of {len(lived)} variants failed: {listed}")


def _books(rates: tuple[Path, ...], timezone: str) -> tuple[tuple[str, RateBook], ...]:
    """Rates by the name of the metric that their bills are."""
    names = [BILL if len(rates) == 1 else f"{BILL}_{re.sub('[^a-z0-9]+', '_', path.stem.lower())}" for path in rates]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"rates files of a comparison must have different names, but two of them are called {twice.removeprefix('bill_')}")
    return tuple((name, load_rates(path, timezone)) for name, path in zip(names, rates, strict=True))


def _price(text: str) -> tuple[str, float]:
    override = override_of(text, "--price")
    if isinstance(override.value, bool) or not isinstance(override.value, int | float) or override.value < 0:
        raise UsageError(f"--price must be device.property=EURO, but was {text}{comma_advice(text.partition('=')[2])}")
    return override.path, float(override.value)


def _live(wanted: Search, variations: tuple[Variation, ...], cores: Cores, *, find: bool) -> tuple[list[Lived], int]:
    total = 1
    for variation in variations:
        total *= len(variation.values)
    with progress_bar("searching" if find else "comparing", COUNT) as tell:
        tell(0, total)
        if find and total > WHOLE_MAX:
            lived = search(list(variations), wanted, cores.live, tell)
        else:
            lived = cores.live([variant for variant in variants_of(variations) if wanted.budget.allows(variant.overrides)], tell)
    return lived, total - len(lived)


def _hand_out(options: ComparisonOptions, comparison: Comparison) -> None:
    if options.csv:
        with writing_file(options.csv):
            write_comparison_csv(options.csv, comparison)
    if options.json_file:
        with writing_file(options.json_file):
            options.json_file.write_text(json.dumps(comparison.as_json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    if options.chart:
        from joulebus.planning.comparison_page import write_chart

        with writing_file(options.chart):
            write_chart(options.chart, comparison)
    print_json(comparison.as_json()) if options.json else _print(comparison)


def _print(comparison: Comparison) -> None:
    console = Console()
    console.print(_table(comparison))
    for sentence in comparison.sentences():
        console.print(sentence, highlight=False, markup=False)


def _table(comparison: Comparison) -> WholeTable:
    stars = {metric: comparison.winners(metric) for metric in comparison.metrics}
    first, has_prices = comparison.metrics[0], bool(comparison.budget.euro_by_path)
    span = f"{comparison.days:g} day{'' if comparison.days == 1 else 's'}"
    title = f"{comparison.home}: {len(comparison.lived)} variants of {span}, ★ best, bold by {first.replace('_', ' ')}"
    if comparison.left_out:
        title += f" ({comparison.left_out:,} left out)"
    table = WholeTable(title=title, show_edge=False)
    for variation in comparison.variations:
        table.add_column(variation.path, overflow="fold")
    money = [f"price {comparison.currency}"] if has_prices else []
    saved = [f"saves {comparison.currency}/year", *(["pays back"] if has_prices else [])]
    for head in [*money, *(metric.replace("_", " ") for metric in comparison.metrics), *saved]:
        table.add_column(head, justify="right")
    for one in _shown(comparison):
        overrides = [str(override).partition("=")[2] for override in one.variant.overrides]
        price = [f"{comparison.budget.price(one.variant.overrides):,.0f}"] if has_prices else []
        values = [_cell(one, metric, stars[metric], comparison.currency) for metric in comparison.metrics]
        row = [*overrides, *price, *(values if not one.error else ["failed", *[""] * (len(values) - 1)]), *_saved(comparison, one)]
        table.add_row(*map(Text, row), style="bold" if one.variant.number in stars[first] else "")
    return table


def _saved(comparison: Comparison, one: Lived) -> list[str]:
    """What it saves a year, and when it is paid back; of the first variant, against which all are compared, nothing."""
    found = comparison.saving(one)
    cells = ["" if found is None else f"{found.micro_euro_per_year / 1e6:z,.0f}"]
    back = "" if found is None else payback_text(found, comparison.terms)
    return [*cells, *([back] if comparison.budget.euro_by_path else [])]


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


def _cell(one: Lived, metric: str, stars: tuple[int, ...], currency: str) -> str:
    star = " ★" if one.variant.number in stars else "  " if stars else ""
    return quantity_text(total_of(metric), one.metric(metric), currency).replace(" ", "\u00a0") + star.replace(" ", "\u00a0")
