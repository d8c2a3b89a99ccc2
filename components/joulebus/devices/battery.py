"""A battery: joules that wait. The core runs its recurrence tick by tick, because what it can give depends on what it gave."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs
from joulebus.devices._quantities import Efficiency, Percent
from joulebus.devices._store import STORE_READINGS, StoreProperties, StoreState, new_store, passed_store, store_readings, store_terms
from joulebus_schemas.base import StoragePriority
from joulebus_schemas.offers import Outcome, Storage

StorageWatts = Annotated[int, Field(ge=0, le=1_000_000)]


class BatteryProperties(StoreProperties):
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
    coupling: Annotated[
        Literal["dc", "ac"], Field(description="dc: behind the inverter; ac: a converter of its own, which charges from surplus alone")
    ] = "dc"

    @model_validator(mode="after")
    def _ordered(self) -> "BatteryProperties":
        if self.minimum_percent > self.maximum_percent:
            raise ValueError(
                f"minimum_percent must not be above maximum_percent; they were {self.minimum_percent:g} and {self.maximum_percent:g}"
            )
        return self


class BatteryState(StoreState):
    """What is inside, and what passed through it since it was new."""


class Battery(Device[BatteryProperties, BatteryState]):
    """Its properties are the numbers of a store; the inverter's policy says when it is used."""

    kind = "battery"
    summary = "a battery with limits of charge and power, losses and standby"
    category = "battery"
    icon = "battery-high"
    properties = BatteryProperties
    state = BatteryState
    reading_names = {
        **STORE_READINGS,
        "charged_joules": "put in since it was new",
        "discharged_joules": "taken out since it was new",
        "heat_joules": "lost since it was new",
    }

    def begin(self, context: DeviceContext, properties: BatteryProperties) -> BatteryState:
        """As full as its properties say."""
        return BatteryState(**new_store(properties, properties.initial_percent))

    def offer(self, inputs: Inputs[BatteryProperties], state: BatteryState) -> Storage:
        """What is inside, and what may go in and out."""
        properties = inputs.properties
        return Storage(
            **store_terms(properties, state),
            least_joules=properties.share_joules(properties.minimum_percent),
            most_joules=properties.share_joules(properties.maximum_percent),
            sleeps_at_least=properties.sleeps_at_minimum,
            priority=properties.priority,
            side=properties.coupling,
        )

    def advance(self, inputs: Inputs[BatteryProperties], state: BatteryState, outcome: Outcome) -> BatteryState:
        """As the core has left it."""
        return BatteryState(**passed_store(state, outcome))

    def changed(self, context: DeviceContext, before: BatteryProperties, after: BatteryProperties, state: BatteryState) -> BatteryState:
        """It keeps its joules, also when it became smaller than its content: then it is over-full until it has given them away.

        To let them vanish would break the books, and to refuse would stop the clock for a change that is already promised.
        """
        return state

    def readings(self, context: DeviceContext, properties: BatteryProperties, state: BatteryState, outcome: Outcome) -> dict[str, int]:
        """How full it is, and what passed through it."""
        return store_readings(properties, state)
