"""What the journal keeps: one record a window, chained by hash; and the changes between them."""

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


class Committed(Word):
    """A settled window. Its columns of transfers follow the record as bytes."""

    record: Literal["committed"] = "committed"
    generation: Natural
    window: Window
    outcomes: dict[Name, Outcome]
    flows: dict[str, Natural]
    states: Annotated[
        dict[Name, dict[str, Any]], Field(description="at the window's start; only those that changed since the record before")
    ]
    seals: Annotated[tuple[Seal, ...], Field(strict=False)] = ()


Record = Annotated[Born | Woken | Changed | Committed, Field(discriminator="record")]
