"""Beam and diffuse light of a weather file, from whichever two of beam, diffuse and global light it holds, or from global light alone."""

from typing import Any

import numpy as np
from pvlib import irradiance

from joulebus.almanac.rows import COLUMNS, WeatherRows
from joulebus.almanac.skies import Somewhere, instants, sun

BEAM_MAX_W_M2 = 1400.0
"""No beam is stronger than sunlight above the air, also where a level beam is divided by a low sun."""
LOW_SUN_SINE = 0.02
LOW_SUN_ZENITH = 87.0
"""Above it all light is diffuse: beam / cos(zenith) would be the noise of the last minutes of a day."""


def completed(found: WeatherRows, place: Somewhere) -> tuple[Any, list[str]]:
    """One line for each of COLUMNS, and what was done for it, for people."""
    columns = _filled_columns(found.columns)
    notes = list(found.notes)
    if not {"dni", "dhi"} <= set(columns):
        middles = found.begins - found.zone_seconds + found.step_seconds // 2
        zenith, _ = sun(place, middles)
        notes.append(_fill(columns, zenith, middles))
    return np.stack([columns[name] for name in COLUMNS]), notes


def _filled_columns(columns: dict[str, Any]) -> dict[str, Any]:
    """Without beam and diffuse light where all of it is missing, or 0 while the global light is not, which is how some say "missing"."""
    if not np.nansum(columns.get("ghi", 0.0)) > 0.0:
        return dict(columns)
    kinds = [name for name in ("dni", "beam", "dhi") if name in columns]
    nothing = not any(np.nansum(columns[name]) > 0.0 for name in kinds)
    return {name: values for name, values in columns.items() if name not in kinds or not (nothing or np.isnan(values).all())}


def _fill(columns: dict[str, Any], zenith: Any, middles: Any) -> str:
    """Put beam and diffuse light into the columns; says how."""
    height = np.cos(np.radians(zenith))
    high = zenith < LOW_SUN_ZENITH
    if "beam" in columns and "dhi" in columns:
        columns["dni"] = _beam(columns["beam"], height, zenith < 90.0)
        return "beam on level ground was turned to the sun"
    if "dni" in columns and "ghi" in columns:
        columns["dhi"] = np.clip(columns["ghi"] - columns["dni"] * np.maximum(height, 0.0), 0.0, None)
        return "diffuse light is global light less the beam"
    if "ghi" in columns and "dhi" in columns:
        columns["dni"] = _beam(np.maximum(columns["ghi"] - columns["dhi"], 0.0), height, high)
        return "the beam is global light less diffuse light, turned to the sun"
    split = irradiance.erbs(columns["ghi"], zenith, instants(middles))
    columns["dni"] = np.where(np.isnan(columns["ghi"]), np.nan, np.where(high, np.nan_to_num(np.asarray(split["dni"])), 0.0))
    columns["dhi"] = np.where(high & ~np.isnan(columns["ghi"]), np.asarray(split["dhi"]), columns["ghi"])
    return "global light alone was split into beam and diffuse light by the model of Erbs, which may be some percent off"


def _beam(level: Any, height: Any, up: Any) -> Any:
    return np.where(np.isnan(level), np.nan, np.where(up, np.minimum(level / np.maximum(height, LOW_SUN_SINE), BEAM_MAX_W_M2), 0.0))
