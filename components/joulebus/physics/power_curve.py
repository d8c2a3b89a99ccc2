"""The efficiency of an inverter as a table: direct current in, alternating current out, both in milliwatts.

The core reads the table with straight lines between its knots. A curve of an inverter is a parabola in good
approximation, whose distance from such a line is at most a quarter of its second difference: with steps of 1/400
of the rating, and finer ones where the inverter wakes up, that is less than a hundred thousandth of the rating.
"""

from collections.abc import Callable
from typing import NamedTuple

PVWATTS_REFERENCE_EFFICIENCY = 0.9637
PVWATTS_8_WAKES = 0.0047337
FINE_STEPS = 96
COARSE_STEPS = 400


class CurveTable(NamedTuple):
    """Knots of a curve: the first is (0, 0), both columns never fall, and no watt is made from nothing."""

    dc_milliwatts: tuple[int, ...]
    ac_milliwatts: tuple[int, ...]


class SandiaParameters(NamedTuple):
    """The curve of an inverter in the California Energy Commission's library, at nominal voltage."""

    paco: float
    pdco: float
    pso: float
    c0: float


def constant_watts(dc: float, efficiency: float) -> float:
    """AC power of a converter that always loses the same share."""
    return dc * efficiency


def pvwatts_watts(dc: float, rating: float, efficiency: float) -> float:
    """AC power by the part-load curve of PVWatts version 5 (Dobos 2014)."""
    dc_rating = rating / efficiency
    ac = efficiency / PVWATTS_REFERENCE_EFFICIENCY * (-0.0162 * dc * dc / dc_rating - 0.0059 * dc_rating + 0.9858 * dc)
    return min(max(ac, 0.0), rating)


def pvwatts_8_watts(dc: float, rating: float, efficiency: float) -> float:
    """AC power by the line of PVWatts version 8: it wakes at 0.473 % of the DC power at which it has reached its rating."""
    dc_rating = rating / efficiency
    ac = rating * (dc / dc_rating - PVWATTS_8_WAKES) / (1.0 - PVWATTS_8_WAKES)
    return min(max(ac, 0.0), rating)


def sandia_watts(dc: float, of: SandiaParameters) -> float:
    """AC power by the Sandia model (King et al. 2007) at the nominal voltage; 0 while it sleeps."""
    if dc <= of.pso:
        return 0.0
    above, reach = dc - of.pso, of.pdco - of.pso
    return min(max((of.paco / reach - of.c0 * reach) * above + of.c0 * above * above, 0.0), of.paco)


def curve_table(curve: Callable[[float], float], dc_max: float) -> CurveTable:
    """A curve as knots from 0 to the DC power at which it has reached its rating."""
    wakes = _wakes(curve, dc_max)
    step = (dc_max - wakes) / COARSE_STEPS
    fine = [wakes + step * 8 * i / FINE_STEPS for i in range(FINE_STEPS)]
    coarse = [wakes + step * i for i in range(8, COARSE_STEPS + 1)]
    knots: dict[int, int] = {0: 0}
    ac_before = 0
    for dc in fine + coarse:
        dc_milliwatts = round(dc * 1000)
        ac_before = min(max(int(curve(dc) * 1000 + 0.5), ac_before), dc_milliwatts)
        knots[dc_milliwatts] = ac_before
    return CurveTable(tuple(knots), tuple(knots.values()))


def _wakes(curve: Callable[[float], float], dc_max: float) -> float:
    """The DC power at which the first alternating current flows, by halving, to a tenth of a milliwatt."""
    asleep, awake = 0.0, dc_max
    while awake - asleep > 1e-4:
        middle = (asleep + awake) / 2
        asleep, awake = (asleep, middle) if curve(middle) > 0.0 else (middle, awake)
    return asleep
