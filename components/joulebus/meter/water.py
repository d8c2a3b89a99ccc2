"""Litres through the water meter: what people draw from geysers, as their properties say, and what washing machines take with their joules.

A program takes its litres as evenly as its joules, so they follow from the ledger. Sums are exact; what is shown is their whole part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from joulebus.devices.geyser import GeyserProperties
from joulebus.devices.washing_machine import WashingMachineProperties
from joulebus.physics.schedule import starts
from joulebus_schemas.facts import DAY_SECONDS, HOUR_SECONDS
from joulebus_schemas.roster import Member, of_kind

MILLILITRES_PER_LITRE = 1_000


@dataclass(frozen=True, slots=True)
class DailyDraw:
    """Hot water that flows every day."""

    at: str
    seconds: int
    millilitres_an_hour: int


@dataclass(frozen=True, slots=True)
class WaterUsers:
    """Who takes water in a home."""

    draws: tuple[DailyDraw, ...]
    litres_per_joule: tuple[tuple[str, Fraction], ...]
    """Names of washing machines, and what they take."""

    def litres(self, timezone: str, begins: int, ends: int, joules: Mapping[str, int]) -> Fraction:
        """What they took between two moments in which the machines got so many joules."""
        drawn = Fraction(sum(_drawn_between(draw, timezone, begins, ends) for draw in self.draws), HOUR_SECONDS * MILLILITRES_PER_LITRE)
        return drawn + sum((joules.get(name, 0) * rate for name, rate in self.litres_per_joule), Fraction(0))


def water_users(roster: Mapping[str, Member]) -> WaterUsers:
    """Those of a roster that are on."""
    draws: list[DailyDraw] = []
    rates = []
    for name in of_kind(dict(roster), "geyser"):
        if roster[name].on:
            geyser = GeyserProperties.model_validate(roster[name].properties, strict=False)
            draws += [DailyDraw(draw.at, draw.seconds, draw.millilitres_an_hour) for draw in geyser.draws]
    for name in of_kind(dict(roster), "washing_machine"):
        machine = WashingMachineProperties.model_validate(roster[name].properties, strict=False)
        if machine.program_joules and machine.water_litres:
            rates.append((name, Fraction(machine.water_litres, machine.program_joules)))
    return WaterUsers(tuple(draws), tuple(rates))


def _drawn_between(draw: DailyDraw, timezone: str, begins: int, ends: int) -> int:
    """Seconds in which it flows, times millilitres an hour."""
    seconds = 0
    for day in range((begins - draw.seconds) // DAY_SECONDS, (ends - 1) // DAY_SECONDS + 1):
        for opened in _openings(draw.at, timezone, day):
            seconds += max(min(opened + draw.seconds, ends) - max(opened, begins), 0)
    return seconds * draw.millilitres_an_hour


@lru_cache(maxsize=4_096)
def _openings(at: str, timezone: str, day: int) -> tuple[int, ...]:
    """When it begins in a day of UTC."""
    return tuple(starts((at,), timezone, day * DAY_SECONDS, (day + 1) * DAY_SECONDS))
