"""The history in a home file: for how long the historian keeps what. ``up --keep`` says it for one run."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError

from joulebus.errors import PropertyError
from joulebus.homefile.errors import Problems
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import problems_of
from joulebus_schemas.base import Word
from joulebus_schemas.facts import DAY_SECONDS

HISTORY_SECTION = "history"
UNITS = {"y": 365 * DAY_SECONDS, "d": DAY_SECONDS, "h": 3_600, "m": 60}
"""In seconds, the longest first."""
FOR_EVER = "ever"
LEAST_SECONDS = 3_600
_SPAN = r"[0-9]{1,6}[mhdy]"

KeptSpan = Annotated[str, Field(json_schema_extra={"pattern": f"^({_SPAN}|{FOR_EVER})$"})]


@dataclass(frozen=True)
class Retention:
    """Simulated seconds for which each is kept; None: for ever. The shorter, the finer. Quarter-hours stay for ever."""

    records: int | None = 6 * 3_600
    """As they are in the journal: with them the two can repair each other."""
    ticks: int | None = 7 * DAY_SECONDS
    minutes: int | None = 365 * DAY_SECONDS

    @classmethod
    def said(cls, text: str | None, base: "Retention | None" = None) -> Self:
        """From "records=6h,ticks=7d"; what is left out stays as in ``base``, or as it is by default. Raises PropertyError."""
        pairs = [one.partition("=") for one in (text or "").split(",") if one]
        return cls.of({name.strip(): span.strip() for name, _, span in pairs}, base)

    @classmethod
    def of(cls, said: Mapping[str, str], base: "Retention | None" = None) -> Self:
        """From what a person says: records=6h, ticks=7d, minutes=1y, or "ever". Raises PropertyError."""
        unknown = sorted(said.keys() - {"records", "ticks", "minutes"})
        if unknown:
            raise PropertyError(f"what is kept are records, ticks and minutes, not {', '.join(unknown)}; quarter-hours stay for ever")
        kept = vars(base or cls()) | {name: _seconds(name, text) for name, text in said.items()}
        spans = [float("inf") if kept[name] is None else kept[name] for name in ("records", "ticks", "minutes")]
        if spans != sorted(spans) or spans[0] < LEAST_SECONDS:
            raise PropertyError("records must be kept for an hour at least, ticks as long as records, and minutes as long as ticks")
        return cls(**kept)

    def words(self) -> dict[str, str]:
        """As a person says it."""
        return {name: _text(seconds) for name, seconds in vars(self).items()}

    def text(self) -> str:
        """As an option says it."""
        return ",".join(f"{name}={span}" for name, span in self.words().items())


class KeepWords(Word):
    """How long what is kept, in simulated time: 90m, 6h, 7d, 1y or ever."""

    records: Annotated[KeptSpan, Field(description="records of the journal; with them journal and historian repair each other")] = "6h"
    ticks: Annotated[KeptSpan, Field(description="what moved in each tick")] = "7d"
    minutes: Annotated[KeptSpan, Field(description="what moved in each minute; quarter-hours stay for ever")] = "1y"


class HistoryWords(Word):
    """What the historian does with the past of the home."""

    keep: Annotated[KeepWords, Field(description="the finer, the shorter")] = KeepWords()


def read_history(value: Any, problems: Problems) -> Retention:
    """The section; as usual when there is none, or when it is wrong."""
    if not isinstance(value, dict) or HISTORY_SECTION not in value:
        return Retention()
    said = value[HISTORY_SECTION]
    if not isinstance(said, dict):
        problems.add((HISTORY_SECTION,), f"the history must be a mapping with keep, but is {shown(said)}")
        return Retention()
    try:
        words = HistoryWords.model_validate_json(json.dumps(said))
    except ValidationError as error:
        problems.extend(problems_of(error, HistoryWords, said, HISTORY_SECTION), HISTORY_SECTION)
        return Retention()
    for name, span in words.keep.model_dump().items():
        try:
            _seconds(name, span)
        except PropertyError as error:
            problems.add((HISTORY_SECTION, "keep", name), str(error))
    return Retention() if problems.about(HISTORY_SECTION) else _ordered(words.keep, problems)


def _ordered(keep: KeepWords, problems: Problems) -> Retention:
    try:
        return Retention.of(keep.model_dump())
    except PropertyError as error:
        problems.add((HISTORY_SECTION, "keep"), str(error))
        return Retention()


def dumped_retention(retention: Retention) -> dict[str, Any]:
    """As a home file says it; nothing when it is as usual."""
    usual = Retention().words()
    kept = {name: span for name, span in retention.words().items() if span != usual[name]}
    return {HISTORY_SECTION: {"keep": kept}} if kept else {}


def _seconds(name: str, text: str) -> int | None:
    if text == FOR_EVER:
        return None
    if not re.fullmatch(_SPAN, text):
        raise PropertyError(f'{name} must be kept for a time like 6h, 7d or 1y, or for "{FOR_EVER}", but was "{text}"')
    return int(text[:-1]) * UNITS[text[-1]]


def _text(seconds: int | None) -> str:
    if seconds is None:
        return FOR_EVER
    unit = next(unit for unit, length in UNITS.items() if seconds % length == 0)
    return f"{seconds // UNITS[unit]}{unit}"
