"""Pods in rendered YAML, and what a NetworkPolicy says about two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

Thing = dict[str, Any]


def pods(things: list[Thing]) -> Iterator[tuple[str, Thing, Thing]]:
    """Name, metadata and specification of everything that starts a container."""
    for thing in things:
        if thing["kind"] == "Pod":
            yield thing["metadata"]["name"], thing["metadata"], thing["spec"]
        elif thing["kind"] in ("Deployment", "Job", "StatefulSet"):
            template = thing["spec"]["template"]
            yield thing["metadata"]["name"], template["metadata"], template["spec"]


def containers(things: list[Thing]) -> Iterator[tuple[str, Thing, Thing]]:
    """Each container, also those that run before others: ``pod/container``, itself, and its pod's specification."""
    for name, _, spec in pods(things):
        for one in [*spec.get("initContainers", []), *spec["containers"]]:
            yield f"{name}/{one['name']}", one, spec


@dataclass(frozen=True)
class Place:
    """Somebody who may speak or be spoken to."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    space: str = "house"
    address: str | None = None
    """Outside of the cluster's pods."""


def selects(selector: Thing, labels: Mapping[str, str]) -> bool:
    """Whether a label selector fits; an empty one fits everybody."""
    assert selector.keys() <= {"matchLabels", "matchExpressions"}
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In", "the charts says what is in"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def is_peer(peer: Thing, other: Place) -> bool:
    """Whether a peer of a rule is somebody."""
    if "ipBlock" in peer:  # In Kubernetes, pods have addresses, too.
        return ip_address(other.address or "10.244.0.9") in ip_network(peer["ipBlock"]["cidr"])
    if other.address is not None:
        return False
    there = {"kubernetes.io/metadata.name": other.space}
    spaces = selects(peer["namespaceSelector"], there) if "namespaceSelector" in peer else other.space == "house"
    return spaces and selects(peer.get("podSelector", {}), other.labels)


def allows(policies: list[Thing], who: Place, way: str, other: Place, port: int) -> bool:
    """Whether ``who`` may speak (``egress``) or be spoken to (``ingress``); outside of the namespace nobody is held to anything."""
    if who.address is not None or who.space != "house":
        return True
    mine = [
        one["spec"] for one in policies if selects(one["spec"]["podSelector"], who.labels) and way.title() in one["spec"]["policyTypes"]
    ]
    side = "to" if way == "egress" else "from"
    rules = [rule for spec in mine for rule in spec.get(way, [])]
    return not mine or any(_fits(rule, side, other, port) for rule in rules)


def _fits(rule: Thing, side: str, other: Place, port: int) -> bool:
    ports = [one["port"] for one in rule["ports"]]
    return port in ports and any(is_peer(peer, other) for peer in rule[side])
