"""What people override in a home: ``device.property=value``, checked as a home file is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joulebus.devices import KINDS
from joulebus.errors import PropertyError, UsageError
from joulebus.home.seat import read_properties
from joulebus.homefile.errors import ALWAYS_ON
from joulebus.homefile.home_file import HomeFile
from joulebus.homefile.members import LIBRARY, SWITCHBOARD, is_file
from joulebus.refusals.messages import guess, with_article
from joulebus.refusals.typed import value_of
from joulebus_schemas.roster import Member

SIZES = {"battery": "capacity_kwh", "panel": "peak_watts"}
"""A battery or a panel of size 0 is one that is not there: it is switched off."""
SEED, ON = "seed", "on"
_OPENING, _CLOSING = "[{", "]}"


@dataclass(frozen=True)
class Override:
    """One thing said otherwise; the path is a device and its property, a device and ``on``, or ``seed``."""

    path: str
    value: Any

    def __str__(self) -> str:
        return f"{self.path}={self.value if isinstance(self.value, str) else json.dumps(self.value)}"


def override_of(text: str, option: str = "--set") -> Override:
    """A setting of the command line.

    Raises:
        UsageError: It is not of the form device.property=value.
    """
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise UsageError(f'{option} must be device.property=value, but was "{text}"')
    return Override(path, value_of(value))


def values_of(text: str) -> tuple[Any, ...]:
    """Values with commas between; a comma inside brackets, braces or quotes belongs to a value."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in _OPENING) - (letter in _CLOSING)
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(value_of(part.strip()) for part in parts)


def with_overrides(home: HomeFile, overrides: tuple[Override, ...]) -> HomeFile:
    """The home with all of them.

    Raises:
        PropertyError: There is no such device or property, or the value is wrong.
    """
    for override in overrides:
        if override.path == SEED:
            home = replace(home, seed=_seed(override))
    changed = changed_members(home.members, tuple(override for override in overrides if override.path != SEED))
    return replace(home, members={**home.members, **changed})


def check_path(members: Mapping[str, Member], path: str) -> None:
    """Check that there is such a device with such a property, before many values of it are tried.

    Raises:
        PropertyError: There is no such device, or its kind has no such property.
    """
    name, _, key = path.partition(".")
    if path == SEED or (name in members and (key == ON or key in KINDS[members[name].kind].properties.model_fields)):
        return
    if name not in members:
        raise PropertyError(f"cannot vary {path}: there is no device {name}; {guess(name, members, 'the devices are')}")
    kind = members[name].kind
    known = KINDS[kind].properties.model_fields
    raise PropertyError(f"{path}: unknown property of {with_article(kind)}; {guess(key, known, 'known properties:')}")


def changed_members(members: Mapping[str, Member], overrides: tuple[Override, ...]) -> dict[str, Member]:
    """The devices with their overrides. Each is checked with all that is said about it: two settings may need each other.

    Raises:
        PropertyError: There is no such device or property, or the value is wrong.
    """
    found: dict[str, Member] = {}
    for override in overrides:
        name, dot, key = override.path.partition(".")
        if not dot:
            raise PropertyError(f'what is set must be device.property, but was "{override.path}"')
        if name not in members:
            raise PropertyError(f"cannot set {override}: there is no device {name}; {guess(name, members, 'the devices are')}")
        found[name] = _changed(found.get(name, members[name]), key, override)
    return {name: _checked(name, member) for name, member in found.items()}


def _seed(override: Override) -> int:
    if isinstance(override.value, int) and not isinstance(override.value, bool) and override.value >= 0:
        return override.value
    raise PropertyError(f"{override}: a seed must be a whole number of at least 0")


def _changed(member: Member, key: str, override: Override) -> Member:
    if key == ON:
        on = _switch(override)
        if member.kind == SWITCHBOARD and not on:
            raise PropertyError(f"{override}: {ALWAYS_ON}")
        return member.model_copy(update={ON: on})
    if key == SIZES.get(member.kind) and override.value == 0 and not isinstance(override.value, bool):
        return member.model_copy(update={ON: False})
    properties = {**_without_other_sizes(member, key), key: _seen_from_here(key, override.value)}
    return member.model_copy(update={"properties": properties})


def _checked(name: str, member: Member) -> Member:
    whole = read_properties(KINDS[member.kind], member.properties, name)
    return member.model_copy(update={"properties": whole.model_dump(mode="json")})


def _switch(override: Override) -> bool:
    if isinstance(override.value, bool):
        return override.value
    raise PropertyError(f"{override}: the value must be true or false")


def _without_other_sizes(member: Member, key: str) -> dict[str, Any]:
    """A panel's capacity may be said in several ways; who sets one of them means this one."""
    others = ("volts", "amps", "module_count", "module_watts", "area_m2", "efficiency_percent")
    forgotten = others if (member.kind, key) == ("panel", "peak_watts") else ()
    return {name: value for name, value in member.properties.items() if name not in forgotten}


def _seen_from_here(key: str, value: Any) -> Any:
    """A file that is named on a command line is seen from where the command is called."""
    if not is_file(key) or not isinstance(value, str) or not value or value.startswith(LIBRARY):
        return value
    if not Path(value).is_file():
        raise PropertyError(f"{key}: there is no file {value} in {Path.cwd()}")
    return str(Path(value).resolve())
