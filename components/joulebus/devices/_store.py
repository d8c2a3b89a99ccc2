"""What a battery and the battery of a car have in common: a capacity, what is inside, and what passed through it."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from joulebus.device import Properties, State
from joulebus_schemas.base import INTEGER_MAX, Natural
from joulebus_schemas.facts import JOULES_PER_KWH, MICROJOULES_PER_JOULE, PPM, PPM_PER_PERCENT
from joulebus_schemas.offers import Outcome

STORE_READINGS = {"state_of_charge_ppm": "how full it is; 1,000,000 is full", "level_joules": "what is inside"}


class StoreProperties(Properties):
    """What people set of a store: each kind has these with limits, help and defaults of its own."""

    if TYPE_CHECKING:
        capacity_kwh: float
        charge_watts_max: int
        discharge_watts_max: int
        charge_efficiency_percent: float
        discharge_efficiency_percent: float
        standby_watts: float

    @property
    def capacity_joules(self) -> int:
        """The capacity in the unit of the ledger."""
        return max(round(self.capacity_kwh * JOULES_PER_KWH), 1)

    def share_joules(self, percent: float) -> int:
        """Whole joules of a share of the capacity, downwards."""
        return self.capacity_joules * round(percent * PPM_PER_PERCENT) // PPM


class StoreState(State):
    """What is inside, and what passed through it since it was new."""

    level_microjoules: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="what is inside")] = 0
    standby_carry_microjoules: Annotated[Natural, Field(description="standby loss that is not yet a whole joule")] = 0
    charged_joules: Annotated[Natural, Field(description="put in since it was new")] = 0
    discharged_joules: Annotated[Natural, Field(description="taken out since it was new")] = 0
    heat_joules: Annotated[Natural, Field(description="lost since it was new")] = 0


def store_terms(properties: StoreProperties, state: StoreState) -> dict[str, Any]:
    """The terms of a store's offer: all but its side, its levels and what its kind alone has."""
    return {
        "level_microjoules": state.level_microjoules,
        "capacity_joules": properties.capacity_joules,
        "charge_watts_max": properties.charge_watts_max,
        "discharge_watts_max": properties.discharge_watts_max,
        "charge_efficiency_ppm": round(properties.charge_efficiency_percent * PPM_PER_PERCENT),
        "discharge_efficiency_ppm": round(properties.discharge_efficiency_percent * PPM_PER_PERCENT),
        "standby_milliwatts": round(properties.standby_watts * 1_000),
        "standby_carry_microjoules": state.standby_carry_microjoules,
    }


def new_store(properties: StoreProperties, percent: float) -> dict[str, int]:
    """The fields of a state as full as that."""
    return {"level_microjoules": properties.share_joules(percent) * MICROJOULES_PER_JOULE}


def passed_store(state: StoreState, outcome: Outcome) -> dict[str, int]:
    """The fields of the state as the core has left it."""
    return {
        "level_microjoules": outcome.level_microjoules,
        "standby_carry_microjoules": outcome.standby_carry_microjoules,
        "charged_joules": state.charged_joules + outcome.joules_in,
        "discharged_joules": state.discharged_joules + outcome.joules_out,
        "heat_joules": state.heat_joules + outcome.heat_joules,
    }


def store_readings(properties: StoreProperties, state: StoreState) -> dict[str, int]:
    """How full it is, and what passed through it."""
    return {
        "state_of_charge_ppm": state.level_microjoules // properties.capacity_joules,
        "level_joules": state.level_microjoules // MICROJOULES_PER_JOULE,
        "charged_joules": state.charged_joules,
        "discharged_joules": state.discharged_joules,
        "heat_joules": state.heat_joules,
    }
