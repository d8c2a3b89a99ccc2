"""Assets: meters, balancing points and groups, and the rules that say against whom each is balanced."""

from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus_schemas.base import Integer
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.market.base import (
    PAGE_MAX,
    AssetId,
    Count,
    Epoch,
    EpochNumber,
    MarketAsk,
    MarketChange,
    MarketPage,
    MarketWord,
    Revision,
    Total,
    also,
)
from joulebus_schemas.market.examples import example_of

AssetType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$", description="meter, balance, debit … : what it is")]


class Rule(MarketWord):
    """Against whom an asset is balanced. A rule with one side serves both directions of a group's residual."""

    from_: Annotated[AssetId | None, Field(alias="from", description="who delivers what it lacks")] = None
    to: Annotated[AssetId | None, Field(description="who takes what it has too much")] = None
    updated: Annotated[Integer | None, Field(description="when the predecessor's user interface wrote it; not used")] = None


class Upsert(MarketChange):
    """Make an asset, or change it; what is left out stays."""

    model_config = example_of("Upsert")

    asset_id: AssetId
    type: AssetType = "balance"
    balance_rule: Annotated[Rule | None, also("balancerule", "rule"), Field(description="replaces the whole rule")] = None
    client_meta: Annotated[
        dict[str, Any] | None, also("meta"), Field(max_length=1_000, description="any JSON about it; kept, never read")
    ] = None
    sums: Annotated[
        tuple[AssetId, ...] | None,
        Field(strict=False, max_length=10_000, description="of a summing meter: the meters whose sum it shows; it books nothing"),
    ] = None
    from_epoch: Annotated[
        Epoch | None,
        Field(
            description="first epoch in which the rule or the members hold, after the last sealed one; left out: of a new asset all, "
            "else the next epoch in which nothing is booked"
        ),
    ] = None
    balance_updated: Annotated[Integer | None, Field(description="of the predecessor, when it counted a balance last; not used")] = None


class AskAsset(MarketAsk):
    """An asset by name."""

    model_config = example_of("AskAsset")

    asset_id: AssetId
    type: Annotated[AssetType | None, Field(description="what it is: meter, balance …")] = None


class FindAssets(MarketPage):
    """Assets whose name contains a text; empty finds all. MarketPage by page, sorted by name."""

    model_config = example_of("FindAssets")

    q: Annotated[str, Field(max_length=128, description="a part of the name")] = ""
    type: Annotated[AssetType | None, Field(description="what it is: meter, balance …")] = None


class PastRule(MarketWord):
    """What held before: against whom an asset was balanced, or which meters it summed."""

    until_epoch: Annotated[EpochNumber, Field(description="first epoch in which it holds no more")]
    balance_rule: Annotated[Rule, Field(description="against whom it was balanced")]
    sums: Annotated[tuple[AssetId, ...], Field(strict=False, max_length=10_000, description="of a summing meter: its members")] = ()


class Asset(MarketWord):
    """What is known about an asset."""

    model_config = example_of("Asset")

    asset_id: AssetId
    type: AssetType
    balance_rule: Annotated[Rule, Field(description="against whom it is balanced, after all changes that are set")]
    client_meta: Annotated[dict[str, Any], Field(max_length=1_000, description="any JSON about it")] = Field(default_factory=dict)
    sums: Annotated[tuple[AssetId, ...], Field(strict=False, max_length=10_000, description="of a summing meter: its members")] = ()
    past: Annotated[
        tuple[PastRule, ...], Field(strict=False, max_length=100, description="what held before, oldest first; the last hundred")
    ] = ()


class Assets(MarketWord):
    """Assets, by name."""

    model_config = example_of("Assets")

    assets: Annotated[tuple[Asset, ...], Field(strict=False, max_length=PAGE_MAX, description="sorted by name")]
    total: Total


class MarketDone(MarketWord):
    """Done; the market is at this revision now."""

    model_config = example_of("MarketDone")

    status: Annotated[Literal["ok"], Field(description="done")] = "ok"
    revision: Revision


class AskPeers(MarketPage):
    """Who is balanced against an asset, page by page."""

    model_config = example_of("AskPeers")

    asset_id: AssetId


class Peer(MarketWord):
    """An asset that is balanced against another one."""

    asset_id: AssetId
    type: AssetType
    feeds: Annotated[bool, Field(description="it delivers to the other (its rule says to)")]
    draws: Annotated[bool, Field(description="the other delivers to it (its rule says from)")]


class Peers(MarketWord):
    """Who is balanced against an asset."""

    model_config = example_of("Peers")

    asset_id: AssetId
    peers: Annotated[tuple[Peer, ...], Field(strict=False, max_length=PAGE_MAX, description="sorted by name")]
    total: Total


class OpenBooks(MarketChange):
    """The first word of a market: how long its epochs are and what its root group is called."""

    model_config = example_of("OpenBooks")

    epoch_seconds: Annotated[int, Field(ge=1, le=86_400, description="s; divides a day")] = EPOCH_SECONDS
    root: AssetId = "eaf_generic_balancegroup"


class LedgerFollowed(MarketWord):
    """How far the market of a living home has taken its ledger in."""

    record: Annotated[Count, Field(description="last record of the home's journal that is booked")]
    behind_records: Annotated[Count, Field(description="records that are not booked yet, as far as is known")] = 0
    next_epoch: Annotated[EpochNumber | None, Field(description="the first epoch that the ledger has not booked yet")] = None
    trouble: Annotated[str | None, Field(max_length=2_000, description="what could not be done, and why; null: nothing")] = None
    notes: Annotated[
        tuple[Annotated[str, Field(max_length=500)], ...],
        Field(strict=False, max_length=100, description="where the market differs from the home file, and stays so"),
    ] = ()


class BooksState(MarketWord):
    """Where the books stand."""

    model_config = example_of("BooksState")

    market: Annotated[str, Field(max_length=64, description="name of the market")]
    revision: Revision
    epoch_seconds: Annotated[Count, Field(description="s; length of an epoch")]
    root: AssetId
    assets: Annotated[Count, Field(description="how many there are")]
    contracts: Annotated[Count, Field(description="how many there are")]
    sealed: Annotated[Count, Field(description="seals so far: one an asset and epoch")]
    head: Annotated[str, Field(max_length=64, description="hash of the last sealed batch; 64 zeros before the first")]
    public_key: Annotated[str, Field(max_length=64, description="Ed25519, hex: what certificates are verified with")]
    late: Annotated[Count, Field(description="values that came after their seal and wait for a correction")] = 0
    ledger: Annotated[LedgerFollowed | None, Field(description="of a living home; null: a market without a home")] = None
