"""An oven: a box of metal that a thermostat keeps hot while a timer runs, and that cools into the kitchen else."""

from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import Properties
from joulebus.devices._thermostat import Celsius, Thermostat, WattsPerKelvin, milli
from joulebus.physics.schedule import DailyWindows
from joulebus.physics.thermal import Mass, check_mass
from joulebus_schemas.base import SheddingPriority


class OvenProperties(Properties):
    """What people set of an oven."""

    power_watts: Annotated[int, Field(ge=1, le=20_000, description="of its heating element")] = 2_400
    setpoint_celsius: Annotated[Celsius, Field(ge=30, le=320, description="middle of the band in which it is kept")] = 200.0
    deadband_kelvin: Annotated[float, Field(gt=0, le=60, description="width of the band")] = 10.0
    timers: Annotated[DailyWindows, Field(description="when somebody bakes")] = ("18:00-18:45",)
    ambient_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="of the kitchen")] = 20.0
    loss_watts_per_kelvin: Annotated[WattsPerKelvin, Field(description="through walls and door")] = 5.5
    heat_capacity_joules_per_kelvin: Annotated[int, Field(ge=100, le=1_000_000, description="of box and food")] = 12_000
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 5

    @model_validator(mode="after")
    def _fits(self) -> "OvenProperties":
        check_mass(_mass(self))
        return self


class Oven(Thermostat[OvenProperties]):
    """Its heat decides when it draws power."""

    kind = "oven"
    summary = "an oven with thermostat and timers"
    properties = OvenProperties

    def mass(self, properties: OvenProperties) -> Mass:
        """Box and food in a kitchen."""
        return _mass(properties)

    def band(self, properties: OvenProperties) -> tuple[int, int]:
        """Around the set point."""
        middle, width = milli(properties.setpoint_celsius), milli(properties.deadband_kelvin)
        return middle - width // 2, middle - width // 2 + width

    def electric(self, properties: OvenProperties) -> tuple[int, int]:
        """The heating element."""
        return properties.power_watts, properties.shedding_priority

    def initial_millicelsius(self, properties: OvenProperties) -> int:
        """As cold as the kitchen."""
        return milli(properties.ambient_celsius)

    def timers(self, properties: OvenProperties) -> tuple[str, ...]:
        """When somebody bakes."""
        return properties.timers


def _mass(properties: OvenProperties) -> Mass:
    return Mass(
        properties.heat_capacity_joules_per_kelvin,
        milli(properties.loss_watts_per_kelvin),
        milli(properties.ambient_celsius),
        properties.power_watts * 1_000,
    )
