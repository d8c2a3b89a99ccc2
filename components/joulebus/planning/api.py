"""joulebus for notebooks and scripts: homes that are planned and compared, results as frames and figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

from joulebus.devices.grid import currency_of
from joulebus.errors import PropertyError, ReportError
from joulebus.extras import need
from joulebus.home.round import Home as LivingHome
from joulebus.homefile import home_file
from joulebus.homefile.home_file import HomeFile
from joulebus.planning.compare import Cores, Variation, variants_of
from joulebus.planning.comparison import Comparison as Compared
from joulebus.planning.metrics import METRICS_USUAL, Measures, check_metrics, total_of
from joulebus.planning.overrides import Override, with_overrides
from joulebus.planning.planned import PlanOrder, begin_plan, go_on
from joulebus.planning.search import Budget
from joulebus.report import EVERY, Report, ReportSpan, Tally, read_rows, report_of
from joulebus.report.calendar import FINE_SECONDS
from joulebus.report.reading import FineRows, ReportReader
from joulebus.report.table import ReportTable
from joulebus.rundir import journal_of
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS

ALIASES = {
    "1s": "tick",
    "1min": "minute",
    "15min": "quarter",
    "1h": "hour",
    "h": "hour",
    "1D": "day",
    "D": "day",
    "MS": "month",
    "YS": "year",
}
"""What pandas calls the same."""


def load(source: str | PathLike[str] | Mapping[str, Any]) -> "HomeModel":
    """A home from its file, or from a mapping that says what a home file says."""
    return HomeModel(home_file.of_words(source) if isinstance(source, Mapping) else home_file.load_home_file(source))


def open_run(source: str | PathLike[str]) -> "HomeRun":
    """A run that is kept: the directory of a plan or of a running home, a journal, or the name of a home on this machine."""
    path = journal_of(str(source))
    return HomeRun(report_of(path), path)


@dataclass(frozen=True)
class HomeModel:
    """A home as a file describes it. It never changes: an override makes another one."""

    file: HomeFile

    def __repr__(self) -> str:
        return f"{self.file.name}: {len(self.file.members)} devices in ticks of {self.file.tick_seconds} s"

    def set(self, overrides: Mapping[str, Any]) -> "HomeModel":
        """Another home, with other properties: ``home.set({"battery.capacity_kwh": 20})``."""
        return HomeModel(with_overrides(self.file, tuple(Override(path, value) for path, value in overrides.items())))

    def starting(self, moment: str | datetime, tick_seconds: int | None = None) -> "HomeModel":
        """Another home, which begins at another time and may have other ticks.

        Raises:
            PropertyError: The start has no offset from UTC, or the tick does not divide an epoch.
        """
        when = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
        if when.tzinfo is None:
            raise PropertyError(
                f"a home must begin at a time with its offset from UTC, as in {when.isoformat()}+02:00, but was {when.isoformat()}"
            )
        seconds = self.file.tick_seconds if tick_seconds is None else tick_seconds
        if seconds < 1 or EPOCH_SECONDS % seconds:
            raise PropertyError(f"tick_seconds must divide {EPOCH_SECONDS}, but was {seconds}: choose 1, 5, 10, 15, 30, 60, 300 or 900")
        return HomeModel(replace(self.file, start_unix_seconds=int(when.timestamp()) // seconds * seconds, tick_seconds=seconds))

    def plan(self, days: float = 1.0, out: str | PathLike[str] | None = None) -> "HomeRun":
        """Simulate a number of days; with ``out`` the journal is kept in that directory, for audit, forks and other reports.

        Raises:
            PropertyError: It is less than one tick.
        """
        ticks = self._ticks(days)
        if out is None:
            return HomeRun(_lived(self.file, ticks), self.file)
        begin_plan(self.file, Path(out), PlanOrder(ticks))
        go_on(Path(out))
        return open_run(out)

    def compare(
        self, vary: Mapping[str, Sequence[Any]], days: float = 7.0, metrics: Sequence[str] = METRICS_USUAL, workers: int | None = None
    ) -> "HomeComparison":
        """Run every combination of values, on all cores: ``home.compare({"battery.capacity_kwh": [0, 5, 10]})``.

        Raises:
            PropertyError: It is less than one tick.
        """
        variations = tuple(Variation(path, tuple(values)) for path, values in vary.items())
        names, ticks = check_metrics(metrics, self.file.members), self._ticks(days)
        with Cores(self.file, ticks, workers, Measures(names)) as cores:
            lived = cores.live(variants_of(variations))
        step, currency = self.file.tick_seconds, currency_of(self.file.members)
        return HomeComparison(
            Compared(self.file.name, ticks, names, variations, Budget({}), tuple(lived), 0, tick_seconds=step, currency=currency)
        )

    def _ticks(self, days: float) -> int:
        ticks = round(days * DAY_SECONDS / self.file.tick_seconds)
        if ticks < 1:
            raise PropertyError(f"a plan must last at least one tick of {self.file.tick_seconds} s, but {days:g} days are shorter")
        return ticks


def _lived(file: HomeFile, ticks: int) -> Report:
    living, follower = LivingHome.from_file(file), ReportReader()
    follower.add(living.keeper.born, b"")
    living.keeper.listener = follower.add
    for _ in living.live(ticks):
        pass
    return follower.report(file.name, living.keeper.ledger.head)


@dataclass(frozen=True)
class HomeRun:
    """What a home did: totals, rows of any resolution, figures. All numbers are whole joules, watts and micro-euro."""

    report: Report
    source: HomeFile | Path
    """Where finer rows come from: the journal, or the home, which is simulated again to the same joule."""

    def __repr__(self) -> str:
        return f"{self.report.born.home}: {len(self.report.quarters):,} quarter-hours, last seal {self.report.head_seal[:16]}…"

    def _repr_html_(self) -> str:
        return str(self.totals.to_frame("total").to_html())

    @cached_property
    def totals(self) -> Any:
        """Totals of the whole run, as a series; docs/report.md defines each."""
        import pandas

        return pandas.Series(self.report.totals(), dtype="Int64")

    @property
    def figure(self) -> "Figures":
        """Pictures."""
        return Figures(self.report)

    def frame(self, every: str = "quarter") -> Any:
        """Rows as a pandas frame; the index is the time at the place, the unit is in each column's name.

        Raises:
            ReportError: There is no such resolution.
        """
        import pandas

        columns = self._columns(every)
        index = pandas.to_datetime(columns.pop("unix_seconds"), unit="s", utc=True).tz_convert(self.report.timezone)
        return pandas.DataFrame(columns, index=index.rename("time"))

    def arrow(self, every: str = "quarter") -> Any:
        """Rows as an Arrow table.

        Raises:
            ReportError: There is no such resolution.
        """
        need("pyarrow")
        import pyarrow

        columns = self._columns(every)
        times = pyarrow.array(columns["unix_seconds"], pyarrow.timestamp("s", tz=self.report.timezone))
        return pyarrow.table({"time": times, **columns})

    def page(self, path: str | PathLike[str], against: "HomeRun | None" = None) -> Path:
        """Write the report as one self-contained page."""
        need("plotly")
        from joulebus.report.page import write_page

        write_page(Path(path), self.report, against.report if against else None)
        return Path(path)

    def _columns(self, every: str) -> dict[str, Any]:
        import numpy as np

        resolution = ALIASES.get(every, every)
        if resolution not in EVERY:
            raise ReportError(f"rows must be of one of {', '.join(EVERY)} (or {', '.join(ALIASES)}), but were asked for every {every}")
        pieces = list(self._pieces(resolution))
        kept = [name for name, column in self.report.quarters.columns.items() if column.any()]
        return {name: np.concatenate([piece.columns[name] for piece in pieces]) for name in kept}

    def _pieces(self, every: str) -> Iterator[ReportTable]:
        if isinstance(self.source, Path) or every not in FINE_SECONDS:
            yield from read_rows(self.source if isinstance(self.source, Path) else Path(), self.report, every)
            return
        fine = FineRows(self.report, max(FINE_SECONDS[every], self.source.tick_seconds))
        pieces: list[ReportTable] = []
        tally = Tally(lambda cells: pieces.append(fine.table(cells)), ReportSpan(), fine.seconds)
        living = LivingHome.from_file(self.source)
        tally.add(living.keeper.born, b"")
        living.keeper.listener = tally.add
        for _ in living.live(int(self.report.quarters.columns["seconds"].sum()) // self.source.tick_seconds):
            yield from pieces
            pieces.clear()


@dataclass(frozen=True)
class Figures:
    """The pictures of a report as plotly figures, which show themselves in a notebook."""

    report: Report

    def sankey(self) -> Any:
        """Energy from devices to devices."""
        return self._draw("sankey")

    def served(self) -> Any:
        """Who served the loads."""
        return self._draw("served")

    def sun_use(self) -> Any:
        """What became of the sun."""
        return self._draw("sun_use")

    def mean_days(self) -> Any:
        """The mean day, of long runs that of each season."""
        return self._draw("mean_days")

    def timeline(self) -> Any:
        """Power through the run, and how full each battery is."""
        return self._draw("timeline")

    def heat_map(self) -> Any:
        """Each hour of each day."""
        return self._draw("heat_map")

    def duration(self) -> Any:
        """How long which power is needed."""
        return self._draw("duration")

    def peaks(self) -> Any:
        """The highest quarter-hour of each month."""
        return self._draw("peaks")

    def _draw(self, name: str) -> Any:
        need("plotly")
        from joulebus.report import figures

        return getattr(figures, name)(self.report)


@dataclass(frozen=True)
class HomeComparison:
    """Variants of a home side by side."""

    compared: Compared

    def _repr_html_(self) -> str:
        return str(self.frame().to_html())

    def frame(self) -> Any:
        """A row a variant: what was set, and its metrics with units in their names; a variant that failed has its sentence."""
        import pandas

        rows = []
        for one in self.compared.lived:
            overrides = {override.path: override.value for override in one.variant.overrides}
            metrics = {total_of(metric): one.metric(metric) for metric in self.compared.metrics}
            rows.append({**overrides, **metrics, **({"error": one.error} if one.error else {})})
        return pandas.DataFrame(rows)

    def best(self, metric: str | None = None) -> dict[str, Any]:
        """The settings of the best variant by a metric of the comparison; by the first one when none is named.

        Raises:
            ReportError: All variants failed, or it is no metric of them.
        """
        found = self.compared.best(metric or self.compared.metrics[0])
        if found is None:
            raise ReportError("no variant has this metric: all failed, or it is none; frame() says why")
        return {override.path: override.value for override in found.variant.overrides}

    def figure(self) -> Any:
        """Each metric over what was varied, the best marked."""
        need("plotly")
        from joulebus.planning.comparison_page import figure

        return figure(self.compared)
