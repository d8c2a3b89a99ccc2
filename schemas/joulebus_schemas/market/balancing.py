"""Balances and seals: what an asset took and gave in an epoch, against whom it was balanced, and the proof of it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus_schemas.base import INTEGER_MAX
from joulebus_schemas.market.base import (
    PAGE_MAX,
    ROWS_MAX,
    SHOWN_BESIDE_MAX,
    TEXT_MAX,
    AssetId,
    ContractId,
    Count,
    Epoch,
    EpochNumber,
    Label,
    MarketAsk,
    MarketChange,
    MarketPage,
    MarketWord,
    Milligrams,
    Reason,
    Revision,
    Source,
    Status,
    Total,
    WattHours,
    WattHoursUp,
    also,
)
from joulebus_schemas.market.examples import example_of
from joulebus_schemas.rounds import Hash

Kind = Literal["meter", "residual", "contract", "counter", "correction"]


class Posting(MarketWord):
    """Energy from one asset to another in an epoch."""

    from_: Annotated[AssetId, Field(alias="from")]
    to: AssetId
    epoch: EpochNumber
    wh: WattHoursUp
    kind: Annotated[Kind, Field(description="why it was booked")]
    contract_id: Annotated[ContractId | None, Field(description="of contract and counter postings")] = None
    co2_mg: Milligrams = 0
    label: Annotated[Label | None, Field(description="tariff segment, such as virtual_1")] = None
    source: Annotated[Source | None, Field(description="where the value comes from")] = None
    original_epoch: Annotated[EpochNumber | None, Field(description="of a correction: the sealed epoch that it belongs to")] = None


class AddSettlement(MarketChange):
    """Book the energy of a meter in an epoch; its rule says against whom, a negative amount turns the direction."""

    model_config = example_of("AddSettlement")

    meter_id: Annotated[AssetId, also("assetId", "asset_id")]
    epoch: Epoch
    wh: Annotated[WattHours, also("consumption", "energy", "consumption_wh")]
    label: Annotated[Label | None, Field(description="tariff segment, such as virtual_1")] = None
    co2_mg: Annotated[Milligrams, also("co2eq")] = 0
    source: Source = ""
    autoseal: Annotated[
        bool, Field(description="of the predecessor; sealing is asked for with balancing.seal and never happens by the way")
    ] = False


class Booked(MarketWord):
    """What became of a settlement."""

    model_config = example_of("Booked")

    status: Annotated[Status, Field(description="ok; late: the epoch is sealed, so it waits in the list of late values")]
    revision: Revision
    reason: Annotated[Reason | None, Field(description="why it is late")] = None
    late: Annotated[Count | None, Field(description="number in the list of late values")] = None
    postings: Annotated[tuple[Posting, ...], Field(strict=False, max_length=ROWS_MAX, description="in canonical order")] = ()


class Late(MarketWord):
    """A value that came after its seal."""

    number: Annotated[Count, Field(description="in the list of late values")]
    meter_id: AssetId
    epoch: EpochNumber
    wh: WattHours
    direction: Annotated[
        Literal["import", "export"] | None, Field(description="of the meter; left out: its rule and the sign say the direction")
    ] = None
    label: Annotated[Label | None, Field(description="tariff segment, such as virtual_1")] = None
    co2_mg: Milligrams = 0
    source: Annotated[Source | None, Field(description="where the value comes from")] = None


class Lates(MarketWord):
    """Values that wait for a correction."""

    model_config = example_of("Lates")

    late: Annotated[tuple[Late, ...], Field(strict=False, max_length=PAGE_MAX, description="by number")]
    total: Total


class CorrectLate(MarketChange):
    """Book a late value in an open epoch; the correction names the epoch that it belongs to."""

    model_config = example_of("CorrectLate")

    number: Annotated[int, Field(ge=1, le=INTEGER_MAX, description="of the late value: balancing.late")]
    epoch: Annotated[Epoch, Field(description="an open one")]


class DismissLate(MarketChange):
    """Take a late value off the list without booking it."""

    model_config = example_of("DismissLate")

    number: Annotated[int, Field(ge=1, le=INTEGER_MAX, description="of the late value: balancing.late")]
    reason: Annotated[str | None, Field(min_length=1, max_length=500, description="why; books.changes tells it")] = None


class DismissLates(MarketChange):
    """Take many late values off the list without booking them: all that every filter lets through; one filter must be said."""

    model_config = example_of("DismissLates")

    reason: Annotated[str, Field(min_length=1, max_length=500, description="why; books.changes tells it")]
    meter_id: Annotated[AssetId | None, also("assetId", "asset_id"), Field(description="only of this meter")] = None
    from_epoch: Annotated[Epoch | None, Field(description="only of this epoch and later ones")] = None
    until_epoch: Annotated[Epoch | None, Field(description="only of epochs before this one")] = None
    from_number: Annotated[int | None, Field(ge=1, le=INTEGER_MAX, description="only with this number on the list, or later ones")] = None
    until_number: Annotated[int | None, Field(ge=1, le=INTEGER_MAX, description="only with numbers before this one")] = None


class DismissedLates(MarketWord):
    """They are off the list."""

    model_config = example_of("DismissedLates")

    status: Status = "ok"
    dismissed: Annotated[Count, Field(description="how many were taken off")]
    late: Annotated[tuple[Late, ...], Field(strict=False, max_length=SHOWN_BESIDE_MAX, description="the first of them, by number")] = ()
    left: Annotated[Count, Field(description="how many are still on the list")]
    revision: Revision


class Dismissed(MarketWord):
    """It is off the list."""

    model_config = example_of("Dismissed")

    status: Status = "ok"
    late: Annotated[Late, Field(description="what was taken off")]
    revision: Revision


class AskBalance(MarketAsk):
    """An asset in an epoch."""

    model_config = example_of("AskBalance")

    asset_id: Annotated[AssetId, also("meterId", "meter_id")]
    epoch: Epoch


class AskPostings(MarketPage):
    """The postings of an epoch, page by page."""

    model_config = example_of("AskPostings")

    epoch: Epoch
    asset_id: Annotated[AssetId | None, Field(description="a meter, a group or a partner; left out: all")] = None


class Postings(MarketWord):
    """Postings of an epoch, in canonical order."""

    model_config = example_of("Postings")

    epoch: EpochNumber
    total: Annotated[Count, Field(description="how many there are")]
    postings: Annotated[tuple[Posting, ...], Field(strict=False, max_length=ROWS_MAX, description="in canonical order")]


class AskLatest(MarketAsk):
    """The last balances of an asset, newest first."""

    model_config = example_of("AskLatest")

    asset_id: AssetId
    n: Annotated[int, Field(ge=1, le=1000, description="how many")] = 1
    before: Annotated[Epoch | None, Field(description="only epochs before this one")] = None


class AskStatements(MarketAsk):
    """The postings of an asset, newest first and page by page: the next page begins where the last one says."""

    model_config = example_of("AskStatements")

    asset_id: AssetId
    epoch: Annotated[Epoch | None, Field(description="one epoch; left out: all, or those of from_epoch and until_epoch")] = None
    from_epoch: Annotated[Epoch | None, Field(description="first epoch")] = None
    until_epoch: Annotated[Epoch | None, Field(description="first epoch that is not asked for")] = None
    skip: Annotated[Count, Field(description="lines of the newest epoch that are not asked for")] = 0
    most: Annotated[int, Field(ge=1, le=PAGE_MAX, description="lines at most")] = 1_000


class AssetBalance(MarketWord):
    """What an asset took and gave in an epoch, and how it is balanced."""

    model_config = example_of("AssetBalance")

    asset_id: AssetId
    epoch: EpochNumber
    sealed: Annotated[bool, Field(description="whether it is sealed, and so for ever")]
    in_wh: WattHoursUp
    out_wh: WattHoursUp
    net_wh: Annotated[WattHours, Field(description="Wh; in less out")]
    open_wh: Annotated[WattHours, Field(description="Wh; what the seal will balance with the upstream; positive: a surplus")] = 0
    upstream_from: Annotated[AssetId | None, Field(description="who delivers what it lacks; sealed: who did, null: nobody had to")] = None
    upstream_to: Annotated[AssetId | None, Field(description="who takes what it has too much; sealed: who did, null: nobody had to")] = None
    internal_wh: Annotated[WattHoursUp, Field(description="Wh served inside of the group")] = 0
    bought_wh: Annotated[dict[AssetId, WattHoursUp], Field(max_length=ROWS_MAX, description="Wh by upstream: external")] = Field(
        default_factory=dict
    )
    sold_wh: Annotated[dict[AssetId, WattHoursUp], Field(max_length=ROWS_MAX, description="Wh by upstream: external")] = Field(
        default_factory=dict
    )
    co2_mg: Annotated[Milligrams, Field(description="mg of CO2; in less out")] = 0
    postings: Annotated[
        tuple[Posting, ...], Field(strict=False, max_length=SHOWN_BESIDE_MAX, description="the first ones; balancing.postings has them all")
    ] = ()
    postings_total: Total = 0
    proposed: Annotated[
        tuple[Posting, ...], Field(strict=False, max_length=SHOWN_BESIDE_MAX, description="what a seal would add, the first ones")
    ] = ()


class Balances(MarketWord):
    """Balances, newest first."""

    model_config = example_of("Balances")

    asset_id: AssetId
    balances: Annotated[tuple[AssetBalance, ...], Field(strict=False, max_length=1000, description="newest first")]
    next_before: Annotated[EpochNumber | None, Field(description="`before` of the next page; null: there are no older ones")] = None


class AssetSeal(MarketWord):
    """The proof of an asset's postings in an epoch, chained to its seal before and to the market's."""

    asset_id: AssetId
    epoch: EpochNumber
    hash: Annotated[Hash, Field(description="SHA-256 of the sealed document")]
    number: Annotated[Count | None, Field(description="of the batch in the market's chain")] = None


class Sealed(MarketWord):
    """What became of a wish to seal."""

    model_config = example_of("Sealed")

    status: Annotated[Status, Field(description="sealed, already_sealed, upstream_sealed, partner_sealed, vetoed")]
    asset_id: AssetId
    epoch: EpochNumber
    reason: Annotated[Reason | None, Field(description="why it was not sealed")] = None
    warnings: Annotated[
        tuple[Reason, ...], Field(strict=False, max_length=ROWS_MAX, description="what one should know, such as children that are open")
    ] = ()
    seal: Annotated[AssetSeal | None, Field(description="the proof; of already_sealed the old one")] = None
    postings: Annotated[
        tuple[Posting, ...], Field(strict=False, max_length=ROWS_MAX, description="that sealing has added, the first ones of many")
    ] = ()
    revision: Revision


class SealAsset(MarketChange):
    """Seal an asset in an epoch."""

    model_config = example_of("SealAsset")

    asset_id: Annotated[AssetId, also("meterId", "meter_id")]
    epoch: Epoch
    reason: Annotated[str | None, Field(max_length=200, description="why, as the changes of the market keep it beside who asked")] = None


class SealEpoch(MarketChange):
    """Seal all assets of an epoch, from the meters up to the root."""

    model_config = example_of("SealEpoch")

    epoch: Epoch


class SealedEpoch(MarketWord):
    """An epoch that was sealed as a whole."""

    model_config = example_of("SealedEpoch")

    status: Annotated[Status, Field(description="sealed, already_sealed or vetoed")]
    epoch: EpochNumber
    reason: Annotated[Reason | None, Field(description="why it was not sealed")] = None
    seals: Annotated[Count, Field(description="how many assets were sealed")]
    refused: Annotated[
        tuple[Reason, ...], Field(strict=False, max_length=ROWS_MAX, description="who was not sealed, and why; the first ones of many")
    ] = ()
    skipped: Annotated[
        tuple[ContractId, ...], Field(strict=False, max_length=ROWS_MAX, description="contracts that close a circle and were not served")
    ] = ()
    head: Annotated[str, Field(max_length=64, description="the market's chain after it")]
    revision: Revision


class IsSealed(MarketWord):
    """Whether an asset is sealed in an epoch."""

    model_config = example_of("IsSealed")

    asset_id: AssetId
    epoch: EpochNumber
    sealed: Annotated[bool, Field(description="whether it is sealed, and so for ever")]


class Certificate(MarketWord):
    """A seal with all that is needed to verify it offline: `joulebus verify FILE`."""

    model_config = example_of("Certificate")

    certificate: Annotated[dict[str, Any], Field(max_length=16, description="as JSON")]
    text: Annotated[str, Field(max_length=TEXT_MAX, description="the same in its canonical form, as it goes into a QR code")]


class StatementPlace(MarketWord):
    """Where the next page begins."""

    until_epoch: EpochNumber
    skip: Annotated[Count, Field(description="lines of its newest epoch that were on this page")] = 0


class StatementLine(MarketWord):
    """A posting, as one of its two sides sees it."""

    posting: Annotated[Posting, Field(description="as it was booked")]
    peer: Annotated[AssetId, Field(description="the other side")]
    wh: Annotated[WattHours, Field(description="Wh; positive came in, negative went out")]
    running_wh: Annotated[WattHours, Field(description="Wh; of the lines of this page up to this one, from the oldest on")]


class Statements(MarketWord):
    """Postings of an asset: a page of them."""

    model_config = example_of("Statements")

    asset_id: AssetId
    lines: Annotated[tuple[StatementLine, ...], Field(strict=False, max_length=PAGE_MAX, description="newest first")]
    net_wh: Annotated[WattHours, Field(description="Wh; the sum of the lines of this page")]
    next: Annotated[StatementPlace | None, Field(description="where the next page begins; null: there are no older lines")] = None
