"""Sealed epochs, read again from the blobs in the store: postings, balances and certificates of long ago."""

import json
from collections import OrderedDict
from hashlib import sha256
from typing import Any

from joulebus.errors import MarketError
from joulebus.market.store import Batch, MarketStore
from joulebus_core import market as core

PROOFS_MAX = 64
"""The number of batches whose proofs are kept in memory; older ones are recomputed from the nearest snapshot on."""
CONTENTS_MAX = 64


class Archive:
    """What was sealed in one market."""

    def __init__(self, store: MarketStore, engine: core.Market, proofs_max: int = PROOFS_MAX) -> None:
        self.store, self._engine, self._proofs_max = store, engine, proofs_max
        self._seals: int | None = None
        self._proofs: OrderedDict[int, core.Batch] = OrderedDict()
        self._contents: OrderedDict[int, core.BatchContent] = OrderedDict()

    def remember(self, batch: core.Batch) -> None:
        """A batch that was just sealed: its certificates cost nothing now."""
        self._proofs[batch.number] = batch
        while len(self._proofs) > self._proofs_max:
            self._proofs.popitem(last=False)

    def begin_with(self, engine: core.Market) -> None:
        """Read for another engine."""
        self._engine = engine
        self.forget()

    def forget(self) -> None:
        """What was sealed was rolled back."""
        self._proofs.clear()
        self._contents.clear()
        self._seals = None

    def count(self, seals: int) -> None:
        """So many more are durable now."""
        self._seals = None if self._seals is None else self._seals + seals

    def seals(self) -> int:
        """How many seals there are; counted once, because there are as many as the market has lived."""
        if self._seals is None:
            self._seals = self.store.sealed_count()
        return self._seals

    def blobs(self, epoch: int) -> list[bytes]:
        """All that was sealed in an epoch, as it is kept."""
        return [batch.document for batch in self.store.batches(epoch)]

    def contents(self, epoch: int) -> list[core.BatchContent]:
        """All batches of an epoch, opened."""
        return [self._content(batch) for batch in self.store.batches(epoch)]

    def postings(self, epoch: int) -> list[core.Posting]:
        """All postings of a closed epoch, each once, though it stands in the seal of each of its sides."""
        return [posting for content in self.contents(epoch) for posting in content.postings if not posting.again]

    def epochs(self, before: int | None, limit: int) -> list[int]:
        """Epochs in which something was sealed, newest first."""
        return self.store.sealed_epochs(before, limit)

    def last_epoch(self, batches: int | None = None) -> int | None:
        """The newest epoch in which something was sealed; or was, when there were so many batches."""
        return self.store.last_epoch(batches)

    def seals_of(self, epoch: int) -> list[dict[str, Any]]:
        """Who was sealed in an epoch, with which hash, in which batch of the market's chain."""
        found = []
        for batch in self.store.batches(epoch):
            place = {"epoch": epoch, "number": batch.batch, "market_hash": batch.hash}
            for asset in self._content(batch).assets:
                document = json.loads(self._engine.certificate(self.proof(batch.batch), asset))["document"]
                text = json.dumps(document, sort_keys=True, separators=(",", ":"))
                found.append({"asset_id": asset, "hash": sha256(text.encode()).hexdigest(), "previous": document["previous"], **place})
        return sorted(found, key=lambda seal: seal["asset_id"])

    def certificate(self, asset: str, epoch: int) -> bytes:
        """The certificate of a seal.

        Raises:
            MarketError: The asset is not sealed in this epoch.
        """
        for batch in self.store.batches(epoch, asset):
            if asset in self._content(batch).assets:
                return self._engine.certificate(self.proof(batch.batch), asset)
        raise MarketError(f"{asset} must be sealed in epoch {epoch} to have a certificate, but is not")

    def proof(self, number: int) -> core.Batch:
        """A batch with the hashes of its seals, as when it was sealed."""
        if number not in self._proofs:
            self._follow(number)
        return self._proofs[number]

    def _follow(self, number: int) -> None:
        kept = self.store.snapshot(number)
        chain = (
            core.SealChain.from_snapshot(kept.state)
            if kept
            else core.SealChain(self.store.market, epoch_seconds=self._engine.epoch_seconds)
        )
        key = bytes.fromhex(self.store.public_key)
        for batch in self.store.all_batches(kept.batches + 1 if kept else 1):
            self.remember(chain.follow(batch.document, key))
            if batch.batch == number:
                return
        raise AssertionError(f"batch {number} is in the store")

    def _content(self, batch: Batch) -> core.BatchContent:
        if batch.batch not in self._contents:
            self._contents[batch.batch] = self._engine.read_batch(batch.document)
            while len(self._contents) > CONTENTS_MAX:
                self._contents.popitem(last=False)
        return self._contents[batch.batch]
