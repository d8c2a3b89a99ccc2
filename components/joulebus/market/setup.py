"""From the market in a home file to operations: at birth all of it, later what the file has said otherwise since it was last applied.

What an operator has changed while the market ran is not in the file; a restart must not take it back, so it stays, and is reported.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from joulebus.homefile.market import ContractWords, MarketWords, RuleWords
from joulebus.market.asking import Asked, asked
from joulebus.market.executor import Executor
from joulebus.physics.prices import micro_euro
from joulebus.physics.schedule import intervals
from joulebus_schemas.base import Word
from joulebus_schemas.market.assets import OpenBooks


def opening_of(words: MarketWords, epoch_seconds: int) -> OpenBooks:
    """How the books of a home are opened."""
    return OpenBooks(epoch_seconds=epoch_seconds, root=words.root)


W = TypeVar("W", bound=Word)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be done because the file has changed, and what is left as it is."""

    calls: tuple[Asked, ...]
    notes: tuple[str, ...]


def plain(words: MarketWords) -> dict[str, Any]:
    """What a home file says about its market, as JSON."""
    said: dict[str, Any] = words.model_dump(mode="json", by_alias=True)
    return said


def operations(executor: Executor, words: MarketWords, epoch: int) -> list[Asked]:
    """All that the home file says and the books do not, from an epoch on."""
    return [
        *_assets(executor, words.groups, "balance", epoch),
        *_assets(executor, words.points, "meter", epoch),
        *_contracts(executor, words.contracts, epoch),
        *_prices(executor, words, epoch),
    ]


def difference(executor: Executor, before: MarketWords, now: MarketWords, epoch: int) -> Difference:
    """What the file has changed, from an epoch on; everything else stays as it was set."""
    segments = {label: segment for label, segment in now.tariff.items() if before.tariff.get(label) != segment}
    calls = [
        *_assets(executor, _news(before.groups, now.groups), "balance", epoch),
        *_assets(executor, _news(before.points, now.points), "meter", epoch),
        *_contracts(executor, _news(before.contracts, now.contracts), epoch),
        *_ended(executor, before.contracts.keys() - now.contracts.keys(), epoch),
        *_prices(executor, now.model_copy(update={"tariff": segments}), epoch),
    ]
    kept = [one for one in operations(executor, now, epoch) if one not in calls]
    notes = [*(_said_live(one) for one in kept), *_cannot(executor, before, now)]
    return Difference(tuple(calls), tuple(notes))


def _news(before: Mapping[str, W], now: Mapping[str, W]) -> dict[str, W]:
    return {name: word for name, word in now.items() if before.get(name) != word}


def _said_live(one: Asked) -> str:
    said = one.ask.model_dump(mode="json", exclude_unset=True, by_alias=True)
    name = said.get("asset_id") if one.call.name == "asset.upsert" else said.get("contract_id", "prices")
    return f"{name} was set otherwise while the market ran, and stays so: the home file would have it as {said}"[:500]


def _cannot(executor: Executor, before: MarketWords, now: MarketWords) -> Iterator[str]:
    for name in sorted((before.groups.keys() | before.points.keys()) - (now.groups.keys() | now.points.keys())):
        yield f"{name} is not in the home file any more; it stays in the market, because its past does"
    for name, wanted in now.contracts.items():
        have = executor.books.engine.contract(name)
        if have is not None and (have.seller, have.partner, have.direction) != (wanted.seller, wanted.partner, wanted.direction):
            yield (
                f"the contract {name} is between {have.seller} and {have.partner} ({have.direction}), and that never changes; "
                "end it and give the new one another name"
            )
    changed = [label for label, segment in now.tariff.items() if label in before.tariff and before.tariff[label].during != segment.during]
    if changed:
        yield f"new hours of {', '.join(changed)} hold where no segment is set yet; the next two days are set, and that never changes"


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


def _assets(executor: Executor, rules: Mapping[str, RuleWords], kind: str, epoch: int) -> Iterator[Asked]:
    for name, rule in rules.items():
        have = executor.books.engine.asset(name)
        if have is None or (have.type, have.rule_from, have.rule_to) != (kind, rule.from_, rule.to):
            side = {"from": rule.from_, "to": rule.to}
            since = {} if have is None else {"from_epoch": epoch}
            yield asked("asset.upsert", {"asset_id": name, "type": kind, "balance_rule": side, **since})


def _ended(executor: Executor, names: Iterable[str], epoch: int) -> Iterator[Asked]:
    for name in sorted(names):
        have = executor.books.engine.contract(name)
        if have is not None and have.status != "ended":
            yield asked("contract.end", {"contract_id": name, "holds_from": epoch})


def _contracts(executor: Executor, contracts: Mapping[str, ContractWords], epoch: int) -> Iterator[Asked]:
    for name, wanted in contracts.items():
        fields: dict[str, Any] = wanted.model_dump(exclude={"seller", "partner", "direction"})
        have = executor.books.engine.contract(name)
        if have is None:
            parties = {"asset_id": wanted.seller, "partner_id": wanted.partner, "direction": wanted.direction}
            yield asked("contract.add", {"contract_id": name, **parties, **fields})
            continue
        said = (have.priority, have.status, have.epoch_wh_max, have.total_wh_max, have.load_watts_min, have.load_watts_max)
        if said != (wanted.priority, wanted.status, wanted.energy, wanted.total_energy, wanted.load_min, wanted.load_max):
            yield asked("contract.update", {"contract_id": name, "holds_from": epoch, **fields})


def _prices(executor: Executor, words: MarketWords, epoch: int) -> Iterator[Asked]:
    wanted = {label: micro_euro(segment.euro_per_kwh) for label, segment in words.tariff.items()}
    news = {label: price for label, price in wanted.items() if executor.books.engine.price(label, epoch) != price}
    if news:
        yield asked("tariff.set_prices", {"prices": news, "from_epoch": epoch})
