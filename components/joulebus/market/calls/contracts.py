"""contract.* and meritorder.*."""

from typing import Any

from joulebus.errors import MarketError
from joulebus.market.books import Handler, MarketBooks
from joulebus.market.calls.assets import PAST_MAX
from joulebus.market.calls.pages import page_of
from joulebus_core import market as core
from joulebus_schemas.market import contracts as words
from joulebus_schemas.market.assets import MarketDone

LIMIT_NAMES = {"energy": "epoch_wh_max", "total_energy": "total_wh_max", "load_min": "load_watts_min", "load_max": "load_watts_max"}
"""Our names, and those of the engine."""


def add_contract(books: MarketBooks, ask: words.AddContract) -> words.ContractAdded:
    """A new contract, behind the others unless its priority differs."""
    priority = ask.priority
    if priority is None:
        priority = (
            max((one.priority or 0 for one in books.engine.merit_order(ask.asset_id)), default=-1) + 1
            if books.engine.asset(ask.asset_id)
            else 0
        )
    made = books.engine.add_contract(
        ask.asset_id, ask.partner_id, ask.direction, id=ask.contract_id, priority=priority, status=ask.status, **_fields(books, ask)
    )
    return words.ContractAdded(contract_id=made.id, revision=books.revision)


def update(books: MarketBooks, ask: words.UpdateContract) -> MarketDone:
    """Change what is named."""
    books.contract(ask.contract_id)
    since = _since(books, ask)
    plain = {name: getattr(ask, name) for name in ("status", "priority") if name in ask.model_fields_set}
    books.engine.update_contract(ask.contract_id, holds_from=since, **plain, **_fields(books, ask))
    return MarketDone(revision=books.revision)


def end(books: MarketBooks, ask: words.EndContract) -> MarketDone:
    """Serve it no more.

    Raises:
        MarketError: Two epochs were given.
    """
    books.contract(ask.contract_id)
    if ask.epoch is not None and ask.holds_from is not None:
        raise MarketError(
            f"contract.end must be given epoch or holds_from, but was given both, {ask.epoch} and {ask.holds_from}; leave holds_from out"
        )
    if ask.epoch is None:
        books.engine.update_contract(ask.contract_id, holds_from=_since(books, ask), status="ended")
    else:
        books.engine.end_contract(ask.contract_id, books.epoch(ask.epoch))
    return MarketDone(revision=books.revision)


def listing(books: MarketBooks, ask: words.AskContracts) -> words.Contracts:
    """All, or those of an asset on either side."""
    found = [one for one in books.engine.contracts() if ask.asset_id in (None, one.seller, one.partner)]
    return words.Contracts(contracts=page_of(found, ask, listed), total=len(found))


def get_order(books: MarketBooks, ask: words.AskOrder) -> words.Order:
    """In the order in which they are served."""
    books.known(ask.asset_id)
    found = books.engine.merit_order(ask.asset_id)
    return words.Order(asset_id=ask.asset_id, contracts=page_of(found, ask, contract_word), total=len(found), revision=books.revision)


def set_order(books: MarketBooks, ask: words.SetOrder) -> words.Order:
    """The whole list.

    Raises:
        MarketError: A contract belongs to another seller.
    """
    books.known(ask.asset_id)
    for contract in ask.contracts:
        _of(books, ask.asset_id, contract)
    books.engine.set_merit_order(ask.asset_id, list(ask.contracts), holds_from=_since(books, ask))
    return get_order(books, words.AskOrder(asset_id=ask.asset_id))


def move(books: MarketBooks, ask: words.MoveContract) -> words.Order:
    """To a place; also one that was taken out.

    Raises:
        MarketError: The contract belongs to another seller.
    """
    _of(books, ask.asset_id, ask.contract_id)
    order = [one.id for one in books.engine.merit_order(ask.asset_id, epoch=_since(books, ask)) if one.id != ask.contract_id]
    order.insert(len(order) if ask.place is None else ask.place, ask.contract_id)
    return set_order(books, words.SetOrder(asset_id=ask.asset_id, contracts=tuple(order), holds_from=ask.holds_from))


def remove(books: MarketBooks, ask: words.RemoveFromOrder) -> words.Order:
    """Out of the order; the contract stays.

    Raises:
        MarketError: The contract belongs to another seller.
    """
    _of(books, ask.asset_id, ask.contract_id)
    books.engine.unrank_contract(ask.contract_id, holds_from=_since(books, ask))
    return get_order(books, words.AskOrder(asset_id=ask.asset_id))


def contract_word(contract: core.Contract) -> words.Contract:
    """A contract of the engine."""
    return words.Contract(**_parties(contract), **_terms(contract))


def listed(contract: core.Contract) -> words.ListedContract:
    """The same with the terms that it had before."""
    past = [words.PastTerms(until_epoch=until, **_terms(one)) for until, one in contract.past[-PAST_MAX:]]
    return words.ListedContract(**_parties(contract), **_terms(contract), past=tuple(past))


def _parties(contract: core.Contract) -> dict[str, Any]:
    sides = {"asset_id": contract.seller, "partner_id": contract.partner, "direction": contract.direction}
    return {"contract_id": contract.id, **sides, "balanced": contract.delivered_wh}


def _terms(contract: core.Contract) -> dict[str, Any]:
    limits = {ours: getattr(contract, theirs) for ours, theirs in LIMIT_NAMES.items()}
    valid = {"valid_from": contract.from_epoch, "valid_until": contract.until_epoch}
    return {"status": contract.status, "priority": contract.priority, **limits, **valid}


def _since(books: MarketBooks, ask: words.TermsChange) -> int | None:
    """From which epoch on it holds; None: in all."""
    return None if ask.holds_from is None else books.epoch(ask.holds_from, "holds_from")


def _of(books: MarketBooks, seller: str, contract: str) -> None:
    if books.contract(contract).seller != seller:
        raise MarketError(
            f"the contract {contract} belongs to {books.contract(contract).seller}, not to {seller}; ask for its own merit order"
        )


def _fields(books: MarketBooks, ask: words.AddContract | words.UpdateContract) -> dict[str, Any]:
    """Limits and validity that were given, in the engine's names."""
    found = {theirs: getattr(ask, ours) for ours, theirs in LIMIT_NAMES.items() if ours in ask.model_fields_set}
    for ours, theirs in (("valid_from", "from_epoch"), ("valid_until", "until_epoch")):
        if ours in ask.model_fields_set:
            given = getattr(ask, ours)
            found[theirs] = None if given is None else books.epoch(given, ours)
    return found


CONTRACT_HANDLERS: dict[str, Handler] = {
    "contract.add": add_contract,
    "contract.update": update,
    "contract.end": end,
    "contract.list": listing,
    "meritorder.get": get_order,
    "meritorder.set": set_order,
    "meritorder.add": move,
    "meritorder.move": move,
    "meritorder.remove": remove,
}
