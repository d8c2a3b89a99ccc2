"""A fridge: a cold box that warms in its kitchen and pumps the heat out again."""

from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import Properties
from joulebus.devices._thermostat import Celsius, Thermostat, WattsPerKelvin, milli
from joulebus.physics.thermal import Mass, check_mass
from joulebus_schemas.base import SheddingPriority


class FridgeProperties(Properties):
    """What people set of a fridge."""

    power_watts: Annotated[int, Field(ge=1, le=5_000, description="of its compressor")] = 120
    setpoint_celsius: Annotated[Celsius, Field(ge=-40, le=20, description="middle of the band in which it is kept")] = 4.0
    deadband_kelvin: Annotated[float, Field(gt=0, le=10, description="width of the band")] = 2.0
    ambient_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="of the kitchen")] = 22.0
    loss_watts_per_kelvin: Annotated[WattsPerKelvin, Field(description="through walls and door")] = 1.6
    heat_capacity_joules_per_kelvin: Annotated[int, Field(ge=100, le=10_000_000, description="of box and food")] = 30_000
    cop_percent: Annotated[int, Field(ge=10, le=1_000, description="heat pumped out per electricity, 180 is a COP of 1.8")] = 180
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 8

    @model_validator(mode="after")
    def _fits(self) -> "FridgeProperties":
        check_mass(_mass(self))
        return self


class Fridge(Thermostat[FridgeProperties]):
    """Its heat decides when it draws power."""

    kind = "fridge"
    summary = "a fridge or freezer with thermostat"
    properties = FridgeProperties
    cools = True

    def mass(self, properties: FridgeProperties) -> Mass:
        """Box and food in a kitchen."""
        return _mass(properties)

    def band(self, properties: FridgeProperties) -> tuple[int, int]:
        """Around the set point."""
        middle, width = milli(properties.setpoint_celsius), milli(properties.deadband_kelvin)
        return middle - width // 2, middle - width // 2 + width

    def electric(self, properties: FridgeProperties) -> tuple[int, int]:
        """The compressor."""
        return properties.power_watts, properties.shedding_priority

    def initial_millicelsius(self, properties: FridgeProperties) -> int:
        """At its set point."""
        return milli(properties.setpoint_celsius)


def _mass(properties: FridgeProperties) -> Mass:
    pumped_milliwatts = properties.power_watts * properties.cop_percent * 10
    return Mass(
        properties.heat_capacity_joules_per_kelvin,
        milli(properties.loss_watts_per_kelvin),
        milli(properties.ambient_celsius),
        -pumped_milliwatts,
    )
