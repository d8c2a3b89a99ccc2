"""A bill against its journal: registers and peaks counted again from the transfers in plain Python, and priced with the bill's own rates.

How money follows from registers is written once (``rates/money.py``); what passed the meter, and when it was day, is counted again here.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from joulebus.audit.recount import Quarter, Recount
from joulebus.audit.report import Finding
from joulebus.audit.reported import differences, recounted
from joulebus.devices.meter import MeterProperties
from joulebus.errors import ReportError
from joulebus.physics.day_night import is_day
from joulebus.rates.file import RateBook, rates_of
from joulebus.rates.form import BILL_VERSION, bill_words, usage_spans
from joulebus.rates.money import Bill, MeteredQuarter, bill, bill_of_grid
from joulebus.refusals.system import reason
from joulebus_schemas.facts import FINDINGS_MAX


def check_bill(source: str | Path, file: Path, home: str | None = None) -> list[Finding]:
    """What of a bill its transfers do not say; empty when all of it agrees. ``home`` chooses in a database with several.

    Raises:
        ReportError: The file is not a bill of `joulebus meter bill --json`, or a record of the journal cannot be counted.
        HomeFileError: The rates in it cannot be.
    """
    said = _said_bill(file)
    ends = said["to_unix_seconds"]
    recount = recounted(Recount(0, ends), source, file, home)
    if recount.born is None or not recount.quarters:
        raise ReportError(f"{file} must be a bill of {source}, but that run has no tick before its end")
    zone = recount.born.place.timezone
    book = None if said.get("rates") is None else rates_of(said["rates"], zone, Path.cwd())
    water = _whole(quarter.water_litres for quarter in recount.quarters)
    gas = _whole(quarter.gas_litres for quarter in recount.quarters)
    volumes = zip(recount.quarters, water, gas, strict=True)
    quarters = [replace(_passed(quarter, zone), water_litres=litres, gas_litres=burnt) for quarter, litres, burnt in volumes]
    lived = (recount.quarters[0].start, recount.quarters[-1].end)
    columns = said.get("usage", {})
    spans = {name: span for name, span in usage_spans(lived[1], zone).items() if name in columns}
    counted = {
        **bill_words(_priced(book, quarters, (said["from_unix_seconds"], said["until_unix_seconds"]), lived)),
        "to_unix_seconds": lived[1],
        "usage": {name: bill_words(_priced(book, quarters, span, lived)) for name, span in spans.items()},
    }
    found = [Finding("bill", text) for text in _differences(said, counted)]
    return found[:FINDINGS_MAX]


def _whole(litres: Iterable[Fraction]) -> list[int]:
    """Whole litres, such that they add up to those of the sum."""
    sums = [Fraction(0), *accumulate(litres)]
    return [int(after) - int(before) for before, after in pairwise(sums)]


def _differences(said: dict[str, Any], counted: dict[str, Any]) -> Iterator[str]:
    return differences("", {name: said.get(name) for name in counted}, counted)


def _priced(book: RateBook | None, quarters: list[MeteredQuarter], span: tuple[int, int], lived: tuple[int, int]) -> Bill:
    if book is None:
        return bill_of_grid(quarters, *span)
    return bill(book, quarters, max(span[0], lived[0]), min(span[1], lived[1]))


def _passed(quarter: Quarter, timezone: str) -> MeteredQuarter:
    """What the transfers of a quarter-hour say; the tariff is that of the meter that the home then had."""
    properties = MeterProperties() if quarter.meter is None else MeterProperties.model_validate(quarter.meter.properties, strict=False)
    given = sum(joules for (giver, _), joules in quarter.pairs.items() if giver in quarter.grids)
    taken = sum(joules for (_, taker), joules in quarter.pairs.items() if taker in quarter.grids)
    day = is_day(properties.day_windows, properties.holidays, timezone, quarter.start)
    priced = quarter.priced
    return MeteredQuarter(quarter.start, given, taken, day, import_priced=priced["import"], export_priced=priced["export"])


def _said_bill(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_bytes())
    except OSError as error:
        raise ReportError(f"the bill {file} cannot be read: {reason(error)}") from None
    except ValueError:
        raise ReportError(f"--bill needs a file that `joulebus meter bill --json` wrote, but {file} is not JSON") from None
    numbers = ("from_unix_seconds", "until_unix_seconds", "to_unix_seconds")
    if not isinstance(said, dict) or said.get("bill") != BILL_VERSION or not all(isinstance(said.get(name), int) for name in numbers):
        raise ReportError(f"--bill needs a file that `joulebus meter bill --json` wrote, but {file} is something else")
    return said
