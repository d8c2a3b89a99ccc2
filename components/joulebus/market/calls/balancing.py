"""balancing.*: settlements, balances, seals, statements, certificates."""

import json
from typing import Any, cast

from joulebus.errors import MarketError
from joulebus.market import closed
from joulebus.market.books import Handler, MarketBooks, Proposal, approve
from joulebus.market.calls.pages import ANSWER_CHARACTERS_MAX, first_of_many, page_of, size_of, small
from joulebus.market.words import label_of, posting_word, with_label
from joulebus_core import market as core
from joulebus_schemas.market import balancing as words
from joulebus_schemas.market.base import SHOWN_BESIDE_MAX, AskPage

LATEST_EPOCHS_MAX = 2_000
"""How many sealed epochs are looked through for the latest balances of an asset."""


def add_settlement(books: MarketBooks, ask: words.AddSettlement) -> words.Booked:
    """Energy of a meter in an epoch."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    booking = books.engine.add_settlement(ask.meter_id, epoch, ask.wh, co2_mg=ask.co2_mg, source=with_label(ask.label, ask.source))
    return booked(books, booking)


def late(books: MarketBooks, ask: AskPage) -> words.Lates:
    """What came too late."""
    found = books.engine.lates(ask.first, ask.most)
    return words.Lates(late=small(map(_late, found)), total=books.engine.late_count())


def correct_late(books: MarketBooks, ask: words.CorrectLate) -> words.Booked:
    """Book it in an open epoch."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    return booked(books, books.engine.correct_late(ask.number, epoch))


def dismiss_late(books: MarketBooks, ask: words.DismissLate) -> words.Dismissed:
    """Forget it."""
    return words.Dismissed(late=_late(books.engine.dismiss_late(ask.number)), revision=books.revision)


LATE_FILTERS = ("meter_id", "from_epoch", "until_epoch", "from_number", "until_number")


def dismiss_lates(books: MarketBooks, ask: words.DismissLates) -> words.DismissedLates:
    """Forget many.

    Raises:
        MarketError: No filter is said.
    """
    if all(getattr(ask, name) is None for name in LATE_FILTERS):
        raise MarketError(f"it must be said which late values are meant, by one of {', '.join(LATE_FILTERS)}; from_number=1 means all")
    epochs = {name: books.epoch(given, name) for name in ("from_epoch", "until_epoch") if (given := getattr(ask, name)) is not None}
    numbers = {"from_number": ask.from_number, "until_number": ask.until_number}
    count, first = books.engine.dismiss_lates(meter=ask.meter_id, **epochs, **numbers, shown_max=SHOWN_BESIDE_MAX)
    left = books.engine.late_count()
    return words.DismissedLates(dismissed=count, late=small(map(_late, first)), left=left, revision=books.revision)


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
    if not found.sealed and not books.is_open(found.epoch):
        raise MarketError(_made_later(ask.asset_id, found.epoch))
    if not found.sealed:
        raise MarketError(f"{ask.asset_id} is not sealed in epoch {found.epoch}; seal it with balancing.seal, or ask for balancing.balance")
    return found


def _made_later(asset: str, epoch: int) -> str:
    return f"{asset} is not in the seals of epoch {epoch}: it was made after that epoch was sealed as a whole"


def asset_balance(books: MarketBooks, ask: words.AskBalance) -> words.AssetBalance:
    """As it is sealed, or as it stands.

    Raises:
        MarketError: The ledger has not said yet what flowed in this epoch.
    """
    epoch = books.epoch(ask.epoch)
    books.known(ask.asset_id)
    found = closed.balance_in(books, ask.asset_id, epoch)
    next_epoch = books.followed.next_epoch
    if next_epoch is not None and epoch >= next_epoch and not found.postings:
        behind = books.followed.behind
        late = f", and is {behind} records of it behind" if behind else ""
        raise MarketError(f"epoch {epoch} is not taken in yet: the market has booked its home's ledger up to epoch {next_epoch - 1}{late}")
    return _balance_word(found)


def _balance_word(found: core.Balance) -> words.AssetBalance:
    return words.AssetBalance(
        asset_id=found.asset,
        epoch=found.epoch,
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
        postings=small(posting_word(one) for one in found.postings[:SHOWN_BESIDE_MAX]),
        postings_total=len(found.postings),
        proposed=small(posting_word(one) for one in found.proposed[:SHOWN_BESIDE_MAX]),
    )


def is_sealed(books: MarketBooks, ask: words.AskBalance) -> words.IsSealed:
    """Whether it is."""
    epoch = books.epoch(ask.epoch)
    books.known(ask.asset_id)
    return words.IsSealed(asset_id=ask.asset_id, epoch=epoch, sealed=closed.sealed_in(books, ask.asset_id, epoch))


def latest_balances(books: MarketBooks, ask: words.AskLatest) -> words.Balances:
    """Newest first: open epochs, then sealed ones."""
    books.known(ask.asset_id)
    before = None if ask.before is None else books.epoch(ask.before, "before")
    found: list[words.AssetBalance] = []
    characters = 0
    for looked_at, epoch in enumerate(closed.newest_epochs(books, None, before)):
        if looked_at >= LATEST_EPOCHS_MAX or len(found) >= ask.n or characters > ANSWER_CHARACTERS_MAX:
            return words.Balances(asset_id=ask.asset_id, balances=tuple(found), next_before=epoch + 1)
        one = _balance_word(closed.balance_in(books, ask.asset_id, epoch))
        if one.postings or one.sealed:
            characters += size_of(one)
            found += [one] if not found or characters <= ANSWER_CHARACTERS_MAX else []
    return words.Balances(asset_id=ask.asset_id, balances=tuple(found))


def postings_page(books: MarketBooks, ask: words.AskPostings) -> words.Postings:
    """Page by page."""
    epoch = books.epoch(ask.epoch)
    if ask.asset_id is None:
        found = closed.all_postings(books, epoch)
    else:
        books.known(ask.asset_id)
        found = closed.balance_in(books, ask.asset_id, epoch).postings
    return words.Postings(epoch=epoch, total=len(found), postings=page_of(found, ask, posting_word))


def seal_asset(books: MarketBooks, ask: words.SealAsset) -> words.Sealed:
    """Seal an asset in an epoch; what prevents it is reported, and asking twice is asking once."""
    epoch = books.epoch(ask.epoch)
    books.known(ask.asset_id)
    books.touched.add(epoch)
    proposal = books.engine.propose_seal(ask.asset_id, epoch)
    veto = None
    if proposal.status == "sealed":
        veto = books.approval(Proposal(epoch, proposal.hash or "", ask.asset_id, proposal.document))
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
        postings=tuple(posting_word(one) for one in done.postings[:SHOWN_BESIDE_MAX]),
        revision=books.revision,
    )


def seal_epoch(books: MarketBooks, ask: words.SealEpoch) -> words.SealedEpoch:
    """All of an epoch, bottom-up, with one signature; an epoch that is sealed stays as it is."""
    epoch = books.epoch(ask.epoch)
    books.touched.add(epoch)
    veto = None if books.approval is approve else _veto_of_all(books, epoch)
    if veto is not None:
        return words.SealedEpoch(status="vetoed", epoch=epoch, reason=veto, seals=0, head=books.engine.head, revision=books.revision)
    done = books.engine.seal_epoch(epoch, books.signer)
    books.keep(done.batch)
    return words.SealedEpoch(
        status="sealed" if done.batch is not None else "already_sealed",
        epoch=epoch,
        seals=done.sealed,
        refused=first_of_many([f"{asset}: {reason}" for asset, _, reason in done.refused], "were not sealed"),
        skipped=tuple(done.skipped[:SHOWN_BESIDE_MAX]),
        head=books.engine.head,
        revision=books.revision,
    )


def _veto_of_all(books: MarketBooks, epoch: int) -> str | None:
    """What the approval says about an epoch: it is sealed, looked at, and taken back."""
    engine = books.engine
    is_alone = not engine.in_transaction  # An operation is executed again without one.
    if is_alone:
        engine.begin()
    undo = engine.mark()
    done = engine.seal_epoch(epoch, books.signer)
    veto = None if done.batch is None else books.approval(Proposal(epoch, done.batch.hash, assets=done.batch.count))
    engine.rollback_to(undo)
    if is_alone:
        engine.rollback()
    return veto


def issue_certificate(books: MarketBooks, ask: words.AskBalance) -> words.Certificate:
    """The proof of a seal.

    Raises:
        MarketError: The asset has none in this epoch.
    """
    epoch, asset = books.epoch(ask.epoch), books.known(ask.asset_id)
    if asset.type == "sum":
        raise MarketError(
            f"{ask.asset_id} is a sum of other meters, and only these have seals; ask for one of {', '.join(asset.members[:10])}"
        )
    if not closed.sealed_in(books, ask.asset_id, epoch):
        why = "seal it with balancing.seal" if books.is_open(epoch) else _made_later(ask.asset_id, epoch)
        raise MarketError(f"{ask.asset_id} must be sealed in epoch {epoch} to have a certificate, but is not: {why}")
    text = books.archive.certificate(ask.asset_id, epoch).decode()
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
    skipped = [f"the contract {contract} was left out: its partner is sealed" for contract in proposal.skipped]
    return first_of_many([*found, *skipped], "like these")


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
    "balancing.dismiss_lates": dismiss_lates,
    "balancing.is_sealed": is_sealed,
    "balancing.late": late,
    "balancing.latest_balances": latest_balances,
    "balancing.postings": postings_page,
    "balancing.seal": seal_asset,
    "balancing.seal_epoch": seal_epoch,
    "balancing.sealed_balance": sealed_balance,
    "balancing.unsealed_balance": unsealed_balance,
}
