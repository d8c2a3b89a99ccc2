"""From the market in a home file to operations: what the file says otherwise than the books is changed, and nothing else."""

from collections.abc import Iterator
from typing import Any

from joulebus.homefile.market import MarketWords, RuleWords
from joulebus.market.executor import Asked, Executor, asked
from joulebus.physics.prices import micro_euro
from joulebus.physics.schedule import intervals
from joulebus_schemas.market.assets import OpenBooks

DAY_SECONDS = 86_400


def opening_of(words: MarketWords, epoch_seconds: int) -> OpenBooks:
    """How the books of a home are opened."""
    return OpenBooks(epoch_seconds=epoch_seconds, root=words.root)


def operations(executor: Executor, words: MarketWords, epoch: int) -> list[Asked]:
    """What the home file wants to be different, from an epoch on."""
    return [
        *_assets(executor, words.groups, "balance"),
        *_assets(executor, words.points, "meter"),
        *_contracts(executor, words),
        *_prices(executor, words, epoch),
    ]


def segments_of(words: MarketWords, timezone: str, first: int, until: int, epoch_seconds: int) -> list[str]:
    """The segment of each epoch: the last one that holds at its start; one without windows holds whenever no other does."""
    begins, ends = first * epoch_seconds, until * epoch_seconds
    always = [label for label, segment in words.tariff.items() if not segment.during]
    found = [always[-1] if always else next(iter(words.tariff))] * (until - first)
    for label, segment in words.tariff.items():
        for start, end in intervals(tuple(segment.during), timezone, begins, ends) if segment.during else ():
            for epoch in range(-(-start // epoch_seconds), -(-end // epoch_seconds)):
                found[epoch - first] = label
    return found


def _assets(executor: Executor, rules: dict[str, RuleWords], kind: str) -> Iterator[Asked]:
    for name, rule in rules.items():
        have = executor.books.engine.asset(name)
        if have is None or (have.type, have.rule_from, have.rule_to) != (kind, rule.from_, rule.to):
            side = {"from": rule.from_, "to": rule.to}
            yield asked("asset.upsert", {"asset_id": name, "type": kind, "balance_rule": side})


def _contracts(executor: Executor, words: MarketWords) -> Iterator[Asked]:
    for name, wanted in words.contracts.items():
        fields: dict[str, Any] = wanted.model_dump(exclude={"seller", "partner", "direction"})
        have = executor.books.engine.contract(name)
        if have is None:
            parties = {"asset_id": wanted.seller, "partner_id": wanted.partner, "direction": wanted.direction}
            yield asked("contract.add", {"contract_id": name, **parties, **fields})
            continue
        said = (have.priority, have.status, have.epoch_wh_max, have.total_wh_max, have.load_watts_min, have.load_watts_max)
        if said != (wanted.priority, wanted.status, wanted.energy, wanted.total_energy, wanted.load_min, wanted.load_max):
            yield asked("contract.update", {"contract_id": name, **fields})


def _prices(executor: Executor, words: MarketWords, epoch: int) -> Iterator[Asked]:
    wanted = {label: micro_euro(segment.euro_per_kwh) for label, segment in words.tariff.items()}
    news = {label: price for label, price in wanted.items() if executor.books.engine.price(label, epoch) != price}
    if news:
        yield asked("tariff.set_prices", {"prices": news, "from_epoch": epoch})
