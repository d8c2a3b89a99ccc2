"""balancing.*: settlements, balances, seals, statements, certificates."""

import json
from typing import Any, cast

from joulebus.errors import MarketError
from joulebus.market import closed
from joulebus.market.books import Handler, MarketBooks
from joulebus.market.words import label_of, posting_word, with_label
from joulebus_core import market as core
from joulebus_schemas.market import balancing as words
from joulebus_schemas.market.base import AskNothing

LATEST_EPOCHS_MAX = 2_000
"""How many sealed epochs are looked through for the latest balances of an asset."""


def add_settlement(books: MarketBooks, ask: words.AddSettlement) -> words.Booked:
    """Energy of a meter in an epoch."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    booking = books.engine.add_settlement(ask.meter_id, epoch, ask.wh, co2_mg=ask.co2_mg, source=with_label(ask.label, ask.source))
    return booked(books, booking)


def late(books: MarketBooks, ask: AskNothing) -> words.Lates:
    """What came too late."""
    return words.Lates(late=tuple(_late(one) for one in books.engine.lates()))


def correct_late(books: MarketBooks, ask: words.CorrectLate) -> words.Booked:
    """Book it in an open epoch."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    return booked(books, books.engine.correct_late(ask.number, epoch))


def dismiss_late(books: MarketBooks, ask: words.DismissLate) -> words.Dismissed:
    """Forget it."""
    return words.Dismissed(late=_late(books.engine.dismiss_late(ask.number)), revision=books.revision)


def unsealed_balance(books: MarketBooks, ask: words.AskBalance) -> words.AssetBalance:
    """Its balance now, with what a seal would add.

    Raises:
        MarketError: The asset is sealed in this epoch.
    """
    found = asset_balance(books, ask)
    if found.sealed:
        raise MarketError(f"{ask.asset_id} is sealed in epoch {found.epoch}; ask for balancing.sealed_balance")
    return found


def sealed_balance(books: MarketBooks, ask: words.AskBalance) -> words.AssetBalance:
    """As it was sealed.

    Raises:
        MarketError: The asset is not sealed in this epoch.
    """
    found = asset_balance(books, ask)
    if not found.sealed:
        raise MarketError(f"{ask.asset_id} is not sealed in epoch {found.epoch}; seal it with balancing.seal, or ask for balancing.balance")
    return found


def asset_balance(books: MarketBooks, ask: words.AskBalance) -> words.AssetBalance:
    """From the engine while the epoch is open, else from the archive."""
    epoch = books.epoch(ask.epoch)
    books.known(ask.asset_id)
    if not books.is_open(epoch):
        return closed.closed_balance(books, ask.asset_id, epoch)
    found = books.engine.balance(ask.asset_id, epoch)
    return words.AssetBalance(
        asset_id=ask.asset_id,
        epoch=epoch,
        sealed=found.sealed,
        in_wh=found.in_wh,
        out_wh=found.out_wh,
        net_wh=found.net_wh,
        open_wh=found.open_wh,
        upstream_from=found.upstream_from,
        upstream_to=found.upstream_to,
        internal_wh=found.internal_wh,
        bought_wh=found.bought_wh,
        sold_wh=found.sold_wh,
        co2_mg=found.in_co2_mg - found.out_co2_mg,
        postings=tuple(posting_word(one) for one in found.postings),
        proposed=tuple(posting_word(one) for one in found.proposed),
    )


def is_sealed(books: MarketBooks, ask: words.AskBalance) -> words.IsSealed:
    """Whether it is."""
    epoch = books.epoch(ask.epoch)
    sealed = books.engine.is_sealed(ask.asset_id, epoch) or books.archive.sealed_postings(ask.asset_id, epoch) is not None
    return words.IsSealed(asset_id=ask.asset_id, epoch=epoch, sealed=sealed)


def latest_balances(books: MarketBooks, ask: words.AskLatest) -> words.Balances:
    """Newest first: open epochs, then sealed ones."""
    books.known(ask.asset_id)
    before = None if ask.before is None else books.epoch(ask.before, "before")
    epochs = sorted({*books.engine.open_epochs(), *books.archive.epochs(before, LATEST_EPOCHS_MAX)}, reverse=True)
    found: list[words.AssetBalance] = []
    for epoch in epochs:
        if (before is None or epoch < before) and len(found) < ask.n:
            one = asset_balance(books, words.AskBalance(asset_id=ask.asset_id, epoch=epoch))
            found += [one] if one.postings or one.sealed else []
    return words.Balances(asset_id=ask.asset_id, balances=tuple(found))


def statements(books: MarketBooks, ask: words.AskStatements) -> words.Statements:
    """All postings of an asset, epoch by epoch."""
    books.known(ask.asset_id)
    lines: list[words.StatementLine] = []
    running = 0
    for epoch in closed.epochs(books, ask.epoch, ask.from_epoch, ask.until_epoch):
        for posting in closed.postings_of(books, ask.asset_id, epoch):
            gives = posting.from_ == ask.asset_id
            signed = -posting.wh if gives else posting.wh
            running += signed
            peer = posting.to if gives else posting.from_
            lines.append(words.StatementLine(posting=posting_word(posting), peer=peer, wh=signed, running_wh=running))
    return words.Statements(asset_id=ask.asset_id, lines=tuple(lines), net_wh=running)


def postings_page(books: MarketBooks, ask: words.AskPostings) -> words.Postings:
    """Page by page."""
    epoch = books.epoch(ask.epoch)
    found = closed.all_postings(books, epoch)
    page = tuple(posting_word(one) for one in found[ask.first : ask.first + ask.most])
    return words.Postings(epoch=epoch, total=len(found), postings=page)


def seal_asset(books: MarketBooks, ask: words.SealAsset) -> words.Sealed:
    """Seal an asset in an epoch; what prevents it is reported, and asking twice is asking once."""
    epoch = books.epoch(ask.epoch)
    books.known(ask.asset_id)
    books.touched.add(epoch)
    proposal = books.engine.propose_seal(ask.asset_id, epoch)
    veto = books.approval(proposal) if proposal.status == "sealed" else None
    if veto is not None:
        return _not_sealed(books, proposal, "vetoed", veto)
    if proposal.status != "sealed":
        return _not_sealed(books, proposal, proposal.status, proposal.reason)
    done = books.engine.seal(ask.asset_id, epoch, books.signer, expected_hash=proposal.hash)
    books.keep(done.batch)
    return words.Sealed(
        status="sealed",
        asset_id=ask.asset_id,
        epoch=epoch,
        warnings=_warnings(proposal),
        seal=words.AssetSeal(asset_id=ask.asset_id, epoch=epoch, hash=done.hash or "", number=done.batch.number if done.batch else None),
        postings=tuple(posting_word(one) for one in done.postings),
        revision=books.revision,
    )


def seal_epoch(books: MarketBooks, ask: words.SealEpoch) -> words.SealedEpoch:
    """All of an epoch, bottom-up, with one signature; an epoch that is sealed stays as it is."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    done = books.engine.seal_epoch(epoch, books.signer)
    books.keep(done.batch)
    return words.SealedEpoch(
        status="sealed" if done.batch is not None else "already_sealed",
        epoch=epoch,
        seals=done.sealed,
        refused=tuple(f"{asset}: {reason}" for asset, _, reason in done.refused),
        skipped=tuple(done.skipped),
        head=books.engine.head,
        revision=books.revision,
    )


def issue_certificate(books: MarketBooks, ask: words.AskBalance) -> words.Certificate:
    """The proof of a seal."""
    text = books.archive.certificate(ask.asset_id, books.epoch(ask.epoch)).decode()
    return words.Certificate(certificate=json.loads(text), text=text)


def booked(books: MarketBooks, booking: core.Booking) -> words.Booked:
    """What the engine has booked."""
    postings = () if booking.posting is None else (posting_word(booking.posting),)
    status = "ok" if booking.status == "nothing" else booking.status
    return words.Booked(status=status, reason=booking.reason, late=booking.late, postings=postings, revision=books.revision)


def _not_sealed(books: MarketBooks, proposal: core.Sealing, status: str, reason: str | None) -> words.Sealed:
    old = None
    if proposal.hash and status == "already_sealed":
        old = words.AssetSeal(asset_id=proposal.asset, epoch=proposal.epoch, hash=proposal.hash)
    return words.Sealed(
        status=status,
        asset_id=proposal.asset,
        epoch=proposal.epoch,
        reason=reason,
        seal=old,
        warnings=_warnings(proposal),
        revision=books.revision,
    )


def _warnings(proposal: core.Sealing) -> tuple[str, ...]:
    found = [f"{child} is not sealed yet: what it books later comes late" for child in proposal.open_children]
    return (*found, *(f"the contract {contract} was left out: its partner is sealed" for contract in proposal.skipped))


def _late(one: core.Late) -> words.Late:
    return words.Late(
        number=one.number,
        meter_id=one.meter,
        epoch=one.epoch,
        wh=one.wh,
        direction=cast(Any, one.register),
        label=label_of(one.source),
        co2_mg=one.co2_mg,
        source=one.source,
    )


BALANCING_HANDLERS: dict[str, Handler] = {
    "balancing.add_settlement": add_settlement,
    "balancing.balance": asset_balance,
    "balancing.certificate": issue_certificate,
    "balancing.correct_late": correct_late,
    "balancing.dismiss_late": dismiss_late,
    "balancing.is_sealed": is_sealed,
    "balancing.late": late,
    "balancing.latest_balances": latest_balances,
    "balancing.postings": postings_page,
    "balancing.seal": seal_asset,
    "balancing.seal_epoch": seal_epoch,
    "balancing.sealed_balance": sealed_balance,
    "balancing.statements": statements,
    "balancing.unsealed_balance": unsealed_balance,
}
