"""What a weather file holds, for people: place, span, sums, gaps, how its light fits the sun, and a picture of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from joulebus.almanac.files import gridded
from joulebus.almanac.formats import read_file
from joulebus.almanac.light import completed
from joulebus.almanac.requests import digest_of_file
from joulebus.almanac.rows import WeatherRows
from joulebus.almanac.skies import sun
from joulebus.almanac.timing import WRONG_MINUTES, Fit, fit
from joulebus_schemas.facts import DAY_SECONDS

SHADES = " ░▒▓█"
HOURS_A_YEAR = 8_760
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Look:
    """A weather file, looked at."""

    rows: WeatherRows
    values: Any
    """Beam, diffuse light, air and wind of each row."""
    global_light: Any
    gaps: int
    """WeatherRows of the span in which something is missing."""
    best: Fit | None
    notes: list[str]

    def lines(self) -> list[str]:
        """What is found, line by line; the last lines are a picture."""
        found, dni, dhi = self.rows, self.values[0], self.values[1]
        height = "" if found.altitude is None else f", {found.altitude:,.0f} m"
        first, last = (str(np.datetime64(int(moment), "s")).replace("T", " ")[:16] for moment in (found.begins.min(), found.begins.max()))
        span = f"{first} to {last}" if not found.typical else f"a typical year of months of {self._years()}"
        hours = len(found.begins) * found.step_seconds / 3600
        sums = ", ".join(
            f"{name} {self._yearly(light):,.0f}" for name, light in (("global", self.global_light), ("beam", dni), ("diffuse", dhi))
        )
        warm = self.values[2]
        return [
            f"{found.name}: {found.latitude:g}, {found.longitude:g}{height}, {found.zone_seconds / 3600:+g} h of UTC",
            f"{len(found.begins):,} rows of {found.step_seconds // 60} min, {hours / 24:,.0f} days: {span}",
            f"light in kWh/m2 {'a year' if hours >= HOURS_A_YEAR - 24 else 'in this span'}: {sums}",
            f"air {np.nanmean(warm):.1f} °C on average, {np.nanmin(warm):.1f} to {np.nanmax(warm):.1f}; "
            f"wind {np.nanmean(self.values[3]):.1f} m/s",
            f"gaps: {self.gaps or 'none'}",
            self._time(),
            *self.notes,
            *self._picture(),
        ]

    def _years(self) -> str:
        years = np.unique(self.rows.begins.astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970)
        return f"{years.min()}" if len(years) == 1 else f"{years.min()} to {years.max()}"

    def _yearly(self, light: Any) -> float:
        """kWh/m2; of a mean year where there are several."""
        hours = len(light) * self.rows.step_seconds / 3600
        return float(np.nanmean(light)) * min(hours, HOURS_A_YEAR) / 1000

    def _time(self) -> str:
        if self.best is None:
            return "time: too few days to compare with the sun"
        verdict = "which is as it should be" if abs(self.best.minutes) < WRONG_MINUTES else "so its time zone or its stamps are wrong"
        return f"time: its light fits the sun best when moved by {self.best.minutes:+d} min (likeness {self.best.likeness:.3f}), {verdict}"

    def _picture(self) -> list[str]:
        """Mean global light by month and hour of standard time."""
        local = self.rows.begins
        months = local.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12
        hours = local % DAY_SECONDS // 3600
        means = np.full((12, 24), np.nan)
        for month in np.unique(months):
            for hour in range(24):
                here = self.global_light[(months == month) & (hours == hour)]
                means[month, hour] = np.nanmean(here) if len(here) and not np.isnan(here).all() else np.nan
        most = float(np.nanmax(means)) or 1.0
        lines = [f"     mean global light by hour of standard time; {SHADES[-1]} is {most:,.0f} W/m2", "     0     6     12    18    24"]
        for month in np.unique(months):
            shades = "".join(" " if np.isnan(value) else SHADES[int(np.ceil(value / most * (len(SHADES) - 1)))] for value in means[month])
            lines.append(f"{MONTHS[month]}  {shades}")
        return lines


def look(path: str, format: str = "auto") -> Look:
    """Read a file without a home; only what makes it unreadable is refused."""
    found_path, _ = digest_of_file(path)
    found = read_file(Path(found_path), Path(found_path).read_bytes(), format)
    place = _Here(found.latitude, found.longitude, found.altitude or 0.0)
    values, notes = completed(found, place)
    middles = found.begins - found.zone_seconds + found.step_seconds // 2
    height = np.maximum(np.cos(np.radians(sun(place, middles)[0])), 0.0)
    empty = np.isnan(gridded(found, values, found.typical).values).any(axis=0)
    best = fit(place, found, values[0] + values[1])
    return Look(found, values, values[0] * height + values[1], int(empty.sum()), best, notes)


@dataclass(frozen=True)
class _Here:
    latitude: float
    longitude: float
    altitude: float
