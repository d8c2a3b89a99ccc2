"""Random markets that nobody has touched, through the audit: it must find nothing. `make test-all` does 500 of them."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from joulebus.market.asking import Asker, asked
from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_market
from joulebus.market.opening import Opening
from joulebus_core.market import Market
from joulebus_schemas.market.assets import OpenBooks
from tests.market.reference import ROOT
from tests.market.test_random_markets import Pair

TERMS = {"epoch_wh_max": "energy", "total_wh_max": "total_energy", "load_watts_min": "load_min", "load_watts_max": "load_max"}
TERMS |= {"from_epoch": "valid_from", "until_epoch": "valid_until"}


class Recorded:
    """An engine that writes down what it is told, as calls."""

    def __init__(self, engine: Market) -> None:
        self._engine, self.calls = engine, list[tuple[str, dict[str, Any]]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def upsert_asset(self, asset: str, *, rule: tuple[str | None, str | None], from_epoch: int | None = None) -> Any:
        since = {} if from_epoch is None else {"from_epoch": from_epoch}
        self.calls.append(("asset.upsert", {"asset_id": asset, "balance_rule": {"from": rule[0], "to": rule[1]}, **since}))
        return self._engine.upsert_asset(asset, rule=rule, from_epoch=from_epoch)

    def add_contract(self, *sides: str, **terms: Any) -> Any:
        said = {TERMS.get(name, name): value for name, value in terms.items() if name != "id"}
        holder, partner, direction = sides
        parties = {"asset_id": holder, "partner_id": partner, "direction": direction, "contract_id": terms["id"]}
        self.calls.append(("contract.add", {**parties, **said}))
        return self._engine.add_contract(holder, partner, direction, **terms)

    def update_contract(self, id: str, *, holds_from: int | None, **terms: Any) -> Any:
        said = {TERMS.get(name, name): value for name, value in terms.items()}
        since = {} if holds_from is None else {"holds_from": holds_from}
        self.calls.append(("contract.update", {"contract_id": id, **since, **said}))
        return self._engine.update_contract(id, holds_from=holds_from, **terms)

    def set_merit_order(self, seller: str, ids: list[str], *, holds_from: int | None) -> None:
        since = {} if holds_from is None else {"holds_from": holds_from}
        self.calls.append(("meritorder.set", {"asset_id": seller, "contracts": ids, **since}))
        self._engine.set_merit_order(seller, ids, holds_from=holds_from)

    def add_settlement(self, *value: Any, register: str | None, co2_mg: int) -> Any:
        meter, epoch, wh = value
        if register is None:
            self.calls.append(("balancing.add_settlement", {"meter_id": meter, "epoch": epoch, "wh": wh, "co2_mg": co2_mg}))
        else:
            both = {"meter_id": meter, "import_wh": 0, "export_wh": 0, f"{register}_wh": abs(wh)}
            self.calls.append(("metering.book_epoch", {"epoch": epoch, "values": [both], "source": "random"}))
        return self._engine.add_settlement(meter, epoch, wh, register=register, co2_mg=co2_mg)

    def seal(self, asset: str, epoch: int, signer: Any, *, partner_sealed: str) -> Any:
        self.calls.append(("balancing.seal", {"asset_id": asset, "epoch": epoch}))
        return self._engine.seal(asset, epoch, signer, partner_sealed=partner_sealed)

    def seal_epoch(self, epoch: int, signer: Any) -> Any:
        if not self._engine.in_transaction:  # What is rehearsed is taken back.
            self.calls.append(("balancing.seal_epoch", {"epoch": epoch}))
        return self._engine.seal_epoch(epoch, signer)


class RecordedPair(Pair):
    """A random life, written down."""

    def made(self) -> Any:
        return Recorded(super().made())


def lived(path: Path, seed: int, size: int) -> int:
    """A random life as operations of random askers in random transactions, with restarts; how many were kept."""
    pair = RecordedPair(seed, size)
    pair.live()
    calls: list[tuple[str, dict[str, Any]]] = pair.engine.calls  # type: ignore[attr-defined]
    chance = Random(seed)
    opening = Opening(f"sqlite:///{path}", "random", DEMONSTRATION, OpenBooks(epoch_seconds=pair.epoch_seconds, root=ROOT))
    executor = Executor.open(opening)
    while calls:
        together, calls = calls[: (count := chance.randrange(1, 40))], calls[count:]
        by = Asker(f"house/~{chance.choice('abc')}", chance.choice(["trader", "admin"]))
        ids = [{"request_id": f"r{chance.random()}"} if chance.random() < 0.1 else {} for _ in together]
        executor.run([asked(name, arguments | id, by) for (name, arguments), id in zip(together, ids, strict=True)])
        if chance.random() < 0.2:
            executor.close()
            executor = Executor.open(opening)
    executor.close()
    return executor.mark.revision


def false_alarms(folder: Path, seeds: range) -> tuple[int, int]:
    """Findings in markets that nobody has touched, and operations that were looked at."""
    alarms = operations = 0
    for seed in seeds:
        path = folder / f"{seed}.sqlite"
        operations += lived(path, seed, seed % 7 + 1)
        alarms += len(check_market(path, "random").findings)
        path.unlink()
    return alarms, operations


def test_untouched_random_markets_raise_no_alarm(tmp_path: Path) -> None:
    alarms, operations = false_alarms(tmp_path, range(12))
    assert (alarms, operations > 500) == (0, True)


@pytest.mark.slow
def test_five_hundred_untouched_random_markets_raise_no_alarm(tmp_path: Path) -> None:
    alarms, operations = false_alarms(tmp_path, range(1_000, 1_500))
    print(f"500 random markets, {operations:,} operations: {alarms} false alarms")
    assert alarms == 0
