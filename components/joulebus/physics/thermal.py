"""Thermal masses behind a thermostat: what properties of litres, watts per kelvin and degrees mean for the core's recurrence.

A mass of C joules per kelvin that leaks G watts per kelvin into surroundings at temperature a, heated with P watts, goes
exponentially to a + P / G with the time constant C / G; a flow of cold water is one more leak, into the cold water. The
core takes that exact solution second by second. Heat is counted above 0 degrees Celsius, in microjoules.
"""

from dataclasses import dataclass
from functools import lru_cache

from joulebus.physics.steps import Interval, Step, overlap, without
from joulebus_core import decay_q52
from joulebus_schemas.base import INTEGER_MAX
from joulebus_schemas.offers import ThermalRun

WATER_JOULES_PER_KG_KELVIN = 4_186
"""At 15 degrees Celsius; a litre of water is taken as a kilogram."""


@dataclass(frozen=True, slots=True)
class Mass:
    """A thermal mass with its surroundings and its heater; whole numbers, so that every machine counts alike."""

    joules_per_kelvin: int
    milliwatts_per_kelvin: int
    ambient_millicelsius: int
    heat_milliwatts: int
    """What it gets when it is on: negative for a fridge, more than the electricity for a heat pump."""
    inlet_millicelsius: int = 0
    """Temperature of the cold water that replaces drawn hot water."""

    def heat(self, millicelsius: int) -> int:
        """Its heat content at a temperature, in microjoules."""
        return millicelsius * self.joules_per_kelvin * 1_000

    def millicelsius(self, heat_microjoules: int) -> int:
        """Its temperature at a heat content."""
        return heat_microjoules // (self.joules_per_kelvin * 1_000)


@lru_cache(maxsize=256)
def surroundings(mass: Mass, drawn_millilitres_an_hour: int = 0) -> tuple[int, int, int]:
    """Decay of a second, resting heat when off and when on, while so much hot water is drawn."""
    leak, equilibrium_off, equilibrium_on = _equilibria(mass, drawn_millilitres_an_hour)
    return _decay(1, mass.joules_per_kelvin, leak), equilibrium_off, equilibrium_on


def cooled(mass: Mass, heat_microjoules: int, seconds: int) -> int:
    """The heat content after a time without power and without water being drawn: one exact step of any length."""
    leak, equilibrium_off, _ = _equilibria(mass, 0)
    return equilibrium_off + ((heat_microjoules - equilibrium_off) * _decay(seconds, mass.joules_per_kelvin, leak) >> 52)


def runs(mass: Mass, enabled: list[Interval], draws: list[Step], within: Interval) -> tuple[ThermalRun, ...]:
    """The seconds of an interval in runs in which nothing changes around the mass.

    ``draws`` cover the interval with millilitres an hour; ``enabled`` says when the thermostat is on duty.
    """
    on = overlap([within], enabled)
    disabled = without(*within, on)
    duty = sorted([(*edges, True) for edges in on] + [(*edges, False) for edges in disabled])
    made: list[ThermalRun] = []
    for first, last, on_duty in duty:
        for start, stop, drawn in draws:
            seconds = min(stop, last) - max(start, first)
            if seconds > 0:
                made.append(_run(mass, seconds, on_duty, drawn))
    return tuple(made)


def largest(mass: Mass) -> int:
    """The largest number that its recurrence will meet, to be held against what a word may carry."""
    _, equilibrium_off, equilibrium_on = _equilibria(mass, 0)
    return max(abs(equilibrium_off), abs(equilibrium_on))


def check_mass(mass: Mass) -> None:
    """Refuse a mass whose heat does not fit into a word."""
    most, rests = INTEGER_MAX // 1_000_000, largest(mass) // 1_000_000
    if rests > most:
        raise ValueError(
            f"a thermal mass that is heated without end must rest at no more than {most} J; here it would rest at {rests} J: "
            "let it lose more watts per kelvin, or give it less power or less mass"
        )


def _run(mass: Mass, seconds: int, enabled: bool, drawn: int) -> ThermalRun:
    decay, equilibrium_off, equilibrium_on = surroundings(mass, drawn)
    return ThermalRun(
        seconds=seconds,
        enabled=enabled,
        decay_q52=decay,
        equilibrium_off_microjoules=equilibrium_off,
        equilibrium_on_microjoules=equilibrium_on,
    )


def _equilibria(mass: Mass, drawn_millilitres_an_hour: int) -> tuple[int, int, int]:
    """Leak in microwatts per kelvin, and the heat at which leaks and heater are in balance, off and on."""
    walls = mass.milliwatts_per_kelvin * 1_000
    water = drawn_millilitres_an_hour * WATER_JOULES_PER_KG_KELVIN * 1_000 // 3_600
    leak = walls + water
    flow_off = walls * mass.ambient_millicelsius + water * mass.inlet_millicelsius
    flow_on = flow_off + mass.heat_milliwatts * 1_000 * 1_000
    scale = mass.joules_per_kelvin * 1_000
    return leak, flow_off * scale // leak, flow_on * scale // leak


def _decay(seconds: int, joules_per_kelvin: int, leak_microwatts_per_kelvin: int) -> int:
    return decay_q52(seconds, joules_per_kelvin * 1_000_000_000 // leak_microwatts_per_kelvin)
