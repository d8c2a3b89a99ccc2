"""What the keeper answers to those who come late: where the home stands, and what is in its journal."""

import base64

from joulebus.home.keeper import Keeper
from joulebus.home.sentences import decision, utc_text
from joulebus.journal.file import Journal
from joulebus_schemas.calls import AskReplay, Balance, Replay

REPLAY_BYTES_MAX = 750_000
"""In one answer: as base64 it is a third longer, and the router drops whoever sends a message of more than 1 MiB."""


def replay(journal: Journal, ask: AskReplay) -> Replay:
    """Committed records for whoever follows."""
    raws = journal.raws(ask.first, ask.most, REPLAY_BYTES_MAX)
    payloads = tuple(base64.b64encode(raw).decode() for raw in raws)
    return Replay(first=ask.first, last_number=journal.last_number, payloads=payloads)


def balance_of(keeper: Keeper) -> Balance:
    """Where the home stands."""
    return Balance(
        tick=keeper.next_tick,
        time=time_of(keeper, keeper.next_tick),
        generation=keeper.generation,
        roster=keeper.future_roster(),
        balances=keeper.ledger.balances(),
        head=keeper.ledger.head,
        decision=decision(keeper.settled, keeper.roster, keeper.born.tick_seconds),
    )


def time_of(keeper: Keeper, tick: int) -> str:
    """A tick in the calendar."""
    return utc_text(keeper.born.start_unix_seconds + tick * keeper.born.tick_seconds)
