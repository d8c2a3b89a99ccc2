"""Journals of version 0.1: their records are read in the words of today. The bytes, and so the chain of hashes, stay as they are."""

import json
from collections.abc import Mapping
from typing import Any

from joulebus.refusals.renamed import new_name

OLD_WORDS = (b'"rank":', b'"runs":')
"""What only records of version 0.1 hold: a property that was renamed, and the form of a series."""
CAME_LATER: Mapping[str, tuple[str, str | int]] = {
    "cloud_cover_percent": ("climate", "by_latitude"),
    "tilt_degrees": ("model", "hay_davies"),
    "sandia": ("pvwatts_version", 5),
}
"""A property that every weather, panel or inverter has; one that came later, and how such a device was before."""
LATER_WORDS = tuple((f'"{mark}":'.encode(), f'"{name}":'.encode()) for mark, (name, _) in CAME_LATER.items())


def in_todays_words(text: bytes) -> bytes:
    """A record as this version writes it; looking for the old words costs microseconds, and nearly no record has any."""
    if not any(word in text for word in OLD_WORDS) and not any(mark in text and word not in text for mark, word in LATER_WORDS):
        return text
    record = json.loads(text)
    for member in record.get("members", {}).values():
        _translate(member["kind"], member["properties"])
    for change in record.get("changes", []):
        _translate("", change.get("properties") or {})
        if added := change.get("added"):
            _translate(added["kind"], added["properties"])
    for outcome in record.get("outcomes", {}).values():
        granted = outcome.get("granted") or {}
        if "runs" in granted:
            outcome["granted"] = {"form": "run_lengths", "run_lengths": granted["runs"]}
    return json.dumps(record, separators=(",", ":")).encode()


def _translate(kind: str, properties: dict[str, Any]) -> None:
    """A change names no kind: only a battery has a capacity."""
    kind = kind or ("battery" if "capacity_kwh" in properties else "")
    for old in [name for name in properties if (new := new_name(kind, name)) and new not in properties]:
        properties[str(new_name(kind, old))] = properties.pop(old)
    for mark, (name, before) in CAME_LATER.items():
        if mark in properties:
            properties.setdefault(name, before)
