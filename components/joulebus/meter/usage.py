"""Usage and cost of today, the three days before, this week, month and year: the columns that people look at, at one moment."""

from dataclasses import dataclass

from joulebus.meter.quarters import MeteredRun
from joulebus.meter.volumes import Volumes, volumes_between
from joulebus.rates.file import RateBook
from joulebus.rates.form import usage_spans
from joulebus.rates.money import Bill


@dataclass(frozen=True, slots=True)
class UsageColumn:
    """A span with its name, what it cost, and how much gas and water it took."""

    name: str
    bill: Bill
    volumes: Volumes = Volumes()


def usage(run: MeteredRun, book: RateBook | None) -> list[UsageColumn]:
    """The columns at the end of what was metered, without those of which the first records were moved away."""
    spans = usage_spans(run.ends, run.born.place.timezone)
    whole = {name: span for name, span in spans.items() if run.missing_until is None or span[0] >= run.begins}
    return [UsageColumn(name, run.bill(book, *span), volumes_between(run.quarters, *span)) for name, span in whole.items()]
