"""A plan in memory alone, which can be paused between two rounds: what the home is, without the past that nobody has kept."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from joulebus.errors import JournalError
from joulebus.home.restart import keeper_of
from joulebus.home.round import Home
from joulebus.journal.recovery import DeviceMemory, Recovered
from joulebus.planning.checksummed import read_checksummed, write_checksummed
from joulebus.planning.plan import PlanTotals
from joulebus.refusals.system import reason
from joulebus_core import CoreError, Ledger
from joulebus_schemas.journal import Born
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member

PAUSED_FILE = "paused.json"


@dataclass(frozen=True)
class Paused:
    """A home between two rounds."""

    born: Born
    generation: int
    roster: dict[str, Member]
    pending: tuple[Change, ...]
    parts: dict[str, DeviceMemory]
    totals: PlanTotals
    ledger: str
    """A snapshot, base64."""
    version: int = field(default=1)


def pause(home: Home, totals: PlanTotals, directory: Path) -> None:
    """Write a home down; all of it or nothing."""
    keeper = home.keeper
    assert keeper.opened is None, "a home is paused between two rounds"
    parts = {name: DeviceMemory(one.window, one.state, _written(one.outcome), one.member) for name, one in keeper.memories.items()}
    snapshot = b64encode(keeper.ledger.snapshot()).decode()
    paused = Paused(keeper.born, keeper.generation, dict(keeper.roster), tuple(keeper.changes), parts, totals, snapshot)
    write_checksummed(directory / PAUSED_FILE, TypeAdapter(Paused).dump_python(paused, mode="json"))


def _written(outcome: Outcome) -> Outcome:
    """What was granted in runs is left in the core until somebody reads it."""
    if outcome.granted is None:
        return outcome
    runs = tuple((int(ticks), int(joules)) for ticks, joules in outcome.granted.run_lengths)
    return outcome.model_copy(update={"granted": outcome.granted.model_copy(update={"run_lengths": runs})})


def unpause(directory: Path) -> tuple[Home, PlanTotals]:
    """The home as it was, and what had been counted.

    Raises:
        JournalError: The file is not what was written when the plan was paused.
    """
    path = directory / PAUSED_FILE
    try:
        paused = TypeAdapter(Paused).validate_json(json.dumps(read_checksummed(path)))
        ledger = Ledger.restore(b64decode(paused.ledger))
    except OSError as error:
        raise JournalError(f"the paused plan {path} cannot be read: {reason(error)}") from None
    except (ValidationError, CoreError, ValueError):
        raise JournalError(f"a paused plan must be as it was written, but {path} is not: it was changed or damaged; plan again") from None
    found = Recovered(
        born=paused.born,
        generation=paused.generation,
        roster=paused.roster,
        pending_changes=paused.pending,
        parts=paused.parts,
        states={name: part.state for name, part in paused.parts.items()},
        next_tick=ledger.next_tick,
        ever=paused.roster,
        ledger=ledger,
    )
    return Home.of_keeper(keeper_of(found)), paused.totals
