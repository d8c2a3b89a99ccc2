"""Who belongs to a home, and what changes about it: roster and properties are data, never "who is connected"."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import Name, Tick, Word

Json = Any
"""A JSON value; properties and states are checked by the model of their kind."""


class Place(Word):
    """Where a home stands."""

    latitude_degrees: Annotated[float, Field(ge=-90, le=90, description="north is positive")]
    longitude_degrees: Annotated[float, Field(ge=-180, le=180, description="east is positive")]
    altitude_m: Annotated[float, Field(ge=-430, le=8850, description="above the sea")] = 0.0
    timezone: Annotated[str, Field(max_length=64, description="IANA name, for the timers of people: Europe/Brussels")] = "UTC"


class Member(Word):
    """A device in a home: its kind, its properties and whether it is switched on."""

    kind: Annotated[Name, Field(description="what it is, as home files say it")]
    on: Annotated[bool, Field(description="whether it is switched on")] = True
    hears: Annotated[tuple[Name, ...], Field(strict=False, max_length=64, description="devices whose signals it uses")] = ()
    properties: Annotated[dict[str, Json], Field(description="what differs from the defaults of the kind")] = Field(default_factory=dict)


class By(Word):
    """Who asked for a change, in the router's word: of whoever passed it on, when it was not asked of the inverter itself."""

    principal: Annotated[str, Field(max_length=128, description="home and name, such as house/~anna")]
    role: Annotated[str, Field(max_length=64, description="with which it was allowed")]
    call: Annotated[str, Field(max_length=256, description="URI of what was asked")]
    arguments: Annotated[dict[str, Json], Field(description="as they were given; what is too large for the journal says so instead")]
    through: Annotated[Name | None, Field(description="the component that was asked, and passed it on; None: the inverter was")] = None


class Change(Word):
    """What somebody changed about one device, and the tick from which it holds. Exactly one field says what."""

    device: Annotated[Name, Field(description="name of the device")]
    from_tick: Annotated[Tick, Field(description="the first tick in which it holds")]
    properties: Annotated[dict[str, Json] | None, Field(description="all properties after the change")] = None
    on: Annotated[bool | None, Field(description="switched on or off")] = None
    added: Annotated[Member | None, Field(description="a new device")] = None
    removed: Annotated[bool | None, Field(description="it has left for good")] = None


def of_kind(members: Mapping[str, Member], kind: str) -> list[str]:
    """The names of all devices of a kind, sorted."""
    return sorted(name for name, member in members.items() if member.kind == kind)


def busbar_of(members: Mapping[str, Member]) -> str:
    """The account through which all power of a home flows: its inverter's."""
    return next(iter(of_kind(members, "inverter")), "inverter")
