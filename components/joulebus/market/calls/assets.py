"""asset.*, balancing.peers and books.state."""

import json

from joulebus.errors import MarketError
from joulebus.market.books import Followed, Handler, MarketBooks
from joulebus.market.store import canonical
from joulebus_core import market as core
from joulebus_schemas.market import assets as words
from joulebus_schemas.market.base import AskNothing

TROUBLE_CHARACTERS_MAX = 2_000


def upsert(books: MarketBooks, ask: words.Upsert) -> words.MarketDone:
    """Make an asset, or change it."""
    before = books.engine.asset(ask.asset_id)
    rule = None if ask.balance_rule is None else (ask.balance_rule.from_ or None, ask.balance_rule.to or None)
    kind = ask.type if "type" in ask.model_fields_set or before is None else None
    metadata = None if ask.client_meta is None else canonical(ask.client_meta)
    members = None if ask.sums is None else list(ask.sums)
    books.engine.upsert_asset(ask.asset_id, type="sum" if members else kind, rule=rule, members=members, metadata=metadata)
    return words.MarketDone(revision=books.revision)


def get(books: MarketBooks, ask: words.AskAsset) -> words.Asset:
    """One asset.

    Raises:
        MarketError: The asset is of another type than the one asked for.
    """
    found = asset_word(books.known(ask.asset_id))
    if ask.type is not None and found.type != ask.type:
        raise MarketError(f"{ask.asset_id} is a {found.type}, not a {ask.type}; leave the type out")
    return found


def find(books: MarketBooks, ask: words.FindAssets) -> words.Assets:
    """Those whose name contains a text."""
    names = [name for name in books.engine.assets() if ask.q in name]
    found = [asset_word(books.known(name)) for name in names]
    return words.Assets(assets=tuple(asset for asset in found if ask.type in (None, asset.type)))


def peers(books: MarketBooks, ask: words.AskAsset) -> words.Peers:
    """Who is balanced against an asset."""
    books.known(ask.asset_id)
    found = [
        words.Peer(asset_id=peer.id, type=books.known(peer.id).type, feeds=peer.feeds, draws=peer.draws)
        for peer in books.engine.peers(ask.asset_id)
    ]
    return words.Peers(asset_id=ask.asset_id, peers=tuple(found))


def state(books: MarketBooks, ask: AskNothing) -> words.BooksState:
    """The state of the books."""
    engine = books.engine
    return words.BooksState(
        market=engine.name,
        revision=books.revision,
        epoch_seconds=engine.epoch_seconds,
        root=engine.root,
        assets=len(engine.assets()),
        contracts=len(engine.contracts()),
        sealed=books.archive.seals(),
        head=engine.head,
        public_key=books.signer.public_key.hex(),
        late=len(engine.lates()),
        ledger=_followed(books.followed),
    )


def _followed(followed: Followed) -> words.LedgerFollowed | None:
    if not followed.record:
        return None
    behind = max(followed.last_record - followed.record, 0)
    trouble = None if followed.trouble is None else followed.trouble[:TROUBLE_CHARACTERS_MAX]
    return words.LedgerFollowed(record=followed.record, behind_records=behind, trouble=trouble, notes=followed.notes)


def asset_word(asset: core.Asset) -> words.Asset:
    """An asset of the engine."""
    return words.Asset(
        asset_id=asset.id,
        type=asset.type,
        balance_rule=words.Rule(from_=asset.rule_from, to=asset.rule_to),
        client_meta=json.loads(asset.metadata) if asset.metadata else {},
        sums=tuple(asset.members),
    )


ASSET_HANDLERS: dict[str, Handler] = {
    "asset.find": find,
    "asset.get": get,
    "asset.upsert": upsert,
    "balancing.peers": peers,
    "books.state": state,
}
