"""The climate of a place: how clear and how warm its months are on average, from a file that infra/climate/bake.py has baked.

The file holds cells of one degree of land; between their centres the values lie on straight lines. Its sources are in NOTICE.
"""

import lzma
import struct
import sys
from array import array
from functools import lru_cache
from math import asin, cos, floor, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from joulebus.physics.daylight import MONTHS_OF_A_YEAR
from joulebus_schemas.roster import Place

CLIMATE_MAGIC = b"joulebus climate 1\n"
CELL_COUNT = struct.Struct("<I")
CLIMATE_FILE = Path(__file__).with_name("climate.xz")
MEAN_LAPSE_KELVIN_PER_M = 0.005
EARTH_RADIUS_KM = 6371.0
TROPICAL_CELSIUS_MIN = 18.0
"""The coolest month of a tropical climate, as Koeppen draws the line."""
HUMID_CLEARNESS_MAX = 0.5
"""The mean clearness of a year below which a climate counts as humid."""


class CellForm(NamedTuple):
    """How the columns of the file are written, as numpy says it, and what their numbers count."""

    latitude: str = "<i1"
    longitude: str = "<i2"
    height_m: str = "<i2"
    clearness: str = "<u1"
    clearness_scale: int = 200
    air: str = "<i2"
    air_scale: int = 20


CELL = CellForm()
CODES = {"<i1": "b", "<i2": "h", "<u1": "B"}


class Climate(NamedTuple):
    """A mean year of a place."""

    clearness: tuple[float, ...]
    """Light on level ground as a share of that above the air, by month."""
    celsius: tuple[float, ...]
    """Mean air by month."""
    away_km: float
    """How far away the land is of which it is; 0 when the place lies in it."""

    @property
    def is_humid_tropical(self) -> bool:
        """Always warm and mostly cloudy: there both sources of light are too dim."""
        return min(self.celsius) >= TROPICAL_CELSIUS_MIN and sum(self.clearness) / MONTHS_OF_A_YEAR < HUMID_CLEARNESS_MAX


class _Cells(NamedTuple):
    at: dict[tuple[int, int], int]
    height_m: "array[int]"
    clearness: "array[int]"
    air: "array[int]"

    def clear(self, cell: int, month: int) -> float:
        return self.clearness[month * len(self.height_m) + cell] / CELL.clearness_scale

    def celsius(self, cell: int, month: int, height_m: float) -> float:
        warmth = self.air[month * len(self.height_m) + cell] / CELL.air_scale
        return warmth + MEAN_LAPSE_KELVIN_PER_M * (self.height_m[cell] - height_m)


@lru_cache(maxsize=16)
def climate_of(place: Place) -> Climate:
    """The mean year of a place from the four cells around it, or from the nearest cell of land; the air is that of its own height."""
    cells = _read()
    weights = _around(cells, place)
    away = 0.0
    if not weights:
        nearest = min(cells.at, key=lambda cell: (_km(place, cell), cell))
        away, weights = _km(place, nearest), {cells.at[nearest]: 1.0}
    total = sum(weights.values())
    months = range(MONTHS_OF_A_YEAR)
    clear = tuple(sum(w * cells.clear(cell, month) for cell, w in weights.items()) / total for month in months)
    warm = tuple(sum(w * cells.celsius(cell, month, place.altitude_m) for cell, w in weights.items()) / total for month in months)
    return Climate(clear, warm, away)


def _around(cells: _Cells, place: Place) -> dict[int, float]:
    """The cells of land among the four around a place, and how near their centres are."""
    y, x = place.latitude_degrees - 0.5, place.longitude_degrees - 0.5
    weights = {}
    for south in (floor(y), floor(y) + 1):
        for west in (floor(x), floor(x) + 1):
            cell = cells.at.get((south, (west + 180) % 360 - 180))
            weight = (1.0 - abs(south - y)) * (1.0 - abs(west - x))
            if cell is not None and weight > 0.0:
                weights[cell] = weight
    return weights


def _km(place: Place, cell: tuple[int, int]) -> float:
    return km_between((place.latitude_degrees, place.longitude_degrees), (cell[0] + 0.5, cell[1] + 0.5))


def km_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Along the Earth's surface; latitude and longitude in degrees."""
    a, b = radians(here[0]), radians(there[0])
    half = sin((a - b) / 2) ** 2 + cos(a) * cos(b) * sin(radians(here[1] - there[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(half, 1.0)))


def _read() -> _Cells:
    content = memoryview(lzma.decompress(CLIMATE_FILE.read_bytes()))
    assert content[: len(CLIMATE_MAGIC)] == CLIMATE_MAGIC, "the climate file is one of this version"
    (count,) = CELL_COUNT.unpack_from(content, len(CLIMATE_MAGIC))
    at = len(CLIMATE_MAGIC) + CELL_COUNT.size
    columns: list[array[int]] = []
    forms = (CELL.latitude, CELL.longitude, CELL.height_m, CELL.clearness, CELL.air)
    for form, many in zip(forms, (1, 1, 1, MONTHS_OF_A_YEAR, MONTHS_OF_A_YEAR), strict=True):
        numbers = array(CODES[form])
        size = count * many * numbers.itemsize
        numbers.frombytes(content[at : at + size])
        if sys.byteorder == "big":
            numbers.byteswap()
        columns.append(numbers)
        at += size
    south, west, height, clear, air = columns
    return _Cells({cell: number for number, cell in enumerate(zip(south, west, strict=True))}, height, clear, air)
