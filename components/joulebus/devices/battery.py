"""A battery: joules that wait. The core runs its recurrence tick by tick, because what it can give depends on what it gave."""

from typing import Annotated

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.devices._quantities import Efficiency, Percent
from joulebus_schemas.base import INTEGER_MAX, Natural, StoragePriority
from joulebus_schemas.facts import JOULES_PER_KWH, MICROJOULES_PER_JOULE, PPM_PER_PERCENT
from joulebus_schemas.offers import Outcome, Storage

StorageWatts = Annotated[int, Field(ge=0, le=1_000_000)]


class BatteryProperties(Properties):
    """What people set of a battery."""

    capacity_kwh: Annotated[float, Field(gt=0, le=2_500, description="from empty to full")] = 10.0
    minimum_percent: Annotated[Percent, Field(description="of the capacity; it is never discharged below")] = 5.0
    maximum_percent: Annotated[Percent, Field(description="of the capacity; it is never charged above")] = 100.0
    initial_percent: Annotated[Percent, Field(description="of the capacity, when it is new")] = 50.0
    charge_watts_max: Annotated[StorageWatts, Field(description="at its terminals")] = 5_000
    discharge_watts_max: Annotated[StorageWatts, Field(description="at its terminals")] = 5_000
    charge_efficiency_percent: Annotated[Efficiency, Field(description="share of the charge that arrives inside")] = 97.0
    discharge_efficiency_percent: Annotated[Efficiency, Field(description="share of the content that comes out")] = 97.0
    standby_watts: Annotated[float, Field(ge=0, le=1_000, description="that its electronics take from it, always")] = 5.0
    sleeps_at_minimum: Annotated[bool, Field(description="whether its electronics go off when it is down at its minimum")] = False
    priority: Annotated[StoragePriority, Field(description="of several batteries the highest is used first")] = 5

    @model_validator(mode="after")
    def _ordered(self) -> "BatteryProperties":
        if self.minimum_percent > self.maximum_percent:
            raise ValueError(
                f"minimum_percent must not be above maximum_percent; they were {self.minimum_percent:g} and {self.maximum_percent:g}"
            )
        return self

    @property
    def capacity_joules(self) -> int:
        """The capacity in the unit of the ledger."""
        return max(round(self.capacity_kwh * JOULES_PER_KWH), 1)


class BatteryState(State):
    """What is inside, and what passed through it since it was new."""

    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="what is inside")] = 0
    standby_carry_microjoules: Annotated[Natural, Field(description="standby loss that is not yet a whole joule")] = 0
    charged_joules: Annotated[Natural, Field(description="put in since it was new")] = 0
    discharged_joules: Annotated[Natural, Field(description="taken out since it was new")] = 0
    heat_joules: Annotated[Natural, Field(description="lost since it was new")] = 0


class Battery(Device[BatteryProperties, BatteryState]):
    """Its properties are the numbers of a store; the inverter's policy says when it is used."""

    kind = "battery"
    summary = "a battery with limits of charge and power, losses and standby"
    properties = BatteryProperties
    state = BatteryState
    reading_names = {
        "state_of_charge_ppm": "how full it is; 1,000,000 is full",
        "level_joules": "what is inside",
        "charged_joules": "put in since it was new",
        "discharged_joules": "taken out since it was new",
        "heat_joules": "lost since it was new",
    }

    def begin(self, context: DeviceContext, properties: BatteryProperties) -> BatteryState:
        """As full as its properties say."""
        return BatteryState(level_microjoules=_share(properties, properties.initial_percent) * MICROJOULES_PER_JOULE)

    def offer(self, inputs: Inputs[BatteryProperties], state: BatteryState) -> Storage:
        """What is inside, and what may go in and out."""
        properties = inputs.properties
        return Storage(
            level_microjoules=state.level_microjoules,
            least_joules=_share(properties, properties.minimum_percent),
            most_joules=_share(properties, properties.maximum_percent),
            capacity_joules=properties.capacity_joules,
            charge_watts_max=properties.charge_watts_max,
            discharge_watts_max=properties.discharge_watts_max,
            charge_efficiency_ppm=round(properties.charge_efficiency_percent * PPM_PER_PERCENT),
            discharge_efficiency_ppm=round(properties.discharge_efficiency_percent * PPM_PER_PERCENT),
            standby_milliwatts=round(properties.standby_watts * 1_000),
            standby_carry_microjoules=state.standby_carry_microjoules,
            sleeps_at_least=properties.sleeps_at_minimum,
            priority=properties.priority,
        )

    def advance(self, inputs: Inputs[BatteryProperties], state: BatteryState, outcome: Outcome) -> BatteryState:
        """As the core has left it."""
        return BatteryState(
            level_microjoules=outcome.level_microjoules,
            standby_carry_microjoules=outcome.standby_carry_microjoules,
            charged_joules=state.charged_joules + outcome.joules_in,
            discharged_joules=state.discharged_joules + outcome.joules_out,
            heat_joules=state.heat_joules + outcome.heat_joules,
        )

    def changed(self, context: DeviceContext, before: BatteryProperties, after: BatteryProperties, state: BatteryState) -> BatteryState:
        """It keeps its joules, also when it became smaller than its content: then it is over-full until it has given them away.

        To let them vanish would break the books, and to refuse would stop the clock for a change that is already promised.
        """
        return state

    def readings(self, context: DeviceContext, properties: BatteryProperties, state: BatteryState, outcome: Outcome) -> dict[str, int]:
        """How full it is, and what passed through it."""
        return {
            "state_of_charge_ppm": state.level_microjoules // properties.capacity_joules,
            "level_joules": state.level_microjoules // MICROJOULES_PER_JOULE,
            "charged_joules": state.charged_joules,
            "discharged_joules": state.discharged_joules,
            "heat_joules": state.heat_joules,
        }


def _share(properties: BatteryProperties, percent: float) -> int:
    """Whole joules of a share of the capacity, downwards."""
    return properties.capacity_joules * round(percent * PPM_PER_PERCENT) // 1_000_000
