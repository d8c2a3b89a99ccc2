"""Journals of version 0.1: their records are read in the words of today. The bytes, and so the chain of hashes, stay as they are."""

import json
from typing import Any

from joulebus.refusals.renamed import new_name

OLD_WORDS = (b'"rank":', b'"runs":')
"""What only records of version 0.1 hold: a property that was renamed, and the form of a series."""


def in_todays_words(text: bytes) -> bytes:
    """A record as this version writes it; looking for the old words costs microseconds, and nearly no record has any."""
    if not any(word in text for word in OLD_WORDS):
        return text
    record = json.loads(text)
    for member in record.get("members", {}).values():
        _rename(member["kind"], member["properties"])
    for change in record.get("changes", []):
        _rename("", change.get("properties") or {})
        if added := change.get("added"):
            _rename(added["kind"], added["properties"])
    for outcome in record.get("outcomes", {}).values():
        granted = outcome.get("granted") or {}
        if "runs" in granted:
            outcome["granted"] = {"form": "run_lengths", "run_lengths": granted["runs"]}
    return json.dumps(record, separators=(",", ":")).encode()


def _rename(kind: str, properties: dict[str, Any]) -> None:
    """A change names no kind: only a battery has a capacity."""
    kind = kind or ("battery" if "capacity_kwh" in properties else "")
    for old in [name for name in properties if (new := new_name(kind, name)) and new not in properties]:
        properties[str(new_name(kind, old))] = properties.pop(old)
