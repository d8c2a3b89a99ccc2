"""What holds energy in a home, row by row: batteries and cars with who decided about them, boilers and geysers with their thermostats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joulebus.cli.panel_decisions import DecisionLog
from joulebus.device import Properties
from joulebus.devices import KINDS
from joulebus.devices._thermostat import Thermostat
from joulebus.devices.car import CarProperties, is_plugged_at
from joulebus.physics.schedule import intervals
from joulebus_schemas.facts import JOULES_PER_KWH, MICROJOULES_PER_JOULE, WATTS_PER_KW
from joulebus_schemas.journal import Born, Committed
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Member

KINDS_SHOWN = ("battery", "car", "boiler", "geyser")
"""In the order in which they stand."""
MILLICELSIUS = 1_000
AnyThermostat = Thermostat[Any]
RESTS = "rests"
"""Neither takes nor gives."""


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A battery, a car or a heater: how full or warm it is, its power, and what was decided last."""

    name: str
    kind: str
    level: str
    power: str
    decision: str


@dataclass(frozen=True, slots=True)
class StoresSeen:
    """A home after its last window."""

    born: Born
    roster: Mapping[str, Member]
    last: Committed | None
    decisions: DecisionLog

    def rows(self) -> list[StoreRow]:
        """Each kind together, sorted by name."""
        found = [(KINDS_SHOWN.index(one.kind), name) for name, one in self.roster.items() if one.kind in KINDS_SHOWN]
        return [self._row(name) for _, name in sorted(found)]

    def _row(self, name: str) -> StoreRow:
        member = self.roster[name]
        if not member.on:
            return StoreRow(name, member.kind, "", "switched off", "")
        outcome = Outcome() if self.last is None else self.last.outcomes.get(name, Outcome())
        device = KINDS[member.kind]
        if isinstance(device, Thermostat):
            return self._heater(name, device, outcome)
        said = self.decisions.about(name, self.roster, self.last, self.born.tick_seconds)
        capacity = member.properties.get("capacity_kwh", 0) * JOULES_PER_KWH * MICROJOULES_PER_JOULE
        level = f"{100 * outcome.level_microjoules / capacity:.0f} %" if capacity and self.last is not None else ""
        return StoreRow(name, member.kind, level, self._away(member) or self._power(outcome), said)

    def _heater(self, name: str, device: AnyThermostat, outcome: Outcome) -> StoreRow:
        member = self.roster[name]
        properties = device.properties.model_validate(member.properties, strict=False)
        level = "" if self.last is None else f"{device.mass(properties).millicelsius(outcome.heat_microjoules) / MILLICELSIUS:.1f} °C"
        return StoreRow(name, member.kind, level, " ".join(self._thermostat(device, properties, outcome)), "")

    def _thermostat(self, device: AnyThermostat, properties: Properties, outcome: Outcome) -> Iterator[str]:
        """What it takes, and until when: its decision is its own."""
        if self.last is None:
            return
        low, high = device.band(properties)
        fuel, timers, now = device.fuel(properties), device.timers(properties), self._now - 1
        yield self._power(outcome) + (f" of {fuel}" if fuel and outcome.joules_in else "")
        if not intervals(timers, self.born.place.timezone, now, now + 1):
            yield f"outside its timers ({', '.join(timers)})"
        else:
            yield f"until {(high if outcome.on else low) / MILLICELSIUS:.1f} °C"
        if outcome.unserved_joules:
            yield "and gets less than it wants"

    @property
    def _now(self) -> int:
        ticks = 0 if self.last is None else self.last.window.end
        return self.born.start_unix_seconds + ticks * self.born.tick_seconds

    def _away(self, member: Member) -> str:
        if member.kind != "car":
            return ""
        car = CarProperties.model_validate(member.properties, strict=False)
        return "" if is_plugged_at(car, self.born.place.timezone, self._now - 1) else "away" if car.plugged_in else "not plugged in"

    def _power(self, outcome: Outcome) -> str:
        """The mean of the last window."""
        if self.last is None:
            return ""
        watts = (outcome.joules_in - outcome.joules_out) / (self.last.window.ticks * self.born.tick_seconds)
        if round(watts) == 0:
            return RESTS
        return f"{'takes' if watts > 0 else 'gives'} {abs(watts) / WATTS_PER_KW:.3f} kW"
