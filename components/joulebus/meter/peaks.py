"""The running quarter-hour: what its mean will be, how far that is from the month's peak, and what is still allowed below a cap. Pure.

The forecast uses the mean power of the last seconds: one step of the meter's running mean is 1 W, which is worth hundreds of watts at the
quarter's end, so whoever extrapolates that step forecasts noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from joulebus.meter.registers import PastMonth, QuarterPeak, Registers
from joulebus_schemas.facts import BILLED_WATTS_MIN, QUARTER_SECONDS

LOOK_BACK_SECONDS = 30
MONTHS_OF_MEAN = 12


def forecast_watts(demand_watts: int, watts: int, done_seconds: int) -> int:
    """The mean of the quarter-hour if the power stays: what has passed, and the rest of the time at this power (rounded half up)."""
    left = QUARTER_SECONDS - done_seconds
    return demand_watts + (2 * watts * left + QUARTER_SECONDS) // (2 * QUARTER_SECONDS)


def allowed_watts(demand_watts: int, watts: int, done_seconds: int, cap_watts: int) -> int:
    """How much more power may be taken until the quarter-hour ends, so that its mean is the cap; negative: so much less."""
    left = QUARTER_SECONDS - done_seconds
    assert left > 0, "a quarter-hour that is over allows nothing"
    return (2 * (cap_watts - demand_watts) * QUARTER_SECONDS + left) // (2 * left) - watts


@dataclass(frozen=True, slots=True)
class PowerMeter:
    """The net import of the last seconds, newest last, floored at 0: half a minute of it makes the mean."""

    seconds: tuple[tuple[int, int], ...] = ()
    """Unix seconds at which each ended, and its watts."""

    def after(self, unix_seconds: int, import_watts: int, export_watts: int) -> "PowerMeter":
        """With one more."""
        newest = (*self.seconds, (unix_seconds, max(import_watts - export_watts, 0)))
        return PowerMeter(tuple(one for one in newest if one[0] > unix_seconds - LOOK_BACK_SECONDS or one is newest[-1]))

    @property
    def watts(self) -> int:
        """Their mean, rounded half up."""
        if not self.seconds:
            return 0
        total, count = sum(watts for _, watts in self.seconds), len(self.seconds)
        return (2 * total + count) // (2 * count)


@dataclass(frozen=True, slots=True)
class QuarterOutlook:
    """What the running quarter-hour comes to."""

    done_seconds: int
    demand_watts: int
    power_watts: int
    forecast_watts: int
    month_peak_watts: int
    cap_watts: int
    """The month's peak so far, the least that is billed, or what somebody plans for the month."""
    gap_watts: int
    """Cap less forecast: negative where a new peak is coming."""
    allowed_watts: int
    """More power that may be taken until the quarter-hour ends."""


def outlook(state: Registers, power: PowerMeter, cap_watts: int | None = None) -> QuarterOutlook:
    """What a meter's running quarter-hour comes to; without a cap of one's own, nothing below 2.5 kW is worth avoiding."""
    peak = 0 if state.peak is None else state.peak.watts
    cap = max(peak, BILLED_WATTS_MIN) if cap_watts is None else cap_watts
    done, demand, watts = state.unix_seconds % QUARTER_SECONDS, state.demand_watts, power.watts
    coming = forecast_watts(demand, watts, done)
    return QuarterOutlook(done, demand, watts, coming, peak, cap, cap - coming, allowed_watts(demand, watts, done, cap))


def mean_of_months(months: Sequence[PastMonth], running: QuarterPeak | None, least_watts: int = BILLED_WATTS_MIN) -> int:
    """The mean of the last twelve months' peaks, the running one included, each at least what is billed."""
    peaks = [month.peak.watts for month in months] + ([running.watts] if running is not None else [])
    last = [max(watts, least_watts) for watts in peaks[-MONTHS_OF_MEAN:]]
    return sum(last) // len(last) if last else least_watts


@dataclass(frozen=True, slots=True)
class DayPeaks:
    """The highest quarter-hour of each of the last days, by the first moment of the day; only whole quarter-hours count."""

    days: tuple[tuple[int, QuarterPeak], ...] = ()
    kept: int = 4

    def after(self, day: int, quarter: QuarterPeak) -> "DayPeaks":
        """With a quarter-hour that is over."""
        found = dict(self.days)
        if day not in found or quarter.watts > found[day].watts:
            found[day] = quarter
        return DayPeaks(tuple(sorted(found.items()))[-self.kept :], self.kept)


@dataclass(frozen=True, slots=True)
class PeakWarnings:
    """Warns once per quarter-hour, as soon as its forecast is above the cap."""

    warned_quarter: int = -1
    warnings: tuple[str, ...] = field(default=())

    def after(self, unix_seconds: int, seen: QuarterOutlook) -> "PeakWarnings":
        """With what is seen now; its warnings are those that are new."""
        quarter = unix_seconds // QUARTER_SECONDS
        if seen.gap_watts >= 0 or quarter == self.warned_quarter:
            return PeakWarnings(self.warned_quarter)
        comes_to, above, cap, less = (
            f"{watts / 1_000:.3f} kW" for watts in (seen.forecast_watts, -seen.gap_watts, seen.cap_watts, -seen.allowed_watts)
        )
        text = f"this quarter-hour comes to {comes_to}, {above} above {cap}; take {less} less until it ends"
        return PeakWarnings(quarter, (text,))
