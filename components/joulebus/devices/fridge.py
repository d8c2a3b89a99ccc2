"""A fridge: a cold box that warms in its kitchen and pumps the heat out again."""

from typing import Annotated

from pydantic import Field

from joulebus.devices._box import Box, BoxProperties
from joulebus.devices._thermostat import Celsius, WattsPerKelvin, milli
from joulebus_schemas.base import SheddingPriority


class FridgeProperties(BoxProperties):
    """What people set of a fridge."""

    power_watts: Annotated[int, Field(ge=1, le=5_000, description="of its compressor")] = 120
    setpoint_celsius: Annotated[Celsius, Field(ge=-40, le=20, description="middle of the band in which it is kept")] = 4.0
    deadband_kelvin: Annotated[float, Field(gt=0, le=10, description="width of the band")] = 2.0
    ambient_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="of the kitchen")] = 22.0
    loss_watts_per_kelvin: Annotated[WattsPerKelvin, Field(description="through walls and door")] = 1.6
    heat_capacity_joules_per_kelvin: Annotated[int, Field(ge=100, le=10_000_000, description="of box and food")] = 30_000
    cop_percent: Annotated[int, Field(ge=10, le=1_000, description="heat pumped out per electricity, 180 is a COP of 1.8")] = 180
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 8

    def heat_milliwatts(self) -> int:
        """What the compressor pumps out of it."""
        return -self.power_watts * self.cop_percent * 10


class Fridge(Box[FridgeProperties]):
    """Its heat decides when it draws power."""

    kind = "fridge"
    summary = "a fridge or freezer with thermostat"
    icon = "fridge-outline"
    properties = FridgeProperties
    cools = True

    def initial_millicelsius(self, properties: FridgeProperties) -> int:
        """At its set point."""
        return milli(properties.setpoint_celsius)
