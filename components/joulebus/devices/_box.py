"""What an oven and a fridge have in common: a box in a kitchen, kept around a set point by a thermostat."""

from typing import Self, TypeVar

from pydantic import model_validator

from joulebus.device import Properties
from joulebus.devices._thermostat import Thermostat, milli
from joulebus.physics.thermal import Mass, check_mass
from joulebus_schemas.base import SheddingPriority


class BoxProperties(Properties):
    """What people set of both; each kind says its own limits and defaults."""

    power_watts: int
    setpoint_celsius: float
    deadband_kelvin: float
    ambient_celsius: float
    loss_watts_per_kelvin: float
    heat_capacity_joules_per_kelvin: int
    shedding_priority: SheddingPriority

    def heat_milliwatts(self) -> int:
        """What goes into the box while it is on; negative when it is pumped out."""
        return self.power_watts * 1_000

    def mass(self) -> Mass:
        """Box and food in a kitchen."""
        loss, ambient = milli(self.loss_watts_per_kelvin), milli(self.ambient_celsius)
        return Mass(self.heat_capacity_joules_per_kelvin, loss, ambient, self.heat_milliwatts())

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_mass(self.mass())
        return self


_B = TypeVar("_B", bound=BoxProperties)


class Box(Thermostat[_B]):
    """Its heat decides when it draws power."""

    def mass(self, properties: _B) -> Mass:
        """Box and food in a kitchen."""
        return properties.mass()

    def band(self, properties: _B) -> tuple[int, int]:
        """Around the set point."""
        middle, width = milli(properties.setpoint_celsius), milli(properties.deadband_kelvin)
        return middle - width // 2, middle - width // 2 + width

    def burner(self, properties: _B) -> tuple[int, int]:
        """The compressor or the heating element."""
        return properties.power_watts, properties.shedding_priority
