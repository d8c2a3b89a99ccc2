"""Whether a weather file's rows stand where the sun was: its brightest hours against a clear sky, at shifts of up to three hours."""

from typing import Any, NamedTuple

import numpy as np

from joulebus.almanac.rows import WeatherRows
from joulebus.almanac.skies import Somewhere, clear_sky, sun
from joulebus.physics.knots import GRID_SECONDS
from joulebus_schemas.facts import DAY_SECONDS

REACH_MINUTES = 180
WRONG_MINUTES = 45
"""A shift from which on a file is refused: mountains and morning fog move light by less, time zones by more."""
DAYS_MIN = 5
BRIGHT_PERCENTILE = 90


class Fit(NamedTuple):
    """How the light fits the sun."""

    minutes: int
    """Shift of the rows (later is positive) that fits best."""
    likeness: float
    """Correlation with the clear sky then, at most 1."""
    likeness_unmoved: float


def fit(place: Somewhere, rows: WeatherRows, light: Any) -> Fit | None:
    """The best shift; ``light`` is beam + diffuse of each row. None when there are too few days to tell."""
    known = ~np.isnan(light)
    begins, light, step = rows.begins[known], light[known], rows.step_seconds
    if len(begins) * step < DAYS_MIN * DAY_SECONDS or light.sum() <= 0:
        return None
    months = begins.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    envelope: list[float] = []
    clear: list[Any] = []
    for month in sorted({int(number) % 12: int(number) for number in months}.values()):
        here = months % 12 == month % 12
        slots = begins[here] % DAY_SECONDS // step
        middle = int(np.median(begins[months == month])) // DAY_SECONDS * DAY_SECONDS - rows.zone_seconds
        profile = _clear_profile(place, middle)
        for slot in np.unique(slots):
            envelope.append(float(np.percentile(light[here][slots == slot], BRIGHT_PERCENTILE)))
            first = (int(slot) * step + REACH_MINUTES * 60) // GRID_SECONDS
            clear.append(_window_means(profile, first, step))
    likeness = _correlations(np.array(envelope), np.stack(clear))
    shifts = np.arange(-REACH_MINUTES, REACH_MINUTES + 1, GRID_SECONDS // 60)
    best = int(np.argmax(likeness))
    return Fit(int(shifts[best]), float(likeness[best]), float(likeness[len(shifts) // 2]))


def _clear_profile(place: Somewhere, midnight: int) -> Any:
    """Beam + diffuse light of a clear day at knots, from the reach before its midnight to the reach after its end."""
    knots = np.arange(midnight - REACH_MINUTES * 60, midnight + DAY_SECONDS + (REACH_MINUTES + 60) * 60 + 1, GRID_SECONDS)
    zenith, _ = sun(place, knots)
    _, dni, dhi = clear_sky(place, knots, zenith)
    return dni + dhi


def _window_means(profile: Any, first: int, step: int) -> Any:
    """Means over a row for every shift, from the earliest to the latest."""
    parts, reach = step // GRID_SECONDS, REACH_MINUTES * 60 // GRID_SECONDS
    sums = np.concatenate(([0.0], np.cumsum((profile[:-1] + profile[1:]) / 2)))
    starts = np.arange(first - reach, first + reach + 1)
    return (sums[starts + parts] - sums[starts]) / parts


def _correlations(envelope: Any, clear: Any) -> Any:
    apart = envelope - envelope.mean()
    centred = clear - clear.mean(axis=0)
    spread = np.sqrt((apart**2).sum() * (centred**2).sum(axis=0))
    return (apart[:, None] * centred).sum(axis=0) / np.where(spread > 0, spread, np.inf)
