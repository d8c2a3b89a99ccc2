"""One table for all weather files: when each row begins, and what it holds."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from joulebus.errors import WeatherError
from joulebus.physics.knots import GRID_SECONDS

COLUMNS = ("dni", "dhi", "temp_air", "wind_speed")
VALUE_LIMITS = {
    "ghi": (0.0, 1600.0),
    "beam": (0.0, 1500.0),
    "dni": (0.0, 1500.0),
    "dhi": (0.0, 1200.0),
    "temp_air": (-90.0, 70.0),
    "wind_speed": (0.0, 110.0),
}
"""What lies outside is how the formats say "missing": 9999, 99.9, -9900. The last three lie beyond what was ever measured."""
NAMES = {
    "ghi": ("ghi", "globalhorizontalirradiance", "globalhorizontalradiation", "g(h)"),
    "dni": ("dni", "directnormalirradiance", "beam", "gb(n)"),
    "dhi": ("dhi", "diffusehorizontalirradiance", "diffuse", "gd(h)"),
    "temp_air": ("temperature", "drybulb", "airtemperature", "ambienttemperature", "tdry", "temp", "t2m"),
    "wind_speed": ("windspeed", "wspd", "ws10m", "wind"),
}
"""Headings that vendors use, in small letters and without units and marks."""
STEPS_SECONDS = (900, 1800, 3600)
FINER_SECONDS = (60, 300, 600)
"""Steps whose rows are taken together."""


@dataclass(frozen=True)
class WeatherRows:
    """A weather file: columns of W/m2, degrees Celsius and m/s, NaN where it is empty."""

    name: str
    latitude: float
    longitude: float
    altitude: float | None
    zone_seconds: int
    step_seconds: int
    begins: Any
    """Beginning of each row, in seconds of the file's own standard time."""
    lines: Any
    """Line of each row in the file, counted from 1."""
    columns: dict[str, Any]
    """What the file holds, by the names of VALUE_LIMITS; ``beam`` is beam on level ground."""
    typical: bool
    """Its months come from different years, and stand for any year."""
    notes: list[str] = field(default_factory=list)
    """What was done to it, for people."""


@dataclass(frozen=True)
class Body:
    """Headings and rows of a file as text."""

    name: str
    headings: Sequence[str]
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]

    def numbers(self, index: int) -> Any:
        """A column of numbers; NaN where there is none."""
        return np.array([_number(row[index]) if index < len(row) else np.nan for row in self.rows])

    def known(self) -> dict[str, Any]:
        """All columns whose heading is known by one of NAMES."""
        plain = [plain_heading(heading) for heading in self.headings]
        found: dict[str, Any] = {}
        for name, spellings in NAMES.items():
            at = next((plain.index(spelling) for spelling in spellings if spelling in plain), None)
            if at is not None:
                found[name] = self.numbers(at)
        return found

    def index(self, *spellings: str) -> int:
        """Where a heading stands that must be there.

        Raises:
            WeatherError: It is not; the nearest that is there is named.
        """
        plain = [plain_heading(heading) for heading in self.headings]
        for spelling in spellings:
            if spelling in plain:
                return plain.index(spelling)
        near = difflib.get_close_matches(spellings[0], plain, 1, 0.0)
        has = f"; the nearest that is there is {self.headings[plain.index(near[0])]!r}" if near else ""
        raise WeatherError(f"the weather file {self.name} must have a column {spellings[0]!r}{has}")


def plain_heading(text: str) -> str:
    """A heading in small letters, without its unit; those of PVGIS keep what stands in brackets after one letter or two."""
    text = text.strip().lower()
    if re.fullmatch(r"[a-z]{1,2}\([a-z]\)", text):
        return text
    return re.sub(r"[^a-z0-9]", "", re.split(r"[(\[]", text, maxsplit=1)[0])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def of_columns(
    body: Body,
    place: tuple[float, float, float | None],
    zone_seconds: int,
    begins: Any,
    columns: dict[str, Any],
    typical: bool | None = None,
) -> WeatherRows:
    """A table whose rows stand at even steps; finer ones are taken together.

    Raises:
        WeatherError: Columns are missing, or a row stands twice.
    """
    missing = [name for name in ("temp_air", "wind_speed") if name not in columns]
    light = {"dni", "beam", "dhi", "ghi"} & set(columns)
    if not light & {"ghi", "dhi"}:
        missing = ["dni", "dhi", *missing]
    if missing:
        from_global = "; dni and dhi could be split from ghi, which is there" if light == {"ghi"} else ""
        has = ", ".join(heading for heading in body.headings if heading)[:300]
        raise WeatherError(f"the weather file {body.name} must have columns for {', '.join(missing)}, but it has {has}{from_global}")
    begins = (begins + GRID_SECONDS // 2) // GRID_SECONDS * GRID_SECONDS if _step(body.name, begins) >= GRID_SECONDS else begins
    limited = {name: _limited(name, values) for name, values in columns.items() if name in VALUE_LIMITS}
    found = _single(body, begins, limited)
    lines, begins, limited, step, notes = found
    typical = _mixed_years(begins) if typical is None else typical
    return WeatherRows(body.name, *place, zone_seconds, step, begins, lines, limited, typical, notes)


def _limited(name: str, values: Any) -> Any:
    low, high = VALUE_LIMITS[name]
    return np.where((values >= low) & (values <= high), values, np.nan)


def _step(name: str, begins: Any) -> int:
    if len(begins) < 2:
        raise WeatherError(f"a weather file must have rows, and {name} has {len(begins)}")
    return int(np.median(np.diff(begins)))


def _single(body: Body, begins: Any, columns: dict[str, Any]) -> tuple[Any, Any, dict[str, Any], int, list[str]]:
    """Each moment once; rows finer than a quarter-hour as means of one or of half an hour."""
    lines = np.array(body.lines)
    order = np.argsort(begins, kind="stable")
    twice = np.flatnonzero(np.diff(begins[order]) == 0)
    if len(twice):
        first, second = sorted((int(lines[order[twice[0]]]), int(lines[order[twice[0] + 1]])))
        moment = str(np.datetime64(int(begins[order[twice[0]]]), "s")).replace("T", " ")[:16]
        raise WeatherError(
            f"each row of a weather file must stand once, but in {body.name} the one of {moment} standard time stands in lines "
            f"{first} and {second}; leave one out"
        )
    step = _step(body.name, begins)
    if step in FINER_SECONDS:
        return _together(lines, begins, columns, step)
    if step not in STEPS_SECONDS:
        raise WeatherError(
            f"a weather file must have a row for each minute to hour that divides an hour, and {body.name} has one each {step} s"
        )
    return lines, begins, columns, step, []


def _together(lines: Any, begins: Any, columns: dict[str, Any], step: int) -> tuple[Any, Any, dict[str, Any], int, list[str]]:
    wide = 900 if 900 % step == 0 else 1800
    group, first, count = np.unique(begins // wide, return_index=True, return_counts=True)
    whole = count == wide // step
    made = {}
    for name, values in columns.items():
        sums = (
            np.array([values[begins // wide == one].mean() for one in group])
            if len(group) < 3
            else np.bincount(np.searchsorted(group, begins // wide), weights=values) / count
        )
        made[name] = np.where(whole, sums, np.nan)
    return lines[first], group * wide, made, wide, [f"rows of {step} s were taken together to {wide} s"]


def _mixed_years(local_seconds: Any) -> bool:
    """Whether its months do not follow each other: then they come from different years, as those of a typical year do."""
    months = np.unique(local_seconds.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64))
    return bool(np.any(np.diff(months) != 1))
