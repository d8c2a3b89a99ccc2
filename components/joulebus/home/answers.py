"""What the keeper answers to those who come late: where the home stands, and what is in its journal."""

import base64
import json
from typing import Any

from joulebus.bus import Sender
from joulebus.home.keeper import Keeper
from joulebus.home.sentences import decision, utc
from joulebus.journal.file import Journal, Record, parse
from joulebus.journal.frames import split
from joulebus_schemas.calls import AskChangeLog, AskReplay, Balance, ChangeLog, LoggedChange, Replay
from joulebus_schemas.journal import Changed
from joulebus_schemas.roster import By

ARGUMENTS_BYTES_MAX = 8_192
"""Of what somebody has asked, in the journal."""
LOOKED_AT_MAX = 20_000
"""Records that one question about changes looks at: some tenths of a second."""
_CHANGED = b'{"record":"changed"'
REPLAY_BYTES_MAX = 750_000
"""In one answer: as base64 it is a third longer, and the router drops whoever sends a message of more than 1 MiB."""


def replay(journal: Journal, ask: AskReplay) -> Replay:
    """Committed records for whoever follows."""
    raws = journal.raws(ask.first, ask.most, REPLAY_BYTES_MAX)
    payloads = tuple(base64.b64encode(raw).decode() for raw in raws)
    return Replay(first=ask.first, last_number=journal.last_number, payloads=payloads)


def balance(keeper: Keeper) -> Balance:
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


def asked_by(sender: Sender, call: str, arguments: dict[str, Any]) -> By:
    """Who asks for a change, as the journal keeps it."""
    size = len(json.dumps(arguments))
    kept = arguments if size <= ARGUMENTS_BYTES_MAX else {"left_out": f"{size} characters"}
    return By(principal=sender.authid, role=sender.role, call=call, arguments=kept)


def change_log(journal: Journal, keeper: Keeper, ask: AskChangeLog) -> ChangeLog:
    """Who changed what, the last first; a call looks at so many records at most, and says where to go on."""
    number = journal.last_number + 1 if ask.before is None else min(ask.before, journal.last_number + 1)
    end, found = max(1, number - LOOKED_AT_MAX), list[LoggedChange]()
    while number > end and len(found) < ask.most:
        number -= 1
        text = split(journal.raw(number))[1]
        if text.startswith(_CHANGED):
            found.append(_logged(number, parse(text), keeper))
    return ChangeLog(changes=tuple(found), before=number if number > 1 else None)


def _logged(number: int, record: Record, keeper: Keeper) -> LoggedChange:
    assert isinstance(record, Changed), "a record is what it begins with"
    time = None if record.tick is None else time_of(keeper, record.tick)
    return LoggedChange(number=number, tick=record.tick, time=time, by=record.by, changes=record.changes)


def time_of(keeper: Keeper, tick: int) -> str:
    """A tick in the calendar."""
    return utc(keeper.born.start_unix_seconds + tick * keeper.born.tick_seconds)
