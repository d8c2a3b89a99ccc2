"""From a file's hours to knots: light follows the clear sky inside each hour, and the hour's mean stays what it was."""

from typing import Any

import numpy as np

from joulebus.almanac.files import Filed
from joulebus.almanac.requests import MISSING, AirRequest
from joulebus.almanac.skies import beyond_air, clear_sky, sun
from joulebus.physics.knots import GRID_SECONDS
from joulebus_schemas.facts import DAY_SECONDS

MARGIN_SECONDS = 2 * DAY_SECONDS
"""Beyond both ends of the month, so that nights at its edges know the cloud before and after them."""
CLOUD_LIGHT_MIN_W_M2 = 20.0
"""Least clear-sky light: below it, the sky is too dark to tell its clouds."""


def air_month(filed: Filed, request: AirRequest, begins: int, ends: int) -> Any:
    """The columns of almanac.Air from begins to ends (excluded)."""
    step = filed.step_seconds
    first, last = filed.begin_at_or_before(begins - MARGIN_SECONDS), filed.begin_at_or_before(ends + MARGIN_SECONDS)
    rows = np.arange(first, last, step)
    knots = np.arange(first, last + 1, GRID_SECONDS)
    dni, dhi, celsius, wind = filed.at(rows)
    zenith, _ = sun(request, knots)
    clear_ghi, clear_dni, clear_dhi = clear_sky(request, knots, zenith)
    beam = spread_means(dni, clear_dni, beyond_air(knots))
    diffuse = spread_means(dhi, clear_dhi, beyond_air(knots))
    clouds = _clouds(beam * np.cos(np.radians(zenith)) + diffuse, clear_ghi)
    columns = np.stack(
        [
            beam * 1e3,
            diffuse * 1e3,
            _between(celsius + 273.15, rows, knots, step) * 1e3,
            _between(wind, rows, knots, step) * 1e3,
            clouds * 1e6,
        ]
    )
    covered = ~np.isnan(columns[:4]).any(axis=0)
    whole = np.where(covered, np.rint(np.nan_to_num(columns)), MISSING).astype(np.int64)
    return whole[:, (knots >= begins) & (knots < ends)]


def spread_means(means: Any, clear: Any, most: Any) -> Any:
    """Means of rows, laid along a clear sky's knots so that straight lines between the knots keep each mean.

    A knot between two rows takes the darker row's share of the clear sky; what the row then lacks goes to its inner knots.
    """
    parts = (len(clear) - 1) // len(means)
    inner = clear[:-1].reshape(-1, parts)[:, 1:].sum(axis=1)
    left, right = clear[:-1:parts], clear[parts::parts]
    share = _share(means * parts, inner + (left + right) / 2)
    shared = np.fmin(np.append(share, np.nan), np.insert(share, 0, np.nan))
    edges = shared * clear[::parts]
    rest = _share(means * parts - (edges[:-1] + edges[1:]) / 2, inner)
    knots = np.empty(len(clear))
    knots[:-1] = np.repeat(rest, parts) * clear[:-1]
    knots[::parts] = edges
    return np.minimum(knots, most)


def _share(light: Any, clear: Any) -> Any:
    """Ratio to the clear sky's light; none while the sun is down, and unknown where the file has no value."""
    return np.where(np.isnan(light), np.nan, np.where(clear > 0.0, light / np.where(clear > 0.0, clear, 1.0), 0.0))


def _between(values: Any, rows: Any, knots: Any, step: int) -> Any:
    """Straight lines between the middles of rows; level to the end where the file ends."""
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(knots), np.nan)
    lines = np.interp(knots, rows[known] + step // 2, values[known])
    return np.where((knots >= rows[known][0]) & (knots <= rows[known][-1] + step), lines, np.nan)


def _clouds(ghi: Any, clear: Any) -> Any:
    """Cloud cover that would leave so much of the clear light (Kasten and Czeplak, turned round); nights between their days."""
    bright = (clear > CLOUD_LIGHT_MIN_W_M2) & ~np.isnan(ghi)
    if not bright.any():
        return np.zeros(len(clear))
    lost = np.clip(1.0 - ghi[bright] / clear[bright], 0.0, 0.75)
    number = np.arange(len(clear))
    return np.interp(number, number[bright], (lost / 0.75) ** (1 / 3.4))
