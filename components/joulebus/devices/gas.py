"""A gas connection: what the boilers and geysers of a home burn comes from it, without end, like power from the grid."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.devices._thermostat import milli
from joulebus.physics.steps import integrate
from joulebus_schemas.base import Natural
from joulebus_schemas.facts import JOULES_PER_KWH, LITRES_PER_M3
from joulebus_schemas.offers import Outcome, Supply
from joulebus_schemas.series import RunLengths


class GasProperties(Properties):
    """What people set of the gas connection of their home."""

    connected: Annotated[bool, Field(description="false: no gas comes")] = True
    limit_watts: Annotated[int, Field(ge=0, le=10_000_000, description="that it carries; 69,000 is the usual meter of 6 m3/h")] = 69_000
    kwh_per_m3: Annotated[float, Field(ge=1, le=100, description="calorific value (gross), by which its meter counts joules as m3")] = 11.51

    def litres(self, joules: int) -> Fraction:
        """Exact volume of so many joules."""
        return Fraction(joules * milli(LITRES_PER_M3), JOULES_PER_KWH * milli(self.kwh_per_m3))


class GasState(State):
    """What it gave."""

    joules: Annotated[Natural, Field(description="burnt since the home began")] = 0


class GasDevice(Device[GasProperties, GasState]):
    """A supply beside the busbar; switched off, it gives nothing, and who burns its gas goes without."""

    kind = "gas"
    summary = "the gas connection, from which boilers and geysers burn"
    label = "Gas connection"
    category = "grid"
    icon = "fire"
    properties = GasProperties
    state = GasState
    reading_names = {
        "burnt_joules": "since the home began",
        "burnt_litres": "the same as gas, whole litres; 1,000 are a cubic metre",
    }

    def offer(self, inputs: Inputs[GasProperties], state: GasState) -> Supply:
        """Its limit, in each tick."""
        properties, (begins, ends) = inputs.properties, inputs.span.moments
        steps = [(begins, ends, properties.limit_watts)] if properties.connected else []
        return Supply(joules_max=RunLengths(run_lengths=tuple(integrate(steps, inputs.span))))

    def advance(self, inputs: Inputs[GasProperties], state: GasState, outcome: Outcome) -> GasState:
        """More was burnt."""
        return GasState(joules=state.joules + outcome.joules_out)

    def readings(self, context: DeviceContext, properties: GasProperties, state: GasState, outcome: Outcome) -> dict[str, int]:
        """Energy, and its volume at today's calorific value."""
        return {"burnt_joules": state.joules, "burnt_litres": int(properties.litres(state.joules))}
