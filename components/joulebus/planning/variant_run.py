"""One variant of a comparison, from its home to its totals.

It begins with as much in its batteries and tanks as it has at the end, so that nobody lives on what happened to be in them: an empty
battery that is larger would otherwise earn what it was filled with.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from joulebus.devices import KINDS
from joulebus.devices._thermostat import ThermostatState
from joulebus.devices.battery import BatteryState
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus.meter.quarters import QuarterReader
from joulebus.planning.metrics import NOTHING_MORE, WARMTH_METRIC, Measures, measured, total_of
from joulebus.report.reading import ReportReader
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS, JOULES_PER_KWH
from joulebus_schemas.journal import JournalRecord
from joulebus_schemas.roster import Member

RUN_IN_SECONDS = 14 * DAY_SECONDS
"""So much of the end of the span is lived first, to know what is in the stores there."""
RUN_INS_MAX = 4
ALIKE = 0.005
"""Share of a store's range: this close to where it began, it has come round."""
WARMTH_SECONDS = EPOCH_SECONDS
"""How often temperatures are read."""

VariantTotals = Mapping[str, int | None]


class Initial(NamedTuple):
    """A property that says what is in a store at the beginning, and the range of its values."""

    key: str
    usual: float
    extent: float


def run_variant(file: HomeFile, ticks: int, measures: Measures = NOTHING_MORE) -> VariantTotals:
    """Live one home, and sum it up."""
    file = begun_as_it_ends(file, ticks)
    home, follower, meter = Home.from_file(file), ReportReader(), QuarterReader()
    watched = {
        name: device
        for name in measures.metrics
        if (warmth := WARMTH_METRIC.fullmatch(name)) and (device := measured(warmth[2], file.members))
    }
    warmth_of = {name: list[int]() for name in watched}
    readers = (follower.add, meter.add) if measures.books else (follower.add,)

    def listen(record: JournalRecord, columns: bytes) -> None:
        for add in readers:
            add(record, columns)

    listen(home.keeper.born, b"")
    home.keeper.listener = listen
    window = max(WARMTH_SECONDS // file.tick_seconds, 1) if watched else None
    for _ in home.live(ticks, window):
        for name, devices in watched.items():
            warm = [_millicelsius(home, device) for device in devices]
            warmth_of[name].append(max(warm) if name.startswith("warmest") else min(warm))
    report = follower.report(file.name, home.keeper.ledger.head)
    extremes = {
        name.removesuffix("_celsius") + "_millicelsius": (max if name.startswith("warmest") else min)(found)
        for name, found in warmth_of.items()
    }
    minutes = {"dark_minutes": report.dark_seconds // 60, "short_minutes": report.short_seconds // 60}
    run = meter.run()
    bills = {} if run is None else {total_of(name): run.bill(book, run.begins, run.ends).micro_euro for name, book in measures.books}
    return {**report.totals(), **minutes, **extremes, **bills}


def begun_as_it_ends(file: HomeFile, ticks: int) -> HomeFile:
    """The home with its stores as they are at the end of the span; they come round after a few lives of its last days."""
    if not any(_initial(member) for member in file.members.values()):
        return file
    run_in = max(min(ticks, RUN_IN_SECONDS // file.tick_seconds), 1)
    begin = file.start_unix_seconds
    late = replace(file, start_unix_seconds=begin + (ticks - run_in) * file.tick_seconds)
    for _ in range(RUN_INS_MAX):
        home = Home.from_file(late)
        for _settled in home.live(run_in):
            pass
        before, late = late, replace(late, members={name: as_left(home, name, member) for name, member in late.members.items()})
        if all(_is_alike(before.members[name], member) for name, member in late.members.items()):
            break
    return replace(late, start_unix_seconds=begin)


def _initial(member: Member) -> Initial | None:
    if not member.on:
        return None
    return {"battery": Initial("initial_percent", 50.0, 100.0), "geyser": Initial("initial_celsius", 55.0, 95.0)}.get(member.kind)


def as_left(home: Home, name: str, member: Member) -> Member:
    """A device that begins with as much in it as there is now."""
    initial = _initial(member)
    if initial is None:
        return member
    seat = home.seats[name]
    if isinstance(seat.state, BatteryState):
        capacity = seat.properties.model_dump()["capacity_kwh"] * JOULES_PER_KWH * 1e6
        left = 100 * seat.state.level_microjoules / capacity
    else:
        left = _millicelsius(home, name) / 1_000
    value = round(min(max(left, 0.0), initial.extent), 3)
    return member.model_copy(update={"properties": {**member.properties, initial.key: value}})


def _is_alike(before: Member, after: Member) -> bool:
    initial = _initial(before)
    if initial is None:
        return True
    one, two = (member.properties.get(initial.key, initial.usual) for member in (before, after))
    return bool(abs(one - two) <= ALIKE * initial.extent)


def _millicelsius(home: Home, name: str) -> int:
    seat = home.seats[name]
    assert isinstance(seat.state, ThermostatState), f"{name} has a temperature"
    device: Any = KINDS[home.keeper.roster[name].kind]
    return int(device.mass(seat.properties).millicelsius(seat.state.heat_microjoules))
