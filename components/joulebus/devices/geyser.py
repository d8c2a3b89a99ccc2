"""A geyser: a tank of hot water that a thermostat keeps warm, by electricity or by gas, and from which people draw."""

from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import DeviceContext, Properties
from joulebus.devices._thermostat import Celsius, EfficiencyPercent, Thermostat, WattsPerKelvin, milli, taken_watts
from joulebus.physics.schedule import DailyTime, DailyWindows, starts
from joulebus.physics.steps import Interval, Step, sum_steps
from joulebus.physics.thermal import WATER_JOULES_PER_KG_KELVIN, Mass, check_mass
from joulebus_schemas.base import Name, SheddingPriority
from joulebus_schemas.facts import HOUR_SECONDS

DRAW_SECONDS_MAX = 6 * HOUR_SECONDS


class Draw(Properties):
    """Hot water that somebody takes every day; as much cold water follows and mixes with the rest."""

    at: DailyTime
    litres: Annotated[float, Field(gt=0, le=1_000, description="of hot water")]
    litres_per_minute: Annotated[float, Field(ge=0.1, le=60, description="how fast they flow")] = 8.0

    @property
    def seconds(self) -> int:
        """How long the tap runs, in whole seconds."""
        return max(round(self.litres * 60 / self.litres_per_minute), 1)

    @property
    def millilitres_an_hour(self) -> int:
        """Such that the litres are right over the whole seconds."""
        return milli(self.litres) * HOUR_SECONDS // self.seconds

    @model_validator(mode="after")
    def _ends(self) -> "Draw":
        if self.seconds > DRAW_SECONDS_MAX:
            hours = DRAW_SECONDS_MAX // HOUR_SECONDS
            raise ValueError(f"a draw must end within {hours} hours; {self.litres} L at {self.litres_per_minute} L/min take longer")
        return self


class GeyserProperties(Properties):
    """What people set of a geyser."""

    litres: Annotated[int, Field(ge=1, le=5_000, description="of water in the tank")] = 150
    power_watts: Annotated[int, Field(ge=1, le=50_000, description="that its heating element or its burner gives to the water")] = 3_000
    setpoint_celsius: Annotated[Celsius, Field(ge=10, le=95, description="at which the element goes off")] = 60.0
    deadband_kelvin: Annotated[float, Field(gt=0, le=40, description="so far below the set point it goes on again")] = 5.0
    timers: Annotated[DailyWindows, Field(description="when it may heat")] = ("00:00-24:00",)
    draws: Annotated[tuple[Draw, ...], Field(strict=False, max_length=64, description="hot water that people take every day")] = (
        Draw(at="06:45", litres=40),
        Draw(at="20:00", litres=30),
    )
    inlet_celsius: Annotated[Celsius, Field(ge=0, le=40, description="of the cold water")] = 15.0
    ambient_celsius: Annotated[Celsius, Field(ge=-30, le=60, description="around the tank")] = 20.0
    loss_watts_per_kelvin: Annotated[WattsPerKelvin, Field(description="through its insulation")] = 1.5
    initial_celsius: Annotated[Celsius, Field(ge=0, le=95, description="when the home begins")] = 55.0
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 2
    supply: Annotated[Name | None, Field(description="device of kind gas whose gas heats it; none: electricity does")] = None
    efficiency_percent: Annotated[EfficiencyPercent, Field(description="share of electricity or gas that heats the water")] = 100.0

    @model_validator(mode="after")
    def _fits(self) -> "GeyserProperties":
        check_mass(_mass(self))
        return self


class Geyser(Thermostat[GeyserProperties]):
    """Its heat decides when it draws power."""

    kind = "geyser"
    summary = "a water heater, electric or on gas, with thermostat, timers and hot-water draws"
    label = "Geyser (hot water)"
    icon = "water-boiler"
    properties = GeyserProperties

    def mass(self, properties: GeyserProperties) -> Mass:
        """The water in its tank, fully mixed."""
        return _mass(properties)

    def band(self, properties: GeyserProperties) -> tuple[int, int]:
        """Below the set point."""
        high = milli(properties.setpoint_celsius)
        return high - milli(properties.deadband_kelvin), high

    def burner(self, properties: GeyserProperties) -> tuple[int, int]:
        """The heating element, or the burner, which takes more than the water gets."""
        return taken_watts(properties.power_watts, properties.efficiency_percent), properties.shedding_priority

    def fuel(self, properties: GeyserProperties) -> str | None:
        """The gas that heats it, if it is no electric one."""
        return properties.supply

    def initial_millicelsius(self, properties: GeyserProperties) -> int:
        """As its properties say."""
        return milli(properties.initial_celsius)

    def timers(self, properties: GeyserProperties) -> tuple[str, ...]:
        """When it may heat."""
        return properties.timers

    def draws(self, context: DeviceContext, properties: GeyserProperties, within: Interval) -> list[Step]:
        """All that people draw at the same time, together."""
        begins, ends = within
        steps: list[Step] = []
        for draw in properties.draws:
            opened = starts((draw.at,), context.place.timezone, begins - draw.seconds, ends)
            steps += [(moment, moment + draw.seconds, draw.millilitres_an_hour) for moment in opened]
        return sum_steps(steps, begins, ends)


def _mass(properties: GeyserProperties) -> Mass:
    return Mass(
        properties.litres * WATER_JOULES_PER_KG_KELVIN,
        milli(properties.loss_watts_per_kelvin),
        milli(properties.ambient_celsius),
        properties.power_watts * 1_000,
        milli(properties.inlet_celsius),
    )
