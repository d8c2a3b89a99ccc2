"""A boiler: it burns gas to keep a house warm, whose walls lose heat to the air outside.

The house is one thermal mass (a 1R1C model: ISO 52016 names it a single zone with one node); people, appliances and
windows warm it by a constant power.
"""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import Inputs, Properties
from joulebus.devices._thermostat import Celsius, EfficiencyPercent, Thermostat, WattsPerKelvin, milli, taken_watts
from joulebus.physics import thermal
from joulebus.physics.knots import GRID_SECONDS, column, lead_and_count
from joulebus.physics.schedule import DailyWindows, intervals
from joulebus.physics.thermal import Mass, check_mass
from joulebus_schemas.base import Name, SheddingPriority
from joulebus_schemas.facts import ZERO_CELSIUS_MK
from joulebus_schemas.offers import ThermalRun


class BoilerProperties(Properties):
    """What people set of a boiler and of the house that it heats."""

    supply: Annotated[Name, Field(description="device of kind gas whose gas it burns")] = "gas"
    power_watts: Annotated[int, Field(ge=1, le=500_000, description="of heat that it gives to the house while it burns")] = 12_000
    efficiency_percent: Annotated[EfficiencyPercent, Field(description="share of the gas (gross) that heats the house")] = 92.0
    setpoint_celsius: Annotated[Celsius, Field(ge=5, le=35, description="of the rooms: there it goes off")] = 20.5
    deadband_kelvin: Annotated[float, Field(gt=0, le=10, description="so far below the set point it goes on again")] = 1.0
    timers: Annotated[DailyWindows, Field(description="when it keeps the house warm")] = ("06:00-22:30",)
    loss_watts_per_kelvin: Annotated[
        WattsPerKelvin, Field(description="through walls, windows and air: 100 is a new house, 350 an old one")
    ] = 200.0
    heat_capacity_joules_per_kelvin: Annotated[
        int, Field(ge=100_000, le=1_000_000_000, description="of air, furniture and the inner side of the walls")
    ] = 30_000_000
    gains_watts: Annotated[int, Field(ge=0, le=50_000, description="of heat from people, appliances and windows, on average")] = 500
    outside_celsius: Annotated[Celsius, Field(ge=-60, le=60, description="of the air outside, where it hears no weather")] = 8.0
    initial_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="of the rooms when the home begins")] = 20.0
    shedding_priority: Annotated[SheddingPriority, Field(description="who goes without when gas is short: 0 first, 9 last")] = 5

    @model_validator(mode="after")
    def _fits(self) -> "BoilerProperties":
        for celsius in (-60.0, 60.0):
            check_mass(_mass(self, milli(celsius)))
        return self


class Boiler(Thermostat[BoilerProperties]):
    """The heat of the house decides when it burns; it draws no power of the home."""

    kind = "boiler"
    summary = "a gas boiler with thermostat and timers, and the house that it heats"
    label = "Boiler (heating)"
    icon = "radiator"
    properties = BoilerProperties
    hears = ("weather",)

    def mass(self, properties: BoilerProperties) -> Mass:
        """The house, when the air outside is as its properties say."""
        return _mass(properties, milli(properties.outside_celsius))

    def band(self, properties: BoilerProperties) -> tuple[int, int]:
        """Below the set point."""
        high = milli(properties.setpoint_celsius)
        return high - milli(properties.deadband_kelvin), high

    def burner(self, properties: BoilerProperties) -> tuple[int, int]:
        """Gas, of which a part goes up the chimney."""
        return taken_watts(properties.power_watts, properties.efficiency_percent), properties.shedding_priority

    def fuel(self, properties: BoilerProperties) -> str | None:
        """The gas of its supply."""
        return properties.supply

    def initial_millicelsius(self, properties: BoilerProperties) -> int:
        """As its properties say."""
        return milli(properties.initial_celsius)

    def timers(self, properties: BoilerProperties) -> tuple[str, ...]:
        """When it keeps the house warm."""
        return properties.timers

    def surroundings(self, inputs: Inputs[BoilerProperties]) -> tuple[ThermalRun, ...]:
        """The house under the air that it hears of; between two knots of the weather it is that of the first."""
        context, properties, (begins, ends) = inputs.context, inputs.properties, inputs.span.moments
        weather = inputs.heard.get(context.heard("weather") or "")
        if weather is None:
            return super().surroundings(inputs)
        enabled = intervals(self.timers(properties), context.place.timezone, begins, ends)
        lead, _ = lead_and_count(inputs.span)
        found: list[ThermalRun] = []
        for number, kelvin in enumerate(column(weather, "air_temperature_mk")):
            first = begins - lead + number * GRID_SECONDS
            within = max(first, begins), min(first + GRID_SECONDS, ends)
            if within[0] < within[1]:
                found += thermal.runs(_mass(properties, kelvin - ZERO_CELSIUS_MK), enabled, [(*within, 0)], within)
        return tuple(found)


def _mass(properties: BoilerProperties, outside_millicelsius: int) -> Mass:
    loss = milli(properties.loss_watts_per_kelvin)
    house = Mass(properties.heat_capacity_joules_per_kelvin, loss, outside_millicelsius, properties.power_watts * 1_000)
    # Gains are as good as warmer air outside.
    return replace(house, ambient_millicelsius=outside_millicelsius + properties.gains_watts * 1_000_000 // loss)
