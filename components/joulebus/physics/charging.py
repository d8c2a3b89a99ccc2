"""Who of several cars is charged, with how much and why: six rules in order, the first that fits wins; then room is shared.

1 nearly empty: at once. 2 a trip that can wait no longer: at once. 3 a trip that can wait: spread over the cheap hours before it.
4 surplus of the sun: that alone. 5 cheap hours: up to the target. 6 else: a pause. Only 1 and 2 look at neither price nor peak.
Where three phases need more than there is, a charger that can switch charges on one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from joulebus_schemas.facts import HOUR_SECONDS, JOULES_PER_KWH, QUARTER_SECONDS, WATTS_PER_KW

NEARLY_EMPTY_PERCENT = 20.0
READY_BEFORE_SECONDS = 1_800
"""The time by which a car is ready before its trip."""

BACK_SHARE = 1.1
"""Three phases are switched on again when there is so much more than their least, or a charger would switch to and fro."""

Way = Literal["full", "shared", "surplus", "pause"]


@dataclass(frozen=True, slots=True)
class TripNeed:
    """When a car leaves, and what it still needs for it."""

    departs: int
    """Unix seconds."""
    joules: float
    """AC, to be charged until then."""
    cheap_seconds: int
    """Until then in which energy is cheap, from now on."""


@dataclass(frozen=True, slots=True)
class OnePhase:
    """What a charger can that switches between three phases and one."""

    watts_min: int
    """On one phase: 6 A."""
    watts_max: int
    is_on: bool
    """Whether it is switched to one phase now."""
    is_held: bool
    """Whether it was switched to it so lately that it stays."""


@dataclass(frozen=True, slots=True)
class CarNow:
    """A car and its charger as they are."""

    name: str
    is_plugged: bool
    percent: float
    target_percent: float
    watts_min: int
    """The least power at which it charges: 6 A in each of its phases."""
    watts_max: int
    trip: TripNeed | None = None
    minimum_percent: float = NEARLY_EMPTY_PERCENT
    """Below it the car is nearly empty."""
    one_phase: OnePhase | None = None
    """None where the charger cannot switch."""

    @property
    def watts_least(self) -> int:
        """The least power at which it charges, on however many phases."""
        return self.watts_min if self.one_phase is None else self.one_phase.watts_min


@dataclass(frozen=True, slots=True)
class HomeNow:
    """The home as it is, in watts at the grid connection without any charging."""

    unix_seconds: int
    is_cheap: bool
    surplus_watts: int
    """Power that would be exported."""
    room_watts: int
    """Power that may be taken beside, so that the mean of the quarter-hour stays below the cap; may be negative."""
    margin_seconds: int = READY_BEFORE_SECONDS
    """The time by which a car is ready before its trip."""


@dataclass(frozen=True, slots=True)
class CarCharge:
    """What a car gets: a way, a power at most, the rule and its reason."""

    car: str
    way: Way
    watts: int
    rule: int
    reason: str
    on_one_phase: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    car: CarNow
    rule: int
    way: Way
    watts: float
    why: str
    latest_start: float


def charges(cars: Sequence[CarNow], home: HomeNow) -> tuple[CarCharge, ...]:
    """What each car gets, in the order in which they are served: rules 1 and 2, then who must start first, then the emptiest."""
    wishes = sorted((_wish(car, home) for car in cars), key=lambda one: (one.rule > 2, one.latest_start, one.car.percent, one.car.name))
    room, surplus, found = home.room_watts, home.surplus_watts, []
    for wish in wishes:
        left = surplus if wish.way == "surplus" else room
        charge = _granted(wish, left)
        found.append(charge)
        if charge.way == "surplus":
            surplus -= charge.watts
        else:
            room -= charge.watts
    return tuple(found)


def _wish(car: CarNow, home: HomeNow) -> _Wish:
    trip, full = car.trip, float(car.watts_max)
    latest = float("inf") if trip is None else trip.departs - trip.joules / full - home.margin_seconds
    if not car.is_plugged:
        return _Wish(car, 6, "pause", 0, "it is not plugged in", latest)
    if car.percent < car.minimum_percent:
        return _Wish(car, 1, "full", full, f"it is below {car.minimum_percent:g} %", latest)
    if trip is not None and trip.joules > 0:
        return _for_trip(car, trip, home, latest)
    if car.percent >= car.target_percent:
        return _Wish(car, 6, "pause", 0, f"it has its {car.target_percent:g} %", latest)
    if home.surplus_watts >= car.watts_least:
        return _Wish(car, 4, "surplus", min(full, home.surplus_watts), f"the sun leaves {_kw(home.surplus_watts)}", latest)
    if home.is_cheap:
        return _Wish(car, 5, "shared", full, f"it is cheap now, and the car is below its {car.target_percent:g} %", latest)
    return _Wish(car, 6, "pause", 0, f"the sun leaves {_kw(home.surplus_watts)} only, and it is not cheap", latest)


def _for_trip(car: CarNow, trip: TripNeed, home: HomeNow, latest: float) -> _Wish:
    needs = f"its trip needs {trip.joules / JOULES_PER_KWH:.1f} kWh in {max(0, trip.departs - home.unix_seconds) / HOUR_SECONDS:.1f} h"
    if home.unix_seconds >= latest:
        # What the trip still needs may fit into a quarter-hour at less than full power.
        watts = min(float(car.watts_max), max(float(car.watts_min), trip.joules / QUARTER_SECONDS))
        return _Wish(car, 2, "full", watts, f"{needs}: it can wait no longer", latest)
    if home.surplus_watts >= car.watts_least:
        return _Wish(
            car, 3, "surplus", min(car.watts_max, home.surplus_watts), f"{needs}, and the sun leaves {_kw(home.surplus_watts)}", latest
        )
    if trip.cheap_seconds * car.watts_max < trip.joules:
        seconds = max(1, trip.departs - home.margin_seconds - home.unix_seconds)
        return _Wish(car, 3, "shared", trip.joules / seconds, f"{needs}: the cheap hours before it do not suffice", latest)
    if home.is_cheap:
        return _Wish(car, 3, "shared", trip.joules / max(1, trip.cheap_seconds), f"{needs}, spread over the cheap hours before it", latest)
    return _Wish(car, 3, "pause", 0, f"{needs}, and cheaper hours come before it", latest)


def _granted(wish: _Wish, left: int) -> CarCharge:
    """A wish, as far as there is room; below its least power a car pauses."""
    car = wish.car
    if wish.way == "pause" or wish.rule <= 2:
        return CarCharge(car.name, wish.way, round(wish.watts), wish.rule, wish.why)
    least = car.watts_least
    if min(left, car.watts_max) < least:
        return CarCharge(car.name, "pause", 0, wish.rule, f"{wish.why}; but {_kw(left)} are left, and it needs {_kw(least)}")
    if (one := car.one_phase) is not None and _stays_on_one(car, one, left):
        watts = min(max(round(wish.watts), one.watts_min), left, one.watts_max)
        return CarCharge(car.name, wish.way, watts, wish.rule, f"{wish.why}: on one phase", on_one_phase=True)
    return CarCharge(car.name, wish.way, min(max(round(wish.watts), car.watts_min), left, car.watts_max), wish.rule, wish.why)


def _stays_on_one(car: CarNow, one: OnePhase, left: int) -> bool:
    """Down at once, because the car would have to pause; up only where there is plenty, and not at once."""
    if left < car.watts_min:
        return True
    return one.is_on and (one.is_held or left < car.watts_min * BACK_SHARE)


def _kw(watts: float) -> str:
    return f"{watts / WATTS_PER_KW:.2f} kW"
