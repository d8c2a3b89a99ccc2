"""What the engine answers, as words of the bus."""

from typing import cast

from joulebus_core import market as core
from joulebus_schemas.market.balancing import Kind, Posting

LABEL = "label="
"""Begins the source of a settlement that came with its own tariff segment, so that the segment is sealed with it."""


def posting_word(posting: core.Posting) -> Posting:
    """A posting of the engine."""
    return Posting(
        from_=posting.from_,
        to=posting.to,
        epoch=posting.epoch,
        wh=posting.wh,
        kind=cast(Kind, posting.kind),
        contract_id=posting.contract,
        co2_mg=posting.co2_mg,
        label=label_of(posting.source),
        source=posting.source,
        original_epoch=posting.original_epoch,
    )


def with_label(label: str | None, source: str) -> str | None:
    """The source of a settlement, with its segment in front."""
    return (source if label is None else f"{LABEL}{label} {source}".strip()) or None


def label_of(source: str | None) -> str | None:
    """The segment in a source."""
    return source.split(" ")[0].removeprefix(LABEL) if source and source.startswith(LABEL) else None
