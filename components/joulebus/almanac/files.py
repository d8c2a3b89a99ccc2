"""A weather file, checked: complete, of this place, under this sun; rows that can be asked for by their moment."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from joulebus.almanac.climate import km_between
from joulebus.almanac.formats import weather_rows
from joulebus.almanac.light import completed
from joulebus.almanac.requests import AirRequest
from joulebus.almanac.rows import COLUMNS, WeatherRows
from joulebus.almanac.skies import sun
from joulebus.almanac.timing import WRONG_MINUTES, fit
from joulebus.errors import WeatherError
from joulebus_schemas.facts import DAY_SECONDS

YEAR_SECONDS = 365 * DAY_SECONDS
DARK_SHARE_MAX = 0.02


@dataclass(frozen=True)
class Filed:
    """WeatherRows on a regular grid of time."""

    name: str
    zone_seconds: int
    step_seconds: int
    first: int
    """Beginning of row 0: in seconds of local standard time, or of the year when it repeats."""
    values: Any
    repeats: bool

    def begin_at_or_before(self, unix_seconds: int) -> int:
        """The beginning of the row that holds a moment, in unix seconds."""
        return unix_seconds - (unix_seconds + self.zone_seconds - self.first) % self.step_seconds

    def at(self, begins: Any) -> Any:
        """The rows that begin at these unix seconds, NaN where the file has none."""
        local = begins + self.zone_seconds
        if self.repeats:
            return self.values[:, (second_of_year(local) - self.first) // self.step_seconds % self.values.shape[1]]
        number = (local - self.first) // self.step_seconds
        inside = (number >= 0) & (number < self.values.shape[1])
        return np.where(inside, self.values[:, np.clip(number, 0, self.values.shape[1] - 1)], np.nan)


def read_weather_file(request: AirRequest) -> Filed:
    """The file of a request, or the one thing that is wrong with it.

    Raises:
        WeatherError: The file is of another place, has gaps or uneven rows, or its light does not fit the sun.
    """
    found = weather_rows(request)
    _check_place(found, request)
    found = replace(found, begins=found.begins + 60 * request.time_shift_minutes)
    values, _ = completed(found, request)
    filed = gridded(found, values, found.typical or request.repeat_year)
    _check_gaps(filed)
    _check_sun(filed, request)
    if request.time_check:
        _check_time(found, values, request)
    return filed


def second_of_year(local: Any) -> Any:
    """Seconds since the first of January in a year of 365 days: a 29 February is taken for the day before."""
    moment = local.astype("datetime64[s]")
    day = moment.astype("datetime64[D]")
    year = day.astype("datetime64[Y]")
    number = (day - year.astype("datetime64[D]")).astype(np.int64)
    leap = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(np.int64) == 366
    number = number - (leap & (number >= 59))
    return number * DAY_SECONDS + (moment - day.astype("datetime64[s]")).astype(np.int64)


def gridded(found: WeatherRows, values: Any, repeats: bool) -> Filed:
    """WeatherRows on an even grid; NaN where the file has none.

    Raises:
        WeatherError: Rows are not an even step apart, or a year that repeats holds an hour twice.
    """
    step = found.step_seconds
    begins = found.begins
    if repeats:
        _check_one_year(found)
        days = len(begins) * step // DAY_SECONDS
        kept = ~_leap_days(begins) | (days <= 365)  # A year of 365 days with a 29 February is how pvlib writes the 28th of a leap year.
        begins, values = second_of_year(begins[kept]), values[:, kept]
        if len(np.unique(begins)) < len(begins):
            raise WeatherError(f"a weather file that repeats must hold each hour of the year once, and {found.name} holds some twice")
        first, length = int(begins[0]) % step, YEAR_SECONDS // step
    else:
        first, length = int(begins.min()), int(begins.max() - begins.min()) // step + 1
    number = (begins - first) // step % length
    if np.any((begins - first) % step):
        raise WeatherError(f"the rows of a weather file must be {step} s apart, but some of {found.name} are not")
    grid = np.full((len(COLUMNS), length), np.nan)
    grid[:, number] = values
    return Filed(found.name, found.zone_seconds, step, first, grid, repeats)


def _leap_days(local: Any) -> Any:
    month = local.astype("datetime64[s]").astype("datetime64[M]")
    day = local.astype("datetime64[s]").astype("datetime64[D]") - month.astype("datetime64[D]")
    return (month.astype(np.int64) % 12 == 1) & (day.astype(np.int64) == 28)


def _check_one_year(found: WeatherRows) -> None:
    if len(found.begins) > 366 * DAY_SECONDS // found.step_seconds:
        raise WeatherError(
            f"a weather file that repeats must hold one year, and {found.name} holds more; leave repeat_year out, or cut the file"
        )


def _check_place(found: WeatherRows, request: AirRequest) -> None:
    distance = km_between((found.latitude, found.longitude), (request.latitude, request.longitude))
    if not distance <= request.place_tolerance_km:
        raise WeatherError(
            f"a weather file must be of the home's place, but {found.name} is of {found.latitude:g}, {found.longitude:g}: "
            f"{distance:.0f} km away, and place_tolerance_km is {request.place_tolerance_km:g}; move the home, or allow the distance"
        )


def _check_gaps(filed: Filed) -> None:
    empty = np.isnan(filed.values)
    missing = np.flatnonzero(empty.any(axis=0))
    if len(missing):
        first = filed.first + int(missing[0]) * filed.step_seconds
        moment = str(np.datetime64(first, "s")).replace("T", " ")[5 if filed.repeats else 0 : 16]
        absent = ", ".join(name for name, gap in zip(COLUMNS, empty[:, missing[0]], strict=True) if gap)
        raise WeatherError(
            f"a weather file must have no gaps, but {filed.name} lacks {len(missing)} of {empty.shape[1]} rows; "
            f"the first is {moment} standard time ({absent}); fill them, or take another file"
        )


def _check_sun(filed: Filed, request: AirRequest) -> None:
    """Light while the sun is down tells of wrong coordinates, or of a wrong time zone."""
    any_year = int(np.datetime64("2019-01-01", "s").astype(np.int64)) if filed.repeats else 0
    first = any_year + filed.first - filed.zone_seconds
    begins = first + np.arange(filed.values.shape[1]) * filed.step_seconds
    light = filed.values[:2].sum(axis=0)
    low = np.min([sun(request, begins + part)[0] for part in (0, filed.step_seconds // 2, filed.step_seconds)], axis=0)
    share = float(light[low >= 90.0].sum() / max(light.sum(), 1e-9))
    if share > DARK_SHARE_MAX or light.sum() <= 0.0:
        raise WeatherError(
            f"the light of a weather file must fall while the sun is up, but {share:.0%} of that in {filed.name} falls while it is down "
            "at the home; check the file's coordinates, its time zone, and the place of the home"
        )


def _check_time(found: WeatherRows, values: Any, request: AirRequest) -> None:
    """Light that fits the sun only when it is moved by most of an hour tells of a wrong time zone, or of wrong stamps."""
    best = fit(request, found, values[0] + values[1])
    if best is not None and abs(best.minutes) >= WRONG_MINUTES:
        raise WeatherError(
            f"the light of a weather file must rise and fall with the sun, but that of {found.name} fits it best when moved by "
            f"{best.minutes:+d} min (likeness {best.likeness:.3f} in place of {best.likeness_unmoved:.3f}); check its time zone, "
            f"{found.zone_seconds / 3600:+g} h, or say time_shift_minutes: {best.minutes}, or time_check: false"
        )
