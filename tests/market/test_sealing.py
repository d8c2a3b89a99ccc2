"""Seals: chained, signed, provable offline, and refused after any flipped byte."""

import json
from hashlib import sha256

import pytest

from joulebus_core.market import Batch, Market, MarketError, SealChain, Signer, verify_certificate
from tests.market.cases import EPOCH, ROOT, SIGNER, Ppa, both, hourly, texts

ZEROS = "0" * 64
STRANGER = Signer(bytes(32))


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def climb(leaf: bytes, index: int, count: int, path: list[str]) -> str:
    """The root to which a path leads, as the certificate's page says."""
    while count > 1:
        if index ^ 1 < count:
            other = bytes.fromhex(path.pop(0))
            leaf = sha256(b"\x01" + (other + leaf if index & 1 else leaf + other)).digest()
        index, count = index // 2, (count + 1) // 2
    assert path == []
    return leaf.hex()


def street() -> Market:
    """Two groups, a contract between them, names that need escapes, and a source."""
    market = hourly(**{"p": (None, "süd"), "m": ('nord "alt"', None), "süd": both("netz"), 'nord "alt"': both("netz")})
    market.add_contract("süd", 'nord "alt"', "to", id="ppa", epoch_wh_max=100)
    return market


def booked(epochs: int) -> tuple[Market, list[Batch]]:
    """A street after some sealed epochs."""
    market, batches = street(), []
    for epoch in range(EPOCH, EPOCH + epochs):
        market.add_settlement("p", epoch, 500 + epoch % 7, co2_mg=50_000, source="ledger 7/3")
        market.add_settlement("m", epoch, 300)
        if epoch == EPOCH + 1:
            single = market.seal("süd", epoch, SIGNER).batch
            assert single is not None
            batches.append(single)
            market.upsert_asset("late joiner 🐢", rule=("süd", None))
        sealing = market.seal_epoch(epoch, SIGNER)
        assert sealing.closed and sealing.batch is not None
        batches.append(sealing.batch)
    return market, batches


def certified() -> tuple[Market, Batch, bytes]:
    market, batches = booked(1)
    return market, batches[0], market.certificate(batches[0], "süd")


def test_a_certificate_is_canonical_json_that_anybody_can_recompute() -> None:
    _, batch, certificate = certified()
    value = json.loads(certificate)
    assert canonical(value) == certificate
    seal, document = value["seal"], value["document"]
    assert climb(sha256(canonical(document)).digest(), value["index"], seal["count"], value["path"]) == seal["root"]
    assert canonical(seal) == batch.seal and sha256(batch.seal).hexdigest() == batch.hash
    assert (seal["market"], seal["epoch"], seal["number"], seal["previous"], seal["closed"]) == ("tables", EPOCH, 1, ZEROS, True)
    assert (document["asset"], document["previous"]) == ("süd", ZEROS)
    assert document["postings"] == [
        ["p", "süd", 504, "meter", 0, 50_000, None, "ledger 7/3"],
        ["süd", "netz", 504, "residual", 0, 50_000],
        ["süd", 'nord "alt"', 100, "contract", 0, 9_921, "ppa"],
        ["netz", "süd", 100, "counter", 1, 9_921, "ppa"],
    ]


def test_every_asset_of_a_batch_has_a_certificate_that_holds() -> None:
    market, batches = booked(1)
    for asset in market.assets():
        verify_certificate(market.certificate(batches[0], asset), SIGNER.public_key)


def test_c11_a_certificate_is_refused_after_any_flipped_byte() -> None:
    _, _, certificate = certified()
    for at in range(len(certificate)):
        for bit in range(8):
            flipped = bytearray(certificate)
            flipped[at] ^= 1 << bit
            with pytest.raises(MarketError) as caught:
                verify_certificate(bytes(flipped))
            assert caught.value.reason == "certificate"


def test_a_certificate_of_one_alone_is_refused_after_any_flipped_byte() -> None:
    market = street()
    sealing = market.seal("süd", EPOCH, SIGNER)
    assert sealing.batch is not None
    certificate = market.certificate(sealing.batch, "süd")
    verify_certificate(certificate)
    for at in range(len(certificate)):
        flipped = certificate[:at] + bytes([certificate[at] ^ 1]) + certificate[at + 1 :]
        with pytest.raises(MarketError):
            verify_certificate(flipped)
        with pytest.raises(MarketError):
            verify_certificate(certificate[:at])


def test_a_certificate_is_of_one_key() -> None:
    _, _, certificate = certified()
    with pytest.raises(MarketError, match="another key than the one asked for"):
        verify_certificate(certificate, STRANGER.public_key)


def test_documents_and_batches_are_chained() -> None:
    market, batches = booked(3)
    last = json.loads(market.certificate(batches[-1], "p"))
    before = market.certificate(batches[-2], "p")
    assert last["document"]["previous"] == sha256(canonical(json.loads(before)["document"])).hexdigest()
    assert [batch.previous for batch in batches] == [ZEROS, *[batch.hash for batch in batches[:-1]]]
    assert market.head == batches[-1].hash


def test_a_chain_computes_the_same_hashes_from_what_was_stored() -> None:
    market, batches = booked(4)
    chain = SealChain("tables", epoch_seconds=3600)
    for batch in batches:
        followed = chain.follow(batch.blob, SIGNER.public_key)
        assert followed.hash == batch.hash
        for asset in chain.sealed_assets(followed):
            assert chain.certificate(followed, asset) == market.certificate(batch, asset)
    assert (chain.head, chain.number) == (market.head, len(batches))


def test_a_chain_goes_on_from_a_snapshot() -> None:
    market, batches = booked(2)
    chain = SealChain.from_snapshot(market.snapshot())
    market.add_settlement("p", EPOCH + 9, 1)
    sealing = market.seal("p", EPOCH + 9, SIGNER)
    assert sealing.batch is not None
    assert chain.follow(sealing.batch.blob).hash == market.head
    with pytest.raises(MarketError, match="comes the one that names its hash"):
        chain.follow(batches[0].blob)


def test_a_chain_finds_every_flipped_byte_and_goes_on_with_the_right_one() -> None:
    _, batches = booked(1)
    blob, chain = batches[0].blob, SealChain("tables", epoch_seconds=3600)
    for at in range(len(blob)):
        with pytest.raises(MarketError) as caught:
            chain.follow(blob[:at] + bytes([blob[at] ^ 4]) + blob[at + 1 :])
        assert caught.value.reason == "damage"
    chain.follow(blob)


def test_a_chain_finds_a_forger_who_mends_the_checksum() -> None:
    _, batches = booked(1)
    body = batches[0].blob[:-32]
    chain, found = SealChain("tables", epoch_seconds=3600), 0
    for at in range(len(body)):
        forged = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(MarketError, match="tampered with|damaged|names assets|market"):
            chain.follow(forged + sha256(forged).digest(), SIGNER.public_key)
        found += 1
    assert found == len(body)


def test_a_chain_wants_every_batch_in_turn() -> None:
    _, batches = booked(3)
    chain = SealChain("tables", epoch_seconds=3600)
    chain.follow(batches[0].blob)
    with pytest.raises(MarketError, match="after batch 1 comes the one that names its hash"):
        chain.follow(batches[2].blob)


def test_what_was_stored_reads_as_it_was_booked() -> None:
    market, batches = booked(2)
    contents = [market.read_batch(batch.blob) for batch in batches[1:]]
    assert contents[0].assets == ["süd"] and not contents[0].closed
    postings = [posting for content in contents for posting in content.postings if not posting.again]
    nets: dict[str, int] = {}
    for posting in postings:
        nets[posting.from_] = nets.get(posting.from_, 0) - posting.wh
        nets[posting.to] = nets.get(posting.to, 0) + posting.wh
    assert nets == {"p": -505, "m": 300, "süd": 0, 'nord "alt"': 0, "netz": 0, ROOT: 205}


def test_the_hook_sees_the_very_document_that_is_sealed() -> None:
    market = street()
    market.add_settlement("p", EPOCH, 500)
    before = market.state_hash()
    proposal = market.propose_seal("süd", EPOCH)
    assert market.state_hash() == before and proposal.batch is None
    assert proposal.document is not None and sha256(proposal.document).hexdigest() == proposal.hash
    sealing = market.seal("süd", EPOCH, SIGNER, expected_hash=proposal.hash)
    assert (sealing.hash, sealing.document) == (proposal.hash, proposal.document)
    assert sealing.batch is not None
    assert canonical(json.loads(market.certificate(sealing.batch, "süd"))["document"]) == proposal.document


def test_what_changed_since_the_proposal_is_not_sealed() -> None:
    market = street()
    proposal = market.propose_seal("süd", EPOCH)
    market.add_settlement("p", EPOCH, 500)
    with pytest.raises(MarketError, match="propose it anew") as caught:
        market.seal("süd", EPOCH, SIGNER, expected_hash=proposal.hash)
    assert caught.value.reason == "changed"
    assert not market.is_sealed("süd", EPOCH)


def test_a_contract_with_a_sealed_partner_is_named_and_may_be_skipped() -> None:
    market = street()
    market.add_settlement("p", EPOCH, 500)
    market.seal('nord "alt"', EPOCH, SIGNER)
    refused = market.seal("süd", EPOCH, SIGNER)
    assert refused.status == "partner_sealed" and refused.reason is not None
    assert "ppa" in refused.reason and not market.is_sealed("süd", EPOCH)
    skipped = market.seal("süd", EPOCH, SIGNER, partner_sealed="skip")
    assert (skipped.status, skipped.skipped) == ("sealed", ["ppa"])
    assert texts(market.postings(EPOCH)) == ["p->süd 500 meter", "süd->netz 500 residual"]


def test_an_epoch_whose_parent_was_sealed_too_soon_stays_open_and_says_why() -> None:
    market = street()
    market.add_settlement("p", EPOCH, 500)
    market.seal("netz", EPOCH, SIGNER)
    sealing = market.seal_epoch(EPOCH, SIGNER)
    assert [(asset, status) for asset, status, _ in sealing.refused] == [("süd", "upstream_sealed")]
    assert not sealing.closed and market.is_sealed("p", EPOCH) and not market.is_sealed("süd", EPOCH)


def test_contracts_that_bite_each_others_tail_are_served_by_name_and_explained() -> None:
    market = hourly(p=(None, "a"), q=(None, "b"), a=both("up"), b=both("up"))
    market.add_contract("a", "b", "to", id="there")
    market.add_contract("b", "a", "to", id="back")
    market.add_settlement("p", EPOCH, 100)
    market.add_settlement("q", EPOCH, 40)
    before = market.propose_seal("b", EPOCH)
    assert [posting.contract for posting in before.postings if posting.kind == "contract"] == ["back"]
    sealing = market.seal_epoch(EPOCH, SIGNER)
    assert sealing.skipped == ["back"] and sealing.batch is not None
    postings = texts(market.read_batch(sealing.batch.blob).postings)
    assert [text for text in postings if text.startswith(("a->", "b->"))] == [
        "a->up 100 residual",
        "b->up 140 residual",
        "a->b 100 contract there",
    ]


def test_a_chain_of_contracts_moves_energy_from_seller_to_seller() -> None:
    market = hourly(p=(None, "a"), a=both("up"), b=both("up"), c=both("up"))
    for ppa in (Ppa("b", "c", 60), Ppa("a", "b", 100)):
        market.add_contract(ppa.seller, ppa.partner, "to", id=f"{ppa.seller}{ppa.partner}", epoch_wh_max=ppa.epoch_wh_max)
    market.add_settlement("p", EPOCH, 150)
    sealing = market.seal_epoch(EPOCH, SIGNER)
    assert sealing.batch is not None
    postings = texts(market.read_batch(sealing.batch.blob).postings)
    assert [text for text in postings if "contract" in text] == ["a->b 100 contract ab", "b->c 60 contract bc"]
    assert "c->up 60 residual" in postings


def test_an_empty_epoch_is_sealed_too() -> None:
    market = street()
    sealing = market.seal_epoch(EPOCH, SIGNER)
    assert sealing.batch is not None and (sealing.sealed, sealing.closed) == (6, True)
    assert json.loads(market.certificate(sealing.batch, "p"))["document"]["postings"] == []
    again = market.seal_epoch(EPOCH, SIGNER)
    assert (again.closed, again.sealed, again.batch) == (True, 0, None)


def test_after_all_was_sealed_one_by_one_the_epoch_is_closed_by_a_batch_of_none() -> None:
    market = street()
    for asset in market.assets():
        market.seal(asset, EPOCH, SIGNER)
    sealing = market.seal_epoch(EPOCH, SIGNER)
    assert sealing.batch is not None and (sealing.sealed, sealing.batch.count, sealing.batch.root) == (0, 0, ZEROS)
    assert market.is_closed(EPOCH)
