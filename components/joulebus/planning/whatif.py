"""What if a home had been set otherwise: the home as it is and its variants, one after the other, over the same days.

A fork begins with what is in the batteries and tanks of the living home: a larger battery begins with as many joules, not as full.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from joulebus.devices.grid import currency_of
from joulebus.errors import JoulebusError, PropertyError
from joulebus.home.restart import keeper_of
from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile, read_home_text
from joulebus.planning.overrides import Override, with_overrides
from joulebus.planning.planned import fork_at
from joulebus.planning.variant_run import as_left
from joulebus.report.reading import ReportReader
from joulebus.report.result import Report
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS
from joulebus_schemas.roster import Member
from joulebus_schemas.whatif import AskWhatIf

PERMILLIONS = 1_000_000
HOURLY_DAYS_MAX = 31
TOLD_TICKS_SECONDS = 6 * 3_600
"""Progress is told, and a cancelled run ends, after so much simulated time."""
RESULT_COLUMNS = (
    "unix_seconds",
    "import_joules",
    "export_joules",
    "import_cost_micro_euro",
    "export_income_micro_euro",
)
AS_IT_IS = "as it is"

ToldPpm = Callable[[int], None]
"""ToldPpm of parts per million that are done."""


@dataclass(frozen=True)
class WhatIfSource:
    """The home of which there are variants."""

    ask: AskWhatIf
    journal: Path
    """The books of the living home; they are only read."""
    folder: Path
    """From which names of files in a home file are seen."""

    def home(self) -> HomeFile:
        """The home as it is at the moment of the source.

        Raises:
            HomeFileError: The file does not describe one.
            PropertyError: The ticks do not fit into an epoch.
        """
        found = read_home_text(self.ask.yaml or "", self.folder / "home.yaml") if self.ask.source == "file" else living_home(self.journal)
        if self.ask.tick_seconds is None:
            return found
        if EPOCH_SECONDS % self.ask.tick_seconds:
            raise PropertyError(f"tick_seconds must divide {EPOCH_SECONDS} evenly, but was {self.ask.tick_seconds}; 60 and 300 do")
        begins = found.start_unix_seconds // self.ask.tick_seconds * self.ask.tick_seconds
        return replace(found, tick_seconds=self.ask.tick_seconds, start_unix_seconds=begins)


def living_home(journal: Path) -> HomeFile:
    """The home of a journal at its end: with its roster, and as much in its stores as there is.

    Raises:
        JournalError: The journal does not begin with a birth.
    """
    fork = fork_at(journal)
    born, home = fork.found.born, Home.of_keeper(keeper_of(fork.found))
    members = {name: as_left(home, name, member) if name in home.seats else member for name, member in fork.changed_roster().items()}
    moment = born.start_unix_seconds + fork.tick * born.tick_seconds
    return HomeFile(born.home, born.place, moment, born.tick_seconds, None, born.seed, members)


def live_variants(source: WhatIfSource, tell: ToldPpm) -> dict[str, Any]:
    """All of them; one that cannot be lived says why, and the others go on.

    Raises:
        JoulebusError: There is no home to begin with.
    """
    file, ask = source.home(), source.ask
    wanted: list[tuple[str, dict[str, Any]]] = [(AS_IT_IS, {}), *((one.label, dict(one.changes)) for one in ask.variants)]
    ticks = max(round(ask.days * DAY_SECONDS / file.tick_seconds), 1)
    step = "hour" if ask.days <= HOURLY_DAYS_MAX else "day"
    lived = []
    for number, (label, changes) in enumerate(wanted):
        lived.append({"label": label, "changes": changes, **_lived(file, changes, ticks, VariantShare(tell, number, len(wanted), step))})
    return {
        "from_unix_seconds": file.start_unix_seconds,
        "days": ticks * file.tick_seconds / DAY_SECONDS,
        "currency": currency_of(file.members),
        "step": step,
        "best": _best(lived),
        "variants": lived,
    }


@dataclass(frozen=True)
class VariantShare:
    """The part of one variant in the progress of all, and how fine its table is."""

    tell: ToldPpm
    number: int
    count: int
    step: str

    def done(self, ticks: int, of: int) -> None:
        """So many ticks of this variant are done."""
        self.tell((self.number * PERMILLIONS + ticks * PERMILLIONS // of) // self.count)


def _lived(file: HomeFile, changes: Mapping[str, Any], ticks: int, share: VariantShare) -> dict[str, Any]:
    try:
        variant = changed_home(file, changes)
        home, reader = Home.from_file(variant), ReportReader()
        reader.add(home.keeper.born, b"")
        home.keeper.listener = reader.add
        done = 0
        for settled in home.live(ticks, max(TOLD_TICKS_SECONDS // file.tick_seconds, 1)):
            done += settled.window.ticks
            share.done(done, ticks)
        return _told(reader.report(file.name, home.keeper.ledger.head), share.step)
    except JoulebusError as error:
        return {"error": str(error)}


def changed_home(file: HomeFile, changes: Mapping[str, Any]) -> HomeFile:
    """The home with some things set otherwise, and as many joules in its batteries as before.

    Raises:
        PropertyError: There is no such device or property, or the value is wrong.
    """
    after = with_overrides(file, tuple(Override(path, value) for path, value in changes.items()))
    untouched = {path.partition(".")[0] for path in changes if path.endswith(".initial_percent")}
    members = {
        name: member if name in untouched else _as_full_as(file.members[name], member) if name in file.members else member
        for name, member in after.members.items()
    }
    return replace(after, members=members)


def _as_full_as(before: Member, after: Member) -> Member:
    if before.kind != "battery" or not before.on or before.properties == after.properties:
        return after
    had = before.properties.get("capacity_kwh", 10.0) * before.properties.get("initial_percent", 50.0)
    percent = min(had / after.properties.get("capacity_kwh", 10.0), 100.0)
    return after.model_copy(update={"properties": {**after.properties, "initial_percent": round(percent, 6)}})


def _told(report: Report, step: str) -> dict[str, Any]:
    """The numbers of a report that fit into a message."""
    said, rows = report.as_json(), report.rows(step).columns
    columns = {name: rows[name].tolist() for name in RESULT_COLUMNS if name in rows}
    flows = {name: [column for key, column in rows.items() if fits(key)] for name, fits in _SUMS.items()}
    columns |= {name: np.sum(found, axis=0).tolist() for name, found in flows.items() if found}
    return {
        "totals": said["totals"],
        "cycles_ppm": {name: one["cycles_ppm"] for name, one in said["batteries"].items()},
        "columns": columns,
        "head_seal": said["head_seal"],
    }


_SUMS: dict[str, Callable[[str], bool]] = {
    "consumed_joules": lambda key: key.endswith("_to_loads_joules"),
    "produced_joules": lambda key: key.startswith(("sun_to_", "producers_to_")) and key.endswith("_joules"),
    "stored_joules": lambda key: key.endswith("_level_joules"),
}


def _best(lived: list[dict[str, Any]]) -> int | None:
    costs = {number: one["totals"]["cost_with_stored_micro_euro"] for number, one in enumerate(lived) if "totals" in one}
    return min(costs, key=lambda number: (costs[number], number)) if costs else None
