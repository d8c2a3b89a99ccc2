"""What is known of a meter from its telegrams alone, also of a real one: the quarter-hour, peaks, what was used, and notices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from joulebus.meter.decoding import MONTHS_LINE, moment_of_stamp, number_in
from joulebus.meter.peaks import PeakWarnings, PowerMeter, QuarterOutlook, mean_of_months, outlook
from joulebus.meter.reader import ReadTelegram
from joulebus.meter.registers import PastMonth, QuarterPeak, Registers
from joulebus.meter.volumes import Volumes, volumes_in
from joulebus.rates.money import MeteredQuarter
from joulebus_schemas.facts import JOULES_PER_WH, QUARTER_SECONDS

NOTICES_MAX = 200
QUARTERS_MAX = 40_000
"""More than a year of them."""
NOTED_WATTS, NOTED_CHANGE_WATTS, AT_ONCE_SECONDS = 500, 2_000, 60
_REGISTERS = ("1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2")
_COUNTED = ("import_joules", "export_joules", "gas_litres", "water_litres")
_DRUM_WH = 10**9
"""Behind the last digit a register begins at 0 again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people may want to know, and when it was."""

    unix_seconds: int
    text: str


@dataclass(frozen=True)
class WatchedMeter:
    """A meter as its telegrams tell it; :meth:`after` is the one with another telegram."""

    timezone: str
    cap_watts: int | None = None
    telegram: ReadTelegram | None = None
    state: Registers | None = None
    power: PowerMeter = PowerMeter()
    quarters: tuple[MeteredQuarter, ...] = ()
    notices: tuple[Notice, ...] = ()
    warnings: PeakWarnings = PeakWarnings()
    produces: bool | None = None
    volumes: Volumes = Volumes()
    """What gas and water meters showed last."""

    @property
    def is_day(self) -> bool:
        """Whether tariff 1 holds."""
        return self.telegram is not None and self.telegram.values("0-0:96.14.0") == ("0001",)

    @property
    def outlook(self) -> QuarterOutlook | None:
        """The running quarter-hour; None: no telegram has said when it is."""
        return None if self.state is None else outlook(self.state, self.power, self.cap_watts)

    @property
    def mean_of_months_watts(self) -> int:
        """What a capacity tariff bills."""
        return mean_of_months((), None) if self.state is None else mean_of_months(self.state.months, self.state.peak)

    def after(self, telegram: ReadTelegram) -> "WatchedMeter":
        """With one more; one whose clock goes back or that has no registers is shown, and nothing is counted from it."""
        state = _state(telegram, self.timezone)
        if state is None or (self.state is not None and state.unix_seconds < self.state.unix_seconds):
            return replace(self, telegram=telegram)
        power = self.power.after(state.unix_seconds, state.import_watts, state.export_watts)
        warnings = self.warnings.after(state.unix_seconds, outlook(state, power, self.cap_watts))
        produces = _produces(self.produces, state)
        said = [*warnings.warnings, *self._notices(state, produces)]
        notices = (*self.notices, *(Notice(state.unix_seconds, text) for text in said))[-NOTICES_MAX:]
        volumes = volumes_in(telegram).or_else(self.volumes)
        return replace(
            self,
            telegram=telegram,
            state=state,
            power=power,
            quarters=self._quarters(telegram, state, volumes.since(self.volumes)),
            notices=notices,
            warnings=warnings,
            produces=produces,
            volumes=volumes,
        )

    def _notices(self, state: Registers, produces: bool | None) -> list[str]:
        before = self.state
        if before is None:
            return []
        said = [] if produces == self.produces else ["the home exports" if produces else "the home imports"]
        change = state.import_watts - state.export_watts - before.import_watts + before.export_watts
        if abs(change) >= NOTED_CHANGE_WATTS and state.unix_seconds - before.unix_seconds <= AT_ONCE_SECONDS:
            said.append(f"power changed by {change / 1_000:+.2f} kW")
        return said

    def _quarters(self, telegram: ReadTelegram, state: Registers, passed: Volumes) -> tuple[MeteredQuarter, ...]:
        """Differences of the registers, each at the quarter-hour and the tariff in which it was read."""
        if self.state is None:
            return self.quarters
        moved = [(new - old) % (_DRUM_WH * JOULES_PER_WH) for old, new in zip(self.state.joules, state.joules, strict=True)]
        day = telegram.values("0-0:96.14.0") == ("0001",)
        begins = (state.unix_seconds - 1) // QUARTER_SECONDS * QUARTER_SECONDS
        more = MeteredQuarter(
            begins,
            moved[0] + moved[1],
            moved[2] + moved[3],
            day,
            gas_litres=passed.gas_litres or 0,
            water_litres=passed.water_litres or 0,
        )
        last = self.quarters[-1] if self.quarters else None
        if last is None or (last.begins, last.is_day) != (begins, day):
            return (*self.quarters, more)[-QUARTERS_MAX:]
        return (*self.quarters[:-1], replace(last, **{name: getattr(last, name) + getattr(more, name) for name in _COUNTED}))


def _produces(before: bool | None, state: Registers) -> bool | None:
    if state.export_watts >= NOTED_WATTS:
        return True
    return False if state.import_watts >= NOTED_WATTS else before


def _state(telegram: ReadTelegram, timezone: str) -> Registers | None:
    """The registers that a telegram says; None: it has no clock, or none of them."""
    stamps = telegram.values("0-0:1.0.0")
    moment = moment_of_stamp(stamps[0], timezone) if stamps else None
    shown = [number_in(telegram, obis) for obis in _REGISTERS]
    if moment is None or all(one is None for one in shown):
        return None
    return Registers(
        moment,
        tuple((one or 0) * JOULES_PER_WH for one in shown),
        (number_in(telegram, "1-0:1.4.0") or 0) * QUARTER_SECONDS,
        _peak(telegram.values("1-0:1.6.0"), timezone),
        _months(telegram.values(MONTHS_LINE), timezone),
        number_in(telegram, "1-0:1.7.0") or 0,
        number_in(telegram, "1-0:2.7.0") or 0,
    )


def _peak(values: Sequence[str], timezone: str) -> QuarterPeak | None:
    moment = moment_of_stamp(values[0], timezone) if len(values) == 2 else None
    watts = None if moment is None else _watts(values[1])
    return None if moment is None or not watts else QuarterPeak(watts, moment)


def _watts(value: str) -> int | None:
    whole, _, part = value.partition("*")[0].partition(".")
    return int(whole + part.ljust(3, "0")[:3]) if (whole + part).isdecimal() else None


def _months(values: Sequence[str], timezone: str) -> tuple[PastMonth, ...]:
    """Behind their number and two codes: the end of each month, when its peak was, and how high."""
    found = []
    for place in range(3, len(values) - 2, 3):
        ends, peak = moment_of_stamp(values[place], timezone), _peak(values[place + 1 : place + 3], timezone)
        if ends is not None and peak is not None:
            found.append(PastMonth(ends, peak))
    return tuple(found)
