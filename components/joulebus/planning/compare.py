"""Many variants of a home, simulated on all cores: the result of each, in the order in which they were asked for.

A variant that cannot be lived is named with its sentence, and the others go on. Results do not depend on the number of cores.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from types import TracebackType
from typing import Any, Self

from joulebus.errors import JoulebusError, ReportError, UsageError
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus.planning.metrics import NOTHING_MORE, Measures, in_shown_steps, is_larger_better, total_of
from joulebus.planning.overrides import Override, override_of, values_of, with_overrides
from joulebus.planning.variant_run import VariantTotals, run_variant
from joulebus_schemas.facts import EPOCH_SECONDS

VARIANTS_MAX = 100_000
VariantsProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Variation:
    """A path of a setting, and what it may be."""

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Variant:
    """One home of many."""

    number: int
    overrides: tuple[Override, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.overrides)) or "as it is"


@dataclass(frozen=True)
class Lived:
    """What came of a variant: the totals of its report, or why there are none."""

    variant: Variant
    totals: VariantTotals = field(default_factory=dict)
    error: str | None = None

    def metric(self, name: str) -> int | None:
        """A number by the name that people use."""
        return self.totals.get(total_of(name))


def variation_of(text: str) -> Variation:
    """A variation of the command line: device.property=value,value,…"""
    override_of(text, "--vary")
    path, _, values = text.partition("=")
    return Variation(path, values_of(values))


def variants_of(variations: Iterable[Variation]) -> list[Variant]:
    """Every combination of values.

    Raises:
        ReportError: There are too many variants.
        UsageError: A property varies twice.
    """
    known = list(variations)
    paths = [variation.path for variation in known]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"--vary {path} was given twice; give all of its values at once: --vary {path}=1,2,3")
    number = 1
    for variation in known:
        number *= len(variation.values)
    if number > VARIANTS_MAX:
        raise ReportError(
            f"a comparison can have at most {VARIANTS_MAX:,} variants, but these are {number:,}; give fewer values, or use --search"
        )
    mixed = product(*([Override(variation.path, value) for value in variation.values] for variation in known))
    return [Variant(index, overrides) for index, overrides in enumerate(mixed)]


def is_better(metric: str, one: int, two: int) -> bool:
    """Whether the first number is the better one."""
    return one > two if is_larger_better(metric) else one < two


def best(lived: Iterable[Lived], metric: str) -> Lived | None:
    """The best of a metric; of equal ones the first."""
    found: Lived | None = None
    for one in lived:
        value, have = one.metric(metric), found.metric(metric) if found else None
        if value is not None and (have is None or is_better(metric, value, have)):
            found = one
    return found


def winners(lived: Iterable[Lived], metric: str) -> tuple[int, ...]:
    """The numbers of all variants that are as good as the best of a metric; none where all are alike."""
    known = {one.variant.number: in_shown_steps(metric, value) for one in lived if (value := one.metric(metric)) is not None}
    top = (max if is_larger_better(metric) else min)(known.values(), default=None)
    return tuple(number for number, value in known.items() if value == top) if len(set(known.values())) > 1 else ()


def _live(file: HomeFile, variant: Variant, ticks: int, measures: Measures) -> Lived:
    """In a worker; whatever goes wrong is about this variant alone."""
    try:
        return Lived(variant, run_variant(with_overrides(file, variant.overrides), ticks, measures))
    except JoulebusError as error:
        return Lived(variant, error=str(error))
    except Exception as error:
        return Lived(variant, error=f"this is a bug of joulebus ({type(error).__name__}: {error}); please report it")


class Cores(AbstractContextManager["Cores"]):
    """Worker processes, one per core, for one home and one span."""

    def __init__(self, file: HomeFile, ticks: int, workers: int | None = None, measures: Measures = NOTHING_MORE) -> None:
        self.file, self.ticks, self.measures = file, ticks, measures
        self.workers = workers or len(os.sched_getaffinity(0))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["joulebus.planning.compare"])
        self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_be_quiet)

    def __enter__(self) -> Self:
        _warm(self.file)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:  # What is not wanted any more need not be simulated to its end.
            for process in dict(self._pool._processes or {}).values():
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def live(self, variants: Iterable[Variant], progress: VariantsProgress | None = None) -> list[Lived]:
        """All of them, in their order."""
        with _nameless_main():
            futures: dict[Future[Lived], Variant] = {
                self._pool.submit(_live, self.file, variant, self.ticks, self.measures): variant for variant in variants
            }
        found: dict[int, Lived] = {}
        for done, future in enumerate(as_completed(futures), 1):
            variant = futures[future]
            try:
                found[variant.number] = future.result()
            except BrokenProcessPool:
                found[variant.number] = Lived(variant, error="its process was ended by the machine (out of memory?); try fewer --workers")
            if progress is not None:
                progress(done, len(futures))
        return [found[number] for number in sorted(found)]


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Workers need joulebus only. Told where the main script is, they would run it again, and it would compare again."""
    main = sys.modules["__main__"]
    hidden: dict[str, Any] = {name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in main.__dict__}
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(hidden)


def _be_quiet() -> None:
    """Ctrl-C goes to everybody in front of a terminal; the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _warm(file: HomeFile) -> None:
    """Let the sky be computed once and not by each worker. Errors are reported by the variants."""
    try:
        next(iter(Home.from_file(replace(file, tick_seconds=EPOCH_SECONDS)).live(1)))
    except (JoulebusError, StopIteration):
        return
