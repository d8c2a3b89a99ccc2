"""The meter of a living home: fed with the records of its journal, one after the other, wherever they come from."""

from dataclasses import dataclass

from joulebus.device import Span as DeviceSpan
from joulebus.errors import ReportError
from joulebus.journal.file import parse
from joulebus.journal.frames import Frame, split
from joulebus.meter.peaks import DayPeaks, PeakWarnings, PowerMeter, mean_of_months, outlook
from joulebus.meter.reading import Shown, face, meter_properties, through_meter
from joulebus.meter.registers import QuarterPeak, Registers, metered
from joulebus.physics.day_night import day_start
from joulebus.report.calendar import ReportSpan
from joulebus.report.tally import Cells, Tally
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.journal import Born, Committed
from joulebus_schemas.meter import QuarterSeen
from joulebus_schemas.roster import Member

FINE_TICKS_MAX = 3_600
"""Ticks of a window that are counted one by one; longer ones by quarter-hours, which is quick and comes to the same registers."""


class _Passed(Tally):
    """What passed, without what it cost: a meter knows no prices, and no files of them."""

    def refine(self, cell_seconds: int) -> None:
        """How finely the next records are told."""
        self._cell_seconds = cell_seconds

    def _prices(self, span: DeviceSpan) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
        return ((span.ticks, 0),), ((span.ticks, 0),)


@dataclass(frozen=True, slots=True)
class MeterMoment:
    """A meter at the end of a tick, with what it has seen of the last seconds and days."""

    state: Registers
    power: PowerMeter
    days: DayPeaks


class LivingLedger:
    """Counts what passes the meter; it keeps nothing that is not in the records."""

    def __init__(self) -> None:
        self.number = 0
        """Number of the last record that is counted."""
        self._tally = _Passed(self._take, ReportSpan(), QUARTER_SECONDS)
        self._now: MeterMoment | None = None
        self._new: list[MeterMoment] = []
        self._warned = PeakWarnings()

    @property
    def now(self) -> MeterMoment | None:
        """The newest moment; None: nothing has passed yet."""
        return self._now

    @property
    def born(self) -> Born | None:
        """How the home was born; None: it is not known yet."""
        return self._tally.born

    @property
    def roster(self) -> dict[str, Member]:
        """Who is there."""
        return self._tally.roster

    def take(self, frames: list[Frame], last_number: int) -> list[MeterMoment]:
        """The next records, and the moments that they add: those of the last one tick by tick, when it is the last of the journal.

        Raises:
            ReportError: The first records of the home are missing, or one cannot be counted.
        """
        for frame in frames:
            if self.number == 0 and frame.first > 1:
                raise ReportError(
                    f"a meter counts from the first record of a home, but records 1 to {frame.first - 1:,} were moved away: "
                    "put their files back"
                )
            self._add(frame, frame.number == last_number)
        news, self._new = self._new, []
        return news

    def _add(self, frame: Frame, is_last: bool) -> None:
        _, text, columns = split(frame.payload)
        record = parse(text)
        if isinstance(record, Committed):
            self._tally.refine(1 if is_last and record.window.ticks <= FINE_TICKS_MAX else QUARTER_SECONDS)
        self._tally.add(record, columns)
        self.number = frame.number

    def _take(self, cells: Cells) -> None:
        born = self._tally.born
        assert born is not None, "cells come after the birth"
        zone = born.place.timezone
        now = self._now or MeterMoment(Registers(born.start_unix_seconds), PowerMeter(), DayPeaks())
        for moved in through_meter(cells, self._tally.roster, zone):
            state = metered(now.state, moved, zone)
            days = now.days
            if moved.ends % QUARTER_SECONDS == 0:
                watts = (now.state.quarter_joules + moved.import_joules) // QUARTER_SECONDS
                days = days.after(day_start(moved.ends - 1, zone), QuarterPeak(watts, moved.ends))
            now = MeterMoment(state, now.power.after(moved.ends, state.import_watts, state.export_watts), days)
            self._new.append(now)
        self._now = now

    def shown(self, moment: MeterMoment) -> Shown:
        """What a telegram of that moment says."""
        assert self._tally.born is not None, "moments come after the birth"
        return Shown(moment.state, face(self._tally.roster, self._tally.born.place.timezone)(moment.state.unix_seconds))

    def quarter(self) -> QuarterSeen:
        """What the running quarter-hour comes to; a warning is in the first answer of those that would have it."""
        assert self._now is not None and self._tally.born is not None, "there is a moment"
        state, zone = self._now.state, self._tally.born.place.timezone
        seen = outlook(state, self._now.power, meter_properties(self._tally.roster).peak_watts_max or None)
        self._warned = self._warned.after(state.unix_seconds, seen)
        today = dict(self._now.days.days).get(day_start(state.unix_seconds, zone))
        return QuarterSeen(
            unix_seconds=state.unix_seconds,
            done_seconds=seen.done_seconds,
            demand_watts=seen.demand_watts,
            power_watts=seen.power_watts,
            forecast_watts=seen.forecast_watts,
            cap_watts=seen.cap_watts,
            gap_watts=seen.gap_watts,
            allowed_watts=seen.allowed_watts,
            day_peak_watts=0 if today is None else today.watts,
            month_peak_watts=seen.month_peak_watts,
            month_peak_unix_seconds=None if state.peak is None else state.peak.ends_unix_seconds,
            mean_of_months_watts=mean_of_months(state.months, state.peak),
            import_watts=state.import_watts,
            export_watts=state.export_watts,
            is_day=self.shown(self._now).face.is_day,
            warning=next(iter(self._warned.warnings), None),
        )
