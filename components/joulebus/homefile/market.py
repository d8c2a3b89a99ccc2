"""The market in a home file: groups, which devices are balancing points, contracts and tariffs; checked before anything starts."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from joulebus.homefile.errors import Problems
from joulebus.physics.daily import DailyWindow
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import guess, problems_of
from joulebus_schemas.base import Name, Word
from joulebus_schemas.market.base import AssetId, ContractId, Direction, Label
from joulebus_schemas.market.contracts import ContractStatus, EpochEnergy, LoadMax, LoadMin, Priority, TotalEnergy
from joulebus_schemas.roster import Member

SECTION = "market"
SILENT_KINDS = ("sun", "weather", "inverter")
"""Kinds whose joules no account shows."""


class RuleWords(Word):
    """Against whom something is balanced."""

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True, serialize_by_alias=True)

    from_: Annotated[AssetId | None, Field(alias="from", description="who delivers what it lacks")] = None
    to: Annotated[AssetId | None, Field(description="who takes what it has too much")] = None

    def names(self) -> tuple[tuple[str, str], ...]:
        """Side and name of its upstreams."""
        return tuple((side, name) for side, name in (("from", self.from_), ("to", self.to)) if name is not None)


class ContractWords(Word):
    """A contract between two groups."""

    seller: Annotated[AssetId, Field(description="in whose merit order it stands")]
    partner: AssetId
    direction: Direction = "to"
    priority: Priority = 0
    status: ContractStatus = "active"
    energy: EpochEnergy | None = None
    total_energy: TotalEnergy | None = None
    load_min: LoadMin | None = None
    load_max: LoadMax | None = None


class SegmentWords(Word):
    """A segment of the tariff."""

    euro_per_kwh: Annotated[float, Field(ge=-100, le=100, description="finer than a micro-euro is rounded once")]
    during: Annotated[
        tuple[DailyWindow, ...], Field(max_length=64, description="daily windows; none: whenever no other segment holds")
    ] = ()


class MarketWords(Word):
    """The economic side of a home."""

    root: Annotated[AssetId, Field(description="with whom everything without a rule is balanced")] = "eaf_generic_balancegroup"
    groups: Annotated[dict[AssetId, RuleWords], Field(description="balance groups by name, of any depth")] = Field(default_factory=dict)
    points: Annotated[
        dict[Name, RuleWords], Field(min_length=1, description="devices whose joules are booked; panels to a group, appliances from one")
    ]
    contracts: dict[ContractId, ContractWords] = Field(default_factory=dict)
    tariff: Annotated[dict[Label, SegmentWords], Field(description="segments by name; of two that hold at once the later one wins")] = (
        Field(default_factory=dict)
    )
    seal_after_epochs: Annotated[
        int, Field(ge=0, le=672, description="how many epochs later an epoch is sealed, as a whole, bottom-up")
    ] = 1


def read_market(value: Any, members: Mapping[str, Member], problems: Problems) -> MarketWords | None:
    """The section, when there is one and it can be understood."""
    if not isinstance(value, dict) or SECTION not in value:
        return None
    said = value[SECTION]
    if not isinstance(said, dict):
        problems.add((SECTION,), f"the market must be a mapping with points, groups, contracts, tariff, but is {shown(said)}")
        return None
    try:
        words = MarketWords.model_validate_json(json.dumps(said))
    except ValidationError as error:
        problems.extend(problems_of(error, MarketWords, said, SECTION), SECTION)
        return None
    _check_points(words, members, problems)
    _check_names(words, problems)
    _check_cycles(words, problems)
    return words


def _check_points(words: MarketWords, members: Mapping[str, Member], problems: Problems) -> None:
    for name in words.points:
        where = (SECTION, "points", name)
        if name not in members:
            problems.add(where, f"a balancing point must be a device of the home; {guess(name, members, 'there are')}")
        elif members[name].kind in SILENT_KINDS:
            problems.add(
                where, f"{name} is of the kind {members[name].kind}, which has no joules of its own to book; choose another device"
            )
        if name in words.groups:
            problems.add(where, f'"{name}" is a group, too; give one of them another name')


def _check_names(words: MarketWords, problems: Problems) -> None:
    """Whoever is named is declared; a misspelt group would be a new one, and nobody would notice."""
    known = {words.root, *words.groups}
    for section, rules in (("groups", words.groups), ("points", words.points)):
        for name, rule in rules.items():
            for side, upstream in rule.names():
                if upstream not in known:
                    problems.add(
                        (SECTION, section, name, side), f"there is no group {shown(upstream)}; {guess(upstream, known, 'there are')}"
                    )
    if words.root in words.groups:
        problems.add((SECTION, "groups", words.root), "the root is balanced with nobody, so it needs no rule; leave it out of the groups")
    for name, contract in words.contracts.items():
        for side, asset in (("seller", contract.seller), ("partner", contract.partner)):
            if asset not in known | set(words.points):
                problems.add((SECTION, "contracts", name, side), f"there is no group {shown(asset)}; {guess(asset, known, 'there are')}")
        if contract.seller == contract.partner:
            problems.add((SECTION, "contracts", name, "partner"), "a contract must be with somebody else than its seller")
        if contract.seller == words.root:
            problems.add(
                (SECTION, "contracts", name, "seller"), "the root has no upstream, so it cannot sell what would go there; name a group"
            )


def _check_cycles(words: MarketWords, problems: Problems) -> None:
    for name in words.groups:
        path = _cycle(words, (name,))
        if path is not None and path[0] == min(path):
            problems.add(
                (SECTION, "groups", name), f"groups must lead to the root, but these go in a circle: {' -> '.join((*path, path[0]))}"
            )


def _cycle(words: MarketWords, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The way back to where it began, if there is one."""
    rule = words.groups.get(path[-1])
    for upstream in dict.fromkeys(name for _, name in rule.names()) if rule else ():
        if upstream == path[0]:
            return path
        if upstream not in path and (found := _cycle(words, (*path, upstream))) is not None:
            return found
    return None


def dumped(words: MarketWords) -> dict[str, Any]:
    """As a home file says it; what is as it would be anyway is left out."""
    return words.model_dump(mode="json", exclude_defaults=True)
