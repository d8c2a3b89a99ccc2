"""How people have arranged their home on a page: places of devices, names for people, notes, groups. Kept with the home, of no effect."""

from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from joulebus_schemas.base import Name, Natural, Word, example
from joulebus_schemas.facts import DEVICES_MAX

LAYOUT_BYTES_MAX = 65_536
"""Limit of all that is kept, as JSON."""
GROUPS_MAX = 64
LINE_OF_TEXT = r"^[^\x00-\x1f\x7f]*$"
SOME_TEXT = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"
"""Also with ends of lines."""

Coordinate = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
LabelText = Annotated[str, Field(min_length=1, max_length=80, pattern=LINE_OF_TEXT)]
LayoutRevision = Annotated[Natural, Field(description="of the last change; the next one has the next number")]
PLACED = {"x": 120, "y": 80, "label": "Oven in the kitchen", "note": None, "group": "kitchen"}
KITCHEN = {"label": "Kitchen", "is_folded": False}


class Placed(Word):
    """A device on the page; what is null is as the page wants it."""

    model_config = example(PLACED)

    x: Annotated[Coordinate | None, Field(description="from left to right, in pixels at a zoom of 1")] = None
    y: Annotated[Coordinate | None, Field(description="from the top down")] = None
    label: Annotated[LabelText | None, Field(description="its name for people")] = None
    note: Annotated[str | None, Field(min_length=1, max_length=500, pattern=SOME_TEXT, description="for people")] = None
    group: Annotated[Name | None, Field(description="one of the groups")] = None


class PlacedChange(Placed):
    """What is to change of a device on the page: what is left out stays as it is, and null takes away."""

    model_config = example({"x": 140, "y": 80})

    @model_serializer(mode="wrap")
    def _what_is_given(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in whole(self).items() if name in self.model_fields_set}


class PlacedGroup(Word):
    """A group of devices on the page."""

    model_config = example(KITCHEN)

    label: Annotated[LabelText, Field(description="its name for people")]
    is_folded: Annotated[bool, Field(description="whether it is shown as one thing")] = False


PlacedDevices = Annotated[
    dict[Name, Placed], Field(max_length=DEVICES_MAX, description="by device; some may not be there yet, or any more")
]
PlacedGroups = Annotated[dict[Name, PlacedGroup], Field(max_length=GROUPS_MAX, description="by name")]


class Layout(Word):
    """The whole arrangement."""

    model_config = example({"revision": 7, "devices": {"oven": PLACED}, "groups": {"kitchen": KITCHEN}})

    revision: LayoutRevision = 0
    devices: PlacedDevices = Field(default_factory=dict)
    groups: PlacedGroups = Field(default_factory=dict)


class AskArrange(Word):
    """Change the arrangement: named entries are changed in the fields that are given, null takes an entry or a field away."""

    model_config = example({"devices": {"oven": {"x": 140, "y": 80}, "kettle": None}, "groups": {"kitchen": KITCHEN}})

    devices: Annotated[dict[Name, PlacedChange | None], Field(max_length=DEVICES_MAX, description="by device")] = Field(
        default_factory=dict
    )
    groups: Annotated[dict[Name, PlacedGroup | None], Field(max_length=GROUPS_MAX, description="by name")] = Field(default_factory=dict)


class Arranged(Word):
    """The arrangement is kept; the change reaches every screen."""

    model_config = example({"revision": 8})

    revision: LayoutRevision


class LayoutChanged(Word):
    """Somebody has arranged something: named entries are replaced, null takes one away."""

    model_config = example({"revision": 8, "by": "house/~anna", "devices": {"oven": PLACED, "kettle": None}, "groups": {}})

    revision: LayoutRevision
    by: Annotated[str, Field(max_length=70, description="the principal who asked")]
    devices: Annotated[dict[Name, Placed | None], Field(max_length=DEVICES_MAX, description="by device")]
    groups: Annotated[dict[Name, PlacedGroup | None], Field(max_length=GROUPS_MAX, description="by name")]
