"""All calls of the market, once: what is asked, what is answered, and whether it changes the books."""

from typing import NamedTuple

from joulebus_schemas.market import assets, balancing, changes, contracts, metering, money
from joulebus_schemas.market.base import AskNothing, AskPage, MarketAsk, MarketChange, MarketWord, respelled


class MarketCall(NamedTuple):
    """A procedure of the market."""

    name: str
    """As a file of operations says it; on the bus after ``joulebus.<home>.market.``"""
    ask: type[MarketAsk]
    answer: type[MarketWord]
    changes: bool
    """Whether it needs the right to change the market; each such call that is taken is a revision."""
    summary: str


READING = (
    MarketCall("books.state", AskNothing, assets.BooksState, False, "where the books stand: revision, length of an epoch, public key"),
    MarketCall("books.changes", changes.AskMarketChanges, changes.MarketChanges, False, "who changed what, the last first"),
    MarketCall("asset.get", assets.AskAsset, assets.Asset, False, "an asset and its rule"),
    MarketCall("asset.find", assets.FindAssets, assets.Assets, False, "assets whose name contains a text"),
    MarketCall("metering.last_reading", metering.AskMeter, metering.Reading, False, "the last reading of a meter"),
    MarketCall(
        "balancing.unsealed_balance", balancing.AskBalance, balancing.AssetBalance, False, "what a seal would say, with its postings"
    ),
    MarketCall("balancing.is_sealed", balancing.AskBalance, balancing.IsSealed, False, "whether an asset is sealed in an epoch"),
    MarketCall("balancing.sealed_balance", balancing.AskBalance, balancing.AssetBalance, False, "what a seal says"),
    MarketCall("balancing.balance", balancing.AskBalance, balancing.AssetBalance, False, "sealed when it is sealed, else as it stands"),
    MarketCall("balancing.latest_balances", balancing.AskLatest, balancing.Balances, False, "the last balances, newest first"),
    MarketCall("balancing.postings", balancing.AskPostings, balancing.Postings, False, "all postings of an epoch, page by page"),
    MarketCall("balancing.peers", assets.AskPeers, assets.Peers, False, "who is balanced against an asset"),
    MarketCall("balancing.statements", balancing.AskStatements, balancing.Statements, False, "postings of an asset, the newest first"),
    MarketCall("balancing.certificate", balancing.AskBalance, balancing.Certificate, False, "a seal that can be verified offline"),
    MarketCall("balancing.late", AskPage, balancing.Lates, False, "values that came after their seal and wait for a correction"),
    MarketCall("contract.list", contracts.AskContracts, contracts.Contracts, False, "contracts, and how much of each was served"),
    MarketCall("meritorder.get", contracts.AskOrder, contracts.Order, False, "in which order a seller serves its contracts"),
    MarketCall("tariff.labels", money.AskLabels, money.LabelledEpochs, False, "segment and price, epoch by epoch; the next 24 h"),
    MarketCall("tariff.get_prices", money.AskPrices, money.Prices, False, "the prices that hold in an epoch"),
    MarketCall("tariff.list_prices", AskPage, money.PriceList, False, "all prices and since when they hold"),
    MarketCall("tariff.epoch_duration", AskNothing, money.EpochDuration, False, "how long an epoch is"),
    MarketCall("settlement.retrieve", metering.AskSettlement, metering.Settlement, False, "energy laid over epochs; books nothing"),
    MarketCall("clearing.retrieve", metering.AskClearing, metering.Clearings, False, "energy and money of a meter, epoch by epoch"),
    MarketCall("clearing.csv", metering.AskClearing, metering.CsvText, False, "the same as a table"),
)
CHANGING = (
    MarketCall(
        "books.open", assets.OpenBooks, assets.BooksState, True, "length of an epoch and name of the root, before anything is booked"
    ),
    MarketCall("asset.upsert", assets.Upsert, assets.MarketDone, True, "make an asset, or change it"),
    MarketCall("demometer.populate24h", metering.Populate, metering.Populated, True, "a day of readings of a demo meter"),
    MarketCall("metering.update_reading", metering.UpdateReading, metering.Read, True, "what a meter's counter shows"),
    MarketCall(
        "metering.book_epoch", metering.BookEpoch, metering.BookedEpoch, True, "what meters took and gave in an epoch, from a ledger"
    ),
    MarketCall("balancing.add_settlement", balancing.AddSettlement, balancing.Booked, True, "energy of a meter in an epoch"),
    MarketCall("balancing.seal", balancing.SealAsset, balancing.Sealed, True, "seal an asset in an epoch"),
    MarketCall("balancing.seal_epoch", balancing.SealEpoch, balancing.SealedEpoch, True, "seal an epoch from the meters up to the root"),
    MarketCall("balancing.correct_late", balancing.CorrectLate, balancing.Booked, True, "book a late value in an open epoch"),
    MarketCall("balancing.dismiss_late", balancing.DismissLate, balancing.Dismissed, True, "take a late value off the list"),
    MarketCall(
        "balancing.dismiss_lates", balancing.DismissLates, balancing.DismissedLates, True, "take many late values off the list, and say why"
    ),
    MarketCall("contract.add", contracts.AddContract, contracts.ContractAdded, True, "a contract with a partner"),
    MarketCall("contract.update", contracts.UpdateContract, assets.MarketDone, True, "change a contract"),
    MarketCall("contract.end", contracts.EndContract, assets.MarketDone, True, "end a contract"),
    MarketCall("meritorder.set", contracts.SetOrder, contracts.Order, True, "the whole merit order of a seller"),
    MarketCall("meritorder.add", contracts.MoveContract, contracts.Order, True, "put a contract into the merit order"),
    MarketCall("meritorder.move", contracts.MoveContract, contracts.Order, True, "put a contract at another place"),
    MarketCall("meritorder.remove", contracts.RemoveFromOrder, contracts.Order, True, "serve a contract no more"),
    MarketCall("tariff.set_prices", money.SetPrices, assets.MarketDone, True, "what a kWh costs, from an epoch on"),
    MarketCall("tariff.set_labels", money.SetLabels, assets.MarketDone, True, "which segment holds in which epochs"),
)
CALLS = {call.name: call for call in sorted((*READING, *CHANGING))}
ALSO = {"tariff.prices": "tariff.labels", "tariff.custom_labels": "tariff.set_labels"}
"""Other names of the predecessor."""


assert all(call.changes == issubclass(call.ask, MarketChange) for call in CALLS.values()), "what changes can be asked again safely"


def call_named(name: str) -> MarketCall | None:
    """A call by our name or the predecessor's: balancing.addSettlement is balancing.add_settlement."""
    ours = respelled(name)
    return CALLS.get(ALSO.get(ours, ours))
