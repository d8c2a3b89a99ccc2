"""What the journal keeps: one record per window, chained by hash; the changes between them, and checkpoints."""

from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus_schemas.base import Integer, Name, Natural, Tick, Window, Word
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import By, Change, Member, Place
from joulebus_schemas.rounds import Hash


class SealedColumn(Word):
    """One pair of accounts in a sealed epoch. Sum and moment name the tick of a single changed amount."""

    account_from: str
    account_to: str
    joules: Natural
    moment: Annotated[int, Field(ge=0)]
    hash: Hash


class Seal(Word):
    """An epoch's transfers, chained to the seal before."""

    epoch: Natural
    first_tick: Tick
    ticks: Natural
    previous: Hash
    hash: Hash
    columns: Annotated[tuple[SealedColumn, ...], Field(strict=False)]


class Born(Word):
    """The first record of a home: what it is and who belongs to it."""

    record: Literal["born"] = "born"
    home: Name
    start_unix_seconds: Integer
    tick_seconds: Annotated[int, Field(ge=1, le=86_400)]
    seed: Natural
    place: Place
    members: dict[Name, Member]


class Woken(Word):
    """An inverter has taken over the journal."""

    record: Literal["woken"] = "woken"
    generation: Natural


class Changed(Word):
    """Changes that were promised to somebody, before they take effect; none, when somebody has changed the clock."""

    record: Literal["changed"] = "changed"
    changes: Annotated[tuple[Change, ...], Field(strict=False)]
    by: By | None = None
    """Who asked for them; None: the home file, when the home was started again."""
    tick: Tick | None = None
    """The first that was not settled when it was asked."""


class Compacted(Word):
    """The records of several windows for which one stands, and how the last of these windows was settled."""

    first: Annotated[Natural, Field(description="number of the first record")]
    last: Annotated[Natural, Field(description="number of the last record")]
    head: Annotated[Hash, Field(description="hash of the last record: the next one follows it")]
    window: Annotated[Window, Field(description="the last of their windows")]
    states: Annotated[dict[Name, dict[str, Any]], Field(description="at that window's start; only those that changed since the first")]
    outcomes: Annotated[dict[Name, Outcome], Field(description="of that window")]


class Committed(Word):
    """A settled window, or several that follow each other. Its columns of transfers follow the record as bytes."""

    record: Literal["committed"] = "committed"
    compacted: Annotated[Compacted | None, Field(description="when it stands for several records")] = None
    generation: Natural
    window: Window
    outcomes: dict[Name, Outcome]
    flows: dict[str, Natural]
    states: Annotated[
        dict[Name, dict[str, Any]], Field(description="at the window's start; only those that changed since the record before")
    ]
    seals: Annotated[tuple[Seal, ...], Field(strict=False)] = ()


class LastPart(Word):
    """The last window in which a device took part, and what became of it."""

    window: Window
    outcome: Outcome
    member: Annotated[Member, Field(description="the device as it was in that window")]


class Pin(Word):
    """A closed file of the journal as it was when it was last written: whoever changes it later is found."""

    first: Annotated[Natural, Field(description="number of its first record")]
    last: Annotated[Natural, Field(description="number of its last record")]
    sha256: Annotated[Hash, Field(description="of all of its bytes")]


class Checkpoint(Word):
    """A home at the end of an epoch, at the beginning of a file of the journal. The ledger follows the record as bytes."""

    record: Literal["checkpoint"] = "checkpoint"
    number: Annotated[Natural, Field(description="of this record")]
    born: Born
    generation: Natural
    next_tick: Tick
    head_seal: Hash
    roster: dict[Name, Member]
    pending: Annotated[tuple[Change, ...], Field(strict=False, description="promised, and holding from a later tick")] = ()
    ever: Annotated[dict[Name, Member], Field(description="everybody who has ever belonged to it; of who has left, the kind")]
    states: Annotated[dict[Name, dict[str, Any]], Field(description="as last written")]
    parts: dict[Name, LastPart]
    pins: Annotated[tuple[Pin, ...], Field(strict=False, description="files that were compacted since the checkpoint before")] = ()


JournalRecord = Annotated[Born | Woken | Changed | Committed | Checkpoint, Field(discriminator="record")]
