"""A keeper that takes over a journal: a crash and a start are one path. And the checkpoint from which the next one starts."""

from joulebus.home.keeper import Keeper
from joulebus.journal.file import Journal
from joulebus.journal.recovery import Recovered, recover
from joulebus_schemas.journal import Checkpoint, LastPart, Pin, Woken
from joulebus_schemas.roster import Member


def wake(journal: Journal) -> Keeper:
    """The keeper of the home in a journal, as it was after the last committed window, one generation later."""
    keeper = keeper_of(recover(journal), journal)
    keeper.number = journal.append(Woken(record="woken", generation=keeper.generation))
    return keeper


def keeper_of(found: Recovered, journal: Journal | None = None) -> Keeper:
    """A keeper that goes on from a recovered home, one generation later."""
    keeper = Keeper(found.born, found.ledger, dict(found.roster), journal, found.generation + 1, list(found.pending_changes))
    keeper.memories = dict(found.parts)
    keeper.ever = dict(found.ever)
    keeper.wake(found.states)
    return keeper


def checkpoint_of(keeper: Keeper, number: int, pins: tuple[Pin, ...] = ()) -> Checkpoint:
    """All that a restart needs between two windows; the ledger's own checkpoint goes with it."""
    assert keeper.opened is None, "a home is written down between two windows"
    parts = {name: LastPart(window=last.window, outcome=last.outcome, member=last.member) for name, last in keeper.memories.items()}
    return Checkpoint(
        record="checkpoint",
        number=number,
        born=keeper.born,
        generation=keeper.generation,
        next_tick=keeper.next_tick,
        head_seal=keeper.ledger.head,
        roster=dict(keeper.roster),
        pending=tuple(sorted(keeper.changes, key=lambda change: change.from_tick)),
        # Of those who have left, the kind is enough; with all their properties it would not fit into a message after some thousand.
        ever={name: keeper.roster.get(name, Member(kind=last.kind)) for name, last in sorted(keeper.ever.items())},
        states=dict(sorted(keeper.stored.items())),
        parts=dict(sorted(parts.items())),
        pins=pins,
    )
