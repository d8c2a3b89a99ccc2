"""A program that charges cars: at once, for a trip, with surplus or in cheap hours, by the six rules of ``physics/charging.py``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Annotated, Any

from pydantic import Field, model_validator

from joulebus.device import DeviceContext, Properties
from joulebus.devices._day_ahead import PricesAhead
from joulebus.devices._quantities import Percent
from joulebus.devices.car import CarProperties, is_plugged_at
from joulebus.devices.charger import AMPS_MAX, AMPS_MIN, ChargerProperties
from joulebus.errors import PropertyError
from joulebus.physics.charging import READY_BEFORE_SECONDS, CarCharge, CarNow, HomeNow, OnePhase, TripNeed, charges
from joulebus.physics.schedule import DailyTimes, departures, starts
from joulebus.program import Program, ProgramDecision, ProgramInputs, ProgramState
from joulebus.series.calendar import CalendarFile, calendar_trips
from joulebus_schemas.base import Integer, Name, Natural
from joulebus_schemas.facts import CURTAILED, DAY_SECONDS, JOULES_PER_WH, QUARTER_SECONDS, WATTS_PER_KW
from joulebus_schemas.roster import Member, of_kind

KNOWN_SECONDS = 3 * DAY_SECONDS
"""Trips that begin later are none of today's business."""
UNKNOWN_SECONDS = 8 * DAY_SECONDS
"""So far ahead names of cars in the calendar are looked at."""
HELD_SECONDS = 2 * QUARTER_SECONDS
"""So long a charger that was switched to one phase stays there, unless its car must have full power."""
ALL_PHASES = 3
CARS_TOLD_MAX = 64
Sentences = Annotated[tuple[Annotated[str, Field(max_length=512)], ...], Field(strict=False, max_length=CARS_TOLD_MAX)]


class CarProgramProperties(Properties):
    """What people set of the program, also while cars charge."""

    target_percent: Annotated[
        Percent, Field(description="of each battery, to which cars are charged; for a trip to more, if it needs that")
    ] = 80.0
    minimum_percent: Annotated[Percent, Field(description="of each battery: below it a car is charged at once, whatever it costs")] = 20.0
    ready_by: Annotated[DailyTimes, Field(description='when each car must have its target, such as "Mon-Fri 07:00"')] = ()
    peak_watts_max: Annotated[
        int | None,
        Field(
            ge=0, le=1_000_000, description="from the grid, in the mean of a quarter-hour: cars that can wait take what is left below it"
        ),
    ] = None
    amps_max: Annotated[int, Field(ge=AMPS_MIN, le=AMPS_MAX, description="on each phase of a charger at most")] = 16
    follows_trips: Annotated[bool, Field(description="false: it does not know the trips that the cars' own properties name")] = True
    calendar_file: Annotated[
        str, Field(max_length=4096, description='iCalendar (.ics) with trips: "@car_x@ 80%" or "@car_x@ 120km" in the title of an event')
    ] = ""
    all_day_hour: Annotated[int, Field(ge=0, le=23, description="of the day, when an event departs that lasts all day")] = 0

    @model_validator(mode="after")
    def _minimum_below_target(self) -> "CarProgramProperties":
        if self.minimum_percent > self.target_percent:
            raise ValueError(f"minimum_percent must not be above target_percent, {self.target_percent:g}; it was {self.minimum_percent:g}")
        return self


class CarProgramState(ProgramState):
    """What it has seen of the home at its last decision, and why it decided so."""

    seen_until: Annotated[Natural, Field(description="unix seconds of the end of what it has seen; 0: of nothing yet")] = 0
    grid_joules: Annotated[Integer, Field(description="taken from the grid less what was given to it, since the home began")] = 0
    curtailed_joules: Annotated[Integer, Field(description="that nobody took, since the home began")] = 0
    store_joules: Annotated[dict[Name, Natural], Field(max_length=1_000, description="in each battery and car")] = Field(
        default_factory=dict
    )
    on_one_phase_since: Annotated[
        dict[Name, Natural], Field(max_length=1_000, description="unix seconds, by charger that it has switched to one phase")
    ] = Field(default_factory=dict)
    reasons: Annotated[Sentences, Field(description="what it decided of each car and why, in the order in which they are served")] = ()
    warnings: Annotated[Sentences, Field(description="what is wrong with the calendar")] = ()


class CarProgram(Program[CarProgramProperties, CarProgramState]):
    """It sets chargers, and where charging of a car ends; who gets how much in a tick stays their own business."""

    kind = "car_program"
    summary = "charges cars: for trips of a calendar, with surplus, in cheap hours, below a limit for peaks"
    icon = "car-clock"
    is_only_one = True
    properties = CarProgramProperties
    state = CarProgramState
    steers = {"charger": frozenset({"pause", "amps", "phase_count", "surplus_only"}), "car": frozenset({"target_percent"})}
    safe = {"charger": {"pause": False, "amps": AMPS_MIN, "surplus_only": False}, "car": {"target_percent": 80.0}}

    def begin(self, context: DeviceContext, properties: CarProgramProperties) -> CarProgramState:
        """Nothing seen yet; a calendar that cannot be used is refused here."""
        if properties.calendar_file:
            start = context.start_unix_seconds
            calendar_trips(_calendar(context, properties), start, start + UNKNOWN_SECONDS)
        return CarProgramState()

    def decide(self, inputs: ProgramInputs[CarProgramProperties], state: CarProgramState) -> ProgramDecision[CarProgramState]:
        """Who is charged in the next quarter-hour, and with how much."""
        at_chargers = list(_at_chargers(inputs))
        trips, warnings = _calendar_needs(inputs)
        prices = PricesAhead.of(inputs, KNOWN_SECONDS)
        since = state.on_one_phase_since
        cars = {one.name: _car_now(inputs, (one, since.get(one.charger)), trips.get(one.name, []), prices) for one in at_chargers}
        home = _home_now(inputs, state, at_chargers, prices)
        found = charges(list(cars.values()), home)
        by_name = {one.name: one for one in at_chargers}
        sentences = [_sentence(by_name[charge.car], cars[charge.car], charge) for charge in found]
        looked = f"the sun leaves {_kw(home.surplus_watts)}, there is room for {_kw(home.room_watts)}, {prices.said}"
        seen = _seen(inputs)
        seen["on_one_phase_since"] = {}
        seen["reasons"] = tuple(f"{one} ({looked})"[:512] for one in sentences[:CARS_TOLD_MAX])
        seen["warnings"] = tuple(warnings[:CARS_TOLD_MAX])
        seen["decision"] = f"{'; '.join(sentences)} ({looked})"[:512] if sentences else "nothing: no car hears a charger"
        settings: dict[str, Mapping[str, Any]] = {}
        for charge in found:
            one = by_name[charge.car]
            settings[one.charger] = _settings(inputs.properties, one, charge)
            if charge.on_one_phase:
                seen["on_one_phase_since"][one.charger] = since.get(one.charger, inputs.period.unix_seconds)
            settings[one.name] = {"target_percent": _target(inputs.properties, one, cars[charge.car])}
        return ProgramDecision(CarProgramState(**seen), settings)


@dataclass(frozen=True)
class _AtCharger:
    """A car with the charger that serves it, as they are set."""

    name: str
    charger: str
    car: CarProperties
    box: ChargerProperties
    is_plugged: bool

    @property
    def volts(self) -> int:
        """The sum over all phases that both have."""
        return self.box.volts * min(ALL_PHASES if self.box.switches_phases else self.box.phase_count, self.car.phase_count)

    @property
    def can_switch(self) -> bool:
        """Whether one phase and three make a difference to the car."""
        return self.box.switches_phases and self.car.phase_count > 1

    @property
    def efficiency(self) -> float:
        """Share of the AC energy that arrives inside."""
        return self.car.charge_efficiency_percent * self.box.efficiency_percent / 10_000


def _at_chargers(inputs: ProgramInputs[CarProgramProperties]) -> Iterator[_AtCharger]:
    """One car for each charger: of several that are plugged in the first by name, as the core serves them."""
    roster, moment, zone = inputs.roster, inputs.period.unix_seconds, inputs.context.place.timezone
    of_charger: dict[str, list[_AtCharger]] = {}
    for name in sorted(of_kind(roster, "car")):
        charger = next((one for one in roster[name].hears if one in roster and roster[one].kind == "charger"), None)
        if charger is None or not (roster[name].on and roster[charger].on):
            continue
        car, box = _car(_text(roster[name])), _charger(_text(roster[charger]))
        of_charger.setdefault(charger, []).append(_AtCharger(name, charger, car, box, is_plugged_at(car, zone, moment)))
    for cars in of_charger.values():
        yield next((one for one in cars if one.is_plugged), cars[0])


@dataclass(frozen=True, slots=True)
class _Need:
    """A trip, and how much must be inside when it begins."""

    departs: int
    inside_joules: float


def _calendar(context: DeviceContext, properties: CarProgramProperties) -> CalendarFile:
    return CalendarFile(properties.calendar_file, context.place.timezone, properties.all_day_hour)


def _calendar_needs(inputs: ProgramInputs[CarProgramProperties]) -> tuple[dict[str, list[_Need]], list[str]]:
    """What trips of the calendar need by car, and what is wrong with it."""
    said, now = inputs.properties, inputs.period.unix_seconds
    if not said.calendar_file:
        return {}, []
    try:
        trips = calendar_trips(_calendar(inputs.context, said), now, now + UNKNOWN_SECONDS)
    except PropertyError:  # It was readable when it was set; what is wrong with it, whoever set it can find out by setting it again.
        return {}, ["the calendar cannot be read any more, so its trips are not known; mend the file, or set calendar_file again"]
    needs: dict[str, list[_Need]] = {}
    unknown: dict[str, None] = {}
    for trip in trips:
        member = inputs.roster.get(trip.car)
        if member is None or member.kind != "car":
            unknown[trip.car] = None
            continue
        car = _car(_text(member))
        percent = said.target_percent if trip.percent is None and trip.km is None else trip.percent or 0.0
        inside = max(float(car.share_joules(percent)), 0.0 if trip.km is None else _for_km(car, trip.km))
        needs.setdefault(trip.car, []).append(_Need(trip.departs, inside))
    return needs, [f'the calendar names "@{name}@", but the home has no car of that name; rename the event or the car' for name in unknown]


def _for_km(car: CarProperties, km: float) -> float:
    """What must be inside to drive so far and to arrive with the least that the car keeps."""
    return car.share_joules(car.minimum_percent) + km * car.consumption_wh_per_km * JOULES_PER_WH


def _needs(inputs: ProgramInputs[CarProgramProperties], one: _AtCharger, of_calendar: list[_Need]) -> list[_Need]:
    """What all known trips of a car need, in the order in which they begin."""
    said, zone, begins = inputs.properties, inputs.context.place.timezone, inputs.period.unix_seconds
    ends = begins + KNOWN_SECONDS
    found = [_Need(moment, one.car.share_joules(said.target_percent)) for moment in starts(said.ready_by, zone, begins, ends)]
    for trip in one.car.trips if said.follows_trips else ():
        found += [_Need(moment, _for_km(one.car, trip.km)) for moment in departures(trip.departs, zone, begins, ends)]
    found += [need for need in of_calendar if need.departs < ends]
    return sorted(found, key=lambda need: (need.departs, need.inside_joules))


def _car_now(
    inputs: ProgramInputs[CarProgramProperties], at: tuple[_AtCharger, int | None], of_calendar: list[_Need], prices: PricesAhead
) -> CarNow:
    """A car at its charger, and since when that is on one phase."""
    (one, since), said, now = at, inputs.properties, inputs.period.unix_seconds
    level, least = inputs.levels.get(one.name, 0), AMPS_MIN * one.volts
    most = max(least, min(said.amps_max * one.volts, one.car.charge_watts_max))

    def joules(need: _Need) -> float:
        return max(0.0, min(need.inside_joules, one.car.capacity_joules) - level) / one.efficiency

    needs = [need for need in _needs(inputs, one, of_calendar) if joules(need) > JOULES_PER_WH]
    first = min(needs, key=lambda need: need.departs - joules(need) / most, default=None)
    trip = None
    if first is not None:
        trip = TripNeed(first.departs, joules(first), prices.cheap_seconds(first.departs - READY_BEFORE_SECONDS - now))
    return CarNow(
        name=one.name,
        is_plugged=one.is_plugged,
        percent=100 * level / one.car.capacity_joules,
        target_percent=said.target_percent,
        watts_min=least,
        watts_max=most,
        trip=trip,
        minimum_percent=said.minimum_percent,
        one_phase=_one_phase(said, one, since is not None and now - since < HELD_SECONDS) if one.can_switch else None,
    )


def _one_phase(said: CarProgramProperties, one: _AtCharger, is_held: bool) -> OnePhase:
    least, volts = AMPS_MIN * one.box.volts, one.box.volts
    most = max(least, min(said.amps_max * volts, one.car.charge_watts_max))
    return OnePhase(least, most, one.box.phase_count == 1, is_held)


def _home_now(
    inputs: ProgramInputs[CarProgramProperties], state: CarProgramState, at_chargers: list[_AtCharger], prices: PricesAhead
) -> HomeNow:
    """The home in the quarter-hour that ends, without what charged cars and what came out of batteries."""
    now, seen, seconds = inputs.period.unix_seconds, _seen(inputs), inputs.period.seconds
    taken = spilled = 0.0
    if state.seen_until == now - seconds:  # Else it was off, or is new: nothing is known of the last quarter-hour.
        before, after = state.store_joules, seen["store_joules"]
        taken = float(seen["grid_joules"] - state.grid_joules)
        spilled = float(seen["curtailed_joules"] - state.curtailed_joules)
        taken -= sum(max(0, after.get(one.name, 0) - before.get(one.name, 0)) / one.efficiency for one in at_chargers)
        taken += sum(max(0, before.get(name, 0) - after.get(name, 0)) for name in of_kind(inputs.roster, "battery"))
    watts, cap = taken / seconds, inputs.properties.peak_watts_max
    limit = prices.limit_watts if cap is None else min(cap, prices.limit_watts)
    return HomeNow(
        unix_seconds=now,
        is_cheap=any(prices.cheap[:1]),
        surplus_watts=max(0, round(spilled / seconds - watts)),
        room_watts=round(limit - watts),
    )


def _seen(inputs: ProgramInputs[Any]) -> dict[str, Any]:
    """What the next decision compares with."""
    stores = [*of_kind(inputs.roster, "battery"), *of_kind(inputs.roster, "car")]
    return {
        "seen_until": inputs.period.unix_seconds,
        "grid_joules": -sum(inputs.balances.get(name, 0) for name in of_kind(inputs.roster, "grid")),
        "curtailed_joules": inputs.balances.get(CURTAILED, 0),
        "store_joules": {name: inputs.levels.get(name, 0) for name in sorted(stores)},
    }


def _settings(said: CarProgramProperties, one: _AtCharger, charge: CarCharge) -> dict[str, Any]:
    if charge.way == "pause":
        return {"pause": True}
    volts = one.box.volts if charge.on_one_phase else one.volts
    exact = {"shared": charge.watts // volts, "full": ceil(charge.watts / volts), "surplus": said.amps_max}
    amps = max(AMPS_MIN, min(exact[charge.way], said.amps_max))
    phases = {"phase_count": 1 if charge.on_one_phase else ALL_PHASES} if one.can_switch else {}
    return {"pause": False, "amps": amps, **phases, "surplus_only": charge.way == "surplus"}


def _target(said: CarProgramProperties, one: _AtCharger, now: CarNow) -> float:
    """Where charging ends: the target, or what the trip needs, in tenths of a percent upwards."""
    if now.trip is None:
        return said.target_percent
    needed = now.percent + 100 * now.trip.joules * one.efficiency / one.car.capacity_joules
    return min(100.0, max(said.target_percent, ceil(round(needed * 10, 3)) / 10))


def _sentence(one: _AtCharger, now: CarNow, charge: CarCharge) -> str:
    of = f"because {charge.reason} (rule {charge.rule}, {now.percent:.0f} %)"
    if charge.way == "pause":
        return f"pause {one.name} at {one.charger}, {of}"
    how = "from the sun alone" if charge.way == "surplus" else f"with at most {_kw(charge.watts)}"
    return f"charge {one.name} at {one.charger} {how}, {of}"


@lru_cache(maxsize=256)
def _car(text: str) -> CarProperties:
    return CarProperties.model_validate_json(text)


@lru_cache(maxsize=256)
def _charger(text: str) -> ChargerProperties:
    return ChargerProperties.model_validate_json(text)


def _text(member: Member) -> str:
    return json.dumps(member.properties)


def _kw(watts: float) -> str:
    return f"{watts / WATTS_PER_KW:.2f} kW"
