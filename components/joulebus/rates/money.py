"""The one place that turns what was metered into money: exact until each line is rounded once to a micro-euro; sums are sums of lines."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from joulebus.errors import ReportError
from joulebus.physics.day_night import month_start
from joulebus.physics.prices import micro_euro
from joulebus.physics.schedule import intervals, moment_of
from joulebus.rates.file import RateBook, RatePeriod
from joulebus.rates.words import CapacityWords, EnergyWords
from joulebus.series.prices import PriceSeries
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH, LITRES_PER_M3, MICRO_PER_EURO, QUARTER_SECONDS, WATTS_PER_KW

MICRO_PER_CENT = 10_000


@dataclass(frozen=True, slots=True)
class MeteredQuarter:
    """What passed the meter in a quarter-hour, or in the part of one that was lived."""

    begins: int
    import_joules: int
    export_joules: int
    is_day: bool
    gas_litres: int = 0
    water_litres: int = 0
    import_priced: int = 0
    """Joules times micro-euro per kWh, at the prices of the home's grid."""
    export_priced: int = 0


@dataclass(frozen=True, slots=True)
class BillLine:
    """One thing that is paid, or earned: then it is negative."""

    name: str
    what: str
    """import, export, tax, fee, capacity, gas, water or vat."""
    quantity: int
    """Joules, watts, seconds, litres; of VAT, the micro-euro that it is taken of."""
    micro_euro: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What a span cost."""

    begins: int
    ends: int
    lines: tuple[BillLine, ...]

    @property
    def micro_euro(self) -> int:
        """The sum of its lines."""
        return sum(line.micro_euro for line in self.lines)


def bill(book: RateBook, quarters: Sequence[MeteredQuarter], begins: int, ends: int) -> Bill:
    """What quarter-hours in a span cost; those before it are asked for their months' peaks only.

    Raises:
        ReportError: Nothing says what some of it costs.
    """
    inside = [one for one in quarters if begins <= one.begins < ends]
    lines: list[BillLine] = []
    for period in book.periods:
        first, last = max(begins, period.begins), min(ends, period.ends)
        mine = [one for one in inside if first <= one.begins < last]
        inside = [one for one in inside if not first <= one.begins < last]
        if first < last:
            lines += _of_period(_Part(book, period, mine, (first, last)), quarters)
    if inside:
        raise ReportError(f"the rates must hold whenever energy flows, but no period holds at {_utc(inside[0].begins)}")
    return Bill(begins, ends, tuple(lines))


def bill_of_grid(quarters: Iterable[MeteredQuarter], begins: int, ends: int) -> Bill:
    """The same at the prices that the home's grid has, for whoever gives no rates: no fees, no taxes, no capacity."""
    inside = [one for one in quarters if begins <= one.begins < ends]
    lines = []
    for what, sign in (("import", 1), ("export", -1)):
        for is_day in (True, False):
            mine = [one for one in inside if one.is_day == is_day]
            joules = sum(getattr(one, f"{what}_joules") for one in mine)
            exact = Fraction(sum(getattr(one, f"{what}_priced") for one in mine), JOULES_PER_KWH)
            if joules:
                lines.append(BillLine(f"{what}, {'day' if is_day else 'night'}", what, joules, sign * _half_up(exact)))
    return Bill(begins, ends, tuple(lines))


def cents(amounts: Iterable[int]) -> list[int]:
    """Micro-euro as whole cents that add up to the rounded sum: the largest remainders go up, of equal ones the first."""
    said = list(amounts)
    whole = [amount // MICRO_PER_CENT for amount in said]
    missing = _half_up(Fraction(sum(said), MICRO_PER_CENT)) - sum(whole)
    order = sorted(range(len(said)), key=lambda place: (-(said[place] % MICRO_PER_CENT), place))
    for place in order[:missing]:
        whole[place] += 1
    return whole


@dataclass(frozen=True)
class _Part:
    """What of a span lies in a period."""

    book: RateBook
    period: RatePeriod
    quarters: list[MeteredQuarter]
    span: tuple[int, int]
    exact: list[Fraction] = field(default_factory=list)
    """Exact micro-euro of what VAT is taken of."""

    def line(self, name: str, what: str, quantity: int, exact: Fraction) -> BillLine:
        """A line with VAT, rounded once."""
        self.exact.append(exact)
        return BillLine(name, what, quantity, _half_up(exact))


def _of_period(part: _Part, all_quarters: Sequence[MeteredQuarter]) -> list[BillLine]:
    words = part.period.words
    imported = sum(one.import_joules for one in part.quarters)
    lines = _energy(part, "import") + (_energy(part, "export") if words.exported else [])
    for tax in words.taxes:
        lines.append(part.line(tax.name, "tax", imported, Fraction(imported * micro_euro(tax.euro_per_kwh), JOULES_PER_KWH)))
    for fee in words.fees:
        lines.append(part.line(fee.name, "fee", part.span[1] - part.span[0], micro_euro(fee.euro) * shares(fee.per, part.span, part.book)))
    if words.capacity is not None:
        lines.append(_capacity(part, words.capacity, month_peaks(all_quarters, part.book.timezone), imported))
    lines += _gas_and_water(part)
    if words.vat_percent and part.exact:
        taxed = sum(part.exact, Fraction(0))
        exact = taxed * round(words.vat_percent * 10_000) / 1_000_000
        lines.append(BillLine(f"VAT {words.vat_percent:g} %", "vat", _half_up(taxed), _half_up(exact)))
    return lines


def _energy(part: _Part, what: str) -> list[BillLine]:
    """A line for each register; what is exported is earned, and has no VAT."""
    period = part.period
    words, series = (period.words.imported, period.import_prices) if what == "import" else (period.words.exported, period.export_prices)
    assert words is not None, "there is something to price"
    joules: dict[bool, int] = defaultdict(int)
    priced: dict[bool, int] = defaultdict(int)
    for one in part.quarters:
        amount = one.import_joules if what == "import" else one.export_joules
        joules[one.is_day] += amount
        priced[one.is_day] += amount * _price(words, series, one, part.book.timezone) if amount else 0
    lines = []
    for is_day in (True, False):
        name, exact = f"{what}, {'day' if is_day else 'night'}", Fraction(priced[is_day], JOULES_PER_KWH)
        if not joules[is_day]:
            continue
        lines.append(
            part.line(name, what, joules[is_day], exact) if what == "import" else BillLine(name, what, joules[is_day], -_half_up(exact))
        )
    return lines


def _price(words: EnergyWords, series: PriceSeries | None, quarter: MeteredQuarter, timezone: str) -> int:
    """Micro-euro per kWh in a quarter-hour."""
    if series is not None:
        place = bisect_right(series.moments, quarter.begins) - 1
        if place < 0 or quarter.begins >= series.ends:
            raise ReportError(
                f"{words.prices_file} must hold whenever energy flows, but goes from {_utc(series.moments[0])} to {_utc(series.ends)}, "
                f"and energy flows at {_utc(quarter.begins)}"
            )
        return _half_up(Fraction(series.micro_euro[place] * micro_euro(words.factor), MICRO_PER_EURO)) + micro_euro(words.plus_euro_per_kwh)
    for window in reversed(words.windows):
        if _holds(window.during, timezone, quarter.begins):
            return micro_euro(window.euro_per_kwh)
    price = words.euro_per_kwh if words.euro_per_kwh is not None else words.day if quarter.is_day else words.night
    assert price is not None, "a kWh has one price"
    return micro_euro(price)


@lru_cache(maxsize=1 << 17)
def _holds(window: str, timezone: str, moment: int) -> bool:
    return bool(intervals((window,), timezone, moment, moment + 1))


def month_peaks(quarters: Sequence[MeteredQuarter], timezone: str) -> dict[int, int]:
    """The highest mean import in watts of each month, by the first moment of the month."""
    peaks: dict[int, int] = {}
    joules: dict[int, int] = defaultdict(int)
    for one in quarters:
        joules[one.begins // QUARTER_SECONDS] += one.import_joules
    for number, amount in joules.items():
        month = month_start(number * QUARTER_SECONDS, timezone)
        peaks[month] = max(peaks.get(month, 0), amount // QUARTER_SECONDS)
    return peaks


def billed_watts(capacity: CapacityWords, peaks: dict[int, int], month: int) -> Fraction:
    """The mean of the last months' peaks, the month itself included, with the least that is billed."""
    floor = round(capacity.floor_kw * WATTS_PER_KW)
    last = [peak for begins, peak in sorted(peaks.items()) if begins <= month][-capacity.months :]
    if capacity.floor_of == "month":
        last = [max(peak, floor) for peak in last]
    mean = Fraction(sum(last), len(last)) if last else Fraction(0)
    return max(mean, Fraction(floor))


def _capacity(part: _Part, capacity: CapacityWords, peaks: dict[int, int], imported: int) -> BillLine:
    exact, watts = Fraction(0), Fraction(0)
    first, last = part.span
    month = month_start(first, part.book.timezone)
    while month < last:
        after = _after(month, "month", part.book.timezone)
        watts = billed_watts(capacity, peaks, month)
        share = shares("year", (max(month, first), min(after, last)), part.book)
        exact += watts * micro_euro(capacity.euro_per_kw_year) * share / WATTS_PER_KW
        month = after
    if capacity.euro_per_kwh_max is not None:
        exact = min(exact, Fraction(imported * micro_euro(capacity.euro_per_kwh_max), JOULES_PER_KWH))
    return part.line("capacity", "capacity", int(watts), exact)


def _gas_and_water(part: _Part) -> list[BillLine]:
    words, lines = part.period.words, []
    gas, water = (sum(getattr(one, f"{what}_litres") for one in part.quarters) for what in ("gas", "water"))
    if words.gas is not None and gas:
        per_m3 = Fraction(micro_euro(words.gas.euro_per_m3 or 0))
        if words.gas.euro_per_kwh is not None:
            per_m3 = Fraction(micro_euro(words.gas.euro_per_kwh) * micro_euro(words.gas.kwh_per_m3), MICRO_PER_EURO)
        lines.append(part.line("gas", "gas", gas, per_m3 * gas / LITRES_PER_M3))
    if words.water is not None and water:
        lines.append(part.line("water", "water", water, Fraction(micro_euro(words.water.euro_per_m3) * water, LITRES_PER_M3)))
    return lines


def shares(per: str, span: tuple[int, int], book: RateBook) -> Fraction:
    """How many days, months or years a span is: of each that it cuts, the part of its seconds."""
    first, last = span
    found, begin = Fraction(0), _start(first, per, book.timezone)
    while begin < last:
        after = _after(begin, per, book.timezone)
        found += Fraction(min(after, last) - max(begin, first), after - begin)
        begin = after
    return found


def _start(moment: int, per: str, timezone: str) -> int:
    day = datetime.fromtimestamp(moment, ZoneInfo(timezone)).date()
    day = day if per == "day" else day.replace(day=1) if per == "month" else day.replace(month=1, day=1)
    return moment_of(timezone, day.toordinal(), 0)


def _after(begin: int, per: str, timezone: str) -> int:
    """When the day, month or year is over that begins there."""
    days = {"day": 1.5, "month": 40, "year": 400}[per]
    return _start(begin + int(days * DAY_SECONDS), per, timezone)


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _utc(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")
