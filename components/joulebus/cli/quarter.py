"""``joulebus meter quarter``: the running quarter-hour, its forecast, and the peaks so far."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from joulebus.cli.moments import unix_of
from joulebus.cli.output import print_json
from joulebus.cli.sources import journal_at
from joulebus.journal.pieces import birth_in
from joulebus.meter.peaks import LOOK_BACK_SECONDS, PeakWarnings, PowerMeter, mean_of_months, outlook
from joulebus.meter.reading import meter_at
from joulebus.meter.registers import QuarterPeak, Registers
from joulebus.report.calendar import local_time
from joulebus.report.reading import timezone_of
from joulebus_schemas.facts import QUARTER_SECONDS


@dataclass(frozen=True, slots=True)
class QuarterOptions:
    """What was asked for."""

    source: str
    at: str | None
    cap_watts: int | None
    json: bool
    home: str | None


def run_quarter(options: QuarterOptions) -> None:
    """Count and print. Raises ReportError when nothing has passed the meter then."""
    with journal_at(options.source, options.home) as path:
        zone = timezone_of(path)
        moment = None if options.at is None else unix_of("--at", options.at, lambda: zone)
        last = [shown.state for shown in meter_at(path, moment)][-1]
        power = PowerMeter()
        for state in _before(path, last):
            power = power.after(state.unix_seconds, state.import_watts, state.export_watts)
    seen = outlook(last, power, options.cap_watts)
    found = {
        "unix_seconds": last.unix_seconds,
        **asdict(seen),
        "month_peak": _peak_words(last.peak),
        "months": [{"until_unix_seconds": one.month_ends_unix_seconds, **asdict(one.peak)} for one in last.months],
        "mean_of_months_watts": mean_of_months(last.months, last.peak),
        "warnings": list(PeakWarnings().after(last.unix_seconds, seen).warnings),
    }
    print_json(found) if options.json else print("\n".join(_lines(found, zone)))


def _before(path: Path, last: Registers) -> list[Registers]:
    """The last seconds, tick by tick; fewer where the home has just begun."""
    born = birth_in(path)
    assert born is not None, "something has passed its meter"
    first = max(last.unix_seconds - LOOK_BACK_SECONDS + 1, born.start_unix_seconds + born.tick_seconds)
    found = [shown.state for shown in meter_at(path, min(first, last.unix_seconds), LOOK_BACK_SECONDS)]
    return [state for state in found if state.unix_seconds <= last.unix_seconds]


def _peak_words(peak: QuarterPeak | None) -> dict[str, int] | None:
    return None if peak is None else asdict(peak)


def _lines(found: dict[str, Any], timezone: str) -> list[str]:
    now = local_time(found["unix_seconds"], timezone).strftime("%Y-%m-%d %H:%M:%S")
    peak, months = found["month_peak"], len(found["months"]) + 1
    when = "" if peak is None else f" in the quarter-hour to {local_time(peak['ends_unix_seconds'], timezone):%a %d %H:%M}"
    way, side = "more" if found["allowed_watts"] >= 0 else "less", "below" if found["gap_watts"] >= 0 else "ABOVE"
    kw = {name.removesuffix("_watts"): _kilowatts(abs(watts)) for name, watts in found.items() if name.endswith("_watts")}
    return [
        f"{now}  {found['done_seconds']} of {QUARTER_SECONDS} s  {kw['demand']} so far, at {kw['power']} now",
        f"comes to {kw['forecast']}, {kw['gap']} {side} {kw['cap']}; {kw['allowed']} {way} until it ends",
        f"month's peak {kw['month_peak']}{when}; mean of {months} {'month' if months == 1 else 'months'} {kw['mean_of_months']}",
        *found["warnings"],
    ]


def _kilowatts(watts: int) -> str:
    return f"{watts / 1_000:.3f} kW"
