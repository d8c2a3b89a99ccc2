"""What the core says of a window, in the words of the journal and the bus."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from joulebus_core import GrantedRuns
from joulebus_core import Seal as CoreSeal
from joulebus_schemas.journal import Seal, SealedColumn
from joulebus_schemas.offers import Outcome
from joulebus_schemas.series import RunLengths


def settled_outcome(fields: dict[str, Any], read: Callable[[GrantedRuns], Sequence[tuple[int, int]]]) -> Outcome:
    """The outcome of a device from the core's fields; `read` says when its runs of granted joules are read."""
    if fields.get("granted") is not None:
        fields["granted"] = RunLengths.model_construct(form="run_lengths", run_lengths=read(fields["granted"]))
    return Outcome(**fields)


def early_runs(granted: GrantedRuns) -> Sequence[tuple[int, int]]:
    """Runs of (ticks, joules), read now, as they are written down."""
    return tuple(cast(Sequence[tuple[int, int]], granted))


def late_runs(granted: GrantedRuns) -> Sequence[tuple[int, int]]:
    """Runs of (ticks, joules) that nobody writes down: read only when a device asks for them."""
    return cast(Sequence[tuple[int, int]], granted)


def settled_seal(seal: CoreSeal) -> Seal:
    """A seal of the core with its columns."""
    columns = tuple(
        SealedColumn(account_from=c.account_from, account_to=c.account_to, joules=c.joules, moment=c.moment, hash=c.hash)
        for c in seal.columns
    )
    return Seal(epoch=seal.epoch, first_tick=seal.first_tick, ticks=seal.ticks, previous=seal.previous, hash=seal.hash, columns=columns)
