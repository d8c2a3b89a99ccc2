"""The books of a market while they are open: the engine, who signs, and where sealed epochs are read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from joulebus.errors import MarketError
from joulebus.market.archive import Archive
from joulebus.market.times import epoch_number, unix_milliseconds
from joulebus_core import market as core
from joulebus_schemas.market.money import SetLabels, SetPrices


class Proposal(NamedTuple):
    """What is to be sealed: an asset, or all that is open in an epoch."""

    epoch: int
    hash: str
    """The hash of the asset's document, or of the head of all."""
    asset: str | None = None
    document: bytes | None = None
    """The postings of one asset, as canonical JSON."""
    assets: int = 1
    """How many are sealed."""


Approval = Callable[[Proposal], str | None]
"""Looks at what is to be sealed; a text is the reason of a veto."""
DEFAULT_LABEL = "virtual_2"
"""The segment of an epoch for which nobody has set one."""


def approve(proposal: Proposal) -> str | None:
    """No audit: everything may be sealed."""
    return None


@dataclass
class Followed:
    """How far a home's ledger is taken in, and what stands in the way; all zero for a market without a home."""

    record: int = 0
    """The last record of the journal that is booked."""
    last_record: int = 0
    """The last one that there is, as far as is known."""
    trouble: str | None = None
    """Why something could not be booked, or None."""
    next_epoch: int | None = None
    """The first epoch that the ledger has not booked yet, as far as that is known."""
    notes: tuple[str, ...] = ()
    """Where the market and the home file differ on purpose, or cannot be made alike."""

    @property
    def behind(self) -> int:
        """Records that are not booked yet, as far as is known."""
        return max(self.last_record - self.record, 0)


@dataclass
class MarketBooks:
    """What the handlers of calls work with."""

    engine: core.Market
    signer: core.Signer
    archive: Archive
    approval: Approval = approve
    revision: int = 0
    """The number of the operation that is executed now."""
    sealed: list[core.Batch] = field(default_factory=list)
    """What the operation that is executed now has sealed."""
    last_sealed: int | None = None
    """The newest epoch in which something is sealed; as of the operation that is executed now, also when it is executed again."""
    touched: set[int] = field(default_factory=set)
    """Epochs in which the last change has booked or sealed."""
    followed: Followed = field(default_factory=lambda: Followed())
    """How far a home's ledger is taken in."""

    def epoch(self, given: int | str, what: str = "epoch") -> int:
        """The number of an epoch."""
        return epoch_number(given, self.engine.epoch_seconds, what)

    def epoch_of(self, time: int | str, what: str) -> int:
        """The epoch of a moment."""
        return unix_milliseconds(time, what) // (self.engine.epoch_seconds * 1000)

    def first_epoch(self, ask: SetPrices | SetLabels) -> int:
        """From which epoch on prices or segments are to hold."""
        if ask.from_epoch is not None:
            return self.epoch(ask.from_epoch, "from_epoch")
        assert ask.from_time is not None, "the moment is filled in before it is executed"
        return self.epoch_of(ask.from_time, "from_time")

    def begin_with(self, engine: core.Market) -> None:
        """Go on with another engine: a restored one, or one in which nothing has happened."""
        self.engine = engine
        self.archive.begin_with(engine)

    def keep(self, batch: core.Batch | None) -> None:
        """Something was sealed."""
        if batch is not None:
            self.sealed.append(batch)
            self.last_sealed = max(batch.epoch, self.last_sealed or 0)
            self.archive.remember(batch)

    def known(self, asset: str) -> core.Asset:
        """An asset that must be there.

        Raises:
            MarketError: There is no such asset.
        """
        found = self.engine.asset(asset)
        if found is None:
            raise MarketError(f"there is no asset {asset}; make it with asset.upsert, or find others with asset.find")
        return found

    def contract(self, contract: str) -> core.Contract:
        """A contract that must be there.

        Raises:
            MarketError: There is no such contract.
        """
        found = self.engine.contract(contract)
        if found is None:
            raise MarketError(f"there is no contract {contract}; contract.list shows those that are there")
        return found

    def is_open(self, epoch: int) -> bool:
        """Whether the engine still knows the epoch; else it is in the archive."""
        return not self.engine.is_closed(epoch)


Handler = Callable[[MarketBooks, Any], Any]
"""What a call does with the books: its question in, its answer out."""
