"""The devices of a home file: read one by one, then looked at together."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from joulebus.device import AnyDevice
from joulebus.devices import KINDS
from joulebus.devices.meter_reader import NETWORK
from joulebus.homefile import errors as texts
from joulebus.homefile.errors import Problems
from joulebus.homefile.hearing import cycle, cycle_sentence
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import problems_of
from joulebus.registry import RESERVED
from joulebus_schemas.base import Name, Word
from joulebus_schemas.roster import Member

ONCE = ("inverter", "grid")
"""Kinds of which a home has one at most."""
LIBRARY = "pvlib:"
"""Begins the names of weather files that come with a library, and not from a folder."""
SWITCHBOARD = "inverter"
"""The device that balances a home; one that only switches is added when a file has none."""


class MemberWords(Word):
    """What every device has beside its properties."""

    kind: Annotated[str, Field(description="What it is")]
    on: Annotated[bool, Field(description="Whether it is switched on")] = True
    hears: Annotated[
        tuple[Name, ...] | None, Field(max_length=64, description="Devices whose signals it uses; by default all it can use")
    ] = None


def read_members(value: Any, problems: Problems, folder: Path) -> dict[str, Member]:
    """All devices that can be understood; the others leave complaints."""
    found = {name: _member(name, words, problems, folder) for name, words in _devices(value).items()}
    return {name: member for name, member in found.items() if member is not None}


def _member(name: str, words: Any, problems: Problems, folder: Path) -> Member | None:
    where = ("devices", name)
    _check_name(name, problems)
    if not isinstance(words, dict):
        problems.add(where, f"a device must be a mapping with its kind and properties, but is {shown(words)}")
        return None
    common = _common(where, words, problems)
    device = KINDS.get(words["kind"]) if isinstance(words.get("kind"), str) else None
    if isinstance(words.get("kind"), str) and device is None:
        problems.add((*where, "kind"), texts.kind_text(words["kind"], KINDS))
    if device is None or common is None:
        return None
    properties = _properties(where, device, words, problems)
    if properties is None:
        return None
    located = _with_files(where, properties, problems, folder) | _with_sources(device, properties, folder)
    fields: dict[str, Any] = {"kind": device.kind, "on": common.on, "properties": located}
    return Member(**fields) if common.hears is None else Member(**fields, hears=common.hears)


def _check_name(name: str, problems: Problems) -> None:
    if name in RESERVED:
        problems.add(("devices", name), texts.reserved_text(name))
    try:
        Member(kind="any", hears=(name,))
    except ValidationError:
        problems.add(("devices", name), texts.name_text(name))


def _common(where: tuple[str, str], words: dict[str, Any], problems: Problems) -> MemberWords | None:
    values = {key: value for key, value in words.items() if key in MemberWords.model_fields}
    try:
        return MemberWords.model_validate_json(json.dumps(values))
    except ValidationError as error:
        problems.extend(problems_of(error, MemberWords, values, "device"), *where)
        return None


def _properties(where: tuple[str, str], device: AnyDevice, words: dict[str, Any], problems: Problems) -> dict[str, Any] | None:
    """All properties of a device, with those that the file leaves out."""
    values = {key: value for key, value in words.items() if key not in MemberWords.model_fields}
    try:
        return device.properties.model_validate_json(json.dumps(values)).model_dump(mode="json")
    except ValidationError as error:
        problems.extend(map(texts.with_migration, problems_of(error, device.properties, values, device.kind)), *where)
        return None


def _with_files(where: tuple[str, str], properties: dict[str, Any], problems: Problems, folder: Path) -> dict[str, Any]:
    """Properties that name a file, with its place seen from anywhere; those of a library ("pvlib:...") stay."""
    found = dict(properties)
    for key, value in properties.items():
        if is_file(key) and isinstance(value, str) and value and not value.startswith(LIBRARY):
            found[key] = str(folder / value)
            if not (folder / value).is_file():
                problems.add((*where, key), f"there is no file {shown(value)}, seen from the folder of the home file")
    return found


def _with_sources(device: AnyDevice, properties: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Those that name where a living device reads: it may come and go, so nobody asks here whether it is there."""
    return {key: located_source(properties[key], folder) for key in device.sources}


def located_source(source: str, folder: Path) -> str:
    """A source with its whole path, seen from a folder; one on the network stays, and so does none."""
    return source if not source or source.startswith(NETWORK) else str(folder / source)


def is_file(key: str) -> bool:
    """Whether a property names a file."""
    return key in ("file", "path") or key.endswith(("_file", "_path"))


def check_once(value: Any, problems: Problems) -> None:
    """One inverter, one grid; also among devices with other faults."""
    kinds = {name: words.get("kind") for name, words in _devices(value).items() if isinstance(words, dict)}
    for kind in ONCE:
        names = [name for name, other in kinds.items() if other == kind]
        for name in names[1:]:
            problems.add(("devices", name), texts.second_text(kind, names[0]))
    for name, words in _devices(value).items():
        if kinds.get(name) == SWITCHBOARD and words.get("on") is False:
            problems.add(("devices", name, "on"), texts.ALWAYS_ON)
    if SWITCHBOARD in kinds and SWITCHBOARD not in kinds.values():
        problems.add(("devices", SWITCHBOARD), f'only an inverter may be called "{SWITCHBOARD}"; call this device differently')


def check_hearing(value: Any, members: dict[str, Member], problems: Problems) -> None:
    """Whoever is heard is there, and somebody can speak first."""
    for name, member in members.items():
        for heard in member.hears:
            if heard not in _devices(value):
                problems.add(("devices", name, "hears"), texts.unknown_text(heard, _devices(value)))
    if names := cycle(members):
        problems.add(("devices", names[0], "hears"), cycle_sentence(names))


def _devices(value: Any) -> dict[str, Any]:
    devices = value.get("devices") if isinstance(value, dict) else None
    return devices if isinstance(devices, dict) else {}
