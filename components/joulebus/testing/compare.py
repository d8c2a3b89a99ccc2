"""What a catalogue must not do to those who speak an older minor version of it.

Events and replies are read by older and newer components alike: between minor versions they may only get optional fields. What is
asked is read by us alone: it may also become wider (another value, a larger limit, a field that need not be given any more).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from joulebus_schemas.versions import line

MEND = "give the changed message an address of its own (major=2 in its Event or Call) and leave this one as it is"
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("type", "const", "pattern", "format", "multipleOf", "propertyNames", "uniqueItems")
SCHEMA_LIMITS = {**dict.fromkeys(LOWER, "at least"), **dict.fromkeys(UPPER, "at most")}


@dataclass(frozen=True)
class Reader:
    """Compares two schemas, each in its own document."""

    before: dict[str, Any]
    after: dict[str, Any]
    only_we_read: bool
    """Comparison of requests: they may become wider."""

    def changes(self, path: str, old: Any, new: Any) -> Iterator[str]:
        """What breaks, as sentences without their end."""
        old, new = _resolved(self.before, old), _resolved(self.after, new)
        if not old or not new or True in (old, new):  # Anything, as far as JSON goes.
            if (old or True) != (new or True):
                yield f"{path} was {_shown(old)} and is {_shown(new)}"
            return
        yield from self._values(path, old, new)
        yield from self._limits(path, old, new)
        yield from self._fields(path, old, new)
        yield from self._members(path, old, new)
        yield from self._items(path, old, new)
        if "additionalProperties" in old and not isinstance(old["additionalProperties"], bool):
            yield from self.changes(f"{path}.*", old["additionalProperties"], new.get("additionalProperties", True))

    def _values(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        for key in EXACT:
            if old.get(key) != new.get(key) and not (key in ("const", "type") and self._is_wider_enum(old, new)):
                yield f"{path} had {key} {_shown(old.get(key))} and has {_shown(new.get(key))}"
        if "enum" in old and "enum" in new:
            gone = [one for one in old["enum"] if one not in new["enum"]]
            more = [one for one in new["enum"] if one not in old["enum"]]
            if gone:
                yield f"{path} may not be {_shown(gone)} any more"
            if more and not self.only_we_read:
                yield f"{path} may also be {_shown(more)}, which an older reader does not know"
        if "default" in old and "default" in new and old["default"] != new["default"]:
            yield f"{path}, when it is left out, meant {_shown(old['default'])} and means {_shown(new['default'])}"

    def _is_wider_enum(self, old: dict[str, Any], new: dict[str, Any]) -> bool:
        return self.only_we_read and "const" in old and old["const"] in new.get("enum", [])

    def _limits(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        for key, text in SCHEMA_LIMITS.items():
            was, now = old.get(key), new.get(key)
            if was == now:
                continue
            narrower = now is not None and (was is None or (now > was if key in LOWER else now < was))
            if narrower or not self.only_we_read:
                yield f"{path} was {text} {_shown(was)} and is {text} {_shown(now)} ({key})"

    def _fields(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        must, must_now = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(was):
            if name not in now:
                yield f"{path}.{name} is gone"
                continue
            if name in must_now - must:
                yield f"{path}.{name} could be left out and cannot any more"
            if name in must - must_now and not self.only_we_read:
                yield f"{path}.{name} was always there and can be left out"
            yield from self.changes(f"{path}.{name}", was[name], now[name])
        for name in sorted(set(now) - set(was)):
            if name in must_now:
                yield f"{path}.{name} is new and cannot be left out"

    def _members(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        was, now = self._union(self.before, old), self._union(self.after, new)
        for key in was:
            if key not in now:
                yield f"{path} may not be {key} any more"
            else:
                yield from self.changes(f"{path}|{key}" if len(was) > 1 else path, was[key], now[key])
        for key in now:
            if key not in was and was and not self.only_we_read:
                yield f"{path} may also be {key}, which an older reader does not know"

    def _union(self, document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
        """The members of a union by what tells them apart."""
        members = [_resolved(document, one) for key in ("oneOf", "anyOf", "allOf") for one in schema.get(key, [])]
        return {_key(member): member for member in members}

    def _items(self, path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        was, now = old.get("items"), new.get("items")
        if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
            for number, (one, other) in enumerate(zip(was, now, strict=True)):
                yield from self.changes(f"{path}[{number}]", one, other)
        elif isinstance(was, list) != isinstance(now, list) or (isinstance(was, list) and isinstance(now, list)):
            yield f"{path} is another kind of list"
        elif was is not None:
            yield from self.changes(f"{path}[]", was, now)


def breaking(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a document does to those who speak the other, one sentence each.

    A new line of versions may do anything: a major version, before 1.0 also a minor one.
    """
    released = before["info"]["version"]
    if line(after["info"]["version"]) != line(released):
        return []
    return [f"{one}; who speaks {released} would be misunderstood: {MEND}" for one in _differences(before, after)]


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, old in before["channels"].items():
        new = after["channels"].get(name)
        address = old["address"] or f"the answer of {before['channels'][name.removesuffix('_reply')]['address']}"
        if new is None or new["address"] != old["address"]:
            yield f"{address} is gone"
            continue
        reader = Reader(before, after, old["x-wamp"]["kind"] == "procedure")
        was, now = _payloads(before, old), _payloads(after, new)
        if len(was) == len(now) == 1:
            now = dict(zip(was, now.values(), strict=True))  # The name of a word does not travel.
        for word in was:
            if word not in now:
                yield f"{address} has no {word} any more"
            else:
                yield from (f"{address}: {one}" for one in reader.changes(word, was[word], now[word]))


def _payloads(document: dict[str, Any], channel: dict[str, Any]) -> dict[str, Any]:
    return {name: _resolved(document, message)["payload"] for name, message in channel["messages"].items()}


def _resolved(document: dict[str, Any], schema: Any) -> Any:
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _key(member: dict[str, Any]) -> str:
    constants = [str(part["const"]) for part in member.get("properties", {}).values() if "const" in part]
    if constants:
        return constants[0]
    return str(member.get("const", member.get("enum", member.get("type", "anything"))))


def _shown(value: Any) -> str:
    return "nothing" if value is None else "anything" if value is True or value == {} else str(value)
