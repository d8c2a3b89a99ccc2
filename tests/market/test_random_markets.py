"""Random markets: the engine against the reference, and the laws that hold in all of them."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joulebus_core.market import Market, Posting, SealChain
from tests.market.cases import SIGNER
from tests.market.reference import ROOT, Agreement, Entry, Reference, Terms

FIRST = 1_963_000
EPOCHS = 3
seeds = st.integers(min_value=0, max_value=2**48)
sizes = st.integers(min_value=1, max_value=9)


def some_rule(chance: Random, above: list[str]) -> tuple[str | None, str | None]:
    """Two sides, one, or none, among those above."""
    side = chance.choice(above)
    return chance.choice([(side, side), (side, chance.choice(above)), (side, None), (None, side), (None, None)])


class Pair:
    """The engine and the reference, told the same."""

    def __init__(self, seed: int, size: int) -> None:
        self.chance, self.size = Random(seed), size
        self.epoch_seconds = self.chance.choice([900, 1800, 3600])
        self.engine = self.made()
        self.reference = Reference(self.epoch_seconds)
        names = [f"{letter}{number}" for number in range(size) for letter in "zag"]
        self.chance.shuffle(names)
        self.groups, self.meters = names[: size + 1], [f"m{number}" for number in range(2 * size)]
        above = [ROOT]
        for group in self.groups:
            self.rule(group, some_rule(self.chance, above))
            above.append(group)
        for meter in self.meters:
            self.rule(meter, some_rule(self.chance, above))
        for number in range(self.chance.randrange(2 * size + 1)):
            self.agree(f"c{number:02}")
        self.blobs: list[tuple[int, bytes]] = []

    def made(self) -> Market:
        """The engine, in which nothing has happened."""
        return Market("random", epoch_seconds=self.epoch_seconds, root=ROOT)

    def rule(self, asset: str, rule: tuple[str | None, str | None]) -> None:
        self.reference.rules[asset] = rule
        self.engine.upsert_asset(asset, rule=rule)

    def move(self, epoch: int) -> None:
        """Somebody stands elsewhere from an epoch on."""
        assets = [*self.groups, *self.meters]
        place = self.chance.randrange(len(assets))
        rule = some_rule(self.chance, [ROOT, *self.groups[:place]])
        self.reference.change_rule(assets[place], rule, epoch)
        self.engine.upsert_asset(assets[place], rule=rule, from_epoch=epoch)

    def agree(self, id: str) -> None:
        chance = self.chance
        holder, partner = chance.sample([*self.groups, self.meters[0]], 2)
        terms: Terms = {"priority": chance.randrange(3)}
        for name, most in (("epoch_wh_max", 400), ("total_wh_max", 900), ("load_watts_max", 900), ("load_watts_min", 300)):
            if chance.random() < 0.35:
                terms[name] = chance.randrange(most)
        if chance.random() < 0.3:
            terms["from_epoch"] = FIRST + chance.randrange(EPOCHS)
        if chance.random() < 0.3:
            terms["until_epoch"] = FIRST + EPOCHS - chance.randrange(EPOCHS)
        if int(terms.get("until_epoch") or FIRST + EPOCHS) < int(terms.get("from_epoch") or 0):
            del terms["until_epoch"]
        if chance.random() < 0.15:
            terms["status"] = "inactive"
        direction = chance.choice(["to", "from"])
        self.engine.add_contract(holder, partner, direction, id=id, **terms)
        self.reference.agreements.append(Agreement(id, holder, partner, direction, terms))

    def renegotiate(self, epoch: int) -> None:
        """Other terms of a contract, or another order, from an epoch on, or in all."""
        chance, agreement = self.chance, self.chance.choice(self.reference.agreements)
        since = chance.choice([epoch, epoch + 1, epoch + 2, None])
        if chance.random() < 0.3:
            held = [one for one in self.reference.agreements if one.holder == agreement.holder]
            order = chance.sample(held, chance.randrange(len(held) + 1))
            self.engine.set_merit_order(agreement.holder, [one.id for one in order], holds_from=since)
            for one in held:
                one.changes.append((since, {"priority": order.index(one) + 1 if one in order else None}))
            return
        name, most = chance.choice([("epoch_wh_max", 400), ("total_wh_max", 900), ("load_watts_max", 900), ("priority", 3), ("status", 2)])
        number = chance.randrange(most)
        change: Terms = {name: ["inactive", "active"][number] if name == "status" else number}
        self.engine.update_contract(agreement.id, holds_from=since, **change)
        agreement.changes.append((since, change))

    def meter(self, epoch: int) -> None:
        chance = self.chance
        asset = chance.choice([*self.meters, *self.meters, chance.choice(self.groups)])
        wh, co2_mg = chance.choice([0, 1, chance.randrange(-700, 1000), chance.randrange(1000)]), chance.randrange(50_000)
        register = chance.choice([None, None, None, "import", "export"])
        booking = self.engine.add_settlement(asset, epoch, wh, register=register, co2_mg=co2_mg)
        assert booking.status == self.reference.meter(asset, epoch, wh, register, co2_mg)

    def seal(self, epoch: int) -> None:
        asset, skip = self.chance.choice([*self.groups, *self.meters]), self.chance.random() < 0.5
        sealing = self.engine.seal(asset, epoch, SIGNER, partner_sealed="skip" if skip else "refuse")
        assert (sealing.status, sealing.skipped) == self.reference.seal(asset, epoch, skip)
        if sealing.batch is not None:
            self.blobs.append((epoch, sealing.batch.blob))

    def compare(self, epoch: int) -> None:
        """What is booked in an open epoch."""
        assert entries(self.engine.postings(epoch)) == sorted(self.reference.entries.get(epoch, []), key=str)
        nets = self.engine.balances(epoch)
        assert sum(nets.values()) == 0
        assert all(net == self.reference.net(asset, epoch) for asset, net in nets.items())

    def compare_closed(self, epoch: int) -> None:
        """What was stored of an epoch that left the engine: each posting once, and whoever is sealed nets what he metered."""
        contents = [self.engine.read_batch(blob) for of, blob in self.blobs if of == epoch]
        stored = entries([posting for content in contents for posting in content.postings if not posting.again])
        assert stored == sorted(self.reference.entries.get(epoch, []), key=str)
        assert sorted(asset for content in contents for asset in content.assets) == self.engine.assets()
        for asset in set(self.reference.rules) - {ROOT}:
            own = [one for one in stored if one.kind == "meter" and one.owner == asset]
            assert self.reference.net(asset, epoch) == sum(one.wh if one.target == asset else -one.wh for one in own)

    def seal_whole(self, epoch: int) -> None:
        """Seal the rest of an epoch: rehearsed in a transaction, compared, rolled back, done."""
        before = self.engine.state_hash()
        self.engine.begin()
        rehearsal = self.engine.seal_epoch(epoch, SIGNER)
        self.engine.rollback()
        assert self.engine.state_hash() == before
        sealing = self.engine.seal_epoch(epoch, SIGNER)
        assert sealing.batch is not None and rehearsal.batch is not None
        assert sealing.batch.blob == rehearsal.batch.blob
        refused, skipped = self.reference.seal_epoch(epoch)
        assert {(asset, status) for asset, status, _ in sealing.refused} == refused
        assert set(sealing.skipped) == skipped
        assert sealing.closed == (not refused)
        self.blobs.append((epoch, sealing.batch.blob))

    def live(self) -> None:
        """Meters, seals and late values in a few epochs."""
        for epoch in range(FIRST, FIRST + EPOCHS):
            for _ in range(3 * self.size):
                self.meter(epoch)
            for _ in range(self.chance.choice([0, 0, 1, 2])):
                self.move(epoch + 1)
            for _ in range(self.chance.choice([0, 1, 3]) if self.reference.agreements else 0):
                self.renegotiate(epoch)
            for _ in range(self.chance.choice([0, 0, self.size])):
                self.seal(epoch)
                self.meter(epoch)
            self.compare(epoch)
            self.seal_whole(epoch)
            self.compare_closed(epoch) if self.engine.is_closed(epoch) else self.compare(epoch)
            self.meter(epoch)
        assert [(late.meter, late.epoch, late.wh) for late in self.engine.lates()] == self.reference.late
        for agreement in self.reference.agreements:
            contract = self.engine.contract(agreement.id)
            assert contract is not None and contract.delivered_wh == agreement.delivered_wh


def entries(postings: list[Posting]) -> list[Entry]:
    """The engine's postings as the reference writes them."""
    return sorted((Entry(one.from_, one.to, one.wh, one.kind, one.contract, one.co2_mg, one.owner) for one in postings), key=str)


def check(seed: int, size: int) -> None:
    pair = Pair(seed, size)
    pair.live()
    again = Pair(seed, size)
    again.live()
    assert again.engine.snapshot() == pair.engine.snapshot()
    assert Market.restore(pair.engine.snapshot()).snapshot() == pair.engine.snapshot()
    chain = SealChain("random", epoch_seconds=pair.epoch_seconds)
    for _, blob in pair.blobs:
        chain.follow(blob, SIGNER.public_key)
    assert (chain.head, chain.number) == (pair.engine.head, pair.engine.seal_number)


quiet = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


@settings(max_examples=400, **quiet)  # type: ignore[arg-type]
@given(seed=seeds, size=sizes)
def test_random_markets_are_what_the_reference_says(seed: int, size: int) -> None:
    check(seed, size)


@pytest.mark.slow
@settings(max_examples=10_000, **quiet)  # type: ignore[arg-type]
@given(seed=seeds, size=sizes)
def test_ten_thousand_random_markets_are_what_the_reference_says(seed: int, size: int) -> None:
    check(seed, size)
