"""What a meter remembers, and how it goes on: four registers, the running quarter-hour, the month's peak, thirteen months. Pure."""

from dataclasses import dataclass, replace
from fractions import Fraction

from joulebus.physics.day_night import month_start
from joulebus.physics.phases import spread
from joulebus_schemas.facts import JOULES_PER_WH, QUARTER_SECONDS

MONTHS_KEPT = 13
IMPORT_DAY, IMPORT_NIGHT, EXPORT_DAY, EXPORT_NIGHT = range(4)
REGISTER_NAMES = ("import_day", "import_night", "export_day", "export_night")


@dataclass(frozen=True, slots=True)
class QuarterPeak:
    """A quarter-hour of the highest mean import."""

    watts: int
    ends_unix_seconds: int


@dataclass(frozen=True, slots=True)
class PastMonth:
    """The highest quarter-hour of a month that is over."""

    month_ends_unix_seconds: int
    peak: QuarterPeak


@dataclass(frozen=True, slots=True)
class Metered:
    """Joules that passed the meter between two moments within a quarter-hour, and the tariff that held."""

    begins: int
    ends: int
    import_joules: int
    export_joules: int
    is_day: bool
    water_litres: Fraction = Fraction(0)
    gas_litres: Fraction = Fraction(0)
    named_joules: tuple[int, int, int] | None = None
    """What devices on each of three phases took, less what they gave; None: there is one phase."""


@dataclass(frozen=True, slots=True)
class Registers:
    """A meter at a moment. Joules are kept, never the rounded Wh: what is shown is their whole part, so nothing is lost or runs back."""

    unix_seconds: int
    joules: tuple[int, ...] = (0, 0, 0, 0)
    """In the order of :data:`REGISTER_NAMES`."""
    quarter_joules: int = 0
    """Imported since the running quarter-hour began."""
    peak: QuarterPeak | None = None
    """The highest of the running month; None: none of its quarter-hours is over yet."""
    months: tuple[PastMonth, ...] = ()
    """Those of months that are over, oldest first."""
    import_watts: int = 0
    """Mean of what was metered last."""
    export_watts: int = 0
    water_litres: Fraction = Fraction(0)
    """Exact; a water meter shows whole litres."""
    gas_litres: Fraction = Fraction(0)
    """Exact, too."""
    named_joules: tuple[int, int, int] = (0, 0, 0)
    """What devices on each of three phases took, less what they gave."""
    phase_watts: tuple[int, ...] = ()
    """Mean of what was metered last, on each of three phases; negative: exported. Empty: there is one phase."""

    @property
    def watt_hours(self) -> tuple[int, ...]:
        """What the registers show."""
        return tuple(joules // JOULES_PER_WH for joules in self.joules)

    @property
    def phase_joules(self) -> tuple[int, ...]:
        """Import less export of each of three phases; their sum is that of the registers, exactly."""
        net = self.joules[IMPORT_DAY] + self.joules[IMPORT_NIGHT] - self.joules[EXPORT_DAY] - self.joules[EXPORT_NIGHT]
        shares = spread(net - sum(self.named_joules))
        return tuple(named + share for named, share in zip(self.named_joules, shares, strict=True))

    @property
    def demand_watts(self) -> int:
        """Running mean of the quarter-hour: it begins at 0 and ends at the mean of the whole."""
        return self.quarter_joules // QUARTER_SECONDS


def metered(before: Registers, moved: Metered, timezone: str) -> Registers:
    """The meter after more has passed; at the end of a quarter-hour and of a month it looks at the peak."""
    assert before.unix_seconds <= moved.begins < moved.ends, "a meter never goes back in time"
    assert moved.begins // QUARTER_SECONDS == (moved.ends - 1) // QUARTER_SECONDS, "what passes lies in one quarter-hour"
    places = (IMPORT_DAY, EXPORT_DAY) if moved.is_day else (IMPORT_NIGHT, EXPORT_NIGHT)
    more = dict(zip(places, (moved.import_joules, moved.export_joules), strict=True))
    seconds = moved.ends - moved.begins
    after = replace(
        before,
        unix_seconds=moved.ends,
        joules=tuple(joules + more.get(place, 0) for place, joules in enumerate(before.joules)),
        quarter_joules=before.quarter_joules + moved.import_joules,
        import_watts=moved.import_joules // seconds,
        export_watts=moved.export_joules // seconds,
        water_litres=before.water_litres + moved.water_litres,
        gas_litres=before.gas_litres + moved.gas_litres,
    )
    if moved.named_joules is not None:
        after = replace(after, named_joules=_added(before.named_joules, moved.named_joules))
        pairs = zip(before.phase_joules, after.phase_joules, strict=True)
        after = replace(after, phase_watts=tuple((late - early) // seconds for early, late in pairs))
    else:
        after = replace(after, phase_watts=())
    return after if moved.ends % QUARTER_SECONDS else _quarter_over(after, timezone)


def _added(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _quarter_over(state: Registers, timezone: str) -> Registers:
    found = QuarterPeak(state.demand_watts, state.unix_seconds)
    peak = found if state.peak is None or found.watts > state.peak.watts else state.peak
    after = replace(state, quarter_joules=0, peak=peak)
    if month_start(state.unix_seconds, timezone) != state.unix_seconds:
        return after
    months = (*state.months, PastMonth(state.unix_seconds, peak))[-MONTHS_KEPT:]
    return replace(after, peak=None, months=months)
