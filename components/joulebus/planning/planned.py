"""A plan that is kept in a directory: begun from a file, forked from a journal at any tick, and resumed after any end.

The directory has the journal (the truth, as of a running home) and ``plan.json``, which says what was asked for. A fork begins with the
records of the journal that it comes from, up to its tick; that journal is only read.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from joulebus.errors import JournalError, PropertyError, UsageError
from joulebus.files import replace_atomically
from joulebus.home.restart import keeper_of, wake
from joulebus.home.round import Home, new_birth
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal, parse
from joulebus.journal.frames import split
from joulebus.journal.recovery import Recovered, birth_of, changed, recover
from joulebus.planning.checksummed import read_checksummed, write_checksummed
from joulebus.planning.overrides import SEED, Override, changed_members
from joulebus.planning.pausing import PAUSED_FILE, pause, unpause
from joulebus.planning.plan import PlanResult, PlanTotals, TicksProgress, plan
from joulebus.refusals.system import reason
from joulebus.rundir import journal_of
from joulebus_schemas.journal import Checkpoint, Committed
from joulebus_schemas.roster import Member

ORDER_FILE, JOURNAL_FILE, RESULT_FILE = "plan.json", "journal.bin", "result.json"


@dataclass(frozen=True)
class PlanOrder:
    """What was asked for; it never changes while it is worked on."""

    end_tick: int
    window: int | None = None
    from_tick: int = 0
    """Where the counting begins: 0, or the tick of the fork."""
    changes: dict[str, Member] = field(default_factory=dict)
    """Devices as they are from that tick on."""


@dataclass(frozen=True)
class Fork:
    """A home as a journal tells it at a tick."""

    journal: Path
    tick: int
    found: Recovered = field(repr=False)

    def changes(self, overrides: tuple[Override, ...]) -> dict[str, Member]:
        """The devices with their overrides there, where everything that is promised already holds.

        Raises:
            PropertyError: The seed is set, which a fork keeps, or a setting is wrong.
        """
        if any(override.path == SEED for override in overrides):
            raise PropertyError("a fork has the seed of the home that it comes from: seed cannot be set in it")
        return changed_members(self.changed_roster(), overrides)

    def changed_roster(self) -> dict[str, Member]:
        """The devices with all that is promised."""
        roster = dict(self.found.roster)
        for promised in self.found.pending_changes:
            roster = changed(roster, promised)
        return roster


def begin_plan(file: HomeFile, directory: Path, order: PlanOrder) -> None:
    """A new directory for a home from its first tick.

    Raises:
        JournalError: The directory cannot be written.
        UsageError: The directory holds another run.
    """
    with _new_journal(directory) as journal:
        journal.append(new_birth(file))
    _write(directory, order)


def fork_at(source: str | Path, unix_seconds: int | None = None) -> Fork:
    """The home of a journal (also of one that is being written) at a moment, or at its end.

    Raises:
        JournalError: The journal does not begin with a birth, or does not cover the moment.
    """
    path = journal_of(source)
    with Journal.view(path) as journal:
        tick = None if unix_seconds is None else _tick(journal, unix_seconds)
        found = recover(journal, tick)
        return Fork(path, found.next_tick if tick is None else tick, found)


def _tick(journal: Journal, unix_seconds: int) -> int:
    """The tick of a moment that the journal holds, or at which it ends."""
    birth, end = birth_of(journal), _end(journal)
    tick, rest = divmod(unix_seconds - birth.start_unix_seconds, birth.tick_seconds)
    if rest or not 0 <= tick <= end:
        begins, ends = _text(birth.start_unix_seconds), _text(birth.start_unix_seconds + end * birth.tick_seconds)
        raise JournalError(
            f"--at must be the beginning of a tick of {birth.tick_seconds} s from {begins} to {ends}, which is what {journal.path} holds, "
            f"but was {_text(unix_seconds)}"
        )
    return tick


def _end(journal: Journal) -> int:
    """The first tick that is not settled."""
    for number in range(journal.last_number, journal.open_first - 1, -1):
        record = parse(split(journal.raw(number))[1])
        if isinstance(record, Committed):
            return record.window.end
        if isinstance(record, Checkpoint):
            return record.next_tick
    return 0


def _text(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin_fork(fork: Fork, directory: Path, order: PlanOrder) -> None:
    """A new directory with the past of a fork.

    Raises:
        JournalError: The directory cannot be written.
        UsageError: The directory holds another run.
    """
    with Journal.view(fork.journal) as source:
        first = source.first_number
        with _new_journal(directory) as journal:
            for frame in takewhile(lambda frame: frame.number <= fork.found.number, source.frames(first)):
                journal.append_raw(frame.payload)
    _write(directory, order)


@dataclass
class Unkept:
    """A plan in memory alone."""

    home: Home
    order: PlanOrder
    totals: PlanTotals

    @classmethod
    def of_file(cls, file: HomeFile, order: PlanOrder) -> "Unkept":
        """From the first tick of a home."""
        return cls(Home.from_file(file), order, PlanTotals())

    @classmethod
    def of_fork(cls, fork: Fork, order: PlanOrder) -> "Unkept":
        """From the tick of a fork."""
        return cls(Home.of_keeper(keeper_of(fork.found)), order, PlanTotals(from_tick=order.from_tick))

    def live(self, progress: TicksProgress | None = None) -> PlanResult:
        """Live on to the end; whoever is told of progress may end it with an exception, and pause it then."""
        return _live(self.home, self.order, self.totals, progress)

    def pause(self, directory: Path) -> None:
        """Write down its state.

        Raises:
            JournalError: The directory cannot be written.
        """
        _make(directory)
        _write(directory, self.order)
        pause(self.home, self.totals, directory)


def go_on(directory: Path, progress: TicksProgress | None = None) -> PlanResult:
    """Run the plan of a directory to its end, from its current tick; an interruption loses nothing.

    Raises:
        UsageError: There is nothing to resume in the directory.
    """
    order = read_order(directory)
    if (directory / PAUSED_FILE).exists():
        return _go_on_in_memory(directory, order, progress)
    if not (directory / JOURNAL_FILE).exists():
        raise UsageError(f"there is nothing to resume in {directory}: its plan is finished or was never started")
    with Journal.open(directory / JOURNAL_FILE, durable="memory") as journal:
        totals = _totals(journal, order)
        result = _live(Home.of_keeper(wake(journal)), order, totals, progress)
    _replace(directory / RESULT_FILE, result.as_json())
    return result


def _go_on_in_memory(directory: Path, order: PlanOrder, progress: TicksProgress | None) -> PlanResult:
    home, totals = unpause(directory)
    unkept = Unkept(home, order, totals)
    try:
        result = unkept.live(progress)
    except KeyboardInterrupt:
        unkept.pause(directory)
        raise
    _replace(directory / RESULT_FILE, result.as_json())
    (directory / PAUSED_FILE).unlink()
    return result


def _live(home: Home, order: PlanOrder, totals: PlanTotals, progress: TicksProgress | None) -> PlanResult:
    keeper = home.keeper
    for _ in home.live(order.from_tick - keeper.next_tick, order.window):
        pass
    if keeper.next_tick == order.from_tick:
        for device, member in sorted(order.changes.items()):
            home.set(device, **member.properties)
            if keeper.member(device).on != member.on:
                home.switch(device, member.on)
    return plan(home, order.end_tick - keeper.next_tick, order.window, progress, totals)


def _totals(journal: Journal, order: PlanOrder) -> PlanTotals:
    totals = PlanTotals(from_tick=order.from_tick)
    for _, record, _ in journal.read(journal.first_number):
        if isinstance(record, Committed) and record.window.start >= order.from_tick:
            totals.add(record)
    return totals


def read_order(directory: Path) -> PlanOrder:
    """What a directory was made for.

    Raises:
        JournalError: Its plan is damaged.
        UsageError: The directory holds no plan.
    """
    path = directory / ORDER_FILE
    try:
        return TypeAdapter(PlanOrder).validate_json(json.dumps(read_checksummed(path)))
    except OSError as error:
        raise UsageError(f"{directory} holds no plan to resume: {path.name} cannot be read ({reason(error)})") from None
    except (ValidationError, ValueError):
        raise JournalError(f"{path} is damaged: it is not what `joulebus plan` wrote; plan again") from None


def _new_journal(directory: Path) -> Journal:
    _make(directory)
    if (directory / ORDER_FILE).exists():
        raise UsageError(
            f"--out must be a new or empty directory, but {directory} holds another plan; "
            f"choose another, or resume that one with --resume {directory}"
        )
    if any((directory / name).exists() for name in (JOURNAL_FILE, "history.sqlite")):
        raise UsageError(f"--out must be a new or empty directory, but {directory} holds another run")
    return Journal.open(directory / JOURNAL_FILE, durable="memory")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(f"the plan cannot be written to {directory}: {reason(error)}") from None


def _write(directory: Path, order: PlanOrder) -> None:
    write_checksummed(directory / ORDER_FILE, TypeAdapter(PlanOrder).dump_python(order, mode="json"))


def _replace(path: Path, value: dict[str, Any]) -> None:
    """All of it or nothing."""
    replace_atomically(path, (json.dumps(value, indent=2, sort_keys=True) + "\n").encode())
