"""Why a value was refused, said so that a person can mend it: what must hold, what was, what to write instead."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from unicodedata import combining, normalize

from pydantic import BaseModel, ValidationError

from joulebus.refusals.constraints import NAME_PATTERN, KeyPath, Schema, allowed_at, branches, expected, shown
from joulebus.refusals.renamed import new_name
from joulebus.refusals.units import quantity, unit_of

PROBLEMS_MAX = 20
"""Nobody reads more of one file or message at once."""
COUNTED_MAX = 10_000
WORD_LETTERS_MAX = 64
"""Longer words are not compared with known ones."""
NAME_LETTERS_MAX = 32


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    path: KeyPath
    text: str
    type: str = ""
    """What pydantic calls it, for programs: ``extra_forbidden``."""


def problems_of(error: ValidationError, model: type[BaseModel], values: Any, owner: str) -> list[Problem]:
    """All that a model refused of some values; the owner is what people call the thing: "oven"."""
    count = error.error_count()
    if count > COUNTED_MAX:  # Only to list them would take longer than anybody should wait for a refusal.
        return [Problem((), f"{count} values do not fit {with_article(owner)}")]
    found: dict[KeyPath, Problem] = {}
    for one in error.errors(include_url=False):
        path = _path(one, values)
        if path not in found:
            if len(found) == PROBLEMS_MAX:
                return [*found.values(), Problem((), f"{count} things are wrong; these are the first {PROBLEMS_MAX}")]
            found[path] = Problem(path, _text(one, path, model, owner), one["type"])
    return list(found.values())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody may have meant; a part of it, such as watts of power_watts, is nearly as good."""
    if len(word) > WORD_LETTERS_MAX:
        return None
    scored = [(max(_likeness(word, part) for part in _parts(one)), one) for one in sorted(known)]
    score, best = max(scored, default=(0.0, None), key=lambda pair: pair[0])
    return best if score >= 0.6 else None


def _parts(name: str) -> list[tuple[float, str]]:
    """A name, and its beginnings and endings with a smaller weight."""
    words = name.split("_")
    cuts = range(1, len(words))
    return [(1.0, name), *((0.9, part) for cut in cuts for part in ("_".join(words[:cut]), "_".join(words[cut:])))]


def _likeness(word: str, part: tuple[float, str]) -> float:
    weight, text = part
    return weight * SequenceMatcher(None, word, text).ratio()


def guess(word: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a sentence about a word that nobody knows."""
    names = sorted(known)
    near = nearest(word, names)
    return f'did you mean "{near}"?' if near else f"{otherwise} {', '.join(names) or 'none'}"


def name_hint(text: str) -> str:
    """The name that somebody may have meant: "My House" is my_house, "Café" is cafe."""
    plain = "".join(letter for letter in normalize("NFKD", text[:WORD_LETTERS_MAX]) if not combining(letter))
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_").lstrip("_0123456789")[:NAME_LETTERS_MAX]
    return f"; write {name}" if name else ""


def with_article(word: str) -> str:
    """An oven, a battery."""
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def _path(error: Mapping[str, Any], values: Any) -> KeyPath:
    """The place in the values: what pydantic adds about branches of unions is left out."""
    path: list[str | int] = []
    for part in error["loc"]:
        if isinstance(values, dict) and part in values or isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
            path.append(part)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    return tuple(part if isinstance(part, int) or len(part) <= WORD_LETTERS_MAX else f"{part[:WORD_LETTERS_MAX]}..." for part in path)


def _text(error: Mapping[str, Any], path: KeyPath, model: type[BaseModel], owner: str) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        known = allowed_at(model, path[:-1]).get("properties", {})
        whose = f"of {with_article(owner)}" if len(path) == 1 else f"in {path[-2] if isinstance(path[-2], str) else path[-3]}"
        now = new_name(owner, str(path[-1]))
        hint = f"{path[-1]} is called {now} now" if now in known else guess(str(path[-1]), known, "known properties:")
        return f"unknown property {whose}; {hint}"
    if kind in ("value_error", "assertion_error"):
        return str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    node, name = allowed_at(model, path), next((part for part in reversed(path) if isinstance(part, str)), "")
    wanted = expected(node, unit_of(name))
    if kind == "missing":
        return f"must be given: {wanted}"
    return f"must be {wanted or error['msg']}, but is {shown(error['input'])}{_hint(error['input'], node, unit_of(name))}"


def _hint(value: Any, node: Schema, unit: str) -> str:
    """What to write instead, when that can be said."""
    kinds = {one.get("type") for one in branches(node)}
    number = quantity(value, unit) if isinstance(value, str) and kinds & {"integer", "number"} else None
    if isinstance(number, int) or number is not None and "number" in kinds:
        return f"; write {number}"
    if isinstance(value, float) and "integer" in kinds and value.is_integer():
        return f"; write {int(value)}"
    if isinstance(value, str) and "boolean" in kinds and value.lower() in _YES_AND_NO:
        return f"; write {shown(_YES_AND_NO[value.lower()])}"
    if isinstance(value, str) and any(one.get("pattern") == NAME_PATTERN for one in branches(node)):
        return name_hint(value)
    items = [one.get("items", {}) for one in branches(node) if one.get("type") == "array"]
    if isinstance(value, str) and any(item.get("type") == "string" for item in items):
        return f"; write [{shown(value)}]"
    choices = [str(word) for one in branches(node) for word in (one.get("enum") or [one.get("const")]) if word is not None]
    near = nearest(value, choices) if isinstance(value, str) else None
    return f'; did you mean "{near}"?' if near else ""


_YES_AND_NO = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
