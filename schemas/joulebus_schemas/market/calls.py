"""All calls of the market, once: what is asked, what is answered, and whether it changes the books."""

from typing import NamedTuple

from joulebus_schemas.market import assets, balancing, contracts, metering, money
from joulebus_schemas.market.base import AskNothing, MarketAsk, MarketChange, MarketWord, respelled


class Call(NamedTuple):
    """A procedure of the market."""

    name: str
    """As a file of operations says it; on the bus after ``joulebus.<home>.market.``"""
    ask: type[MarketAsk]
    answer: type[MarketWord]
    changes: bool
    """Whether it needs the right to change the market; each such call that is taken is a revision."""
    summary: str


READING = (
    Call("books.state", AskNothing, assets.BooksState, False, "where the books stand: revision, length of an epoch, public key"),
    Call("asset.get", assets.AskAsset, assets.Asset, False, "an asset and its rule"),
    Call("asset.find", assets.FindAssets, assets.Assets, False, "assets whose name contains a text"),
    Call("metering.last_reading", metering.AskMeter, metering.Reading, False, "the last reading of a meter"),
    Call("balancing.unsealed_balance", balancing.AskBalance, balancing.AssetBalance, False, "what a seal would say, with its postings"),
    Call("balancing.is_sealed", balancing.AskBalance, balancing.IsSealed, False, "whether an asset is sealed in an epoch"),
    Call("balancing.sealed_balance", balancing.AskBalance, balancing.AssetBalance, False, "what a seal says"),
    Call("balancing.balance", balancing.AskBalance, balancing.AssetBalance, False, "sealed when it is sealed, else as it stands"),
    Call("balancing.latest_balances", balancing.AskLatest, balancing.Balances, False, "the last balances, newest first"),
    Call("balancing.postings", balancing.AskPostings, balancing.Postings, False, "all postings of an epoch, page by page"),
    Call("balancing.peers", assets.AskAsset, assets.Peers, False, "who is balanced against an asset"),
    Call("balancing.statements", balancing.AskStatements, balancing.Statements, False, "all postings, with a running balance"),
    Call("balancing.certificate", balancing.AskBalance, balancing.Certificate, False, "a seal that can be verified offline"),
    Call("balancing.late", AskNothing, balancing.Lates, False, "values that came after their seal and wait for a correction"),
    Call("contract.list", contracts.AskContracts, contracts.Contracts, False, "contracts, and how much of each was served"),
    Call("meritorder.get", contracts.AskOrder, contracts.Order, False, "in which order a seller serves its contracts"),
    Call("tariff.labels", money.AskLabels, money.LabelledEpochs, False, "segment and price, epoch by epoch; the next 24 h"),
    Call("tariff.get_prices", money.AskPrices, money.Prices, False, "the prices that hold in an epoch"),
    Call("tariff.list_prices", AskNothing, money.PriceList, False, "all prices and since when they hold"),
    Call("tariff.epoch_duration", AskNothing, money.EpochDuration, False, "how long an epoch is"),
    Call("settlement.retrieve", metering.AskSettlement, metering.Settlement, False, "energy laid over epochs; books nothing"),
    Call("clearing.retrieve", metering.AskClearing, metering.Clearings, False, "energy and money of a meter, epoch by epoch"),
    Call("clearing.csv", metering.AskClearing, metering.CsvText, False, "the same as a table"),
)
CHANGING = (
    Call("books.open", assets.OpenBooks, assets.BooksState, True, "length of an epoch and name of the root, before anything is booked"),
    Call("asset.upsert", assets.Upsert, assets.MarketDone, True, "make an asset, or change it"),
    Call("demometer.populate24h", metering.Populate, metering.Populated, True, "a day of readings of a demo meter"),
    Call("metering.update_reading", metering.UpdateReading, metering.Read, True, "what a meter's counter shows"),
    Call("metering.book_epoch", metering.BookEpoch, metering.BookedEpoch, True, "what meters took and gave in an epoch, from a ledger"),
    Call("balancing.add_settlement", balancing.AddSettlement, balancing.Booked, True, "energy of a meter in an epoch"),
    Call("balancing.seal", balancing.SealAsset, balancing.Sealed, True, "seal an asset in an epoch"),
    Call("balancing.seal_epoch", balancing.SealEpoch, balancing.SealedEpoch, True, "seal an epoch from the meters up to the root"),
    Call("balancing.correct_late", balancing.CorrectLate, balancing.Booked, True, "book a late value in an open epoch"),
    Call("balancing.dismiss_late", balancing.DismissLate, balancing.Dismissed, True, "take a late value off the list"),
    Call("contract.add", contracts.AddContract, contracts.ContractAdded, True, "a contract with a partner"),
    Call("contract.update", contracts.UpdateContract, assets.MarketDone, True, "change a contract"),
    Call("contract.end", contracts.EndContract, assets.MarketDone, True, "end a contract"),
    Call("meritorder.set", contracts.SetOrder, contracts.Order, True, "the whole merit order of a seller"),
    Call("meritorder.add", contracts.MoveContract, contracts.Order, True, "put a contract into the merit order"),
    Call("meritorder.move", contracts.MoveContract, contracts.Order, True, "put a contract at another place"),
    Call("meritorder.remove", contracts.RemoveFromOrder, contracts.Order, True, "serve a contract no more"),
    Call("tariff.set_prices", money.SetPrices, assets.MarketDone, True, "what a kWh costs, from an epoch on"),
    Call("tariff.set_labels", money.SetLabels, assets.MarketDone, True, "which segment holds in which epochs"),
)
CALLS = {call.name: call for call in sorted((*READING, *CHANGING))}
ALSO = {"tariff.prices": "tariff.labels", "tariff.custom_labels": "tariff.set_labels"}
"""Other names of the predecessor."""


assert all(call.changes == issubclass(call.ask, MarketChange) for call in CALLS.values()), "what changes can be asked again safely"


def call_named(name: str) -> Call | None:
    """A call by our name or the predecessor's: balancing.addSettlement is balancing.add_settlement."""
    ours = respelled(name)
    return CALLS.get(ALSO.get(ours, ours))
