"""The kinds of devices as a page shows them; all of it follows from the kinds themselves."""

from typing import Any

from joulebus.device import AnyDevice
from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.refusals.messages import guess
from joulebus.refusals.units import unit_of, without_unit
from joulebus_schemas.kinds import KindDetails, KindList, KindLook


def listed_kinds() -> KindList:
    """All kinds, with one line of help each."""
    return KindList(kinds={name: kind.summary for name, kind in KINDS.items()}, looks={name: _look(kind) for name, kind in KINDS.items()})


def described_kind(name: str) -> KindDetails:
    """A kind with the form of its properties.

    Raises:
        RosterError: There is no such kind.
    """
    if name not in KINDS:
        raise RosterError(f"there is no kind {name}; {guess(name, KINDS, 'the kinds are')}")
    kind = KINDS[name]
    return KindDetails(
        kind=name,
        summary=kind.summary,
        look=_look(kind),
        hears=kind.hears,
        signals=dict(kind.signals),
        readings={**kind.reading_names, **kind.moment_names},
        properties=property_form(kind),
    )


def property_form(kind: AnyDevice) -> dict[str, Any]:
    """The JSON Schema of a kind's properties, with titles and units for people."""
    schema = kind.properties.model_json_schema()
    for part in [schema, *schema.get("$defs", {}).values()]:
        for name, field in part.get("properties", {}).items():
            field["title"] = without_unit(name).replace("_", " ").capitalize()
            unit = unit_of(name)
            if unit:
                field["unit"] = unit
    return schema


def _look(kind: AnyDevice) -> KindLook:
    label = kind.label or kind.kind.replace("_", " ").capitalize()
    return KindLook(label=label, category=kind.category, icon=kind.icon, is_only_one=kind.is_only_one)
