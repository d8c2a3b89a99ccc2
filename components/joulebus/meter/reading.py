"""A meter reads a journal: what its transfers moved through the grid connection, from the first record up to a moment, in one walk or two.

The first walk counts quarter-hours, the second the ticks of those that telegrams are asked for.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from joulebus.devices.meter import MeterProperties
from joulebus.errors import ReportError
from joulebus.meter.gas import gas_meters
from joulebus.meter.phases import grid_properties, named_phases
from joulebus.meter.registers import Metered, Registers, metered
from joulebus.meter.telegram import WATTS_SHOWN_MAX, MeterFace
from joulebus.meter.water import water_users
from joulebus.physics.day_night import day_intervals, is_day
from joulebus.physics.phases import PHASES, watts_per_ampere
from joulebus.physics.steps import Interval
from joulebus.report.calendar import Integers, ReportSpan
from joulebus.report.reading import records
from joulebus.report.tally import Cells, Tally
from joulebus_schemas.facts import QUARTER_SECONDS
from joulebus_schemas.journal import Checkpoint, Committed
from joulebus_schemas.roster import Member, busbar_of, of_kind

TELEGRAMS_MAX = 1_000_000
"""The most telegrams at once: eleven days of seconds."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A meter at the end of a tick, and what else its telegram says."""

    state: Registers
    face: MeterFace


def meter_at(path: Path, at: int | None = None, count: int = 1) -> Iterator[Shown]:
    """A meter at the end of so many ticks: the first one ends at ``at`` or is the last one before; left out: they are the last ones.

    Raises:
        ReportError: The journal cannot be read, its first records are not there, or it has no tick at that moment.
    """
    whole = _Walk(path, None if at is None else at + count * QUARTER_SECONDS, count)
    born = whole.born
    ends = _ends(whole, at, count)
    begins = ends[0] - born.tick_seconds
    before = whole.state_at(begins - begins % QUARTER_SECONDS)
    fine = _Ticks(before, ends)
    yield from fine.walk(path)


def _ends(walk: "_Walk", at: int | None, count: int) -> range:
    """When the ticks end of which telegrams are wanted."""
    born, last, path = walk.born, walk.last, walk.path
    tick, first = born.tick_seconds, born.start_unix_seconds + born.tick_seconds
    begin = max(last - (count - 1) * tick, first) if at is None else at - (at - born.start_unix_seconds) % tick
    if last < first:
        raise ReportError(f"a meter shows what has passed it, but {path} has no settled tick yet")
    if not first <= begin <= last:
        moments = (first, last) if begin < first else (last, first)
        where = "before its first tick ends" if begin < first else "behind its last tick"
        raise ReportError(f"a meter shows what has passed it, but {_utc(begin)} is {where} ({_utc(moments[0])}) of {path}")
    return range(begin, min(last, begin + (count - 1) * tick) + 1, tick)


def _utc(unix_seconds: int) -> str:
    return str(np.datetime64(unix_seconds, "s")) + "Z"


class _Walk:
    """The first walk: the meter at the beginnings of quarter-hours."""

    def __init__(self, path: Path, until: int | None, count: int) -> None:
        self._states: deque[Registers] = deque(maxlen=count + 2)
        tally = Tally(self._take, ReportSpan(to_unix_seconds=until))
        self._tally, self.path = tally, path
        self._state: Registers | None = None
        for record, columns in records(path):
            if isinstance(record, Checkpoint) and tally.born is None:
                raise ReportError(
                    f"a meter counts from the first record of a home, but the records before the checkpoint of tick {record.next_tick:,} "
                    f"of {path} were moved away: put their files back"
                )
            if isinstance(record, Committed) and tally.is_past(record.window.start):
                break
            tally.add(record, columns)
        if tally.born is None:
            raise ReportError(f"a meter counts from the first record of a home, but {path} is empty")
        self.born = tally.born
        self.last = self._now.unix_seconds

    @property
    def _now(self) -> Registers:
        assert self._tally.born is not None, "cells come after the birth"
        return self._state or Registers(self._tally.born.start_unix_seconds)

    def _take(self, cells: Cells) -> None:
        assert self._tally.born is not None, "cells come after the birth"
        for moved in through_meter(cells, self._tally.roster, self._tally.born.place.timezone):
            self._remember()
            self._state = metered(self._now, moved, self._tally.born.place.timezone)

    def _remember(self) -> None:
        if not self._states or self._now.unix_seconds // QUARTER_SECONDS > self._states[-1].unix_seconds // QUARTER_SECONDS:
            self._states.append(self._now)

    def state_at(self, quarter: int) -> Registers:
        """The meter at the beginning of a quarter-hour, or where the home begins within it."""
        self._remember()
        return next(state for state in self._states if state.unix_seconds // QUARTER_SECONDS == quarter // QUARTER_SECONDS)


class _Ticks:
    """The second walk: the meter tick by tick."""

    def __init__(self, before: Registers, ends: range) -> None:
        self._state, self._ends = before, ends
        self._shown: list[Shown] = []
        self._tally = Tally(self._take, ReportSpan(before.unix_seconds, ends[-1]), 1)

    def walk(self, path: Path) -> Iterator[Shown]:
        for record, columns in records(path, None, self._state.unix_seconds):
            if isinstance(record, Committed) and self._tally.is_past(record.window.start):
                break
            self._tally.add(record, columns)
            yield from self._shown
            self._shown.clear()

    def _take(self, cells: Cells) -> None:
        assert self._tally.born is not None, "cells come after the birth"
        roster, zone = self._tally.roster, self._tally.born.place.timezone
        face_of = face(roster, zone)
        for moved in through_meter(cells, roster, zone):
            self._state = metered(self._state, moved, zone)
            if moved.ends in self._ends:
                self._shown.append(Shown(self._state, face_of(moved.ends)))


def through_meter(cells: Cells, roster: dict[str, Member], timezone: str) -> Iterator[Metered]:
    """What passed the grid connection in cells, each in one quarter-hour, and under which tariff."""
    if not len(cells.starts):
        return
    grids = set(of_kind(roster, "grid"))
    given = cells.joules[:, [giver in grids for giver, _ in cells.pairs]].sum(axis=1).tolist()
    taken = cells.joules[:, [taker in grids for _, taker in cells.pairs]].sum(axis=1).tolist()
    starts, ends = cells.starts.tolist(), cells.ends.tolist()
    days = _days(meter_properties(roster), timezone, (starts[0], ends[-1]))
    users = water_users(roster)
    machines = {name: [taker == name for _, taker in cells.pairs] for name, _ in users.litres_per_joule}
    taken_by = {name: cells.joules[:, chosen].sum(axis=1).tolist() for name, chosen in machines.items()}
    gas = gas_meters(roster)
    supplies = {name: [giver == name for giver, _ in cells.pairs] for name, _ in gas.litres_per_joule}
    burnt_of = {name: cells.joules[:, chosen].sum(axis=1).tolist() for name, chosen in supplies.items()}
    named = named_phases(roster)
    phases = None if named is None else np.stack([_net(cells, busbar_of(roster), named, phase) for phase in range(PHASES)], axis=1).tolist()
    place = 0
    for index, (begins, until, imported, exported) in enumerate(zip(starts, ends, given, taken, strict=True)):
        while place < len(days) and days[place][1] <= begins:
            place += 1
        water = users.litres(timezone, begins, until, {name: joules[index] for name, joules in taken_by.items()})
        burnt = gas.litres({name: joules[index] for name, joules in burnt_of.items()})
        yield Metered(begins, until, imported, exported, place < len(days) and days[place][0] <= begins, water, burnt,
                      None if phases is None else (phases[index][0], phases[index][1], phases[index][2]))  # fmt: skip


def _net(cells: Cells, busbar: str, named: Mapping[str, int], phase: int) -> Integers:
    """What devices of a phase took from the busbar, less what they gave it."""
    on_it = {name for name, other in named.items() if other == phase}
    taken = cells.joules[:, [giver == busbar and taker in on_it for giver, taker in cells.pairs]].sum(axis=1)
    given = cells.joules[:, [taker == busbar and giver in on_it for giver, taker in cells.pairs]].sum(axis=1)
    return np.asarray(taken - given, dtype=np.int64)


def _days(properties: MeterProperties, timezone: str, span: Interval) -> list[Interval]:
    return day_intervals(properties.day_windows, properties.holidays, timezone, span)


def meter_properties(roster: dict[str, Member]) -> MeterProperties:
    """Those of the home's meter; of a home that names none: as meters usually are."""
    names = of_kind(roster, "meter")
    return MeterProperties.model_validate(roster[names[0]].properties, strict=False) if names else MeterProperties()


def face(roster: dict[str, Member], timezone: str) -> Callable[[int], MeterFace]:
    """What a telegram says besides the registers, at any moment at which the roster is like this."""
    properties = meter_properties(roster)
    grid = next((roster[name] for name in of_kind(roster, "grid")), None)
    limits = grid_properties(roster)
    is_connected = grid is not None and grid.on and limits.connected
    watts, ratio = min(limits.import_limit_watts, WATTS_SHOWN_MAX), watts_per_ampere(limits.network)

    def at(moment: int) -> MeterFace:
        day = is_day(properties.day_windows, properties.holidays, timezone, moment)
        return MeterFace(properties, timezone, day, is_connected, watts, limits.phase_limit_amps, ratio)

    return at
