"""A market as a directed graph: who is balanced against whom, and what flowed between them in an epoch. Pure; drawn by ``picture``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AssetNode:
    """An asset in the graph."""

    name: str
    kind: str
    net_wh: int
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Energy from one asset to another, or a rule without energy yet."""

    giver: str
    taker: str
    wh: int
    kind: str
    """meter, residual, contract, counter, correction; rule when nothing flowed."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in columns: what delivers on the left, the root on the right."""

    title: str
    nodes: tuple[AssetNode, ...]
    edges: tuple[Edge, ...]


def graph_of(title: str, assets: list[dict[str, Any]], postings: Iterable[dict[str, Any]], root: str) -> Graph:
    """The graph of some assets (as asset.find answers them) and the postings of an epoch."""
    upstreams = {one["asset_id"]: _upstreams(one, root) for one in assets}
    edges = _flows(postings) or _rules(upstreams)
    names = sorted({name for edge in edges for name in (edge.giver, edge.taker)})
    kinds = {one["asset_id"]: one["type"] for one in assets}
    depth = {name: _depth(name, upstreams, root) for name in names}
    deepest = max(depth.values(), default=0)
    nodes = []
    for column in range(deepest + 1):
        here = sorted((name for name in names if deepest - depth[name] == column), key=lambda name: (upstreams.get(name, ()), name))
        nodes += [AssetNode(name, kinds.get(name, "balance"), _net(name, edges), column, row) for row, name in enumerate(here)]
    return Graph(title, tuple(nodes), edges)


def _upstreams(asset: dict[str, Any], root: str) -> tuple[str, ...]:
    rule = asset["balance_rule"]
    found = tuple(dict.fromkeys(name for name in (rule.get("from"), rule.get("to")) if name))
    return found or (() if asset["asset_id"] == root else (root,))


def _flows(postings: Iterable[dict[str, Any]]) -> tuple[Edge, ...]:
    sums: dict[tuple[str, str, str], int] = {}
    for one in postings:
        key = (one["from"], one["to"], one["kind"])
        sums[key] = sums.get(key, 0) + one["wh"]
    return tuple(Edge(giver, taker, wh, kind) for (giver, taker, kind), wh in sorted(sums.items()))


def _rules(upstreams: dict[str, tuple[str, ...]]) -> tuple[Edge, ...]:
    return tuple(Edge(name, upstream, 0, "rule") for name, found in sorted(upstreams.items()) for upstream in found)


def _depth(name: str, upstreams: dict[str, tuple[str, ...]], root: str) -> int:
    """Steps to the root; rules have no cycles, so it ends."""
    above = upstreams.get(name, () if name == root else (root,))
    return max((1 + _depth(one, upstreams, root) for one in above), default=0)


def _net(name: str, edges: tuple[Edge, ...]) -> int:
    return sum(edge.wh * ((edge.taker == name) - (edge.giver == name)) for edge in edges)
