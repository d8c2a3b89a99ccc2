"""Who belongs to a home, and what changes about it: roster and properties are data, never "who is connected"."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import Name, Tick, Word

Json = Any
"""A JSON value; properties and states are checked by the model of their kind."""


class Place(Word):
    """Where a home stands."""

    latitude_degrees: Annotated[float, Field(ge=-90, le=90, description="north is positive")]
    longitude_degrees: Annotated[float, Field(ge=-180, le=180, description="east is positive")]
    altitude_m: Annotated[float, Field(ge=-430, le=8850)] = 0.0
    timezone: Annotated[str, Field(description="IANA name, for the timers of people: Europe/Brussels")] = "UTC"


class Member(Word):
    """A device in a home: its kind, its properties and whether it is switched on."""

    kind: Name
    on: bool = True
    hears: Annotated[tuple[Name, ...], Field(strict=False, max_length=64, description="devices whose signals it uses")] = ()
    properties: dict[str, Json] = Field(default_factory=dict)


class Change(Word):
    """What somebody changed about one device, and the tick from which it holds. Exactly one field says what."""

    device: Name
    from_tick: Tick
    properties: Annotated[dict[str, Json] | None, Field(description="all properties after the change")] = None
    on: bool | None = None
    added: Member | None = None
    removed: bool | None = None
