"""The running quarter-hour: published vectors, and a forecast that stands still when the power does."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulebus.meter.peaks import DayPeaks, PeakWarnings, PowerMeter, allowed_watts, forecast_watts, mean_of_months, outlook
from joulebus.meter.reading import meter_at
from joulebus.meter.registers import Metered, PastMonth, QuarterPeak, Registers, metered
from tests.meter.homes import flat
from tests.planning.conftest import Command, joulebus

__all__ = ["joulebus"]
BEGIN = 1_782_000_000 // 900 * 900
BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("demand", "power", "done", "comes_to"),
    [(684, 1_470, 390, 1_517), (500, 2_000, 225, 2_000), (1_998, 2_000, 899, 2_000), (0, 7_400, 0, 7_400), (667, 6_000, 300, 4_667)],
)
def test_the_forecast_is_what_passed_and_the_rest_at_this_power(demand: int, power: int, done: int, comes_to: int) -> None:
    assert forecast_watts(demand, power, done) == comes_to


@pytest.mark.parametrize(
    ("demand", "cap", "done", "power", "more"),
    [(684, 8_777, 390, 1_470, 12_812), (500, 2_500, 225, 2_000, 667), (2_000, 2_500, 600, 3_000, -1_500), (2_400, 2_500, 800, 500, 400)],
)
def test_what_is_still_allowed_below_a_cap(demand: int, cap: int, done: int, power: int, more: int) -> None:
    assert allowed_watts(demand, power, done, cap) == more


@given(st.integers(0, 20_000), st.integers(1, 899))
def test_at_constant_power_the_forecast_is_that_power(watts: int, seconds: int) -> None:
    """The predecessor's is up to 900 W beside it; ours at most the watt that the meter's own mean is cut to."""
    state, power = Registers(BEGIN), PowerMeter()
    for second in range(BEGIN, BEGIN + seconds):
        state = metered(state, Metered(second, second + 1, watts, 0, True), BRUSSELS)
        power = power.after(second + 1, watts, 0)
    assert abs(outlook(state, power).forecast_watts - watts) <= 1


@given(st.integers(0, 5_000), st.integers(0, 9_000), st.integers(0, 899), st.integers(2_500, 20_000))
def test_whoever_takes_what_is_allowed_ends_at_the_cap(demand: int, power: int, done: int, cap: int) -> None:
    more = allowed_watts(demand, power, done, cap)
    assert abs(forecast_watts(demand, power + more, done) - cap) <= 1


def test_a_month_begins_against_what_is_billed_at_least() -> None:
    found = outlook(Registers(BEGIN), PowerMeter())
    assert (found.month_peak_watts, found.cap_watts, found.gap_watts) == (0, 2_500, 2_500)
    later = outlook(Registers(BEGIN, peak=QuarterPeak(3_100, BEGIN)), PowerMeter())
    assert (later.cap_watts, outlook(Registers(BEGIN), PowerMeter(), 4_000).cap_watts) == (3_100, 4_000)


def test_a_warning_comes_once_in_a_quarter_hour() -> None:
    state, power, warned, said = Registers(BEGIN), PowerMeter(), PeakWarnings(), []
    for second in range(BEGIN, BEGIN + 1_800):
        state = metered(state, Metered(second, second + 1, 6_000, 0, True), BRUSSELS)
        power = power.after(second + 1, 6_000, 0)
        warned = warned.after(second + 1, outlook(state, power, 2_500))
        said += warned.warnings
    assert len(said) == 3  # The last second begins the third one, and nothing has passed in it yet.
    assert said[0].startswith("this quarter-hour comes to 5.999 kW, 3.499 kW above 2.500 kW; take 3.50")


def test_the_highest_quarter_of_each_day_is_kept() -> None:
    peaks = DayPeaks()
    for day, watts in ((1, 500), (1, 900), (1, 700), (2, 100), (3, 1), (4, 2), (5, 3)):
        peaks = peaks.after(day, QuarterPeak(watts, day * 1_000 + watts))
    assert peaks.days == ((2, QuarterPeak(100, 2_100)), (3, QuarterPeak(1, 3_001)), (4, QuarterPeak(2, 4_002)), (5, QuarterPeak(3, 5_003)))
    assert DayPeaks().after(1, QuarterPeak(900, 2)).after(1, QuarterPeak(900, 3)).days[0][1].ends_unix_seconds == 2


def test_the_mean_of_twelve_months_has_a_least() -> None:
    watts = (1_900, 2_200, 3_100, 4_000, 3_500, 2_400, 2_000, 2_600, 3_300, 4_400, 4_900)
    months = [PastMonth(number, QuarterPeak(one, number)) for number, one in enumerate((9_999, *watts))]
    assert mean_of_months(months, QuarterPeak(4_100, 99)) == 3_325
    assert mean_of_months((), None) == 2_500


def test_the_quarter_of_a_run_is_printed(joulebus: Command, tmp_path: Path) -> None:
    journal = flat(tmp_path, 1_440)
    at = datetime(2026, 3, 28, 17, 48, tzinfo=ZoneInfo(BRUSSELS))
    (shown,) = meter_at(journal, int(at.timestamp()))
    said = joulebus("meter", "quarter", journal.parent, "--at", "2026-03-28T17:48", "--cap", "1000")
    assert said.returncode == 0, said.stderr
    assert f"{shown.state.demand_watts / 1_000:.3f} kW so far" in said.stdout
    assert "180 of 900 s" in said.stdout and "until it ends" in said.stdout


def test_thirteen_months_are_kept_and_the_oldest_goes_first() -> None:
    state = Registers(_month_ends(0) - 900)
    for month in range(15):
        ends = _month_ends(month)
        state = metered(state, Metered(ends - 900, ends, (1_000 + month) * 900, 0, is_day=False), "Europe/Brussels")
    assert state.peak is None
    assert [(one.month_ends_unix_seconds, one.peak.watts) for one in state.months] == [
        (_month_ends(month), 1_000 + month) for month in range(2, 15)
    ]


def _month_ends(month: int) -> int:
    """The first moment after a month, counted from January 2025."""
    year, place = divmod(month + 1, 12)
    return int(datetime(2025 + year, place + 1, 1, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
