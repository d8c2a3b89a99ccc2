"""Kinds, devices and homes as tables."""

import json
from typing import Any

from rich.console import Console

from joulebus.cli.output import print_json
from joulebus.cli.whole_table import WholeTable
from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.refusals.messages import guess


def print_kinds(json_: bool) -> None:
    """All kinds, a line each."""
    if json_:
        print_json({name: device.summary for name, device in KINDS.items()})
        return
    table = WholeTable("kind", "what it is", "hears", show_edge=False)
    for name, device in KINDS.items():
        table.add_row(name, device.summary, ", ".join(device.hears))
    Console().print(table)


def print_kind(kind: str, json_: bool) -> None:
    """One kind with its properties: unit in the name, type, limits, default, help.

    Raises:
        RosterError: There is no such kind.
    """
    if kind not in KINDS:
        raise RosterError(f'unknown kind "{kind}"; {guess(kind, KINDS, "known kinds:")}')
    schema = KINDS[kind].properties.model_json_schema()
    if json_:
        print_json(schema)
        return
    table = WholeTable("property", "type", "limits", "default", "what it is", title=f"{kind}: {KINDS[kind].summary}", show_edge=False)
    known = schema.get("$defs", {})
    for name, field in schema.get("properties", {}).items():
        default = "" if field.get("default") is None else _plain(field["default"])
        table.add_row(name, _type(field, known), _limits(field), default, field.get("description", ""))
    Console().print(table, markup=False)


def _type(field: dict[str, Any], known: dict[str, Any]) -> str:
    """What a value looks like, the parts of lists and of mappings included."""
    if "enum" in field:
        return " | ".join(_plain(one) for one in field["enum"])
    if "const" in field:
        return _plain(field["const"])
    if "anyOf" in field:
        return " | ".join(_type(one, known) for one in field["anyOf"])
    if "$ref" in field:
        return _type(known.get(field["$ref"].rsplit("/", 1)[-1], {}), known)
    if "properties" in field:
        needed = field.get("required", [])
        return "{" + ", ".join(f"{name}{'' if name in needed else '?'}" for name in field["properties"]) + "}"
    if field.get("type") == "array":
        parts = [_type(one, known) for one in field.get("prefixItems", ())]
        if parts:
            return f"{len(parts)} of {parts[0]}" if len(set(parts)) == 1 else f"[{', '.join(parts)}]"
        return f"list of {_type(field.get('items', {}), known)}"
    return str(field.get("type", "any"))


def _limits(field: dict[str, Any]) -> str:
    signs = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
    return " ".join(f"{sign}\u00a0{field[key]}" for key, sign in signs if key in field)


def _plain(value: Any) -> str:
    """As it is written in a home file."""
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def print_devices(listing: dict[str, Any]) -> None:
    """Who belongs to a home."""
    title = f"{listing['home']} at tick {listing['tick']:,}"
    table = WholeTable("device", "kind", "", "properties that differ from the defaults", title=title, show_edge=False)
    for name, member in listing["devices"].items():
        table.add_row(name, member["kind"], "on" if member["on"] else "off", ", ".join(_different(member)))
    Console().print(table, markup=False)


def _different(member: dict[str, Any]) -> list[str]:
    """What somebody has chosen; a device of a kind that is not known here shows all that it has."""
    kind = KINDS.get(member["kind"])
    usual = kind.properties.model_construct().model_dump(mode="json") if kind is not None else {}
    return [f"{key}={_plain(value)}" for key, value in member["properties"].items() if key not in usual or usual[key] != value]


def print_homes(statuses: list[dict[str, Any]]) -> None:
    """The homes that are up, a table each."""
    if not statuses:
        print("no home is up; start one with `joulebus up FILE`")
    for status in statuses:
        tick = "does not answer" if status["tick"] is None else f"tick {status['tick']:,}"
        title = f"{status['home']}: {tick}   {status.get('guest_url', '')}   {status.get('cause', '')}".rstrip()
        heads = ("part", "state", "pid", "since", "restarts", "ready", "tick", "")
        table = WholeTable(*heads, title=title, title_justify="left", show_edge=False)
        for name, part in sorted(status["parts"].items()):
            table.add_row(name, *_part_cells(part))
        Console().print(table, markup=False)


def _part_cells(part: dict[str, Any]) -> tuple[str, ...]:
    ready = "" if "ready" not in part else "yes" if part["ready"] else "no"
    numbers = (part.get("restarts"), part.get("tick"))
    restarts, tick = ("" if number is None else f"{number:,}" for number in numbers)
    pid, since = str(part["pid"] or ""), part.get("since") or ""
    return part["state"], pid, since, restarts, ready, tick, part.get("cause") or ""
