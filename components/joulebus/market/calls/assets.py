"""asset.*, balancing.peers and books.state."""

import json

from joulebus.errors import MarketError
from joulebus.market.books import Followed, Handler, MarketBooks
from joulebus.market.calls.pages import page_of, small
from joulebus.market.store import Operation, canonical
from joulebus_core import market as core
from joulebus_schemas.market import assets as words
from joulebus_schemas.market.base import AskNothing
from joulebus_schemas.market.changes import AskMarketChanges, LoggedMarketChange, MarketChanges

TROUBLE_CHARACTERS_MAX = 2_000
NOTES_MAX = 100
PAST_MAX = 100
OPERATIONS_LOOKED_AT_MAX = 20_000
"""Operations that one question about changes looks at: some hundredths of a second."""
LOGGED_CHARACTERS_MAX = 8_192
"""The length of a change that is told to whoever asks for changes; the journal of operations has all of them."""
LEDGER_ROLE = "balancer"
"""With it, a home's balancer books what the ledger says."""


def upsert(books: MarketBooks, ask: words.Upsert) -> words.MarketDone:
    """Make an asset, or change it."""
    before = books.engine.asset(ask.asset_id)
    rule = None if ask.balance_rule is None else (ask.balance_rule.from_ or None, ask.balance_rule.to or None)
    kind = ask.type if "type" in ask.model_fields_set or before is None else None
    metadata = None if ask.client_meta is None else canonical(ask.client_meta)
    members = None if ask.sums is None else list(ask.sums)
    from_epoch = None if ask.from_epoch is None else books.epoch(ask.from_epoch, "from_epoch")
    kind = "sum" if members else kind
    books.engine.upsert_asset(ask.asset_id, type=kind, rule=rule, members=members, metadata=metadata, from_epoch=from_epoch)
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
    found = [asset for asset in map(books.known, names) if ask.type in (None, asset.type)]
    return words.Assets(assets=page_of(found, ask, asset_word), total=len(found))


def peers(books: MarketBooks, ask: words.AskPeers) -> words.Peers:
    """Who is balanced against an asset."""
    books.known(ask.asset_id)
    found = books.engine.peers(ask.asset_id)

    def word(peer: core.Peer) -> words.Peer:
        return words.Peer(asset_id=peer.id, type=books.known(peer.id).type, feeds=peer.feeds, draws=peer.draws)

    return words.Peers(asset_id=ask.asset_id, peers=page_of(found, ask, word), total=len(found))


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
        late=engine.late_count(),
        ledger=_followed(books.followed),
    )


def _followed(followed: Followed) -> words.LedgerFollowed | None:
    if not followed.record:
        return None
    trouble = None if followed.trouble is None else followed.trouble[:TROUBLE_CHARACTERS_MAX]
    return words.LedgerFollowed(
        record=followed.record,
        behind_records=followed.behind,
        next_epoch=followed.next_epoch,
        trouble=trouble,
        notes=followed.notes[:NOTES_MAX],
    )


def changes(books: MarketBooks, ask: AskMarketChanges) -> MarketChanges:
    """Who changed what, the last first; a call looks at so many operations at most, and says where to go on."""
    before = books.revision + 1 if ask.before is None else min(ask.before, books.revision + 1)
    since = max(1, before - OPERATIONS_LOOKED_AT_MAX)
    found = books.archive.store.logged(before, since, ask.most, None if ask.ledger else LEDGER_ROLE)
    logged = small(_logged(one) for one in found)
    is_whole = len(logged) == len(found) < ask.most
    next_before = since if is_whole else logged[-1].revision
    return MarketChanges(changes=logged, next_before=next_before if next_before > 1 else None)


def _logged(one: Operation) -> LoggedMarketChange:
    is_small = len(one.arguments) <= LOGGED_CHARACTERS_MAX
    said = json.loads(one.arguments) if is_small else {"left_out": f"{len(one.arguments)} characters"}
    return LoggedMarketChange(revision=one.revision, call=one.call, principal=one.principal, role=one.role, arguments=said)


def asset_word(asset: core.Asset) -> words.Asset:
    """An asset of the engine."""
    return words.Asset(
        asset_id=asset.id,
        type=asset.type,
        balance_rule=words.Rule(from_=asset.rule_from, to=asset.rule_to),
        client_meta=json.loads(asset.metadata) if asset.metadata else {},
        sums=tuple(asset.members),
        past=small(map(_past, reversed(asset.past[-PAST_MAX:])))[::-1],
    )


def _past(row: tuple[int, str | None, str | None, list[str]]) -> words.PastRule:
    until, from_, to, members = row
    return words.PastRule(until_epoch=until, balance_rule=words.Rule(from_=from_, to=to), sums=tuple(members))


ASSET_HANDLERS: dict[str, Handler] = {
    "asset.find": find,
    "asset.get": get,
    "asset.upsert": upsert,
    "balancing.peers": peers,
    "books.changes": changes,
    "books.state": state,
}
