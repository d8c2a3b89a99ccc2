"""Contracts (PPAs) and the merit order in which a seller serves them."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from joulebus_schemas.base import Integer
from joulebus_schemas.market.base import (
    PAGE_MAX,
    ROWS_MAX,
    AssetId,
    ContractId,
    Direction,
    Epoch,
    EpochNumber,
    MarketChange,
    MarketPage,
    MarketWord,
    Revision,
    Total,
    WattHoursUp,
    Watts,
    also,
)
from joulebus_schemas.market.examples import example_of

ContractStatus = Annotated[Literal["active", "inactive", "ended"], Field(description="only active contracts are served")]
Priority = Annotated[int, Field(ge=-1_000_000, le=1_000_000, description="the lowest is served first; of equals the first by name")]
EpochEnergy = Annotated[WattHoursUp, Field(description="Wh; most in an epoch")]
TotalEnergy = Annotated[WattHoursUp, Field(description="Wh; most in all")]
LoadMin = Annotated[Watts, Field(description="W; below this average nothing is served in an epoch")]
LoadMax = Annotated[Watts, Field(description="W; above this average nothing more is served in an epoch")]


class TermsChange(MarketChange):
    """A change of terms, or of their order, from an epoch on; what held before holds for what is before."""

    holds_from: Annotated[
        Epoch | None,
        Field(
            description="first epoch in which the change holds, after the last sealed one; left out: the next in which nothing is booked"
        ),
    ] = None


class CountedFields(MarketChange):
    """What the predecessor sends along, and the market counts itself: nothing of it has happened yet, or it would be invented."""

    balanced: Annotated[Integer | None, Field(description="of the predecessor: what was served so far; 0, or left out")] = None
    fulfillment: Annotated[Integer | None, Field(description="of the predecessor: how much of it was served; 0, or left out")] = None
    last_cleared_epoch: Annotated[Integer | None, Field(description="of the predecessor: 0, or left out")] = None

    @field_validator("balanced", "fulfillment", "last_cleared_epoch")
    @classmethod
    def only_nothing(cls, value: int | None, info: ValidationInfo) -> int | None:
        """0 says what is so anyway."""
        if value:
            raise ValueError(f"{info.field_name} is counted by the market itself, so it must be 0 or left out, but was {value}")
        return value


class AddContract(CountedFields):
    """A contract of an asset with a partner."""

    model_config = example_of("AddContract")

    contract_id: Annotated[ContractId | None, Field(description="left out: the next free name")] = None
    asset_id: AssetId
    partner_id: AssetId
    direction: Direction
    status: ContractStatus = "active"
    priority: Annotated[Priority | None, Field(description="left out: behind those that are there")] = None
    energy: Annotated[EpochEnergy | None, also("energy_wh", "energy_per_epoch_wh"), Field(description="Wh; most in an epoch")] = None
    total_energy: Annotated[TotalEnergy | None, also("total_wh", "total"), Field(description="Wh; most in all")] = None
    load_min: Annotated[
        LoadMin | None, also("load_min_watts"), Field(description="W; below this average nothing is served in an epoch")
    ] = None
    load_max: Annotated[
        LoadMax | None, also("load_max_watts"), Field(description="W; above this average nothing more is served in an epoch")
    ] = None
    valid_from: Annotated[Epoch | None, also("from_epoch"), Field(description="first epoch in which it is served")] = None
    valid_until: Annotated[Epoch | None, also("until_epoch"), Field(description="first epoch in which it is served no more")] = None


class UpdateContract(CountedFields, TermsChange):
    """Change a contract from an epoch on; what is left out stays. Epochs that are sealed are never touched."""

    model_config = example_of("UpdateContract")

    contract_id: ContractId
    status: Annotated[ContractStatus | None, Field(description="only active contracts are served")] = None
    priority: Annotated[Priority | None, Field(description="the lowest is served first")] = None
    energy: Annotated[EpochEnergy | None, also("energy_wh", "energy_per_epoch_wh"), Field(description="Wh; most in an epoch")] = None
    total_energy: Annotated[TotalEnergy | None, also("total_wh", "total"), Field(description="Wh; most in all")] = None
    load_min: Annotated[
        LoadMin | None, also("load_min_watts"), Field(description="W; below this average nothing is served in an epoch")
    ] = None
    load_max: Annotated[
        LoadMax | None, also("load_max_watts"), Field(description="W; above this average nothing more is served in an epoch")
    ] = None
    valid_from: Annotated[Epoch | None, also("from_epoch"), Field(description="first epoch in which it is served")] = None
    valid_until: Annotated[Epoch | None, also("until_epoch"), Field(description="first epoch in which it is served no more")] = None


class EndContract(TermsChange):
    """End a contract: it is valid until an epoch, or of status ended from one on."""

    model_config = example_of("EndContract")

    contract_id: ContractId
    epoch: Annotated[
        Epoch | None, Field(description="first epoch in which it is valid no more; left out: its status is ended, see holds_from")
    ] = None


class AskContracts(MarketPage):
    """Contracts of an asset, as seller or partner; left out: all. MarketPage by page."""

    model_config = example_of("AskContracts")

    asset_id: Annotated[AssetId | None, Field(description="a meter, a group or a partner; left out: all")] = None


class Contract(MarketWord):
    """A contract and how much of it was served."""

    contract_id: ContractId
    asset_id: AssetId
    partner_id: AssetId
    direction: Direction
    status: ContractStatus
    priority: Annotated[Priority | None, Field(description="none: taken out of the merit order")]
    energy: Annotated[EpochEnergy | None, Field(description="Wh; most in an epoch")] = None
    total_energy: Annotated[TotalEnergy | None, Field(description="Wh; most in all")] = None
    load_min: Annotated[LoadMin | None, Field(description="W; below this average nothing is served in an epoch")] = None
    load_max: Annotated[LoadMax | None, Field(description="W; above this average nothing more is served in an epoch")] = None
    valid_from: Annotated[EpochNumber | None, Field(description="first epoch in which it is served")] = None
    valid_until: Annotated[EpochNumber | None, Field(description="first epoch in which it is served no more")] = None
    balanced: Annotated[WattHoursUp, Field(description="Wh served so far, in sealed epochs")] = 0


class PastTerms(MarketWord):
    """The terms that a contract had before."""

    until_epoch: Annotated[EpochNumber, Field(description="first epoch in which they hold no more")]
    status: ContractStatus
    priority: Annotated[Priority | None, Field(description="none: taken out of the merit order")]
    energy: Annotated[EpochEnergy | None, Field(description="Wh; most in an epoch")] = None
    total_energy: Annotated[TotalEnergy | None, Field(description="Wh; most in all")] = None
    load_min: Annotated[LoadMin | None, Field(description="W; below this average nothing is served in an epoch")] = None
    load_max: Annotated[LoadMax | None, Field(description="W; above this average nothing more is served in an epoch")] = None
    valid_from: Annotated[EpochNumber | None, Field(description="first epoch in which it is served")] = None
    valid_until: Annotated[EpochNumber | None, Field(description="first epoch in which it is served no more")] = None


class ListedContract(Contract):
    """A contract as it is after all changes that are set, and the terms that it had before."""

    past: Annotated[
        tuple[PastTerms, ...], Field(strict=False, max_length=100, description="what held before, oldest first; the last hundred")
    ] = ()


class ContractAdded(MarketWord):
    """The contract has this name."""

    model_config = example_of("ContractAdded")

    status: Literal["ok"] = Field(default="ok", description="done")
    contract_id: ContractId
    revision: Revision


class Contracts(MarketWord):
    """Contracts, in the order in which they are served."""

    model_config = example_of("Contracts")

    contracts: Annotated[
        tuple[ListedContract, ...], Field(strict=False, max_length=PAGE_MAX, description="in the order in which they are served")
    ]
    total: Total


class AskOrder(MarketPage):
    """The merit order of a seller, page by page."""

    model_config = example_of("AskOrder")

    asset_id: AssetId


class SetOrder(TermsChange):
    """The whole merit order of a seller: contracts in the order in which they are served; those that are not named are removed from it."""

    model_config = example_of("SetOrder")

    asset_id: AssetId
    contracts: Annotated[
        tuple[ContractId, ...], Field(strict=False, max_length=ROWS_MAX, description="the first is served first"), also("mol")
    ]


class MoveContract(TermsChange):
    """Put a contract at a place of its seller's merit order; the others keep their order."""

    model_config = example_of("MoveContract")

    asset_id: AssetId
    contract_id: ContractId
    place: Annotated[int | None, Field(ge=0, le=100_000, description="0 is served first; left out: last")] = None


class RemoveFromOrder(TermsChange):
    """Take a contract out of the merit order; it is served no more until it is added again."""

    model_config = example_of("RemoveFromOrder")

    asset_id: AssetId
    contract_id: ContractId


class Order(MarketWord):
    """A merit order."""

    model_config = example_of("Order")

    asset_id: AssetId
    contracts: Annotated[
        tuple[Contract, ...], Field(strict=False, max_length=PAGE_MAX, description="in the order in which they are served")
    ]
    total: Total
    revision: Revision
