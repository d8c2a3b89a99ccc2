"""Kinds of devices as a page shows them: how each looks in a palette, and the form of its properties."""

from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus_schemas.base import Name, Sentence, Word, example

Category = Literal["sky", "solar", "battery", "load", "grid", "inverter"]
KindName = Annotated[Name, Field(description="as home files say it")]
LOOK = {"label": "Battery", "category": "battery", "icon": "battery-high", "is_only_one": False}


class KindLook(Word):
    """How a kind is shown to people."""

    model_config = example(LOOK)

    label: Annotated[str, Field(max_length=64, description="its name for people")]
    category: Annotated[Category, Field(description="the group of devices in which people look for it")]
    icon: Annotated[str, Field(max_length=64, description="name of an icon of Material Design Icons")]
    is_only_one: Annotated[bool, Field(description="whether a home has one device of this kind at most")]


class KindList(Word):
    """What kinds of devices there are: one line of help each, and how they look."""

    model_config = example({"kinds": {"battery": "a battery with limits of charge and power"}, "looks": {"battery": LOOK}})

    kinds: Annotated[dict[Name, Sentence], Field(max_length=1_000, description="by name, as home files say it")]
    looks: Annotated[dict[Name, KindLook], Field(max_length=1_000, description="of the same kinds")] = Field(default_factory=dict)


class AskKind(Word):
    """A kind by name."""

    model_config = example({"kind": "battery"})

    kind: KindName


class KindDetails(Word):
    """All that a form needs to know of a kind, also before there is a device of it."""

    model_config = example(
        {
            "kind": "battery",
            "summary": "a battery with limits of charge and power",
            "look": LOOK,
            "hears": [],
            "signals": {},
            "readings": {"state_of_charge_ppm": "how full it is; 1,000,000 is full"},
            "properties": {
                "type": "object",
                "properties": {"capacity_kwh": {"title": "Capacity", "unit": "kWh", "type": "number", "default": 10.0}},
            },
        }
    )

    kind: KindName
    summary: Annotated[Sentence, Field(description="the kind in one line")]
    look: Annotated[KindLook, Field(description="how it is shown")]
    hears: Annotated[tuple[Name, ...], Field(strict=False, max_length=64, description="kinds whose signals it needs")]
    signals: Annotated[dict[Name, Sentence], Field(max_length=256, description="its signals: what each is; the unit is in the name")]
    readings: Annotated[dict[Name, Sentence], Field(max_length=256, description="its readings: what each is; the unit is in the name")]
    properties: Annotated[
        dict[str, Any], Field(description="JSON Schema of its properties: title, unit, description, default, limits, choices, in order")
    ]
