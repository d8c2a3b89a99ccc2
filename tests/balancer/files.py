"""Files of operations for tests, and what came of them."""

import json
from collections.abc import Iterable
from typing import Any

from joulebus.market.executor import Executor, in_memory
from joulebus.market.runner import FileRun, run_operations

T = 474_240
"""The epoch of the predecessor's lessons; an hour."""

Call = tuple[str, dict[str, Any]]


def lines(calls: Iterable[Call]) -> list[str]:
    """As a file."""
    return [json.dumps({"call": name, "args": arguments}) for name, arguments in calls]


def executed(calls: Iterable[Call], executor: Executor | None = None) -> FileRun:
    """Execute calls as a file, with epochs of an hour."""
    return run_operations(executor or in_memory(3600), lines(calls))


def meter(name: str, **rule: str) -> Call:
    """A meter with its rule; ``from_`` is from."""
    return "asset.upsert", {"assetId": name, "type": "meter", "balancerule": _rule(rule)}


def group(name: str, **rule: str) -> Call:
    """A balance group."""
    return "asset.upsert", {"assetId": name, "type": "balance", "balancerule": _rule(rule)}


def metered(name: str, wh: int, epoch: int = T) -> Call:
    """Energy of a meter."""
    return "balancing.addSettlement", {"meterId": name, "epoch": epoch, "consumption": wh}


def ppa(seller: str, partner: str, energy: int, direction: str = "to", **more: Any) -> Call:
    """A contract."""
    fields = {"assetId": seller, "partnerId": partner, "direction": direction, "energy": energy, "status": "active"}
    return "contract.add", {**fields, **more}


def seal(name: str, epoch: int = T) -> Call:
    """A wish to seal."""
    return "balancing.seal", {"assetId": name, "epoch": epoch}


def flows(done: FileRun) -> list[tuple[str, str, int]]:
    """from, to, Wh of all postings."""
    return [(one["from"], one["to"], one["wh"]) for one in done.postings]


def statuses(done: FileRun) -> list[str]:
    """Of all lines."""
    return [one["status"] for one in done.results]


def _rule(rule: dict[str, str]) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in rule.items()}
