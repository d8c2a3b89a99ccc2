"""An oven: a metal box that a thermostat keeps hot while a timer runs, and that otherwise cools to the kitchen's temperature."""

from typing import Annotated

from pydantic import Field

from joulebus.devices._box import Box, BoxProperties
from joulebus.devices._thermostat import Celsius, WattsPerKelvin, milli
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority


class OvenProperties(BoxProperties):
    """What people set of an oven."""

    power_watts: Annotated[int, Field(ge=1, le=20_000, description="of its heating element")] = 2_400
    setpoint_celsius: Annotated[Celsius, Field(ge=30, le=320, description="middle of the band in which it is kept")] = 200.0
    deadband_kelvin: Annotated[float, Field(gt=0, le=60, description="width of the band")] = 10.0
    timers: Annotated[DailyWindows, Field(description="when somebody bakes")] = ("18:00-18:45",)
    ambient_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="of the kitchen")] = 20.0
    loss_watts_per_kelvin: Annotated[WattsPerKelvin, Field(description="through walls and door")] = 5.5
    heat_capacity_joules_per_kelvin: Annotated[int, Field(ge=100, le=1_000_000, description="of box and food")] = 12_000
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 5


class Oven(Box[OvenProperties]):
    """Its heat decides when it draws power."""

    kind = "oven"
    summary = "an oven with thermostat and timers"
    icon = "stove"
    properties = OvenProperties

    def initial_millicelsius(self, properties: OvenProperties) -> int:
        """As cold as the kitchen."""
        return milli(properties.ambient_celsius)

    def timers(self, properties: OvenProperties) -> tuple[str, ...]:
        """When somebody bakes."""
        return properties.timers
