"""What the keeper answers to those who come late: the state of the home, and what is in its journal."""

import base64

from joulebus.home.keeper import Keeper
from joulebus.home.sentences import decision, moment_text
from joulebus.journal.file import Journal
from joulebus_schemas.calls import AskReplay, Balance, Replay

REPLAY_BYTES_MAX = 750_000
"""In one answer: as base64 it is a third longer, and the router drops whoever sends a message of more than 1 MiB."""


def replay(journal: Journal, ask: AskReplay) -> Replay:
    """Committed records for whoever follows; where several were compacted, the first of them may be before what was asked."""
    first = journal.first_number if ask.first <= 1 else ask.first  # Who has nothing begins with what there is.
    frames = journal.frames_between(first, ask.most, REPLAY_BYTES_MAX)
    payloads = tuple(base64.b64encode(frame.payload).decode() for frame in frames)
    return Replay(first=frames[0].first if frames else ask.first, last_number=journal.last_number, payloads=payloads)


def balance_of(keeper: Keeper) -> Balance:
    """The state of the home."""
    return Balance(
        tick=keeper.next_tick,
        time=time_of(keeper, keeper.next_tick),
        generation=keeper.generation,
        record=keeper.number,
        start_unix_seconds=keeper.born.start_unix_seconds,
        roster=keeper.future_roster(),
        balances=keeper.ledger.balances(),
        head=keeper.ledger.head,
        decision=decision(keeper.settled, keeper.roster, keeper.born.tick_seconds),
    )


def time_of(keeper: Keeper, tick: int) -> str:
    """A tick in the calendar."""
    return moment_text(keeper.born.start_unix_seconds + tick * keeper.born.tick_seconds)
