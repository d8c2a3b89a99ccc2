"""A keeper that takes over a journal: a crash and a start are one path."""

from joulebus.home.keeper import DeviceMemory, Keeper
from joulebus.journal.file import Journal
from joulebus.journal.recovery import Recovered, recover
from joulebus_schemas.journal import Woken


def wake(journal: Journal) -> Keeper:
    """The keeper of the home in a journal, as it was after the last committed window, one generation later."""
    keeper = keeper_of(recover(journal), journal)
    keeper.number = journal.append(Woken(record="woken", generation=keeper.generation))
    return keeper


def keeper_of(found: Recovered, journal: Journal | None = None) -> Keeper:
    """A keeper that goes on from a recovered home, one generation later."""
    keeper = Keeper(found.born, found.ledger, dict(found.roster), journal, found.generation + 1, list(found.pending_changes))
    keeper.memories = {name: DeviceMemory(part.window, part.state, part.outcome, part.member) for name, part in found.parts.items()}
    keeper.wake({name: part.state for name, part in found.parts.items()})
    return keeper
