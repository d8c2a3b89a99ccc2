"""The figures of docs/figures.md: ten places, panels against PVWatts, and what the length of a tick does to a year.

``python -m tests.oracles.figures`` writes the page; it takes some minutes. The tests beside it hold each figure within its limit.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.planning.overrides import Override, with_overrides
from joulebus.planning.plan import PlanResult, plan
from tests.oracles.test_climate import SEEDS, TEN, TypicalSky, lived, months
from tests.oracles.test_pvwatts_year import NUMBERS, PANEL, PLANES, SITES, Roof, ours, theirs, write_year

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/figures.md"
HEAD = """# Figures

Written by `.venv/bin/python -m tests.oracles.figures`; tests in `tests/oracles/` hold them.
"""
PLACES = """
## Ten places

A year of the generated sky against what climatologies say: light in kWh/m² (held within 7 %, and
within 8 % in Singapore, where both sources of the climate are too dim and `plan` and `new` say
so), air in °C (mean, coldest and warmest month; known values in brackets).

| place | light | known | error | air | coldest month | warmest month |
|---|---|---|---|---|---|---|
"""
PANELS = """
## Panels against PVWatts version 8

A year of 5 kWp on the same weather, settled joule by joule, against NREL's code for a field without
rows (ground cover 0.01): kWh of AC. A wall is a rack of 90°. Held within 0.6 % a year and 2 % in
each month. Weather files are those that pvlib brings, or generated.

| site | mounting | tilt | to | ours | PVWatts | year | worst month |
|---|---|---|---|---|---|---|---|
"""
TICKS = """
## The length of a tick

A year of `examples/homes/house.yaml`. Loads, thermostats and panels move the same joules whatever
the tick; what differs is what is netted inside of it, as a meter would that is read so often.

| tick | battery | import kWh | export kWh | used kWh | cost € |
|---|---|---|---|---|---|
"""
JOULES_PER_KWH = 3_600_000


def places() -> str:
    """A row for each of ten places."""
    text = PLACES
    for name, place, kwh, _, (mean, coldest, warmest) in TEN:
        years = [lived(TypicalSky(seed, "weather", place)) for seed in SEEDS]
        light = fmean(sum(year[0]) for year in years)
        air = [fmean(month) for month in zip(*(months(year[2]) for year in years), strict=True)]
        text += (
            f"| {name} | {light:,.0f} | {kwh:,} | {light / kwh - 1:+.1%} | {fmean(air):.1f} ({mean}) "
            f"| {min(air):.1f} ({coldest}) | {max(air):.1f} ({warmest}) |\n"
        )
    return text


def panels() -> str:
    """A row for each site and plane."""
    text = PANELS
    with tempfile.TemporaryDirectory() as folder:
        files = {site: file or str(write_year(Path(folder) / f"{site}.csv", place, zone)) for site, (file, place, zone) in SITES.items()}
        for site, mounting, tilt, azimuth in PLANES:
            panel = PANEL.model_copy(update={"mounting": mounting, "tilt_degrees": tilt, "azimuth_degrees": azimuth})
            mine = ours(Roof(SITES[site][1], files[site], SITES[site][2], panel))
            golden = theirs(files[site], array_type=NUMBERS[mounting], tilt=tilt, azimuth=azimuth, gcr=0.01)
            worst = max((one / other - 1 for one, other in zip(mine, golden, strict=True)), key=abs)
            on = "wall" if tilt == 90 else mounting.removeprefix("open_")
            text += f"| {site} | {on} | {tilt}° | {azimuth}° | {sum(mine):,.0f} | {sum(golden):,.0f} "
            text += f"| {sum(mine) / sum(golden) - 1:+.2%} | {worst:+.1%} |\n"
    return text


def of_ticks(tick_seconds: int, days: int, **overrides: Any) -> PlanResult:
    """Some days of the house in ticks of a length; ``battery__on`` is ``battery.on``."""
    file = load_home_file(ROOT / "examples/homes/house.yaml")
    file = with_overrides(file, tuple(Override(path.replace("__", "."), value) for path, value in overrides.items()))
    return plan(Home.from_file(replace(file, tick_seconds=tick_seconds)), days * 86_400 // tick_seconds)


def ticks() -> str:
    """A row for each length of the tick, with the battery and without."""
    text = TICKS
    for has_battery in (True, False):
        for seconds in (60, 900):
            said = of_ticks(seconds, 365, battery__on=has_battery).as_json()
            kwh = [said[name] / JOULES_PER_KWH for name in ("import_joules", "export_joules")]
            used = used_joules(said) / JOULES_PER_KWH
            text += f"| {seconds} s | {'yes' if has_battery else 'no'} | {kwh[0]:,.1f} | {kwh[1]:,.1f} | {used:,.1f} "
            text += f"| {said['cost_micro_euro'] / 1e6:.2f} |\n"
    return text


def used_joules(said: dict[str, Any]) -> int:
    """What the loads took."""
    return sum(moved.get("joules_in", 0) for name, moved in said["devices"].items() if name not in ("battery", "grid", "inverter"))


def made_joules(said: dict[str, Any]) -> int:
    """What the panels made, also what nobody could take."""
    made = sum(moved["joules_out"] for name, moved in said["devices"].items() if name.startswith("panel"))
    return int(made + sum(said["curtailed_joules"].values()))


if __name__ == "__main__":
    PAGE.write_text(HEAD + ticks() + places() + panels())
