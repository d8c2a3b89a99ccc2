"""A car: a battery that is sometimes at home, charged at the first charger that it hears; what it drives leaves the home's accounts."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties
from joulebus.devices._quantities import Efficiency, Percent, PhaseCount
from joulebus.devices._store import STORE_READINGS, StoreProperties, StoreState, new_store, passed_store, store_readings, store_terms
from joulebus.physics.power import joule_runs
from joulebus.physics.schedule import Departure, departures
from joulebus.physics.steps import Interval, integrate, sum_steps, without
from joulebus_schemas.base import Natural
from joulebus_schemas.facts import DAY_SECONDS, HOUR_SECONDS, JOULES_PER_WH
from joulebus_schemas.offers import Outcome, Storage
from joulebus_schemas.series import RunLengths

LOOK_AHEAD_SECONDS = 8 * DAY_SECONDS
"""So far a car says when it leaves next."""
CORNER_PERCENT = 0.01
"""Corners of a curve are so far apart at least, or two of them would be at one joule."""
CarWatts = Annotated[int, Field(ge=0, le=100_000)]
CurveCorner = Annotated[tuple[Percent, Percent], Field(strict=False)]
ChargeCurve = Annotated[tuple[CurveCorner, ...], Field(strict=False, max_length=32)]


class Trip(Properties):
    """A way that somebody drives; the car is away for so long, and its kilometres are spread over that time."""

    departs: Departure
    hours: Annotated[float, Field(ge=0.05, le=744, description="until it is plugged in again")]
    km: Annotated[float, Field(ge=0, le=5_000, description="that it drives meanwhile")]

    @property
    def seconds(self) -> int:
        """How long it is away."""
        return round(self.hours * HOUR_SECONDS)

    def milliwatts(self, consumption_wh_per_km: int) -> int:
        """Its mean power while it is away."""
        return round(self.km * 1_000) * consumption_wh_per_km * JOULES_PER_WH // self.seconds


Trips = Annotated[tuple[Trip, ...], Field(strict=False, max_length=64)]


class CarProperties(StoreProperties):
    """What people and programs set of a car, also while it charges."""

    capacity_kwh: Annotated[float, Field(ge=1, le=1_000, description="of its battery, from empty to full")] = 60.0
    initial_percent: Annotated[Percent, Field(description="of the capacity, when it is new")] = 60.0
    target_percent: Annotated[Percent, Field(description="of the capacity, where charging ends")] = 80.0
    minimum_percent: Annotated[Percent, Field(description="of the capacity, that the home leaves in it; driving may use it up")] = 20.0
    charge_watts_max: Annotated[CarWatts, Field(description="AC power that its own charger takes at most")] = 11_000
    charge_curve: Annotated[
        ChargeCurve, Field(description="[percent of the capacity, percent of charge_watts_max], linear between; none: always all of it")
    ] = ((90.0, 100.0), (100.0, 25.0))
    discharge_watts_max: Annotated[CarWatts, Field(description="AC power that it gives to the home; its charger has to allow it, too")] = 0
    phase_count: Annotated[PhaseCount, Field(description="of its own charger: 1 or 3")] = 3
    charge_efficiency_percent: Annotated[Efficiency, Field(description="share of the AC charge that arrives inside")] = 92.0
    discharge_efficiency_percent: Annotated[Efficiency, Field(description="share of the content that comes out as AC")] = 92.0
    standby_watts: Annotated[float, Field(ge=0, le=1_000, description="that its electronics take from it, always")] = 5.0
    consumption_wh_per_km: Annotated[int, Field(ge=1, le=5_000, description="out of its battery")] = 180
    trips: Annotated[Trips, Field(description="when it leaves, for how many hours and how many km; meanwhile it is unplugged")] = ()
    plugged_in: Annotated[bool, Field(description="false: not plugged in although it is at home")] = True

    @field_validator("charge_curve")
    @classmethod
    def _rising(cls, curve: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        for (before, _), (after, _) in pairwise(curve):
            if after < before + CORNER_PERCENT:
                raise ValueError(f"the corners of a charge curve must rise in percent of the capacity; {after:g} came after {before:g}")
        return curve


class CarState(StoreState):
    """What is inside, and what it took, gave and drove since it was new."""

    driven_joules: Annotated[Natural, Field(description="driven since it was new")] = 0
    driven_metres: Annotated[Natural, Field(description="since it was new")] = 0
    metre_carry: Annotated[Natural, Field(description="driven and not yet a metre, in thousandths of a joule times km")] = 0


class Car(Device[CarProperties, CarState]):
    """Its trips follow from the time alone; its level is run by the core, because what it takes depends on what it has."""

    kind = "car"
    summary = "an electric car: battery with charge curve, target, trips, vehicle to home"
    label = "Electric car"
    icon = "car-electric"
    properties = CarProperties
    state = CarState
    hears = ("charger",)
    reading_names = {
        **STORE_READINGS,
        "charged_joules": "taken from the home since it was new",
        "discharged_joules": "given to the home since it was new",
        "driven_joules": "driven since it was new",
        "driven_metres": "driven since it was new",
        "heat_joules": "lost since it was new, in its charger, too",
    }
    moment_names = {
        "plugged": "1 while it is plugged in",
        "next_departure_unix_seconds": "when it leaves next; 0: not within 8 days",
    }

    def begin(self, context: DeviceContext, properties: CarProperties) -> CarState:
        """As full as its properties say."""
        return CarState(**new_store(properties, properties.initial_percent))

    def offer(self, inputs: Inputs[CarProperties], state: CarState) -> Storage:
        """What is inside, when it is plugged in, and what it drives."""
        properties, span = inputs.properties, inputs.span
        target = properties.share_joules(properties.target_percent)
        return Storage(
            **store_terms(properties, state),
            side="ac",
            charger=inputs.context.heard("charger"),
            phase_count=properties.phase_count,
            least_joules=properties.share_joules(properties.minimum_percent),
            most_joules=target,
            plugged_seconds=RunLengths(run_lengths=tuple(integrate(_plugged(inputs), span))),
            driving=joule_runs(_driving(inputs), span),
            taper=tuple(
                (properties.share_joules(level), round(properties.charge_watts_max * percent / 100))
                for level, percent in properties.charge_curve
            ),
        )

    def advance(self, inputs: Inputs[CarProperties], state: CarState, outcome: Outcome) -> CarState:
        """As the core has left it."""
        metre_joules = inputs.properties.consumption_wh_per_km * JOULES_PER_WH
        metres, carry = divmod(outcome.driven_joules * 1_000 + state.metre_carry, metre_joules)
        return CarState(
            **passed_store(state, outcome),
            driven_joules=state.driven_joules + outcome.driven_joules,
            driven_metres=state.driven_metres + metres,
            metre_carry=carry,
        )

    def readings(self, context: DeviceContext, properties: CarProperties, state: CarState, outcome: Outcome) -> dict[str, int]:
        """How full it is, and what it took, gave and drove."""
        return {
            **store_readings(properties, state),
            "driven_joules": state.driven_joules,
            "driven_metres": state.driven_metres,
        }

    def moment(self, inputs: Inputs[CarProperties]) -> dict[str, int]:
        """Whether it is plugged in, and when it leaves next."""
        properties, zone, (begins, _) = inputs.properties, inputs.context.place.timezone, inputs.span.moments
        coming = [moment for trip in properties.trips for moment in departures(trip.departs, zone, begins, begins + LOOK_AHEAD_SECONDS)]
        plugged = any(first <= begins < last for first, last, _ in _plugged(inputs))
        return {"plugged": int(plugged), "next_departure_unix_seconds": min(coming, default=0)}


def _plugged(inputs: Inputs[CarProperties]) -> list[tuple[int, int, int]]:
    """When it is at a charger and plugged in."""
    if not inputs.properties.plugged_in or inputs.context.heard("charger") is None:
        return []
    away = [interval for trip in inputs.properties.trips for interval in _away(inputs, trip)]
    return [(begins, ends, 1) for begins, ends in without(*inputs.span.moments, away)]


def _driving(inputs: Inputs[CarProperties]) -> list[tuple[int, int, int]]:
    """Its power in milliwatts; of trips at the same time the sum."""
    consumption = inputs.properties.consumption_wh_per_km
    steps = [(begins, ends, trip.milliwatts(consumption)) for trip in inputs.properties.trips for begins, ends in _away(inputs, trip)]
    return sum_steps(steps, *inputs.span.moments)


def is_plugged_at(properties: CarProperties, timezone: str, moment: int) -> bool:
    """Whether a car is at home at a moment, and plugged in where it has a charger."""
    away = (trip for trip in properties.trips if departures(trip.departs, timezone, moment - trip.seconds + 1, moment + 1))
    return properties.plugged_in and not any(away)


def _away(inputs: Inputs[CarProperties], trip: Trip) -> list[Interval]:
    """When a trip keeps it away, as far as that touches the span."""
    begins, ends = inputs.span.moments
    left = departures(trip.departs, inputs.context.place.timezone, begins - trip.seconds, ends)
    return [(moment, moment + trip.seconds) for moment in left]
