"""The devices of a home that matter to whoever runs its battery, and what is to be expected of an hour of the day."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from joulebus.devices._day_ahead import grid_of
from joulebus.devices.battery import BatteryProperties
from joulebus.devices.car import CarProperties, is_plugged_at
from joulebus.devices.charger import ChargerProperties
from joulebus.devices.inverter import InverterProperties
from joulebus.physics.battery_plan import Converters
from joulebus.program import ProgramInputs
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.roster import Member, of_kind


@dataclass(frozen=True)
class BatteryHome:
    """The devices that matter."""

    inverter: str
    battery: str
    settings: InverterProperties
    store: BatteryProperties
    grid_text: str

    @classmethod
    def of(cls, roster: Mapping[str, Member]) -> "BatteryHome | None":
        """Those of a roster; of several batteries the first by name is looked at."""
        found = {kind: [name for name in of_kind(roster, kind) if roster[name].on] for kind in ("inverter", "battery", "grid")}
        if not all(found.values()):
            return None
        inverter, battery, grid = (found[kind][0] for kind in ("inverter", "battery", "grid"))
        settings = InverterProperties.model_validate_json(_text(roster[inverter]))
        store = BatteryProperties.model_validate_json(_text(roster[battery]))
        return cls(inverter, battery, settings, store, _text(roster[grid]))

    @property
    def charging(self) -> float:
        """What of a joule of the grid arrives in the battery."""
        return self.settings.charge_efficiency_percent * self.store.charge_efficiency_percent / 10_000

    @property
    def discharging(self) -> float:
        """What of a joule in the battery arrives in the home."""
        return self.settings.efficiency_percent * self.store.discharge_efficiency_percent / 10_000

    @property
    def coming_out(self) -> float:
        """What of a joule in the battery comes out of it, as direct current."""
        return self.store.discharge_efficiency_percent / 100

    @property
    def ac_watts_max(self) -> float:
        """What the battery gives to home and grid at most."""
        return min(self.settings.ac_watts_max, self.store.discharge_watts_max * self.settings.efficiency_percent / 100)

    @property
    def rectifier_watts_max(self) -> int:
        """The AC power that the inverter turns into charge at most."""
        return self.settings.rating_watts if self.settings.charge_watts_max is None else self.settings.charge_watts_max

    def least_joules(self, reserve_percent: float) -> float:
        """What the battery keeps."""
        return self.store.capacity_joules * max(reserve_percent, self.store.minimum_percent) / 100

    def percent(self, joules: float) -> float:
        """A content as a share of the capacity, in tenths of a percent."""
        return round(100 * joules / self.store.capacity_joules, 1)

    def level_after(self, level: int, watts: tuple[float, float], seconds: int) -> int:
        """Joules that the battery will hold after a while of such loads and such sun, with the inverter as it is set."""
        said, store, (loads, sun) = self.settings, self.store, watts
        most = max(level, store.capacity_joules * store.maximum_percent / 100)
        target = max(level, min(most, store.capacity_joules * said.charge_target_percent / 100))
        missing = loads - sun * said.efficiency_percent / 100
        if said.charge_from_grid == "always" and level < target:
            rectified = self.rectifier_watts_max * said.charge_efficiency_percent / 100
            return round(min(target, level + min(rectified, store.charge_watts_max) * seconds * store.charge_efficiency_percent / 100))
        if missing > 0 and said.discharge == "always":
            return round(max(min(level, self.least_joules(said.reserve_percent)), level - missing * seconds / self.discharging))
        if missing < 0 and said.charge_from_sun == "always":
            stored = -missing * 100 / said.efficiency_percent * store.charge_efficiency_percent / 100
            return round(min(most, level + stored * seconds))
        return level

    def converters(self, peak_watts_max: int | None, reserve_percent: float) -> Converters:
        """The same as the planner has them."""
        store, inverter, capacity = self.store, self.settings, float(self.store.capacity_joules)
        grid = grid_of(self.grid_text)
        limit = grid.import_limit_watts
        return Converters(
            least_joules=self.least_joules(reserve_percent),
            most_joules=capacity * store.maximum_percent / 100,
            charge_watts_max=store.charge_watts_max,
            discharge_watts_max=store.discharge_watts_max,
            charge_efficiency=store.charge_efficiency_percent / 100,
            discharge_efficiency=store.discharge_efficiency_percent / 100,
            inverter_watts_max=inverter.ac_watts_max,
            inverter_efficiency=inverter.efficiency_percent / 100,
            rectifier_watts_max=self.rectifier_watts_max,
            rectifier_efficiency=inverter.charge_efficiency_percent / 100,
            import_watts_max=limit if peak_watts_max is None else min(limit, peak_watts_max),
            export_watts_max=grid.export_limit_watts,
            sells=False,
        )


@dataclass(frozen=True)
class Expected:
    """What the hours of the day are expected to need and to get, in watts, as far as a program has learned it."""

    inputs: ProgramInputs[Any]
    loads_watts: Sequence[int]
    sun_watts: Sequence[int]

    def hour(self, step: int) -> int:
        """The hour of the day so many quarter-hours ahead."""
        return hour_of_day(self.inputs, self.inputs.period.unix_seconds + step * QUARTER_SECONDS)

    def behind_joules(self, begins: int, ends: int) -> int:
        """What the sun is behind the loads at most, between two quarter-hours ahead."""
        behind = most = 0
        for step in range(begins, ends):
            hour = self.hour(step)
            behind += (self.loads_watts[hour] - self.sun_watts[hour]) * QUARTER_SECONDS
            most = max(most, behind)
        return most


def hour_of_day(inputs: ProgramInputs[Any], moment: int) -> int:
    """The hour on the wall at a unix second."""
    return datetime.fromtimestamp(moment, ZoneInfo(inputs.context.place.timezone)).hour


def charged_joules(inputs: ProgramInputs[Any], before: Mapping[str, int]) -> float:
    """AC joules that cars took since they had so much inside, as far as they are still plugged in."""
    zone, moment = inputs.context.place.timezone, inputs.period.unix_seconds
    taken = 0.0
    for name, car, box in _at_chargers(inputs.roster):
        more = inputs.levels.get(name, 0) - before.get(name, inputs.levels.get(name, 0))
        if more > 0 and is_plugged_at(car, zone, moment):
            taken += more * 10_000 / (car.charge_efficiency_percent * box.efficiency_percent)
    return taken


def _at_chargers(roster: Mapping[str, Member]) -> Iterator[tuple[str, CarProperties, ChargerProperties]]:
    for name in of_kind(roster, "car"):
        charger = next((one for one in roster[name].hears if one in roster and roster[one].kind == "charger"), None)
        if charger is not None and roster[name].on and roster[charger].on:
            car, box = CarProperties.model_validate_json(_text(roster[name])), ChargerProperties.model_validate_json(_text(roster[charger]))
            yield name, car, box


def _text(member: Member) -> str:
    return json.dumps(member.properties)
