"""A rates file, read and checked; what is wrong with it is said with its line, as of a home file."""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from joulebus.errors import HomeFileError, PropertyError
from joulebus.homefile.errors import Problems
from joulebus.homefile.yaml_lines import FILE_BYTES_MAX, YamlProblem, read_yaml
from joulebus.physics.schedule import unix_seconds
from joulebus.rates.words import EnergyWords, PeriodWords, RatesWords
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import problems_of
from joulebus.refusals.system import reason
from joulebus.series.prices import PriceFile, PriceSeries, read_prices
from joulebus_schemas.facts import QUARTER_SECONDS


@dataclass(frozen=True)
class RatePeriod:
    """A period with the moments between which it holds, and the prices that its files say."""

    begins: int
    ends: int
    words: PeriodWords
    import_prices: PriceSeries | None
    export_prices: PriceSeries | None


@dataclass(frozen=True)
class RateBook:
    """All periods of a rates file, in the order of time, at a place."""

    words: RatesWords
    timezone: str
    periods: tuple[RatePeriod, ...]
    folder: Path
    """Where its files of prices are."""

    def as_json(self) -> dict[str, Any]:
        """What the file says, with files of prices by their whole path."""
        said = self.words.model_dump(mode="json", exclude_defaults=True) | {"rates": 1}
        for period in said["periods"]:
            for energy in (period[way] for way in ("imported", "exported") if "prices_file" in period.get(way, {})):
                energy["prices_file"] = str(self.folder / energy["prices_file"])
        return said


FOR_EVER_UNIX_SECONDS = 1 << 40


def load_rates(path: Path, timezone: str) -> RateBook:
    """The rates of a file, for a home in a time zone.

    Raises:
        HomeFileError: The file cannot be read, or says what cannot be; everything that is wrong is listed, with its line.
    """
    try:
        data = path.read_bytes()
        if len(data) > FILE_BYTES_MAX:
            raise HomeFileError(f"{path}: a rates file must have at most {FILE_BYTES_MAX} bytes, but has {len(data)}")
        document = read_yaml(data.decode())
    except OSError as error:
        raise HomeFileError(f"{path} cannot be read: {reason(error)}") from None
    except UnicodeDecodeError as error:
        raise HomeFileError(f"{path}: must be text in UTF-8, but byte {error.start} is not; save it as UTF-8") from None
    except YamlProblem as error:
        raise HomeFileError(f"{path}:{error.line}: {error}") from None
    problems = Problems(str(path), document)
    words = _words(document.value, problems)
    book = None if words is None else _book(words, timezone, path.resolve().parent, problems)
    problems.raise_if_any()
    assert book is not None, "whatever is wrong was said"
    return book


def rates_of(said: Any, timezone: str, folder: Path) -> RateBook:
    """The rates that a bill carries with it. Raises HomeFileError like above."""
    problems = Problems("rates", read_yaml(json.dumps(said, indent=1)))
    words = _words(said, problems)
    book = None if words is None else _book(words, timezone, folder, problems)
    problems.raise_if_any()
    assert book is not None, "whatever is wrong was said"
    return book


def _words(value: Any, problems: Problems) -> RatesWords | None:
    if not isinstance(value, dict):
        problems.add((), f"a rates file must be a mapping with rates, name and periods, but is {shown(value)}")
        return None
    try:
        return RatesWords.model_validate_json(json.dumps(value))
    except ValidationError as error:
        problems.extend(problems_of(error, RatesWords, value, "rates file"))
        return None


def _book(words: RatesWords, timezone: str, folder: Path, problems: Problems) -> RateBook:
    begins = [unix_seconds(period.since, timezone) for period in words.periods]
    nexts = [*begins[1:], FOR_EVER_UNIX_SECONDS]
    ends = [min(unix_seconds(one.until, timezone) if one.until else end, end) for one, end in zip(words.periods, nexts, strict=True)]
    for number, (before, after) in enumerate(pairwise(begins)):
        if before >= after:
            problems.add(
                ("periods", number + 1, "since"), f"periods must follow each other, but {words.periods[number + 1].since} does not"
            )
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        if begin % QUARTER_SECONDS or (end % QUARTER_SECONDS and end != FOR_EVER_UNIX_SECONDS):
            problems.add(("periods", number), "a period begins and ends on a quarter-hour")
        if end <= begin:
            problems.add(("periods", number, "until"), f"a period must end after it begins, but until is {words.periods[number].until}")
    prices = [_prices(words, number, _Place(timezone, folder), problems) for number in range(len(words.periods))]
    found = zip(begins, ends, words.periods, prices, strict=True)
    periods = tuple(RatePeriod(begin, end, period, *series) for begin, end, period, series in found)
    return RateBook(words, timezone, periods, folder)


@dataclass(frozen=True)
class _Place:
    """Where a home is, and where the files of its prices are."""

    timezone: str
    folder: Path


def _prices(words: RatesWords, number: int, place: _Place, problems: Problems) -> tuple[PriceSeries | None, ...]:
    found: list[PriceSeries | None] = []
    for way in ("imported", "exported"):
        energy: EnergyWords | None = getattr(words.periods[number], way)
        if energy is None or not energy.prices_file:
            found.append(None)
            continue
        of = PriceFile(
            str(place.folder / energy.prices_file), energy.prices_column, energy.prices_unit, "", energy.prices_clock, place.timezone
        )
        try:
            found.append(read_prices(of, "prices_file"))
        except PropertyError as error:
            problems.add(("periods", number, way, "prices_file"), str(error))
            found.append(None)
    return tuple(found)
