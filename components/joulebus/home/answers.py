"""What the keeper answers to clients that join later: the state of the home, and what is in its journal."""

import base64
import json
from itertools import takewhile
from typing import Any

from joulebus.bus import Sender
from joulebus.home.keeper import Keeper
from joulebus.home.sentences import decision, moment_text
from joulebus.home.steering import levels_of
from joulebus.journal.file import Journal, parse
from joulebus.journal.frames import Frame, split
from joulebus_schemas.calls import AskReplay, Balance, Replay
from joulebus_schemas.change_log import AskChangeLog, ChangeLog, LoggedChange
from joulebus_schemas.journal import Changed, JournalRecord
from joulebus_schemas.roster import By

ARGUMENTS_BYTES_MAX = 8_192
"""Limit for the arguments of a call, as the journal keeps them."""
LOOKED_AT_MAX = 5_000
"""Records read per query of the change log, so that the home pauses for a few hundredths of a second at most."""
_CHANGED = b'{"record":"changed"'
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
        levels=levels_of(keeper.memories, keeper.roster),
        head=keeper.ledger.head,
        decision=decision(keeper.settled, keeper.roster, keeper.born.tick_seconds),
    )


def change_asked_by(sender: Sender, call: str, arguments: dict[str, Any]) -> By:
    """Who asks for a change, as the journal keeps it."""
    size = len(json.dumps(arguments))
    kept = arguments if size <= ARGUMENTS_BYTES_MAX else {"left_out": f"{size} characters"}
    return By(principal=sender.authid, role=sender.role, call=call, arguments=kept)


def change_log(journal: Journal, keeper: Keeper, ask: AskChangeLog) -> ChangeLog:
    """Who changed what, newest first. One call reads a limited number of records and says where the next one continues."""
    end = journal.last_number + 1 if ask.before is None else min(ask.before, journal.last_number + 1)
    first = max(journal.first_number, end - LOOKED_AT_MAX)
    found = [frame for frame in takewhile(lambda frame: frame.number < end, journal.frames(first)) if is_changed(frame)]
    last = found[-ask.most :]
    before = last[0].number if len(found) > len(last) else first
    changes = tuple(_logged(frame.number, parse(split(frame.payload)[1]), keeper) for frame in reversed(last))
    return ChangeLog(changes=changes, before=before if before > journal.first_number else None)


def is_changed(frame: Frame) -> bool:
    """Whether a record is about changes; looked at in its first bytes, because nearly none is."""
    return split(frame.payload)[1].startswith(_CHANGED)


def _logged(number: int, record: JournalRecord, keeper: Keeper) -> LoggedChange:
    assert isinstance(record, Changed), "a record is what it begins with"
    time = None if record.tick is None else time_of(keeper, record.tick)
    return LoggedChange(number=number, tick=record.tick, time=time, by=record.by, changes=record.changes)


def time_of(keeper: Keeper, tick: int) -> str:
    """A tick in the calendar."""
    return moment_text(keeper.born.start_unix_seconds + tick * keeper.born.tick_seconds)
