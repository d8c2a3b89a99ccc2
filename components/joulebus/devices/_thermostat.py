"""What an oven, a geyser, a fridge and a boiler have in common: a thermal mass that the core keeps between two temperatures."""

from typing import Annotated, TypeVar

from pydantic import Field

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.physics import thermal
from joulebus.physics.schedule import intervals
from joulebus.physics.steps import Interval, Step
from joulebus.physics.thermal import Mass
from joulebus_schemas.base import Integer, Natural
from joulebus_schemas.offers import Outcome, Thermal, ThermalRun

Celsius = Annotated[float, Field(ge=-60, le=500)]
WattsPerKelvin = Annotated[float, Field(ge=0.01, le=10_000)]
EfficiencyPercent = Annotated[float, Field(ge=10, le=100)]


def milli(value: float) -> int:
    """A decimal as people write it, in whole thousandths."""
    return round(value * 1_000)


def taken_watts(heat_watts: int, efficiency_percent: float) -> int:
    """What is taken so that so much of it becomes heat where it is wanted."""
    return -(-heat_watts * 100_000 // milli(efficiency_percent))


class ThermostatState(State):
    """Travels through the core and back in every window."""

    heat_microjoules: Annotated[Integer, Field(description="heat content above 0 degrees Celsius")] = 0
    on: Annotated[bool, Field(description="whether it heats, or cools")] = False
    owed_joules: Annotated[Natural, Field(description="it was refused, and will take when it can")] = 0


_P = TypeVar("_P", bound=Properties)


class Thermostat(Device[_P, ThermostatState]):
    """A kind says what its mass, its band and its timers are; the rest is the same for all."""

    state = ThermostatState
    reading_names = {"temperature_millicelsius": "how warm it is", "on": "1 while it heats or cools, else 0"}
    cools = False

    def mass(self, properties: _P) -> Mass:
        """The thermal mass with its surroundings and its heater."""
        raise NotImplementedError

    def band(self, properties: _P) -> tuple[int, int]:
        """The temperatures between which it is kept, in millicelsius."""
        raise NotImplementedError

    def burner(self, properties: _P) -> tuple[int, int]:
        """Watts that it takes when it is on, of electricity or of its fuel, and its shedding priority."""
        raise NotImplementedError

    def initial_millicelsius(self, properties: _P) -> int:
        """Its temperature when it is new."""
        raise NotImplementedError

    def timers(self, properties: _P) -> tuple[str, ...]:
        """When the thermostat is on duty."""
        return ("00:00-24:00",)

    def draws(self, context: DeviceContext, properties: _P, within: Interval) -> list[Step]:
        """Hot water that people draw, in millilitres an hour, without a gap."""
        return [(*within, 0)]

    def surroundings(self, inputs: Inputs[_P]) -> tuple[ThermalRun, ...]:
        """What is around it in each second of the span."""
        context, properties, within = inputs.context, inputs.properties, inputs.span.moments
        enabled = intervals(self.timers(properties), context.place.timezone, *within)
        return thermal.runs(self.mass(properties), enabled, self.draws(context, properties, within), within)

    def begin(self, context: DeviceContext, properties: _P) -> ThermostatState:
        """As warm as its properties say, and off."""
        return ThermostatState(heat_microjoules=self.mass(properties).heat(self.initial_millicelsius(properties)))

    def offer(self, inputs: Inputs[_P], state: ThermostatState) -> Thermal:
        """The mass as it is, and its surroundings in each second of the span."""
        properties = inputs.properties
        mass = self.mass(properties)
        low, high = self.band(properties)
        watts, shedding_priority = self.burner(properties)
        return Thermal(
            heat_microjoules=state.heat_microjoules,
            on=state.on,
            low_microjoules=mass.heat(low),
            high_microjoules=mass.heat(high),
            cools=self.cools,
            watts=watts,
            owed_joules=state.owed_joules,
            surroundings=self.surroundings(inputs),
            shedding_priority=shedding_priority,
            fuel=self.fuel(properties),
        )

    def advance(self, inputs: Inputs[_P], state: ThermostatState, outcome: Outcome) -> ThermostatState:
        """As the core has left it."""
        return ThermostatState(heat_microjoules=outcome.heat_microjoules, on=outcome.on, owed_joules=outcome.owed_joules)

    def rest(self, context: DeviceContext, properties: _P, state: ThermostatState, seconds: int) -> ThermostatState:
        """Without power it goes to the temperature around it, in one exact step; nobody draws hot water meanwhile."""
        return ThermostatState(heat_microjoules=thermal.cooled(self.mass(properties), state.heat_microjoules, seconds))

    def changed(self, context: DeviceContext, before: _P, after: _P, state: ThermostatState) -> ThermostatState:
        """Another mass takes over the temperature, not the heat."""
        old, new = self.mass(before).joules_per_kelvin, self.mass(after).joules_per_kelvin
        return state.model_copy(update={"heat_microjoules": state.heat_microjoules * new // old})

    def readings(self, context: DeviceContext, properties: _P, state: ThermostatState, outcome: Outcome) -> dict[str, int]:
        """How warm it is."""
        return {"temperature_millicelsius": self.mass(properties).millicelsius(state.heat_microjoules), "on": int(state.on)}
