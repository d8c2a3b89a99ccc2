"""Kinds and devices as tables."""

from typing import Any

from rich.console import Console
from rich.table import Table

from joulebus.cli.output import print_json
from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.refusals.messages import guess


def print_kinds(json_: bool) -> None:
    """All kinds, a line each."""
    if json_:
        print_json({name: device.summary for name, device in KINDS.items()})
        return
    table = Table("kind", "what it is", "hears", show_edge=False)
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
    table = Table("property", "type", "limits", "default", "what it is", title=f"{kind}: {KINDS[kind].summary}", show_edge=False)
    for name, field in schema.get("properties", {}).items():
        table.add_row(
            name, _type(field), _limits(field), "" if field.get("default") is None else str(field["default"]), field.get("description", "")
        )
    Console().print(table)


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if "anyOf" in field:
        return " | ".join(_type(one) for one in field["anyOf"])
    return str(field.get("type", field.get("$ref", "").rsplit("/", 1)[-1] or "any"))


def _limits(field: dict[str, Any]) -> str:
    signs = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
    return " ".join(f"{sign} {field[key]}" for key, sign in signs if key in field)


def print_devices(listing: dict[str, Any]) -> None:
    """Who belongs to a home."""
    table = Table(
        "device",
        "kind",
        "",
        "properties that differ from the defaults",
        title=f"{listing['home']} at tick {listing['tick']:,}",
        show_edge=False,
    )
    for name, member in listing["devices"].items():
        table.add_row(
            name,
            member["kind"],
            "on" if member["on"] else "off",
            ", ".join(f"{key}={value}" for key, value in member["properties"].items()),
        )
    Console().print(table)


def print_homes(statuses: list[dict[str, Any]]) -> None:
    """The homes that are up, a table each."""
    if not statuses:
        print("no home is up; start one with `joulebus up FILE`")
    for status in statuses:
        tick = "does not answer" if status["tick"] is None else f"tick {status['tick']:,}"
        title = f"{status['home']}: {tick}   {status.get('guest_url', '')}   {status.get('cause', '')}".rstrip()
        table = Table("part", "state", "pid", "since", "restarts", "ready", "tick", "", title=title, title_justify="left", show_edge=False)
        for name, part in sorted(status["parts"].items()):
            table.add_row(name, *_part_cells(part))
        Console().print(table)


def _part_cells(part: dict[str, Any]) -> tuple[str, ...]:
    ready = "" if "ready" not in part else "yes" if part["ready"] else "no"
    numbers = (part.get("restarts"), part.get("tick"))
    restarts, tick = ("" if number is None else f"{number:,}" for number in numbers)
    pid, since = str(part["pid"] or ""), part.get("since") or ""
    return part["state"], pid, since, restarts, ready, tick, part.get("cause") or ""
